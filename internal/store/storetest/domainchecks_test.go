package storetest

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

func domainCheck(t testing.TB, s *store.Store, account icp.AccountID, id string, at time.Time) store.DomainCheck {
	t.Helper()
	c := store.DomainCheck{ID: id, Account: account, Domain: "qinghe.cn", Result: json.RawMessage(`{"holder":"周若兰"}`), CreatedAt: at}
	update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertDomainCheck(ctx, c) })
	return c
}

func TestADomainCheckComesBackWhole(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		c := domainCheck(t, s, person(t, s, "a1"), "d1", noon)
		got := read(t, s, func(ctx context.Context, tx *store.Tx) (store.DomainCheck, error) { return tx.DomainCheck(ctx, "d1") })
		if got.ID != c.ID || got.Account != c.Account || got.Domain != c.Domain || string(got.Result) != string(c.Result) || !got.CreatedAt.Equal(noon) {
			t.Errorf("got %+v, want %+v", got, c)
		}
		missing(t, s, func(ctx context.Context, tx *store.Tx) (store.DomainCheck, error) { return tx.DomainCheck(ctx, "d2") })
		refused(t, s, icp.ErrConflict, func(ctx context.Context, tx *store.Tx) error { return tx.InsertDomainCheck(ctx, c) })
		c.ID, c.Account = "d3", "nobody"
		refused(t, s, icp.E(icp.Conflict, "reference"), func(ctx context.Context, tx *store.Tx) error { return tx.InsertDomainCheck(ctx, c) })
	})
}

func TestDomainChecksAreListedFromTheNewest(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		account, other := person(t, s, "a1"), person(t, s, "a2")
		for _, x := range ages {
			domainCheck(t, s, account, x.id, x.at)
		}
		domainCheck(t, s, other, "z", noon)
		for a, want := range map[icp.AccountID][]string{account: newest, other: {"z"}, "nobody": nil} {
			listed(t, s, want, func(c store.DomainCheck) string { return c.ID },
				func(ctx context.Context, tx *store.Tx, c store.Cursor, n int) ([]store.DomainCheck, store.Cursor, error) {
					return tx.DomainChecksOf(ctx, a, c, n)
				})
		}
	})
}

func TestTheLatestRegistrationFactsAreKept(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		facts := func(domain string) string {
			return read(t, s, func(ctx context.Context, tx *store.Tx) (string, error) {
				raw, found, err := tx.RegistrationFacts(ctx, domain)
				if found != (len(raw) > 0) {
					t.Errorf("found: %v, with %q", found, raw)
				}
				return string(raw), err
			})
		}
		if got := facts("qinghe.cn"); got != "" {
			t.Errorf("facts of nothing: %s", got)
		}
		for _, c := range []struct {
			rule, facts string
			at          time.Time
			want        string
		}{
			{"the first are kept", `{"n":1}`, noon, `{"n":1}`},
			{"later ones replace them", `{"n":2}`, noon.Add(time.Hour), `{"n":2}`},
			{"earlier ones do not", `{"n":3}`, noon.Add(time.Minute), `{"n":2}`},
			{"those of the same instant do", `{"n":4}`, noon.Add(time.Hour), `{"n":4}`},
		} {
			update(t, s, func(ctx context.Context, tx *store.Tx) error {
				return tx.SaveRegistrationFacts(ctx, "qinghe.cn", json.RawMessage(c.facts), c.at)
			})
			if got := facts("qinghe.cn"); got != c.want {
				t.Errorf("%s: %s, want %s", c.rule, got, c.want)
			}
		}
		if got := facts("other.cn"); got != "" {
			t.Errorf("facts of another domain: %s", got)
		}
	})
}
