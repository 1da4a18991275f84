// Package domaincheck says whether a domain can be filed (域名检测): what the
// registry knows of its registration, whether the authority or another order
// has it already, and whether a site answers on it before it may.
//
// Start at [Normalize], which turns what people paste into a registrable name,
// and at [Checker.Check], which runs every check at once. Registration facts
// come from a [Source] (packages rdap and whois) through a [Cache] and always
// carry their age.
//
// What the package promises: a fault of the world outside (time-out, garbage,
// refusal) makes a check Unknown, never Failed and never Passed; Unknown never
// blocks an applicant and never disappears either: [Result.ForReviewer] lists
// it. Old facts, used while a registry is down, cannot block anybody.
package domaincheck
