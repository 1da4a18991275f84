package i18n

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"
)

func TestLanguagesHaveTheSameKeysAndVariables(t *testing.T) {
	t.Parallel()
	c := Messages()
	zh, en := c.Keys(Chinese, ""), c.Keys(English, "")
	if len(zh) == 0 {
		t.Fatal("there are no messages")
	}
	for _, key := range zh {
		if !slices.Contains(en, key) {
			t.Errorf("%s is missing in English", key)
			continue
		}
		if a, b := c.Variables(Chinese, key), c.Variables(English, key); !slices.Equal(a, b) {
			t.Errorf("%s has the variables %v in Chinese and %v in English", key, a, b)
		}
	}
	for _, key := range en {
		if !slices.Contains(zh, key) {
			t.Errorf("%s is missing in Chinese", key)
		}
	}
}

func TestLanguagesHaveTheSameFiles(t *testing.T) {
	t.Parallel()
	names := map[Lang][]string{}
	for _, lang := range Langs() {
		files, err := os.ReadDir(filepath.Join("messages", string(lang)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			names[lang] = append(names[lang], f.Name())
		}
	}
	if !slices.Equal(names[Chinese], names[English]) {
		t.Errorf("files differ: %v and %v", names[Chinese], names[English])
	}
}

func TestNoTextIsInTheOtherLanguage(t *testing.T) {
	t.Parallel()
	han := func(s string) bool {
		return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	}
	for key, text := range Messages().Export(Chinese, "error.") {
		if !han(text) {
			t.Errorf("zh-CN %s has no Chinese: %s", key, text)
		}
	}
	for key, text := range Messages().Export(English, "error.") {
		if han(text) {
			t.Errorf("en %s has Chinese: %s", key, text)
		}
	}
}

func TestEveryKindOfErrorHasAText(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"invalid", "not_found", "not_allowed", "not_now", "conflict", "limited", "unavailable", "sign_in", "internal"} {
		if !Messages().Has("error." + kind) {
			t.Errorf("error.%s is missing", kind)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	c, err := Load(fstest.MapFS{
		"zh-CN/a.yaml": {Data: []byte("a:\n  b: 你好，{name}！{name} {{x}}\n  only: 仅中文\na.c: 平\n")},
		"zh-CN/z.yaml": {Data: []byte("# room for more\n")},
		"en/a.yaml":    {Data: []byte("a.b: Hello {name}\na:\n  c: flat\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		rule   string
		lang   Lang
		key    string
		params map[string]string
		want   string
	}{
		{"variables are filled", Chinese, "a.b", map[string]string{"name": "王"}, "你好，王！王 {x}"},
		{"a value is not read again", English, "a.b", map[string]string{"name": "{name}"}, "Hello {name}"},
		{"a variable without a value shows its name", English, "a.b", nil, "Hello {name}"},
		{"nested and whole keys are the same", English, "a.c", nil, "flat"},
		{"Chinese stands in", English, "a.only", nil, "仅中文"},
		{"Chinese stands in for an unknown language", "fr", "a.c", nil, "平"},
		{"a missing key shows as itself", English, "a.none", nil, "a.none"},
	} {
		if got := c.Text(x.lang, x.key, x.params); got != x.want {
			t.Errorf("%s: %q, want %q", x.rule, got, x.want)
		}
	}
	if c.Has("a.only") || c.Has("a.none") || !c.Has("a.b") {
		t.Error("Has means every language")
	}
	if got := c.First("", "a.none", "a.c", "a.b"); got != "a.c" {
		t.Errorf("First = %q", got)
	}
	if got := c.First("x", "y"); got != "y" {
		t.Errorf("First of none = %q", got)
	}
	if got := c.Export(English, "a.b"); !maps.Equal(got, map[string]string{"a.b": "Hello {name}"}) {
		t.Errorf("Export = %v", got)
	}
}

func TestLoadRefusesDamage(t *testing.T) {
	t.Parallel()
	for rule, text := range map[string]string{
		"a key twice":              "a: x\na: y",
		"a key nested and whole":   "a: {b: x}\na.b: y",
		"an open variable":         "a: hello {name",
		"an empty variable":        "a: hello {}",
		"a variable with a space":  "a: 'hello {my name}'",
		"a lone closing brace":     "a: hello }",
		"a list":                   "a: [x]",
		"an empty text":            "a:",
		"text that is no YAML map": "just text",
		"broken YAML":              "a: [",
	} {
		fsys := fstest.MapFS{"zh-CN/a.yaml": {Data: []byte(text)}, "en/a.yaml": {Data: []byte("a: x")}}
		if _, err := Load(fsys); err == nil {
			t.Errorf("%s is accepted", rule)
		}
	}
	if _, err := Load(fstest.MapFS{"zh-CN/a.yaml": {Data: []byte("a: x")}}); err == nil {
		t.Error("a missing language is accepted")
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]Lang{
		"":                          Chinese,
		"zh-CN,zh;q=0.9,en;q=0.8":   Chinese,
		"zh":                        Chinese,
		"zh-Hans":                   Chinese,
		"zh-TW":                     Chinese,
		"en":                        English,
		"en-GB,en;q=0.9,zh;q=0.5":   English,
		"en;q=0.1, zh-CN":           Chinese,
		"fr-FR,fr;q=0.9,en;q=0.1":   English,
		"fr":                        Chinese,
		"*":                         Chinese,
		";;;q=x":                    Chinese,
		strings.Repeat("a-", 20000): Chinese,
	} {
		if got := Match(header); got != want {
			t.Errorf("Match(%.40q) = %s, want %s", header, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("a {b} {{c}}")
	f.Add("{")
	f.Fuzz(func(t *testing.T, source string) {
		m, err := parse(source)
		if err != nil {
			return
		}
		if !strings.ContainsAny(source, "{}") && m.fill(nil) != source {
			t.Errorf("plain text %q became %q", source, m.fill(nil))
		}
		for _, p := range m.pieces {
			if p.variable && !isName(p.text) {
				t.Errorf("variable %q", p.text)
			}
		}
	})
}

func FuzzMatch(f *testing.F) {
	f.Add("en-GB;q=0.5, zh")
	f.Fuzz(func(t *testing.T, header string) {
		if got := Match(header); !slices.Contains(Langs(), got) {
			t.Errorf("Match(%q) = %q", header, got)
		}
	})
}

func BenchmarkText(b *testing.B) {
	c, params := Messages(), map[string]string{"size": "1 KB", "limit": "2 KB"}
	b.ReportAllocs()
	for b.Loop() {
		_ = c.Text(English, "material.file.too_small", params)
	}
}
