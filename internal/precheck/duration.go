package precheck

import (
	"slices"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/refdata"
)

// durationOf works out how long a filing takes that is handed in as soon as
// waiting has settled everything: the provider's review, the ministry's check
// by message, the authority. least and most are the authority's working days
// where the province's are published.
func durationOf(found []Finding, t order.Terms, cal *refdata.Calendar, least, most int, published bool, now time.Time) Duration {
	d := Duration{Review: t.ReviewWorkdays, SMSHours: int(t.SMS / time.Hour), Least: least, Most: most, Published: published,
		LegalMax: t.Authority, KnownUntil: cal.Until().Format(time.DateOnly)}
	if !published {
		d.Least, d.Most = 1, t.Authority
	}
	d.wait(found, now)
	start := now
	if d.Earliest.After(now) {
		start = d.Earliest
	}
	reviewed := cal.AddWorkdays(start, t.ReviewWorkdays)
	known := cal.Knows(now)
	for _, end := range []struct {
		at   *time.Time
		from time.Time
		days int
	}{{&d.From, reviewed, d.Least}, {&d.To, reviewed.Add(t.SMS), d.Most}, {&d.Latest, reviewed.Add(t.SMS), max(d.LegalMax, d.Most)}} {
		at, ok := cal.AddKnownWorkdays(end.from, end.days)
		*end.at, known = at, known && ok
	}
	d.Beyond = !known
	return d
}

// wait notes what time alone will settle; nothing when somebody must act, for
// then no time is safe.
func (d *Duration) wait(found []Finding, now time.Time) {
	for i := range found {
		f := &found[i]
		if !f.stops() {
			continue
		}
		if !f.RetryAt.After(now) {
			d.Earliest, d.Because = time.Time{}, nil
			return
		}
		d.Because = append(d.Because, Because{ID: f.ID, Message: f.Message, Until: f.RetryAt})
		if f.RetryAt.After(d.Earliest) {
			d.Earliest = f.RetryAt
		}
	}
	slices.SortStableFunc(d.Because, func(a, b Because) int { return b.Until.Compare(a.Until) })
}

// day writes an instant as a day in China.
func day(t time.Time) string { return t.In(clock.Shanghai).Format(time.DateOnly) }
