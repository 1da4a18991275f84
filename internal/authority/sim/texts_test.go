package sim

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// composed are keys that the pages put together out of a value.
func composed() []string {
	var keys []string
	add := func(prefix string, values ...string) {
		for _, v := range values {
			keys = append(keys, prefix+v)
		}
	}
	for s := range stateIcons {
		add("state.", string(s))
	}
	for _, k := range faultKinds {
		add("kind.", string(k))
	}
	for _, f := range fates {
		add("fate.", string(f))
	}
	for u := range unitCodes {
		add("unit.", string(u))
	}
	add("maintenance.", string(MaintenanceNone), string(MaintenanceReport), string(MaintenanceDownload), string(MaintenanceAll))
	add("push.", "JCDM", "JCDM_about")
	for _, p := range pushes {
		add("push.", p.Element, p.Element+"_about")
		add("field.", p.Fields...)
	}
	add("audit.", audits...)
	add("finding.", findings...)
	for _, l := range pageLinks {
		add("", l.Name)
	}
	return keys
}

var literalKey = regexp.MustCompile(`"([a-z_]+(\.[A-Za-z_]+)*)"`)

// TestTextsAreCompleteAndUsed finds texts that lack a language, texts that
// nobody shows, and keys that have no text.
func TestTextsAreCompleteAndUsed(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, k := range composed() {
		used[k] = true
		if _, ok := texts()[k]; !ok {
			t.Errorf("%s has no text", k)
		}
	}
	for _, file := range sources(t) {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range literalKey.FindAllStringSubmatch(string(b), -1) {
			used[m[1]] = true
			if strings.HasPrefix(m[1], "authority.sim_") && m[1] != "authority.sim_config" && texts()[m[1]][0] == "" { // New's own goes to the log
				t.Errorf("%s has no text", m[1])
			}
		}
		if strings.HasSuffix(file, ".html") {
			for _, m := range regexp.MustCompile(`\.T "([^"]+)"`).FindAllStringSubmatch(string(b), -1) {
				if _, ok := texts()[m[1]]; !ok {
					t.Errorf("%s: %s has no text", file, m[1])
				}
			}
		}
	}
	for key, text := range texts() {
		if strings.TrimSpace(text[0]) == "" || strings.TrimSpace(text[1]) == "" {
			t.Errorf("%s lacks a language", key)
		}
		if !used[key] {
			t.Errorf("nobody shows %s", key)
		}
	}
}

func sources(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, dir := range []string{".", "page"} {
		entries, err := fs.ReadDir(os.DirFS(dir), ".")
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if ext := filepath.Ext(e.Name()); ext == ".html" || ext == ".go" && !strings.HasSuffix(e.Name(), "_test.go") {
				out = append(out, filepath.Join(dir, e.Name()))
			}
		}
	}
	return out
}
