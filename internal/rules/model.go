package rules

import (
	"errors"
	"reflect"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/openbeian/beian/internal/icp"
)

// errNotKnown is what an expression meets where an answer or fact is missing
// that has no empty value; it leaves the rule unjudged.
var errNotKnown = errors.New("not known")

// The types of what expressions see. README.md lists their fields; a test holds
// it against this table.
var (
	celSubject  = cel.ObjectType("Subject")
	celFiling   = cel.ObjectType("Filing")
	celWebsite  = cel.ObjectType("Website")
	celPerson   = cel.ObjectType("Person")
	celFacts    = cel.ObjectType("Facts")
	celWebsites = cel.ListType(celWebsite)
	celIDs      = cel.ListType(cel.IntType)
)

// property is a field of what expressions see.
type property struct {
	of *cel.Type
	// get reads it; [errNotKnown] where it has no value.
	get func(of any) (any, error)
	// zero says that 0 is a number like others, not: no answer.
	zero bool
}

// placed is a website or person of a case.
type placed struct {
	m      *matter
	site   *icp.Website
	index  int // of the website
	person *person
}

func ofMatter(t *cel.Type, get func(m *matter) (any, error)) property {
	return property{of: t, get: func(of any) (any, error) { return get(of.(*matter)) }}
}

func ofPlaced(t *cel.Type, get func(p *placed) (any, error)) property {
	return property{of: t, get: func(of any) (any, error) { return get(of.(*placed)) }}
}

func subjectText(get func(s *icp.Subject) string) property {
	return ofMatter(cel.StringType, func(m *matter) (any, error) { return get(&m.data.Subject), nil })
}

func siteText(get func(w *icp.Website) string) property {
	return ofPlaced(cel.StringType, func(p *placed) (any, error) { return get(p.site), nil })
}

func personText(get func(p *person) string) property {
	return ofPlaced(cel.StringType, func(p *placed) (any, error) { return get(p.person), nil })
}

// counted says that 0 of a property is a number.
func counted(p property) property {
	p.zero = true
	return p
}

// truth gives a fact as a bool.
func truth(t Truth) (any, error) {
	if t == Unknown {
		return nil, errNotKnown
	}
	return t == Yes, nil
}

// model has the properties by type and name.
var model = map[string]map[string]property{
	"Subject": {
		"region":              subjectText(func(s *icp.Subject) string { return s.Region }),
		"nature":              ofMatter(cel.IntType, func(m *matter) (any, error) { return m.data.Subject.Nature, nil }),
		"individual":          ofMatter(cel.BoolType, func(m *matter) (any, error) { return m.data.Subject.IsIndividual(), nil }),
		"certificate_type":    ofMatter(cel.IntType, func(m *matter) (any, error) { return m.data.Subject.CertificateType, nil }),
		"certificate_number":  subjectText(func(s *icp.Subject) string { return s.CertificateNumber }),
		"name":                subjectText(func(s *icp.Subject) string { return s.Name }),
		"certificate_address": subjectText(func(s *icp.Subject) string { return s.CertificateAddress }),
		"investor":            subjectText(func(s *icp.Subject) string { return s.Investor }),
		"address":             subjectText(func(s *icp.Subject) string { return s.Address }),
		"remark":              subjectText(func(s *icp.Subject) string { return s.Remark }),
		"principal":           ofMatter(celPerson, func(m *matter) (any, error) { return m.celPerson(&m.persons[0]), nil }),
	},
	"Filing": {
		"licence_no": ofMatter(cel.StringType, func(m *matter) (any, error) { return m.data.Filing.LicenceNo, nil }),
	},
	"Website": {
		"name":            siteText(func(w *icp.Website) string { return w.Name }),
		"domain":          siteText(func(w *icp.Website) string { return w.Domain }),
		"home_url":        siteText(func(w *icp.Website) string { return w.HomeURL }),
		"remark":          siteText(func(w *icp.Website) string { return w.Remark }),
		"resource_kind":   siteText(func(w *icp.Website) string { return string(w.Resource.Kind) }),
		"service_content": ofPlaced(cel.IntType, func(p *placed) (any, error) { return p.site.ServiceContent, nil }),
		"languages":       ofPlaced(celIDs, func(p *placed) (any, error) { return p.site.Languages, nil }),
		"pre_approvals": ofPlaced(celIDs, func(p *placed) (any, error) {
			ids := make([]int, 0, len(p.site.PreApprovals))
			for _, a := range p.site.PreApprovals {
				ids = append(ids, a.Type)
			}
			return ids, nil
		}),
		"same_as_subject": ofPlaced(cel.BoolType, func(p *placed) (any, error) { return p.m.personOf(p.index).site == nil, nil }),
		"principal":       ofPlaced(celPerson, func(p *placed) (any, error) { return p.m.celPerson(p.m.personOf(p.index)), nil }),
		"domain_expires": ofPlaced(cel.TimestampType, func(p *placed) (any, error) {
			at := p.m.factsOf(p.index).DomainExpires
			if at.IsZero() {
				return nil, errNotKnown
			}
			return at, nil
		}),
		"owner": ofPlaced(cel.StringType, func(p *placed) (any, error) {
			o := p.m.factsOf(p.index).Owner
			if o == "" {
				return nil, errNotKnown
			}
			return string(o), nil
		}),
		"open": ofPlaced(cel.BoolType, func(p *placed) (any, error) { return truth(p.m.factsOf(p.index).Open) }),
	},
	"Person": {
		"name":               personText(func(p *person) string { return p.name }),
		"certificate_number": personText(func(p *person) string { return p.number }),
		"certificate_until":  personText(func(p *person) string { return p.CertificateUntil }),
		"role":               personText(func(p *person) string { return string(p.Role) }),
		"mobile":             personText(func(p *person) string { return p.Mobile }),
		"office_phone":       personText(func(p *person) string { return p.OfficePhone }),
		"emergency_phone":    personText(func(p *person) string { return p.EmergencyPhone }),
		"email":              personText(func(p *person) string { return p.Email }),
		"remark":             personText(func(p *person) string { return p.Remark }),
		"certificate_type":   ofPlaced(cel.IntType, func(p *placed) (any, error) { return p.person.certType, nil }),
		"age": counted(ofPlaced(cel.IntType, func(p *placed) (any, error) {
			if age, _, ok := p.person.age(p.m.at); ok {
				return age, nil
			}
			return nil, errNotKnown
		})),
		"mobile_elsewhere": ofPlaced(cel.BoolType, func(p *placed) (any, error) {
			return truth(p.m.facts.Principals[p.person.at()].MobileElsewhere)
		}),
		"certificate_elsewhere": ofPlaced(cel.BoolType, func(p *placed) (any, error) {
			return truth(p.m.facts.Principals[p.person.at()].CertificateElsewhere)
		}),
	},
	"Facts": {
		"real_name_since": ofMatter(cel.TimestampType, func(m *matter) (any, error) {
			if m.facts.RealNameSince.IsZero() {
				return nil, errNotKnown
			}
			return m.facts.RealNameSince, nil
		}),
		"subject_elsewhere": ofMatter(cel.BoolType, func(m *matter) (any, error) { return truth(m.facts.SubjectElsewhere) }),
		"filed_websites": counted(ofMatter(cel.IntType, func(m *matter) (any, error) {
			if m.facts.FiledWebsites == nil {
				return nil, errNotKnown
			}
			return *m.facts.FiledWebsites, nil
		})),
	},
}

// personOf is who answers for a website.
func (m *matter) personOf(site int) *person {
	for i := range m.persons {
		if p := &m.persons[i]; p.site != nil && p.siteIndex == site {
			return p
		}
	}
	return &m.persons[0]
}

func (m *matter) celPerson(p *person) ref.Val {
	return &object{celPerson, &placed{m: m, person: p}}
}

func (m *matter) celWebsite(i int) ref.Val {
	return &object{celWebsite, &placed{m: m, site: &m.data.Websites[i], index: i}}
}

// ResolveName gives expressions what they see.
func (m *matter) ResolveName(name string) (any, bool) {
	switch name {
	case "order_type":
		return string(m.order.Type), true
	case "today":
		return m.today, true
	case "subject":
		return &object{celSubject, m}, true
	case "filing":
		return &object{celFiling, m}, true
	case "facts":
		return &object{celFacts, m}, true
	case "websites":
		if m.websites == nil {
			all := make([]ref.Val, len(m.data.Websites))
			for i := range all {
				all[i] = m.celWebsite(i)
			}
			m.websites = types.NewRefValList(types.DefaultTypeAdapter, all)
		}
		return m.websites, true
	case "website":
		return m.celWebsite(m.siteIndex), m.site != nil
	case "principal":
		if m.person == nil {
			return nil, false
		}
		return m.celPerson(m.person), true
	}
	return nil, false
}

// Parent says that there are no other names.
func (m *matter) Parent() cel.Activation { return nil }

// object is a value of one of the model's types.
type object struct {
	of *cel.Type
	v  any // *matter or *placed
}

// ConvertToNative gives what stands behind the object to whom it can serve.
func (o *object) ConvertToNative(t reflect.Type) (any, error) {
	if reflect.TypeOf(o.v).AssignableTo(t) {
		return o.v, nil
	}
	return nil, errors.New("this is no value of Go's")
}

// ConvertToType refuses all types but the object's own.
func (o *object) ConvertToType(t ref.Type) ref.Val {
	if t.TypeName() == o.of.TypeName() {
		return o
	}
	return types.NewErr("%s is no %s", o.of.TypeName(), t.TypeName())
}

// Equal reports whether both are the same website, person or part of the case.
func (o *object) Equal(other ref.Val) ref.Val {
	p, ok := other.(*object)
	if !ok || p.of != o.of {
		return types.False
	}
	a, ok := o.v.(*placed)
	if !ok {
		return types.True // there is one in a case
	}
	b := p.v.(*placed)
	return types.Bool(a.site == b.site && a.person == b.person)
}

// Type is one of the model's.
func (o *object) Type() ref.Type { return o.of }

// Value is what properties are read from.
func (o *object) Value() any { return o.v }

// provider tells the types of the model beside those of the language.
type provider struct{ types.Provider }

// FindStructType knows the model's types.
func (p provider) FindStructType(name string) (*types.Type, bool) {
	if _, ok := model[name]; ok {
		return types.NewTypeTypeWithParam(types.NewObjectType(name)), true
	}
	return p.Provider.FindStructType(name)
}

// FindStructFieldNames lists a type's properties.
func (p provider) FindStructFieldNames(name string) ([]string, bool) {
	fields, ok := model[name]
	if !ok {
		return p.Provider.FindStructFieldNames(name)
	}
	var out []string
	for field := range fields {
		out = append(out, field)
	}
	slices.Sort(out)
	return out, true
}

// FindStructFieldType tells how a property is read.
func (p provider) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	fields, ok := model[name]
	if !ok {
		return p.Provider.FindStructFieldType(name, field)
	}
	f, ok := fields[field]
	if !ok {
		return nil, false
	}
	return &types.FieldType{Type: f.of, GetFrom: f.get, IsSet: f.isSet}, true
}

// isSet is what has() tells: there is an answer, or the fact is known.
func (f *property) isSet(of any) bool {
	v, err := f.get(of)
	if err != nil {
		return false
	}
	switch v := v.(type) {
	case string:
		return v != ""
	case []int:
		return len(v) > 0
	case int:
		return v != 0 || f.zero
	}
	return true
}

// NewValue refuses to make values of the model's types.
func (p provider) NewValue(name string, fields map[string]ref.Val) ref.Val {
	if _, ok := model[name]; ok {
		return types.NewErr("a %s cannot be made", name)
	}
	return p.Provider.NewValue(name, fields)
}
