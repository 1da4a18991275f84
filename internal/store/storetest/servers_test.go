package storetest

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

func sampleServer(account icp.AccountID, id string, at time.Time) store.Server {
	return store.Server{ID: icp.ServerID(id), ExternalID: "ins-" + id, Account: account, Name: "纸业官网", Region: "hangzhou-1",
		Mainland: true, PublicIP: "203.0.113.7", Billing: "prepaid", BoughtMonths: 12, ExpiresAt: at.AddDate(1, 0, 0),
		CreatedAt: at, UpdatedAt: at}
}

// server is a stored server of an account.
func server(t testing.TB, s *store.Store, account icp.AccountID, id string, at time.Time) store.Server {
	t.Helper()
	v := sampleServer(account, id, at)
	update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertServer(ctx, &v) })
	return v
}

func serverID(v store.Server) string { return string(v.ID) }

func TestAServerComesBackWhole(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		v := server(t, s, person(t, s, "a1"), "s1", noon)
		if v.Version != 1 {
			t.Errorf("version = %d", v.Version)
		}
		for name, find := range map[string]func(ctx context.Context, tx *store.Tx) (store.Server, error){
			"by id": func(ctx context.Context, tx *store.Tx) (store.Server, error) { return tx.Server(ctx, "s1") },
			"by the other name": func(ctx context.Context, tx *store.Tx) (store.Server, error) {
				return tx.ServerByExternalID(ctx, "ins-s1")
			},
		} {
			if got := read(t, s, find); !reflect.DeepEqual(got, v) {
				t.Errorf("%s: %+v, want %+v", name, got, v)
			}
		}
		update(t, s, func(ctx context.Context, tx *store.Tx) error {
			got, err := tx.LockServer(ctx, "s1")
			if !reflect.DeepEqual(got, v) {
				t.Errorf("locked: %+v, want %+v", got, v)
			}
			return err
		})
		missing(t, s, func(ctx context.Context, tx *store.Tx) (store.Server, error) { return tx.Server(ctx, "ins-s1") })
		missing(t, s, func(ctx context.Context, tx *store.Tx) (store.Server, error) { return tx.ServerByExternalID(ctx, "s1") })
		refused(t, s, icp.ErrNotFound, func(ctx context.Context, tx *store.Tx) error { _, err := tx.LockServer(ctx, "s2"); return err })
	})
}

func TestAServerIsInTheInventoryOnce(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		first := server(t, s, person(t, s, "a1"), "s1", noon)
		second := sampleServer(person(t, s, "a2"), "s2", noon)
		second.ExternalID = first.ExternalID
		insert := func(ctx context.Context, tx *store.Tx) error { return tx.InsertServer(ctx, &second) }
		refused(t, s, icp.E(icp.Conflict, "server.taken"), insert)
		if second.Version != 0 {
			t.Errorf("a refused server has version %d", second.Version)
		}
		got := read(t, s, func(ctx context.Context, tx *store.Tx) (store.Server, error) {
			return tx.ServerByExternalID(ctx, "ins-s1")
		})
		if !reflect.DeepEqual(got, first) {
			t.Errorf("the first became %+v", got)
		}
		second.ExternalID, second.Account = "ins-s2", "nobody"
		refused(t, s, icp.E(icp.Conflict, "reference"), insert)
	})
}

func TestAStaleServerIsNotSaved(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		v := server(t, s, person(t, s, "a1"), "s1", noon)
		old := v
		v.Account, v.Name, v.Region, v.Mainland, v.PublicIP = person(t, s, "a2"), "新名", "singapore-1", false, ""
		v.Billing, v.BoughtMonths, v.ExpiresAt, v.UpdatedAt = "pay_as_you_go", 0, noon.AddDate(2, 0, 0), noon.Add(time.Hour)
		changed := v
		changed.ExternalID, changed.CreatedAt = "other", noon.Add(time.Hour) // both stay
		update(t, s, func(ctx context.Context, tx *store.Tx) error {
			again := changed // the transaction may be tried again
			err := tx.SaveServer(ctx, &again)
			v.Version = again.Version
			return err
		})
		refused(t, s, icp.E(icp.Conflict, "stale_version"), func(ctx context.Context, tx *store.Tx) error { return tx.SaveServer(ctx, &old) })
		got := read(t, s, func(ctx context.Context, tx *store.Tx) (store.Server, error) { return tx.Server(ctx, "s1") })
		if v.Version != 2 || old.Version != 1 || !reflect.DeepEqual(got, v) {
			t.Errorf("got %+v, want %+v; the stale one is at %d", got, v, old.Version)
		}
	})
}

func TestServersAreListedFromTheNewest(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		account, other := person(t, s, "a1"), person(t, s, "a2")
		for _, x := range ages {
			server(t, s, account, x.id, x.at)
		}
		server(t, s, other, "z", noon.Add(-time.Minute))
		of := func(a icp.AccountID) func(context.Context, *store.Tx, store.Cursor, int) ([]store.Server, store.Cursor, error) {
			return func(ctx context.Context, tx *store.Tx, c store.Cursor, n int) ([]store.Server, store.Cursor, error) {
				return tx.ServersOf(ctx, a, c, n)
			}
		}
		listed(t, s, newest, serverID, of(account))
		listed(t, s, []string{"z"}, serverID, of(other))
		listed(t, s, nil, serverID, of("nobody"))
		listed(t, s, []string{"x1", "x5", "x3", "x2", "z", "x4"}, serverID, func(ctx context.Context, tx *store.Tx, c store.Cursor, n int) ([]store.Server, store.Cursor, error) {
			return tx.Servers(ctx, c, n)
		})
	})
}

func TestACursorStaysGoodWhileRowsAreAdded(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		account := person(t, s, "a1")
		for _, x := range ages {
			server(t, s, account, x.id, x.at)
		}
		var got []string
		var cursor store.Cursor
		for step := range 3 {
			var next store.Cursor
			for _, v := range read(t, s, func(ctx context.Context, tx *store.Tx) (rows []store.Server, err error) {
				rows, next, err = tx.ServersOf(ctx, account, cursor, 2)
				return rows, err
			}) {
				got = append(got, string(v.ID))
			}
			cursor = next
			server(t, s, account, "new"+string(rune('0'+step)), noon.AddDate(0, 0, step+1))
		}
		if !reflect.DeepEqual(got, newest) || cursor != "" {
			t.Errorf("got %v and the cursor %q, want %v", got, cursor, newest)
		}
	})
}

func TestUsesAreCountedPerServerAndCode(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		account := person(t, s, "a1")
		server(t, s, account, "s1", noon)
		server(t, s, account, "s2", noon)
		o1, o2 := draft(t, s, account, "o1", noon).ID, draft(t, s, account, "o2", noon).ID
		save := func(u store.Use) func(context.Context, *store.Tx) error {
			return func(ctx context.Context, tx *store.Tx) error { return tx.SaveUse(ctx, u) }
		}
		itself, byCode, second := store.Use{Order: o1, Website: "w1", Server: "s1"}, store.Use{Order: o1, Website: "w2", Server: "s1", Code: "c1"},
			store.Use{Order: o2, Website: "w1", Server: "s2"}
		for _, u := range []store.Use{byCode, itself, second, itself} { // the last one again: a site holds one
			update(t, s, save(u))
		}
		check := func(doing string, onS1, onS2, onC1, ofO1 []store.Use) {
			t.Helper()
			for name, c := range map[string]struct {
				list func(ctx context.Context, tx *store.Tx) ([]store.Use, error)
				want []store.Use
			}{
				"s1": {func(ctx context.Context, tx *store.Tx) ([]store.Use, error) { return tx.UsesOfServer(ctx, "s1") }, onS1},
				"s2": {func(ctx context.Context, tx *store.Tx) ([]store.Use, error) { return tx.UsesOfServer(ctx, "s2") }, onS2},
				"c1": {func(ctx context.Context, tx *store.Tx) ([]store.Use, error) { return tx.UsesOfCode(ctx, "c1") }, onC1},
				"o1": {func(ctx context.Context, tx *store.Tx) ([]store.Use, error) { return tx.UsesOf(ctx, o1) }, ofO1},
			} {
				if got := read(t, s, c.list); len(got) != len(c.want) || len(got) > 0 && !reflect.DeepEqual(got, c.want) {
					t.Errorf("%s, %s carries %v, want %v", doing, name, got, c.want)
				}
			}
		}
		list := func(u ...store.Use) []store.Use { return u }
		check("at first", list(itself, byCode), list(second), list(byCode), list(itself, byCode))
		moved := store.Use{Order: o1, Website: "w2", Server: "s2"}
		update(t, s, save(moved))
		check("moved to another server", list(itself), list(moved, second), nil, list(itself, moved))
		for range 2 { // once more is no error
			update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteUse(ctx, o1, "w1") })
		}
		check("with one given back", nil, list(moved, second), nil, list(moved))
		refused(t, s, icp.E(icp.Conflict, "reference"), save(store.Use{Order: o1, Website: "w3", Server: "none"}))
	})
}
