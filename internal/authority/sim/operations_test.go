package sim_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/authority/wire/wiretest"
)

// report uploads requests, lets them pass SMS check and review, and gives what
// comes back. Every file is held to the schemas, but for what the schema of
// downloads is known to lack.
func (b *bench) report(u wire.UploadICP) (results []wire.OperationResult, rest []wire.DownloadICP) {
	b.t.Helper()
	u.ProviderID = provider
	document, err := b.client.Profile.Encode(wire.UploadData{ICP: &u})
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Run("upload schema", func(t *testing.T) { wiretest.Validate(t, wiretest.UploadSchema, document) })
	sealed, err := b.client.Profile.Seal(document)
	if err != nil {
		b.t.Fatal(err)
	}
	b.upload(b.server.Channels()[0].LastSequence+1, sealed, 0)
	for _, r := range b.server.Records() {
		if r.State == sim.AwaitingSMS {
			b.decide(r, "sms-pass")
		}
		if r.State == sim.AwaitingSMS || r.State == sim.InReview {
			b.decide(r, "approve")
		}
	}
	for len(b.server.Channels()[0].Waiting) > 0 {
		r, err := b.client.Download(b.t.Context())
		if err != nil || r.File == nil {
			b.t.Fatalf("download %+v, %v", r, err)
		}
		document, err := b.client.Profile.Open(r.File.Sealed())
		if err != nil {
			b.t.Fatal(err)
		}
		if _, err := b.client.DownloadAck(b.t.Context(), r.File.Name); err != nil {
			b.t.Fatal(err)
		}
		d, err := wire.DecodeDownload(document)
		if err != nil || d.ICP == nil || len(d.Unknown()) > 0 {
			b.t.Fatalf("decode %v, unknown %v", err, d.Unknown())
		}
		if !beyondSchema(d.ICP) {
			b.t.Run("download schema", func(t *testing.T) { wiretest.Validate(t, wiretest.DownloadSchema, document) })
		}
		if d.ICP.Results != nil {
			results = append(results, d.ICP.Results.Operations...)
		} else {
			rest = append(rest, *d.ICP)
		}
	}
	return results, rest
}

// beyondSchema says that a download has what the specification's text describes
// and its schema forgot: the action 35 and the kind of a cancelled access.
func beyondSchema(d *wire.DownloadICP) bool {
	return d.Results != nil && slices.ContainsFunc(d.Results.Operations, func(o wire.OperationResult) bool { return o.Operation == wire.ActionVerification }) ||
		d.Cancelled != nil && d.Cancelled.Records[0].Kind == wire.CancelAccess
}

func codesOf(results []wire.OperationResult) string {
	var out []string
	for _, o := range results {
		for _, c := range o.Codes {
			out = append(out, fmt.Sprintf("%d/%s:%d", o.Operation, o.Ref, c.Code))
		}
	}
	return strings.Join(out, " ")
}

func (b *bench) first(change ...func(*wire.FirstFiling)) wire.UploadICP {
	b.next += 10
	n := b.next
	site := b.request(fmt.Sprintf("n%d.example.cn", n)).ICP.AddWebsites.Records[0].Websites[0]
	f := wire.FirstFiling{
		Subject: wire.NewSubject{ID: n, Name: "成都蜀锦织造有限公司", Nature: 4, Address: wire.PostalAddress{Province: 510000, City: 510100, Street: "锦江区一号"},
			Certificate: wire.SubjectCertificate{Type: 1, Number: "91510100MA6DFK3G6P", Address: "锦江区一号"}, Principal: site.Principal},
		Websites: []wire.Website{site},
		Attachments: []wire.FirstAttachment{{Info: wire.FirstAttachmentInfo{Format: wire.FormatPNG, Purpose: wire.PurposeSubjectCertificate, Content: []byte("\x89PNG"),
			Owner: wire.FirstAttachmentOwner{Type: wire.OwnerSubject, ID: n}}}},
	}
	for _, c := range change {
		c(&f)
	}
	return wire.UploadICP{FirstFilings: &wire.FirstFilings{Records: []wire.FirstFiling{f}}}
}

// own files a website of the seeded subject through us and gives it.
func (b *bench) own() wire.FiledWebsite {
	b.t.Helper()
	_, rest := b.report(*b.request("own.example.cn").ICP)
	return rest[0].Filed.Records[0].Websites[0]
}

func TestFirstFilingMakesASubject(t *testing.T) {
	t.Parallel()
	b := start(t)
	u := b.first()
	results, rest := b.report(u)
	if got, want := codesOf(results), fmt.Sprintf("1/%d:1001", u.FirstFilings.Records[0].Subject.ID); got != want {
		t.Errorf("results %s, want %s", got, want)
	}
	r := rest[0].Filed.Records[0]
	if r.Subject.Licence != "蜀ICP备2026000001号" || r.Websites[0].Licence != r.Subject.Licence+"-1" || r.Subject.OurID != u.FirstFilings.Records[0].Subject.ID || r.Subject.AuthorityID == 0 {
		t.Errorf("filed %+v", r)
	}
	s := b.server.Subjects()[1]
	if v, err := b.client.VerifyBamm(t.Context(), s.Licence, wire.Secret(s.FilingPassword)); err != nil || !v.Matches() {
		t.Errorf("its password does not match: %+v, %v", v, err)
	}
	if q, err := b.client.QueryBeianStatus(t.Context(), 1, "91510100MA6DFK3G6P"); err != nil || q.Status.SubjectLicence != s.Licence {
		t.Errorf("status %+v, %v", q, err)
	}
	again, _ := b.report(b.first())
	if !strings.HasSuffix(codesOf(again), ":1003") {
		t.Errorf("the same subject again: %s", codesOf(again))
	}
}

func TestFirstFilingsAreChecked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*wire.FirstFiling)
		code  int64
	}{
		"a nature that is none":           {func(f *wire.FirstFiling) { f.Subject.Nature = 998 }, 1014},
		"a certificate type that is none": {func(f *wire.FirstFiling) { f.Subject.Certificate.Type = 998 }, 1008},
		"a resident id with a wrong digit": {func(f *wire.FirstFiling) {
			f.Subject.Certificate = wire.SubjectCertificate{Type: 2, Number: "110105194912310021", Address: "x"}
		}, 1015},
		"an area code that is none": {func(f *wire.FirstFiling) { f.Subject.Address.City = 519900 }, 1019},
		"a subject that is filed":   {func(f *wire.FirstFiling) { f.Subject.Certificate.Number = "91330100MA27XF4W0B" }, 1003},
		"a blacklisted subject":     {func(f *wire.FirstFiling) { f.Subject.Certificate.Number = "91510100MA00000000" }, 1065},
		"a domain that is filed": {func(f *wire.FirstFiling) {
			f.Websites[0].Domains[0].Name, f.Websites[0].HomePage = "old.example.cn", ""
		}, 1005},
		"a picture of somebody else":  {func(f *wire.FirstFiling) { f.Attachments[0].Info.Owner.ID = 1 }, 1055},
		"a mobile of 12 digits":       {func(f *wire.FirstFiling) { f.Subject.Principal.Mobile = "139000000001" }, 1011},
		"an unknown kind of content":  {func(f *wire.FirstFiling) { f.Websites[0].Services.IDs = []int64{64} }, 1034},
		"a picture that is not a PNG": {func(f *wire.FirstFiling) { f.Attachments[0].Info.Content = []byte("GIF89a") }, 5010},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t)
			barred(`{"subject":{"name":"某","certificate_type":1,"certificate_number":"91510100ma00000000"}}`)(b)
			results, rest := b.report(b.first(c.spoil))
			if !strings.HasSuffix(codesOf(results), fmt.Sprintf(":%d", c.code)) || len(results[0].Codes) != 1 || len(rest) > 0 {
				t.Errorf("results %s, want %d", codesOf(results), c.code)
			}
		})
	}
}

func access(b *bench, change ...func(*wire.AddAccess)) wire.UploadICP {
	b.next += 10
	a := wire.AddAccess{Website: wire.WebsiteRef{Licence: licence + "-1"}, ID: b.next, Places: wire.PlaceIDs{IDs: []int64{11}}, Modes: wire.ModeIDs{IDs: []int64{5}},
		IPs: []wire.IPRange{{ID: b.next + 1, First: 3405803784, Last: 3405803784}}, FilingPasswordHash: wire.V30().FilingPasswordHash("tea12345")}
	for _, c := range change {
		c(&a)
	}
	return wire.UploadICP{AddAccesses: &wire.AddAccesses{Records: []wire.AddAccess{a}}}
}

func TestAccessIsAddedAndCancelled(t *testing.T) {
	t.Parallel()
	b := start(t)
	results, rest := b.report(access(b))
	if codesOf(results) != "3/"+licence+"-1:1001" {
		t.Errorf("results %s", codesOf(results))
	}
	w := rest[0].Filed.Records[0].Websites[0]
	if len(w.Accesses) != 2 || w.Accesses[1].ProviderID != provider || w.Accesses[1].OurID != b.next {
		t.Fatalf("accesses %+v", w.Accesses)
	}
	for name, c := range map[string]struct {
		change func(*wire.AddAccess)
		code   int64
	}{
		"the same addresses again": {func(*wire.AddAccess) {}, 1029},
		"a wrong filing password": {func(a *wire.AddAccess) {
			a.FilingPasswordHash, a.IPs[0].First, a.IPs[0].Last = "x", 3405803790, 3405803790
		}, 1018},
		"a website that is none":    {func(a *wire.AddAccess) { a.Website.Licence = licence + "-9" }, 1059},
		"a website id that is none": {func(a *wire.AddAccess) { a.Website = wire.WebsiteRef{AuthorityID: 7} }, 1059},
		"an id that was used already": {func(a *wire.AddAccess) {
			a.ID, a.IPs[0].First, a.IPs[0].Last = w.Accesses[1].OurID, 3405803791, 3405803791
		}, 1038},
	} {
		results, _ := b.report(access(b, c.change))
		if !strings.HasSuffix(codesOf(results), fmt.Sprintf(":%d", c.code)) {
			t.Errorf("%s: %s, want %d", name, codesOf(results), c.code)
		}
	}
	results, rest = b.report(cancel(wire.CancelAccess, w.Accesses[1].AuthorityID, ""))
	if !strings.HasSuffix(codesOf(results), ":1001") || rest[0].Cancelled.Records[0].RecordID != w.Accesses[1].AuthorityID {
		t.Errorf("cancelled %s, %+v", codesOf(results), rest)
	}
}

func cancel(kind, id int64, password string) wire.UploadICP {
	c := wire.Cancellation{Kind: kind, RecordID: id, Reason: 1}
	if password != "" {
		c.FilingPasswordHash = wire.V30().FilingPasswordHash(wire.Secret(password))
	}
	return wire.UploadICP{Cancellations: &wire.Cancellations{Records: []wire.Cancellation{c}}}
}

func TestCancellationsAreCheckedAndDone(t *testing.T) {
	t.Parallel()
	b := start(t)
	w := b.own()
	subject := b.server.Subjects()[0]
	bad := cancel(wire.CancelWebsite, w.AuthorityID, "")
	bad.Cancellations.Records[0].Reason = 998
	for name, c := range map[string]struct {
		u    wire.UploadICP
		code int64
	}{
		"a reason that is none":        {bad, 1026},
		"a website of another":         {cancel(wire.CancelWebsite, subject.Websites[0].ID, ""), 1048},
		"a website that is none":       {cancel(wire.CancelWebsite, 7, ""), 1059},
		"a subject that is none":       {cancel(wire.CancelSubject, 7, "x"), 1058},
		"a subject, wrong password":    {cancel(wire.CancelSubject, subject.ID, "x"), 1018},
		"the only access":              {cancel(wire.CancelAccess, w.Accesses[0].AuthorityID, ""), 1025},
		"an access that is none":       {cancel(wire.CancelAccess, 7, ""), 1016},
		"a website with a wrong proof": {cancel(wire.CancelWebsite, w.AuthorityID, "x"), 1018},
	} {
		results, rest := b.report(c.u)
		if !strings.HasSuffix(codesOf(results), fmt.Sprintf(":%d", c.code)) || len(rest) > 0 {
			t.Errorf("%s: %s, want %d", name, codesOf(results), c.code)
		}
	}
	results, rest := b.report(cancel(wire.CancelWebsite, w.AuthorityID, ""))
	if codesOf(results) != fmt.Sprintf("7/%d:1001", w.AuthorityID) || rest[0].Cancelled.Records[0].Kind != wire.CancelWebsite {
		t.Errorf("website: %s %+v", codesOf(results), rest)
	}
	if results, _ := b.report(cancel(wire.CancelWebsite, w.AuthorityID, "")); !strings.HasSuffix(codesOf(results), ":1050") {
		t.Errorf("a second time: %s", codesOf(results))
	}
	b.report(access(b)) // so that the subject is ours to cancel
	results, rest = b.report(cancel(wire.CancelSubject, subject.ID, "tea12345"))
	if codesOf(results) != fmt.Sprintf("6/%d:1001", subject.ID) || rest[0].Cancelled.Records[0].Kind != wire.CancelSubject {
		t.Errorf("subject: %s %+v", codesOf(results), rest)
	}
	if q, err := b.client.QueryBeianStatus(t.Context(), wire.QueryDomain, "old.example.cn"); err != nil || q.Filed() {
		t.Errorf("still filed: %+v, %v", q, err)
	}
}

func TestCancellationsUnderWayExcludeEachOther(t *testing.T) {
	t.Parallel()
	b := start(t)
	w := b.own()
	subject := b.server.Subjects()[0].ID
	next := func(u wire.UploadICP) sim.Record {
		t.Helper()
		u.ProviderID = provider
		b.upload(b.server.Channels()[0].LastSequence+1, b.seal(wire.UploadData{ICP: &u}), 0)
		return b.server.Records()[0]
	}
	website := next(cancel(wire.CancelWebsite, w.AuthorityID, ""))
	if r := next(cancel(wire.CancelWebsite, w.AuthorityID, "")); fmt.Sprint(r.Codes) != "[1030]" {
		t.Errorf("website twice: %v", r.Codes)
	}
	if r := next(cancel(wire.CancelSubject, subject, "tea12345")); fmt.Sprint(r.Codes) != "[1043]" {
		t.Errorf("subject while a website is being cancelled: %v", r.Codes)
	}
	b.post("/sim/api/records/"+id(website)+"/reject", `{"reason":"x"}`, http.StatusNoContent)
	whole := next(cancel(wire.CancelSubject, subject, "tea12345"))
	if whole.State != sim.InReview { // no SMS check
		t.Fatalf("subject: %+v", whole)
	}
	if r := next(cancel(wire.CancelSubject, subject, "tea12345")); fmt.Sprint(r.Codes) != "[1027]" {
		t.Errorf("subject twice: %v", r.Codes)
	}
	if r := next(cancel(wire.CancelWebsite, w.AuthorityID, "")); fmt.Sprint(r.Codes) != "[1042]" {
		t.Errorf("website while the subject is being cancelled: %v", r.Codes)
	}
	if r := next(b.changed(w)); fmt.Sprint(r.Codes) != "[1052]" {
		t.Errorf("change while the subject is being cancelled: %v", r.Codes)
	}
}

// changed is a change of the seeded subject and a website of ours.
func (b *bench) changed(w wire.FiledWebsite, change ...func(*wire.Change)) wire.UploadICP {
	z := b.server.Subjects()[0]
	site := b.request("x.example.cn").ICP.AddWebsites.Records[0].Websites[0]
	c := wire.Change{
		Subject: wire.ChangedSubject{AuthorityID: z.ID, Name: z.Name + "（新）", Licence: z.Licence, Nature: 4, Address: wire.PostalAddress{Province: 330000, City: 330100},
			Certificate: wire.SubjectCertificate{Type: 1, Number: z.CertificateNumber, Address: "西湖区"}, Principal: site.Principal},
		Websites: []wire.ChangedWebsite{{AuthorityID: w.AuthorityID, Name: "新名称", Services: site.Services, Languages: site.Languages, Licence: w.Licence, Principal: site.Principal,
			Domains: []wire.ChangedDomain{{ID: w.Domains[0].OurID, AuthorityID: w.Domains[0].AuthorityID, Name: w.Domains[0].Name}, {ID: b.next + 5, Name: "more.example.cn"}},
			Accesses: []wire.ChangedAccess{{AuthorityID: w.Accesses[0].AuthorityID, Places: w.Accesses[0].Places, Modes: w.Accesses[0].Modes,
				IPs: []wire.ChangedIP{{ID: b.next + 6, First: 3405803799, Last: 3405803799}}}},
			HomePage: w.HomePage}},
	}
	for _, f := range change {
		f(&c)
	}
	return wire.UploadICP{Changes: &wire.Changes{Records: []wire.Change{c}}}
}

func TestChangeReplacesWhatIsFiled(t *testing.T) {
	t.Parallel()
	b := start(t)
	w := b.own()
	results, rest := b.report(b.changed(w))
	if codesOf(results) != fmt.Sprintf("4/%d:1001", b.server.Subjects()[0].ID) {
		t.Fatalf("results %s", codesOf(results))
	}
	r := rest[0].Filed.Records[0]
	got := r.Websites[0]
	if !strings.HasSuffix(r.Subject.Name, "（新）") || got.Name != "新名称" || got.Licence != w.Licence || got.AuthorityID != w.AuthorityID || len(got.Domains) != 2 ||
		got.Domains[0].AuthorityID != w.Domains[0].AuthorityID || got.Accesses[0].IPs[0].First != 3405803799 {
		t.Errorf("filed %+v", r)
	}
	if q, err := b.client.QueryBeianStatus(t.Context(), wire.QueryDomain, "more.example.cn"); err != nil || q.Status.WebsiteLicence != w.Licence {
		t.Errorf("the new domain: %+v, %v", q, err)
	}
	for name, c := range map[string]struct {
		change func(*wire.Change)
		code   int64
	}{
		"another province":          {func(c *wire.Change) { c.Subject.Address = wire.PostalAddress{Province: 510000, City: 510100} }, 1046},
		"a subject that is none":    {func(c *wire.Change) { c.Subject.AuthorityID = 7 }, 1058},
		"another licence number":    {func(c *wire.Change) { c.Subject.Licence = other }, 1016},
		"a website that is none":    {func(c *wire.Change) { c.Websites[0].AuthorityID = 7 }, 1059},
		"a filed domain":            {func(c *wire.Change) { c.Websites[0].Domains[1].Name = "old.example.cn" }, 1005},
		"a domain id that is none":  {func(c *wire.Change) { c.Websites[0].Domains[0].AuthorityID = 7 }, 1016},
		"an access that is none":    {func(c *wire.Change) { c.Websites[0].Accesses[0].AuthorityID = 7 }, 1016},
		"the name of a sister site": {func(c *wire.Change) { c.Websites[0].Name = "钱塘茶叶" }, 1020},
		"a wrong filing password":   {func(c *wire.Change) { c.FilingPasswordHash = "x" }, 1018},
		"a home page elsewhere":     {func(c *wire.Change) { c.Websites[0].HomePage = "www.example.org" }, 1041},
	} {
		results, rest := b.report(b.changed(got, c.change))
		if !strings.HasSuffix(codesOf(results), fmt.Sprintf(":%d", c.code)) || len(results[0].Codes) != 1 || len(rest) > 0 {
			t.Errorf("%s: %s, want %d", name, codesOf(results), c.code)
		}
	}
}

func TestVerificationMaterialIsStoredAtOnce(t *testing.T) {
	t.Parallel()
	b := start(t)
	w := b.own()
	send := func(owner wire.AttachmentOwner, purpose int64) string {
		results, rest := b.report(wire.UploadICP{Verifications: &wire.Verifications{Records: []wire.AttachmentInfo{{Format: wire.FormatJPEG, Purpose: purpose,
			Content: []byte("\xff\xd8"), Owner: owner}}}})
		if len(rest) > 0 {
			t.Errorf("also came %+v", rest)
		}
		return codesOf(results)
	}
	site := func(licence string) wire.AttachmentOwner {
		return wire.AttachmentOwner{Type: wire.OwnerWebsite, Ref: wire.RecordRef{Licence: licence}}
	}
	for want, got := range map[string]string{
		"35/" + w.Licence + ":1060": send(site(w.Licence), wire.PurposeVerificationSheet),
		"35/" + licence + "-1:1048": send(site(licence+"-1"), wire.PurposeVerificationSheet),
		"35/" + licence + "-9:1059": send(site(licence+"-9"), wire.PurposeVerificationSheet),
		"35/" + w.Licence + ":1061": send(site(w.Licence), wire.PurposeSubjectCertificate),
		"35/" + licence + ":1060":   send(wire.AttachmentOwner{Type: wire.OwnerSubject, Ref: wire.RecordRef{Licence: licence}}, wire.PurposeSubjectCertificate),
		"35/" + other + "（无）:1058":  send(wire.AttachmentOwner{Type: wire.OwnerSubject, Ref: wire.RecordRef{Licence: other + "（无）"}}, wire.PurposeSubjectCertificate),
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestEveryRequestOutlivesARestart(t *testing.T) {
	t.Parallel()
	b := start(t)
	w := b.own()
	all := []wire.UploadICP{b.first(), *b.request("a.example.cn").ICP, access(b), b.changed(w), cancel(wire.CancelWebsite, w.AuthorityID, ""),
		cancel(wire.CancelAccess, w.Accesses[0].AuthorityID, ""), cancel(wire.CancelSubject, 7, "x"),
		{Verifications: &wire.Verifications{Records: []wire.AttachmentInfo{{Format: 1, Purpose: 1, Content: []byte("\xff\xd8"), Owner: wire.AttachmentOwner{Type: 2, Ref: wire.RecordRef{RecordID: w.AuthorityID}}}}}}}
	for _, u := range all {
		u.ProviderID = provider
		b.upload(b.server.Channels()[0].LastSequence+1, b.seal(wire.UploadData{ICP: &u}), 0)
	}
	before := b.send(http.MethodGet, "/sim/api/records", "", http.StatusOK)
	page := b.visitor().read("/sim/")
	b.misbehave(sim.Fault{Kind: sim.FaultRestart})
	b.lost(func() error { _, err := b.client.QueryPreviousUpload(t.Context()); return err })
	if after := b.send(http.MethodGet, "/sim/api/records", "", http.StatusOK); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
	if after := b.visitor().read("/sim/"); after != page {
		t.Errorf("the page differs")
	}
	for _, zh := range []string{"首次备案", "新增网站", "新增接入", "变更", "注销网站", "取消接入", "注销主体", "补交核验材料"} {
		if !strings.Contains(page, zh) {
			t.Errorf("the page lacks %s", zh)
		}
	}
}
