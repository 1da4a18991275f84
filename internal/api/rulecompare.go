package api

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/rulebook"
	"github.com/openbeian/beian/internal/rules"
)

type compareRulesIn struct {
	IfNoneMatch
	ProvinceA string        `query:"province_a" maxLength:"6" doc:"A region code" example:"110000"`
	ProvinceB string        `query:"province_b" maxLength:"6" doc:"A region code" example:"430000"`
	VersionA  string        `query:"version_a" maxLength:"100" doc:"An edition"`
	VersionB  string        `query:"version_b" maxLength:"100" doc:"An edition"`
	Nature    int           `query:"nature" doc:"Kind of organiser; 0 for any"`
	Type      icp.OrderType `query:"type" doc:"Order type; empty for any"`
}

// RuleComparison is what two provinces, or two editions, have otherwise.
type RuleComparison struct {
	A       RuleSide    `json:"a"`
	B       RuleSide    `json:"b"`
	OnlyA   []RuleView  `json:"only_a"`
	OnlyB   []RuleView  `json:"only_b"`
	Changed []RulePairs `json:"changed"`
	Same    int         `json:"same" doc:"How many rules are alike"`
}

// RuleSide is one of two that are compared.
type RuleSide struct {
	Province string `json:"province,omitempty" doc:"Code of the province" example:"430000"`
	Name     string `json:"name,omitempty" doc:"Name of the province"`
	Version  string `json:"version"`
}

// RulePairs is a matter that both sides judge, each in its way.
type RulePairs struct {
	ID   string   `json:"id" doc:"Of a's rule"`
	What []string `json:"what" doc:"What differs, as named in a rule"`
	A    RuleView `json:"a"`
	B    RuleView `json:"b"`
}

// side is one of two that are compared.
type side struct {
	RuleSide
	ruleViewer
	rules []rules.RuleInfo
}

func (d *Deps) compareRules(ctx context.Context, in *compareRulesIn) (*revalidated[RuleComparison], error) {
	a, b, err := d.sides(ctx, in)
	if err != nil {
		return nil, err
	}
	f := RuleFilter{Nature: in.Nature, Type: in.Type}
	left, right := f.those(a.rules), f.those(b.rules)
	out := RuleComparison{A: a.RuleSide, B: b.RuleSide, OnlyA: []RuleView{}, OnlyB: []RuleView{}, Changed: []RulePairs{}}
	for _, r := range left.list {
		other := right.partner(r, in.ProvinceA != "")
		if other == nil {
			out.OnlyA = append(out.OnlyA, a.view(r))
			continue
		}
		right.taken[other.ID] = true
		x, y := a.view(r), b.view(other)
		if what := otherwise(&x, &y); len(what) > 0 {
			out.Changed = append(out.Changed, RulePairs{ID: r.ID, What: what, A: x, B: y})
		} else {
			out.Same++
		}
	}
	for _, r := range right.list {
		if !right.taken[r.ID] {
			out.OnlyB = append(out.OnlyB, b.view(r))
		}
	}
	return revalidate(ctx, in.IfNoneMatch, out)
}

// sides finds what to compare.
func (d *Deps) sides(ctx context.Context, in *compareRulesIn) (a, b side, err error) {
	provinces, versions := in.ProvinceA != "" && in.ProvinceB != "", in.VersionA != "" && in.VersionB != ""
	if provinces == versions {
		return a, b, icp.InvalidField("", "rules.compare_pair")
	}
	one := func(province, version string) (side, error) {
		set, version, err := d.rulesAt(ctx, version)
		if err != nil || !provinces {
			return side{RuleSide{Version: version}, d.ruleViewer(ctx, set), describe(set)}, err
		}
		p, err := d.provinceOf(province)
		return side{RuleSide{Province: p.Code, Name: p.In(string(d.lang(ctx))), Version: version}, d.ruleViewer(ctx, set), set.ForProvince(p.Code, in.Nature)}, err
	}
	if a, err = one(in.ProvinceA, in.VersionA); err != nil {
		return a, b, err
	}
	b, err = one(in.ProvinceB, in.VersionB)
	return a, b, err
}

func describe(set *rules.Set) []rules.RuleInfo {
	if set == nil {
		return nil
	}
	return set.Describe()
}

// provinceOf finds the province of a region code.
func (d *Deps) provinceOf(code string) (refdata.Province, error) {
	p, ok := d.Cases.Tables.Province(code)
	if !ok {
		return p, icp.InvalidField("", "rules.unknown_province")
	}
	return p, nil
}

// those are rules to find partners among.
type those struct {
	list     []*rules.RuleInfo
	byID     map[string]*rules.RuleInfo
	byMatter map[string][]*rules.RuleInfo
	taken    map[string]bool
}

func (f *RuleFilter) those(list []rules.RuleInfo) those {
	out := those{byID: map[string]*rules.RuleInfo{}, byMatter: map[string][]*rules.RuleInfo{}, taken: map[string]bool{}}
	for i := range list {
		r := &list[i]
		if !f.takes(r) {
			continue
		}
		out.list = append(out.list, r)
		out.byID[r.ID] = r
		out.byMatter[matter(r)] = append(out.byMatter[matter(r)], r)
	}
	return out
}

// partner finds the rule that stands for r on this side: the same rule, or,
// between provinces, the only one about the same matter.
func (t *those) partner(r *rules.RuleInfo, provinces bool) *rules.RuleInfo {
	if other := t.byID[r.ID]; other != nil {
		return other
	}
	if !provinces || r.Message == "" {
		return nil
	}
	for _, other := range t.byMatter[matter(r)] {
		// Both must be the province's own word: what is the nation's stands on both sides.
		if !t.taken[other.ID] && other.Scope != r.Scope {
			return other
		}
	}
	return nil
}

// matter is what a rule is about, however it judges it: what it tells, where
// and to whom. Papers are one matter by their kind, whatever the text.
func matter(r *rules.RuleInfo) string {
	about := r.Message
	if r.Material != "" {
		about = string(r.Material)
	}
	return strings.Join([]string{about, r.Field, fmt.Sprint(r.Types), fmt.Sprint(r.Natures)}, "\n")
}

// otherwise names what differs between two views of one matter.
func otherwise(a, b *RuleView) []string {
	out := []string{}
	add := func(name string, differs bool) {
		if differs {
			out = append(out, name)
		}
	}
	add("severity", a.Severity != b.Severity)
	add("text", a.Text != b.Text)
	add("params", !maps.Equal(a.Params, b.Params))
	add("field", a.Field != b.Field)
	add("types", !slices.Equal(a.Types, b.Types))
	add("natures", !slices.Equal(a.Natures, b.Natures))
	add("certificate_types", !slices.Equal(a.CertificateTypes, b.CertificateTypes))
	add("contents", !slices.Equal(a.Contents, b.Contents) || !slices.Equal(a.ContentsNot, b.ContentsNot))
	add("material", a.Material != b.Material)
	add("suggestion", a.Suggestion != b.Suggestion)
	add("judged_by", a.JudgedBy != b.JudgedBy)
	add("expr", a.Expr != b.Expr)
	add("off", a.Off != b.Off)
	add("changed", a.Changed != b.Changed)
	if a.ID == b.ID { // of one rule in two editions
		add("source", a.Source != b.Source || a.AsOf != b.AsOf)
		add("provinces", !slices.Equal(a.Provinces, b.Provinces))
		add("valid", a.ValidFrom != b.ValidFrom || a.ValidTo != b.ValidTo)
		add("replaced_by", !slices.Equal(a.ReplacedBy, b.ReplacedBy))
	}
	return out
}

// Bounds of a replay over HTTP: beyond them, beian rules replay goes on for as
// long as it takes.
const (
	replayOrders = 10_000
	replayTime   = 20 * time.Second
	replayShown  = 200
)

type replayRulesIn struct {
	Body struct {
		Version string `json:"version,omitempty" maxLength:"100" doc:"An edition; empty for what the folder would give" example:""`
	}
}

// ReplayView is what a replay came to.
type ReplayView struct {
	From      string         `json:"from" doc:"The edition in force"`
	To        string         `json:"to"`
	Orders    int            `json:"orders" doc:"Open drafts and returned orders that were tried"`
	Changed   int            `json:"changed" doc:"How many of them are judged otherwise"`
	Truncated bool           `json:"truncated" doc:"There are more orders than were tried"`
	Items     []ReplayedView `json:"items" doc:"The first 200 that are judged otherwise"`
}

// ReplayedView is an order that is judged otherwise. It shows rules, no answers.
type ReplayedView struct {
	Order icp.OrderID   `json:"order" example:"261124-7K3M9QXR"`
	State icp.State     `json:"state"`
	Type  icp.OrderType `json:"type"`
	Added []JudgedView  `json:"added"`
	Gone  []JudgedView  `json:"gone"`
}

// JudgedView is a rule that finds fault, or asks for a paper, at a place.
type JudgedView struct {
	Rule     string           `json:"rule"`
	Pointer  string           `json:"pointer"`
	Label    string           `json:"label,omitempty"`
	Severity icp.Severity     `json:"severity" enum:"error,warning,info"`
	Material icp.MaterialKind `json:"material,omitempty"`
	Text     string           `json:"text" doc:"States the rule"`
}

type replayRulesOut struct{ Body ReplayView }

func (d *Deps) replayRules(ctx context.Context, in *replayRulesIn) (*replayRulesOut, error) {
	if _, err := requireStaff(ctx, access.RuleManage); err != nil {
		return nil, err
	}
	after, version, err := d.rulesToTry(ctx, in.Body.Version)
	if err != nil {
		return nil, err
	}
	before := d.Rules.Set()
	old, now := d.ruleViewer(ctx, before), d.ruleViewer(ctx, after)
	out := ReplayView{From: d.Rules.Version(), To: version, Items: []ReplayedView{}}
	tally, err := d.Rules.Replay(ctx, rulebook.Replay{Before: before, After: after, Facts: d.Cases.Facts, Most: replayOrders, For: replayTime,
		Each: func(r rulebook.Replayed) error {
			if len(out.Items) < replayShown {
				out.Items = append(out.Items, ReplayedView{Order: r.Order, State: r.State, Type: r.Type, Added: now.judged(r.Added), Gone: old.judged(r.Gone)})
			}
			return nil
		}})
	out.Orders, out.Changed, out.Truncated = tally.Orders, tally.Changed, tally.Truncated
	return &replayRulesOut{out}, err
}

// rulesToTry are those of an edition, or those that the folder would give.
func (d *Deps) rulesToTry(ctx context.Context, version string) (*rules.Set, string, error) {
	if version != "" {
		return d.rulesAt(ctx, version)
	}
	s, err := d.Rules.FolderState(ctx)
	switch {
	case err != nil:
		return nil, "", err
	case s.Folder == "":
		return nil, "", icp.E(icp.NotNow, "rules.folder_missing")
	case len(s.Problems) > 0:
		return nil, "", s.Problems.Refusal()
	}
	return s.After, s.Version, nil
}

func (v ruleViewer) judged(list []rulebook.Judged) []JudgedView {
	out := []JudgedView{}
	for _, j := range list {
		view := JudgedView{Rule: j.Rule, Pointer: j.Pointer, Label: rulebook.FieldName(j.Pointer, v.lang), Severity: j.Severity, Material: j.Material}
		if r, ok := v.set.Rule(j.Rule); ok {
			view.Text = rulebook.About(v.set, r, v.lang)
		}
		out = append(out, view)
	}
	return out
}
