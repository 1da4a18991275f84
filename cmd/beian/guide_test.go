package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The guide for operators' rules: its pack, and the commands that it types.
const guide = "../../docs/guides/operator-rules.md"

var (
	guidePack    = regexp.MustCompile("(?ms)^```yaml\n(id: .*?)^```")
	guideCommand = regexp.MustCompile(`(?m)^\$ beian (.*)$`)
	guideWord    = regexp.MustCompile(`"[^"]*"|\S+`)
	guideVersion = regexp.MustCompile(`^\d{4}-\d\d-\d\d\+[0-9a-f.]+$`)
)

func TestTheGuideOfOperatorsRulesWorksAsWritten(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	packs := guidePack.FindAllStringSubmatch(string(text), -1)
	commands := guideCommand.FindAllStringSubmatch(string(text), -1)
	if len(packs) != 1 || len(commands) < 8 {
		t.Fatalf("%d packs and %d commands", len(packs), len(commands))
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "shop.yaml"), []byte(packs[0][1]), 0o600); err != nil {
		t.Fatal(err)
	}
	m := newMachine(t, "BEIAN_RULES_FOLDER="+folder)
	m.draft("261128-1JM99X6S", "云杉测试站")

	said := map[string]string{}
	for _, c := range commands {
		var args []string
		for _, word := range guideWord.FindAllString(c[1], -1) {
			if word = strings.Trim(word, `"`); guideVersion.MatchString(word) {
				word = versionOfEdition(t, m, "1")
			}
			args = append(args, word)
		}
		said[c[1]] = m.works("", args...)
	}
	for command, want := range map[string][]string{
		"rules check":                                     {"4 of them your own"},
		"rules diff --lang en":                            {"+ error own.name.trial", "+ error national.person.same_phone", "differs: severity, changed", "differs: off", "6 changes"},
		"rules explain own.home.root --lang en":           {"own.home.root  warning  /websites/*/home_url"},
		"rules explain --province 湖南 --nature individual": {"own.individual.websites"},
		"rules replay":                                    {"261128-1JM99X6S add_website draft\n  + error own.name.trial /websites/0/name\n", "1 open orders, 1 judged otherwise"},
		`rules publish --note "No trial names"`:           {"edition 2 is in force: "},
		"rules publish --restore 2026-11-27+5226437d --note \"Too many complaints\"": {"edition 3 is in force: "},
		"rules editions": {"No trial names"},
	} {
		for _, part := range want {
			if !strings.Contains(said[command], part) {
				t.Errorf("%s: no %q in\n%s", command, part, said[command])
			}
		}
	}
}

// versionOfEdition reads a version from the list of editions.
func versionOfEdition(t *testing.T, m *machine, seq string) string {
	t.Helper()
	for line := range strings.Lines(m.works("", "rules", "editions")) {
		if fields := strings.Fields(strings.TrimPrefix(line, "*")); fields[0] == seq {
			return fields[4]
		}
	}
	t.Fatalf("there is no edition %s", seq)
	return ""
}
