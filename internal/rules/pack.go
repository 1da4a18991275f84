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
	Rules     []yaml.Node  `yaml:"rules"`
}

// ruleFile is a rule as it is written.
type ruleFile struct {
	ID        string    `yaml:"id"`
	Predicate string    `yaml:"predicate"`
	Params    yaml.Node `yaml:"params"`
	Severity  string    `yaml:"severity"`
	Field     string    `yaml:"field"`
	Message   string    `yaml:"message"`
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
	packFields  = []string{"id", "edition", "scope", "source", "rules"}
)

// check holds the head of a pack against what every pack must have.
func (p *packFile) check(tables *refdata.Tables) error {
	for i, v := range []string{p.ID, p.Edition, p.Scope, p.Source.ZH} {
		if v == "" {
			return fmt.Errorf("%s is missing", packFields[i])
		}
	}
	if !idForm.MatchString(p.ID) {
		return fmt.Errorf("id %q is not small letters, digits and dots", p.ID)
	}
	if p.Scope != National {
		if prov, ok := tables.Province(p.Scope); !ok || prov.Code != p.Scope {
			return fmt.Errorf("scope %q is neither %s nor the code of a province", p.Scope, National)
		}
	}
	if len(p.Rules) == 0 {
		return errors.New("rules are missing")
	}
	for _, day := range []string{p.Edition, p.ValidFrom, p.ValidTo} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			return fmt.Errorf("%q is no day such as 2026-11-24", day)
		}
	}
	if p.ValidTo != "" && p.ValidFrom > p.ValidTo {
		return errors.New("valid_to comes before valid_from")
	}
	return nil
}

// check holds a rule's own words against their forms.
func (r *ruleFile) check() error {
	switch {
	case !idForm.MatchString(r.ID):
		return fmt.Errorf("id %q is not small letters, digits and dots", r.ID)
	case !messageForm.MatchString(r.Message):
		return fmt.Errorf("message %q is no key such as rule.website.name.short", r.Message)
	case fields[r.Field] == nil:
		return fmt.Errorf("unknown field %q of a case", r.Field)
	case !slices.Contains([]icp.Severity{icp.SeverityError, icp.SeverityWarning, icp.SeverityInfo}, icp.Severity(r.Severity)):
		return fmt.Errorf("severity %q is none of error, warning, info", r.Severity)
	}
	return nil
}
