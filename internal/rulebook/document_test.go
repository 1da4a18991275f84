package rulebook

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/rules"
)

var update = flag.Bool("update", false, "write docs/rules.md and docs/rules")

const docs = "../../docs"

func builtin(t *testing.T) *rules.Set {
	t.Helper()
	s, err := rules.Builtin(refdata.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestDocumentsAreThoseOfThePacks(t *testing.T) {
	t.Parallel()
	want := Documents(builtin(t), refdata.Builtin())
	kept, err := filepath.Glob(docs + "/rules/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range kept {
		name := "rules/" + filepath.Base(path)
		if want[name] != "" {
			continue
		}
		if !*update {
			t.Errorf("docs/%s is of no pack; run: go test ./internal/rulebook -run Documents -update", name)
		} else if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range want {
		path := filepath.Join(docs, name)
		old, err := os.ReadFile(path)
		if err == nil && string(old) == text {
			continue
		}
		if !*update {
			t.Errorf("docs/%s shows other rules; run: go test ./internal/rulebook -run Documents -update", name)
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

var linkForm = regexp.MustCompile(`\]\(([^)#]*)#([^)]+)\)`)

// Every rule has a heading of its own, with both texts, and every link leads to
// one.
func TestDocumentsAreWhole(t *testing.T) {
	t.Parallel()
	s := builtin(t)
	pages := Documents(s, refdata.Builtin())
	for _, r := range s.Describe() {
		page := pages["rules/"+r.Pack+".md"]
		_, part, ok := strings.Cut(page, "\n### "+r.ID+"\n")
		part, _, _ = strings.Cut(part, "\n### ")
		if !ok || !strings.Contains(part, "**"+string(r.Severity)+"**") || !strings.Contains(part, "`"+r.Field+"`") && r.Field != "" {
			t.Errorf("%s is not whole:\n%s", r.ID, part)
		}
		for _, lang := range i18n.Langs() {
			if about := escape(About(s, r, lang)); !strings.Contains(part, about) {
				t.Errorf("%s lacks %s", r.ID, about)
			}
		}
		if r.JudgedBy == "" && !strings.Contains(part, "- fails: `") {
			t.Errorf("%s has no failing example", r.ID)
		}
	}
	for name, page := range pages {
		for _, m := range linkForm.FindAllStringSubmatch(page, -1) {
			target := page
			if m[1] != "" {
				target = pages["rules/"+m[1]]
			}
			found := false
			for line := range strings.Lines(target) {
				heading, ok := strings.CutPrefix(strings.TrimSpace(line), "### ")
				found = found || ok && strings.ReplaceAll(heading, ".", "") == m[2]
			}
			if !found {
				t.Errorf("%s links to %s#%s, which is not there", name, m[1], m[2])
			}
		}
		if strings.Contains(page, "%!") {
			t.Errorf("%s is written wrongly", name)
		}
	}
	covered, left := 0, 0
	for _, f := range s.Facts() {
		if f.LeftOut.ZH != "" {
			left++
		} else {
			covered++
		}
		if page := pages["rules/"+f.Pack+".md"]; !strings.Contains(page, escape(f.Fact.ZH)) {
			t.Errorf("%s lacks the fact %s", f.Pack, f.Fact.ZH)
		}
	}
	if want := fmt.Sprintf("%d facts; %d (", covered+left, covered); !strings.Contains(pages["rules.md"], want) {
		t.Errorf("the index does not say: %s", want)
	}
}
