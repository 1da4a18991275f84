package sim_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/authority/sim"
)

// visitor is somebody with a browser at the simulator's pages.
type visitor struct {
	*bench
	http http.Client
	lang string // Accept-Language
}

func (b *bench) visitor() *visitor {
	b.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return &visitor{bench: b, http: http.Client{Jar: jar}}
}

func (v *visitor) do(req *http.Request, want int) string {
	v.t.Helper()
	if v.lang != "" {
		req.Header.Set("Accept-Language", v.lang)
	}
	res, err := v.http.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != want {
		v.t.Fatalf("%s %s: %d, want %d, %v\n%s", req.Method, req.URL, res.StatusCode, want, err, text)
	}
	return string(text)
}

func (v *visitor) read(path string) string {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, v.url+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.do(req, http.StatusOK)
}

// fill sends a form and follows where it leads.
func (v *visitor) fill(form string, values string, want int) string {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.url+"/sim/forms/"+form, strings.NewReader(values))
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	return v.do(req, want)
}

func TestPagesReadInBothLanguages(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.upload(1, b.seal(b.request("a.example.cn")), 0)
	for path, want := range map[string][2]string{
		"/sim/":          {"等待短信核验", "Waiting for SMS check"},
		"/sim/behaviour": {"已执行，应答丢失", "Done, then the reply is lost"},
		"/sim/downloads": {"HSRW 核实任务", "HSRW verification task"},
		"/sim/registry":  {"钱塘茶叶", "钱塘茶叶"},
		"/sim/calls":     {"isp_upload", "isp_upload"},
	} {
		for i, lang := range []string{"zh-CN,zh;q=0.9,en;q=0.8", "en-GB,en;q=0.9"} {
			v := b.visitor()
			v.lang = lang
			text := v.read(path)
			if html := []string{`<html lang="zh-CN">`, `<html lang="en">`}[i]; !strings.Contains(text, html) || !strings.Contains(text, want[i]) {
				t.Errorf("%s in %s lacks %s or %s", path, lang, html, want[i])
			}
			if strings.Contains(text, "{{") || strings.Contains(text, "<no value>") {
				t.Errorf("%s shows its template: %s", path, text)
			}
		}
	}
	v := b.visitor()
	if text := v.read("/sim/?lang=en"); !strings.Contains(text, `<html lang="en">`) {
		t.Error("?lang=en is not English")
	}
	if text := v.read("/sim/registry"); !strings.Contains(text, `<html lang="en">`) {
		t.Error("the choice was forgotten")
	}
}

func TestFormsTurnTheKnobs(t *testing.T) {
	t.Parallel()
	b := start(t)
	v := b.visitor()
	for _, c := range []struct {
		form, values string
		shows        string
	}{
		{"settings", "faults=7.5&maintenance=report&auto_after=1&process_after=0&queue_limit=3&verify_limit=4&auto_sms=on", `value="7.5"`},
		{"outcome", "fate=fail&codes=1003%201019&times=2", "1003 1019 × 2"},
		{"fault", "kind=restart_after&operation=isp_upload&delay=250&times=3", "isp_upload · 250 ms × 3"},
		{"permission", "provider=330011&hours=08:30-17:30&unit=elsewhere&ranges=203.0.113.0/24%0A198.51.100.0/24", "198.51.100.0/24"},
		{"push", "element=XGTZ&licence=" + url.QueryEscape(licence) + "&text=x", "_zj_"},
		{"push", "element=JCDM", "_zj_"},
		{"subject", "name=丙&nature=4&certificate_type=1&certificate_number=9&province=510000&filing_password=p&website=站&domain=c.example.cn", "蜀ICP备2026000001号-1"},
		{"ban", "website=假网站&domains=x.example.cn%20y.example.cn", "y.example.cn"},
		{"ban", "subject=某公司&certificate_type=1&certificate_number=77", "77"},
	} {
		if text := v.fill(c.form, c.values, http.StatusOK); !strings.Contains(text, c.shows) || !strings.Contains(text, `role="status"`) {
			t.Errorf("after %s the page lacks %s:\n%s", c.form, c.shows, text)
		}
	}
	if s := b.server.Settings(); s.Faults != 0.075 || s.Maintenance != sim.MaintenanceReport || s.SMS || !s.AutoSMS || s.AutoApprove || s.QueueLimit != 3 {
		t.Errorf("settings %+v", s)
	}
	if p := b.server.Permission(330011); p.Unit != sim.UnitElsewhere || len(p.Ranges) != 2 || p.Hours != "08:30-17:30" {
		t.Errorf("permission %+v", p)
	}
	if text := v.fill("ban", "website=假网站&domains=x.example.cn&lift=1", http.StatusOK); strings.Contains(text, "y.example.cn") {
		t.Error("still on the blacklist")
	}
	if text := v.fill("unscript", "", http.StatusOK); strings.Contains(text, "1003 1019") {
		t.Error("the outcome is still there")
	}
	if text := v.fill("behave", "", http.StatusOK); strings.Contains(text, "250 ms") {
		t.Error("the fault is still there")
	}
}

func TestFormsThatMakeNoSenseSayWhy(t *testing.T) {
	t.Parallel()
	b := start(t)
	v := b.visitor()
	for values, want := range map[string]int{
		"settings?faults=700&maintenance=&auto_after=0&process_after=0&queue_limit=1&verify_limit=1": http.StatusUnprocessableEntity,
		"settings?faults=NaN":                   http.StatusUnprocessableEntity,
		"outcome?fate=fail&codes=x":             http.StatusUnprocessableEntity,
		"fault?kind=funny":                      http.StatusUnprocessableEntity,
		"permission?provider=7":                 http.StatusNotFound,
		"permission?provider=330011&ranges=1.2": http.StatusUnprocessableEntity,
		"permission?provider=330011&unit=x":     http.StatusUnprocessableEntity,
		"push?element=Neu":                      http.StatusNotFound,
		"push?element=raw&xml=<a>":              http.StatusUnprocessableEntity,
		"subject?name=x":                        http.StatusUnprocessableEntity,
		"ban?website=x":                         http.StatusUnprocessableEntity,
		"nonsense?":                             http.StatusNotFound,
	} {
		form, body, _ := strings.Cut(values, "?")
		if text := v.fill(form, body, want); form != "nonsense" && !strings.Contains(text, `role="alert"`) {
			t.Errorf("%s does not say why:\n%s", values, text)
		}
	}
	if b.server.Settings().Faults != 0 {
		t.Error("a refused setting is in force")
	}
}

func TestRequestsArePaged(t *testing.T) {
	t.Parallel()
	b := start(t)
	const records = 60
	d := b.request("n0.example.cn")
	for i := 1; i < records; i++ {
		d.ICP.AddWebsites.Records = append(d.ICP.AddWebsites.Records, b.request("n"+strings.Repeat("x", i)+".example.cn").ICP.AddWebsites.Records...)
	}
	b.upload(1, b.seal(d), 0)
	v := b.visitor()
	first := v.read("/sim/")
	at := strings.Index(first, "/sim/?before=")
	if n := strings.Count(first, "<article"); n != 50 || at < 0 {
		t.Fatalf("%d requests on the first page", n)
	}
	older := first[at : at+strings.Index(first[at:], `"`)]
	second := v.read(older)
	if n := strings.Count(second, "<article"); n != records-50 || strings.Contains(second, "/sim/?before=") {
		t.Errorf("%d requests on the second page", n)
	}
	if text := b.send(http.MethodGet, "/sim/api/records?limit=7", "", http.StatusOK); strings.Count(text, `"state"`) != 7 {
		t.Errorf("limit 7: %s", text)
	}
}
