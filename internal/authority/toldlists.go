package authority

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// cancelled is ZXSJ: a subject, a website or an access is filed no more. What
// was noted as ended before is no event.
func (i *importing) cancelled(ctx context.Context, tx *store.Tx, v *wire.CancelledRecord, unknown map[string]string) error {
	kind := store.HeldWebsite
	if v.Kind == wire.CancelSubject {
		kind = store.HeldSubject
	}
	var held store.Held
	var err error
	if v.Kind == wire.CancelAccess {
		held, err = tx.HeldByAccess(ctx, i.g.Channel.ID, v.RecordID)
	} else {
		held, err = tx.Held(ctx, i.g.Channel.ID, kind, v.RecordID)
	}
	known := err == nil
	if err != nil && !errors.Is(err, icp.ErrNotFound) {
		return err
	}
	if known && held.Standing == store.StandingCancelled {
		return nil
	}
	p := place{licence: held.LicenceNo, subject: held.SubjectRef}
	switch {
	case v.Kind == wire.CancelSubject:
		p.subject = v.RecordID
	case v.Kind == wire.CancelWebsite:
		p.website = v.RecordID
	case known:
		p.website = held.Ref
	}
	account, err := i.whose(ctx, tx, &p)
	if err != nil {
		return err
	}
	h := happening{kind: EventCancelled, after: toldCancelled{*v}, changed: []string{"Standing"}, account: account, open: true, unknown: unknown}
	if known {
		h.before, h.same = held.Content, i.once(fmt.Sprintf("cancelled/%d/%d", v.Kind, v.RecordID))
	}
	h.at(p)
	if isNew, err := i.happen(ctx, tx, &h); err != nil || !isNew {
		return err
	}
	if err := i.end(ctx, tx, v, &held, known, &p); err != nil {
		return err
	}
	return i.tell(ctx, tx, account, noticeCancelled, p.licence, "")
}

// end marks what a cancellation ends: in what the authority holds and in our
// register.
func (i *importing) end(ctx context.Context, tx *store.Tx, v *wire.CancelledRecord, held *store.Held, known bool, p *place) error {
	switch {
	case v.Kind == wire.CancelSubject:
		rows, err := tx.HeldOf(ctx, i.g.Channel.ID, v.RecordID)
		if err != nil {
			return err
		}
		for n := range rows {
			if err := i.endHeld(ctx, tx, &rows[n], store.StandingCancelled); err != nil {
				return err
			}
		}
		own, err := i.ownerBySubject(ctx, tx, p.licence, v.RecordID)
		if err != nil || !own.known {
			return err
		}
		return i.endSubject(ctx, tx, &own.subject)
	case v.Kind == wire.CancelWebsite && known:
		if err := i.endHeld(ctx, tx, held, store.StandingCancelled); err != nil {
			return err
		}
	}
	site, found, err := siteOfRegister(ctx, tx, p.licence, p.website)
	if err != nil || !found {
		return err
	}
	if v.Kind == wire.CancelWebsite {
		return tx.CancelFiledWebsite(ctx, site.ID, i.now)
	}
	if !i.ourAccess(held, v.RecordID) {
		return nil // another provider's: ours stays
	}
	return tx.CancelFiledAccesses(ctx, site.ID, i.now)
}

// ourAccess reports whether an access of a held website is given by us.
func (i *importing) ourAccess(held *store.Held, access int64) bool {
	var w heldWebsite
	if json.Unmarshal(held.Content, &w) != nil {
		return false
	}
	return slices.ContainsFunc(w.Website.Accesses, func(a wire.FiledAccess) bool {
		return a.AuthorityID == access && a.ProviderID == i.g.Channel.ProviderID()
	})
}

// listedSubject is a subject on or off the blacklist (HMDLB).
func (i *importing) listedSubject(ctx context.Context, tx *store.Tx, v *wire.BlacklistedSubject, unknown map[string]string) error {
	if v.Subject == nil {
		return nil
	}
	number := icp.NormalizeDocument(v.Subject.Certificate.Number)
	h := happening{kind: EventBlacklist, after: toldSubject{*v}, unknown: unknown}
	changed, err := i.list(ctx, tx, store.ByCertificate, number, v.Change, h.after)
	if err != nil || !changed {
		return err
	}
	found, err := tx.FiledSubjectsWith(ctx, number)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		h.open, h.account, h.licence, h.subject = true, found[0].Account, found[0].LicenceNo, found[0].AuthorityRef
	}
	if err := i.orderWith(ctx, tx, &h, store.ByCertificate, number); err != nil {
		return err
	}
	h.same = i.once(hexOf(i.g.Store.Fingerprint("listed", number)))
	_, err = i.happen(ctx, tx, &h)
	return err
}

// listedWebsite is a website on or off the blacklist (HMDLB), by its domains.
func (i *importing) listedWebsite(ctx context.Context, tx *store.Tx, v *wire.BlacklistedWebsite, unknown map[string]string) error {
	h := happening{kind: EventBlacklist, after: toldWebsite{*v}, unknown: unknown}
	changed := false
	for _, d := range v.Website.Domains {
		domain := strings.ToLower(strings.TrimSpace(d.Name))
		one, err := i.list(ctx, tx, store.ByDomain, domain, v.Change, h.after)
		if err != nil {
			return err
		}
		changed = changed || one
		if h.domain == "" {
			h.domain = domain
		}
		sites, err := tx.FiledWebsitesWith(ctx, domain)
		if err != nil {
			return err
		}
		if len(sites) > 0 {
			s, err := tx.FiledSubject(ctx, sites[0].SubjectID)
			if err != nil {
				return err
			}
			h.open, h.domain, h.account, h.licence, h.site = true, domain, s.Account, sites[0].Website.LicenceNo, sites[0].Website.AuthorityRef
		}
		if err := i.orderWith(ctx, tx, &h, store.ByDomain, domain); err != nil {
			return err
		}
	}
	if !changed {
		return nil
	}
	h.same = i.once(h.domain)
	_, err := i.happen(ctx, tx, &h)
	return err
}

// orderWith fills in an order under way that has a value.
func (i *importing) orderWith(ctx context.Context, tx *store.Tx, h *happening, kind store.LookupKind, value string) error {
	if value == "" {
		return nil
	}
	list, _, err := tx.OrdersWith(ctx, kind, value, "", store.MaxPage)
	if err != nil {
		return err
	}
	for _, o := range list {
		if slices.Contains(underWay, o.State) {
			h.open, h.order = true, o.ID
			if h.account == "" {
				h.account = o.Account
			}
			return nil
		}
	}
	return nil
}

// underWay are the states of orders that were handed in and have not ended.
var underWay = append([]icp.State{icp.StateProviderReview, icp.StateChangesRequested, icp.StateReady, icp.StateSubmitFailed, icp.StateReturnedToProvider}, inFlight...)

// list writes or drops one value of the blacklist; changed is false when it
// stood there, or was missing, before.
func (i *importing) list(ctx context.Context, tx *store.Tx, kind store.LookupKind, value string, change int64, document any) (changed bool, err error) {
	if value == "" {
		return false, nil
	}
	there, err := tx.Listed(ctx, kind, []string{value})
	if err != nil {
		return false, err
	}
	on := slices.Contains(there[value], store.ListBlack)
	if change == wire.BlacklistDeleted {
		return on, tx.DropBlackEntry(ctx, i.g.Channel.ID, store.ListBlack, kind, value)
	}
	content, err := json.Marshal(document)
	if err != nil {
		return false, fmt.Errorf("write entry: %w", err)
	}
	e := store.BlackEntry{Channel: i.g.Channel.ID, List: store.ListBlack, Kind: kind, Value: value, Content: content, ToldAt: i.d.ReceivedAt, ToldBy: i.d.ID}
	return !on, tx.PutBlackEntry(ctx, &e)
}
