package api

import (
	"context"

	"github.com/openbeian/beian/internal/form"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/rulebook"
	"github.com/openbeian/beian/internal/rules"
)

type getRuleIn struct {
	IfNoneMatch
	ID      string `path:"id" maxLength:"100" doc:"Rule id" example:"national.site_name.min3"`
	Version string `query:"version" maxLength:"100" doc:"An edition; empty for the one in force"`
}

// RuleDetail is a rule with its examples.
type RuleDetail struct {
	RuleView
	Version  string        `json:"version"`
	Active   bool          `json:"active" doc:"It is of the edition in force"`
	Examples []ExampleView `json:"examples" doc:"Those that pass first"`
	Related  []RelatedRule `json:"related" doc:"Rules for which it stands, and that stand for it"`
}

// RelatedRule is a rule that stands for another, or for which another stands.
type RelatedRule struct {
	Relation string `json:"relation" enum:"replaces,replaced_by" doc:"What the rule asked for does to this one"`
	ID       string `json:"id"`
	Text     string `json:"text"`
	Province string `json:"province,omitempty" doc:"Name of the province whose rule it is"`
}

// ExampleView is a case on which a rule is tried.
type ExampleView struct {
	Passes bool          `json:"passes" doc:"The rule finds no fault with it"`
	Lines  []ExampleLine `json:"lines" doc:"What differs from a case without faults, and what the rule looks at"`
	Says   string        `json:"says,omitempty" doc:"What the rule tells of it; missing where it finds no fault"`
	JSON   string        `json:"json" doc:"What differs from a case without faults, as JSON"`
}

// ExampleLine is an answer or a fact of an example, in words.
type ExampleLine struct {
	Label  string `json:"label"`
	Value  string `json:"value"`
	Judged bool   `json:"judged" doc:"The rule looks here"`
	Usual  bool   `json:"usual" doc:"As in a case without faults"`
}

func (d *Deps) getRule(ctx context.Context, in *getRuleIn) (*revalidated[RuleDetail], error) {
	set, version, err := d.rulesAt(ctx, in.Version)
	if err != nil {
		return nil, err
	}
	r, ok := set.Rule(in.ID)
	if !ok {
		return nil, icp.ErrNotFound
	}
	v := d.ruleViewer(ctx, set)
	out := RuleDetail{RuleView: v.view(&r), Version: version, Active: version == d.Rules.Version(), Examples: []ExampleView{}, Related: []RelatedRule{}}
	for _, x := range rulebook.Examples(set, r.ID, v.tables, v.lang) {
		one := ExampleView{Passes: x.Passes, Lines: []ExampleLine{}, Says: x.Says, JSON: x.JSON}
		for _, l := range x.Lines {
			one.Lines = append(one.Lines, ExampleLine(l))
		}
		out.Examples = append(out.Examples, one)
	}
	out.Related = append(append(out.Related, v.related("replaces", r.Replaces)...), v.related("replaced_by", r.ReplacedBy)...)
	return revalidate(ctx, in.IfNoneMatch, out)
}

func (v ruleViewer) related(relation string, ids []string) []RelatedRule {
	var out []RelatedRule
	for _, id := range ids {
		if r, ok := v.set.Rule(id); ok {
			one := v.view(&r)
			out = append(out, RelatedRule{Relation: relation, ID: id, Text: one.Text, Province: one.Province})
		}
	}
	return out
}

type getRuleChoicesIn struct{ IfNoneMatch }

// RuleChoices are what rules can be looked for by.
type RuleChoices struct {
	Natures []form.Option `json:"natures"`
	Types   []TypeChoice  `json:"types"`
}

// TypeChoice is a type of order.
type TypeChoice struct {
	Type  icp.OrderType `json:"type" example:"add_website"`
	Label string        `json:"label"`
}

func (d *Deps) getRuleChoices(ctx context.Context, in *getRuleChoicesIn) (*revalidated[RuleChoices], error) {
	lang := d.lang(ctx)
	out := RuleChoices{Natures: []form.Option{}, Types: []TypeChoice{}}
	for _, n := range d.Cases.Tables.On(d.Clock.Now()).Natures() {
		out.Natures = append(out.Natures, form.Option{Value: n.ID, Label: n.In(string(lang))})
	}
	for _, t := range rules.OrderTypes() {
		out.Types = append(out.Types, TypeChoice{Type: t, Label: rulebook.TypeName(t, lang)})
	}
	return revalidate(ctx, in.IfNoneMatch, out)
}
