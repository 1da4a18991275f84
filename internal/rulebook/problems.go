package rulebook

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/openbeian/beian/internal/icp"
)

// Problem is one fault of a pack, for whoever mends it.
type Problem struct {
	// File is the path below the folder; empty when no file is at fault.
	File string
	// Line is 0 when the whole file is at fault.
	Line    int
	Message string
}

// String gives the problem in the form of compilers: file:line: message.
func (p Problem) String() string {
	switch {
	case p.File == "":
		return p.Message
	case p.Line == 0:
		return p.File + ": " + p.Message
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message)
}

// Problems is all faults of the packs of a folder, as one error.
type Problems []Problem

// Error gives one problem a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}

// refusal is the problems of what a kind of publication brought.
func (p Problems) refusal(kind string) error {
	e := icp.E(icp.Invalid, "rules.folder_broken")
	if kind == KindReference {
		e = icp.E(icp.Invalid, "rules.reference_broken")
	}
	e = e.With("count", strconv.Itoa(len(p)))
	for _, one := range p {
		e.Fields = append(e.Fields, icp.FieldError{Pointer: "/" + one.File + "/" + strconv.Itoa(one.Line), Code: "rules.file_fault",
			Params: map[string]string{"fault": one.String()}})
	}
	return e.Because(p)
}

var located = regexp.MustCompile(`^(\S+\.ya?ml):(\d{1,9}): ((?s:.*))$`)

// problemsOf takes apart what package rules found wrong; nil for no error.
func problemsOf(err error) Problems {
	if err == nil {
		return nil
	}
	var many interface{ Unwrap() []error }
	if errors.As(err, &many) {
		var out Problems
		for _, one := range many.Unwrap() {
			out = append(out, problemsOf(one)...)
		}
		return out
	}
	if m := located.FindStringSubmatch(err.Error()); m != nil {
		line, _ := strconv.Atoi(m[2]) // digits by the form
		return Problems{{File: m[1], Line: line, Message: m[3]}}
	}
	return Problems{{Message: err.Error()}}
}

// sorted puts problems in the order in which people mend them.
func (p Problems) sorted() Problems {
	slices.SortStableFunc(p, func(a, b Problem) int {
		if a.File != b.File {
			return strings.Compare(a.File, b.File)
		}
		return a.Line - b.Line
	})
	return p
}

// Refusal is the problems of a folder as a refusal that names every one.
func (p Problems) Refusal() error { return p.refusal(KindOperator) }
