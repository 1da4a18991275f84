package storetest

import (
	"context"
	"testing"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

func TestAFileIsFoundByItsNumber(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		file := func(id, channel string, sequence int64) *store.Upload {
			u := &store.Upload{ID: id, Channel: channel, Sequence: sequence, Operation: "XZWZ", State: store.UploadStored, Code: -1, CreatedAt: noon}
			update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertUpload(ctx, u, nil) })
			return u
		}
		numbered := func(channel string, n int64) func(context.Context, *store.Tx) (store.Upload, error) {
			return func(ctx context.Context, tx *store.Tx) (store.Upload, error) {
				return tx.UploadBySequence(ctx, channel, n)
			}
		}
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.EnsureChannel(ctx, "c1", "Zhejiang") })
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.EnsureChannel(ctx, "c2", "Beijing") })
		first := file("u1", "c1", 1)
		file("u2", "c1", 2)
		other := file("u3", "c2", 1)
		for want, find := range map[*store.Upload]func(context.Context, *store.Tx) (store.Upload, error){first: numbered("c1", 1), other: numbered("c2", 1)} {
			if got := read(t, s, find); got != *want {
				t.Errorf("got %+v, want %+v", got, *want)
			}
		}
		missing(t, s, numbered("c2", 2))
		first.State, first.Code, first.AnsweredAt = store.UploadRefused, 901, noon
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveUpload(ctx, first, store.UploadStored) })
		missing(t, s, numbered("c1", 1))
		again := file("u4", "c1", 1)
		if got := read(t, s, numbered("c1", 1)); got != *again {
			t.Errorf("got %+v, want the file that has the number now", got)
		}
	})
}

func TestTheLastNumberIsSetOnlyFromWhatItWas(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.EnsureChannel(ctx, "c1", "Zhejiang") })
		set := func(channel string, from, to int64) func(context.Context, *store.Tx) error {
			return func(ctx context.Context, tx *store.Tx) error { return tx.SetSequence(ctx, channel, from, to) }
		}
		stale := icp.E(icp.Conflict, "stale_version")
		update(t, s, set("c1", 0, 40))
		refused(t, s, stale, set("c1", 0, 41))
		refused(t, s, stale, set("c2", 0, 1))
		update(t, s, set("c1", 40, 7)) // the database may be ahead too
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AdvanceSequence(ctx, "c1", 8) })
		c := read(t, s, func(ctx context.Context, tx *store.Tx) (store.AuthorityChannel, error) {
			return tx.AuthorityChannel(ctx, "c1")
		})
		if c.LastSequence != 8 {
			t.Errorf("the last number is %d, want 8", c.LastSequence)
		}
	})
}
