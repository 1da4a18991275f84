// Package rules measures the rule engine beside two general ones: the same ten
// rules as a pack of predicates and as one of expressions, in plain CEL, and in
// OPA's Rego, over the same order of ten websites. Each is written in the form
// that was the fastest in its language. It is a module of its own, so that the product does not depend on
// OPA. TestEnginesAgree holds them together; the figures are in
// docs/performance.md.
package rules

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/rules"
)

// at is when cases are judged.
var at = time.Date(2026, 6, 15, 12, 0, 0, 0, clock.Shanghai)

// engine gives its findings as rule and pointer, sorted.
type engine interface {
	// prepare makes a case ready in the engine's own form.
	prepare(c *rules.Case) any
	judge(prepared any) []string
}

// packs is the product's engine; a case is ready as it is.
type packs struct{ set *rules.Set }

// newPacks loads the rules with the product's predicates, or with expressions.
func newPacks(tb testing.TB, product, own fs.FS) packs {
	tb.Helper()
	set, err := rules.Load(refdata.Builtin(), product, own)
	if err != nil {
		tb.Fatal(err)
	}
	return packs{set}
}

func (p packs) prepare(c *rules.Case) any { return c }

func (p packs) judge(prepared any) []string {
	found := p.set.Evaluate(*prepared.(*rules.Case), at).Findings
	out := make([]string, len(found))
	for i, f := range found {
		out[i] = f.Rule + " " + f.Pointer
	}
	slices.Sort(out)
	return out
}

// tenWebsites is an order without faults but that it has ten websites.
func tenWebsites() *rules.Case {
	o := &icp.Order{ID: "261124-AAAAAAAA", Type: icp.AddWebsite}
	o.Data.Subject = icp.Subject{Region: "110108", Nature: icp.NatureEnterprise, CertificateType: 1, CertificateNumber: "91110108MA0HT17Q07",
		Name: "北京海棠树软件有限公司", Principal: principal(10)}
	filed := 2
	c := &rules.Case{Order: o, Facts: rules.Facts{RealNameSince: at.AddDate(0, -1, 0), SubjectElsewhere: rules.No, FiledWebsites: &filed,
		Principals: map[string]rules.PrincipalFacts{"/subject/principal": {MobileElsewhere: rules.No, CertificateElsewhere: rules.No}}}}
	for i := range 10 {
		domain := fmt.Sprintf("haitangshu%d.example.com", i)
		o.Data.Websites = append(o.Data.Websites, icp.Website{ID: icp.WebsiteID(fmt.Sprint("w", i)), Name: "海棠树软件" + string(rune('甲'+i)), Domain: domain,
			HomeURL: "www." + domain + "/index", Remark: "介绍本单位的软件产品和使用方法，不含需要审批的内容", ServiceContent: 8, Languages: []int{1}, Principal: principal(i)})
		c.Facts.Websites = append(c.Facts.Websites, rules.WebsiteFacts{DomainExpires: at.AddDate(1, 0, 0), Owner: rules.OwnerSubject, Open: rules.No})
		c.Facts.Principals[fmt.Sprintf("/websites/%d/principal", i)] = rules.PrincipalFacts{MobileElsewhere: rules.No, CertificateElsewhere: rules.No}
	}
	return c
}

// principal invents a person, born in 1980 or later.
func principal(i int) icp.Principal {
	return icp.Principal{Name: "林初夏" + string(rune('甲'+i)), Role: icp.RoleAuthorised, OfficePhone: fmt.Sprintf("010-800000%02d", i), CertificateType: icp.CertResidentID, CertificateNumber: residentID(fmt.Sprintf("110105%d0816%03d", 1980+i, 100+i)),
		CertificateUntil: "2034-08-15", Mobile: fmt.Sprintf("138000100%02d", i), EmergencyPhone: fmt.Sprintf("138000200%02d", i), Email: "lin@example.com"}
}

// residentID appends the check character.
func residentID(body string) string {
	for _, c := range "0123456789X" {
		if code, _ := icp.CheckResidentID(body + string(c)); code == "" {
			return body + string(c)
		}
	}
	panic("no check character fits " + body)
}

// faulty is tenWebsites with a fault of every rule, several of most.
func faulty() *rules.Case {
	c := tenWebsites()
	for i := range c.Order.Data.Websites {
		w := &c.Order.Data.Websites[i]
		switch i % 5 {
		case 0:
			w.Name, w.HomeURL = "国家新闻论坛", "www.example.org"
		case 1:
			w.Name, w.Principal.CertificateUntil = "海棠", "2026-08-01"
		case 2:
			w.Principal.CertificateNumber = residentID("11010520100816" + strconv.Itoa(100+i))
		case 3:
			w.Principal.Mobile = c.Order.Data.Subject.Principal.Mobile
			c.Facts.Websites[i].DomainExpires = at.AddDate(0, 1, 0)
		}
	}
	return c
}

// some changes a case at random, by a seed.
func some(seed uint64) *rules.Case {
	r := rand.New(rand.NewPCG(seed, 7))
	c := tenWebsites()
	d := &c.Order.Data
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	for i := range d.Websites {
		w := &d.Websites[i]
		w.Name = pick(w.Name, w.Name, "", "海棠", "海(棠)", "a1", "人民新闻", "海棠论坛", "六合彩", "海棠树书屋")
		w.HomeURL = pick(w.HomeURL, w.Domain, "", "x"+w.Domain, "example.org", "a.b."+w.Domain+"/x/y")
		w.Principal.CertificateUntil = pick("2034-08-15", "long_term", "", "2026-06-14", "2026-06-15", "2026-09-14", "2026-09-15")
		w.Principal.CertificateNumber = residentID(pick("110105", "440308") + pick("19800816", "20080614", "20080615", "20080616", "20080229", "20261201") + strconv.Itoa(100+r.IntN(3)))
		w.Principal.Mobile = fmt.Sprintf("1380001%04d", r.IntN(6))
		if r.IntN(3) == 0 {
			w.PreApprovals = []icp.PreApproval{{Type: 1 + r.IntN(6), Number: "x"}}
		}
		w.SameAsSubject = r.IntN(4) == 0
		switch r.IntN(4) {
		case 0:
			c.Facts.Websites[i].DomainExpires = time.Time{}
		case 1:
			c.Facts.Websites[i].DomainExpires = time.Date(2026, 9, 14+r.IntN(2), 0, 0, 0, 0, clock.Shanghai)
		}
	}
	n := 1 + r.IntN(10)
	d.Websites, c.Facts.Websites = d.Websites[:n], c.Facts.Websites[:n]
	return c
}
