package casework

import (
	"strings"

	"github.com/openbeian/beian/internal/icp"
	"golang.org/x/text/width"
)

// tidy trims a name and folds runs of spaces; what people paste is kept otherwise.
func tidy(s string) string { return strings.Join(strings.Fields(s), " ") }

func tidySubject(s *icp.Subject) {
	s.Name, s.Investor = tidy(s.Name), tidy(s.Investor)
	s.CertificateNumber = icp.NormalizeCertificate(s.CertificateType, s.CertificateNumber)
	s.CertificateAddress, s.Address, s.Remark = tidy(s.CertificateAddress), tidy(s.Address), strings.TrimSpace(s.Remark)
	tidyPrincipal(&s.Principal)
}

func tidyPrincipal(p *icp.Principal) {
	p.Name = tidy(p.Name)
	p.CertificateNumber = icp.NormalizeCertificate(p.CertificateType, p.CertificateNumber)
	p.CertificateUntil = strings.TrimSpace(p.CertificateUntil)
	p.Mobile, p.Email = icp.NormalizeMobile(p.Mobile), icp.NormalizeEmail(p.Email)
	p.OfficePhone, p.EmergencyPhone = icp.NormalizeOfficePhone(p.OfficePhone), icp.NormalizeOfficePhone(p.EmergencyPhone)
	p.Remark = strings.TrimSpace(p.Remark)
}

func tidyApprovals(in []icp.PreApproval) []icp.PreApproval {
	out := make([]icp.PreApproval, 0, len(in))
	for _, p := range in {
		p.Number = strings.TrimSpace(width.Narrow.String(p.Number))
		out = append(out, p)
	}
	return out
}

// settlePrincipals keeps linked persons the same: an individual is its own
// principal, and a site marked 同主体负责人 has the subject's.
func settlePrincipals(d *icp.OrderData) {
	s := &d.Subject
	if s.IsIndividual() {
		s.Principal.Name, s.Principal.CertificateType, s.Principal.CertificateNumber = s.Name, s.CertificateType, s.CertificateNumber
		s.Investor, s.Principal.Role = "", ""
	}
	for i := range d.Websites {
		w := &d.Websites[i]
		if s.IsIndividual() {
			w.SameAsSubject, w.PreApprovals = true, []icp.PreApproval{}
		}
		if w.SameAsSubject {
			w.Principal = s.Principal
		}
	}
}
