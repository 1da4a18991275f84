package rules

import (
	"strconv"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/icp"
)

// reach says how often a field stands in a case.
type reach int

const (
	once      reach = iota // in the order
	perSite                // in every website
	perPerson              // in every principal that whose admits
)

// whose tells principals apart.
type whose int

const (
	anybody  whose = iota
	subjects       // of the subject
	sites          // of a website, where it is not the subject's
)

// field is a place that rules may judge and findings point to.
type field struct {
	path  string // pointer with * for the index
	reach reach
	whose whose
	// units says that individuals have no such field.
	units bool
	// text gives the answer as text; nil where there is none to speak of.
	text func(m *matter) string
	// slot numbers the texts of one order, website or person.
	slot int
	// pointers are those of the subject's principal and of as many websites as an
	// order may have.
	pointers []string
}

// name is the last part of the path.
func (f *field) name() string { return f.path[strings.LastIndexByte(f.path, '/')+1:] }

// pointer is the field's pointer in the case at hand.
func (f *field) pointer(m *matter) string {
	at := -1 // the website; none for the subject's principal
	switch f.reach {
	case perSite:
		at = m.siteIndex
	case perPerson:
		if m.person.site != nil {
			at = m.person.siteIndex
		}
	case once:
		return f.path
	}
	if at+1 < len(f.pointers) {
		return f.pointers[at+1]
	}
	return f.pointerAt(at)
}

// pointerAt writes the field's pointer at a website, or -1 for the subject's
// principal.
func (f *field) pointerAt(site int) string {
	switch {
	case f.reach == perSite:
		return "/websites/" + strconv.Itoa(site) + f.path[len("/websites/*"):]
	case site < 0:
		return "/subject/principal/" + f.name()
	}
	return principalAt(site) + "/" + f.name()
}

// fields are the places by path. /principals/* is short for the subject's
// principal and every website's own.
var fields, slots = allFields()

// Fields that predicates look at beside their own.
var (
	subjectName = fields["/subject/name"]
	websiteName = fields["/websites/*/name"]
)

// orderTexts are the texts of the whole case by their paths.
var orderTexts = map[string]func(d *icp.OrderData) string{
	"/subject/region":              func(d *icp.OrderData) string { return d.Subject.Region },
	"/subject/nature":              func(d *icp.OrderData) string { return number(d.Subject.Nature) },
	"/subject/certificate_type":    func(d *icp.OrderData) string { return number(d.Subject.CertificateType) },
	"/subject/certificate_number":  func(d *icp.OrderData) string { return d.Subject.CertificateNumber },
	"/subject/name":                func(d *icp.OrderData) string { return d.Subject.Name },
	"/subject/certificate_address": func(d *icp.OrderData) string { return d.Subject.CertificateAddress },
	"/subject/investor":            func(d *icp.OrderData) string { return d.Subject.Investor },
	"/subject/address":             func(d *icp.OrderData) string { return d.Subject.Address },
	"/subject/remark":              func(d *icp.OrderData) string { return d.Subject.Remark },
	"/filing/licence_no":           func(d *icp.OrderData) string { return d.Filing.LicenceNo },
}

// siteTexts are the texts of a website by their names.
var siteTexts = map[string]func(w *icp.Website) string{
	"name":            func(w *icp.Website) string { return w.Name },
	"domain":          func(w *icp.Website) string { return w.Domain },
	"home_url":        func(w *icp.Website) string { return w.HomeURL },
	"service_content": func(w *icp.Website) string { return number(w.ServiceContent) },
	"remark":          func(w *icp.Website) string { return w.Remark },
	"languages":       func(w *icp.Website) string { return numbers(w.Languages) },
	"resource":        func(w *icp.Website) string { return w.Resource.IP },
}

// personTexts are the texts of a person in charge by their names.
var personTexts = map[string]func(p *person) string{
	"name":               func(p *person) string { return p.name },
	"certificate_number": func(p *person) string { return p.number },
	"certificate_type":   func(p *person) string { return number(p.certType) },
	"role":               func(p *person) string { return string(p.Role) },
	"certificate_until":  func(p *person) string { return p.CertificateUntil },
	"mobile":             func(p *person) string { return p.Mobile },
	"office_phone":       func(p *person) string { return p.OfficePhone },
	"emergency_phone":    func(p *person) string { return p.EmergencyPhone },
	"email":              func(p *person) string { return p.Email },
	"remark":             func(p *person) string { return p.Remark },
}

// allFields gives the fields and how many texts there are by reach.
func allFields() (out map[string]*field, slots [perPerson + 1]int) {
	out = map[string]*field{}
	// The three paths of a person's field have one slot, by its name.
	persons := map[string]int{}
	add := func(f field) {
		switch n, ok := persons[f.name()]; {
		case f.text == nil:
		case f.reach == perPerson && ok:
			f.slot = n
		default:
			f.slot = slots[f.reach]
			slots[f.reach]++
			if f.reach == perPerson {
				persons[f.name()] = f.slot
			}
		}
		if f.reach != once {
			f.pointers = make([]string, 1+mostSites)
			for i := range f.pointers {
				f.pointers[i] = f.pointerAt(i - 1)
			}
		}
		out[f.path] = &f
	}
	for path, text := range orderTexts {
		add(field{path: path, text: func(m *matter) string { return text(m.data) }})
	}
	add(field{path: "/websites"})
	for name, text := range siteTexts {
		add(field{path: "/websites/*/" + name, reach: perSite, text: func(m *matter) string { return text(m.site) }})
	}
	add(field{path: "/websites/*/pre_approvals", reach: perSite})
	for name, text := range personTexts {
		f := field{reach: perPerson, units: name == "role", text: func(m *matter) string { return text(m.person) }}
		for whose, path := range map[whose]string{anybody: "/principals/*/", subjects: "/subject/principal/", sites: "/websites/*/principal/"} {
			f.whose, f.path = whose, path+name
			add(f)
		}
	}
	return out, slots
}

// number writes an id; 0 means: not told.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// numbers writes ids with commas between them.
func numbers(ids []int) string {
	if len(ids) == 1 {
		return number(ids[0])
	}
	out := ""
	for i, n := range ids {
		if i > 0 {
			out += ","
		}
		out += strconv.Itoa(n)
	}
	return out
}

// person is a principal with the place where it stands.
type person struct {
	*icp.Principal
	// name and number are the subject's own for individuals.
	name      string
	certType  int
	number    string
	site      *icp.Website // nil for the subject's
	siteIndex int
	index     int // among the persons
	key       string
	birth     time.Time // zero where no number tells it
	wasRead   bool      // birth was
}

// at is the pointer of the place, such as /subject/principal.
func (p *person) at() string {
	if p.site == nil {
		return "/subject/principal"
	}
	if p.siteIndex < len(principalsAt) {
		return principalsAt[p.siteIndex]
	}
	return principalAt(p.siteIndex)
}

// mostSites is how many websites an order has as a rule at most; the pointers of
// more are written when they are needed.
const mostSites = 16

// principalsAt are the pointers of the principals of so many websites.
var principalsAt = func() (out [mostSites]string) {
	for i := range out {
		out[i] = principalAt(i)
	}
	return out
}()

func principalAt(i int) string { return "/websites/" + strconv.Itoa(i) + "/principal" }

// persons appends the principals of a case, the subject's first.
func persons(d *icp.OrderData, to []person) []person {
	s := &d.Subject
	own := person{Principal: &s.Principal, name: s.Principal.Name,
		certType: s.Principal.CertificateType, number: s.Principal.CertificateNumber}
	if s.IsIndividual() {
		own.name, own.certType, own.number = s.Name, s.CertificateType, s.CertificateNumber
		return append(to, own)
	}
	to = append(to, own)
	for i := range d.Websites {
		w := &d.Websites[i]
		if w.SameAsSubject {
			continue
		}
		to = append(to, person{Principal: &w.Principal, name: w.Principal.Name, certType: w.Principal.CertificateType,
			number: w.Principal.CertificateNumber, site: w, siteIndex: i, index: len(to)})
	}
	return to
}

// same reports whether two principals are one person: the same certificate
// number, or, where one is missing, the same name.
func (p *person) same(q *person) bool {
	if p.number != "" && q.number != "" {
		return p.number == q.number || p.document() == q.document()
	}
	return fold(p.name) == fold(q.name)
}

// document is the certificate number in one spelling.
func (p *person) document() string {
	if p.key == "" {
		p.key = p.number
		if !isDocument(p.number) {
			p.key = icp.NormalizeDocument(p.number)
		}
	}
	return p.key
}

// isDocument reports whether a number is in that spelling: digits and capital
// letters only.
func isDocument(s string) bool {
	for i := range len(s) {
		if (s[i] < '0' || s[i] > '9') && (s[i] < 'A' || s[i] > 'Z') {
			return false
		}
	}
	return true
}

// hasCitizenNumber reports whether a resident id or residence permit tells birth date and sex.
func (p *person) hasCitizenNumber() bool {
	return p.certType == icp.CertResidentID || p.certType == certHongKongMacaoPermit || p.certType == certTaiwanPermit
}

// age gives the years that a person has lived on a day of China's, and the birth
// date; ok is false where no number tells them.
func (p *person) age(at time.Time) (years int, birth time.Time, ok bool) {
	if !p.wasRead {
		p.wasRead = true
		if p.hasCitizenNumber() {
			p.birth, _ = icp.BirthDate(p.number)
		}
	}
	if p.birth.IsZero() {
		return 0, p.birth, false
	}
	years = icp.YearsAt(p.birth, at)
	return years, p.birth, years >= 0
}

// Residence permits, whose numbers are made like those of resident ids.
const (
	certHongKongMacaoPermit = 41 // 港澳居民居住证
	certTaiwanPermit        = 42 // 台湾居民居住证
)
