package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"flag"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/accounts"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/config"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/store"
)

// machine is a computer on which commands are typed, with a data folder.
type machine struct {
	t    *testing.T
	data string
	env  []string
	log  spoken // of serving
}

func newMachine(t *testing.T, env ...string) *machine {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	return &machine{t: t, data: data, env: append([]string{"BEIAN_DATA=" + data, "BEIAN_BASE_URL=http://127.0.0.1:8080"}, env...)}
}

// typed runs a command with lines for its standard input.
func (m *machine) typed(input string, args ...string) (out, errOut string, err error) {
	m.t.Helper()
	var o, e bytes.Buffer
	err = run(m.t.Context(), args, surroundings{in: strings.NewReader(input), out: &o, errOut: &e, env: m.env})
	return o.String(), e.String(), err
}

// works runs a command that must succeed.
func (m *machine) works(input string, args ...string) string {
	m.t.Helper()
	out, said, err := m.typed(input, args...)
	if err != nil {
		m.t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, said)
	}
	return out
}

// signIn tries a password against the database.
func (m *machine) signIn(login, password string) (store.Account, error) {
	m.t.Helper()
	cfg, err := config.Load(config.Default(), "", m.env)
	if err != nil {
		m.t.Fatal(err)
	}
	s, err := openStore(m.t.Context(), cfg)
	if err != nil {
		m.t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			m.t.Error(err)
		}
	}()
	people := accounts.Accounts{Store: s, Clock: clock.System{}, Tables: refdata.Builtin(), Terms: accounts.DefaultTerms()}
	return people.SignIn(m.t.Context(), accounts.Credentials{Login: login, Password: password, IP: "192.0.2.1"})
}

// tamper changes the database behind the program's back.
func (m *machine) tamper(statement string) {
	m.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(m.data, "beian.db"))
	if err != nil {
		m.t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			m.t.Error(err)
		}
	}()
	done, err := db.ExecContext(m.t.Context(), statement)
	if err != nil {
		m.t.Fatal(err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		m.t.Fatalf("%s changed nothing: %v", statement, err)
	}
}

func TestCommandsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	for rule, c := range map[string]struct {
		args string
		want error
		said string
	}{
		"no command shows the list":       {"", flag.ErrHelp, "beian check-config"},
		"help shows the list":             {"--help", flag.ErrHelp, "beian audit verify"},
		"an unknown command":              {"frobnicate", errUsage, `There is no command "frobnicate"`},
		"half a command":                  {"audit", errUsage, `There is no command "audit"`},
		"half a command shows its group":  {"rules", errUsage, "beian rules explain "},
		"help of a group is no mistake":   {"rules --help", flag.ErrHelp, "beian rules explain "},
		"help of rules has its flags":     {"rules publish --help", flag.ErrHelp, "--restore version"},
		"an unknown flag":                 {"migrate --fast", errUsage, "-fast"},
		"an unknown flag of user":         {"user add --login a@example.com --admin", errUsage, "-admin"},
		"help of user is no mistake":      {"user add --help", flag.ErrHelp, "-login"},
		"help of a command is no mistake": {"serve --help", flag.ErrHelp, "-demo"},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			_, said, err := newMachine(t).typed("", strings.Fields(c.args)...)
			if !errors.Is(err, c.want) || !strings.Contains(said, c.said) {
				t.Errorf("%v, said: %s", err, said)
			}
		})
	}
}

func TestCheckConfigNamesEveryFault(t *testing.T) {
	t.Parallel()
	if out := newMachine(t).works("", "check-config"); !strings.Contains(out, "fine") {
		t.Errorf("good settings: %s", out)
	}
	m := newMachine(t, "BEIAN_ADDR=nowhere", "BEIAN_AUTHORITY_STATUS=live", "BEIAN_BASE_URL=http://beian.example.com")
	_, _, err := m.typed("", "check-config", "--roles", "api,cook")
	for _, want := range []string{"addr", "authority.upload_url", "base_url", `roles: "cook"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("does not name %s: %v", want, err)
		}
	}
	_, _, err = newMachine(t, "BEIAN_ADRR=127.0.0.1:1").typed("", "check-config")
	if err == nil || !strings.Contains(err.Error(), "BEIAN_ADRR") || !strings.Contains(err.Error(), "BEIAN_ADDR") {
		t.Errorf("a mistyped variable: %v", err)
	}
	if _, _, err := m.typed("", "serve"); err == nil || !strings.Contains(err.Error(), "addr") {
		t.Errorf("serve runs on wrong settings: %v", err)
	}
}

func TestMigrateTwice(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	for range 2 {
		if out := m.works("", "migrate"); !strings.Contains(out, "up to date") {
			t.Errorf("said %q", out)
		}
	}
	if out := m.works("", "version"); !strings.HasPrefix(out, "beian ") {
		t.Errorf("version: %q", out)
	}
}

func TestUserAddAndResetPassword(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	if out := m.works("a quiet morning\n", "user", "add", "--login", "guan@example.com", "--roles", "admin,reviewer"); !strings.HasPrefix(out, "made account ") {
		t.Errorf("said %q", out)
	}
	a, err := m.signIn("guan@example.com", "a quiet morning")
	if err != nil || strings.Join(a.Roles, " ") != "admin reviewer" {
		t.Fatalf("signed in: %v %v", err, a.Roles)
	}
	m.works("another quiet morning\r\n", "user", "reset-password", "--login", "guan@example.com")
	if _, err := m.signIn("guan@example.com", "a quiet morning"); err == nil {
		t.Error("the old password is still good")
	}
	if _, err := m.signIn("guan@example.com", "another quiet morning"); err != nil {
		t.Errorf("the new password: %v", err)
	}
	for rule, c := range map[string]struct{ input, args, want string }{
		"a password too short":        {"short\n", "user add --login a@example.com --roles admin", "password.short"},
		"an unknown role":             {"a quiet morning\n", "user add --login a@example.com --roles cook", "role"},
		"an account twice":            {"a quiet morning\n", "user add --login guan@example.com --roles admin", "account.login_taken"},
		"nobody":                      {"a quiet morning\n", "user add --roles admin", "--login is missing"},
		"the password of nobody here": {"a quiet morning\n", "user reset-password --login nobody@example.com", "not_found"},
	} {
		if _, _, err := m.typed(c.input, strings.Fields(c.args)...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", rule, err)
		}
	}
}

func TestAuditVerifyNamesTheRow(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	for _, login := range []string{"a@example.com", "b@example.com", "c@example.com"} {
		m.works("a quiet morning\n", "user", "add", "--login", login, "--roles", access.Reviewer)
	}
	if out := m.works("", "audit", "verify"); !strings.Contains(out, "whole: 3:") {
		t.Fatalf("said %q", out)
	}
	m.tamper("DELETE FROM audit_events WHERE seq = 3")
	if _, _, err := m.typed("", "audit", "verify"); err == nil || !strings.Contains(err.Error(), "ends at row 2, but row 3") {
		t.Errorf("the last row cut off: %v", err)
	}
	m.tamper("UPDATE audit_events SET actor = 'somebody' WHERE seq = 2")
	if _, _, err := m.typed("", "audit", "verify"); err == nil || !strings.Contains(err.Error(), "row 2") {
		t.Errorf("row 2 was changed: %v", err)
	}
}

func TestKeysRotateAndOldDataStayReadable(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.works("a quiet morning\n", "user", "add", "--login", "guan@example.com", "--roles", "admin")
	if out := m.works("", "key", "rotate"); !strings.Contains(out, "back up") {
		t.Errorf("said %q", out)
	}
	a, err := m.signIn("guan@example.com", "a quiet morning") // found by its index, and opened
	if err != nil || a.Mail != "guan@example.com" {
		t.Errorf("after the rotation: %v %q", err, a.Mail)
	}
	m.works("a quiet morning\n", "user", "add", "--login", "new@example.com", "--roles", "admin")
	if _, err := m.signIn("new@example.com", "a quiet morning"); err != nil {
		t.Errorf("sealed by the new key: %v", err)
	}
	m.tamperKey()
	if _, _, err := m.typed("", "migrate"); err == nil || !strings.Contains(err.Error(), "backup") {
		t.Errorf("a database without its key: %v", err)
	}
}

// tamperKey loses the key file.
func (m *machine) tamperKey() {
	m.t.Helper()
	key := filepath.Join(m.data, "beian.key")
	if err := os.Rename(key, key+".lost"); err != nil {
		m.t.Fatal(err)
	}
}

// serving runs serve until stop; its end must be without error.
func (m *machine) serving(args ...string) (base string, stop func()) {
	m.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		m.t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close() // its port is free for the server
	ctx, cancel := context.WithCancel(m.t.Context())
	ended := make(chan error, 1)
	env := append([]string{"BEIAN_ADDR=" + addr}, m.env...)
	go func() {
		ended <- run(ctx, append([]string{"serve"}, args...), surroundings{in: strings.NewReader(""), out: io.Discard, errOut: &m.log, env: env})
	}()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			m.t.Errorf("serve ended with %v", err)
		}
	})
	m.t.Cleanup(stop)
	until(m.t, "the server is ready", func() bool { return status(m.t, "http://"+addr+"/readyz") == http.StatusOK })
	return "http://" + addr, stop
}

// status asks a page; 0 when nobody answers.
func status(t *testing.T, url string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// until polls at most half a minute.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	within(t, 30*time.Second, what, done)
}

// within polls for as long as given.
func within(t *testing.T, most time.Duration, what string, done func() bool) {
	t.Helper()
	deadline, tick := time.After(most), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-deadline:
			t.Fatalf("not within %s: %s", most, what)
		case <-tick.C:
		}
	}
}

func TestAWorkerServesHealthOnly(t *testing.T) {
	t.Parallel()
	base, stop := newMachine(t).serving("--roles=worker")
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/metrics": 200, "/api/v1/site": 404, "/": 404, "/docs": 404} {
		if got := status(t, base+path); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	stop()
}

func TestARequestUnderWayIsAnsweredBeforeTheEnd(t *testing.T) {
	t.Parallel()
	base, stop := newMachine(t).serving("--roles=api")
	var d net.Dialer
	conn, err := d.DialContext(t.Context(), "tcp", strings.TrimPrefix(base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	body := `{"login":"nobody@example.com","password":"x"}`
	head := "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 45\r\n\r\n"
	if _, err := io.WriteString(conn, head); err != nil {
		t.Fatal(err)
	}
	first := make([]byte, len("HTTP/1.1 100 Continue\r\n\r\n"))
	if _, err := io.ReadFull(conn, first); err != nil || !bytes.Contains(first, []byte("100")) {
		t.Fatalf("the handler does not read: %v %s", err, first) // it has begun once it asks for the body
	}
	ended := make(chan struct{})
	go func() { defer close(ended); stop() }()
	until(t, "new connections are refused", func() bool { return status(t, base+"/healthz") == 0 })
	if _, err := io.WriteString(conn, body); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil || !bytes.HasPrefix(answer, []byte("HTTP/1.1 401")) || !bytes.Contains(answer, []byte("account.wrong_login")) {
		t.Errorf("answer: %v\n%s", err, answer)
	}
	<-ended
}
