package storetest

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

func TestAccessesAreListedFromTheOldest(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		o := draft(t, s, person(t, s, "a1"), "o1", noon)
		filedSubject(t, s, o, "p1", noon)
		filedSite(t, s, o, "w1", noon)
		late := store.FiledAccess{ID: "j1", WebsiteID: "w1", Server: "s1", PublicIP: "203.0.113.7", AuthorityRef: 79, CreatedAt: noon.Add(time.Hour)}
		early := store.FiledAccess{ID: "j2", WebsiteID: "w1", Server: "s2", PublicIP: "203.0.113.8", CreatedAt: noon}
		insert := func(a store.FiledAccess) func(context.Context, *store.Tx) error {
			return func(ctx context.Context, tx *store.Tx) error { return tx.InsertFiledAccess(ctx, a) }
		}
		update(t, s, insert(late))
		update(t, s, insert(early))
		got := read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.FiledAccess, error) {
			return tx.FiledAccessesOf(ctx, "w1")
		})
		if want := []store.FiledAccess{early, late}; !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
		refused(t, s, icp.E(icp.Conflict, "reference"), insert(store.FiledAccess{ID: "j3", WebsiteID: "none", CreatedAt: noon}))
	})
}
