package order

import (
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/icp"
)

// Calendar counts working days; refdata has China's.
type Calendar interface {
	// AddWorkdays gives the instant n working days after t, at t's time of day.
	AddWorkdays(t time.Time, n int) time.Time
}

// Terms are the lengths of the clocks that run on orders. All are settings.
type Terms struct {
	Calendar       Calendar
	ReviewWorkdays int           // the provider decides within; 1 by the guide
	CallAgain      time.Duration // between a missed call and the next; about 1 h by the guide
	CallAttempts   int           // missed calls before the order is returned; 2 by the guide
	SMS            time.Duration //nolint:staticcheck // text messages, no milliseconds; the ministry's check by message; 24 h
	// SMSReminders are the terms after its begin at which those who have not
	// verified are told, rising; 0 is at once.
	SMSReminders []time.Duration
	// Quiet are the hours in which they are not told, but for the last time.
	Quiet     Quiet
	Idle      time.Duration // an order waiting for its applicant becomes a draft; 45 days
	Draft     time.Duration // a draft left alone expires; 30 days
	Reminder  time.Duration // before Idle and Draft
	Authority int           // working days the authority has; 20 by its own rule
}

// Kinds of deadlines. What happens when one passes is in package casework.
const (
	DeadlineReview     = "review" // the provider is late; shown, escalated
	DeadlineCall       = "call"   // call again, or return the order
	DeadlineSMS        = "sms"    // the message check runs out; reminders before it are sms_reminder_0 and on
	DeadlineIdle       = "idle"   // back to draft
	DeadlineIdleSoon   = "idle_soon"
	DeadlineExpire     = "expire" // draft expires
	DeadlineExpireSoon = "expire_soon"
	DeadlineAuthority  = "authority" // the authority is late; shown
)

// DefaultTerms are the guide's terms.
func DefaultTerms(cal Calendar) Terms {
	const day = 24 * time.Hour
	return Terms{Calendar: cal, ReviewWorkdays: 1, CallAgain: time.Hour, CallAttempts: 2, SMS: day,
		SMSReminders: []time.Duration{0, 4 * time.Hour, 12 * time.Hour, 20 * time.Hour, 23 * time.Hour}, Quiet: Quiet{From: 22 * time.Hour, To: 8 * time.Hour},
		Idle: 45 * day, Draft: 30 * day, Reminder: 5 * day, Authority: 20}
}

// Deadlines gives the complete set of clocks of an order, counted from when it
// entered its state, or from the last act of a person where the clock measures
// idleness.
func (t Terms) Deadlines(o *icp.Order, now time.Time) []icp.Deadline {
	switch o.State { //nolint:exhaustive // no clock runs in the other states
	case icp.StateDraft:
		end := later(o.UpdatedAt, o.StateSince).Add(t.Draft)
		return upcoming(now, icp.Deadline{Kind: DeadlineExpireSoon, DueAt: end.Add(-t.Reminder), Party: icp.Applicant},
			icp.Deadline{Kind: DeadlineExpire, DueAt: end, Party: icp.Applicant})
	case icp.StateChangesRequested, icp.StateAuthorityRejected:
		end := later(o.UpdatedAt, o.StateSince).Add(t.Idle)
		return upcoming(now, icp.Deadline{Kind: DeadlineIdleSoon, DueAt: end.Add(-t.Reminder), Party: icp.Applicant},
			icp.Deadline{Kind: DeadlineIdle, DueAt: end, Party: icp.Applicant})
	case icp.StateProviderReview:
		out := []icp.Deadline{{Kind: DeadlineReview, DueAt: t.Calendar.AddWorkdays(o.StateSince, t.ReviewWorkdays), Party: icp.Provider}}
		if last, missed := lastCall(o); missed > 0 {
			out = append(out, icp.Deadline{Kind: DeadlineCall, DueAt: last.Add(t.CallAgain), Party: icp.Provider})
		}
		return out
	case icp.StateSMSPending:
		return t.smsDeadlines(o, now)
	case icp.StateAuthorityReview:
		return []icp.Deadline{{Kind: DeadlineAuthority, DueAt: t.Calendar.AddWorkdays(o.StateSince, t.Authority), Party: icp.Authority}}
	default:
		return nil
	}
}

// upcoming drops a reminder that is past when the clock itself is not: an edit
// after the reminder starts both anew, and a reminder never fires twice.
func upcoming(now time.Time, reminder, end icp.Deadline) []icp.Deadline {
	if reminder.DueAt.After(now) {
		return []icp.Deadline{reminder, end}
	}
	return []icp.Deadline{end}
}

// lastCall gives the time of the last missed call of this round and how many
// there were.
func lastCall(o *icp.Order) (time.Time, int) {
	var last time.Time
	for _, c := range o.Data.Calls {
		if c.Round == o.Round && c.At.After(last) {
			last = c.At
		}
	}
	return last, Missed(o, 0)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func itoa(n int) string { return strconv.Itoa(n) }
