package authority_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/store"
)

// logged lists the calls in the log. Their order is that of real time, which the
// bench's clock does not have.
func (b *bench) logged() []store.AuthorityCall {
	b.t.Helper()
	b.FlushCalls(b.t.Context())
	list, _, err := b.Calls(b.t.Context(), store.CallFilter{}, "", store.MaxPage)
	if err != nil {
		b.t.Fatal(err)
	}
	return list
}

// outline gives calls as operation, outcome, cause and code, sorted.
func outline(list []store.AuthorityCall) string {
	var out []string
	for _, c := range list {
		out = append(out, fmt.Sprintf("%s %s %s %d", strings.TrimPrefix(c.Operation, "isp_"), c.Outcome, c.Cause, c.Code))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func TestEachCallIsLoggedWithItsFile(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.misbehave(sim.Fault{Kind: sim.FaultLoseReply, Operation: wire.OpUpload})
	b.ready("cedar.example.cn")
	b.up()
	b.down()
	list := b.logged()
	b.want("calls", outline(list), "querypreviousupload ok  0, querypreviousupload ok  0, upload lost connection -1")
	at := slices.IndexFunc(list, func(c store.AuthorityCall) bool { return c.Operation == string(wire.OpUpload) })
	up := list[at]
	if up.Upload != b.files()[0].ID || up.Sequence != 1 || up.Node == "" || up.Sent < 1000 || up.Took <= 0 {
		t.Errorf("upload %+v", up)
	}
	o, err := b.Overview(t.Context())
	if err != nil || o.Pulse.ToldSequence != 1 || o.Pulse.ToldAt.IsZero() {
		t.Errorf("pulse %+v, %v", o.Pulse, err)
	}
}

func TestIdlePollsLeaveNoRow(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for range 3 {
		b.down()
		b.clock.Advance(time.Minute)
	}
	if list := b.logged(); len(list) != 0 {
		t.Errorf("rows %s", outline(list))
	}
	o, err := b.Overview(t.Context())
	if err != nil || o.Pulse.IdlePolls < 3 || o.Pulse.IdleAt.IsZero() {
		t.Errorf("pulse %+v, %v", o.Pulse, err)
	}
}

func TestQuestionsAreLoggedWithoutWhatWasAsked(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if s := b.SubjectStanding(t.Context(), 2, "11010519491231002X"); s != authority.StandingNotFiled {
		t.Fatalf("standing %s", s)
	}
	if _, err := b.FilingStatus(t.Context(), "geheim.example.cn"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.VerifyFiling(t.Context(), "account", licence, "wrong-password"); err != nil {
		t.Fatal(err)
	}
	list := b.logged()
	text := fmt.Sprintf("%+v", list)
	for _, secret := range []string{"11010519491231002X", "geheim", "wrong-password", "2024012345", "s3cret"} {
		if strings.Contains(text, secret) {
			t.Errorf("the log holds %q: %s", secret, text)
		}
	}
	var about []string
	for _, c := range list {
		about = append(about, c.About)
	}
	slices.Sort(about)
	b.want("about", about, []string{"", "certificate", "domain"})
}

func TestALogThatFailsIsInNobodysWay(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c := b.Config
	c.Channel.ID, c.Metrics = "gone", authority.NewMetrics() // a channel without its row takes no calls
	g, err := authority.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Channel.Client.QueryPreviousUpload(t.Context()); err != nil {
		t.Errorf("the call: %v", err)
	}
	g.FlushCalls(t.Context())
	if got := figure(t, g.Metrics, "beian_authority_call_log_failures_total"); got != 1 {
		t.Errorf("%g failures told, want 1", got)
	}
}

// figure adds up a metric by its name.
func figure(t *testing.T, c prometheus.Collector, name string) (sum float64) {
	t.Helper()
	r := prometheus.NewRegistry()
	r.MustRegister(c)
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
		for _, m := range f.GetMetric() {
			sum += m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	return sum
}

func TestOldCallsAreSwept(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ready("cedar.example.cn")
	b.up()
	if len(b.logged()) == 0 {
		t.Fatal("nothing was logged")
	}
	b.clock.Advance(99 * 24 * time.Hour)
	if err := b.Sweep(t.Context()); err != nil || len(b.logged()) == 0 {
		t.Errorf("swept too early, %v", err)
	}
	b.clock.Advance(2 * 24 * time.Hour)
	if err := b.Sweep(t.Context()); err != nil || len(b.logged()) != 0 {
		t.Errorf("left %s, %v", outline(b.logged()), err)
	}
}
