package authority_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/store"
)

// sent gives an order that the authority has in review.
func (b *bench) sent(domain string, change ...func(*icp.Order)) *icp.Order {
	b.t.Helper()
	o := b.ready(domain, change...)
	b.up()
	if err := b.sim.PassSMS(b.sim.Records()[0].ID); err != nil {
		b.t.Fatal(err)
	}
	return o
}

func (b *bench) approve() {
	b.t.Helper()
	if err := b.sim.Approve(b.sim.Records()[0].ID); err != nil {
		b.t.Fatal(err)
	}
}

// Every way for a download to go wrong ends with the order filed, each result
// told once, and nothing waiting at the authority.
func TestDownloadThatGoesWrongIsAppliedExactlyOnce(t *testing.T) {
	t.Parallel()
	fetch := func(k sim.FaultKind) sim.Fault { return sim.Fault{Kind: k, Operation: wire.OpDownload} }
	ack := func(k sim.FaultKind) sim.Fault { return sim.Fault{Kind: k, Operation: wire.OpDownloadAck} }
	for name, c := range map[string]struct {
		faults []sim.Fault
		health string // after the first run
	}{
		"reply lost":                           {[]sim.Fault{fetch(sim.FaultLoseReply)}, "download.unreachable"},
		"question lost":                        {[]sim.Fault{fetch(sim.FaultDrop)}, "download.unreachable"},
		"maintenance":                          {[]sim.Fault{{Kind: sim.FaultCode, Operation: wire.OpDownload, Code: 902}}, "download.method_code_902"},
		"outside the hours":                    {[]sim.Fault{{Kind: sim.FaultCode, Operation: wire.OpDownload, Code: 20}}, "download.method_code_20"},
		"base64 cut":                           {[]sim.Fault{fetch(sim.FaultGarble)}, "download.file_base64"},
		"another hash":                         {[]sim.Fault{fetch(sim.FaultWrongHash)}, "download.file_hash"},
		"broken in both ways":                  {[]sim.Fault{fetch(sim.FaultGarble), fetch(sim.FaultWrongHash)}, "download.file_base64"},
		"acknowledged, answer lost":            {[]sim.Fault{ack(sim.FaultLoseReply)}, "download.unreachable"},
		"not acknowledged, call lost":          {[]sim.Fault{ack(sim.FaultDrop)}, "download.unreachable"},
		"acknowledged and it comes again":      {[]sim.Fault{ack(sim.FaultKeep)}, ""},
		"it comes again twice":                 {[]sim.Fault{ack(sim.FaultKeep), ack(sim.FaultKeep)}, ""},
		"acknowledgement refused without word": {[]sim.Fault{{Kind: sim.FaultCode, Operation: wire.OpDownloadAck, Code: 999}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			o := b.sent("cedar.example.cn")
			b.approve()
			b.misbehave(c.faults...)
			b.down()
			b.want("health", b.row().Health, c.health)
			for range 4 {
				b.pause()
				b.down()
			}
			b.want("state", b.state(o.ID), icp.StateFiled)
			b.want("told", b.cases.told[2:], []string{"results  w1 true  ", "results " + licence + " w1 true  " + licence + "-2"})
			b.want("waiting", len(b.sim.Channels()[0].Waiting), 0)
			b.want("health", b.row().Health, "")
			for _, d := range b.received() {
				if d.State == store.DownloadReceived || d.State == store.DownloadApplied && d.AckedAt.IsZero() {
					t.Errorf("left over %+v", d)
				}
			}
		})
	}
}

func TestCrashWhileADownloadIsTaken(t *testing.T) {
	t.Parallel()
	for name, crash := range map[string]func(*bench){
		"not kept": func(b *bench) {
			b.blobs.when(func(op, key string) error {
				if op == "put" {
					return errDied
				}
				return nil
			})
		},
		"kept, not opened": func(b *bench) {
			b.blobs.when(func(op, key string) error {
				if op == "open" && strings.HasPrefix(key, "download-") {
					return errDied
				}
				return nil
			})
		},
		"opened, not committed": func(b *bench) { b.cases.failOnce("results", errors.Join(errDied, icp.ErrUnavailable)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			o := b.sent("cedar.example.cn")
			b.approve()
			crash(b)
			if err := b.Poll(t.Context()); !errors.Is(err, errDied) {
				t.Fatalf("err %v, want the crash", err)
			}
			b.want("waiting", len(b.sim.Channels()[0].Waiting), 2)
			b.blobs.when(nil)
			b.Gateway = b.node()
			b.down()
			b.want("state", b.state(o.ID), icp.StateFiled)
			b.want("told", len(b.cases.told), 4)
			b.want("waiting", len(b.sim.Channels()[0].Waiting), 0)
		})
	}
}

func TestFileThatStaysBrokenIsParkedUntilItComesWhole(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	o := b.sent("cedar.example.cn")
	b.approve()
	b.misbehave(sim.Fault{Kind: sim.FaultGarble, Operation: wire.OpDownload, Times: 7})
	for range 6 {
		b.down()
		b.pause()
	}
	d := b.received()
	if len(d) != 1 || d[0].State != store.DownloadParked || d[0].LastError != "base64" || !d[0].AckedAt.IsZero() {
		t.Fatalf("downloads %+v", d)
	}
	b.want("waiting", len(b.sim.Channels()[0].Waiting), 2)
	if _, err := b.DecodedDownload(t.Context(), d[0].ID); !errors.Is(err, icp.ErrNotNow) {
		t.Errorf("decoded a broken file: %v", err)
	}
	for range 2 {
		b.down()
		b.pause()
	}
	b.want("state", b.state(o.ID), icp.StateFiled)
}

func TestParkedFileIsDiscardedByAPerson(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	o := b.sent("cedar.example.cn")
	b.approve()
	b.misbehave(sim.Fault{Kind: sim.FaultGarble, Operation: wire.OpDownload, Times: 5})
	for range 5 {
		b.down()
		b.pause()
	}
	id := b.received()[0].ID
	if err := b.Discard(t.Context(), operator, id, ""); !errors.Is(err, icp.ErrInvalid) {
		t.Errorf("discarded without a reason: %v", err)
	}
	if err := b.Discard(t.Context(), operator, id, "文件损坏"); err != nil {
		t.Fatal(err)
	}
	if err := b.Discard(t.Context(), operator, id, "文件损坏"); !errors.Is(err, icp.ErrNotNow) {
		t.Errorf("discarded twice: %v", err)
	}
	b.down()
	b.want("waiting", len(b.sim.Channels()[0].Waiting), 0)
	b.want("state by the second file", b.state(o.ID), icp.StateFiled)
	b.want("told", len(b.cases.told), 3)
}

func TestFileThatCannotBeAppliedIsKeptAndParked(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	o := b.sent("cedar.example.cn")
	b.approve()
	for range 5 {
		b.cases.failOnce("results", errDied)
		b.down()
		b.pause()
	}
	b.cases.failOnce("results", nil)
	d := b.received()
	if len(d) == 0 || d[0].State != store.DownloadParked || d[0].LastError != "not_applied" || d[0].AckedAt.IsZero() || d[0].Kinds != "BAJG" {
		t.Fatalf("downloads %+v", d)
	}
	b.down()
	b.want("state by the second file", b.state(o.ID), icp.StateFiled)
	if err := b.RetryDownload(t.Context(), operator, d[0].ID, "已修复"); err != nil {
		t.Fatal(err)
	}
	b.down()
	b.want("file", b.received()[0].State, store.DownloadApplied)
	text, err := b.DecodedDownload(t.Context(), b.received()[1].ID)
	if err != nil || !strings.Contains(text, licence+"-2") || strings.Contains(text, "周明远") || strings.Contains(text, "zhou@example.com") {
		t.Errorf("decoded %v\n%s", err, text)
	}
}

func TestRejectionBringsTheOpinion(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	o := b.sent("cedar.example.cn")
	if err := b.sim.Reject(b.sim.Records()[0].ID, "网站名称与内容不符"); err != nil {
		t.Fatal(err)
	}
	b.down()
	b.want("state", b.state(o.ID), icp.StateAuthorityRejected)
	b.want("told", b.cases.told[2:], []string{"results  w1 false 网站名称与内容不符 "})
}

func TestDataCodesReturnTheOrderWithTheField(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*icp.Order)
		fault  int64
		want   string
	}{
		"mail address":             {func(o *icp.Order) { o.Data.Websites[0].Principal.Email = "zhou@nowhere" }, 0, "bounced 1009 /websites/0/principal/email"},
		"filing password":          {func(o *icp.Order) { o.Data.Filing.PasswordDigest = strings.Repeat("0", 32) }, 0, "bounced 1018 /filing"},
		"domain filed already":     {func(o *icp.Order) { o.Data.Websites[0].Domain = "old1.example.cn" }, 0, "bounced 1005 /websites/0/domain 1041 /websites/0/home_url"},
		"address not reported":     {nil, 1063, "bounced 1063 /websites/0/resource"},
		"subject conflict":         {nil, 1003, "bounced 1003 /subject"},
		"a code that nobody knows": {nil, 1777, "bounced 1777 "},
		"which website is not said": {func(o *icp.Order) {
			o.Data.Websites = append(o.Data.Websites, website("w2", "b.example.cn", o.Data.Websites[0].Principal))
		}, 1004, "bounced 1004 /websites"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			o := b.ready("cedar.example.cn", func(o *icp.Order) {
				if c.change != nil {
					c.change(o)
				}
			})
			if c.fault != 0 {
				b.misbehave(sim.Fault{Kind: sim.FaultDataCode, Code: c.fault})
			}
			b.up()
			b.down()
			b.want("state", b.state(o.ID), icp.StateReturnedToProvider)
			b.want("told", b.cases.told[2:], []string{c.want})
			b.want("matched", b.received()[0].LastError, "")
		})
	}
}

func TestRefusalOfAWholeFileReachesAllItsOrders(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ready("first.example.cn")
	b.up()
	profile := wire.V30()
	profile.Version = "V.3.1" // the authority has moved on
	b.behind = nil
	b.newAuthority(func(c *sim.Config, _ *authority.Config) { c.Profile = profile })
	// It knows the first file, which it refuses as well.
	x, y := b.ready("x.example.cn"), b.ready("y.example.cn")
	b.up()
	b.want("state", b.state(x.ID), icp.StateSMSPending)
	b.down()
	b.want("state", b.state(x.ID), icp.StateReturnedToProvider)
	b.want("state", b.state(y.ID), icp.StateReturnedToProvider)
	b.want("told", b.cases.told[len(b.cases.told)-1], "bounced 5004 ")
}

func TestResultsOfStrangersAreNoted(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	other := newBench(t)
	other.ready("a.example.cn")
	other.up()
	sealed, err := wire.V30().Seal(other.lastDocument())
	if err != nil {
		t.Fatal(err)
	}
	b.misbehave(sim.Fault{Kind: sim.FaultDataCode, Code: 1003})
	if r, err := b.Channel.Client.Upload(t.Context(), 1, sealed); err != nil || r.Code != 0 {
		t.Fatal(r, err)
	}
	b.down()
	d := b.received()
	if len(d) != 1 || d[0].State != store.DownloadApplied || d[0].LastError != "unmatched" || d[0].AckedAt.IsZero() {
		t.Errorf("downloads %+v", d)
	}
}

func TestLateRefusalOfAnEarlierRequestIsNotTakenForThisOne(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	o := b.sent("cedar.example.cn")
	first := b.sim.Records()[0]
	b.decide(o.ID, order.BounceToProvider, icp.Actor{Party: icp.System}, order.Facts{})
	b.decide(o.ID, order.Resend, operator, order.Facts{})
	b.up() // the same website under new ids
	b.want("told", b.cases.told[len(b.cases.told)-1], "accepted 2")
	if err := b.sim.Reject(first.ID, "旧申请"); err != nil {
		t.Fatal(err)
	}
	b.down()
	if s := b.state(o.ID); s == icp.StateAuthorityRejected {
		t.Errorf("state %s by a refusal of the earlier request", s)
	}
}

func TestPollTellsWhenItLooked(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.down()
	if at := b.row().PolledAt; !at.Equal(b.clock.Now()) {
		t.Errorf("looked at %v, want %v", at, b.clock.Now())
	}
	if err := b.Pause(t.Context(), operator, "维护"); err != nil {
		t.Fatal(err)
	}
	b.pause()
	b.down()
	if at := b.row().PolledAt; at.Equal(b.clock.Now()) {
		t.Error("a paused channel was polled")
	}
}
