package authority

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// The way of a download, and what a crash at each step leaves:
//
//  1. The reply as it came into the blob store, then its row (received). Before
//     the row: the authority gives the file again.
//  2. It is opened and applied: base codes first, which change nothing when they
//     come again, then one transaction with what it says about orders, filings
//     and events and the row's state (applied). A crash before or between: the
//     next run takes it up from the blob store. A file of more than [largeFile]
//     bytes is applied in parts, see parts.go.
//  3. The acknowledgement, then its time in the row. A crash before or between:
//     the next run acknowledges; a file that comes again is known by name and
//     hash and only acknowledged.
//
// A file that cannot be opened is not acknowledged, so that it comes again,
// perhaps whole; it is parked after some tries and holds up the queue, since
// the authority gives one file at a time. A file that was opened but cannot be
// applied is kept, acknowledged and parked.

// maxPerRun bounds one run, so that a job ends.
const maxPerRun = 500

// Codes of a download's last error.
const (
	errorUnreadable = "unreadable" // the document is none; else the envelope's layer
	errorNotApplied = "not_applied"
	errorUnmatched  = "unmatched" // applied, but some results belong to no order here
)

// Poll finishes what was fetched before and fetches what is waiting. Calls at
// once do nothing beside the first.
func (g *Gateway) Poll(ctx context.Context) error {
	if !g.polling.TryLock() {
		return nil
	}
	defer g.polling.Unlock()
	if g.waits(&g.downloads) {
		return nil
	}
	_, err := g.lead(ctx, func(ctx context.Context) error {
		c, err := g.channel(ctx)
		if err != nil || silent(&c) {
			return err
		}
		how, err := g.poll(ctx)
		if err != nil || how == later {
			g.failed(&g.downloads)
		} else {
			g.went(&g.downloads)
		}
		if err != nil {
			return fmt.Errorf("download of channel %s: %w", g.Channel.ID, err)
		}
		return nil
	})
	return err
}

// silent reports whether nothing at all may be called. A quarrel about numbers
// stops the uploads only; results go on coming in.
func silent(c *store.AuthorityChannel) bool {
	return c.Paused && c.PauseReason != ReasonConflict && c.PauseReason != ReasonGap
}

func (g *Gateway) poll(ctx context.Context) (next, error) {
	if how, err := g.finish(ctx); err != nil || how != again {
		return how, err
	}
	seen := map[string]bool{}
	for range maxPerRun {
		if led, err := g.renew(ctx); err != nil || !led {
			return done, err
		}
		reply, err := g.Channel.Client.Download(ctx)
		if err != nil {
			return later, g.trouble(ctx, sideDownload, "unreachable", err)
		}
		class := wire.MethodCodeOf(reply.Code).Class
		if reply.File == nil && class == wire.ClassFixConfiguration {
			return done, g.pauseBy(ctx, methodReason(reply.Code))
		}
		if reply.File == nil && class == wire.ClassRetry {
			return later, g.trouble(ctx, sideDownload, methodReason(reply.Code), said(reply.Message))
		}
		if reply.File == nil {
			return done, g.polled(ctx)
		}
		if seen[reply.File.Name] {
			return later, g.polled(ctx) // it comes again and again; not at once
		}
		seen[reply.File.Name] = true
		if how, err := g.take(ctx, &reply); err != nil || how != again {
			return how, err
		}
	}
	return again, g.polled(ctx)
}

func (g *Gateway) polled(ctx context.Context) error {
	err := g.note(ctx, func(c *store.AuthorityChannel) { c.PolledAt = g.Clock.Now() })
	return errors.Join(err, g.well(ctx, sideDownload))
}

// finish takes up files that a crash or a fault left half-way.
func (g *Gateway) finish(ctx context.Context) (next, error) {
	var left []store.Download
	err := g.Store.View(ctx, func(tx *store.Tx) (err error) {
		left, err = tx.UnfinishedDownloads(ctx, g.Channel.ID, store.MaxPage)
		return err
	})
	if err != nil {
		return done, err
	}
	for _, d := range left {
		if d.State == store.DownloadReceived && d.Tries > 0 && d.LastError != errorNotApplied {
			continue // broken; it comes again by itself
		}
		if how, err := g.work(ctx, d); err != nil || how != again {
			return how, err
		}
	}
	return again, nil
}

// take keeps a file that came and works on it.
func (g *Gateway) take(ctx context.Context, reply *wire.DownloadReply) (next, error) {
	d, err := g.receive(ctx, reply)
	if err != nil {
		return done, err
	}
	return g.work(ctx, d)
}

// work applies a kept file as far as it is not, and acknowledges it.
func (g *Gateway) work(ctx context.Context, d store.Download) (next, error) {
	if d.State == store.DownloadReceived {
		var err error
		if d, err = g.apply(ctx, d); err != nil {
			return done, err
		}
	}
	if d.State == store.DownloadReceived || d.State == store.DownloadParked && envelopeFault(d.LastError) {
		return later, g.trouble(ctx, sideDownload, "file_"+d.LastError, nil)
	}
	return g.acknowledge(ctx, d)
}

// envelopeFault tells the errors by which our copy of a file is worthless.
func envelopeFault(code string) bool {
	return code != "" && code != errorNotApplied && code != errorUnmatched && code != errorUnreadable
}

// receive keeps a reply and its row. A known file keeps its row; its bytes are
// taken anew as long as they were of no use.
func (g *Gateway) receive(ctx context.Context, reply *wire.DownloadReply) (store.Download, error) {
	name, hash := clip(reply.File.Name), clip(strings.TrimSpace(reply.File.BeianInfoHash))
	now := g.Clock.Now()
	d := store.Download{ID: icp.NewID(now), Channel: g.Channel.ID, FileName: name, Hash: hash, State: store.DownloadReceived,
		BlobKey: downloadKey(g.Channel.ID, name, hash), ReceivedAt: now}
	known, err := g.downloadByFile(ctx, name, hash)
	if err != nil && !errors.Is(err, icp.ErrNotFound) {
		return d, err
	}
	isNew := err != nil
	broken := known.State == store.DownloadParked && envelopeFault(known.LastError)
	if !isNew && known.State != store.DownloadReceived && !broken {
		return known, nil
	}
	if err := g.keep(ctx, d.BlobKey, []byte(reply.Text)); err != nil {
		return d, err
	}
	err = g.Store.Update(ctx, func(tx *store.Tx) error {
		switch {
		case isNew:
			_, err := tx.InsertDownload(ctx, &d)
			return err
		case broken: // perhaps it is whole this time
			d = known
			d.State = store.DownloadReceived
			return tx.SaveDownload(ctx, &d, store.DownloadParked)
		}
		return nil
	})
	if err != nil {
		return d, err
	}
	return g.downloadByFile(ctx, name, hash)
}

func (g *Gateway) downloadByFile(ctx context.Context, name, hash string) (d store.Download, err error) {
	err = g.Store.View(ctx, func(tx *store.Tx) (err error) {
		d, err = tx.DownloadByFile(ctx, g.Channel.ID, name, hash)
		return err
	})
	return d, err
}

// clip bounds what the authority names, for the sake of the row.
func clip(s string) string { return strings.ToValidUTF8(s[:min(len(s), 300)], "") }

// downloadKey is the blob of a file: the same for the same name and hash.
func downloadKey(channel, name, hash string) string {
	sum := sha256.Sum256([]byte(channel + "\x00" + name + "\x00" + hash))
	return "download-" + hex.EncodeToString(sum[:])
}

// document is the text of a kept reply's file, out of its envelope.
func (g *Gateway) document(ctx context.Context, d *store.Download) (document []byte, fault string, err error) {
	text, err := g.kept(ctx, d.BlobKey)
	if err != nil {
		return nil, "", err
	}
	var reply wire.DownloadReply
	if err := wire.DecodeReply(string(text), &reply); err != nil || reply.File == nil {
		return nil, errorUnreadable, nil
	}
	document, err = g.build.profile.Open(reply.File.Sealed())
	if code := envelopeLayer(err); code != "" {
		return nil, code, nil
	}
	return document, "", err
}

// envelopeLayer gives the layer at fault as a code; "" when it is no fault of an
// envelope.
func envelopeLayer(err error) string {
	var e *wire.EnvelopeError
	if errors.As(err, &e) {
		return string(e.Layer)
	}
	return ""
}

// apply opens a file and commits what it says: a small one in one transaction,
// a large one in parts. The error is one of our own storage; a fault of the file
// is in the row that comes back.
func (g *Gateway) apply(ctx context.Context, d store.Download) (store.Download, error) {
	large, err := g.isLarge(ctx, &d)
	if err != nil {
		return d, err
	}
	if large {
		return g.applyInParts(ctx, d)
	}
	document, fault, err := g.document(ctx, &d)
	if err != nil {
		return d, err
	}
	data, decodeErr := wire.DecodeDownload(document)
	if fault == "" && decodeErr != nil {
		fault = errorUnreadable
	}
	if fault != "" {
		return g.stumble(ctx, d, fault)
	}
	return g.applyWhole(ctx, d, document, &data)
}

// applyWhole commits what a small file says in one transaction.
func (g *Gateway) applyWhole(ctx context.Context, d store.Download, document []byte, data *wire.DownloadData) (store.Download, error) {
	names, err := g.fileOrders(ctx, data)
	if err != nil {
		return d, err
	}
	files, err := g.answerFiles(ctx, data)
	if err != nil {
		return d, err
	}
	records, err := recordsOf(ctx, document)
	if err != nil {
		return g.stumble(ctx, d, errorUnreadable)
	}
	about := sameAsTold(data)
	report, err := g.applyCodes(ctx, about, &d)
	if err != nil {
		return g.unapplied(ctx, d, data, err)
	}
	applied := d
	err = g.Store.Update(ctx, func(tx *store.Tx) error {
		applied = d
		read, err := g.applyData(ctx, tx, about, names)
		if err != nil {
			return err
		}
		if err := g.applyRecords(ctx, tx, &d, records, read, data.Sync != nil); err != nil {
			return err
		}
		matched, err := g.answersTold(ctx, tx, data, files)
		if err != nil {
			return err
		}
		applied.State, applied.Kinds, applied.LastError, applied.AppliedAt = store.DownloadApplied, kinds(data), "", g.Clock.Now()
		if read.unmatched > matched && data.Sync == nil {
			applied.LastError = errorUnmatched
		}
		if err := g.tellCodes(ctx, tx, &d, report); err != nil {
			return err
		}
		return tx.SaveDownload(ctx, &applied, store.DownloadReceived)
	})
	if err == nil {
		return applied, g.dropBroken(ctx, &applied)
	}
	return g.unapplied(ctx, d, data, err)
}

// unapplied counts a file that could be opened but not applied; a fault of our
// own storage is the caller's.
func (g *Gateway) unapplied(ctx context.Context, d store.Download, data *wire.DownloadData, err error) (store.Download, error) {
	if ctx.Err() != nil || errors.Is(err, icp.ErrUnavailable) {
		return d, err
	}
	g.Log.Error("download not applied", "channel", g.Channel.ID, "file", d.FileName, "err", err)
	d.Kinds = kinds(data)
	return g.stumble(ctx, d, errorNotApplied)
}

// stumble counts a failure and parks the file after some.
func (g *Gateway) stumble(ctx context.Context, d store.Download, code string) (store.Download, error) {
	d.Tries, d.LastError = d.Tries+1, code
	if d.Tries >= g.Channel.DownloadTries || code == errorUnreadable {
		d.State = store.DownloadParked
	}
	return d, g.Store.Update(ctx, func(tx *store.Tx) error { return tx.SaveDownload(ctx, &d, store.DownloadReceived) })
}

// dropBroken ends the rows of the same file that came broken, with another
// hash, before it came whole.
func (g *Gateway) dropBroken(ctx context.Context, whole *store.Download) error {
	return g.Store.Update(ctx, func(tx *store.Tx) error {
		left, err := tx.UnfinishedDownloads(ctx, g.Channel.ID, store.MaxPage)
		if err != nil {
			return err
		}
		for _, d := range left {
			if d.State != store.DownloadReceived || d.FileName != whole.FileName || d.ID == whole.ID {
				continue
			}
			d.State = store.DownloadDiscarded
			if err := tx.SaveDownload(ctx, &d, store.DownloadReceived); err != nil {
				return err
			}
		}
		return nil
	})
}

// acknowledge tells the authority that a file is safe here.
func (g *Gateway) acknowledge(ctx context.Context, d store.Download) (next, error) {
	if led, err := g.renew(ctx); err != nil || !led {
		return done, err
	}
	reply, err := g.Channel.Client.DownloadAck(ctx, d.FileName)
	switch {
	case err != nil:
		return later, g.trouble(ctx, sideDownload, "unreachable", err)
	case wire.MethodCodeOf(reply.Code).Class == wire.ClassFixConfiguration:
		return done, g.pauseBy(ctx, methodReason(reply.Code))
	case wire.MethodCodeOf(reply.Code).Class == wire.ClassRetry && reply.Code != codeOther:
		return later, g.trouble(ctx, sideDownload, methodReason(reply.Code), said(reply.Message))
	}
	// 999 may mean that the file was acknowledged before. If it was not, it
	// comes again and this is repeated.
	if !d.AckedAt.IsZero() {
		return again, nil
	}
	d.AckedAt = g.Clock.Now()
	return again, g.Store.Update(ctx, func(tx *store.Tx) error { return tx.SaveDownload(ctx, &d, d.State) })
}

// kinds names the parts of a document for the operator's list: operations about
// filings by their own names, others with the part that they belong to.
func kinds(d *wire.DownloadData) string {
	var out []string
	for _, part := range d.Parts() {
		part = strings.TrimPrefix(part, "ICP/")
		if strings.HasPrefix(part, "JCDM/") {
			part = "JCDM"
		}
		if !slices.Contains(out, part) {
			out = append(out, part)
		}
	}
	return clip(strings.Join(out, " "))
}
