package store

import (
	"encoding/base64"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/icp"
)

// Cursor is a place in a list, opaque to callers: the empty one is the start,
// and a list returns the empty one at its end. It stays good while rows are
// added or removed.
type Cursor string

// MaxPage is the most rows that one call lists; a limit of 0 or less means
// defaultPage.
const (
	MaxPage     = 100
	defaultPage = 20
)

// at makes the cursor of a row by the two columns that lists are ordered by.
func at(us int64, id string) Cursor {
	return Cursor(base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(us, 10) + "." + id)))
}

// Before is the place in a list from the newest row on where those from before
// an instant begin.
func Before(t time.Time) Cursor { return at(micros(t), "") }

// parse reads a cursor; the error is icp.Invalid.
func (c Cursor) parse() (us int64, id string, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(string(c))
	if err != nil {
		return 0, "", icp.InvalidField("/cursor", "cursor.invalid")
	}
	number, id, found := strings.Cut(string(raw), ".")
	us, err = strconv.ParseInt(number, 10, 64)
	if !found || err != nil {
		return 0, "", icp.InvalidField("/cursor", "cursor.invalid")
	}
	return us, id, nil
}

// descending is where a list from the newest row on goes on.
func (c Cursor) descending() (before int64, beforeID string, err error) {
	if c == "" {
		return math.MaxInt64, "", nil
	}
	return c.parse()
}

// ascending is where a list from the oldest row on goes on.
func (c Cursor) ascending() (after int64, afterID string, err error) {
	if c == "" {
		return math.MinInt64, "", nil
	}
	return c.parse()
}

// clamp brings a limit into its bounds.
func clamp(limit int) int {
	if limit <= 0 {
		return defaultPage
	}
	return min(limit, MaxPage)
}

// page turns up to limit+1 rows into values and the cursor of the next page.
func page[R, T any](rows []R, limit int, value func(*R) (T, error), key func(*R) (int64, string)) ([]T, Cursor, error) {
	var next Cursor
	if len(rows) > limit {
		rows = rows[:limit]
		next = at(key(&rows[limit-1]))
	}
	out := make([]T, 0, len(rows))
	for i := range rows {
		v, err := value(&rows[i])
		if err != nil {
			return nil, "", err
		}
		out = append(out, v)
	}
	return out, next, nil
}

// span is where a page lies in a list from the newest row on.
type span struct {
	limit    int
	rows     int32 // limit and one more, to see whether there is another page
	before   int64
	beforeID string
}

func newestFirst(c Cursor, limit int) (span, error) {
	before, id, err := c.descending()
	limit = clamp(limit)
	return span{limit: limit, rows: int32(limit) + 1, before: before, beforeID: id}, err //nolint:gosec // at most 101
}
