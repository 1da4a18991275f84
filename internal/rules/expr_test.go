package rules

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types/ref"
	"gopkg.in/yaml.v3"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

// ownPack is an operator's pack of one rule with an expression.
func ownPack(expr, field string) string {
	return `id: own.pack
edition: "2026-01-02"
scope: national
source: {zh: 自定, en: own}
rules:
  - id: own.rule
    severity: error
    field: ` + field + `
    text: {zh: 请改, en: Please mend it}
    about: {zh: 自定规则, en: A rule of our own}
    expr: >-
      ` + expr + "\n"
}

// loadOwn loads packs of an operator's alone, by file name.
func loadOwn(files map[string]string) (*Set, error) {
	root := fstest.MapFS{}
	for name, text := range files {
		root[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return Load(refdata.Builtin(), fstest.MapFS{}, root)
}

func own(t testing.TB, text string) *Set {
	t.Helper()
	s, err := loadOwn(map[string]string{"own.yaml": text})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// statesOf gives what came of a rule at each place, such as "/websites/0/name failed".
func (s *Set) statesOf(rule string, c Case) string {
	var out []string
	for _, o := range s.Outcomes(c, noon) {
		if o.Rule == rule {
			out = append(out, o.Pointer+" "+string(o.State))
		}
	}
	return strings.Join(out, ", ")
}

func TestExpressionsJudge(t *testing.T) {
	t.Parallel()
	const name, whole, anyone, site = "/websites/*/name", "/websites", "/principals/*/mobile", "/websites/*/principal/mobile"
	for _, x := range []struct{ rule, field, expr, patch, want string }{
		{"true is the fault", name, "website.name.startsWith('海棠')", "{}", "/websites/0/name failed"},
		{"false is none", name, "website.name.startsWith('梨')", "{}", "/websites/0/name passed"},
		{"each website is judged", name, "website.name == '梨'", "websites: [{}, {name: 梨}]", "/websites/0/name passed, /websites/1/name failed"},
		{"each person is judged", anyone, "principal.name == '海文博'", "{}", "/subject/principal/mobile failed, /websites/0/principal/mobile passed"},
		{"a website's person has its website", site, "principal.name == '林初夏' && website.domain.endsWith('.com')", "{}", "/websites/0/principal/mobile failed"},
		{"the whole case", whole, "websites.exists(w, w.name == '梨') && size(websites) > 1", "websites: [{}, {name: 梨}]", "/websites failed"},
		{"a website against all others", name, "websites.filter(w, w.domain == website.domain).size() > 1", "websites: [{}, {domain: a.cn}]", "/websites/0/name passed, /websites/1/name passed"},
		{"websites are told apart", name, "websites.exists(w, w != website && w.name == website.name)", "websites: [{}, {}]", "/websites/0/name failed, /websites/1/name failed"},
		{"empty answers are judged", name, "website.remark == ''", "{}", "/websites/0/name failed"},
		{"has tells an answer", name, "!has(website.remark) || !has(website.service_content)", "websites: [{remark: 无}, {remark: 无, service_content: 0}]", "/websites/0/name passed, /websites/1/name failed"},
		{"has tells a list", name, "has(website.pre_approvals)", "websites: [{}, {pre_approvals: [{type: 1, number: x}]}]", "/websites/0/name passed, /websites/1/name failed"},
		{"ids of approvals", name, "1 in website.pre_approvals", "websites: [{pre_approvals: [{type: 1, number: x}]}]", "/websites/0/name failed"},
		{"the subject's person of a website without its own", name, "website.principal == subject.principal && website.same_as_subject", "websites: [{}, {same_as_subject: true}]", "/websites/0/name passed, /websites/1/name failed"},
		{"an individual answers itself", name, "website.principal.name == subject.name && subject.individual", "base: individual", "/websites/0/name failed"},
		{"an unknown fact", name, "facts.subject_elsewhere", "{}", "/websites/0/name unjudged"},
		{"an unknown fact that does not matter", name, "facts.subject_elsewhere && website.name == '梨'", "{}", "/websites/0/name passed"},
		{"an unknown fact that has asks for", name, "!has(facts.subject_elsewhere) && !has(website.open) && !has(facts.filed_websites)", "{}", "/websites/0/name failed"},
		{"an age that nobody knows", anyone, "principal.age < 18", "subject: {principal: {certificate_type: 7}}", "/subject/principal/mobile unjudged, /websites/0/principal/mobile passed"},
		{"today is China's", name, "today.getFullYear('Asia/Shanghai') == 2026 && today.getHours('Asia/Shanghai') == 0", "{}", "/websites/0/name failed"},
		{"an index that there is none of", name, "websites[7].name == ''", "{}", "/websites/0/name unjudged"},
		{"a value of one of the model's types", name, "Website{name: '梨'} == website", "{}", "/websites/0/name unjudged"},
		{"a division by nothing", name, "1 / website.languages[0] > 1 / (website.languages[0] - 1)", "{}", "/websites/0/name unjudged"},
		{"a broken expression of the case's own", name, "'a'.matches(website.remark)", "websites: [{remark: '['}]", "/websites/0/name unjudged"},
		{"a great expression of the case's own", name, "'a'.matches(website.remark)", "websites: [{remark: 'a{900}'}]", "/websites/0/name unjudged"},
		{"another type through dyn", name, "dyn(website).investor == ''", "{}", "/websites/0/name unjudged"},
	} {
		s := own(t, ownPack(x.expr, x.field))
		if got := s.statesOf("own.rule", Case{Order: caseOf(t, s, x.patch)}); got != x.want {
			t.Errorf("%s: %s, want %s", x.rule, got, x.want)
		}
	}
}

func TestFindingsOfAnOperatorsRuleCarryItsWords(t *testing.T) {
	t.Parallel()
	text := packWith("message: rule.own.word", "text: {zh: '“{word}”不行', en: 'No {word} here'}\n    about: {zh: '不要{words}', en: 'None of {words}'}\n    source: {zh: 协议第四条}")
	s := own(t, strings.Replace(text, "    severity", "    examples: {pass: [{websites: [{name: 梨}]}], fail: [{}]}\n    severity", 1))
	if err := s.CheckExamples(); err != nil {
		t.Error(err)
	}
	if err := s.CheckTexts(func(string) bool { return true }); err != nil {
		t.Error(err)
	}
	var found icp.Finding
	for _, f := range s.findings(caseOf(t, s, "{}"), noon) {
		if f.Rule == "own.rule" {
			found = f
		}
	}
	if found.Code != OwnWords || found.Params["text"] != "“海棠”不行" || found.Params["word"] != "海棠" {
		t.Errorf("found %+v", found)
	}
	for lang, want := range map[string][2]string{"zh-CN": {"“{word}”不行", "不要{words}"}, "en": {"No {word} here", "None of {words}"}} {
		if finding, about, ok := s.Text("own.rule", lang); !ok || finding != want[0] || about != want[1] {
			t.Errorf("%s: %q, %q", lang, finding, about)
		}
	}
	if r, _ := s.Rule("own.rule"); r.Message != "" || !r.Own || r.Source.ZH != "协议第四条" {
		t.Errorf("own.rule is %+v", r)
	}
	if _, _, ok := builtin(t).Text("national.name.short", "en"); ok {
		t.Error("a rule of the product has words of its own")
	}
	asks := own(t, strings.NewReplacer("field:", "material: subject_letter\n    field:").Replace(ownPack("website.name != ''", "/websites/*/name")))
	for _, a := range asks.Evaluate(Case{Order: caseOf(t, asks, "{}")}, noon).Materials {
		if a.Rule == "own.rule" && (a.Message != OwnWords || a.Params["text"] != "请改") {
			t.Errorf("asked %+v", a)
		}
	}
}

func TestFaultsOfExpressionsTellFileAndLine(t *testing.T) {
	t.Parallel()
	long := "1 == 1" + strings.Repeat(" && 1 == 1", 400)
	for _, x := range []struct{ rule, from, to, want string }{
		{"an unknown name", "EXPR", "wbsite.name == ''", "own.yaml:12: expr, character 1: undeclared reference to 'wbsite'"},
		{"an unknown field", "EXPR", "website.nam == ''", "own.yaml:12: expr, character 8: undefined field 'nam'"},
		{"the line below its key", "EXPR", "website.name == ''\n      && website.x == ''", "own.yaml:12: "},
		{"the line of a literal text", ">-\n      EXPR", "|\n      website.name == ''\n      && website.x == ''", "own.yaml:13: expr, character 11: undefined field 'x'"},
		{"in one line", ">-\n      EXPR", `"website.name = ''"`, "own.yaml:11: expr, character 14: "},
		{"no bool", "EXPR", "website.name", "own.yaml:11: rule own.rule: expr gives string, not true or false"},
		{"dyn", "EXPR", "dyn(website.name)", "own.yaml:11: rule own.rule: expr gives dyn"},
		{"types that do not go together", "EXPR", "website.name == 1", "own.yaml:12: expr, character 14: found no matching overload"},
		{"a person where there is none", "EXPR", "principal.name == ''", "own.yaml:12: expr, character 1: undeclared reference to 'principal'"},
		{"a broken regular expression", "EXPR", "website.name.matches('[')", "own.yaml:11: rule own.rule: expr: error parsing regexp"},
		{"a great regular expression", "EXPR", "website.name.matches('a{900}')", "own.yaml:12: "},
		{"too long", "EXPR", long, "own.yaml:12: expr, character "},
		{"too deep", "EXPR", strings.Repeat("(", 60) + "true" + strings.Repeat(")", 60), "own.yaml:12: expr, character "},
		{"too costly", "EXPR", "websites.all(a, websites.all(b, websites.all(c, a.remark + b.remark + c.remark == '')))", "own.yaml:11: rule own.rule: expr may cost "},
		{"of no known cost", "EXPR", "dyn(website).name + 'x' == ''", "own.yaml:11: rule own.rule: expr may cost anything"},
		{"empty", ">-\n      EXPR", "''", "own.yaml:11: expr is an expression as text"},
		{"no text", ">-\n      EXPR", "[a]", "own.yaml:11: expr is an expression as text"},
		{"with a predicate", "    severity", "    predicate: missing\n    severity", "own.yaml:12: a rule has a predicate with params or expr, not both"},
		{"with parameters", "    severity", "    params: {min: 1}\n    severity", "own.yaml:12: a rule has a predicate with params or expr, not both"},
		{"judged elsewhere", "    severity", "    judged_by: domains\n    severity", "own.yaml:10: text and about belong to rules of an operator that are judged here"},
		{"no words", "    text: {zh: 请改, en: Please mend it}\n    about: {zh: 自定规则, en: A rule of our own}\n", "", `own.yaml:6: message "" is no key`},
		{"no text", "zh: 请改, ", "", "own.yaml:9: text.zh is missing"},
		{"no about", "    about: {zh: 自定规则, en: A rule of our own}\n", "", "own.yaml:6: about.zh is missing"},
		{"two messages", "    severity", "    message: rule.name.short\n    severity", "own.yaml:7: a rule has a message or text and about"},
		{"a variable of a text", "zh: 请改", "zh: '请改{name}'", "own.yaml:9: rule own.rule: {name} in text"},
		{"a variable of about", "zh: 自定规则", "zh: '{min}规则'", "own.yaml:10: rule own.rule: {min} in about"},
		{"an unknown field of text", "zh: 请改, ", "zh: 请改, fr: x, ", `own.yaml:9: unknown field "fr"`},
	} {
		text := strings.Replace(ownPack("EXPR", "/websites/*/name"), x.from, x.to, 1)
		_, err := loadOwn(map[string]string{"own.yaml": strings.Replace(text, "EXPR", "true", 1)})
		if err == nil || !strings.HasPrefix(err.Error(), x.want) {
			t.Errorf("%s: %v, want %s", x.rule, err, x.want)
		}
	}
	if _, err := Load(refdata.Builtin(), fstest.MapFS{"a.yaml": {Data: []byte(ownPack("true", "/websites"))}}); err == nil || !strings.HasPrefix(err.Error(), "a.yaml:9: text and about belong to rules of an operator") {
		t.Errorf("words in the product's packs: %v", err)
	}
	noWords := strings.NewReplacer("text: {zh: 请改, en: Please mend it}", "message: rule.name.short", "    about: {zh: 自定规则, en: A rule of our own}\n", "").Replace(ownPack("true", "/websites"))
	if _, err := Load(refdata.Builtin(), fstest.MapFS{"a.yaml": {Data: []byte(noWords)}}); err == nil || !strings.HasPrefix(err.Error(), "a.yaml:10: expr belongs to packs of an operator") {
		t.Errorf("an expression in the product's packs: %v", err)
	}
}

func TestExpressionsThatTakeTooMuchLeaveTheRuleUnjudged(t *testing.T) {
	t.Parallel()
	s := own(t, ownPack("website.remark.contains(website.name)", "/websites/*/name"))
	o := caseOf(t, s, "websites: [{remark: 海棠树软件的网站}, {}]")
	o.Data.Websites[1].Remark, o.Data.Websites[1].Name = strings.Repeat("海棠", 200_000), strings.Repeat("棠", 1000)
	if got := s.statesOf("own.rule", Case{Order: o}); got != "/websites/0/name failed, /websites/1/name unjudged" {
		t.Errorf("it is %s", got)
	}
}

// program is one that runs as the test says.
type program struct {
	cel.Program
	run func(ctx context.Context) (ref.Val, error)
}

func (p program) ContextEval(ctx context.Context, _ any) (ref.Val, *cel.EvalDetails, error) {
	out, err := p.run(ctx)
	return out, nil, err
}

func TestPanicsOfExpressionsAreContained(t *testing.T) {
	t.Parallel()
	s := builtin(t)
	m := s.matter(&Case{Order: caseOf(t, s, "{}")}, noon)
	defer s.free(m)
	for name, run := range map[string]func(context.Context) (ref.Val, error){
		"a panic":      func(context.Context) (ref.Val, error) { panic("fault of the language") },
		"an error":     func(ctx context.Context) (ref.Val, error) { return nil, ctx.Err() },
		"another type": func(context.Context) (ref.Val, error) { return m.celPerson(&m.persons[0]), nil },
	} {
		if v := m.evaluate(program{run: run}); v.state != unknown {
			t.Errorf("%s: %v", name, v.state)
		}
	}
}

func TestTimeOfACasesExpressionsIsBounded(t *testing.T) {
	t.Parallel()
	s := builtin(t)
	m := s.matter(&Case{Order: caseOf(t, s, "{}")}, noon)
	defer s.free(m)
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(`"[0,1,2,3,4].all(a, [0,1,2,3,4].all(b, [0,1,2,3,4].all(c, a + b + c >= 0)))"`), &n); err != nil {
		t.Fatal(err)
	}
	judge, err := expression(n.Content[0], fields["/websites"])
	if err != nil {
		t.Fatal(err)
	}
	if v := judge(m); v.state != faulty {
		t.Fatalf("in time: %v", v.state)
	}
	if _, ok := m.ctx.Deadline(); !ok {
		t.Error("there is no end of the time")
	}
	m.cancel() // as at the deadline
	if v := judge(m); v.state != unknown {
		t.Errorf("when the time is over: %v", v.state)
	}
}

func TestExpressionsInParallel(t *testing.T) {
	t.Parallel()
	s := own(t, ownPack("websites.exists(w, w != website && w.name == website.name) || website.principal.age < 18", "/websites/*/name"))
	clean := tenSites(t, s, "110108", func(i int) string { return "海棠树软件" + string(rune('甲'+i)) })
	twice := tenSites(t, s, "440106", func(int) string { return "海棠树软件" })
	want := [2]string{s.statesOf("own.rule", clean), s.statesOf("own.rule", twice)}
	if want[0] == want[1] || strings.Contains(want[0], "failed") || strings.Contains(want[1], "passed") {
		t.Fatalf("%s\n%s", want[0], want[1])
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				if got := s.statesOf("own.rule", clean); got != want[0] {
					t.Errorf("the clean case: %s", got)
				}
				if got := s.statesOf("own.rule", twice); got != want[1] {
					t.Errorf("the other: %s", got)
				}
			}
		})
	}
	wg.Wait()
}

// Whatever an operator writes is refused, or judges without a panic and twice
// alike.
func FuzzExpression(f *testing.F) {
	for _, expr := range []string{"website.name == ''", "websites.exists(w, w != website)", "principal.age < 18 || facts.subject_elsewhere", "today > website.domain_expires",
		"'a'.matches(website.remark)", "[1, 2.5, 'x'].map(x, dyn(x)) == websites.map(w, w)", "type(website) == type(subject)", "{'a': website}['b'].name == ''",
		"has(website.owner) ? website.owner in ['other'] : website.languages[9] > 0", "timestamp(principal.certificate_until) < today + duration('24h')", "-9223372036854775807 - 2 < int(website.name)"} {
		f.Add(expr, uint8(0))
		f.Add(expr, uint8(1))
	}
	base := builtin(f)
	cases := []Case{tenSites(f, base, "110108", func(int) string { return "海棠[" }), {Order: caseOf(f, base, "base: individual")}, {Order: &icp.Order{Data: icp.OrderData{Websites: make([]icp.Website, 1)}}}}
	places := []*field{fields["/websites/*/principal/mobile"], fields["/websites/*/name"], fields["/websites"], fields["/principals/*/name"]}
	f.Fuzz(func(t *testing.T, expr string, at uint8) {
		field := places[int(at)%len(places)]
		judge, err := expression(&yaml.Node{Kind: yaml.ScalarNode, Line: 1, Value: expr}, field)
		if err != nil {
			if err.Error() == "" {
				t.Error("it is refused without a reason")
			}
			return
		}
		r := &rule{id: "own.rule", severity: icp.SeverityError, field: field, judge: judge, onEmpty: true, trigger: -1}
		for i := range cases {
			var states [2]string
			for j := range states {
				m := base.matter(&cases[i], noon)
				all := tally{m: m, all: true}
				r.run(&all)
				base.free(m)
				for _, o := range all.outcomes {
					states[j] += o.Pointer + string(o.State) + " "
				}
			}
			if states[0] != states[1] {
				t.Errorf("%s is %s, then %s", expr, states[0], states[1])
			}
		}
	})
}
