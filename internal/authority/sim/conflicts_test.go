package sim_test

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
)

// site is the one new website of a request.
func site(a *wire.AddWebsite) *wire.Website { return &a.Websites[0] }

// spoilt are requests of an added website that the authority's tables, lists
// and registry speak against, each in one way.
var spoilt = map[string]struct {
	prepare func(*bench)
	spoil   func(*wire.AddWebsite)
	code    int64
}{
	"a certificate that two filings have": {seeded(sim.Subject{Name: "杭州钱塘茶叶有限公司", CertificateType: 1, CertificateNumber: "91330100ma27xf4w0b"}), nil, 1003},
	"a private address": {nil, func(a *wire.AddWebsite) {
		site(a).Accesses[0].IPs[0].First, site(a).Accesses[0].IPs[0].Last = 167772161, 167772161
	}, 1006},
	"a name of digits":                     {nil, func(a *wire.AddWebsite) { site(a).Principal.Name = "123" }, 1007},
	"a certificate type that is none":      {nil, func(a *wire.AddWebsite) { site(a).Principal.CertificateType = 998 }, 1008},
	"an office phone without its number":   {nil, func(a *wire.AddWebsite) { site(a).Principal.OfficePhone = "0571-0571-88" }, 1010},
	"an MSN account without domain":        {nil, func(a *wire.AddWebsite) { site(a).Principal.MSN = "shen.zhiyuan" }, 1012},
	"a QQ number with letters":             {nil, func(a *wire.AddWebsite) { site(a).Principal.QQ = "QQ10001" }, 1013},
	"an area code that is none":            {seeded(sim.Subject{Licence: other, Name: "丙", CertificateNumber: "3", City: 330199}), byOther, 1019},
	"an area code of another province":     {seeded(sim.Subject{Licence: other, Name: "丙", CertificateNumber: "3", Province: 440000, City: 330100}), byOther, 1019},
	"a home page that another site has":    {homePageTaken, func(a *wire.AddWebsite) { site(a).HomePage = "WWW.first.example.cn/second.example.cn" }, 1021},
	"a home page with a space":             {nil, func(a *wire.AddWebsite) { site(a).HomePage = "www. second.example.cn" }, 1022},
	"a home page that is too long to file": {nil, func(a *wire.AddWebsite) { site(a).HomePage = "second.example.cn/" + strings.Repeat("a", 250) }, 1022},
	"an address of another provider": {ranged("198.51.100.0/24"), func(a *wire.AddWebsite) {
		site(a).Accesses[0].IPs[0].First, site(a).Accesses[0].IPs[0].Last = 3325256704, 3325256704
	}, 1024},
	"one access twice": {nil, func(a *wire.AddWebsite) {
		twin := site(a).Accesses[0]
		twin.ID, twin.IPs = 7001, []wire.IPRange{{ID: 7002, First: twin.IPs[0].First, Last: twin.IPs[0].Last}}
		site(a).Accesses = append(site(a).Accesses, twin)
	}, 1029},
	"an approval type that is none": {nil, func(a *wire.AddWebsite) {
		site(a).Approvals = &wire.Approvals{Items: []wire.Approval{{Type: 64, Number: "1", Scans: []wire.Base64{[]byte("\xff\xd8")}}}}
	}, 1033},
	"a service content that is none":         {nil, func(a *wire.AddWebsite) { site(a).Services.IDs = []int64{1, 64} }, 1034},
	"an access mode that is none":            {nil, func(a *wire.AddWebsite) { site(a).Accesses[0].Modes.IDs = []int64{64} }, 1035},
	"a server location that is none":         {nil, func(a *wire.AddWebsite) { site(a).Accesses[0].Places.IDs = []int64{64} }, 1036},
	"an access id sent before":               {nil, func(a *wire.AddWebsite) { site(a).Accesses[0].ID = 112 }, 1038},
	"a domain id sent before":                {nil, func(a *wire.AddWebsite) { site(a).Domains[0].ID = 111 }, 1039},
	"an IP id sent before":                   {nil, func(a *wire.AddWebsite) { site(a).Accesses[0].IPs[0].ID = 113 }, 1040},
	"a provider of another province":         {unit(sim.UnitElsewhere), nil, 1045},
	"a deleted provider":                     {unit(sim.UnitDeleted), nil, 1053},
	"a provider that is none":                {unit(sim.UnitInvalid), nil, 1054},
	"a provider without the right":           {unit(sim.UnitNoRight), nil, 5009},
	"a sheet of another's filing":            {nil, func(a *wire.AddWebsite) { a.Attachments[0].Info.Owner.Ref = wire.RecordRef{Licence: other + "-1"} }, 1055},
	"a certificate of another subject":       {nil, subjectPicture(other), 1055},
	"a domain on the blacklist":              {barred(`{"website":{"name":"假网站","domains":["SECOND.example.cn"]}}`), nil, 1064},
	"a name on the blacklist":                {barred(`{"website":{"name":"茶园second.example.cn","domains":["x.example.cn"]}}`), nil, 1064},
	"a subject on the blacklist":             {barred(`{"subject":{"name":"某","certificate_type":1,"certificate_number":"91330100ma27xf4w0b"}}`), nil, 1065},
	"a language that is none":                {nil, func(a *wire.AddWebsite) { site(a).Languages.IDs = []int64{64} }, 1066},
	"a service content no longer in force":   {codes(`{"tables":{"Wzfwlx_dms":[{"id":2,"name":"论坛"},{"id":1,"name":"博客","valid":0}]}}`), nil, 1034},
	"an ordered code":                        {scripted(`{"fate":"fail","codes":[1051]}`), nil, 1051},
	"a subject that was cancelled meanwhile": {pushedDown("ZXSJ", `{"licence":"`+licence+`"}`), nil, 1049},
}

const other = "浙ICP备2024000077号"

func TestConflictsAreFound(t *testing.T) {
	t.Parallel()
	for name, c := range spoilt {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, func(cfg *sim.Config) {
				cfg.Accounts = append(cfg.Accounts, sim.Account{ProviderID: 330022, User: "nb", Password: "pw", Province: 330000})
			})
			b.upload(1, b.seal(b.request("first.example.cn")), 0)
			if c.prepare != nil {
				c.prepare(b)
			}
			d := b.request("second.example.cn")
			if c.spoil != nil {
				c.spoil(&d.ICP.AddWebsites.Records[0])
			}
			b.upload(b.server.Channels()[0].LastSequence+1, b.seal(d), 0)
			if codes := b.failed(); !slices.Equal(codes, []int64{c.code}) {
				t.Errorf("codes %v, want %d", codes, c.code)
			}
		})
	}
}

func seeded(s sim.Subject) func(*bench) {
	return func(b *bench) {
		if _, err := b.server.Seed(s); err != nil {
			b.t.Fatal(err)
		}
	}
}

func byOther(a *wire.AddWebsite) {
	a.Subject.Licence, a.FilingPasswordHash = other, ""
}

func subjectPicture(of string) func(*wire.AddWebsite) {
	return func(a *wire.AddWebsite) {
		a.Attachments = append(a.Attachments, wire.Attachment{Info: wire.AttachmentInfo{Format: wire.FormatPNG, Purpose: wire.PurposeSubjectCertificate,
			Content: []byte("\x89PNG"), Owner: wire.AttachmentOwner{Type: wire.OwnerSubject, Ref: wire.RecordRef{Licence: of}}}})
	}
}

// homePageTaken files the first website with a home page that names the second too.
func homePageTaken(b *bench) {
	b.decide(b.only(), "sms-pass", "approve")
	b.fetch(3)
	b.fetch(0)
	d := b.request("www.first.example.cn")
	d.ICP.AddWebsites.Records[0].Websites[0].HomePage = "www.first.example.cn/second.example.cn"
	b.upload(2, b.seal(d), 0)
	b.decide(b.server.Records()[0], "sms-pass", "approve")
	b.fetch(3)
	b.fetch(0)
}

func (b *bench) decide(r sim.Record, acts ...string) {
	b.t.Helper()
	for _, act := range acts {
		b.post("/sim/api/records/"+id(r)+"/"+act, "", http.StatusNoContent)
	}
}

func ranged(prefix string) func(*bench) {
	return func(b *bench) {
		if err := b.server.Permit(330022, sim.Permission{Ranges: []netip.Prefix{netip.MustParsePrefix(prefix)}}); err != nil {
			b.t.Fatal(err)
		}
	}
}

func unit(u sim.Unit) func(*bench) {
	return func(b *bench) {
		b.send(http.MethodPatch, "/sim/api/providers/330011", `{"unit":"`+string(u)+`"}`, http.StatusOK)
	}
}

// pushedDown sends a download and takes it off the queue.
func pushedDown(element, body string) func(*bench) {
	return func(b *bench) {
		b.post("/sim/api/push/"+element, body, http.StatusNoContent)
		b.opened()
	}
}

func barred(body string) func(*bench) {
	return func(b *bench) {
		b.post("/sim/api/blacklist", body, http.StatusNoContent)
		b.opened()
	}
}

func codes(body string) func(*bench) {
	return func(b *bench) {
		b.post("/sim/api/base-codes", body, http.StatusNoContent)
		b.opened()
	}
}

func scripted(body string) func(*bench) {
	return func(b *bench) { b.post("/sim/api/outcomes", body, http.StatusOK) }
}

func TestWhatIsCancelledCanBeFiledAgain(t *testing.T) {
	t.Parallel()
	b := start(t, automatic)
	d := b.request("old.example.cn") // the domain of the seeded website
	b.upload(1, b.seal(d), 0)
	if codes := b.failed(); !slices.Equal(codes, []int64{1005}) {
		t.Fatalf("codes %v", codes)
	}
	pushedDown("ZXSJ", `{"licence":"`+licence+`-1"}`)(b)
	status, err := b.client.QueryBeianStatus(t.Context(), wire.QueryDomain, "old.example.cn")
	if err != nil || status.Filed() {
		t.Errorf("status %+v, %v", status.Status, err)
	}
	b.upload(2, b.seal(b.request("old.example.cn")), 0)
	b.fetch(3)
	if w := b.fetch(0).ICP.Filed.Records[0].Websites[0]; w.Licence != licence+"-2" {
		t.Errorf("licence %s: a number was given twice", w.Licence)
	}
	pushedDown("ZXSJ", `{"licence":"`+licence+`"}`)(b)
	b.post("/sim/api/push/XGTZ", `{"licence":"`+licence+`"}`, http.StatusNotFound)
}

func TestLiftedBansCountNoMore(t *testing.T) {
	t.Parallel()
	b := start(t)
	site := `{"website":{"name":"茶园a.example.cn","domains":["a.example.cn"]}`
	barred(site + `}`)(b)
	barred(site + `,"lift":true}`)(b)
	b.upload(1, b.seal(b.request("a.example.cn")), 0)
	if r := b.only(); r.State != sim.AwaitingSMS {
		t.Errorf("record %+v", r)
	}
	if text := b.send(http.MethodGet, "/sim/api/blacklist", "", http.StatusOK); !strings.Contains(text, `{"subjects":[],"websites":[]}`) {
		t.Errorf("blacklist %s", text)
	}
}
