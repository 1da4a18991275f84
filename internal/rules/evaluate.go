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
	facts *Facts
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

// state is what came of judging one place. The zero value: no fault.
type state int8

const (
	fine    state = iota
	faulty        // there is the fault
	unknown       // the answer or fact that it needs is missing
)

// verdict is what a predicate found.
type verdict struct {
	state  state
	detail *detail // of a fault; may be nil
}

// detail is what a fault tells beside itself.
type detail struct {
	vars    [2]variable
	retryAt time.Time
}

// variable is one of a message.
type variable struct{ name, value string }

// judge looks for a fault in a matter.
type judge func(m *matter) verdict

var (
	good     = verdict{}
	wrong    = verdict{state: faulty}
	unjudged = verdict{state: unknown}
)

// bad is a fault with one variable for the message.
func bad(name, value string) verdict {
	return verdict{state: faulty, detail: &detail{vars: [2]variable{{name, value}}}}
}

// badIf is a fault where there is one.
func badIf(is bool) verdict {
	if is {
		return wrong
	}
	return good
}

// told judges a fact by whether it is the fault.
func told(is Truth) verdict {
	switch is {
	case Yes:
		return wrong
	case No:
		return good
	case Unknown:
	}
	return unjudged
}

// Evaluate gives the findings of all rules that apply to the case at the
// instant, in the order of the packs, and the papers that they ask for. It does
// no input or output and does not change the order.
func (s *Set) Evaluate(c Case, at time.Time) Result {
	m := newMatter(&c, at)
	t := tally{m: &m}
	s.each(&m, func(r *rule) { r.run(&t) })
	return Result{Findings: t.findings, Materials: t.asks}
}

// Outcomes gives what came of each rule that applies to the case at the instant
// at every place that it looks at, in the order of the packs. Rules that are
// judged elsewhere (see RuleInfo.JudgedBy) are not among them.
func (s *Set) Outcomes(c Case, at time.Time) []Outcome {
	m := newMatter(&c, at)
	t := tally{m: &m, all: true}
	s.each(&m, func(r *rule) { r.run(&t) })
	return t.outcomes
}

// each does something with every rule in force for a case.
func (s *Set) each(m *matter, do func(r *rule)) {
	day := m.at.Format(time.DateOnly)
	rules, ok := s.byProvince[m.two]
	if !ok {
		rules = s.byProvince[""]
	}
	for _, r := range rules {
		if r.holds(m, day) && !r.replaced(m, day) {
			do(r)
		}
	}
}

func newMatter(c *Case, at time.Time) matter {
	o := c.Order
	m := matter{order: o, data: &o.Data, facts: &c.Facts, at: at.In(clock.Shanghai), persons: persons(&o.Data)}
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

// replaced reports whether another rule stands for this one.
func (r *rule) replaced(m *matter, day string) bool {
	for _, by := range r.replacers {
		if by.applies.province(m.two) && by.holds(m, day) {
			return true
		}
	}
	return false
}

// tally gathers what rules say of a matter.
type tally struct {
	m        *matter
	findings []icp.Finding
	asks     []Ask
	// all gathers outcomes instead, the passed and unjudged too.
	all      bool
	outcomes []Outcome
}

// run looks at every place of the rule's field.
func (r *rule) run(t *tally) {
	m := t.m
	switch r.field.reach {
	case once:
		m.site, m.person = nil, nil
		r.look(t)
	case perSite:
		for i := range m.data.Websites {
			m.site, m.siteIndex, m.person = &m.data.Websites[i], i, nil
			if r.applies.website(m.site) {
				r.look(t)
			}
		}
	case perPerson:
		if r.field.units && m.data.Subject.IsIndividual() {
			return
		}
		for i := range m.persons {
			p := &m.persons[i]
			if r.field.whose == anybody || (r.field.whose == sites) == (p.site != nil) {
				m.person, m.site, m.siteIndex = p, p.site, p.siteIndex
				r.look(t)
			}
		}
	}
}

// look judges one place.
func (r *rule) look(t *tally) {
	m := t.m
	m.value = ""
	if r.field.text != nil {
		m.value = r.field.text(m)
	}
	v := unjudged
	if m.value != "" || r.onEmpty {
		v = r.judge(m)
	}
	switch {
	case v.state != faulty:
		if t.all {
			t.outcomes = append(t.outcomes, Outcome{Rule: r.id, Pointer: r.field.pointer(m), State: v.state.outcome()})
		}
	case r.material != "":
		r.ask(t, v.detail)
	case t.all:
		f := r.finding(m, v.detail)
		t.outcomes = append(t.outcomes, Outcome{Rule: r.id, Pointer: f.Pointer, State: Failed, Finding: &f})
	default:
		t.findings = append(t.findings, r.finding(m, v.detail))
	}
}

func (s state) outcome() OutcomeState {
	switch s {
	case faulty:
		return Failed
	case unknown:
		return Unjudged
	case fine:
	}
	return Passed
}

func (r *rule) finding(m *matter, d *detail) icp.Finding {
	f := icp.Finding{Pointer: r.field.pointer(m), Severity: r.severity, Rule: r.id, Code: r.message, Params: r.variables(d)}
	if d != nil {
		f.RetryAt = d.retryAt
	}
	return f
}

// variables fills a message: the rule's parameters and what a fault tells. It is
// a map of its own each time.
func (r *rule) variables(d *detail) map[string]string {
	n := len(r.params)
	if d != nil {
		n += len(d.vars)
	}
	if n == 0 {
		return nil
	}
	out := make(map[string]string, n)
	maps.Copy(out, r.params)
	if d != nil {
		for _, v := range d.vars {
			if v.name != "" {
				out[v.name] = v.value
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// ask asks for the rule's paper at the place at hand: of the subject, of the
// website, or of every website that the place is about.
func (r *rule) ask(t *tally, d *detail) {
	m := t.m
	switch {
	case !r.perWebsite:
		r.askFor(t, "", d)
	case m.site != nil:
		r.askFor(t, m.site.ID, d)
	default:
		for i := range m.data.Websites {
			w := &m.data.Websites[i]
			// A person answers for the websites that have none of their own.
			if r.field.whose != anybody || m.person == nil || w.SameAsSubject || m.data.Subject.IsIndividual() {
				r.askFor(t, w.ID, d)
			}
		}
	}
}

// askFor asks once for a paper, however many places of a website or subject
// want it.
func (r *rule) askFor(t *tally, site icp.WebsiteID, d *detail) {
	same := func(a *Ask) bool { return a.Rule == r.id && a.Website == site }
	a := Ask{Rule: r.id, Kind: r.material, Website: site, Required: r.severity == icp.SeverityError, Message: r.message}
	if t.all {
		a.Params = r.variables(d)
		t.outcomes = append(t.outcomes, Outcome{Rule: r.id, Pointer: r.field.pointer(t.m), State: Failed, Ask: &a})
		return
	}
	for i := len(t.asks) - 1; i >= 0 && t.asks[i].Rule == r.id; i-- {
		if same(&t.asks[i]) {
			return
		}
	}
	a.Params = r.variables(d)
	t.asks = append(t.asks, a)
}
