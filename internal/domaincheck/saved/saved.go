// Package saved runs domain checks for accounts and keeps them: what an
// applicant was told, and what an order may rest on.
//
// It promises that nothing outside is asked inside a transaction, that an
// applicant never reads who holds a domain, and that an order rests only on a
// check of its own account, made for a new site and not too old. Start at
// [Checks.Run] and [Checks.Result]; [Cache], [Orders] and [Lists] are parts for
// a domaincheck.Checker.
package saved

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// Checker runs the checks of a domain; *domaincheck.Checker does.
type Checker interface {
	Check(ctx context.Context, r domaincheck.Request) domaincheck.Result
}

// Options are the parts and bounds of Checks. Store, Checker and Clock must be set.
type Options struct {
	Store   *store.Store
	Checker Checker
	Clock   clock.Clock
	// MaxAge is how long an order may rest on a check; 0 means 24 hours.
	MaxAge time.Duration
	// PerHour bounds the checks that an account runs in an hour; 0 means 60.
	PerHour int
	// MinMonthsLeft gives the time that a registration must still run in the
	// province of a region code; nil means none anywhere.
	MinMonthsLeft func(region string) int
}

// Checks is the use of saved checks. Safe for concurrent use.
type Checks struct{ o Options }

// New makes Checks.
func New(o Options) *Checks {
	if o.MaxAge <= 0 {
		o.MaxAge = 24 * time.Hour
	}
	if o.PerHour <= 0 {
		o.PerHour = 60
	}
	if o.MinMonthsLeft == nil {
		o.MinMonthsLeft = func(string) int { return 0 }
	}
	return &Checks{o: o}
}

// Input asks for a check.
type Input struct {
	Domain  string // as typed or pasted
	Purpose domaincheck.Purpose
	Region  string // region code of the place of filing; empty before it is known
	// Order is the order that the check is for; empty before there is one.
	Order   icp.OrderID
	Refresh bool // ask the registry even when fresh facts are kept
}

// Check is a saved check.
type Check struct {
	ID      string              `json:"id"`
	Account icp.AccountID       `json:"account"`
	Purpose domaincheck.Purpose `json:"purpose"`
	Result  domaincheck.Result  `json:"result"`
	At      time.Time           `json:"at"`
	// Until is the instant up to which an order may rest on it.
	Until time.Time `json:"until"`
}

// Fileable reports whether no check stops the domain.
func (c *Check) Fileable() bool { return !c.Result.Blocked() }

// HomeURL is the home page that the filing will have, without scheme.
func (c *Check) HomeURL() string { return homeURL(c.Result.Name.ASCII) }

func homeURL(domain string) string { return "www." + domain }

// kept is what is sealed in the store.
type kept struct {
	Purpose domaincheck.Purpose `json:"purpose"`
	Result  domaincheck.Result  `json:"result"`
}

// Run checks a domain for the actor's account, or for the account of an order
// that staff look at, saves the outcome and gives it. A crash before the end
// leaves nothing. The errors are those of domaincheck.Normalize, icp.NotFound
// for an order that the actor may not read, and icp.Limited with
// "domain.check_too_often".
func (c *Checks) Run(ctx context.Context, actor icp.Actor, in Input) (Check, error) {
	name, err := domaincheck.Normalize(in.Domain)
	if err != nil {
		return Check{}, err
	}
	account, err := c.admit(ctx, actor, in.Order)
	if err != nil {
		return Check{}, err
	}
	r := domaincheck.Request{Name: name, Order: in.Order, Purpose: in.Purpose, Region: in.Region, Refresh: in.Refresh,
		MinMonthsLeft: c.o.MinMonthsLeft(in.Region)}
	if account.Name.Name != "" {
		r.Owners = []string{account.Name.Name}
	}
	result := c.o.Checker.Check(ctx, r)
	if err := ctx.Err(); err != nil {
		return Check{}, err // nobody waits; what is unknown only for that is worth nothing
	}
	text, err := json.Marshal(kept{Purpose: in.Purpose, Result: result})
	if err != nil {
		return Check{}, fmt.Errorf("encode domain check: %w", err)
	}
	row := store.DomainCheck{ID: icp.NewID(result.At), Account: account.ID, Domain: name.ASCII, Result: text, CreatedAt: result.At}
	if err := c.o.Store.Update(ctx, func(tx *store.Tx) error { return tx.InsertDomainCheck(ctx, row) }); err != nil {
		return Check{}, err
	}
	return c.check(&row, actor)
}

// admit counts the check and gives the account that it is for.
func (c *Checks) admit(ctx context.Context, actor icp.Actor, id icp.OrderID) (store.Account, error) {
	var account store.Account
	err := c.o.Store.Update(ctx, func(tx *store.Tx) error {
		now := c.o.Clock.Now()
		hits, err := tx.Hit(ctx, "domain_check:"+string(actor.Account), time.Hour, now)
		if err != nil {
			return err
		}
		if hits > c.o.PerHour {
			e := icp.E(icp.Limited, "domain.check_too_often")
			e.RetryAfter = now.Truncate(time.Hour).Add(time.Hour).Sub(now)
			return e
		}
		of := actor.Account
		if id != "" {
			o, err := tx.Order(ctx, id)
			if err != nil {
				return err
			}
			if o.Account != actor.Account && access.Check(actor, access.CaseReadAny) != nil {
				return icp.ErrNotFound
			}
			of = o.Account
		}
		account, err = tx.Account(ctx, of)
		return err
	})
	return account, err
}

// Read gives a check to its account, without the domain's holder, and to staff
// who read cases; the holder only to those who may reveal personal data.
func (c *Checks) Read(ctx context.Context, actor icp.Actor, id string) (Check, error) {
	var row store.DomainCheck
	err := c.o.Store.View(ctx, func(tx *store.Tx) error {
		var err error
		row, err = tx.DomainCheck(ctx, id)
		return err
	})
	if err != nil {
		return Check{}, err
	}
	if row.Account != actor.Account && access.Check(actor, access.CaseReadAny) != nil {
		return Check{}, icp.ErrNotFound
	}
	return c.check(&row, actor)
}

// List gives the actor's own checks, the newest first.
func (c *Checks) List(ctx context.Context, actor icp.Actor, cursor store.Cursor, limit int) ([]Check, store.Cursor, error) {
	var rows []store.DomainCheck
	var next store.Cursor
	err := c.o.Store.View(ctx, func(tx *store.Tx) error {
		var err error
		rows, next, err = tx.DomainChecksOf(ctx, actor.Account, cursor, limit)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	out := make([]Check, len(rows))
	for i := range rows {
		if out[i], err = c.check(&rows[i], actor); err != nil {
			return nil, "", err
		}
	}
	return out, next, nil
}

// check opens a row as the actor may see it.
func (c *Checks) check(row *store.DomainCheck, actor icp.Actor) (Check, error) {
	var k kept
	if err := json.Unmarshal(row.Result, &k); err != nil {
		return Check{}, fmt.Errorf("decode domain check %s: %w", row.ID, err)
	}
	out := Check{ID: row.ID, Account: row.Account, Purpose: k.Purpose, Result: k.Result, At: row.CreatedAt,
		Until: row.CreatedAt.Add(c.o.MaxAge)}
	if access.Check(actor, access.RevealPersonal) != nil {
		out.Result = withoutHolder(out.Result)
	}
	return out, nil
}

// Answer is what an order takes over from a check.
type Answer struct {
	ID      string
	Domain  string // registrable, ASCII
	HomeURL string
	// Fileable is false while a check that blocks has failed.
	Fileable bool
	// Filed is the licence number under which the domain is filed, "" for none,
	// and Unnumbered when the authority told no number.
	Filed string
}

// Unnumbered stands for the number of a filing whose number is not told.
const Unnumbered = "unnumbered"

// Result reads, in the caller's transaction, a check on which an order of the
// account shall rest. It refuses one of another account ("domain.check_unknown"),
// one that was not made for a new site ("domain.check_purpose"), and one that is
// too old ("domain.check_too_old").
func (c *Checks) Result(ctx context.Context, tx *store.Tx, account icp.AccountID, id string, at time.Time) (Answer, error) {
	row, err := tx.DomainCheck(ctx, id)
	if icp.KindOf(err) == icp.NotFound || err == nil && row.Account != account {
		return Answer{}, icp.InvalidField("/domain_check", "domain.check_unknown")
	}
	if err != nil {
		return Answer{}, err
	}
	var k kept
	if err := json.Unmarshal(row.Result, &k); err != nil {
		return Answer{}, fmt.Errorf("decode domain check %s: %w", id, err)
	}
	switch {
	case k.Purpose != domaincheck.NewSite:
		return Answer{}, icp.E(icp.NotNow, "domain.check_purpose")
	case at.Sub(row.CreatedAt) > c.o.MaxAge:
		return Answer{}, icp.E(icp.NotNow, "domain.check_too_old")
	}
	a := Answer{ID: row.ID, Domain: row.Domain, HomeURL: homeURL(row.Domain), Fileable: !k.Result.Blocked()}
	if f := k.Result.Filing; f != nil && f.Filed {
		a.Filed = Unnumbered
		for _, n := range []string{f.SubjectLicence, f.SiteLicence} {
			if n != "" {
				a.Filed = n
			}
		}
	}
	return a, nil
}
