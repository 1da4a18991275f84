// Package sim is a provincial authority (省通信管理局) to develop and test
// against: an http.Handler that speaks the provider-side filing interface with
// a state of its own. It checks accounts, sequence numbers, envelopes,
// structure and records; it plays the SMS check (短信核验) and the review; it
// issues licence numbers and delivers results until they are acknowledged.
//
// It has bad manners on request: replies get lost, files come twice, hashes are
// wrong (see [Fault]), either by order or at random with a seed. Under /sim/ is
// a page for people and under /sim/api/ and /sim/faults are knobs for tests.
//
// It promises nothing about the live system where the specification is silent,
// and it must not be reachable by strangers: its page has no sign-in.
//
// Each operation of the upload document is one row in the operations table and
// one file beside addwebsite.go. Start at [New].
package sim
