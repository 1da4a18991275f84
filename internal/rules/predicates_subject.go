package rules

import (
	"errors"
	"slices"

	"github.com/openbeian/beian/internal/icp"
)

// realNameDiffers finds a subject's name that is not the account's real name.
// Width of letters and brackets does not count.
func realNameDiffers(m *matter) verdict {
	own := m.data.RealName.Name
	return verdict{bad: own != "" && own != m.value && icp.NormalizeDocument(own) != icp.NormalizeDocument(m.value)}
}

// realCertificateDiffers finds a certificate that is not the account's.
// Certificates of two types are not compared: a unit may prove its name with
// one and file with the other.
func realCertificateDiffers(m *matter) verdict {
	own := &m.data.RealName
	t := m.data.Subject.CertificateType
	return verdict{bad: own.CertificateNumber != "" && own.CertificateType == t && own.CertificateNumber != m.value &&
		icp.NormalizeCertificate(t, own.CertificateNumber) != icp.NormalizeCertificate(t, m.value)}
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
	return verdict{bad: area != "" && area != "10" && m.two != "" && area != m.two}
}

// certificateTypeAmong finds a subject that files with one of the types.
func certificateTypeAmong(p struct {
	Types []int `yaml:"types"`
}, b *build) (judge, error) {
	var err error
	if len(p.Types) == 0 {
		err = errors.New("types are missing")
	}
	for _, id := range p.Types {
		if _, ok := b.tables.CertificateType(id); !ok {
			err = errors.New("unknown certificate type " + itoa(id))
		}
	}
	return func(m *matter) verdict {
		return verdict{bad: slices.Contains(p.Types, m.data.Subject.CertificateType)}
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
		n, err := icp.ParseLicenceNo(m.value)
		if err != nil {
			return good
		}
		two, ok := own[n.Province]
		if !ok || m.two == "" || two == m.two {
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
		n, bad := icp.ParseLicenceNo(m.value)
		return verdict{bad: bad == nil && slices.Contains(p.Kinds, n.Kind)}
	}, err
}

// licenceOfWebsite finds the number of a website where the subject's is wanted.
func licenceOfWebsite(m *matter) verdict {
	n, err := icp.ParseLicenceNo(m.value)
	if err != nil || n.SiteNo == 0 {
		return good
	}
	return bad("subject_no", n.Subject().String())
}
