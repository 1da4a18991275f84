package sim_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/soap"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/authority/wire/wiretest"
	"github.com/openbeian/beian/internal/icp"
)

func TestAddedWebsiteIsFiled(t *testing.T) {
	t.Parallel()
	aes := func(c *sim.Config) {
		c.Profile.Encrypt, c.Profile.Key, c.Profile.IV = true, "0123456789abcdef", "fedcba9876543210"
	}
	for name, set := range map[string]func(*sim.Config){
		"plain":      func(*sim.Config) {},
		"AES":        aes,
		"hex hashes": func(c *sim.Config) { c.Profile.Hash = wire.HexHash },
		"AES on downloads only": func(c *sim.Config) {
			aes(c)
			c.Profile.Encrypt, c.EncryptDownloads = false, true
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, set)
			b.empty(2)
			b.upload(1, b.seal(b.request("new.example.cn")), 0)
			b.empty(2)
			r := b.only()
			if r.State != sim.AwaitingSMS || !r.SMSDeadline.Equal(b.clock.Now().Add(24*time.Hour)) {
				t.Fatalf("record %+v", r)
			}
			b.post("/sim/api/records/"+id(r)+"/approve", "", http.StatusConflict)
			b.post("/sim/api/records/"+id(r)+"/sms-pass", "", http.StatusNoContent)
			b.post("/sim/api/records/"+id(r)+"/approve", "", http.StatusNoContent)
			review := b.fetch(3).ICP.Results
			if v := review.Reviews.Items[0]; v.Result != wire.ReviewPassed || v.RecordID != 110 || v.Operation != wire.ActionAddWebsite {
				t.Errorf("review %+v", v)
			}
			if o := review.Operations[0]; o.Codes[0].Code != 1001 || o.Ref != licence {
				t.Errorf("result %+v", o)
			}
			filed := b.fetch(0).ICP.Filed.Records[0]
			w := filed.Websites[0]
			if filed.Subject.Licence != licence || len(filed.Websites) != 1 || w.OurID != 110 || w.Licence != licence+"-2" || w.AuthorityID == 0 ||
				w.Domains[0].OurID != 111 || w.Accesses[0].ProviderID != provider || w.Accesses[0].IPs[0].OurID != 113 {
				t.Errorf("filed %+v", filed)
			}
			b.empty(1)
			b.empty(2)
			status, err := b.client.QueryBeianStatus(t.Context(), wire.QueryDomain, "NEW.example.cn")
			if err != nil || !status.Filed() || status.Status.WebsiteLicence != licence+"-2" {
				t.Errorf("status %+v, %v", status.Status, err)
			}
			if got := b.only(); got.State != sim.Approved || got.Licences[0] != licence+"-2" {
				t.Errorf("record %+v", got)
			}
		})
	}
}

func id(r sim.Record) string {
	b, _ := json.Marshal(r.ID)
	return string(b)
}

func TestDownloadsAreValidUnderTheSchema(t *testing.T) {
	t.Parallel()
	b := start(t, func(c *sim.Config) { c.NoSMS, c.AutoApprove = true, true })
	bad := b.request("b.example.cn")
	bad.ICP.AddWebsites.Records[0].Websites[0].HomePage = ""
	bad.ICP.AddWebsites.Records[0].Websites[0].Domains[0].Name = "old.example.cn"
	b.upload(1, b.seal(b.request("a.example.cn")), 0)
	b.upload(2, b.seal(bad), 0)
	for want := []int64{3, 3, 0}; len(want) > 0; want = want[1:] {
		r, err := b.client.Download(t.Context())
		if err != nil || r.Code != want[0] {
			t.Fatalf("download %+v, %v", r, err)
		}
		document, err := b.client.Profile.Open(r.File.Sealed())
		if err != nil {
			t.Fatal(err)
		}
		wiretest.Validate(t, wiretest.DownloadSchema, document)
		if _, err := b.client.DownloadAck(t.Context(), r.File.Name); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRejectedWithTheOpinionWordForWord(t *testing.T) {
	t.Parallel()
	b := start(t, func(c *sim.Config) { c.NoSMS = true })
	b.upload(1, b.seal(b.request("new.example.cn")), 0)
	const opinion = "网站名称与𠮷内容不符 <请>修改"
	body, _ := json.Marshal(map[string]string{"reason": opinion})
	b.post("/sim/api/records/"+id(b.only())+"/reject", string(body), http.StatusNoContent)
	got := b.fetch(0).ICP.Results
	if v := got.Reviews.Items[0]; v.Result != wire.ReviewRejected || v.Opinion != opinion || got.Operations[0].Codes[0].Code != 1002 {
		t.Errorf("results %+v", got)
	}
	b.upload(2, b.seal(b.request("new.example.cn")), 0) // the domain is free again
	if r := b.server.Records()[0]; r.State != sim.InReview {
		t.Errorf("second attempt %+v", r)
	}
}

func TestSMSCheckRunsOutAfterADay(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.upload(1, b.seal(b.request("new.example.cn")), 0)
	b.clock.Advance(24*time.Hour - time.Second)
	b.empty(2)
	b.clock.Advance(time.Second)
	if codes := b.failed(); len(codes) != 1 || codes[0] != 1999 {
		t.Errorf("codes %v", codes)
	}
	if r := b.only(); r.State != sim.SMSExpired {
		t.Errorf("record %+v", r)
	}
}

func TestAutomaticSteps(t *testing.T) {
	t.Parallel()
	b := start(t, func(c *sim.Config) { c.AutoSMS, c.AutoApprove, c.AutoAfter = true, true, time.Minute })
	b.upload(1, b.seal(b.request("new.example.cn")), 0)
	for _, want := range []sim.RecordState{sim.AwaitingSMS, sim.InReview, sim.Approved} {
		if r := b.only(); r.State != want {
			t.Fatalf("state %s, want %s", r.State, want)
		}
		b.clock.Advance(time.Minute)
	}
}

func TestSequenceNumbers(t *testing.T) {
	t.Parallel()
	b := start(t)
	p, err := b.client.QueryPreviousUpload(t.Context())
	if err != nil || p.Code != 0 || p.File == nil || p.File.Sequence != 0 || p.File.BeianInfo != "" {
		t.Errorf("never uploaded: %+v, %v", p.File, err)
	}
	first, third := b.seal(b.request("a.example.cn")), b.seal(b.request("c.example.cn"))
	if r := b.upload(3, third, 14); len(r.Missing) != 2 || r.Missing[0] != 1 || r.Missing[1] != 2 {
		t.Errorf("missing %v", r.Missing)
	}
	b.upload(1, first, 0)
	b.upload(1, first, 999)
	if r := b.upload(3, third, 14); len(r.Missing) != 1 || r.Missing[0] != 2 {
		t.Errorf("missing %v", r.Missing)
	}
	if n := len(b.server.Records()); n != 1 {
		t.Errorf("%d records, want only the first file's", n)
	}
}

func TestLostReplyIsSettledByTheQuery(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault    sim.FaultKind
		accepted int64
	}{"accepted, then lost": {sim.FaultLoseReply, 1}, "lost before it was accepted": {sim.FaultDrop, 0}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t)
			b.post("/sim/faults", `{"kind":"`+string(c.fault)+`","operation":"isp_upload"}`, http.StatusOK)
			s := b.seal(b.request("a.example.cn"))
			_, err := b.client.Upload(t.Context(), 1, s)
			var lost *soap.ReplyLostError
			if !errors.As(err, &lost) || !errors.Is(err, icp.ErrUnavailable) {
				t.Fatalf("err = %v", err)
			}
			p, err := b.client.QueryPreviousUpload(t.Context())
			if err != nil || p.File.Sequence != c.accepted || (c.accepted == 1) != (p.File.BeianInfoHash == s.BeianInfoHash) {
				t.Errorf("previous upload %+v, %v", p.File, err)
			}
			b.upload(c.accepted+1, b.seal(b.request("b.example.cn")), 0)
		})
	}
}

func TestFilesComeAgainUntilAcknowledged(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.misbehave(sim.Fault{Kind: sim.FaultDataCode, Code: 1045}, sim.Fault{Kind: sim.FaultDataCode, Code: 1003})
	b.upload(1, b.seal(b.request("a.example.cn")), 0)
	b.upload(2, b.seal(b.request("b.example.cn")), 0)
	_, first := b.peek(3)
	_, again := b.peek(3)
	if first != again {
		t.Errorf("got %s after %s", again, first)
	}
	ack := func(name string, want int64) {
		t.Helper()
		if a, err := b.client.DownloadAck(t.Context(), name); err != nil || a.Code != want {
			t.Errorf("ack %q: %+v, %v, want %d", name, a, err, want)
		}
	}
	ack("", 21)
	ack("unknown.xml", 999)
	b.post("/sim/faults", `[{"kind":"keep"}]`, http.StatusOK)
	ack(first, 0) // answered, but not done
	if _, again = b.peek(3); first != again {
		t.Errorf("got %s after %s", again, first)
	}
	ack(first, 0)
	ack(first, 0)
	if codes := b.failed(); codes[0] != 1003 {
		t.Errorf("codes %v", codes)
	}
}

func TestSpoiltDownloadsCanBeFetchedAgain(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.misbehave(sim.Fault{Kind: sim.FaultDataCode, Code: 1019}, sim.Fault{Kind: sim.FaultGarble}, sim.Fault{Kind: sim.FaultWrongHash}, sim.Fault{Kind: sim.FaultCode, Operation: wire.OpDownload, Code: 902})
	b.upload(1, b.seal(b.request("a.example.cn")), 0)
	for _, want := range []wire.Layer{wire.LayerBase64, wire.LayerHash} {
		r, err := b.client.Download(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		_, err = b.client.Profile.Open(r.File.Sealed())
		var e *wire.EnvelopeError
		if !errors.As(err, &e) || e.Layer != want {
			t.Errorf("err = %v, want %s", err, want)
		}
	}
	b.empty(902)
	if codes := b.failed(); codes[0] != 1019 {
		t.Errorf("codes %v", codes)
	}
}

func TestQueueLimit(t *testing.T) {
	t.Parallel()
	b := start(t, func(c *sim.Config) { c.QueueLimit, c.ProcessAfter = 1, time.Minute })
	second := b.seal(b.request("b.example.cn"))
	b.upload(1, b.seal(b.request("a.example.cn")), 0)
	b.upload(2, second, 15)
	b.clock.Advance(time.Minute)
	b.upload(2, second, 0)
}

func TestFilingPasswordCheckIsLimited(t *testing.T) {
	t.Parallel()
	for _, form := range []wire.PasswordForm{wire.PlainPassword, wire.MD5Password} {
		b := start(t, func(c *sim.Config) { c.VerifyLimit, c.Profile.PasswordForm = 2, form })
		check := func(password wire.Secret, code int64, match bool) {
			t.Helper()
			r, err := b.client.VerifyBamm(t.Context(), licence, password)
			if err != nil || r.Code != code || r.Matches() != match {
				t.Errorf("%s: reply %+v, %v", form, r, err)
			}
		}
		check("wrong", 0, false)
		check("tea12345", 0, true)
		check("tea12345", 22, false)
		b.clock.Advance(time.Hour)
		check("tea12345", 0, true)
	}
}

func TestStatusByCertificate(t *testing.T) {
	t.Parallel()
	b := start(t)
	for number, want := range map[string]bool{"91330100ma27xf4w0b": true, "91330100MA00000000": false} {
		if r, err := b.client.QueryBeianStatus(t.Context(), 1, number); err != nil || r.Filed() != want || r.Status.Condition != number {
			t.Errorf("%s: %+v, %v", number, r, err)
		}
	}
}

func TestRestartKeepsTheState(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/sim.json"
	keep := func(c *sim.Config) { c.Snapshot = file }
	b := start(t, keep)
	sealed := b.seal(b.request("a.example.cn"))
	b.upload(1, sealed, 0)
	if err := b.server.PassSMS(b.only().ID); err != nil {
		t.Fatal(err)
	}
	if err := b.server.Approve(b.only().ID); err != nil {
		t.Fatal(err)
	}
	_, name := b.peek(3)
	b.upload(2, b.seal(b.request("b.example.cn")), 0)

	again := start(t, keep)
	again.next = 500
	if _, same := again.peek(3); same != name {
		t.Errorf("file %s, want %s", same, name)
	}
	if p, err := again.client.QueryPreviousUpload(t.Context()); err != nil || p.File.Sequence != 2 {
		t.Errorf("previous %+v, %v", p.File, err)
	}
	again.upload(3, again.seal(again.request("b.example.cn")), 0) // pending before the restart
	if r := again.server.Records()[0]; r.State != sim.Failed || r.Codes[0] != 1039 {
		t.Errorf("record %+v", r)
	}
	if r := again.server.Records()[1]; r.State != sim.AwaitingSMS {
		t.Errorf("record %+v", r)
	}
}

func TestSlowFault(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.post("/sim/faults", `{"kind":"slow","delay_ms":3600000}`, http.StatusOK)
	b.client.HTTP.Timeout = 50 * time.Millisecond
	var lost *soap.ReplyLostError
	if _, err := b.client.Download(t.Context()); !errors.As(err, &lost) {
		t.Errorf("err = %v", err)
	}
	b.post("/sim/faults", `{"kind":"funny"}`, http.StatusUnprocessableEntity)
}

func TestBaseCodesAreSentToEveryProvider(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.post("/sim/api/base-codes", `{"tables":{"Neu_dms":[]}}`, http.StatusUnprocessableEntity)
	b.post("/sim/api/base-codes", "", http.StatusNoContent)
	b.post("/sim/api/base-codes", `{"tables":{"Zxly_dms":[{"id":7,"name":"网站关闭"},{"id":8,"name":"停用","valid":0}]}}`, http.StatusNoContent)
	for _, want := range []int64{3, 0} {
		r, err := b.client.Download(t.Context())
		if err != nil || r.Code != want {
			t.Fatalf("download %+v, %v", r, err)
		}
		document, err := b.client.Profile.Open(r.File.Sealed())
		if err != nil {
			t.Fatal(err)
		}
		d, err := wire.DecodeDownload(document)
		if err != nil || d.BaseCodes == nil {
			t.Fatalf("base codes %+v, %v", d, err)
		}
		if tables := d.BaseCodes.Codes.Tables; want == 3 && len(tables) != 10 {
			t.Errorf("%d tables in the whole set", len(tables))
		} else if want == 0 && (tables[0].Rows[0].Text() != "网站关闭" || tables[0].Rows[1].IsValid()) {
			t.Errorf("reasons %+v", tables[0].Rows)
		}
		if _, err := b.client.DownloadAck(t.Context(), r.File.Name); err != nil {
			t.Fatal(err)
		}
		if want == 0 {
			wiretest.Validate(t, wiretest.DownloadSchema, document)
		}
	}
}
