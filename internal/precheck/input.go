package precheck

import (
	"strings"

	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

// Answer is yes, no or unknown; the empty value means: not told.
type Answer string

// The answers.
const (
	Yes     Answer = "yes"
	No      Answer = "no"
	Unknown Answer = "unknown"
)

// Input is what a visitor tells. Only Domain must be there.
type Input struct {
	Domain string // as typed or pasted
	Region string // two to six digits of a region code
	Nature int    // kind of organiser, 0 for not told
	// CertificateType and CertificateNumber are the organiser's own; a number
	// needs its type. The number is judged and forgotten.
	CertificateType   int
	CertificateNumber string
	WebsiteName       string // forgotten unless the organiser is a unit
	ServiceContent    int
	Age               int // of the principal, years; 0 for not told
	Role              icp.PrincipalRole
	Resource          Resource
	SubjectFiled      Answer // does the organiser hold a filing, as the visitor knows
}

// Kinds of resources that a visitor may have.
const (
	ResourceServer = "server"
	ResourceCode   = "code"
	ResourceNone   = "none"
)

// Resource is what the website will run on. The pointers are nil for what was
// not told.
type Resource struct {
	Kind         string `json:"kind,omitempty"`
	Mainland     *bool  `json:"mainland,omitempty"`
	Prepaid      *bool  `json:"prepaid,omitempty"`
	MonthsBought *int   `json:"months_bought,omitempty"` // in total, renewals included
	DaysLeft     *int   `json:"days_left,omitempty"`
}

// question is an input that was read: names and numbers in their standard
// spelling, the nature as far as it follows from the certificate.
type question struct {
	Input
	name   domaincheck.Name
	person bool // the organiser is a natural person
	// numberCode is the fault of the certificate number, "" for none.
	numberCode string
	numberWarn bool
}

// read checks an input by form. The errors are those of domaincheck.Normalize
// and icp.Invalid with precheck.region, precheck.choice or precheck.number_alone.
func read(in Input, tables *refdata.Tables) (question, error) {
	q := question{Input: in}
	var err error
	if q.name, err = domaincheck.Normalize(in.Domain); err != nil {
		return q, err
	}
	q.Region, q.WebsiteName = strings.TrimSpace(in.Region), strings.TrimSpace(in.WebsiteName)
	q.CertificateNumber = strings.TrimSpace(in.CertificateNumber)
	var faults []icp.FieldError
	fault := func(pointer, code string) { faults = append(faults, icp.FieldError{Pointer: pointer, Code: code}) }
	if !regionKnown(tables, q.Region) {
		fault("/region", "precheck.region")
	}
	if _, ok := tables.Nature(q.Nature); q.Nature != 0 && !ok {
		fault("/nature", "precheck.choice")
	}
	certificate, ok := tables.CertificateType(q.CertificateType)
	if q.CertificateType != 0 && !ok {
		fault("/certificate_type", "precheck.choice")
	}
	if _, ok := tables.ServiceContent(q.ServiceContent); q.ServiceContent != 0 && !ok {
		fault("/service_content", "precheck.choice")
	}
	if q.CertificateNumber != "" && q.CertificateType == 0 {
		fault("/certificate_number", "precheck.number_alone")
	}
	if len(faults) > 0 {
		return q, icp.InvalidFields(faults)
	}
	if q.Nature == 0 && len(certificate.Natures) == 1 {
		q.Nature = certificate.Natures[0]
	}
	nature, _ := tables.Nature(q.Nature)
	q.person = nature.Person
	if q.person {
		q.Role = "" // individuals answer for themselves
	}
	if q.CertificateNumber != "" {
		q.numberCode, q.numberWarn = icp.CheckCertificate(q.CertificateType, q.CertificateNumber)
		q.CertificateNumber = icp.NormalizeCertificate(q.CertificateType, q.CertificateNumber)
	}
	return q, nil
}

func regionKnown(tables *refdata.Tables, region string) bool {
	if region == "" {
		return true
	}
	if strings.Trim(region, "0123456789") != "" {
		return false
	}
	if len(region) == 6 {
		_, ok := tables.Region(region)
		if !ok {
			return false
		}
	}
	_, ok := tables.Province(region)
	return ok
}

// number gives the certificate number when it can be one.
func (q *question) number() string {
	if q.numberCode != "" && !q.numberWarn {
		return ""
	}
	return q.CertificateNumber
}

// asked is what is kept of a question: no certificate number, and a site name
// only when it is known to be a unit's.
func (q *question) asked() Asked {
	a := Asked{Domain: q.name, Region: q.Region, Nature: q.Nature, CertificateType: q.CertificateType,
		CertificateGiven: q.CertificateNumber != "", NameGiven: q.WebsiteName != "", ServiceContent: q.ServiceContent, Age: q.Age,
		Role: q.Role, Resource: q.Resource, SubjectFiled: q.SubjectFiled}
	if !q.private() {
		a.WebsiteName = q.WebsiteName
	}
	return a
}

// private reports whether the site name may be a natural person's.
func (q *question) private() bool { return q.person || q.Nature == 0 }
