package rulebook

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/openbeian/beian/internal/form"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/rules"
)

// About states a rule of a set in a language.
func About(s *rules.Set, r rules.RuleInfo, lang i18n.Lang) string {
	if _, about, ok := s.Text(r.ID, string(lang)); ok {
		return rules.Fill(about, r.Params)
	}
	return i18n.Messages().Text(lang, r.Message, r.Params)
}

// Finding tells a finding of a rule that has the operator's own texts; ok is
// false for rules whose texts are messages.
func Finding(s *rules.Set, rule string, lang i18n.Lang, params map[string]string) (text string, ok bool) {
	finding, _, ok := s.Text(rule, string(lang))
	return rules.Fill(finding, params), ok
}

// fieldKeys are the labels of what rules look at and the form does not ask
// under a label of its own.
var fieldKeys = map[string]string{
	"/websites": "rules.field.websites", "role": "rules.field.role", "languages": "rules.field.languages", "resource": "rules.field.resource",
}

// FieldLabel names the field of a rule or finding in a language; "" when it has
// no name.
func FieldLabel(pointer string, lang i18n.Lang) string {
	at := pointer
	if rest, ok := strings.CutPrefix(at, "/principals/*"); ok {
		at = "/subject/principal" + rest
	}
	key := form.LabelKey(at)
	if key == "" {
		key = fieldKeys[at]
	}
	if key == "" {
		key = fieldKeys[at[strings.LastIndex(at, "/")+1:]]
	}
	if key == "" {
		return ""
	}
	return i18n.Messages().Text(lang, key, nil)
}

// Natures names kinds of organisers, all units by one word and individuals by
// another.
func Natures(tables *refdata.Tables, ids []int) []refdata.Text {
	units, out := len(ids) > 0, []refdata.Text(nil)
	for _, n := range tables.Natures() {
		has := slices.Contains(ids, n.ID)
		if has {
			out = append(out, n.Text)
		}
		units = units && has != n.Person
	}
	switch {
	case units:
		return []refdata.Text{{ZH: "单位", EN: "units"}}
	case len(ids) == 1 && ids[0] == icp.NatureIndividual:
		return []refdata.Text{{ZH: "个人", EN: "individuals"}}
	}
	return out
}

// Example is a case on which a rule is tried.
type Example struct {
	Passes bool
	// JSON is what differs from a case without faults, laid out for people.
	JSON string
}

// Examples lists the cases on which a rule is tried, those that pass first.
func Examples(r rules.RuleInfo) []Example {
	var out []Example
	for _, text := range r.Examples.Pass {
		out = append(out, Example{Passes: true, JSON: pretty(text)})
	}
	for _, text := range r.Examples.Fail {
		out = append(out, Example{JSON: pretty(text)})
	}
	return out
}

func pretty(text string) string {
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(text), "", "  "); err != nil {
		return text // not JSON: shown as it is
	}
	return out.String()
}
