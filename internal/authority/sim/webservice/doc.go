// Package webservice is the server's side of SOAP 1.1 for the six methods of the
// filing interface: it describes them (WSDL 1.1), reads calls and writes answers,
// all as a profile says.
//
// It promises that a client made from the description is understood, that a call
// which is not as described is refused with a fault that says what is wrong, and
// that no bytes from outside make it panic, expand entities or nest without end.
//
// The specification prints neither namespace nor style of the real service; see
// [wire.V30] for how those of the profile were chosen. Start at [ReadCall].
package webservice
