// Package postgres keeps the store in PostgreSQL 15 or newer, for
// installations of several nodes.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/openbeian/beian/internal/seal"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/migrations"
)

// minConns keeps a few connections warm, whose statements are prepared.
const minConns = 2

// Open connects to the database at a URL such as
// postgres://user:secret@host/name?pool_max_conns=16; icp.Unavailable when it
// does not answer. Call Migrate on the store next.
func Open(ctx context.Context, url string, box *seal.Box) (*store.Store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("the database URL cannot be read") // the cause may quote the password
	}
	if config.MinConns == 0 {
		config.MinConns = min(minConns, config.MaxConns)
	}
	if config.ConnConfig.RuntimeParams["application_name"] == "" {
		config.ConnConfig.RuntimeParams["application_name"] = "beian"
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db := stdlib.OpenDBFromPool(pool)
	e := &engine{pool: pool, db: db}
	view := &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
	s, err := store.New(db, db, e, box, store.Options{View: view})
	if err == nil {
		err = s.Ping(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close(), e.Close())
	}
	return s, nil
}

type engine struct {
	pool *pgxpool.Pool
	db   *sql.DB
}

func (*engine) Name() string { return "postgres" }

func (e *engine) Close() error {
	e.pool.Close()
	return nil
}

func (e *engine) Jobs() riverdriver.Driver[*sql.Tx] {
	return riverdatabasesql.NewWithPgxListener(e.db, e.pool)
}

// Migrate holds a lock of the session meanwhile, so that of several nodes one
// does the work and the others wait for it.
func (e *engine) Migrate(ctx context.Context) error {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return fmt.Errorf("set up migration lock: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectPostgres, e.db, migrations.Of("postgres"), goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate database: %w", err)
	}
	return e.migrateJobs(ctx)
}

// jobsLock is the number of the advisory lock for River's own steps, which
// lock nothing by themselves.
const jobsLock = 0x626569616e // "beian"

func (e *engine) migrateJobs(ctx context.Context) error {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("migrate job queue: %w", err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(jobsLock)); err != nil {
		return fmt.Errorf("lock job queue for migration: %w", err)
	}
	defer func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", int64(jobsLock))
	}()
	m, err := rivermigrate.New(riverdatabasesql.New(e.db), &rivermigrate.Config{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		return fmt.Errorf("read migrations of job queue: %w", err)
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate job queue: %w", err)
	}
	return nil
}

// Fault reads PostgreSQL's SQLSTATE.
func (*engine) Fault(err error) store.Fault {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		var unreachable *pgconn.ConnectError
		var network net.Error
		if errors.As(err, &unreachable) || errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) {
			return store.Down
		}
		return store.Unknown
	}
	switch e.Code {
	case "23505": // unique_violation
		return store.Duplicate
	case "23503": // foreign_key_violation
		return store.Dangling
	case "40001", "40P01": // serialization_failure, deadlock_detected
		return store.Retry
	case "25006": // read_only_sql_transaction: a defect, unless the server is a standby
		return store.Unknown
	}
	switch {
	case strings.HasPrefix(e.Code, "22"): // data exception, such as a zero byte in text
		return store.Malformed
	case strings.HasPrefix(e.Code, "08"), // connection exception
		strings.HasPrefix(e.Code, "53"),  // insufficient resources
		strings.HasPrefix(e.Code, "57P"): // shutting down
		return store.Down
	}
	return store.Unknown
}
