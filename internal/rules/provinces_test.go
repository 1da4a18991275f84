package rules

import (
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/openbeian/beian/internal/icp"
)

// columns are those of the overviews that guides of access providers give of
// the provinces, with the cells under which packs state them.
var columns = map[string][]string{
	"non-local": {"non_local"}, "age": {"age"}, "persons": {"principal"}, "phones": {"phone"}, "papers": {"papers"}, "time": {"time"},
	"site": {"name", "content", "remark", "subject"}, "domain": {"domain", "quantity", "resource"}, "closing": {"closing"}, "change": {"change"},
}

// silent are the columns of a province that its source leaves empty.
var silent = map[string][]string{
	"tianjin": {"non-local"}, "shanxi": {"phones", "site", "closing"}, "neimenggu": {"phones", "closing"},
	"liaoning": {"non-local", "domain", "closing"}, "jilin": {"phones", "papers", "closing"}, "heilongjiang": {"phones", "closing", "domain"},
	"shanghai": {"phones", "closing"}, "zhejiang": {"phones", "domain"}, "anhui": {"closing"}, "fujian": {"phones"}, "jiangxi": {"domain"},
	"hunan": {"non-local", "closing"}, "guangdong": {"closing"}, "guangxi": {"non-local"}, "hainan": {"non-local", "papers"},
	"chongqing": {"non-local"}, "guizhou": {"phones"}, "yunnan": {"domain"}, "xizang": {"phones", "papers", "site", "closing"},
	"shaanxi": {"non-local"}, "qinghai": {"papers"}, "xinjiang": {"closing"},
}

// besides are facts in such columns that other pages state.
var besides = map[string]string{
	"jilin phones": "jilin.office_phone", // the general questions about persons
}

func TestEveryProvinceStatesWhatItsSourceStates(t *testing.T) {
	t.Parallel()
	s := builtin(t)
	facts := map[string][]FactInfo{}
	for _, f := range s.Facts() {
		if name, ok := strings.CutPrefix(f.Pack, "province."); ok {
			facts[name] = append(facts[name], f)
		}
	}
	if len(facts) != 31 {
		t.Fatalf("%d provinces", len(facts))
	}
	for name, list := range facts {
		for column, cells := range columns {
			stated, judged := 0, 0
			for _, f := range list {
				if !slices.Contains(cells, f.Cell) {
					continue
				}
				stated++
				if len(f.Rules) > 0 && besides[name+" "+column] != f.Rules[0] {
					judged++
				}
			}
			switch isSilent := slices.Contains(silent[name], column); {
			case isSilent && judged > 0:
				t.Errorf("%s has rules on %s, of which its source says nothing", name, column)
			case !isSilent && stated == 0:
				t.Errorf("%s states nothing on %s", name, column)
			}
		}
	}
}

// asked are the provinces, by their short names, for which f is true of what
// rules say of a case.
func asked(t *testing.T, s *Set, patch string, f func(r Result) bool) string {
	t.Helper()
	bases, err := readBases()
	var n yaml.Node
	if err == nil {
		err = yaml.Unmarshal([]byte(patch), &n)
	}
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, p := range s.tables.Provinces() {
		e, err := s.example(&rule{}, bases, n.Content[0])
		if err != nil {
			t.Fatalf("%s: %v", patch, err)
		}
		e.Order.Data.Subject.Region = p.Code[:2] + "0100"
		if f(s.Evaluate(e.Case, noon)) {
			out = append(out, p.Short)
		}
	}
	return strings.Join(out, " ")
}

// says finds findings with one of the messages, of a severity or, with "", any.
func says(severity icp.Severity, codes ...string) func(r Result) bool {
	return func(r Result) bool {
		return slices.ContainsFunc(r.Findings, func(f icp.Finding) bool {
			return slices.Contains(codes, f.Code) && (severity == "" || f.Severity == severity)
		})
	}
}

// asks finds a paper that is asked for with force.
func asks(kind icp.MaterialKind) func(r Result) bool {
	return func(r Result) bool {
		return slices.ContainsFunc(r.Materials, func(a Ask) bool { return a.Kind == kind && a.Required })
	}
}

// recommends finds a paper, whether asked for with force or not.
func recommends(kind icp.MaterialKind) func(r Result) bool {
	return func(r Result) bool {
		return slices.ContainsFunc(r.Materials, func(a Ask) bool { return a.Kind == kind })
	}
}

// The lists of provinces that guides give for one requirement each, against what
// the packs of the provinces make of a case that meets it.
func TestProvincesAskForWhatTheirSourcesList(t *testing.T) {
	t.Parallel()
	s := builtin(t)
	const (
		elsewhere  = "{base: individual, subject: {certificate_number: '542500199007213312'}}"
		authorised = "subject: {principal: {role: authorised}}"
		young      = "certificate_number: '110108200809012339'" // 17 years
		all31      = "北京 天津 河北 山西 内蒙古 辽宁 吉林 黑龙江 上海 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西 海南 重庆 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆"
	)
	for _, x := range []struct {
		rule, patch string
		f           func(r Result) bool
		want        string
	}{
		{"individuals from elsewhere are refused", elsewhere, says("error", "rule.subject.individual_local_only"), "山西 黑龙江 江西 河南 甘肃 青海 新疆"},
		{"individuals from elsewhere prove that they live there", elsewhere, asks(icp.MaterialResidenceProof), "内蒙古 吉林 上海 江苏 浙江 安徽 福建 山东 湖北 广东 贵州 云南 宁夏"},
		{"individuals from elsewhere study or work there", elsewhere, asks(icp.MaterialStudyWorkProof), "四川"},
		{"individuals from elsewhere have a local number", elsewhere, says("", "rule.subject.elsewhere_local_phone"), "河北"},
		{"no individual below 18", "{base: individual, subject: {" + young + "}}", says("error", "rule.person.too_young"),
			"北京 河北 山西 内蒙古 上海 浙江 湖北 湖南 广西 贵州 西藏 陕西 甘肃 青海 宁夏 新疆"},
		{"no principal of a unit below 18", "{subject: {principal: {" + young + "}}}", says("error", "rule.person.too_young"),
			"北京 天津 河北 山西 内蒙古 黑龙江 上海 江苏 浙江 安徽 江西 河南 湖北 湖南 广西 四川 贵州 西藏 陕西 甘肃 青海 宁夏 新疆"},
		{"the principal is the legal representative", authorised, says("error", "rule.person.legal_representative"),
			"天津 内蒙古 上海 浙江 江西 河南 湖北 湖南 广东 广西 重庆 贵州 云南 西藏 陕西 青海 宁夏 新疆"},
		{"the legal representative, unless a foreigner or a manager", authorised, says("warning", "rule.person.legal_unless_foreign", "rule.person.legal_or_manager"), "河北 黑龙江 福建 山东"},
		{"another principal with a letter", authorised, asks(icp.MaterialSubjectLetter), "河北 吉林 黑龙江 江苏 安徽 福建 山东 四川 甘肃"},
		{"another principal answers for the websites too", authorised, says("error", "rule.person.same_unless_legal"), "黑龙江 江苏 海南"},
		{"another principal without conditions", authorised, says("info", "rule.person.role_free"), "北京 山西 辽宁 海南"},
		{"a website's principal with a letter", "websites: [{principal: {role: authorised}}]", asks(icp.MaterialWebsiteLetter),
			"天津 上海 江苏 安徽 福建 江西 湖北 湖南 重庆 四川 贵州 陕西 宁夏"},
		{"mobile numbers are of one subject", "facts: {principals: {/subject/principal: {mobile_elsewhere: yes}}}", says("error", "rule.person.mobile_elsewhere"), "天津 江西 山东 河南 重庆 云南 新疆"},
		{"persons are of one subject", "facts: {principals: {/subject/principal: {certificate_elsewhere: yes}}}", says("error", "rule.person.elsewhere"), "天津 江苏 山东 河南 四川 新疆"},
		{"a website's person is of one unit", "facts: {principals: {/websites/0/principal: {certificate_elsewhere: yes}}}", says("error", "rule.person.elsewhere"), "天津 江苏 江西 山东 河南 四川 新疆"},
		{"emergency phones are given", "{subject: {principal: {emergency_phone: ''}}}", says("error", "rule.person.emergency_missing"), "北京 辽宁 广西 甘肃"},
		{"one person has two numbers", "{subject: {principal: {emergency_phone: '13800000001'}}, websites: [{same_as_subject: true}]}",
			says("error", "rule.person.same_phone_refused"), "北京 辽宁 湖北 广东 广西 海南 重庆 甘肃 宁夏"},
		{"three different numbers", "websites: [{principal: {mobile: '13800000002', emergency_phone: '13800000001'}}]", says("error", "rule.person.fewer_phones"), "北京 辽宁 甘肃"},
		{"no 市辖区 in addresses", "subject: {address: 市辖区青禾路 8 号}", says("error", "rule.subject.address_heading"), "北京 天津 上海 浙江 广西"},
		{"enterprises file with the licence", "subject: {certificate_type: 12, certificate_number: MA0HT17Q-0}", says("error", "rule.subject.licence_wanted", "rule.subject.merged_certificate"), "辽宁 山东 广西 甘肃"},
		{"traders have a trade name", "subject: {name: 海文博}", says("error", "rule.subject.trade_name"), "浙江 福建 山东 贵州 陕西"},
		{"the owner is the unit", "facts: {websites: [{owner: principal}]}", says("error", "rule.website.owner_unit"), "吉林 福建 湖南 西藏 青海 宁夏"},
		{"the owner is the unit or its legal representative", "facts: {websites: [{owner: other}]}", says("error", "rule.website.owner_unit_or_legal"), "山西 内蒙古 甘肃"},
		{"a domain's last three months", "facts: {websites: [{domain_expires: '2026-09-14'}]}", says("error", "rule.website.domain_term"), "上海 安徽 河南"},
		{"a certificate for each domain", "{}", asks(icp.MaterialDomainCertificate), "湖南"},
		{"a certificate for each domain of an individual", "{base: individual}", asks(icp.MaterialDomainCertificate), "内蒙古 湖南"},
		{"pledges on training", "websites: [{name: 海棠教育}]", asks(icp.MaterialTrainingPledge),
			"北京 河北 内蒙古 辽宁 吉林 江苏 安徽 福建 江西 山东 河南 广西 海南 四川 云南 陕西 甘肃 宁夏"},
		{"individuals have no blog", "{base: individual, websites: [{service_content: 6}]}", says("error", "rule.content.personal_space"), "北京 内蒙古 浙江 河南 湖南 贵州"},
		{"the pledge stands in the remark", "{base: individual}", says("error", "rule.website.pledge"), "天津 内蒙古 山东 广西 甘肃"},
		{"one website an order", "websites: [{}, {}]", says("error", "rule.websites.too_many"), "湖北 湖南"},
		{"five websites an order", "websites: [{}, {}, {}, {}, {}, {}]", says("error", "rule.websites.too_many"), "河南 湖北 湖南 贵州"},
		{"five domains a change", "{type: change, websites: [{}, {}, {}, {}, {}, {}]}", says("error", "rule.websites.too_many"), "四川 贵州"},
		{"plans and statements for many websites", "facts: {filed_websites: 34}", func(r Result) bool {
			return asks(icp.MaterialConstructionPlan)(r) || asks(icp.MaterialUnitStatement)(r) || says("", "rule.websites.total_over", "rule.websites.papers_by_post")(r)
		}, "江苏 湖南 广东 广西 重庆 陕西"},
		{"websites stay closed", "facts: {websites: [{open: yes}]}", says("warning", "rule.website.closed"), all31},
		{"a notice of renaming with a change", "type: change", recommends(icp.MaterialRenameLetter),
			"北京 天津 内蒙古 辽宁 吉林 上海 江苏 浙江 福建 江西 河南 湖北 广西 四川 贵州 云南 陕西"},
		{"no change of websites alone", "type: change", says("", "rule.change.whole_only"), "江苏 河南 贵州"},
		{"individuals do not change the subject", "{base: individual, type: change}", says("", "rule.change.individual_none"), "北京 内蒙古 江西 湖北 海南 贵州"},
		{"individuals change to their own company", "{base: individual, type: change}", says("", "rule.change.individual_to_own_company"),
			"辽宁 吉林 黑龙江 江苏 浙江 安徽 山东 河南 广西 四川 云南 甘肃"},
		{"units are renamed only", "type: change", says("", "rule.change.rename_only"), "天津 内蒙古 辽宁 浙江 江西 湖北 海南 贵州 陕西"},
		{"access first, the change in time", "type: add_access", says("", "rule.access.change_after", "rule.access.change_in_time"), "北京 江苏"},
		{"rules of all provinces spare cancellations", "{type: cancel_subject, subject: {principal: {role: authorised}}}", says("error", "rule.person.legal_representative", "rule.name.short"), ""},
	} {
		if got := asked(t, s, x.patch, x.f); got != x.want {
			t.Errorf("%s:\n got %s\nwant %s", x.rule, got, x.want)
		}
	}
}

// The days that guides of access providers expect each bureau to take, edition
// of 2022.
func TestAuthorityDays(t *testing.T) {
	t.Parallel()
	s := builtin(t)
	want := map[string][2]int{"北京": {15, 17}, "天津": {4, 11}, "河北": {8, 11}, "山西": {15, 19}, "内蒙古": {12, 19}, "辽宁": {9, 10}, "吉林": {6, 11}, "黑龙江": {10, 11},
		"上海": {3, 4}, "江苏": {9, 30}, "浙江": {7, 10}, "安徽": {12, 17}, "福建": {6, 9}, "江西": {5, 6}, "山东": {10, 13}, "河南": {7, 11}, "湖北": {5, 7}, "湖南": {13, 16},
		"广东": {7, 9}, "广西": {5, 6}, "海南": {5, 9}, "重庆": {8, 11}, "四川": {11, 12}, "贵州": {6, 10}, "云南": {16, 21}, "西藏": {6, 9}, "陕西": {7, 10}, "甘肃": {11, 14},
		"青海": {5, 6}, "宁夏": {4, 6}, "新疆": {3, 4}}
	for _, p := range s.tables.Provinces() {
		least, most, ok := s.AuthorityDays(p.Code)
		if w := want[p.Short]; !ok || least != w[0] || most != w[1] {
			t.Errorf("%s takes %d to %d days (%t), want %v", p.Short, least, most, ok, w)
		}
	}
}
