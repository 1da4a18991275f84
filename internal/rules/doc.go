// Package rules judges what the answers of a case mean together: whether names,
// persons, phones, domains and approvals will pass the provider's review and
// the provincial bureau (通信管理局). Presence, length and form of single answers
// are the business of package form; a rule skips what is empty.
//
// Rules are data: packs under packs/, one YAML file for the nation's rules on a
// subject and one per province, each with edition, days of validity and source.
// A rule names a Go predicate, which describes a fault (contains_word,
// mobile_shared), its parameters, the field that the fault is shown at, the
// message, and to which cases it applies. A rule may replace others in the cases
// that it applies to itself, as a province does with a rule of the nation. Beside each rule stand example cases, some that pass and
// some that fail; [Set.CheckExamples] runs them, so an operator can prove a pack
// of its own. What is wrong in a pack stops loading, with file and line.
//
// Start at [Builtin] and [Set.Evaluate]; README.md says how to write a pack.
package rules
