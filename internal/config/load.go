package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"sort"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// FileVariable names the variable that holds the path of the settings file. It
// is no setting itself: whoever calls Load reads it.
const FileVariable = "BEIAN_CONFIG"

const prefix = "BEIAN_"

// Setting is one row of the table of settings.
type Setting struct {
	Key      string // as in the file: mail.host
	Variable string // as in the environment: BEIAN_SMTP_HOST
	Kind     string // text, secret, number, true/false, duration, size, list
	Default  string
	Help     string
}

// Table gives every setting in the order of the struct, with its default.
func Table() []Setting {
	c := Default()
	var rows []Setting
	for _, l := range leaves(&c) {
		rows = append(rows, Setting{l.key, l.variable, kindOf(l.value.Type()), show(l.value), l.help})
	}
	return rows
}

// Load reads the file at path ("" for none) and then the variables ("NAME=value",
// as os.Environ gives them) over base, which is Default() or Demo(). The error
// is Problems when what was read has faults, all of them; it does not include
// those that Check finds.
func Load(base Config, path string, environ []string) (Config, error) {
	var problems Problems
	if path != "" {
		text, err := os.ReadFile(path)
		if err != nil {
			return base, fmt.Errorf("read settings: %w", err)
		}
		problems = append(problems, readFile(&base, path, text)...)
	}
	problems = append(problems, readEnviron(&base, environ)...)
	if len(problems) > 0 {
		return base, problems
	}
	return base, nil
}

// leaf is one setting inside a Config.
type leaf struct {
	key, variable, help string
	value               reflect.Value
}

func leaves(c *Config) []leaf {
	return collect(reflect.ValueOf(c).Elem(), "", prefix)
}

func collect(v reflect.Value, key, variable string) []leaf {
	var all []leaf
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name := f.Tag.Get("yaml")
		env := f.Tag.Get("env")
		if env == "" {
			env = strings.ToUpper(name)
		}
		if isSection(f.Type) {
			all = append(all, collect(v.Field(i), key+name+".", variable+env+"_")...)
			continue
		}
		all = append(all, leaf{key + name, variable + env, f.Tag.Get("help"), v.Field(i)})
	}
	return all
}

func isSection(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t != reflect.TypeFor[Secret]()
}

func readEnviron(c *Config, environ []string) Problems {
	known := map[string]leaf{}
	names := []string{FileVariable}
	for _, l := range leaves(c) {
		known[l.variable] = l
		names = append(names, l.variable)
	}
	environ = append([]string(nil), environ...)
	sort.Strings(environ)
	var problems Problems
	for _, pair := range environ {
		name, text, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, prefix) || name == FileVariable {
			continue
		}
		l, ok := known[name]
		if !ok {
			problems = append(problems, Problem{Key: name, Where: "environment", Wrong: "there is no such variable", Mend: didYouMean(name, names)})
			continue
		}
		if err := set(l.value, text); err != nil {
			problems = append(problems, Problem{Key: name, Where: "environment", Wrong: "not a " + kindOf(l.value.Type()), Mend: err.Error()})
		}
	}
	return problems
}

func readFile(c *Config, path string, text []byte) Problems {
	d := yaml.NewDecoder(bytes.NewReader(text))
	var doc yaml.Node
	err := d.Decode(&doc)
	if errors.Is(err, io.EOF) {
		return nil // an empty file: all defaults
	}
	if err != nil {
		return Problems{{Where: path, Wrong: strings.TrimPrefix(err.Error(), "yaml: "), Mend: "mend the YAML; check indentation and quotes"}}
	}
	r := reader{path: path}
	r.section(doc.Content[0], reflect.ValueOf(c).Elem(), "")
	var more yaml.Node
	if !errors.Is(d.Decode(&more), io.EOF) {
		r.problem(&more, "", "a second document follows", "keep one document in the file")
	}
	return r.problems
}

// reader walks a YAML document and a struct together.
type reader struct {
	path     string
	problems Problems
}

func (r *reader) problem(n *yaml.Node, key, wrong, mend string) {
	r.problems = append(r.problems, Problem{Key: key, Where: r.path + ":" + strconv.Itoa(n.Line), Wrong: wrong, Mend: mend})
}

func (r *reader) section(n *yaml.Node, v reflect.Value, key string) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return // nothing written below the key: defaults
	}
	if n.Kind != yaml.MappingNode {
		r.problem(n, strings.TrimSuffix(key, "."), "settings are expected here", "write one “key: value” a line, indented alike")
		return
	}
	fields := map[string]int{}
	var names []string
	for i := range v.NumField() {
		name := v.Type().Field(i).Tag.Get("yaml")
		fields[name] = i
		names = append(names, name)
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		at, value := n.Content[i], n.Content[i+1]
		index, ok := fields[at.Value]
		switch {
		case !ok:
			r.problem(at, key+at.Value, "there is no such key", didYouMean(at.Value, names))
		case seen[at.Value]:
			r.problem(at, key+at.Value, "the key is there twice", "keep one of them")
		case isSection(v.Field(index).Type()):
			r.section(value, v.Field(index), key+at.Value+".")
		default:
			r.value(value, v.Field(index), key+at.Value)
		}
		seen[at.Value] = true
	}
}

func (r *reader) value(n *yaml.Node, v reflect.Value, key string) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return
	}
	if list, ok := v.Addr().Interface().(*[]string); ok && n.Kind == yaml.SequenceNode {
		*list = make([]string, 0, len(n.Content))
		for _, item := range n.Content {
			if item.Kind != yaml.ScalarNode {
				r.problem(item, key, "not a list of texts", "write one “- text” a line")
				return
			}
			*list = append(*list, item.Value)
		}
		return
	}
	if n.Kind != yaml.ScalarNode {
		r.problem(n, key, "not a "+kindOf(v.Type()), "write a single value")
		return
	}
	if err := set(v, n.Value); err != nil {
		r.problem(n, key, "not a "+kindOf(v.Type()), err.Error())
	}
}
