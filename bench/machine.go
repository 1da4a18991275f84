package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// machine is what this machine does at most: each figure of the load has its
// meaning beside these only.
type machine struct {
	gets     float64       // small requests/s of a bare net/http server
	getCPU   time.Duration // its processor time for one
	cycles   float64       // bare lifecycles/s: the 11 bodies, read and dropped
	cycleCPU time.Duration // its processor time for one
	commits  float64       // durable SQLite commits/s, one after the other
	files    float64       // durable files of 200 KiB/s, one after the other
	clients  int
}

const (
	bareCommand = "bare-server"
	measureFor  = 3 * time.Second
	answerBytes = 3 << 10 // an order as JSON has about as much
)

// bareServer reads what comes and answers as much as an order: the least that
// a server in Go can do. It runs as a process of its own and ends with its input.
func bareServer() {
	answer := bytes.Repeat([]byte("x"), answerBytes)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(l.Addr())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	s := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = w.Write(answer)
	})}
	_ = s.Serve(l)
}

// bare is such a process.
type bare struct {
	cmd  *exec.Cmd
	pipe io.Closer
	url  string
}

func startBare() (*bare, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	b := &bare{cmd: exec.Command(self, bareCommand)} //nolint:gosec // this program itself
	if b.pipe, err = b.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := b.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := b.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start bare server: %w", err)
	}
	var addr string
	if _, err := fmt.Fscanln(out, &addr); err != nil {
		return nil, fmt.Errorf("read address of bare server: %w", err)
	}
	b.url = "http://" + addr
	return b, nil
}

func (b *bare) close() error { return errors.Join(b.pipe.Close(), b.cmd.Wait()) }

// measureMachine takes all the limits, one after the other.
func measureMachine(ctx context.Context, dir string, clients int, pictures [][]byte) (_ *machine, err error) {
	m := &machine{clients: clients}
	b, err := startBare()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	if m.gets, m.getCPU, err = b.hammer(ctx, clients, [][]byte{nil}); err != nil {
		return nil, err
	}
	bodies := [][]byte{[]byte(remark(300)), []byte(remark(1700)), []byte(remark(100)), []byte(remark(1300))}
	bodies = append(append(bodies, pictures...), []byte(remark(200)), []byte("{}"), nil, nil)
	if m.cycles, m.cycleCPU, err = b.hammer(ctx, clients, bodies); err != nil {
		return nil, err
	}
	if m.commits, err = commits(ctx, dir); err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	m.files, err = files(ctx, dir, pictures[0])
	return m, err
}

// hammer sends the bodies in turn from so many clients at once, and gives the
// rounds in a second and the server's processor time for one.
func (b *bare) hammer(ctx context.Context, clients int, bodies [][]byte) (float64, time.Duration, error) {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = clients
	defer t.CloseIdleConnections()
	c := &http.Client{Transport: t}
	ctx, cancel := context.WithTimeout(ctx, measureFor)
	defer cancel()
	before, err := processorTime(b.cmd.Process.Pid)
	if err != nil {
		return 0, 0, err
	}
	var rounds atomic.Int64
	began := time.Now()
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			for b.round(ctx, c, bodies) == nil {
				rounds.Add(1)
			}
		})
	}
	wg.Wait()
	wall, n := time.Since(began), rounds.Load()
	after, err := processorTime(b.cmd.Process.Pid)
	if err != nil || n == 0 {
		return 0, 0, errors.Join(err, errors.New("the bare server answered nothing or its time is unknown"))
	}
	return float64(n) / wall.Seconds(), (after - before) / time.Duration(n), nil
}

func (b *bare) round(ctx context.Context, c *http.Client, bodies [][]byte) error {
	for _, body := range bodies {
		method := http.MethodPost
		if body == nil {
			method = http.MethodGet
		}
		req, err := http.NewRequestWithContext(ctx, method, b.url, bytes.NewReader(body))
		if err != nil {
			return err
		}
		resp, err := c.Do(req)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, resp.Body)
		if err = errors.Join(err, resp.Body.Close()); err != nil {
			return err
		}
	}
	return nil
}

// commits counts transactions of one row of 4 KB, each on the disk before the
// next begins: one fsync each.
func commits(ctx context.Context, dir string) (_ float64, err error) {
	path := filepath.Join(dir, "limit.db")
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, "CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT)"); err != nil {
		return 0, err
	}
	body := strings.Repeat("x", 4<<10)
	insert, err := db.PrepareContext(ctx, "INSERT INTO t (body) VALUES (?)")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, insert.Close()) }()
	return perSecond(func() error { _, err := insert.ExecContext(ctx, body); return err })
}

// files counts files written, synced and renamed, as materials are.
func files(_ context.Context, dir string, content []byte) (float64, error) {
	n := 0
	return perSecond(func() error {
		n++
		name := filepath.Join(dir, fmt.Sprintf("limit-%d", n%64))
		f, err := os.Create(name + ".new") //nolint:gosec // our own folder
		if err != nil {
			return err
		}
		_, err = f.Write(content)
		if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
			return err
		}
		return os.Rename(name+".new", name)
	})
}

func perSecond(do func() error) (float64, error) {
	began, n := time.Now(), 0
	for time.Since(began) < measureFor {
		if err := do(); err != nil {
			return 0, err
		}
		n++
	}
	return float64(n) / time.Since(began).Seconds(), nil
}
