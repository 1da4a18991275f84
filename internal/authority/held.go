package authority

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// filedRecord takes a record of BASJ or of a full synchronisation over: into
// what the authority holds, into our register, and where something is other
// than before without an order of ours, into an event.
func (i *importing) filedRecord(ctx context.Context, tx *store.Tx, rec *wire.FiledRecord, unknown map[string]string) error {
	if rec.Subject.AuthorityID == 0 {
		return nil // without the authority's id there is nothing to hold it by
	}
	var touched []change
	f, err := i.formOfSubject(&rec.Subject)
	if err != nil {
		return err
	}
	c, err := i.hold(ctx, tx, &f)
	if err != nil {
		return err
	}
	touched = append(touched, c)
	for n := range rec.Websites {
		w := &rec.Websites[n]
		if w.AuthorityID == 0 {
			continue
		}
		if f, err = i.formOfWebsite(rec.Subject.AuthorityID, w); err != nil {
			return err
		}
		if c, err = i.hold(ctx, tx, &f); err != nil {
			return err
		}
		touched = append(touched, c)
	}
	if !slices.ContainsFunc(touched, func(c change) bool { return c.what != unchanged }) {
		return nil
	}
	own, err := i.correct(ctx, tx, rec)
	if err != nil {
		return err
	}
	for n := range touched {
		if err := i.differ(ctx, tx, &touched[n], own, unknown); err != nil {
			return err
		}
	}
	return nil
}

// what a told row is, compared with the held one.
type what int

const (
	unchanged what = iota
	added
	changed
)

// change is what became of one row.
type change struct {
	what   what
	row    store.Held
	before json.RawMessage
	fields []string
}

// hold compares a row with the held one and keeps it.
func (i *importing) hold(ctx context.Context, tx *store.Tx, f *form) (change, error) {
	c := change{row: f.row}
	old, err := tx.HeldBrief(ctx, f.row.Channel, f.row.Kind, f.row.Ref)
	switch {
	case errors.Is(err, icp.ErrNotFound):
		c.what = added
		i.imp.Added++
		return c, tx.PutHeld(ctx, &f.row, f.names)
	case err != nil:
		return c, err
	}
	same := bytes.Equal(old.Hash, f.row.Hash) && old.SubjectRef == f.row.SubjectRef
	ended := old.Standing != store.StandingFiled
	switch {
	case older(f.row.ChangedAt, old.ChangedAt), same && ended && !i.sync:
		return c, nil // an old copy, of before what is known
	case same && !ended:
		if !i.sync {
			return c, nil
		}
		return c, tx.TouchHeld(ctx, &f.row)
	}
	full, err := tx.Held(ctx, f.row.Channel, f.row.Kind, f.row.Ref)
	if err != nil {
		return c, err
	}
	c.what, c.before = changed, full.Content
	c.fields = slices.DeleteFunc(differences(full.Content, f.row.Content), func(p string) bool {
		return p == "Subject.LastChanged" || p == "Website.LastChanged"
	})
	if ended {
		c.fields = append(c.fields, "Standing")
	}
	i.imp.Changed++
	if !i.sync {
		f.row.SeenBy = old.SeenBy
	}
	return c, tx.PutHeld(ctx, &f.row, f.names)
}

// differ writes the event of a row that is other than before. What an order of
// ours brought about is none. The first synchronisation is the beginning: what
// is new in it is counted, not told one by one.
func (i *importing) differ(ctx context.Context, tx *store.Tx, c *change, own owned, unknown map[string]string) error {
	order := i.orderOf(c)
	switch {
	case c.what == unchanged, c.what == added && i.sync && i.first, order != "":
		return nil
	}
	h := happening{kind: EventFiled, after: c.row.Content, changed: c.fields, subject: c.row.SubjectRef, licence: c.row.LicenceNo,
		account: own.account, order: order, open: c.what == changed && order == "", unknown: unknown,
		same: i.once(fmt.Sprintf("%s/%d/%x", c.row.Kind, c.row.Ref, c.row.Hash))}
	if i.sync {
		h.kind = EventSync
	}
	if c.before != nil {
		h.before = c.before
	}
	if c.row.Kind == store.HeldWebsite {
		h.site, h.domain = c.row.Ref, domainOf(c.row.Content)
	}
	_, err := i.happen(ctx, tx, &h)
	return err
}

// orderOf gives the order of ours by which a row came about in this file.
func (i *importing) orderOf(c *change) icp.OrderID {
	if c.row.Kind == store.HeldWebsite {
		return i.orders[c.row.Ref]
	}
	return i.subjects[c.row.Ref]
}

func domainOf(content json.RawMessage) string {
	var w heldWebsite
	if json.Unmarshal(content, &w) != nil || len(w.Website.Domains) == 0 {
		return ""
	}
	return w.Website.Domains[0].Name
}

// endHeld notes that something is filed no more.
func (i *importing) endHeld(ctx context.Context, tx *store.Tx, h *store.Held, standing store.Standing) error {
	h.Standing, h.ToldAt, h.ToldBy = standing, i.d.ReceivedAt, i.d.ID
	return tx.SetStanding(ctx, h)
}
