package rules

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

// longTerm is the last day of a certificate without an end (长期).
const longTerm = "long_term"

type ageParams struct {
	Min       int `yaml:"min"`
	Below     int `yaml:"below"` // with it, ages from min to below are the fault
	MaxMale   int `yaml:"max_male"`
	MaxFemale int `yaml:"max_female"`
}

// ageOutside finds a principal who is younger than min or older than the most
// for the sex. Only resident ids and residence permits tell. For the young it
// gives the day of coming of age.
func ageOutside(p ageParams, _ *build) (judge, error) {
	var err error
	if p.Min+p.Below+p.MaxMale+p.MaxFemale == 0 || p.Below != 0 && p.Below <= p.Min {
		err = errors.New("one of min, below, max_male, max_female is wanted, and below must be above min")
	}
	return func(m *matter) verdict {
		age, birth, ok := m.person.age(m.at)
		switch {
		case !ok:
			return unjudged
		case !p.outside(age, m.person.number):
			return good
		}
		v := bad("age", itoa(age))
		if age < p.Min {
			v.detail.retryAt = time.Date(birth.Year()+p.Min, birth.Month(), birth.Day(), 0, 0, 0, 0, clock.Shanghai)
		}
		return v
	}, err
}

func (p *ageParams) outside(age int, number string) bool {
	if p.Below != 0 {
		return age >= p.Min && age < p.Below
	}
	if age < p.Min || p.MaxMale+p.MaxFemale == 0 {
		return age < p.Min
	}
	most := p.MaxMale
	if sex, _ := icp.SexOf(number); sex == icp.Female {
		most = p.MaxFemale
	}
	return most > 0 && age > most
}

// certificateEnds finds a certificate that is valid today but for less than the
// months to come. One that has ended is told by the form.
func certificateEnds(p struct {
	Months int `yaml:"months"`
}, _ *build) (judge, error) {
	var err error
	if p.Months < 1 {
		err = errors.New("months is 1 or more")
	}
	return func(m *matter) verdict {
		if m.value == longTerm {
			return good
		}
		last, err := time.ParseInLocation(time.DateOnly, m.value, clock.Shanghai)
		if err != nil {
			return unjudged
		}
		if last.Before(m.today) || !last.Before(m.monthsOn(p.Months)) {
			return good
		}
		return bad("until", m.value)
	}, err
}

// monthsOn is the same day months later, or the last of a shorter month.
func monthsOn(day time.Time, months int) time.Time {
	y, mo, d := day.Date()
	last := time.Date(y, mo+time.Month(months)+1, 0, 0, 0, 0, 0, day.Location())
	return last.AddDate(0, 0, min(d, last.Day())-last.Day())
}

// phone brings a mobile or office number to one spelling. Most are in it
// already, which is quick to see.
func phone(s string) string {
	if s == "" || len(s) == 11 && s[0] == '1' && areDigits(s) {
		return s
	}
	if area, number, _ := strings.Cut(s, "-"); area[:min(1, len(area))] == "0" && (len(area) == 3 || len(area) == 4) &&
		(len(number) == 7 || len(number) == 8) && areDigits(area) && areDigits(number) {
		return s
	}
	return icp.NormalizeOfficePhone(s)
}

func areDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// samePhone finds a number that is the person's other number too.
func samePhone(p struct {
	Field string `yaml:"field"`
	// OnePerson spares cases in which several persons answer.
	OnePerson bool `yaml:"one_person"`
}, b *build) (judge, error) {
	f, err := (&fieldParams{Field: p.Field}).other(b)
	return func(m *matter) verdict {
		other := m.textOf(f)
		if other.raw == "" {
			return unjudged
		}
		if p.OnePerson {
			if v := m.onePerson(); v != wrong {
				return v
			}
		}
		return badIf(m.phone() == other.phone())
	}, err
}

// onePerson is a fault where one person answers for the subject and all its
// websites. It waits until all are told.
func (m *matter) onePerson() verdict {
	first := &m.persons[0]
	for i := range m.persons[1:] {
		switch p := &m.persons[i+1]; {
		case p.name == "" && p.number == "":
			return unjudged
		case !first.same(p):
			return good
		}
	}
	return wrong
}

// mobileShared finds a number that another person of the case has too, and
// tells it at the later of the two.
func mobileShared(m *matter) verdict {
	for i := range m.persons {
		p := &m.persons[i]
		if p == m.person {
			break
		}
		if p.Mobile != "" && phone(p.Mobile) == m.phone() && !p.same(m.person) {
			return wrong
		}
	}
	return good
}

// mobileSegment finds a mobile number that begins with one of the segments, or
// that belongs to a segment of a kind in the reference data, which the operator
// keeps.
func mobileSegment(p struct {
	Segments []string            `yaml:"segments"`
	Kind     refdata.SegmentKind `yaml:"kind"`
}, b *build) (judge, error) {
	if p.Kind != "" {
		if len(p.Segments) > 0 || p.Kind != refdata.NoMessages && p.Kind != refdata.VirtualOperator {
			return nil, fmt.Errorf("kind is %s or %s, and segments are then left out", refdata.NoMessages, refdata.VirtualOperator)
		}
		b.list = refdata.MobileSegmentsFile
		tables := b.tables
		return func(m *matter) verdict {
			if s, ok := tables.MobileSegmentAt(m.phone(), m.at); ok && s.Kind == p.Kind {
				return bad("segment", s.Prefix)
			}
			return good
		}, nil
	}
	var err error
	if len(p.Segments) == 0 || slices.ContainsFunc(p.Segments, func(s string) bool { return len(s) < 3 || strings.Trim(s, "0123456789") != "" }) {
		err = errors.New("segments are three digits or more")
	}
	return func(m *matter) verdict {
		number := m.phone()
		for _, s := range p.Segments {
			if strings.HasPrefix(number, s) {
				return bad("segment", s)
			}
		}
		return good
	}, err
}

// fewerPhones finds fewer different numbers than min among mobile and emergency
// numbers of a website's own principal and the subject's. It waits until all
// are told.
func fewerPhones(p struct {
	Min        int  `yaml:"min"`
	SamePerson bool `yaml:"same_person"` // for the case that both are one person
}, b *build) (judge, error) {
	var err error
	if p.Min < 2 || b.field.whose != sites {
		err = errors.New("min is 2 or more, the field one of a website's principal")
	}
	return func(m *matter) verdict {
		first := &m.persons[0]
		if first.same(m.person) != p.SamePerson {
			return good
		}
		var room [4]string
		seen := room[:0]
		for _, n := range [...]string{first.Mobile, first.EmergencyPhone, m.person.Mobile, m.person.EmergencyPhone} {
			if n == "" {
				return unjudged
			}
			if n = phone(n); !slices.Contains(seen, n) {
				seen = append(seen, n)
			}
		}
		if len(seen) >= p.Min {
			return good
		}
		return bad("now", itoa(len(seen)))
	}, err
}

// differsFromPerson finds a website's principal who is not the subject's. It
// waits until both are told.
func differsFromPerson(p struct {
	// UnlessLegal allows it where the subject's is the legal representative.
	UnlessLegal bool `yaml:"unless_legal"`
}, _ *build) (judge, error) {
	return func(m *matter) verdict {
		first := &m.persons[0]
		switch {
		case first.name == "" || m.person.name == "":
			return unjudged
		case first.same(m.person):
			return good
		case !p.UnlessLegal:
			return wrong
		case first.Role == "":
			return unjudged
		}
		return badIf(first.Role != icp.RoleLegal)
	}, nil
}

// roleIs finds a principal in the role.
func roleIs(p struct {
	Role icp.PrincipalRole `yaml:"role"`
}, _ *build) (judge, error) {
	var err error
	if p.Role != icp.RoleLegal && p.Role != icp.RoleAuthorised {
		err = fmt.Errorf("role %q is neither %s nor %s", p.Role, icp.RoleLegal, icp.RoleAuthorised)
	}
	return func(m *matter) verdict { return badIf(m.person.Role == p.Role) }, err
}

// personFacts are those of the person at hand; the zero value when not known.
func (m *matter) personFacts() PrincipalFacts { return m.facts.Principals[m.person.at()] }

// mobileElsewhere finds a mobile number that another subject's case uses.
func mobileElsewhere(m *matter) verdict { return told(m.personFacts().MobileElsewhere) }

// personElsewhere finds a person whom another subject's case has.
func personElsewhere(m *matter) verdict { return told(m.personFacts().CertificateElsewhere) }

// areaCodeOutside finds a landline with the code of another area. A mobile
// number has none.
func areaCodeOutside(p struct {
	Areas []string `yaml:"areas"`
}, _ *build) (judge, error) {
	var err error
	if len(p.Areas) == 0 || slices.ContainsFunc(p.Areas, func(a string) bool {
		return len(a) < 3 || len(a) > 4 || a[0] != '0' || strings.Trim(a, "0123456789") != ""
	}) {
		err = errors.New("areas are codes such as 021")
	}
	return func(m *matter) verdict {
		number := m.phone()
		area, _, dashed := strings.Cut(number, "-")
		switch {
		case len(number) == 11 && number[0] == '1':
			return good
		case !dashed || !strings.HasPrefix(area, "0"):
			return unjudged
		case slices.Contains(p.Areas, area):
			return good
		}
		return bad("area", area)
	}, err
}
