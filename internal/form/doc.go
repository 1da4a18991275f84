// Package form has the questions of a filing as data: steps, sections and
// fields per order type and nature, with what each needs ([Describe]); the
// checks of the answers against that same table ([Check]); the materials a
// case needs and why ([Needs]); and the applicant's task list ([Tasks]).
//
// Every client renders the description and the server checks against the table
// it is made from, so a rule about a field is written once. It promises to do
// no input or output. Start at fields.go.
package form
