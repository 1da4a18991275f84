package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/precheck"
)

func registerPrechecks(api huma.API, d *Deps) {
	const tag = "Pre-check"
	huma.Register(api, huma.Operation{OperationID: "run-precheck", Method: http.MethodPost, Path: "/prechecks", Tags: []string{tag},
		Summary: "Find out before signing up or buying whether a website can be filed", DefaultStatus: http.StatusCreated, Security: noSession, MaxBodyBytes: 16 << 10,
		Description: "Asks the registry, the authority and the site itself; takes some seconds. What could not be told is unknown and never stops anybody. " +
			"The certificate number and an individual's site name are judged and forgotten; the rest can be read by the id until the end told. " +
			"Bounded by network address and hour."}, d.runPrecheck)
	huma.Register(api, huma.Operation{OperationID: "get-precheck", Method: http.MethodGet, Path: "/prechecks/{id}", Tags: []string{tag},
		Summary: "Read the report of a pre-check", Description: "Whoever has the id may read it.", Security: noSession}, d.getPrecheck)
}

// PrecheckResource is what the website will run on.
type PrecheckResource struct {
	Kind         string `json:"kind" enum:"server,code,none" doc:"A server of one's own, an authorization code, or nothing yet"`
	Mainland     *bool  `json:"mainland,omitempty" doc:"The server stands in mainland China"`
	Prepaid      *bool  `json:"prepaid,omitempty"`
	MonthsBought *int   `json:"months_bought,omitempty" minimum:"0" maximum:"600" doc:"In total, renewals included" example:"12"`
	DaysLeft     *int   `json:"days_left,omitempty" minimum:"0" maximum:"10000" doc:"Until it expires" example:"200"`
}

// PrecheckInput is what a visitor tells.
type PrecheckInput struct {
	Domain            string            `json:"domain" maxLength:"1000" doc:"As typed or pasted: a name, a host or a URL" example:"https://www.yunshan.cn/"`
	Nature            int               `json:"nature" doc:"Kind of organiser; 5 is an individual" example:"4"`
	Region            string            `json:"region" maxLength:"6" doc:"Code of the province, or of a region in it" example:"110000"`
	SubjectFiled      precheck.Answer   `json:"subject_filed,omitempty" enum:"yes,no,unknown" doc:"Whether the organiser holds a filing, through whomever"`
	CertificateType   int               `json:"certificate_type,omitempty" doc:"Of the organiser" example:"1"`
	CertificateNumber string            `json:"certificate_number,omitempty" maxLength:"300" doc:"Asked of the authority and forgotten" example:"91110108MA0YK7W261"`
	WebsiteName       string            `json:"website_name,omitempty" maxLength:"512" doc:"Forgotten where the organiser is an individual" example:"云杉数字官网"`
	ServiceContent    int               `json:"service_content,omitempty" doc:"What the website offers" example:"8"`
	Resource          *PrecheckResource `json:"resource,omitempty"`
}

type runPrecheckIn struct {
	Body PrecheckInput
}

type precheckOut struct {
	Body PrecheckView
}

func (d *Deps) runPrecheck(ctx context.Context, in *runPrecheckIn) (*precheckOut, error) {
	b := in.Body
	input := precheck.Input{Domain: b.Domain, Nature: b.Nature, Region: b.Region, SubjectFiled: b.SubjectFiled, CertificateType: b.CertificateType,
		CertificateNumber: b.CertificateNumber, WebsiteName: b.WebsiteName, ServiceContent: b.ServiceContent}
	if b.Resource != nil {
		input.Resource = precheck.Resource(*b.Resource)
	}
	k, err := d.Prechecks.Run(ctx, input, infoFrom(ctx).ip)
	if err != nil {
		return nil, err
	}
	return &precheckOut{d.precheckView(ctx, &k)}, nil
}

type getPrecheckIn struct {
	ID string `path:"id" maxLength:"64"`
}

func (d *Deps) getPrecheck(ctx context.Context, in *getPrecheckIn) (*precheckOut, error) {
	k, err := d.Prechecks.Read(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &precheckOut{d.precheckView(ctx, &k)}, nil
}
