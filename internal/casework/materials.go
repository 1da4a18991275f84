package casework

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/form"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/imaging"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/seal"
	"github.com/openbeian/beian/internal/store"
)

// NewMaterial is an upload.
type NewMaterial struct {
	Kind     icp.MaterialKind
	Website  icp.WebsiteID
	FileName string
	Bytes    []byte // at most Pictures.MaxBytes and one more, which refuses it
	// Replaces is the material whose place it takes; empty adds one.
	Replaces icp.MaterialID
	// IdempotencyKey makes a repeated upload give what the first one made.
	IdempotencyKey string
}

// AddMaterial checks a picture, drops its metadata, seals it into the blob
// store and notes it with the order. A bad file changes nothing.
//
// The bytes are stored before the row: a crash in between leaves bytes that no
// row names, which the sweep removes; never a row without its bytes.
func (c *Cases) AddMaterial(ctx context.Context, actor icp.Actor, id icp.OrderID, in NewMaterial) (*icp.Order, icp.Material, error) {
	key, err := c.prepareUpload(ctx, actor, id, in)
	if err != nil {
		return nil, icp.Material{}, err
	}
	clean, info, err := imaging.Normalize(in.Bytes, c.Pictures)
	if err != nil {
		return nil, icp.Material{}, err
	}
	at := c.Clock.Now()
	sum := sha256.Sum256(clean)
	m := icp.Material{ID: icp.MaterialID(icp.NewID(at)), Order: id, Kind: in.Kind, Website: in.Website, FileName: in.FileName,
		Hash: hex.EncodeToString(sum[:]), MediaType: info.Format.MIME(), Size: int64(len(clean)), Width: info.Width, Height: info.Height, At: at}
	m.BlobKey = materialPrefix + string(m.ID)
	if err := c.putSealed(ctx, key, m.BlobKey, clean); err != nil {
		return nil, icp.Material{}, err
	}
	return c.note(ctx, actor, id, m, in)
}

// note writes the row of an upload whose bytes are stored. For a key that was
// used it gives what the first call made; the new bytes are left to the sweep.
func (c *Cases) note(ctx context.Context, actor icp.Actor, id icp.OrderID, m icp.Material, in NewMaterial) (*icp.Order, icp.Material, error) {
	request := "material " + string(id) + " " + string(m.Kind) + " " + string(m.Website) + " " + m.Hash
	o, made, err := c.once(ctx, actor, id, in.IdempotencyKey, request, func(tx *store.Tx, o *icp.Order) (*icp.Order, string, error) {
		saved, err := c.decide(ctx, tx, actor, o, order.Edit, func(ctx context.Context, tx *store.Tx, o *icp.Order, at time.Time) (order.Facts, error) {
			j, err := c.judge(ctx, tx, o, at)
			if err != nil {
				return order.Facts{}, err
			}
			if err := place(ctx, tx, o, j.Needs, m, in.Replaces); err != nil {
				return order.Facts{}, err
			}
			return order.Facts{Detail: map[string]any{"section": "materials", "kind": m.Kind, "hash": m.Hash}}, nil
		})
		return saved, string(m.ID), err
	})
	if err != nil {
		return nil, icp.Material{}, err
	}
	for _, x := range o.Materials {
		if x.ID == icp.MaterialID(made) {
			return o, x, nil
		}
	}
	return o, icp.Material{}, icp.ErrNotFound // it was made once and removed since
}

// prepareUpload refuses an upload early and gives the order's key.
func (c *Cases) prepareUpload(ctx context.Context, actor icp.Actor, id icp.OrderID, in NewMaterial) (*seal.Key, error) {
	var key *seal.Key
	err := c.Store.View(ctx, func(tx *store.Tx) error {
		o, err := c.load(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if in.IdempotencyKey != "" { // perhaps a repetition, for which there is no room left
			key, err = tx.OrderKey(ctx, id)
			return err
		}
		if _, err := order.Decide(*o, order.Edit, actor, order.Facts{}, c.Terms, c.Clock.Now()); err != nil {
			return err
		}
		j, err := c.judge(ctx, tx, o, c.Clock.Now())
		if err != nil {
			return err
		}
		if _, err := needed(o, j.Needs, in.Kind, in.Website, in.Replaces); err != nil {
			return err
		}
		key, err = tx.OrderKey(ctx, id)
		return err
	})
	return key, err
}

// needed gives the need that a file answers. It refuses a file that the case
// does not ask for, or one too many.
func needed(o *icp.Order, needs []form.Need, kind icp.MaterialKind, site icp.WebsiteID, replaces icp.MaterialID) (form.Need, error) {
	for _, n := range needs {
		if n.Kind != kind || n.Website != site {
			continue
		}
		given := form.Given(o, n)
		if n.Most > 1 && replaces == "" && len(given) >= n.Most {
			return n, icp.E(icp.NotNow, "material.too_many").With("max", strconv.Itoa(n.Most))
		}
		return n, nil
	}
	return form.Need{}, icp.E(icp.NotNow, "material.not_needed")
}

// place notes the material; it takes the place of the one it replaces, or of
// the only one where a need takes a single file.
func place(ctx context.Context, tx *store.Tx, o *icp.Order, needs []form.Need, m icp.Material, replaces icp.MaterialID) error {
	need, err := needed(o, needs, m.Kind, m.Website, replaces)
	if err != nil {
		return err
	}
	kept := o.Materials[:0:0]
	for _, old := range o.Materials {
		single := old.Kind == m.Kind && old.Website == m.Website && need.Most == 1
		if old.ID == replaces || single {
			if err := tx.DeleteMaterial(ctx, old.ID); err != nil {
				return err
			}
			continue
		}
		kept = append(kept, old)
	}
	o.Materials = append(kept, m)
	return tx.InsertMaterial(ctx, &m)
}

// RemoveMaterial takes a file out of the order.
func (c *Cases) RemoveMaterial(ctx context.Context, actor icp.Actor, id icp.OrderID, material icp.MaterialID) (*icp.Order, error) {
	return c.change(ctx, actor, id, 0, order.Edit, func(ctx context.Context, tx *store.Tx, o *icp.Order, _ time.Time) (order.Facts, error) {
		for i, m := range o.Materials {
			if m.ID == material {
				o.Materials = append(o.Materials[:i:i], o.Materials[i+1:]...)
				return order.Facts{Detail: map[string]any{"section": "materials", "removed": m.Kind}}, tx.DeleteMaterial(ctx, m.ID)
			}
		}
		return order.Facts{}, icp.ErrNotFound
	})
}

// OpenMaterial gives a file's bytes to those who may see the case; the caller
// closes it.
func (c *Cases) OpenMaterial(ctx context.Context, actor icp.Actor, id icp.OrderID, material icp.MaterialID) (icp.Material, io.ReadCloser, error) {
	var m icp.Material
	var key *seal.Key
	err := c.Store.View(ctx, func(tx *store.Tx) error {
		o, err := c.load(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		for _, x := range o.Materials {
			if x.ID == material {
				m = x
				key, err = tx.OrderKey(ctx, id)
				return err
			}
		}
		return icp.ErrNotFound
	})
	if err != nil {
		return m, nil, err
	}
	sealed, err := c.Blobs.Open(ctx, m.BlobKey)
	if err != nil {
		return m, nil, err
	}
	plain, err := key.OpenStream(sealed, []byte(m.BlobKey))
	if err != nil {
		_ = sealed.Close() // the first error is the one that tells
		return m, nil, err
	}
	return m, struct {
		io.Reader
		io.Closer
	}{plain, sealed}, nil
}

// putSealed stores bytes sealed under the order's key.
func (c *Cases) putSealed(ctx context.Context, key *seal.Key, name string, plain []byte) error {
	var buf bytes.Buffer
	buf.Grow(len(plain) + len(plain)/64 + 256)
	w, err := key.SealStream(&buf, []byte(name))
	if err != nil {
		return err
	}
	if _, err := w.Write(plain); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	_, err = c.Blobs.Put(ctx, name, &buf)
	return err
}
