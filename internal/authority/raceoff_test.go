//go:build !race

package authority_test

// checks is how many ways the model is taken: each costs a third of a second.
// everyPair is which part of the pairs of faults is tried.
const (
	checks    = 100
	everyPair = 1
)
