package authority

import "github.com/openbeian/beian/internal/authority/wire"

// checkedFiling copies a task's filing into the answer, as the interface wants
// it back.
func checkedFiling(t *wire.CheckTask) wire.CheckedFiling {
	s := &t.Subject
	out := wire.CheckedFiling{Subject: wire.CheckedSubject{AuthorityID: s.AuthorityID, Name: s.Name, Nature: s.Nature,
		Address:  wire.PostalAddress{Province: s.Address.Province, City: s.Address.City, County: s.Address.County, Street: s.Address.Street},
		Investor: s.Investor, Certificate: wire.SubjectCertificate{Type: s.Certificate.Type, Number: s.Certificate.Number, Address: s.Certificate.Address},
		Principal: checkedPrincipal(&s.Principal), Remark: s.Remark}}
	for i := range t.Websites {
		w := &t.Websites[i]
		site := wire.CheckedWebsite{AuthorityID: w.AuthorityID, Name: w.Name, Approvals: w.Approvals, Principal: checkedPrincipal(&w.Principal),
			HomePage: w.HomePage, Remark: w.Remark}
		if w.Services != nil {
			site.Services = wire.ServiceIDs{IDs: w.Services.IDs}
		}
		for _, d := range w.Domains {
			site.Domains = append(site.Domains, wire.CheckedDomain{AuthorityID: d.AuthorityID, Name: d.Name})
		}
		for _, a := range w.Accesses {
			access := wire.CheckedAccess{AuthorityID: a.AuthorityID, Places: wire.PlaceIDs{IDs: a.Places.IDs}, Modes: wire.ModeIDs{IDs: a.Modes.IDs}, OnBehalf: a.OnBehalf}
			for _, ip := range a.IPs {
				access.IPs = append(access.IPs, wire.CheckedIP{AuthorityID: ip.AuthorityID, First: ip.First, Last: ip.Last})
			}
			site.Accesses = append(site.Accesses, access)
		}
		out.Websites = append(out.Websites, site)
	}
	return out
}

func checkedPrincipal(p *wire.DownloadPrincipal) wire.CheckedPrincipal {
	return wire.CheckedPrincipal{Name: p.Name, OfficePhone: p.OfficePhone, Mobile: p.Mobile, Email: p.Email, MSN: p.MSN, QQ: p.QQ,
		CertificateType: p.CertificateType, CertificateNumber: p.CertificateNumber}
}
