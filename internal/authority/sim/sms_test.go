package sim_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
)

// asked makes a request of three websites: two of one person, one of another.
func (b *bench) asked() sim.Record {
	b.t.Helper()
	u := b.request("a.example.cn")
	a := &u.ICP.AddWebsites.Records[0]
	for _, domain := range []string{"b.example.cn", "c.example.cn"} {
		more := b.request(domain).ICP.AddWebsites.Records[0]
		a.Websites, a.Attachments = append(a.Websites, more.Websites...), append(a.Attachments, more.Attachments...)
	}
	p := &a.Websites[2].Principal
	p.Name, p.Mobile, p.CertificateNumber = "林夏", "13700137000", "110101199003074477"
	b.upload(1, b.seal(u), 0)
	return b.only()
}

func TestEachPersonPassesTheSMSCheckAlone(t *testing.T) {
	t.Parallel()
	b := start(t)
	r := b.asked()
	if len(r.SMS) != 2 || strings.Join(r.SMS[0].Domains, " ") != "a.example.cn b.example.cn" || r.SMS[1].Name != "林夏" || r.SMS[1].Passed {
		t.Fatalf("texted: %+v", r.SMS)
	}
	b.post("/sim/api/records/"+id(r)+"/sms-pass", `{"person":3}`, http.StatusNotFound)
	b.post("/sim/api/records/"+id(r)+"/sms-pass", `{"person":2}`, http.StatusNoContent)
	if now := b.only(); now.State != sim.AwaitingSMS || now.SMS[0].Passed || !now.SMS[1].Passed {
		t.Fatalf("after one of two: %s, %+v", now.State, now.SMS)
	}
	res, err := http.Get(b.url + "/sim/")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	page, _ := io.ReadAll(res.Body)
	if p := string(page); strings.Count(p, `name="person"`) != 1 || !strings.Contains(p, "全部核验通过") || !strings.Contains(p, "✓ 已核验") {
		t.Errorf("page %s", p)
	}
	b.post("/sim/api/records/"+id(r)+"/sms-pass", `{"person":1}`, http.StatusNoContent)
	if now := b.only(); now.State != sim.InReview {
		t.Errorf("after both: %s", now.State)
	}
}

func TestTheCheckExpiresThoughOneOfTwoPassed(t *testing.T) {
	t.Parallel()
	b := start(t)
	r := b.asked()
	b.post("/sim/api/records/"+id(r)+"/sms-pass", `{"person":1}`, http.StatusNoContent)
	b.clock.Advance(24 * time.Hour)
	d := b.fetch(0)
	if now := b.only(); now.State != sim.SMSExpired || !now.SMS[0].Passed || now.SMS[1].Passed {
		t.Errorf("after a day: %s, %+v", now.State, now.SMS)
	}
	if ops := d.ICP.Results.Operations; len(ops) != 1 || ops[0].Operation != wire.ActionAddWebsite || ops[0].Codes[0].Code != 1999 || d.ICP.Results.Reviews != nil {
		t.Errorf("told: %+v", d.ICP.Results)
	}
}
