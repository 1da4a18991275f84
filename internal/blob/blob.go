// Package blob keeps the content of materials by key: a small port that files
// (package dir) and object stores implement.
//
// It promises durability (what Put has returned is there after a crash) and
// wholeness (a reader sees all of one Put or nothing). It knows nothing of
// encryption: the caller seals the stream that it puts and opens the stream
// that it gets. Every adapter must pass package blobtest. Start at [Store].
package blob

import (
	"context"
	"io"
	"iter"
	"time"

	"github.com/openbeian/beian/internal/icp"
)

// Store keeps content by key. All methods are safe for concurrent use. A key
// that CheckKey refuses is an icp.Invalid error in each of them.
type Store interface {
	// Put stores what r gives, durably, and tells its size in bytes. Under a
	// key that exists it replaces the content as a whole. When it fails, or r
	// does, or ctx ends, the key is as it was before.
	Put(ctx context.Context, key string, r io.Reader) (size int64, err error)
	// Open gives the content; the caller closes it. The error is
	// icp.ErrNotFound when there is none. A reader goes on giving the content
	// it began with when the key is replaced or deleted meanwhile.
	Open(ctx context.Context, key string) (io.ReadCloser, error)
	// Delete removes the content, durably. Nothing there is no error, so a
	// repeated Delete is harmless.
	Delete(ctx context.Context, key string) error
	// Has reports whether there is content.
	Has(ctx context.Context, key string) (bool, error)
	// List gives every key once, in no particular order, for the sweep of
	// content that no row refers to. Content put or deleted meanwhile may be
	// left out. An error ends the list.
	List(ctx context.Context) iter.Seq2[Entry, error]
}

// Entry is one stored content.
type Entry struct {
	Key string
	// Size in bytes.
	Size int64
	// At is when it was put. A sweep must spare the young: their rows may not
	// be committed yet.
	At time.Time
}

// MaxKey is the longest key in bytes.
const MaxKey = 200

// CheckKey reports whether a key is fit to be a file's and an object's name: 1
// to MaxKey characters of a–z, A–Z, 0–9, "_" and "-". Keys should not differ
// in case alone, since some file systems do not tell them apart. The error is
// icp.Invalid.
func CheckKey(key string) error {
	bad := len(key) == 0 || len(key) > MaxKey
	for i := 0; i < len(key) && !bad; i++ {
		c := key[i]
		bad = (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-'
	}
	if bad {
		return icp.E(icp.Invalid, "blob.key")
	}
	return nil
}

// Missing is the error for a key without content: icp.NotFound.
func Missing() error { return icp.E(icp.NotFound, "blob.missing") }
