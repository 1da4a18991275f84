package e2e

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openbeian/beian/e2e/drive"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/clock"
)

// point is how far a call of the gateway has come.
type point int

const (
	arrived  point = iota // the authority has it and has done nothing
	done                  // it was done, the reply is held back for good
	answered              // the reply has left
)

// standIn is the simulated authority in this process, which outlives the servers
// and can hold a call at a point.
type standIn struct {
	*sim.Server
	url string

	mu   sync.Mutex
	hold *hold
}

// hold waits for one call of a method; for a download, for one that brings a file.
type hold struct {
	op      wire.Operation
	at      point
	reached chan struct{}
	host    string // the address that was called, once it is reached
}

func newStandIn(t *testing.T) *standIn {
	t.Helper()
	a, err := &standIn{}, error(nil)
	a.Server, err = sim.New(sim.Config{Clock: clock.System{}, Profile: wire.V30(), Province: 110000,
		Accounts: []sim.Account{{ProviderID: 1001, User: "demo", Password: "demo-secret", Province: 110000}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Seed(sim.Subject{Licence: licenceNo, FilingPassword: "beian-2026", Name: "北京云杉数字科技有限公司", Nature: 4, Province: 110000, City: 110100, County: 110108,
		CertificateType: 1, CertificateNumber: "91110108MA0YK7W261",
		Websites: []sim.Website{{Licence: licenceNo + "-1", Name: "云杉旧站", Domains: []string{"yunshan-jiuzhan.cn"}, ProviderID: 1}}}); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	a.url = server.URL
	return a
}

// holdAt arms the next call of a method.
func (a *standIn) holdAt(op wire.Operation, at point) *hold {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.hold = &hold{op: op, at: at, reached: make(chan struct{})}
	return a.hold
}

// wait waits until the call has come to the point.
func (h *hold) wait(t *testing.T) {
	t.Helper()
	select {
	case <-h.reached:
	case <-time.After(3 * time.Minute):
		t.Fatalf("%s was not called", h.op)
	}
}

// take gives the hold that a call is for.
func (a *standIn) take(body []byte) *hold {
	a.mu.Lock()
	defer a.mu.Unlock()
	h := a.hold
	if h == nil || !bytes.Contains(body, []byte("<m:"+string(h.op)+">")) || h.op == wire.OpDownload && len(a.Channels()[0].Waiting) == 0 {
		return nil
	}
	a.hold = nil
	return h
}

// ServeHTTP answers a call, or holds it until the caller is dead.
func (a *standIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the caller is dead already
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	h := a.take(body)
	if h != nil {
		h.host = r.Host
	}
	switch {
	case h == nil:
		a.Server.ServeHTTP(w, r)
	case h.at == answered:
		a.Server.ServeHTTP(w, r)
		_ = http.NewResponseController(w).Flush() // a caller that is dead needs no answer
		close(h.reached)
	default:
		if h.at == done {
			a.Server.ServeHTTP(httptest.NewRecorder(), r)
		}
		close(h.reached)
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	}
}

// last is the newest record.
func (a *standIn) last(t *testing.T, want int) sim.Record {
	t.Helper()
	eventually(t, "the record at the authority", func() (bool, error) { return len(a.Records()) == want, nil })
	return a.Records()[0]
}

// TestKilledAtEveryStepOfUploadAndDownload kills the server at each step of two
// sendings of one order and of what comes back. The authority must have taken
// each sending once, under the next number, and the order must be filed.
func TestKilledAtEveryStepOfUploadAndDownload(t *testing.T) {
	there := newStandIn(t)
	addr, data := "127.0.0.1:"+freePort(t), t.TempDir()
	start := func() *drive.Server {
		t.Helper()
		env := []string{"BEIAN_DATA=" + data, "BEIAN_LOG_LEVEL=warn", "BEIAN_AUTHORITY_UPLOAD_URL=" + there.url, "BEIAN_AUTHORITY_POLL_INTERVAL=1s"}
		return must(drive.StartAt(context.WithoutCancel(t.Context()), addr, binary, env, "serve", "--demo"))(t)
	}
	server := start()
	t.Cleanup(func() { server.Kill() })
	kill := func() {
		t.Helper()
		server.Kill()
		server = start()
	}
	// killThen kills, and goes on until the next server has come to the point.
	killThen := func(op wire.Operation, at point) {
		t.Helper()
		server.Kill()
		next := there.holdAt(op, at)
		server = start()
		next.wait(t)
	}
	unit := person(t, server.URL, "unit@example.com")
	reviewer := person(t, server.URL, "reviewer@example.com")
	state := func(id, want string) {
		t.Helper()
		eventually(t, want, func() (bool, error) {
			o, err := unit.Read(t.Context(), id)
			return err == nil && o.State == want, err
		})
	}
	o := submitted(t, unit)
	must(reviewer.Act(t.Context(), o.ID, "claim", nil))(t)
	must(reviewer.Act(t.Context(), o.ID, "calls", map[string]string{"whom": "/subject/principal", "outcome": "reached"}))(t)

	// The bytes are kept and not sent: the authority's queue is full.
	if err := there.Misbehave(sim.Fault{Kind: sim.FaultCode, Operation: wire.OpUpload, Code: 15}); err != nil {
		t.Fatal(err)
	}
	refused := there.holdAt(wire.OpUpload, answered)
	must(reviewer.Act(t.Context(), o.ID, "approval", nil))(t)
	refused.wait(t)
	killThen(wire.OpUpload, arrived)              // then: marked as sending, not taken
	killThen(wire.OpUpload, done)                 // then: taken, the reply lost
	killThen(wire.OpQueryPreviousUpload, arrived) // then: asking what was taken
	kill()
	first := there.last(t, 1)
	state(o.ID, "sms_pending")
	fetched := there.holdAt(wire.OpDownload, answered)
	if err := there.ExpireSMS(first.ID); err != nil {
		t.Fatal(err)
	}
	fetched.wait(t)                       // fetched, perhaps kept, perhaps applied
	killThen(wire.OpDownloadAck, arrived) // then: applied, not acknowledged
	killThen(wire.OpDownloadAck, done)    // then: acknowledged, not noted
	kill()
	state(o.ID, "returned_to_provider")
	eventually(t, "the queue of the authority is empty", func() (bool, error) { return len(there.Channels()[0].Waiting) == 0, nil })

	// The second sending is answered, and the answer perhaps not noted.
	again := there.holdAt(wire.OpUpload, answered)
	must(reviewer.Read(t.Context(), o.ID))(t) // its version
	must(reviewer.Act(t.Context(), o.ID, "resend", nil))(t)
	again.wait(t)
	kill()
	second := there.last(t, 2)
	if err := there.PassSMS(second.ID); err != nil {
		t.Fatal(err)
	}
	lost := there.holdAt(wire.OpDownload, done)
	if err := there.Approve(second.ID); err != nil {
		t.Fatal(err)
	}
	lost.wait(t) // given out, and it never arrives
	kill()
	state(o.ID, "filed")
	eventually(t, "the queue of the authority is empty", func() (bool, error) { return len(there.Channels()[0].Waiting) == 0, nil })
	if got := there.Records(); len(got) != 2 || there.Channels()[0].LastSequence != 2 {
		t.Errorf("the authority has %d records and the number %d", len(got), there.Channels()[0].LastSequence)
	}
	if o = must(unit.Read(t.Context(), o.ID))(t); !strings.HasPrefix(o.Websites[0].LicenceNo, licenceNo+"-") {
		t.Errorf("licence number %q", o.Websites[0].LicenceNo)
	}
	server.Stop()
	verify := exec.Command(binary, "audit", "verify", "--demo") //nolint:gosec // the binary under test
	verify.Env = append(drive.Environ(), "BEIAN_DATA="+data)
	if out, err := verify.CombinedOutput(); err != nil {
		t.Errorf("audit verify: %v\n%s", err, out)
	}
}

// submitted takes an order to the review.
func submitted(t *testing.T, unit *drive.Client) drive.Order {
	t.Helper()
	check, machine := prepare(t, unit)
	o := must(unit.Create(t.Context(), "create-1", check, machine))(t)
	for _, step := range []func() error{
		func() error { return unit.FillSubject(t.Context(), &o) },
		func() error { return unit.ProveFiling(t.Context(), &o, licenceNo, "beian-2026") },
		func() error { return unit.FillWebsite(t.Context(), &o, 8) },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	photo := must(drive.Photo(210<<10, 1))(t)
	for _, kind := range []string{"subject_certificate", "principal_front", "principal_back"} {
		o = must(unit.Upload(t.Context(), o.ID, kind, photo))(t)
	}
	if err := unit.Submit(t.Context(), &o, "submit-1", must(unit.Consents(t.Context()))(t)); err != nil {
		t.Fatal(err)
	}
	return o
}
