package refdata

import (
	"fmt"
	"slices"
	"strings"
)

// Level is the level of a region in the tree.
type Level int

// The levels, with the authority's numbers (Qy_dms, Lx).
const (
	ProvinceLevel Level = 1
	CityLevel     Level = 2
	CountyLevel   Level = 3
)

// RegionKind says what is special about a region.
type RegionKind string

// The kinds of regions.
const (
	OrdinaryRegion RegionKind = ""
	// ZoneRegion is a development zone with a code of the statistics bureau,
	// which the authority's table does not know.
	ZoneRegion RegionKind = "z"
	// HeadingRegion is no place but a heading in the code system, such as 市辖区
	// of a municipality; its code goes into filings, its name into no address.
	HeadingRegion RegionKind = "c"
)

// Region is a province, city or county (GB/T 2260).
type Region struct {
	Code  string     `json:"code"` // six digits
	Name  string     `json:"name"`
	Level Level      `json:"level"`
	Kind  RegionKind `json:"kind,omitempty"`
	Validity
}

// Parent gives the code of the region above; "" for a province.
func (r Region) Parent() string {
	switch r.Level {
	case CountyLevel:
		return r.Code[:4] + "00"
	case CityLevel:
		return r.Code[:2] + "0000"
	case ProvinceLevel:
	}
	return ""
}

type regionTree struct {
	rows     []Region
	index    map[string]int   // the highest region of a code
	children map[string][]int // by the parent's code
}

func (t regionTree) find(code string) (Region, bool) {
	i, ok := t.index[code]
	if !ok {
		return Region{}, false
	}
	return t.rows[i], true
}

// regionColumns are level, code, name, kind, first and last day.
const regionColumns = 6

func readRegions(l *loader) regionTree {
	const name = "regions.csv"
	records := l.readCSV(name, regionColumns)
	t := regionTree{
		rows: make([]Region, 0, len(records)), index: make(map[string]int, len(records)),
		children: make(map[string][]int),
	}
	for i, f := range records {
		r := Region{Code: f[1], Name: f[2], Kind: RegionKind(f[3]), Validity: Validity{f[4], f[5]}}
		if len(f[0]) == 1 {
			r.Level = Level(f[0][0] - '0')
		}
		if err := checkRegion(r); err != nil {
			l.failRow(name, i, err)
			return t
		}
		// A city that is its own only county comes after itself in the file.
		if have, ok := t.find(r.Code); !ok {
			t.index[r.Code] = i
		} else if have.Level != CityLevel || r.Level != CountyLevel {
			l.failRow(name, i, fmt.Errorf("code %s stands twice", r.Code))
			return t
		}
		if _, ok := t.index[r.Parent()]; !ok && r.Level != ProvinceLevel {
			l.failRow(name, i, fmt.Errorf("code %s comes before %s", r.Code, r.Parent()))
			return t
		}
		t.rows = append(t.rows, r)
		t.children[r.Parent()] = append(t.children[r.Parent()], i)
	}
	return t
}

func checkRegion(r Region) error {
	switch {
	case len(r.Code) != 6 || strings.Trim(r.Code, "0123456789") != "":
		return fmt.Errorf("code %q has not six digits", r.Code)
	case r.Level < ProvinceLevel || r.Level > CountyLevel:
		return fmt.Errorf("code %s has no level", r.Code)
	case r.Name == "":
		return fmt.Errorf("code %s has no name", r.Code)
	case r.Kind != OrdinaryRegion && r.Kind != ZoneRegion && r.Kind != HeadingRegion:
		return fmt.Errorf("code %s has the unknown kind %q", r.Code, r.Kind)
	}
	return r.check()
}

// Region finds a region by its six digits; false when there is none. Where a
// city is its own only county (441900 东莞市), it gives the city.
func (t *Tables) Region(code string) (Region, bool) { return t.now().regions.find(code) }

// Children lists the regions right below a province or city, and the provinces
// for the empty code; nothing below a county. Development zones are left out:
// an address lies in the district around them.
func (t *Tables) Children(code string) []Region {
	var out []Region
	regions := t.now().regions
	for _, i := range regions.children[code] {
		if r := regions.rows[i]; r.Kind != ZoneRegion && r.holds(t.day) {
			out = append(out, r)
		}
	}
	return out
}

// RegionPath gives the regions from the province down to code; nil when there is
// no such region.
func (t *Tables) RegionPath(code string) []Region {
	var out []Region
	regions := t.now().regions
	for r, ok := regions.find(code); ok; r, ok = regions.find(r.Parent()) {
		out = append(out, r)
	}
	slices.Reverse(out)
	return out
}

// RegionName gives the names from the province down as an address has them,
// without headings and repetitions: 北京市朝阳区. It is "" when there is no such
// region.
func (t *Tables) RegionName(code string) string {
	var b strings.Builder
	last := ""
	for _, r := range t.RegionPath(code) {
		if r.Kind != HeadingRegion && r.Name != last {
			b.WriteString(r.Name)
			last = r.Name
		}
	}
	return b.String()
}
