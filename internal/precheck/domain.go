package precheck

import (
	"maps"
	"slices"
	"time"

	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/domaincheck/saved"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
)

// unkept is the evidence of a check that a report does not keep: it may name
// people, or says nothing to a visitor.
var unkept = []string{domaincheck.EvidenceRegistrant, domaincheck.EvidenceTitle, domaincheck.EvidenceAddress, domaincheck.EvidenceCause}

// domainOf takes over what the checks of a domain found. Who holds it is not
// compared, for nobody is signed in; a filing that exists is the business of
// the filing type, and a filed site may be open.
func domainOf(r domaincheck.Result, k saved.Known) Domain {
	d := Domain{Filed: Unknown}
	switch filed(k) {
	case order.Yes:
		d.Filed, d.LicenceNo = Yes, r.Filing.SiteLicence
		if d.LicenceNo == "" {
			d.LicenceNo = r.Filing.SubjectLicence
		}
	case order.No:
		d.Filed = No
	case order.Unknown:
	}
	for _, c := range r.Checks {
		if c.ID == domaincheck.OwnerMatches {
			continue
		}
		c.Evidence = maps.Clone(c.Evidence)
		maps.DeleteFunc(c.Evidence, func(key, _ string) bool { return slices.Contains(unkept, key) })
		if d.Filed == Yes {
			c = ofFiled(c)
		}
		d.Checks = append(d.Checks, c)
	}
	return d
}

// ofFiled weighs a check for a domain that is filed already.
func ofFiled(c domaincheck.Check) domaincheck.Check {
	switch c.ID { //nolint:exhaustive // the other checks weigh the same
	case domaincheck.NotFiled:
		c.Severity, c.Blocking, c.RemedyKey = domaincheck.Notice, false, ""
	case domaincheck.SiteClosed:
		return domaincheck.Check{ID: c.ID, State: domaincheck.NotApplicable, Severity: domaincheck.Fine,
			MessageKey: "domain.check.site_closed.not_applicable"}
	}
	return c
}

// check gives the check with an id.
func (d *Domain) check(id domaincheck.CheckID) domaincheck.Check {
	for _, c := range d.Checks {
		if c.ID == id {
			return c
		}
	}
	return domaincheck.Check{State: domaincheck.Unknown}
}

// findings tells what the checks object to. What they could not tell is left to
// the list of checks.
func (d *Domain) findings() []Finding {
	var out []Finding
	for _, c := range d.Checks {
		f := Finding{Group: GroupDomain, ID: "domain." + string(c.ID), Field: "domain", Message: Words{Key: c.MessageKey, Params: saved.MessageParams(c)}}
		switch c.Severity {
		case domaincheck.Blocker:
			f.Severity = icp.SeverityError
		case domaincheck.Warning:
			f.Severity = icp.SeverityWarning
		case domaincheck.Notice, domaincheck.Fine:
			continue
		}
		if c.RemedyKey != "" {
			f.Remedy = []Words{{Key: c.RemedyKey, Params: f.Message.Params}}
		}
		if c.RetryAt != nil { // the whole minute that the message tells
			f.RetryAt = c.RetryAt.Add(time.Minute - time.Nanosecond).Truncate(time.Minute)
		}
		out = append(out, f)
	}
	return out
}

// domainPapers are the papers that help where the registry does not tell.
func domainPapers(r domaincheck.Result) []Paper {
	var out []Paper
	if c, _ := r.Check(domaincheck.RealName); c.State == domaincheck.Unknown && r.Facts != nil {
		out = append(out, Paper{Kind: icp.MaterialDomainRealName, Website: true, Certain: true, Reasons: []Reason{{Text: say("precheck.paper.real_name")}}})
	}
	if r.Facts != nil && r.Facts.RegistrantOrg == "" && r.Facts.RegistrantName == "" {
		out = append(out, Paper{Kind: icp.MaterialDomainCertificate, Website: true, Certain: true, Reasons: []Reason{{Text: say("precheck.paper.holder_hidden")}}})
	}
	return out
}
