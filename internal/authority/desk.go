package authority

import (
	"context"
	"strings"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// The operator's desk: what stands, and what a person may decide. The caller
// has checked the actor's permission; every decision has a reason and leaves an
// audit event.

// Channels lists the channels as they stand.
func (g *Gateway) Channels(ctx context.Context) (out []store.AuthorityChannel, err error) {
	err = g.Store.View(ctx, func(tx *store.Tx) (err error) {
		out, err = tx.AuthorityChannels(ctx)
		return err
	})
	return out, err
}

// Uploads lists the files sent, the newest first.
func (g *Gateway) Uploads(ctx context.Context, cursor store.Cursor, limit int) (out []store.Upload, next store.Cursor, err error) {
	err = g.Store.View(ctx, func(tx *store.Tx) (err error) {
		out, next, err = tx.Uploads(ctx, g.Channel.ID, cursor, limit)
		return err
	})
	return out, next, err
}

// Downloads lists the files received, the newest first.
func (g *Gateway) Downloads(ctx context.Context, cursor store.Cursor, limit int) (out []store.Download, next store.Cursor, err error) {
	err = g.Store.View(ctx, func(tx *store.Tx) (err error) {
		out, next, err = tx.Downloads(ctx, g.Channel.ID, cursor, limit)
		return err
	})
	return out, next, err
}

// UploadOrders lists the orders in a file; icp.NotFound when there is no such file.
func (g *Gateway) UploadOrders(ctx context.Context, id string) (out []icp.OrderID, err error) {
	err = g.Store.View(ctx, func(tx *store.Tx) error {
		if _, err := g.upload(ctx, tx, id); err != nil {
			return err
		}
		out, err = tx.UploadOrders(ctx, id)
		return err
	})
	return out, err
}

// Pause stops uploads, downloads and questions.
func (g *Gateway) Pause(ctx context.Context, by icp.Actor, reason string) error {
	return g.decide(ctx, reason, func(tx *store.Tx) error { return g.setPaused(ctx, tx, true, reason, by) })
}

// Resume lets the channel go on at once.
func (g *Gateway) Resume(ctx context.Context, by icp.Actor, reason string) error {
	err := g.decide(ctx, reason, func(tx *store.Tx) error {
		if err := g.setPaused(ctx, tx, false, reason, by); err != nil {
			return err
		}
		return g.wakeAll(ctx, tx)
	})
	g.went(&g.uploads)
	g.went(&g.downloads)
	return err
}

func (g *Gateway) wakeAll(ctx context.Context, tx *store.Tx) error {
	if err := g.Wake(ctx, tx); err != nil {
		return err
	}
	return tx.Enqueue(ctx, PollArgs{Channel: g.Channel.ID})
}

// Retry ends the pause between two tries: the next step is taken now.
func (g *Gateway) Retry(ctx context.Context, by icp.Actor, reason string) error {
	err := g.decide(ctx, reason, func(tx *store.Tx) error {
		g.audit(tx, by, "channel.retried", "channel", g.Channel.ID, map[string]any{"reason": reason})
		return g.wakeAll(ctx, tx)
	})
	g.went(&g.uploads)
	g.went(&g.downloads)
	return err
}

// GiveUp ends a file that the authority did not take: its orders come back to
// the provider and its number goes to the next file. A file about which nothing
// is known (sending, unknown) may only be given up when the channel is paused
// by [ReasonConflict], where the authority has told that another file bears its
// number; otherwise the error is icp.NotNow.
func (g *Gateway) GiveUp(ctx context.Context, by icp.Actor, upload, reason string) error {
	return g.decide(ctx, reason, func(tx *store.Tx) error {
		u, err := g.upload(ctx, tx, upload)
		if err != nil {
			return err
		}
		c, err := tx.AuthorityChannel(ctx, g.Channel.ID)
		if err != nil {
			return err
		}
		open := u.State == store.UploadStored ||
			(u.State == store.UploadUnknown || u.State == store.UploadSending) && c.Paused && c.PauseReason == ReasonConflict
		if !open {
			return icp.E(icp.NotNow, "authority.upload_state").With("state", string(u.State))
		}
		g.audit(tx, by, "upload.given_up", "upload", u.ID, map[string]any{"reason": reason, "sequence": u.Sequence})
		return g.refuseIn(ctx, tx, u, u.State)
	})
}

// Resync takes the number of the last accepted file over from the authority. It
// refuses with icp.NotNow while a file is unsettled; see [Gateway.GiveUp].
func (g *Gateway) Resync(ctx context.Context, by icp.Actor, reason string) (int64, error) {
	if strings.TrimSpace(reason) == "" {
		return 0, icp.InvalidField("/reason", "reason.required")
	}
	reply, err := g.Channel.Client.QueryPreviousUpload(ctx)
	if err != nil {
		return 0, err
	}
	if reply.Code != 0 {
		return 0, icp.E(icp.Unavailable, "authority.no_answer").With("code", methodReason(reply.Code))
	}
	last := int64(0)
	if reply.File != nil {
		last = reply.File.Sequence
	}
	return last, g.decide(ctx, reason, func(tx *store.Tx) error {
		if u, err := tx.UnsettledUpload(ctx, g.Channel.ID); err == nil {
			return icp.E(icp.NotNow, "authority.upload_state").With("state", string(u.State))
		}
		c, err := tx.AuthorityChannel(ctx, g.Channel.ID)
		if err != nil {
			return err
		}
		return g.setSequence(ctx, tx, c.LastSequence, last, by, reason)
	})
}

// RetryDownload takes a parked file up again: from its copy, or, where that is
// worthless, when it comes again.
func (g *Gateway) RetryDownload(ctx context.Context, by icp.Actor, download, reason string) error {
	return g.endParked(ctx, by, download, reason, "download.retried", func(d *store.Download) {
		d.State, d.Tries, d.LastError = store.DownloadReceived, 0, ""
	})
}

// Discard ends a parked file without applying it; it is acknowledged when it
// comes again.
func (g *Gateway) Discard(ctx context.Context, by icp.Actor, download, reason string) error {
	return g.endParked(ctx, by, download, reason, "download.discarded", func(d *store.Download) { d.State = store.DownloadDiscarded })
}

func (g *Gateway) endParked(ctx context.Context, by icp.Actor, id, reason, event string, change func(*store.Download)) error {
	err := g.decide(ctx, reason, func(tx *store.Tx) error {
		d, err := g.download(ctx, tx, id)
		if err != nil {
			return err
		}
		if d.State != store.DownloadParked {
			return icp.E(icp.NotNow, "authority.download_state").With("state", string(d.State))
		}
		change(&d)
		if err := tx.SaveDownload(ctx, &d, store.DownloadParked); err != nil {
			return err
		}
		g.audit(tx, by, event, "download", d.ID, map[string]any{"reason": reason, "file": d.FileName})
		return tx.Enqueue(ctx, PollArgs{Channel: g.Channel.ID})
	})
	g.went(&g.downloads)
	return err
}

// decide runs a person's decision, which needs a reason.
func (g *Gateway) decide(ctx context.Context, reason string, fn func(*store.Tx) error) error {
	if strings.TrimSpace(reason) == "" {
		return icp.InvalidField("/reason", "reason.required")
	}
	return g.Store.Update(ctx, fn)
}

// upload reads a file of this channel.
func (g *Gateway) upload(ctx context.Context, tx *store.Tx, id string) (store.Upload, error) {
	u, err := tx.Upload(ctx, id)
	if err == nil && u.Channel != g.Channel.ID {
		return store.Upload{}, icp.ErrNotFound
	}
	return u, err
}

func (g *Gateway) download(ctx context.Context, tx *store.Tx, id string) (store.Download, error) {
	d, err := tx.Download(ctx, id)
	if err == nil && d.Channel != g.Channel.ID {
		return store.Download{}, icp.ErrNotFound
	}
	return d, err
}
