package storetest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/store"
)

// noon is when the tests happen; it has microseconds, which must survive.
var noon = time.Date(2026, 3, 2, 4, 0, 0, 123456000, time.UTC)

// days is a calendar without holidays.
type days struct{}

func (days) AddWorkdays(t time.Time, n int) time.Time { return t.AddDate(0, 0, n) }

var terms = order.DefaultTerms(days{})

// update runs fn in a transaction that must succeed.
func update(t testing.TB, s *store.Store, fn func(ctx context.Context, tx *store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), func(tx *store.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// refused runs fn in a transaction that must fail with want.
func refused(t testing.TB, s *store.Store, want *icp.Error, fn func(ctx context.Context, tx *store.Tx) error) {
	t.Helper()
	err := s.Update(t.Context(), func(tx *store.Tx) error { return fn(t.Context(), tx) })
	if !errors.Is(err, want) {
		t.Fatalf("err = %v, want %v", err, want)
	}
}

// read gives what fn reads at one instant.
func read[T any](t testing.TB, s *store.Store, fn func(ctx context.Context, tx *store.Tx) (T, error)) T {
	t.Helper()
	var out T
	err := s.View(t.Context(), func(tx *store.Tx) (err error) {
		out, err = fn(t.Context(), tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// person is an applicant's account with invented personal data.
func person(t testing.TB, s *store.Store, id string) icp.AccountID {
	t.Helper()
	a := store.Account{ID: icp.AccountID(id), Mail: id + "@Example.com", Lang: "zh-CN", CreatedAt: noon}
	update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertAccount(ctx, &a) })
	return a.ID
}

// applicant is the actor of an account.
func applicant(id icp.AccountID) icp.Actor { return icp.Actor{Account: id, Party: icp.Applicant} }

// decide takes an action or ends the test.
func decide(t testing.TB, o icp.Order, action order.Action, actor icp.Actor, facts order.Facts, at time.Time) order.Decision {
	t.Helper()
	d, err := order.Decide(o, action, actor, facts, terms, at)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// draft makes and stores an order with answers.
func draft(t testing.TB, s *store.Store, account icp.AccountID, id string, at time.Time) *icp.Order {
	t.Helper()
	o := icp.Order{ID: icp.OrderID(id), Account: account, Type: icp.AddWebsite, TypeReason: "type.add_website_here", Channel: icp.ChannelWeb}
	o.Data.Subject = icp.Subject{Region: "330106", Nature: icp.NatureEnterprise, CertificateType: icp.CertBusinessLicence,
		CertificateNumber: "91330106MA27XL1Y4A", Name: "杭州青禾纸业有限公司",
		Principal: icp.Principal{Name: "周若兰", CertificateType: icp.CertResidentID, CertificateNumber: "330106198803120028", Mobile: "13800571234"}}
	o.Data.Websites = []icp.Website{{ID: icp.WebsiteID("w-" + id), Name: "青禾纸业", Domain: id + ".cn", Languages: []int{1}}}
	d := decide(t, o, order.Create, applicant(account), order.Facts{ChannelOpen: true}, at)
	update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertOrder(ctx, d) })
	return d.Order()
}

// submit hands an order in for review.
func submit(t testing.TB, s *store.Store, o *icp.Order, at time.Time) *icp.Order {
	t.Helper()
	d := decide(t, *o, order.Submit, applicant(o.Account), order.Facts{Consented: true}, at)
	update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveDecision(ctx, d) })
	return d.Order()
}

// pages walks a list to its end by steps of limit and gives all ids.
func pages[T any](t testing.TB, s *store.Store, limit int, id func(T) string,
	list func(ctx context.Context, tx *store.Tx, c store.Cursor, limit int) ([]T, store.Cursor, error)) []string {
	t.Helper()
	var out []string
	var cursor store.Cursor
	for range 100 {
		var next store.Cursor
		rows := read(t, s, func(ctx context.Context, tx *store.Tx) (rows []T, err error) {
			rows, next, err = list(ctx, tx, cursor, limit)
			return rows, err
		})
		if len(rows) > limit {
			t.Fatalf("a page of %d rows, limit %d", len(rows), limit)
		}
		for _, r := range rows {
			out = append(out, id(r))
		}
		if next == "" {
			return out
		}
		cursor = next
	}
	t.Fatal("the list has no end")
	return nil
}

// ages are ids with the instants of their rows, two of them at one instant.
var ages = []struct {
	id string
	at time.Time
}{
	{"x1", noon.Add(2 * time.Hour)}, {"x2", noon}, {"x3", noon}, {"x4", noon.Add(-time.Hour)}, {"x5", noon.Add(time.Microsecond)},
}

// newest has the ids of ages as a list from the newest row on shows them.
var newest = []string{"x1", "x5", "x3", "x2", "x4"}

// listed checks a list in pages of every size that matters.
func listed[T any](t testing.TB, s *store.Store, want []string, id func(T) string,
	list func(ctx context.Context, tx *store.Tx, c store.Cursor, limit int) ([]T, store.Cursor, error)) {
	t.Helper()
	for _, limit := range []int{1, 2, max(1, len(want)), len(want) + 1} {
		if got := pages(t, s, limit, id, list); !slices.Equal(got, want) {
			t.Errorf("by pages of %d: %v, want %v", limit, got, want)
		}
	}
	err := s.View(t.Context(), func(tx *store.Tx) error {
		_, _, err := list(t.Context(), tx, "no cursor", 1)
		return err
	})
	if !errors.Is(err, icp.ErrInvalid) {
		t.Errorf("a cursor that is none: %v", err)
	}
}

// missing checks that what fn looks for is not there.
func missing[T any](t testing.TB, s *store.Store, fn func(ctx context.Context, tx *store.Tx) (T, error)) {
	t.Helper()
	err := s.View(t.Context(), func(tx *store.Tx) error {
		_, err := fn(t.Context(), tx)
		return err
	})
	if !errors.Is(err, icp.ErrNotFound) {
		t.Errorf("err = %v, want not found", err)
	}
}
