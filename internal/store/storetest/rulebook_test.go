package storetest

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

func publication(seq int64, version string) store.RulePublication {
	return store.RulePublication{Seq: seq, Version: version, Kind: "operator", Note: "新增校内域名", By: "op1", At: noon.Add(time.Duration(seq) * time.Hour)}
}

func latest(t testing.TB, s *store.Store) (store.RulePublication, bool) {
	t.Helper()
	var found bool
	p := read(t, s, func(ctx context.Context, tx *store.Tx) (p store.RulePublication, err error) {
		p, found, err = tx.LatestRules(ctx)
		return p, err
	})
	return p, found
}

func TestRulesArePublishedAndReadBack(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		if p, found := latest(t, s); found {
			t.Errorf("rules before the first: %+v", p)
		}
		files := func(version string) string {
			return string(read(t, s, func(ctx context.Context, tx *store.Tx) ([]byte, error) { return tx.RuleFiles(ctx, version) }))
		}
		publish := func(p store.RulePublication, text string) {
			update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.PublishRules(ctx, p, []byte(text)) })
		}
		publish(publication(1, "a"), "PK\x00\x01 first")
		publish(publication(2, "b"), "second")
		if p, found := latest(t, s); !found || p != publication(2, "b") {
			t.Errorf("latest: %+v", p)
		}
		publish(publication(3, "a"), "other bytes of the same version")
		if p, _ := latest(t, s); p != publication(3, "a") {
			t.Errorf("an edition that came back: %+v", p)
		}
		if a, b := files("a"), files("b"); a != "PK\x00\x01 first" || b != "second" {
			t.Errorf("files %q and %q", a, b)
		}
		missing(t, s, func(ctx context.Context, tx *store.Tx) ([]byte, error) { return tx.RuleFiles(ctx, "c") })
	})
}

func TestRulesThatRestOnOldOnesAreRefused(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		update(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.PublishRules(ctx, publication(1, "a"), []byte("a"))
		})
		refused(t, s, icp.E(icp.Conflict, "stale_version"), func(ctx context.Context, tx *store.Tx) error {
			return tx.PublishRules(ctx, publication(1, "b"), []byte("b"))
		})
		if p, _ := latest(t, s); p.Version != "a" {
			t.Errorf("latest: %+v", p)
		}
		missing(t, s, func(ctx context.Context, tx *store.Tx) ([]byte, error) { return tx.RuleFiles(ctx, "b") })
	})
}

func TestOneOfManyNodesPublishes(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		var made atomic.Int32
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.PublishRules(t.Context(), publication(1, "a"), []byte("a")) })
				if err == nil {
					made.Add(1)
				} else if icp.KindOf(err) != icp.Conflict {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if made.Load() != 1 {
			t.Errorf("%d nodes published", made.Load())
		}
	})
}

func TestPublicationsAreListedFromTheNewest(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		var want []string
		for seq := int64(1); seq <= 5; seq++ {
			update(t, s, func(ctx context.Context, tx *store.Tx) error {
				return tx.PublishRules(ctx, publication(seq, "v"+strconv.FormatInt(seq%2, 10)), []byte("x"))
			})
			want = append(want, strconv.FormatInt(seq, 10))
		}
		slices.Reverse(want)
		listed(t, s, want, func(p store.RulePublication) string { return strconv.FormatInt(p.Seq, 10) },
			func(ctx context.Context, tx *store.Tx, c store.Cursor, n int) ([]store.RulePublication, store.Cursor, error) {
				return tx.RulePublications(ctx, c, n)
			})
	})
}
