package authority

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/seal"
	"github.com/openbeian/beian/internal/store"
)

// operationAddWebsite names the uploads' only operation yet (新增网站).
const operationAddWebsite = "XZWZ"

// recordOverhead is a generous size in bytes of a record without its pictures.
const recordOverhead = 16 << 10

// prepared is an order with its record, or with the reasons why it has none.
type prepared struct {
	order  icp.OrderID
	record wire.AddWebsite
	faults []DataError
	// back is true when the rules sent the order back to the provider.
	back bool
	size int
}

// batch stores the next file: collect the orders that are ready, make records,
// keep the bytes, and write the row with everything that became of the orders.
// Nothing to send is found = false.
//
// A crash before the last transaction leaves unused ids and at worst a blob
// without a row, which [Gateway.Sweep] removes; the orders are still ready.
// After it, the file is stored and will be sent.
func (g *Gateway) batch(ctx context.Context, last int64) (found bool, err error) {
	ready, err := g.collect(ctx)
	if err != nil || len(ready) == 0 {
		return false, err
	}
	begun, size := g.Clock.Now(), 0
	var fit []prepared
	bounced := false
	next, stop := g.ahead(ctx, ready)
	defer stop()
	for _, o := range ready {
		if len(fit) == g.Channel.MaxRecords || g.Clock.Now().Sub(begun) > g.Channel.BuildTime {
			break
		}
		p, err := next()
		if err != nil {
			// One order whose materials cannot be read just now holds up no other.
			g.Log.Error("order not made ready for the authority", "order", o, "err", err)
			continue
		}
		if p.back {
			bounced = true
			continue
		}
		if len(p.faults) > 0 {
			if err := g.bounce(ctx, p); err != nil {
				return false, err
			}
			bounced = true
			continue
		}
		if size+p.size > g.Channel.MaxBytes && len(fit) > 0 {
			break
		}
		fit, size = append(fit, p), size+p.size
	}
	if len(fit) == 0 {
		return bounced, nil
	}
	return true, g.storeUpload(ctx, last+1, fit)
}

// prepare makes the record of one order.
func (g *Gateway) prepare(ctx context.Context, id icp.OrderID) (prepared, error) {
	r, out := request{}, prepared{order: id, size: recordOverhead}
	var key *seal.Key
	err := g.Store.Update(ctx, func(tx *store.Tx) (err error) {
		if out.back, err = g.Cases.Recheck(ctx, tx, id); err != nil || out.back {
			return err
		}
		r.ids, r.regions = map[icp.WebsiteID]siteIDs{}, map[icp.WebsiteID]string{}
		if r.order, err = tx.Order(ctx, id); err != nil {
			return err
		}
		if key, err = tx.OrderKey(ctx, id); err != nil {
			return err
		}
		return g.identify(ctx, tx, &r)
	})
	if err != nil || out.back {
		return out, err
	}
	if len(newWebsites(r.order)) == 0 {
		out.faults = []DataError{dataError(codeSchema, "/websites", "")}
		return out, nil
	}
	if r.pictures, out.faults, err = g.pictures(ctx, r.order, key); err != nil || len(out.faults) > 0 {
		return out, err
	}
	out.record, out.faults = g.build.record(&r)
	out.size += pictureBytes(&out.record)
	return out, nil
}

// identify allots our integer ids and finds where the servers stand.
func (g *Gateway) identify(ctx context.Context, tx *store.Tx, r *request) error {
	for _, i := range newWebsites(r.order) {
		w := &r.order.Data.Websites[i]
		o, err := tx.AllocateObjects(ctx, g.Channel.ID, r.order.ID, w.ID, websiteObjects)
		if err != nil {
			return err
		}
		r.ids[w.ID] = siteIDs{website: o[0].ID, domain: o[1].ID, access: o[2].ID, ip: o[3].ID}
		s, err := tx.Server(ctx, w.Resource.Server)
		if err != nil && !errors.Is(err, icp.ErrNotFound) {
			return err
		}
		r.regions[w.ID] = s.Region
	}
	return nil
}

func pictureBytes(a *wire.AddWebsite) int {
	n := 0
	for _, at := range a.Attachments {
		n += len(at.Info.Content)
	}
	for _, w := range a.Websites {
		if w.Approvals == nil {
			continue
		}
		for _, item := range w.Approvals.Items {
			for _, s := range item.Scans {
				n += len(s)
			}
		}
	}
	return n * 4 / 3
}

// bounce gives an order of which no record can be made back to the provider.
func (g *Gateway) bounce(ctx context.Context, p prepared) error {
	return g.Store.Update(ctx, func(tx *store.Tx) error {
		o, err := tx.Order(ctx, p.order)
		if err != nil || o.State != icp.StateReady {
			return err
		}
		if err := g.Cases.Batched(ctx, tx, p.order, 0); err != nil {
			return err
		}
		return g.Cases.Bounced(ctx, tx, p.order, p.faults)
	})
}

// errMoved says that an order left the state in which it was collected.
var errMoved = icp.E(icp.Conflict, "authority.order_moved")

// keepFile keeps the exact bytes of a file and gives its row, which is still to
// be written.
func (g *Gateway) keepFile(ctx context.Context, sequence int64, operation string, d wire.UploadData, records int) (u store.Upload, err error) {
	profile := g.build.profile
	document, err := profile.Encode(d)
	if err != nil {
		return u, err
	}
	sealed, err := profile.Seal(document)
	if err != nil {
		return u, err
	}
	content, err := json.Marshal(sealed)
	if err != nil {
		return u, err
	}
	now := g.Clock.Now()
	id := icp.NewID(now)
	u = store.Upload{ID: id, Channel: g.Channel.ID, Sequence: sequence, Operation: operation, State: store.UploadStored,
		BlobKey: uploadPrefix + id, Hash: sealed.BeianInfoHash, Records: records, Size: int64(len(document)), Code: -1, CreatedAt: now}
	return u, g.keep(ctx, u.BlobKey, content)
}

// storeUpload keeps the exact bytes of a file and then writes its row.
func (g *Gateway) storeUpload(ctx context.Context, sequence int64, list []prepared) error {
	records, orders := make([]wire.AddWebsite, len(list)), make([]icp.OrderID, len(list))
	for i, p := range list {
		records[i], orders[i] = p.record, p.order
	}
	u, err := g.keepFile(ctx, sequence, operationAddWebsite, document(g.Channel.ProviderID(), records), len(records))
	if err != nil {
		return err
	}
	err = g.Store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.InsertUpload(ctx, &u, orders); err != nil {
			return err
		}
		for _, id := range orders {
			o, err := tx.Order(ctx, id)
			if err != nil {
				return err
			}
			if o.State != icp.StateReady { // given up meanwhile
				return errMoved
			}
			if err := g.Cases.Batched(ctx, tx, id, sequence); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		return nil
	}
	// The commit may have happened all the same (a connection lost in it); a
	// blob too many does no harm, one too few would.
	if errors.Is(err, errMoved) {
		return errors.Join(err, g.Blobs.Delete(ctx, u.BlobKey))
	}
	return err
}
