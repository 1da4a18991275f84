package rulebook

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/openbeian/beian/internal/form"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/rules"
)

// Example is a case on which a rule is tried, in words.
type Example struct {
	Passes bool
	// Lines are the answers and facts that differ from those of a case without
	// faults, and what the rule looks at.
	Lines []Line
	// Says is what the rule tells of the case; "" where it finds no fault.
	Says string
	// JSON is what differs from a case without faults, laid out for people.
	JSON string
}

// Line is an answer or a fact of an example.
type Line struct {
	Label, Value string
	// Judged says that the rule looks here.
	Judged bool
	// Usual says that the example leaves the answer as it is in a case without
	// faults.
	Usual bool
}

// Examples tells the cases on which a rule of a set is tried, those that pass
// first.
func Examples(s *rules.Set, id string, tables *refdata.Tables, lang i18n.Lang) []Example {
	var out []Example
	for _, x := range s.TryExamples(id) {
		d := &x.Case.Order.Data
		t := teller{tables: tables, lang: lang, sites: len(d.Websites), person: d.Subject.IsIndividual(), judged: judgedPlaces(x)}
		out = append(out, Example{Passes: x.Passes, Lines: t.tell(x), Says: says(s, x.Outcomes, lang), JSON: pretty(x.JSON)})
	}
	return out
}

// judgedPlaces are the pointers that the rule found fault at, or looked at where
// it found none.
func judgedPlaces(x rules.Tried) []string {
	var failed, all []string
	for _, o := range x.Outcomes {
		all = append(all, o.Pointer)
		if o.State == rules.Failed {
			failed = append(failed, o.Pointer)
		}
	}
	if len(failed) > 0 {
		return failed
	}
	return all
}

// says is the first thing that a rule tells of a case.
func says(s *rules.Set, found []rules.Outcome, lang i18n.Lang) string {
	for _, o := range found {
		key, params := "", map[string]string(nil)
		switch {
		case o.Finding != nil:
			key, params = o.Finding.Code, o.Finding.Params
		case o.Ask != nil:
			key, params = o.Ask.Message, o.Ask.Params
		default:
			continue
		}
		if own, ok := Finding(s, o.Rule, lang, params); ok {
			return own
		}
		return i18n.Messages().Text(lang, key, params)
	}
	return ""
}

// teller puts one example into words.
type teller struct {
	tables *refdata.Tables
	lang   i18n.Lang
	sites  int      // websites of the case
	person bool     // the subject is an individual
	judged []string // pointers
	lines  []Line
}

// parts are the parts of an example in the order in which they are told.
var parts = []string{"base", "type", "at", "subject", "filing", "websites", "real_name", "facts"}

func (t *teller) tell(x rules.Tried) []Line {
	var patch map[string]any
	if err := json.Unmarshal([]byte(x.JSON), &patch); err != nil {
		return nil // written as JSON by package rules
	}
	if sites, ok := patch["websites"].([]any); ok && len(sites) > 1 {
		t.add("/websites", strconv.Itoa(len(sites)), false)
	}
	for _, part := range parts {
		if v, ok := patch[part]; ok {
			t.walk("/"+part, v)
		}
	}
	if !slices.ContainsFunc(t.lines, func(l Line) bool { return l.Judged }) && len(t.judged) > 0 {
		t.usual(&x.Case.Order.Data, t.judged[0])
	}
	return t.lines
}

// usual tells an answer that the example leaves as it is.
func (t *teller) usual(d *icp.OrderData, at string) {
	if at == "/websites" {
		t.add(at, strconv.Itoa(len(d.Websites)), true)
		return
	}
	raw, err := json.Marshal(d)
	if err != nil {
		return
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return
	}
	own, isPrincipals := strings.CutPrefix(at, "/subject/principal/")
	found := find(v, at)
	if isPrincipals && (found == nil || found == "") {
		found = find(v, "/subject/"+own) // an individual answers for itself
	}
	if found != nil && found != "" {
		t.add(at, t.value(at, found), true)
	}
}

// find follows a pointer; nil where it leads nowhere.
func find(v any, pointer string) any {
	for name := range strings.SplitSeq(pointer[1:], "/") {
		switch of := v.(type) {
		case map[string]any:
			v = of[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(of) {
				return nil
			}
			v = of[i]
		default:
			return nil
		}
	}
	return v
}

func (t *teller) walk(at string, v any) {
	switch of := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(of)) {
			t.walk(at+"/"+strings.Trim(name, "/"), of[name])
		}
	case []any:
		if isList(at) {
			t.add(at, t.value(at, v), false)
			return
		}
		for i, item := range of {
			t.walk(at+"/"+strconv.Itoa(i), item)
		}
	default:
		t.add(at, t.value(at, v), false)
	}
}

// isList tells answers that are lists from lists of websites.
func isList(at string) bool {
	return strings.HasSuffix(at, "/languages") || strings.HasSuffix(at, "/pre_approvals")
}

func (t *teller) add(at, value string, usual bool) {
	t.lines = append(t.lines, Line{Label: t.label(at), Value: value, Judged: slices.Contains(t.judged, at), Usual: usual})
}

func (t *teller) text(key string, params map[string]string) string {
	return i18n.Messages().Text(t.lang, key, params)
}

// label names a place of an example; with its number where there are several
// websites.
func (t *teller) label(at string) string {
	name := at[strings.LastIndexByte(at, '/')+1:]
	label := ""
	switch {
	case at == "/base" || at == "/type" || at == "/at":
		return t.text("rules.example."+name, nil)
	case strings.HasPrefix(at, "/real_name/"):
		return t.text("rules.field.of_real_name", map[string]string{"field": FieldLabel("/subject/"+name, t.lang)})
	case strings.HasPrefix(at, "/facts/principals/subject/"):
		return t.text("rules.field.of_subject_principal", map[string]string{"field": t.text("rules.fact."+name, nil)})
	case strings.HasPrefix(at, "/facts/principals/"):
		return t.text("rules.field.of_website_principal", map[string]string{"field": t.text("rules.fact."+name, nil)})
	case strings.HasPrefix(at, "/facts/"):
		label = t.text("rules.fact."+name, nil)
	case at == "/websites":
		return FieldLabel(at, t.lang)
	case at == "/subject/name" && t.person:
		return t.text("form.field.subject.name.individual", nil)
	default:
		if label = FieldName(at, t.lang); label == "" {
			label = name
		}
	}
	if place, ok := site(at); ok && t.sites > 1 {
		return t.text("rules.field.of_website", map[string]string{"place": strconv.Itoa(place + 1), "field": label})
	}
	return label
}

// site is the index of the website that a pointer leads into.
func site(at string) (int, bool) {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(at, "/facts"), "/websites/")
	if !ok {
		return 0, false
	}
	index, _, _ := strings.Cut(rest, "/")
	i, err := strconv.Atoi(index)
	return i, err == nil
}

// value tells an answer or a fact in words.
func (t *teller) value(at string, v any) string {
	name := at[strings.LastIndexByte(at, '/')+1:]
	switch of := v.(type) {
	case nil:
		return t.text("rules.value.none", nil)
	case bool:
		return t.truth(of)
	case float64:
		return t.number(name, int(of))
	case []any:
		return t.list(name, of)
	case string:
		return t.word(at, name, of)
	}
	return fmt.Sprint(v)
}

func (t *teller) truth(is bool) string {
	if is {
		return t.text("rules.value.yes", nil)
	}
	return t.text("rules.value.no", nil)
}

// number names a code, as the product counts it, by its table.
func (t *teller) number(name string, id int) string {
	var row refdata.Coded
	ok := false
	switch name {
	case "nature":
		var n refdata.Nature
		n, ok = t.tables.Nature(id)
		row = n.Coded
	case "certificate_type":
		var c refdata.CertificateType
		c, ok = t.tables.CertificateType(id)
		row = c.Coded
	case "service_content":
		var c refdata.ServiceContent
		c, ok = t.tables.ServiceContent(t.tables.ServiceContentID(id))
		row = c.Coded
	case "languages":
		row, ok = t.tables.Language(id)
	case "type": // of an approval
		var a refdata.PreApproval
		a, ok = t.tables.PreApproval(t.tables.PreApprovalID(id))
		row = a.Coded
	}
	if !ok {
		return strconv.Itoa(id)
	}
	return row.In(string(t.lang))
}

func (t *teller) list(name string, items []any) string {
	var out []string
	for _, item := range items {
		if of, ok := item.(map[string]any); ok {
			name, item = "type", of["type"]
		}
		out = append(out, t.value("/"+name, item))
	}
	if len(out) == 0 {
		return t.text("rules.value.none", nil)
	}
	return joined(out, t.lang)
}

// word tells an answer that is written as a word.
func (t *teller) word(at, name, word string) string {
	facts := strings.HasPrefix(at, "/facts/")
	switch {
	case word == "":
		return t.text("rules.value.none", nil)
	case facts && (word == "yes" || word == "no"):
		return t.truth(word == "yes")
	case at == "/base":
		return t.text("rules.who."+word, nil)
	case at == "/type":
		return t.text("rules.type."+word, nil)
	case facts && name == "owner", name == "kind":
		return t.text("rules.value."+word, nil)
	case name == "role":
		return t.text("form.role."+word, nil)
	case name == "certificate_until" && word == form.LongTerm:
		return t.text("rules.value.long_term", nil)
	case name == "region":
		return t.tables.RegionName(word)
	}
	return word
}

// joined writes a list as people of a language do.
func joined(items []string, lang i18n.Lang) string {
	if lang == i18n.Chinese {
		return strings.Join(items, "、")
	}
	return strings.Join(items, ", ")
}

func pretty(text string) string {
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(text), "", "  "); err != nil {
		return text // not JSON: shown as it is
	}
	return out.String()
}
