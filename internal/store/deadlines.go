package store

import (
	"context"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// DueDeadline is a clock of an order that has run out.
type DueDeadline struct {
	Order icp.OrderID
	Kind  string
	DueAt time.Time
}

// DueDeadlines lists up to limit clocks that had run out at now, the longest
// overdue first.
func (tx *Tx) DueDeadlines(ctx context.Context, now time.Time, limit int) ([]DueDeadline, error) {
	rows, err := tx.q.DueDeadlines(ctx, micros(now), int32(clamp(limit))) //nolint:gosec // at most MaxPage
	if err != nil {
		return nil, tx.explain("read due deadlines", err)
	}
	return deadlines(rows), nil
}

// DeadlinesOf lists the clocks that run on an order, the next one first.
func (tx *Tx) DeadlinesOf(ctx context.Context, id icp.OrderID) ([]DueDeadline, error) {
	rows, err := tx.q.DeadlinesOf(ctx, string(id))
	if err != nil {
		return nil, tx.explain("read deadlines", err)
	}
	return deadlines(rows), nil
}

// RemoveDeadline takes a clock off an order; it is no error when there is none.
func (tx *Tx) RemoveDeadline(ctx context.Context, id icp.OrderID, kind string) error {
	return tx.explain("remove deadline", tx.q.DeleteDeadline(ctx, string(id), kind))
}

func deadlines(rows []sqlgen.Deadline) []DueDeadline {
	out := make([]DueDeadline, len(rows))
	for i, r := range rows {
		out[i] = DueDeadline{Order: icp.OrderID(r.OrderID), Kind: r.Kind, DueAt: instant(r.DueAt)}
	}
	return out
}

// saveDeadlines makes an order's clocks exactly those given.
func (tx *Tx) saveDeadlines(ctx context.Context, id icp.OrderID, want []icp.Deadline) error {
	have, err := tx.q.DeadlinesOf(ctx, string(id))
	if err != nil {
		return tx.explain("read deadlines", err)
	}
	due := make(map[string]int64, len(want))
	for _, d := range want {
		due[d.Kind] = micros(d.DueAt)
	}
	for _, h := range have {
		at, stays := due[h.Kind]
		if stays && at == h.DueAt {
			delete(due, h.Kind)
		}
		if stays {
			continue
		}
		if err := tx.RemoveDeadline(ctx, id, h.Kind); err != nil {
			return err
		}
	}
	for kind, at := range due {
		if err := tx.q.SaveDeadline(ctx, string(id), kind, at); err != nil {
			return tx.explain("save deadline", err)
		}
	}
	return nil
}
