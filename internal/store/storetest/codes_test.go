package storetest

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// lent has an owner "a1" with servers "s1" and "s2", and "a2", who may use codes.
func lent(t testing.TB, s *store.Store) {
	t.Helper()
	owner := person(t, s, "a1")
	person(t, s, "a2")
	server(t, s, owner, "s1", noon)
	server(t, s, owner, "s2", noon)
}

func sampleCode(id string, at time.Time) store.Code {
	return store.Code{ID: icp.CodeID(id), Text: "7K3M9QXR0000" + id, Server: "s1", Owner: "a1", Account: "a2", State: store.CodeUnused,
		Note: "给青禾", CreatedAt: at}
}

func insertCode(c *store.Code) func(context.Context, *store.Tx) error {
	return func(ctx context.Context, tx *store.Tx) error { return tx.InsertCode(ctx, c) }
}

func codeID(c store.Code) string { return string(c.ID) }

func TestACodeComesBackWhole(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		lent(t, s)
		c := sampleCode("c1", noon)
		update(t, s, insertCode(&c))
		if c.Version != 1 {
			t.Errorf("version = %d", c.Version)
		}
		for name, find := range map[string]func(ctx context.Context, tx *store.Tx) (store.Code, error){
			"by id":   func(ctx context.Context, tx *store.Tx) (store.Code, error) { return tx.Code(ctx, c.ID) },
			"by text": func(ctx context.Context, tx *store.Tx) (store.Code, error) { return tx.CodeByText(ctx, c.Text) },
		} {
			if got := read(t, s, find); !reflect.DeepEqual(got, c) {
				t.Errorf("%s: %+v, want %+v", name, got, c)
			}
		}
		missing(t, s, func(ctx context.Context, tx *store.Tx) (store.Code, error) { return tx.Code(ctx, "c2") })
		missing(t, s, func(ctx context.Context, tx *store.Tx) (store.Code, error) { return tx.CodeByText(ctx, "c1") })
	})
}

func TestACodeTextIsGivenOnce(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		lent(t, s)
		first, second := sampleCode("c1", noon), sampleCode("c2", noon)
		update(t, s, insertCode(&first))
		second.Text = first.Text
		taken := icp.E(icp.Conflict, "authcode.taken")
		refused(t, s, taken, insertCode(&second))
		first.State = store.CodeDeleted
		update(t, s, func(ctx context.Context, tx *store.Tx) error { c := first; return tx.SaveCode(ctx, &c) })
		refused(t, s, taken, insertCode(&second)) // a deleted one keeps its text
		if second.Version != 0 {
			t.Errorf("a refused code has version %d", second.Version)
		}
		missing(t, s, func(ctx context.Context, tx *store.Tx) (store.Code, error) { return tx.Code(ctx, "c2") })
		second.Text, second.Server = "OTHER", "none"
		refused(t, s, icp.E(icp.Conflict, "reference"), insertCode(&second))
	})
}

func TestAStaleCodeIsNotSaved(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		lent(t, s)
		c := sampleCode("c1", noon)
		update(t, s, insertCode(&c))
		old := c
		c.Server, c.State, c.Note = "s2", store.CodeInUse, "另一台"
		update(t, s, func(ctx context.Context, tx *store.Tx) error {
			again := c // what never changes is not written
			again.Text, again.Owner, again.Account, again.CreatedAt = "OTHER", "a2", "a1", noon.Add(time.Hour)
			err := tx.SaveCode(ctx, &again)
			if err == nil && again.Version != 2 {
				t.Errorf("version = %d", again.Version)
			}
			return err
		})
		c.Version = 2
		old.State = store.CodeDeleted
		refused(t, s, icp.E(icp.Conflict, "stale_version"), func(ctx context.Context, tx *store.Tx) error { return tx.SaveCode(ctx, &old) })
		if got := read(t, s, func(ctx context.Context, tx *store.Tx) (store.Code, error) { return tx.Code(ctx, "c1") }); !reflect.DeepEqual(got, c) {
			t.Errorf("got %+v, want %+v", got, c)
		}
	})
}

func TestCodesAreListedForOwnerUserAndServer(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		lent(t, s)
		for _, x := range ages {
			c := sampleCode(x.id, x.at)
			if x.id == "x4" {
				c.State = store.CodeDeleted
			}
			update(t, s, insertCode(&c))
		}
		self := sampleCode("z", noon.Add(-time.Minute))
		self.Account, self.Server = "a1", "s2"
		update(t, s, insertCode(&self))

		listed(t, s, []string{"x1", "x5", "x3", "x2", "z", "x4"}, codeID, func(ctx context.Context, tx *store.Tx, c store.Cursor, n int) ([]store.Code, store.Cursor, error) {
			return tx.CodesOwnedBy(ctx, "a1", c, n)
		})
		listed(t, s, nil, codeID, func(ctx context.Context, tx *store.Tx, c store.Cursor, n int) ([]store.Code, store.Cursor, error) {
			return tx.CodesOwnedBy(ctx, "a2", c, n)
		})
		listed(t, s, newest, codeID, func(ctx context.Context, tx *store.Tx, c store.Cursor, n int) ([]store.Code, store.Cursor, error) {
			return tx.CodesFor(ctx, "a2", c, n)
		})
		var got []string
		for _, c := range read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.Code, error) { return tx.CodesOfServer(ctx, "s1") }) {
			got = append(got, codeID(c))
		}
		if want := []string{"x4", "x2", "x3", "x5", "x1"}; !reflect.DeepEqual(got, want) {
			t.Errorf("of the server, the oldest first: %v, want %v", got, want)
		}
	})
}
