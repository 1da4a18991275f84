package e2e

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/e2e/drive"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/store/postgres/pgtest"
)

// TestLeaderIsKilledInTheMiddleOfAFile has three gateways on one database. The
// one that sends the file is killed while the authority holds the reply to it;
// another takes the channel over once the lease has run out, finds out that the
// file was taken, and fetches what comes of it.
func TestLeaderIsKilledInTheMiddleOfAFile(t *testing.T) {
	there := newStandIn(t)
	// A lease lasts a minute longer than a call may.
	env := []string{"BEIAN_DATA=" + t.TempDir(), "BEIAN_DATABASE_URL=" + pgtest.URL(t), "BEIAN_LOG_LEVEL=warn",
		"BEIAN_AUTHORITY_REQUEST_TIMEOUT=5s", "BEIAN_AUTHORITY_POLL_INTERVAL=1s"}
	start := func(roles, authority string) *drive.Server {
		t.Helper()
		s := must(drive.Start(context.WithoutCancel(t.Context()), binary, append([]string{"BEIAN_AUTHORITY_UPLOAD_URL=" + authority}, env...), "serve", "--demo", "--roles="+roles))(t)
		t.Cleanup(func() { s.Kill() })
		return s
	}
	// Each gateway calls the authority under an address of its own.
	gateways := map[string]*drive.Server{}
	front := (*drive.Server)(nil)
	for range 3 {
		door := httptest.NewServer(there)
		t.Cleanup(door.Close)
		if gateways[strings.TrimPrefix(door.URL, "http://")] = start("worker,gateway", door.URL); front == nil {
			front = start("api", there.url)
		}
	}
	unit, reviewer := person(t, front.URL, "unit@example.com"), person(t, front.URL, "reviewer@example.com")
	o := submitted(t, unit)
	must(reviewer.Act(t.Context(), o.ID, "claim", nil))(t)
	must(reviewer.Act(t.Context(), o.ID, "calls", map[string]string{"whom": "/subject/principal", "outcome": "reached"}))(t)
	sending := there.holdAt(wire.OpUpload, done)
	must(reviewer.Act(t.Context(), o.ID, "approval", nil))(t)
	sending.wait(t)
	leader := gateways[sending.host]
	if leader == nil {
		t.Fatalf("nobody has the address %q", sending.host)
	}
	leader.Kill()
	arrives := func(want string) {
		t.Helper()
		within(t, 4*time.Minute, want, func() (bool, error) {
			read, err := unit.Read(t.Context(), o.ID)
			o = read
			return err == nil && o.State == want, err
		})
	}
	arrives("sms_pending")
	record := there.last(t, 1)
	if err := there.PassSMS(record.ID); err != nil {
		t.Fatal(err)
	}
	if err := there.Approve(record.ID); err != nil {
		t.Fatal(err)
	}
	arrives("filed")
	if got := there.Records(); len(got) != 1 || there.Channels()[0].LastSequence != 1 {
		t.Errorf("the authority has %d records and the number %d", len(got), there.Channels()[0].LastSequence)
	}
	if n := o.Websites[0].LicenceNo; !strings.HasPrefix(n, licenceNo+"-") {
		t.Errorf("licence number %q", n)
	}
	uploads := 0
	for _, c := range there.Calls() {
		if c.Operation == wire.OpUpload {
			uploads++
		}
	}
	if uploads != 1 {
		t.Errorf("the file was sent %d times", uploads)
	}
	front.Stop()
	for host, s := range gateways {
		if s == leader {
			continue
		}
		s.Stop()
		if out := s.Output(); strings.Contains(out, "level=ERROR") || !s.Cmd.ProcessState.Success() {
			t.Errorf("the process at %s ended with %v and said:\n%s", host, s.Cmd.ProcessState, out)
		}
	}
}
