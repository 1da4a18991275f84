package rules

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

//go:embed packs
var embedded embed.FS

// Packs gives the packs of the product, to load together with an operator's own.
func Packs() fs.FS {
	root, err := fs.Sub(embedded, "packs")
	if err != nil {
		panic(err) // the folder is part of the build
	}
	return root
}

// Set is a number of packs, ready to judge. It never changes and is safe for
// concurrent use.
type Set struct {
	tables  *refdata.Tables
	version string
	packs   []*pack
	rules   []*rule
	byID    map[string]*rule
	// byProvince holds the rules by a province's first two digits, in the
	// order of the packs; "" is for cases without a province yet. Rules that Go
	// judges, and those switched off, are not among them.
	byProvince map[string][]*rule
	words      *dictionary
	// searched are the fields that rules look for words in.
	searched []*field
	matters  sync.Pool // of *matter
}

// pack is the head of a loaded pack.
type pack struct {
	id, edition, scope, asOf string
	file                     string
	valid                    refdata.Validity
	source                   refdata.Text
	days                     daysFile
	facts                    []fact
	own                      bool // an operator's
	// overrides and off are changes of other packs' rules as they are written.
	overrides, off []yaml.Node
}

// rule is a rule ready to run.
type rule struct {
	pack       *pack
	file       string
	line       int
	id         string
	severity   icp.Severity
	message    string
	suggest    string
	material   icp.MaterialKind
	perWebsite bool         // the material is
	text       refdata.Text // an operator's own, instead of a message
	about      refdata.Text
	expr       string       // an operator's expression, instead of a predicate
	off        refdata.Text // why an operator switched it off
	changed    refdata.Text // why an operator overrides it
	override   *fault       // where that stands; nil for none
	predicate  string
	judgedBy   string // what judges it in Go; judge is nil then
	codes      []string
	field      *field // nil for some that Go judges
	source     refdata.Text
	shown      map[string]string // all parameters, for describing
	params     map[string]string // single values, for findings
	judge      judge
	from, to   int // the first and last day, as 20260615
	// trigger is the list of words without one of which there is no fault; -1
	// for none.
	trigger   int32
	onEmpty   bool
	always    bool   // finds fault wherever it applies
	list      string // the reference file by whose rows it judges; empty: none
	applies   applies
	replaces  []string
	replacers []*rule
	examples  examplesFile
	// examplesIn is the file of the examples: the rule's, or that of an override.
	examplesIn string
	told       Examples
}

// Builtin gives the packs of the product. The error is a fault of the build or
// of code tables that lack a name that the packs use.
func Builtin(tables *refdata.Tables) (*Set, error) { return Load(tables, Packs()) }

// Load reads every .yaml file under the given roots, in the order of the roots
// and then of the paths. The first root holds the product's packs, those after it
// an operator's. The error joins one line for each fault, with file and line: a
// field, predicate, parameter, province, content, material or cell that there is
// none of, an expression that is wrong or costs too much, a rule id that stands
// twice, a rule without message or source, a change of a rule without a reason.
// Whether messages have texts is for [Set.CheckTexts].
func Load(tables *refdata.Tables, files ...fs.FS) (*Set, error) {
	l := loader{build: build{tables: tables, places: newPlaces(tables), words: newDictionary()}, seen: map[string]*rule{}, written: map[string]*ruleFile{}}
	hash := sha256.New()
	for i, root := range files {
		l.own = i > 0
		err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".yaml") {
				return err
			}
			text, err := fs.ReadFile(root, name)
			if err != nil {
				return err
			}
			_, _ = fmt.Fprintf(hash, "%s\n%d\n", name, len(text))
			hash.Write(text)
			l.file(name, text)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read rule packs: %w", err)
		}
	}
	l.changes()
	l.replacements()
	l.facts()
	if err := errors.Join(l.faults...); err != nil {
		return nil, err
	}
	if len(l.rules) == 0 {
		return nil, errors.New("there are no rules")
	}
	l.words.finish()
	s := &Set{words: l.words, searched: l.searched, tables: tables, rules: l.rules, packs: l.packs, byID: l.seen, byProvince: map[string][]*rule{},
		version: l.edition + "+" + hex.EncodeToString(hash.Sum(nil))[:8]}
	s.sortIn()
	return s, nil
}

// sortIn lays the rules out by province.
func (s *Set) sortIn() {
	codes := []string{""}
	for _, p := range s.tables.Provinces() {
		codes = append(codes, p.Code[:2])
	}
	for _, two := range codes {
		for _, r := range s.rules {
			if r.judge != nil && !r.isOff() && r.applies.province(two) {
				s.byProvince[two] = append(s.byProvince[two], r)
			}
		}
	}
}

// Version names the edition of the rules: the latest day of the packs' editions
// and the beginning of a hash of their contents.
func (s *Set) Version() string { return s.version }

type loader struct {
	build
	packs []*pack
	rules []*rule
	seen  map[string]*rule
	// written are the rules as they stand in their files, for overrides.
	written map[string]*ruleFile
	edition string
	// searched are the fields that rules look for words in.
	searched []*field
	own      bool // the files at hand are an operator's
	faults   []error
}

func (l *loader) fault(file string, line int, err error) {
	l.faults = append(l.faults, &fault{file: file, line: line, err: err})
}

func (l *loader) file(name string, text []byte) {
	var doc, more yaml.Node
	read := yaml.NewDecoder(bytes.NewReader(text))
	if err := read.Decode(&doc); err != nil {
		l.fault(name, lineOf(err, 1), err)
		return
	}
	if err := read.Decode(&more); !errors.Is(err, io.EOF) {
		l.fault(name, max(more.Line, 1), errors.New("a file holds one pack"))
		return
	}
	var f packFile
	if line, err := decode(doc.Content[0], &f); err != nil {
		l.fault(name, line, err)
		return
	}
	p, err := l.head(name, &f)
	if err != nil {
		line, err := locate(doc.Content[0], err)
		l.fault(name, line, err)
		return
	}
	l.packs = append(l.packs, p)
	l.edition = max(l.edition, f.Edition)
	for i := range f.Rules {
		r, err := l.rule(p, &f.Rules[i])
		if err != nil {
			line, err := locate(&f.Rules[i], err)
			l.fault(name, line, err)
			continue
		}
		l.seen[r.id] = r
		l.rules = append(l.rules, r)
	}
}

// head reads what stands above a pack's rules.
func (l *loader) head(name string, f *packFile) (*pack, error) {
	if err := f.check(l.tables); err != nil {
		return nil, err
	}
	p := &pack{id: f.ID, edition: f.Edition, scope: f.Scope, source: f.Source, asOf: f.AsOf, file: name, own: l.own,
		valid: refdata.Validity{From: f.ValidFrom, To: f.ValidTo}, overrides: f.Overrides, off: f.Off}
	if !p.own {
		for key, has := range map[string]bool{"overrides": len(f.Overrides) > 0, "off": len(f.Off) > 0} {
			if has {
				return nil, of(key, fmt.Errorf("%s belongs to packs of an operator", key))
			}
		}
	}
	for _, other := range l.packs {
		if other.id == p.id {
			return nil, of("id", fmt.Errorf("pack %s stands in %s too", p.id, other.file))
		}
	}
	if line, err := decode(&f.AuthorityDays, &p.days); err != nil {
		return nil, &fault{line: line, err: err}
	}
	if f.AuthorityDays.Kind != 0 && (p.scope == National || p.days.Least < 1 || p.days.Most < p.days.Least) {
		return nil, of("authority_days", errors.New("authority_days belong to the pack of a province, least is 1 or more, most not below it"))
	}
	for i := range f.Facts {
		x := fact{line: f.Facts[i].Line}
		if line, err := decode(&f.Facts[i], &x.factFile); err != nil {
			return nil, &fault{line: line, err: err}
		}
		if err := x.check(p); err != nil {
			line, err := locate(&f.Facts[i], err)
			return nil, &fault{line: line, err: err}
		}
		p.facts = append(p.facts, x)
	}
	return p, nil
}

// rule reads one rule.
func (l *loader) rule(p *pack, n *yaml.Node) (*rule, error) {
	var f ruleFile
	if line, err := decode(n, &f); err != nil {
		return nil, &fault{line: line, err: err}
	}
	if err := f.check(p.own); err != nil {
		return nil, err
	}
	if other := l.seen[f.ID]; other != nil {
		return nil, fmt.Errorf("rule %s stands in %s:%d too", f.ID, other.file, other.line)
	}
	l.written[f.ID] = &f
	return l.make(p, n.Line, &f)
}

// make compiles one rule.
func (l *loader) make(p *pack, line int, f *ruleFile) (*rule, error) {
	r := &rule{pack: p, file: p.file, line: line, id: f.ID, severity: icp.Severity(f.Severity), message: f.Message, text: f.Text, about: f.About,
		expr: f.Expr.Value, suggest: f.Suggest, predicate: f.Predicate, judgedBy: f.JudgedBy, codes: f.Codes, field: fields[f.Field], source: f.Source,
		replaces: f.Replaces, examples: f.Examples, examplesIn: p.file, trigger: -1, from: dayNumber(p.valid.From, 0), to: dayNumber(p.valid.To, math.MaxInt)}
	if r.source == (refdata.Text{}) {
		r.source = p.source
	}
	r.shown, r.params = flatten(&f.Params)
	if err := l.compile(r, f); err != nil {
		var in *fault
		if errors.As(err, &in) {
			return nil, in
		}
		var k *keyed
		if errors.As(err, &k) {
			return nil, of(k.key, fmt.Errorf("rule %s: %w", f.ID, k.err))
		}
		return nil, fmt.Errorf("rule %s: %w", f.ID, err)
	}
	return r, nil
}

// compile turns a rule's words into what runs.
func (l *loader) compile(r *rule, f *ruleFile) error {
	var err error
	if r.told, err = examplesText(&f.Examples); err != nil {
		return of("examples", err)
	}
	if r.applies, err = compileApplies(f.Applies, r.pack.scope, r.field, l.tables); err != nil {
		return of("applies", err)
	}
	if r.judgedBy != "" {
		return nil
	}
	if err := r.setMaterial(icp.MaterialKind(f.Material)); err != nil {
		return of("material", err)
	}
	if err := r.checkWords(); err != nil {
		return err
	}
	if f.Expr.Kind != 0 {
		r.judge, err = expression(&f.Expr, r.field)
		r.onEmpty = true
		return of("expr", err)
	}
	return l.predicate(r, f)
}

// setMaterial makes a rule ask for a paper.
func (r *rule) setMaterial(kind icp.MaterialKind) error {
	if kind == "" {
		return nil
	}
	perWebsite, ok := icp.RuleMaterials()[kind]
	switch {
	case !ok:
		return fmt.Errorf("material %q is none that rules may ask for", kind)
	case r.severity == icp.SeverityInfo:
		return errors.New("a material is asked for with severity error or recommended with warning")
	}
	r.material, r.perWebsite = kind, perWebsite
	return nil
}

func (l *loader) predicate(r *rule, f *ruleFile) error {
	p, ok := predicates[f.Predicate]
	if !ok {
		return of("predicate", fmt.Errorf("unknown predicate %q", f.Predicate))
	}
	if !p.judges(r.field) {
		return of("field", fmt.Errorf("predicate %s does not judge the field %s", f.Predicate, f.Field))
	}
	if r.field.text == nil && !p.onEmpty {
		return of("field", fmt.Errorf("predicate %s judges text, which %s has not", f.Predicate, f.Field))
	}
	b := l.build
	b.node, b.field, b.trigger = &f.Params, r.field, -1
	judge, err := p.build(&b)
	if r.trigger = b.trigger; b.searches {
		l.search(r.field)
	}
	if b.searchesName {
		l.search(subjectName)
	}
	r.judge, r.onEmpty, r.always, r.list = judge, p.onEmpty, p.always, b.list
	return of("params", err)
}

// search has a field's texts searched for words. The three paths of a person's
// field are one.
func (l *loader) search(f *field) {
	if f.reach == perPerson {
		f = fields["/principals/*/"+f.name()]
	}
	if f.text != nil && !slices.Contains(l.searched, f) {
		l.searched = append(l.searched, f)
	}
}

// dayNumber writes a day as 20260615; otherwise stands for no day.
func dayNumber(day string, otherwise int) int {
	n, err := strconv.Atoi(strings.ReplaceAll(day, "-", ""))
	if err != nil {
		return otherwise
	}
	return n
}

// flatten gives parameters as text: all of them, and those of a single value.
func flatten(n *yaml.Node) (all, single map[string]string) {
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		return nil, nil
	}
	all, single = map[string]string{}, map[string]string{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i].Value, n.Content[i+1]
		if value.Kind == yaml.ScalarNode {
			all[key], single[key] = value.Value, value.Value
			continue
		}
		var items []string
		for _, item := range value.Content {
			items = append(items, item.Value)
		}
		all[key] = strings.Join(items, "、")
	}
	if len(single) == 0 {
		single = nil
	}
	return all, single
}
