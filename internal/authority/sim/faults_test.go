package sim_test

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/soap"
	"github.com/openbeian/beian/internal/authority/wire"
)

// lost calls and wants no answer.
func (b *bench) lost(call func() error) {
	b.t.Helper()
	var l *soap.ReplyLostError
	if err := call(); !errors.As(err, &l) {
		b.t.Fatalf("err = %v, want a lost reply", err)
	}
}

func TestARestartForgetsNothingThatWasAccepted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind sim.FaultKind
		done int64
	}{"before the call": {sim.FaultRestart, 0}, "after the call": {sim.FaultRestartAfter, 1}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t)
			b.misbehave(sim.Fault{Kind: c.kind, Operation: wire.OpUpload, DelayMS: 2000})
			s := b.seal(b.request("a.example.cn"))
			b.lost(func() error { _, err := b.client.Upload(t.Context(), 1, s); return err })
			b.lost(func() error { _, err := b.client.QueryPreviousUpload(t.Context()); return err }) // still away
			b.clock.Advance(2 * time.Second)
			p, err := b.client.QueryPreviousUpload(t.Context())
			if err != nil || p.File.Sequence != c.done {
				t.Fatalf("previous %+v, %v", p.File, err)
			}
			if n := len(b.server.Records()); int64(n) != c.done {
				t.Errorf("%d records", n)
			}
			if c.done == 0 {
				b.upload(1, s, 0)
			}
			b.decide(b.only(), "sms-pass", "approve")
			if f := b.fetch(3); f.ICP.Results.Operations[0].Codes[0].Code != 1001 {
				t.Errorf("results %+v", f.ICP.Results)
			}
		})
	}
}

func TestAFileCanBeAskedForAgain(t *testing.T) {
	t.Parallel()
	b := start(t)
	first := b.seal(b.request("a.example.cn"))
	b.misbehave(sim.Fault{Kind: sim.FaultCode, Code: 14})
	b.upload(1, first, 0) // there is nothing before it to ask for
	b.misbehave(sim.Fault{Kind: sim.FaultCode, Operation: wire.OpUpload, Code: 14})
	second := b.seal(b.request("b.example.cn"))
	for range 2 { // until the first comes again
		if r := b.upload(2, second, 14); len(r.Missing) != 1 || r.Missing[0] != 1 {
			t.Fatalf("missing %v", r.Missing)
		}
	}
	b.upload(1, second, 999)
	b.upload(1, first, 0)
	b.upload(2, second, 0)
	if n := len(b.server.Records()); n != 2 {
		t.Errorf("%d records of 2 requests", n)
	}
}

func TestADuplicateHasAnotherNameAndTheSameContent(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.misbehave(sim.Fault{Kind: sim.FaultDataCode, Code: 1003}, sim.Fault{Kind: sim.FaultDuplicate})
	b.upload(1, b.seal(b.request("a.example.cn")), 0)
	first, name := b.peek(3)
	if _, err := b.client.DownloadAck(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	second, again := b.peek(0)
	if again == name || !reflect.DeepEqual(first, second) {
		t.Errorf("%s %+v\n%s %+v", name, first, again, second)
	}
}

func TestResultsCanComeOutOfOrder(t *testing.T) {
	t.Parallel()
	b := start(t, automatic)
	b.misbehave(sim.Fault{Kind: sim.FaultReorder})
	b.upload(1, b.seal(b.request("a.example.cn")), 0)
	if d := b.fetch(3); d.ICP.Filed == nil {
		t.Errorf("first came %+v", d.ICP)
	}
	if d := b.fetch(0); d.ICP.Results == nil {
		t.Errorf("then came %+v", d.ICP)
	}
	b.empty(1)
}

func TestOutcomesDecideTheNextRecords(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.post("/sim/api/outcomes", `[{"fate":"approve","times":2},{"fate":"reject","reason":"网站名称不符"},{"fate":"sms_expire"},{"fate":"fail","codes":[1019,1003]},{"fate":"hold"}]`, http.StatusOK)
	bad := b.request("z.example.cn")
	bad.ICP.AddWebsites.Records[0].Websites[0].HomePage = "elsewhere.example.org"
	b.upload(1, b.seal(bad), 0) // fails by itself and takes no outcome
	for i, want := range []sim.RecordState{sim.Approved, sim.Approved, sim.Rejected, sim.SMSExpired, sim.Failed, sim.AwaitingSMS, sim.AwaitingSMS} {
		b.upload(int64(i+2), b.seal(b.request(fmt.Sprintf("n%d.example.cn", i))), 0)
		if r := b.server.Records()[0]; r.State != want {
			t.Errorf("record %d is %s, want %s", i, r.State, want)
		}
	}
	r := b.server.Records()
	if r[4].Reason != "网站名称不符" || fmt.Sprint(r[2].Codes) != "[1003 1019]" || fmt.Sprint(r[7].Codes) != "[1041]" {
		t.Errorf("records %+v", r)
	}
	if text := b.send(http.MethodGet, "/sim/api/outcomes", "", http.StatusOK); strings.TrimSpace(text) != "[]" {
		t.Errorf("left over: %s", text)
	}
}

func TestHeldRecordsWaitThoughAllElseIsAutomatic(t *testing.T) {
	t.Parallel()
	b := start(t, automatic, func(c *sim.Config) { c.NoSMS, c.AutoSMS = false, true })
	b.post("/sim/api/outcomes", `{"fate":"hold"}`, http.StatusOK)
	b.upload(1, b.seal(b.request("a.example.cn")), 0)
	b.upload(2, b.seal(b.request("b.example.cn")), 0)
	if r := b.server.Records(); r[0].State != sim.Approved || r[1].State != sim.AwaitingSMS {
		t.Errorf("records %s, %s", r[0].State, r[1].State)
	}
	b.decide(b.server.Records()[1], "sms-pass", "approve")
	b.post("/sim/api/outcomes", `{"fate":"reject"}`, http.StatusOK)
	b.send(http.MethodDelete, "/sim/api/outcomes", "", http.StatusNoContent)
	b.upload(3, b.seal(b.request("c.example.cn")), 0)
	if r := b.server.Records()[0]; r.State != sim.Approved {
		t.Errorf("record %s follows an outcome that was taken back", r.State)
	}
}

func TestScriptsFaultsAndListsOutliveARestart(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/sim.json"
	keep := func(c *sim.Config) { c.Snapshot = file }
	b := start(t, keep)
	b.post("/sim/api/outcomes", `{"fate":"approve"}`, http.StatusOK)
	b.post("/sim/api/blacklist", `{"website":{"name":"假","domains":["bad.example.cn"]}}`, http.StatusNoContent)
	b.post("/sim/api/base-codes", `{"tables":{"Yylb_dms":[{"id":2,"name":"日文"}]}}`, http.StatusNoContent)
	b.send(http.MethodPatch, "/sim/api/providers/330011", `{"hours":"08:00-12:00"}`, http.StatusOK)
	b.send(http.MethodPatch, "/sim/api/settings", `{"maintenance":"all"}`, http.StatusOK)
	b.misbehave(sim.Fault{Kind: sim.FaultKeep, Times: 3})

	again := start(t, keep)
	for path, want := range map[string]string{"/sim/api/outcomes": `"fate":"approve"`, "/sim/api/blacklist": "bad.example.cn", "/sim/api/providers/330011": "08:00-12:00",
		"/sim/faults": `"times":3`, "/sim/api/settings": `"maintenance":""`} {
		if text := again.send(http.MethodGet, path, "", http.StatusOK); !strings.Contains(text, want) {
			t.Errorf("%s: %s", path, text)
		}
	}
	d := again.request("a.example.cn") // in Chinese, which is no valid code any more
	again.upload(1, again.seal(d), 0)
	if r := again.only(); fmt.Sprint(r.Codes) != "[1066]" {
		t.Errorf("codes %v", r.Codes)
	}
}

func TestTheSameSeedMisbehavesTheSameWay(t *testing.T) {
	t.Parallel()
	walk := func(seed uint64) string {
		b := start(t, func(c *sim.Config) { c.Misbehave, c.Seed = 0.5, seed })
		for range 60 {
			_, _ = b.client.QueryPreviousUpload(t.Context()) // whatever comes
			b.clock.Advance(time.Second)
		}
		var kinds []sim.FaultKind
		for _, c := range b.server.Calls() {
			kinds = append(kinds, c.Fault)
		}
		return fmt.Sprint(kinds)
	}
	if a, b := walk(3), walk(3); a != b || !strings.Contains(a, "drop") {
		t.Errorf("seed 3 gave\n%s\nand\n%s", a, b)
	}
	if walk(3) == walk(4) {
		t.Error("the seed changes nothing")
	}
}

func TestCallsAreListed(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.upload(1, b.seal(b.request("a.example.cn")), 0)
	b.misbehave(sim.Fault{Kind: sim.FaultLoseReply})
	b.lost(func() error { _, err := b.client.Download(t.Context()); return err })
	b.send(http.MethodPost, "/ISPWebService/upDownLoad", "<html/>", http.StatusInternalServerError)
	text := b.send(http.MethodGet, "/sim/api/calls", "", http.StatusOK)
	for _, want := range []string{`"operation":"isp_upload","provider_id":330011,"about":"1","code":0`, `"code":2,"fault":"lose_reply"`, `no SOAP envelope`} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %s: %s", want, text)
		}
	}
}

// TestRandomMisbehaviourNeverLosesAFile is a provider that does as the
// specification says, against an authority at its worst.
func TestRandomMisbehaviourNeverLosesAFile(t *testing.T) {
	t.Parallel()
	const files = 8
	for seed := range uint64(3) {
		b := start(t, automatic, func(c *sim.Config) { c.Misbehave, c.Seed = 0.5, seed })
		sent := map[int64]wire.Sealed{}
		met := map[sim.FaultKind]bool{}
		filed, domains := map[string]bool{}, 0
		for next := int64(1); len(filed) < files; {
			if domains++; domains > 2000 {
				t.Fatalf("seed %d: %d of %d filed", seed, len(filed), files)
			}
			b.clock.Advance(time.Second)
			if next <= files {
				if _, ok := sent[next]; !ok {
					sent[next] = b.seal(b.request(fmt.Sprintf("n%d.example.cn", next)))
				}
				next = b.sendNext(next, sent)
			}
			b.collect(filed)
			for _, c := range b.server.Calls() {
				met[c.Fault] = true
			}
		}
		if len(b.server.Records()) != files || len(met) < 8 {
			t.Errorf("seed %d: %d records of %d files, faults %v", seed, len(b.server.Records()), files, met)
		}
	}
}

// sendNext sends a file and gives the number to send next.
func (b *bench) sendNext(next int64, sent map[int64]wire.Sealed) int64 {
	r, err := b.client.Upload(b.t.Context(), next, sent[next])
	if err == nil && r.Code == 0 {
		return next + 1
	}
	if err == nil && r.Code == 14 {
		for _, n := range r.Missing {
			_, _ = b.client.Upload(b.t.Context(), n, sent[n]) // the next try shows whether it came
		}
		return next
	}
	if p, err := b.client.QueryPreviousUpload(b.t.Context()); err == nil && p.Code == 0 && p.File.Sequence == next {
		return next + 1
	}
	return next
}

// collect fetches a file and acknowledges it once it is read.
func (b *bench) collect(filed map[string]bool) {
	r, err := b.client.Download(b.t.Context())
	if err != nil || r.File == nil {
		return
	}
	document, err := b.client.Profile.Open(r.File.Sealed())
	if err != nil {
		return
	}
	d, err := wire.DecodeDownload(document)
	if err != nil {
		b.t.Fatal(err)
	}
	if d.ICP.Filed != nil {
		filed[d.ICP.Filed.Records[0].Websites[0].Domains[0].Name] = true
	}
	_, _ = b.client.DownloadAck(b.t.Context(), r.File.Name) // else it comes again
}
