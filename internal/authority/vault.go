package authority

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// Files of the authority hold data of many orders, so each lies in the blob
// store under a data key of its own: two bytes with the length of the wrapped
// key, the wrapped key, the sealed stream.

// keep stores a file durably under a key, replacing what was there.
func (g *Gateway) keep(ctx context.Context, blobKey string, content []byte) error {
	key, wrapped, err := g.Store.Box().NewKey()
	if err != nil {
		return err
	}
	b := bytes.NewBuffer(make([]byte, 0, len(content)+len(content)/100+1024))
	b.Write(binary.BigEndian.AppendUint16(nil, uint16(len(wrapped)))) //nolint:gosec // some hundred bytes
	b.Write(wrapped)
	w, err := key.SealStream(b, []byte(blobKey))
	if err != nil {
		return err
	}
	if _, err := w.Write(content); err != nil {
		return fmt.Errorf("seal file: %w", err)
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("seal file: %w", err)
	}
	if _, err := g.Blobs.Put(ctx, blobKey, b); err != nil {
		return fmt.Errorf("keep file: %w", err)
	}
	return nil
}

// kept reads a file back; icp.NotFound when its bytes were deleted.
func (g *Gateway) kept(ctx context.Context, blobKey string) ([]byte, error) {
	r, err := g.keptReader(ctx, blobKey)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }() // it was only read
	content, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read kept file: %w", err)
	}
	return content, nil
}

// uploadPrefix begins the keys of uploads; the row's id follows.
const uploadPrefix = "upload-"

// sweepAge spares bytes whose row may not be committed yet.
const sweepAge = 24 * time.Hour

// Sweep removes old calls of the log, and the bytes of uploads that a crash left without a row. Those of
// downloads need no sweep: the file comes again under the same key.
func (g *Gateway) Sweep(ctx context.Context) error {
	if err := g.sweepCalls(ctx); err != nil {
		return fmt.Errorf("sweep calls: %w", err)
	}
	before := g.Clock.Now().Add(-sweepAge)
	for entry, err := range g.Blobs.List(ctx) {
		if err != nil {
			return fmt.Errorf("list kept files: %w", err)
		}
		id, ours := strings.CutPrefix(entry.Key, uploadPrefix)
		if !ours || entry.At.After(before) {
			continue
		}
		err := g.Store.View(ctx, func(tx *store.Tx) error {
			_, err := tx.Upload(ctx, id)
			return err
		})
		if errors.Is(err, icp.ErrNotFound) {
			err = g.Blobs.Delete(ctx, entry.Key)
		}
		if err != nil {
			return fmt.Errorf("sweep kept files: %w", err)
		}
	}
	return nil
}

// keptUpload reads the exact envelope of an upload back.
func (g *Gateway) keptUpload(ctx context.Context, blobKey string) (wire.Sealed, error) {
	var s wire.Sealed
	content, err := g.kept(ctx, blobKey)
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(content, &s); err != nil {
		return s, fmt.Errorf("read kept upload: %w", err)
	}
	return s, nil
}
