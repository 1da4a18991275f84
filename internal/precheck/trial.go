package precheck

import (
	"maps"
	"slices"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/domaincheck/saved"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/rulebook"
	"github.com/openbeian/beian/internal/rules"
)

// trial is what came of the rules of a province on what was told.
type trial struct {
	q    *question
	set  *rules.Set
	kind icp.OrderType
	day  time.Time

	order *icp.Order
	rules []rules.RuleInfo
	// said is what the rules found at places that were told, and what always
	// holds. judged are those that told something, or nothing, of such a place.
	said   []outcome
	judged map[string]bool
	// open are the rules for the case that could not be judged.
	open []rules.RuleInfo
}

// outcome is a rule that speaks of the case.
type outcome struct {
	rule   rules.RuleInfo
	field  string // of the input; "" where the rule always holds
	code   string
	params map[string]string
	at     time.Time // to retry
}

// run tries the rules in force. A rule that wants what was not told is open,
// whatever it says of the missing answer; one that finds fault with every
// case speaks all the same.
func (t *trial) run(k saved.Known, said Standing) {
	t.order, t.judged = t.q.order(t.kind), map[string]bool{}
	seen := map[string]bool{}
	t.rules = t.set.ForProvince(t.q.Region, t.q.Nature)
	for _, o := range t.set.Outcomes(rules.Case{Order: t.order, Facts: facts(k, said)}, t.day) {
		r, _ := t.set.Rule(o.Rule)
		seen[r.ID] = true
		field := t.q.field(o.Pointer, &r)
		if r.Expr != "" && !t.q.tells(r.Expr) {
			field = ""
		}
		switch {
		case r.Always && !t.judged[r.ID]:
			t.say(&r, o, "")
		case field == "" || o.State == rules.Unjudged:
			continue
		case o.State == rules.Failed:
			t.say(&r, o, field)
		}
		t.judged[r.ID] = true
	}
	for i := range t.rules {
		r := &t.rules[i]
		replaced := slices.ContainsFunc(r.ReplacedBy, func(id string) bool { return seen[id] })
		if r.JudgedBy == "" && !t.judged[r.ID] && !replaced && t.applies(r) {
			t.open = append(t.open, *r)
		}
	}
}

// say notes what a rule says. A rule that always holds may wait for an answer
// that was not told yet; then its words are those of the rule itself.
func (t *trial) say(r *rules.RuleInfo, o rules.Outcome, field string) {
	out := outcome{rule: *r, field: field}
	switch {
	case o.Finding != nil:
		out.code, out.params, out.at = o.Finding.Code, o.Finding.Params, o.Finding.RetryAt
	case o.Ask != nil:
		out.code, out.params = o.Ask.Message, o.Ask.Params
	}
	t.said = append(t.said, out)
}

// applies reports whether a rule may be for the case, as far as it was told.
func (t *trial) applies(r *rules.RuleInfo) bool {
	day, q := t.day.In(clock.Shanghai).Format(time.DateOnly), t.q
	switch {
	case r.ValidFrom != "" && day < r.ValidFrom, r.ValidTo != "" && r.ValidTo < day:
		return false
	case r.Types != nil && !slices.Contains(r.Types, t.kind):
		return false
	case r.CertificateTypes != nil && q.CertificateType != 0 && !slices.Contains(r.CertificateTypes, q.CertificateType):
		return false
	case q.ServiceContent != 0 && (r.Contents != nil && !slices.Contains(r.Contents, q.ServiceContent) || slices.Contains(r.ContentsNot, q.ServiceContent)):
		return false
	}
	return true
}

// findings are the errors and warnings of rules about what was told.
func (t *trial) findings() []Finding {
	var out []Finding
	for i := range t.said {
		o := &t.said[i]
		if o.rule.Material != "" || o.field == "" {
			continue
		}
		f := Finding{Group: GroupRule, ID: o.rule.ID, Severity: o.rule.Severity, Depends: t.depends(&o.rule), Field: o.field,
			Message: t.words(o), Rule: t.reference(&o.rule), RetryAt: o.at}
		if o.personal() {
			f.RetryAt = time.Time{}
		}
		switch o.field {
		case "website_name":
			f.Group = GroupName
		case "domain":
			f.Group = GroupDomain
		case "certificate_type", "certificate_number":
			f.Group = GroupCertificate
		}
		out = append(out, f)
	}
	return out
}

// twins are the checks of a domain that find what a rule finds too.
var twins = map[string]domaincheck.CheckID{"website_open": domaincheck.SiteClosed, "suffix_among": domaincheck.TLDApproved}

// together gives what checks of the domain and rules found, each thing once: the
// check's words, which tell how to mend it, with the rule and its weight.
func together(checks, byRules []Finding, set *rules.Set) []Finding {
	for _, f := range byRules {
		r, _ := set.Rule(f.ID)
		twin := "domain." + string(twins[r.Predicate])
		at := slices.IndexFunc(checks, func(c Finding) bool { return c.ID == twin })
		if at < 0 {
			checks = append(checks, f)
			continue
		}
		checks[at].Rule = f.Rule
		if f.Severity == icp.SeverityError {
			checks[at].Severity = f.Severity
		}
	}
	return checks
}

// depends tells on what a finding depends that was not asked: the unit's name,
// whose words the website's name may have, or an approval that it may hold.
func (t *trial) depends(r *rules.RuleInfo) *Words {
	var w Words
	switch {
	case t.q.person:
		return nil
	case r.Params["unless_in_subject_name"] == "true":
		w = say("precheck.depends.subject_name")
	case r.Params["approvals"] != "":
		w = say("precheck.depends.approval")
	default:
		return nil
	}
	return &w
}

// personal reports whether a rule's words would repeat what the certificate
// number tells of a person: the age, and with it the birthday to wait for.
func (o *outcome) personal() bool {
	_, has := o.params["age"]
	return has
}

// words tells what a rule found; where that would repeat something personal,
// or nothing was found yet, what the rule is.
func (t *trial) words(o *outcome) Words {
	if o.code == "" || o.personal() {
		return t.about(&o.rule)
	}
	own := map[string]string{}
	for _, lang := range i18n.Langs() {
		if text, ok := rulebook.Finding(t.set, o.rule.ID, lang, o.params); ok {
			own[string(lang)] = text
		}
	}
	if len(own) > 0 {
		return Words{Own: own}
	}
	return Words{Key: o.code, Params: o.params}
}

// about states a rule.
func (t *trial) about(r *rules.RuleInfo) Words {
	if r.Message != "" {
		return Words{Key: r.Message, Params: maps.Clone(r.Params)}
	}
	w := Words{Own: map[string]string{}}
	for _, lang := range i18n.Langs() {
		w.Own[string(lang)] = rulebook.About(t.set, *r, lang)
	}
	return w
}

func (t *trial) reference(r *rules.RuleInfo) *Reference {
	return &Reference{ID: r.ID, About: t.about(r), Source: r.Source, AsOf: r.AsOf, Scope: r.Scope}
}

// mostHighlights bounds how many rules of a province a report names.
const mostHighlights = 20

// province counts the rules and names those of the province that hold always or
// could not be judged; papers stand elsewhere.
func (t *trial) province() Province {
	p := Province{Total: len(t.rules), Highlights: []Highlight{}}
	for i := range t.rules {
		if t.rules[i].Scope != rules.National {
			p.Own++
		}
		if r := &t.rules[i]; t.judged[r.ID] || r.JudgedBy == "domains" || r.JudgedBy == "resources" && t.q.Resource.Kind == ResourceServer {
			p.Judged++
		}
	}
	add := func(r *rules.RuleInfo, certain bool) {
		if r.Scope != rules.National && r.Material == "" {
			p.Highlights = append(p.Highlights, Highlight{Severity: r.Severity, Pointer: r.Field, Certain: certain, Rule: *t.reference(r)})
		}
	}
	for i := range t.said {
		if t.said[i].field == "" {
			add(&t.said[i].rule, true)
		}
	}
	for i := range t.open {
		add(&t.open[i], false)
	}
	slices.SortStableFunc(p.Highlights, func(a, b Highlight) int { return a.weight() - b.weight() })
	p.Highlights = p.Highlights[:min(len(p.Highlights), mostHighlights)]
	return p
}

// weight sorts rules: what holds for certain, then by severity.
func (h *Highlight) weight() int {
	w := slices.Index([]icp.Severity{icp.SeverityError, icp.SeverityWarning, icp.SeverityInfo}, h.Severity)
	if !h.Certain {
		w += 3
	}
	return w
}
