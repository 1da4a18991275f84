package rules

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

var noon = time.Date(2026, 6, 15, 4, 0, 0, 0, time.UTC)

// caseOf makes a base case with changes written as YAML.
func caseOf(t testing.TB, s *Set, patch string) *icp.Order {
	t.Helper()
	bases, err := readBases()
	if err != nil {
		t.Fatal(err)
	}
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(patch), &n); err != nil {
		t.Fatal(err)
	}
	e, err := s.example(&rule{}, bases, &n)
	if err != nil {
		t.Fatal(err)
	}
	return e.Order
}

func (s *Set) findings(o *icp.Order, at time.Time) []icp.Finding {
	return s.Evaluate(Case{Order: o}, at).Findings
}

func ids(findings []icp.Finding) []string {
	var out []string
	for _, f := range findings {
		out = append(out, f.Rule)
	}
	return out
}

func TestBaseCasesHaveNoFaults(t *testing.T) {
	t.Parallel()
	s := builtin(t)
	for _, base := range []string{baseUnit, baseIndividual} {
		found := s.findings(caseOf(t, s, "base: "+base), noon)
		if found = slices.DeleteFunc(found, isInfo); len(found) > 0 {
			t.Errorf("%s: %v", base, found)
		}
	}
}

// isInfo tells the hints that hold for every case of a province.
func isInfo(f icp.Finding) bool { return f.Severity == icp.SeverityInfo }

func TestEvaluate(t *testing.T) {
	t.Parallel()
	s := builtin(t)
	for _, x := range []struct{ rule, patch, wantRule, wantPointer string }{
		{"a website's fault points to that website", "websites: [{}, {name: '123456'}]", "national.name.digits_only", "/websites/1/name"},
		{"a person's fault points to that person", "websites: [{same_as_subject: true}, {principal: {certificate_until: '2026-07-01'}}]", "national.person.certificate_ends", "/websites/1/principal/certificate_until"},
		{"the subject's principal has a pointer of its own", "subject: {principal: {certificate_until: '2026-07-01'}}", "national.person.certificate_ends", "/subject/principal/certificate_until"},
		{"a fault of the whole points to the whole", "{subject: {region: '420102'}, websites: [{}, {}]}", "hubei.websites", "/websites"},
		{"without a region the nation's rules hold", "{subject: {region: ''}, websites: [{name: '123456'}]}", "national.name.digits_only", "/websites/0/name"},
		{"a region of no province is as good as none", "{subject: {region: '990000'}, websites: [{name: '123456'}]}", "national.name.digits_only", "/websites/0/name"},
	} {
		found := s.findings(caseOf(t, s, x.patch), noon)
		if !slices.ContainsFunc(found, func(f icp.Finding) bool {
			return f.Rule == x.wantRule && f.Pointer == x.wantPointer && f.Code != "" && f.Severity == icp.SeverityError
		}) {
			t.Errorf("%s: no %s at %s in %v", x.rule, x.wantRule, x.wantPointer, found)
		}
	}
}

func TestProvinceReplacesTheNationsRule(t *testing.T) {
	t.Parallel()
	s := builtin(t)
	const young = "subject: {region: '%', principal: {certificate_number: '110108200909012336'}}"
	for _, x := range []struct {
		rule, region string
		want         string
		not          string
	}{
		{"a province without a rule of its own keeps the nation's", "110108", "national.person.age", "chongqing.age_proof"},
		{"a province with a lower age does not tell the nation's", "500103", "chongqing.age_proof", "national.person.age"},
	} {
		result := s.Evaluate(Case{Order: caseOf(t, s, strings.Replace(young, "%", x.region, 1))}, noon)
		found := ids(result.Findings)
		for _, a := range result.Materials {
			found = append(found, a.Rule)
		}
		if !slices.Contains(found, x.want) || slices.Contains(found, x.not) {
			t.Errorf("%s: %v", x.rule, found)
		}
	}
}

func TestYoungPersonLearnsWhenToTryAgain(t *testing.T) {
	t.Parallel()
	s := builtin(t)
	found := s.findings(caseOf(t, s, "subject: {principal: {certificate_number: '110108200909012336'}}"), noon)
	want := time.Date(2027, 8, 31, 16, 0, 0, 0, time.UTC) // midnight in China
	found = slices.DeleteFunc(found, isInfo)
	if len(found) != 1 || !found[0].RetryAt.Equal(want) || found[0].Params["age"] != "16" || found[0].Params["min"] != "18" {
		t.Errorf("found %v", found)
	}
}

func TestEmptyOrderIsSpared(t *testing.T) {
	t.Parallel()
	s := builtin(t)
	for _, o := range []*icp.Order{
		{},
		{Data: icp.OrderData{Subject: icp.Subject{Region: "1", Nature: 5}, Websites: make([]icp.Website, 2)}},
	} {
		if found := s.findings(o, noon); len(found) > 0 {
			t.Errorf("found %v", found)
		}
	}
}

// pack is a pack of one rule with one line changed.
func packWith(line, change string) string {
	const whole = `id: own.pack
edition: "2026-01-02"
scope: national
source: {zh: 自定, en: own}
rules:
  - id: own.rule
    predicate: contains_word
    params: {words: [海棠]}
    severity: error
    field: /websites/*/name
    message: rule.own.word
`
	return strings.Replace(whole, line, change, 1)
}

func TestLoadTellsFileAndLine(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ rule, line, change, want string }{
		{"unknown field of a pack", "scope:", "skope:", `own.yaml:3: unknown field "skope"`},
		{"unknown field of a rule", "    severity:", "    sevrity:", `own.yaml:9: unknown field "sevrity"`},
		{"unknown predicate", "contains_word", "contain_word", `own.yaml:7: rule own.rule: unknown predicate "contain_word"`},
		{"unknown parameter", "words:", "word:", `own.yaml:8: unknown field "word"`},
		{"missing parameter", "params: {words: [海棠]}", "", "own.yaml:6: rule own.rule: words are missing"},
		{"wrong type of parameter", "words: [海棠]", "words: {a: b}", "own.yaml:8: "},
		{"message of another form", "rule.own.word", "Own Word", "own.yaml:11: message"},
		{"unknown field of a case", "/websites/*/name", "/websites/*/nam", "own.yaml:10: unknown field"},
		{"severity of another name", "error", "fatal", "own.yaml:9: severity"},
		{"scope of no province", "national", "'990000'", "own.yaml:3: scope"},
		{"missing source", "source: {zh: 自定, en: own}", "", "own.yaml:1: source is missing"},
		{"edition that is no day", "2026-01-02", "v2", "own.yaml:2: \"v2\" is no day"},
		{"predicate of another field", "contains_word\n    params: {words: [海棠]}", "outside_domain", "own.yaml:9: rule own.rule: predicate outside_domain does not judge the field"},
		{"unknown nature", "    severity", "    applies: {natures: [people]}\n    severity", "own.yaml:9: rule own.rule: nature"},
		{"unknown field of applies", "    severity", "    applies: {nature: [unit]}\n    severity", "own.yaml:9: unknown field \"nature\""},
		{"unknown province", "    severity", "    applies: {provinces: [江东]}\n    severity", "own.yaml:9: rule own.rule: unknown province"},
		{"unknown content", "    severity", "    applies: {contents: [网]}\n    severity", "own.yaml:9: rule own.rule: unknown service content"},
		{"replaced rule that there is none of", "    severity", "    replaces: [x.y]\n    severity", "own.yaml:6: rule own.rule replaces x.y"},
		{"second pack in a file", "id: own.pack", "id: other\n---\nid: own.pack", "own.yaml:2: a file holds one pack"},
		{"broken YAML", "rules:", "rules: [", "own.yaml:5: "},
	} {
		_, err := Load(refdata.Builtin(), fstest.MapFS{"own.yaml": {Data: []byte(packWith(x.line, x.change))}})
		if err == nil || !strings.HasPrefix(err.Error(), x.want) {
			t.Errorf("%s: %v, want %s", x.rule, err, x.want)
		}
	}
	two := fstest.MapFS{"a.yaml": {Data: []byte(packWith("", ""))}, "b.yaml": {Data: []byte(packWith("own.pack", "own.other"))}}
	if _, err := Load(refdata.Builtin(), two); err == nil || !strings.Contains(err.Error(), "stands in a.yaml:6 too") {
		t.Errorf("an id that stands twice: %v", err)
	}
	if _, err := Load(refdata.Builtin(), fstest.MapFS{}); err == nil {
		t.Error("no rules at all are accepted")
	}
}

func TestOperatorAddsPacks(t *testing.T) {
	t.Parallel()
	own := fstest.MapFS{"own.yaml": {Data: []byte(packWith("scope:", "valid_from: '2026-06-15'\nvalid_to: '2026-06-15'\nscope:"))}}
	s, err := Load(refdata.Builtin(), Packs(), own)
	if err != nil {
		t.Fatal(err)
	}
	if s.Version() == builtin(t).Version() {
		t.Error("another pack has the same version")
	}
	o := caseOf(t, s, "{}")
	day := time.Date(2026, 6, 14, 16, 0, 0, 0, time.UTC) // the day begins in China
	for _, x := range []struct {
		rule string
		at   time.Time
		want bool
	}{
		{"before its first day", day.Add(-time.Second), false},
		{"at its first moment", day, true},
		{"at its last moment", day.Add(24*time.Hour - time.Second), true},
		{"after its last day", day.Add(24 * time.Hour), false},
	} {
		if got := slices.Contains(ids(s.findings(o, x.at)), "own.rule"); got != x.want {
			t.Errorf("%s: %v", x.rule, got)
		}
	}
	if err := s.CheckExamples(); err == nil || !strings.Contains(err.Error(), "own.yaml:8: rule own.rule wants a passing and a failing example") {
		t.Errorf("a rule without examples: %v", err)
	}
}

func TestExamplesMustHold(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ rule, examples, want string }{
		{"passing that fails", "{pass: [{}], fail: [{}]}", "finds fault with a passing example"},
		{"failing that passes", "{pass: [{websites: [{name: 梨}]}], fail: [{websites: [{name: 梨}]}]}", "finds no fault with a failing example"},
		{"unknown field of a case", "{pass: [{websites: [{nam: 梨}]}], fail: [{}]}", `unknown field "nam"`},
		{"an unjudged case does not count as passing", "{pass: [{websites: [{name: ''}]}], fail: [{}]}", "judges none of its passing examples"},
		{"no website to look at does not count as passing elsewhere", "{pass: [{type: change}], fail: [{}]}", "finds fault with a passing example"},
	} {
		s, err := Load(refdata.Builtin(), fstest.MapFS{"own.yaml": {Data: []byte(packWith("    severity", "    examples: "+x.examples+"\n    severity"))}})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.CheckExamples(); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v", x.rule, err)
		}
	}
}

func TestMonthsEndOnDaysThatExist(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ rule, day, want string }{
		{"the same day", "2026-06-15", "2026-09-15"},
		{"the last day of a shorter month", "2026-11-30", "2027-02-28"},
		{"a leap day", "2027-11-29", "2028-02-29"},
		{"over the year", "2026-12-31", "2027-03-31"},
	} {
		day, err := time.Parse(time.DateOnly, x.day)
		if err != nil {
			t.Fatal(err)
		}
		if got := monthsOn(day, 3).Format(time.DateOnly); got != x.want {
			t.Errorf("%s: %s, want %s", x.rule, got, x.want)
		}
	}
}

func TestVersionIsStable(t *testing.T) {
	t.Parallel()
	a, b := builtin(t).Version(), builtin(t).Version()
	if a != b || !regexp.MustCompile(`^\d{4}-\d\d-\d\d\+[0-9a-f]{8}$`).MatchString(a) {
		t.Errorf("versions %q and %q", a, b)
	}
}

func TestForProvince(t *testing.T) {
	t.Parallel()
	s := builtin(t)
	has := func(code string, nature int, id string) bool {
		return slices.ContainsFunc(s.ForProvince(code, nature), func(r RuleInfo) bool { return r.ID == id })
	}
	for _, x := range []struct {
		rule   string
		code   string
		nature int
		id     string
		want   bool
	}{
		{"the nation's rules are in every province's list", "630000", icp.NatureEnterprise, "national.name.short", true},
		{"a province's own rule", "420000", icp.NatureEnterprise, "hubei.websites", true},
		{"any region of the province will do", "420102", icp.NatureEnterprise, "hubei.websites", true},
		{"not in another province", "430000", icp.NatureEnterprise, "hubei.websites", false},
		{"the rule that is replaced is gone", "120000", icp.NatureEnterprise, "national.name.short", false},
		{"replaced for units only: gone for units", "110000", icp.NatureEnterprise, "national.person.same_phone", false},
		{"replaced for units only: there for individuals", "110000", icp.NatureIndividual, "national.person.same_phone", true},
		{"replaced for units only: there for any", "110000", 0, "national.person.same_phone", true},
		{"rules of individuals are not for units", "420000", icp.NatureEnterprise, "national.name.own_name", false},
		{"no province, no rules", "990000", 0, "national.name.short", false},
	} {
		if got := has(x.code, x.nature, x.id); got != x.want {
			t.Errorf("%s: %v", x.rule, got)
		}
	}
	for _, r := range s.Describe() {
		if r.Source.ZH == "" || r.Source.EN == "" || (r.Field == "" && r.JudgedBy == "") || r.Message == "" || r.Severity == "" {
			t.Errorf("%s is incomplete: %+v", r.ID, r)
		}
	}
}

var (
	inText  = regexp.MustCompile(`\{(\w+)\}`)
	rowName = regexp.MustCompile("`(\\w+)`")
)

// texts reads the messages of a language.
func texts(t *testing.T, lang string) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../i18n/messages/" + lang + "/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	out := map[string]string{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var doc yaml.Node
		if err := yaml.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		gather(&doc, "", out)
	}
	return out
}

func gather(n *yaml.Node, key string, into map[string]string) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			gather(n.Content[i+1], strings.TrimPrefix(key+"."+n.Content[i].Value, "."), into)
		}
	case yaml.ScalarNode:
		into[key] = n.Value
	default:
		for _, c := range n.Content {
			gather(c, key, into)
		}
	}
}

func TestEveryKeyHasAText(t *testing.T) {
	t.Parallel()
	s := builtin(t)
	for _, lang := range []string{"zh-CN", "en"} {
		all := texts(t, lang)
		if err := s.CheckTexts(func(key string) bool { return all[key] != "" }); err != nil {
			t.Errorf("%s: %v", lang, err)
		}
	}
	err := s.CheckTexts(func(key string) bool { return key != "rule.name.short.about" })
	if err == nil || !regexp.MustCompile(`^national/names\.yaml:\d+: there is no text rule\.name\.short\.about, which rule national\.name\.short names$`).MatchString(err.Error()) {
		t.Errorf("a missing text is not told: %v", err)
	}
}

func TestMessagesSayWhatRulesFind(t *testing.T) {
	t.Parallel()
	s := builtin(t)
	bases, err := readBases()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"zh-CN", "en"} {
		all := texts(t, lang)
		unused := maps.Clone(all)
		filled := func(what, key string, params map[string]string) {
			for _, m := range inText.FindAllStringSubmatch(all[key], -1) {
				if params[m[1]] == "" {
					t.Errorf("%s: %s leaves {%s} of %s empty", lang, what, m[1], key)
				}
			}
			delete(unused, key)
		}
		for _, r := range s.rules {
			info := r.info()
			filled(r.id, info.Message, info.Params)
			filled(r.id, r.suggest, map[string]string{"name": "x", "site": "x", "domain": "x"})
			for i := range r.examples.Fail {
				e, err := s.example(r, bases, &r.examples.Fail[i])
				if err != nil {
					t.Fatal(err)
				}
				found, _ := s.try(r, &e)
				for _, o := range found {
					if o.Finding != nil {
						filled(r.id, o.Finding.Code, o.Finding.Params)
					}
					if o.Ask != nil {
						filled(r.id, o.Ask.Message, o.Ask.Params)
					}
				}
			}
		}
		// Reasons for every kind of paper stand ready for an operator's packs.
		for kind := range icp.RuleMaterials() {
			delete(unused, "rule.material."+string(kind))
			delete(unused, "rule.material."+string(kind)+".about")
		}
		for key := range unused {
			if strings.HasPrefix(key, "rule.") {
				t.Errorf("%s: no rule uses %s", lang, key)
			}
		}
	}
}

func TestReadmeListsThePredicates(t *testing.T) {
	t.Parallel()
	listed := map[string]bool{}
	for _, line := range strings.Split(section(t, "## Predicates"), "\n") {
		if cell, _, ok := strings.Cut(strings.TrimPrefix(line, "| "), " | "); ok && strings.HasPrefix(line, "| `") {
			for _, m := range rowName.FindAllStringSubmatch(cell, -1) {
				listed[m[1]] = true
			}
		}
	}
	want := map[string]bool{}
	for name := range predicates {
		want[name] = true
	}
	if !maps.Equal(listed, want) {
		t.Errorf("README.md lists %v, the table has %v", slices.Sorted(maps.Keys(listed)), slices.Sorted(maps.Keys(want)))
	}
}

func FuzzName(f *testing.F) {
	s := builtin(f)
	o := caseOf(f, s, "{}")
	for _, name := range []string{"海棠树软件", "北京", "\xff海棠", "ＡＢＣ１２３", "a.b", "", "新闻bbs"} {
		f.Add(name, "example.com")
	}
	f.Fuzz(func(t *testing.T, name, domain string) {
		o := *o
		o.Data.Websites = slices.Clone(o.Data.Websites)
		o.Data.Websites[0].Name, o.Data.Websites[0].Domain, o.Data.Websites[0].HomeURL = name, domain, name
		for _, nature := range []int{icp.NatureEnterprise, icp.NatureIndividual} {
			o.Data.Subject.Nature = nature
			for _, x := range s.findings(&o, noon) {
				if x.Pointer == "" || x.Code == "" {
					t.Errorf("incomplete finding %+v", x)
				}
			}
		}
	})
}

func FuzzLoad(f *testing.F) {
	f.Add(packWith("", ""))
	f.Add("rules: [[]]")
	f.Add("- x")
	f.Add(ownPack("website.name == ''", "/websites/*/name"))
	f.Add(changing("off:\n  - {rule: base.word, reason: {zh: 不用}}"))
	f.Add(changing("overrides:\n  - {rule: base.word, severity: info, params: {words: [梨]}, examples: {pass: [{}]}, reason: {zh: 放宽}}"))
	tables := refdata.Builtin()
	f.Fuzz(func(t *testing.T, text string) {
		own := fstest.MapFS{"own.yaml": {Data: []byte(text)}}
		for _, roots := range [][]fs.FS{{own}, {fstest.MapFS{"base.yaml": {Data: []byte(basePack)}}, own}} {
			s, err := Load(tables, roots...)
			if err == nil && len(s.Describe()) == 0 {
				t.Error("a pack without rules was loaded")
			}
			if err != nil && err.Error() == "" {
				t.Error("it is refused without a reason")
			}
		}
	})
}
