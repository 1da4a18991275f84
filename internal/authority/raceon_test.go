//go:build race

package authority_test

// checks is how many ways the model is taken: with the race detector each costs
// some seconds. everyPair is which part of the pairs of faults is tried.
const (
	checks    = 12
	everyPair = 8
)
