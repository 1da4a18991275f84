//go:build race

package authority_test

// checks is how many ways the model is taken: with the race detector each costs
// some seconds.
const checks = 12
