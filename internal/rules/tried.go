package rules

import (
	"time"

	"gopkg.in/yaml.v3"
)

// Tried is an example of a rule with what the rule says of it, for people who
// want to see the rule at work.
type Tried struct {
	Passes bool
	// JSON is what the example changes of the base case, as JSON text.
	JSON string
	// Case is the whole case, judged at an instant of its day.
	Case Case
	At   time.Time
	// Outcomes are what the rule says; none where it is for other cases.
	Outcomes []Outcome
}

// TryExamples judges the examples of a rule, those that pass first. There are
// none of a rule that is judged elsewhere; one that cannot be read, which
// CheckExamples tells of, is left out.
func (s *Set) TryExamples(id string) []Tried {
	r := s.byID[id]
	if r == nil || r.judge == nil {
		return nil
	}
	bases, err := readBases()
	if err != nil {
		return nil // a fault of the build, which the tests rule out
	}
	var out []Tried
	for _, side := range []struct {
		passes bool
		nodes  []yaml.Node
		texts  []string
	}{{true, r.examples.Pass, r.told.Pass}, {false, r.examples.Fail, r.told.Fail}} {
		for i := range side.nodes {
			e, err := s.example(r, bases, &side.nodes[i])
			if err != nil {
				continue
			}
			found, _ := s.try(r, &e)
			out = append(out, Tried{Passes: side.passes, JSON: side.texts[i], Case: e.Case, At: e.at, Outcomes: found})
		}
	}
	return out
}
