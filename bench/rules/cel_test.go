package rules

import (
	"slices"
	"strconv"
	"testing"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/ext"

	"github.com/openbeian/beian/internal/rules"
)

// ofSites, ofPersons and ofOrder are the rules of ten.yaml in CEL, by field.
var (
	ofSites = []celRule{
		{"ten.sensitive", "name", `site.name.matches('赌博|博彩|赌场|六合彩|色情|情色|枪支|毒品|假币|代孕|翻墙|国家|中国|中央|人民|政府|国务院|公安')`},
		{"ten.short", "name", `site.name != '' && !site.name.matches(r'(?s)([\p{L}\p{Nd}].*?){3}')`},
		{"ten.twice", "name", `site.name != '' && websites.exists(w, w.index < site.index && w.name == site.name)`},
		{"ten.approval", "name", `site.name.matches('新闻|论坛|社区|出版|书屋|药品|医疗|网约车|直播|视频|影视|音乐|游戏|金融|贷款|理财') && !site.pre_approvals.exists(a, a in [1, 2, 3, 4])`},
		{"ten.home", "home_url", `site.home_url != '' && !(site.home_url.split('/')[0] == site.domain || site.home_url.split('/')[0].endsWith('.' + site.domain))`},
		{"ten.term", "domain", `has(site.domain_expires) && site.domain_expires < in_three_months`},
	}
	ofPersons = []celRule{
		{"ten.age", "certificate_number", `day - int(person.certificate_number.substring(6, 14)) < 180000 && day >= int(person.certificate_number.substring(6, 14))`},
		{"ten.certificate", "certificate_until", `person.certificate_until != 'long_term' && person.certificate_until >= today && person.certificate_until < in_three_months`},
		{"ten.mobile", "mobile", `persons.exists(p, p.index < person.index && p.mobile == person.mobile && p.certificate_number != person.certificate_number)`},
	}
	ofOrder = []celRule{{"ten.websites", "/websites", `size(websites) > 9`}}
)

type celRule struct{ id, field, expr string }

// celEngine runs one program for each rule at each place.
type celEngine struct {
	tb                     testing.TB
	sites, persons, orders []celProgram
}

type celProgram struct {
	id, field string
	cel.Program
}

func newCEL(tb testing.TB) celEngine {
	tb.Helper()
	record := cel.MapType(cel.StringType, cel.DynType)
	env, err := cel.NewEnv(ext.Strings(), cel.Variable("websites", cel.ListType(record)), cel.Variable("persons", cel.ListType(record)),
		cel.Variable("site", record), cel.Variable("person", record), cel.Variable("today", cel.StringType),
		cel.Variable("in_three_months", cel.StringType), cel.Variable("day", cel.IntType))
	if err != nil {
		tb.Fatal(err)
	}
	compile := func(list []celRule) (out []celProgram) {
		for _, r := range list {
			ast, issues := env.Compile(r.expr)
			if issues.Err() != nil {
				tb.Fatal(r.id, issues.Err())
			}
			p, err := env.Program(ast, cel.EvalOptions(cel.OptOptimize))
			if err != nil {
				tb.Fatal(r.id, err)
			}
			out = append(out, celProgram{r.id, r.field, p})
		}
		return out
	}
	return celEngine{tb, compile(ofSites), compile(ofPersons), compile(ofOrder)}
}

// celCase has the variables of every place.
type celCase struct {
	order          map[string]any
	sites, persons []map[string]any
}

func (e celEngine) prepare(c *rules.Case) any {
	out := celCase{order: plain(c)}
	with := func(name string, v any) map[string]any {
		place := map[string]any{name: v}
		for k, v := range out.order {
			place[k] = v
		}
		return place
	}
	for _, s := range out.order["websites"].([]any) {
		out.sites = append(out.sites, with("site", s))
	}
	for _, p := range out.order["persons"].([]any) {
		out.persons = append(out.persons, with("person", p))
	}
	return out
}

func (e celEngine) judge(prepared any) []string {
	c := prepared.(celCase)
	var out []string
	run := func(p *celProgram, place map[string]any, pointer func() string) {
		v, _, err := p.Eval(place)
		if err != nil {
			e.tb.Fatal(p.id, err)
		}
		if v.Value() == true {
			out = append(out, p.id+" "+pointer())
		}
	}
	for i := range e.orders {
		run(&e.orders[i], c.order, func() string { return e.orders[i].field })
	}
	for i, place := range c.sites {
		for j := range e.sites {
			run(&e.sites[j], place, func() string { return "/websites/" + strconv.Itoa(i) + "/" + e.sites[j].field })
		}
	}
	for _, place := range c.persons {
		for j := range e.persons {
			run(&e.persons[j], place, func() string { return place["person"].(map[string]any)["at"].(string) + "/" + e.persons[j].field })
		}
	}
	slices.Sort(out)
	return out
}
