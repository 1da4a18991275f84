package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/inventory"
	"github.com/openbeian/beian/internal/store"
)

// CodeView is an authorization code (备案授权码).
type CodeView struct {
	ID         icp.CodeID   `json:"id"`
	Code       string       `json:"code" doc:"As people read it"`
	Server     icp.ServerID `json:"server,omitempty" doc:"For the owner"`
	ServerName string       `json:"server_name,omitempty" doc:"For the owner"`
	PublicIP   string       `json:"public_ip" doc:"The address that a filing will have"`
	State      string       `json:"state" enum:"unused,in_use,used,deleted"`
	Usable     bool         `json:"usable" doc:"It can be chosen now"`
	Reasons    []ReasonView `json:"reasons" doc:"Why it cannot be chosen now"`
	Note       string       `json:"note"`
	CreatedAt  time.Time    `json:"created_at"`
	Order      icp.OrderID  `json:"order,omitempty" doc:"The order that holds it"`
	Version    int64        `json:"version"`
}

func codeView(c *inventory.CodeView, text texts) CodeView {
	return CodeView{ID: c.ID, Code: c.Display, Server: c.Server, ServerName: c.ServerName, PublicIP: c.PublicIP, State: string(c.State),
		Usable: len(c.Invalid) == 0, Reasons: reasons(c.Invalid, text), Note: c.Note, CreatedAt: c.CreatedAt, Order: c.Order, Version: c.Version}
}

func registerCodes(api huma.API, d *Deps) {
	const tag = "Authorization codes"
	huma.Register(api, huma.Operation{OperationID: "list-codes", Method: http.MethodGet, Path: "/authorization-codes", Tags: []string{tag},
		Summary: "Codes that I made, or that were made for me"}, d.listCodes)
	huma.Register(api, huma.Operation{OperationID: "create-code", Method: http.MethodPost, Path: "/authorization-codes", Tags: []string{tag},
		Summary: "Make a code from one of my servers", Description: "Only a unit's account; at most five a server; one code files one site.", DefaultStatus: http.StatusCreated}, d.createCode)
	huma.Register(api, huma.Operation{OperationID: "move-code", Method: http.MethodPut, Path: "/authorization-codes/{id}", Tags: []string{tag},
		Summary: "Let a code stand for another server"}, d.moveCode)
	huma.Register(api, huma.Operation{OperationID: "delete-code", Method: http.MethodDelete, Path: "/authorization-codes/{id}", Tags: []string{tag},
		Summary: "Delete a code that was not used"}, d.deleteCode)
}

type listCodesIn struct {
	PageIn
	Side string `query:"side" enum:"owner,user" default:"owner"`
}

func (d *Deps) listCodes(ctx context.Context, in *listCodesIn) (*pageOut[CodeView], error) {
	actor, err := actorFrom(ctx)
	if err != nil {
		return nil, err
	}
	list := d.Inventory.OwnCodes
	if in.Side == "user" {
		list = d.Inventory.CodesFor
	}
	found, next, err := list(ctx, actor.Account, store.Cursor(in.Cursor), in.Limit)
	if err != nil {
		return nil, err
	}
	out, text := make([]CodeView, 0, len(found)), d.texts(ctx)
	for i := range found {
		out = append(out, codeView(&found[i], text))
	}
	return paged(out, string(next)), nil
}

type codeOut struct {
	ETag string `header:"ETag"`
	Body CodeView
}

func (d *Deps) codeAnswer(ctx context.Context, c inventory.CodeView, err error) (*codeOut, error) {
	if err != nil {
		return nil, err
	}
	return &codeOut{ETag: etag(c.Version), Body: codeView(&c, d.texts(ctx))}, nil
}

type createCodeIn struct {
	Idempotent
	Body struct {
		Server  icp.ServerID `json:"server" example:"01k9x2m4p6"`
		Account string       `json:"account" maxLength:"128" doc:"Id, mail address or mobile number of the account that may use it" example:"zhou@example.com"`
		Note    string       `json:"note,omitempty" maxLength:"500" example:"For the shop site"`
	}
}

func (d *Deps) createCode(ctx context.Context, in *createCodeIn) (*codeOut, error) {
	actor, err := actorFrom(ctx)
	if err != nil {
		return nil, err
	}
	c, err := d.Inventory.CreateCode(ctx, actor, inventory.NewCode{Server: in.Body.Server, User: in.Body.Account, Note: in.Body.Note}, in.IdempotencyKey)
	return d.codeAnswer(ctx, c, err)
}

// CodePath names an authorization code in a path.
type CodePath struct {
	ID icp.CodeID `path:"id" doc:"Code id"`
}

type moveCodeIn struct {
	CodePath
	IfMatch
	Body struct {
		Server icp.ServerID `json:"server" example:"01k9x2m4p6"`
	}
}

func (d *Deps) moveCode(ctx context.Context, in *moveCodeIn) (*codeOut, error) {
	actor, version, err := d.edit(ctx, in.IfMatch)
	if err != nil {
		return nil, err
	}
	c, err := d.Inventory.ChangeServer(ctx, actor, in.ID, version, in.Body.Server)
	return d.codeAnswer(ctx, c, err)
}

type deleteCodeIn struct {
	CodePath
	IfMatch
}

func (d *Deps) deleteCode(ctx context.Context, in *deleteCodeIn) (*struct{}, error) {
	actor, version, err := d.edit(ctx, in.IfMatch)
	if err != nil {
		return nil, err
	}
	return nil, d.Inventory.DeleteCode(ctx, actor, in.ID, version)
}
