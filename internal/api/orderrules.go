package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/form"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/rulebook"
	"github.com/openbeian/beian/internal/rules"
)

func registerOrderRules(api huma.API, d *Deps) {
	huma.Register(api, huma.Operation{OperationID: "check-answers", Method: http.MethodPost, Path: "/orders/{id}/check", Tags: []string{"Orders"},
		Summary: "Judge answers before they are saved", DefaultStatus: http.StatusOK,
		Description: "Writes nothing. Answers that are left out stand as they were saved. What others' orders share is told for saved answers only."}, d.checkAnswers)
	huma.Register(api, huma.Operation{OperationID: "get-rule-changes", Method: http.MethodGet, Path: "/orders/{id}/rule-changes", Tags: []string{"Orders"},
		Summary: "What newer rules say of an order otherwise than those of its submission"}, d.getRuleChanges)
	huma.Register(api, huma.Operation{OperationID: "get-order-rules", Method: http.MethodGet, Path: "/orders/{id}/rules", Tags: []string{"Review"},
		Summary: "Which rules an order passes, fails, or leaves unjudged"}, d.getOrderRules)
}

type checkAnswersIn struct {
	OrderPath
	Body struct {
		Subject   *SubjectInput `json:"subject,omitempty"`
		LicenceNo *string       `json:"licence_no,omitempty" maxLength:"64" doc:"Of the existing filing" example:"京ICP备2024012345号"`
		Websites  []struct {
			ID icp.WebsiteID `json:"id" example:"01k9x2m4p6"`
			WebsiteInput
		} `json:"websites,omitempty" maxItems:"100" doc:"Only those that differ; resources are not judged"`
	}
}

// CheckedAnswers is what is to be said of answers that were not saved.
type CheckedAnswers struct {
	Version      int64         `json:"version" doc:"The order's version that the other answers are of"`
	RulesVersion string        `json:"rules_version"`
	Detected     DetectedView  `json:"detected"`
	Needs        []NeedView    `json:"needs"`
	Tasks        []TaskView    `json:"tasks"`
	Findings     []FindingView `json:"findings"`
}

type checkAnswersOut struct {
	ETag string `header:"ETag" doc:"The order's version"`
	Body CheckedAnswers
}

func (d *Deps) checkAnswers(ctx context.Context, in *checkAnswersIn) (*checkAnswersOut, error) {
	actor, err := actorFrom(ctx)
	if err != nil {
		return nil, err
	}
	unsaved := casework.Unsaved{LicenceNo: in.Body.LicenceNo}
	if in.Body.Subject != nil {
		s := in.Body.Subject.subject()
		unsaved.Subject = &s
	}
	for i := range in.Body.Websites {
		unsaved.Websites = append(unsaved.Websites, in.Body.Websites[i].website(in.Body.Websites[i].ID))
	}
	o, j, err := d.Cases.Check(ctx, actor, in.ID, unsaved)
	if err != nil {
		return nil, err
	}
	w := d.words(ctx, o)
	return &checkAnswersOut{ETag: etag(o.Version), Body: CheckedAnswers{Version: o.Version, RulesVersion: d.Rules.Version(), Detected: w.detected(j.Detected),
		Needs: w.needs(j.Needs), Tasks: w.tasks(j.Findings), Findings: w.judged(j)}}, nil
}

// RuleChangesView is what newer rules say of an order otherwise.
type RuleChangesView struct {
	JudgedBy string        `json:"judged_by,omitempty" doc:"The edition of the last submission; missing before the first"`
	Active   string        `json:"active" doc:"The edition in force"`
	Known    bool          `json:"known" doc:"False when the old edition is not kept any more"`
	Added    []FindingView `json:"added" doc:"Only the edition in force says this"`
	Gone     []FindingView `json:"gone" doc:"Only the old edition said this"`
}

type ruleChangesOut struct{ Body RuleChangesView }

func (d *Deps) getRuleChanges(ctx context.Context, in *OrderPath) (*ruleChangesOut, error) {
	actor, err := d.caseReader(ctx)
	if err != nil {
		return nil, err
	}
	c, err := d.Cases.RuleChanges(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	v := RuleChangesView{JudgedBy: c.JudgedBy, Active: c.Active, Known: c.Known, Added: []FindingView{}, Gone: []FindingView{}}
	for i := range c.Added {
		v.Added = append(v.Added, d.words(ctx, c.Order).finding(&c.Added[i], "rule"))
	}
	for i := range c.Gone {
		v.Gone = append(v.Gone, d.wordsOf(ctx, c.Order, c.Was).finding(&c.Gone[i], "rule"))
	}
	return &ruleChangesOut{v}, nil
}

// OrderRules is what came of all rules that apply to an order.
type OrderRules struct {
	RulesVersion string        `json:"rules_version"`
	JudgedBy     string        `json:"judged_by,omitempty" doc:"The edition of the last submission; missing before the first"`
	Passed       int           `json:"passed"`
	Failed       int           `json:"failed"`
	Unjudged     int           `json:"unjudged"`
	Items        []OutcomeView `json:"items"`
}

// OutcomeView is what came of one rule at one place of an order.
type OutcomeView struct {
	Rule      string             `json:"rule"`
	Pointer   string             `json:"pointer" doc:"The field, or the paper that the rule asks for"`
	Label     string             `json:"label,omitempty"`
	Severity  icp.Severity       `json:"severity" enum:"error,warning,info"`
	State     rules.OutcomeState `json:"state" enum:"passed,failed,unjudged" doc:"unjudged: the answer or fact that it needs is missing; a rule that asks for a paper passes when the paper was given"`
	Message   string             `json:"message,omitempty" doc:"Of a failed one"`
	Material  icp.MaterialKind   `json:"material,omitempty" doc:"The paper that the rule asks for"`
	Seen      bool               `json:"seen" doc:"The applicant was shown the warning and submitted all the same"`
	Reference *RuleReference     `json:"reference,omitempty"`
}

type orderRulesOut struct{ Body OrderRules }

func (d *Deps) getOrderRules(ctx context.Context, in *OrderPath) (*orderRulesOut, error) {
	actor, err := requireStaff(ctx, access.CaseReadAny)
	if err != nil {
		return nil, err
	}
	got, err := d.Cases.Outcomes(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	w := d.words(ctx, got.Order)
	v := OrderRules{RulesVersion: got.Version, JudgedBy: got.Order.Data.RulesVersion, Items: []OutcomeView{}}
	told := map[icp.SeenFinding]bool{}
	for i := range got.Rules {
		one := w.outcome(&got.Rules[i], got.Judgement.Needs)
		place := icp.SeenFinding{Rule: one.Rule, Pointer: one.Pointer}
		if told[place] {
			continue // two places want one paper
		}
		told[place] = true
		switch one.State {
		case rules.Passed:
			v.Passed++
		case rules.Failed:
			v.Failed++
		case rules.Unjudged:
			v.Unjudged++
		}
		v.Items = append(v.Items, one)
	}
	return &orderRulesOut{v}, nil
}

func (w wording) outcome(o *rules.Outcome, needs []form.Need) OutcomeView {
	v := OutcomeView{Rule: o.Rule, Pointer: o.Pointer, Label: rulebook.FieldLabel(o.Pointer, w.lang), State: o.State, Reference: w.reference(o.Rule)}
	if r, ok := w.set.Rule(o.Rule); ok {
		v.Severity, v.Material = r.Severity, r.Material
	}
	switch {
	case o.Finding != nil:
		v.Message = w.message(o.Rule, o.Finding.Code, o.Finding.Params)
	case o.Ask != nil:
		w.paper(&v, o.Ask, needs)
	}
	for _, s := range w.order.Data.Seen {
		v.Seen = v.Seen || s.Rule == o.Rule && s.Pointer == v.Pointer
	}
	return v
}

// paper puts the outcome of a rule that asks for a paper where the paper is
// given, for there it is mended and there the applicant was told of it.
func (w wording) paper(v *OutcomeView, a *rules.Ask, needs []form.Need) {
	for _, n := range needs {
		if n.Kind != a.Kind || n.Website != a.Website {
			continue
		}
		v.Pointer, v.Label = n.Pointer, w.kind(n.Kind)
		if len(form.Given(w.order, n)) > 0 {
			v.State = rules.Passed
			return
		}
	}
	v.Message = w.message(a.Rule, a.Message, a.Params)
}
