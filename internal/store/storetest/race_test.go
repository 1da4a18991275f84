package storetest

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/postgres/pgtest"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

func TestADeadlockIsTriedAgain(t *testing.T) {
	t.Parallel()
	s := NewPostgres(t)
	var both, wg sync.WaitGroup
	var tries atomic.Int32
	both.Add(2)
	for _, keys := range [][2]string{{"a", "b"}, {"b", "a"}} {
		wg.Go(func() {
			first := true
			err := s.Update(t.Context(), func(tx *store.Tx) error {
				tries.Add(1)
				if _, err := tx.Hit(t.Context(), keys[0], time.Hour, noon); err != nil {
					return err
				}
				if first { // each holds one row and wants the other's
					first = false
					both.Done()
					both.Wait()
				}
				_, err := tx.Hit(t.Context(), keys[1], time.Hour, noon)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if tries.Load() < 3 {
		t.Errorf("%d tries: there was no deadlock, so nothing was tested", tries.Load())
	}
	hits := read(t, s, func(ctx context.Context, tx *store.Tx) (int, error) { return tx.Hits(ctx, "a", time.Hour, noon) })
	if hits != 2 {
		t.Errorf("%d hits, want 2", hits)
	}
}

func TestOneOfManyRequestsWithAKeyIsTheFirst(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		var made atomic.Int32
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				var fresh bool
				err := s.Update(t.Context(), func(tx *store.Tx) error {
					result, seen, err := tx.ClaimKey(t.Context(), "a1", "k", "p", noon)
					if err != nil {
						return err
					}
					if fresh = !seen; fresh {
						return tx.SetKeyResult(t.Context(), "a1", "k", "o1")
					}
					if result != "o1" {
						t.Errorf("the second request saw %q", result)
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
				if fresh {
					made.Add(1)
				}
			})
		}
		wg.Wait()
		if made.Load() != 1 {
			t.Errorf("%d requests were the first", made.Load())
		}
	})
}

// SQLite prepares every query in Migrate; this does the same on PostgreSQL.
func TestEveryQueryIsGoodOnPostgres(t *testing.T) {
	t.Parallel()
	config, err := pgxpool.ParseConfig(pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	db := stdlib.OpenDB(*config.ConnConfig)
	defer func() { _ = db.Close() }()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	q, err := sqlgen.Prepare(t.Context(), conn)
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Close(); err != nil {
		t.Error(err)
	}
}
