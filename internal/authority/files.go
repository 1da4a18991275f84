package authority

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// wholeFile tells the codes that are about a file and not about a record.
func wholeFile(code int64) bool { return code >= 5001 && code <= 5004 }

// fileKey is the name of our file that a code about a whole file carries.
func fileKey(c wire.ResultCode) string { return strings.TrimSpace(c.Comment) }

// fileOrders finds the orders of our files that a document names because the
// whole file was refused after it was accepted (data codes 5001 to 5004). The
// names are the authority's, so it is asked for the last one.
func (g *Gateway) fileOrders(ctx context.Context, d *wire.DownloadData) (map[string][]icp.OrderID, error) {
	names := fileNames(d)
	if len(names) == 0 {
		return nil, nil
	}
	reply, err := g.Channel.Client.QueryPreviousUpload(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string][]icp.OrderID{}
	err = g.Store.View(ctx, func(tx *store.Tx) error {
		for _, name := range names {
			u, found, err := g.uploadNamed(ctx, tx, name, reply.File)
			if err != nil || !found {
				return err
			}
			if out[name], err = tx.UploadOrders(ctx, u.ID); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// fileNames are the names in results without a reference to a record.
func fileNames(d *wire.DownloadData) []string {
	var names []string
	if d.ICP == nil || d.ICP.Results == nil {
		return nil
	}
	for i := range d.ICP.Results.Operations {
		op := &d.ICP.Results.Operations[i]
		for _, c := range op.Codes {
			if op.Ref == "" && wholeFile(c.Code) && !slices.Contains(names, fileKey(c)) {
				names = append(names, fileKey(c))
			}
		}
	}
	return names
}

// uploadNamed finds the upload of a name: the last one, if that is its name,
// else the only accepted file about whose orders nothing is known yet.
func (g *Gateway) uploadNamed(ctx context.Context, tx *store.Tx, name string, last *wire.SentFile) (store.Upload, bool, error) {
	if last != nil && last.Name == name && name != "" {
		u, err := tx.UploadBySequence(ctx, g.Channel.ID, last.Sequence)
		if errors.Is(err, icp.ErrNotFound) {
			return u, false, nil
		}
		return u, err == nil, err
	}
	list, _, err := tx.Uploads(ctx, g.Channel.ID, "", store.MaxPage)
	if err != nil {
		return store.Upload{}, false, err
	}
	var open []store.Upload
	for _, u := range list {
		if u.State != store.UploadAccepted {
			continue
		}
		waiting, err := g.allWait(ctx, tx, u.ID)
		if err != nil {
			return u, false, err
		}
		if waiting {
			open = append(open, u)
		}
	}
	if len(open) != 1 {
		return store.Upload{}, false, nil
	}
	return open[0], true, nil
}

// allWait reports whether no order of a file got any further than the SMS check.
func (g *Gateway) allWait(ctx context.Context, tx *store.Tx, upload string) (bool, error) {
	all := true
	err := g.each(ctx, tx, upload, func(id icp.OrderID) error {
		o, err := tx.Order(ctx, id)
		if err == nil && o.State != icp.StateSMSPending && o.State != icp.StateSubmitting {
			all = false
		}
		return err
	})
	return all, err
}
