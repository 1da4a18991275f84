package rules

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"gopkg.in/yaml.v3"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

// RuleInfo is a rule as pages show it. Its lists belong to the set and are not
// to be changed.
type RuleInfo struct {
	ID       string       `json:"id"`
	Severity icp.Severity `json:"severity"`
	// Message is the key of the text that states the rule; the texts of
	// findings have the same key without ".about". It is empty for an operator's
	// rule with texts of its own; see [Set.Text].
	Message string `json:"message,omitempty"`
	// Params fill the message's variables; lists are joined with "、".
	Params map[string]string `json:"params,omitempty"`
	// Expr is the operator's expression that judges instead of a predicate.
	Expr   string       `json:"expr,omitempty"`
	Source refdata.Text `json:"source"`
	// AsOf is the year, month or day of the source; empty when not told.
	AsOf string `json:"as_of,omitempty"`
	// Field is the pointer of the field judged, * for any website; /principals/*
	// means the subject's principal and every website's own. It is empty for some
	// rules that are judged elsewhere.
	Field string `json:"field,omitempty"`
	// Pack, Edition and Scope tell where the rule stands; Scope is National or
	// a province's code.
	Pack    string `json:"pack"`
	Edition string `json:"edition"`
	Scope   string `json:"scope"`
	// The cases that the rule is for; an empty list is no limit, one of types all
	// but cancellations. Provinces are six-digit codes, those of the scope included.
	Types            []icp.OrderType `json:"types,omitempty"`
	Natures          []int           `json:"natures,omitempty"`
	CertificateTypes []int           `json:"certificate_types,omitempty"`
	Provinces        []string        `json:"provinces,omitempty"`
	Contents         []int           `json:"contents,omitempty"`
	ContentsNot      []int           `json:"contents_not,omitempty"`
	// Material is the paper that the rule asks for instead of telling a finding.
	Material icp.MaterialKind `json:"material,omitempty"`
	// Suggest is the key of a text for the field, with {name} of the subject,
	// {site} and {domain}.
	Suggest string `json:"suggest,omitempty"`
	// Predicate names the fault that it finds; empty for rules judged in Go.
	Predicate string `json:"predicate,omitempty"`
	// JudgedBy names what judges the rule in Go; Codes are the messages of that
	// check.
	JudgedBy string   `json:"judged_by,omitempty"`
	Codes    []string `json:"codes,omitempty"`
	// Replaces and ReplacedBy name rules that stand for one another.
	Replaces   []string `json:"replaces,omitempty"`
	ReplacedBy []string `json:"replaced_by,omitempty"`
	// ValidFrom and ValidTo are the first and last day; empty for no limit.
	ValidFrom string `json:"valid_from,omitempty"`
	ValidTo   string `json:"valid_to,omitempty"`
	// Off is the operator's reason for switching the rule off, Changed for
	// changing its severity or parameters.
	Off     refdata.Text `json:"off,omitzero"`
	Changed refdata.Text `json:"changed,omitzero"`
	// Own says that the rule is the operator's.
	Own bool `json:"own,omitempty"`
	// Examples are cases that pass and that fail.
	Examples Examples `json:"examples,omitzero"`
	// Always says that it speaks of every case that it is for, whatever the answers.
	Always bool `json:"always,omitempty"`
}

// Examples are changes of the base case, each as JSON text.
type Examples struct {
	Pass []string `json:"pass,omitempty"`
	Fail []string `json:"fail,omitempty"`
}

func (r *rule) info() RuleInfo {
	p := r.pack
	out := RuleInfo{ID: r.id, Severity: r.severity, Params: r.shown, Source: r.source, AsOf: p.asOf, Pack: p.id, Edition: p.edition, Scope: p.scope,
		Types: r.applies.types, Natures: r.applies.natures, CertificateTypes: r.applies.certificates, Contents: r.applies.contents,
		ContentsNot: r.applies.except, Material: r.material, Suggest: r.suggest, Predicate: r.predicate, JudgedBy: r.judgedBy, Codes: r.codes, Replaces: r.replaces,
		ValidFrom: p.valid.From, ValidTo: p.valid.To, Own: p.own, Expr: r.expr, Off: r.off, Changed: r.changed, Examples: r.told, Always: r.always}
	if r.message != "" {
		out.Message = r.message + ".about"
	}
	if r.field != nil {
		out.Field = r.field.path
	}
	for _, two := range r.applies.provinces {
		out.Provinces = append(out.Provinces, two+"0000")
	}
	for _, by := range r.replacers {
		out.ReplacedBy = append(out.ReplacedBy, by.id)
	}
	return out
}

// PackInfo is the head of a pack.
type PackInfo struct {
	ID      string
	Edition string
	Scope   string // National or a province's code
	AsOf    string // year, month or day of the source; empty when not told
	Source  refdata.Text
	Own     bool // an operator's
}

// Packs lists the packs in their order.
func (s *Set) Packs() []PackInfo {
	out := make([]PackInfo, 0, len(s.packs))
	for _, p := range s.packs {
		out = append(out, PackInfo{ID: p.id, Edition: p.edition, Scope: p.scope, AsOf: p.asOf, Source: p.source, Own: p.own})
	}
	return out
}

// Describe lists all rules in the order of the packs.
func (s *Set) Describe() []RuleInfo {
	out := make([]RuleInfo, 0, len(s.rules))
	for _, r := range s.rules {
		out = append(out, r.info())
	}
	return out
}

// Rule gives a rule by its id.
func (s *Set) Rule(id string) (RuleInfo, bool) {
	r, ok := s.byID[id]
	if !ok {
		return RuleInfo{}, false
	}
	return r.info(), true
}

// Text gives an operator rule's own texts in a language by its tag, with the
// variables of its findings in them: what a finding tells, and what the rule
// is. ok is false for rules whose texts are messages.
func (s *Set) Text(ruleID, lang string) (finding, about string, ok bool) {
	r := s.byID[ruleID]
	if r == nil || r.text == (refdata.Text{}) {
		return "", "", false
	}
	return r.text.In(lang), r.about.In(lang), true
}

// AuthorityDays gives how many working days the authority of a region's province
// takes as a rule, where a pack tells. A later pack's word counts.
func (s *Set) AuthorityDays(province string) (least, most int, ok bool) {
	if len(province) < 2 {
		return 0, 0, false
	}
	for _, p := range slices.Backward(s.packs) {
		if p.days.Most > 0 && p.scope[:2] == province[:2] {
			return p.days.Least, p.days.Most, true
		}
	}
	return 0, 0, false
}

// ForProvince lists the rules for subjects of a nature (0: any) in the province
// of a region code, those that are judged elsewhere too, without the national
// rules that the province replaces and without those that are switched off. It
// is empty for a code of no province.
func (s *Set) ForProvince(code string, nature int) []RuleInfo {
	p, ok := s.tables.Province(code)
	if !ok {
		return nil
	}
	two := p.Code[:2]
	is := func(r *rule) bool {
		return !r.isOff() && r.applies.province(two) && (nature == 0 || r.applies.nature(nature))
	}
	var out []RuleInfo
	for _, r := range s.rules {
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
	var keys []string
	if r.message != "" {
		keys = append(keys, r.message+".about")
		if r.judge != nil {
			keys = append(keys, r.message)
		}
	}
	if r.suggest != "" {
		keys = append(keys, r.suggest)
	}
	return append(keys, r.codes...)
}

// examplesText writes examples as JSON.
func examplesText(f *examplesFile) (Examples, error) {
	var out Examples
	for _, side := range []struct {
		nodes []yaml.Node
		into  *[]string
	}{{f.Pass, &out.Pass}, {f.Fail, &out.Fail}} {
		for i := range side.nodes {
			var v any
			if err := side.nodes[i].Decode(&v); err != nil {
				return out, &fault{line: side.nodes[i].Line, err: err}
			}
			text, err := json.Marshal(v)
			if err != nil {
				return out, &fault{line: side.nodes[i].Line, err: err}
			}
			*side.into = append(*side.into, string(text))
		}
	}
	return out, nil
}
