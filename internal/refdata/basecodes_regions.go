package refdata

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
)

// regionKey tells a city from the county of the same code.
type regionKey struct {
	code  string
	level Level
}

// regionMerge is the table of regions under way.
type regionMerge struct {
	*baseMerge
	report TableReport
	rows   map[regionKey]*Region
	seen   map[regionKey]bool
	below  map[string][]*Region // ordinary regions and headings by the region above
	day    string
}

// regions takes the authority's regions (Qy_dms) over. A region with living ones
// below it never ends, because some lists leave out the headings under which
// municipalities have their districts; zones and places without a bureau are
// left alone.
func (m *baseMerge) regions() {
	const file = "regions.csv"
	r := &regionMerge{baseMerge: m, report: TableReport{File: file}, rows: map[regionKey]*Region{}, seen: map[regionKey]bool{},
		below: map[string][]*Region{}, day: dayOf(m.codes.Day)}
	codes, ok := m.table("Qy_dms", &r.report)
	if !ok {
		return
	}
	before := m.set.regions.rows
	living := 0
	for i := range before {
		row := before[i]
		r.rows[regionKey{row.Code, row.Level}] = &row
		if row.Kind == OrdinaryRegion && row.holds(r.day) {
			living++
		}
	}
	slices.SortStableFunc(codes, func(a, b BaseCode) int { return cmp.Compare(a.ID, b.ID) })
	valid := 0
	for i := range codes {
		if r.take(&codes[i]) && codes[i].Valid {
			valid++
		}
	}
	for _, row := range r.rows {
		if row.Kind != ZoneRegion && !r.self(row) {
			r.below[row.Parent()] = append(r.below[row.Parent()], row)
		}
	}
	if r.report.Extract = valid*2 < living; !r.report.Extract {
		r.endTheRest()
	}
	r.addSelves()
	after := r.sorted()
	if slices.Equal(before, after) {
		m.report.Tables = append(m.report.Tables, r.report)
		return
	}
	r.report.Changed = true
	m.files[file] = encodeRegions(m.head(file), after)
	m.report.Tables = append(m.report.Tables, r.report)
}

// take adds or renames one region; false when it cannot be used.
func (r *regionMerge) take(c *BaseCode) bool {
	row := Region{Code: regionCode(c.ID), Name: c.Name, Level: Level(c.Level)}
	if row.Level == 0 {
		row.Level = levelOf(row.Code)
	}
	key := regionKey{row.Code, row.Level}
	have := r.rows[key]
	if have == nil && !r.fits(row) {
		if c.Valid {
			r.report.Skipped = append(r.report.Skipped, fmt.Sprintf("Qy_dms %d %s", c.ID, c.Name))
		}
		return false
	}
	r.seen[key] = true
	switch {
	case have == nil && !c.Valid:
		return true // never known here, and no more
	case have == nil:
		row.Kind = headingKind(row)
		r.rows[key] = &row
		r.report.Added++
		return true
	case have.Name != c.Name:
		have.Name = c.Name
		r.report.Renamed++
	}
	if !c.Valid {
		r.end(&have.Validity, &r.report)
	} else if have.To != "" && have.To <= r.ended {
		have.To = ""
	}
	return true
}

// fits reports whether a new region has a place in the tree of provinces with a
// bureau.
func (r *regionMerge) fits(row Region) bool {
	bureau := slices.ContainsFunc(r.set.provinces, func(p Province) bool { return len(row.Code) == 6 && p.Code[:2] == row.Code[:2] })
	if !bureau || row.Level < CityLevel || row.Level > CountyLevel || r.rows[regionKey{row.Code, ProvinceLevel}] != nil {
		return false
	}
	if r.rows[regionKey{row.Code, CityLevel}] != nil {
		return false // a city that is its own county is our affair
	}
	return r.rows[regionKey{row.Parent(), row.Level - 1}] != nil
}

// levelOf reads the level off a code of GB/T 2260, where the table does not say.
func levelOf(code string) Level {
	switch {
	case strings.HasSuffix(code, "0000"):
		return ProvinceLevel
	case strings.HasSuffix(code, "00"):
		return CityLevel
	}
	return CountyLevel
}

// headingKind tells regions that are only headings by their names.
func headingKind(r Region) RegionKind {
	if r.Name == "市辖区" || r.Name == "县" || strings.Contains(r.Name, "直辖县级行政") {
		return HeadingRegion
	}
	return OrdinaryRegion
}

// self reports whether a row is the county that stands for a city without any.
func (r *regionMerge) self(row *Region) bool {
	return row.Level == CountyLevel && r.rows[regionKey{row.Code, CityLevel}] != nil
}

// endTheRest ends what the authority did not bring, from below.
func (r *regionMerge) endTheRest() {
	for _, level := range []Level{CountyLevel, CityLevel, ProvinceLevel} {
		for key, row := range r.rows {
			if row.Level == level && !r.seen[key] && row.Kind != ZoneRegion && !r.self(row) && r.livingBelow(row) == 0 {
				r.end(&row.Validity, &r.report)
			}
		}
	}
}

// livingBelow counts the regions right below one that hold, other than zones
// and the one that stands for itself.
func (r *regionMerge) livingBelow(above *Region) int {
	n := 0
	for _, row := range r.below[above.Code] {
		if row.Level == above.Level+1 && row.holds(r.day) {
			n++
		}
	}
	return n
}

// addSelves gives each city that has no county left itself as one, and takes it
// away where there are others.
func (r *regionMerge) addSelves() {
	var cities []*Region
	for _, row := range r.rows {
		if row.Level == CityLevel {
			cities = append(cities, row)
		}
	}
	for _, city := range cities {
		key := regionKey{city.Code, CountyLevel}
		self, lives := r.rows[key], city.holds(r.day)
		alone := r.livingBelow(city) == 0 && city.Kind == OrdinaryRegion
		switch {
		case self == nil && lives && alone:
			r.rows[key] = &Region{Code: city.Code, Name: city.Name, Level: CountyLevel}
		case self != nil && lives && alone:
			self.Name, self.To = city.Name, ""
		case self != nil:
			r.end(&self.Validity, &TableReport{})
		}
	}
}

func (r *regionMerge) sorted() []Region {
	out := make([]Region, 0, len(r.rows))
	for _, row := range r.rows {
		out = append(out, *row)
	}
	slices.SortFunc(out, func(a, b Region) int { return cmp.Or(strings.Compare(a.Code, b.Code), cmp.Compare(a.Level, b.Level)) })
	return out
}

func encodeRegions(head Edition, rows []Region) []byte {
	var out bytes.Buffer
	for _, line := range [][2]string{{"table", head.Table}, {"source", head.Source}, {"as_of", head.AsOf}, {"licence", head.Licence}, {"note", head.Note}, {"origin", string(head.Origin)}} {
		if line[1] != "" {
			fmt.Fprintf(&out, "# %s: %s\n", line[0], strings.Join(strings.Fields(line[1]), " "))
		}
	}
	w := csv.NewWriter(&out)
	for _, r := range rows {
		_ = w.Write([]string{fmt.Sprint(int(r.Level)), r.Code, r.Name, string(r.Kind), r.From, r.To}) // into memory
	}
	w.Flush()
	return out.Bytes()
}
