// Package blobtest has the promises of [blob.Store] as tests, which every
// adapter runs. Start at [Run].
package blobtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/openbeian/beian/internal/blob"
	"github.com/openbeian/beian/internal/icp"
)

// Run tests a store; open gives an empty one, alone for its test.
func Run(t *testing.T, open func(t *testing.T) blob.Store) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, blob.Store){
		"what was put is given back":                 givesBack,
		"a missing key is not found":                 missing,
		"put replaces as a whole":                    replaces,
		"a failed put leaves the key as it was":      failedPut,
		"a reader keeps the content it began with":   readerKeeps,
		"delete removes and may be repeated":         deletes,
		"list gives every key once with its size":    lists,
		"a list may be left early and ends with ctx": listEnds,
		"unsafe keys are refused everywhere":         unsafeKeys,
		"concurrent puts of one key never mix":       concurrent,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

func put(t *testing.T, s blob.Store, key, content string) {
	t.Helper()
	size, err := s.Put(t.Context(), key, strings.NewReader(content))
	if err != nil {
		t.Fatalf("put %s: %v", key, err)
	}
	if size != int64(len(content)) {
		t.Errorf("put %s tells %d bytes, want %d", key, size, len(content))
	}
}

func get(t *testing.T, s blob.Store, key string) string {
	t.Helper()
	r, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatalf("open %s: %v", key, err)
	}
	defer func() { _ = r.Close() }()
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("read %s: %v", key, err)
	}
	return string(content)
}

func givesBack(t *testing.T, s blob.Store) {
	for key, content := range map[string]string{
		"empty":                        "",
		"bytes":                        "a\x00\xff图",
		"big":                          strings.Repeat("0123456789abcdef", 1<<16),
		strings.Repeat("k", 64):        "content hash",
		"01J9ZQ3V6W8XK5T2M4N7P0R1S3-_": "ulid",
	} {
		put(t, s, key, content)
		if got := get(t, s, key); got != content {
			t.Errorf("%s: %d bytes back, want %d", key, len(got), len(content))
		}
		if ok, err := s.Has(t.Context(), key); !ok || err != nil {
			t.Errorf("has %s = %v, %v", key, ok, err)
		}
	}
}

func missing(t *testing.T, s blob.Store) {
	if _, err := s.Open(t.Context(), "none"); !errors.Is(err, icp.ErrNotFound) {
		t.Errorf("open = %v, want icp.ErrNotFound", err)
	}
	if ok, err := s.Has(t.Context(), "none"); ok || err != nil {
		t.Errorf("has = %v, %v", ok, err)
	}
	if err := s.Delete(t.Context(), "none"); err != nil {
		t.Errorf("delete = %v", err)
	}
}

func replaces(t *testing.T, s blob.Store) {
	put(t, s, "k", strings.Repeat("long", 1000))
	put(t, s, "k", "short")
	if got := get(t, s, "k"); got != "short" {
		t.Errorf("%d bytes, want the second content alone", len(got))
	}
}

func failedPut(t *testing.T, s blob.Store) {
	put(t, s, "old", "old")
	down := errors.New("line is down")
	for _, key := range []string{"old", "new"} {
		torn := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(down))
		if _, err := s.Put(t.Context(), key, torn); !errors.Is(err, down) {
			t.Errorf("put %s = %v, want the reader's error", key, err)
		}
		ended, cancel := context.WithCancel(t.Context())
		stream := io.MultiReader(strings.NewReader("half"), readFunc(func([]byte) (int, error) {
			cancel()
			return 0, io.EOF
		}))
		if _, err := s.Put(ended, key, stream); !errors.Is(err, context.Canceled) {
			t.Errorf("put %s while ctx ends = %v", key, err)
		}
	}
	if got := get(t, s, "old"); got != "old" {
		t.Errorf("old content is %q", got)
	}
	if ok, err := s.Has(t.Context(), "new"); ok || err != nil {
		t.Errorf("has new = %v, %v", ok, err)
	}
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

func readerKeeps(t *testing.T, s blob.Store) {
	first := strings.Repeat("1", 1<<20)
	put(t, s, "k", first)
	r, err := s.Open(t.Context(), "k")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	put(t, s, "k", "2")
	if err := s.Delete(t.Context(), "k"); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || string(got) != first {
		t.Errorf("%d bytes, %v; want the first content", len(got), err)
	}
}

func deletes(t *testing.T, s blob.Store) {
	put(t, s, "k", "x")
	put(t, s, "kk", "y")
	for range 2 {
		if err := s.Delete(t.Context(), "k"); err != nil {
			t.Fatal(err)
		}
	}
	if ok, _ := s.Has(t.Context(), "k"); ok {
		t.Error("content is still there")
	}
	if got := get(t, s, "kk"); got != "y" {
		t.Errorf("another key has %q", got)
	}
}

func lists(t *testing.T, s blob.Store) {
	want := map[string]int64{}
	for i := range 40 {
		key := fmt.Sprintf("k%02d", i)
		put(t, s, key, strings.Repeat("x", i))
		want[key] = int64(i)
	}
	put(t, s, "gone", "x")
	if err := s.Delete(t.Context(), "gone"); err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	for e, err := range s.List(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := got[e.Key]; twice {
			t.Errorf("%s is listed twice", e.Key)
		}
		if e.At.IsZero() {
			t.Errorf("%s has no time", e.Key)
		}
		got[e.Key] = e.Size
	}
	if !maps.Equal(got, want) {
		t.Errorf("listed %v, want %v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
}

func listEnds(t *testing.T, s blob.Store) {
	for e, err := range s.List(t.Context()) {
		t.Errorf("an empty store lists %v, %v", e, err)
	}
	put(t, s, "a", "x")
	put(t, s, "b", "x")
	for _, err := range s.List(t.Context()) {
		if err != nil {
			t.Error(err)
		}
		break // must not panic by going on
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	var last error
	for _, err := range s.List(ended) {
		last = err
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("list after ctx ended = %v", last)
	}
}

func unsafeKeys(t *testing.T, s blob.Store) {
	for _, key := range []string{"", "..", "a/b", "../../etc/passwd", "a b", "键", strings.Repeat("k", blob.MaxKey+1)} {
		_, putErr := s.Put(t.Context(), key, strings.NewReader("x"))
		_, openErr := s.Open(t.Context(), key)
		_, hasErr := s.Has(t.Context(), key)
		for method, err := range map[string]error{
			"put": putErr, "open": openErr, "has": hasErr, "delete": s.Delete(t.Context(), key),
		} {
			if !errors.Is(err, icp.ErrInvalid) {
				t.Errorf("%s %q = %v, want icp.ErrInvalid", method, key, err)
			}
		}
	}
}

func concurrent(t *testing.T, s blob.Store) {
	const writers, size = 8, 100_000
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			content := bytes.Repeat([]byte{byte('a' + i)}, size)
			if _, err := s.Put(t.Context(), "k", bytes.NewReader(content)); err != nil {
				t.Errorf("put: %v", err)
			}
		})
	}
	wg.Wait()
	got := get(t, s, "k")
	if len(got) != size || strings.Trim(got, got[:1]) != "" {
		t.Errorf("%d bytes of several writers", len(got))
	}
}
