package api

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/inventory"
	"github.com/openbeian/beian/internal/store"
)

// ReasonView is why a resource cannot be used, or what to do about it.
type ReasonView struct {
	Code    string `json:"code" example:"resource.expiring"`
	Message string `json:"message"`
}

// ServerView is a server of the inventory as its account sees it.
type ServerView struct {
	ID           icp.ServerID  `json:"id"`
	ExternalID   string        `json:"external_id"`
	Account      icp.AccountID `json:"account,omitempty" doc:"Staff only"`
	Name         string        `json:"name"`
	Region       string        `json:"region"`
	Mainland     bool          `json:"mainland"`
	PublicIP     string        `json:"public_ip"`
	Billing      string        `json:"billing" enum:"prepaid,pay_as_you_go"`
	BoughtMonths int           `json:"bought_months"`
	ExpiresAt    *time.Time    `json:"expires_at,omitempty"`
	Eligible     bool          `json:"eligible" doc:"One more site can be filed on it"`
	Reasons      []ReasonView  `json:"reasons" doc:"Every condition it does not meet"`
	Fixes        []ReasonView  `json:"fixes" doc:"The cheapest way out"`
	Uses         int           `json:"uses" doc:"Own sites in open orders and filed"`
	MaxUses      int           `json:"max_uses"`
	Codes        int           `json:"codes" doc:"Authorization codes made from it"`
	Version      int64         `json:"version"`
}

// ChoicesView is everything on which the account can run a site.
type ChoicesView struct {
	Servers  []ServerView `json:"servers"`
	Codes    []CodeView   `json:"codes" doc:"Unused codes made for this account"`
	Eligible bool         `json:"eligible" doc:"At least one server or code can be chosen"`
	Advice   []ReasonView `json:"advice" doc:"What to do when none can, the cheapest first"`
}

func registerResources(api huma.API, d *Deps) {
	huma.Register(api, huma.Operation{OperationID: "check-resources", Method: http.MethodGet, Path: "/resources", Tags: []string{"Resources"},
		Summary: "What the account can file with", Description: "Every server with the conditions that it misses and the cheapest way out, and the authorization codes made for the account."}, d.checkResources)
	const tag = "Inventory"
	huma.Register(api, huma.Operation{OperationID: "list-servers", Method: http.MethodGet, Path: "/servers", Tags: []string{tag},
		Summary: "Servers: one's own, or for staff anybody's"}, d.listServers)
	huma.Register(api, huma.Operation{OperationID: "put-server", Method: http.MethodPost, Path: "/servers", Tags: []string{tag},
		Summary: "Add a server, or update the one of the same external id", DefaultStatus: http.StatusOK}, d.putServer)
	huma.Register(api, huma.Operation{OperationID: "import-servers", Method: http.MethodPost, Path: "/servers/import", Tags: []string{tag},
		Summary: "Import servers from CSV", DefaultStatus: http.StatusOK, MaxBodyBytes: 8 << 20, BodyReadTimeout: uploadTime,
		Description: "Good rows are taken in and bad ones reported with line and column; with dry_run nothing is kept.",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}}}}, d.importServers)
}

type choicesOut struct {
	Body ChoicesView
}

func (d *Deps) checkResources(ctx context.Context, _ *struct{}) (*choicesOut, error) {
	actor, err := actorFrom(ctx)
	if err != nil {
		return nil, err
	}
	found, err := d.Inventory.Choices(ctx, actor.Account)
	if err != nil {
		return nil, err
	}
	text := d.texts(ctx)
	out := &choicesOut{Body: ChoicesView{Servers: []ServerView{}, Codes: []CodeView{}, Eligible: found.Ready, Advice: reasons(found.Advice, text)}}
	for i := range found.Servers {
		out.Body.Servers = append(out.Body.Servers, d.serverView(&found.Servers[i], actor, text))
	}
	for i := range found.Codes {
		out.Body.Codes = append(out.Body.Codes, codeView(&found.Codes[i], text))
	}
	return out, nil
}

func reasons(in []inventory.Reason, text texts) []ReasonView {
	out := make([]ReasonView, 0, len(in))
	for _, r := range in {
		out = append(out, ReasonView{Code: r.Code, Message: text(r.Code, r.Params)})
	}
	return out
}

func (d *Deps) serverView(s *inventory.ServerView, reader icp.Actor, text texts) ServerView {
	v := ServerView{ID: s.ID, ExternalID: s.ExternalID, Name: s.Name, Region: s.Region, Mainland: s.Mainland, PublicIP: s.PublicIP,
		Billing: s.Billing, BoughtMonths: s.BoughtMonths, Eligible: s.Eligibility.OK, Reasons: reasons(s.Eligibility.Reasons, text),
		Fixes: reasons(s.Eligibility.Fixes, text), Uses: s.Sites, MaxUses: d.Inventory.Limits().SitesPerServer, Codes: s.Codes, Version: s.Version}
	if !s.ExpiresAt.IsZero() {
		v.ExpiresAt = &s.ExpiresAt
	}
	if reader.Party == icp.Provider {
		v.Account = s.Account
	}
	return v
}

type listServersIn struct {
	PageIn
	Account icp.AccountID `query:"account" doc:"Staff: whose servers; empty for all"`
}

func (d *Deps) listServers(ctx context.Context, in *listServersIn) (*pageOut[ServerView], error) {
	actor, err := actorFrom(ctx)
	if err != nil {
		return nil, err
	}
	whose := in.Account
	if actor.Party == icp.Applicant {
		whose = actor.Account
	}
	found, next, err := d.Inventory.Servers(ctx, actor, whose, store.Cursor(in.Cursor), in.Limit)
	if err != nil {
		return nil, err
	}
	out, text := make([]ServerView, 0, len(found)), d.texts(ctx)
	for i := range found {
		out = append(out, d.serverView(&found[i], actor, text))
	}
	return paged(out, string(next)), nil
}

// ServerInput is a server as the provider's own systems know it.
type ServerInput struct {
	ExternalID   string     `json:"external_id" maxLength:"128" doc:"The provider's own name for it; says which server this is" example:"ins-0a1b2c"`
	Account      string     `json:"account" maxLength:"128" doc:"Id, mail address or mobile number of who rents it" example:"zhou@example.com"`
	Name         string     `json:"name" maxLength:"128" example:"web-1"`
	Region       string     `json:"region" maxLength:"64" example:"ap-beijing"`
	Mainland     bool       `json:"mainland" doc:"Whether the region lies in mainland China"`
	PublicIP     string     `json:"public_ip,omitempty" example:"203.0.113.7"`
	Billing      string     `json:"billing" enum:"prepaid,pay_as_you_go"`
	BoughtMonths int        `json:"bought_months" doc:"Bought in total, renewals included" example:"12"`
	ExpiresAt    *time.Time `json:"expires_at,omitempty" example:"2027-11-24T00:00:00Z"`
}

type putServerIn struct {
	Body ServerInput
}

type putServerOut struct {
	Body struct {
		Change inventory.Change `json:"change" enum:"added,updated,unchanged"`
		ID     icp.ServerID     `json:"id"`
	}
}

func (d *Deps) putServer(ctx context.Context, in *putServerIn) (*putServerOut, error) {
	actor, err := requireStaff(ctx, access.InventoryManage)
	if err != nil {
		return nil, err
	}
	b := in.Body
	input := inventory.ServerInput{ExternalID: b.ExternalID, Account: b.Account, Name: b.Name, Region: b.Region, Mainland: b.Mainland,
		PublicIP: b.PublicIP, Billing: b.Billing, BoughtMonths: b.BoughtMonths}
	if b.ExpiresAt != nil {
		input.ExpiresAt = *b.ExpiresAt
	}
	s, change, err := d.Inventory.Put(ctx, actor, input)
	if err != nil {
		return nil, err
	}
	out := &putServerOut{}
	out.Body.Change, out.Body.ID = change, s.ID
	return out, nil
}

// ImportView says what became of the rows of an imported file.
type ImportView struct {
	DryRun    bool            `json:"dry_run"`
	Rows      int             `json:"rows"`
	Added     int             `json:"added"`
	Updated   int             `json:"updated"`
	Unchanged int             `json:"unchanged"`
	Failed    int             `json:"failed"`
	Errors    []ImportProblem `json:"errors"`
}

// ImportProblem is one fault of an imported file.
type ImportProblem struct {
	Line    int    `json:"line" doc:"1 is the header"`
	Column  string `json:"column,omitempty"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

type importServersIn struct {
	DryRun  bool `query:"dry_run"`
	RawBody []byte
}

type importServersOut struct {
	Body ImportView
}

func (d *Deps) importServers(ctx context.Context, in *importServersIn) (*importServersOut, error) {
	actor, err := requireStaff(ctx, access.InventoryManage)
	if err != nil {
		return nil, err
	}
	r, err := d.Inventory.Import(ctx, actor, bytes.NewReader(in.RawBody), in.DryRun)
	if err != nil {
		return nil, atPointer(err, "/file")
	}
	text := d.texts(ctx)
	out := &importServersOut{Body: ImportView{DryRun: r.DryRun, Rows: r.Rows, Added: r.Added, Updated: r.Updated, Unchanged: r.Unchanged,
		Failed: r.Failed, Errors: []ImportProblem{}}}
	for _, e := range r.Errors {
		out.Body.Errors = append(out.Body.Errors, ImportProblem{Line: e.Line, Column: e.Column, Code: e.Code, Message: text(e.Code, e.Params)})
	}
	return out, nil
}
