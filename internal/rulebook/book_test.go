package rulebook

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/audit"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/storetest"
)

var noon = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)

var operator = icp.Actor{Account: "op1", Party: icp.Provider, Roles: []string{access.Operator}}

// node is a process of an installation.
type node struct {
	*Book
	t   *testing.T
	log *bytes.Buffer
}

// nodeOf starts a node; adjust changes its options or the program's packs.
func nodeOf(t *testing.T, s *store.Store, folder string, program ...files) *node {
	t.Helper()
	n := &node{t: t, log: &bytes.Buffer{}}
	o := Options{Store: s, Clock: clock.NewManual(noon), Log: slog.New(slog.NewTextHandler(n.log, nil)), Tables: refdata.Builtin().Copy(),
		Folder: folder, Program: "beian test", Every: time.Millisecond}
	var err error
	if len(program) == 0 {
		n.Book, err = Open(t.Context(), o)
	} else {
		n.Book, err = open(t.Context(), o, program[0])
	}
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (n *node) publishes(note string) Edition {
	n.t.Helper()
	e, err := n.Publish(n.t.Context(), operator, note)
	if err != nil {
		n.t.Fatal(err)
	}
	return e
}

// has reports whether a rule is among those in force.
func (n *node) has(id string) bool {
	for _, r := range n.Set().Describe() {
		if r.ID == id {
			return true
		}
	}
	return false
}

func (n *node) sync() {
	n.t.Helper()
	if err := n.Sync(n.t.Context()); err != nil {
		n.t.Fatal(err)
	}
}

// ownPack is an operator's pack of one rule: names must not have the word.
func ownPack(word string) string {
	return `id: own.names
edition: "2026-11-24"
scope: national
source: {zh: 本平台要求, en: Our own rule}
rules:
  - id: own.name.word
    predicate: contains_word
    params: {words: [` + word + `]}
    severity: error
    field: /websites/*/name
    message: rule.name.word_refused
    examples:
      pass: [{websites: [{name: 山河书屋}]}]
      fail: [{websites: [{name: ` + word + `书屋}]}]
`
}

// folderWith makes an operator's folder.
func folderWith(t *testing.T, packs map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range packs {
		put(t, dir, name, text)
	}
	return dir
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func program(t *testing.T) files {
	t.Helper()
	f, err := programFiles()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// newer gives a program's packs of a later day, with a pack more.
func newer(t *testing.T, extra string) files {
	t.Helper()
	f := files{}.with(builtinPart, program(t))
	f[builtinPart+"/zz.yaml"] = strings.ReplaceAll(strings.ReplaceAll(extra, "2026-11-24", "2099-01-01"), "own.name", "future.name")
	return f
}

func TestTheFirstStartKeepsTheProgramsPacks(t *testing.T) {
	t.Parallel()
	s := storetest.NewSQLite(t)
	a := nodeOf(t, s, "")
	b := nodeOf(t, s, "")
	list, _, err := b.Editions(t.Context(), "", 10)
	if err != nil || len(list) != 1 {
		t.Fatalf("editions: %+v, %v", list, err)
	}
	if e := list[0]; e.Kind != KindProgram || e.Seq != 1 || e.Version != a.Version() || !e.Active || e.Note != "beian test" || !e.At.Equal(noon) {
		t.Errorf("first edition: %+v", e)
	}
	if a.Version() != a.Set().Version() || a.Version() != b.Version() || a.Behind() != nil {
		t.Errorf("versions %s and %s", a.Version(), b.Version())
	}
}

func TestNodesThatStartAtOnceKeepOneEdition(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				_, err := Open(t.Context(), Options{Store: s, Clock: clock.NewManual(noon), Log: slog.New(slog.DiscardHandler)})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if last := nodeOf(t, s, "").Active(); last.Seq != 1 {
			t.Errorf("the newest edition is %d", last.Seq)
		}
	})
}

func TestAPublishedFolderReachesAllNodes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		folder := folderWith(t, map[string]string{"names.yaml": ownPack("测试")})
		a, b := nodeOf(t, s, folder), nodeOf(t, s, "")
		before := a.Version()
		e := a.publishes("校内域名")
		if !a.has("own.name.word") || e.Version != a.Version() || e.Seq != 2 || e.Kind != KindOperator || e.By != "op1" || e.Note != "校内域名" {
			t.Errorf("published %+v", e)
		}
		if b.has("own.name.word") {
			t.Fatal("the other node knows before it looked")
		}
		b.sync()
		if !b.has("own.name.word") || b.Version() != e.Version || b.Seq() != 2 {
			t.Errorf("the other node has %s", b.Version())
		}
		if c := nodeOf(t, s, ""); !c.has("own.name.word") {
			t.Error("a node that starts later lacks the operator's rules")
		}
		old, err := b.At(t.Context(), before)
		if err != nil || old.Version() != before {
			t.Errorf("the edition before: %v", err)
		}
	})
}

func TestFollowTakesUpEditionsUntilItsEnd(t *testing.T) {
	t.Parallel()
	s := storetest.NewSQLite(t)
	a, b := nodeOf(t, s, folderWith(t, map[string]string{"names.yaml": ownPack("测试")})), nodeOf(t, s, "")
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { b.Follow(ctx); close(ended) }()
	e := a.publishes("")
	for b.Seq() != e.Seq { // the test's own deadline bounds it
		select {
		case <-ended:
			t.Fatal("it ended before it was told to")
		default:
		}
	}
	stop()
	<-ended
}

func TestABrokenFolderReplacesNothing(t *testing.T) {
	t.Parallel()
	s := storetest.NewSQLite(t)
	folder := folderWith(t, map[string]string{"names.yaml": ownPack("测试")})
	n := nodeOf(t, s, folder)
	e := n.publishes("")
	put(t, folder, "names.yaml", strings.Replace(ownPack("测试"), "predicate:", "predicat:", 1))
	put(t, folder, "sub/more.yaml", strings.Replace(strings.ReplaceAll(ownPack("样例"), "own.name", "own.other"), "fail: [{websites: [{name: 样例书屋}]}]", "fail: [{}]", 1))
	_, err := n.Publish(t.Context(), operator, "")
	var refused *icp.Error
	if !errors.As(err, &refused) || refused.Kind != icp.Invalid || refused.Code != "rules.folder_broken" || len(refused.Fields) == 0 {
		t.Fatalf("publish: %v", err)
	}
	state, err := n.FolderState(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if p := state.Problems[0]; p.File != "names.yaml" || p.Line != 7 || !strings.Contains(p.Message, "predicat") || state.Publishable || state.Version != "" {
		t.Errorf("state: %+v", state)
	}
	if n.Version() != e.Version || n.Seq() != e.Seq {
		t.Error("a broken folder changed the rules in force")
	}
	put(t, folder, "names.yaml", ownPack("测试"))
	if state, _ = n.FolderState(t.Context()); len(state.Problems) != 1 || state.Problems[0].File != "sub/more.yaml" || state.Problems[0].Line == 0 {
		t.Errorf("an example that does not hold: %+v", state.Problems)
	}
}

func TestWhatPublishRefuses(t *testing.T) {
	t.Parallel()
	s := storetest.NewSQLite(t)
	folder := folderWith(t, map[string]string{"names.yaml": ownPack("测试")})
	n := nodeOf(t, s, folder)
	n.publishes("")
	for rule, c := range map[string]struct {
		node  *node
		actor icp.Actor
		want  *icp.Error
	}{
		"the same rules again":    {n, operator, icp.E(icp.NotNow, "rules.nothing_new")},
		"a reviewer":              {n, icp.Actor{Party: icp.Provider, Roles: []string{access.Reviewer}}, icp.ErrNotAllowed},
		"an applicant":            {n, icp.Actor{Party: icp.Applicant, Roles: []string{access.Operator}}, icp.ErrNotAllowed},
		"without a folder":        {nodeOf(t, s, ""), operator, icp.E(icp.NotNow, "rules.folder_missing")},
		"a folder that is gone":   {nodeOf(t, s, filepath.Join(folder, "gone")), operator, icp.E(icp.Invalid, "rules.folder_broken")},
		"a file where it was":     {nodeOf(t, s, filepath.Join(folder, "names.yaml")), operator, icp.E(icp.Invalid, "rules.folder_broken")},
		"an edition there is not": {n, operator, nil},
	} {
		t.Run(rule, func(t *testing.T) {
			if c.want == nil {
				if _, err := c.node.Restore(t.Context(), c.actor, "none", ""); !errors.Is(err, icp.ErrNotFound) {
					t.Errorf("err = %v", err)
				}
				return
			}
			if _, err := c.node.Publish(t.Context(), c.actor, ""); !errors.Is(err, c.want) {
				t.Errorf("err = %v, want %v", err, c.want)
			}
		})
	}
}

func TestAPublicationIsInTheAuditTrail(t *testing.T) {
	t.Parallel()
	s := storetest.NewSQLite(t)
	n := nodeOf(t, s, folderWith(t, map[string]string{"names.yaml": ownPack("测试")}))
	e := n.publishes("周明远要求")
	var events []audit.Event
	err := s.View(t.Context(), func(tx *store.Tx) (err error) {
		events, _, err = tx.EventsOf(t.Context(), "rules", e.Version, "", 10)
		return err
	})
	if err != nil || len(events) != 1 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	if got := events[0]; got.Action != "rules.published" || got.Actor != "op1" || got.ActorRole != access.Operator || got.Version != 2 || strings.Contains(string(got.Detail), "周") {
		t.Errorf("event %+v", got)
	}
}

func TestAnEarlierEditionComesBack(t *testing.T) {
	t.Parallel()
	s := storetest.NewSQLite(t)
	folder := folderWith(t, map[string]string{"names.yaml": ownPack("测试")})
	n := nodeOf(t, s, folder)
	first := n.publishes("first")
	put(t, folder, "names.yaml", ownPack("样例"))
	n.publishes("second")
	e, err := n.Restore(t.Context(), operator, first.Version, "back")
	if err != nil {
		t.Fatal(err)
	}
	if e.Version != first.Version || e.Kind != KindRestore || e.Seq != 4 || n.Version() != first.Version {
		t.Errorf("restored %+v", e)
	}
	list, _, err := n.Editions(t.Context(), "", 10)
	if err != nil || len(list) != 4 || !list[0].Active || list[2].Active || list[2].Version != list[0].Version {
		t.Errorf("editions %+v, %v", list, err)
	}
}

func TestANewProgramBringsItsPacksAndKeepsTheOperators(t *testing.T) {
	t.Parallel()
	s := storetest.NewSQLite(t)
	old := nodeOf(t, s, folderWith(t, map[string]string{"names.yaml": ownPack("测试")}))
	old.publishes("")
	next := nodeOf(t, s, "", newer(t, strings.ReplaceAll(ownPack("将来"), "own.names", "future.names")))
	if e := next.Active(); e.Kind != KindProgram || e.Seq != 3 || !next.has("own.name.word") || !next.has("future.name.word") {
		t.Errorf("after the upgrade: %+v", e)
	}
	old.sync()
	if old.Seq() != 3 || !old.has("future.name.word") {
		t.Error("the node of the old program does not follow")
	}
	again := nodeOf(t, s, "") // the old program starts once more
	if again.Seq() != 3 || !again.has("future.name.word") {
		t.Errorf("an older program took its packs back: edition %d", again.Seq())
	}
	e := old.Active()
	if _, err := old.Publish(t.Context(), operator, ""); !errors.Is(err, icp.E(icp.NotNow, "rules.nothing_new")) || old.Active() != e {
		t.Errorf("publishing by an older program: %v", err)
	}
}

func TestAnEditionThatDoesNotLoadIsKeptFromReplacing(t *testing.T) {
	t.Parallel()
	s := storetest.NewSQLite(t)
	n := nodeOf(t, s, "")
	version := n.Version()
	future := newer(t, strings.Replace(ownPack("将来"), "contains_word", "reads_minds", 1))
	archive, err := future.pack()
	if err != nil {
		t.Fatal(err)
	}
	publish := func(seq int64, version string) {
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			return tx.PublishRules(t.Context(), store.RulePublication{Seq: seq, Version: version, Kind: KindProgram, At: noon}, archive)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	publish(2, "2099-01-01+future")
	n.sync()
	n.sync()
	if n.Version() != version || n.Behind() == nil || n.Failures() != 1 || strings.Count(n.log.String(), "do not load") != 1 {
		t.Errorf("version %s, behind %v, %d failures", n.Version(), n.Behind(), n.Failures())
	}
	if _, err := n.At(t.Context(), "2099-01-01+future"); !errors.Is(err, icp.E(icp.NotNow, "rules.edition_unreadable")) {
		t.Errorf("reading it: %v", err)
	}
	again := nodeOf(t, s, "")
	if again.Version() != version || again.Behind() == nil || again.Seq() != 2 {
		t.Errorf("a node that starts with it: %s, behind %v", again.Version(), again.Behind())
	}
	if archive, err = program(t).pack(); err != nil {
		t.Fatal(err)
	}
	publish(3, version)
	n.sync()
	if n.Behind() != nil || n.Seq() != 3 {
		t.Errorf("it does not recover: %v", n.Behind())
	}
}

func TestAProgramThatBreaksTheOperatorsPacksKeepsTheOldEdition(t *testing.T) {
	t.Parallel()
	s := storetest.NewSQLite(t)
	pack := strings.Replace(ownPack("测试"), "    examples:", "    replaces: [future.name.word]\n    examples:", 1)
	first := newer(t, strings.ReplaceAll(ownPack("将来"), "own.names", "future.names"))
	n := nodeOf(t, s, folderWith(t, map[string]string{"names.yaml": pack}), first)
	e := n.publishes("")
	second := newer(t, strings.ReplaceAll(strings.ReplaceAll(ownPack("将来"), "own.names", "future.names"), "own.name.word", "own.name.renamed"))
	next := nodeOf(t, s, "", second)
	if next.Version() != e.Version || next.Behind() == nil || !strings.Contains(next.Behind().Error(), "future.name.word") {
		t.Errorf("version %s, behind %v", next.Version(), next.Behind())
	}
}

func TestReferenceFilesAreReplacedForAll(t *testing.T) {
	t.Parallel()
	s := storetest.NewSQLite(t)
	a, b := nodeOf(t, s, ""), nodeOf(t, s, "")
	before := a.Version()
	const name = "languages.json"
	text := []byte(`{"table":"languages","source":"a test","as_of":"2026-11-01","rows":[{"id":1,"zh":"中文简体","en":"Simplified Chinese"},{"id":77,"zh":"世界语","en":"Esperanto"}]}`)
	system := icp.Actor{Party: icp.System}
	e, err := a.SetReference(t.Context(), system, name, text, "a test")
	if err != nil {
		t.Fatal(err)
	}
	b.sync()
	for who, n := range map[string]*node{"the node": a, "another node": b, "a new node": nodeOf(t, s, "")} {
		if _, ok := n.Tables.Language(77); !ok || n.Version() == before || n.Version() != e.Version || string(n.Reference()[name]) != string(text) {
			t.Errorf("%s has version %s", who, n.Version())
		}
	}
	if _, ok := refdata.Builtin().Language(77); ok {
		t.Error("the built-in tables changed")
	}
	for rule, c := range map[string]struct{ name, text string }{
		"a file that is damaged": {name, "{"}, "a table that there is none of": {"moods.json", "{}"}, "a path": {"../" + name, string(text)},
		"the same again": {name, string(text)},
	} {
		if _, err := a.SetReference(t.Context(), system, c.name, []byte(c.text), ""); icp.KindOf(err) == "" || a.Version() != e.Version {
			t.Errorf("%s: %v", rule, err)
		}
	}
	if _, err := a.SetReference(t.Context(), system, name, nil, "a test"); err != nil || a.Version() != before {
		t.Errorf("back to the built-in file: %s, %v", a.Version(), err)
	}
	if _, ok := a.Tables.Language(77); ok {
		t.Error("the built-in rows did not come back")
	}
}

func TestAToolStoresNothing(t *testing.T) {
	t.Parallel()
	s := storetest.NewSQLite(t)
	open := func() *Book {
		b, err := Open(t.Context(), Options{Store: s, Clock: clock.NewManual(noon), Log: slog.New(slog.DiscardHandler), ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if b := open(); b.Seq() != 0 || b.Version() == "" {
		t.Errorf("before the first edition: %d %s", b.Seq(), b.Version())
	}
	n := nodeOf(t, s, folderWith(t, map[string]string{"names.yaml": ownPack("测试")}))
	n.publishes("")
	if b := open(); b.Version() != n.Version() {
		t.Errorf("the tool sees %s", b.Version())
	}
}

func TestOldEditionsStayLoadedButNotAll(t *testing.T) {
	t.Parallel()
	var c cache
	for _, v := range []string{"a", "b", "c", "d"} {
		c.add(&loaded{version: v})
	}
	if c.find("a") == nil || c.find("x") != nil {
		t.Error("a is lost or x is found")
	}
	c.add(&loaded{version: "e"})
	if c.find("b") != nil || c.find("a") == nil || len(c.rows) != cached {
		t.Errorf("%d rows: the oldest look should go", len(c.rows))
	}
}

func TestAFolderIsBounded(t *testing.T) {
	t.Parallel()
	for rule, packs := range map[string]map[string]string{
		"a pack that is too large": {"a.yaml": strings.Repeat("#", maxPackSize+1)},
	} {
		if _, err := folderFiles(folderWith(t, packs)); err == nil {
			t.Errorf("%s is read", rule)
		}
	}
	f, err := folderFiles(folderWith(t, map[string]string{"a.yaml": "1", ".git/b.yaml": "2", "c.txt": "3", "d/e.yaml": "4", ".f.yaml": "5"}))
	if err != nil || len(f) != 2 || f["operator/a.yaml"] != "1" || f["operator/d/e.yaml"] != "4" {
		t.Errorf("read %v, %v", f, err)
	}
}

func TestProblemsHaveTheirPlaces(t *testing.T) {
	t.Parallel()
	err := errors.Join(errors.New("b.yaml:9: wrong"), errors.New("sub/a.yaml:12: line one\nline two"), errors.New("no place"), errors.New("b.yaml:2: first"))
	got := problemsOf(err).sorted()
	want := Problems{{Message: "no place"}, {"b.yaml", 2, "first"}, {"b.yaml", 9, "wrong"}, {"sub/a.yaml", 12, "line one\nline two"}}
	if len(got) != len(want) || problemsOf(nil) != nil {
		t.Fatalf("got %v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d: %+v, want %+v", i, got[i], want[i])
		}
	}
	if text := got.Error(); text != "no place\nb.yaml:2: first\nb.yaml:9: wrong\nsub/a.yaml:12: line one\nline two" {
		t.Errorf("text %q", text)
	}
}
