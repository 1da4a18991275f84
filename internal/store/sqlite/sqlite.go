// Package sqlite keeps the store in one SQLite file, without cgo: one
// connection that writes and a few that read. A commit is on the disk when it
// returns (write-ahead log, synchronous FULL).
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/openbeian/beian/internal/seal"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/migrations"
)

// maxReaders bounds the reading connections: more of them only take the
// processor away from the writer.
const maxReaders = 4

// Options are settings that only tests and tools change.
type Options struct {
	// Unsafe gives up durability for speed: a crash of the machine may lose or
	// break the file.
	Unsafe bool
}

// Open opens the file at path and makes it if there is none, readable to its
// owner only. Only one process at a time should serve from it; tools may open
// it beside. Call Migrate on the store next.
func Open(ctx context.Context, path string, box *seal.Box, opts ...Options) (*store.Store, error) {
	var o Options
	if len(opts) > 0 {
		o = opts[0]
	}
	if err := create(path); err != nil {
		return nil, err
	}
	write, err := sql.Open("sqlite", dsn(path, o, "_txlock=immediate"))
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	// One connection, kept: the writers queue in the process, where waiting is
	// cheap and fair, and not at the file's lock.
	write.SetMaxOpenConns(1)
	write.SetMaxIdleConns(1)
	read, err := sql.Open("sqlite", dsn(path, o, "_pragma=query_only(1)"))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), write.Close())
	}
	readers := min(maxReaders, max(2, runtime.GOMAXPROCS(0)))
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	s, err := store.New(write, read, &engine{db: write}, box, store.Options{Prepare: true, View: &sql.TxOptions{ReadOnly: true}})
	if err == nil {
		err = s.Ping(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, write.Close(), read.Close())
	}
	return s, nil
}

// create makes an empty file that only its owner can read; SQLite gives the
// log beside it the same permissions.
func create(path string) error {
	f, err := os.OpenFile(filepath.Clean(path), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open database file: %w", err)
	}
	return f.Close()
}

func dsn(path string, o Options, more string) string {
	synchronous := "FULL"
	if o.Unsafe {
		synchronous = "OFF"
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + more +
		"&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)&_pragma=synchronous(" + synchronous +
		")&_pragma=temp_store(MEMORY)&_pragma=cache_size(-16384)&_pragma=journal_size_limit(67108864)"
}

type engine struct{ db *sql.DB }

func (*engine) Name() string { return "sqlite" }

func (*engine) Close() error { return nil }

func (e *engine) Jobs() riverdriver.Driver[*sql.Tx] { return riversqlite.New(e.db) }

func (e *engine) Migrate(ctx context.Context) error {
	p, err := goose.NewProvider(goose.DialectSQLite3, e.db, migrations.Of("sqlite"))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate database: %w", err)
	}
	m, err := rivermigrate.New(riversqlite.New(e.db), &rivermigrate.Config{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		return fmt.Errorf("read migrations of job queue: %w", err)
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate job queue: %w", err)
	}
	return nil
}

// Fault reads SQLite's extended result code.
func (*engine) Fault(err error) store.Fault {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return store.Unknown
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return store.Duplicate
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return store.Dangling
	}
	switch e.Code() & 0xff { // the primary code
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return store.Retry
	case sqlite3.SQLITE_TOOBIG:
		return store.Malformed
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_NOMEM:
		return store.Down
	}
	return store.Unknown
}
