package authority

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// The way of a large file, and what a crash at each step leaves:
//
//  1. Its hash is checked over the whole envelope before the first record is
//     taken. A broken one is counted and comes again, as small ones.
//  2. Record by record out of the envelope, in little memory. Every [partRecords]
//     records are one transaction together with how many were taken (the row
//     in authority_imports). A crash: the next run reads from the beginning and
//     leaves out what was taken.
//  3. At the end of a full synchronisation what it has no more is looked for, a
//     page in each transaction. A crash: what was marked is not found again.
//  4. One transaction with results of orders, if there are some, the summary and
//     the row's state (applied). Only after it the file is acknowledged.

const (
	// largeFile is the size in bytes of the document from which it is applied in parts.
	largeFile = 4 << 20
	// partRecords bounds one transaction of a large file.
	partRecords = 200
)

// isLarge reads a kept file's document no further than to see whether it is
// large. One that cannot be opened is not: the small way says what is wrong.
func (g *Gateway) isLarge(ctx context.Context, d *store.Download) (bool, error) {
	file, err := g.keptFile(ctx, d)
	if err != nil || file == nil || len(file.BeianInfo) < 16<<10 {
		return false, err
	}
	document, err := g.build.profile.OpenStream(strings.NewReader(file.BeianInfo), file.Sealed())
	if err != nil {
		return false, nil //nolint:nilerr // the small way tells the fault
	}
	n, err := io.CopyN(io.Discard, document, largeFile+1)
	return err == nil && n > largeFile, nil
}

// keptFile reads a kept reply; nil when it has no file. Of the reply only its
// packed text is in memory, as it was when it came.
func (g *Gateway) keptFile(ctx context.Context, d *store.Download) (*wire.File, error) {
	text, err := g.kept(ctx, d.BlobKey)
	if err != nil {
		return nil, err
	}
	var reply wire.DownloadReply
	if err := wire.DecodeReply(string(text), &reply); err != nil {
		return nil, nil //nolint:nilerr,nilnil // no reply at all: the small way tells the fault
	}
	return reply.File, nil
}

// partsRun is a large file under way.
type partsRun struct {
	g     *Gateway
	d     *store.Download
	at    store.Import // as committed
	sync  bool
	first bool
	// waiting are the domains of orders at the authority, whose results a
	// synchronisation may bring.
	waiting map[string]bool
	pending []wire.Record
	filings bool
	// rest is what is applied at the end: results and base codes.
	rest  wire.DownloadData
	kinds []string
	read  int64
	took  int64 // records handed out
}

// errLeaseLost ends a run whose channel another node leads.
var errLeaseLost = icp.E(icp.Unavailable, "authority.lease_lost")

// applyInParts applies a large file.
func (g *Gateway) applyInParts(ctx context.Context, d store.Download) (store.Download, error) {
	file, err := g.keptFile(ctx, &d)
	if err != nil || file == nil {
		return d, err
	}
	run := &partsRun{g: g, d: &d}
	if err := run.resume(ctx, int64(len(file.BeianInfo))); err != nil {
		return d, err
	}
	done, err := g.build.profile.StreamSealed(ctx, strings.NewReader(file.BeianInfo), file.Sealed(),
		func(r wire.Record) error { return run.take(ctx, r) }, wire.StreamOptions{Progress: func(n int64) { run.read = n }})
	if code := envelopeLayer(err); code != "" {
		return g.stumble(ctx, d, code)
	}
	if err == nil {
		err = run.flush(ctx)
	}
	if err == nil {
		run.at.LeftOut = done.TooLarge
		err = run.sweep(ctx)
	}
	if err == nil {
		return run.finish(ctx)
	}
	if errors.Is(err, icp.ErrInvalid) { // the document, not our storage
		return g.stumble(ctx, d, errorUnreadable)
	}
	return g.unapplied(ctx, d, &run.rest, err)
}

// resume reads how far the file was taken and what the run needs to know.
func (r *partsRun) resume(ctx context.Context, total int64) error {
	now := r.g.Clock.Now()
	return r.g.Store.View(ctx, func(tx *store.Tx) error {
		at, err := tx.Import(ctx, r.d.ID)
		switch {
		case errors.Is(err, icp.ErrNotFound):
			at = store.Import{Download: r.d.ID, BegunAt: now}
		case err != nil:
			return err
		}
		at.Total = total
		r.at = at
		sent, err := r.g.pages(ctx, tx, inFlight, 0)
		if err != nil {
			return err
		}
		r.waiting = map[string]bool{}
		for _, o := range sent {
			for i := range o.Data.Websites {
				r.waiting[o.Data.Websites[i].Domain] = true
			}
		}
		before, err := tx.SyncedBefore(ctx, r.d.Channel, r.d.ID)
		r.first = !before
		return err
	})
}

// take gathers a record and applies a part when there are enough.
func (r *partsRun) take(ctx context.Context, rec wire.Record) error {
	r.took++
	r.note(rec.Path)
	switch v := rec.Value.(type) {
	case *wire.OperationResult:
		r.results().Operations = append(r.results().Operations, *v)
		return nil
	case *wire.Review:
		if r.results().Reviews == nil {
			r.results().Reviews = &wire.Reviews{}
		}
		r.results().Reviews.Items = append(r.results().Reviews.Items, *v)
		return nil
	case *wire.BaseCodeTable:
		if r.rest.BaseCodes == nil {
			r.rest.BaseCodes = &wire.BaseCodeData{Codes: &wire.BaseCodeTables{}}
		}
		r.rest.BaseCodes.Codes.Tables = append(r.rest.BaseCodes.Codes.Tables, *v)
		return nil
	case *wire.FiledRecord:
		r.filings = true
	}
	if r.took <= r.at.Records {
		return nil // taken before the crash
	}
	r.pending = append(r.pending, rec)
	if len(r.pending) < partRecords {
		return nil
	}
	return r.flush(ctx)
}

func (r *partsRun) results() *wire.Results {
	if r.rest.ICP == nil {
		r.rest.ICP = &wire.DownloadICP{Results: &wire.Results{}}
	}
	return r.rest.ICP.Results
}

// note keeps the part that a record stands in, for the list of kinds.
func (r *partsRun) note(path string) {
	r.sync = r.sync || strings.HasPrefix(path, "SJTB/")
	part := path
	if at := strings.LastIndexByte(path, '/'); at > 0 {
		part = path[:at]
	}
	if part = strings.TrimPrefix(part, "ICP/"); strings.HasPrefix(part, "SJTB/IP/") {
		part = "SJTB/IP"
	}
	for _, k := range r.kinds {
		if k == part {
			return
		}
	}
	r.kinds = append(r.kinds, part)
}

// flush applies the gathered records in one transaction.
func (r *partsRun) flush(ctx context.Context) error {
	if len(r.pending) == 0 {
		return nil
	}
	if led, err := r.g.renew(ctx); err != nil || !led {
		return errors.Join(err, errLeaseLost)
	}
	next := r.at
	err := r.g.Store.Update(ctx, func(tx *store.Tx) error {
		read, err := r.g.applyData(ctx, tx, r.orders(), nil)
		if err != nil {
			return err
		}
		i := r.importing(r.at)
		i.orders, i.subjects = read.websites, read.subjects
		if err := i.each(ctx, tx, r.pending); err != nil {
			return err
		}
		// Records that are applied at the end count too, so that resuming counts alike.
		i.imp.Records, i.imp.Bytes, i.imp.UpdatedAt = r.took, r.read, i.now
		next = i.imp
		return tx.PutImport(ctx, &i.imp)
	})
	if err != nil {
		return err
	}
	r.at, r.pending = next, r.pending[:0]
	return nil
}

func (r *partsRun) importing(at store.Import) *importing {
	return &importing{g: r.g, d: r.d, now: r.g.Clock.Now(), imp: at, sync: r.sync, first: r.first}
}

// orders are the gathered records that may be results of orders: all of BASJ,
// and of a synchronisation those that an order at the authority waits for.
func (r *partsRun) orders() *wire.DownloadData {
	var list []wire.FiledRecord
	for i := range r.pending {
		rec, ok := r.pending[i].Value.(*wire.FiledRecord)
		if ok && (!r.sync || r.awaited(rec)) {
			list = append(list, *rec)
		}
	}
	if len(list) == 0 {
		return &wire.DownloadData{}
	}
	return &wire.DownloadData{ICP: &wire.DownloadICP{Filed: &wire.FiledData{Records: list}}}
}

func (r *partsRun) awaited(rec *wire.FiledRecord) bool {
	for w := range rec.Websites {
		for _, d := range rec.Websites[w].Domains {
			if r.waiting[strings.ToLower(d.Name)] {
				return true
			}
		}
	}
	return false
}

// sweep looks for what a synchronisation has no more, a page at a time.
func (r *partsRun) sweep(ctx context.Context) error {
	if !r.sync || !r.filings || r.at.LeftOut > 0 {
		return nil
	}
	for {
		left, next := 0, r.at
		err := r.g.Store.Update(ctx, func(tx *store.Tx) (err error) {
			i := r.importing(r.at)
			left, err = i.missingPage(ctx, tx)
			i.imp.UpdatedAt, next = i.now, i.imp
			if err != nil || left == 0 {
				return err
			}
			return tx.PutImport(ctx, &next)
		})
		if err != nil || left == 0 {
			return err
		}
		r.at = next
		if led, err := r.g.renew(ctx); err != nil || !led {
			return errors.Join(err, errLeaseLost)
		}
	}
}

// finish commits what comes last: results of orders, the summary, the state.
func (r *partsRun) finish(ctx context.Context) (store.Download, error) {
	names, err := r.g.fileOrders(ctx, &r.rest)
	if err != nil {
		return *r.d, err
	}
	files, err := r.g.answerFiles(ctx, &r.rest)
	if err != nil {
		return *r.d, err
	}
	report, err := r.g.applyCodes(ctx, &r.rest, r.d)
	if err != nil {
		return r.g.unapplied(ctx, *r.d, &r.rest, err)
	}
	applied := *r.d
	err = r.g.Store.Update(ctx, func(tx *store.Tx) error {
		applied = *r.d
		read, err := r.g.applyData(ctx, tx, &r.rest, names)
		if err != nil {
			return err
		}
		matched, err := r.g.answersTold(ctx, tx, &r.rest, files)
		if err != nil {
			return err
		}
		i := r.importing(r.at)
		if err := i.summary(ctx, tx, r.filings); err != nil {
			return err
		}
		if err := r.g.tellCodes(ctx, tx, r.d, report); err != nil {
			return err
		}
		i.imp.Bytes, i.imp.UpdatedAt, i.imp.DoneAt = i.imp.Total, i.now, i.now
		i.imp.Records = r.took
		if err := tx.PutImport(ctx, &i.imp); err != nil {
			return err
		}
		applied.State, applied.Kinds, applied.LastError, applied.AppliedAt = store.DownloadApplied, clip(strings.Join(r.kinds, " ")), "", i.now
		if read.unmatched > matched {
			applied.LastError = errorUnmatched
		}
		return tx.SaveDownload(ctx, &applied, store.DownloadReceived)
	})
	if err == nil {
		return applied, r.g.dropBroken(ctx, &applied)
	}
	return r.g.unapplied(ctx, *r.d, &r.rest, err)
}
