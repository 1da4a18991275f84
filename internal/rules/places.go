package rules

import (
	"strings"
	"unicode/utf8"

	"github.com/openbeian/beian/internal/refdata"
)

// form says how a place is written.
type form string

const (
	fullName      form = "full"           // 北京市, 海淀区
	shortProvince form = "short_province" // 北京
	shortCity     form = "short_city"     // 杭州; some are ordinary words too (安康)
)

func (f form) known() bool { return f == fullName || f == shortProvince || f == shortCity }

// place is a name with the regions that bear it.
type place struct {
	name  string
	form  form
	codes []string
}

// places finds names of regions at the start of text.
type places struct {
	byName  map[string]*place
	longest int // bytes
}

// A county's name of two characters, such as 城区, says no place.
const shortestCounty = 3

// citySuffixes are what a city's short name leaves out. Names of autonomous
// prefectures have no short form that could be computed.
var citySuffixes = []string{"地区", "市", "盟"}

func newPlaces(t *refdata.Tables) *places {
	p := &places{byName: map[string]*place{}}
	for _, prov := range t.Provinces() {
		p.add(prov.ZH, fullName, prov.Code)
		p.add(prov.Short, shortProvince, prov.Code)
		for _, city := range t.Children(prov.Code) {
			if city.Kind != refdata.HeadingRegion {
				p.add(city.Name, fullName, city.Code)
				for _, suffix := range citySuffixes {
					if short, ok := strings.CutSuffix(city.Name, suffix); ok && utf8.RuneCountInString(short) > 1 {
						p.add(short, shortCity, city.Code)
						break
					}
				}
			}
			for _, county := range t.Children(city.Code) {
				if county.Kind != refdata.HeadingRegion && utf8.RuneCountInString(county.Name) >= shortestCounty {
					p.add(county.Name, fullName, county.Code)
				}
			}
		}
	}
	return p
}

func (p *places) add(name string, f form, code string) {
	folded := fold(name)
	have, ok := p.byName[folded]
	if !ok {
		have = &place{name: name, form: f}
		p.byName[folded] = have
		p.longest = max(p.longest, len(folded))
	}
	have.codes = append(have.codes, code)
}

// start gives the longest place that text begins with; nil for none.
func (p *places) start(text string) *place {
	var found *place
	for i := range text {
		if i > p.longest {
			return found
		}
		if at, ok := p.byName[text[:i]]; ok {
			found = at
		}
	}
	if at, ok := p.byName[text]; ok {
		found = at
	}
	return found
}

// covers reports whether a region of p contains, or is, one of q.
func (p *place) covers(q *place) bool {
	for _, a := range p.codes {
		for strings.HasSuffix(a, "00") {
			a = a[:len(a)-2]
		}
		for _, b := range q.codes {
			if strings.HasPrefix(b, a) {
				return true
			}
		}
	}
	return false
}
