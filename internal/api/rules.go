package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/icp"
)

// RuleView is a rule that applies in a province, with where it comes from.
type RuleView struct {
	ID       string       `json:"id" example:"national.name.digits_only"`
	Severity icp.Severity `json:"severity" enum:"error,warning,info"`
	Field    string       `json:"field" doc:"Pointer of the field judged; * for any website" example:"/websites/*/name"`
	Text     string       `json:"text"`
	Source   string       `json:"source"`
	Scope    string       `json:"scope" doc:"national, or the province's code"`
}

func registerRules(api huma.API, d *Deps) {
	huma.Register(api, huma.Operation{OperationID: "list-rules", Method: http.MethodGet, Path: "/rules", Tags: []string{"Forms and reference data"},
		Summary: "The rules that apply in a province", Description: "With their sources; a province's own rules come with the national ones that they do not replace."}, d.listRules)
}

type listRulesIn struct {
	Region string `query:"region" required:"true" maxLength:"6" doc:"A region code of the province" example:"110108"`
	Nature int    `query:"nature" doc:"Kind of organiser; 0 for any"`
}

type listRulesOut struct {
	Body struct {
		Version string     `json:"version" doc:"Edition of the rules"`
		Items   []RuleView `json:"items"`
	}
}

func (d *Deps) listRules(ctx context.Context, in *listRulesIn) (*listRulesOut, error) {
	out := &listRulesOut{}
	out.Body.Version, out.Body.Items = d.Rules.Version(), []RuleView{}
	text, lang := d.texts(ctx), string(d.lang(ctx))
	for _, r := range d.Rules.Set().ForProvince(in.Region, in.Nature) {
		out.Body.Items = append(out.Body.Items, RuleView{ID: r.ID, Severity: r.Severity, Field: r.Field, Text: text(r.Message, r.Params),
			Source: r.Source.In(lang), Scope: r.Scope})
	}
	return out, nil
}
