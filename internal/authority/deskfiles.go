package authority

import (
	"context"

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
