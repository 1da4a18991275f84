package precheck

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/inventory"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/rules"
	"github.com/openbeian/beian/internal/store"
)

// Checker runs the checks of a domain; *domaincheck.Checker does.
type Checker interface {
	Check(ctx context.Context, r domaincheck.Request) domaincheck.Result
}

// Standing is what the authority knows of a certificate; the zero value says
// that it did not answer.
type Standing struct {
	Filed, Sites order.Known // as in order.TypeFacts
	LicenceNo    string      // of the subject, where told
}

// Authority asks the authority about a certificate. It is never asked inside a
// transaction, and not believed once the time is over.
type Authority interface {
	SubjectFiling(ctx context.Context, certificateType int, number string) Standing
}

// Rules has the rules in force; *rulebook.Book does.
type Rules interface {
	Set() *rules.Set
	Version() string
}

// Options are the parts and bounds of Prechecks. Fields without a remark must
// be set.
type Options struct {
	Store     *store.Store
	Clock     clock.Clock
	Tables    *refdata.Tables
	Checker   Checker
	Authority Authority
	Rules     Rules
	// Limits are the conditions for resources, Terms the clocks of orders.
	Limits inventory.Limits
	Terms  order.Terms
	// AccountWait is how long a natural person's account waits after its real
	// name was verified; may be 0.
	AccountWait time.Duration
	// Keep is how long a report can be read; 0 means 30 days.
	Keep time.Duration
	// PerHour bounds the pre-checks from one address in an hour; 0 means 30.
	PerHour int
	// Timeout bounds the wait for everybody outside together; 0 means 15 s.
	Timeout time.Duration
}

// Prechecks runs pre-checks and keeps their reports. Safe for concurrent use.
type Prechecks struct{ o Options }

// New makes Prechecks.
func New(o Options) *Prechecks {
	if o.Keep <= 0 {
		o.Keep = 30 * 24 * time.Hour
	}
	if o.PerHour <= 0 {
		o.PerHour = 30
	}
	if o.Timeout <= 0 {
		o.Timeout = 15 * time.Second
	}
	return &Prechecks{o: o}
}

// Kept is a report that can be read by its id until its end.
type Kept struct {
	ID     string
	Until  time.Time
	Report Report
}

// Run makes a pre-check for a visitor at an IP address, keeps the report and
// gives it. A crash before the end leaves nothing but the count. The errors are
// those of [domaincheck.Normalize], icp.Invalid with the faults of the input, and
// icp.Limited with "precheck.too_often". Input with faults does not count.
func (p *Prechecks) Run(ctx context.Context, in Input, ip string) (Kept, error) {
	now := p.o.Clock.Now()
	q, err := read(in, p.o.Tables.On(now))
	if err != nil {
		return Kept{}, err
	}
	if err := p.admit(ctx, ip, now); err != nil {
		return Kept{}, err
	}
	result, standing := p.ask(ctx, &q)
	if err := ctx.Err(); err != nil {
		return Kept{}, err // nobody waits; what is unknown only for that is worth nothing
	}
	report := p.judge(&q, result, standing, now)
	text, err := json.Marshal(report)
	if err != nil {
		return Kept{}, fmt.Errorf("encode pre-check: %w", err)
	}
	row := store.Precheck{ID: rand.Text(), Report: text, CreatedAt: now, ExpiresAt: now.Add(p.o.Keep)}
	if err := p.o.Store.Update(ctx, func(tx *store.Tx) error { return tx.InsertPrecheck(ctx, row) }); err != nil {
		return Kept{}, err
	}
	return Kept{ID: row.ID, Until: row.ExpiresAt, Report: report}, nil
}

// admit counts a pre-check of an address, of which only a keyed hash is kept. A
// refused one rolls back.
func (p *Prechecks) admit(ctx context.Context, ip string, now time.Time) error {
	return p.o.Store.Update(ctx, func(tx *store.Tx) error {
		hits, err := tx.Hit(ctx, "precheck:"+hex.EncodeToString(p.o.Store.Box().Index("place", ip)), time.Hour, now)
		if err == nil && hits > p.o.PerHour {
			e := icp.E(icp.Limited, "precheck.too_often")
			e.RetryAfter = now.Truncate(time.Hour).Add(time.Hour).Sub(now)
			return e
		}
		return err
	})
}

// ask asks the registry, the authority and the site itself, all at once and no
// longer than the time allowed.
func (p *Prechecks) ask(ctx context.Context, q *question) (domaincheck.Result, Standing) {
	ctx, cancel := context.WithTimeout(ctx, p.o.Timeout)
	defer cancel()
	said := make(chan Standing, 1)
	if q.CertificateNumber == "" {
		said <- Standing{}
	} else {
		go func() { said <- p.askAuthority(ctx, q) }()
	}
	result := p.o.Checker.Check(ctx, domaincheck.Request{Name: q.name, Region: q.Region})
	select {
	case standing := <-said:
		return result, standing
	case <-ctx.Done():
	}
	select { // what was said in time counts, however long the registry took
	case standing := <-said:
		return result, standing
	default:
		return result, Standing{}
	}
}

// askAuthority asks about the certificate; an answer after the time is none.
func (p *Prechecks) askAuthority(ctx context.Context, q *question) Standing {
	standing := p.o.Authority.SubjectFiling(ctx, q.CertificateType, q.CertificateNumber)
	if ctx.Err() != nil {
		return Standing{}
	}
	return standing
}

// Read gives a report by its id; icp.NotFound when there is none, or no longer.
func (p *Prechecks) Read(ctx context.Context, id string) (Kept, error) {
	var row store.Precheck
	err := p.o.Store.View(ctx, func(tx *store.Tx) (err error) {
		row, err = tx.Precheck(ctx, id, p.o.Clock.Now())
		return err
	})
	if err != nil {
		return Kept{}, err
	}
	k := Kept{ID: row.ID, Until: row.ExpiresAt}
	if err := json.Unmarshal(row.Report, &k.Report); err != nil {
		return Kept{}, fmt.Errorf("decode pre-check: %w", err)
	}
	return k, nil
}
