package authority

import (
	"context"
	"fmt"
	"time"

	"github.com/openbeian/beian/internal/store"
)

// What a crash leaves here: bytes go first and the row says so after them, so a
// crash between leaves a row that names bytes which are gone; the next run
// deletes nothing once more and writes the row.

// expire deletes the bytes of settled files that nothing happened to for the
// channel's days of keeping. Rows stay, and so does what they say.
func (g *Gateway) expire(ctx context.Context) error {
	before := g.Clock.Now().Add(-g.Channel.Keep)
	uploads, err := g.expireUploads(ctx, before)
	if err != nil {
		return fmt.Errorf("delete old uploads of channel %s: %w", g.Channel.ID, err)
	}
	downloads, err := g.expireDownloads(ctx, before)
	if err != nil {
		return fmt.Errorf("delete old downloads of channel %s: %w", g.Channel.ID, err)
	}
	if uploads+downloads > 0 {
		g.Log.Info("bytes of old files deleted", "channel", g.Channel.ID, "uploads", uploads, "downloads", downloads)
	}
	return nil
}

func (g *Gateway) expireUploads(ctx context.Context, before time.Time) (deleted int, err error) {
	for {
		var old []store.Upload
		err := g.Store.View(ctx, func(tx *store.Tx) (err error) {
			old, err = tx.ExpiredUploads(ctx, g.Channel.ID, before, store.MaxPage)
			return err
		})
		if err != nil || len(old) == 0 {
			return deleted, err
		}
		for _, u := range old {
			err := g.forget(ctx, u.BlobKey, func(tx *store.Tx) error { return tx.MarkUploadDeleted(ctx, u.ID, g.Clock.Now()) })
			if err != nil {
				return deleted, err
			}
			deleted++
		}
	}
}

func (g *Gateway) expireDownloads(ctx context.Context, before time.Time) (deleted int, err error) {
	for {
		var old []store.Download
		err := g.Store.View(ctx, func(tx *store.Tx) (err error) {
			old, err = tx.ExpiredDownloads(ctx, g.Channel.ID, before, store.MaxPage)
			return err
		})
		if err != nil || len(old) == 0 {
			return deleted, err
		}
		for _, d := range old {
			err := g.forget(ctx, d.BlobKey, func(tx *store.Tx) error { return tx.MarkDownloadDeleted(ctx, d.ID, g.Clock.Now()) })
			if err != nil {
				return deleted, err
			}
			deleted++
		}
	}
}

func (g *Gateway) forget(ctx context.Context, blobKey string, mark func(*store.Tx) error) error {
	if err := g.Blobs.Delete(ctx, blobKey); err != nil {
		return fmt.Errorf("delete kept file: %w", err)
	}
	return g.Store.Update(ctx, mark)
}
