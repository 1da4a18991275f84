package precheck

import (
	"slices"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/rules"
)

// duration works out how long a filing takes that is handed in as soon as
// waiting has settled everything: the provider's review, the ministry's check by
// message, the authority. A natural person's new account waits as well.
func (p *Prechecks) duration(r *Report, q *question, set *rules.Set, now time.Time) Duration {
	t, cal := p.o.Terms, p.o.Tables.Calendar()
	d := Duration{Review: t.ReviewWorkdays, SMSHours: int(t.SMS / time.Hour), LegalMax: t.Authority, KnownUntil: cal.Until().Format(time.DateOnly)}
	if d.Least, d.Most, d.Published = set.AuthorityDays(q.Region); d.Published {
		d.AsOf = asOf(set, q.Region)
	} else {
		d.Least, d.Most = 1, t.Authority
	}
	if !r.Kind.Offered || !d.wait(r.Findings, now) {
		return d
	}
	if q.person && p.o.AccountWait > 0 {
		d.because(Because{say("precheck.because.account", "hours", strconv.Itoa(int(p.o.AccountWait/time.Hour))), now.Add(p.o.AccountWait)})
	}
	start := now
	if d.Earliest.After(now) {
		start = d.Earliest
	}
	reviewed, known := cal.AddKnownWorkdays(start, t.ReviewWorkdays)
	slowly := reviewed.Add(t.SMS)
	var near, far bool
	d.From, near = cal.AddKnownWorkdays(reviewed, d.Least)
	d.To, far = cal.AddKnownWorkdays(slowly, d.Most)
	d.Latest = cal.AddWorkdays(slowly, max(d.LegalMax, d.Most))
	d.Beyond = !known || !near || !far
	return d
}

// wait notes what time alone will settle; false when somebody must act, for
// then no time is safe.
func (d *Duration) wait(found []Finding, now time.Time) bool {
	for i := range found {
		if f := &found[i]; f.stops() && !f.RetryAt.After(now) {
			return false
		}
	}
	for i := range found {
		if f := &found[i]; f.stops() {
			d.because(Because{f.Message, f.RetryAt})
		}
	}
	return true
}

func (d *Duration) because(b Because) {
	d.Because = append(d.Because, b)
	slices.SortStableFunc(d.Because, func(a, b Because) int { return b.Until.Compare(a.Until) })
	d.Earliest = d.Because[0].Until
}

// asOf is the year or day of what is published about the authority's time.
func asOf(set *rules.Set, region string) string {
	for _, f := range slices.Backward(set.Facts()) {
		if f.Cell == "time" && len(f.Rules) == 0 && f.LeftOut.ZH == "" && f.Scope[:2] == region[:2] {
			return f.AsOf
		}
	}
	return ""
}
