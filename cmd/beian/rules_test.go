package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/seal"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/sqlite"
)

// rulesNow is when the orders of these tests began.
var rulesNow = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)

// ownRules is an operator's pack: names must not have a word.
const ownRules = `id: own.names
edition: "2026-11-24"
scope: national
source: {zh: 本平台要求, en: Our own rule}
rules:
  - id: own.name.word
    predicate: contains_word
    params: {words: [测试]}
    severity: error
    field: /websites/*/name
    message: rule.name.word_refused
    examples:
      pass: [{websites: [{name: 山河书屋}]}]
      fail: [{websites: [{name: 测试书屋}]}]
`

func rulesFolder(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "own.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// draft puts an open order with a website's name into the machine's database.
func (m *machine) draft(id, name string) {
	m.t.Helper()
	m.works("", "migrate")
	box, err := seal.Open(filepath.Join(m.data, "beian.key"))
	if err != nil {
		m.t.Fatal(err)
	}
	s, err := sqlite.Open(m.t.Context(), filepath.Join(m.data, "beian.db"), box)
	if err != nil {
		m.t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			m.t.Error(err)
		}
	}()
	o := icp.Order{ID: icp.OrderID(id), Account: "a1", Type: icp.AddWebsite, Channel: icp.ChannelWeb}
	o.Data.Subject = icp.Subject{Region: "330106", Nature: icp.NatureEnterprise, CertificateType: icp.CertBusinessLicence, CertificateNumber: "91110108MA0HT17Q07"}
	o.Data.Websites = []icp.Website{{ID: "w1", Name: name, Domain: id + ".cn"}}
	err = s.Update(m.t.Context(), func(tx *store.Tx) error {
		if err := tx.InsertAccount(m.t.Context(), &store.Account{ID: "a1", Mail: "li@example.com", Lang: "zh-CN", CreatedAt: rulesNow}); err != nil && icp.KindOf(err) != icp.Conflict {
			return err
		}
		d, err := order.Decide(o, order.Create, icp.Actor{Account: "a1", Party: icp.Applicant}, order.Facts{ChannelOpen: true},
			order.DefaultTerms(refdata.Builtin().Calendar()), rulesNow)
		if err != nil {
			return err
		}
		return tx.InsertOrder(m.t.Context(), d)
	})
	if err != nil {
		m.t.Fatal(err)
	}
}

func TestRulesCheckNamesFileAndLine(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	if out := m.works("", "rules", "check", rulesFolder(t, ownRules)); !strings.Contains(out, "1 of them your own") {
		t.Errorf("a good folder: %s", out)
	}
	for rule, c := range map[string]struct{ from, to, want string }{
		"a key that there is none of":   {"predicate:", "predicat:", "own.yaml:7: "},
		"an example that does not hold": {"name: 测试书屋", "name: 山河书屋", "own.yaml:14: "},
		"a message without a text":      {"rule.name.word_refused", "rule.name.nothing", "own.yaml:6: "},
		"a rule that the product has":   {"own.name.word", "national.name.sensitive", "own.yaml:6: "},
		"YAML that is none":             {"scope: national", "scope: [national", "own.yaml:"},
		"a rule to replace that is not": {"    examples:", "    replaces: [no.rule]\n    examples:", "own.yaml:6: "},
	} {
		out, _, err := m.typed("", "rules", "check", rulesFolder(t, strings.Replace(ownRules, c.from, c.to, 1)))
		if err == nil || errors.Is(err, errUsage) || !strings.Contains(out, c.want) {
			t.Errorf("%s: %v\n%s", rule, err, out)
		}
	}
	if _, err := os.Stat(m.data); err == nil {
		t.Error("checking packs made a database")
	}
}

func TestRulesExplain(t *testing.T) {
	t.Parallel()
	m := newMachine(t, "BEIAN_RULES_FOLDER="+rulesFolder(t, ownRules))
	for want, args := range map[string][]string{
		"本平台要求":                                  {"own.name.word", "--lang", "zh"},
		"Our own rule":                           {"--lang", "en", "own.name.word"},
		"测试书屋":                                   {"own.name.word"},
		"own.name.word  error  /websites/*/name": {"--province", "湖南", "--nature", "individual"},
	} {
		if out := m.works("", append([]string{"rules", "explain"}, args...)...); !strings.Contains(out, want) {
			t.Errorf("%s: no %q in\n%s", args, want, out)
		}
	}
	if all, some := m.works("", "rules", "explain", "--province", "BJ"), m.works("", "rules", "explain", "--province", "110000", "--nature", "individual"); len(some) >= len(all) {
		t.Error("a nature leaves no rule out")
	}
	for _, args := range [][]string{{"no.rule"}, {"own.name.word", "no-folder"}, {"--province", "火星"}, {"--province", "BJ", "--nature", "x"}} {
		if _, _, err := m.typed("", append([]string{"rules", "explain"}, args...)...); err == nil || errors.Is(err, errUsage) {
			t.Errorf("%s: %v", args, err)
		}
	}
	for _, args := range [][]string{{}, {"a", "b", "c"}, {"a", "b", "--province", "BJ"}, {"--colour", "red"}, {"--note", "x", "own.name.word"}} {
		if _, _, err := m.typed("", append([]string{"rules", "explain"}, args...)...); !errors.Is(err, errUsage) {
			t.Errorf("%s: %v", args, err)
		}
	}
}

func TestRulesArePublishedComparedAndRestored(t *testing.T) {
	t.Parallel()
	folder := rulesFolder(t, ownRules)
	m := newMachine(t, "BEIAN_RULES_FOLDER="+folder)
	if out := m.works("", "rules", "diff"); !strings.Contains(out, "+ error own.name.word") || !strings.Contains(out, "1 change\n") {
		t.Errorf("diff without a database:\n%s", out)
	}
	m.works("", "migrate")
	first := versionIn(t, m.works("", "rules", "publish", "--note", "首次发布"))
	if out := m.works("", "rules", "diff"); !strings.Contains(out, "0 changes") {
		t.Errorf("diff of what is in force:\n%s", out)
	}
	if _, _, err := m.typed("", "rules", "publish", "--note", "again"); err == nil || !strings.Contains(err.Error(), "in force already") {
		t.Errorf("the same again: %v", err)
	}
	if _, _, err := m.typed("", "rules", "publish"); err == nil {
		t.Error("published without a note")
	}
	put(t, folder, strings.Replace(ownRules, "severity: error", "severity: warning", 1))
	second := versionIn(t, m.works("", "rules", "publish", "--note", "warn only"))
	if out := m.works("", "rules", "diff", first, second, "--lang", "en"); !strings.Contains(out, "~ warning own.name.word") || !strings.Contains(out, "    severity: error → warning\n1 change\n") {
		t.Errorf("diff of two editions:\n%s", out)
	}
	if got := versionIn(t, m.works("", "rules", "publish", "--restore", first, "--note", "back")); got != first {
		t.Errorf("restored %s, want %s", got, first)
	}
	put(t, folder, "id: [")
	if out, _, err := m.typed("", "rules", "publish", "--note", "broken"); err == nil || !strings.Contains(out, "own.yaml:1: ") {
		t.Errorf("a broken folder: %v\n%s", err, out)
	}
	if out := m.works("", "rules", "editions"); strings.Count(out, "\n") != 4 || !strings.HasPrefix(out, "*    4 ") || !strings.Contains(out, "restore") {
		t.Errorf("editions:\n%s", out)
	}
}

func versionIn(t *testing.T, said string) string {
	t.Helper()
	_, version, ok := strings.Cut(strings.TrimSpace(said), "in force: ")
	if !ok {
		t.Fatalf("no version in %q", said)
	}
	return version
}

func put(t *testing.T, folder, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, "own.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestRulesReplayNamesOrdersThatChange(t *testing.T) {
	t.Parallel()
	folder := rulesFolder(t, ownRules)
	m := newMachine(t)
	m.draft("261124-AAAAAAAA", "测试书屋")
	m.draft("261124-BBBBBBBB", "山河书屋")
	out, said, err := m.typed("", "rules", "replay", folder)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out, "261124-AAAAAAAA add_website draft\n  + error own.name.word /websites/0/name\n") || strings.Contains(out, "BBBBBBBB") ||
		!strings.Contains(out, "2 open orders, 1 judged otherwise") || !strings.Contains(said, "2 orders") {
		t.Errorf("replay:\n%s%s", out, said)
	}
	if strings.Contains(out, "测试") {
		t.Error("it shows an answer")
	}
	if out := m.works("", "rules", "editions"); out != "" {
		t.Errorf("a replay stored an edition: %s", out)
	}
}

func TestRulesCoverageCountsFacts(t *testing.T) {
	t.Parallel()
	out := newMachine(t).works("", "rules", "coverage", "--lang", "en")
	if !strings.Contains(out, "province.beijing ") || !strings.Contains(out, "all ") {
		t.Errorf("coverage:\n%s", out)
	}
}

// What an operator changes of the product's rules is told by every command.
func TestRulesTellChangesOfTheProductsRules(t *testing.T) {
	t.Parallel()
	folder := rulesFolder(t, `id: own.changes
edition: "2026-11-24"
scope: national
source: {zh: 本平台要求, en: Our own rule}
rules:
  - id: own.known
    expr: has(facts.subject_elsewhere)
    severity: info
    field: /subject/name
    text: {zh: 已查, en: Looked up}
    about: {zh: 查过, en: It was looked up}
    examples: {pass: [{}], fail: [{facts: {subject_elsewhere: no}}]}
overrides:
  - {rule: hubei.websites, params: {max: 2}, examples: {pass: [{websites: [{}, {}]}], fail: [{websites: [{}, {}, {}]}]}, reason: {zh: 管局放宽, en: relaxed}}
off:
  - {rule: national.name.short, reason: {zh: 人工判断, en: reviewers judge}}
`)
	m := newMachine(t, "BEIAN_RULES_FOLDER="+folder)
	m.draft("261124-AAAAAAAA", "山河书屋")
	if out := m.works("", "rules", "check"); !strings.Contains(out, "1 of them your own; you change 1 and switch off 1;") {
		t.Errorf("check: %s", out)
	}
	out := m.works("", "rules", "diff", "--lang", "en")
	for _, want := range []string{"~ error national.name.short ", "    switched off: – → reviewers judge\n", "~ error hubei.websites The limit of websites in an order is 2\n    was: The limit of websites in an order is 1\n",
		"    params.max: 1 → 2\n", "    changed: – → relaxed\n    differs: examples\n", "+ info own.known It was looked up\n", "\n3 changes\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("diff has no %q:\n%s", want, out)
		}
	}
	if out, _, err := m.typed("", "rules", "replay"); err != nil || !strings.Contains(out, "\n  + info own.known /subject/name\n1 open order, 1 judged otherwise\n") {
		t.Errorf("replay knows no facts: %v\n%s", err, out)
	}
	if _, _, err := m.typed("", "rules", "explain", "own.known"); err == nil || !strings.Contains(err.Error(), "in edition") {
		t.Errorf("a rule that is not in force yet: %v", err)
	}
	if out := m.works("", "rules", "explain", "own.known", folder); !strings.Contains(out, "expression: has(facts.subject_elsewhere)\n") {
		t.Errorf("a rule of a folder: %s", out)
	}
	if _, said, err := m.typed("", "rules", "publish", "--note", "x"); err != nil || said != "" {
		t.Errorf("publish says %q: %v", said, err)
	}
	for rule, want := range map[string]string{"own.known": "expression: has(facts.subject_elsewhere)", "hubei.websites": "changed: relaxed", "national.name.short": "switched off: reviewers judge"} {
		if out := m.works("", "rules", "explain", rule, "--lang", "en"); !strings.Contains(out, want) {
			t.Errorf("explain %s has no %q:\n%s", rule, want, out)
		}
	}
	if out := m.works("", "rules", "explain", "--province", "HB", "--nature", "unit"); strings.Contains(out, "national.name.short ") {
		t.Error("a rule that is off is told of a province")
	}
}

func TestRulesMakeNoInstallation(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"editions"}, {"replay"}, {"diff", "2026-01-01+a", "2026-01-01+b"}, {"publish", "--note", "x"}} {
		m := newMachine(t, "BEIAN_RULES_FOLDER="+rulesFolder(t, ownRules))
		if _, _, err := m.typed("", append([]string{"rules"}, args...)...); err == nil || !strings.Contains(err.Error(), "there is no database at "+m.data) {
			t.Errorf("%s: %v", args, err)
		}
		if _, err := os.Stat(m.data); err == nil {
			t.Errorf("%s made a database", args)
		}
	}
}

func TestRulesSayWhatIsWrongWithACall(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.works("", "migrate")
	for _, c := range []struct {
		args  string
		usage bool
		want  string
	}{
		{"diff 2026-01-01+a 2026-01-01+b", false, "there is no edition 2026-01-01+a"},
		{"diff 2026-01-01+a", true, "name a folder, or two versions"},
		{"publish --restore 2026-01-01+a --note x", false, "there is no edition 2026-01-01+a"},
		{"publish", true, "--note is missing"},
		{"editions now", true, "too many words: now"},
		{"check --note x", true, "-note"},
	} {
		_, said, err := m.typed("", append([]string{"rules"}, strings.Fields(c.args)...)...)
		if err == nil || errors.Is(err, errUsage) != c.usage || !strings.Contains(said+err.Error(), c.want) {
			t.Errorf("%s: %v, said: %s", c.args, err, said)
		}
	}
}
