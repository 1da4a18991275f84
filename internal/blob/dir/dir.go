// Package dir keeps blobs as files below one folder, the adapter for a single
// machine.
//
// Content lies in data/xx/yy/<key>, where xx and yy come from a hash of the
// key, so that no folder grows large. It is first written to tmp/, synced, then
// renamed, and the folder is synced: a crash leaves nothing worse than a file
// in tmp/, which [Open] sweeps.
package dir

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/openbeian/beian/internal/blob"
)

// tempAge is how old a file in tmp/ must be to be swept. A younger one may
// belong to another process on the same folder that is still writing it.
const tempAge = time.Hour

// Store keeps blobs below a folder. Several processes may share the folder.
type Store struct {
	data string
	temp string
	made sync.Map // fan-out folders that are known to exist durably
}

var _ blob.Store = (*Store)(nil)

// Open makes the folder where it is missing (permissions 0700), sweeps
// temporary files that are older than an hour at now, and gives the store.
func Open(root string, now time.Time) (*Store, error) {
	s := &Store{data: filepath.Join(root, "data"), temp: filepath.Join(root, "tmp")}
	for _, d := range []string{s.data, s.temp} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return nil, fmt.Errorf("make blob folder: %w", err)
		}
	}
	if err := syncFolder(root); err != nil {
		return nil, err
	}
	return s, s.sweep(now)
}

// sweep removes what a crash left in tmp/.
func (s *Store) sweep(now time.Time) error {
	left, err := os.ReadDir(s.temp)
	if err != nil {
		return fmt.Errorf("list temporary blobs: %w", err)
	}
	for _, e := range left {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // its writer finished meanwhile
		}
		if err != nil {
			return fmt.Errorf("look at temporary blob: %w", err)
		}
		if now.Sub(info.ModTime()) < tempAge {
			continue
		}
		if err := os.Remove(filepath.Join(s.temp, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("sweep temporary blob: %w", err)
		}
	}
	return nil
}

// Put implements [blob.Store].
func (s *Store) Put(ctx context.Context, key string, r io.Reader) (int64, error) {
	path, err := s.path(key)
	if err != nil {
		return 0, err
	}
	temp, size, err := s.write(ctx, r)
	if err != nil {
		return 0, err
	}
	// From here a crash leaves the temporary file (swept) or the whole blob.
	if err := s.publish(temp, path); err != nil {
		_ = os.Remove(temp)
		return 0, err
	}
	return size, nil
}

func (s *Store) write(ctx context.Context, r io.Reader) (temp string, size int64, err error) {
	f, err := os.CreateTemp(s.temp, "put-*")
	if err != nil {
		return "", 0, fmt.Errorf("make temporary blob: %w", err)
	}
	// The struct hides WriterTo and ReaderFrom, so that every piece passes ctx.
	size, err = io.Copy(struct{ io.Writer }{f}, &during{ctx: ctx, r: r})
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return "", 0, fmt.Errorf("write blob: %w", err)
	}
	return f.Name(), size, nil
}

// publish gives a finished file its name.
func (s *Store) publish(temp, path string) error {
	folder := filepath.Dir(path)
	if err := s.makeFolder(folder); err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return fmt.Errorf("name blob: %w", err)
	}
	return syncFolder(folder)
}

// makeFolder makes data/xx/yy and syncs the folders that hold the new names.
// Folders are never removed, so once made they are remembered.
func (s *Store) makeFolder(folder string) error {
	if _, ok := s.made.Load(folder); ok {
		return nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make blob folder: %w", err)
	}
	for _, d := range []string{filepath.Dir(folder), s.data} {
		if err := syncFolder(d); err != nil {
			return err
		}
	}
	s.made.Store(folder, nil)
	return nil
}

// Open implements [blob.Store].
func (s *Store) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	path, err := s.path(key)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, blob.Missing()
	}
	if err != nil {
		return nil, fmt.Errorf("open blob: %w", err)
	}
	return f, nil
}

// Delete implements [blob.Store].
func (s *Store) Delete(ctx context.Context, key string) error {
	path, err := s.path(key)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	err = os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("delete blob: %w", err)
	}
	return syncFolder(filepath.Dir(path))
}

// Has implements [blob.Store].
func (s *Store) Has(ctx context.Context, key string) (bool, error) {
	path, err := s.path(key)
	if err != nil {
		return false, err
	}
	if err := ctx.Err(); err != nil {
		return false, err
	}
	_, err = os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for blob: %w", err)
	}
	return true, nil
}

// errStop ends a walk whose reader wants no more.
var errStop = errors.New("stop")

// List implements [blob.Store].
func (s *Store) List(ctx context.Context) iter.Seq2[blob.Entry, error] {
	return func(yield func(blob.Entry, error) bool) {
		err := filepath.WalkDir(s.data, func(_ string, d fs.DirEntry, err error) error {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil || d.IsDir() {
				return err
			}
			info, err := d.Info()
			if errors.Is(err, fs.ErrNotExist) {
				return nil // deleted meanwhile
			}
			if err != nil {
				return err
			}
			if !yield(blob.Entry{Key: d.Name(), Size: info.Size(), At: info.ModTime().UTC()}, nil) {
				return errStop
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(blob.Entry{}, fmt.Errorf("list blobs: %w", err))
		}
	}
}

// path gives the place of a key's content. The hash spreads keys whose first
// characters are alike, as those of time-ordered ids are.
func (s *Store) path(key string) (string, error) {
	if err := blob.CheckKey(key); err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(key))
	return filepath.Join(s.data, hex.EncodeToString(sum[:1]), hex.EncodeToString(sum[1:2]), key), nil
}

// syncFolder makes the names in a folder durable.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open blob folder: %w", err)
	}
	defer func() { _ = d.Close() }()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("sync blob folder: %w", err)
	}
	return nil
}

// during reads while its context lasts.
type during struct {
	ctx context.Context
	r   io.Reader
}

func (d *during) Read(p []byte) (int, error) {
	if err := d.ctx.Err(); err != nil {
		return 0, err
	}
	return d.r.Read(p)
}
