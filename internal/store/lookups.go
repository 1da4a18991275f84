package store

import (
	"context"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// LookupKind is what an order can be found by, whole and in any spelling.
type LookupKind string

// The kinds.
const (
	ByCertificate LookupKind = lookupCertificate // of the subject or a principal
	ByMobile      LookupKind = lookupMobile      // of any principal
	ByDomain      LookupKind = lookupDomain      // registrable, ASCII
)

// OrdersWith lists the orders, open and ended, that have a value, without
// materials, the newest first.
func (tx *Tx) OrdersWith(ctx context.Context, kind LookupKind, value string, cursor Cursor, limit int) ([]*icp.Order, Cursor, error) {
	p, err := newestFirst(cursor, limit)
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.q.OrdersWith(ctx, sqlgen.OrdersWithParams{Lookup: tx.store.index(string(kind), value), Kind: string(kind),
		Before: p.before, BeforeID: p.beforeID, MaxRows: p.rows})
	if err != nil {
		return nil, "", tx.explain("find orders", err)
	}
	return page(rows, p.limit, tx.order, byCreation)
}

// lookup is one row of order_lookups without its order.
type lookup struct{ kind, index string }

// lookups are the values by which an order is to be found.
func (s *Store) lookups(o *icp.Order) map[lookup]bool {
	out := map[lookup]bool{}
	add := func(kind, value string) {
		if value != "" {
			out[lookup{kind, string(s.index(kind, value))}] = true
		}
	}
	person := func(p *icp.Principal) {
		add(lookupCertificate, p.CertificateNumber)
		add(lookupMobile, p.Mobile)
	}
	add(lookupCertificate, o.Data.Subject.CertificateNumber)
	person(&o.Data.Subject.Principal)
	for i := range o.Data.Websites {
		add(lookupDomain, o.Data.Websites[i].Domain)
		person(&o.Data.Websites[i].Principal)
	}
	return out
}

// saveLookups makes an order's look-ups those of its answers and writes only
// what differs: most saves change none.
func (tx *Tx) saveLookups(ctx context.Context, o *icp.Order) error {
	want := tx.store.lookups(o)
	have, err := tx.q.LookupsOf(ctx, string(o.ID))
	if err != nil {
		return tx.explain("read look-ups", err)
	}
	for _, row := range have {
		l := lookup{row.Kind, string(row.Lookup)}
		if want[l] {
			delete(want, l)
			continue
		}
		if err := tx.q.DeleteLookup(ctx, string(o.ID), row.Kind, row.Lookup); err != nil {
			return tx.explain("delete look-up", err)
		}
	}
	for l := range want {
		if err := tx.q.InsertLookup(ctx, string(o.ID), l.kind, []byte(l.index)); err != nil {
			return tx.explain("insert look-up", err)
		}
	}
	return nil
}

// DomainInProcess finds an order, other than except, that works on a domain:
// one that was handed in and has not ended, or a draft of the account itself.
// Drafts of others do not count, so that nobody can keep a domain from its
// owner by beginning an order. One that was handed in comes before a draft.
func (tx *Tx) DomainInProcess(ctx context.Context, domain string, account icp.AccountID, except icp.OrderID) (*icp.Order, error) {
	var draft *icp.Order
	for cursor := Cursor(""); ; {
		found, next, err := tx.OrdersWith(ctx, ByDomain, domain, cursor, MaxPage)
		if err != nil {
			return nil, err
		}
		for _, o := range found {
			switch {
			case o.ID == except || order.Ended(o.State):
			case o.State != icp.StateDraft:
				return o, nil
			case o.Account == account:
				draft = o
			}
		}
		if next == "" {
			return draft, nil // nil when no order works on it
		}
		cursor = next
	}
}

// SharedValue tells what orders of others have a value of an order too. Drafts
// that were never handed in do not count, so that nobody can hinder another by
// beginning an order, nor do orders that ended without a filing.
type SharedValue struct {
	// OtherSubject: an order of another account for another subject has it. Of
	// certificate numbers only orders of the same kind count, units or
	// individuals: who answers for one unit may have a filing of the own.
	OtherSubject bool
	// OtherAccount: it is the subject's certificate number, and an order of
	// another account is for the same subject.
	OtherAccount bool
	// InProcess: it is the subject's certificate number, and another order of
	// the subject, of whichever account, is on its way to or at the authority.
	InProcess bool
}

// Shared has the values of one order that could be shared with others.
type Shared struct {
	store *Store
	rows  map[lookup]SharedValue
}

// Of gives what is known of a certificate or mobile number; known is false when
// the order was not saved with it.
func (s Shared) Of(kind LookupKind, value string) (shared SharedValue, known bool) {
	if value == "" || s.store == nil {
		return SharedValue{}, false
	}
	shared, known = s.rows[lookup{string(kind), string(s.store.index(string(kind), value))}]
	return shared, known
}

// SharedOf finds, by one query, which certificate and mobile numbers that the
// order is saved with stand in orders of others too. It tells that there are
// such orders, never which.
func (tx *Tx) SharedOf(ctx context.Context, o *icp.Order) (Shared, error) {
	subject := tx.store.index(lookupCertificate, o.Data.Subject.CertificateNumber)
	rows, err := tx.q.SharedLookups(ctx, subject, string(o.ID))
	if err != nil {
		return Shared{}, tx.explain("find shared values", err)
	}
	out := Shared{store: tx.store, rows: make(map[lookup]SharedValue, len(rows))}
	for _, r := range rows {
		out.rows[lookup{r.Kind, string(r.Lookup)}] = SharedValue{OtherSubject: r.OtherSubject, OtherAccount: r.OtherAccount, InProcess: r.InProcess}
	}
	return out, nil
}
