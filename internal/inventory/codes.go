package inventory

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// CodeView is an authorization code with what can be said of it now.
type CodeView struct {
	store.Code
	Display    string // the text in groups, as people read it
	ServerName string // for the owner only; empty for others
	PublicIP   string // of the server: the address that the order will have
	// Invalid lists why the code cannot be chosen now. It is worked out afresh
	// each time: a renewed server makes its codes good again.
	Invalid []Reason
	// Order is the order that holds the code; empty for none.
	Order icp.OrderID
}

// NewCode asks for an authorization code.
type NewCode struct {
	Server icp.ServerID
	// User is the id, mail address or mobile number of the account that may use
	// the code; it may be the owner's own.
	User string
	Note string
}

// unit is the kind of real name that may make codes (企业 and other units).
const unit = "unit"

// CreateCode makes an authorization code from one of the actor's servers. The
// same idempotency key gives the same code again. Its refusals are
// "authcode.unit_only", "authcode.full", those of Limits.Eligibility, and
// faults of the fields /server, /account and /note.
func (v *Inventory) CreateCode(ctx context.Context, actor icp.Actor, in NewCode, key string) (CodeView, error) {
	in.User, in.Note = strings.TrimSpace(in.User), strings.TrimSpace(in.Note)
	if utf8.RuneCountInString(in.Note) > v.limits.NoteLength {
		e := icp.InvalidField("/note", "authcode.note.too_long")
		e.Fields[0].Params = map[string]string{"max": strconv.Itoa(v.limits.NoteLength)}
		return CodeView{}, e
	}
	var view CodeView
	err := v.store.Update(ctx, func(tx *store.Tx) error {
		at := v.clock.Now()
		if key != "" {
			made, seen, err := tx.ClaimKey(ctx, string(actor.Account), key, fingerprint(in), at)
			if err != nil {
				return err
			}
			if seen {
				view, err = v.owned(ctx, tx, actor, icp.CodeID(made), at)
				return err
			}
		}
		c, err := v.newCode(ctx, tx, actor, in, at)
		if err != nil {
			return err
		}
		if key != "" {
			if err := tx.SetKeyResult(ctx, string(actor.Account), key, string(c.ID)); err != nil {
				return err
			}
		}
		view, err = v.codeView(ctx, tx, &c, at)
		view = view.seenBy(actor.Account)
		return err
	})
	return view, err
}

func (v *Inventory) newCode(ctx context.Context, tx *store.Tx, actor icp.Actor, in NewCode, at time.Time) (store.Code, error) {
	owner, err := tx.Account(ctx, actor.Account)
	if err != nil {
		return store.Code{}, err
	}
	if owner.Name.Kind != unit {
		return store.Code{}, icp.E(icp.NotNow, "authcode.unit_only")
	}
	if _, err := v.fitServer(ctx, tx, actor.Account, in.Server, at); err != nil {
		return store.Code{}, err
	}
	user, found, err := accountOf(ctx, tx, in.User)
	if err != nil {
		return store.Code{}, err
	}
	if !found {
		return store.Code{}, icp.InvalidField("/account", "authcode.account.unknown")
	}
	c := store.Code{ID: icp.CodeID(icp.NewID(at)), Text: newCodeText(), Server: in.Server, Owner: actor.Account, Account: user,
		State: store.CodeUnused, Note: in.Note, CreatedAt: at}
	if err := tx.InsertCode(ctx, &c); err != nil {
		return store.Code{}, err
	}
	note(tx, actor, "authcode.created", "authcode", string(c.ID), c.Version, map[string]any{"server": c.Server, "account": user}, at)
	return c, nil
}

// fitServer locks an owner's server and refuses one from which no further code
// can be made.
func (v *Inventory) fitServer(ctx context.Context, tx *store.Tx, owner icp.AccountID, id icp.ServerID, at time.Time) (store.Server, error) {
	s, err := tx.LockServer(ctx, id)
	if icp.KindOf(err) == icp.NotFound || err == nil && s.Account != owner {
		return store.Server{}, icp.InvalidField("/server", "resource.unknown")
	}
	if err != nil {
		return store.Server{}, err
	}
	if e := v.limits.Eligibility(&s, 0, at); !e.OK {
		return store.Server{}, refusal(e.Reasons)
	}
	codes, err := liveCodes(ctx, tx, id)
	if err != nil {
		return store.Server{}, err
	}
	if codes >= v.limits.CodesPerServer {
		return store.Server{}, icp.E(icp.NotNow, "authcode.full").With("max", strconv.Itoa(v.limits.CodesPerServer))
	}
	return s, nil
}

// OwnCodes lists the codes made from the account's servers, the newest first;
// deleted ones are left out, so that a page may be shorter than limit.
func (v *Inventory) OwnCodes(ctx context.Context, owner icp.AccountID, cursor store.Cursor, limit int) ([]CodeView, store.Cursor, error) {
	return v.codes(ctx, owner, func(tx *store.Tx) ([]store.Code, store.Cursor, error) {
		return tx.CodesOwnedBy(ctx, owner, cursor, limit)
	})
}

// CodesFor lists the codes that an account may use or has used, as OwnCodes does.
func (v *Inventory) CodesFor(ctx context.Context, user icp.AccountID, cursor store.Cursor, limit int) ([]CodeView, store.Cursor, error) {
	return v.codes(ctx, user, func(tx *store.Tx) ([]store.Code, store.Cursor, error) {
		return tx.CodesFor(ctx, user, cursor, limit)
	})
}

func (v *Inventory) codes(ctx context.Context, reader icp.AccountID, list func(*store.Tx) ([]store.Code, store.Cursor, error)) ([]CodeView, store.Cursor, error) {
	var out []CodeView
	var next store.Cursor
	now := v.clock.Now()
	err := v.store.View(ctx, func(tx *store.Tx) error {
		out = []CodeView{}
		codes, after, err := list(tx)
		next = after
		if err != nil {
			return err
		}
		for i := range codes {
			if codes[i].State == store.CodeDeleted {
				continue
			}
			view, err := v.codeView(ctx, tx, &codes[i], now)
			if err != nil {
				return err
			}
			out = append(out, view.seenBy(reader))
		}
		return nil
	})
	return out, next, err
}

// seenBy leaves out what only the other side may know: the user does not see
// the owner's server and note, nor the owner the user's order.
func (c CodeView) seenBy(reader icp.AccountID) CodeView {
	if reader != c.Owner {
		c.Server, c.ServerName, c.Note = "", "", ""
	}
	if reader != c.Account {
		c.Order = ""
	}
	return c
}

// FindCode reads the code that somebody typed, in any spelling. The refusals
// are "authcode.unknown" and "authcode.other_account".
func (v *Inventory) FindCode(ctx context.Context, account icp.AccountID, text string) (CodeView, error) {
	var view CodeView
	now := v.clock.Now()
	err := v.store.View(ctx, func(tx *store.Tx) error {
		c, err := findCode(ctx, tx, icp.CodeID(text))
		if err != nil {
			return err
		}
		if c.Account != account {
			return icp.E(icp.NotNow, "authcode.other_account")
		}
		view, err = v.codeView(ctx, tx, &c, now)
		view = view.seenBy(account)
		return err
	})
	return view, err
}

// atAuthority are the states in which an order is on its way to the authority
// or there, so that its address can no longer change.
var atAuthority = map[icp.State]bool{icp.StateReady: true, icp.StateSubmitting: true, icp.StateSubmitFailed: true,
	icp.StateSMSPending: true, icp.StateAuthorityReview: true, icp.StateReturnedToProvider: true, icp.StateFiled: true}

// ChangeServer lets a code stand for another of the owner's servers. The
// refusals are "authcode.used", "authcode.deleted", "authcode.at_authority"
// and those of CreateCode about the server. An open order that holds the code
// keeps the old address until its applicant chooses the code again; Check
// tells them.
func (v *Inventory) ChangeServer(ctx context.Context, actor icp.Actor, id icp.CodeID, version int64, server icp.ServerID) (CodeView, error) {
	var view CodeView
	err := v.store.Update(ctx, func(tx *store.Tx) error {
		at := v.clock.Now()
		c, err := ownCode(ctx, tx, actor, id, version)
		if err != nil {
			return err
		}
		uses, err := tx.UsesOfCode(ctx, id)
		if err != nil {
			return err
		}
		if err := changeable(ctx, tx, &c, uses); err != nil {
			return err
		}
		if server != c.Server {
			if _, err := v.fitServer(ctx, tx, actor.Account, server, at); err != nil {
				return err
			}
			from := c.Server
			c.Server = server
			if err := tx.SaveCode(ctx, &c); err != nil {
				return err
			}
			for _, u := range uses {
				u.Server = server
				if err := tx.SaveUse(ctx, u); err != nil {
					return err
				}
			}
			note(tx, actor, "authcode.moved", "authcode", string(c.ID), c.Version, map[string]any{"from": from, "to": server}, at)
		}
		view, err = v.codeView(ctx, tx, &c, at)
		view = view.seenBy(actor.Account)
		return err
	})
	return view, err
}

func changeable(ctx context.Context, tx *store.Tx, c *store.Code, uses []store.Use) error {
	switch c.State {
	case store.CodeUsed:
		return icp.E(icp.NotNow, "authcode.used")
	case store.CodeDeleted:
		return icp.E(icp.NotNow, "authcode.deleted")
	case store.CodeUnused, store.CodeInUse:
	}
	for _, u := range uses {
		o, err := tx.Order(ctx, u.Order)
		if err != nil {
			return err
		}
		if atAuthority[o.State] {
			return icp.E(icp.NotNow, "authcode.at_authority")
		}
	}
	return nil
}

// DeleteCode ends an unused code for good. The refusals are "authcode.in_use",
// "authcode.used" and "authcode.deleted".
func (v *Inventory) DeleteCode(ctx context.Context, actor icp.Actor, id icp.CodeID, version int64) error {
	return v.store.Update(ctx, func(tx *store.Tx) error {
		c, err := ownCode(ctx, tx, actor, id, version)
		if err != nil {
			return err
		}
		if c.State != store.CodeUnused {
			return icp.E(icp.NotNow, "authcode."+string(c.State))
		}
		c.State = store.CodeDeleted
		if err := tx.SaveCode(ctx, &c); err != nil {
			return err
		}
		note(tx, actor, "authcode.deleted", "authcode", string(c.ID), c.Version, nil, v.clock.Now())
		return nil
	})
}

// ownCode reads a code of the actor's at a version; to others it is not there.
func ownCode(ctx context.Context, tx *store.Tx, actor icp.Actor, id icp.CodeID, version int64) (store.Code, error) {
	c, err := tx.Code(ctx, id)
	if err != nil {
		return store.Code{}, err
	}
	if c.Owner != actor.Account {
		return store.Code{}, icp.ErrNotFound
	}
	if c.Version != version {
		return store.Code{}, icp.E(icp.Conflict, "stale_version")
	}
	return c, nil
}

func (v *Inventory) owned(ctx context.Context, tx *store.Tx, actor icp.Actor, id icp.CodeID, at time.Time) (CodeView, error) {
	c, err := tx.Code(ctx, id)
	if err != nil {
		return CodeView{}, err
	}
	if c.Owner != actor.Account {
		return CodeView{}, icp.ErrNotFound
	}
	view, err := v.codeView(ctx, tx, &c, at)
	return view.seenBy(actor.Account), err
}

func (v *Inventory) codeView(ctx context.Context, tx *store.Tx, c *store.Code, now time.Time) (CodeView, error) {
	s, err := tx.Server(ctx, c.Server)
	if err != nil {
		return CodeView{}, err
	}
	uses, err := tx.UsesOfCode(ctx, c.ID)
	if err != nil {
		return CodeView{}, err
	}
	view := CodeView{Code: *c, Display: DisplayCode(c.Text), ServerName: s.Name, PublicIP: s.PublicIP, Invalid: v.against(c, &s, now)}
	for _, u := range uses {
		view.Order = u.Order
	}
	return view, nil
}

// against lists what speaks against choosing a code: its own state, and what
// is wrong with its server. Codes count apart from the server's own sites.
func (v *Inventory) against(c *store.Code, s *store.Server, now time.Time) []Reason {
	var out []Reason
	if c.State != store.CodeUnused {
		out = append(out, reason("authcode."+string(c.State)))
	}
	return append(out, v.limits.Eligibility(s, 0, now).Reasons...)
}

// fingerprint tells requests under one idempotency key apart; it is a hash
// because User can be somebody's address.
func fingerprint(in NewCode) string {
	sum := sha256.Sum256([]byte("create code\x00" + string(in.Server) + "\x00" + in.User + "\x00" + in.Note))
	return hex.EncodeToString(sum[:])
}
