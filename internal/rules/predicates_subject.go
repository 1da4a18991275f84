package rules

import (
	"errors"
	"slices"
	"time"

	"github.com/openbeian/beian/internal/icp"
)

// realNameDiffers finds a subject's name that is not the account's real name.
// Width of letters and brackets does not count.
func realNameDiffers(m *matter) verdict {
	own := m.data.RealName.Name
	if own == "" {
		return unjudged
	}
	return badIf(own != m.value && icp.NormalizeDocument(own) != icp.NormalizeDocument(m.value))
}

// realCertificateDiffers finds a certificate that is not the account's.
// Certificates of two types are not compared: a unit may prove its name with
// one and file with the other.
func realCertificateDiffers(m *matter) verdict {
	own := &m.data.RealName
	t := m.data.Subject.CertificateType
	if own.CertificateNumber == "" || own.CertificateType != t {
		return unjudged
	}
	return badIf(own.CertificateNumber != m.value &&
		icp.NormalizeCertificate(t, own.CertificateNumber) != icp.NormalizeCertificate(t, m.value))
}

// certificateElsewhere finds a credit code or resident id with the area of
// another province than the place of filing. The area is that of first
// registration, so whoever has moved keeps an old one.
func certificateElsewhere(m *matter) verdict {
	area := ""
	if s := &m.data.Subject; s.CertificateType == icp.CertResidentID {
		if n := icp.NormalizeResidentID(m.value); len(n) == 18 {
			area = n[:2]
		}
	} else if code, warn := icp.CheckCreditCode(m.value); code == "" || warn {
		area = icp.NormalizeCreditCode(m.value)[2:4]
	}
	// 10 is the area of registration by the State Council's own department.
	if area == "" || area == "10" || m.two == "" {
		return unjudged
	}
	return badIf(area != m.two)
}

type certificateTypes struct {
	Types []int `yaml:"types"`
}

func (p *certificateTypes) check(b *build) error {
	if len(p.Types) == 0 {
		return errors.New("types are missing")
	}
	for _, id := range p.Types {
		if _, ok := b.tables.CertificateType(id); !ok {
			return errors.New("unknown certificate type " + itoa(id))
		}
	}
	return nil
}

// has reports whether the certificate at hand, the person's or the subject's,
// is of one of the types.
func (p *certificateTypes) has(m *matter) bool {
	id := m.data.Subject.CertificateType
	if m.person != nil {
		id = m.person.certType
	}
	return slices.Contains(p.Types, id)
}

// certificateTypeAmong finds a subject or person with one of the types.
func certificateTypeAmong(p certificateTypes, b *build) (judge, error) {
	return func(m *matter) verdict { return badIf(p.has(m)) }, p.check(b)
}

// certificateTypeOutside finds a subject or person with none of the types.
func certificateTypeOutside(p certificateTypes, b *build) (judge, error) {
	return func(m *matter) verdict { return badIf(!p.has(m)) }, p.check(b)
}

// subjectElsewhere finds a subject that another account works with.
func subjectElsewhere(m *matter) verdict { return told(m.facts.SubjectElsewhere) }

// realNameFresh finds an account whose real name is younger than the hours, and
// tells when it is old enough.
func realNameFresh(p struct {
	Hours int `yaml:"hours"`
}, _ *build) (judge, error) {
	var err error
	if p.Hours < 1 {
		err = errors.New("hours is 1 or more")
	}
	return func(m *matter) verdict {
		since := m.facts.RealNameSince
		if since.IsZero() {
			return unjudged
		}
		ready := since.Add(time.Duration(p.Hours) * time.Hour)
		if !m.at.Before(ready) {
			return good
		}
		return verdict{state: faulty, detail: &detail{retryAt: ready}}
	}, err
}

// licenceElsewhere finds a licence number of another province than the place of
// filing.
func licenceElsewhere(b *build) judge {
	own := map[string]string{} // abbreviation → first two digits
	for _, p := range b.tables.Provinces() {
		own[p.Licence] = p.Code[:2]
	}
	return func(m *matter) verdict {
		n, err := m.filing()
		if err != nil {
			return unjudged
		}
		two, ok := own[n.Province]
		switch {
		case !ok || m.two == "":
			return unjudged
		case two == m.two:
			return good
		}
		return bad("abbreviation", n.Province)
	}
}

// licenceKind finds a licence number of one of the kinds.
func licenceKind(p struct {
	Kinds []icp.LicenceKind `yaml:"kinds"`
}, _ *build) (judge, error) {
	var err error
	for _, k := range p.Kinds {
		if k != icp.LicenceFiling && k != icp.LicenceCommercial && k != icp.LicenceTelecom {
			err = errors.New("unknown kind of licence " + string(k))
		}
	}
	if len(p.Kinds) == 0 {
		err = errors.New("kinds are missing")
	}
	return func(m *matter) verdict {
		n, err := m.filing()
		if err != nil {
			return unjudged
		}
		return badIf(slices.Contains(p.Kinds, n.Kind))
	}, err
}

// licenceOfWebsite finds the number of a website where the subject's is wanted.
func licenceOfWebsite(m *matter) verdict {
	n, err := m.filing()
	switch {
	case err != nil:
		return unjudged
	case n.SiteNo == 0:
		return good
	}
	return bad("subject_no", n.Subject().String())
}
