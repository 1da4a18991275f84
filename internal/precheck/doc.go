// Package precheck has the pre-check (预检): what anybody may ask before having
// an account or buying anything. From a domain, the kind of organiser, the
// province and what else a visitor tells, it works out whether and as what a
// website can be filed, what would fail, which papers are needed and how long
// it takes.
//
// It judges by what orders are judged by: the domain checker, the table of
// filing types, the rules in force, the list of needed materials. What was not
// told is no fault; a rule that needs it is named as one that may still matter.
//
// It promises that nothing personal is kept: certificate numbers and the site
// names of natural persons are judged and forgotten, and so is all that a
// finding would repeat of them. Nothing outside is asked inside a transaction,
// and what does not answer in time is unknown, which never stops anybody. Start
// at [Prechecks.Run].
package precheck
