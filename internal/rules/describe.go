package rules

import (
	"errors"
	"fmt"
	"slices"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

// RuleInfo is a rule as pages show it.
type RuleInfo struct {
	ID       string       `json:"id"`
	Severity icp.Severity `json:"severity"`
	// Message is the key of the text that states the rule; the texts of
	// findings have the same key without ".about".
	Message string `json:"message"`
	// Params fill the message's variables; lists are joined with "、".
	Params map[string]string `json:"params,omitempty"`
	Source refdata.Text      `json:"source"`
	// Field is the pointer of the field judged, * for any website; /principals/*
	// means the subject's principal and every website's own.
	Field string `json:"field"`
	// Pack, Edition and Scope tell where the rule stands; Scope is National or
	// a province's code.
	Pack    string `json:"pack"`
	Edition string `json:"edition"`
	Scope   string `json:"scope"`
}

func (r *rule) info() RuleInfo {
	path := ""
	if r.field != nil {
		path = r.field.path
	}
	return RuleInfo{ID: r.id, Severity: r.severity, Message: r.message + ".about", Params: r.shown, Source: r.source,
		Field: path, Pack: r.pack.id, Edition: r.pack.edition, Scope: r.pack.scope}
}

// Describe lists all rules in the order of the packs.
func (s *Set) Describe() []RuleInfo {
	out := make([]RuleInfo, 0, len(s.rules))
	for _, r := range s.rules {
		out = append(out, r.info())
	}
	return out
}

// ForProvince lists the rules for subjects of a nature (0: any) in the province
// of a region code, without the national rules that the province replaces. It
// is empty for a code of no province.
func (s *Set) ForProvince(code string, nature int) []RuleInfo {
	p, ok := s.tables.Province(code)
	if !ok {
		return nil
	}
	two := p.Code[:2]
	is := func(r *rule) bool { return r.applies.province(two) && (nature == 0 || r.applies.nature(nature)) }
	var out []RuleInfo
	for _, r := range s.byProvince[two] {
		// A rule that is replaced for some natures only stays in the list for any.
		gone := slices.ContainsFunc(r.replacers, func(by *rule) bool {
			return is(by) && (nature != 0 || by.applies.natures == nil)
		})
		if is(r) && !gone {
			out = append(out, r.info())
		}
	}
	return out
}

// CheckTexts gives one error, with file and line, for each message key of a rule
// that has does not know: the finding's text and the rule's, the suggestion, and
// the messages of the check that judges it.
func (s *Set) CheckTexts(has func(key string) bool) error {
	var faults []error
	for _, r := range s.rules {
		for _, key := range r.keys() {
			if !has(key) {
				faults = append(faults, &fault{file: r.file, line: r.line, err: fmt.Errorf("there is no text %s, which rule %s names", key, r.id)})
			}
		}
	}
	return errors.Join(faults...)
}

// keys are the messages that a rule names.
func (r *rule) keys() []string {
	keys := []string{r.message + ".about"}
	if r.judge != nil {
		keys = append(keys, r.message)
	}
	if r.suggest != "" {
		keys = append(keys, r.suggest)
	}
	return append(keys, r.codes...)
}
