package authority_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/storetest"
)

func TestOrderIsFiled(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	o := b.ready("cedar.example.cn")
	b.up()
	b.want("state", b.state(o.ID), icp.StateSMSPending)
	b.valid()
	f := b.files()
	if len(f) != 1 || f[0].Sequence != 1 || f[0].State != store.UploadAccepted || f[0].Records != 1 || b.row().LastSequence != 1 {
		t.Fatalf("files %+v", f)
	}
	r := b.sim.Records()[0]
	if err := errors.Join(b.sim.PassSMS(r.ID), b.sim.Approve(r.ID)); err != nil {
		t.Fatal(err)
	}
	b.down()
	b.want("state", b.state(o.ID), icp.StateFiled)
	b.want("told", b.cases.told, []string{"batched 1", "accepted 1", "results  w1 true  ", "results " + licence + " w1 true  " + licence + "-2"})
	for _, d := range b.received() {
		if d.State != store.DownloadApplied || d.AckedAt.IsZero() || d.LastError != "" {
			t.Errorf("download %+v", d)
		}
	}
	b.want("waiting at the authority", b.sim.Channels()[0].Waiting, []string{})
	b.want("health", b.row().Health, "")
}

func TestFileHoldsWhatTheOrderSays(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	o := b.ready("cedar.example.cn", func(o *icp.Order) {
		second := website("w2", "second.example.cn", o.Data.Websites[0].Principal)
		second.SameAsSubject, second.Remark = false, "产品资料"
		second.PreApprovals = []icp.PreApproval{{Type: 9, Number: "京网文〔2026〕0001号"}}
		filed := website("w3", "filed.example.cn", second.Principal)
		filed.LicenceNo = licence + "-9"
		o.Data.Websites = append(o.Data.Websites, second, filed)
	})
	b.material(o.ID, icp.MaterialWebsitePrincipalFront, "w2", picture())
	b.material(o.ID, icp.MaterialPreApproval, "w2", picture())
	b.material(o.ID, icp.MaterialOther, "", picture())
	b.up()
	b.valid()
	d, err := wire.DecodeUpload(b.lastDocument())
	if err != nil {
		t.Fatal(err)
	}
	rec := d.ICP.AddWebsites.Records[0]
	b.want("subject", rec.Subject.Licence, licence)
	b.want("password", rec.FilingPasswordHash, wire.V30().FilingPasswordHash(password))
	if len(rec.Websites) != 2 {
		t.Fatalf("%d websites, want the two without a licence number", len(rec.Websites))
	}
	w := rec.Websites[1]
	ids := map[int64]bool{}
	for _, w := range rec.Websites {
		for _, id := range []int64{w.ID, w.Domains[0].ID, w.Accesses[0].ID, w.Accesses[0].IPs[0].ID} {
			ids[id] = true
		}
	}
	b.want("different ids", len(ids), 8)
	b.want("address", wire.IPv4Text(w.Accesses[0].IPs[0].First), "203.0.113.7")
	b.want("approval", w.Approvals.Items[0].Number, "京网文〔2026〕0001号")
	b.want("scans", len(w.Approvals.Items[0].Scans), 1)
	purposes := ""
	for _, a := range rec.Attachments {
		i := a.Info
		purposes += fmt.Sprintf("%d:%d ", i.Purpose, i.Owner.Ref.RecordID)
		if len(i.Content) > 100<<10 || string(i.Content[:2]) != "\xff\xd8" {
			t.Errorf("attachment of %d bytes is no small JPEG", len(i.Content))
		}
	}
	b.want("attachments", purposes, fmt.Sprintf("2:0 3:0 3:0 4:%d 4:%d 4:%d ", rec.Websites[0].ID, rec.Websites[0].ID, w.ID))
	text, err := b.Decoded(t.Context(), b.files()[0].ID)
	if err != nil || strings.Contains(text, "周明远") || strings.Contains(text, "13800138000") || strings.Contains(text, rec.FilingPasswordHash) ||
		!strings.Contains(text, "周**") || !strings.Contains(text, "cedar.example.cn") {
		t.Errorf("decoded %v\n%s", err, text)
	}
}

// Every way for an upload to go wrong ends with the order accepted exactly once
// under number 1, and with one record at the authority.
func TestUploadThatGoesWrongIsTakenExactlyOnce(t *testing.T) {
	t.Parallel()
	code := func(n int64) sim.Fault { return sim.Fault{Kind: sim.FaultCode, Operation: wire.OpUpload, Code: n} }
	up := func(k sim.FaultKind) sim.Fault { return sim.Fault{Kind: k, Operation: wire.OpUpload} }
	ask := func(k sim.FaultKind) sim.Fault { return sim.Fault{Kind: k, Operation: wire.OpQueryPreviousUpload} }
	for name, c := range map[string]struct {
		faults []sim.Fault
		// first is the file's state after the first run
		first  store.UploadState
		health string
	}{
		"reply lost, file taken":                          {[]sim.Fault{up(sim.FaultLoseReply)}, store.UploadAccepted, ""},
		"reply lost, file not taken":                      {[]sim.Fault{up(sim.FaultDrop)}, store.UploadAccepted, ""},
		"reply lost, file taken, question unanswered":     {[]sim.Fault{up(sim.FaultLoseReply), ask(sim.FaultDrop)}, store.UploadUnknown, "upload.unreachable"},
		"reply lost, file not taken, question unanswered": {[]sim.Fault{up(sim.FaultDrop), ask(sim.FaultLoseReply)}, store.UploadUnknown, "upload.unreachable"},
		"reply lost, question refused by maintenance":     {[]sim.Fault{up(sim.FaultLoseReply), {Kind: sim.FaultCode, Operation: wire.OpQueryPreviousUpload, Code: 901}}, store.UploadUnknown, "upload.method_code_901"},
		"reply lost twice":                                {[]sim.Fault{up(sim.FaultDrop), up(sim.FaultLoseReply)}, store.UploadUnknown, "upload.reply_lost"},
		"queue full":                                      {[]sim.Fault{code(15)}, store.UploadStored, "upload.method_code_15"},
		"outside the hours":                               {[]sim.Fault{code(20)}, store.UploadStored, "upload.method_code_20"},
		"maintenance":                                     {[]sim.Fault{code(901)}, store.UploadStored, "upload.method_code_901"},
		"maintenance of downloads":                        {[]sim.Fault{code(902)}, store.UploadStored, "upload.method_code_902"},
		"an error without a reason":                       {[]sim.Fault{code(999)}, store.UploadUnknown, "upload.method_code_999"},
		"a code that nobody knows":                        {[]sim.Fault{code(777)}, store.UploadUnknown, "upload.method_code_777"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			o := b.ready("cedar.example.cn")
			// The first question is that of a channel that never sent anything.
			b.misbehave(sim.Fault{Kind: sim.FaultSlow, Operation: wire.OpQueryPreviousUpload})
			b.misbehave(c.faults...)
			b.up()
			b.want("file after the first run", b.files()[0].State, c.first)
			b.want("health", b.row().Health, c.health)
			before := len(b.sim.Records())
			if c.first != store.UploadAccepted {
				b.up() // too soon: nothing is called
				b.want("state", b.state(o.ID), icp.StateSubmitting)
				b.want("records", len(b.sim.Records()), before)
			}
			for range 3 {
				b.pause()
				b.up()
			}
			b.want("told", b.cases.told, []string{"batched 1", "accepted 1"})
			b.want("records", len(b.sim.Records()), 1)
			b.want("files", len(b.files()), 1)
			b.want("last number", b.sim.Channels()[0].LastSequence, 1)
			b.want("health", b.row().Health, "")
		})
	}
}

// A crash between two steps is played by an error at that point and another
// process that goes on.
func TestCrashBetweenSteps(t *testing.T) {
	t.Parallel()
	for name, crash := range map[string]func(*bench) (again func()){
		"bytes not kept": func(b *bench) func() {
			b.blobs.when(func(op, key string) error {
				if op == "put" && strings.HasPrefix(key, "upload-") {
					return errDied
				}
				return nil
			})
			return nil
		},
		"bytes kept, row not written": func(b *bench) func() { b.cases.failOnce("batched", errDied); return nil },
		"row written, not sent": func(b *bench) func() {
			b.blobs.when(func(op, key string) error {
				if op == "open" && strings.HasPrefix(key, "upload-") {
					return errDied
				}
				return nil
			})
			return nil
		},
		"marked as sending, not sent": func(b *bench) func() {
			b.blobs.when(func(op, key string) error {
				if op == "open" && strings.HasPrefix(key, "upload-") {
					return errDied
				}
				return nil
			})
			return func() {
				u := b.files()[0]
				u.State, u.Tries = store.UploadSending, 1
				b.update(func(ctx context.Context, tx *store.Tx) error { return tx.SaveUpload(ctx, &u, store.UploadStored) })
			}
		},
		"sent and taken, answer not recorded": func(b *bench) func() { b.cases.failOnce("accepted", errDied); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			o := b.ready("cedar.example.cn")
			more := crash(b)
			if err := b.Upload(t.Context()); !errors.Is(err, errDied) {
				t.Fatalf("err %v, want the crash", err)
			}
			b.blobs.when(nil)
			if more != nil {
				more()
			}
			b.Gateway = b.node()
			b.up()
			b.want("state", b.state(o.ID), icp.StateSMSPending)
			b.want("told", b.cases.told[len(b.cases.told)-1], "accepted 1")
			b.want("records", len(b.sim.Records()), 1)
			b.want("files", len(b.files()), 1)
		})
	}
}

func TestConfigurationFaultPausesTheChannel(t *testing.T) {
	t.Parallel()
	for _, code := range []int64{4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 17, 19} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			o := b.ready("cedar.example.cn")
			b.misbehave(sim.Fault{Kind: sim.FaultCode, Operation: wire.OpUpload, Code: code})
			b.up()
			reason := fmt.Sprintf("method_code_%d", code)
			if c := b.row(); !c.Paused || c.PauseReason != reason || c.Health != reason {
				t.Fatalf("channel %+v", c)
			}
			b.pause()
			b.up()
			b.down()
			b.want("state", b.state(o.ID), icp.StateSubmitting)
			b.want("records", len(b.sim.Records()), 0)
			if err := b.Resume(t.Context(), operator, ""); !errors.Is(err, icp.ErrInvalid) {
				t.Errorf("resumed without a reason: %v", err)
			}
			if err := b.Resume(t.Context(), operator, "设置已改正"); err != nil {
				t.Fatal(err)
			}
			b.up()
			b.want("told", b.cases.told, []string{"batched 1", "accepted 1"})
		})
	}
}

func TestRefusedFileGivesItsNumberBack(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	o := b.ready("cedar.example.cn")
	b.misbehave(sim.Fault{Kind: sim.FaultCode, Operation: wire.OpUpload, Code: 18})
	b.up()
	b.want("state", b.state(o.ID), icp.StateSubmitFailed)
	other := b.ready("other.example.cn")
	b.up()
	b.want("state", b.state(other.ID), icp.StateSMSPending)
	b.want("told", b.cases.told, []string{"batched 1", "refused 18", "batched 1", "accepted 1"})
}

func TestAuthorityMissesFilesThatItHad(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ready("a.example.cn")
	b.up()
	b.ready("b.example.cn")
	b.up()
	b.newAuthority() // restored from before: knows neither
	b.ready("c.example.cn")
	b.up()
	b.want("told", b.cases.told[len(b.cases.told)-1], "accepted 3")
	b.want("last number", b.sim.Channels()[0].LastSequence, 3)
	b.want("records", len(b.sim.Records()), 3)
	b.want("files", len(b.files()), 3)
}

func TestSomebodyElseUsesTheAccount(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ready("a.example.cn")
	b.up()
	// A file under our next number that we did not send.
	sealed, err := wire.V30().Seal(b.lastDocument())
	if err != nil {
		t.Fatal(err)
	}
	if r, err := b.Channel.Client.Upload(t.Context(), 2, sealed); err != nil || r.Code != 0 {
		t.Fatal(r, err)
	}
	o := b.ready("b.example.cn")
	for range 3 {
		b.up()
		b.pause()
	}
	if c := b.row(); !c.Paused || c.PauseReason != authority.ReasonConflict {
		t.Fatalf("channel %+v", c)
	}
	b.want("state", b.state(o.ID), icp.StateSubmitting)
	if _, err := b.Resync(t.Context(), operator, "abc"); !errors.Is(err, icp.ErrNotNow) {
		t.Errorf("numbers taken over while a file is open: %v", err)
	}
	if err := b.GiveUp(t.Context(), operator, b.files()[1].ID, "序号被占用"); err != nil {
		t.Fatal(err)
	}
	b.want("state", b.state(o.ID), icp.StateSubmitFailed)
	if n, err := b.Resync(t.Context(), operator, "序号被占用"); err != nil || n != 2 {
		t.Fatal(n, err)
	}
	if err := b.Resume(t.Context(), operator, "已查明"); err != nil {
		t.Fatal(err)
	}
	b.ready("c.example.cn")
	b.up()
	b.want("told", b.cases.told[len(b.cases.told)-1], "accepted 3")
}

func TestUnknownFileIsNotGivenUp(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ready("a.example.cn")
	b.misbehave(sim.Fault{Kind: sim.FaultCode, Operation: wire.OpUpload, Code: 999})
	b.up()
	if err := b.GiveUp(t.Context(), operator, b.files()[0].ID, "x"); !errors.Is(err, icp.ErrNotNow) {
		t.Errorf("given up: %v", err)
	}
}

func TestFirstNumberOfAnAccountThatWasInUse(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	other := newBench(t)
	other.ready("a.example.cn")
	other.up()
	sealed, err := wire.V30().Seal(other.lastDocument())
	if err != nil {
		t.Fatal(err)
	}
	for n := range int64(3) {
		if r, err := b.Channel.Client.Upload(t.Context(), n+1, sealed); err != nil || r.Code != 0 {
			t.Fatal(r, err)
		}
	}
	b.ready("b.example.cn")
	b.up()
	b.want("told", b.cases.told, []string{"batched 4", "accepted 4"})
}

func TestOrdersThatCannotBeWrittenGoBackAndHoldUpNoOther(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*icp.Order)
		want   string
	}{
		"a character outside the code page": {func(o *icp.Order) { o.Data.Websites[0].Name = "𠮷祥" }, "bounced 5008 /websites/0/name"},
		"a person's rare character":         {func(o *icp.Order) { o.Data.Websites[0].Principal.Name = "周𬱖" }, "bounced 5008 /websites/0/principal/name"},
		"an address of version 6":           {func(o *icp.Order) { o.Data.Websites[0].Resource.IP = "2001:db8::1" }, "bounced 1006 /websites/0/resource"},
		"a mail address without @":          {func(o *icp.Order) { o.Data.Websites[0].Principal.Email = "zhou.example.com" }, "bounced 5001 /websites/0/principal/email"},
		"an approval without a picture": {func(o *icp.Order) {
			o.Data.Websites[0].PreApprovals = []icp.PreApproval{{Type: 9, Number: "1"}}
		}, "bounced 5010 /materials/pre_approval/0"},
		"no website left": {func(o *icp.Order) { o.Data.Websites[0].LicenceNo = licence + "-7" }, "bounced 5001 /websites"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			bad, good := b.ready("bad.example.cn", c.change), b.ready("good.example.cn")
			b.up()
			b.want("state", b.state(bad.ID), icp.StateReturnedToProvider)
			b.want("state", b.state(good.ID), icp.StateSMSPending)
			b.want("told", b.cases.told, []string{"batched 0", c.want, "batched 1", "accepted 1"})
		})
	}
}

func TestOrdersThatNewerRulesObjectToGoIntoNoFile(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	fit, unfit := b.ready("fit.example.cn"), b.ready("unfit.example.cn")
	b.cases.unfit = map[icp.OrderID]bool{unfit.ID: true}
	b.up()
	b.want("state", b.state(unfit.ID), icp.StateReturnedToProvider)
	b.want("state of the other", b.state(fit.ID), icp.StateSMSPending)
	b.want("records", len(b.sim.Records()), 1)
}

func TestBrokenMaterialGoesBackAndAStorageFaultWaits(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	bad, good := b.ready("bad.example.cn"), b.ready("good.example.cn")
	list := b.order(bad.ID).Materials
	key := list[slices.IndexFunc(list, func(m icp.Material) bool { return m.Kind == icp.MaterialSubjectCertificate })].BlobKey
	b.blobs.when(func(op, k string) error {
		if k == key {
			return errDied
		}
		return nil
	})
	b.up()
	b.want("state while the storage fails", b.state(bad.ID), icp.StateReady)
	b.want("state of the other", b.state(good.ID), icp.StateSMSPending)
	b.blobs.when(nil)
	if err := b.blobs.Delete(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	b.up()
	b.want("told", b.cases.told[len(b.cases.told)-1], "bounced 5010 /materials/subject_certificate")
}

func TestOneOrderOfAnAccountAndSubjectAtATime(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.ready("a.example.cn")
	second := b.readyOf(first.Account, licence, "b.example.cn")
	b.up()
	b.up()
	third := b.ready("c.example.cn", func(o *icp.Order) { o.Data.Filing.LicenceNo = " 京icp备2024012345 号" }) // the same subject
	b.up()
	b.want("first", b.state(first.ID), icp.StateSMSPending)
	b.want("second", b.state(second.ID), icp.StateReady)
	b.want("third", b.state(third.ID), icp.StateReady)
	if err := b.sim.ExpireSMS(b.sim.Records()[0].ID); err != nil {
		t.Fatal(err)
	}
	b.down()
	b.want("first", b.state(first.ID), icp.StateReturnedToProvider)
	b.up()
	b.want("second", b.state(second.ID), icp.StateSMSPending)
	b.want("third", b.state(third.ID), icp.StateReady)
}

func TestManyOrdersShareAFile(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(_ *sim.Config, c *authority.Config) { c.Channel.MaxRecords = 3 })
	for i := range 5 {
		b.ready(fmt.Sprintf("site%d.example.cn", i))
	}
	b.up()
	b.want("records", len(b.sim.Records()), 5)
	f := b.files()
	if len(f) != 2 || f[0].Records != 3 || f[1].Records != 2 {
		t.Errorf("files %+v", f)
	}
	b.valid()
}

func TestTwoNodesSendOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, twoNodesSendOnce)
}

func twoNodesSendOnce(t *testing.T, s *store.Store) {
	one := func(_ *sim.Config, c *authority.Config) { c.Channel.MaxRecords = 1 }
	b := newBenchOn(t, s, one)
	for i := range 4 {
		b.ready(fmt.Sprintf("site%d.example.cn", i))
	}
	nodes := []*authority.Gateway{b.Gateway, b.node(one), b.node(one)}
	var wg sync.WaitGroup
	for range 4 {
		for _, g := range nodes {
			wg.Go(func() {
				if err := errors.Join(g.Upload(t.Context()), g.Poll(t.Context())); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	b.up()
	b.want("records", len(b.sim.Records()), 4)
	b.want("last number", b.row().LastSequence, 4)
	for i, u := range b.files() {
		if u.Sequence != int64(i+1) || u.State != store.UploadAccepted || u.Tries != 1 {
			t.Errorf("file %+v", u)
		}
	}
	b.want("leader", b.row().Leader, "")
}

func TestLeaseOfADeadNodeRunsOut(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	o := b.ready("a.example.cn")
	b.update(func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.AcquireLeader(ctx, channel, "dead", b.clock.Now().Add(b.Channel.Lease), b.clock.Now())
		return err
	})
	b.up()
	b.want("state", b.state(o.ID), icp.StateReady)
	b.clock.Advance(b.Channel.Lease)
	b.up()
	b.want("state", b.state(o.ID), icp.StateSMSPending)
}
