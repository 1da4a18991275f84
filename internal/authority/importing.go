package authority

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/store"
)

// importing is one file being taken over, beside what it says about orders.
// It lives as long as one transaction.
type importing struct {
	g   *Gateway
	d   *store.Download
	now time.Time
	imp store.Import
	// sync says that the file is a full synchronisation, first that none was
	// taken over before it.
	sync, first bool
	// orders and subjects are the orders by which filed records of this file
	// came about, by the authority's ids of websites and of subjects.
	orders, subjects map[int64]icp.OrderID
}

// recordsOf lists the records of a small document.
func recordsOf(ctx context.Context, document []byte) ([]wire.Record, error) {
	var out []wire.Record
	_, err := wire.Stream(ctx, bytes.NewReader(document), func(r wire.Record) error {
		out = append(out, r)
		return nil
	}, wire.StreamOptions{})
	return out, err
}

// applyRecords takes the records of a small file over in the caller's
// transaction.
func (g *Gateway) applyRecords(ctx context.Context, tx *store.Tx, d *store.Download, records []wire.Record, read *reading, sync bool) error {
	i := &importing{g: g, d: d, now: g.Clock.Now(), sync: sync, orders: read.websites, subjects: read.subjects}
	i.imp = store.Import{Download: d.ID, BegunAt: i.now}
	if err := i.begin(ctx, tx); err != nil {
		return err
	}
	if err := i.each(ctx, tx, records); err != nil {
		return err
	}
	if i.sync && hasFilings(records) {
		if err := i.missing(ctx, tx); err != nil {
			return err
		}
	}
	if err := i.summary(ctx, tx, hasFilings(records)); err != nil {
		return err
	}
	i.imp.UpdatedAt, i.imp.DoneAt = i.now, i.now
	return tx.PutImport(ctx, &i.imp)
}

// sameAsTold gives a document in which the filings and base codes of a full
// synchronisation stand where those of other files do: they may bring the
// result of an order whose own result was lost.
func sameAsTold(d *wire.DownloadData) *wire.DownloadData {
	if d.Sync == nil {
		return d
	}
	out := *d
	if out.ICP == nil && d.Sync.Filed != nil {
		out.ICP = &wire.DownloadICP{Filed: d.Sync.Filed}
	}
	if out.BaseCodes == nil {
		out.BaseCodes = d.Sync.BaseCodes
	}
	return &out
}

func (i *importing) begin(ctx context.Context, tx *store.Tx) error {
	if !i.sync {
		return nil
	}
	before, err := tx.SyncedBefore(ctx, i.d.Channel, i.d.ID)
	i.first = !before
	return err
}

func (i *importing) each(ctx context.Context, tx *store.Tx, records []wire.Record) error {
	for n := range records {
		r := &records[n]
		i.imp.Records++
		if r.Value == nil {
			i.imp.LeftOut++
			continue
		}
		if err := i.record(ctx, tx, r); err != nil {
			return err
		}
	}
	return nil
}

func hasFilings(records []wire.Record) bool {
	return slices.ContainsFunc(records, func(r wire.Record) bool { _, ok := r.Value.(*wire.FiledRecord); return ok })
}

// tooMany says when so much is missing from a synchronisation that it is
// taken for one of several files rather than for the whole: more than this
// many filings, and more than a tenth of all.
const tooMany = 20

// missing finds what a full synchronisation has no more.
func (i *importing) missing(ctx context.Context, tx *store.Tx) error {
	for {
		if n, err := i.missingPage(ctx, tx); err != nil || n == 0 {
			return err
		}
	}
}

// missingPage is missing for one page; 0 when there is none left. A record that
// was too large to be read might be any of them, so nothing is then missing.
func (i *importing) missingPage(ctx context.Context, tx *store.Tx) (int, error) {
	filed, unseen, err := tx.CountHeld(ctx, i.d.Channel, i.d.ID, i.d.ReceivedAt)
	if err != nil || unseen == 0 || i.imp.LeftOut > 0 || i.partial(filed, unseen) {
		return 0, err
	}
	for _, kind := range []store.HeldKind{store.HeldSubject, store.HeldWebsite} {
		list, err := tx.HeldUnseen(ctx, i.d.Channel, kind, 0, i.d.ID, i.d.ReceivedAt, store.MaxPage)
		if err != nil {
			return 0, err
		}
		for n := range list {
			if err := i.gone(ctx, tx, &list[n]); err != nil {
				return 0, err
			}
		}
		if len(list) > 0 {
			return len(list), nil
		}
	}
	return 0, nil
}

func (i *importing) partial(filed, unseen int64) bool { return unseen > tooMany && unseen*10 > filed }

// gone notes a filing that a synchronisation has no more. Our register stays as
// it is: only a cancellation ends a filing, and a person looks why it is missing.
func (i *importing) gone(ctx context.Context, tx *store.Tx, h *store.Held) error {
	if err := i.endHeld(ctx, tx, h, store.StandingGone); err != nil {
		return err
	}
	i.imp.Gone++
	p := place{subject: h.SubjectRef, licence: h.LicenceNo}
	if h.Kind == store.HeldWebsite {
		p.website, p.domain = h.Ref, domainOf(h.Content)
	}
	account, err := i.whose(ctx, tx, &p)
	if err != nil {
		return err
	}
	e := happening{kind: EventSync, before: h.Content, changed: []string{"Standing"}, account: account, open: true, same: i.once(string(h.Kind) + hexOf(h.Hash))}
	e.at(p)
	_, err = i.happen(ctx, tx, &e)
	return err
}

// syncSummary is the document of the event that tells what a synchronisation
// brought as a whole.
type syncSummary struct {
	Summary struct {
		Records, Added, Changed, Gone, LeftOut, Unseen int64
		First                                          bool
	}
}

// summary writes the event of a synchronisation as a whole: noted only, or open
// when more is missing than was believed.
func (i *importing) summary(ctx context.Context, tx *store.Tx, filings bool) error {
	if !i.sync {
		return nil
	}
	var s syncSummary
	s.Summary.Records, s.Summary.Added, s.Summary.Changed, s.Summary.Gone = i.imp.Records, i.imp.Added, i.imp.Changed, i.imp.Gone
	s.Summary.LeftOut, s.Summary.First = i.imp.LeftOut, i.first
	if filings {
		_, unseen, err := tx.CountHeld(ctx, i.d.Channel, i.d.ID, i.d.ReceivedAt)
		if err != nil {
			return err
		}
		s.Summary.Unseen = unseen
	}
	h := happening{kind: EventSync, after: s, open: s.Summary.Unseen > 0 || s.Summary.LeftOut > 0, same: i.once("summary")}
	if !h.open && s.Summary.Added+s.Summary.Changed+s.Summary.Gone == 0 {
		return nil // all as it was
	}
	_, err := i.happen(ctx, tx, &h)
	return err
}

// tellCodes records what base codes changed, for the audit trail and as an event.
func (g *Gateway) tellCodes(ctx context.Context, tx *store.Tx, d *store.Download, report *refdata.BaseCodesReport) error {
	g.auditCodes(tx, d, report)
	if report == nil || !report.Changed() {
		return nil
	}
	i := &importing{g: g, d: d, now: g.Clock.Now()}
	h := happening{kind: EventBaseCodes, same: i.once("codes")}
	tables := map[string]any{}
	for _, t := range report.Tables {
		if !t.Changed {
			continue
		}
		h.open = h.open || len(t.Moved) > 0 || len(t.Skipped) > 0
		h.changed = append(h.changed, t.File)
		tables[t.File] = map[string]int{"Added": t.Added, "Renamed": t.Renamed, "Ended": t.Ended, "Settled": t.Settled, "Moved": len(t.Moved), "Skipped": len(t.Skipped)}
	}
	h.after = map[string]any{"Tables": tables}
	_, err := i.happen(ctx, tx, &h)
	return err
}
