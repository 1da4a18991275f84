//go:build !race

package authority_test

// checks is how many ways the model is taken: each costs a third of a second.
// everyPair is which part of the pairs of faults is tried: a pair costs some 40
// milliseconds. make check-model takes four times as much of both.
const (
	checks    = 25
	everyPair = 4
)
