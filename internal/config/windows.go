package config

import (
	"errors"
	"regexp"
	"strconv"
)

// Window is a time of one weekday in China's time.
type Window struct {
	Day      int    // 1 is Monday, 7 is Sunday
	From, To string // such as 08:30; at or before From: of the next day
}

var windowsForm = regexp.MustCompile(`^([1-7])(?:-([1-7]))? ((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d|24:00)$`)

var errWindows = errors.New("no days and times")

// parseWindows reads a line such as 1-5 08:30-17:30.
func parseWindows(line string) ([]Window, error) {
	m := windowsForm.FindStringSubmatch(line)
	if m == nil {
		return nil, errWindows
	}
	first, err1 := strconv.Atoi(m[1])
	last := first
	var err2 error
	if m[2] != "" {
		last, err2 = strconv.Atoi(m[2])
	}
	if err1 != nil || err2 != nil || last < first {
		return nil, errWindows
	}
	var out []Window
	for day := first; day <= last; day++ {
		out = append(out, Window{Day: day, From: m[3], To: m[4]})
	}
	return out, nil
}

// Windows gives the permitted hours of the authority's channel; lines that
// [Config.Check] refuses are left out.
func (a Authority) Windows() []Window {
	var out []Window
	for _, line := range a.Hours {
		if w, err := parseWindows(line); err == nil {
			out = append(out, w...)
		}
	}
	return out
}
