package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/rulebook"
	"github.com/openbeian/beian/internal/rules"
)

// rulesExplain states rules: those of the folder named, else those in force.
func rulesExplain(ctx context.Context, c *call) error {
	a, err := c.ruleArgs(2, "lang", "province", "nature")
	if err != nil {
		return err
	}
	rule, words := a.province == "", len(a.words)
	if rule && words == 0 || !rule && words > 1 {
		return c.misused("name a rule, or a province with --province")
	}
	at := 0 // of the folder
	if rule {
		at = 1
	}
	explain := func(s *rules.Set) error {
		if rule {
			return c.explainRule(s, a)
		}
		return c.explainProvince(s, a)
	}
	if words <= at && c.hasDatabase() {
		return c.inForce(ctx, explain)
	}
	set, err := c.candidate(c.folder(a, at), false)
	if err != nil {
		return err
	}
	return explain(set)
}

func (c *call) explainRule(s *rules.Set, a ruleArgs) error {
	r, ok := s.Rule(a.words[0])
	if !ok {
		return fmt.Errorf("there is no rule %s in edition %s", a.words[0], s.Version())
	}
	c.printRule(s, r, c.language(a), true)
	return nil
}

func (c *call) explainProvince(s *rules.Set, a ruleArgs) error {
	tables, lang := refdata.Builtin(), c.language(a)
	province, ok := provinceNamed(tables, a.province)
	if !ok {
		return fmt.Errorf("there is no province %s: write its name, letters or code", a.province)
	}
	nature, err := natureNamed(tables, a.nature)
	if err != nil {
		return err
	}
	list := s.ForProvince(province.Code, nature)
	for _, r := range list {
		c.printRule(s, r, lang, false)
	}
	if least, most, ok := s.AuthorityDays(province.Code); ok {
		say(c.out, "%s: %d–%d working days at the authority\n", province.In(string(lang)), least, most)
	}
	say(c.out, "%d rules\n", len(list))
	return nil
}

// printRule states a rule; whole with its examples.
func (c *call) printRule(s *rules.Set, r rules.RuleInfo, lang i18n.Lang, whole bool) {
	say(c.out, "%s  %s  %s\n    %s\n", r.ID, r.Severity, r.Field, rulebook.About(s, r, lang))
	for _, line := range ruleLines(r, lang) {
		say(c.out, "    %s\n", line)
	}
	if !whole {
		return
	}
	for _, x := range rulebook.Examples(s, r.ID, refdata.Builtin(), lang) {
		verdict := "faulty:"
		if x.Passes {
			verdict = "fine:"
		}
		say(c.out, "    %s %s\n", verdict, strings.ReplaceAll(x.JSON, "\n", "\n      "))
		if x.Says != "" {
			say(c.out, "      %s\n", x.Says)
		}
	}
}

// ruleLines say where a rule comes from, what it is for and what it asks.
func ruleLines(r rules.RuleInfo, lang i18n.Lang) []string {
	source := "source: " + r.Source.In(string(lang))
	if r.AsOf != "" {
		source += " (as of " + r.AsOf + ")"
	}
	out := []string{source + "; pack " + r.Pack + ", edition " + r.Edition}
	add := func(what string, list ...string) {
		if list = slices.DeleteFunc(list, func(s string) bool { return s == "" }); len(list) > 0 {
			out = append(out, what+": "+strings.Join(list, ", "))
		}
	}
	add("for", in(lang, rulebook.Natures(refdata.Builtin(), r.Natures))...)
	add("in", in(lang, provinces(r.Provinces))...)
	var types []string
	for _, t := range r.Types {
		types = append(types, string(t))
	}
	add("orders", types...)
	add("certificates", in(lang, named(r.CertificateTypes, refdata.Builtin().CertificateType))...)
	add("contents", in(lang, named(r.Contents, refdata.Builtin().ServiceContent))...)
	add("not for the contents", in(lang, named(r.ContentsNot, refdata.Builtin().ServiceContent))...)
	if r.ValidFrom != "" || r.ValidTo != "" {
		add("on the days", r.ValidFrom+" to "+r.ValidTo)
	}
	add("instead of", slices.Clone(r.Replaces)...)
	add("elsewhere replaced by", slices.Clone(r.ReplacedBy)...)
	add("asks for", string(r.Material))
	for _, name := range slices.Sorted(maps.Keys(r.Params)) {
		add(name, r.Params[name])
	}
	add("expression", r.Expr)
	add("judged by", r.JudgedBy)
	add("changed", r.Changed.In(string(lang)))
	add("switched off", r.Off.In(string(lang)))
	return out
}

func in(lang i18n.Lang, texts []refdata.Text) []string {
	out := make([]string, len(texts))
	for i, x := range texts {
		out[i] = x.In(string(lang))
	}
	return out
}

func provinces(codes []string) []refdata.Text {
	var out []refdata.Text
	for _, code := range codes {
		if p, ok := refdata.Builtin().Province(code); ok {
			out = append(out, p.Text)
		}
	}
	return out
}

// named names ids of a table; one that the table has not goes by its number.
func named[R interface{ In(lang string) string }](ids []int, find func(id int) (R, bool)) []refdata.Text {
	out := make([]refdata.Text, len(ids))
	for i, id := range ids {
		out[i] = refdata.Text{ZH: strconv.Itoa(id)}
		if row, ok := find(id); ok {
			out[i] = refdata.Text{ZH: row.In("zh-CN"), EN: row.In("en")}
		}
	}
	return out
}

// printDiff tells added rules by +, removed ones by - and changed ones by ~.
func (c *call) printDiff(before, after *rules.Set, lang i18n.Lang) {
	say(c.out, "from %s\nto   %s\n", before.Version(), after.Version())
	changes := after.Diff(before)
	for i := range changes {
		x := &changes[i]
		switch {
		case x.Before == nil:
			say(c.out, "+ %s %s %s\n", x.After.Severity, x.ID, rulebook.About(after, *x.After, lang))
		case x.After == nil:
			say(c.out, "- %s %s %s\n", x.Before.Severity, x.ID, rulebook.About(before, *x.Before, lang))
		default:
			was, is := rulebook.About(before, *x.Before, lang), rulebook.About(after, *x.After, lang)
			say(c.out, "~ %s %s %s\n", x.After.Severity, x.ID, is)
			if was != is && was != x.Before.Message { // else this program has no text of it any more
				say(c.out, "    was: %s\n", was)
			}
			for _, line := range differences(x, lang) {
				say(c.out, "    %s\n", line)
			}
		}
	}
	say(c.out, "%s\n", count(len(changes), "change"))
}

// differences tells what two forms of a rule have otherwise.
func differences(x *rules.Change, lang i18n.Lang) []string {
	a, b := x.Before, x.After
	var out, names []string
	from := func(what, was, is string) {
		if was != is {
			out = append(out, fmt.Sprintf("%s: %s → %s", what, or(was), or(is)))
		}
	}
	for _, what := range x.What {
		switch what {
		case "severity":
			from(what, string(a.Severity), string(b.Severity))
		case "params":
			keys := maps.Clone(a.Params)
			if keys == nil {
				keys = map[string]string{}
			}
			maps.Copy(keys, b.Params)
			for _, name := range slices.Sorted(maps.Keys(keys)) {
				from("params."+name, a.Params[name], b.Params[name])
			}
		case "expr":
			from("expression", a.Expr, b.Expr)
		case "off":
			from("switched off", a.Off.In(string(lang)), b.Off.In(string(lang)))
		case "changed":
			from("changed", a.Changed.In(string(lang)), b.Changed.In(string(lang)))
		default:
			names = append(names, what)
		}
	}
	if len(names) > 0 {
		out = append(out, "differs: "+strings.Join(names, ", "))
	}
	return out
}

// or gives a text, or what stands for none.
func or(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

func provinceNamed(t *refdata.Tables, name string) (refdata.Province, bool) {
	for _, p := range t.Provinces() {
		if slices.Contains([]string{p.Code, p.Letters, p.Short, p.ZH, strings.ToLower(p.Letters)}, name) || strings.EqualFold(p.EN, name) {
			return p, true
		}
	}
	return t.Province(name)
}

// natureNamed finds a kind of organiser; "" is any.
func natureNamed(t *refdata.Tables, name string) (int, error) {
	switch name {
	case "":
		return 0, nil
	case "individual":
		return icp.NatureIndividual, nil
	case "unit":
		return icp.NatureEnterprise, nil
	}
	for _, n := range t.Natures() {
		if strconv.Itoa(n.ID) == name || n.ZH == name || strings.EqualFold(n.EN, name) {
			return n.ID, nil
		}
	}
	return 0, fmt.Errorf("there is no nature %s: write unit, individual or an id", name)
}
