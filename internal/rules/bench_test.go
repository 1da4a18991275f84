package rules

import (
	"fmt"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/icp"
)

// tenSites is a unit's case of ten websites, each with a principal of its own,
// and all facts known. names gives each website's name.
func tenSites(t testing.TB, s *Set, region string, names func(i int) string) Case {
	t.Helper()
	o := caseOf(t, s, fmt.Sprintf("{type: first_filing, subject: {region: '%s', principal: {role: legal_representative}}, websites: [%s{}]}", region, strings.Repeat("{}, ", 9)))
	filed := 2
	c := Case{Order: o, Facts: Facts{RealNameSince: noon.AddDate(0, -1, 0), SubjectElsewhere: No, FiledWebsites: &filed,
		Principals: map[string]PrincipalFacts{"/subject/principal": {MobileElsewhere: No, CertificateElsewhere: No}}}}
	for i := range o.Data.Websites {
		w := &o.Data.Websites[i]
		w.ID = icp.WebsiteID(fmt.Sprint("site", i))
		w.Name, w.Domain = names(i), fmt.Sprintf("haitangshu%d.example.com", i)
		w.HomeURL = "www." + w.Domain
		w.Remark = "介绍本单位的软件产品和使用方法，不含需要审批的内容"
		w.Principal.Name = "林初夏" + string(rune('甲'+i))
		w.Principal.CertificateNumber = fmt.Sprintf("11010519920816%03dX", i)
		w.Principal.Mobile, w.Principal.EmergencyPhone = fmt.Sprintf("138000100%02d", i), fmt.Sprintf("138000200%02d", i)
		w.Principal.Role = icp.RoleAuthorised
		c.Facts.Websites = append(c.Facts.Websites, WebsiteFacts{DomainExpires: noon.AddDate(1, 0, 0), Owner: OwnerSubject, Open: No})
		c.Facts.Principals[principalAt(i)] = PrincipalFacts{MobileElsewhere: No, CertificateElsewhere: No}
	}
	return c
}

func BenchmarkEvaluateTenSites(b *testing.B) {
	s := builtin(b)
	clean := func(i int) string { return "海棠树软件" + string(rune('甲'+i)) }
	faulty := func(i int) string { return "国家新闻论坛" + string(rune('甲'+i)) }
	for _, x := range []struct {
		name, region string
		names        func(int) string
	}{{"beijing", "110108", clean}, {"guangdong", "440106", clean}, {"shanghai", "310115", clean}, {"guangdong-findings", "440106", faulty}} {
		b.Run(x.name, func(b *testing.B) {
			c := tenSites(b, s, x.region, x.names)
			b.ReportAllocs()
			found := 0
			for b.Loop() {
				found = len(s.Evaluate(c, noon).Findings)
			}
			b.ReportMetric(float64(found), "findings/op")
		})
	}
}

func BenchmarkOutcomesTenSites(b *testing.B) {
	s := builtin(b)
	c := tenSites(b, s, "440106", func(i int) string { return "海棠树软件" + string(rune('甲'+i)) })
	b.ReportAllocs()
	for b.Loop() {
		s.Outcomes(c, noon)
	}
}

func BenchmarkLoad(b *testing.B) {
	tables := builtin(b).tables
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Load(tables, Packs()); err != nil {
			b.Fatal(err)
		}
	}
}

// Evaluating allocates for what it finds only. The number is a ceiling that a
// change should not raise unseen.
func TestEvaluatingFewAllocations(t *testing.T) {
	s := builtin(t)
	c := tenSites(t, s, "110108", func(i int) string { return "海棠树软件" + string(rune('甲'+i)) })
	r := s.Evaluate(c, noon)
	most := float64(25 + 4*(len(r.Findings)+len(r.Materials)))
	if got := testing.AllocsPerRun(20, func() { s.Evaluate(c, noon) }); got > most {
		t.Errorf("%v allocations for %d findings and %d papers, at most %v", got, len(r.Findings), len(r.Materials), most)
	}
}
