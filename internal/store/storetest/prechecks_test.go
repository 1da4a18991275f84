package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

func precheck(id string, made time.Time) store.Precheck {
	return store.Precheck{ID: id, Report: json.RawMessage(`{"domain":"zhixia.example"}`), CreatedAt: made, ExpiresAt: made.Add(30 * 24 * time.Hour)}
}

func TestPrechecksAreReadUntilTheirEnd(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		made := precheck("one", noon)
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertPrecheck(ctx, made) })
		got := read(t, s, func(ctx context.Context, tx *store.Tx) (store.Precheck, error) {
			return tx.Precheck(ctx, "one", made.ExpiresAt.Add(-time.Microsecond))
		})
		if !bytes.Equal(got.Report, made.Report) || !got.CreatedAt.Equal(made.CreatedAt) || !got.ExpiresAt.Equal(made.ExpiresAt) {
			t.Errorf("read %+v", got)
		}
		missing(t, s, func(ctx context.Context, tx *store.Tx) (store.Precheck, error) {
			return tx.Precheck(ctx, "one", made.ExpiresAt)
		})
		missing(t, s, func(ctx context.Context, tx *store.Tx) (store.Precheck, error) { return tx.Precheck(ctx, "two", noon) })
	})
}

func TestPrechecksOfOneIDAreRefused(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertPrecheck(ctx, precheck("one", noon)) })
		refused(t, s, icp.ErrConflict, func(ctx context.Context, tx *store.Tx) error { return tx.InsertPrecheck(ctx, precheck("one", noon)) })
	})
}

func TestPrechecksPastTheirEndAreDeleted(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		old, young := precheck("old", noon), precheck("young", noon.Add(time.Hour))
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertPrecheck(ctx, old) })
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertPrecheck(ctx, young) })
		for want := range 2 {
			update(t, s, func(ctx context.Context, tx *store.Tx) error {
				n, err := tx.DeletePrechecks(ctx, old.ExpiresAt)
				if n != int64(1-want) {
					t.Errorf("deleted %d", n)
				}
				return err
			})
		}
		read(t, s, func(ctx context.Context, tx *store.Tx) (store.Precheck, error) {
			return tx.Precheck(ctx, "young", noon)
		})
		// It is gone, not only past its end.
		missing(t, s, func(ctx context.Context, tx *store.Tx) (store.Precheck, error) { return tx.Precheck(ctx, "old", noon) })
	})
}
