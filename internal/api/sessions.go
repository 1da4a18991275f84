package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/alexedwards/scs/v2"

	"github.com/openbeian/beian/internal/accounts"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

const sessionCookie = "beian_session"

// Keys of a session: ids and times, nothing personal.
const (
	sessionAccount = "account"
	sessionSeal    = "seal" // of the password, see accounts.Seal
	sessionSeen    = "seen" // unix seconds of a request not long ago
)

// seenShare is the part of the idle time after which a request is noted again:
// noting each one would cost a write for every read.
const seenShare = 10

func newSessions(d *Deps) *scs.SessionManager {
	m := scs.New()
	m.Store = d.Sessions
	m.Lifetime = d.SessionLife
	m.Cookie.Name = sessionCookie
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Secure = strings.HasPrefix(d.BaseURL, "https://")
	m.ErrorFunc = writeProblem
	return m
}

// withSession loads the request's session and saves it when it changed.
func (d *Deps) withSession(next http.Handler) http.Handler { return d.sessions.LoadAndSave(next) }

// withActor finds the account of the session and ends sessions that are over.
func (d *Deps) withActor(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := d.identify(r.Context()); err != nil {
			writeProblem(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (d *Deps) identify(ctx context.Context) error {
	id := d.sessions.GetString(ctx, sessionAccount)
	if id == "" {
		return nil
	}
	now := d.Clock.Now().Unix()
	idle := now - d.sessions.GetInt64(ctx, sessionSeen)
	if idle >= int64(d.SessionIdle.Seconds()) {
		return d.sessions.Destroy(ctx)
	}
	a, err := d.Accounts.Session(ctx, icp.AccountID(id), d.sessions.GetString(ctx, sessionSeal))
	if icp.KindOf(err) == icp.SignInFirst {
		return d.sessions.Destroy(ctx)
	}
	if err != nil {
		return err
	}
	if idle >= int64(d.SessionIdle.Seconds())/seenShare {
		d.sessions.Put(ctx, sessionSeen, now)
	}
	info := infoFrom(ctx)
	info.account = &a
	if !info.langSaid {
		info.lang = i18n.Match(a.Lang)
	}
	return nil
}

// beginSession signs the account in under a new token, so that a token from
// before is worth nothing.
func (d *Deps) beginSession(ctx context.Context, a *store.Account) error {
	if err := d.sessions.RenewToken(ctx); err != nil {
		return fmt.Errorf("renew session token: %w", err)
	}
	d.sessions.Put(ctx, sessionAccount, string(a.ID))
	d.sessions.Put(ctx, sessionSeal, accounts.Seal(a))
	d.sessions.Put(ctx, sessionSeen, d.Clock.Now().Unix())
	return nil
}

// newCrossOrigin refuses writes that another site's page sends in a person's name.
func newCrossOrigin(baseURL string) (*http.CrossOriginProtection, error) {
	p := http.NewCrossOriginProtection()
	if u, err := url.Parse(baseURL); err == nil && u.Host != "" {
		if err := p.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			return nil, fmt.Errorf("trust own origin: %w", err)
		}
	}
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { writeProblem(w, r, errCrossOrigin) }))
	return p, nil
}
