package refdata_test

import (
	"errors"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

func at(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", s, clock.Shanghai)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestIsWorkday(t *testing.T) {
	t.Parallel()
	c := refdata.Builtin().Calendar()
	for rule, w := range map[string]struct {
		day  string
		want bool
	}{
		"an ordinary Tuesday":                   {"2026-11-24", true},
		"an ordinary Sunday":                    {"2026-11-22", false},
		"National Day":                          {"2026-10-01", false},
		"the last day of the holiday":           {"2026-10-07", false},
		"a Saturday worked instead":             {"2026-10-10", true},
		"a Sunday worked instead":               {"2026-01-04", true},
		"Spring Festival's last day in 2025":    {"2025-02-04", false},
		"a Sunday worked instead in 2025":       {"2025-01-26", true},
		"beyond the end a weekday counts":       {"2027-01-01", true},
		"beyond the end a weekend day does not": {"2027-01-02", false},
	} {
		if got := c.IsWorkday(at(t, w.day+" 12:00")); got != w.want {
			t.Errorf("%s, %s: %v", rule, w.day, got)
		}
	}
	// 2026-10-09 17:00 UTC is already Saturday the 10th in China, which is worked.
	if !c.IsWorkday(time.Date(2026, 10, 9, 17, 0, 0, 0, time.UTC)) {
		t.Error("days are not counted in China's time")
	}
	if h, ok := c.Holiday(at(t, "2026-10-01 00:00")); !ok || h.In("en") != "National Day" {
		t.Errorf("holiday = %+v, %v", h, ok)
	}
}

func TestAddWorkdays(t *testing.T) {
	t.Parallel()
	c := refdata.Builtin().Calendar()
	for _, w := range []struct {
		rule, from string
		n          int
		want       string
	}{
		{"the next day", "2026-11-24 09:30", 1, "2026-11-25 09:30"},
		{"over a weekend", "2026-11-27 18:00", 1, "2026-11-30 18:00"},
		{"from a Sunday the first is Monday", "2026-11-22 10:00", 1, "2026-11-23 10:00"},
		{"20 days over Mid-Autumn and National Day", "2026-09-25 08:00", 20, "2026-10-29 08:00"},
		{"into a day worked instead", "2026-09-30 08:00", 3, "2026-10-10 08:00"},
		{"none", "2026-10-01 08:00", 0, "2026-10-01 08:00"},
		{"back over the holiday", "2026-10-08 08:00", -1, "2026-09-30 08:00"},
		{"beyond the end by weekdays", "2026-12-31 08:00", 1, "2027-01-01 08:00"},
	} {
		t.Run(w.rule, func(t *testing.T) {
			t.Parallel()
			got := c.AddWorkdays(at(t, w.from), w.n)
			if !got.Equal(at(t, w.want)) {
				t.Errorf("%s + %d = %s, want %s", w.from, w.n, got, w.want)
			}
			if n := c.WorkdaysBetween(at(t, w.from), got); n != w.n && w.n >= 0 {
				t.Errorf("counted %d between, want %d", n, w.n)
			}
		})
	}
	if n := c.WorkdaysBetween(at(t, "2026-11-25 01:00"), at(t, "2026-11-24 23:00")); n != -1 {
		t.Errorf("backwards: %d", n)
	}
	if n := c.WorkdaysBetween(at(t, "2026-11-24 23:00"), at(t, "2026-11-25 01:00")); n != 1 {
		t.Errorf("two hours over midnight: %d", n)
	}
}

func TestCalendarSaysHowFarItReaches(t *testing.T) {
	t.Parallel()
	c := refdata.Builtin().Calendar()
	if got := c.Until(); !got.Equal(at(t, "2026-12-31 00:00")) {
		t.Errorf("until %s", got)
	}
	if got := c.From(); !got.Equal(at(t, "2025-01-01 00:00")) {
		t.Errorf("from %s", got)
	}
	if _, known := c.AddKnownWorkdays(at(t, "2026-11-24 08:00"), 20); !known {
		t.Error("the year's days are not known")
	}
	if end, known := c.AddKnownWorkdays(at(t, "2026-12-30 08:00"), 20); known || !end.After(c.Until()) {
		t.Errorf("known = %v until %s", known, end)
	}
	if _, err := c.Known().AddWorkdays(at(t, "2026-12-30 08:00"), 20); !errors.Is(err, icp.E(icp.Unavailable, "calendar.unknown")) {
		t.Errorf("the strict calendar guesses: %v", err)
	}
	if got, err := c.Known().AddWorkdays(at(t, "2026-11-24 08:00"), 1); err != nil || !got.Equal(at(t, "2026-11-25 08:00")) {
		t.Errorf("strict: %s, %v", got, err)
	}
}
