package store

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"

	"github.com/openbeian/beian/internal/seal"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// Engine is what differs between the databases.
type Engine interface {
	// Name is "sqlite" or "postgres".
	Name() string
	// Fault tells what an error of the driver means.
	Fault(err error) Fault
	// Migrate brings the tables to the newest edition; several nodes may call
	// it at once.
	Migrate(ctx context.Context) error
	// Jobs is River's driver for this database.
	Jobs() riverdriver.Driver[*sql.Tx]
	// Close frees what the engine holds besides the two handles.
	Close() error
}

// Options say how an engine wants its handles used.
type Options struct {
	// Prepare keeps prepared statements per handle; an engine whose driver
	// caches statements by itself leaves it false.
	Prepare bool
	// View are the options of reading transactions.
	View *sql.TxOptions
}

// Store is the database. Safe for concurrent use.
type Store struct {
	engine Engine
	box    *seal.Box
	jobs   *river.Client[*sql.Tx]
	write  *handle
	read   *handle
	opts   Options
}

// handle is a pool of connections with its statements.
type handle struct {
	db *sql.DB
	q  atomic.Pointer[sqlgen.Queries]
}

// New makes a store over two handles, which may be the same one; packages
// sqlite and postgres call it. The store owns the handles from then on.
func New(write, read *sql.DB, engine Engine, box *seal.Box, opts Options) (*Store, error) {
	jobs, err := river.NewClient(engine.Jobs(), &river.Config{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		return nil, fmt.Errorf("set up job queue: %w", err)
	}
	s := &Store{engine: engine, box: box, jobs: jobs, write: &handle{db: write}, read: &handle{db: read}, opts: opts}
	s.write.q.Store(sqlgen.New(write))
	s.read.q.Store(sqlgen.New(read))
	return s, nil
}

// Migrate brings the database to this program's edition, the job queue's
// tables included. Call it before anything else; nodes may do so at once.
func (s *Store) Migrate(ctx context.Context) error {
	if err := s.engine.Migrate(ctx); err != nil {
		return err
	}
	if !s.opts.Prepare {
		return nil
	}
	for _, h := range []*handle{s.write, s.read} {
		q, err := sqlgen.Prepare(ctx, h.db)
		if err != nil {
			return fmt.Errorf("prepare statements: %w", err)
		}
		h.q.Store(q)
	}
	return nil
}

// Ping reports whether the database answers; icp.Unavailable when it does not.
func (s *Store) Ping(ctx context.Context) error {
	for _, h := range []*handle{s.write, s.read} {
		if err := h.db.PingContext(ctx); err != nil {
			return s.explain("reach database", err)
		}
	}
	return nil
}

// Close ends all connections. Transactions must have ended before.
func (s *Store) Close() error {
	err := s.read.db.Close()
	if s.write.db != s.read.db {
		if e := s.write.db.Close(); err == nil {
			err = e
		}
	}
	if e := s.engine.Close(); err == nil {
		err = e
	}
	return err
}

// EngineName is "sqlite" or "postgres".
func (s *Store) EngineName() string { return s.engine.Name() }

// JobDriver is River's driver for package jobs.
func (s *Store) JobDriver() riverdriver.Driver[*sql.Tx] { return s.engine.Jobs() }

// Box seals and indexes for this store.
func (s *Store) Box() *seal.Box { return s.box }

// FreeJobs makes every job that is marked as running available again. Call it
// only where no other process runs jobs of this database, before any runs.
func (s *Store) FreeJobs(ctx context.Context) error {
	_, err := s.write.db.ExecContext(ctx, "UPDATE river_job SET state = 'available' WHERE state = 'running'")
	return s.explain("free jobs", err)
}

// View runs fn on a picture of the database at one instant. Writing in it is
// an error.
func (s *Store) View(ctx context.Context, fn func(*Tx) error) error {
	return s.once(ctx, s.read, s.opts.View, fn)
}

const (
	// updateTries bounds how often a transaction begins anew.
	updateTries = 6
	// updateWait is the mean wait before the second try; it doubles each time.
	updateWait = 4 * time.Millisecond
)

// Update runs fn in a transaction and commits it when fn returns nil; the
// changes are durable when Update returns nil, and never happened when it
// returns an error — except that a connection lost during the commit leaves
// that open, as icp.Unavailable.
//
// fn may run several times, since the database may ask for a new try: it must
// do nothing outside the transaction and must set what it returns anew each
// time. After any error of a Tx method fn must return that error.
func (s *Store) Update(ctx context.Context, fn func(*Tx) error) error {
	wait := updateWait
	for try := 1; ; try++ {
		err := s.once(ctx, s.write, nil, fn)
		if err == nil || try == updateTries || s.engine.Fault(err) != Retry {
			return err
		}
		if !sleep(ctx, wait/2+rand.N(wait)) { //nolint:gosec // spreads tries, keeps no secret
			return err
		}
		wait *= 2
	}
}

// sleep waits for d and reports whether ctx lasted so long.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// once runs fn in one transaction of the handle.
func (s *Store) once(ctx context.Context, h *handle, opts *sql.TxOptions, fn func(*Tx) error) error {
	sqlTx, err := h.db.BeginTx(ctx, opts)
	if err != nil {
		return s.explain("begin transaction", err)
	}
	// After a commit this does nothing; on an error or panic nothing stays.
	defer func() { _ = sqlTx.Rollback() }()
	tx := &Tx{store: s, sql: sqlTx, q: h.q.Load().WithTx(sqlTx)}
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.writeEvents(ctx); err != nil {
		return err
	}
	if err := sqlTx.Commit(); err != nil {
		return s.explain("commit", err)
	}
	return nil
}
