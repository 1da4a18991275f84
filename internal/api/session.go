package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/accounts"
)

func registerSession(api huma.API, d *Deps) {
	huma.Register(api, huma.Operation{OperationID: "sign-in", Method: http.MethodPost, Path: "/session", Tags: []string{accountsTag},
		Summary: "Sign in", Description: "Sets the session cookie. After five wrong passwords in a row the account is locked for a while (account.locked).",
		Security: noSession, DefaultStatus: http.StatusCreated}, d.signIn)
	huma.Register(api, huma.Operation{OperationID: "read-session", Method: http.MethodGet, Path: "/session", Tags: []string{accountsTag},
		Summary: "Is there a session, and whose"}, d.readSession)
	huma.Register(api, huma.Operation{OperationID: "sign-out", Method: http.MethodDelete, Path: "/session", Tags: []string{accountsTag},
		Summary: "Sign out", Security: noSession, DefaultStatus: http.StatusNoContent}, d.signOut)
}

type signInIn struct {
	Body struct {
		Login    string `json:"login" maxLength:"200" doc:"Mail address or mobile number" example:"li.lei@example.com"`
		Password string `json:"password" maxLength:"512" example:"a quiet morning 7"`
	}
}

// SessionView tells whose session it is.
type SessionView struct {
	Account string   `json:"account" doc:"Account id"`
	Login   string   `json:"login" doc:"Masked" example:"l***@example.com"`
	Roles   []string `json:"roles"`
}

type sessionOut struct{ Body SessionView }

func (d *Deps) signIn(ctx context.Context, in *signInIn) (*sessionOut, error) {
	a, err := d.Accounts.SignIn(ctx, accounts.Credentials{Login: in.Body.Login, Password: in.Body.Password, IP: infoFrom(ctx).ip})
	if err != nil {
		return nil, err
	}
	if err := d.beginSession(ctx, &a); err != nil {
		return nil, err
	}
	return &sessionOut{SessionView{Account: string(a.ID), Login: accounts.Mask(accounts.LoginOf(&a)), Roles: notNil(a.Roles)}}, nil
}

func (d *Deps) readSession(ctx context.Context, _ *struct{}) (*sessionOut, error) {
	a, err := accountFrom(ctx)
	if err != nil {
		return nil, err
	}
	return &sessionOut{SessionView{Account: string(a.ID), Login: accounts.Mask(accounts.LoginOf(a)), Roles: notNil(a.Roles)}}, nil
}

// signOut ends the session; without one there is nothing to do.
func (d *Deps) signOut(ctx context.Context, _ *struct{}) (*struct{}, error) {
	if actor, err := actorFrom(ctx); err == nil {
		if err := d.Accounts.SignOut(ctx, actor); err != nil {
			return nil, err
		}
	}
	if err := d.sessions.Destroy(ctx); err != nil {
		return nil, fmt.Errorf("end session: %w", err)
	}
	return nil, nil
}

func registerPasswords(api huma.API, d *Deps) {
	huma.Register(api, huma.Operation{OperationID: "reset-password", Method: http.MethodPost, Path: "/passwords", Tags: []string{accountsTag},
		Summary: "Set a new password by a code", Description: "Ends every session of the account.",
		Security: noSession, DefaultStatus: http.StatusNoContent}, d.resetPassword)
	huma.Register(api, huma.Operation{OperationID: "change-password", Method: http.MethodPut, Path: "/me/password", Tags: []string{accountsTag},
		Summary: "Change my password", Description: "Ends every other session of the account.", DefaultStatus: http.StatusNoContent}, d.changePassword)
}

func (d *Deps) resetPassword(ctx context.Context, in *signUpIn) (*struct{}, error) {
	return nil, d.Accounts.ResetPassword(ctx, accounts.Reset{Login: in.Body.Login, Code: in.Body.Code, Password: in.Body.Password})
}

type changePasswordIn struct {
	Body struct {
		Old      string `json:"old" maxLength:"512" doc:"The present password" example:"a quiet morning 7"`
		Password string `json:"password" maxLength:"512" doc:"The new one" example:"a quiet morning 7"`
	}
}

func (d *Deps) changePassword(ctx context.Context, in *changePasswordIn) (*struct{}, error) {
	actor, err := actorFrom(ctx)
	if err != nil {
		return nil, err
	}
	a, err := d.Accounts.ChangePassword(ctx, actor, in.Body.Old, in.Body.Password, infoFrom(ctx).ip)
	if err != nil {
		return nil, err
	}
	return nil, d.beginSession(ctx, &a)
}
