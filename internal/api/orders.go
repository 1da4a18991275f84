package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// orderOut answers with a whole case and its version.
type orderOut struct {
	ETag string `header:"ETag" doc:"The order's version, for If-Match"`
	Body OrderView
}

// OrderPath names an order in a path.
type OrderPath struct {
	ID icp.OrderID `path:"id" doc:"Order id" example:"261124-7K3M9QXR"`
}

// PickedResource is what a website shall run on: a server of the account or an
// authorization code.
type PickedResource struct {
	Kind   icp.ResourceKind `json:"kind" enum:"server,code"`
	Server icp.ServerID     `json:"server,omitempty" doc:"For kind server" example:"01k9x2m4p6"`
	Code   string           `json:"code,omitempty" doc:"For kind code: the code as it was given to you" example:"K7QX-93MT-2HPA"`
}

func (p PickedResource) want() icp.Resource {
	return icp.Resource{Kind: p.Kind, Server: p.Server, Code: icp.CodeID(p.Code)}
}

// SubjectInput are the answers about the subject and its principal.
type SubjectInput struct {
	Region             string         `json:"region" maxLength:"6" doc:"Place of filing: a GB/T 2260 code" example:"110108"`
	Nature             int            `json:"nature" example:"4"`
	CertificateType    int            `json:"certificate_type" example:"1"`
	CertificateNumber  string         `json:"certificate_number" maxLength:"300" example:"91110108MA0YK7W261"`
	Name               string         `json:"name" maxLength:"2000" example:"北京云杉数字科技有限公司"`
	CertificateAddress string         `json:"certificate_address" maxLength:"4000" example:"北京市海淀区学院路 1 号 2 层 201 室"`
	Investor           string         `json:"investor,omitempty" maxLength:"2000" example:"北京云杉数字科技有限公司"`
	Address            string         `json:"address" maxLength:"4000" example:"学院路 1 号 2 层 201 室"`
	Principal          PrincipalInput `json:"principal"`
	Remark             string         `json:"remark,omitempty" maxLength:"4000" example:"主体信息与原备案一致"`
}

// PrincipalInput are the answers about a responsible person. Drafts may be
// incomplete; what is missing is listed in the order's findings.
type PrincipalInput struct {
	Name              string            `json:"name,omitempty" maxLength:"500" example:"周明远"`
	CertificateType   int               `json:"certificate_type,omitempty" example:"2"`
	CertificateNumber string            `json:"certificate_number,omitempty" maxLength:"300" example:"11010519491231002X"`
	CertificateUntil  string            `json:"certificate_until,omitempty" maxLength:"20" doc:"YYYY-MM-DD or long_term" example:"2036-01-01"`
	Role              icp.PrincipalRole `json:"role,omitempty" enum:",legal_representative,authorised" doc:"In what capacity a unit's principal answers"`
	Mobile            string            `json:"mobile,omitempty" maxLength:"200" example:"13800138000"`
	OfficePhone       string            `json:"office_phone,omitempty" maxLength:"200" example:"010-87654321"`
	EmergencyPhone    string            `json:"emergency_phone,omitempty" maxLength:"200" example:"13900139000"`
	Email             string            `json:"email,omitempty" maxLength:"200" example:"zhou@example.com"`
	Remark            string            `json:"remark,omitempty" maxLength:"4000" example:"主体信息与原备案一致"`
}

func (in SubjectInput) subject() icp.Subject {
	return icp.Subject{Region: in.Region, Nature: in.Nature, CertificateType: in.CertificateType, CertificateNumber: in.CertificateNumber,
		Name: in.Name, CertificateAddress: in.CertificateAddress, Investor: in.Investor, Address: in.Address,
		Principal: icp.Principal(in.Principal), Remark: in.Remark}
}

// WebsiteInput are the answers about a website; domain and home page are fixed.
type WebsiteInput struct {
	Name           string            `json:"name" maxLength:"2000" example:"云杉数字官网"`
	Resource       *PickedResource   `json:"resource,omitempty" doc:"Only to change it"`
	ServiceContent int               `json:"service_content" example:"8"`
	Languages      []int             `json:"languages" maxItems:"64"`
	PreApprovals   []icp.PreApproval `json:"pre_approvals" maxItems:"64"`
	SameAsSubject  bool              `json:"same_as_subject"`
	Principal      PrincipalInput    `json:"principal"`
	Remark         string            `json:"remark,omitempty" maxLength:"4000" example:"主体信息与原备案一致"`
}

func (in WebsiteInput) website(id icp.WebsiteID) icp.Website {
	return icp.Website{ID: id, Name: in.Name, ServiceContent: in.ServiceContent, Languages: notNil(in.Languages),
		PreApprovals: notNil(in.PreApprovals), SameAsSubject: in.SameAsSubject, Principal: icp.Principal(in.Principal), Remark: in.Remark}
}

// NewOrderInput begins an order.
type NewOrderInput struct {
	DomainCheck string         `json:"domain_check" doc:"Id of a domain check that found the domain fileable" example:"01k9x2m4p6"`
	Resource    PickedResource `json:"resource"`
}

func registerOrders(api huma.API, d *Deps) {
	const tag = "Orders"
	huma.Register(api, huma.Operation{OperationID: "list-orders", Method: http.MethodGet, Path: "/orders", Tags: []string{tag},
		Summary: "List my orders, newest first"}, d.listOrders)
	huma.Register(api, huma.Operation{OperationID: "create-order", Method: http.MethodPost, Path: "/orders", Tags: []string{tag},
		Summary: "Begin an order", DefaultStatus: http.StatusCreated,
		Description: "Works out the filing type, fills in what is known and lends the resource to the first website."}, d.createOrder)
	huma.Register(api, huma.Operation{OperationID: "get-order", Method: http.MethodGet, Path: "/orders/{id}", Tags: []string{tag},
		Summary: "Read an order"}, d.readOrder)
	huma.Register(api, huma.Operation{OperationID: "update-subject", Method: http.MethodPut, Path: "/orders/{id}/subject", Tags: []string{tag},
		Summary: "Save the answers about the subject", Description: "Drafts may be incomplete; the answer lists what is still missing or wrong."}, d.updateSubject)
	huma.Register(api, huma.Operation{OperationID: "check-filing", Method: http.MethodPut, Path: "/orders/{id}/filing", Tags: []string{tag},
		Summary: "Prove the existing filing", Description: "Checks licence number and filing password with the authority; without a password only the number is kept."}, d.checkFiling)
	huma.Register(api, huma.Operation{OperationID: "add-website", Method: http.MethodPost, Path: "/orders/{id}/websites", Tags: []string{tag},
		Summary: "Add a website", DefaultStatus: http.StatusCreated}, d.addWebsite)
	huma.Register(api, huma.Operation{OperationID: "update-website", Method: http.MethodPut, Path: "/orders/{id}/websites/{website}", Tags: []string{tag},
		Summary: "Save the answers about a website"}, d.updateWebsite)
	huma.Register(api, huma.Operation{OperationID: "remove-website", Method: http.MethodDelete, Path: "/orders/{id}/websites/{website}", Tags: []string{tag},
		Summary: "Remove a website with its materials", DefaultStatus: http.StatusOK}, d.removeWebsite)
	huma.Register(api, huma.Operation{OperationID: "sort-websites", Method: http.MethodPut, Path: "/orders/{id}/website-order", Tags: []string{tag},
		Summary: "Put the websites into another order"}, d.sortWebsites)
	registerOrderActs(api, d)
}

type listOrdersIn struct{ PageIn }

func (d *Deps) listOrders(ctx context.Context, in *listOrdersIn) (*pageOut[OrderSummary], error) {
	actor, err := actorFrom(ctx)
	if err != nil {
		return nil, err
	}
	found, next, err := d.Cases.Mine(ctx, actor, store.Cursor(in.Cursor), in.Limit)
	if err != nil {
		return nil, err
	}
	out := make([]OrderSummary, 0, len(found))
	for _, o := range found {
		out = append(out, d.summary(o, actor))
	}
	return paged(out, string(next)), nil
}

type createOrderIn struct {
	Idempotent
	Channel icp.Channel `header:"X-Beian-Channel" enum:"web,mobile,api" default:"api" doc:"Where the order is made; each channel can be closed for new orders"`
	Body    NewOrderInput
}

func (d *Deps) createOrder(ctx context.Context, in *createOrderIn) (*orderOut, error) {
	actor, err := actorFrom(ctx)
	if err != nil {
		return nil, err
	}
	o, err := d.Cases.Create(ctx, actor, casework.NewOrder{DomainCheck: in.Body.DomainCheck, Resource: in.Body.Resource.want(),
		Channel: in.Channel, IdempotencyKey: in.IdempotencyKey})
	return d.orderAnswer(ctx, actor, o, err)
}

func (d *Deps) readOrder(ctx context.Context, in *OrderPath) (*orderOut, error) {
	actor, err := d.caseReader(ctx)
	if err != nil {
		return nil, err
	}
	o, err := d.Cases.Order(ctx, actor, in.ID)
	return d.orderAnswer(ctx, actor, o, err)
}

type updateSubjectIn struct {
	OrderPath
	IfMatch
	Body SubjectInput
}

func (d *Deps) updateSubject(ctx context.Context, in *updateSubjectIn) (*orderOut, error) {
	actor, version, err := d.edit(ctx, in.IfMatch)
	if err != nil {
		return nil, err
	}
	o, err := d.Cases.UpdateSubject(ctx, actor, in.ID, version, in.Body.subject())
	return d.orderAnswer(ctx, actor, o, err)
}

type checkFilingIn struct {
	OrderPath
	IfMatch
	Body struct {
		LicenceNo string `json:"licence_no" maxLength:"64" example:"京ICP备2024012345号"`
		Password  string `json:"password,omitempty" maxLength:"64" doc:"The filing password; never kept as it is" example:"beian-2026"`
	}
}

func (d *Deps) checkFiling(ctx context.Context, in *checkFilingIn) (*orderOut, error) {
	actor, version, err := d.edit(ctx, in.IfMatch)
	if err != nil {
		return nil, err
	}
	o, err := d.Cases.CheckFiling(ctx, actor, in.ID, version, in.Body.LicenceNo, in.Body.Password)
	return d.orderAnswer(ctx, actor, o, err)
}

type addWebsiteIn struct {
	OrderPath
	IfMatch
	Idempotent
	Body NewOrderInput
}

func (d *Deps) addWebsite(ctx context.Context, in *addWebsiteIn) (*orderOut, error) {
	actor, version, err := d.edit(ctx, in.IfMatch)
	if err != nil {
		return nil, err
	}
	o, err := d.Cases.AddWebsite(ctx, actor, in.ID, version, in.Body.DomainCheck, in.Body.Resource.want(), in.IdempotencyKey)
	return d.orderAnswer(ctx, actor, o, err)
}

// WebsitePath names a website of an order in a path.
type WebsitePath struct {
	OrderPath
	Website icp.WebsiteID `path:"website" doc:"Website id"`
}

type updateWebsiteIn struct {
	WebsitePath
	IfMatch
	Body WebsiteInput
}

func (d *Deps) updateWebsite(ctx context.Context, in *updateWebsiteIn) (*orderOut, error) {
	actor, version, err := d.edit(ctx, in.IfMatch)
	if err != nil {
		return nil, err
	}
	site := in.Body.website(in.Website)
	if in.Body.Resource != nil {
		site.Resource = in.Body.Resource.want()
	}
	o, err := d.Cases.UpdateWebsite(ctx, actor, in.ID, version, site)
	return d.orderAnswer(ctx, actor, o, err)
}

type removeWebsiteIn struct {
	WebsitePath
	IfMatch
}

func (d *Deps) removeWebsite(ctx context.Context, in *removeWebsiteIn) (*orderOut, error) {
	actor, version, err := d.edit(ctx, in.IfMatch)
	if err != nil {
		return nil, err
	}
	o, err := d.Cases.RemoveWebsite(ctx, actor, in.ID, version, in.Website)
	return d.orderAnswer(ctx, actor, o, err)
}

type sortWebsitesIn struct {
	OrderPath
	IfMatch
	Body struct {
		Websites []icp.WebsiteID `json:"websites" maxItems:"100" doc:"All website ids of the order in their new sequence"`
	}
}

func (d *Deps) sortWebsites(ctx context.Context, in *sortWebsitesIn) (*orderOut, error) {
	actor, version, err := d.edit(ctx, in.IfMatch)
	if err != nil {
		return nil, err
	}
	o, err := d.Cases.ReorderWebsites(ctx, actor, in.ID, version, in.Body.Websites)
	return d.orderAnswer(ctx, actor, o, err)
}

// edit is what every change of an order begins with: who, and on which version.
func (d *Deps) edit(ctx context.Context, m IfMatch) (icp.Actor, int64, error) {
	actor, err := actorFrom(ctx)
	if err != nil {
		return actor, 0, err
	}
	version, err := m.seen()
	return actor, version, err
}

// orderAnswer shows the order that a command gave.
func (d *Deps) orderAnswer(ctx context.Context, actor icp.Actor, o *icp.Order, err error) (*orderOut, error) {
	if err != nil {
		return nil, err
	}
	body, err := d.view(ctx, o, actor)
	if err != nil {
		return nil, err
	}
	return &orderOut{ETag: etag(o.Version), Body: body}, nil
}
