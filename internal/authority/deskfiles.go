package authority

import (
	"context"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// UploadFile reads one file sent; icp.NotFound when there is none on this channel.
func (g *Gateway) UploadFile(ctx context.Context, id string) (u store.Upload, err error) {
	err = g.Store.View(ctx, func(tx *store.Tx) (err error) {
		u, err = g.upload(ctx, tx, id)
		return err
	})
	return u, err
}

// DownloadFile reads one file received; icp.NotFound when there is none on this channel.
func (g *Gateway) DownloadFile(ctx context.Context, id string) (d store.Download, err error) {
	err = g.Store.View(ctx, func(tx *store.Tx) (err error) {
		d, err = g.download(ctx, tx, id)
		return err
	})
	return d, err
}

// PollNow asks for downloads now: the pause after a failure ends. The poll itself
// is a job, on whichever node takes it.
func (g *Gateway) PollNow(ctx context.Context, by icp.Actor, reason string) error {
	err := g.decide(ctx, reason, func(tx *store.Tx) error {
		g.audit(tx, by, "channel.polled", "channel", g.Channel.ID, map[string]any{"reason": reason})
		return tx.Enqueue(ctx, PollArgs{Channel: g.Channel.ID})
	})
	g.went(&g.downloads)
	return err
}
