package authority_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/storetest"
)

// An ordinary run takes the same ways of some forty steps each time, make
// check-model more of them. Longer runs:
//
//	go test ./internal/authority -run Model -rapid.seed=0 -rapid.checks=5000 -rapid.steps=80 -timeout=2h
func init() {
	for name, value := range map[string]string{"rapid.seed": "20131001", "rapid.checks": strconv.Itoa(checks), "rapid.steps": "40"} {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
}

// world is an installation of two processes on one database, with an authority,
// real cases, and what can happen to them.
type world struct {
	*bench
	memory  *memory
	service *casework.Cases
	nodes   [2]*process
	running *process // whose code runs; nil for the test's own
	born    int
	plan    *plan
	// disturbed says that a mishap struck the run: then it may end with an error.
	disturbed bool
	// stale says that a process stood still while another went on.
	stale bool
	// twice is a world in which downloads come twice under two names. A machine's
	// word about an added website names nothing but the subject, so there it would
	// be anybody's guess whether it is about the first sending or the second; see
	// TestOldFaultThatComesAgain. No machine finds faults in this one.
	twice  bool
	taken  map[string]string // hashes by the numbers that the authority took
	orders []*icp.Order
	// history is what happened to each order, as far as it was read.
	history map[icp.OrderID][]string
	seen    int64
	faults  []string
}

// process is one of the two.
type process struct {
	gateway *authority.Gateway
	dead    bool
}

// scope is a test inside a test: it ends by itself.
type scope struct {
	testing.TB
	rt       *rapid.T // nil where nothing is drawn
	dir      string
	cleanups []func()
}

// out is where the scope's faults are told.
func (s *scope) out() interface {
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Error(args ...any)
	Errorf(format string, args ...any)
	Logf(format string, args ...any)
} {
	if s.rt != nil {
		return s.rt
	}
	return s.TB
}

func (s *scope) Cleanup(f func())             { s.cleanups = append(s.cleanups, f) }
func (s *scope) TempDir() string              { return s.dir }
func (s *scope) Fatal(args ...any)            { s.out().Fatal(args...) }
func (s *scope) Fatalf(f string, args ...any) { s.out().Fatalf(f, args...) }
func (s *scope) Errorf(f string, args ...any) { s.out().Errorf(f, args...) }
func (s *scope) Error(args ...any)            { s.out().Error(args...) }
func (s *scope) Logf(format string, a ...any) { s.out().Logf(format, a...) }
func (s *scope) end() {
	for _, f := range slices.Backward(s.cleanups) {
		f()
	}
}

// newWorld makes a world whose database and server end with the scope.
func newWorld(s *scope) *world {
	w := &world{taken: map[string]string{}, history: map[icp.OrderID][]string{}}
	w.memory = &memory{w: w, kept: map[string][]byte{}}
	st := storetest.NewSQLite(s)
	commits.Store(filepath.Clean(s.dir), w)
	s.Cleanup(func() { commits.Delete(filepath.Clean(s.dir)) })
	w.bench = newBenchOn(s, st)
	w.blobs.Store = w.memory
	w.service = &casework.Cases{Store: w.store, Blobs: w.blobs, Clock: w.clock, Tables: w.Tables, Terms: w.cases.terms(),
		Notices: quiet{}, Resources: lent{}, Register: register{}}
	for i := range w.nodes {
		w.nodes[i] = w.start()
	}
	w.Gateway = w.nodes[0].gateway
	return w
}

// start starts a process.
func (w *world) start() *process {
	w.born++
	g := w.node(func(_ *sim.Config, c *authority.Config) {
		c.Node, c.Cases = fmt.Sprintf("node%d", w.born), told{w.service}
		c.Channel.MaxRecords, c.Workers = 3, 1 // a process that dies is unwound, which ends one goroutine only
		c.Channel.Client.HTTP.Transport = w
	})
	g.Channel.Client.Observe = nil // the log of calls is written beside the run, and promises nothing
	return &process{gateway: g}
}

// run lets a process do something. One that dies is started anew.
func (w *world) run(i int, do func(*authority.Gateway, context.Context) error) {
	p, before := w.nodes[i], w.running
	w.running = p
	defer func() {
		w.running = before
		if dead := recover(); dead != nil && dead != errDead { //nolint:errorlint // it is this very value
			panic(dead)
		}
		if p.dead {
			w.nodes[i] = w.start()
		}
	}()
	w.clock.Advance(time.Millisecond)
	err := do(p.gateway, w.t.Context())
	if err != nil && !p.dead && !w.disturbed {
		w.fault("a run that nothing disturbed ends with: %v", err)
	}
	w.disturbed = w.disturbed && before != nil
}

// order makes an order that is ready, of one of a few accounts.
func (w *world) order(account int) {
	domain := fmt.Sprintf("n%d.example.cn", len(w.orders))
	for w.accounts <= account {
		w.orders = append(w.orders, w.ready(fmt.Sprintf("n%d.example.cn", len(w.orders))))
		if w.accounts > account {
			return
		}
	}
	w.orders = append(w.orders, w.readyOf(icp.AccountID(fmt.Sprintf("account%d", account)), licenceOf(account), domain))
}

// attempt is what became of one sending of an order.
type attempt struct {
	accepted int
	outcomes []string
}

// read takes up what was written into the history since the last time.
func (w *world) read() {
	w.t.Helper()
	for row, err := range w.store.AllEvents(w.t.Context(), w.seen) {
		if err != nil {
			w.t.Fatal(err)
		}
		w.seen = row.Event.Seq
		if row.Event.ObjectKind == "order" {
			id := icp.OrderID(row.Event.Object)
			w.history[id] = append(w.history[id], row.Event.Action)
		}
	}
}

// attempts reads the sendings of an order out of its history.
func (w *world) attempts(id icp.OrderID) []attempt {
	var out []attempt
	for _, action := range w.history[id] {
		if action == "order.batched" {
			out = append(out, attempt{})
		}
		if len(out) == 0 {
			continue
		}
		last := &out[len(out)-1]
		switch action {
		case "order.accepted_by_authority":
			last.accepted++
		case "order.filed", "order.rejected_by_authority", "order.bounced", "order.refused_by_authority", "order.sms_expired":
			last.outcomes = append(last.outcomes, action)
		}
	}
	return out
}

// means says which final state of a record at the authority an outcome tells.
var means = map[string][]sim.RecordState{
	"order.filed":                 {sim.Approved},
	"order.rejected_by_authority": {sim.Rejected},
	"order.bounced":               {sim.Failed, sim.SMSExpired},
	"order.sms_expired":           {sim.SMSExpired},
}

// check holds the installation to its promises, by its own book and the
// authority's.
func (w *world) check() {
	w.t.Helper()
	w.read()
	accepted, open, last := int64(0), 0, int64(0)
	for _, u := range w.files() {
		if u.State == store.UploadRefused {
			continue
		}
		if last++; u.Sequence != last {
			w.fault("number %d comes after %d", u.Sequence, last-1)
		}
		if u.State == store.UploadAccepted {
			accepted++
		} else {
			open++
		}
	}
	c, theirs := w.row(), w.sim.Channels()[0].LastSequence
	if open > 1 || c.LastSequence != accepted || theirs < accepted || theirs > accepted+int64(open) {
		w.fault("%d files accepted and %d open; the row says %d, the authority %d", accepted, open, c.LastSequence, theirs)
	}
	if c.Paused && (c.PauseReason == authority.ReasonConflict || c.PauseReason == authority.ReasonGap) {
		w.fault("the channel is paused by %s though nobody else uses it", c.PauseReason)
	}
	records := map[string][]sim.Record{}
	for _, r := range slices.Backward(w.sim.Records()) {
		records[r.Domains()[0]] = append(records[r.Domains()[0]], r)
	}
	for _, o := range w.orders {
		w.checkOrder(o, records[o.Data.Websites[0].Domain])
	}
	if len(w.faults) > 0 {
		w.t.Fatalf("%s", w.broken())
	}
}

// checkOrder compares an order's history with its records at the authority.
func (w *world) checkOrder(o *icp.Order, records []sim.Record) {
	domain, sent := o.Data.Websites[0].Domain, 0
	for _, a := range w.attempts(o.ID) {
		if slices.Contains(a.outcomes, "order.refused_by_authority") {
			if len(a.outcomes) > 1 || a.accepted > 0 {
				w.fault("%s was refused and %v", domain, a)
			}
			continue
		}
		sent++
		if a.accepted > 1 || len(a.outcomes) > 1 { // a result may come before the acceptance is noted
			w.fault("%s: one sending came to %+v", domain, a)
		}
		if (a.accepted > 0 || len(a.outcomes) > 0) && len(records) < sent {
			w.fault("%s: the authority has %d records, told %+v", domain, len(records), a)
			continue
		}
		if len(a.outcomes) > 0 && !slices.Contains(means[a.outcomes[0]], records[sent-1].State) {
			w.fault("%s: told %s, but the record is %s", domain, a.outcomes[0], records[sent-1].State)
		}
	}
	if len(records) > sent {
		w.fault("%s was sent %d times, and the authority has %d records", domain, sent, len(records))
	}
}

// settle lets everything calm down: no more faults, the authority decides what it
// has, and both processes go on for some time.
func (w *world) settle(approve func() bool) {
	w.t.Helper()
	w.plan = nil
	w.sim.Behave()
	w.sim.Unscript()
	for range 60 {
		if w.row().Paused {
			if err := w.nodes[0].gateway.Resume(w.t.Context(), operator, "已处理"); err != nil {
				w.t.Fatal(err)
			}
		}
		w.pause()
		for i := range w.nodes {
			w.run(i, (*authority.Gateway).Upload)
			w.run(i, (*authority.Gateway).Poll)
		}
		w.check()
		w.decideAll(approve)
		if w.isSettled() {
			return
		}
	}
	w.t.Fatalf("it does not settle: channel %+v, files %+v, downloads %+v, waiting %v", w.row(), w.files(), w.received(), w.sim.Channels())
}

func (w *world) decideAll(approve func() bool) {
	w.t.Helper()
	for _, r := range w.sim.Records() {
		if r.State == sim.AwaitingSMS {
			if err := w.sim.PassSMS(r.ID); err != nil {
				w.t.Fatal(err)
			}
			r.State = sim.InReview
		}
		if r.State != sim.InReview {
			continue
		}
		err := w.sim.Approve
		if !approve() {
			err = func(id int64) error { return w.sim.Reject(id, "不符") }
		}
		if err := err(r.ID); err != nil {
			w.t.Fatal(err)
		}
	}
}

// isSettled reports whether nobody has to do anything any more, and every order
// came to exactly one outcome.
func (w *world) isSettled() bool {
	ended := []icp.State{icp.StateFiled, icp.StateAuthorityRejected, icp.StateReturnedToProvider, icp.StateSubmitFailed, icp.StateWithdrawn}
	for _, o := range w.orders {
		if !slices.Contains(ended, w.state(o.ID)) {
			return false
		}
	}
	for _, d := range w.received() {
		if d.State == store.DownloadReceived || d.State == store.DownloadApplied && d.AckedAt.IsZero() {
			return false
		}
	}
	return len(w.sim.Channels()[0].Waiting) == 0 &&
		!slices.ContainsFunc(w.files(), func(u store.Upload) bool { return u.State != store.UploadAccepted && u.State != store.UploadRefused })
}

// end holds the settled world to what must be true of it.
func (w *world) end() {
	w.t.Helper()
	w.check()
	records := 0
	for _, o := range w.orders {
		for _, a := range w.attempts(o.ID) {
			if len(a.outcomes) != 1 {
				w.t.Errorf("%s: a sending came to %v", o.Data.Websites[0].Domain, a.outcomes)
			}
			if !slices.Contains(a.outcomes, "order.refused_by_authority") {
				records++
			}
		}
	}
	if n := len(w.sim.Records()); n != records {
		w.t.Errorf("%d sendings made %d records at the authority", records, n)
	}
	for _, d := range w.received() {
		if d.State == store.DownloadParked {
			w.t.Errorf("parked: %+v", d)
		}
	}
}

// faultOf draws a fault of the authority that strikes one method.
func (w *world) faultOf(rt *rapid.T) sim.Fault {
	code := func(op wire.Operation, codes ...int64) func() sim.Fault {
		return func() sim.Fault {
			return sim.Fault{Kind: sim.FaultCode, Operation: op, Code: rapid.SampledFrom(codes).Draw(rt, "code")}
		}
	}
	kind := func(op wire.Operation, kinds ...sim.FaultKind) func() sim.Fault {
		return func() sim.Fault {
			return sim.Fault{Kind: rapid.SampledFrom(kinds).Draw(rt, "kind"), Operation: op, DelayMS: rapid.SampledFrom([]int64{0, 500}).Draw(rt, "away")}
		}
	}
	breaks := []sim.FaultKind{sim.FaultDrop, sim.FaultLoseReply, sim.FaultRestart, sim.FaultRestartAfter}
	ways := []func() sim.Fault{
		kind(wire.OpUpload, breaks...), kind(wire.OpDownload, breaks...), kind(wire.OpDownloadAck, breaks...), kind(wire.OpQueryPreviousUpload, breaks...),
		kind(wire.OpDownload, sim.FaultGarble, sim.FaultWrongHash, sim.FaultReorder), kind(wire.OpDownloadAck, sim.FaultKeep),
		code(wire.OpUpload, 14, 15, 18, 19, 20, 901, 999, 777), code(wire.OpDownload, 4, 20, 902, 999), code(wire.OpDownloadAck, 20, 902, 999),
		code(wire.OpQueryPreviousUpload, 5, 901, 999),
	}
	if w.twice {
		ways = append(ways, kind(wire.OpDownload, sim.FaultDuplicate), kind(wire.OpDownload, sim.FaultDuplicate))
	}
	f := ways[rapid.IntRange(0, len(ways)-1).Draw(rt, "fault")]()
	f.Times = rapid.IntRange(1, 2).Draw(rt, "times")
	return f
}

// mishapOf draws what happens to a process in its next run.
func (w *world) mishapOf(rt *rapid.T, other int) *plan {
	p := &plan{what: rapid.SampledFrom([]mishap{dies, dies, fails, stands}).Draw(rt, "mishap"), skip: rapid.IntRange(0, 8).Draw(rt, "skip")}
	may := moments
	switch p.what {
	case fails:
		may = []moment{beforePut, afterPut, beforeOpen, beforeCall, afterCall}
	case stands:
		may = []moment{beforePut, afterPut, beforeOpen, beforeCall, afterCall}
		do := rapid.SampledFrom([]string{"upload", "poll", "both"}).Draw(rt, "meanwhile")
		p.meanwhile = func() {
			w.clock.Advance(w.Channel.Lease)
			if do != "poll" {
				w.run(other, (*authority.Gateway).Upload)
			}
			if do != "upload" {
				w.run(other, (*authority.Gateway).Poll)
			}
		}
	case dies:
	}
	p.at = rapid.SampledFrom(may).Draw(rt, "moment")
	return p
}

// actions are the ways to go on.
func (w *world) actions() map[string]func(*rapid.T) {
	node := func(rt *rapid.T) int { return rapid.IntRange(0, 1).Draw(rt, "node") }
	upload := func(rt *rapid.T) { w.run(node(rt), (*authority.Gateway).Upload) }
	poll := func(rt *rapid.T) { w.run(node(rt), (*authority.Gateway).Poll) }
	mishaps := func(do func(*authority.Gateway, context.Context) error) func(*rapid.T) {
		return func(rt *rapid.T) {
			i := node(rt)
			w.plan = w.mishapOf(rt, 1-i)
			w.run(i, do)
			w.plan = nil
		}
	}
	passes := func(rt *rapid.T) {
		spans := []time.Duration{time.Second, time.Minute, 16 * time.Minute}
		if !w.twice {
			spans = append(spans, 25*time.Hour) // SMS checks run out
		}
		w.clock.Advance(rapid.SampledFrom(spans).Draw(rt, "time"))
	}
	return map[string]func(*rapid.T){
		"":                  func(*rapid.T) { w.check() },
		"approve an order":  func(rt *rapid.T) { w.order(rapid.IntRange(0, 3).Draw(rt, "account")) },
		"approve several":   func(*rapid.T) { w.order(0); w.order(1); w.order(2) },
		"upload":            upload,
		"upload later":      func(rt *rapid.T) { w.pause(); upload(rt) },
		"poll":              poll,
		"poll later":        func(rt *rapid.T) { w.pause(); poll(rt) },
		"upload, a mishap":  mishaps((*authority.Gateway).Upload),
		"poll, a mishap":    mishaps((*authority.Gateway).Poll),
		"authority errs":    func(rt *rapid.T) { w.misbehave(w.faultOf(rt)) },
		"authority decides": w.authorityDecides,
		"authority finds faults": func(rt *rapid.T) {
			if w.twice {
				rt.Skip("see world")
			}
			codes := rapid.SampledFrom([][]int64{{1005}, {1018, 1019}, {5008}}).Draw(rt, "codes")
			if err := w.sim.Script(sim.Outcome{Fate: sim.FateFail, Codes: codes}); err != nil {
				rt.Fatal(err)
			}
		},
		"time passes":      passes,
		"send again":       w.sendAgain,
		"applicant leaves": w.leave,
		"operator resumes": func(rt *rapid.T) {
			if !w.row().Paused {
				rt.Skip("nothing is paused")
			}
			if err := w.nodes[0].gateway.Resume(w.t.Context(), operator, "已处理"); err != nil {
				rt.Fatal(err)
			}
		},
	}
}

func (w *world) authorityDecides(rt *rapid.T) {
	var open []sim.Record
	for _, r := range w.sim.Records() {
		if r.State == sim.AwaitingSMS || r.State == sim.InReview {
			open = append(open, r)
		}
	}
	if len(open) == 0 {
		rt.Skip("nothing to decide")
	}
	r := open[rapid.IntRange(0, len(open)-1).Draw(rt, "record")]
	var err error
	switch how := rapid.SampledFrom([]string{"pass", "approve", "reject", "expire"}).Draw(rt, "how"); {
	case r.State == sim.AwaitingSMS && how == "expire" && !w.twice:
		err = w.sim.ExpireSMS(r.ID)
	case r.State == sim.AwaitingSMS:
		err = w.sim.PassSMS(r.ID)
	case how == "reject":
		err = w.sim.Reject(r.ID, "不符")
	default:
		err = w.sim.Approve(r.ID)
	}
	if err != nil {
		rt.Fatal(err)
	}
}

// one draws an order in one of some states.
func (w *world) one(rt *rapid.T, states ...icp.State) *icp.Order {
	var fit []*icp.Order
	for _, o := range w.orders {
		if slices.Contains(states, w.state(o.ID)) {
			fit = append(fit, o)
		}
	}
	if len(fit) == 0 {
		rt.Skip("no such order")
	}
	return fit[rapid.IntRange(0, len(fit)-1).Draw(rt, "order")]
}

func (w *world) sendAgain(rt *rapid.T) {
	w.clock.Advance(time.Second)
	w.decide(w.one(rt, icp.StateReturnedToProvider, icp.StateSubmitFailed).ID, order.Resend, operator, order.Facts{})
}

func (w *world) leave(rt *rapid.T) {
	o := w.one(rt, icp.StateReady)
	w.decide(o.ID, order.Abandon, icp.Actor{Account: o.Account, Party: icp.Applicant}, order.Facts{})
}

// TestModel takes the gateway any way of orders, faults, deaths and changes of
// node, and then lets it calm down. In all of it numbers have no gaps, nothing
// is sent or acknowledged before it is durable, and every sending of an order
// comes to the one outcome that the authority has in its book.
func TestModel(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		s := &scope{TB: t, rt: rt, dir: filepath.Join(base, fmt.Sprint(n))}
		if err := os.Mkdir(s.dir, 0o700); err != nil {
			rt.Fatal(err)
		}
		s.Cleanup(func() { _ = os.RemoveAll(s.dir) }) // base goes in the end all the same
		defer s.end()
		w := newWorld(s)
		w.twice = rapid.Bool().Draw(rt, "twice")
		rt.Repeat(w.actions())
		w.settle(func() bool { return rapid.Bool().Draw(rt, "approved") })
		w.end()
	})
}
