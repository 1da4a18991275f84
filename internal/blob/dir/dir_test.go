package dir

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/openbeian/beian/internal/blob"
	"github.com/openbeian/beian/internal/blob/blobtest"
	"github.com/openbeian/beian/internal/clock"
)

func open(t testing.TB, root string) *Store {
	t.Helper()
	s, err := Open(root, clock.System{}.Now())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSuite(t *testing.T) {
	t.Parallel()
	blobtest.Run(t, func(t *testing.T) blob.Store { return open(t, t.TempDir()) })
}

func TestContentOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	if _, err := open(t, root).Put(t.Context(), "k1", strings.NewReader("content")); err != nil {
		t.Fatal(err)
	}
	r, err := open(t, root).Open(t.Context(), "k1")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	if got, _ := io.ReadAll(r); string(got) != "content" {
		t.Errorf("got %q", got)
	}
}

func TestStartSweepsOldTemporaryFilesOnly(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	s := open(t, root)
	if _, err := s.Put(t.Context(), "kept", strings.NewReader("x")); err != nil {
		t.Fatal(err)
	}
	crashed := filepath.Join(s.temp, "put-123")
	if err := os.WriteFile(crashed, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(root, clock.System{}.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(crashed); err != nil {
		t.Errorf("a young temporary file, perhaps being written, was swept: %v", err)
	}
	if _, err := Open(root, clock.System{}.Now().Add(2*tempAge)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(crashed); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an old temporary file is left: %v", err)
	}
	if ok, err := s.Has(t.Context(), "kept"); !ok || err != nil {
		t.Errorf("content is gone: %v, %v", ok, err)
	}
}

func TestFailedPutLeavesNoFile(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Put(ended, "k", strings.NewReader("x")); !errors.Is(err, context.Canceled) {
		t.Errorf("put after the end: %v", err)
	}
	torn := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(errors.New("line is down")))
	if _, err := s.Put(t.Context(), "k", torn); err == nil {
		t.Error("put of a torn stream succeeded")
	}
	if left, _ := os.ReadDir(s.temp); len(left) != 0 {
		t.Errorf("%d temporary files are left", len(left))
	}
}

func TestFoldersAreClosedToOthers(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "blobs"))
	if _, err := s.Put(t.Context(), "k", strings.NewReader("x")); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(s.data, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if info, _ := d.Info(); info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has %#o", path, info.Mode().Perm())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func BenchmarkPut200K(b *testing.B) {
	s := open(b, b.TempDir())
	content := strings.Repeat("x", 200<<10)
	for b.Loop() {
		if _, err := s.Put(b.Context(), "k", strings.NewReader(content)); err != nil {
			b.Fatal(err)
		}
	}
}
