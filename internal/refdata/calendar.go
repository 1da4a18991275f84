package refdata

import (
	"fmt"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
)

// Calendar counts the working days (工作日) of mainland China: Monday to Friday
// less public holidays, and the weekend days that are worked instead. It knows
// these from From until Until; outside it counts Monday to Friday, and the
// methods that tell say so. It reads through the tables that it was taken from,
// so it follows their Replace.
type Calendar struct{ live *live }

// now gives the days of the present edition. A count over several days takes
// them once, so that it never mixes two editions.
func (c *Calendar) now() calendarDays { return c.live.set.Load().calendar }

type calendarDays struct {
	from, until string // first and last day known
	days        map[string]calendarDay
}

const calendarFile = "workdays.json"

type calendarDay struct {
	Date string `json:"date"`
	Work bool   `json:"work"`
	Text
}

func readCalendar(l *loader) calendarDays {
	const name = calendarFile
	var f struct {
		Edition
		From  string        `json:"from"`
		Until string        `json:"until"`
		Rows  []calendarDay `json:"rows"`
	}
	if !l.readJSON(name, &f) {
		return calendarDays{}
	}
	if f.From == "" || f.Until == "" {
		l.fail(name, fmt.Errorf("from or until is missing"))
	}
	l.fail(name, Validity{f.From, f.Until}.check())
	c := calendarDays{from: f.From, until: f.Until, days: make(map[string]calendarDay, len(f.Rows))}
	for i, d := range f.Rows {
		if _, err := time.Parse(time.DateOnly, d.Date); err != nil {
			l.failRow(name, i, err)
		}
		if _, twice := c.days[d.Date]; twice || d.Date < f.From || d.Date > f.Until {
			l.failRow(name, i, fmt.Errorf("day %s stands twice or outside the span", d.Date))
		}
		c.days[d.Date] = d
	}
	l.head(name, f.Edition, len(f.Rows), 0)
	return c
}

// IsWorkday reports whether the day of t in China is a working day.
func (c *Calendar) IsWorkday(t time.Time) bool { return c.now().isWorkday(t) }

func (c calendarDays) isWorkday(t time.Time) bool {
	t = t.In(clock.Shanghai)
	if d, ok := c.days[t.Format(time.DateOnly)]; ok {
		return d.Work
	}
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday
}

// Holiday gives the name of the public holiday to which the day of t in China
// belongs, as a day off or as the day worked instead; false for other days.
func (c *Calendar) Holiday(t time.Time) (Text, bool) {
	d, ok := c.now().days[dayOf(t)]
	return d.Text, ok
}

// From gives the first day whose holidays are known, its midnight in China.
func (c *Calendar) From() time.Time { return midnight(c.now().from) }

// Until gives the last day whose holidays are known, its midnight in China.
func (c *Calendar) Until() time.Time { return midnight(c.now().until) }

// Knows reports whether the holidays on the day of t in China are known.
func (c *Calendar) Knows(t time.Time) bool { return c.now().knows(t) }

func (c calendarDays) knows(t time.Time) bool {
	day := dayOf(t)
	return c.from <= day && day <= c.until
}

// AddWorkdays gives the instant n working days after t, at t's time of day in
// China; n below 0 counts back. The day of t itself never counts, and 0 gives t.
// Where it runs beyond the known days it counts Monday to Friday there: ask
// AddKnownWorkdays when that matters.
func (c *Calendar) AddWorkdays(t time.Time, n int) time.Time { return c.now().add(t, n) }

func (c calendarDays) add(t time.Time, n int) time.Time {
	t = t.In(clock.Shanghai)
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		t = t.AddDate(0, 0, step)
		if c.isWorkday(t) {
			n--
		}
	}
	return t
}

// AddKnownWorkdays is AddWorkdays that also reports whether the holidays of the
// whole way are known.
func (c *Calendar) AddKnownWorkdays(t time.Time, n int) (time.Time, bool) {
	days := c.now()
	end := days.add(t, n)
	return end, days.knows(t) && days.knows(end)
}

// KnownCalendar is a Calendar that refuses to guess.
type KnownCalendar struct{ *Calendar }

// Known gives the same calendar, refusing to count beyond the days it knows.
func (c *Calendar) Known() KnownCalendar { return KnownCalendar{c} }

// AddWorkdays gives the instant n working days after t. The error is
// Unavailable with the code "calendar.unknown" and the variable until, the last
// known day, when the way leaves the days whose holidays are known.
func (k KnownCalendar) AddWorkdays(t time.Time, n int) (time.Time, error) {
	end, ok := k.AddKnownWorkdays(t, n)
	if !ok {
		return time.Time{}, icp.E(icp.Unavailable, "calendar.unknown").With("until", k.now().until)
	}
	return end, nil
}

// WorkdaysBetween counts the working days after the day of a up to and with the
// day of b, in China; below 0 when b lies before a. AddWorkdays(a, n) is n away.
func (c *Calendar) WorkdaysBetween(a, b time.Time) int { return c.now().between(a, b) }

func (c calendarDays) between(a, b time.Time) int {
	if dayOf(b) < dayOf(a) {
		return -c.between(b, a)
	}
	n := 0
	for last := dayOf(b); dayOf(a) < last; {
		a = a.AddDate(0, 0, 1)
		if c.isWorkday(a) {
			n++
		}
	}
	return n
}

func midnight(day string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, day, clock.Shanghai)
	if err != nil {
		panic(err) // checked when the file was read
	}
	return t
}
