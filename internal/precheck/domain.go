package precheck

import (
	"maps"
	"slices"

	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/domaincheck/saved"
	"github.com/openbeian/beian/internal/icp"
)

// unkept is the evidence of a check that a report does not keep: it may name
// people, or says nothing to a visitor.
var unkept = []string{domaincheck.EvidenceRegistrant, domaincheck.EvidenceTitle, domaincheck.EvidenceAddress}

// domainOf takes over what the checks of a domain found. Who holds it is not
// compared, for nobody is signed in; a filing that exists is the business of
// the filing type, and a filed site may be open.
func domainOf(r domaincheck.Result) Domain {
	d := Domain{Filed: filedBy(r)}
	if d.Filed == Yes && r.Filing != nil {
		d.LicenceNo = r.Filing.SiteLicence
		if d.LicenceNo == "" {
			d.LicenceNo = r.Filing.SubjectLicence
		}
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

func filedBy(r domaincheck.Result) Answer {
	c, _ := r.Check(domaincheck.NotFiled)
	switch c.State { //nolint:exhaustive // the other states do not tell
	case domaincheck.Passed:
		return No
	case domaincheck.Failed:
		return Yes
	}
	return Unknown
}

// ofFiled weighs a check for a domain that is filed already.
func ofFiled(c domaincheck.Check) domaincheck.Check {
	switch c.ID { //nolint:exhaustive // the other checks weigh the same
	case domaincheck.NotFiled:
		c.Severity, c.Blocking = domaincheck.Notice, false
	case domaincheck.SiteClosed:
		return domaincheck.Check{ID: c.ID, State: domaincheck.NotApplicable, Severity: domaincheck.Fine,
			MessageKey: "domain.check.site_closed.not_applicable"}
	}
	return c
}

// domainFindings tells what the checks object to.
func domainFindings(d *Domain) []Finding {
	var out []Finding
	for _, c := range d.Checks {
		severity, bad := severities[c.Severity]
		if !bad || c.ID == domaincheck.NotFiled && d.Filed == Yes {
			continue
		}
		params := saved.MessageParams(c)
		f := Finding{Group: GroupDomain, ID: "domain." + string(c.ID), Severity: severity, Field: "domain",
			Message: Words{Key: c.MessageKey, Params: params}}
		if c.RemedyKey != "" {
			f.Remedy = []Words{{Key: c.RemedyKey, Params: params}}
		}
		if c.RetryAt != nil {
			f.RetryAt = *c.RetryAt
		}
		out = append(out, f)
	}
	return out
}

var severities = map[domaincheck.Severity]icp.Severity{
	domaincheck.Blocker: icp.SeverityError, domaincheck.Warning: icp.SeverityWarning, domaincheck.Notice: icp.SeverityInfo,
}

// domainPapers are the papers that what the registry does not tell will cost.
func domainPapers(r domaincheck.Result) []Paper {
	var out []Paper
	if c, _ := r.Check(domaincheck.RealName); c.State == domaincheck.Unknown && r.Facts != nil {
		out = append(out, Paper{Kind: icp.MaterialDomainRealName, Website: true, Reason: say("precheck.paper.real_name")})
	}
	if r.Facts != nil && r.Facts.RegistrantOrg == "" && r.Facts.RegistrantName == "" {
		out = append(out, Paper{Kind: icp.MaterialDomainCertificate, Website: true, Reason: say("precheck.paper.holder_hidden")})
	}
	return out
}
