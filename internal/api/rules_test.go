package api

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/rules"
)

// ownRules is an operator's pack: names must not have a word.
const ownRules = `id: own.names
edition: "2026-11-24"
scope: national
source: {zh: 本平台要求, en: Our own rule}
rules:
  - id: own.name.word
    predicate: contains_word
    params: {words: [测试]}
    severity: error
    field: /websites/*/name
    message: rule.name.word_refused
    examples:
      pass: [{websites: [{name: 山河书屋}]}]
      fail: [{websites: [{name: 测试书屋}]}]
`

func (s *service) putRules(text string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.folder, "own.yaml"), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// staff signs somebody of staff in.
func (s *service) staff(role string) *client {
	s.t.Helper()
	s.account(role+"@example.com", role)
	return s.signedIn(role + "@example.com")
}

func ids(list []RuleView) []string {
	var out []string
	for _, r := range list {
		out = append(out, r.ID)
	}
	return out
}

func (c *client) rules(query string, headers ...string) RuleList {
	c.s.t.Helper()
	r := c.do("GET", prefix+"/rules"+query, "", headers...)
	if r.StatusCode != http.StatusOK {
		c.s.t.Fatalf("rules%s: %d %+v", query, r.StatusCode, read[Problem](c.s.t, r))
	}
	return read[RuleList](c.s.t, r)
}

func TestAnybodyReadsTheRules(t *testing.T) {
	t.Parallel()
	s := newService(t)
	c := s.client()
	all := c.rules("")
	if all.Version != s.deps.Rules.Version() || !all.Active || len(all.Items) != len(s.deps.Rules.Set().Describe()) {
		t.Fatalf("%d rules of %s", len(all.Items), all.Version)
	}
	for _, r := range all.Items {
		if r.Text == "" || strings.HasPrefix(r.Text, "rule.") || r.Source == "" || r.Pack == "" || r.Edition == "" || (r.Scope == rules.National) != (r.Province == "") {
			t.Errorf("%+v", r)
		}
	}
	if zh := c.rules("", "Accept-Language", "zh-CN"); zh.Items[0].Text == all.Items[0].Text {
		t.Error("both languages say the same")
	}
	beijing := c.rules("?province=110108")
	if len(beijing.Items) == 0 || len(beijing.Items) >= len(all.Items) {
		t.Errorf("%d rules in Beijing", len(beijing.Items))
	}
	for _, r := range beijing.Items {
		if r.Scope != rules.National && r.Scope != "110000" {
			t.Errorf("Beijing has %s of %s", r.ID, r.Scope)
		}
	}
	for rule, c2 := range map[string]struct {
		query string
		holds func(r RuleView) bool
	}{
		"severity": {"severity=warning", func(r RuleView) bool { return r.Severity == "warning" }},
		"type":     {"type=change", func(r RuleView) bool { return r.Types == nil || slices.Contains(r.Types, "change") }},
		"nature": {"nature=5", func(r RuleView) bool {
			return r.Natures == nil || strings.Contains(text(t, r.Natures), `"value":5,`)
		}},
		"words": {"q=beijing+AGE", func(r RuleView) bool {
			one := strings.ToLower(r.ID + r.Text + r.Source + r.Province + r.FieldLabel + r.Field)
			return strings.Contains(one, "beijing") && strings.Contains(one, "age")
		}},
	} {
		found := c.rules("?" + c2.query).Items
		if len(found) == 0 || len(found) == len(all.Items) {
			t.Errorf("%s leaves %d of %d", rule, len(found), len(all.Items))
		}
		for _, r := range found {
			if !c2.holds(r) {
				t.Errorf("%s lets %+v in", rule, r)
			}
		}
	}
	faulty(t, c.do("GET", prefix+"/rules?province=999999", ""), "", "rules.unknown_province")
	refused(t, c.do("GET", prefix+"/rules?version=none", ""), http.StatusNotFound, "not_found")
}

func TestWhatAClientHasOfTheRulesIsNotSentAgain(t *testing.T) {
	t.Parallel()
	c := newService(t).client()
	for _, path := range []string{"/rules", "/rules/national.name.short", "/rules/provinces", "/rules/compare?province_a=11&province_b=43"} {
		if path == "/rules/national.name.short" {
			path = "/rules/" + c.rules("").Items[0].ID
		}
		first := c.do("GET", prefix+path, "")
		tag := first.Header.Get("ETag")
		if first.StatusCode != http.StatusOK || tag == "" || first.Header.Get("Cache-Control") != shortly {
			t.Fatalf("%s: %d %v", path, first.StatusCode, first.Header)
		}
		again := c.do("GET", prefix+path, "", "If-None-Match", tag)
		if again.StatusCode != http.StatusNotModified || again.ContentLength > 0 || again.Header.Get("ETag") != tag {
			t.Errorf("%s: %d with the same tag", path, again.StatusCode)
		}
		if other := c.do("GET", prefix+path, "", "If-None-Match", tag, "Accept-Language", "zh-CN"); other.StatusCode != http.StatusOK {
			t.Errorf("%s: %d in another language", path, other.StatusCode)
		}
	}
}

func TestARuleHasItsExamples(t *testing.T) {
	t.Parallel()
	s := newService(t)
	c := s.client()
	got := 0
	for _, r := range c.rules("?province=110108").Items {
		v := read[RuleDetail](t, c.do("GET", prefix+"/rules/"+r.ID, ""))
		if v.ID != r.ID || v.Text != r.Text || v.Version == "" {
			t.Fatalf("%+v", v)
		}
		for _, x := range v.Examples {
			got++
			if !strings.HasPrefix(x.JSON, "{") {
				t.Errorf("%s: %s", r.ID, x.JSON)
			}
		}
		if r.JudgedBy == "" && !slices.ContainsFunc(v.Examples, func(x ExampleView) bool { return !x.Passes }) {
			t.Errorf("%s has no failing example", r.ID)
		}
	}
	if got < 100 {
		t.Errorf("%d examples", got)
	}
	refused(t, c.do("GET", prefix+"/rules/no.rule", ""), http.StatusNotFound, "not_found")
}

func TestProvincesAreCompared(t *testing.T) {
	t.Parallel()
	s := newService(t)
	c := s.client()
	v := read[RuleComparison](t, c.do("GET", prefix+"/rules/compare?province_a=110000&province_b=430000", ""))
	a, b := c.rules("?province=110000").Items, c.rules("?province=430000").Items
	if len(v.OnlyA)+len(v.Changed)+v.Same != len(a) || len(v.OnlyB)+len(v.Changed)+v.Same != len(b) || v.Same == 0 || len(v.OnlyA) == 0 || len(v.OnlyB) == 0 {
		t.Errorf("of %d and %d rules: only %d, only %d, changed %d, same %d", len(a), len(b), len(v.OnlyA), len(v.OnlyB), len(v.Changed), v.Same)
	}
	if v.A.Province != "110000" || v.B.Name != "Hunan" || v.A.Version == "" {
		t.Errorf("sides %+v, %+v", v.A, v.B)
	}
	for _, r := range v.OnlyB {
		if slices.Contains(ids(a), r.ID) {
			t.Errorf("%s is in both", r.ID)
		}
	}
	for _, x := range v.Changed {
		if len(x.What) == 0 || !slices.Contains(ids(a), x.A.ID) || !slices.Contains(ids(b), x.B.ID) {
			t.Errorf("changed %+v", x)
		}
	}
	same := read[RuleComparison](t, c.do("GET", prefix+"/rules/compare?province_a=110108&province_b=110105", ""))
	if len(same.OnlyA)+len(same.OnlyB)+len(same.Changed) != 0 || same.Same != len(a) {
		t.Errorf("a province beside itself: %+v", same)
	}
	for _, query := range []string{"", "?province_a=11", "?province_a=11&version_b=x", "?province_a=11&province_b=43&version_a=x&version_b=y"} {
		faulty(t, c.do("GET", prefix+"/rules/compare"+query, ""), "", "rules.compare_pair")
	}
}

func TestProvincesTellTheAuthoritysTime(t *testing.T) {
	t.Parallel()
	c := newService(t).client()
	list := read[RuleProvinces](t, c.do("GET", prefix+"/rules/provinces", "")).Items
	timed := 0
	for _, p := range list {
		if p.Rules != len(c.rules("?province="+p.Code).Items) || p.OwnRules > p.Rules || p.Name == "" {
			t.Errorf("%+v", p)
		}
		if p.AuthorityDays != nil {
			timed++
		}
	}
	if len(list) != 31 || timed == 0 {
		t.Errorf("%d provinces, %d with a time", len(list), timed)
	}
}

func TestAnOperatorPublishesAndRestoresRules(t *testing.T) {
	t.Parallel()
	s := newService(t)
	c := s.staff(access.Operator)
	first := s.deps.Rules.Version()
	s.putRules(strings.Replace(ownRules, "predicate:", "predicat:", 1))
	v := read[RulesFolder](t, c.do("GET", prefix+"/rules/folder", ""))
	if !v.Configured || v.Publishable || v.Version != "" || len(v.Problems) != 1 || v.Problems[0].File != "own.yaml" || v.Problems[0].Line != 7 {
		t.Errorf("a broken folder: %+v", v)
	}
	p := refused(t, c.do("POST", prefix+"/rules/editions", `{"note":"x"}`), http.StatusUnprocessableEntity, "rules.folder_broken")
	if len(p.Errors) != 1 || p.Errors[0].Pointer != "/own.yaml/7" || !strings.Contains(p.Errors[0].Message, "own.yaml:7: ") {
		t.Errorf("refused with %+v", p.Errors)
	}
	s.putRules(ownRules)
	v = read[RulesFolder](t, c.do("GET", prefix+"/rules/folder", ""))
	if !v.Publishable || v.Version == "" || len(v.Changes) != 1 || v.Changes[0].Change != "added" || v.Changes[0].After == nil || !v.Changes[0].After.Own || v.Active.Version != first {
		t.Errorf("a good folder: %+v", v)
	}
	made := c.do("POST", prefix+"/rules/editions", `{"note":"新增敏感词"}`)
	e := read[EditionView](t, made)
	if made.StatusCode != http.StatusCreated || !e.Active || e.Seq != 2 || e.Version != v.Version || e.Kind != "operator" || e.Note != "新增敏感词" {
		t.Errorf("published: %d %+v", made.StatusCode, e)
	}
	refused(t, c.do("POST", prefix+"/rules/editions", `{"note":"x"}`), http.StatusConflict, "rules.nothing_new")
	if !slices.Contains(ids(c.rules("").Items), "own.name.word") || slices.Contains(ids(c.rules("?version="+strings.ReplaceAll(first, "+", "%2B")).Items), "own.name.word") {
		t.Error("the editions do not differ by the operator's rule")
	}
	changed := read[RuleComparison](t, c.do("GET", prefix+"/rules/compare?version_a="+strings.ReplaceAll(first, "+", "%2B")+"&version_b="+strings.ReplaceAll(e.Version, "+", "%2B"), ""))
	if len(changed.OnlyB) != 1 || len(changed.OnlyA)+len(changed.Changed) != 0 {
		t.Errorf("compared: %+v", changed)
	}
	back := read[EditionView](t, c.do("POST", prefix+"/rules/editions", `{"note":"back","restore":"`+first+`"}`))
	if back.Version != first || back.Kind != "restore" || s.deps.Rules.Version() != first {
		t.Errorf("restored: %+v", back)
	}
	list := read[Page[EditionView]](t, s.client().do("GET", prefix+"/rules/editions", "")).Items
	if len(list) != 3 || !list[0].Active || list[1].Active || list[0].Seq != 3 || list[2].Kind != "program" {
		t.Errorf("editions: %+v", list)
	}
}

func TestAReplayShowsRulesAndNoAnswers(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.unit("li@example.com")
	mine := s.signedIn("li@example.com").begin("yunshan-keji.cn").fill()
	mine.answered(mine.change("PUT", "/websites/"+string(mine.order.Websites[0].ID), site("云杉测试书屋")))
	c := s.staff(access.Admin)
	s.putRules(ownRules)
	raw := c.do("POST", prefix+"/rules/replay", "{}")
	v := read[ReplayView](t, raw)
	if v.Orders != 1 || v.Changed != 1 || v.Truncated || len(v.Items) != 1 || v.From == v.To {
		t.Fatalf("replayed: %+v", v)
	}
	item := v.Items[0]
	if item.Order != mine.order.ID || len(item.Gone) != 0 || len(item.Added) != 1 || item.Added[0].Rule != "own.name.word" ||
		item.Added[0].Pointer != "/websites/0/name" || item.Added[0].Label == "" || item.Added[0].Text == "" {
		t.Errorf("item %+v", item)
	}
	if strings.Contains(text(t, v), "云杉") {
		t.Errorf("it shows an answer: %s", text(t, v))
	}
	if same := read[ReplayView](t, c.do("POST", prefix+"/rules/replay", `{"version":"`+v.From+`"}`)); same.Changed != 0 || same.Orders != 1 {
		t.Errorf("by the rules in force: %+v", same)
	}
}

// factRules is an operator's pack: a real name must be older than any is.
const factRules = `id: own.facts
edition: "2026-11-24"
scope: national
source: {zh: 本平台要求, en: Our own rule}
rules:
  - id: own.real_name.new
    expr: facts.real_name_since > timestamp("2000-01-01T00:00:00Z")
    severity: warning
    field: /subject/name
    text: {zh: 实名认证太新, en: The real name is too new}
    about: {zh: 实名认证须早于 2000 年, en: Real names from before 2000}
    examples:
      pass: [{facts: {real_name_since: "1999-01-01"}}]
      fail: [{facts: {real_name_since: "2026-01-01"}}]
`

func TestAReplayKnowsWhatWasFoundOut(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.unit("li@example.com")
	mine := s.signedIn("li@example.com").begin("yunshan-keji.cn")
	s.putRules(factRules)
	v := read[ReplayView](t, s.staff(access.Operator).do("POST", prefix+"/rules/replay", "{}"))
	if v.Changed != 1 || len(v.Items) != 1 || v.Items[0].Order != mine.order.ID || v.Items[0].Added[0].Rule != "own.real_name.new" {
		t.Errorf("replayed: %+v", v)
	}
}

func TestARuleTellsItsExamplesInWords(t *testing.T) {
	t.Parallel()
	s := newService(t)
	c := s.client()
	r := read[RuleDetail](t, c.do("GET", prefix+"/rules/hunan.name.personal_space", "", "Accept-Language", "zh-CN"))
	if !r.Active || r.Group != "website" || r.Who != "个人" || r.Where != "湖南省" || r.Orders != "" || r.FieldLabel != "网站名称" {
		t.Errorf("%+v", r.RuleView)
	}
	if len(r.Related) != 1 || r.Related[0].Relation != "replaces" || r.Related[0].ID != "national.name.personal_space" || r.Related[0].Text == "" || r.Related[0].Province != "" {
		t.Errorf("related: %+v", r.Related)
	}
	passed, failed := 0, 0
	for _, x := range r.Examples {
		if x.Passes {
			passed++
			continue
		}
		failed++
		judged := slices.ContainsFunc(x.Lines, func(l ExampleLine) bool { return l.Judged && l.Label == "网站名称" && l.Value != "" })
		if !judged || x.Says == "" || x.JSON == "" {
			t.Errorf("a failing example: %+v", x)
		}
	}
	if passed == 0 || failed == 0 {
		t.Errorf("%d examples pass, %d fail", passed, failed)
	}
	back := read[RuleDetail](t, c.do("GET", prefix+"/rules/national.name.personal_space", "", "Accept-Language", "zh-CN"))
	if !slices.ContainsFunc(back.Related, func(r RelatedRule) bool {
		return r.Relation == "replaced_by" && r.ID == "hunan.name.personal_space" && r.Province == "湖南省"
	}) {
		t.Errorf("replaced by: %+v", back.Related)
	}
	paper := read[RuleDetail](t, c.do("GET", prefix+"/rules/hunan.website_letter", "", "Accept-Language", "zh-CN"))
	if paper.Group != "material" || paper.MaterialLabel != "网站负责人授权书" || paper.Who != "单位" || paper.FieldLabel != "网站负责人的身份" {
		t.Errorf("%+v", paper.RuleView)
	}
}

func TestWhatRulesCanBeLookedForBy(t *testing.T) {
	t.Parallel()
	c := newService(t).client()
	v := read[RuleChoices](t, c.do("GET", prefix+"/rules/choices", "", "Accept-Language", "en"))
	if len(v.Types) != 7 || v.Types[1] != (TypeChoice{Type: "add_website", Label: "Additional website"}) || len(v.Natures) == 0 || v.Natures[0].Label == "" {
		t.Errorf("%+v", v)
	}
	all, nation := c.rules("").Items, c.rules("?scope=national").Items
	if len(nation) == 0 || len(nation) >= len(all) || slices.ContainsFunc(nation, func(r RuleView) bool { return r.Scope != rules.National }) {
		t.Errorf("%d of %d rules are the nation's", len(nation), len(all))
	}
	for _, r := range c.rules("?type=cancel_website").Items {
		if !slices.Contains(r.Types, "cancel_website") {
			t.Errorf("%s is not for cancellations", r.ID)
		}
	}
	if papers := c.rules("?q=授权书", "Accept-Language", "zh-CN").Items; !slices.Contains(ids(papers), "hunan.website_letter") {
		t.Error("a rule is not found by its paper's name")
	}
}
