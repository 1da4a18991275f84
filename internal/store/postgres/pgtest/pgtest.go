// Package pgtest gives tests a PostgreSQL of their own: one server per test
// process, one migrated database per test. The server listens on the loopback
// only, keeps nothing, and goes away with the process, however that ends.
package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"github.com/openbeian/beian/internal/seal"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/postgres"
)

// errNone says that no PostgreSQL is installed.
var errNone = errors.New("no initdb in PATH or /usr/lib/postgresql/*/bin")

// startLimit bounds the wait for the server.
const startLimit = 60 * time.Second

// Open gives an empty, migrated store of the test's own. Without PostgreSQL on
// the machine the test is skipped, or fails when BEIAN_CI=1.
func Open(t testing.TB, box *seal.Box) *store.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), URL(t), box)
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

// URL gives the address of an empty, migrated database of the test's own,
// under the terms of Open.
func URL(t testing.TB) string {
	t.Helper()
	s, err := running()
	if errors.Is(err, errNone) && os.Getenv("BEIAN_CI") != "1" {
		t.Skip("PostgreSQL is not tested: ", err)
	}
	if err != nil {
		t.Fatal("start PostgreSQL: ", err)
	}
	name, err := s.clone(t.Context())
	if err != nil {
		t.Fatal("make database: ", err)
	}
	t.Cleanup(func() {
		if _, err := s.admin.ExecContext(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error("drop database: ", err)
		}
	})
	// Many tests run at once, and the server has 200 connections for all.
	return s.url(name) + "&pool_max_conns=6"
}

type server struct {
	port  int
	pipe  io.Closer // its end ends the server
	admin *sql.DB
	mu    sync.Mutex
	made  int
}

// running starts the server when it is first needed.
var running = sync.OnceValues(start)

func (s *server) url(name string) string {
	return fmt.Sprintf("postgres://app@127.0.0.1:%d/%s?sslmode=disable", s.port, name)
}

func (s *server) clone(ctx context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made++
	name := fmt.Sprintf("t%d", s.made)
	_, err := s.admin.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE template_beian STRATEGY FILE_COPY")
	return name, err
}

func start() (*server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(folder(), "beian-pg-*")
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	pipe, err := launch(bin, dir, port)
	if err != nil {
		return nil, err
	}
	s := &server{port: port, pipe: pipe}
	if s.admin, err = sql.Open("pgx", s.url("postgres")); err != nil {
		return nil, err
	}
	if err := s.await(); err != nil {
		text, _ := os.ReadFile(filepath.Join(dir, "log")) //nolint:gosec // our own folder
		return nil, fmt.Errorf("%w; its log: %s", err, text)
	}
	return s, s.template()
}

func binaries() (string, error) {
	if p, err := exec.LookPath("initdb"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil {
			return filepath.Dir(p), nil
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", errNone
	}
	return filepath.Dir(found[len(found)-1]), nil
}

// folder is where the server's files lie: in memory where there is room, for
// there a database is copied in a hundredth of a second, else the usual place.
func folder() string {
	const memory, room = "/dev/shm", 2 << 30
	var st syscall.Statfs_t
	if err := syscall.Statfs(memory, &st); err != nil || st.Bavail*uint64(st.Bsize) < room { //nolint:gosec // a size of blocks
		return ""
	}
	return memory
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// script runs the server until the standard input ends, which it does when the
// test process does, and cleans up.
const script = `
"$1/initdb" -D "$2/d" -U app -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$2/log" 2>&1 || exit 1
"$1/postgres" -D "$2/d" -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off \
  -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 \
  -c autovacuum=off -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=4GB </dev/null >>"$2/log" 2>&1 &
read -r _
kill -INT $!
wait
rm -rf "$2"
`

// launch starts the script and gives the pipe that keeps it running.
func launch(bin, dir string, port int) (io.Closer, error) {
	cmd := exec.Command("/bin/sh", "-c", script, "pgtest", bin, dir, strconv.Itoa(port)) //nolint:gosec // a constant script
	cmd.Dir = dir
	// Its own session: an interrupt typed at the test goes to the test only.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if os.Getuid() == 0 { // PostgreSQL refuses to run as root
		uid, gid, err := unprivileged()
		if err != nil {
			return nil, err
		}
		if err := os.Chown(dir, uid, gid); err != nil {
			return nil, err
		}
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)} //nolint:gosec // ids of the system
	}
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	return pipe, cmd.Start()
}

func unprivileged() (uid, gid int, err error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, lookErr := user.Lookup(name)
		if lookErr != nil {
			err = lookErr
			continue
		}
		if uid, err = strconv.Atoi(u.Uid); err != nil {
			return 0, 0, err
		}
		gid, err = strconv.Atoi(u.Gid)
		return uid, gid, err
	}
	return 0, 0, err
}

func (s *server) await() error {
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		err := s.admin.PingContext(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("server does not answer: %w", err)
		}
	}
}

// template migrates the database that clone copies.
func (s *server) template() error {
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	if _, err := s.admin.ExecContext(ctx, "CREATE DATABASE template_beian"); err != nil {
		return err
	}
	box, err := seal.New()
	if err != nil {
		return err
	}
	st, err := postgres.Open(ctx, s.url("template_beian"), box)
	if err != nil {
		return err
	}
	return errors.Join(st.Migrate(ctx), st.Close())
}
