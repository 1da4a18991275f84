package rulebook

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/rules"
)

// Documents writes rules as Markdown for people, by path below docs: rules.md
// tells how much of the sources is covered, rules/<pack>.md has the facts of a
// source and the rules of the pack. Labels are those of the tables.
func Documents(s *rules.Set, tables *refdata.Tables) map[string]string {
	d := documents{set: s, tables: tables, packOf: map[string]string{}}
	for _, r := range s.Describe() {
		d.packOf[r.ID] = r.Pack
	}
	out := map[string]string{"rules.md": d.index()}
	for _, p := range s.Packs() {
		out["rules/"+p.ID+".md"] = d.pack(p)
	}
	return out
}

type documents struct {
	set    *rules.Set
	tables *refdata.Tables
	packOf map[string]string // by rule
}

const written = "<!-- Written by `make generate` from internal/rules/packs. -->\n\n"

func (d *documents) index() string {
	var b strings.Builder
	packs, coverage, facts := d.set.Packs(), CoverageOf(d.set), d.set.Facts()
	of := map[string]rules.Coverage{}
	var all rules.Coverage
	for _, c := range coverage {
		of[c.Pack] = c
		all.Covered, all.LeftOut = all.Covered+c.Covered, all.LeftOut+c.LeftOut
	}
	count := map[string]int{}
	for _, r := range d.set.Describe() {
		count[r.Pack]++
	}
	b.WriteString(written + "# Rules\n\n")
	fmt.Fprintf(&b, "Edition %s: %d rules in %d packs. Their sources state %d facts; %d (%s) have a rule, %d are left out, each for a reason.\n\n",
		d.set.Version(), len(d.packOf), len(packs), len(facts), all.Covered, percent(all), all.LeftOut)
	b.WriteString("A pack's page lists what its source states, one fact a row, with the rules that judge it; then each rule with its examples. An example is what\n" +
		"differs from a case without faults (`internal/rules/basecases.yaml`); `{}` is that case itself. How packs are written: `internal/rules/README.md`.\n" +
		"Rules that say which check judges them stand here for people to find; the others are judged by the pack.\n\n")
	b.WriteString("| pack | for | as of | rules | facts | with a rule | left out |\n|---|---|---|---:|---:|---:|---:|\n")
	for _, p := range packs {
		c := of[p.ID]
		fmt.Fprintf(&b, "| [%s](rules/%s.md) | %s | %s | %d | %d | %d | %d |\n", p.ID, p.ID, d.scope(p.Scope), p.AsOf, count[p.ID], c.Covered+c.LeftOut, c.Covered, c.LeftOut)
	}
	fmt.Fprintf(&b, "| all | | | %d | %d | %d | %d |\n", len(d.packOf), len(facts), all.Covered, all.LeftOut)
	b.WriteString("\n## By subject\n\n| facts about | facts | with a rule | left out |\n|---|---:|---:|---:|\n")
	for _, cell := range rules.Cells() {
		var sum rules.Coverage
		for _, c := range d.set.Coverage() {
			if c.Cell == cell {
				sum.Covered, sum.LeftOut = sum.Covered+c.Covered, sum.LeftOut+c.LeftOut
			}
		}
		fmt.Fprintf(&b, "| %s | %d | %d | %d |\n", cell, sum.Covered+sum.LeftOut, sum.Covered, sum.LeftOut)
	}
	b.WriteString("\n## Left out\n\n| pack | fact | why there is no rule |\n|---|---|---|\n")
	for _, f := range facts {
		if f.LeftOut.ZH != "" {
			fmt.Fprintf(&b, "| [%s](rules/%s.md) | %s | %s |\n", f.Pack, f.Pack, both(f.Fact), both(f.LeftOut))
		}
	}
	return b.String()
}

func percent(c rules.Coverage) string {
	return fmt.Sprintf("%.1f %%", 100*float64(c.Covered)/float64(max(c.Covered+c.LeftOut, 1)))
}

// scope names the nation or a province.
func (d *documents) scope(code string) string {
	if p, ok := d.tables.Province(code); ok && code != rules.National {
		return p.ZH + " " + p.EN
	}
	return "全国 all provinces"
}

func (d *documents) pack(p rules.PackInfo) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s# %s\n\n%s · edition %s", written, p.ID, d.scope(p.Scope), p.Edition)
	if p.AsOf != "" {
		b.WriteString(" · source as of " + p.AsOf)
	}
	if least, most, ok := d.set.AuthorityDays(p.Scope); ok && p.Scope != rules.National {
		fmt.Fprintf(&b, " · the authority takes %d to %d working days as a rule", least, most)
	}
	fmt.Fprintf(&b, " · [all packs](../rules.md)\n\n%s\n", lines(p.Source))
	d.facts(&b, p)
	b.WriteString("\n## Rules\n")
	for _, r := range d.set.Describe() {
		if r.Pack == p.ID {
			d.rule(&b, p, r)
		}
	}
	return b.String()
}

// facts lists what the source of a pack states.
func (d *documents) facts(b *strings.Builder, p rules.PackInfo) {
	b.WriteString("\n## What the source states\n\n| about | fact | rules |\n|---|---|---|\n")
	for _, f := range d.set.Facts() {
		if f.Pack != p.ID {
			continue
		}
		var how string
		switch {
		case f.LeftOut.ZH != "":
			how = "left out: " + both(f.LeftOut)
		case len(f.Rules) == 0:
			how = "the authority's time, see above"
		default:
			how = d.links(f.Rules, p.ID)
		}
		fmt.Fprintf(b, "| %s | %s | %s |\n", f.Cell, both(f.Fact), how)
	}
}

// links names rules with links to where they stand, seen from a pack's page.
func (d *documents) links(ids []string, from string) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		page := ""
		if pack := d.packOf[id]; pack != from {
			page = pack + ".md"
		}
		out[i] = fmt.Sprintf("[%s](%s#%s)", id, page, strings.ReplaceAll(id, ".", ""))
	}
	return strings.Join(out, ", ")
}

func (d *documents) rule(b *strings.Builder, p rules.PackInfo, r rules.RuleInfo) {
	fmt.Fprintf(b, "\n### %s\n\n**%s**", r.ID, r.Severity)
	if r.Field != "" {
		b.WriteString(" · ")
		if zh := FieldLabel(r.Field, i18n.Chinese); zh != "" {
			b.WriteString(zh + " " + FieldLabel(r.Field, i18n.English) + " ")
		}
		b.WriteString("`" + r.Field + "`")
	}
	if r.Material != "" {
		kind := "material.kind." + string(r.Material)
		fmt.Fprintf(b, " · asks for %s %s", i18n.Messages().Text(i18n.Chinese, kind, nil), i18n.Messages().Text(i18n.English, kind, nil))
	}
	b.WriteString("\n\n")
	item := func(what, text string) {
		if text != "" {
			b.WriteString("- " + what + text + "\n")
		}
	}
	item("", escape(About(d.set, r, i18n.Chinese)))
	item("", escape(About(d.set, r, i18n.English)))
	for _, line := range d.applies(r) {
		item("", line)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Params)) {
		item(name+": ", escape(r.Params[name]))
	}
	item("instead of ", d.links(r.Replaces, p.ID))
	item("where it applies, another stands for it: ", d.links(r.ReplacedBy, p.ID))
	if r.JudgedBy != "" {
		item("judged by the check of "+r.JudgedBy+": ", code(strings.Join(r.Codes, ", ")))
	}
	if r.Source != p.Source {
		item("source: ", both(r.Source))
	}
	item("passes: ", code(shortest(r.Examples.Pass)))
	item("fails: ", code(shortest(r.Examples.Fail)))
}

// applies says for which cases a rule is.
func (d *documents) applies(r rules.RuleInfo) []string {
	var out []string
	add := func(what string, list []string) {
		if len(list) > 0 {
			out = append(out, what+": "+strings.Join(list, ", "))
		}
	}
	var natures []string
	for _, n := range Natures(d.tables, r.Natures) {
		natures = append(natures, n.ZH+" "+n.EN)
	}
	add("for", natures)
	var types, provinces []string
	for _, t := range r.Types {
		types = append(types, string(t))
	}
	add("orders", types)
	if r.Scope == rules.National {
		for _, code := range r.Provinces {
			provinces = append(provinces, d.scope(code))
		}
	}
	add("in", provinces)
	add("certificates", names(r.CertificateTypes, func(id int) (refdata.Text, bool) { x, ok := d.tables.CertificateType(id); return x.Text, ok }))
	content := func(id int) (refdata.Text, bool) { x, ok := d.tables.ServiceContent(id); return x.Text, ok }
	add("service contents", names(r.Contents, content))
	add("not for the service contents", names(r.ContentsNot, content))
	if r.ValidFrom != "" || r.ValidTo != "" {
		add("on the days", []string{r.ValidFrom + " to " + r.ValidTo})
	}
	return out
}

func names(ids []int, find func(id int) (refdata.Text, bool)) []string {
	var out []string
	for _, id := range ids {
		if x, ok := find(id); ok {
			out = append(out, x.ZH+" "+x.EN)
		}
	}
	return out
}

// shortest picks the example that is read the fastest.
func shortest(examples []string) string {
	if len(examples) == 0 {
		return ""
	}
	return slices.MinFunc(examples, func(a, b string) int { return len(a) - len(b) })
}

func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + strings.ReplaceAll(text, "`", "'") + "`"
}

// both gives a text in both languages for the cell of a table.
func both(x refdata.Text) string { return strings.ReplaceAll(lines(x), "  \n", "<br>") }

func lines(x refdata.Text) string {
	if x.EN == "" {
		return escape(x.ZH)
	}
	return escape(x.ZH) + "  \n" + escape(x.EN)
}

var escaper = strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`, "[", `\[`, "\n", " ")

func escape(text string) string { return escaper.Replace(text) }
