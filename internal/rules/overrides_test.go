package rules

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/openbeian/beian/internal/refdata"
)

// basePack stands for the product's packs where an operator changes them.
const basePack = `id: base
edition: "2026-01-01"
scope: national
source: {zh: 依据, en: source}
rules:
  - id: base.word
    predicate: contains_word
    params: {words: [海棠], unless_in_subject_name: false}
    severity: error
    field: /websites/*/name
    message: rule.base.word
    examples: {pass: [{websites: [{name: 梨}]}], fail: [{}]}
  - id: base.strict
    predicate: contains_word
    params: {words: [海]}
    severity: error
    field: /websites/*/name
    message: rule.base.word
    replaces: [base.word]
    applies: {types: [change]}
    examples: {pass: [{type: change, websites: [{name: 梨}]}], fail: [{type: change}]}
  - id: base.paper
    predicate: always
    severity: error
    field: /websites/*/name
    message: rule.base.word
    material: domain_certificate
    examples: {fail: [{}]}
  - id: base.elsewhere
    judged_by: domains
    codes: [domain.expired]
    severity: error
    message: rule.base.elsewhere
`

// changing is an operator's pack that changes basePack.
func changing(text string) string {
	return "id: own.changes\nedition: \"2026-01-02\"\nscope: national\nsource: {zh: 自定, en: own}\n" + text + "\n"
}

func changed(text string) (*Set, error) {
	return Load(refdata.Builtin(), fstest.MapFS{"base.yaml": {Data: []byte(basePack)}}, fstest.MapFS{"own.yaml": {Data: []byte(changing(text))}})
}

// judgedAs gives the rules that fault a case, with their severity.
func judgedAs(t *testing.T, s *Set, patch string) string {
	t.Helper()
	result := s.Evaluate(Case{Order: caseOf(t, s, patch)}, noon)
	var out []string
	for _, f := range result.Findings {
		out = append(out, f.Rule+" "+string(f.Severity))
	}
	for _, a := range result.Materials {
		out = append(out, a.Rule+map[bool]string{true: " required", false: " recommended"}[a.Required])
	}
	return strings.Join(out, ", ")
}

func TestOperatorsChangeRules(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ rule, text, patch, want string }{
		{"nothing changed", "off: [{rule: base.strict, reason: {zh: 不用}}]", "{}", "base.word error, base.paper required"},
		{"another severity", "overrides: [{rule: base.word, severity: warning, reason: {zh: 放宽}}]", "{}", "base.word warning, base.paper required"},
		{"other words", "overrides: [{rule: base.word, params: {words: [梨]}, reason: {zh: 放宽}}]", "{}", "base.paper required"},
		{"other words find fault", "overrides: [{rule: base.word, params: {words: [梨]}, reason: {zh: 放宽}}]", "websites: [{name: 梨}]", "base.word error, base.paper required"},
		{"what the override does not name stays", "overrides: [{rule: base.word, params: {unless_in_subject_name: true}, reason: {zh: 放宽}}]", "websites: [{name: 海棠}]", "base.paper required"},
		{"a paper is recommended only", "overrides: [{rule: base.paper, severity: warning, reason: {zh: 放宽}}]", "websites: [{name: 梨}]", "base.paper recommended"},
		{"a rule is off", "off: [{rule: base.word, reason: {zh: 不用}}]", "{}", "base.paper required"},
		{"a paper is off", "off: [{rule: base.paper, reason: {zh: 不用}}]", "{}", "base.word error"},
		{"a rule that stands for another", "off: [{rule: base.paper, reason: {zh: 不用}}]", "type: change", "base.strict error"},
		{"off, the other is back", "off: [{rule: base.strict, reason: {zh: 不用}}, {rule: base.paper, reason: {zh: 不用}}]", "type: change", "base.word error"},
		{"changed, it still stands for the other", "overrides: [{rule: base.strict, severity: info, reason: {zh: 放宽}}]\noff: [{rule: base.paper, reason: {zh: 不用}}]", "type: change", "base.strict info"},
		{"changed, it is still replaced", "overrides: [{rule: base.word, severity: info, reason: {zh: 放宽}}]\noff: [{rule: base.paper, reason: {zh: 不用}}]", "type: change", "base.strict error"},
	} {
		s, err := changed(x.text)
		if err != nil {
			t.Errorf("%s: %v", x.rule, err)
			continue
		}
		if got := judgedAs(t, s, x.patch); got != x.want {
			t.Errorf("%s: %s, want %s", x.rule, got, x.want)
		}
	}
}

func TestChangesAreToldWithTheirReasons(t *testing.T) {
	t.Parallel()
	s, err := changed("overrides: [{rule: base.word, severity: warning, params: {words: [海棠, 梨]}, examples: {pass: [{websites: [{name: 桃}]}], fail: [{}]}, reason: {zh: 放宽, en: relaxed}}]\noff: [{rule: base.strict, reason: {zh: 不用, en: not ours}}]")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.CheckExamples(); err != nil {
		t.Error(err)
	}
	r, _ := s.Rule("base.word")
	if r.Changed.EN != "relaxed" || r.Severity != "warning" || r.Params["words"] != "海棠、梨" || r.Own || r.Pack != "base" || r.Off.ZH != "" || len(r.ReplacedBy) > 0 ||
		!slices.Equal(r.Examples.Pass, []string{`{"websites":[{"name":"桃"}]}`}) {
		t.Errorf("base.word is %+v", r)
	}
	if r, _ := s.Rule("base.strict"); r.Off.EN != "not ours" || r.Severity != "error" {
		t.Errorf("base.strict is %+v", r)
	}
	if slices.ContainsFunc(s.ForProvince("110000", 0), func(r RuleInfo) bool { return r.ID == "base.strict" }) {
		t.Error("a rule that is off is in a province's list")
	}
	if !slices.ContainsFunc(s.Describe(), func(r RuleInfo) bool { return r.ID == "base.strict" }) {
		t.Error("a rule that is off is in no list")
	}
	plain, err := Load(refdata.Builtin(), fstest.MapFS{"base.yaml": {Data: []byte(basePack)}})
	if err != nil {
		t.Fatal(err)
	}
	what := map[string][]string{}
	for _, c := range s.Diff(plain) {
		what[c.ID] = c.What
	}
	for _, name := range []string{"severity", "params", "changed"} {
		if !slices.Contains(what["base.word"], name) {
			t.Errorf("%s of base.word does not differ: %v", name, what)
		}
	}
	if !slices.Contains(what["base.strict"], "off") || s.Version() == plain.Version() {
		t.Errorf("the difference is %v", what)
	}
}

func TestFaultsOfChangesTellFileAndLine(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ rule, text, want string }{
		{"off without a reason", "off:\n  - rule: base.word", "own.yaml:6: reason.zh is missing"},
		{"off with an empty reason", "off:\n  - rule: base.word\n    reason: {zh: ' ', en: x}", "own.yaml:7: reason.zh is missing"},
		{"an override without a reason", "overrides:\n  - rule: base.word\n    severity: info", "own.yaml:6: reason.zh is missing"},
		{"a rule that there is none of", "off:\n  - reason: {zh: x}\n    rule: base.wrd", `own.yaml:7: there is no rule "base.wrd"`},
		{"no rule", "overrides:\n  - severity: info\n    reason: {zh: x}", `own.yaml:6: there is no rule ""`},
		{"an unknown field", "off:\n  - rule: base.word\n    why: {zh: x}", `own.yaml:7: unknown field "why"`},
		{"no fields", "off:\n  - base.word", "own.yaml:6: fields are wanted here"},
		{"no list", "off: base.word", "own.yaml:5: "},
		{"a rule of Go's", "off:\n  - rule: base.elsewhere\n    reason: {zh: x}", "own.yaml:6: rule base.elsewhere is judged elsewhere"},
		{"off twice", "off:\n  - {rule: base.word, reason: {zh: x}}\n  - {rule: base.word, reason: {zh: x}}", "own.yaml:7: rule base.word is changed or switched off twice"},
		{"changed and off", "off:\n  - {rule: base.word, reason: {zh: x}}\noverrides:\n  - {rule: base.word, severity: info, reason: {zh: x}}", "own.yaml:6: rule base.word is changed or switched off twice"},
		{"an override of nothing", "overrides:\n  - {rule: base.word, reason: {zh: x}}", "own.yaml:6: an override wants severity or params"},
		{"another severity", "overrides:\n  - rule: base.word\n    reason: {zh: x}\n    severity: fatal", `own.yaml:8: severity "fatal"`},
		{"a paper as a hint", "overrides:\n  - rule: base.paper\n    reason: {zh: x}\n    severity: info", "own.yaml:8: rule base.paper asks for a paper"},
		{"an unknown parameter", "overrides:\n  - rule: base.word\n    reason: {zh: x}\n    params:\n      wrds: [x]", `own.yaml:9: unknown field "wrds"`},
		{"a parameter that does not do", "overrides:\n  - rule: base.word\n    reason: {zh: x}\n    params: {words: []}", "own.yaml:8: rule base.word: words are missing"},
		{"parameters that are none", "overrides:\n  - rule: base.word\n    reason: {zh: x}\n    params: [x]", "own.yaml:8: params are fields"},
		{"parameters of an expression", "overrides:\n  - rule: own.expr\n    reason: {zh: x}\n    params: {a: b}\nrules:\n  - {id: own.expr, severity: info, field: /websites, text: {zh: x}, about: {zh: x}, expr: 'true'}", "own.yaml:8: rule own.expr has an expression and no params"},
	} {
		if _, err := changed(x.text); err == nil || !strings.HasPrefix(err.Error(), x.want) {
			t.Errorf("%s: %v, want %s", x.rule, err, x.want)
		}
	}
	for _, key := range []string{"off", "overrides"} {
		text := strings.Replace(basePack, "rules:", key+": [{rule: base.word}]\nrules:", 1)
		if _, err := Load(refdata.Builtin(), fstest.MapFS{"base.yaml": {Data: []byte(text)}}); err == nil || err.Error() != "base.yaml:5: "+key+" belongs to packs of an operator" {
			t.Errorf("%s in the product's packs: %v", key, err)
		}
	}
}

// Where a rule is changed, its examples must still hold, or those of the
// override; what does not is told at the override.
func TestExamplesOfChangedRules(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ rule, examples, want string }{
		{"those of the rule", "", "own.yaml:8: rule base.word finds fault with a passing example at /websites/0/name (base.yaml:12): give the override examples of its own"},
		{"those of the override", "    examples:\n      pass: [{}]\n      fail: [{websites: [{name: 梨}]}]\n", ""},
		{"those of the override that do not hold", "    examples:\n      pass: [{}]\n      fail: [{}]\n", "own.yaml:13: rule base.word finds no fault with a failing example"},
		{"one side of the override", "    examples:\n      pass: [{}]\n", "own.yaml:8: rule base.word wants a passing and a failing example"},
	} {
		s, err := changed("\n\noverrides:\n  - rule: base.word\n    params: {words: [梨]}\n    reason: {zh: x}\n" + x.examples)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := s.CheckExamples(); err != nil {
			got, _, _ = strings.Cut(err.Error(), "\n")
		}
		if got != x.want {
			t.Errorf("%s: %s, want %s", x.rule, got, x.want)
		}
	}
}
