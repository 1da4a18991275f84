//go:build !race

package wire

// raceDetector says whether the tests run under it.
const raceDetector = false
