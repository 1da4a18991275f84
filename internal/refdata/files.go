package refdata

import (
	"maps"
	"slices"
	"time"
)

// File is a reference file in force. Its Edition's Origin is always set.
type File struct {
	Name string // such as natures.json
	Edition
	Rows        int
	Provisional int // rows whose id is ours for now
}

// Files lists the files in force by name.
func (t *Tables) Files() []File {
	out := slices.Clone(t.now().files)
	slices.SortFunc(out, func(a, b File) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return out
}

// FileText gives the whole text of a file in force; false when there is none of
// that name.
func (t *Tables) FileText(name string) ([]byte, bool) { return t.now().text(name) }

func (s *tableSet) text(name string) ([]byte, bool) {
	if data, ok := s.given[name]; ok {
		return slices.Clone(data), true
	}
	if !slices.Contains(FileNames(), name) {
		return nil, false
	}
	data, err := embedded.ReadFile("data/" + name)
	return data, err == nil
}

// Holds reports whether a row with this span holds on the day of these tables;
// any row does in tables of no day.
func (t *Tables) Holds(v Validity) bool { return v.holds(t.day) }

// IsProducts reports whether a file in force is the one that comes with the
// product.
func (t *Tables) IsProducts(name string) bool { return t.now().given[name] == nil }

// Given are the files in force that stand in for built-in ones, by name.
func (t *Tables) Given() map[string][]byte { return maps.Clone(t.now().given) }

// With gives tables of which some files are others; nil text goes back to the
// built-in file. Errors are those of LoadFiles.
func (t *Tables) With(files map[string][]byte) (*Tables, error) {
	given := maps.Clone(t.now().given)
	if given == nil {
		given = map[string][]byte{}
	}
	for name, text := range files {
		if given[name] = text; text == nil {
			delete(given, name)
		}
	}
	return LoadFiles(given)
}

// Limits of [Tables.Warnings].
const (
	// CalendarNotice is how many days before its end the calendar is told of. The
	// State Council's notice for a year comes out in the November before it.
	CalendarNotice = 60
	// ListAge is after how many days a list of the ministry should be compared
	// with its pages again.
	ListAge = 365
)

// Warning says that a file is running out of date.
type Warning struct {
	// Code is "reference.calendar_ends", "reference.calendar_ended" or
	// "reference.list_old", each a message key with the variables file, day and
	// days.
	Code string
	File string
	// Day is the calendar's last day or the list's as_of; Days the days until
	// then or since.
	Day  string
	Days int
}

// agingLists are the lists of the ministry that the operator keeps up to date.
var agingLists = []string{"registrars.json", "tlds.json"}

// Warnings tells which files are running out of date on the day of at.
func (t *Tables) Warnings(at time.Time) []Warning {
	var out []Warning
	days := t.CalendarDaysLeft(at)
	until := t.now().calendar.until
	switch {
	case days < 0:
		out = append(out, Warning{Code: "reference.calendar_ended", File: calendarFile, Day: until, Days: -days})
	case days <= CalendarNotice:
		out = append(out, Warning{Code: "reference.calendar_ends", File: calendarFile, Day: until, Days: days})
	}
	for _, f := range t.Files() {
		if age := daysBetween(f.AsOf, dayOf(at)); age > ListAge && slices.Contains(agingLists, f.Name) {
			out = append(out, Warning{Code: "reference.list_old", File: f.Name, Day: f.AsOf, Days: age})
		}
	}
	return out
}

// CalendarDaysLeft counts the days from the day of at to the calendar's last
// day; 0 on that day, below 0 after it.
func (t *Tables) CalendarDaysLeft(at time.Time) int {
	return daysBetween(dayOf(at), t.now().calendar.until)
}

// daysBetween counts the days from one day to another, both checked before.
func daysBetween(from, to string) int {
	return int(midnight(to).Sub(midnight(from)).Hours() / 24)
}
