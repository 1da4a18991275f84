package precheck

import (
	"reflect"
	"slices"

	"github.com/openbeian/beian/internal/form"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/rules"
)

// papers are the form's own, those that rules ask for, and those that rules may
// ask for.
func (t *trial) papers() []Paper {
	asks, by := []rules.Ask{}, map[string]*outcome{}
	for i := range t.said {
		o := &t.said[i]
		if o.rule.Material == "" {
			continue
		}
		by[o.rule.ID] = o
		a := rules.Ask{Rule: o.rule.ID, Kind: o.rule.Material, Required: o.rule.Severity == icp.SeverityError}
		if icp.RuleMaterials()[a.Kind] {
			a.Website = site
		}
		asks = append(asks, a)
	}
	var out []Paper
	for _, n := range form.Needs(t.order, asks) {
		if n.Kind == icp.MaterialOther {
			continue
		}
		p := Paper{Kind: n.Kind, Website: n.Website != "", Required: n.Required, Certain: true}
		for _, r := range n.Reasons {
			reason := Reason{Text: say(r.Key)}
			if o := by[r.Rule]; o != nil {
				reason = Reason{Text: t.words(o), Rule: t.reference(&o.rule)}
			}
			p.Reasons = append(p.Reasons, reason)
		}
		out = append(out, p)
	}
	return merge(out, t.perhaps())
}

// perhaps are the papers that depend on what was not told.
func (t *trial) perhaps() []Paper {
	var out []Paper
	if !t.q.person {
		for _, kind := range []icp.MaterialKind{icp.MaterialWebsitePrincipalFront, icp.MaterialWebsitePrincipalBack} {
			out = append(out, Paper{Kind: kind, Website: true, Required: true, Reasons: []Reason{{Text: say("precheck.paper.website_principal")}}})
		}
		out = append(out, Paper{Kind: icp.MaterialPreApproval, Website: true, Required: true, Reasons: []Reason{{Text: say("precheck.paper.pre_approval")}}})
	}
	for i := range t.open {
		r := &t.open[i]
		if r.Material != "" {
			out = merge(out, []Paper{{Kind: r.Material, Website: icp.RuleMaterials()[r.Material], Required: r.Severity == icp.SeverityError,
				Reasons: []Reason{{Text: t.about(r), Rule: t.reference(r)}}}})
		}
	}
	return out
}

// merge adds papers to a list: a further reason where the same stands there
// already, but nothing that may be to what is certain.
func merge(list, more []Paper) []Paper {
	for _, p := range more {
		at := slices.IndexFunc(list, func(have Paper) bool { return have.Kind == p.Kind })
		switch {
		case at < 0:
			list = append(list, p)
		case p.Certain || !list[at].Certain:
			have := &list[at]
			if p.Certain && !have.Certain {
				have.Reasons, have.Required = nil, false
			}
			have.Certain = have.Certain || p.Certain
			have.Required = have.Required || p.Required
			for _, r := range p.Reasons { // two rules may say the same
				if !slices.ContainsFunc(have.Reasons, func(old Reason) bool { return reflect.DeepEqual(old.Text, r.Text) }) {
					have.Reasons = append(have.Reasons, r)
				}
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Paper) int { return a.weight() - b.weight() })
	return list
}

// weight sorts papers: needed, recommended, those that depend.
func (p *Paper) weight() int {
	switch {
	case p.Certain && p.Required:
		return 0
	case p.Certain:
		return 1
	}
	return 2
}
