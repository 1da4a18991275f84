package authority

import (
	"context"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// collect lists the orders of the next file, the longest ready first; none
// while it is too early for a file. An account and a subject have one order at
// the authority at a time: a result of 新增网站 names the subject only, and a
// second one in review would be refused.
func (g *Gateway) collect(ctx context.Context) ([]icp.OrderID, error) {
	if err := g.assign(ctx); err != nil {
		return nil, err
	}
	var out []icp.OrderID
	err := g.Store.View(ctx, func(tx *store.Tx) error {
		out = nil
		pictures, due, err := g.due(ctx, tx)
		if err != nil || !due {
			return err
		}
		ready, err := g.free(ctx, tx)
		if err != nil || !g.worthwhile(ready, pictures) {
			return err
		}
		for _, o := range ready {
			out = append(out, o.ID)
		}
		return nil
	})
	return out, err
}

// assign finds a channel for ready orders that have none: those that became
// ready while there was no channel at all.
func (g *Gateway) assign(ctx context.Context) error {
	var none []*icp.Order
	err := g.Store.View(ctx, func(tx *store.Tx) (err error) {
		without := ""
		none, err = g.queue(ctx, tx, store.QueueFilter{States: []icp.State{icp.StateReady}, AuthorityChannel: &without}, store.MaxPage)
		return err
	})
	if err != nil || len(none) == 0 {
		return err
	}
	return g.Store.Update(ctx, func(tx *store.Tx) error {
		for _, o := range none {
			if g.Assign == nil {
				err = tx.AssignOrder(ctx, o.ID, g.Channel.ID)
			} else {
				err = g.Assign(ctx, tx, o)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// free lists the channel's ready orders whose account and subject have nothing
// at the authority, on whichever channel.
func (g *Gateway) free(ctx context.Context, tx *store.Tx) ([]*icp.Order, error) {
	busy := map[string]bool{}
	take := func(o *icp.Order) (free bool) {
		licence := subjectLicence(o)
		free = !busy[string(o.Account)] && !busy[licence]
		busy[string(o.Account)], busy[licence] = true, licence != ""
		return free
	}
	ready, err := g.queue(ctx, tx, store.QueueFilter{States: []icp.State{icp.StateReady}, AuthorityChannel: &g.Channel.ID}, g.Channel.MaxRecords)
	if err != nil || len(ready) == 0 {
		return nil, err
	}
	sent, err := g.pages(ctx, tx, inFlight, 0)
	if err != nil {
		return nil, err
	}
	for _, o := range sent {
		take(o)
	}
	var out []*icp.Order
	for _, o := range ready {
		if take(o) {
			out = append(out, o)
		}
	}
	return out, nil
}

// sentPicture is what a picture has at most after it was made small for the
// authority; see pictures.go.
const sentPicture = 100 << 10

// due tells from counts alone whether it can be time for a file, so that a
// queue that has just begun to fill is not read again for each order.
func (g *Gateway) due(ctx context.Context, tx *store.Tx) (pictures map[icp.OrderID]int64, due bool, err error) {
	n, oldest, err := tx.ChannelReady(ctx, g.Channel.ID)
	if err != nil || n == 0 {
		return nil, false, err
	}
	if n >= g.Channel.MaxRecords || !g.Clock.Now().Before(oldest.Add(g.Channel.MaxAge)) {
		due = true
	}
	if g.Channel.MaxAge == 0 {
		return nil, true, nil
	}
	if pictures, err = tx.ReadyPictures(ctx, g.Channel.ID, sentPicture); err != nil {
		return nil, false, err
	}
	bytes := n * recordOverhead
	for _, size := range pictures {
		bytes += inBase64(size)
	}
	return pictures, due || bytes >= g.Channel.MaxBytes, nil
}

// worthwhile reports whether orders fill a file or the first waited long enough.
func (g *Gateway) worthwhile(ready []*icp.Order, pictures map[icp.OrderID]int64) bool {
	if len(ready) == 0 {
		return false
	}
	if len(ready) >= g.Channel.MaxRecords || !g.Clock.Now().Before(ready[0].StateSince.Add(g.Channel.MaxAge)) {
		return true
	}
	bytes := 0
	for _, o := range ready {
		bytes += recordOverhead + inBase64(pictures[o.ID])
	}
	return bytes >= g.Channel.MaxBytes
}

func inBase64(size int64) int { return int(size) * 4 / 3 }

// inFlight are the states in which the authority may have an order.
var inFlight = []icp.State{icp.StateSubmitting, icp.StateSMSPending, icp.StateAuthorityReview}

// pages reads the queue of all channels; see queue.
func (g *Gateway) pages(ctx context.Context, tx *store.Tx, states []icp.State, most int) ([]*icp.Order, error) {
	return g.queue(ctx, tx, store.QueueFilter{States: states}, most)
}

// queue reads a queue, the oldest first, up to most orders; 0 means all.
func (g *Gateway) queue(ctx context.Context, tx *store.Tx, f store.QueueFilter, most int) ([]*icp.Order, error) {
	f.OldestFirst = true
	var out []*icp.Order
	for cursor := store.Cursor(""); ; {
		rows, next, err := tx.Queue(ctx, f, cursor, store.MaxPage)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
		if next == "" || most > 0 && len(out) >= most {
			return out, nil
		}
		cursor = next
	}
}
