package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/accounts"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

func registerMe(api huma.API, d *Deps) {
	huma.Register(api, huma.Operation{OperationID: "read-me", Method: http.MethodGet, Path: "/me", Tags: []string{accountsTag},
		Summary: "My account and what I may do"}, d.readMe)
	huma.Register(api, huma.Operation{OperationID: "set-language", Method: http.MethodPut, Path: "/me/language", Tags: []string{accountsTag},
		Summary: "Set my language", Description: "Messages to the account are written in it.", DefaultStatus: http.StatusNoContent}, d.setLanguage)
	huma.Register(api, huma.Operation{OperationID: "set-real-name", Method: http.MethodPut, Path: "/me/real-name", Tags: []string{accountsTag},
		Summary: "Give my account's real name", Description: "One account has one subject. An operator confirms the name; then a unit can file at once, " +
			"a person after a wait (48 hours unless set otherwise)."}, d.setRealName)
	huma.Register(api, huma.Operation{OperationID: "bind-login", Method: http.MethodPost, Path: "/me/logins", Tags: []string{accountsTag},
		Summary: "Add a log-in that a code has proved", DefaultStatus: http.StatusNoContent}, d.bindLogin)
}

// Me is the caller's own account.
type Me struct {
	ID          icp.AccountID       `json:"id"`
	Login       string              `json:"login" doc:"Masked" example:"l***@example.com"`
	Mail        string              `json:"mail" doc:"Masked; empty for none"`
	Mobile      string              `json:"mobile" doc:"Masked; empty for none" example:"139****0000"`
	Roles       []string            `json:"roles" doc:"Of staff; empty for applicants"`
	Permissions []access.Permission `json:"permissions" doc:"What the roles allow"`
	Language    string              `json:"language" enum:"zh-CN,en"`
	RealName    MaybeRealName       `json:"real_name" doc:"null while none is given"`
}

// MaybeRealName is a RealNameView or null.
type MaybeRealName struct{ *RealNameView }

// MarshalJSON writes the name itself, or null.
func (m MaybeRealName) MarshalJSON() ([]byte, error) { return json.Marshal(m.RealNameView) }

// Schema tells huma of the null, which it does not see in a pointer to a struct.
func (MaybeRealName) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{r.Schema(reflect.TypeFor[RealNameView](), true, ""), {Type: "null"}},
		Description: "null while none is given"}
}

// RealNameView is the caller's own real name.
type RealNameView struct {
	Kind            string              `json:"kind" enum:"unit,individual"`
	Name            string              `json:"name" example:"北京云杉数字科技有限公司"`
	CertificateType int                 `json:"certificate_type" example:"1"`
	Status          accounts.NameStatus `json:"status" enum:"pending,confirmed"`
	UsableFrom      *time.Time          `json:"usable_from" required:"true" doc:"From when on it can be filed under; null while pending"`
}

type meOut struct {
	ETag string `header:"ETag"`
	Body Me
}

func (d *Deps) meAnswer(a *store.Account) *meOut {
	me := Me{ID: a.ID, Login: accounts.Mask(accounts.LoginOf(a)), Roles: notNil(a.Roles), Permissions: access.Of(a.Roles), Language: a.Lang}
	if a.Mail != "" {
		me.Mail = accounts.Mask(a.Mail)
	}
	if a.Mobile != "" {
		me.Mobile = accounts.Mask(a.Mobile)
	}
	if a.Name.Kind != "" {
		me.RealName.RealNameView = &RealNameView{Kind: a.Name.Kind, Name: a.Name.Name, CertificateType: a.Name.CertificateType,
			Status: accounts.StatusOf(a.Name), UsableFrom: when(d.Accounts.UsableFrom(a.Name))}
	}
	return &meOut{ETag: etag(a.Version), Body: me}
}

func (d *Deps) readMe(ctx context.Context, _ *struct{}) (*meOut, error) {
	a, err := accountFrom(ctx)
	if err != nil {
		return nil, err
	}
	return d.meAnswer(a), nil
}

type setLanguageIn struct {
	Body struct {
		Language string `json:"language" enum:"zh-CN,en"`
	}
}

func (d *Deps) setLanguage(ctx context.Context, in *setLanguageIn) (*struct{}, error) {
	actor, err := actorFrom(ctx)
	if err != nil {
		return nil, err
	}
	return nil, d.Accounts.SetLanguage(ctx, actor, in.Body.Language)
}

type setRealNameIn struct {
	Body struct {
		Kind              string `json:"kind" enum:"unit,individual"`
		Name              string `json:"name" maxLength:"255" doc:"As on the certificate" example:"北京云杉数字科技有限公司"`
		CertificateType   int    `json:"certificate_type" doc:"The authority's id of the kind of certificate" example:"1"`
		CertificateNumber string `json:"certificate_number" maxLength:"255" example:"91110108MA0YK7W261"`
	}
}

func (d *Deps) setRealName(ctx context.Context, in *setRealNameIn) (*meOut, error) {
	actor, err := actorFrom(ctx)
	if err != nil {
		return nil, err
	}
	a, err := d.Accounts.SetRealName(ctx, actor, accounts.RealName(in.Body))
	if err != nil {
		return nil, err
	}
	return d.meAnswer(&a), nil
}

type bindLoginIn struct {
	Body struct {
		Login string `json:"login" maxLength:"200" doc:"Mail address or mobile number" example:"13900000000"`
		Code  string `json:"code" maxLength:"32" doc:"Sent for the purpose bind" example:"204816"`
	}
}

func (d *Deps) bindLogin(ctx context.Context, in *bindLoginIn) (*struct{}, error) {
	actor, err := actorFrom(ctx)
	if err != nil {
		return nil, err
	}
	return nil, d.Accounts.Bind(ctx, actor, in.Body.Login, in.Body.Code)
}
