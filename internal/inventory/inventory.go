package inventory

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/audit"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// Inventory is the use of the inventory. Safe for concurrent use.
type Inventory struct {
	store  *store.Store
	clock  clock.Clock
	limits Limits
}

// New makes an inventory over a store.
func New(s *store.Store, c clock.Clock, l Limits) *Inventory {
	return &Inventory{store: s, clock: c, limits: l}
}

// Limits are the conditions in force.
func (v *Inventory) Limits() Limits { return v.limits }

// ServerView is a server with what it carries and whether it can carry more.
type ServerView struct {
	store.Server
	Sites       int // own sites, in open orders and filed
	Codes       int // authorization codes that are not deleted
	Eligibility Eligibility
}

// Choices is what the page 开始备案 shows: everything on which the account can
// run a site.
type Choices struct {
	Servers []ServerView
	Codes   []CodeView // unused codes made for the account
	// Ready says that at least one server or code can be chosen.
	Ready bool
	// Advice is what to do when none can, the cheapest first.
	Advice []Reason
}

// most bounds how many servers and codes one page shows.
const most = 500

// Choices judges every server of an account and every code made for it.
func (v *Inventory) Choices(ctx context.Context, account icp.AccountID) (Choices, error) {
	var out Choices
	now := v.clock.Now()
	err := v.store.View(ctx, func(tx *store.Tx) error {
		out = Choices{Servers: []ServerView{}, Codes: []CodeView{}}
		servers, err := all(func(c store.Cursor) ([]store.Server, store.Cursor, error) {
			return tx.ServersOf(ctx, account, c, store.MaxPage)
		})
		if err != nil {
			return err
		}
		if out.Servers, err = v.views(ctx, tx, servers, now); err != nil {
			return err
		}
		codes, err := all(func(c store.Cursor) ([]store.Code, store.Cursor, error) {
			return tx.CodesFor(ctx, account, c, store.MaxPage)
		})
		if err != nil {
			return err
		}
		for i := range codes {
			if codes[i].State != store.CodeUnused {
				continue
			}
			view, err := v.codeView(ctx, tx, &codes[i], now)
			if err != nil {
				return err
			}
			out.Codes = append(out.Codes, view)
		}
		return nil
	})
	out.settle()
	return out, err
}

// settle works out whether anything can be chosen and what to do if not.
func (c *Choices) settle() {
	mendable := false
	for i := range c.Servers {
		e := &c.Servers[i].Eligibility
		c.Ready = c.Ready || e.OK
		mendable = mendable || len(e.Fixes) > 0 && e.Fixes[0].Code != "resource.fix.other"
	}
	for i := range c.Codes {
		c.Ready = c.Ready || len(c.Codes[i].Invalid) == 0
	}
	if c.Ready {
		return
	}
	if mendable {
		c.Advice = append(c.Advice, reason("resource.advice.mend"))
	}
	c.Advice = append(c.Advice, reason("resource.advice.code"), reason("resource.advice.buy"))
}

// Servers lists servers, the newest first: the actor's own, or for staff who
// manage the inventory those of an account or, with an empty one, all.
func (v *Inventory) Servers(ctx context.Context, actor icp.Actor, account icp.AccountID, cursor store.Cursor, limit int) ([]ServerView, store.Cursor, error) {
	if account == "" || account != actor.Account {
		if err := access.Check(actor, access.InventoryManage); err != nil {
			return nil, "", err
		}
	}
	var out []ServerView
	var next store.Cursor
	now := v.clock.Now()
	err := v.store.View(ctx, func(tx *store.Tx) error {
		var servers []store.Server
		var err error
		if account == "" {
			servers, next, err = tx.Servers(ctx, cursor, limit)
		} else {
			servers, next, err = tx.ServersOf(ctx, account, cursor, limit)
		}
		if err != nil {
			return err
		}
		out, err = v.views(ctx, tx, servers, now)
		return err
	})
	return out, next, err
}

func (v *Inventory) views(ctx context.Context, tx *store.Tx, servers []store.Server, now time.Time) ([]ServerView, error) {
	out := make([]ServerView, len(servers))
	for i := range servers {
		sites, err := ownSites(ctx, tx, servers[i].ID, "", "")
		if err != nil {
			return nil, err
		}
		codes, err := liveCodes(ctx, tx, servers[i].ID)
		if err != nil {
			return nil, err
		}
		out[i] = ServerView{Server: servers[i], Sites: sites, Codes: codes, Eligibility: v.limits.Eligibility(&servers[i], sites, now)}
	}
	return out, nil
}

// ownSites counts the sites that hold a server itself, but one.
func ownSites(ctx context.Context, tx *store.Tx, id icp.ServerID, exceptOrder icp.OrderID, exceptSite icp.WebsiteID) (int, error) {
	uses, err := tx.UsesOfServer(ctx, id)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, u := range uses {
		if u.Code == "" && (u.Order != exceptOrder || u.Website != exceptSite) {
			n++
		}
	}
	return n, nil
}

// liveCodes counts the codes of a server that are not deleted.
func liveCodes(ctx context.Context, tx *store.Tx, id icp.ServerID) (int, error) {
	codes, err := tx.CodesOfServer(ctx, id)
	if err != nil {
		return 0, err
	}
	n := 0
	for i := range codes {
		if codes[i].State != store.CodeDeleted {
			n++
		}
	}
	return n, nil
}

// all reads a list page by page, up to most rows.
func all[T any](page func(store.Cursor) ([]T, store.Cursor, error)) ([]T, error) {
	var out []T
	for cursor := store.Cursor(""); ; {
		rows, next, err := page(cursor)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
		if next == "" || len(out) >= most {
			return out, nil
		}
		cursor = next
	}
}

// accountOf finds the applicant's account with an id, mail address or mobile
// number. Staff and disabled accounts are not found.
func accountOf(ctx context.Context, tx *store.Tx, text string) (icp.AccountID, bool, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", false, nil
	}
	for _, find := range []func() (store.Account, error){
		func() (store.Account, error) { return tx.Account(ctx, icp.AccountID(text)) },
		func() (store.Account, error) { return tx.AccountByLogin(ctx, store.LoginMail, text) },
		func() (store.Account, error) { return tx.AccountByLogin(ctx, store.LoginMobile, text) },
	} {
		a, err := find()
		switch {
		case err == nil:
			return a.ID, len(a.Roles) == 0 && !a.Disabled, nil
		case icp.KindOf(err) != icp.NotFound:
			return "", false, err
		}
	}
	return "", false, nil
}

// note appends an audit event about a server or a code.
func note(tx *store.Tx, actor icp.Actor, action, kind, object string, version int64, detail map[string]any, at time.Time) {
	who, role := string(actor.Account), strings.Join(actor.Roles, " ")
	if who == "" {
		who = string(actor.Party)
	}
	if role == "" {
		role = string(actor.Party)
	}
	var text json.RawMessage
	if detail != nil {
		var err error
		if text, err = json.Marshal(detail); err != nil {
			panic("inventory: detail of " + action + " is no JSON: " + err.Error())
		}
	}
	tx.AppendEvent(audit.Event{At: at, Actor: who, ActorRole: role, Action: action, ObjectKind: kind, Object: object,
		Version: version, Detail: text})
}

// refusal turns the reasons against a resource into an error that says the
// first of them.
func refusal(reasons []Reason) error {
	e := icp.E(icp.NotNow, reasons[0].Code)
	e.Params = reasons[0].Params
	return e
}
