package storetest

import (
	"context"
	"testing"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

func TestErrorsOfTheDatabaseHaveKinds(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		person(t, s, "a1")
		refused(t, s, icp.ErrConflict, func(ctx context.Context, tx *store.Tx) error {
			return tx.InsertAccount(ctx, &store.Account{ID: "a1", CreatedAt: noon})
		})
		refused(t, s, icp.E(icp.Conflict, "reference"), func(ctx context.Context, tx *store.Tx) error {
			return tx.InsertUpload(ctx, &store.Upload{ID: "u1", Channel: "none", State: store.UploadStored, CreatedAt: noon}, nil)
		})
		refused(t, s, icp.ErrNotFound, func(ctx context.Context, tx *store.Tx) error { _, err := tx.Order(ctx, "none"); return err })
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := s.Ping(t.Context()); err == nil {
			t.Error("a closed store answers")
		}
	})
}
