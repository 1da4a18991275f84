package sim_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
)

// checked answers a task word for word.
func checked(task wire.CheckTask, change ...func(*wire.CheckResult)) wire.UploadData {
	principal := func(p wire.DownloadPrincipal) wire.CheckedPrincipal {
		return wire.CheckedPrincipal{Name: p.Name, OfficePhone: p.OfficePhone, Mobile: p.Mobile, Email: p.Email}
	}
	z := task.Subject
	r := wire.CheckResult{Result: wire.CheckPassed, Checker: "何平", Date: "2026-11-24", Unit: provider, Opinion: "属实", Filing: wire.CheckedFiling{
		Subject: wire.CheckedSubject{AuthorityID: z.AuthorityID, Name: z.Name, Nature: z.Nature, Principal: principal(z.Principal),
			Address:     wire.PostalAddress{Province: z.Address.Province, City: z.Address.City, Street: "一号"},
			Certificate: wire.SubjectCertificate{Type: z.Certificate.Type, Number: z.Certificate.Number, Address: z.Certificate.Address}}}}
	for _, w := range task.Websites {
		site := wire.CheckedWebsite{AuthorityID: w.AuthorityID, Name: w.Name, Services: wire.ServiceIDs{IDs: []int64{1}}, Principal: principal(w.Principal)}
		for _, d := range w.Domains {
			site.Domains = append(site.Domains, wire.CheckedDomain{AuthorityID: d.AuthorityID, Name: d.Name})
		}
		for _, a := range w.Accesses {
			access := wire.CheckedAccess{AuthorityID: a.AuthorityID, Places: a.Places, Modes: a.Modes}
			for _, in := range a.IPs {
				access.IPs = append(access.IPs, wire.CheckedIP{AuthorityID: in.AuthorityID, First: in.First, Last: in.Last})
			}
			site.Accesses = append(site.Accesses, access)
		}
		r.Filing.Websites = append(r.Filing.Websites, site)
	}
	for _, c := range change {
		c(&r)
	}
	return wire.UploadData{ICP: &wire.UploadICP{ProviderID: provider, CheckResults: &wire.CheckResults{Records: []wire.CheckResult{r}}}}
}

func TestCheckResultsAnswerTasks(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.post("/sim/api/push/HSRW", `{}`, http.StatusNoContent)
	task := b.fetch(0).ICP.CheckTasks.Records[0]
	line := func(code int) string { return fmt.Sprintf("ICP 4/%d:%d", task.Subject.AuthorityID, code) }
	b.want("of another unit", b.tell(checked(task, func(r *wire.CheckResult) { r.Unit = 1 })), line(1054))
	b.want("with a website that is none", b.tell(checked(task, func(r *wire.CheckResult) { r.Filing.Websites[0].AuthorityID = 77 })), line(1059))
	b.want("of a subject that nobody asked about", b.tell(checked(task, func(r *wire.CheckResult) { r.Filing.Subject.AuthorityID = 77 })), "ICP 4/77:1016")
	b.want("as it shall be", b.tell(checked(task, func(r *wire.CheckResult) { r.Result, r.Mistakes = wire.CheckRefused, "电话有误" })), line(1001))
	b.want("once more", b.tell(checked(task)), line(5006))
	b.post("/sim/api/push/HSRW", `{}`, http.StatusNoContent)
	b.fetch(0)
	b.want("asked again", b.tell(checked(task)), line(1001))
	b.post("/sim/api/push/HSRW", `{}`, http.StatusNoContent)
	b.fetch(0)
	b.post("/sim/api/push/ZXSJ", `{"licence":"`+licence+`"}`, http.StatusNoContent)
	b.fetch(0)
	b.want("of a cancelled subject", b.tell(checked(task)), line(1049))
}

func dealt(domain string, change ...func(*wire.UnfiledResult)) wire.UploadData {
	r := wire.UnfiledResult{Domain: domain, IP: ip(9), Carrier: 1, Provider: provider, Province: 330000, Result: 2, Opinion: "已关闭", Recorded: "2026-11-24", Deadline: "2026-12-24"}
	for _, c := range change {
		c(&r)
	}
	return wire.UploadData{ICP: &wire.UploadICP{ProviderID: provider, UnfiledResults: &wire.UnfiledResults{Records: []wire.UnfiledResult{r}}}}
}

func TestUnfiledResultsAnswerTheList(t *testing.T) {
	t.Parallel()
	b := start(t, twoProviders)
	b.post("/sim/api/push/WBAWZLB", fmt.Sprintf(`{"domain":"wba.example.cn","ip":"203.0.113.9","provider_id":%d}`, provider), http.StatusNoContent)
	b.fetch(0)
	b.want("not on the list", b.tell(dealt("none.example.cn")), "ICP 4/none.example.cn:5005")
	b.want("at another address", b.tell(dealt("wba.example.cn", func(r *wire.UnfiledResult) { r.IP++ })), "ICP 4/wba.example.cn:5005")
	b.want("with a result that is none", b.tell(dealt("wba.example.cn", func(r *wire.UnfiledResult) { r.Result = 100 })), "ICP 4/wba.example.cn:5007")
	b.post("/sim/api/base-codes", `{"tables":{"Wbacl_dms":[{"id":7,"name":"已关闭"}]}}`, http.StatusNoContent)
	b.next1()
	b.want("that the table lacks", b.tell(dealt("wba.example.cn")), "ICP 4/wba.example.cn:5007")
	seven := func(r *wire.UnfiledResult) { r.Result = 7 }
	b.want("that it has", b.tell(dealt("WBA.example.cn", seven)), "ICP 4/WBA.example.cn:1001")
	b.want("once more", b.tell(dealt("wba.example.cn", seven)), "ICP 4/wba.example.cn:5006")
	b.as(neighbour, "nb")
	b.next1() // the base codes
	theirs := dealt("wba.example.cn", seven)
	theirs.ICP.ProviderID = neighbour
	b.want("of another provider", b.tell(theirs), "ICP 4/wba.example.cn:5005")
}

func domain(id int64, name string, change ...func(*wire.DomainReport)) wire.NewDomainReport {
	d := wire.NewDomainReport{ID: id, DomainReport: wire.DomainReport{Name: name, Type: 1, Registered: "2026-01-01", RegistrantName: "杭州钱塘茶叶有限公司", RegistrantOrganisation: "杭州钱塘茶叶有限公司",
		RegistrantAddress: "西湖区", RegistrantProvince: 330000, RegistrantCity: 330100, RegistrantEmail: "r@example.cn", RegistrantPhone: "0571-88880000",
		AdminName: "周小舟", AdminOrganisation: "杭州钱塘茶叶有限公司", AdminAddress: "西湖区", AdminProvince: 330000, AdminCity: 330100, AdminEmail: "a@example.cn", AdminPhone: "0571-88880001",
		Registrar: "示例注册商", NameServers: "ns1.example.cn", Expires: "2027-01-01"}}
	for _, c := range change {
		c(&d.DomainReport)
	}
	return d
}

func newDomains(list ...wire.NewDomainReport) wire.UploadData {
	return wire.UploadData{Domains: &wire.UploadDomains{ProviderID: provider, New: &wire.NewDomainReports{Records: list}}}
}

func TestReportsOfDomains(t *testing.T) {
	t.Parallel()
	b := start(t, func(c *sim.Config) { c.Ministry = true })
	b.want("two new ones", b.tell(newDomains(domain(1, "one.cn"), domain(2, "two.cn"))), "domain 1/1: 3998", "domain 1/2: 3998")
	b.want("a name that is reported", b.tell(newDomains(domain(3, "ONE.cn"))), "domain 1/3: 3999")
	b.want("an id that is reported", b.tell(newDomains(domain(1, "three.cn"))), "domain 1/1: 3999")
	b.want("a city elsewhere", b.tell(newDomains(domain(4, "four.cn", func(d *wire.DomainReport) { d.AdminCity = 320100 }))), "domain 1/4: 3001")
	b.want("an end before the beginning", b.tell(newDomains(domain(5, "five.cn", func(d *wire.DomainReport) { d.Expires = "2025-01-01" }))), "domain 1/5: 3001")
	id := b.ids("domains")
	change := func(id int64, name string) wire.UploadData {
		return wire.UploadData{Domains: &wire.UploadDomains{ProviderID: provider, Changed: &wire.ChangedDomainReports{Records: []wire.ChangedDomainReport{
			{AuthorityID: id, DomainReport: domain(0, name).DomainReport}}}}}
	}
	b.want("another name", b.tell(change(id[2], "deux.cn")), "domain 2/0: 3998")
	b.want("a name of another", b.tell(change(id[2], "one.cn")), "domain 2/0: 3999")
	b.want("of none", b.tell(change(7, "seven.cn")), "domain 2/0: 3999")
	drop := func(refs ...wire.DomainRef) wire.UploadData {
		return wire.UploadData{Domains: &wire.UploadDomains{ProviderID: provider, Deleted: &wire.DeletedDomainReports{Records: refs}}}
	}
	b.want("by either key, one that is gone", b.tell(drop(wire.DomainRef{Name: "deux.cn"}, wire.DomainRef{AuthorityID: id[1]}, wire.DomainRef{Name: "two.cn"})),
		"domain 3/0: 3998", "domain 3/0: 3998", "domain 3/0: 3999")
	if left := b.ids("domains"); len(left) > 0 {
		t.Errorf("left over %v", left)
	}
}

func TestProvinceTakesNoReportsOfDomains(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.want("new", b.tell(newDomains(domain(1, "one.cn"))), "domain 1/1: 3036")
	b.want("deleted", b.tell(wire.UploadData{Domains: &wire.UploadDomains{ProviderID: provider,
		Deleted: &wire.DeletedDomainReports{Records: []wire.DomainRef{{Name: "one.cn"}}}}}), "domain 3/0: 3036")
}

// What was reported and asked is in the snapshot.
func TestReportsAndTasksOutliveARestart(t *testing.T) {
	t.Parallel()
	b := start(t, func(c *sim.Config) { c.Ministry = true })
	b.tell(sources(source(1, 0, 127)))
	b.tell(newDomains(domain(1, "one.cn")))
	b.post("/sim/api/push/WBAWZLB", `{"domain":"wba.example.cn","ip":"203.0.113.9"}`, http.StatusNoContent)
	b.fetch(0)
	b.misbehave(sim.Fault{Kind: sim.FaultRestart, Operation: wire.OpDownload})
	b.lost(func() error { _, err := b.client.Download(t.Context()); return err })
	b.want("source", b.tell(sources(source(2, 1, 2))), "source 1/2: 2003 (1 203.0.113.0)")
	b.want("domain", b.tell(newDomains(domain(2, "one.cn"))), "domain 1/2: 3999")
	b.want("list", b.tell(dealt("wba.example.cn")), "ICP 4/wba.example.cn:1001")
}

// Synchronisations bring what was reported, under the schema.
func TestReportsAreSynchronised(t *testing.T) {
	t.Parallel()
	b := start(t, func(c *sim.Config) { c.Ministry = true })
	for _, kind := range []string{"IP", "YM"} {
		b.post("/sim/api/push/SJTB", `{"sync":"`+kind+`"}`, http.StatusNotFound)
	}
	b.tell(newIPs(wire.NewIPReports{Sources: &wire.NewIPSources{Records: []wire.NewIPSource{source(1, 0, 127)}},
		Allocations: &wire.NewIPAllocations{Records: []wire.NewIPAllocation{allocation(1, 8, 15)}},
		Broadcasts:  &wire.NewIPBroadcasts{Records: []wire.NewIPBroadcast{broadcast(1, 2, provider)}},
		Own:         &wire.NewOwnIPs{Records: []wire.NewOwnIP{brought(1, 200, 201)}}}))
	b.tell(newDomains(domain(1, "one.cn")))
	for push, has := range map[string]string{
		`SJTB {"sync":"IP"}`:                                   "<SJTB><IP><Iply><Lyxx>",
		`SJTB {"sync":"YM"}`:                                   "<SJTB><YM><Ymxx>",
		`SJTB {"sync":"JCDM"}`:                                 "<SJTB><JCDM>",
		`SJTB {"sync":"ICP"}`:                                  "<SJTB><ICP><Baxx>",
		`HCJG_IP {"ip":"203.0.113.9"}`:                         "<Yjlx>1</Yjlx>",
		`HCJG_IP {"finding":"conflict","ip":"203.0.113.9"}`:    "<Ctjlid>",
		`HCJG_IP {"finding":"unreported","ip":"198.51.100.7"}`: "<Wblx>2</Wblx>",
	} {
		element, body, _ := strings.Cut(push, " ")
		b.post("/sim/api/push/"+element, body, http.StatusNoContent)
		document := b.next1()
		if text := decoded(t, document); !strings.Contains(text, has) {
			t.Errorf("%s lacks %s: %s", push, has, text)
		}
		b.validDownload(push, document)
	}
	b.post("/sim/api/push/HCJG_IP", `{"finding":"x"}`, http.StatusUnprocessableEntity)
	b.post("/sim/api/push/SJTB", `{"sync":"x"}`, http.StatusUnprocessableEntity)
}
