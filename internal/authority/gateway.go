package authority

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"github.com/openbeian/beian/internal/authority/soap"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/blob"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/store"
)

// Channel is one provider account at one authority. ID, Name and Client are
// needed; zero values of the rest become those of [New].
type Channel struct {
	ID, Name string
	Client   *soap.Client
	// Province is the GB/T 2260 code of the authority's province; "" when not told.
	Province string
	// Hours are when the authority may be called for uploads and downloads.
	Hours Hours
	// Poll is the pause between two looks for downloads and for orders (1 minute).
	Poll time.Duration
	// Lease is how long a node leads the channel without a sign of life; it must
	// be longer than the client's time-out (that and a minute).
	Lease time.Duration
	// AccessMode is the id of the way of access (Jrfs); that of cloud access
	// (云接入) in the reference data.
	AccessMode int
	// Places gives the place of servers (Fbdd) for the inventory's names of
	// regions; Place is that of regions which are neither here nor a GB/T 2260
	// code (that of Beijing in the reference data).
	Places map[string]int
	Place  int
	// MaxRecords and MaxBytes bound one file (1,000 records; 48 MB before zip).
	MaxRecords, MaxBytes int
	// MaxAge is how long a ready order waits for others to share its file; 0
	// sends at once.
	MaxAge time.Duration
	// Keep is how long the bytes of files are kept (100 days).
	Keep time.Duration
	// BuildTime bounds the work on one file: what is ready by then is sent (1 minute).
	BuildTime time.Duration
	// PasswordChecks is how often a filing password may be checked for one
	// licence number within an hour: fewer than the authority allows (4).
	PasswordChecks int
	// DownloadTries is after how many failures a download is parked (5).
	DownloadTries int
}

// ProviderID is the reporting unit id of the account (ispId).
func (c *Channel) ProviderID() int64 { return c.Client.Account.ProviderID }

// Config is what a gateway is made of; all fields but BaseCodes, Notices, Assign,
// Node, Metrics, Workers and Log are needed.
type Config struct {
	Store  *store.Store
	Blobs  blob.Store
	Clock  clock.Clock
	Tables *refdata.Tables
	Cases  Cases
	// BaseCodes takes base-code tables; without it they are only kept.
	BaseCodes BaseCodes
	// Notices tells holders what the authority did to their filings; without it
	// nobody is told.
	Notices Notices
	Channel Channel
	// Assign gives a ready order without a channel to one and wakes that. Without
	// it such orders are this channel's.
	Assign func(ctx context.Context, tx *store.Tx, o *icp.Order) error
	// Node names this process among others; made up when empty.
	Node string
	// Metrics count the calls of all gateways of a process; may be nil.
	Metrics *Metrics
	// Workers is how many orders are made ready for a file at once (as many as
	// there are processors, at most 4).
	Workers int
	Log     *slog.Logger
}

// Gateway serves one channel. Safe for concurrent use, also by several
// processes on one database. Call [Gateway.Start] before anything else.
type Gateway struct {
	Config
	build builder
	*runs
}

// runs is what a node does for a channel. It outlives a change of the channel's
// settings, so that one that comes in the middle of a run begins no second one.
type runs struct {
	calls callLog

	mu        sync.Mutex
	active    int // runs that need the lease
	uploads   pace
	downloads pace
	looked    time.Time // when it was last looked for orders

	uploading sync.Mutex
	polling   sync.Mutex
}

// New makes a gateway. Errors are icp.Invalid.
func New(c Config) (*Gateway, error) { return newGateway(c, &runs{}) }

func newGateway(c Config, r *runs) (*Gateway, error) {
	if c.Store == nil || c.Blobs == nil || c.Clock == nil || c.Tables == nil || c.Cases == nil || c.Channel.Client == nil || c.Channel.ID == "" {
		return nil, icp.E(icp.Invalid, "authority.config")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Node, c.Workers = cmp.Or(c.Node, rand.Text()), cmp.Or(c.Workers, min(runtime.GOMAXPROCS(0), 4))
	ch := &c.Channel
	ch.Name = cmp.Or(ch.Name, ch.ID)
	ch.Poll = cmp.Or(ch.Poll, time.Minute)
	ch.Lease = cmp.Or(ch.Lease, cmp.Or(ch.Client.HTTP.Timeout, soap.DefaultTimeout)+time.Minute)
	ch.MaxRecords, ch.MaxBytes = cmp.Or(ch.MaxRecords, wire.MaxUploadRecords), cmp.Or(ch.MaxBytes, 48<<20)
	ch.BuildTime, ch.PasswordChecks = cmp.Or(ch.BuildTime, time.Minute), cmp.Or(ch.PasswordChecks, 4)
	ch.DownloadTries, ch.Keep = cmp.Or(ch.DownloadTries, 5), cmp.Or(ch.Keep, DefaultKeepDays*24*time.Hour)
	if ch.Lease <= ch.Client.HTTP.Timeout {
		return nil, icp.InvalidField("/channel/lease", "authority.config")
	}
	g := &Gateway{Config: c, runs: r}
	g.build = builder{profile: ch.Client.Profile, tables: c.Tables, channel: &g.Channel}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.uploads.first, r.downloads.first = ch.Poll, ch.Poll
	g.watch()
	return g, nil
}

// Start adds the channel's row where it is missing and takes its name over.
func (g *Gateway) Start(ctx context.Context) error {
	err := g.Store.Update(ctx, func(tx *store.Tx) error { return tx.EnsureChannel(ctx, g.Channel.ID, g.Channel.Name) })
	if err != nil {
		return err
	}
	g.Metrics.add(g)
	return g.note(ctx, func(c *store.AuthorityChannel) { c.Name = g.Channel.Name })
}

// lead runs work while this node leads the channel; led is false when another
// node does. The lease is given back after the last run, so that any node can
// take the next; after a crash it runs out.
func (g *Gateway) lead(ctx context.Context, work func(context.Context) error) (led bool, err error) {
	g.mu.Lock()
	g.active++
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.active--; g.active > 0 {
			return
		}
		// The context may have ended with the process; the lease would then only run out.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if err := g.Store.Update(ctx, func(tx *store.Tx) error { return tx.ReleaseLeader(ctx, g.Channel.ID, g.Node) }); err != nil {
			g.Log.Warn("lease of the authority channel not given back", "channel", g.Channel.ID, "err", err)
		}
	}()
	if led, err = g.renew(ctx); !led || err != nil {
		return led, err
	}
	return true, work(ctx)
}

// renew takes or keeps the lease. It is called before each call to the
// authority, so that no call outlasts it. Nobody leads outside the permitted
// hours, so that nothing is called then.
func (g *Gateway) renew(ctx context.Context) (led bool, err error) {
	now := g.Clock.Now()
	if !g.Channel.Hours.Open(now) {
		return false, nil
	}
	err = g.Store.Update(ctx, func(tx *store.Tx) (err error) {
		led, err = tx.AcquireLeader(ctx, g.Channel.ID, g.Node, now.Add(g.Channel.Lease), now)
		return err
	})
	return led, err
}

// channel reads the channel's row.
func (g *Gateway) channel(ctx context.Context) (c store.AuthorityChannel, err error) {
	err = g.Store.View(ctx, func(tx *store.Tx) (err error) {
		c, err = tx.AuthorityChannel(ctx, g.Channel.ID)
		return err
	})
	return c, err
}

// note changes the channel's row; uploads and downloads may do so at once.
func (g *Gateway) note(ctx context.Context, change func(*store.AuthorityChannel)) error {
	for try := 1; ; try++ {
		err := g.Store.Update(ctx, func(tx *store.Tx) error { return g.noteIn(ctx, tx, change) })
		if try == 3 || !errors.Is(err, icp.ErrConflict) {
			return err
		}
	}
}

func (g *Gateway) noteIn(ctx context.Context, tx *store.Tx, change func(*store.AuthorityChannel)) error {
	c, err := tx.AuthorityChannel(ctx, g.Channel.ID)
	if err != nil {
		return err
	}
	before := c
	if change(&c); c == before {
		return nil
	}
	return tx.SaveAuthorityChannel(ctx, &c)
}

// pace spaces tries that fail: 1, 2, 4 … times the first pause, at most a
// quarter of an hour. A restart begins anew, which is harmless.
type pace struct {
	first    time.Duration
	failures int
	until    time.Time
}

const longestPause = 15 * time.Minute

func (g *Gateway) waits(p *pace) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.Clock.Now().Before(p.until)
}

func (g *Gateway) failed(p *pace) {
	g.mu.Lock()
	defer g.mu.Unlock()
	wait := p.first << min(p.failures, 20)
	if wait > longestPause || wait <= 0 {
		wait = longestPause
	}
	p.failures++
	p.until = g.Clock.Now().Add(wait)
}

func (g *Gateway) went(p *pace) {
	g.mu.Lock()
	defer g.mu.Unlock()
	p.failures, p.until = 0, time.Time{}
}
