package api

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/access"
)

// fileList is the answer of list-reference-files.
type fileList struct {
	Items    []ReferenceFileView `json:"items"`
	Warnings []ReferenceWarning  `json:"warnings"`
}

func (l fileList) file(name string) ReferenceFileView {
	i := slices.IndexFunc(l.Items, func(f ReferenceFileView) bool { return f.Name == name })
	if i < 0 {
		return ReferenceFileView{}
	}
	return l.Items[i]
}

const esperanto = `{
  "table": "languages", "source": "the operator", "as_of": "2026-11-24",
  "rows": [
    {"id": 1, "zh": "中文简体", "en": "Simplified Chinese"},
    {"id": 99, "zh": "世界语", "en": "Esperanto"}
  ]
}`

func TestReferenceFiles(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.account("yun@example.com", access.Operator)
	c := s.signedIn("yun@example.com")
	const path = prefix + "/reference/files"
	put := func(name, text string, headers ...string) *http.Response {
		return c.do("PUT", path+"/"+name, text, append([]string{"Content-Type", "application/octet-stream"}, headers...)...)
	}
	list := func() fileList { return read[fileList](t, c.do("GET", path, "", "Accept-Language", "en")) }

	before := list()
	if f := before.file("languages.json"); len(before.Items) != 17 || f.Origin != "builtin" || f.Rows != 17 || f.Title != "Languages" || f.Source == "" {
		t.Errorf("%d files, languages %+v", len(before.Items), f)
	}
	if f := before.file("service_contents.json"); f.Provisional != f.Rows {
		t.Errorf("contents %+v", f)
	}
	if f := before.file("workdays.json"); f.LastDay != "2026-12-31" {
		t.Errorf("calendar %+v", f)
	}
	if i := slices.IndexFunc(before.Warnings, func(w ReferenceWarning) bool { return w.File == "tlds.json" }); i < 0 || !strings.Contains(before.Warnings[i].Text, "Top-level domains") {
		t.Errorf("warnings %+v", before.Warnings)
	}

	if f := read[ReferenceFileView](t, put("languages.json?dry_run=true", esperanto)); f.Rows != 2 || f.Origin != "operator" || f.Source != "the operator" {
		t.Errorf("only checked: %+v", f)
	}
	if f := list().file("languages.json"); f.Origin != "builtin" {
		t.Errorf("checking changed it: %+v", f)
	}
	if got := put("languages.json?note=more", esperanto); got.StatusCode != http.StatusOK {
		t.Fatalf("put: %d %+v", got.StatusCode, read[Problem](t, got))
	}
	if f := list().file("languages.json"); f.Origin != "operator" || f.Rows != 2 {
		t.Errorf("after: %+v", f)
	}
	got := c.do("GET", path+"/languages.json", "")
	if raw, err := io.ReadAll(got.Body); err != nil || string(raw) != esperanto || got.Header.Get("Content-Type") != "application/json" ||
		!strings.Contains(got.Header.Get("Content-Disposition"), "languages.json") {
		t.Errorf("download %q %v, %v", raw, got.Header, err)
	}
	if got := put("languages.json", esperanto); got.StatusCode != http.StatusOK {
		t.Errorf("the same again: %d", got.StatusCode)
	}

	for rule, r := range map[string]struct{ name, text, code, has string }{
		"a fault of a row":  {"languages.json", strings.Replace(esperanto, `99`, `1`, 1), "reference.broken_row", "row 2"},
		"a fault of a line": {"languages.json", strings.Replace(esperanto, `"id": 99`, `"id": "x"`, 1), "reference.broken_line", "line 5"},
		"a reference":       {"natures.json", `{"table":"natures","source":"x","as_of":"2026-01-01","rows":[]}`, "reference.broken_row", "certificate_types.json"},
		"another table":     {"natures.json", esperanto, "reference.broken", "natures.json"},
		"the authority's":   {"languages.json", strings.Replace(esperanto, `"table"`, `"origin": "authority", "table"`, 1), "reference.origin", "origin"},
		"the rules need it": {"service_contents.json", `{"table":"service_contents","source":"x","as_of":"2026-01-01","rows":[{"id":1,"zh":"a","en":"b","ysid":1}]}`, "rules.reference_broken", ""},
	} {
		if p := refused(t, put(r.name, r.text, "Accept-Language", "en"), http.StatusUnprocessableEntity, r.code); !strings.Contains(p.Detail, r.has) {
			t.Errorf("%s: %s", rule, p.Detail)
		}
	}
	refused(t, put("planets.json", esperanto), http.StatusNotFound, "not_found")
	refused(t, c.do("GET", path+"/planets.json", ""), http.StatusNotFound, "not_found")
	if f := list().file("languages.json"); f.Rows != 2 {
		t.Errorf("a refused file changed it: %+v", f)
	}
	if got := c.do("DELETE", path+"/languages.json", "", "Accept-Language", "zh-CN"); got.StatusCode != http.StatusNoContent {
		t.Errorf("reset: %d", got.StatusCode)
	}
	if f := list().file("languages.json"); f.Origin != "builtin" || f.Rows != 17 {
		t.Errorf("reset: %+v", f)
	}
	if e := s.deps.Rules.Active(); e.Kind != "reference" || !strings.HasSuffix(e.Note, ": 恢复为随程序提供的文件") {
		t.Errorf("the edition says %q", e.Note)
	}
}
