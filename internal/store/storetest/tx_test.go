package storetest

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/audit"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/sqlite"
)

func TestWhatFailsNeverHappened(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		boom := errors.New("boom")
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			if err := tx.SaveSetting(t.Context(), "k", 1, "a1", 0, noon); err != nil {
				return err
			}
			tx.AppendEvent(audit.Event{At: noon, Action: "setting.changed", ObjectKind: "setting", Object: "k"})
			return boom
		})
		if !errors.Is(err, boom) {
			t.Fatalf("err = %v", err)
		}
		var n int
		if found := read(t, s, func(ctx context.Context, tx *store.Tx) (bool, error) {
			f, _, err := tx.Setting(ctx, "k", &n)
			return f, err
		}); found {
			t.Error("the setting stayed")
		}
		for row, err := range s.AllEvents(t.Context(), 0) {
			t.Error("an audit event stayed: ", row, err)
		}
	})
}

func TestAViewCannotWrite(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		err := s.View(t.Context(), func(tx *store.Tx) error { return tx.SaveSetting(t.Context(), "k", 1, "a1", 0, noon) })
		if err == nil {
			t.Error("a view wrote")
		}
	})
}

func TestAViewSeesOneInstant(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		err := s.View(t.Context(), func(tx *store.Tx) error {
			var n int
			if _, _, err := tx.Setting(t.Context(), "k", &n); err != nil {
				return err
			}
			update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveSetting(ctx, "k", 1, "a1", 0, noon) })
			found, _, err := tx.Setting(t.Context(), "k", &n)
			if found {
				t.Error("a view saw a later commit")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestAnEndedContextIsNoKind(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := s.Update(ctx, func(*store.Tx) error { return nil })
		if !errors.Is(err, context.Canceled) || icp.KindOf(err) != "" {
			t.Errorf("err = %v", err)
		}
	})
}

func TestTheAuditChainHoldsUnderManyWriters(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		const writers, each = 6, 5
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for range each {
					err := s.Update(t.Context(), func(tx *store.Tx) error {
						_, err := tx.Hit(t.Context(), "shared", time.Hour, noon)
						tx.AppendEvent(audit.Event{At: noon, Actor: "a1", Action: "one", ObjectKind: "test", Object: "x", Detail: []byte(`{"n": 1}`)})
						tx.AppendEvent(audit.Event{At: noon, Actor: "a1", Action: "two", ObjectKind: "test", Object: "x"})
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		end, err := audit.Verify(audit.Start(), s.AllEvents(t.Context(), 0))
		if err != nil || end.Rows != 2*writers*each {
			t.Fatalf("end = %v of %d rows, %v", end, end.Rows, err)
		}
		head := read(t, s, func(ctx context.Context, tx *store.Tx) (audit.Head, error) { return tx.AuditHead(ctx) })
		if head.Seq != end.Seq || !bytes.Equal(head.Hash, end.Hash) {
			t.Errorf("head = %v, the rows end at %v", head, end)
		}
		hits := read(t, s, func(ctx context.Context, tx *store.Tx) (int, error) { return tx.Hits(ctx, "shared", time.Hour, noon) })
		if hits != writers*each {
			t.Errorf("%d hits, want %d", hits, writers*each)
		}
	})
}

func TestSettings(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		save := func(value string, version int64) func(context.Context, *store.Tx) error {
			return func(ctx context.Context, tx *store.Tx) error {
				return tx.SaveSetting(ctx, "k", value, "a1", version, noon)
			}
		}
		update(t, s, save("one", 0))
		refused(t, s, icp.E(icp.Conflict, "stale_version"), save("other", 0))
		update(t, s, save("two", 1))
		refused(t, s, icp.E(icp.Conflict, "stale_version"), save("other", 1))
		var value string
		version := read(t, s, func(ctx context.Context, tx *store.Tx) (int64, error) {
			_, v, err := tx.Setting(ctx, "k", &value)
			return v, err
		})
		if value != "two" || version != 2 {
			t.Errorf("%q at version %d", value, version)
		}
	})
}

func TestConsentTextsHaveEditions(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		for _, id := range []string{"b", "a", "b"} {
			text := store.ConsentText{ID: id, TitleZH: "题", TitleEN: "Title", BodyZH: "文", BodyEN: "Body", PublishedAt: noon, PublishedBy: "a1"}
			update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.PublishConsentText(ctx, &text) })
		}
		var got []string
		for _, c := range read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.ConsentText, error) {
			return tx.CurrentConsentTexts(ctx)
		}) {
			got = append(got, c.ID+string(rune('0'+c.Edition)))
		}
		if want := []string{"a1", "b2"}; !slices.Equal(got, want) {
			t.Errorf("current = %v, want %v", got, want)
		}
		first := read(t, s, func(ctx context.Context, tx *store.Tx) (store.ConsentText, error) { return tx.ConsentText(ctx, "b", 1) })
		if first.BodyZH != "文" || !first.PublishedAt.Equal(noon) {
			t.Errorf("first = %+v", first)
		}
		refused(t, s, icp.ErrNotFound, func(ctx context.Context, tx *store.Tx) error { _, err := tx.ConsentText(ctx, "b", 3); return err })
	})
}

func TestNoPersonalDataLieOpenInTheFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := sqlite.Open(t.Context(), filepath.Join(dir, "beian.db"), Box())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	a := sampleAccount()
	update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertAccount(ctx, &a) })
	o := submit(t, s, draft(t, s, a.ID, "o1", noon), noon)
	update(t, s, func(ctx context.Context, tx *store.Tx) error {
		m := icp.Material{ID: "m1", Order: o.ID, Kind: icp.MaterialPrincipalFront, FileName: "周若兰.jpg", At: noon}
		if err := tx.InsertMaterial(ctx, &m); err != nil {
			return err
		}
		_, err := tx.InsertNotice(ctx, &store.Notice{ID: "n1", Dedupe: "d", Account: a.ID, State: store.NoticeQueued,
			Address: a.Mobile, Params: map[string]string{"name": a.Name.Name}, CreatedAt: noon})
		return err
	})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal("no files: ", err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"周若兰", "13800571234", "330106198803120028", "zhou@example.com", "91330106MA27XL1Y4A", "青禾"} {
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("%s has %q", filepath.Base(f), secret)
			}
		}
		if info, err := os.Stat(f); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is open to others: %v %v", filepath.Base(f), info.Mode(), err)
		}
	}
}
