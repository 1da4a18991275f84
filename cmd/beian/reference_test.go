package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/rulebook"
	"github.com/openbeian/beian/internal/store/storetest"
)

const ownLanguages = `{"table": "languages", "source": "the operator", "as_of": "2026-11-24", "rows": [
  {"id": 1, "zh": "中文简体", "en": "Simplified Chinese"},
  {"id": 99, "zh": "世界语", "en": "Esperanto"}]}`

// file writes a file into a folder and gives its path.
func (m *machine) file(name, text string) string {
	m.t.Helper()
	path := filepath.Join(m.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		m.t.Fatal(err)
	}
	return path
}

func TestReferenceFilesAreListedCheckedAndLoaded(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	if out := m.works("", "reference", "list"); !strings.Contains(out, "languages.json             builtin") || !strings.Contains(out, "30 provisional") || !strings.Contains(out, "warning: ") {
		t.Errorf("without a database:\n%s", out)
	}
	m.works("", "migrate")
	if out := m.works("", "reference", "check", m.file("languages.json", ownLanguages)); !strings.Contains(out, "languages.json is fine: 2 rows") {
		t.Errorf("check: %s", out)
	}
	for rule, c := range map[string]struct{ name, text, want string }{
		"a fault of a row":        {"languages.json", strings.Replace(ownLanguages, "99", "1", 1), "row 2"},
		"no file of that name":    {"planets.json", ownLanguages, "there is no file planets.json"},
		"the authority's edition": {"languages.json", strings.Replace(ownLanguages, `"table"`, `"origin": "authority", "table"`, 1), "origin"},
	} {
		for _, act := range []string{"check", "load"} {
			if _, _, err := m.typed("", "reference", act, m.file(c.name, c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s, %s: %v", act, rule, err)
			}
		}
	}
	if out := m.works("", "reference", "load", m.file("languages.json", ownLanguages)); !strings.Contains(out, "edition 2 is in force") {
		t.Errorf("load: %s", out)
	}
	if out := m.works("", "reference", "export", "languages.json"); out != ownLanguages {
		t.Errorf("export: %s", out)
	}
	if out := m.works("", "reference", "list"); !strings.Contains(out, "languages.json             operator  2026-11-24  2 rows") {
		t.Errorf("list: %s", out)
	}
	m.works("", "reference", "reset", "languages.json")
	if out := m.works("", "reference", "list"); !strings.Contains(out, "languages.json             builtin") {
		t.Errorf("after the reset: %s", out)
	}
	for _, args := range [][]string{{"reference", "export"}, {"reference", "load", "a", "b"}} {
		if _, _, err := m.typed("", args...); err == nil {
			t.Errorf("%v is taken", args)
		}
	}
}

func TestCheckConfigWarnsOfReferenceDataThatRunsOut(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	if out := m.works("", "check-config"); !strings.Contains(out, "tlds.json") || !strings.Contains(out, "the settings are fine") {
		t.Errorf("check-config: %s", out)
	}
	if _, err := os.Stat(m.data); err == nil {
		t.Error("checking the settings made a data folder")
	}
	m.works("", "migrate")
	fresh := strings.Replace(string(mustBuiltin(t, "tlds.json")), `"as_of": "2022-08-30"`, `"as_of": "2026-11-24"`, 1)
	m.works("", "reference", "load", m.file("tlds.json", fresh))
	if out := m.works("", "check-config"); strings.Contains(out, "tlds.json") {
		t.Errorf("the operator's list is not seen: %s", out)
	}
}

func mustBuiltin(t *testing.T, name string) []byte {
	t.Helper()
	text, ok := refdata.Builtin().FileText(name)
	if !ok {
		t.Fatalf("no file %s", name)
	}
	return text
}

// What one node takes over from the authority rests on what another node set
// just before, and comes to all.
func TestBaseCodesRestOnTheNewestEdition(t *testing.T) {
	t.Parallel()
	s := storetest.NewSQLite(t)
	noon := time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)
	node := func() (*rulebook.Book, *refdata.Tables) {
		tables := refdata.Builtin().Copy()
		b, err := rulebook.Open(t.Context(), rulebook.Options{Store: s, Clock: clock.NewManual(noon), Log: slog.New(slog.DiscardHandler), Tables: tables, Program: "test"})
		if err != nil {
			t.Fatal(err)
		}
		return b, tables
	}
	one, _ := node()
	two, tables := node()
	if _, err := one.SetReference(t.Context(), icp.Actor{Party: icp.System}, "languages.json", []byte(ownLanguages), "operator"); err != nil {
		t.Fatal(err)
	}
	codes := refdata.BaseCodes{File: "a.xml", Day: noon, Tables: map[string][]refdata.BaseCode{
		"Yylb_dms": {{ID: 1, Name: "中文简体", Valid: true}, {ID: 2, Name: "德语", Valid: true}, {ID: 99, Name: "世界语", Valid: true}}}}
	report, err := baseCodes{two}.Apply(t.Context(), codes)
	if err != nil || !report.Changed() {
		t.Fatalf("%+v, %v", report, err)
	}
	if l, _ := tables.Language(99); l.EN != "Esperanto" {
		t.Errorf("the operator's English is lost: %+v", l)
	}
	if got := len(tables.Languages()); got != 3 {
		t.Errorf("%d languages", got)
	}
	if _, ok := tables.Language(12); ok {
		t.Error("a row that the operator took out came back")
	}
	seq := two.Active().Seq
	if report, err := (baseCodes{two}).Apply(t.Context(), codes); err != nil || report.Changed() || two.Active().Seq != seq {
		t.Errorf("again: %+v, %v, edition %d", report, err, two.Active().Seq)
	}
}
