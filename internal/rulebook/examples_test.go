package rulebook

import (
	"slices"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/rules"
)

func builtinRules(t *testing.T) *rules.Set {
	t.Helper()
	s, err := Candidate("", false)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A layperson reads the examples, so no key, number of a code or empty label
// may come through.
func TestExamplesOfAllRulesAreInWords(t *testing.T) {
	t.Parallel()
	s, tables := builtinRules(t), refdata.Builtin()
	for _, lang := range i18n.Langs() {
		for _, r := range s.Describe() {
			list := Examples(s, r.ID, tables, lang)
			if r.JudgedBy == "" && len(list) != len(r.Examples.Pass)+len(r.Examples.Fail) {
				t.Errorf("%s: %d examples", r.ID, len(list))
			}
			for _, x := range list {
				if x.Passes != (x.Says == "") {
					t.Errorf("%s, passes %v, says %q", r.ID, x.Passes, x.Says)
				}
				for _, l := range x.Lines {
					if l.Label == "" || l.Value == "" || strings.Contains(l.Label+l.Value, "rules.") || strings.Contains(l.Label+l.Value, "form.") || strings.Contains(l.Label, "_") {
						t.Errorf("%s: %+v", r.ID, l)
					}
				}
				if x.JSON != "{}" && len(x.Lines) == 0 {
					t.Errorf("%s: no lines for %s", r.ID, x.JSON)
				}
			}
		}
	}
}

const wordedPack = `id: own.worded
edition: "2026-11-24"
scope: national
source: {zh: 本平台要求, en: Our own rule}
rules:
  - id: own.many
    predicate: too_many_websites
    params: {max: 1}
    severity: error
    field: /websites
    message: rule.websites.too_many
    examples:
      pass: [{}]
      fail: [{websites: [{}, {name: 山河书屋, principal: {role: authorised}}]}]
  - id: own.owner
    predicate: owner_among
    params: {owners: [other]}
    severity: error
    field: /websites/*/domain
    message: rule.domain.owner_other
    examples:
      pass: [{facts: {websites: [{owner: subject}]}}]
      fail: [{base: individual, type: change, facts: {websites: [{owner: other}]}}]
  - id: own.codes
    predicate: contains_word
    params: {words: [测试]}
    severity: error
    field: /principals/*/name
    message: rule.name.word_refused
    examples:
      pass: [{subject: {nature: 3, certificate_type: 2, remark: null}, websites: [{languages: [], same_as_subject: true, pre_approvals: [{type: 2, number: "1"}], service_content: 16}]}]
      fail: [{base: individual, subject: {name: 测试}}]
`

func TestExamplesSayWhatDiffersAndWhatIsJudged(t *testing.T) {
	t.Parallel()
	s, err := Candidate(folderWith(t, map[string]string{"worded.yaml": wordedPack}), false)
	if err != nil {
		t.Fatal(err)
	}
	line := func(l Line) string {
		out := l.Label + "=" + l.Value
		if l.Judged {
			out += "!"
		}
		if l.Usual {
			out += "?"
		}
		return out
	}
	for id, want := range map[string][][]string{
		"own.many":  {{"订单中的网站=1!?"}, {"订单中的网站=2!", "网站 2 的网站名称=山河书屋", "网站 2 的网站负责人的身份=单位授权的其他人员"}},
		"own.owner": {{"域名所有者=备案主体", "网站域名=haitangshu.example.com!?"}, {"主体=个人", "备案类型=变更备案", "域名所有者=其他人", "网站域名=zhiqiu.example.com!?"}},
		"own.codes": {{"主体的证件类型=居民身份证", "主办单位性质=事业单位", "主体备注=不填写", "网站语种=不填写", "前置或专项审批内容类型=出版", "同主体负责人=是", "网站服务内容=网络图片", "主体负责人的姓名=海文博!?"},
			{"主体=个人", "姓名=测试", "主体负责人的姓名=测试!?"}},
	} {
		list := Examples(s, id, refdata.Builtin(), i18n.Chinese)
		for i, x := range list {
			var got []string
			for _, l := range x.Lines {
				got = append(got, line(l))
			}
			if !slices.Equal(got, want[i]) {
				t.Errorf("%s, example %d:\n got %q\nwant %q", id, i, got, want[i])
			}
		}
	}
	if got := Examples(s, "own.none", refdata.Builtin(), i18n.Chinese); got != nil {
		t.Errorf("examples of no rule: %+v", got)
	}
}

func TestGroupsFollowTheSteps(t *testing.T) {
	t.Parallel()
	for rule, c := range map[string]struct {
		r    rules.RuleInfo
		want Group
	}{
		"the organiser":       {rules.RuleInfo{Field: "/subject/name"}, GroupSubject},
		"any person":          {rules.RuleInfo{Field: "/principals/*/mobile"}, GroupPrincipal},
		"a subject's person":  {rules.RuleInfo{Field: "/subject/principal/role"}, GroupPrincipal},
		"a website's person":  {rules.RuleInfo{Field: "/websites/*/principal/role"}, GroupPrincipal},
		"a name":              {rules.RuleInfo{Field: "/websites/*/name"}, GroupWebsite},
		"a domain":            {rules.RuleInfo{Field: "/websites/*/domain"}, GroupDomain},
		"a server":            {rules.RuleInfo{Field: "/websites/*/resource", JudgedBy: "resources"}, GroupDomain},
		"how many":            {rules.RuleInfo{Field: "/websites"}, GroupOrder},
		"an account":          {rules.RuleInfo{Field: "/subject/name", JudgedBy: "accounts"}, GroupOrder},
		"a paper":             {rules.RuleInfo{Field: "/subject/principal/role", Material: "subject_letter"}, GroupMaterial},
		"a paper of a change": {rules.RuleInfo{Field: "/subject/name", Material: "rename_letter", Types: []icp.OrderType{icp.Change}}, GroupChange},
		"changes among others": {rules.RuleInfo{Field: "/subject/name", Types: []icp.OrderType{icp.Change, icp.AddWebsite}},
			GroupSubject},
	} {
		if got := GroupOf(c.r); got != c.want {
			t.Errorf("%s: %s, want %s", rule, got, c.want)
		}
	}
	used := map[Group]bool{}
	for _, r := range builtinRules(t).Describe() {
		used[GroupOf(r)] = true
	}
	if len(used) != len(Groups()) {
		t.Errorf("groups in use: %v", used)
	}
}

func TestWhoIsSaidShortly(t *testing.T) {
	t.Parallel()
	tables := refdata.Builtin()
	var units, all []int
	for _, n := range tables.Natures() {
		all = append(all, n.ID)
		if !n.Person {
			units = append(units, n.ID)
		}
	}
	for rule, c := range map[string]struct {
		natures []int
		want    string
	}{
		"no limit":         {nil, ""},
		"everybody":        {all, ""},
		"units":            {units, "单位"},
		"individuals":      {[]int{icp.NatureIndividual}, "个人"},
		"almost all units": {slices.DeleteFunc(slices.Clone(units), func(id int) bool { return id == 3 }), "单位（事业单位除外）"},
		"some":             {[]int{icp.NatureEnterprise, icp.NatureIndividual}, "企业、个人"},
	} {
		if got := Who(c.natures, tables, i18n.Chinese); got != c.want {
			t.Errorf("%s: %q, want %q", rule, got, c.want)
		}
	}
	if got := Where([]string{"110000", "430000", "999999"}, tables, i18n.Chinese); got != "北京市、湖南省" {
		t.Errorf("where: %q", got)
	}
	if got := Orders([]icp.OrderType{icp.AddWebsite, icp.Change}, i18n.English); got != "Additional website, Change" {
		t.Errorf("orders: %q", got)
	}
	if got := Orders(nil, i18n.English); got != "" {
		t.Errorf("orders without a limit: %q", got)
	}
}
