package rules

import (
	"slices"
	"testing"

	"github.com/openbeian/beian/internal/icp"
)

// What a filing has to be like must not keep anybody from ending it.
func TestRulesWithoutTypesAreForAllButCancellations(t *testing.T) {
	t.Parallel()
	s := load(t, map[string]string{"own.yaml": packWith("", ""), "named.yaml": `id: own.named
edition: "2026-01-02"
scope: national
source: {zh: 自定, en: own}
rules:
  - id: own.named
    predicate: always
    severity: info
    field: /subject/name
    message: rule.own.word
    applies: {types: [change, cancel_access]}
`})
	o := caseOf(t, s, "websites: [{name: 海棠}]")
	for kind, want := range map[icp.OrderType][]string{
		"":                {"own.rule"},
		icp.FirstFiling:   {"own.rule"},
		icp.AddWebsite:    {"own.rule"},
		icp.AddAccess:     {"own.rule"},
		icp.Change:        {"own.named", "own.rule"},
		icp.CancelSubject: nil,
		icp.CancelWebsite: nil,
		icp.CancelAccess:  {"own.named"},
	} {
		o.Type = kind
		got := ids(s.findings(o, noon))
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", kind, got, want)
		}
		var listed []string
		for _, r := range s.Describe() {
			if r.IsFor(kind) {
				listed = append(listed, r.ID)
			}
		}
		slices.Sort(listed)
		if !slices.Equal(listed, want) {
			t.Errorf("%q is listed for %v, want %v", kind, listed, want)
		}
	}
}

func TestOnePersonsTwoNumbers(t *testing.T) {
	t.Parallel()
	s := load(t, map[string]string{"own.yaml": `id: own.phones
edition: "2026-01-02"
scope: national
source: {zh: 自定, en: own}
rules:
  - id: own.phones
    predicate: same_phone
    params: {field: /principals/*/mobile, one_person: true}
    severity: error
    field: /principals/*/emergency_phone
    message: rule.own.word
`})
	const same = "principal: {emergency_phone: '13800000001'}"
	for rule, c := range map[string]struct {
		patch string
		want  []OutcomeState
	}{
		"the website has the subject's person":            {"{subject: {" + same + "}, websites: [{same_as_subject: true}]}", []OutcomeState{Failed}},
		"the website has the same person again":           {"{subject: {" + same + "}, websites: [{principal: {certificate_number: 11010819850307211x}}]}", []OutcomeState{Failed, Passed}},
		"another person answers for the website":          {"{subject: {" + same + "}}", []OutcomeState{Passed, Passed}},
		"another person answers for one of two websites":  {"{subject: {" + same + "}, websites: [{same_as_subject: true}, {}]}", []OutcomeState{Passed, Passed}},
		"who answers for the website is not told yet":     {"{subject: {" + same + "}, websites: [{principal: {name: '', certificate_number: ''}}]}", []OutcomeState{Unjudged, Unjudged}},
		"one person with two numbers":                     {"{websites: [{same_as_subject: true}]}", []OutcomeState{Passed}},
		"an individual is one person, whatever is stated": {"{base: individual, subject: {principal: {emergency_phone: '13800000005'}}}", []OutcomeState{Failed}},
	} {
		var got []OutcomeState
		for _, o := range s.Outcomes(Case{Order: caseOf(t, s, c.patch)}, noon) {
			got = append(got, o.State)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", rule, got, c.want)
		}
	}
}

func TestDomainsAreReadAsWhatTheyStandFor(t *testing.T) {
	t.Parallel()
	s := load(t, map[string]string{"own.yaml": `id: own.labels
edition: "2026-01-02"
scope: national
source: {zh: 自定, en: own}
rules:
  - id: own.labels
    predicate: label_starts_with
    params: {words: [中国]}
    severity: error
    field: /websites/*/domain
    message: rule.own.word
`})
	for domain, want := range map[string]OutcomeState{
		"xn--fiqs8s0yowxa31o.xn--fiqs8s": Failed, // 中国海棠树.中国
		"中国海棠.中国":                        Failed,
		"xn--swvwre4i.xn--fiqs8s":        Passed, // 海棠树.中国
		"haitang.xn--fiqs8s":             Passed,
		"xn--fiqs8s.example.com":         Failed,
		"xn--.example.com":               Passed, // no name at all
	} {
		o := caseOf(t, s, "{}")
		o.Data.Websites[0].Domain = domain
		got := s.Outcomes(Case{Order: o}, noon)
		if len(got) != 1 || got[0].State != want {
			t.Errorf("%s: %v, want %s", domain, got, want)
		}
	}
}
