package order

import (
	"strconv"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
)

// Quiet are the hours of the night in China, as times since midnight, in which
// nobody is texted. They may go over midnight; both zero mean none.
type Quiet struct{ From, To time.Duration }

// ParseQuiet reads "22:00-08:00"; "" means none.
func ParseQuiet(text string) (Quiet, bool) {
	if text == "" {
		return Quiet{}, true
	}
	from, to, ok := strings.Cut(text, "-")
	a, err1 := time.Parse("15:04", from)
	b, err2 := time.Parse("15:04", to)
	if !ok || err1 != nil || err2 != nil {
		return Quiet{}, false
	}
	of := func(t time.Time) time.Duration {
		return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	}
	return Quiet{From: of(a), To: of(b)}, true
}

// After gives t, or the end of the quiet hours in which t lies.
func (q Quiet) After(t time.Time) time.Time {
	local := t.In(clock.Shanghai)
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, clock.Shanghai)
	at := local.Sub(midnight)
	switch {
	case q.From < q.To && at >= q.From && at < q.To, q.From > q.To && at < q.To:
		return midnight.Add(q.To)
	case q.From > q.To && at >= q.From:
		return midnight.Add(24*time.Hour + q.To)
	}
	return t
}

// SMSReminder is one message about a check that is not done.
type SMSReminder struct {
	Index int // its place in [Terms].SMSReminders
	At    time.Time
}

// Reminders gives when to tell of a check by message that began at an instant.
// What falls into the quiet hours waits for their end, but for the last, which
// would come too late; what then falls together, or after the end of the check,
// is left out.
func (t Terms) Reminders(began time.Time) []SMSReminder {
	var out []SMSReminder
	for i, term := range t.SMSReminders {
		at := began.Add(term)
		if i < len(t.SMSReminders)-1 {
			at = t.Quiet.After(at)
		}
		if !at.Before(began.Add(t.SMS)) {
			continue
		}
		for len(out) > 0 && !out[len(out)-1].At.Before(at) {
			out = out[:len(out)-1]
		}
		out = append(out, SMSReminder{Index: i, At: at})
	}
	return out
}

// smsDeadlines are the clocks of a check by message: its end, and what is left
// of the reminders.
func (t Terms) smsDeadlines(o *icp.Order, now time.Time) []icp.Deadline {
	out := []icp.Deadline{{Kind: DeadlineSMS, DueAt: o.StateSince.Add(t.SMS), Party: icp.Applicant}}
	for _, r := range t.Reminders(o.StateSince) {
		if r.At.After(now) {
			out = append(out, icp.Deadline{Kind: smsReminderPrefix + strconv.Itoa(r.Index), DueAt: r.At, Party: icp.Applicant})
		}
	}
	return out
}

const smsReminderPrefix = "sms_reminder_"

// SMSReminderOf reads the kind of a deadline that is a reminder.
func SMSReminderOf(kind string) (index int, ok bool) {
	rest, ok := strings.CutPrefix(kind, smsReminderPrefix)
	if !ok {
		return 0, false
	}
	index, err := strconv.Atoi(rest)
	return index, err == nil
}
