// Package i18n has the message catalogues, zh-CN and en: every text that a
// person reads, by key.
//
// The texts are YAML files in messages/<language>/, one file per area. Keys are
// dotted and may be written nested or whole. {name} in a text stands for a
// variable; a doubled brace stands for itself. The package promises, by test,
// that both languages have the same keys with the same variables. A key that
// is missing shows as itself, never as nothing. Start at [Messages] and
// [Catalogue.Text].
package i18n

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"gopkg.in/yaml.v3"
)

// Lang is a language of the product, as a BCP 47 tag.
type Lang string

// The languages. Chinese is the one that everything falls back to.
const (
	Chinese Lang = "zh-CN"
	English Lang = "en"
)

// Langs gives the languages, the default first.
func Langs() []Lang { return []Lang{Chinese, English} }

// matcher holds the languages in the order of Langs.
var matcher = language.NewMatcher([]language.Tag{language.MustParse(string(Chinese)), language.English})

// Match gives the language that suits an Accept-Language header best; Chinese
// when none does or the header is damaged.
func Match(acceptLanguage string) Lang {
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(tags) == 0 {
		return Chinese
	}
	_, index, confidence := matcher.Match(tags...)
	if confidence == language.No {
		return Chinese
	}
	return Langs()[index]
}

// Catalogue has the texts of all languages. It is not changed after it was
// loaded, so it is safe for concurrent use.
type Catalogue struct {
	texts map[Lang]map[string]message
}

//go:embed messages
var embedded embed.FS

var messages = sync.OnceValue(func() *Catalogue {
	root, err := fs.Sub(embedded, "messages")
	if err != nil {
		panic("i18n: " + err.Error())
	}
	c, err := Load(root)
	if err != nil {
		panic("i18n: the built-in messages are damaged: " + err.Error())
	}
	return c
})

// Messages gives the built-in catalogue. It panics when that is damaged, which
// the tests of this package rule out.
func Messages() *Catalogue { return messages() }

// Load reads a catalogue from a folder with one folder per language. It refuses
// a key that is there twice and a text with broken variables.
func Load(root fs.FS) (*Catalogue, error) {
	c := &Catalogue{texts: map[Lang]map[string]message{}}
	for _, lang := range Langs() {
		texts := map[string]message{}
		files, err := fs.Glob(root, path.Join(string(lang), "*.yaml"))
		if err != nil {
			return nil, fmt.Errorf("list messages: %w", err)
		}
		if len(files) == 0 {
			return nil, fmt.Errorf("there are no messages in %s", lang)
		}
		for _, name := range files {
			if err := loadFile(root, name, texts); err != nil {
				return nil, err
			}
		}
		c.texts[lang] = texts
	}
	return c, nil
}

func loadFile(root fs.FS, name string, texts map[string]message) error {
	f, err := root.Open(name)
	if err != nil {
		return fmt.Errorf("open messages: %w", err)
	}
	defer func() { _ = f.Close() }()
	var doc yaml.Node
	err = yaml.NewDecoder(f).Decode(&doc)
	if errors.Is(err, io.EOF) {
		return nil // a file with comments only leaves room for an area
	}
	if err != nil {
		return fmt.Errorf("read messages %s: %w", name, err)
	}
	if err := flatten(doc.Content[0], "", texts); err != nil {
		return fmt.Errorf("read messages %s:%w", name, err)
	}
	return nil
}

// flatten turns nested keys into dotted ones.
func flatten(n *yaml.Node, key string, texts map[string]message) error {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if err := flatten(n.Content[i+1], strings.TrimPrefix(key+"."+n.Content[i].Value, "."), texts); err != nil {
				return err
			}
		}
		return nil
	case yaml.ScalarNode:
		if key == "" {
			return fmt.Errorf("%d: a text without a key", n.Line)
		}
		if _, twice := texts[key]; twice {
			return fmt.Errorf("%d: %s is there twice", n.Line, key)
		}
		m, err := parse(n.Value)
		if err != nil {
			return fmt.Errorf("%d: %s: %w", n.Line, key, err)
		}
		if n.Tag == "!!null" || strings.TrimSpace(n.Value) == "" {
			return fmt.Errorf("%d: %s is empty", n.Line, key)
		}
		texts[key] = m
		return nil
	case yaml.DocumentNode, yaml.SequenceNode, yaml.AliasNode:
	}
	return fmt.Errorf("%d: %s is neither a text nor a group of texts", n.Line, key)
}

// Text gives a message with its variables filled in. A variable without a
// value shows as its name in braces. A missing message is looked up in
// Chinese, and then shows as its key.
func (c *Catalogue) Text(lang Lang, key string, params map[string]string) string {
	m, ok := c.texts[lang][key]
	if !ok {
		m, ok = c.texts[Chinese][key]
	}
	if !ok {
		return key
	}
	return m.fill(params)
}

// Has reports whether every language has a message.
func (c *Catalogue) Has(key string) bool {
	for _, lang := range Langs() {
		if _, ok := c.texts[lang][key]; !ok {
			return false
		}
	}
	return true
}

// First gives the first of the keys that there is a message for, and the last
// key when there is none: from an exact code to the general text of its kind.
func (c *Catalogue) First(keys ...string) string {
	for _, key := range keys {
		if key != "" && c.Has(key) {
			return key
		}
	}
	if len(keys) == 0 {
		return ""
	}
	return keys[len(keys)-1]
}

// Keys gives the keys of a language that begin with prefix, sorted.
func (c *Catalogue) Keys(lang Lang, prefix string) []string {
	var keys []string
	for key := range c.texts[lang] {
		if strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// Export gives the texts of a language whose keys begin with prefix, variables
// unfilled, for the web.
func (c *Catalogue) Export(lang Lang, prefix string) map[string]string {
	out := map[string]string{}
	for key, m := range c.texts[lang] {
		if strings.HasPrefix(key, prefix) {
			out[key] = m.source
		}
	}
	return out
}

// Variables gives the names of a message's variables, sorted, each once.
func (c *Catalogue) Variables(lang Lang, key string) []string {
	var names []string
	for _, p := range c.texts[lang][key].pieces {
		if p.variable {
			names = append(names, p.text)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
