// Package soap calls the six methods of the filing interface (企业侧备案接口) over
// SOAP 1.1: it writes the envelope by hand, because the specification leaves
// namespace and part names open, and reads the answer leniently.
//
// It promises to tell three outcomes apart: a reply (whatever its code), an
// error after which the authority cannot have acted (icp.ErrUnavailable and no
// [ReplyLostError]), and a [ReplyLostError], after which nobody knows. It never
// sends a call twice.
//
// Start at [Client].
package soap
