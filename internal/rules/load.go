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
	"slices"
	"strings"

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
	rules   []*rule
	// byProvince holds the rules by a province's first two digits, in the
	// order of the packs; "" is for cases without a province yet.
	byProvince map[string][]*rule
}

// pack is the head of a loaded pack.
type pack struct {
	id, edition, scope string
	valid              refdata.Validity
	source             refdata.Text
}

// rule is a rule ready to run.
type rule struct {
	pack      *pack
	file      string
	line      int
	id        string
	severity  icp.Severity
	message   string
	field     *field
	source    refdata.Text
	shown     map[string]string // all parameters, for describing
	params    map[string]string // single values, for findings
	judge     judge
	onEmpty   bool
	applies   applies
	replaces  []string
	replacers []*rule
	examples  examplesFile
}

// Builtin gives the packs of the product. The error is a fault of the build or
// of code tables that lack a name that the packs use.
func Builtin(tables *refdata.Tables) (*Set, error) { return Load(tables, Packs()) }

// Load reads every .yaml file under the given roots, in the order of the roots
// and then of the paths. The error joins one line for each fault, with file and
// line: a field, predicate, parameter, province or content that there is none
// of, a rule id that stands twice, a rule without message or source.
func Load(tables *refdata.Tables, files ...fs.FS) (*Set, error) {
	l := loader{build: build{tables: tables, places: newPlaces(tables)}, seen: map[string]*rule{}}
	hash := sha256.New()
	for _, root := range files {
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
	l.replacements()
	if err := errors.Join(l.faults...); err != nil {
		return nil, err
	}
	if len(l.rules) == 0 {
		return nil, errors.New("there are no rules")
	}
	s := &Set{tables: tables, rules: l.rules, byProvince: map[string][]*rule{},
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
			if r.applies.province(two) {
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
	rules   []*rule
	seen    map[string]*rule
	edition string
	faults  []error
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
	if err := f.check(l.tables); err != nil {
		l.fault(name, doc.Content[0].Line, err)
		return
	}
	p := &pack{id: f.ID, edition: f.Edition, scope: f.Scope, source: f.Source,
		valid: refdata.Validity{From: f.ValidFrom, To: f.ValidTo}}
	l.edition = max(l.edition, f.Edition)
	for i := range f.Rules {
		r, line, err := l.rule(p, &f.Rules[i])
		if err != nil {
			l.fault(name, line, err)
			continue
		}
		r.file = name
		l.seen[r.id] = r
		l.rules = append(l.rules, r)
	}
}

// rule compiles one rule; on error it gives the line.
func (l *loader) rule(p *pack, n *yaml.Node) (*rule, int, error) {
	var f ruleFile
	if line, err := decode(n, &f); err != nil {
		return nil, line, err
	}
	if err := f.check(); err != nil {
		return nil, n.Line, err
	}
	if other := l.seen[f.ID]; other != nil {
		return nil, n.Line, fmt.Errorf("rule %s stands in %s:%d too", f.ID, other.file, other.line)
	}
	r := &rule{pack: p, line: n.Line, id: f.ID, severity: icp.Severity(f.Severity), message: f.Message,
		field: fields[f.Field], source: f.Source, replaces: f.Replaces, examples: f.Examples}
	if r.source == (refdata.Text{}) {
		r.source = p.source
	}
	r.shown, r.params = flatten(&f.Params)
	if err := l.predicate(r, &f); err != nil {
		var in *fault
		if errors.As(err, &in) {
			return nil, in.line, in.err
		}
		return nil, n.Line, fmt.Errorf("rule %s: %w", f.ID, err)
	}
	var err error
	if r.applies, err = compileApplies(f.Applies, p.scope, r.field, l.tables); err != nil {
		return nil, n.Line, fmt.Errorf("rule %s: %w", f.ID, err)
	}
	return r, 0, nil
}

func (l *loader) predicate(r *rule, f *ruleFile) error {
	p, ok := predicates[f.Predicate]
	if !ok {
		return fmt.Errorf("unknown predicate %q", f.Predicate)
	}
	if p.reach != nil && !slices.Contains(p.reach, r.field.reach) || p.field != "" && p.field != f.Field {
		return fmt.Errorf("predicate %s does not judge the field %s", f.Predicate, f.Field)
	}
	if r.field.text == nil && !p.onEmpty {
		return fmt.Errorf("predicate %s judges text, which %s has not", f.Predicate, f.Field)
	}
	b := l.build
	b.node, b.field = &f.Params, r.field
	var err error
	r.judge, err = p.build(&b)
	r.onEmpty = p.onEmpty
	return err
}

// replacements ties rules to those that they stand for.
func (l *loader) replacements() {
	for _, r := range l.rules {
		for _, id := range r.replaces {
			switch old := l.seen[id]; old {
			case nil:
				l.fault(r.file, r.line, fmt.Errorf("rule %s replaces %s, which there is none of", r.id, id))
			case r:
				l.fault(r.file, r.line, fmt.Errorf("rule %s replaces itself", r.id))
			default:
				old.replacers = append(old.replacers, r)
			}
		}
	}
}

// flatten gives parameters as text: all of them, and those of a single value.
func flatten(n *yaml.Node) (all, single map[string]string) {
	if n.Kind != yaml.MappingNode {
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
	return all, single
}
