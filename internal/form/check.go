package form

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

// Check holds the answers of an order against the table of questions: what is
// missing, too long, not among the options or not of its form. Rules about
// what answers mean together are in package rules.
func Check(tables *refdata.Tables, o *icp.Order, limits Limits, at time.Time) []icp.Finding {
	c := checker{tables: tables.On(at), order: o, at: at}
	for _, step := range steps {
		for _, sec := range step.sections {
			for i := range sec.fields {
				c.field(&sec.fields[i])
			}
		}
	}
	c.filing()
	c.websites(limits)
	return c.findings
}

type checker struct {
	tables   *refdata.Tables
	order    *icp.Order
	at       time.Time
	findings []icp.Finding
}

func (c *checker) add(pointer, code string, severity icp.Severity, params map[string]string) {
	c.findings = append(c.findings, icp.Finding{Pointer: pointer, Code: code, Severity: severity, Rule: "form", Params: params})
}

// field checks one question for the subject or for every website.
func (c *checker) field(f *fieldDef) {
	d := &c.order.Data
	if !f.asked(d.Subject.Nature) {
		return
	}
	if !strings.Contains(f.path, "/*/") {
		c.answer(f, f.path, nil)
		return
	}
	for i := range d.Websites {
		w := &d.Websites[i]
		if f.visible != nil && w.SameAsSubject {
			continue
		}
		c.answer(f, strings.Replace(f.path, "*", strconv.Itoa(i), 1), w)
	}
}

// answer checks one answer.
func (c *checker) answer(f *fieldDef, pointer string, w *icp.Website) {
	d := &c.order.Data
	value := strings.TrimSpace(f.value(d, w))
	if value == "" {
		if f.need.always(d.Subject.Nature) || f.need == whenOther && w.ServiceContent == otherContent(c.tables) {
			code := "form.required"
			if f.need == whenOther {
				code = "form.remark_for_other"
			}
			c.add(pointer, code, icp.SeverityError, map[string]string{"field": f.key})
		}
		return
	}
	if n := utf8.RuneCountInString(value); f.max > 0 && n > f.max {
		c.add(pointer, "form.too_long", icp.SeverityError, map[string]string{"max": strconv.Itoa(f.max), "now": strconv.Itoa(n)})
		return
	} else if n < f.min {
		c.add(pointer, "form.too_short", icp.SeverityError, map[string]string{"min": strconv.Itoa(f.min), "now": strconv.Itoa(n)})
		return
	}
	if code := c.choice(f, value); code != "" {
		c.add(pointer, code, icp.SeverityError, nil)
		return
	}
	if f.check == nil {
		return
	}
	if code, warn := f.check(d, w, value); code != "" {
		severity := icp.SeverityError
		if warn {
			severity = icp.SeverityWarning
		}
		c.add(pointer, code, severity, nil)
	}
}

// choice checks an answer that is chosen or a date.
func (c *checker) choice(f *fieldDef, value string) string {
	switch f.kind { //nolint:exhaustive // the other kinds are free text
	case Select, MultiSelect, Choice:
		for _, id := range strings.Split(value, ",") {
			if !c.isOption(f, id) {
				return "form.not_an_option"
			}
		}
	case RegionField:
		if !FilingRegion(c.tables, value) {
			return "form.region"
		}
	case Date:
		return c.certificateUntil(value)
	}
	return ""
}

func (c *checker) isOption(f *fieldDef, id string) bool {
	for _, o := range f.options(c.tables, nil, c.order.Data.Subject.Nature) {
		if o.answer() == id {
			return true
		}
	}
	return false
}

// LongTerm stands for a certificate without an end (长期).
const LongTerm = "long_term"

// certificateUntil checks a certificate's last day: a date, not past.
func (c *checker) certificateUntil(value string) string {
	if value == LongTerm {
		return ""
	}
	day, err := time.Parse(time.DateOnly, value)
	if err != nil {
		return "form.date"
	}
	if day.Before(c.at) {
		return "form.certificate_expired"
	}
	return ""
}

// filing checks that the existing filing was proven to be the applicant's.
func (c *checker) filing() {
	if c.order.Data.Filing.LicenceNo == "" {
		return // said at the field
	}
	switch c.order.Data.Filing.Check {
	case icp.FilingUnchecked:
		c.add("/filing/password", "filing.unchecked", icp.SeverityError, nil)
	case icp.FilingMismatches:
		c.add("/filing/password", "filing.mismatch", icp.SeverityError, nil)
	case icp.FilingUnknown:
		c.add("/filing/password", "filing.unknown", icp.SeverityWarning, nil)
	case icp.FilingMatches:
	}
}

// websites checks the list as a whole and the pre-approvals of each.
func (c *checker) websites(limits Limits) {
	d := &c.order.Data
	most := limits.Websites
	if d.Subject.IsIndividual() {
		most = 1
	}
	if len(d.Websites) == 0 {
		c.add("/websites", "form.no_website", icp.SeverityError, nil)
	}
	if len(d.Websites) > most {
		c.add("/websites", "form.too_many_websites", icp.SeverityError, map[string]string{"max": strconv.Itoa(most)})
	}
	seen := map[string]bool{}
	for i := range d.Websites {
		w := &d.Websites[i]
		at := "/websites/" + strconv.Itoa(i)
		if seen[w.Domain] {
			c.add(at+"/domain", "form.domain_twice", icp.SeverityError, nil)
		}
		seen[w.Domain] = true
		c.preApprovals(at, w)
	}
}

func (c *checker) preApprovals(at string, w *icp.Website) {
	known := map[int]bool{}
	for _, o := range preApprovals(c.tables, nil, c.order.Data.Subject.Nature) {
		known[o.Value] = true
	}
	for i, p := range w.PreApprovals {
		at := at + "/pre_approvals/" + strconv.Itoa(i)
		switch {
		case c.order.Data.Subject.IsIndividual():
			c.add(at+"/type", "form.pre_approval_individual", icp.SeverityError, nil)
		case !known[p.Type]:
			c.add(at+"/type", "form.not_an_option", icp.SeverityError, nil)
		case strings.TrimSpace(p.Number) == "":
			c.add(at+"/number", "form.pre_approval_number", icp.SeverityError, nil)
		case utf8.RuneCountInString(p.Number) > 512:
			c.add(at+"/number", "form.too_long", icp.SeverityError, map[string]string{"max": "512", "now": strconv.Itoa(utf8.RuneCountInString(p.Number))})
		}
	}
}

// Blocking keeps the findings that stop a submission.
func Blocking(findings []icp.Finding) []icp.Finding {
	var out []icp.Finding
	for _, f := range findings {
		if f.Severity == icp.SeverityError {
			out = append(out, f)
		}
	}
	return out
}
