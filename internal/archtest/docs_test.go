package archtest

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = "../.."

var (
	fenced   = regexp.MustCompile("(?ms)^ *```.*?^ *```")
	inline   = regexp.MustCompile("`([^`\n]+)`")
	linked   = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	pathLike = regexp.MustCompile(`^[A-Za-z0-9._*-]+(/[A-Za-z0-9._*-]+)+/?$|^(Makefile|LICENSE|go\.mod|[A-Za-z0-9_-]+\.(md|ya?ml))$`)
)

func TestDocumentsNameOnlyPathsThatExist(t *testing.T) {
	t.Parallel()
	for _, doc := range documents(t) {
		text, err := os.ReadFile(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range missing(doc, string(text)) {
			t.Errorf("%s names %s", strings.TrimPrefix(doc, root+"/"), fault)
		}
	}
}

func TestMissingFindsWhatIsNotThere(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text string
		want int
	}{
		"a path that exists":              {"see `internal/icp/errors.go`", 0},
		"a path that does not":            {"see `internal/icp/nothing.go`", 1},
		"a function of a file":            {"see `internal/icp/errors.go:KindOf`", 0},
		"a function that is not there":    {"see `internal/icp/errors.go:Vanished`", 1},
		"a pattern that matches":          {"see `internal/icp/*.go`", 0},
		"a pattern that matches nothing":  {"see `internal/icp/*.py`", 1},
		"all below a folder":              {"see `internal/...`", 0},
		"an import path, a route, a flag": {"`net/http`, `/api/v1/me`, `a/b`, `--roles=api,worker`", 0},
		"a fence is an example":           {"```\n`internal/icp/nothing.go`\n```", 0},
		"a link to a file that is gone":   {"[x](nothing.md)", 1},
		"a link to elsewhere":             {"[x](https://example.com/nothing.md)", 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := missing(root+"/README.md", c.text); len(got) != c.want {
				t.Errorf("missing: %q, want %d", got, c.want)
			}
		})
	}
}

// documents lists docs/**/*.md and the Markdown files at the top.
func documents(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob(root + "/*.md")
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(root+"/docs", func(path string, _ fs.DirEntry, err error) error {
		if os.IsNotExist(err) {
			return nil
		}
		if err == nil && strings.HasSuffix(path, ".md") {
			all = append(all, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// missing tells which paths of the text do not exist: those in backticks, from
// the root, whose first element is a folder of ours, and relative links.
func missing(doc, text string) []string {
	text = fenced.ReplaceAllString(text, "")
	var faults []string
	for _, m := range inline.FindAllStringSubmatch(text, -1) {
		if fault := namedPath(m[1]); fault != "" {
			faults = append(faults, fault)
		}
	}
	for _, m := range linked.FindAllStringSubmatch(text, -1) {
		target, _, _ := strings.Cut(m[1], "#")
		if target == "" || strings.Contains(target, ":") || strings.HasPrefix(target, "/") {
			continue
		}
		if _, err := os.Stat(filepath.Join(filepath.Dir(doc), target)); err != nil {
			faults = append(faults, "the link "+m[1]+", which is not there")
		}
	}
	return faults
}

// namedPath says what is wrong with one backticked word, "" for nothing or no path.
func namedPath(word string) string {
	path, symbol, _ := strings.Cut(word, ":")
	path = strings.TrimSuffix(path, "/...")
	if !pathLike.MatchString(path) && !isOurs(path) {
		return ""
	}
	if first, _, nested := strings.Cut(path, "/"); nested && !isOurs(first) {
		return ""
	}
	if strings.HasPrefix(path, "bin/") || strings.Contains(path, "/dist") {
		return "" // built, not kept
	}
	found, err := filepath.Glob(filepath.Join(root, path))
	if err != nil || len(found) == 0 {
		return path + ", which is not there"
	}
	if symbol == "" || strings.Trim(symbol, "0123456789") == "" {
		return ""
	}
	text, err := os.ReadFile(found[0])
	if err != nil || !strings.Contains(string(text), symbol[strings.LastIndex(symbol, ".")+1:]) {
		return path + ", which has no " + symbol
	}
	return ""
}

// isOurs reports whether a name stands at the top of the tree or is a folder
// that documents are expected to speak of.
func isOurs(name string) bool {
	switch name {
	case "internal", "cmd", "web", "e2e", "bench", "docs", "scripts", ".ci":
		return true
	}
	return false
}
