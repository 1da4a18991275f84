package storetest

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/store"
)

func TestAnOrderComesBackAsItWasDecided(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		account := person(t, s, "a1")
		o := draft(t, s, account, "o1", noon)
		o = submit(t, s, o, noon.Add(time.Hour))
		got := read(t, s, func(ctx context.Context, tx *store.Tx) (*icp.Order, error) { return tx.Order(ctx, "o1") })
		if !reflect.DeepEqual(got, o) {
			t.Errorf("got  %+v\nwant %+v", got, o)
		}
		due := read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.DueDeadline, error) { return tx.DeadlinesOf(ctx, "o1") })
		if len(due) != 1 || due[0].Kind != order.DeadlineReview || !due[0].DueAt.Equal(noon.Add(25*time.Hour)) {
			t.Errorf("deadlines = %v, want only the review's", due)
		}
	})
}

func TestAStaleDecisionIsRefusedWhole(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		o := draft(t, s, person(t, s, "a1"), "o1", noon)
		submit(t, s, o, noon)
		late := decide(t, *o, order.Abandon, applicant(o.Account), order.Facts{}, noon)
		refused(t, s, icp.E(icp.Conflict, "stale_version"), func(ctx context.Context, tx *store.Tx) error { return tx.SaveDecision(ctx, late) })
		events := orderEvents(t, s, "o1")
		if want := []string{"order.submitted", "order.created"}; !slices.Equal(events, want) {
			t.Errorf("events = %v, want %v", events, want)
		}
	})
}

func orderEvents(t *testing.T, s *store.Store, id string) []string {
	t.Helper()
	return pages(t, s, 1, func(e eventAction) string { return string(e) },
		func(ctx context.Context, tx *store.Tx, c store.Cursor, limit int) ([]eventAction, store.Cursor, error) {
			rows, next, err := tx.EventsOf(ctx, "order", id, c, limit)
			var out []eventAction
			for _, e := range rows {
				out = append(out, eventAction(e.Action))
			}
			return out, next, err
		})
}

type eventAction string

func TestTwoDecisionsInOneTransaction(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		account := person(t, s, "a1")
		o := icp.Order{ID: "o1", Account: account, Channel: icp.ChannelWeb}
		created := decide(t, o, order.Create, applicant(account), order.Facts{ChannelOpen: true}, noon)
		next := *created.Order()
		next.Data.Websites = []icp.Website{{ID: "w1", Domain: "qinghe.cn"}}
		edited := decide(t, next, order.Edit, applicant(account), order.Facts{}, noon)
		update(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.InsertOrder(ctx, created); err != nil {
				return err
			}
			return tx.SaveDecision(ctx, edited)
		})
		got := read(t, s, func(ctx context.Context, tx *store.Tx) (*icp.Order, error) { return tx.Order(ctx, "o1") })
		if got.Version != edited.Order().Version || len(got.Data.Websites) != 1 {
			t.Errorf("got %+v", got)
		}
	})
}

func TestLookupsFollowTheAnswers(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		o := draft(t, s, person(t, s, "a1"), "o1", noon)
		found := func(kind store.LookupKind, value string) []string {
			return pages(t, s, 10, func(o *icp.Order) string { return string(o.ID) },
				func(ctx context.Context, tx *store.Tx, c store.Cursor, limit int) ([]*icp.Order, store.Cursor, error) {
					return tx.OrdersWith(ctx, kind, value, c, limit)
				})
		}
		if got := found(store.ByCertificate, "91330106ma27xl1y4a"); !slices.Equal(got, []string{"o1"}) {
			t.Errorf("by certificate in another spelling: %v", got)
		}
		if got := found(store.ByMobile, "138 0057 1234"); !slices.Equal(got, []string{"o1"}) {
			t.Errorf("by mobile in another spelling: %v", got)
		}
		next := *o
		next.Data.Websites = []icp.Website{{ID: "w1", Domain: "other.cn"}}
		d := decide(t, next, order.Edit, applicant(o.Account), order.Facts{}, noon)
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveDecision(ctx, d) })
		if got := found(store.ByDomain, "o1.cn"); len(got) != 0 {
			t.Errorf("the domain that was taken off still finds %v", got)
		}
		if got := found(store.ByDomain, "other.cn"); len(got) != 1 {
			t.Errorf("the new domain finds %v", got)
		}
	})
}

func TestOpenOrderWithDomainSeesOnlyOthersThatHaveNotEnded(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		o := draft(t, s, person(t, s, "a1"), "o1", noon)
		open := func(except icp.OrderID) bool {
			return read(t, s, func(ctx context.Context, tx *store.Tx) (bool, error) {
				id, found, err := tx.OpenOrderWithDomain(ctx, "o1.cn", except)
				if found && id != "o1" {
					t.Errorf("found %q", id)
				}
				return found, err
			})
		}
		if !open("") || open("o1") {
			t.Error("an open order must be found, and never the order that asks")
		}
		d := decide(t, *o, order.Abandon, applicant(o.Account), order.Facts{}, noon)
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveDecision(ctx, d) })
		if open("") {
			t.Error("an ended order was found")
		}
		_, found, err := openOrderOf(t, s, "a1")
		if found || err != nil {
			t.Errorf("the account has an open order: %v, %v", found, err)
		}
	})
}

func openOrderOf(t *testing.T, s *store.Store, account icp.AccountID) (id icp.OrderID, found bool, err error) {
	t.Helper()
	err = s.View(t.Context(), func(tx *store.Tx) (err error) {
		id, found, err = tx.OpenOrderOf(t.Context(), account)
		return err
	})
	return id, found, err
}

func TestListsOfOrders(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		a, b := person(t, s, "a1"), person(t, s, "b1")
		for i := range 7 {
			// Three share an instant, so that only the id tells them apart.
			o := draft(t, s, a, fmt.Sprintf("o%d", i), noon.Add(time.Duration(i/3)*time.Minute))
			if i%2 == 0 {
				submit(t, s, o, noon.Add(time.Duration(10-i)*time.Hour))
			}
		}
		draft(t, s, b, "x1", noon)
		id := func(o *icp.Order) string { return string(o.ID) }
		mine := pages(t, s, 2, id, func(ctx context.Context, tx *store.Tx, c store.Cursor, n int) ([]*icp.Order, store.Cursor, error) {
			return tx.OrdersOf(ctx, a, c, n)
		})
		if want := []string{"o6", "o5", "o4", "o3", "o2", "o1", "o0"}; !slices.Equal(mine, want) {
			t.Errorf("an account's orders = %v, want %v", mine, want)
		}
		queue := func(f store.QueueFilter) []string {
			return pages(t, s, 2, id, func(ctx context.Context, tx *store.Tx, c store.Cursor, n int) ([]*icp.Order, store.Cursor, error) {
				return tx.Queue(ctx, f, c, n)
			})
		}
		review := []icp.State{icp.StateProviderReview}
		nobody, someone := icp.AccountID(""), icp.AccountID("r1")
		for name, c := range map[string]struct {
			filter store.QueueFilter
			want   []string
		}{
			"the oldest first":          {store.QueueFilter{States: review, OldestFirst: true}, []string{"o6", "o4", "o2", "o0"}},
			"the newest first":          {store.QueueFilter{States: review}, []string{"o0", "o2", "o4", "o6"}},
			"several states are merged": {store.QueueFilter{States: []icp.State{icp.StateDraft, icp.StateProviderReview}, OldestFirst: true}, []string{"o1", "x1", "o3", "o5", "o6", "o4", "o2", "o0"}},
			"no state means all":        {store.QueueFilter{OldestFirst: true}, []string{"o1", "x1", "o3", "o5", "o6", "o4", "o2", "o0"}},
			"nobody's":                  {store.QueueFilter{States: review, Reviewer: &nobody}, []string{"o0", "o2", "o4", "o6"}},
			"a reviewer's":              {store.QueueFilter{States: review, Reviewer: &someone}, nil},
			"a province's":              {store.QueueFilter{States: review, Province: "33", Type: icp.AddWebsite}, []string{"o0", "o2", "o4", "o6"}},
			"another province's":        {store.QueueFilter{States: review, Province: "11"}, nil},
			"another type":              {store.QueueFilter{States: review, Type: icp.FirstFiling}, nil},
		} {
			if got := queue(c.filter); !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		}
		counts := read(t, s, func(ctx context.Context, tx *store.Tx) (map[icp.State]int, error) { return tx.CountByState(ctx) })
		if want := (map[icp.State]int{icp.StateDraft: 4, icp.StateProviderReview: 4}); !reflect.DeepEqual(counts, want) {
			t.Errorf("counts = %v, want %v", counts, want)
		}
	})
}

func TestABadCursorIsTheCallersFault(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		for _, c := range []store.Cursor{"%", "YWJj", "MQ"} {
			refused(t, s, icp.ErrInvalid, func(ctx context.Context, tx *store.Tx) error {
				_, _, err := tx.OrdersOf(ctx, "a1", c, 10)
				return err
			})
		}
	})
}

func TestMaterials(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		o := draft(t, s, person(t, s, "a1"), "o1", noon)
		m := icp.Material{ID: "m1", Order: o.ID, Kind: icp.MaterialPrincipalFront, BlobKey: "b1", Hash: "00", MediaType: "image/jpeg",
			Size: 1 << 40, Width: 800, Height: 600, FileName: "周若兰 身份证.jpg", At: noon}
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertMaterial(ctx, &m) })
		got := read(t, s, func(ctx context.Context, tx *store.Tx) (*icp.Order, error) { return tx.Order(ctx, o.ID) })
		if len(got.Materials) != 1 || got.Materials[0] != m {
			t.Errorf("the order's materials = %+v, want %+v", got.Materials, m)
		}
		if one := read(t, s, func(ctx context.Context, tx *store.Tx) (icp.Material, error) { return tx.Material(ctx, "m1") }); one != m {
			t.Errorf("material = %+v", one)
		}
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteMaterial(ctx, "m1") })
		refused(t, s, icp.ErrNotFound, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteMaterial(ctx, "m1") })
		m.Order = "none"
		refused(t, s, icp.ErrNotFound, func(ctx context.Context, tx *store.Tx) error { return tx.InsertMaterial(ctx, &m) })
	})
}

func TestDeadlinesFallDueInOrder(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		a := person(t, s, "a1")
		draft(t, s, a, "o1", noon)
		draft(t, s, a, "o2", noon.Add(-time.Hour))
		due := func(at time.Time) (out []string) {
			rows := read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.DueDeadline, error) {
				return tx.DueDeadlines(ctx, at, 10)
			})
			for _, d := range rows {
				out = append(out, string(d.Order)+" "+d.Kind)
			}
			return out
		}
		soon := noon.Add(terms.Draft - terms.Reminder)
		if got := due(soon.Add(-2 * time.Hour)); got != nil {
			t.Errorf("too early: %v", got)
		}
		if got, want := due(soon), []string{"o2 expire_soon", "o1 expire_soon"}; !slices.Equal(got, want) {
			t.Errorf("due = %v, want %v", got, want)
		}
		update(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.RemoveDeadline(ctx, "o2", order.DeadlineExpireSoon)
		})
		if got, want := due(soon), []string{"o1 expire_soon"}; !slices.Equal(got, want) {
			t.Errorf("after one was removed: %v, want %v", got, want)
		}
	})
}

func TestDraftsOfOthersDoNotHoldADomain(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		owner := person(t, s, "a1")
		o := draft(t, s, owner, "o1", noon)
		holder := func(account icp.AccountID, except icp.OrderID) bool {
			return read(t, s, func(ctx context.Context, tx *store.Tx) (bool, error) {
				found, err := tx.DomainInProcess(ctx, "o1.cn", account, except)
				return found != nil, err
			})
		}
		if !holder(owner, "") || holder(owner, "o1") || holder("somebody", "") {
			t.Error("a draft counts for its own account only, and never for itself")
		}
		d := decide(t, *o, order.Submit, applicant(o.Account), order.Facts{Consented: true}, noon)
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveDecision(ctx, d) })
		if !holder("somebody", "") {
			t.Error("an order that was handed in holds its domain")
		}
	})
}
