package rules

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/openbeian/beian/internal/refdata"
)

// fact is what the source of a pack states.
type fact struct {
	factFile
	line int
}

// FactInfo is what the source of a pack states, and what the pack makes of it.
type FactInfo struct {
	Pack  string       `json:"pack"`
	Scope string       `json:"scope"`
	AsOf  string       `json:"as_of,omitempty"`
	Cell  string       `json:"cell"` // one of [Cells]
	Fact  refdata.Text `json:"fact"`
	// Rules judge the fact; LeftOut is why none does. Both are empty where the
	// fact is the authority's time.
	Rules   []string     `json:"rules,omitempty"`
	LeftOut refdata.Text `json:"left_out,omitzero"`
}

// Cells lists the subjects under which packs state facts.
func Cells() []string { return append([]string(nil), cells...) }

// Facts lists what the sources of the packs state, in their order.
func (s *Set) Facts() []FactInfo {
	var out []FactInfo
	for _, p := range s.packs {
		for _, f := range p.facts {
			out = append(out, FactInfo{Pack: p.id, Scope: p.scope, AsOf: p.asOf, Cell: f.Cell, Fact: f.Fact, Rules: f.Rules, LeftOut: f.LeftOut})
		}
	}
	return out
}

// Coverage counts the facts of one cell of a pack.
type Coverage struct {
	Pack  string `json:"pack"`
	Scope string `json:"scope"`
	Cell  string `json:"cell"`
	// Covered facts have a rule (or tell the authority's time), LeftOut facts
	// deliberately none.
	Covered int `json:"covered"`
	LeftOut int `json:"left_out"`
}

// Coverage counts, for each pack and each cell that it states facts in, the
// facts that it has rules for and those that it leaves out.
func (s *Set) Coverage() []Coverage {
	var out []Coverage
	for _, p := range s.packs {
		for _, cell := range cells {
			c := Coverage{Pack: p.id, Scope: p.scope, Cell: cell}
			for _, f := range p.facts {
				switch {
				case f.Cell != cell:
				case f.LeftOut.ZH != "":
					c.LeftOut++
				default:
					c.Covered++
				}
			}
			if c.Covered+c.LeftOut > 0 {
				out = append(out, c)
			}
		}
	}
	return out
}

// check holds a fact against what every fact must have.
func (f *fact) check(p *pack) error {
	ways := 0
	for _, has := range []bool{len(f.Rules) > 0, f.LeftOut.ZH != "", f.AuthorityDays} {
		if has {
			ways++
		}
	}
	switch {
	case !slices.Contains(cells, f.Cell):
		return of("cell", fmt.Errorf("cell %q is none of %s", f.Cell, strings.Join(cells, ", ")))
	case f.Fact.ZH == "":
		return errors.New("a fact wants a text: fact is missing")
	case ways != 1:
		return errors.New("a fact has one of rules, left_out (the reason) and authority_days")
	case f.AuthorityDays && p.days.Most == 0:
		return of("authority_days", errors.New("the head of the pack has no authority_days"))
	}
	return nil
}

// facts ties facts to rules: each rule that a fact names must be there, and in
// a pack with facts each rule must be named by one.
func (l *loader) facts() {
	for _, p := range l.packs {
		if len(p.facts) == 0 {
			continue
		}
		named := map[string]bool{}
		for _, f := range p.facts {
			for _, id := range f.Rules {
				named[id] = true
				if l.seen[id] == nil {
					l.fault(p.file, f.line, fmt.Errorf("the fact names the rule %s, which there is none of", id))
				}
			}
		}
		for _, r := range l.rules {
			if r.pack == p && !named[r.id] {
				l.fault(p.file, r.line, fmt.Errorf("no fact of the pack names the rule %s", r.id))
			}
		}
	}
}

// Change is a rule that two sets do not have alike.
type Change struct {
	ID string
	// Before and After are nil where the set has no such rule.
	Before, After *RuleInfo
	// What names the parts that differ, as in the JSON of [RuleInfo]; "text" for
	// an operator's own texts. It is empty for rules added and removed.
	What []string
}

// Diff lists the rules that were added, removed or changed since old, in the
// order of s, the removed ones last. The edition of a pack does not count.
func (s *Set) Diff(old *Set) []Change {
	var out []Change
	for _, r := range s.rules {
		now := r.info()
		was, ok := old.byID[r.id]
		if !ok {
			out = append(out, Change{ID: r.id, After: &now})
			continue
		}
		before := was.info()
		if what := differences(was, r, before, now); len(what) > 0 {
			out = append(out, Change{ID: r.id, Before: &before, After: &now, What: what})
		}
	}
	for _, r := range old.rules {
		if s.byID[r.id] == nil {
			before := r.info()
			out = append(out, Change{ID: r.id, Before: &before})
		}
	}
	return out
}

func differences(a, b *rule, x, y RuleInfo) (out []string) {
	t, v, w := reflect.TypeFor[RuleInfo](), reflect.ValueOf(x), reflect.ValueOf(y)
	for i := range t.NumField() {
		name := jsonName(t.Field(i))
		if name != "edition" && !reflect.DeepEqual(v.Field(i).Interface(), w.Field(i).Interface()) {
			out = append(out, name)
		}
	}
	if a.text != b.text || a.about != b.about {
		out = append(out, "text")
	}
	return out
}
