package api

import (
	"context"
	"log/slog"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/accounts"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// requestInfo is what the frame knows of a request. It is made once, filled on
// the way in and read by one goroutine.
type requestInfo struct {
	id       string
	ip       string
	log      *slog.Logger
	messages *i18n.Catalogue
	lang     i18n.Lang
	langSaid bool // by Accept-Language; otherwise the account's counts
	pattern  string
	account  *store.Account // of the session, nil without
}

type infoKey struct{}

// infoFrom gives the request's info; outside a request a blank one that logs
// by default, so that an error is never lost.
func infoFrom(ctx context.Context) *requestInfo {
	if info, ok := ctx.Value(infoKey{}).(*requestInfo); ok {
		return info
	}
	return &requestInfo{log: slog.Default(), messages: i18n.Messages(), lang: i18n.Chinese}
}

func (i *requestInfo) text(key string, params map[string]string) string {
	return i.messages.Text(i.lang, key, params)
}

// texts gives messages in the reader's language.
func (d *Deps) texts(ctx context.Context) texts { return infoFrom(ctx).text }

// lang is the reader's language.
func (d *Deps) lang(ctx context.Context) i18n.Lang { return infoFrom(ctx).lang }

// accountFrom gives the account of the session; icp.ErrSignInFirst without one.
func accountFrom(ctx context.Context) (*store.Account, error) {
	if a := infoFrom(ctx).account; a != nil {
		return a, nil
	}
	return nil, icp.ErrSignInFirst
}

// actorFrom tells who calls; icp.ErrSignInFirst without a session.
func actorFrom(ctx context.Context) (icp.Actor, error) {
	a, err := accountFrom(ctx)
	if err != nil {
		return icp.Actor{}, err
	}
	return accounts.ActorOf(a), nil
}

// requireStaff gives the actor when it is staff with the permission.
func requireStaff(ctx context.Context, p access.Permission) (icp.Actor, error) {
	actor, err := actorFrom(ctx)
	if err != nil {
		return icp.Actor{}, err
	}
	return actor, access.Check(actor, p)
}
