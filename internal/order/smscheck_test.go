package order_test

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
)

func person(name, mobile, certificate string) icp.Principal {
	return icp.Principal{Name: name, Mobile: mobile, CertificateType: icp.CertResidentID, CertificateNumber: certificate}
}

// three is an order of the type with a subject's principal Zhou, a website of his
// and one of Lin.
func three(t icp.OrderType) icp.Order {
	zhou, lin := person("周明远", "13800138000", "11010519491231002X"), person("林夏", "13900139000", "110101199003074477")
	return icp.Order{Type: t, Data: icp.OrderData{Subject: icp.Subject{Principal: zhou},
		Websites: []icp.Website{{ID: "a", Principal: zhou}, {ID: "b", Principal: lin}}}}
}

func TestWhoVerifiesByFilingType(t *testing.T) {
	t.Parallel()
	const subject, first, second = "/subject/principal", "/websites/0/principal", "/websites/1/principal"
	zhou := subject + " " + first
	for _, c := range []struct {
		rule    string
		kind    icp.OrderType
		changed []string
		want    []string // pointers of each person
	}{
		{"a first filing asks everybody, the same person once", icp.FirstFiling, nil, []string{zhou, second}},
		{"a new website asks its principal", icp.AddWebsite, nil, []string{first, second}},
		{"a new website that changes the subject asks the subject's too", icp.AddWebsite, []string{"/subject"}, []string{zhou, second}},
		{"an access asks the website's principal", icp.AddAccess, nil, []string{first, second}},
		{"a change of the subject asks the subject's principal", icp.Change, []string{"/subject"}, []string{subject}},
		{"a change of a website asks its principal", icp.Change, []string{"/websites/1"}, []string{second}},
		{"a change of both asks both", icp.Change, []string{"/subject", "/websites/1"}, []string{subject, second}},
		{"a change of nothing asks nobody", icp.Change, nil, nil},
		{"the end of a subject asks its principal", icp.CancelSubject, nil, []string{subject}},
		{"the end of websites asks their principals", icp.CancelWebsite, nil, []string{first, second}},
		{"the end of an access asks nobody", icp.CancelAccess, nil, nil},
	} {
		o := three(c.kind)
		var got []string
		for _, p := range order.SMSPersons(&o, c.changed...) {
			got = append(got, strings.Join(p.Pointers, " "))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.rule, got, c.want)
		}
	}
}

func TestOneCodeForOnePersonOnOneNumber(t *testing.T) {
	t.Parallel()
	for rule, c := range map[string]struct {
		change func(p *icp.Principal)
		want   int
	}{
		"the same":                        {func(*icp.Principal) {}, 1},
		"the number written otherwise":    {func(p *icp.Principal) { p.Mobile = "+86 138-0013-8000" }, 1},
		"another number of one person":    {func(p *icp.Principal) { p.Mobile = "13700137000" }, 2},
		"another person on one number":    {func(p *icp.Principal) { p.Name, p.CertificateNumber = "林夏", "110101199003074477" }, 2},
		"a certificate in small letters":  {func(p *icp.Principal) { p.CertificateNumber = "11010519491231002x" }, 1},
		"the number, another certificate": {func(p *icp.Principal) { p.CertificateType = 7 }, 2},
	} {
		o := three(icp.AddWebsite)
		o.Data.Websites[1].Principal = o.Data.Websites[0].Principal
		c.change(&o.Data.Websites[1].Principal)
		if got := order.SMSPersons(&o); len(got) != c.want || got[0].Mobile != "13800138000" {
			t.Errorf("%s: %+v, want %d", rule, got, c.want)
		}
	}
}

func TestAFiledWebsiteOfTheOrderVerifiesNoMore(t *testing.T) {
	t.Parallel()
	o := three(icp.AddWebsite)
	o.Data.Websites[0].LicenceNo = "京ICP备2024012345号-2"
	if got := order.SMSPersons(&o); len(got) != 1 || got[0].Name != "林夏" {
		t.Errorf("%+v", got)
	}
}

// docs/sms-check.md tells the same as the table.
func TestTheTableOfWhoVerifiesIsInTheDocs(t *testing.T) {
	t.Parallel()
	const path, begin, end = "../../docs/sms-check.md", "<!-- who: begin -->\n", "<!-- who: end -->"
	duty := map[order.SMSDuty]string{order.SMSNever: "no", order.SMSAlways: "yes", order.SMSIfChanged: "if the order changes this part"}
	number := map[bool]string{false: "as in the order", true: "as the ministry has it on file"}
	var want strings.Builder
	want.WriteString("| filing type | subject's principal (主体负责人) | websites' principals (网站负责人) | number |\n|---|---|---|---|\n")
	for _, kind := range []icp.OrderType{icp.FirstFiling, icp.AddWebsite, icp.AddAccess, icp.Change, icp.CancelSubject, icp.CancelWebsite, icp.CancelAccess} {
		r := order.SMSRuleOf(kind)
		told := number[r.OnFile]
		if r == (order.SMSRule{}) {
			told = "none"
		}
		want.WriteString("| `" + string(kind) + "` | " + duty[r.Subject] + " | " + duty[r.Websites] + " | " + told + " |\n")
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(raw), begin)
	old, tail, ok := strings.Cut(rest, end)
	if !ok {
		t.Fatalf("%s lacks the markers", path)
	}
	if old == want.String() {
		return
	}
	if !*update {
		t.Fatalf("%s shows another table; run: go test ./internal/order -run Docs -update", path)
	}
	if err := os.WriteFile(path, []byte(head+begin+want.String()+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestRemindersKeepTheNightQuiet(t *testing.T) {
	t.Parallel()
	at := func(hour, minute int) time.Time { return time.Date(2026, 11, 24, hour, minute, 0, 0, clock.Shanghai) }
	for rule, c := range map[string]struct {
		began time.Time
		want  string // index@hours after the beginning
	}{
		"in the morning: one at night falls together with the last": {at(9, 0), "0@0s 1@4h0m0s 2@12h0m0s 4@23h0m0s"},
		"in the afternoon: one at night waits for the morning":      {at(16, 0), "0@0s 1@4h0m0s 2@16h0m0s 3@20h0m0s 4@23h0m0s"},
		"in the evening":                {at(21, 0), "0@0s 1@11h0m0s 2@12h0m0s 3@20h0m0s 4@23h0m0s"},
		"at night: the first ones wait": {at(2, 0), "1@6h0m0s 2@12h0m0s 4@23h0m0s"},
		"at ten, when the night begins": {at(22, 0), "1@10h0m0s 2@12h0m0s 3@20h0m0s 4@23h0m0s"},
	} {
		var got []string
		for _, r := range terms.Reminders(c.began) {
			got = append(got, strconv.Itoa(r.Index)+"@"+r.At.Sub(c.began).String())
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q, want %q", rule, got, c.want)
		}
	}
}

func TestQuietHoursAreRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"22:00-08:00": true, "00:00-06:30": true, "": true, "22-8": false, "25:00-08:00": false, "22:00": false} {
		if _, ok := order.ParseQuiet(text); ok != want {
			t.Errorf("%q: %v, want %v", text, ok, want)
		}
	}
	q, _ := order.ParseQuiet("00:00-06:30")
	if got := q.After(time.Date(2026, 11, 24, 6, 0, 0, 0, clock.Shanghai)); got.Hour() != 6 || got.Minute() != 30 {
		t.Errorf("the end of quiet hours after midnight: %v", got)
	}
}

func TestAnOrderThatCameBackForMoreThanTheCheckIsNotSentAgain(t *testing.T) {
	t.Parallel()
	o := in(icp.StateReturnedToProvider)
	allowed := func() (resend, withdraw bool) {
		a := order.Allowed(&o, applicant)
		return slices.Contains(a, order.ResendSMS), slices.Contains(a, order.Withdraw)
	}
	if resend, withdraw := allowed(); !resend || !withdraw {
		t.Errorf("after a failed check: resend %v, withdraw %v", resend, withdraw)
	}
	if _, err := order.Decide(o, order.Edit, applicant, good, terms, noon); err == nil {
		t.Error("the answers could be edited and sent without a review")
	}
	blocked := good
	blocked.Blocking = []icp.Finding{{Pointer: "/websites/0/name", Code: "x"}}
	if _, err := order.Decide(o, order.ResendSMS, applicant, blocked, terms, noon); err == nil {
		t.Error("sent again against the rules")
	}
	o.Data.Findings = []icp.Finding{{Code: "authority.data_code"}}
	if resend, withdraw := allowed(); resend || withdraw {
		t.Errorf("after a data code: resend %v, withdraw %v", resend, withdraw)
	}
	o.Data.Findings, o.Data.SMS = nil, []icp.SMSCheck{{Round: 1, State: icp.SMSTimedOut}, {Round: 2, State: icp.SMSDone}}
	if resend, _ := allowed(); resend {
		t.Error("an earlier round counts")
	}
}
