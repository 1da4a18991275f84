// Package e2e has the tests that need the whole program: browser tests beside
// this file, and here what happens when a process is killed.
package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/e2e/drive"
)

const (
	password  = "beian-demo-2026"
	licenceNo = "京ICP备2021000001号"
)

var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "beian-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binary = filepath.Join(dir, "beian")
	build := exec.Command("go", "build", "-o", binary, "../cmd/beian")
	build.Stderr = os.Stderr
	code := 1
	if err := build.Run(); err == nil {
		code = m.Run()
	}
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// demo starts the demo on a data folder.
func demo(t *testing.T, addr, data string) *drive.Server {
	t.Helper()
	s, err := drive.StartAt(context.WithoutCancel(t.Context()), addr, binary, []string{"BEIAN_DATA=" + data, "BEIAN_LOG_LEVEL=warn"}, "serve", "--demo")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// person signs in anew: sessions live in the database and outlive the process,
// but a new client proves that signing in works after a crash too.
func person(t *testing.T, base, login string) *drive.Client {
	t.Helper()
	c, err := drive.NewClient(base)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.SignIn(t.Context(), login, password); err != nil {
		t.Fatal(err)
	}
	return c
}

// eventually polls until done, at most half a minute.
func eventually(t *testing.T, what string, done func() (bool, error)) {
	t.Helper()
	within(t, 30*time.Second, what, done)
}

// within polls until done or the time is over.
func within(t *testing.T, limit time.Duration, what string, done func() (bool, error)) {
	t.Helper()
	deadline := time.After(limit)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	var last error
	for {
		ok, err := done()
		if ok {
			return
		}
		last = err
		select {
		case <-deadline:
			t.Fatalf("%s did not come about: %v", what, last)
		case <-tick.C:
		}
	}
}

// TestNothingIsLostOrDoubledWhenTheServerIsKilled takes a case from draft to
// licence number and kills the server without warning between all steps, and
// once while requests are under way.
func TestNothingIsLostOrDoubledWhenTheServerIsKilled(t *testing.T) {
	addr, data := "127.0.0.1:"+freePort(t), t.TempDir()
	server := demo(t, addr, data)
	t.Cleanup(func() { server.Kill() })
	crash := func() {
		t.Helper()
		server.Kill()
		server = demo(t, addr, data)
	}
	unit := person(t, server.URL, "unit@example.com")
	check, machine := prepare(t, unit)
	o := must(unit.Create(t.Context(), "create-1", check, machine))(t)
	crash()
	again := must(unit.Create(t.Context(), "create-1", check, machine))(t) // the reply was lost; the same key
	if again.ID != o.ID {
		t.Fatalf("one key made the orders %s and %s", o.ID, again.ID)
	}
	unit = person(t, server.URL, "unit@example.com")
	o = must(unit.Read(t.Context(), o.ID))(t)
	if err := unit.FillSubject(t.Context(), &o); err != nil {
		t.Fatal(err)
	}
	crash()
	if err := unit.ProveFiling(t.Context(), &o, licenceNo, "beian-2026"); err != nil {
		t.Fatal(err)
	}
	if err := unit.FillWebsite(t.Context(), &o, 8); err != nil {
		t.Fatal(err)
	}
	photo := must(drive.Photo(210<<10, 1))(t)
	for _, kind := range []string{"subject_certificate", "principal_front", "principal_back"} {
		if o = must(unit.Upload(t.Context(), o.ID, kind, photo))(t); len(o.Materials) == 0 {
			t.Fatal("an upload left no material")
		}
		crash()
	}
	if o = must(unit.Read(t.Context(), o.ID))(t); len(o.Materials) != 3 || o.Subject.Name == "" {
		t.Fatalf("after three crashes %d materials, subject %q", len(o.Materials), o.Subject.Name)
	}
	submitWhileDying(t, unit, server, &o)
	crash()
	o = must(unit.Read(t.Context(), o.ID))(t)
	if o.State != "provider_review" || o.Round != 1 {
		t.Fatalf("after a submission in a crash: %s, round %d", o.State, o.Round)
	}
	reviewer := person(t, server.URL, "reviewer@example.com")
	must(reviewer.Act(t.Context(), o.ID, "claim", nil))(t)
	must(reviewer.Act(t.Context(), o.ID, "calls", map[string]string{"whom": "/subject/principal", "outcome": "reached"}))(t)
	must(reviewer.Act(t.Context(), o.ID, "approval", nil))(t)
	crash() // while the gateway may be sending
	record := ""
	eventually(t, "the record at the authority", func() (bool, error) {
		ids, err := records(t.Context(), server.URL)
		if len(ids) == 1 {
			record = ids[0]
		}
		return len(ids) == 1, err
	})
	decide(t, server.URL, record, "sms-pass")
	decide(t, server.URL, record, "approve")
	crash() // while the results may be on their way
	eventually(t, "the licence number", func() (bool, error) {
		var err error
		o, err = unit.Read(t.Context(), o.ID)
		return err == nil && o.State == "filed", err
	})
	if n := o.Websites[0].LicenceNo; !strings.HasPrefix(n, licenceNo+"-") {
		t.Errorf("licence number %q", n)
	}
	if ids, err := records(t.Context(), server.URL); err != nil || len(ids) != 1 {
		t.Errorf("the authority has the records %v: %v", ids, err)
	}
	toldOnce(t, unit)
	server.Stop()
	verify := exec.Command(binary, "audit", "verify", "--demo") //nolint:gosec // the binary under test
	verify.Env = append(drive.Environ(), "BEIAN_DATA="+data)
	if out, err := verify.CombinedOutput(); err != nil {
		t.Errorf("audit verify: %v\n%s", err, out)
	}
}

// submitWhileDying submits from several connections at once and kills the
// server under them; whoever gets an answer must get the same.
func submitWhileDying(t *testing.T, c *drive.Client, server *drive.Server, o *drive.Order) {
	t.Helper()
	consents := must(c.Consents(t.Context()))(t)
	tag := c.Version
	if fresh, err := c.Read(t.Context(), o.ID); err == nil {
		*o, tag = fresh, c.Version
	}
	answered := make(chan error, 3)
	for range cap(answered) {
		go func() {
			copied := drive.Client{Base: c.Base, HTTP: c.HTTP, Version: tag}
			mine := drive.Order{ID: o.ID}
			answered <- copied.Submit(context.WithoutCancel(t.Context()), &mine, "submit-1", consents)
		}()
	}
	if err := <-answered; err != nil {
		t.Fatalf("submit: %v; the server said:\n%s", err, server.Output())
	}
	server.Kill()
	for range cap(answered) - 1 {
		var refused *drive.Refusal
		if err := <-answered; errors.As(err, &refused) {
			t.Errorf("a repeated submission was refused: %v", err)
		}
	}
}

// prepare runs a domain check and picks a server that can be used.
func prepare(t *testing.T, c *drive.Client) (check, server string) {
	t.Helper()
	var checked struct {
		ID       string `json:"id"`
		Fileable bool   `json:"fileable"`
		Checks   any    `json:"checks"`
	}
	if err := c.Do(t.Context(), http.MethodPost, "/domain-checks", map[string]string{"domain": "yunshan-keji.cn"}, &checked); err != nil {
		t.Fatal(err)
	}
	if !checked.Fileable {
		t.Fatalf("the sample domain is not fileable: %v", checked.Checks)
	}
	var found struct {
		Servers []struct {
			ID       string `json:"id"`
			Eligible bool   `json:"eligible"`
		} `json:"servers"`
	}
	if err := c.Do(t.Context(), http.MethodGet, "/resources", nil, &found); err != nil {
		t.Fatal(err)
	}
	for _, s := range found.Servers {
		if s.Eligible {
			return checked.ID, s.ID
		}
	}
	t.Fatal("no server can be used")
	return "", ""
}

// toldOnce asserts that no notice of the inbox was sent twice.
func toldOnce(t *testing.T, c *drive.Client) {
	t.Helper()
	var box struct {
		Items []struct {
			Medium  string `json:"medium"`
			Subject string `json:"subject"`
			Body    string `json:"body"`
		} `json:"items"`
	}
	// A notice that was being sent when its process was killed is taken up again
	// when its job counts as stuck, minutes later.
	within(t, 7*time.Minute, "the last notice", func() (bool, error) {
		err := c.Do(t.Context(), http.MethodGet, "/demo/messages?limit=100", nil, &box)
		return err == nil && len(box.Items) >= 8, err // submitted, passed, message check, filed; by mail and text
	})
	seen := map[string]bool{}
	for _, m := range box.Items {
		key := m.Medium + m.Subject + m.Body
		if seen[key] {
			t.Errorf("sent twice: %s %s", m.Medium, m.Subject)
		}
		seen[key] = true
	}
}
