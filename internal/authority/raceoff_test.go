//go:build !race

package authority_test

// checks is how many ways the model is taken: each costs a third of a second.
const checks = 100
