package precheck

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/rules"
	"github.com/openbeian/beian/internal/store"
)

func TestInputFaultsAreToldTogetherAndCostNothing(t *testing.T) {
	t.Parallel()
	number := func(kind int, n string) Input {
		return with(unit(), func(in *Input) { in.CertificateType, in.CertificateNumber = kind, n })
	}
	for rule, c := range map[string]struct {
		in   Input
		want map[string]string
	}{
		"nothing told":                    {Input{}, map[string]string{"/domain": domaincheck.CodeEmpty, "/nature": "precheck.nature", "/region": "precheck.region"}},
		"an address for a domain":         {with(unit(), func(in *Input) { in.Domain = "203.0.113.7" }), map[string]string{"/domain": domaincheck.CodeIP}},
		"no such province":                {with(unit(), func(in *Input) { in.Region = "99" }), map[string]string{"/region": "precheck.region"}},
		"no such county":                  {with(unit(), func(in *Input) { in.Region = "110199" }), map[string]string{"/region": "precheck.region"}},
		"Hong Kong has no bureau":         {with(unit(), func(in *Input) { in.Region = "810000" }), map[string]string{"/region": "precheck.region"}},
		"no such organiser":               {with(unit(), func(in *Input) { in.Nature = 7 }), map[string]string{"/nature": "precheck.nature"}},
		"no such content":                 {with(unit(), func(in *Input) { in.ServiceContent = 99 }), map[string]string{"/service_content": "precheck.service_content"}},
		"no such certificate":             {number(99, ""), map[string]string{"/certificate_type": "precheck.certificate_type"}},
		"a person's card of a unit":       {number(icp.CertResidentID, residentID), map[string]string{"/certificate_type": "precheck.certificate_nature"}},
		"a number without its type":       {number(0, creditCode), map[string]string{"/certificate_type": "precheck.number_alone"}},
		"a number with a wrong character": {number(icp.CertBusinessLicence, "91110108MA0YK7W262"), map[string]string{"/certificate_number": "id.credit_code.checksum"}},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, outside{}, func(o *Options) { o.PerHour = 1 })
			for range 3 {
				_, err := d.Run(t.Context(), c.in, "203.0.113.5")
				var e *icp.Error
				if !errors.As(err, &e) || e.Kind != icp.Invalid || len(e.Fields) != len(c.want) {
					t.Fatalf("%v", err)
				}
				for _, f := range e.Fields {
					if c.want[f.Pointer] != f.Code {
						t.Errorf("%s: %s", f.Pointer, f.Code)
					}
				}
			}
			d.run(unit())
		})
	}
}

func TestInputIsTakenAsMeant(t *testing.T) {
	t.Parallel()
	in := Input{Domain: " HTTPS://shop.云杉数字.中国/a ", Nature: natureUnit, Region: "11", CertificateType: 1, CertificateNumber: " 91110108ma0yk7w261 "}
	q, err := read(in, refdata.Builtin())
	if err != nil || q.name.Unicode != "云杉数字.中国" || q.name.Cut != "shop" || q.Region != beijing || q.CertificateNumber != creditCode || q.doubt != "" {
		t.Errorf("%+v, %v", q, err)
	}
}

func TestNothingPersonalIsKept(t *testing.T) {
	t.Parallel()
	const name = "林知夏的花草公司2026"
	in := with(individual(), func(in *Input) {
		in.CertificateType, in.CertificateNumber, in.WebsiteName = icp.CertResidentID, residentID, name
		in.Region = "440000" // so that a rule speaks of the number
	})
	d := newDesk(t, outside{open: true})
	k, err := d.Run(t.Context(), in, "203.0.113.5")
	if err != nil {
		t.Fatal(err)
	}
	if k.Report.Verdict != Blocked || !slices.ContainsFunc(k.Report.Papers, func(p Paper) bool { return p.Kind == icp.MaterialResidenceProof && p.Certain }) {
		t.Fatalf("the name and the number were not judged: %+v", k.Report)
	}
	var row store.Precheck
	err = d.store.View(t.Context(), func(tx *store.Tx) (err error) {
		row, err = tx.Precheck(t.Context(), k.ID, now)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := json.Marshal(k.Report)
	if err != nil {
		t.Fatal(err)
	}
	for what, text := range map[string][]byte{"the row": row.Report, "the answer": answer} {
		for _, secret := range []string{residentID, residentID[6:14], name, "花草", "林知夏", "203.0.113.5", "203.0.113.9"} {
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("%s has %s: %s", what, secret, text)
			}
		}
	}
	again, err := d.Read(t.Context(), k.ID)
	if err != nil {
		t.Fatal(err)
	}
	if a := again.Report.Asked; !a.CertificateGiven || !a.NameGiven || a.WebsiteName != "" || a.CertificateType != icp.CertResidentID {
		t.Errorf("asked %+v", a)
	}
}

func TestAUnitsSiteNameIsKept(t *testing.T) {
	t.Parallel()
	in := with(known(), func(in *Input) { in.WebsiteName = "云杉数字科技" })
	r := newDesk(t, filedSubject).run(in)
	text, err := json.Marshal(r)
	if err != nil || r.Asked.WebsiteName != in.WebsiteName || bytes.Contains(text, []byte(creditCode)) {
		t.Errorf("%s, %v", text, err)
	}
}

// aged is a resident id of somebody born in Beijing on a day.
func aged(birth string) string {
	body := "110108" + birth + "002"
	sum := 0
	for i, c := range body {
		sum += int(c-'0') * (1 << (17 - i) % 11)
	}
	return body + string("10X98765432"[sum%11])
}

func TestAnAgeIsNotRepeatedNorABirthdayTold(t *testing.T) {
	t.Parallel()
	r := newDesk(t, outside{}).run(with(individual(), func(in *Input) { in.CertificateType, in.CertificateNumber = icp.CertResidentID, aged("20130101") }))
	i := slices.IndexFunc(r.Findings, func(f Finding) bool { return strings.HasSuffix(f.Message.Key, ".about") })
	if i < 0 || r.Verdict != Blocked || r.Findings[i].Message.Params["age"] != "" || !r.Findings[i].RetryAt.IsZero() {
		t.Errorf("%+v", r.Findings)
	}
}

func TestWhoDoesNotAnswerInTimeStopsNobody(t *testing.T) {
	t.Parallel()
	d := newDesk(t, outside{silent: true}, func(o *Options) { o.Timeout = 20 * time.Millisecond })
	r := d.run(with(known(), func(in *Input) { in.SubjectFiled = Yes }))
	if r.Verdict != Unsure || r.Kind.Basis != BySilence || r.Kind.Type != icp.AddWebsite || r.Domain.Filed != Unknown || len(r.Findings) > 0 {
		t.Errorf("%s %+v %+v", r.Verdict, r.Kind, r.Findings)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Run(gone, unit(), "203.0.113.6"); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits, but: %v", err)
	}
}

func TestDuration(t *testing.T) {
	t.Parallel()
	told := func(in Input) Input { return with(in, func(in *Input) { in.SubjectFiled = Yes }) }
	r := newDesk(t, outside{}).run(told(unit())).Time
	if r.Review != 1 || r.SMSHours != 24 || !r.Published || r.Least != 15 || r.Most != 17 || r.AsOf != "2022" || r.LegalMax != 20 || r.Beyond || !r.Earliest.IsZero() {
		t.Errorf("%+v", r)
	}
	// Tuesday: reviewed on the 11th; 15 working days; or, after the message check, 17 and 20, over 清明 on April 6th.
	for _, c := range []struct {
		got  time.Time
		want string
	}{{r.From, "2026-04-01"}, {r.To, "2026-04-07"}, {r.Latest, "2026-04-10"}} {
		if day := c.got.Format(time.DateOnly); day != c.want {
			t.Errorf("%s, want %s", day, c.want)
		}
	}
	me := newDesk(t, outside{}).run(told(individual())).Time
	if !me.Earliest.Equal(now.Add(48*time.Hour)) || len(me.Because) != 1 || me.Because[0].Message.Key != "precheck.because.account" {
		t.Errorf("a person's new account waits: %+v", me)
	}
	fresh := func(f *domaincheck.Facts) { f.RealNameSince = now.Add(-time.Hour) }
	late := newDesk(t, outside{facts: fresh}).run(told(individual())).Time
	if len(late.Because) != 2 || late.Because[0].Message.Key != "domain.check.real_name.waiting" || !late.Earliest.Equal(late.Because[0].Until) || !late.From.After(r.From) {
		t.Errorf("the longest wait counts: %+v", late)
	}
	none := newDesk(t, outside{}).run(with(told(unit()), func(in *Input) { in.Region = "650000" })).Time
	if none.Published && none.AsOf == "" || !none.Published && (none.Least != 1 || none.Most != 20) {
		t.Errorf("%+v", none)
	}
}

func TestTheEndOfTheCalendarIsTold(t *testing.T) {
	t.Parallel()
	d := newDesk(t, outside{})
	d.clock.Advance(time.Date(2026, 12, 15, 4, 0, 0, 0, time.UTC).Sub(now))
	r := d.run(unit()).Time
	if !r.Beyond || r.KnownUntil != "2026-12-31" || r.To.Before(r.From) || r.From.IsZero() {
		t.Errorf("%+v", r)
	}
}

func TestPapers(t *testing.T) {
	t.Parallel()
	region := func(in Input, code string) Input { return with(in, func(in *Input) { in.Region = code }) }
	elsewhere := with(individual(), func(in *Input) { in.CertificateType, in.CertificateNumber = icp.CertResidentID, residentID })
	hidden := outside{facts: func(f *domaincheck.Facts) { f.RegistrantName, f.RealName, f.Redacted = "", "", true }}
	for rule, c := range map[string]struct {
		world             outside
		in                Input
		kind              icp.MaterialKind
		certain, required bool
	}{
		"a unit shows its certificate":                      {outside{}, unit(), icp.MaterialSubjectCertificate, true, true},
		"a person shows both sides":                         {outside{}, individual(), icp.MaterialPrincipalBack, true, true},
		"Guangdong wants a pledge of everybody":             {outside{}, region(unit(), "440000"), icp.MaterialPledge, true, true},
		"a person from elsewhere proves residence":          {outside{}, region(elsewhere, "440000"), icp.MaterialResidenceProof, true, true},
		"without a number that may be":                      {outside{}, region(individual(), "440000"), icp.MaterialResidenceProof, false, true},
		"another person may answer for the website":         {outside{}, unit(), icp.MaterialWebsitePrincipalFront, false, true},
		"the content may want an approval":                  {outside{}, unit(), icp.MaterialPreApproval, false, true},
		"the registry does not tell of verification":        {hidden, unit(), icp.MaterialDomainRealName, true, false},
		"the registry hides the holder":                     {hidden, unit(), icp.MaterialDomainCertificate, true, false},
		"a law firm in Beijing, if it files with a licence": {outside{}, with(unit(), func(in *Input) { in.Nature, in.CertificateType = 11, 21 }), icp.MaterialTradeLicence, true, true},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			papers := newDesk(t, c.world).run(c.in).Papers
			i := slices.IndexFunc(papers, func(p Paper) bool { return p.Kind == c.kind })
			if i < 0 || papers[i].Certain != c.certain || papers[i].Required != c.required || len(papers[i].Reasons) == 0 {
				t.Fatalf("%+v", papers)
			}
			if !slices.IsSortedFunc(papers, func(a, b Paper) int { return a.weight() - b.weight() }) {
				t.Errorf("not sorted: %+v", papers)
			}
		})
	}
	for _, p := range newDesk(t, outside{}).run(individual()).Papers {
		if p.Kind == icp.MaterialPreApproval || p.Kind == icp.MaterialWebsitePrincipalFront {
			t.Errorf("a person is asked for %s", p.Kind)
		}
	}
}

func TestReportsEnd(t *testing.T) {
	t.Parallel()
	d := newDesk(t, outside{}, func(o *Options) { o.Keep = time.Hour })
	k, err := d.Run(t.Context(), unit(), "203.0.113.5")
	if err != nil || len(k.ID) < 24 || !k.Until.Equal(now.Add(time.Hour)) {
		t.Fatalf("%+v, %v", k, err)
	}
	got, err := d.Read(t.Context(), k.ID)
	if err != nil || got.Report.Verdict != k.Report.Verdict || got.Report.Asked != k.Report.Asked || !got.Until.Equal(k.Until) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := d.Read(t.Context(), "none"); !errors.Is(err, icp.ErrNotFound) {
		t.Errorf("no such report: %v", err)
	}
	d.clock.Advance(time.Hour)
	if _, err := d.Read(t.Context(), k.ID); !errors.Is(err, icp.ErrNotFound) {
		t.Errorf("past its end: %v", err)
	}
}

func TestAnAddressHasItsShare(t *testing.T) {
	t.Parallel()
	d := newDesk(t, outside{}, func(o *Options) { o.PerHour = 2 })
	for range 2 {
		d.run(unit())
	}
	_, err := d.Run(t.Context(), unit(), "203.0.113.5")
	var e *icp.Error
	if !errors.As(err, &e) || e.Kind != icp.Limited || e.Code != "precheck.too_often" || e.RetryAfter != time.Hour {
		t.Errorf("the third in an hour: %v", err)
	}
	if _, err := d.Run(t.Context(), unit(), "203.0.113.6"); err != nil {
		t.Errorf("another address: %v", err)
	}
	d.clock.Advance(time.Hour)
	d.run(unit())
}

func TestAnOperatorsRuleCounts(t *testing.T) {
	t.Parallel()
	own := fstest.MapFS{"own.yaml": {Data: []byte(`id: own.names
edition: "2026-03-01"
scope: national
source: {zh: 本平台要求, en: Our own rule}
rules:
  - id: own.name.word
    predicate: contains_word
    params: {words: [云杉]}
    severity: error
    field: /websites/*/name
    message: rule.name.word_refused
    examples:
      pass: [{}]
      fail: [{websites: [{name: 云杉数字}]}]
`)}}
	set, err := rules.Load(refdata.Builtin(), rules.Packs(), own)
	if err != nil {
		t.Fatal(err)
	}
	r := newDesk(t, filedSubject, func(o *Options) { o.Rules = inForce{set} }).run(with(known(), func(in *Input) { in.WebsiteName = "云杉数字科技" }))
	i := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.ID == "own.name.word" })
	if r.Verdict != Blocked || i < 0 || r.Findings[i].Message.Params["word"] != "云杉" || r.Findings[i].Rule.Source.EN != "Our own rule" {
		t.Errorf("%s %+v", r.Verdict, r.Findings)
	}
}

// Whatever is said has a text with its variables, and no text of the pre-check
// is left over.
func TestEveryWordHasAText(t *testing.T) {
	t.Parallel()
	texts := i18n.Messages()
	worlds := []outside{{}, {open: true, facts: func(f *domaincheck.Facts) { f.RealName, f.RegistrantName = "", "" }}, filedSubject, {standing: Standing{Filed: order.No}}}
	for i, world := range worlds {
		d, provinces := newDesk(t, world), refdata.Builtin().Provinces()
		if i > 0 {
			provinces = provinces[:3] // the rules speak alike in every world
		}
		for _, p := range provinces {
			for _, in := range []Input{known(), individual()} {
				in.Region, in.WebsiteName, in.ServiceContent, in.Resource.Kind = p.Code, "中国云杉公司论坛", 13, ResourceNone
				q, err := read(in, refdata.Builtin())
				if err != nil {
					t.Fatal(err)
				}
				result, said := d.ask(t.Context(), &q)
				r := d.judge(&q, result, said, now)
				for _, w := range r.words() {
					for _, v := range texts.Variables(i18n.Chinese, w.Key) {
						if _, ok := w.Params[v]; !ok {
							t.Errorf("%s lacks {%s}", w.Key, v)
						}
					}
					if w.Own == nil && !texts.Has(w.Key) {
						t.Errorf("no text for %q", w.Key)
					}
				}
			}
		}
	}
	code := ""
	for _, pattern := range []string{"*.go", "../api/precheck*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			code += string(text)
		}
	}
	for _, key := range texts.Keys(i18n.Chinese, "precheck.") {
		_, last, _ := strings.Cut(strings.TrimSuffix(key, ".text"), ".")
		_, name, _ := strings.Cut(last, ".")
		if !strings.Contains(code, strconv.Quote(strings.TrimSuffix(key, ".text"))) && !strings.Contains(code, strconv.Quote(name)) {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

// words gives all that a report says.
func (r *Report) words() []Words {
	out := []Words{r.Kind.Reason, {Key: "precheck.verdict." + string(r.Verdict)}, {Key: "precheck.verdict." + string(r.Verdict) + ".text"}, {Key: "precheck.basis." + string(cmp.Or(r.Kind.Basis, ByNobody))}}
	about := func(ref *Reference) {
		if ref != nil {
			out = append(out, ref.About)
		}
	}
	for _, e := range r.Kind.Exits {
		out = append(out, Words{Key: e}, Words{Key: e + ".text"})
	}
	for _, f := range r.Findings {
		out = append(append(out, f.Message), f.Remedy...)
		if f.Depends != nil {
			out = append(out, *f.Depends)
		}
		about(f.Rule)
	}
	for _, p := range r.Papers {
		out = append(out, Words{Key: "material.kind." + string(p.Kind)})
		for _, reason := range p.Reasons {
			out = append(out, reason.Text)
			about(reason.Rule)
		}
	}
	for _, p := range r.Preparations {
		out = append(out, Words{"precheck.prepare." + p.ID, p.Params, nil}, Words{"precheck.prepare." + p.ID + ".text", p.Params, nil})
	}
	for i := range r.Rules.Highlights {
		about(&r.Rules.Highlights[i].Rule)
	}
	for _, b := range r.Time.Because {
		out = append(out, b.Message)
	}
	return out
}
