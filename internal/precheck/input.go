package precheck

import (
	"errors"
	"slices"
	"strings"

	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/form"
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

// Input is what a visitor tells. Domain, Nature and Region must be there.
type Input struct {
	Domain string // as typed or pasted
	Nature int    // kind of organiser (主办单位性质)
	Region string // two, four or six digits of a region code
	// SubjectFiled is whether the organiser holds a filing, as the visitor knows.
	SubjectFiled Answer
	// CertificateType and CertificateNumber are the organiser's own; a number
	// needs its type. The number is judged and forgotten.
	CertificateType   int
	CertificateNumber string
	WebsiteName       string // forgotten unless the organiser is a unit
	ServiceContent    int
	Resource          Resource
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
// spelling.
type question struct {
	Input
	name   domaincheck.Name
	person bool // the organiser is a natural person
	county bool // the region is a place of filing and not just its province
	// doubt is what may be wrong with the certificate number; "" for nothing.
	doubt string
}

// read checks an input by form and gives all its faults at once.
func read(in Input, tables *refdata.Tables) (question, error) {
	q := question{Input: in}
	var faults []icp.FieldError
	fault := func(pointer, code string) { faults = append(faults, icp.FieldError{Pointer: pointer, Code: code}) }
	var err error
	if q.name, err = domaincheck.Normalize(in.Domain); err != nil {
		var e *icp.Error
		if !errors.As(err, &e) {
			return q, err
		}
		faults = append(faults, e.Fields...)
	}
	nature, ok := tables.Nature(q.Nature)
	if !ok {
		fault("/nature", "precheck.nature")
	}
	q.person = nature.Person
	if q.Region, ok = sixDigits(tables, in.Region); !ok {
		fault("/region", "precheck.region")
	}
	q.county = form.FilingRegion(tables, q.Region)
	contents := tables.ServiceChoices()
	if q.ServiceContent != 0 && !slices.ContainsFunc(contents, func(c refdata.ServiceContent) bool { return c.ID == q.ServiceContent }) {
		fault("/service_content", "precheck.service_content")
	}
	q.WebsiteName = strings.TrimSpace(in.WebsiteName)
	q.readCertificate(tables, fault)
	if len(faults) > 0 {
		return q, icp.InvalidFields(faults)
	}
	return q, nil
}

// readCertificate checks the organiser's certificate. A number that cannot be
// is a fault of the input: the visitor can mend it at once.
func (q *question) readCertificate(tables *refdata.Tables, fault func(pointer, code string)) {
	certificate, ok := tables.CertificateType(q.CertificateType)
	switch {
	case q.CertificateType != 0 && !ok:
		fault("/certificate_type", "precheck.certificate_type")
		return
	case ok && len(certificate.Natures) > 0 && !slices.Contains(certificate.Natures, q.Nature):
		fault("/certificate_type", "precheck.certificate_nature")
		return
	}
	if q.CertificateNumber = strings.TrimSpace(q.CertificateNumber); q.CertificateNumber == "" {
		return
	}
	if q.CertificateType == 0 {
		fault("/certificate_type", "precheck.number_alone")
		return
	}
	code, warning := icp.CheckCertificate(q.CertificateType, q.CertificateNumber)
	if code != "" && !warning {
		fault("/certificate_number", code)
		return
	}
	q.doubt, q.CertificateNumber = code, icp.NormalizeCertificate(q.CertificateType, q.CertificateNumber)
}

// sixDigits gives a region code in full; false when it is of no province.
func sixDigits(tables *refdata.Tables, region string) (string, bool) {
	region = strings.TrimSpace(region)
	if len(region)%2 != 0 || len(region) > 6 || strings.Trim(region, "0123456789") != "" {
		return "", false
	}
	if _, ok := tables.Province(region); !ok {
		return "", false
	}
	region = (region + "0000")[:6]
	_, ok := tables.Region(region)
	return region, ok
}

// asked is what is kept of a question: no certificate number, and a site name
// only of a unit.
func (q *question) asked() Asked {
	a := Asked{Domain: q.name, Region: q.Region, Nature: q.Nature, CertificateType: q.CertificateType,
		CertificateGiven: q.CertificateNumber != "", NameGiven: q.WebsiteName != "", ServiceContent: q.ServiceContent,
		Resource: q.Resource, SubjectFiled: q.SubjectFiled}
	if !q.person {
		a.WebsiteName = q.WebsiteName
	}
	return a
}
