package form

import (
	"slices"
	"strconv"

	"github.com/openbeian/beian/internal/icp"
)

// need says when an answer is required.
type need int

const (
	optional  need = iota
	required       // of everybody who is asked
	ofUnits        // of units; optional for individuals
	whenOther      // when the service content is 其他
)

func (n need) always(nature int) bool {
	return n == required || n == ofUnits && nature != icp.NatureIndividual
}

// audience says who is asked.
type audience int

const (
	everybody audience = iota
	units
)

// fieldDef is a row of the table of questions. Limits are those of the
// authority's interface 3.0 unless the comment says otherwise.
type fieldDef struct {
	path     string
	key      string // of the message catalogue, after "form.field."
	kind     Kind
	need     need
	audience audience
	min, max int
	from     string
	fixed    bool
	visible  *Condition
	options  optionsFunc
	// value gives the answer as text; site is nil for fields of the subject.
	value func(d *icp.OrderData, site *icp.Website) string
	// check tells what is wrong with a non-empty answer and whether that only
	// earns a warning.
	check func(d *icp.OrderData, site *icp.Website, value string) (code string, warn bool)
}

func (f *fieldDef) asked(nature int) bool {
	return f.audience == everybody || nature != icp.NatureIndividual
}

type sectionDef struct {
	id     string
	fields []fieldDef
}

type stepDef struct {
	id       string
	sections []sectionDef
}

// steps is the table: the seed flow's pages in its order.
var steps = []stepDef{
	{id: "subject", sections: []sectionDef{
		{id: "filing", fields: filingFields},
		{id: "organiser", fields: organiserFields},
		{id: "subject_principal", fields: principalFields("/subject/principal", "principal", false)},
	}},
	{id: "websites", sections: []sectionDef{
		{id: "website", fields: websiteFields},
		{id: "website_principal", fields: append(sameAsField, principalFields("/websites/*/principal", "principal", true)...)},
		{id: "website_remark", fields: websiteRemark},
	}},
}

// The filing that the subject holds at another provider. The password is sent
// to its own operation and never comes back, so only the number is a field.
var filingFields = []fieldDef{
	{path: "/filing/licence_no", key: "filing.licence_no", kind: Text, need: required, max: 64,
		value: func(d *icp.OrderData, _ *icp.Website) string { return d.Filing.LicenceNo },
		check: plain(icp.CheckLicenceNo)},
}

var organiserFields = []fieldDef{
	{path: "/subject/region", key: "subject.region", kind: RegionField, need: required, from: "/reference/regions",
		value: func(d *icp.OrderData, _ *icp.Website) string { return d.Subject.Region }},
	{path: "/subject/nature", key: "subject.nature", kind: Select, need: required, options: natures,
		value: func(d *icp.OrderData, _ *icp.Website) string { return number(d.Subject.Nature) }},
	{path: "/subject/certificate_type", key: "subject.certificate_type", kind: Select, need: required, options: subjectCertificates,
		value: func(d *icp.OrderData, _ *icp.Website) string { return number(d.Subject.CertificateType) }},
	{path: "/subject/certificate_number", key: "subject.certificate_number", kind: Identifier, need: required, max: 255,
		value: func(d *icp.OrderData, _ *icp.Website) string { return d.Subject.CertificateNumber },
		check: func(d *icp.OrderData, _ *icp.Website, v string) (string, bool) {
			return icp.CheckCertificate(d.Subject.CertificateType, v)
		}},
	{path: "/subject/name", key: "subject.name", kind: Text, need: required, min: 2, max: 255,
		value: func(d *icp.OrderData, _ *icp.Website) string { return d.Subject.Name }},
	{path: "/subject/certificate_address", key: "subject.certificate_address", kind: TextArea, need: required, max: 1024,
		value: func(d *icp.OrderData, _ *icp.Website) string { return d.Subject.CertificateAddress }},
	{path: "/subject/investor", key: "subject.investor", kind: Text, need: ofUnits, audience: units, max: 255,
		value: func(d *icp.OrderData, _ *icp.Website) string { return d.Subject.Investor }},
	{path: "/subject/address", key: "subject.address", kind: TextArea, need: required, max: 1024,
		value: func(d *icp.OrderData, _ *icp.Website) string { return d.Subject.Address }},
	{path: "/subject/remark", key: "subject.remark", kind: TextArea, max: 1024,
		value: func(d *icp.OrderData, _ *icp.Website) string { return d.Subject.Remark }},
}

var websiteFields = []fieldDef{
	{path: "/websites/*/name", key: "website.name", kind: Text, need: required, max: 512,
		value: func(_ *icp.OrderData, w *icp.Website) string { return w.Name }},
	{path: "/websites/*/resource", key: "website.resource", kind: ResourcePick, need: required,
		value: func(_ *icp.OrderData, w *icp.Website) string { return w.Resource.IP }},
	{path: "/websites/*/domain", key: "website.domain", kind: ReadOnly, need: required, fixed: true, min: 4, max: 128,
		value: func(_ *icp.OrderData, w *icp.Website) string { return w.Domain }},
	{path: "/websites/*/home_url", key: "website.home_url", kind: ReadOnly, need: required, fixed: true, min: 4, max: 255,
		value: func(_ *icp.OrderData, w *icp.Website) string { return w.HomeURL }},
	{path: "/websites/*/service_content", key: "website.service_content", kind: Select, need: required, options: serviceContents,
		value: func(_ *icp.OrderData, w *icp.Website) string { return number(w.ServiceContent) }},
	{path: "/websites/*/languages", key: "website.languages", kind: MultiSelect, need: required, options: languages,
		value: func(_ *icp.OrderData, w *icp.Website) string { return numbers(w.Languages) }},
	{path: "/websites/*/pre_approvals", key: "website.pre_approvals", kind: PreApprovals, audience: units, options: preApprovals,
		value: func(*icp.OrderData, *icp.Website) string { return "" }},
}

var sameAsField = []fieldDef{
	{path: "/websites/*/same_as_subject", key: "website.same_as_subject", kind: CheckBox, audience: units,
		value: func(*icp.OrderData, *icp.Website) string { return "" }},
}

var websiteRemark = []fieldDef{
	{path: "/websites/*/remark", key: "website.remark", kind: TextArea, need: whenOther, max: 1024,
		value: func(_ *icp.OrderData, w *icp.Website) string { return w.Remark }},
}

// principalFields are the questions about a responsible person. An
// individual's own name and certificate are not asked again; a website's
// principal is asked of units only, unless it is the subject's.
func principalFields(at, key string, ofWebsite bool) []fieldDef {
	who := func(d *icp.OrderData, w *icp.Website) *icp.Principal {
		if ofWebsite {
			return &w.Principal
		}
		return &d.Subject.Principal
	}
	text := func(get func(*icp.Principal) string) func(*icp.OrderData, *icp.Website) string {
		return func(d *icp.OrderData, w *icp.Website) string { return get(who(d, w)) }
	}
	contact := everybody
	var visible *Condition
	if ofWebsite {
		contact, visible = units, &Condition{Path: "/websites/*/same_as_subject", Equals: false}
	}
	fields := []fieldDef{
		{path: "/name", kind: Text, need: required, audience: units, min: 2, max: 128, value: text(func(p *icp.Principal) string { return p.Name })},
		{path: "/role", kind: Choice, need: required, audience: units, options: roles,
			value: text(func(p *icp.Principal) string { return string(p.Role) })},
		{path: "/certificate_type", kind: Select, need: required, audience: units, options: principalCertificates,
			value: text(func(p *icp.Principal) string { return number(p.CertificateType) })},
		{path: "/certificate_number", kind: Identifier, need: required, audience: units, max: 255,
			value: text(func(p *icp.Principal) string { return p.CertificateNumber }),
			check: func(d *icp.OrderData, w *icp.Website, v string) (string, bool) {
				return icp.CheckCertificate(who(d, w).CertificateType, v)
			}},
		{path: "/certificate_until", kind: Date, need: required, audience: contact, max: 10,
			value: text(func(p *icp.Principal) string { return p.CertificateUntil })},
		{path: "/mobile", kind: Mobile, need: required, audience: contact, max: 128,
			value: text(func(p *icp.Principal) string { return p.Mobile }), check: plain(icp.CheckMobile)},
		{path: "/office_phone", kind: Phone, need: ofUnits, audience: units, max: 128,
			value: text(func(p *icp.Principal) string { return p.OfficePhone }), check: plain(icp.CheckOfficePhone)},
		{path: "/emergency_phone", kind: Phone, audience: contact, max: 128,
			value: text(func(p *icp.Principal) string { return p.EmergencyPhone }), check: plain(icp.CheckAnyPhone)},
		{path: "/email", kind: Email, need: required, audience: contact, min: 6, max: 128,
			value: text(func(p *icp.Principal) string { return p.Email }), check: plain(icp.CheckEmail)},
		{path: "/remark", kind: TextArea, audience: contact, max: 1024, value: text(func(p *icp.Principal) string { return p.Remark })},
	}
	for i := range fields {
		fields[i].key = key + "." + fields[i].path[1:]
		fields[i].path = at + fields[i].path
		fields[i].visible = visible
	}
	return fields
}

// plain adapts an identifier check that needs only the value.
func plain(check func(string) (string, bool)) func(*icp.OrderData, *icp.Website, string) (string, bool) {
	return func(_ *icp.OrderData, _ *icp.Website, v string) (string, bool) { return check(v) }
}

// number writes an id; the zero id is no answer.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func numbers(ids []int) string {
	var b []byte
	for i, id := range slices.Sorted(slices.Values(ids)) {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(id), 10)
	}
	return string(b)
}
