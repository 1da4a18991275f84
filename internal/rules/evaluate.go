package rules

import (
	"context"
	"maps"
	"slices"
	"time"

	"cel.dev/cel-go/common/types/ref"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
)

// matter is what a predicate looks at: the case, and the website or person of
// the field. It lives for one evaluation.
type matter struct {
	set   *Set
	order *icp.Order
	data  *icp.OrderData
	facts *Facts
	at    time.Time // in China's time zone
	today time.Time // the day's beginning
	day   int       // as 20260615
	// two is the first two digits of the region; "" when not told.
	two     string
	kind    typeSet
	persons []person

	// The place at hand.
	person    *person
	site      *icp.Website
	siteIndex int
	value     string // the field's text
	*text
	none text // of places without one

	texts []text // of all places
	// What was found in the texts, see search.
	hits        []hit
	bits, seen  []uint64
	fired       []uint64 // a bit for each list of words that has a word in any text
	term        int      // months, of the day below
	termEnds    time.Time
	licenceText string // what was parsed last
	licence     icp.LicenceNo
	licenceErr  error
	// Room for what Evaluate finds.
	findings []icp.Finding
	asks     []Ask
	// What expressions of an operator have had: what ends them, and the list of
	// websites; nil before the first.
	ctx      context.Context
	cancel   context.CancelFunc
	websites ref.Val
}

// textOf gives the text of a field of the place at hand.
func (m *matter) textOf(f *field) *text {
	i := f.slot
	switch f.reach {
	case perSite:
		i += slots[once] + m.siteIndex*slots[perSite]
	case perPerson:
		i += slots[once] + len(m.data.Websites)*slots[perSite] + m.person.index*slots[perPerson]
	case once:
	}
	t := &m.texts[i]
	if t.done&isRead == 0 {
		t.raw = f.text(m)
		t.done |= isRead
	}
	return t
}

// monthsOn is the day months after today.
func (m *matter) monthsOn(months int) time.Time {
	if m.term != months {
		m.term, m.termEnds = months, monthsOn(m.today, months)
	}
	return m.termEnds
}

// filing parses the licence number at hand.
func (m *matter) filing() (icp.LicenceNo, error) {
	if m.licenceText != m.value {
		m.licenceText = m.value
		m.licence, m.licenceErr = icp.ParseLicenceNo(m.value)
	}
	return m.licence, m.licenceErr
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
	m := s.matter(&c, at)
	t := tally{m: m, findings: m.findings, asks: m.asks}
	m.searchAll()
	for _, r := range m.rules() {
		if r.mayFail(m) && r.holds(m) && !r.replaced(m) {
			r.run(&t)
		}
	}
	m.findings, m.asks = t.findings, t.asks
	result := Result{Findings: exact(t.findings), Materials: exact(t.asks)}
	s.free(m)
	return result
}

// exact gives a list that others may keep; nil for none.
func exact[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return slices.Clone(list)
}

// Outcomes gives what came of each rule that applies to the case at the instant
// at every place that it looks at, in the order of the packs. Rules that are
// judged elsewhere (see RuleInfo.JudgedBy) are not among them.
func (s *Set) Outcomes(c Case, at time.Time) []Outcome {
	m := s.matter(&c, at)
	t := tally{m: m, all: true}
	for _, r := range m.rules() {
		if r.holds(m) && !r.replaced(m) {
			r.run(&t)
		}
	}
	s.free(m)
	return t.outcomes
}

// matter makes a case ready to be judged.
func (s *Set) matter(c *Case, at time.Time) *matter {
	m, _ := s.matters.Get().(*matter)
	if m == nil {
		m = &matter{set: s, seen: make([]uint64, (len(s.words.words)+63)/64), fired: make([]uint64, (s.words.lists+63)/64)}
	}
	o := c.Order
	m.order, m.data, m.facts, m.at = o, &o.Data, &c.Facts, at.In(clock.Shanghai)
	y, mo, d := m.at.Date()
	m.today, m.day = time.Date(y, mo, d, 0, 0, 0, 0, clock.Shanghai), y*10000+int(mo)*100+d
	m.kind = typeSetOf(o.Type)
	if len(o.Data.Subject.Region) >= 2 {
		m.two = o.Data.Subject.Region[:2]
	}
	m.persons = persons(&o.Data, m.persons)
	n := slots[once] + len(o.Data.Websites)*slots[perSite] + len(m.persons)*slots[perPerson]
	m.texts = slices.Grow(m.texts, n)[:n]
	return m
}

// free keeps the room of a matter for another case, and nothing of this one.
func (s *Set) free(m *matter) {
	if m.cancel != nil {
		m.cancel()
	}
	clear(m.persons)
	clear(m.texts)
	clear(m.fired)
	clear(m.findings)
	clear(m.asks)
	*m = matter{set: s, persons: m.persons[:0], texts: m.texts[:0], hits: m.hits[:0], bits: m.bits[:0], seen: m.seen, fired: m.fired,
		findings: m.findings[:0], asks: m.asks[:0]}
	s.matters.Put(m)
}

// rules are those of the province.
func (m *matter) rules() []*rule {
	rules, ok := m.set.byProvince[m.two]
	if !ok {
		rules = m.set.byProvince[""]
	}
	return rules
}

// searchAll reads every text that rules look for words in.
func (m *matter) searchAll() {
	for _, f := range m.set.searched {
		switch f.reach {
		case once:
			m.search(m.textOf(f))
		case perSite:
			for i := range m.data.Websites {
				m.site, m.siteIndex = &m.data.Websites[i], i
				m.search(m.textOf(f))
			}
		case perPerson:
			for i := range m.persons {
				m.person = &m.persons[i]
				m.search(m.textOf(f))
			}
		}
	}
}

// mayFail is a quick look: it is false for rules that want a word of a list
// which no text has.
func (r *rule) mayFail(m *matter) bool {
	return r.trigger < 0 || m.fired[r.trigger>>6]&(1<<(r.trigger&63)) != 0
}

// holds reports whether a rule is in force for the order on the day.
func (r *rule) holds(m *matter) bool {
	return r.from <= m.day && m.day <= r.to && r.applies.order(m.order, m.kind)
}

// replaced reports whether another rule stands for this one.
func (r *rule) replaced(m *matter) bool {
	for _, by := range r.replacers {
		if by.applies.province(m.two) && by.holds(m) {
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
	m.value, m.text = "", &m.none
	if r.field.text != nil {
		m.text = m.textOf(r.field)
		m.value = m.raw
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
	f := icp.Finding{Pointer: r.field.pointer(m), Severity: r.severity, Rule: r.id, Code: r.code(), Params: r.variables(d)}
	if d != nil {
		f.RetryAt = d.retryAt
	}
	return f
}

// variables fills a message: the rule's parameters and what a fault tells. Where
// a fault tells nothing, the map is the rule's own.
func (r *rule) variables(d *detail) map[string]string {
	if r.message != "" && (d == nil || d.vars[0].name == "") {
		return r.params
	}
	n := len(r.params) + 1
	if d != nil {
		n += len(d.vars)
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
	if r.message == "" {
		out["text"] = Fill(r.text.ZH, out)
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
	a := Ask{Rule: r.id, Kind: r.material, Website: site, Required: r.severity == icp.SeverityError, Message: r.code()}
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
