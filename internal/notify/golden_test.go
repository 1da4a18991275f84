package notify

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/store"
)

var update = flag.Bool("update", false, "write the golden files anew")

// noon is a Tuesday noon in Beijing.
var noon = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)

// kinds are all kinds of notices that somebody sends.
func kinds() []string {
	return []string{order.NoticeSubmitted, order.NoticeCallMissed, order.NoticeReturned, order.NoticeReturnedUnreached,
		order.NoticeRejected, order.NoticePassed, order.NoticeSMSDue, order.NoticeSMSSoon,
		order.NoticeSMSPerson, order.NoticeSMSTimedOut, order.NoticeFiled,
		order.NoticeAuthorityRejected, order.NoticeIdled, order.NoticeExpired, order.NoticeIdleSoon, order.NoticeExpireSoon,
		"authority_changed", "authority_cancelled", "authority_correction", "authority_audit", "authority_unfiled",
		"code.sign_up", "code.reset_password", "code.bind", "code.already"}
}

func options() Options {
	return Options{
		Clock: clock.NewManual(noon), Texts: i18n.Messages(), BaseURL: "https://beian.example.com",
		Provider: Provider{NameZH: "示例云", NameEN: "Example Cloud", SupportPhone: "400-000-0000", OutboundNumbers: []string{"010-00000000"}},
		Terms:    Terms{ReviewDays: 1, CallAgain: time.Hour, IdleDays: 45, DraftDays: 30, CodeLife: 10 * time.Minute},
	}
}

func sample(kind string, m Medium, lang i18n.Lang) *store.Notice {
	n := &store.Notice{ID: "01", Kind: kind, Medium: string(m), Lang: string(lang)}
	if isCode(kind) {
		n.Params = map[string]string{"code": "483920"}
		return n
	}
	n.Order = "261124-7K3M9QXR"
	n.Params = map[string]string{"order": "261124-7K3M9QXR", "domains": "example.com, example.cn", "opinion": "网站名称与主体不符。",
		"licence_no": "京ICP备2026000001号", "people": "周*远 (8000), 林* (0001)", "until": "2026-11-25 12:00", "tail": "8000"}
	return n
}

func TestEveryTextIsAsItWasReviewed(t *testing.T) {
	t.Parallel()
	s := New(options())
	for _, kind := range kinds() {
		for _, lang := range i18n.Langs() {
			t.Run(kind+"."+string(lang), func(t *testing.T) {
				t.Parallel()
				mail, ok := s.message(sample(kind, Mail, lang))
				sms, ok2 := s.message(sample(kind, SMS, lang))
				if !ok || !ok2 {
					t.Fatal("there is no text")
				}
				got := "Subject: " + mail.Subject + "\n\n" + mail.Text + "\n== SMS ==\n" + sms.Text + "\n"
				if strings.ContainsAny(got+mail.HTML[strings.Index(mail.HTML, "<p>"):], "{}") {
					t.Errorf("a variable is open:\n%s", got)
				}
				most := map[i18n.Lang]int{i18n.Chinese: 140, i18n.English: 160}[lang]
				if n := utf8.RuneCountInString(sms.Text); n > most {
					t.Errorf("the text message has %d characters, more than %d", n, most)
				}
				if sms.Subject != "" || sms.HTML != "" || mail.HTML == "" {
					t.Error("subject and HTML are of mails only")
				}
				file := filepath.Join("testdata", kind+"."+string(lang)+".txt")
				if *update {
					if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if got != string(want) {
					t.Errorf("the text changed; review it and run with -update:\n%s", got)
				}
			})
		}
	}
}

func TestEveryKindOfNoticeHasATextAndEveryTextAKind(t *testing.T) {
	t.Parallel()
	var have []string
	for _, key := range i18n.Messages().Keys(i18n.Chinese, "notice.") {
		if kind, ok := strings.CutSuffix(strings.TrimPrefix(key, "notice."), ".sms"); ok {
			have = append(have, kind)
		}
	}
	want := slices.Sorted(slices.Values(kinds()))
	if !slices.Equal(have, want) {
		t.Errorf("texts of %v, kinds %v", have, want)
	}
	for _, kind := range want {
		for _, part := range []string{".mail.subject", ".mail.body", ".sms"} {
			if !i18n.Messages().Has("notice." + kind + part) {
				t.Errorf("notice.%s%s is missing", kind, part)
			}
		}
	}
}

func TestEveryErrorOfSendingHasAText(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"interrupted", "lost", "later", "unreachable", "refused", "address", "too_late", "tries", "medium_off", "template"} {
		if !i18n.Messages().Has("notice.error." + code) {
			t.Errorf("notice.error.%s is missing", code)
		}
	}
}

func TestVariables(t *testing.T) {
	t.Parallel()
	bare := options()
	bare.Provider = Provider{}
	for _, x := range []struct {
		rule   string
		o      Options
		kind   string
		params map[string]string
		has    string
		hasNot string
	}{
		{"a missing opinion points to the page", options(), "authority_rejected", nil, "管局的意见：请在订单页查看", "{"},
		{"an opinion stays one line", options(), "authority_rejected", map[string]string{"opinion": "一\r\n\r\nBcc: x"}, "一 Bcc: x", "\r"},
		{"an opinion has an end", options(), "authority_rejected", map[string]string{"opinion": strings.Repeat("长", 2000)}, "长…", strings.Repeat("长", 500)},
		{"no domains, no brackets", options(), "returned", nil, "备案订单 261124-7K3M9QXR，", "（"},
		{"many domains are counted", options(), "returned", map[string]string{"domains": "a.cn, b.cn, c.cn"}, "a.cn 等 3 个域名", "b.cn"},
		{"a provider without a name is its host", bare, "returned", nil, "beian.example.com\n", "请致电"},
		{"numbers that are not known are not promised", bare, "submitted", nil, "以审核人员来电为准", "010-"},
		{"the order's number cannot be overridden", options(), "returned", map[string]string{"order": "x", "link": "https://bad.example"}, "https://beian.example.com/orders/261124-7K3M9QXR", "bad.example"},
	} {
		n := &store.Notice{Kind: x.kind, Medium: string(Mail), Lang: "zh-CN", Order: "261124-7K3M9QXR", Params: x.params}
		m, _ := New(x.o).message(n)
		if !strings.Contains(m.Text, x.has) || strings.Contains(m.Text, x.hasNot) {
			t.Errorf("%s:\n%s", x.rule, m.Text)
		}
	}
}

func TestPageOfAMail(t *testing.T) {
	t.Parallel()
	got := page("en", "One <b>\ntwo https://x.example\n\nSee: https://y.example/a", "https://y.example/a")
	for _, want := range []string{`lang="en"`, "<p>One &lt;b&gt;<br>\ntwo https://x.example</p>", `<p>See: <a href="https://y.example/a">https://y.example/a</a></p>`} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a\r\nb")
	f.Add("\xff\u2028x")
	f.Fuzz(func(t *testing.T, s string) {
		got := clean(s)
		if strings.ContainsAny(got, "\r\n\x00\u2028\u2029") || !utf8.ValidString(got) || utf8.RuneCountInString(got) > maxParam {
			t.Errorf("clean(%q) = %q", s, got)
		}
	})
}
