package precheck

import (
	"cmp"
	"regexp"
	"slices"
	"time"

	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/domaincheck/saved"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/rules"
)

// judge makes the report of what was told and found out.
func (p *Prechecks) judge(q *question, result domaincheck.Result, said Standing, now time.Time) Report {
	k := saved.KnownOf(&result, saved.Names{}, true)
	r := Report{At: now, RulesVersion: p.o.Rules.Version(), Asked: q.asked(), Domain: domainOf(result, k), Kind: kindOf(q, k, said)}
	t := trial{q: q, set: p.o.Rules.Set(), kind: cmp.Or(r.Kind.Type, icp.AddWebsite), day: now}
	t.run(k, said)
	r.Findings = slices.Concat(together(r.Domain.findings(), t.findings(), t.set), q.doubts(), resourceFindings(q.Resource, p.o.Limits, now))
	r.abroad(q)
	slices.SortStableFunc(r.Findings, func(a, b Finding) int { return a.weight() - b.weight() })
	r.Papers = merge(t.papers(), domainPapers(result))
	r.Rules = t.province()
	r.Time = p.duration(&r, q, t.set, now)
	r.Preparations = p.preparations(&r, q)
	r.Verdict = r.verdict()
	return r
}

// doubts tells what may be wrong with the certificate number.
func (q *question) doubts() []Finding {
	if q.doubt == "" {
		return nil
	}
	return []Finding{{Group: GroupCertificate, ID: q.doubt, Severity: icp.SeverityWarning, Field: "certificate_number", Message: say(q.doubt)}}
}

// weight sorts findings: what stops, what may stop, what to mind.
func (f *Finding) weight() int {
	switch {
	case f.stops() && f.RetryAt.IsZero():
		return 0
	case f.stops():
		return 1
	case f.Severity == icp.SeverityError:
		return 2
	case f.Severity == icp.SeverityWarning:
		return 3
	}
	return 4
}

// verdict sums the report up.
func (r *Report) verdict() Verdict {
	act, wait, care := r.Kind.DeadEnd, false, r.Kind.Unsure
	for i := range r.Findings {
		switch f := &r.Findings[i]; {
		case f.stops() && !f.RetryAt.After(r.At):
			act = true
		case f.stops():
			wait = true
		case f.Severity != icp.SeverityInfo:
			care = true
		}
	}
	switch {
	case act:
		return Blocked
	case !r.Kind.Offered:
		return NotOffered
	case wait:
		return Wait
	case r.Domain.check(domaincheck.Registered).State == domaincheck.Unknown:
		return Unsure
	case care:
		return Care
	}
	return Ready
}

// site is the id of the website in the order that is judged.
const site icp.WebsiteID = "w"

// order makes an order of the answers, as if it had been begun with them.
func (q *question) order(kind icp.OrderType) *icp.Order {
	o := &icp.Order{Type: kind}
	o.Data.Subject = icp.Subject{Region: q.Region, Nature: q.Nature, CertificateType: q.CertificateType, CertificateNumber: q.CertificateNumber}
	o.Data.Websites = []icp.Website{{ID: site, Name: q.WebsiteName, Domain: q.name.ASCII, HomeURL: "www." + q.name.ASCII,
		ServiceContent: q.ServiceContent, SameAsSubject: true}}
	return o
}

// facts are what rules may ask beside the answers.
func facts(k saved.Known, said Standing) rules.Facts {
	w := rules.WebsiteFacts{DomainExpires: k.Expires}
	switch k.Open {
	case domaincheck.Passed:
		w.Open = rules.Yes
	case domaincheck.Failed:
		w.Open = rules.No
	case domaincheck.Unknown, domaincheck.NotApplicable:
	}
	f := rules.Facts{Websites: []rules.WebsiteFacts{w}}
	if said.Filed == order.No {
		f.FiledWebsites = new(int)
	}
	return f
}

// field names the answer that stands at a pointer of the order; "" where the
// visitor has told none.
func (q *question) field(pointer string, r *rules.RuleInfo) string {
	const number, kind, content = "certificate_number", "certificate_type", "service_content"
	told := func(name string, is bool) string {
		if is {
			return name
		}
		return ""
	}
	switch pointer {
	case "/subject/nature":
		return "nature"
	case "/subject/region":
		return told("region", q.county)
	case "/subject/certificate_type":
		return told(kind, q.CertificateType != 0)
	case "/subject/certificate_number":
		return told(number, q.CertificateNumber != "")
	case "/subject/principal/certificate_type": // individuals answer for themselves
		return told(kind, q.person && q.CertificateType != 0)
	case "/subject/principal/certificate_number":
		return told(number, q.person && q.CertificateNumber != "")
	case "/websites", "/websites/0/domain", "/websites/0/home_url":
		return "domain"
	case "/websites/0/name":
		return told("website_name", q.WebsiteName != "")
	case "/websites/0/service_content":
		return told(content, q.ServiceContent != 0)
	case "/websites/0/pre_approvals": // told by the content that wants them
		return told(content, q.ServiceContent != 0 && len(r.Contents) > 0)
	}
	return ""
}

// reads finds what an expression reads of a case: a variable and one of its fields.
var reads = regexp.MustCompile(`\b(subject|filing|websites?|principal|facts)\b(?:\.(\w+))?`)

// tells reports whether all that an operator's expression reads was told. An
// expression sees what was not told as empty and would find fault with that.
func (q *question) tells(expr string) bool {
	told := map[string]bool{
		"subject.region": q.county, "subject.nature": true, "subject.individual": true,
		"subject.certificate_type":   q.CertificateType != 0,
		"subject.certificate_number": q.CertificateNumber != "",
		"website.name":               q.WebsiteName != "",
		"website.domain":             true, "website.home_url": true, "website.domain_expires": true, "website.open": true,
		"website.service_content": q.ServiceContent != 0,
		"facts.filed_websites":    true, "facts.subject_elsewhere": true, // left unjudged where not known
	}
	for _, at := range reads.FindAllStringSubmatch(expr, -1) {
		if !told[at[1]+"."+at[2]] {
			return false
		}
	}
	return true
}
