// Package drive starts a beian server as a process of its own and takes cases
// through it over HTTP, as an integrator would. The crash tests and the load
// driver use it. Start at [Start] and [Client].
package drive

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Server is a running process.
type Server struct {
	URL string
	Cmd *exec.Cmd
	out *tail
	// ended is closed once the process is gone and Cmd.ProcessState tells how.
	ended chan struct{}
}

// Start runs the binary with arguments and environment (added to this
// process's) and waits until it is ready, at most a minute.
func Start(ctx context.Context, binary string, env []string, args ...string) (*Server, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	return StartAt(ctx, addr, binary, env, args...)
}

// StartAt is Start on an address of the caller's choice.
func StartAt(ctx context.Context, addr, binary string, env []string, args ...string) (*Server, error) {
	s := &Server{URL: "http://" + addr, out: &tail{}, ended: make(chan struct{})}
	s.Cmd = exec.CommandContext(ctx, binary, args...) //nolint:gosec // the binary under test
	s.Cmd.Env = append(append(Environ(), env...), "BEIAN_ADDR="+addr, "BEIAN_BASE_URL="+s.URL)
	s.Cmd.Stdout, s.Cmd.Stderr = s.out, s.out
	if err := s.Cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", binary, err)
	}
	exited := make(chan error, 1)
	go func() {
		exited <- s.Cmd.Wait()
		close(s.ended)
	}()
	if err := s.ready(ctx, exited); err != nil {
		_ = s.Cmd.Process.Kill()
		return nil, fmt.Errorf("%w; it said:\n%s", err, s.out.String())
	}
	return s, nil
}

// Environ is this process's environment without the settings of a server: what
// is set for the tests (BEIAN_CI) is no setting, and the server would refuse it.
func Environ() []string {
	return slices.DeleteFunc(os.Environ(), func(pair string) bool { return strings.HasPrefix(pair, "BEIAN_") })
}

// ready polls /readyz until it answers 200.
func (s *Server) ready(ctx context.Context, exited <-chan error) error {
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	poll := time.NewTicker(50 * time.Millisecond)
	defer poll.Stop()
	for {
		select {
		case err := <-exited:
			return fmt.Errorf("server ended: %w", errors.Join(err, errors.New("before it was ready")))
		case <-deadline.C:
			return errors.New("server is not ready after a minute")
		case <-ctx.Done():
			return ctx.Err()
		case <-poll.C:
		}
		resp, err := http.Get(s.URL + "/readyz")
		if err != nil {
			continue
		}
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			return nil
		}
	}
}

// Kill ends the process as a power cut would (kill -9).
func (s *Server) Kill() { s.end(syscall.SIGKILL) }

// Stop asks the process to finish and waits for it.
func (s *Server) Stop() { s.end(syscall.SIGTERM) }

func (s *Server) end(sig syscall.Signal) {
	_ = s.Cmd.Process.Signal(sig) // it may have ended by itself
	<-s.ended
}

// Output is the end of what the server printed.
func (s *Server) Output() string { return s.out.String() }

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String(), nil
}

// tail keeps the last 64 KiB written to it.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, p...)
	if over := len(t.buf) - 64<<10; over > 0 {
		t.buf = append(t.buf[:0], t.buf[over:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.buf)
}

// Client is one person's session.
type Client struct {
	Base string
	HTTP *http.Client
	// Version is the If-Match of the order last read or changed.
	Version string
}

// NewClient makes a client without a session.
func NewClient(base string) (*Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 2
	return &Client{Base: base, HTTP: &http.Client{Jar: jar, Transport: t, Timeout: time.Minute}}, nil
}

// SignIn opens a session.
func (c *Client) SignIn(ctx context.Context, login, password string) error {
	return c.Do(ctx, http.MethodPost, "/session", map[string]string{"login": login, "password": password}, nil)
}

// Refusal is an answer that is not a success.
type Refusal struct {
	Status int
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Errors []struct {
		Pointer string `json:"pointer"`
		Code    string `json:"code"`
	} `json:"errors"`
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("%d %s %s %v", r.Status, r.Code, r.Detail, r.Errors)
}

// Do sends one API request with a JSON body (or raw bytes) and reads the JSON
// answer into out. Headers are pairs of name and value.
func (c *Client) Do(ctx context.Context, method, path string, in, out any, headers ...string) error {
	var body io.Reader
	kind := "application/json"
	switch v := in.(type) {
	case nil:
	case []byte:
		body, kind = bytes.NewReader(v), "application/octet-stream"
	default:
		raw, err := json.Marshal(v)
		if err != nil {
			return err
		}
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.Base+"/api/v1"+path, body)
	if err != nil {
		return err
	}
	if body != nil {
		req.Header.Set("Content-Type", kind)
	}
	if c.Version != "" {
		req.Header.Set("If-Match", c.Version)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := c.HTTP.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode >= 300 {
		r := &Refusal{Status: resp.StatusCode}
		_ = json.Unmarshal(raw, r) // a page that is no problem document leaves the status alone to tell
		return r
	}
	if tag := resp.Header.Get("ETag"); tag != "" {
		c.Version = tag
	}
	if out == nil || len(raw) == 0 {
		return nil
	}
	return json.Unmarshal(raw, out)
}

// Query builds a path with query parameters, given as pairs.
func Query(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return path + "?" + q.Encode()
}
