package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/precheck"
)

const precheckOfUnit = `{"domain":"yunshan-keji.cn","nature":4,"region":"11","certificate_type":1,"certificate_number":"91110108MA0YK7W261","website_name":"云杉数字科技"}`

func TestPrecheckNeedsNoSessionAndCanBeShared(t *testing.T) {
	t.Parallel()
	s := newService(t)
	r := s.client().do("POST", prefix+"/prechecks", precheckOfUnit)
	made := read[PrecheckView](t, r)
	if r.StatusCode != http.StatusCreated || made.ID == "" || made.Verdict != precheck.Ready || made.Title != "You can file" || made.Kind.Type != "add_website" {
		t.Fatalf("%d %+v", r.StatusCode, made)
	}
	if made.Asked.NatureName != "Enterprise" || !strings.Contains(made.Asked.RegionName, "Beijing") || made.Asked.WebsiteName != "云杉数字科技" || !made.Asked.CertificateGiven {
		t.Errorf("asked %+v", made.Asked)
	}
	if len(made.Checks) != 8 || len(made.Papers) == 0 || len(made.Preparations) == 0 || made.Rules.Total == 0 || made.Time.From == nil || made.Time.Earliest != nil {
		t.Errorf("%+v", made)
	}
	chinese := s.client()
	chinese.header.Set("Accept-Language", "zh-CN")
	again := chinese.do("GET", prefix+"/prechecks/"+made.ID, "")
	got := read[PrecheckView](t, again)
	if again.StatusCode != http.StatusOK || got.Title != "可以备案" || !got.At.Equal(made.At) || got.Papers[0].Label != "主体证件" || got.Rules.Highlights[0].Reference.Province != "北京市" {
		t.Errorf("%d %+v", again.StatusCode, got)
	}
	if all := text(t, got) + text(t, made); strings.Contains(all, "91110108MA0YK7W261") || strings.Contains(all, "192.0.2.") {
		t.Errorf("personal: %s", all)
	}
	refused(t, s.client().do("GET", prefix+"/prechecks/AAAAAAAAAAAAAAAAAAAAAAAAAA", ""), http.StatusNotFound, "not_found")
}

func TestPrecheckOfAPersonForgets(t *testing.T) {
	t.Parallel()
	s := newService(t)
	r := s.client().do("POST", prefix+"/prechecks", `{"domain":"linzhixia.com","nature":5,"region":"110000","certificate_type":2,"certificate_number":"110108199305160025","website_name":"知夏公司"}`)
	made := read[PrecheckView](t, r)
	if made.Verdict != precheck.Blocked || len(made.Findings) != 1 || made.Findings[0].Field != "website_name" || made.Findings[0].Reference == nil || made.Time.From != nil {
		t.Fatalf("%+v", made)
	}
	raw := text(t, read[map[string]any](t, s.client().do("GET", prefix+"/prechecks/"+made.ID, "")))
	for _, secret := range []string{"110108199305160025", "19930516", "知夏"} {
		if strings.Contains(raw, secret) {
			t.Errorf("the report has %s", secret)
		}
	}
}

func TestPrecheckTellsFaultsAtTheirFields(t *testing.T) {
	t.Parallel()
	s := newService(t)
	r := s.client().do("POST", prefix+"/prechecks", `{"domain":"203.0.113.7","nature":5,"region":"99","certificate_type":2,"certificate_number":"110108199305160026"}`)
	p := read[Problem](t, r)
	want := map[string]string{"/domain": "domain.ip", "/region": "precheck.region", "/certificate_number": "id.resident.checksum"}
	if r.StatusCode != http.StatusUnprocessableEntity || len(p.Errors) != len(want) {
		t.Fatalf("%d %+v", r.StatusCode, p)
	}
	for _, e := range p.Errors {
		if want[e.Pointer] != e.Code || e.Message == "" || e.Message == e.Code {
			t.Errorf("%+v", e)
		}
	}
}

func TestPrechecksOfAnAddressAreBounded(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for range 5 {
		if r := s.client().do("POST", prefix+"/prechecks", precheckOfUnit); r.StatusCode != http.StatusCreated {
			t.Fatalf("%d", r.StatusCode)
		}
	}
	r := s.client().do("POST", prefix+"/prechecks", precheckOfUnit)
	wait, err := strconv.Atoi(r.Header.Get("Retry-After"))
	if p := refused(t, r, http.StatusTooManyRequests, "precheck.too_often"); err != nil || wait < 1 || wait > 3600 || p.RetryAfter != wait {
		t.Errorf("Retry-After %d, %v, %+v", wait, err, p)
	}
}

func TestWhatThePrecheckAsksForIsOpen(t *testing.T) {
	t.Parallel()
	s := newService(t)
	tables := read[struct {
		Natures          []struct{ Value int }
		CertificateTypes []CertificateOption `json:"certificate_types"`
		ServiceContents  []ContentOption     `json:"service_contents"`
	}](t, s.client().do("GET", prefix+"/reference/tables", ""))
	if len(tables.Natures) == 0 || len(tables.CertificateTypes) == 0 || len(tables.ServiceContents) == 0 {
		t.Errorf("%+v", tables)
	}
	if r := s.client().do("GET", prefix+"/reference/regions", ""); r.StatusCode != http.StatusOK {
		t.Errorf("regions: %d", r.StatusCode)
	}
}

// inOwnWords are rules of an operator with texts of their own: about a name, by an
// expression, for a paper, and about an answer that the pre-check does not ask for.
const inOwnWords = `id: own.words
edition: "2026-11-24"
scope: national
source: {zh: 本平台接入协议, en: Our terms of service}
as_of: "2026"
rules:
  - id: own.name.test
    predicate: contains_word
    params: {words: [测试, 演示]}
    severity: error
    field: /websites/*/name
    text: {zh: "名称里请不要写“{word}”", en: "Please leave {word} out of the name"}
    about: {zh: "名称不写{words}", en: "No {words} in names"}
    examples: {pass: [{}], fail: [{websites: [{name: 海棠测试站}]}]}
  - id: own.name.shop
    expr: "website.service_content == 9 && !website.name.contains('店')"
    severity: warning
    field: /websites/*/name
    text: {zh: 网店的名称请写明是店, en: Please call a shop a shop}
    about: {zh: 网店的名称写明是店, en: Shops are called shops}
    examples: {pass: [{}], fail: [{websites: [{service_content: 9}]}]}
  - id: own.name.remark
    expr: "!has(website.remark)"
    severity: error
    field: /websites/*/name
    text: {zh: 请填写网站备注, en: Please add a remark}
    about: {zh: 网站须有备注, en: Websites have a remark}
    examples: {pass: [{websites: [{remark: 单位介绍}]}], fail: [{websites: [{remark: ""}]}]}
  - id: own.letter
    predicate: contains_word
    params: {words: [演示]}
    severity: error
    field: /websites/*/name
    material: website_letter
    text: {zh: 演示站须有授权书, en: "A site for {word} needs a letter"}
    about: {zh: 演示站须提交授权书, en: Letters for demonstrations}
    examples: {pass: [{}], fail: [{websites: [{name: 海棠演示站}]}]}
`

func TestPrecheckTellsAnOperatorsOwnWords(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.putRules(inOwnWords)
	if _, err := s.deps.Rules.Publish(t.Context(), icp.Actor{Party: icp.System}, "own words"); err != nil {
		t.Fatal(err)
	}
	asked := strings.Replace(precheckOfUnit, `"云杉数字科技"`, `"云杉演示站","service_content":9`, 1)
	made := read[PrecheckView](t, s.client().do("POST", prefix+"/prechecks", asked))
	chinese := s.client()
	chinese.header.Set("Accept-Language", "zh-CN")
	again := read[PrecheckView](t, chinese.do("GET", prefix+"/prechecks/"+made.ID, ""))
	told := func(v PrecheckView, rule string) PrecheckFinding {
		i := slices.IndexFunc(v.Findings, func(f PrecheckFinding) bool { return f.ID == rule })
		if i < 0 || v.Findings[i].Reference == nil {
			t.Fatalf("%s is not told with its rule: %+v", rule, v.Findings)
		}
		return v.Findings[i]
	}
	word := told(made, "own.name.test")
	if made.Verdict != precheck.Blocked || word.Message != "Please leave 演示 out of the name" || word.Reference.Text != "No 测试、演示 in names" ||
		word.Reference.Source != "Our terms of service" || word.Reference.AsOf != "2026" || word.Reference.Province != "" {
		t.Errorf("%s %+v %+v", made.Verdict, word, word.Reference)
	}
	if zh := told(again, "own.name.test"); zh.Message != "名称里请不要写“演示”" || zh.Reference.Text != "名称不写测试、演示" || zh.Reference.Source != "本平台接入协议" {
		t.Errorf("%+v %+v", zh, zh.Reference)
	}
	if told(made, "own.name.shop").Message != "Please call a shop a shop" || told(again, "own.name.shop").Message != "网店的名称请写明是店" {
		t.Errorf("the expression: %+v", made.Findings)
	}
	if slices.ContainsFunc(made.Findings, func(f PrecheckFinding) bool { return f.ID == "own.name.remark" }) {
		t.Error("what was not asked is a fault")
	}
	i := slices.IndexFunc(again.Papers, func(p PrecheckPaper) bool { return p.Kind == icp.MaterialWebsiteLetter })
	if i < 0 || !again.Papers[i].Certain || again.Papers[i].Reasons[0].Text != "演示站须有授权书" || again.Papers[i].Reasons[0].Reference.Text != "演示站须提交授权书" {
		t.Errorf("papers %+v", again.Papers)
	}
}
