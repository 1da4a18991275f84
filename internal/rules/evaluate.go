package rules

import (
	"maps"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
)

// matter is what a predicate looks at: the case, and the website or person of
// the field. It lives for one evaluation.
type matter struct {
	order *icp.Order
	data  *icp.OrderData
	at    time.Time // in China's time zone
	// two is the first two digits of the region; "" when not told.
	two       string
	persons   []person
	person    *person
	site      *icp.Website
	siteIndex int
	value     string // the field's text

	foldedOf, folded string // the last text that was folded
	ownName          string // the subject's name, folded; set when first asked for
}

// text gives the field's text, folded.
func (m *matter) text() string {
	if m.foldedOf != m.value {
		m.foldedOf, m.folded = m.value, fold(m.value)
	}
	return m.folded
}

// subjectName gives the subject's name, folded.
func (m *matter) subjectName() string {
	if m.ownName == "" {
		m.ownName = fold(m.data.Subject.Name)
	}
	return m.ownName
}

// verdict is what a predicate found. The zero value: nothing.
type verdict struct {
	bad     bool
	params  map[string]string
	retryAt time.Time
}

// judge looks for a fault in a matter.
type judge func(m *matter) verdict

var good = verdict{}

// bad is a fault with one variable for the message; "" for none.
func bad(name, value string) verdict {
	if name == "" {
		return verdict{bad: true}
	}
	return verdict{bad: true, params: map[string]string{name: value}}
}

// Evaluate gives the findings of all rules that apply to the case at the
// instant, in the order of the packs. It does no input or output and does not
// change the order.
func (s *Set) Evaluate(o *icp.Order, at time.Time) []icp.Finding {
	m := newMatter(o, at)
	day := m.at.Format(time.DateOnly)
	rules, ok := s.byProvince[m.two]
	if !ok {
		rules = s.byProvince[""]
	}
	var found []icp.Finding
	for _, r := range rules {
		if r.holds(&m, day) && !r.replaced(&m, day) {
			found = r.run(&m, found)
		}
	}
	return found
}

func newMatter(o *icp.Order, at time.Time) matter {
	m := matter{order: o, data: &o.Data, at: at.In(clock.Shanghai), persons: persons(&o.Data)}
	if len(o.Data.Subject.Region) >= 2 {
		m.two = o.Data.Subject.Region[:2]
	}
	return m
}

// holds reports whether a rule is in force for an order on a day.
func (r *rule) holds(m *matter, day string) bool {
	v := &r.pack.valid
	return (v.From == "" || v.From <= day) && (v.To == "" || day <= v.To) && r.applies.order(m.order)
}

// replaced reports whether a rule of the province stands for this one.
func (r *rule) replaced(m *matter, day string) bool {
	for _, by := range r.replacers {
		if by.applies.province(m.two) && by.holds(m, day) {
			return true
		}
	}
	return false
}

// run looks at every place of the rule's field.
func (r *rule) run(m *matter, found []icp.Finding) []icp.Finding {
	switch r.field.reach {
	case once:
		m.site, m.person = nil, nil
		return r.look(m, found)
	case perSite:
		for i := range m.data.Websites {
			m.site, m.siteIndex, m.person = &m.data.Websites[i], i, nil
			if r.applies.website(m.site) {
				found = r.look(m, found)
			}
		}
	case perPerson:
		for i := range m.persons {
			p := &m.persons[i]
			if r.field.whose == anybody || (r.field.whose == sites) == (p.site != nil) {
				m.person, m.site, m.siteIndex = p, p.site, p.siteIndex
				found = r.look(m, found)
			}
		}
	}
	return found
}

// look judges one place.
func (r *rule) look(m *matter, found []icp.Finding) []icp.Finding {
	m.value = ""
	if r.field.text != nil {
		m.value = r.field.text(m)
	}
	if m.value == "" && !r.onEmpty {
		return found
	}
	v := r.judge(m)
	if !v.bad {
		return found
	}
	f := icp.Finding{Pointer: r.field.pointer(m), Severity: r.severity, Rule: r.id, Code: r.message, RetryAt: v.retryAt}
	if len(r.params)+len(v.params) > 0 {
		f.Params = make(map[string]string, len(r.params)+len(v.params))
		maps.Copy(f.Params, r.params)
		maps.Copy(f.Params, v.params)
	}
	return append(found, f)
}
