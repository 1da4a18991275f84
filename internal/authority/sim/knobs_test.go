package sim_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/authority/sim"
)

func TestLicenceNumbersAreUnique(t *testing.T) {
	t.Parallel()
	b := start(t)
	seen := map[string]bool{}
	for range 20 {
		out, err := b.server.Seed(sim.Subject{Name: "个人", CertificateNumber: "1", Province: 510000, Websites: []sim.Website{{Name: "甲"}, {Name: "乙"}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range []string{out[0].Licence, out[0].Websites[0].Licence, out[0].Websites[1].Licence} {
			if seen[l] || !strings.HasPrefix(l, "蜀ICP备2026") {
				t.Errorf("licence %s", l)
			}
			seen[l] = true
		}
	}
	b.post("/sim/api/subjects", `{"name":"丙","certificate_number":"9","licence":"`+licence+`"}`, http.StatusConflict)
	b.post("/sim/api/subjects", `[{"name":"丁","certificate_number":"9","websites":[{"name":"x","domains":["OLD.example.cn"]}]}]`, http.StatusConflict)
	b.post("/sim/api/subjects", `{"name":"戊","certificate_number":"9","nature":5}`, http.StatusCreated)
	b.post("/sim/api/subjects", `{"nome":"己"}`, http.StatusUnprocessableEntity)
}

func TestPageDecides(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.upload(1, b.seal(b.request("a.example.cn")), 0)
	r := b.only()
	read := func() string {
		t.Helper()
		res, err := http.Get(b.url + "/sim/")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		text, _ := io.ReadAll(res.Body)
		return string(text)
	}
	if p := read(); !strings.Contains(p, `lang="zh-CN"`) || !strings.Contains(p, "等待短信核验") || !strings.Contains(p, "/sim/records/"+id(r)+"/sms-pass") || !strings.Contains(p, "杭州钱塘茶叶有限公司") {
		t.Errorf("page %s", p)
	}
	send := func(act, origin string, form url.Values, want int) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.url+"/sim/records/"+id(r)+"/"+act, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", origin)
		c := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		res, err := c.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s from %s: %d, want %d", act, origin, res.StatusCode, want)
		}
	}
	send("sms-pass", "cross-site", nil, http.StatusForbidden)
	send("sms-pass", "same-origin", nil, http.StatusSeeOther)
	send("sms-pass", "same-origin", nil, http.StatusConflict)
	send("reject", "same-origin", url.Values{"reason": {"<b>材料不清</b>"}}, http.StatusSeeOther)
	if p := read(); !strings.Contains(p, "&lt;b&gt;材料不清&lt;/b&gt;") || !strings.Contains(p, "已驳回") {
		t.Errorf("page %s", p)
	}
	send("nonsense", "same-origin", nil, http.StatusNotFound)
}
