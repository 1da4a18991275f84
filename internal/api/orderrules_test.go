package api

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/rules"
)

// unitAnswers are those of fill, about a unit in Beijing, with changes.
func (f *files) subjectWith(changes map[string]any) map[string]any {
	s := f.order.Subject
	out := map[string]any{"region": s.Region, "nature": s.Nature, "certificate_type": s.CertificateType, "certificate_number": s.CertificateNumber,
		"name": s.Name, "certificate_address": s.CertificateAddress, "address": s.Address, "investor": s.Investor, "principal": map[string]any{}, "remark": s.Remark}
	for name, value := range changes {
		out[name] = value
	}
	return out
}

func findingAt(list []FindingView, pointer, rulePart string) *FindingView {
	for i := range list {
		if list[i].Pointer == pointer && strings.Contains(list[i].Rule, rulePart) {
			return &list[i]
		}
	}
	return nil
}

func TestAnswersAreJudgedAsTheyAreTyped(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.unit("li@example.com")
	f := s.signedIn("li@example.com").begin("yunshan-keji.cn").fill()
	typed := site("中国第一")
	typed["id"] = f.order.Websites[0].ID
	r := f.do("POST", f.path("/check"), text(t, map[string]any{"websites": []any{typed}}))
	v := read[CheckedAnswers](t, r)
	if r.StatusCode != http.StatusOK || v.Version != f.order.Version || r.Header.Get("ETag") != f.tag || v.RulesVersion != s.deps.Rules.Version() {
		t.Fatalf("%d %+v", r.StatusCode, v)
	}
	said := findingAt(v.Findings, "/websites/0/name", "national")
	if said == nil || !strings.Contains(said.Message, "中国") || said.Reference == nil || said.Reference.Text == "" || said.Reference.Source == "" || said.Label == "" {
		t.Fatalf("of a name with a state's word: %+v", v.Findings)
	}
	after := read[OrderView](t, f.do("GET", f.path(""), ""))
	if after.Version != f.order.Version || after.Websites[0].Name != unitName {
		t.Errorf("it was saved: %s", after.Websites[0].Name)
	}
	if len(v.Needs) == 0 || v.Needs[0].Label == "" || v.Needs[0].Reason == "" || len(v.Needs[0].Reasons) == 0 || len(v.Tasks) == 0 || v.Detected.Reason == "" || v.Detected.Stops {
		t.Errorf("needs %+v, tasks %+v, detected %+v", v.Needs, v.Tasks, v.Detected)
	}
	// A province's own word is told with the province's name.
	moved := read[CheckedAnswers](t, f.do("POST", f.path("/check"), text(t, map[string]any{"subject": f.subjectWith(map[string]any{"region": "430104"}), "websites": []any{typed}})))
	f.answered(f.change("PUT", "/subject", f.subjectWith(map[string]any{"region": "430104"})))
	if after.Limits.Websites != s.deps.Cases.Limits.Websites || f.order.Limits.Websites != 1 {
		t.Errorf("%d websites in Beijing, %d in Hunan", after.Limits.Websites, f.order.Limits.Websites)
	}
	hunan := slices.IndexFunc(moved.Findings, func(x FindingView) bool { return x.Reference != nil && x.Reference.Province == "Hunan" })
	if asked := slices.IndexFunc(moved.Needs, func(n NeedView) bool {
		return slices.ContainsFunc(n.Reasons, func(r NeedReason) bool { return r.Reference != nil && r.Reference.Province == "Hunan" })
	}); hunan < 0 && asked < 0 {
		t.Errorf("Hunan says nothing: %+v", moved.Findings)
	}
	if _, known := findProblem(t, f.do("POST", f.path("/check"), `{"websites":[{"id":"x"}]}`)); !known {
		t.Error("a body without its fields is taken")
	}
}

// findProblem reads a refusal; known is false for what is none.
func findProblem(t *testing.T, r *http.Response) (p Problem, known bool) {
	t.Helper()
	if r.StatusCode < 400 {
		return p, false
	}
	return read[Problem](t, r), true
}

func TestReviewersSeeWhatCameOfEachRule(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.unit("li@example.com")
	f := s.signedIn("li@example.com").begin("yunshan-keji.cn").fill()
	s.putRules(strings.Replace(ownRules, "severity: error", "severity: warning", 1))
	if _, err := s.deps.Rules.Publish(t.Context(), icp.Actor{Party: icp.System}, "a warning"); err != nil {
		t.Fatal(err)
	}
	f.answered(f.change("PUT", "/websites/"+string(f.order.Websites[0].ID), site("云杉测试")))
	warning := slices.IndexFunc(f.order.Findings, func(x FindingView) bool { return x.Severity == icp.SeverityWarning })
	if warning < 0 {
		t.Fatalf("no warning among %+v", f.order.Findings)
	}
	seen := f.order.Findings[warning]
	f.answered(f.change("POST", "/submission", map[string]any{"consents": f.consents(), "seen": []SeenInput{{Rule: seen.Rule, Pointer: seen.Pointer}}}))
	if len(f.order.Seen) != 1 || f.order.Seen[0].Rule != seen.Rule || f.order.RulesVersion != s.deps.Rules.Version() {
		t.Errorf("kept %+v by %s", f.order.Seen, f.order.RulesVersion)
	}
	reviewer := s.staff(access.Reviewer)
	v := read[OrderRules](t, reviewer.do("GET", f.path("/rules"), ""))
	if v.Passed == 0 || v.Passed+v.Failed+v.Unjudged != len(v.Items) || v.JudgedBy != f.order.RulesVersion || v.RulesVersion != s.deps.Rules.Version() {
		t.Fatalf("%d passed, %d failed, %d unjudged of %d", v.Passed, v.Failed, v.Unjudged, len(v.Items))
	}
	at := slices.IndexFunc(v.Items, func(x OutcomeView) bool { return x.Rule == seen.Rule && x.Pointer == seen.Pointer })
	if at < 0 || v.Items[at].State != rules.Failed || !v.Items[at].Seen || v.Items[at].Message != seen.Message {
		t.Errorf("the warning that was seen: %+v", v.Items[max(at, 0)])
	}
	for _, x := range v.Items {
		if x.Reference == nil || x.Reference.Text == "" || x.Severity == "" || (x.State == rules.Failed) != (x.Message != "") {
			t.Errorf("%+v", x)
		}
	}
}

func TestNewerRulesAreTold(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.unit("li@example.com")
	f := s.signedIn("li@example.com").begin("yunshan-keji.cn").fill()
	f.answered(f.change("PUT", "/websites/"+string(f.order.Websites[0].ID), site("云杉测试")))
	f.answered(f.submit(f.consents()))
	old := s.deps.Rules.Version()
	if v := read[RuleChangesView](t, f.do("GET", f.path("/rule-changes"), "")); v.JudgedBy != old || !v.Known || len(v.Added)+len(v.Gone) > 0 {
		t.Errorf("nothing is new: %+v", v)
	}
	s.putRules(ownRules)
	if _, err := s.deps.Rules.Publish(t.Context(), icp.Actor{Party: icp.System}, "a word more"); err != nil {
		t.Fatal(err)
	}
	v := read[RuleChangesView](t, f.do("GET", f.path("/rule-changes"), ""))
	if v.JudgedBy != old || v.Active == old || len(v.Gone) > 0 || len(v.Added) != 1 || v.Added[0].Rule != "own.name.word" || !strings.Contains(v.Added[0].Message, "测试") || v.Added[0].Reference.Source != "Our own rule" {
		t.Errorf("a word more: %+v", v)
	}
}

func TestADeadEndTellsItsExits(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.unit("li@example.com")
	s.unit("wang@example.com") // the same unit
	f := s.signedIn("li@example.com").begin("yunshan-keji.cn").fill()
	f.answered(f.submit(f.consents()))
	other := s.signedIn("wang@example.com").begin("yunshan-benzhan.cn")
	said := findingAt(other.order.Findings, "/subject/certificate_number", "types")
	if !other.order.Detected.DeadEnd || !other.order.Detected.Stops || said == nil || len(said.Exits) != 3 || said.Exits[0].ID != "recover_account" || said.Exits[0].Title == "" || said.Exits[0].Text == "" {
		t.Errorf("detected %+v, said %+v", other.order.Detected, said)
	}
	if len(other.order.Detected.Exits) != 3 || other.order.Detected.Code != "type.other_account" {
		t.Errorf("detected %+v", other.order.Detected)
	}
}

func TestAnOperatorsOwnWordsReachTheField(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.unit("li@example.com")
	f := s.signedIn("li@example.com").begin("yunshan-keji.cn").fill()
	s.putRules(strings.Replace(ownRules, "    message: rule.name.word_refused\n",
		"    text: {zh: \"名称里请不要写“{word}”\", en: \"Please leave {word} out of the name\"}\n    about: {zh: 名称不写测试字样, en: No tests in names}\n", 1))
	if _, err := s.deps.Rules.Publish(t.Context(), icp.Actor{Party: icp.System}, "own words"); err != nil {
		t.Fatal(err)
	}
	f.answered(f.change("PUT", "/websites/"+string(f.order.Websites[0].ID), site("云杉测试")))
	said := findingAt(f.order.Findings, "/websites/0/name", "own.name.word")
	if said == nil || said.Message != "Please leave 测试 out of the name" || said.Reference.Text != "No tests in names" {
		t.Fatalf("%+v", said)
	}
}

func TestARuleThatAsksForAPaperPassesWhenThePaperIsGiven(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.unit("li@example.com")
	f := s.signedIn("li@example.com").begin("yunshan-keji.cn").fill()
	principal := map[string]any{"name": "周明远", "role": "legal_representative", "certificate_type": 2, "certificate_number": "11010519491231002X",
		"certificate_until": "long_term", "mobile": "13800138000", "office_phone": "0731-87654321", "emergency_phone": "13900139000", "email": "zhou@example.com"}
	f.answered(f.change("PUT", "/subject", f.subjectWith(map[string]any{"region": "430104", "principal": principal})))
	const rule, pointer = "hunan.domain_certificate", "/materials/domain_certificate/0"
	reviewer := s.staff(access.Reviewer)
	outcome := func() *OutcomeView {
		t.Helper()
		v := read[OrderRules](t, reviewer.do("GET", f.path("/rules"), ""))
		if v.Passed+v.Failed+v.Unjudged != len(v.Items) {
			t.Errorf("%d passed, %d failed, %d unjudged of %d", v.Passed, v.Failed, v.Unjudged, len(v.Items))
		}
		at := slices.IndexFunc(v.Items, func(x OutcomeView) bool { return x.Rule == rule })
		if at < 0 {
			t.Fatalf("no %s among the outcomes", rule)
		}
		return &v.Items[at]
	}
	if x := outcome(); x.State != rules.Failed || x.Pointer != pointer || x.Label == "" || x.Message == "" {
		t.Errorf("before: %+v", x)
	}
	kind := "domain_certificate&website=" + string(f.order.Websites[0].ID)
	given := read[OrderView](t, f.upload(kind, picture(60, 9)))
	f.answered(f.do("GET", f.path(""), ""))
	if at := slices.IndexFunc(f.order.Materials, func(m MaterialView) bool { return m.Kind == "domain_certificate" }); at < 0 || f.order.Materials[at].Label == "" {
		t.Fatalf("it was not taken: %+v", given)
	}
	if x := outcome(); x.State != rules.Passed || x.Pointer != pointer || x.Message != "" {
		t.Errorf("after: %+v", x)
	}
}

func TestAReviewersFindingKeepsTheRuleItRestsOn(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.unit("li@example.com")
	f := s.signedIn("li@example.com").begin("yunshan-keji.cn").fill()
	s.putRules(strings.Replace(ownRules, "severity: error", "severity: warning", 1))
	if _, err := s.deps.Rules.Publish(t.Context(), icp.Actor{Party: icp.System}, "a warning"); err != nil {
		t.Fatal(err)
	}
	f.answered(f.change("PUT", "/websites/"+string(f.order.Websites[0].ID), site("云杉测试")))
	f.answered(f.submit(f.consents()))
	reviewer := &files{client: s.staff(access.Reviewer), order: f.order, tag: f.tag}
	reviewer.answered(reviewer.do("POST", f.path("/claim"), ""))
	reviewer.answered(reviewer.change("POST", "/return", map[string]any{"findings": []FindingInput{
		{Pointer: "/websites/0/name", Reason: "这个名称不行", Rule: "own.name.word"}, {Pointer: "/subject/address", Reason: "没有门牌号"}}}))
	f.answered(f.do("GET", f.path(""), ""))
	var said []FindingView
	for _, x := range f.order.Findings {
		if x.Source == "review" {
			said = append(said, x)
		}
	}
	if len(said) != 2 || said[0].Message != "这个名称不行" || said[0].Rule != "own.name.word" || said[0].Reference == nil || said[0].Reference.Source != "Our own rule" {
		t.Fatalf("said %+v", said)
	}
	if said[1].Rule != "" || said[1].Reference != nil {
		t.Errorf("a finding of one's own: %+v", said[1])
	}
}

func TestATextForAFieldIsProposedOnceWhatItQuotesIsKnown(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.unit("li@example.com")
	f := s.signedIn("li@example.com").begin("yunshan-keji.cn").fill()
	proposed := func(name string) string {
		t.Helper()
		typed := site(name)
		typed["id"], typed["remark"] = f.order.Websites[0].ID, ""
		v := read[CheckedAnswers](t, f.do("POST", f.path("/check"), text(t, map[string]any{"subject": f.subjectWith(map[string]any{"region": "360102"}), "websites": []any{typed}})))
		said := findingAt(v.Findings, "/websites/0/remark", "jiangxi.remark.approvals")
		if said == nil {
			t.Fatalf("Jiangxi asks for no remark: %+v", v.Findings)
		}
		return said.Suggestion
	}
	if got := proposed("云杉数字"); !strings.Contains(got, "云杉数字") || !strings.Contains(got, "yunshan-keji.cn") {
		t.Errorf("for a named site: %q", got)
	}
	if got := proposed(""); got != "" {
		t.Errorf("for a site without a name: %q", got)
	}
}
