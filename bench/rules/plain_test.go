package rules

import (
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/rules"
)

// plain is a case as the maps that general engines read.
func plain(c *rules.Case) map[string]any {
	d := &c.Order.Data
	persons := []any{person(&d.Subject.Principal, "/subject/principal", 0)}
	websites := make([]any, len(d.Websites))
	for i := range d.Websites {
		w := &d.Websites[i]
		approvals := make([]any, len(w.PreApprovals))
		for j, a := range w.PreApprovals {
			approvals[j] = a.Type
		}
		site := map[string]any{"index": i, "name": w.Name, "domain": w.Domain, "home_url": w.HomeURL, "pre_approvals": approvals}
		if until := c.Facts.Websites[i].DomainExpires; !until.IsZero() {
			site["domain_expires"] = until.Format(time.DateOnly)
		}
		websites[i] = site
		if !w.SameAsSubject {
			persons = append(persons, person(&w.Principal, "/websites/"+strconv.Itoa(i)+"/principal", len(persons)))
		}
	}
	return map[string]any{"websites": websites, "persons": persons, "today": at.Format(time.DateOnly), "in_three_months": at.AddDate(0, 3, 0).Format(time.DateOnly),
		"day": at.Year()*10000 + int(at.Month())*100 + at.Day()}
}

func person(p *icp.Principal, pointer string, index int) map[string]any {
	return map[string]any{"at": pointer, "index": index, "certificate_number": p.CertificateNumber, "certificate_until": p.CertificateUntil, "mobile": p.Mobile}
}
