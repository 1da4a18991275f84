package authority

import (
	"testing"
	"time"

	"github.com/openbeian/beian/internal/clock"
)

// at gives an instant of the week that begins on Monday, 23 November 2026.
func at(day int, hhmm string) time.Time {
	m, _ := minutes(hhmm)
	return time.Date(2026, 11, 22+day, 0, m, 0, 0, clock.Shanghai).UTC()
}

func TestHours(t *testing.T) {
	t.Parallel()
	office := Hours{}
	for day := 1; day <= 5; day++ {
		office = append(office, Window{Day: day, From: "08:30", To: "17:30"})
	}
	night := Hours{{Day: 5, From: "22:00", To: "06:00"}, {Day: 7, From: "20:00", To: "02:00"}}
	for name, c := range map[string]struct {
		hours Hours
		at    time.Time
		open  bool
		next  time.Time
	}{
		"none means always":                    {nil, at(6, "03:00"), true, at(6, "03:00")},
		"within":                               {office, at(2, "12:00"), true, at(2, "12:00")},
		"the first minute counts":              {office, at(2, "08:30"), true, at(2, "08:30")},
		"the last does not":                    {office, at(2, "17:30"), false, at(3, "08:30")},
		"before the morning":                   {office, at(2, "07:12"), false, at(2, "08:30")},
		"a weekend is bridged":                 {office, at(5, "18:00"), false, at(8, "08:30")},
		"Sunday night":                         {office, at(7, "23:59"), false, at(8, "08:30")},
		"before midnight":                      {night, at(5, "23:30"), true, at(5, "23:30")},
		"after midnight":                       {night, at(6, "05:59"), true, at(6, "05:59")},
		"the night is over":                    {night, at(6, "06:00"), false, at(7, "20:00")},
		"from Sunday into Monday":              {night, at(8, "01:59"), true, at(8, "01:59")},
		"and no longer":                        {night, at(8, "02:00"), false, at(12, "22:00")},
		"a whole day":                          {Hours{{Day: 3, From: "00:00", To: "24:00"}}, at(3, "23:59"), true, at(3, "23:59")},
		"the same time twice is a day and all": {Hours{{Day: 3, From: "09:00", To: "09:00"}}, at(4, "08:59"), true, at(4, "08:59")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := c.hours.Open(c.at); got != c.open {
				t.Errorf("open: %v", got)
			}
			if got := c.hours.Next(c.at); !got.Equal(c.next) {
				t.Errorf("next %v, want %v", got.In(clock.Shanghai), c.next.In(clock.Shanghai))
			}
		})
	}
	bad := Hours{{Day: 0, From: "08:30", To: "17:30"}, {Day: 8, From: "24:00", To: "25:00"}, {Day: 1, From: "8:30", To: "ab:cd"}}
	if got := bad.check(); len(got) != 6 {
		t.Errorf("faults %v", got)
	}
	if got := office.check(); len(got) != 0 {
		t.Errorf("faults %v", got)
	}
}
