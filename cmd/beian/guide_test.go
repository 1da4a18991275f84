package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// guide is the walk through a pack of an operator's.
const guide = "../../docs/guides/operator-rules.md"

var (
	guidePack    = regexp.MustCompile("(?ms)^```yaml\n(id: .*?)^```")
	guideConsole = regexp.MustCompile("(?ms)^```console\n(.*?)^```")
	guideWord    = regexp.MustCompile(`"[^"]*"|\S+`)
	editionName  = regexp.MustCompile(`\d{4}-\d\d-\d\d\+[0-9a-f.]+`)
	digits       = regexp.MustCompile(`\d+`)
	blanks       = regexp.MustCompile(`\s+`)
)

// The pack of the guide is put into a folder and every command is run, in the
// order of the page; what the page shows must be among what is printed, but for
// versions and numbers, which follow the program's packs.
func TestTheGuideOfOperatorsRulesWorksAsWritten(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	packs := guidePack.FindAllStringSubmatch(string(text), -1)
	if len(packs) != 1 {
		t.Fatalf("%d packs", len(packs))
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "shop.yaml"), []byte(packs[0][1]), 0o600); err != nil {
		t.Fatal(err)
	}
	m := newMachine(t, "BEIAN_RULES_FOLDER="+folder)
	m.draft("261128-XB97E1RW", "云杉测试站")
	commands := 0
	for _, block := range guideConsole.FindAllStringSubmatch(string(text), -1) {
		said := ""
		for line := range strings.Lines(block[1]) {
			if command, ok := strings.CutPrefix(line, "$ beian "); ok {
				commands++
				said = loosely(m.works("", m.guided(command, folder)...))
				continue
			}
			if want := loosely(line); !strings.Contains(line, "…") && !strings.Contains(said, want) {
				t.Errorf("no %q in\n%s", want, said)
			}
		}
	}
	if commands < 8 {
		t.Errorf("%d commands", commands)
	}
}

// loosely is text without what changes with the program: versions, numbers, and
// how wide columns are.
func loosely(text string) string {
	text = editionName.ReplaceAllString(text, "VERSION")
	return strings.TrimSpace(blanks.ReplaceAllString(digits.ReplaceAllString(text, "N"), " "))
}

// guided gives the words of a command, for this machine: its folder, and the
// first edition where an edition is named.
func (m *machine) guided(command, folder string) []string {
	var args []string
	for _, word := range guideWord.FindAllString(command, -1) {
		switch word = strings.Trim(word, `"`); {
		case editionName.MatchString(word):
			editions := strings.TrimSpace(m.works("", "rules", "editions"))
			word = editionName.FindString(editions[strings.LastIndex(editions, "\n")+1:])
		case word == "/etc/beian/rules":
			word = folder
		}
		args = append(args, word)
	}
	return args
}
