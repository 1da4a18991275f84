package authority

import (
	"slices"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
)

// Window is a time of one weekday in which the authority may be called. One
// that ends at or before its beginning goes on into the next day.
type Window struct {
	Day  int    `json:"day" minimum:"1" maximum:"7" example:"1" doc:"Weekday on which it begins: 1 is Monday, 7 is Sunday"`
	From string `json:"from" maxLength:"5" example:"08:30" doc:"Time in China (UTC+8)"`
	To   string `json:"to" maxLength:"5" example:"17:30" doc:"At or before from: of the next day"`
}

// Hours are the permitted hours of a channel in China's time (UTC+8); none at
// all means always. Outside of them the authority refuses with code 20.
type Hours []Window

const minutesOfWeek = 7 * 24 * 60

// span is a window in minutes from Monday 00:00; to may lie beyond the week.
type span struct{ from, to int }

func (h Hours) spans() []span {
	out := make([]span, 0, len(h))
	for _, w := range h {
		from, ok1 := minutes(w.From)
		to, ok2 := minutes(w.To)
		if !ok1 || !ok2 || w.Day < 1 || w.Day > 7 {
			continue // checked before it was stored
		}
		if to <= from {
			to += 24 * 60
		}
		day := (w.Day - 1) * 24 * 60
		out = append(out, span{day + from, day + to})
	}
	return out
}

// minutes reads 08:30; 24:00 is the end of a day.
func minutes(s string) (int, bool) {
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	hour, err1 := strconv.Atoi(s[:2])
	minute, err2 := strconv.Atoi(s[3:])
	ok := err1 == nil && err2 == nil && hour >= 0 && minute >= 0 && minute < 60 && (hour < 24 || hour == 24 && minute == 0)
	return hour*60 + minute, ok
}

// minuteOfWeek counts from Monday 00:00.
func minuteOfWeek(at time.Time) int {
	at = at.In(clock.Shanghai)
	return (int(at.Weekday())+6)%7*24*60 + at.Hour()*60 + at.Minute()
}

// Open reports whether the authority may be called at an instant.
func (h Hours) Open(at time.Time) bool {
	if len(h) == 0 {
		return true
	}
	now := minuteOfWeek(at)
	return slices.ContainsFunc(h.spans(), func(s span) bool {
		return s.from <= now && now < s.to || now+minutesOfWeek < s.to // it began last week
	})
}

// Next gives when the authority may be called again: at itself while it may.
func (h Hours) Next(at time.Time) time.Time {
	if h.Open(at) {
		return at
	}
	now, least := minuteOfWeek(at), minutesOfWeek
	for _, s := range h.spans() {
		least = min(least, (s.from-now+minutesOfWeek)%minutesOfWeek)
	}
	return at.Truncate(time.Minute).Add(time.Duration(least) * time.Minute)
}

// check gives the faults of hours that were typed in.
func (h Hours) check() []icp.FieldError {
	var out []icp.FieldError
	for i, w := range h {
		at := "/hours/" + strconv.Itoa(i)
		if w.Day < 1 || w.Day > 7 {
			out = append(out, icp.FieldError{Pointer: at + "/day", Code: "channel.hours"})
		}
		for name, text := range map[string]string{"/from": w.From, "/to": w.To} {
			if _, ok := minutes(text); !ok || name == "/from" && text == "24:00" {
				out = append(out, icp.FieldError{Pointer: at + name, Code: "channel.hours"})
			}
		}
	}
	if len(h) > 50 {
		out = append(out, icp.FieldError{Pointer: "/hours", Code: "channel.hours_many"})
	}
	return out
}
