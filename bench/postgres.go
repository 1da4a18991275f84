package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// cluster is a PostgreSQL of our own with its usual settings: fsync on, every
// commit on the disk before it is told.
type cluster struct {
	url  string
	pid  int
	cmd  *exec.Cmd
	done chan error
}

// startCluster makes and starts a cluster in a folder and waits for it.
func startCluster(ctx context.Context, dir string) (*cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	run, err := unprivileged(dir)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	if out, err := run(filepath.Join(bin, "initdb"), "-D", data, "-U", "app", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	c := &cluster{url: fmt.Sprintf("postgres://app@127.0.0.1:%d/postgres?sslmode=disable", port), done: make(chan error, 1),
		cmd: run(filepath.Join(bin, "postgres"), "-D", data, "-p", strconv.Itoa(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=")}
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start: %w", err)
	}
	c.pid = c.cmd.Process.Pid
	go func() { c.done <- c.cmd.Wait() }()
	if err := c.await(ctx); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

func (c *cluster) close() error {
	if err := c.cmd.Process.Signal(os.Interrupt); err != nil {
		return fmt.Errorf("stop PostgreSQL: %w", err)
	}
	if err := <-c.done; err != nil {
		return fmt.Errorf("stop PostgreSQL: %w", err)
	}
	return nil
}

func (c *cluster) await(ctx context.Context) error {
	db, err := sql.Open("pgx", c.url)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // it was only pinged
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		err := db.PingContext(ctx)
		if err == nil {
			return nil
		}
		if pauseErr := pause(ctx, 50*time.Millisecond); pauseErr != nil {
			return errors.Join(pauseErr, err)
		}
	}
}

func binaries() (string, error) {
	if p, err := exec.LookPath("initdb"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil {
			return filepath.Dir(p), nil
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", errors.New("no initdb in PATH or /usr/lib/postgresql/*/bin; -engine sqlite does without")
	}
	return filepath.Dir(found[len(found)-1]), nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// unprivileged gives a way to run commands that own the folder: as another
// user when this one is root, which PostgreSQL refuses.
func unprivileged(dir string) (func(name string, args ...string) *exec.Cmd, error) {
	attr := &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGQUIT} // an interrupt is for the driver, which then stops the cluster
	if os.Getuid() == 0 {
		uid, gid, err := somebody()
		if err != nil {
			return nil, err
		}
		if err := os.Chown(dir, uid, gid); err != nil {
			return nil, err
		}
		for p := filepath.Dir(dir); p != "/" && p != os.TempDir(); p = filepath.Dir(p) {
			if err := passable(p); err != nil {
				return nil, err
			}
		}
		attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)} //nolint:gosec // ids of the system
	}
	return func(name string, args ...string) *exec.Cmd {
		cmd := exec.Command(name, args...) //nolint:gosec // PostgreSQL's own programs
		cmd.Dir, cmd.SysProcAttr = dir, attr
		return cmd
	}, nil
}

// passable lets others go through a folder, not read it.
func passable(dir string) error {
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm()&0o001 != 0 {
		return err
	}
	return os.Chmod(dir, info.Mode().Perm()|0o011) //nolint:gosec // PostgreSQL's user must reach its folder
}

func somebody() (uid, gid int, err error) {
	for _, name := range []string{"postgres", "nobody"} {
		var u *user.User
		if u, err = user.Lookup(name); err != nil {
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
