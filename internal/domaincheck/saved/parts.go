package saved

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/store"
)

// Cache keeps registration facts in the store, sealed, so that they outlive
// the process and nodes share them.
type Cache struct{ Store *store.Store }

// Facts gives what is kept for a name. What can no longer be read, as after a
// change of its form, counts as forgotten.
func (c Cache) Facts(ctx context.Context, ascii string) (f domaincheck.Facts, found bool, err error) {
	var text json.RawMessage
	err = c.Store.View(ctx, func(tx *store.Tx) error {
		text, found, err = tx.RegistrationFacts(ctx, ascii)
		return err
	})
	if err != nil || !found {
		return domaincheck.Facts{}, false, err
	}
	if json.Unmarshal(text, &f) != nil {
		return domaincheck.Facts{}, false, nil
	}
	return f, true, nil
}

// Put keeps facts, unless what is kept was fetched later.
func (c Cache) Put(ctx context.Context, ascii string, f domaincheck.Facts) error {
	text, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("encode registration facts: %w", err)
	}
	return c.Store.Update(ctx, func(tx *store.Tx) error { return tx.SaveRegistrationFacts(ctx, ascii, text, f.FetchedAt) })
}

// Orders knows which domains open orders work on.
type Orders struct{ Store *store.Store }

// HoldsDomain reports whether an order other than except, which was handed in,
// works on the domain.
func (o Orders) HoldsDomain(ctx context.Context, domain string, except icp.OrderID) (held bool, err error) {
	err = o.Store.View(ctx, func(tx *store.Tx) error {
		holder, err := tx.DomainInProcess(ctx, domain, "", except)
		held = holder != nil
		return err
	})
	return held, err
}

// Lists judges by the ministry's lists of top-level domains and registrars in
// the reference data.
type Lists struct{ Tables *refdata.Tables }

// TLDVerdict judges a name by its TLD and public suffix.
func (l Lists) TLDVerdict(tld, suffix, region string, at time.Time) domaincheck.Verdict {
	return verdict(l.Tables.On(at).SuffixListing(tld, suffix, region))
}

// RegistrarVerdict judges a registrar by name and IANA id.
func (l Lists) RegistrarVerdict(name, ianaID string, at time.Time) domaincheck.Verdict {
	return verdict(l.Tables.On(at).RegistrarListing(name, ianaID))
}

func verdict(l refdata.Listing) domaincheck.Verdict {
	switch l {
	case refdata.Approved:
		return domaincheck.Approved
	case refdata.NotApproved:
		return domaincheck.NotApproved
	case refdata.Unknown:
	}
	return domaincheck.Undecided
}
