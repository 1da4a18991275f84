package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/domaincheck/saved"
	"github.com/openbeian/beian/internal/icp"
)

// DomainCheckView is a saved check of a domain (域名检测).
type DomainCheckView struct {
	ID        string                  `json:"id"`
	Domain    string                  `json:"domain" doc:"The registrable name, ASCII" example:"yunshan.cn"`
	Unicode   string                  `json:"unicode" doc:"As people write it"`
	HomeURL   string                  `json:"home_url" example:"www.yunshan.cn"`
	Cut       bool                    `json:"subdomain_cut" doc:"A sub-domain was entered; its registrable name was checked"`
	At        time.Time               `json:"at"`
	Until     time.Time               `json:"until" doc:"An order can rest on the check until then"`
	Fileable  bool                    `json:"fileable"`
	RetryAt   *time.Time              `json:"retry_at,omitempty" doc:"The earliest time at which waiting alone helps"`
	LicenceNo string                  `json:"filed_licence_no,omitempty"`
	Checks    []DomainCheckResultView `json:"checks"`
}

// DomainCheckResultView is one of the checks.
type DomainCheckResultView struct {
	ID       string            `json:"id" example:"registrar_approved"`
	Label    string            `json:"label"`
	State    string            `json:"state" enum:"passed,failed,unknown,not_applicable"`
	Severity string            `json:"severity" enum:"fine,notice,warning,blocker"`
	Blocking bool              `json:"blocking"`
	Message  string            `json:"message"`
	Remedy   string            `json:"remedy,omitempty"`
	Evidence map[string]string `json:"evidence"`
	RetryAt  *time.Time        `json:"retry_at,omitempty"`
}

func registerDomainChecks(api huma.API, d *Deps) {
	const tag = "Domain checks"
	huma.Register(api, huma.Operation{OperationID: "check-domain", Method: http.MethodPost, Path: "/domain-checks", Tags: []string{tag},
		Summary: "Check whether a domain can be filed", DefaultStatus: http.StatusCreated,
		Description: "Asks the registry, the authority and the site itself; takes some seconds. What could not be told is unknown and never blocks."}, d.checkDomain)
	huma.Register(api, huma.Operation{OperationID: "get-domain-check", Method: http.MethodGet, Path: "/domain-checks/{id}", Tags: []string{tag},
		Summary: "Read a check"}, d.getDomainCheck)
}

type checkDomainIn struct {
	Body struct {
		Domain  string      `json:"domain" maxLength:"1000" doc:"As typed or pasted: a name, a host or a URL" example:"https://www.yunshan.cn/"`
		Refresh bool        `json:"refresh,omitempty" doc:"Ask the registry even when fresh facts are kept"`
		Order   icp.OrderID `json:"order,omitempty" doc:"The order that it is for, when there is one" example:"261124-7K3M9QXR"`
	}
}

type domainCheckOut struct {
	Body DomainCheckView
}

func (d *Deps) checkDomain(ctx context.Context, in *checkDomainIn) (*domainCheckOut, error) {
	actor, err := actorFrom(ctx)
	if err != nil {
		return nil, err
	}
	c, err := d.DomainChecks.Run(ctx, actor, saved.Input{Domain: in.Body.Domain, Order: in.Body.Order, Refresh: in.Body.Refresh})
	if err != nil {
		return nil, err
	}
	return &domainCheckOut{Body: domainCheckView(&c, d.texts(ctx))}, nil
}

type getDomainCheckIn struct {
	ID string `path:"id"`
}

func (d *Deps) getDomainCheck(ctx context.Context, in *getDomainCheckIn) (*domainCheckOut, error) {
	actor, err := d.caseReader(ctx)
	if err != nil {
		return nil, err
	}
	c, err := d.DomainChecks.Read(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return &domainCheckOut{Body: domainCheckView(&c, d.texts(ctx))}, nil
}

func domainCheckView(c *saved.Check, text texts) DomainCheckView {
	r := &c.Result
	v := DomainCheckView{ID: c.ID, Domain: r.Name.ASCII, Unicode: r.Name.Unicode, HomeURL: c.HomeURL(), Cut: r.Name.SubdomainCut(), At: c.At,
		Until: c.Until, Fileable: c.Fileable(), Checks: []DomainCheckResultView{}}
	v.RetryAt = r.RetryAt()
	if r.Filing != nil && r.Filing.Filed {
		v.LicenceNo = r.Filing.SiteLicence
	}
	for _, check := range r.Checks {
		v.Checks = append(v.Checks, domainCheckResultView(check, text))
	}
	return v
}

func domainCheckResultView(c domaincheck.Check, text texts) DomainCheckResultView {
	params := saved.MessageParams(c)
	v := DomainCheckResultView{ID: string(c.ID), Label: text("domain.check."+string(c.ID)+".label", nil), State: string(c.State),
		Severity: string(c.Severity), Blocking: c.Blocking, Message: text(c.MessageKey, params), Evidence: params, RetryAt: c.RetryAt}
	if c.RemedyKey != "" {
		v.Remedy = text(c.RemedyKey, params)
	}
	return v
}
