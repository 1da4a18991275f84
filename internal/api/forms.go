package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/form"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

func registerForms(api huma.API, d *Deps) {
	const tag = "Forms and reference data"
	huma.Register(api, huma.Operation{OperationID: "get-form", Method: http.MethodGet, Path: "/forms/{type}", Tags: []string{tag},
		Summary: "The questions of an order type", Description: "Steps, sections and fields with options and limits in the reader's language; the server checks answers against the same table."}, d.getForm)
	huma.Register(api, huma.Operation{OperationID: "list-regions", Method: http.MethodGet, Path: "/reference/regions", Tags: []string{tag},
		Summary: "Provinces, or the regions below one", Security: noSession}, d.listRegions)
	huma.Register(api, huma.Operation{OperationID: "get-tables", Method: http.MethodGet, Path: "/reference/tables", Tags: []string{tag},
		Summary: "Code tables that clients need besides a form", Security: noSession}, d.getTables)
}

type getFormIn struct {
	Type   icp.OrderType `path:"type" enum:"add_website"`
	Nature int           `query:"nature" default:"4" doc:"Kind of organiser; 5 is an individual"`
}

type getFormOut struct {
	Body form.Description
}

func (d *Deps) getForm(ctx context.Context, in *getFormIn) (*getFormOut, error) {
	if _, ok := d.Cases.Tables.Nature(in.Nature); !ok {
		return nil, icp.InvalidField("/nature", "form.not_an_option")
	}
	return &getFormOut{Body: form.Describe(d.Cases.Tables.On(d.Clock.Now()), formTexts{d.lang(ctx)}, in.Nature, d.Cases.Limits)}, nil
}

// formTexts gives the form its words.
type formTexts struct{ lang i18n.Lang }

func (t formTexts) Text(key string) string { return i18n.Messages().Text(t.lang, key, nil) }
func (t formTexts) Has(key string) bool    { return i18n.Messages().Has(key) }
func (t formTexts) Lang() string           { return string(t.lang) }

// RegionView is a region to choose.
type RegionView struct {
	Code        string `json:"code" example:"110108"`
	Name        string `json:"name" example:"海淀区"`
	Level       int    `json:"level" doc:"1 province, 2 city, 3 county"`
	HasChildren bool   `json:"has_children"`
}

type listRegionsIn struct {
	Parent string `query:"parent" maxLength:"6" doc:"Code of the region above; empty for provinces"`
}

type listRegionsOut struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Items []RegionView `json:"items"`
	}
}

func (d *Deps) listRegions(_ context.Context, in *listRegionsIn) (*listRegionsOut, error) {
	out := &listRegionsOut{CacheControl: "public, max-age=3600"}
	out.Body.Items = []RegionView{}
	for _, r := range d.Cases.Tables.Children(in.Parent) {
		below := d.Cases.Tables.Children(r.Code)
		has := r.Level != refdata.CountyLevel && len(below) > 0
		out.Body.Items = append(out.Body.Items, RegionView{Code: r.Code, Name: r.Name, Level: int(r.Level), HasChildren: has})
	}
	return out, nil
}

// CertificateOption is a certificate type with the natures that may use it.
type CertificateOption struct {
	form.Option
	Natures   []int `json:"natures"`
	Principal bool  `json:"principal" doc:"A person in charge may use it"`
}

// ProvinceView is a province with a filing bureau.
type ProvinceView struct {
	Code    string `json:"code" example:"11"`
	Name    string `json:"name"`
	Licence string `json:"licence" doc:"Abbreviation in licence numbers" example:"京"`
}

// ContentOption is what a website may offer.
type ContentOption struct {
	form.Option
	Person bool `json:"person" doc:"Individuals may offer it"`
}

type getTablesOut struct {
	Body struct {
		Natures          []form.Option       `json:"natures"`
		CertificateTypes []CertificateOption `json:"certificate_types"`
		Provinces        []ProvinceView      `json:"provinces"`
		ServiceContents  []ContentOption     `json:"service_contents"`
	}
}

func (d *Deps) getTables(ctx context.Context, _ *struct{}) (*getTablesOut, error) {
	lang, tables := string(d.lang(ctx)), d.Cases.Tables.On(d.Clock.Now())
	out := &getTablesOut{}
	for _, n := range tables.Natures() {
		out.Body.Natures = append(out.Body.Natures, form.Option{Value: n.ID, Label: n.In(lang)})
	}
	for _, c := range tables.CertificateTypes() {
		out.Body.CertificateTypes = append(out.Body.CertificateTypes, CertificateOption{
			Option: form.Option{Value: c.ID, Label: c.In(lang)}, Natures: notNil(c.Natures), Principal: c.Principal})
	}
	for _, p := range tables.Provinces() {
		out.Body.Provinces = append(out.Body.Provinces, ProvinceView{Code: p.Code[:2], Name: p.In(lang), Licence: p.Licence})
	}
	for _, c := range tables.ServiceChoices() {
		out.Body.ServiceContents = append(out.Body.ServiceContents, ContentOption{Option: form.Option{Value: c.ID, Label: c.In(lang)}, Person: c.Person})
	}
	return out, nil
}
