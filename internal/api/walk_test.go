package api

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/icp"
)

// TestACaseFromDraftToApproval takes a case through the handlers, with what
// goes wrong on the way.
func TestACaseFromDraftToApproval(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.unit("li@example.com")
	s.account("shen@example.com", access.Reviewer)
	s.account("gu@example.com", access.Reviewer)
	f := s.signedIn("li@example.com").begin("yunshan-keji.cn")
	if f.order.State != icp.StateDraft || f.order.WaitingOn != icp.Applicant || f.order.Websites[0].Domain != "yunshan-keji.cn" {
		t.Fatalf("begun: %+v", f.order.OrderSummary)
	}

	p := refused(t, f.submit([]AgreedConsent{}), http.StatusUnprocessableEntity, "invalid")
	for _, want := range []string{"/subject/principal/name", "/materials/principal_front", "/websites/0/name", "/consents"} {
		if !slices.Contains(pointers(p), want) {
			t.Errorf("an incomplete submission does not name %s: %q", want, pointers(p))
		}
	}
	f.fill()
	stale := f.consents()
	s.account("yun@example.com", access.Operator)
	operator := s.signedIn("yun@example.com")
	r := operator.do("POST", prefix+"/consent-texts", text(t, map[string]string{"text": stale[0].Text, "title_zh": "新版", "title_en": "New", "body_zh": "文", "body_en": "text"}))
	if made := read[ConsentTextView](t, r); r.StatusCode != http.StatusCreated || made.Edition != stale[0].Edition+1 {
		t.Fatalf("published: %d %+v", r.StatusCode, made)
	}
	faulty(t, f.submit(stale), "/consents", "order.consent_missing")
	consents := f.consents()
	r = f.submit(consents, "Idempotency-Key", "s1")
	again := f.submit(consents, "Idempotency-Key", "s1")
	if f.answered(r); f.order.State != icp.StateProviderReview || f.order.Round != 1 || f.order.SubmittedAt == nil {
		t.Fatalf("submitted: %+v", f.order.OrderSummary)
	}
	if f.answered(again); f.order.Round != 1 {
		t.Errorf("one key made round %d", f.order.Round)
	}
	refused(t, f.change("PUT", "/websites/"+string(f.order.Websites[0].ID), site("改名")), http.StatusConflict, "order.not_in_this_state")

	reviewer, colleague := &files{client: s.signedIn("shen@example.com")}, s.signedIn("gu@example.com")
	queue := read[Page[OrderSummary]](t, reviewer.do("GET", prefix+"/review/queue?who=nobody", ""))
	if len(queue.Items) != 1 || queue.Items[0].ID != f.order.ID {
		t.Fatalf("queue %+v", queue)
	}
	reviewer.order.ID = f.order.ID
	reviewer.answered(reviewer.change("POST", "/claim", nil))
	refused(t, colleague.do("POST", f.path("/approval"), "", "If-Match", reviewer.tag), http.StatusConflict, "review.claimed_by_other")
	refused(t, reviewer.change("POST", "/approval", nil), http.StatusConflict, "review.call_first")
	faulty(t, reviewer.change("POST", "/calls", map[string]string{"whom": "/subject", "outcome": "reached"}), "/whom", "review.call_whom")
	faulty(t, reviewer.change("POST", "/return", map[string]any{"findings": []any{}}), "/findings", "review.findings_missing")
	faulty(t, reviewer.change("POST", "/return", map[string]any{"findings": []any{map[string]string{"pointer": "/websites/0/name", "reason": " "}}}),
		"/findings/0/reason", "review.finding_reason_missing")
	for range 2 {
		reviewer.answered(reviewer.change("POST", "/notes", map[string]string{"text": "ask for the seal"}, "Idempotency-Key", "n1"))
	}
	if len(reviewer.order.Notes) != 1 {
		t.Errorf("one key left %d notes", len(reviewer.order.Notes))
	}
	reviewer.answered(reviewer.change("POST", "/return", map[string]any{"findings": []any{
		map[string]string{"pointer": "/websites/0/name", "reason": "名称过于宽泛", "advice": "请使用公司简称"}}}))

	f.answered(f.do("GET", f.path(""), ""))
	said := func() FindingView { return f.order.Findings[0] }
	if f.order.State != icp.StateChangesRequested || said().Pointer != "/websites/0/name" || said().Message != "名称过于宽泛" || said().Source != "review" || said().Mended {
		t.Fatalf("returned: %s %+v", f.order.State, f.order.Findings)
	}
	if len(f.order.Notes) > 0 || f.order.Reviewer != "" {
		t.Error("the applicant reads what is for staff")
	}
	if f.answered(f.change("PUT", "/websites/"+string(f.order.Websites[0].ID), site("云杉数字"))); !said().Mended {
		t.Errorf("mended: %+v", said())
	}
	if f.answered(f.submit(consents, "Idempotency-Key", "s2")); f.order.Round != 2 || slices.ContainsFunc(f.order.Findings, byPerson) {
		t.Fatalf("resubmitted: %+v %+v", f.order.OrderSummary, f.order.Findings)
	}
	reviewer.answered(reviewer.change("POST", "/claim", nil))
	for range 2 {
		reviewer.answered(reviewer.change("POST", "/calls", map[string]string{"whom": "/subject/principal", "outcome": "reached"}, "Idempotency-Key", "c1"))
	}
	if len(reviewer.order.Calls) != 1 {
		t.Errorf("one key noted %d calls", len(reviewer.order.Calls))
	}
	refused(t, reviewer.do("POST", f.path("/approval"), "", "If-Match", etag(reviewer.order.Version-1)), http.StatusPreconditionFailed, "stale_version")
	if reviewer.answered(reviewer.change("POST", "/approval", nil)); reviewer.order.WaitingOn == icp.Provider {
		t.Errorf("approved: %+v", reviewer.order.OrderSummary)
	}
	events := read[Page[EventView]](t, f.do("GET", f.path("/events?limit=100"), ""))
	var names []string
	for _, e := range events.Items {
		if names = append(names, e.Event); e.Text == "" || e.Actor != "" || e.Detail != nil {
			t.Errorf("event as the applicant reads it: %+v", e)
		}
	}
	if all := strings.Join(names, " "); !strings.Contains(all, "order.returned") || strings.Count(all, "order.submitted") != 2 {
		t.Errorf("events: %s", all)
	}
	notices := read[Page[NoticeView]](t, f.do("GET", prefix+"/notices", ""))
	if len(notices.Items) == 0 || notices.Items[0].Title == "" {
		t.Errorf("notices %+v", notices)
	}
}

// byPerson tells findings of people from the hints that rules give to every case of a province.
func byPerson(v FindingView) bool { return v.Source != "rule" }

func TestOneKeyMakesOneOrder(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.unit("li@example.com")
	c := s.signedIn("li@example.com")
	check := read[DomainCheckView](t, c.do("POST", prefix+"/domain-checks", `{"domain":"https://www.yunshan-keji.cn/"}`))
	if check.Domain != "yunshan-keji.cn" || !check.Fileable || len(check.Checks) != 9 || check.Checks[0].Label == "" {
		t.Fatalf("check %+v", check)
	}
	first := read[OrderView](t, c.createOn(check.ID, "k"))
	if again := read[OrderView](t, c.createOn(check.ID, "k")); first.ID == "" || again.ID != first.ID {
		t.Errorf("orders %s and %s", first.ID, again.ID)
	}
	refused(t, c.createOn("another", "k"), http.StatusConflict, "idempotency.other_request")
	if p := refused(t, c.createOn(check.ID, "k2"), http.StatusConflict, "domain.in_process_mine"); p.Order != string(first.ID) {
		t.Errorf("the order in the way is %q, want %q", p.Order, first.ID)
	}
	if list := read[Page[OrderSummary]](t, c.do("GET", prefix+"/orders", "")); len(list.Items) != 1 {
		t.Errorf("%d orders", len(list.Items))
	}
}

func TestABadFileChangesNothing(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.unit("li@example.com")
	f := s.signedIn("li@example.com").begin("yunshan-keji.cn")
	good := picture(60, 1)
	first := read[map[string]any](t, f.upload("principal_front", good, "Idempotency-Key", "u1"))
	f.answered(f.do("GET", f.path(""), ""))
	before := f.tag
	faulty(t, f.upload("principal_front", []byte(strings.Repeat("no picture\n", 1000))), "/file", "material.file.type")
	faulty(t, f.upload("principal_front", picture(8, 1)), "/file", "material.file.too_small")
	faulty(t, f.upload("principal_front", good[:len(good)/2]), "/file", "material.file.broken")
	for _, size := range []int{1<<20 + 1, 3 << 20} {
		r := f.upload("principal_front", append(good, make([]byte, size-len(good))...))
		p := read[Problem](t, r)
		if r.StatusCode/100 != 4 || !slices.Equal(pointers(p), []string{"/file"}) {
			t.Errorf("%d bytes: %d %+v", size, r.StatusCode, p)
		}
	}
	refused(t, f.upload("passport", good), http.StatusUnprocessableEntity, "invalid")
	refused(t, f.upload("website_principal_front", good), http.StatusConflict, "material.not_needed")
	f.answered(f.do("GET", f.path(""), ""))
	if f.tag != before || len(f.order.Materials) != 1 {
		t.Errorf("%s became %s, with %d materials", before, f.tag, len(f.order.Materials))
	}
	again := read[map[string]any](t, f.upload("principal_front", good, "Idempotency-Key", "u1"))
	if a, b := text(t, first["material"]), text(t, again["material"]); a != b || a == "null" {
		t.Errorf("one key made %s and %s", a, b)
	}
	r := f.do("GET", f.path("/materials/"+string(f.order.Materials[0].ID)), "")
	raw, err := io.ReadAll(r.Body)
	if err != nil || r.Header.Get("Content-Type") != "image/png" || int64(len(raw)) != f.order.Materials[0].Size {
		t.Errorf("read: %v, %s, %d bytes", err, r.Header.Get("Content-Type"), len(raw))
	}
	f.answered(f.do("DELETE", f.path("/materials/"+string(f.order.Materials[0].ID)), ""))
	refused(t, f.do("GET", f.path("/materials/x"), ""), http.StatusNotFound, "not_found")
}

func TestAClosedChannelTakesNoNewOrdersAndStopsNothingElse(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.unit("li@example.com")
	s.account("yun@example.com", access.Operator)
	operator := s.signedIn("yun@example.com")
	f := s.signedIn("li@example.com").begin("yunshan-keji.cn")
	tag := operator.do("GET", prefix+"/channels", "").Header.Get("ETag")
	faulty(t, operator.do("PUT", prefix+"/channels", `{"channel":"api","open":false}`, "If-Match", tag), "/notice_zh", "channel.notice_missing")
	r := operator.do("PUT", prefix+"/channels", `{"channel":"api","open":false,"notice_zh":"升级","notice_en":"Being improved"}`, "If-Match", tag)
	if r.StatusCode != http.StatusOK || r.Header.Get("ETag") == tag {
		t.Fatalf("closed: %d, ETag %s", r.StatusCode, r.Header.Get("ETag"))
	}
	refused(t, operator.do("PUT", prefix+"/channels", `{"channel":"api","open":true}`, "If-Match", tag), http.StatusPreconditionFailed, "stale_version")
	refused(t, f.create("yunshan-yun.cn", ""), http.StatusConflict, "channel.closed")
	for _, c := range read[SiteView](t, s.client().do("GET", prefix+"/site", "")).Channels {
		if (c.Channel == "api") == c.Open || c.Channel == "api" && c.Notice != "Being improved" {
			t.Errorf("as visitors see it: %+v", c)
		}
	}
	if f.fill(); f.order.Websites[0].Name != unitName {
		t.Error("editing stopped")
	}
	if f.answered(f.submit(f.consents())); f.order.State != icp.StateProviderReview {
		t.Errorf("submitting stopped: %s", f.order.State)
	}
}

func TestImportTellsLineAndColumn(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.account("li@example.com")
	s.account("yun@example.com", access.Operator)
	c := s.signedIn("yun@example.com")
	csv := "external_id,account,name,region,mainland,public_ip,billing,bought_months,expires_at\n" +
		"a,li@example.com,web,ap-beijing,yes,203.0.113.7,prepaid,12,2099-01-01\n" +
		"b,nobody@example.com,web,ap-beijing,yes,203.0.113.8,prepaid,12,2099-01-01\n" +
		"c,li@example.com,web,ap-beijing,perhaps,203.0.113.9,prepaid,12,2099-01-01\n"
	for _, dry := range []string{"?dry_run=true", "", ""} {
		r := c.do("POST", prefix+"/servers/import"+dry, csv, "Content-Type", "text/csv")
		v := read[ImportView](t, r)
		if r.StatusCode != http.StatusOK || v.Rows != 3 || v.Failed != 2 || v.Added+v.Unchanged != 1 || len(v.Errors) != 2 {
			t.Fatalf("%q: %d %+v", dry, r.StatusCode, v)
		}
		for i, want := range []ImportProblem{{Line: 3, Column: "account"}, {Line: 4, Column: "mainland"}} {
			if e := v.Errors[i]; e.Line != want.Line || e.Column != want.Column || e.Message == "" || e.Message == e.Code {
				t.Errorf("error %+v, want %+v", e, want)
			}
		}
	}
	faulty(t, c.do("POST", prefix+"/servers/import", "x,y\n1,2\n", "Content-Type", "text/csv"), "/file", "server.import.column_missing")
	if list := read[Page[ServerView]](t, c.do("GET", prefix+"/servers", "")); len(list.Items) != 1 || list.Items[0].Account == "" {
		t.Errorf("servers %+v", list)
	}
}

func TestOneKeyMakesOneCode(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.unit("li@example.com")
	s.account("user@example.com")
	owner, user := s.signedIn("li@example.com"), s.signedIn("user@example.com")
	body := text(t, map[string]string{"server": s.server(owner), "account": "user@example.com", "note": "shop"})
	made := read[CodeView](t, owner.do("POST", prefix+"/authorization-codes", body, "Idempotency-Key", "k"))
	if again := read[CodeView](t, owner.do("POST", prefix+"/authorization-codes", body, "Idempotency-Key", "k")); made.ID == "" || again.ID != made.ID {
		t.Errorf("codes %s and %s", made.ID, again.ID)
	}
	theirs := read[Page[CodeView]](t, user.do("GET", prefix+"/authorization-codes?side=user", ""))
	if len(theirs.Items) != 1 || theirs.Items[0].Server != "" || theirs.Items[0].PublicIP == "" {
		t.Errorf("as its user sees it: %+v", theirs.Items)
	}
	refused(t, user.do("DELETE", prefix+"/authorization-codes/"+string(made.ID), "", "If-Match", etag(made.Version)), http.StatusNotFound, "not_found")
	if r := owner.do("DELETE", prefix+"/authorization-codes/"+string(made.ID), "", "If-Match", etag(made.Version)); r.StatusCode != http.StatusNoContent {
		t.Errorf("deleted: %d", r.StatusCode)
	}
}

func TestOperatorsMindTheAuthoritysChannel(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.account("yun@example.com", access.Operator)
	c := s.signedIn("yun@example.com")
	faulty(t, c.do("POST", prefix+"/authority/channels/main/pause", `{"reason":" "}`), "/reason", "reason.required")
	if r := c.do("POST", prefix+"/authority/channels/main/pause", `{"reason":"maintenance"}`); r.StatusCode != http.StatusNoContent {
		t.Fatalf("paused: %d", r.StatusCode)
	}
	list := read[struct{ Items []AuthorityChannelView }](t, c.do("GET", prefix+"/authority/channels", ""))
	if len(list.Items) != 1 || !list.Items[0].Paused || list.Items[0].PauseReason != "maintenance" {
		t.Errorf("channels %+v", list.Items)
	}
	refused(t, c.do("GET", prefix+"/authority/channels/main/uploads/x", ""), http.StatusNotFound, "not_found")
	refused(t, c.do("POST", prefix+"/authority/channels/main/downloads/x/discard", `{"reason":"r"}`), http.StatusNotFound, "not_found")
	if got := read[Page[UploadFileView]](t, c.do("GET", prefix+"/authority/channels/main/uploads", "")); got.Items == nil || len(got.Items) != 0 {
		t.Errorf("uploads %+v", got)
	}
	if filings := read[Page[FilingSummary]](t, c.do("GET", prefix+"/filings", "")); filings.Items == nil {
		t.Error("no filings is no list")
	}
}
