package authority

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/openbeian/beian/internal/authority/soap"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// The log of calls. A call is noted after it and written by another goroutine,
// so that the log is never in the gateway's way: what cannot be written is
// dropped and counted. A crash loses the calls of its last moments; what they
// did stands in the files' own rows.

const (
	// callsKept is how long a call stays in the log; sweepCalls is how many go at once.
	callsKept  = 100 * 24 * time.Hour
	sweepCalls = 2000
	// callsWaiting bounds the calls that wait to be written.
	callsWaiting = 1000
	callsTimeout = 5 * time.Second
)

// callLog holds the calls that are to be written.
type callLog struct {
	mu      sync.Mutex
	waiting []store.AuthorityCall
	writing chan struct{} // closed when nothing is left to write; nil while nothing is written
}

// watch lets the client of this gateway tell its calls.
func (g *Gateway) watch() {
	if g.Metrics == nil {
		g.Metrics = NewMetrics()
	}
	client := *g.Channel.Client
	client.Observe = g.called
	g.Channel.Client = &client
}

// called notes a call and lets it be written.
func (g *Gateway) called(_ context.Context, c *soap.Call) {
	now := g.Clock.Now()
	row := store.AuthorityCall{ID: icp.NewID(now), Channel: g.Channel.ID, Operation: string(c.Operation), Outcome: callOutcome(c), Cause: c.Cause(),
		About: callAbout(c), StartedAt: now.Add(-c.Took), Took: c.Took, Sent: c.Sent, Received: c.Received, Status: c.Status, Code: int(c.Code),
		Sequence: c.Sequence, FileName: clip(c.FileName), Node: g.Node}
	g.Metrics.called(&row)
	l := &g.calls
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) >= callsWaiting {
		g.Metrics.unlogged(g.Channel.ID, 1)
		return
	}
	l.waiting = append(l.waiting, row)
	if l.writing == nil {
		l.writing = make(chan struct{})
		go g.writeCalls(l.writing)
	}
}

// callOutcome classes a call by what it came to.
func callOutcome(c *soap.Call) store.CallOutcome {
	switch {
	case c.Lost():
		return store.CallLost
	case c.Refused():
		return store.CallRefused
	case c.Err != nil:
		return store.CallNotSent
	}
	switch wire.MethodCodeOf(c.Code).Class {
	case wire.ClassOK, wire.ClassMore, wire.ClassIdle:
		return store.CallOK
	default:
		return store.CallDeclined
	}
}

// callAbout names the kind of a question: a query condition is personal data
// and is never kept.
func callAbout(c *soap.Call) string {
	switch {
	case c.Operation != wire.OpQueryBeianStatus:
		return ""
	case c.Kind == wire.QueryDomain:
		return "domain"
	}
	return "certificate"
}

// idle reports whether a call only found that nothing is waiting.
func idle(c *store.AuthorityCall) bool {
	return c.Operation == string(wire.OpDownload) && c.Outcome == store.CallOK && c.FileName == ""
}

// writeCalls writes what waits until nothing is left.
func (g *Gateway) writeCalls(done chan struct{}) {
	defer close(done)
	l := &g.calls
	for {
		l.mu.Lock()
		batch := l.waiting
		l.waiting = nil
		if len(batch) == 0 {
			l.writing = nil
			l.mu.Unlock()
			return
		}
		l.mu.Unlock()
		ctx, cancel := context.WithTimeout(context.Background(), callsTimeout)
		records := 0
		err := g.Store.Update(ctx, func(tx *store.Tx) (err error) {
			records, err = g.logCalls(ctx, tx, batch)
			return err
		})
		cancel()
		if err == nil {
			g.Metrics.sent(g.Channel.ID, records)
		} else {
			g.Metrics.unlogged(g.Channel.ID, len(batch))
			g.Log.Warn("calls of the authority not logged", "channel", g.Channel.ID, "calls", len(batch), "err", err)
		}
	}
}

// logCalls writes calls in one transaction: a row each, but an idle poll is
// only counted. It counts the records of the accepted files.
func (g *Gateway) logCalls(ctx context.Context, tx *store.Tx, batch []store.AuthorityCall) (records int, err error) {
	for i := range batch {
		c := &batch[i]
		if idle(c) {
			if err := tx.NoteIdle(ctx, c.Channel, c.StartedAt); err != nil {
				return 0, err
			}
			continue
		}
		if c.Operation == string(wire.OpQueryPreviousUpload) && c.Outcome == store.CallOK {
			if err := tx.NoteTold(ctx, c.Channel, c.Sequence, c.StartedAt); err != nil {
				return 0, err
			}
		}
		n, err := g.ofUpload(ctx, tx, c)
		if err != nil {
			return 0, err
		}
		records += n
		if err := tx.InsertCall(ctx, c); err != nil {
			return 0, err
		}
	}
	return records, nil
}

// ofUpload finds the file that an upload carried, and how many of its records
// were accepted by this call.
func (g *Gateway) ofUpload(ctx context.Context, tx *store.Tx, c *store.AuthorityCall) (records int, err error) {
	if c.Operation != string(wire.OpUpload) {
		return 0, nil
	}
	u, err := tx.NewestUploadOfNumber(ctx, c.Channel, c.Sequence)
	if errors.Is(err, icp.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	c.Upload = u.ID
	if c.Outcome == store.CallOK {
		records = u.Records
	}
	return records, nil
}

// FlushCalls waits until the calls made so far are in the log, or ctx ends.
func (g *Gateway) FlushCalls(ctx context.Context) {
	g.calls.mu.Lock()
	writing := g.calls.writing
	g.calls.mu.Unlock()
	if writing == nil {
		return
	}
	select {
	case <-writing:
	case <-ctx.Done():
	}
}

// FlushCalls waits for the logs of all channels; see [Gateway.FlushCalls].
func (c *Channels) FlushCalls(ctx context.Context) {
	for _, g := range c.All() {
		g.FlushCalls(ctx)
	}
}

// sweepCalls removes the calls that are kept no longer, a part at a time.
func (g *Gateway) sweepCalls(ctx context.Context) error {
	before := g.Clock.Now().Add(-callsKept)
	for {
		n := int64(0)
		err := g.Store.Update(ctx, func(tx *store.Tx) (err error) {
			n, err = tx.DeleteCalls(ctx, before, sweepCalls)
			return err
		})
		if err != nil || n < sweepCalls {
			return err
		}
	}
}

// Calls lists the channel's calls, the newest first.
func (g *Gateway) Calls(ctx context.Context, f store.CallFilter, cursor store.Cursor, limit int) (out []store.AuthorityCall, next store.Cursor, err error) {
	err = g.Store.View(ctx, func(tx *store.Tx) (err error) {
		out, next, err = tx.Calls(ctx, g.Channel.ID, f, cursor, limit)
		return err
	})
	return out, next, err
}
