package rules

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

// National is the scope of a pack that holds in all provinces.
const National = "national"

// packFile is a pack as it is written.
type packFile struct {
	ID        string       `yaml:"id"`
	Edition   string       `yaml:"edition"` // such as 2026-11-24
	ValidFrom string       `yaml:"valid_from"`
	ValidTo   string       `yaml:"valid_to"`
	Scope     string       `yaml:"scope"`
	Source    refdata.Text `yaml:"source"`
	// AsOf is the year, month or day of the source.
	AsOf string `yaml:"as_of"`
	// AuthorityDays is how long the province's authority takes as a rule.
	AuthorityDays yaml.Node   `yaml:"authority_days"`
	Facts         []yaml.Node `yaml:"facts"`
	Rules         []yaml.Node `yaml:"rules"`
	// Overrides and Off change rules of other packs; only an operator's pack
	// has them.
	Overrides []yaml.Node `yaml:"overrides"`
	Off       []yaml.Node `yaml:"off"`
}

// daysFile is a span of working days as it is written.
type daysFile struct {
	Least int `yaml:"least"`
	Most  int `yaml:"most"`
}

// factFile is what a source states, and what the pack makes of it.
type factFile struct {
	Cell    string       `yaml:"cell"`
	Fact    refdata.Text `yaml:"fact"`
	Rules   []string     `yaml:"rules"`
	LeftOut refdata.Text `yaml:"left_out"`
	// AuthorityDays says that the pack's head has it.
	AuthorityDays bool `yaml:"authority_days"`
}

// ruleFile is a rule as it is written.
type ruleFile struct {
	ID        string    `yaml:"id"`
	Predicate string    `yaml:"predicate"`
	Params    yaml.Node `yaml:"params"`
	// Expr is an operator's expression, instead of a predicate: true is the fault.
	Expr yaml.Node `yaml:"expr"`
	// JudgedBy names what checks the rule in Go, instead of a predicate; Codes
	// are the messages of that check.
	JudgedBy string   `yaml:"judged_by"`
	Codes    []string `yaml:"codes"`
	Severity string   `yaml:"severity"`
	Field    string   `yaml:"field"`
	Message  string   `yaml:"message"`
	// Text and About are an operator's own words instead of a message: what a
	// finding tells, and the rule.
	Text  refdata.Text `yaml:"text"`
	About refdata.Text `yaml:"about"`
	// Material is the kind of paper that is asked for instead of a finding.
	Material string `yaml:"material"`
	// Suggest is the key of a text that the applicant can put into the field.
	Suggest string `yaml:"suggest"`
	// Replaces names the rules that this one stands for where it applies.
	Replaces []string     `yaml:"replaces"`
	Source   refdata.Text `yaml:"source"` // where it is not the pack's
	Applies  appliesFile  `yaml:"applies"`
	Examples examplesFile `yaml:"examples"`
}

// appliesFile says for which cases a rule is; an empty list is no limit.
type appliesFile struct {
	Types     []string `yaml:"types"`
	Natures   []string `yaml:"natures"`   // ids, unit, individual, state, not_state
	Provinces []string `yaml:"provinces"` // codes, letters or Chinese short names
	// CertificateTypes are those of the subject.
	CertificateTypes []int `yaml:"certificate_types"`
	// Contents and ContentsNot are ids or Chinese names of service contents.
	Contents    []string `yaml:"contents"`
	ContentsNot []string `yaml:"contents_not"`
}

type examplesFile struct {
	Pass []yaml.Node `yaml:"pass"`
	Fail []yaml.Node `yaml:"fail"`
}

// fault is what is wrong in a file, with the line.
type fault struct {
	file string
	line int
	err  error
}

func (f *fault) Error() string { return fmt.Sprintf("%s:%d: %v", f.file, f.line, f.err) }
func (f *fault) Unwrap() error { return f.err }

// keyed is what is wrong with the value of a key.
type keyed struct {
	key string
	err error
}

func (k *keyed) Error() string { return k.err.Error() }
func (k *keyed) Unwrap() error { return k.err }

// of names the key that an error is about; nil stays nil.
func of(key string, err error) error {
	if err == nil {
		return nil
	}
	return &keyed{key: key, err: err}
}

// locate gives the line of what is wrong in a mapping, and the error.
func locate(n *yaml.Node, err error) (int, error) {
	var in *fault
	if errors.As(err, &in) {
		return in.line, in.err
	}
	var k *keyed
	if errors.As(err, &k) {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == k.key {
				return n.Content[i].Line, err
			}
		}
	}
	return n.Line, err
}

// decode reads a mapping into a struct and refuses fields that it has not.
func decode(n *yaml.Node, into any) (line int, err error) {
	if n.Kind == 0 {
		return 0, nil
	}
	if n.Kind != yaml.MappingNode {
		return n.Line, errors.New("fields are wanted here")
	}
	known := fieldNodes(reflect.TypeOf(into).Elem())
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		t, ok := known[key.Value]
		if !ok {
			return key.Line, fmt.Errorf("unknown field %q", key.Value)
		}
		if t.Kind() == reflect.Struct && t != reflect.TypeFor[yaml.Node]() {
			if line, err := decode(value, reflect.New(t).Interface()); err != nil {
				return line, err
			}
		}
	}
	if err := n.Decode(into); err != nil {
		return lineOf(err, n.Line), err
	}
	return 0, nil
}

// lineOf gives the line that a YAML error names, which its type does not hold.
func lineOf(err error, otherwise int) int {
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		n, _ := strconv.Atoi(m[1]) // digits by the form
		return n
	}
	return otherwise
}

// fieldNodes gives the types of a struct's fields by their YAML names.
func fieldNodes(t reflect.Type) map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		if name == "" {
			name = strings.ToLower(t.Field(i).Name)
		}
		out[name] = t.Field(i).Type
	}
	return out
}

var (
	idForm      = regexp.MustCompile(`^[a-z0-9]+(?:[._-][a-z0-9]+)*$`)
	yamlLine    = regexp.MustCompile(`line (\d{1,9}):`)
	messageForm = regexp.MustCompile(`^rule(?:\.[a-z0-9_]+)+$`)
	codeForm    = regexp.MustCompile(`^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+$`)
	asOfForm    = regexp.MustCompile(`^\d{4}(?:-\d\d(?:-\d\d)?)?$`)
	packFields  = []string{"id", "edition", "scope", "source"}
)

// cells are the subjects under which packs state facts.
var cells = []string{"non_local", "age", "principal", "phone", "papers", "time", "name", "content", "remark", "domain",
	"quantity", "closing", "change", "type", "subject", "resource", "material", "restriction"}

// checkers are what may judge a rule in Go.
var checkers = []string{"form", "domains", "resources", "materials", "accounts", "types", "lifecycle"}

// check holds the head of a pack against what every pack must have.
func (p *packFile) check(tables *refdata.Tables) error {
	for i, v := range []string{p.ID, p.Edition, p.Scope, p.Source.ZH} {
		if v == "" {
			return fmt.Errorf("%s is missing", packFields[i])
		}
	}
	if !idForm.MatchString(p.ID) {
		return of("id", fmt.Errorf("id %q is not small letters, digits and dots", p.ID))
	}
	if p.Scope != National {
		if prov, ok := tables.Province(p.Scope); !ok || prov.Code != p.Scope {
			return of("scope", fmt.Errorf("scope %q is neither %s nor the code of a province", p.Scope, National))
		}
	}
	if len(p.Rules)+len(p.Facts)+len(p.Overrides)+len(p.Off) == 0 {
		return errors.New("rules are missing")
	}
	for key, day := range map[string]string{"edition": p.Edition, "valid_from": p.ValidFrom, "valid_to": p.ValidTo} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			return of(key, fmt.Errorf("%q is no day such as 2026-11-24", day))
		}
	}
	if p.ValidTo != "" && p.ValidFrom > p.ValidTo {
		return of("valid_to", errors.New("valid_to comes before valid_from"))
	}
	if p.AsOf != "" && !asOfForm.MatchString(p.AsOf) {
		return of("as_of", fmt.Errorf("as_of %q is no year, month or day", p.AsOf))
	}
	return nil
}

// check holds a rule's own words against their forms; own says that the rule is
// an operator's.
func (r *ruleFile) check(own bool) error {
	switch {
	case !idForm.MatchString(r.ID):
		return of("id", fmt.Errorf("id %q is not small letters, digits and dots", r.ID))
	case r.Suggest != "" && !messageForm.MatchString(r.Suggest):
		return of("suggest", fmt.Errorf("suggest %q is no key such as rule.suggest.pledge", r.Suggest))
	case fields[r.Field] == nil && (r.Field != "" || r.JudgedBy == ""):
		return of("field", fmt.Errorf("unknown field %q of a case", r.Field))
	}
	for _, err := range []error{checkSeverity(r.Severity), r.checkText(own), r.checkWays(own)} {
		if err != nil {
			return err
		}
	}
	if r.JudgedBy != "" {
		return r.checkElsewhere()
	}
	if len(r.Codes) > 0 {
		return of("codes", errors.New("codes belong to rules with judged_by"))
	}
	return nil
}

func checkSeverity(s string) error {
	if !slices.Contains([]icp.Severity{icp.SeverityError, icp.SeverityWarning, icp.SeverityInfo}, icp.Severity(s)) {
		return of("severity", fmt.Errorf("severity %q is none of error, warning, info", s))
	}
	return nil
}

// checkText holds that a rule has a message or, of an operator, own words.
func (r *ruleFile) checkText(own bool) error {
	none := refdata.Text{}
	switch {
	case r.Text == none && r.About == none:
		if !messageForm.MatchString(r.Message) {
			return of("message", fmt.Errorf("message %q is no key such as rule.website.name.short", r.Message))
		}
		return nil
	case !own || r.JudgedBy != "":
		return of("text", errors.New("text and about belong to rules of an operator that are judged here"))
	case r.Message != "":
		return of("message", errors.New("a rule has a message or text and about, not both"))
	case r.Text.ZH == "":
		return of("text", errors.New("text.zh is missing: what the finding tells, and how to mend it"))
	case r.About.ZH == "":
		return of("about", errors.New("about.zh is missing: the rule in a sentence"))
	}
	return nil
}

// checkWays holds that a rule is judged in one way.
func (r *ruleFile) checkWays(own bool) error {
	switch {
	case r.JudgedBy != "" && (r.Predicate != "" || r.Expr.Kind != 0):
		return of("judged_by", errors.New("a rule has a predicate or is judged elsewhere, not both"))
	case r.Expr.Kind == 0:
		return nil
	case !own:
		return of("expr", errors.New("expr belongs to packs of an operator"))
	case r.Predicate != "" || r.Params.Kind != 0:
		return of("expr", errors.New("a rule has a predicate with params or expr, not both"))
	case r.Expr.Kind != yaml.ScalarNode || strings.TrimSpace(r.Expr.Value) == "":
		return of("expr", errors.New("expr is an expression as text"))
	}
	return nil
}

// checkElsewhere holds a rule that Go judges against what it cannot have.
func (r *ruleFile) checkElsewhere() error {
	if !slices.Contains(checkers, r.JudgedBy) {
		return of("judged_by", fmt.Errorf("judged_by %q is none of %s", r.JudgedBy, strings.Join(checkers, ", ")))
	}
	for _, code := range r.Codes {
		if !codeForm.MatchString(code) {
			return of("codes", fmt.Errorf("code %q is no key of a message", code))
		}
	}
	for key, has := range map[string]bool{"material": r.Material != "", "suggest": r.Suggest != "", "replaces": len(r.Replaces) > 0,
		"examples": len(r.Examples.Pass)+len(r.Examples.Fail) > 0} {
		if has {
			return of(key, fmt.Errorf("rule %s is judged elsewhere and has no %s", r.ID, key))
		}
	}
	return nil
}

// jsonName is a field's name in JSON.
func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}
