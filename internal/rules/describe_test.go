package rules

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/openbeian/beian/internal/refdata"
)

// load makes a set of packs by file name.
func load(t testing.TB, files map[string]string) *Set {
	t.Helper()
	root := fstest.MapFS{}
	for name, text := range files {
		root[name] = &fstest.MapFile{Data: []byte(text)}
	}
	s, err := Load(refdata.Builtin(), root)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const beijingPack = `id: own.beijing
edition: "2026-01-02"
as_of: "2022-08"
scope: "110000"
authority_days: {least: 7, most: 12}
valid_from: "2026-01-01"
source: {zh: 自定, en: own}
facts:
  - {cell: name, fact: {zh: 不用海棠}, rules: [own.rule, own.elsewhere]}
  - {cell: name, fact: {zh: 不用梨}, left_out: {zh: 无人用梨}}
  - {cell: time, fact: {zh: 七至十二天}, authority_days: true}
rules:
  - id: own.rule
    predicate: contains_word
    params: {words: [海棠, 梨]}
    severity: error
    field: /websites/*/name
    message: rule.own.word
    suggest: rule.suggest.word
    applies: {types: [add_website], natures: [unit], certificate_types: [1], contents: [单位门户网站]}
    examples: {pass: [{}], fail: [{websites: [{name: 梨}]}]}
  - id: own.elsewhere
    judged_by: domains
    codes: [domain.expired]
    severity: error
    message: rule.own.elsewhere
`

func TestRuleTellsAllOfItself(t *testing.T) {
	t.Parallel()
	s := load(t, map[string]string{"own.yaml": strings.ReplaceAll(beijingPack, "单位门户网站", "8")})
	r, ok := s.Rule("own.rule")
	if !ok || r.AsOf != "2022-08" || r.Params["words"] != "海棠、梨" || r.Suggest != "rule.suggest.word" || r.ValidFrom != "2026-01-01" ||
		!slices.Equal(r.Provinces, []string{"110000"}) || !slices.Equal(r.CertificateTypes, []int{1}) || !slices.Equal(r.Contents, []int{8}) ||
		len(r.Natures) < 2 || len(r.Types) != 1 || r.Own || !slices.Equal(r.Examples.Fail, []string{`{"websites":[{"name":"梨"}]}`}) {
		t.Errorf("own.rule is %+v", r)
	}
	if r, ok := s.Rule("own.elsewhere"); !ok || r.JudgedBy != "domains" || !slices.Equal(r.Codes, []string{"domain.expired"}) || r.Field != "" {
		t.Errorf("own.elsewhere is %+v", r)
	}
	if _, ok := s.Rule("own.none"); ok {
		t.Error("a rule that there is none of is found")
	}
	if len(s.ForProvince("110108", 4)) != 2 {
		t.Error("a rule that is judged elsewhere is not in the province's list")
	}
	if least, most, ok := s.AuthorityDays("110108"); least != 7 || most != 12 || !ok {
		t.Errorf("%d to %d days, %v", least, most, ok)
	}
	for _, other := range []string{"310000", "", "1"} {
		if _, _, ok := s.AuthorityDays(other); ok {
			t.Errorf("%q has days", other)
		}
	}
}

func TestCoverageCountsFacts(t *testing.T) {
	t.Parallel()
	s := load(t, map[string]string{"own.yaml": strings.ReplaceAll(beijingPack, "单位门户网站", "8")})
	want := []Coverage{
		{Pack: "own.beijing", Scope: "110000", Cell: "time", Covered: 1},
		{Pack: "own.beijing", Scope: "110000", Cell: "name", Covered: 1, LeftOut: 1},
	}
	if got := s.Coverage(); !slices.Equal(got, want) {
		t.Errorf("coverage %+v", got)
	}
	if facts := s.Facts(); len(facts) != 3 || facts[1].LeftOut.ZH != "无人用梨" || !slices.Contains(Cells(), facts[2].Cell) {
		t.Errorf("facts %+v", facts)
	}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	text := strings.ReplaceAll(beijingPack, "单位门户网站", "8")
	old := load(t, map[string]string{"own.yaml": text})
	for _, x := range []struct{ rule, before, after, want string }{
		{"nothing", "", "", ""},
		{"another edition of the pack", "2026-01-02", "2026-01-03", ""},
		{"another severity", "severity: error\n    field", "severity: warning\n    field", "~own.rule:severity"},
		{"other parameters", "[海棠, 梨]}", "[海棠]}", "~own.rule:params"},
		{"another first day", "2026-01-01", "2026-02-01", "~own.rule:valid_from ~own.elsewhere:valid_from"},
		{"a rule of another name", "own.rule", "own.new", "+own.new -own.rule"},
	} {
		now := load(t, map[string]string{"own.yaml": strings.ReplaceAll(text, x.before, x.after)})
		if x.before == "" {
			now = old
		}
		var got []string
		for _, c := range now.Diff(old) {
			switch {
			case c.Before == nil:
				got = append(got, "+"+c.ID)
			case c.After == nil:
				got = append(got, "-"+c.ID)
			default:
				got = append(got, "~"+c.ID+":"+strings.Join(c.What, ","))
			}
		}
		if strings.Join(got, " ") != x.want {
			t.Errorf("%s: %v, want %s", x.rule, got, x.want)
		}
	}
}

func TestAlwaysIsWhatSpeaksOfEveryCase(t *testing.T) {
	t.Parallel()
	s := load(t, map[string]string{"a.yaml": `id: own
edition: "2026-01-02"
scope: national
source: {zh: 自定, en: own}
rules:
  - {id: own.always, predicate: always, severity: error, field: /subject/name, message: rule.name.word_refused}
  - {id: own.note, predicate: note, severity: info, field: /subject/name, message: rule.name.word_refused}
  - {id: own.missing, predicate: missing, severity: error, field: /subject/name, message: rule.name.word_refused}
`})
	for id, want := range map[string]bool{"own.always": true, "own.note": true, "own.missing": false} {
		if r, ok := s.Rule(id); !ok || r.Always != want {
			t.Errorf("%s: %+v", id, r)
		}
	}
}
