package authority

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// FileResult is one thing that a download says about a request.
type FileResult struct {
	// Kind is "check" (the machine's code), "review" (a person's decision) or
	// "filed" (a complete record).
	Kind string
	// Order is ours that it is about; "" when it names none of our ids.
	Order icp.OrderID
	Code  int64 // of a check; see wire.DataCodeOf
	// Passed is the decision of a review.
	Passed bool
	// Ref is what the authority calls it by, such as a licence number.
	Ref string
	// Text are the authority's words, numbers and addresses masked.
	Text string
	own  int64 // our id
}

// Bounds of what is told of the results of a file.
const (
	resultsBytes = 4 << 20
	resultsMost  = 100
)

// Results lists what a download says about requests: the first hundred; nothing
// for a document of more than 4 MiB.
func (g *Gateway) Results(ctx context.Context, download string) ([]FileResult, error) {
	key, err := g.blobOf(ctx, Down, download)
	if err != nil {
		return nil, err
	}
	document, err := g.keptDocument(ctx, key)
	if err != nil {
		return nil, broke(err)
	}
	defer func() { _ = document.Close() }() // it was only read
	b, err := io.ReadAll(io.LimitReader(document, resultsBytes+1))
	if err != nil {
		return nil, broke(err)
	}
	if len(b) > resultsBytes {
		return nil, nil
	}
	data, err := wire.DecodeDownload(bytes.TrimSpace(b))
	if err != nil {
		return nil, broken(errorUnreadable)
	}
	list := resultsIn(&data)
	return list, g.ownersOf(ctx, list)
}

func resultsIn(d *wire.DownloadData) (out []FileResult) {
	if d.ICP == nil {
		return nil
	}
	add := func(r FileResult) {
		if len(out) < resultsMost {
			out = append(out, r)
		}
	}
	if results := d.ICP.Results; results != nil {
		for _, op := range results.Operations {
			for _, c := range op.Codes {
				add(FileResult{Kind: "check", Code: c.Code, Ref: op.Ref, Text: mask("Dmms", c.Comment)})
			}
		}
		if results.Reviews != nil {
			for _, v := range results.Reviews.Items {
				add(FileResult{Kind: "review", Passed: v.Result == wire.ReviewPassed, Text: mask("Shyj", v.Opinion), own: v.RecordID})
			}
		}
	}
	if filed := d.ICP.Filed; filed != nil {
		for i := range filed.Records {
			for _, w := range filed.Records[i].Websites {
				add(FileResult{Kind: "filed", Ref: w.Licence, own: w.OurID})
			}
		}
	}
	return out
}

// ownersOf finds the orders of our ids: at most resultsMost look-ups by key.
func (g *Gateway) ownersOf(ctx context.Context, list []FileResult) error {
	return g.Store.View(ctx, func(tx *store.Tx) error {
		for i := range list {
			if list[i].own == 0 {
				continue
			}
			object, err := tx.AuthorityObject(ctx, g.Channel.ID, list[i].own)
			if errors.Is(err, icp.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			list[i].Order = object.Order
		}
		return nil
	})
}
