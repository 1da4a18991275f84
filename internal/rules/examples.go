package rules

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
)

// baseCases are a unit's and an individual's case without faults, which
// examples change.
//
//go:embed basecases.yaml
var baseCases []byte

// exampleAt is the day of examples that name none.
const exampleAt = "2026-06-15"

// Names of the base cases.
const (
	baseUnit       = "unit"
	baseIndividual = "individual"
)

// example is a case to try a rule on.
type example struct {
	Case
	at time.Time
}

// CheckExamples tries every rule on its examples and gives one error for each
// that does not hold: a rule without an example of either sort, a passing case
// that the rule finds fault with, a failing one that it does not, and a rule
// that judges none of its passing cases; what an operator overrides must hold
// the rule's own examples or those of the override. Rules that always find fault
// need no passing case, and rules that are judged elsewhere none at all. Each rule is
// tried alone, on the base case of this package changed by the example (see
// README.md).
func (s *Set) CheckExamples() error {
	bases, err := readBases()
	if err != nil {
		return err
	}
	var faults []error
	for _, r := range s.rules {
		// The rows of a list that the operator keeps are his: what the product's
		// own have need not be there.
		if r.judge != nil && (r.list == "" || s.tables.IsProducts(r.list)) {
			faults = append(faults, s.checkExamples(r, bases)...)
		}
	}
	return errors.Join(faults...)
}

func (s *Set) checkExamples(r *rule, bases map[string]any) (faults []error) {
	tell := func(line int, err error) { faults = append(faults, r.exampleFault(line, err)) }
	if len(r.examples.Pass) == 0 && !r.always || len(r.examples.Fail) == 0 {
		tell(0, fmt.Errorf("rule %s wants a passing and a failing example", r.id))
	}
	s.checkPassing(r, bases, tell)
	for i := range r.examples.Fail {
		n := &r.examples.Fail[i]
		found, _ := s.tell(r, bases, n, tell)
		failed := slices.IndexFunc(found, func(o Outcome) bool { return o.State == Failed })
		if failed < 0 {
			tell(n.Line, fmt.Errorf("rule %s finds no fault with a failing example", r.id))
		} else if left := unfilled(r.text, found[failed].params()); left != "" {
			tell(n.Line, fmt.Errorf("rule %s leaves %s of its text empty", r.id, left))
		}
	}
	return faults
}

// exampleFault is a fault of an example, or of having none (line 0). Where an
// operator changes a rule of which the own examples then do not hold, it is at
// the change.
func (r *rule) exampleFault(line int, err error) error {
	switch {
	case r.override != nil && (line == 0 || r.examplesIn != r.override.file):
		if line > 0 {
			err = fmt.Errorf("%w (%s:%d): give the override examples of its own", err, r.examplesIn, line)
		}
		return &fault{file: r.override.file, line: r.override.line, err: err}
	case line == 0:
		line = r.line
	}
	return &fault{file: r.examplesIn, line: line, err: err}
}

// checkPassing tries the passing examples.
func (s *Set) checkPassing(r *rule, bases map[string]any, tell func(line int, err error)) {
	judged := len(r.examples.Pass) == 0 || r.always
	for i := range r.examples.Pass {
		n := &r.examples.Pass[i]
		found, applies := s.tell(r, bases, n, tell)
		judged = judged || applies && len(found) == 0 // no such place in the case
		for _, o := range found {
			if o.State == Failed {
				tell(n.Line, fmt.Errorf("rule %s finds fault with a passing example at %s", r.id, o.Pointer))
			}
			judged = judged || o.State == Passed
		}
	}
	if !judged {
		tell(0, fmt.Errorf("rule %s judges none of its passing examples", r.id))
	}
}

// params are the variables that an outcome tells.
func (o *Outcome) params() map[string]string {
	switch {
	case o.Finding != nil:
		return o.Finding.Params
	case o.Ask != nil:
		return o.Ask.Params
	}
	return nil
}

// tell tries a rule on an example and tells what is wrong with the example.
func (s *Set) tell(r *rule, bases map[string]any, n *yaml.Node, tell func(line int, err error)) (found []Outcome, applies bool) {
	e, err := s.example(r, bases, n)
	if err != nil {
		tell(n.Line, fmt.Errorf("example of rule %s: %w", r.id, err))
		return nil, false
	}
	return s.try(r, &e)
}

// try runs one rule on one example and tells whether it applies to it.
func (s *Set) try(r *rule, e *example) (found []Outcome, applies bool) {
	m := s.matter(&e.Case, e.at)
	defer s.free(m)
	if !r.applies.province(m.two) || !r.holds(m) {
		return nil, false
	}
	t := tally{m: m, all: true}
	r.run(&t)
	return t.outcomes, true
}

// example makes the case: the base, in the rule's own province and, where the
// rule is for them only, of an individual; then the example's changes.
func (s *Set) example(r *rule, bases map[string]any, n *yaml.Node) (example, error) {
	var patch map[string]any
	if err := n.Decode(&patch); err != nil {
		return example{}, err
	}
	base := baseUnit
	if !r.applies.nature(icp.NatureEnterprise) && r.applies.nature(icp.NatureIndividual) {
		base = baseIndividual
	}
	at, err := take(patch, "at", exampleAt)
	if err != nil {
		return example{}, err
	}
	if base, err = take(patch, "base", base); err != nil {
		return example{}, err
	}
	kind, err := take(patch, "type", string(icp.AddWebsite))
	if err != nil {
		return example{}, err
	}
	facts, err := takeFacts(patch)
	if err != nil {
		return example{}, err
	}
	data, ok := bases[base]
	if !ok {
		return example{}, fmt.Errorf("there is no base case %q", base)
	}
	if len(r.applies.provinces) > 0 {
		data = merge(data, map[string]any{"subject": map[string]any{"region": s.someCounty(r.applies.provinces[0])}})
	}
	data = merge(data, patch)
	o := &icp.Order{Type: icp.OrderType(kind)}
	text, err := json.Marshal(data)
	if err != nil {
		return example{}, err
	}
	read := json.NewDecoder(bytes.NewReader(text))
	read.DisallowUnknownFields()
	if err := read.Decode(&o.Data); err != nil {
		return example{}, err
	}
	s.renumber(&o.Data)
	day, err := time.ParseInLocation(time.DateOnly, at, clock.Shanghai)
	return example{Case: Case{Order: o, Facts: facts}, at: day.Add(10 * time.Hour)}, err
}

// renumber brings the numbers of contents, which examples write as the product
// counts them, to those of the tables in force.
func (s *Set) renumber(d *icp.OrderData) {
	for i := range d.Websites {
		w := &d.Websites[i]
		w.ServiceContent = s.tables.ServiceContentID(w.ServiceContent)
		for j := range w.PreApprovals {
			w.PreApprovals[j].Type = s.tables.PreApprovalID(w.PreApprovals[j].Type)
		}
	}
}

// take removes a word from a patch.
func take(patch map[string]any, name, otherwise string) (string, error) {
	v, ok := patch[name]
	if !ok {
		return otherwise, nil
	}
	delete(patch, name)
	switch v := v.(type) {
	case string:
		return v, nil
	case time.Time:
		return v.Format(time.DateOnly), nil
	}
	return "", fmt.Errorf("%s is no word", name)
}

// someCounty is the first place of filing in a province by its first digits.
func (s *Set) someCounty(two string) string {
	for _, city := range s.tables.Children(two + "0000") {
		for _, county := range s.tables.Children(city.Code) {
			return county.Code
		}
	}
	return two + "0000"
}

// readBases gives the base cases, which nobody changes.
var readBases = sync.OnceValues(func() (bases map[string]any, err error) {
	if err := yaml.Unmarshal(baseCases, &bases); err != nil {
		return nil, fmt.Errorf("read base cases: %w", err)
	}
	return bases, nil
})

// merge changes base by a JSON merge patch (RFC 7386), except that objects of a
// list are each merged onto the base's first: an example of two websites names
// only what differs from the usual one. Base is left as it is.
func merge(base, patch any) any {
	switch p := patch.(type) {
	case map[string]any:
		old, _ := base.(map[string]any)
		out := maps.Clone(old)
		if out == nil {
			out = map[string]any{}
		}
		for k, v := range p {
			if v == nil {
				delete(out, k)
				continue
			}
			out[k] = merge(out[k], v)
		}
		return out
	case []any:
		var first any
		if old, ok := base.([]any); ok && len(old) > 0 {
			first = old[0]
		}
		out := slices.Clone(p)
		for i, v := range p {
			if _, ok := v.(map[string]any); ok {
				out[i] = merge(first, v)
			}
		}
		return out
	}
	return patch
}
