package refdata

import (
	"fmt"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/clock"
)

// Text is a name in the languages of the product.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// In gives the text in a language by its tag: English for "en" and its
// variants, Chinese for all else and where there is no English.
func (x Text) In(lang string) string {
	if (lang == "en" || strings.HasPrefix(lang, "en-")) && x.EN != "" || x.ZH == "" {
		return x.EN
	}
	return x.ZH
}

// Validity is the span of days, in China, on which a row holds, both days
// included, each as 2006-01-02. An empty day is open.
type Validity struct {
	From string `json:"valid_from,omitempty"`
	To   string `json:"valid_to,omitempty"`
}

// ValidOn reports whether the row holds on the day of t in China.
func (v Validity) ValidOn(t time.Time) bool { return v.holds(dayOf(t)) }

// holds is ValidOn for a day as text; any row holds on the empty day.
func (v Validity) holds(day string) bool {
	return day == "" || (v.From == "" || v.From <= day) && (v.To == "" || day <= v.To)
}

func (v Validity) check() error {
	for _, d := range []string{v.From, v.To} {
		if d == "" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, d); err != nil {
			return fmt.Errorf("validity: %w", err)
		}
	}
	if v.From != "" && v.To != "" && v.From > v.To {
		return fmt.Errorf("validity ends on %s before it begins on %s", v.To, v.From)
	}
	return nil
}

// dayOf is the day of t in China.
func dayOf(t time.Time) string { return t.In(clock.Shanghai).Format(time.DateOnly) }
