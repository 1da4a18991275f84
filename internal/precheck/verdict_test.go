package precheck

import (
	"slices"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/refdata"
)

func with(in Input, change func(*Input)) Input { change(&in); return in }

func TestVerdicts(t *testing.T) {
	t.Parallel()
	told := func(in Input) Input { return with(in, func(in *Input) { in.SubjectFiled = Yes }) }
	expired := func(f *domaincheck.Facts) { f.Expires = now.AddDate(0, 0, -1) }
	fresh := func(f *domaincheck.Facts) { f.RealNameSince = now.Add(-time.Hour) }
	for rule, c := range map[string]struct {
		world outside
		in    Input
		want  Verdict
		found []string // ids of findings
	}{
		"the authority knows the unit, and all is well":  {filedSubject, known(), Ready, nil},
		"the visitor says so, and all is well":           {outside{}, told(unit()), Ready, nil},
		"a person, and all is well":                      {outside{}, told(individual()), Ready, nil},
		"nobody said whether the organiser ever filed":   {outside{}, unit(), Care, nil},
		"the website is open before its filing":          {outside{open: true}, told(unit()), Care, []string{"domain.site_closed"}},
		"there is no resource yet":                       {outside{}, with(told(unit()), func(in *Input) { in.Resource.Kind = ResourceNone }), Care, []string{"precheck.resource.none"}},
		"the domain was verified an hour ago":            {outside{facts: fresh}, told(unit()), Wait, []string{"domain.real_name"}},
		"the domain has expired":                         {outside{facts: expired}, told(unit()), Blocked, []string{"domain.not_expired"}},
		"the domain is not registered":                   {outside{absent: true}, told(unit()), Blocked, []string{"domain.registered"}},
		"another order works on the domain":              {outside{held: true}, told(unit()), Blocked, []string{"domain.not_in_process"}},
		"waiting does not help where somebody must act":  {outside{facts: fresh, held: true}, told(unit()), Blocked, []string{"domain.not_in_process", "domain.real_name"}},
		"a first filing is not taken here yet":           {outside{standing: Standing{Filed: order.No}}, known(), NotOffered, nil},
		"nor by the visitor's word":                      {outside{}, with(unit(), func(in *Input) { in.SubjectFiled = No }), NotOffered, nil},
		"what must be mended comes before what is taken": {outside{standing: Standing{Filed: order.No}, absent: true}, known(), Blocked, []string{"domain.registered"}},
		"a person's site name with a word of companies":  {outside{}, with(told(individual()), func(in *Input) { in.WebsiteName = "知夏公司" }), Blocked, []string{"national.name.organisation_words"}},
		"a name that the unit's own name may allow":      {outside{}, with(told(unit()), func(in *Input) { in.WebsiteName = "中国云杉科技" }), Care, []string{"national.name.state"}},
		"a content that is not for persons":              {outside{}, with(told(individual()), func(in *Input) { in.ServiceContent = 13 }), Blocked, []string{"national.content.individual"}},
		"a content that wants an approval, which may be": {outside{}, with(told(unit()), func(in *Input) { in.ServiceContent = 13 }), Care, []string{"national.content.games"}},
		"a number of another kind of organisation":       {filedSubject, with(known(), func(in *Input) { in.CertificateNumber = "12110108MA0YK7W266" }), Care, []string{"id.credit_code.prefix"}},
		"a unit that is registered in another province":  {filedSubject, with(known(), func(in *Input) { in.Region = "440000" }), Care, []string{"national.subject.unit_elsewhere"}},
		"a domain of a suffix that is not approved":      {outside{}, with(told(unit()), func(in *Input) { in.Domain = "yunshan.io" }), Blocked, []string{"domain.tld_approved"}},
		"a registration too short for the province":      {outside{facts: func(f *domaincheck.Facts) { f.Expires = now.AddDate(0, 0, 20) }}, with(told(unit()), func(in *Input) { in.Region = "310000" }), Blocked, []string{"shanghai.domain_term"}},
		"the facts are hidden, which a paper can settle": {outside{facts: func(f *domaincheck.Facts) { f.RegistrantName, f.RealName, f.Redacted = "", "", true }}, told(unit()), Ready, nil},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			r := newDesk(t, c.world).run(c.in)
			var found []string
			for _, f := range r.Findings {
				found = append(found, f.ID)
			}
			if r.Verdict != c.want || !sameSet(found, c.found) {
				t.Errorf("%s %v, want %s %v", r.Verdict, found, c.want, c.found)
			}
			if none := c.want == Blocked || c.want == NotOffered; none != r.Time.From.IsZero() {
				t.Errorf("%s, but the decision is expected from %s", r.Verdict, r.Time.From)
			}
		})
	}
}

func TestACheckAndItsRuleAreOneFinding(t *testing.T) {
	t.Parallel()
	r := newDesk(t, outside{open: true}).run(unit())
	if len(r.Findings) != 1 || r.Findings[0].Rule == nil || r.Findings[0].Rule.ID != "national.website.closed" || len(r.Findings[0].Remedy) != 1 {
		t.Errorf("%+v", r.Findings)
	}
}

func sameSet(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

func TestFilingTypes(t *testing.T) {
	t.Parallel()
	filedDomain := domaincheck.Filing{Filed: true, SubjectLicence: "京ICP备2021000001号", SiteLicence: "京ICP备2021000001号-1"}
	abroad := func(certificate int) Input {
		return with(unit(), func(in *Input) { in.Nature, in.CertificateType = overseas, certificate })
	}
	say := func(in Input, a Answer) Input { return with(in, func(in *Input) { in.SubjectFiled = a }) }
	for rule, c := range map[string]struct {
		world  outside
		in     Input
		want   icp.OrderType
		reason string
		basis  Basis
		exits  []string
	}{
		"subject filed, domain not": {filedSubject, known(), icp.AddWebsite, "type.add_website_elsewhere", ByAuthority, nil},
		"neither": {outside{standing: Standing{Filed: order.No}}, known(), icp.FirstFiling, "type.first_filing_not_offered", ByAuthority,
			[]string{"type.exit.old_number", "type.exit.file_later"}},
		"both, of one subject": {outside{standing: filedSubject.standing, filing: filedDomain}, known(), icp.AddAccess, "type.add_access_not_offered", ByAuthority,
			[]string{"type.exit.file_later", "type.exit.old_provider"}},
		"dead end: a domain of another subject": {outside{standing: Standing{Filed: order.Yes, LicenceNo: "京ICP备2022000002号"}, filing: filedDomain}, known(), "",
			"type.domain_of_other_subject", ByAuthority, []string{"type.exit.correct_then_access", "type.exit.access_then_change", "type.exit.cancel_then_file"}},
		"dead end: a domain in a filing, a subject in none": {outside{standing: Standing{Filed: order.No}, filing: filedDomain}, known(), "", "type.domain_held", ByAuthority,
			[]string{"type.exit.holder_cancels", "type.exit.old_number"}},
		"dead end: an empty subject": {outside{standing: Standing{Filed: order.Yes, Sites: order.No}}, known(), "", "type.empty_subject", ByAuthority,
			[]string{"type.exit.cancel_at_authority", "type.exit.old_provider"}},
		"dead end: an organisation abroad": {outside{}, abroad(0), "", "precheck.kind.overseas", "", []string{exitMainlandUnit, exitMainlandOffice}},
		"dead end: with a certificate from abroad": {outside{}, abroad(35), "", "precheck.kind.overseas", "",
			[]string{exitMainlandUnit, exitMainlandOffice}},
		"an office in the mainland files":       {outside{}, say(abroad(46), Yes), icp.AddWebsite, "type.add_website_elsewhere", ByVisitor, nil},
		"as told: filed":                        {outside{}, say(unit(), Yes), icp.AddWebsite, "type.add_website_elsewhere", ByVisitor, nil},
		"as told: never filed":                  {outside{}, say(unit(), No), icp.FirstFiling, "precheck.kind.first_told", ByVisitor, []string{"type.exit.old_number", "type.exit.file_later"}},
		"as told: not known":                    {outside{}, say(unit(), Unknown), icp.AddWebsite, "precheck.kind.assumed", ByNobody, nil},
		"as told, since the authority is still": {outside{}, say(known(), No), icp.FirstFiling, "precheck.kind.first_told", BySilence, []string{"type.exit.old_number", "type.exit.file_later"}},
		"the authority outranks the visitor":    {filedSubject, say(known(), No), icp.AddWebsite, "type.add_website_elsewhere", ByAuthority, nil},
		"no answer from anybody":                {outside{}, known(), icp.AddWebsite, "type.add_website_unconfirmed", BySilence, nil},
		"as told: never filed, but the domain is": {outside{filing: filedDomain}, say(unit(), No), "", "type.domain_held", ByVisitor,
			[]string{"type.exit.holder_cancels", "type.exit.old_number"}},
		"nobody knows whose the filed domain is": {outside{filing: filedDomain}, unit(), icp.AddAccess, "type.add_access_unconfirmed", ByNobody,
			[]string{"type.exit.file_later", "type.exit.old_provider", "type.exit.correct_then_access", "type.exit.cancel_then_file"}},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			r := newDesk(t, c.world).run(c.in)
			k := r.Kind
			if k.Type != c.want || k.Reason.Key != c.reason || k.Basis != c.basis || !slices.Equal(k.Exits, c.exits) || k.DeadEnd != (c.want == "") {
				t.Errorf("%+v", k)
			}
			if k.DeadEnd != (r.Verdict == Blocked) || k.Offered != (c.want == icp.AddWebsite) || (r.Verdict == NotOffered) != (!k.Offered && !k.DeadEnd) {
				t.Errorf("verdict %s of %+v", r.Verdict, k)
			}
			if len(r.Findings) > 0 {
				t.Errorf("the type's business is told twice: %+v", r.Findings)
			}
		})
	}
}

func TestAFiledDomainIsNoFaultOfTheDomain(t *testing.T) {
	t.Parallel()
	r := newDesk(t, outside{filing: domaincheck.Filing{Filed: true, SubjectLicence: "京ICP备2021000001号"}, open: true}).run(unit())
	if r.Domain.Filed != Yes || r.Domain.LicenceNo != "京ICP备2021000001号" || r.Domain.check(domaincheck.SiteClosed).State != domaincheck.NotApplicable {
		t.Errorf("%+v", r.Domain)
	}
	if slices.ContainsFunc(r.Preparations, func(p Preparation) bool { return p.ID == "closed" || p.ID == "password" }) {
		t.Errorf("%+v", r.Preparations)
	}
}

func TestResources(t *testing.T) {
	t.Parallel()
	server := func(change func(*Resource)) Resource {
		yes, months, days := true, 12, 200
		r := Resource{Kind: ResourceServer, Mainland: &yes, Prepaid: &yes, MonthsBought: &months, DaysLeft: &days}
		change(&r)
		return r
	}
	no, one, soon, over := false, 1, 5, 0
	for rule, c := range map[string]struct {
		r       Resource
		want    []string // messages
		remedy  []string
		verdict Verdict
	}{
		"a fit server":              {server(func(*Resource) {}), nil, nil, Ready},
		"a server of unknown terms": {Resource{Kind: ResourceServer}, nil, nil, Ready},
		"not told":                  {Resource{}, nil, nil, Ready},
		"abroad":                    {server(func(r *Resource) { r.Mainland = &no }), []string{"resource.not_mainland"}, []string{"resource.fix.other"}, Blocked},
		"paid by use":               {server(func(r *Resource) { r.Prepaid = &no }), []string{"resource.not_prepaid"}, []string{"resource.fix.prepaid"}, Blocked},
		"bought for too short":      {server(func(r *Resource) { r.MonthsBought = &one }), []string{"resource.too_short"}, []string{"resource.fix.renew"}, Blocked},
		"expiring soon":             {server(func(r *Resource) { r.DaysLeft = &soon }), []string{"resource.expiring"}, []string{"resource.fix.renew"}, Blocked},
		"expired":                   {server(func(r *Resource) { r.DaysLeft = &over }), []string{"resource.expired"}, []string{"resource.fix.renew"}, Blocked},
		"several at once": {server(func(r *Resource) { r.Prepaid, r.Mainland, r.DaysLeft = &no, &no, &soon }),
			[]string{"resource.not_mainland", "resource.not_prepaid", "resource.expiring"}, []string{"resource.fix.other"}, Blocked},
		"a code": {Resource{Kind: ResourceCode}, []string{"precheck.resource.code"}, nil, Ready},
		"none":   {Resource{Kind: ResourceNone}, []string{"precheck.resource.none"}, []string{"precheck.resource.get"}, Care},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			r := newDesk(t, outside{}).run(with(unit(), func(in *Input) { in.SubjectFiled, in.Resource = Yes, c.r }))
			var messages, remedies []string
			for _, f := range r.Findings {
				messages = append(messages, f.Message.Key)
				for _, w := range f.Remedy {
					remedies = append(remedies, w.Key)
				}
			}
			if r.Verdict != c.verdict || !slices.Equal(messages, c.want) || !slices.Equal(remedies, c.remedy) {
				t.Errorf("%s: %v, mended by %v", r.Verdict, messages, remedies)
			}
			if asked := slices.ContainsFunc(r.Preparations, func(p Preparation) bool { return p.ID == "resource" }); asked != (c.r.Kind == "") {
				t.Errorf("%+v", r.Preparations)
			}
		})
	}
}

// Whatever the province and the organiser, a good domain alone has no fault.
func TestWhatWasNotToldIsNoFault(t *testing.T) {
	t.Parallel()
	d, tables := newDesk(t, outside{}), refdata.Builtin()
	n := 0
	for _, p := range tables.Provinces() {
		for _, nature := range tables.Natures() {
			q, err := read(Input{Domain: "yunshan.com", Nature: nature.ID, Region: p.Code}, tables)
			if err != nil {
				t.Fatal(err)
			}
			result, said := d.ask(t.Context(), &q)
			r := d.judge(&q, result, said, now)
			if len(r.Findings) > 0 || r.Rules.Total == 0 || r.Rules.Judged == 0 || nature.ID != overseas && len(r.Papers) == 0 {
				t.Errorf("%s, %s: %+v", p.ZH, nature.ZH, r.Findings)
			}
			for _, h := range r.Rules.Highlights {
				if h.Rule.Scope != p.Code {
					t.Errorf("%s names a rule of %s", p.ZH, h.Rule.Scope)
				}
				n++
			}
		}
	}
	if n < 1000 {
		t.Errorf("only %d rules were named", n)
	}
}
