// Package storetest has every promise of package store as a test, to be run on
// each engine, and opens stores for the tests of other packages.
package storetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/openbeian/beian/internal/seal"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/postgres/pgtest"
	"github.com/openbeian/beian/internal/store/sqlite"
)

// Box is the key box of all stores of the test process.
var Box = sync.OnceValue(func() *seal.Box {
	box, err := seal.New()
	if err != nil {
		panic(err)
	}
	return box
})

// NewSQLite gives an empty store in a file of the test's own. It costs a few
// milliseconds: the tables are made once per process and copied.
func NewSQLite(t testing.TB) *store.Store {
	t.Helper()
	file, err := template()
	if err != nil {
		t.Fatal("make template database: ", err)
	}
	path := filepath.Join(t.TempDir(), "beian.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := sqlite.Open(t.Context(), path, Box(), sqlite.Options{Unsafe: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// NewPostgres gives an empty store in a PostgreSQL database of the test's own;
// see package pgtest for when it skips.
func NewPostgres(t testing.TB) *store.Store {
	t.Helper()
	return pgtest.Open(t, Box())
}

// Each runs a test on both engines.
func Each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	for name, open := range map[string]func(testing.TB) *store.Store{"sqlite": NewSQLite, "postgres": NewPostgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

// template gives the bytes of an empty, migrated database file.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "beian-sqlite-*")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "template.db")
	ctx := context.Background()
	s, err := sqlite.Open(ctx, path, Box(), sqlite.Options{Unsafe: true})
	if err != nil {
		return nil, err
	}
	// Closing the last connection writes the log back into the file.
	if err := errors.Join(s.Migrate(ctx), s.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(path) //nolint:gosec // our own folder
})
