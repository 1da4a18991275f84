package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/accounts"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

const accountsTag = "Accounts"

func registerVerificationCodes(api huma.API, d *Deps) {
	huma.Register(api, huma.Operation{OperationID: "request-code", Method: http.MethodPost, Path: "/verification-codes", Tags: []string{accountsTag},
		Summary: "Send a verification code", Security: noSession, DefaultStatus: http.StatusAccepted,
		Description: "Sends a code of six digits. The answer is the same whether the address has an account or not."}, d.requestCode)
}

type requestCodeIn struct {
	Body struct {
		To      string `json:"to" maxLength:"200" doc:"Mail address or mobile number" example:"li.lei@example.com"`
		Purpose string `json:"purpose" enum:"sign_up,reset_password,bind" doc:"What the code is for"`
	}
}

func (d *Deps) requestCode(ctx context.Context, in *requestCodeIn) (*struct{}, error) {
	info := infoFrom(ctx)
	return nil, d.Accounts.RequestCode(ctx, accounts.CodeRequest{Purpose: in.Body.Purpose, Target: in.Body.To, IP: info.ip, Lang: string(info.lang)})
}

// AccountSummary is a line in the list of accounts; the log-in is masked.
type AccountSummary struct {
	ID        icp.AccountID `json:"id"`
	Login     string        `json:"login" doc:"Masked" example:"l***@example.com"`
	Roles     []string      `json:"roles" doc:"Of staff; empty for applicants"`
	Disabled  bool          `json:"disabled"`
	RealName  *NameSummary  `json:"real_name,omitempty"`
	CreatedAt time.Time     `json:"created_at"`
	Version   int64         `json:"version"`
}

// NameSummary tells how far a real name has come without telling the name.
type NameSummary struct {
	Kind       string              `json:"kind" enum:"unit,individual"`
	Status     accounts.NameStatus `json:"status" enum:"pending,confirmed"`
	UsableFrom *time.Time          `json:"usable_from,omitempty" doc:"From when on it can be filed under; missing while pending"`
}

func (d *Deps) accountSummary(a *store.Account) AccountSummary {
	s := AccountSummary{ID: a.ID, Login: accounts.Mask(accounts.LoginOf(a)), Roles: notNil(a.Roles), Disabled: a.Disabled,
		CreatedAt: a.CreatedAt, Version: a.Version}
	if a.Name.Kind != "" {
		s.RealName = &NameSummary{Kind: a.Name.Kind, Status: accounts.StatusOf(a.Name), UsableFrom: when(d.Accounts.UsableFrom(a.Name))}
	}
	return s
}

// when is nil for the zero time.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

type accountOut struct {
	ETag string `header:"ETag" doc:"The account's version, for If-Match"`
	Body AccountSummary
}

func (d *Deps) accountAnswer(a store.Account, err error) (*accountOut, error) {
	if err != nil {
		return nil, err
	}
	return &accountOut{ETag: etag(a.Version), Body: d.accountSummary(&a)}, nil
}

func registerAccounts(api huma.API, d *Deps) {
	huma.Register(api, huma.Operation{OperationID: "sign-up", Method: http.MethodPost, Path: "/accounts", Tags: []string{accountsTag},
		Summary: "Sign up", Description: "Makes an applicant's account for an address that a code has proved, and begins its session.",
		Security: noSession, DefaultStatus: http.StatusCreated}, d.signUp)
	huma.Register(api, huma.Operation{OperationID: "list-accounts", Method: http.MethodGet, Path: "/accounts", Tags: []string{accountsTag},
		Summary: "List accounts, newest first", Description: "Staff with account.read."}, d.listAccounts)
	huma.Register(api, huma.Operation{OperationID: "add-staff", Method: http.MethodPost, Path: "/accounts/staff", Tags: []string{accountsTag},
		Summary: "Add an account of staff", Description: "Staff with account.manage.", DefaultStatus: http.StatusCreated}, d.addStaff)
	huma.Register(api, huma.Operation{OperationID: "set-roles", Method: http.MethodPut, Path: "/accounts/{id}/roles", Tags: []string{accountsTag},
		Summary: "Set the roles of staff", Description: "Staff with account.manage; not on the own account."}, d.setRoles)
	huma.Register(api, huma.Operation{OperationID: "set-disabled", Method: http.MethodPut, Path: "/accounts/{id}/disabled", Tags: []string{accountsTag},
		Summary: "Shut an account out or let it in again", Description: "Staff with account.manage; not on the own account."}, d.setDisabled)
	huma.Register(api, huma.Operation{OperationID: "confirm-real-name", Method: http.MethodPost, Path: "/accounts/{id}/real-name/confirm", Tags: []string{accountsTag},
		Summary: "Confirm an account's real name", Description: "Staff with name.confirm, who have seen the proof.", DefaultStatus: http.StatusOK}, d.confirmRealName)
}

type signUpIn struct {
	Body struct {
		Login    string `json:"login" maxLength:"200" doc:"Mail address or mobile number" example:"li.lei@example.com"`
		Code     string `json:"code" maxLength:"32" doc:"As sent" example:"204816"`
		Password string `json:"password" maxLength:"512" doc:"At least ten characters, not a common one" example:"a quiet morning 7"`
	}
}

type signUpOut struct {
	Body struct {
		ID    icp.AccountID `json:"id"`
		Login string        `json:"login" doc:"Masked" example:"l***@example.com"`
	}
}

func (d *Deps) signUp(ctx context.Context, in *signUpIn) (*signUpOut, error) {
	a, err := d.Accounts.SignUp(ctx, accounts.NewAccount{Login: in.Body.Login, Code: in.Body.Code, Password: in.Body.Password,
		Lang: string(infoFrom(ctx).lang)})
	if err != nil {
		return nil, err
	}
	if err := d.beginSession(ctx, &a); err != nil {
		return nil, err
	}
	out := &signUpOut{}
	out.Body.ID, out.Body.Login = a.ID, accounts.Mask(accounts.LoginOf(&a))
	return out, nil
}

type listAccountsIn struct {
	PageIn
	Login string `query:"login" maxLength:"200" doc:"Find the account with this whole log-in"`
}

func (d *Deps) listAccounts(ctx context.Context, in *listAccountsIn) (*pageOut[AccountSummary], error) {
	if _, err := requireStaff(ctx, access.AccountRead); err != nil {
		return nil, err
	}
	found, next, err := d.Accounts.List(ctx, store.Cursor(in.Cursor), in.Limit, in.Login)
	if err != nil {
		return nil, err
	}
	out := make([]AccountSummary, len(found))
	for i := range found {
		out[i] = d.accountSummary(&found[i])
	}
	return paged(out, string(next)), nil
}

type addStaffIn struct {
	Idempotent
	Body struct {
		Login    string   `json:"login" maxLength:"200" example:"wang.fang@example.com"`
		Roles    []string `json:"roles" minItems:"1" maxItems:"8" enum:"reviewer,operator,admin"`
		Password string   `json:"password" maxLength:"512" doc:"To begin with; its owner changes it" example:"a quiet morning 7"`
	}
}

func (d *Deps) addStaff(ctx context.Context, in *addStaffIn) (*accountOut, error) {
	actor, err := requireStaff(ctx, access.AccountManage)
	if err != nil {
		return nil, err
	}
	return d.accountAnswer(d.Accounts.AddStaff(ctx, actor, accounts.NewStaff{Login: in.Body.Login, Roles: in.Body.Roles,
		Password: in.Body.Password, Lang: string(infoFrom(ctx).lang), IdempotencyKey: in.IdempotencyKey}))
}

// AccountPath names an account in the path.
type AccountPath struct {
	ID icp.AccountID `path:"id" maxLength:"64" doc:"Account id"`
}

type setRolesIn struct {
	AccountPath
	IfMatch
	Body struct {
		Roles []string `json:"roles" maxItems:"8" enum:"reviewer,operator,admin" doc:"None takes every right away"`
	}
}

func (d *Deps) setRoles(ctx context.Context, in *setRolesIn) (*accountOut, error) {
	actor, version, err := staffEdit(ctx, access.AccountManage, in.IfMatch)
	if err != nil {
		return nil, err
	}
	return d.accountAnswer(d.Accounts.SetRoles(ctx, actor, in.ID, version, in.Body.Roles))
}

type setDisabledIn struct {
	AccountPath
	IfMatch
	Body struct {
		Disabled bool `json:"disabled"`
	}
}

func (d *Deps) setDisabled(ctx context.Context, in *setDisabledIn) (*accountOut, error) {
	actor, version, err := staffEdit(ctx, access.AccountManage, in.IfMatch)
	if err != nil {
		return nil, err
	}
	return d.accountAnswer(d.Accounts.Disable(ctx, actor, in.ID, version, in.Body.Disabled))
}

type confirmRealNameIn struct {
	AccountPath
	IfMatch
}

func (d *Deps) confirmRealName(ctx context.Context, in *confirmRealNameIn) (*accountOut, error) {
	actor, version, err := staffEdit(ctx, access.NameConfirm, in.IfMatch)
	if err != nil {
		return nil, err
	}
	return d.accountAnswer(d.Accounts.ConfirmRealName(ctx, actor, in.ID, version))
}

// staffEdit is requireStaff for writes under a version.
func staffEdit(ctx context.Context, p access.Permission, m IfMatch) (icp.Actor, int64, error) {
	actor, err := requireStaff(ctx, p)
	if err != nil {
		return actor, 0, err
	}
	version, err := m.seen()
	return actor, version, err
}
