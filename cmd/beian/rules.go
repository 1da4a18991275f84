package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/rulebook"
	"github.com/openbeian/beian/internal/rules"
	"github.com/openbeian/beian/internal/store"
)

// rulesCommands are about the rules and their editions.
func rulesCommands() []command {
	return []command{
		{"rules check", "check the packs of a folder with their examples: [FOLDER]", rulesCheck},
		{"rules diff", "what a folder changes, or one edition against another: [FOLDER | VERSION VERSION]", rulesDiff},
		{"rules explain", "state a rule with its source and examples, or all of a province: RULE_ID | --province 湖南 [--nature individual]", rulesExplain},
		{"rules replay", "which open orders a folder would judge otherwise: [FOLDER]", rulesReplay},
		{"rules publish", "put the folder's packs into force on all nodes: --note TEXT; --restore VERSION brings back an earlier edition's", rulesPublish},
		{"rules editions", "the latest editions", rulesEditions},
		{"rules coverage", "how much of its sources each pack covers: [FOLDER]", rulesCoverage},
	}
}

// ruleArgs are the flags and words of a rules command.
type ruleArgs struct {
	words                                 []string
	lang, province, nature, note, restore string
}

// ruleArgs reads them; flags may stand before and after words.
func (c *call) ruleArgs(most int) (ruleArgs, error) {
	var a ruleArgs
	flags := flag.NewFlagSet("beian rules", flag.ContinueOnError)
	flags.SetOutput(c.errOut)
	flags.StringVar(&a.lang, "lang", "", "language of texts: zh or en; that of LANG when not given")
	flags.StringVar(&a.province, "province", "", "name, letters or code of a province")
	flags.StringVar(&a.nature, "nature", "", "unit, individual or the id of a kind of organiser")
	flags.StringVar(&a.note, "note", "", "what changes, for those who read the list of editions")
	flags.StringVar(&a.restore, "restore", "", "version of an edition")
	for rest := c.args; ; {
		if err := flags.Parse(rest); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return a, err
			}
			return a, errUsage
		}
		if flags.NArg() == 0 {
			break
		}
		a.words, rest = append(a.words, flags.Arg(0)), flags.Args()[1:]
	}
	if len(a.words) > most {
		say(c.errOut, "too many words: %s\n", strings.Join(a.words, " "))
		return a, errUsage
	}
	return a, nil
}

// language is the language of texts.
func (c *call) language(a ruleArgs) i18n.Lang {
	lang := a.lang
	if lang == "" {
		lang = c.variable("LANG")
	}
	if strings.HasPrefix(lang, "en") {
		return i18n.English
	}
	return i18n.Chinese
}

// folder is the one named, or that of the settings; "" for none.
func (c *call) folder(a ruleArgs) string {
	if len(a.words) > 0 {
		return a.words[0]
	}
	return c.cfg.Rules.Folder
}

func rulesCheck(_ context.Context, c *call) error {
	a, err := c.ruleArgs(1)
	if err != nil {
		return err
	}
	set, err := c.candidate(c.folder(a), true)
	if err != nil {
		return err
	}
	own := 0
	for _, r := range set.Describe() {
		if r.Own {
			own++
		}
	}
	say(c.out, "%d rules are fine, %d of them your own; edition %s\n", len(set.Describe()), own, set.Version())
	return nil
}

// candidate loads this program's packs with a folder's and prints what is wrong
// with them, one place a line.
func (c *call) candidate(folder string, checked bool) (*rules.Set, error) {
	set, err := rulebook.Candidate(folder, checked)
	var problems rulebook.Problems
	if !errors.As(err, &problems) {
		return set, err
	}
	for _, p := range problems {
		say(c.out, "%s\n", p)
	}
	return nil, fmt.Errorf("%d faults in the packs", len(problems))
}

// withBook opens the book beside a running installation, storing nothing.
func (c *call) withBook(ctx context.Context, readOnly bool, folder string, act func(*store.Store, *rulebook.Book) error) error {
	return withStore(ctx, c, func(s *store.Store) error {
		b, err := rulebook.Open(ctx, rulebook.Options{Store: s, Clock: clock.System{}, Log: quiet(c.log, readOnly), Folder: folder,
			Program: programName(), ReadOnly: readOnly})
		if err != nil {
			return err
		}
		return act(s, b)
	})
}

// quiet keeps a tool from telling what every node logs.
func quiet(log *slog.Logger, readOnly bool) *slog.Logger {
	if readOnly {
		return slog.New(slog.DiscardHandler)
	}
	return log
}

// programName is this program with its version.
func programName() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return "beian " + info.Main.Version
	}
	return "beian"
}

// hasDatabase reports whether there is one to compare with; none is made.
func (c *call) hasDatabase() bool {
	if c.cfg.Postgres() {
		return true
	}
	_, err := os.Stat(c.cfg.DatabaseURL())
	return err == nil
}

func rulesDiff(ctx context.Context, c *call) error {
	a, err := c.ruleArgs(2)
	if err != nil {
		return err
	}
	if len(a.words) == 2 {
		return c.withBook(ctx, true, "", func(_ *store.Store, b *rulebook.Book) error {
			before, err := b.At(ctx, a.words[0])
			if err != nil {
				return fmt.Errorf("edition %s: %w", a.words[0], err)
			}
			after, err := b.At(ctx, a.words[1])
			if err != nil {
				return fmt.Errorf("edition %s: %w", a.words[1], err)
			}
			return c.printDiff(before, after, c.language(a))
		})
	}
	after, err := c.candidate(c.folder(a), true)
	if err != nil {
		return err
	}
	if !c.hasDatabase() {
		say(c.errOut, "there is no database here: compared with the packs of this program\n")
		before, err := rulebook.Candidate("", false)
		if err != nil {
			return err
		}
		return c.printDiff(before, after, c.language(a))
	}
	return c.withBook(ctx, true, "", func(_ *store.Store, b *rulebook.Book) error { return c.printDiff(b.Set(), after, c.language(a)) })
}

func (c *call) printDiff(before, after *rules.Set, lang i18n.Lang) error {
	say(c.out, "from %s\nto   %s\n", before.Version(), after.Version())
	changes := after.Diff(before)
	for _, x := range changes {
		if x.Before != nil {
			say(c.out, "- %s %s %s\n", x.Before.Severity, x.ID, rulebook.About(before, *x.Before, lang))
		}
		if x.After != nil {
			say(c.out, "+ %s %s %s\n", x.After.Severity, x.ID, rulebook.About(after, *x.After, lang))
		}
		if len(x.What) > 0 {
			say(c.out, "    differs: %s\n", strings.Join(x.What, ", "))
		}
	}
	say(c.out, "%d changes\n", len(changes))
	return nil
}

func rulesExplain(_ context.Context, c *call) error {
	a, err := c.ruleArgs(1)
	if err != nil {
		return err
	}
	if (len(a.words) == 1) == (a.province != "") {
		say(c.errOut, "name a rule, or a province with --province\n")
		return errUsage
	}
	set, err := c.candidate(c.cfg.Rules.Folder, false)
	if err != nil {
		return err
	}
	lang := c.language(a)
	if len(a.words) == 1 {
		r, ok := set.Rule(a.words[0])
		if !ok {
			return fmt.Errorf("there is no rule %s", a.words[0])
		}
		c.printRule(set, r, lang, true)
		return nil
	}
	tables := refdata.Builtin()
	province, ok := provinceNamed(tables, a.province)
	if !ok {
		return fmt.Errorf("there is no province %s: write its name, letters or code", a.province)
	}
	nature, err := natureNamed(tables, a.nature)
	if err != nil {
		return err
	}
	list := set.ForProvince(province.Code, nature)
	for _, r := range list {
		c.printRule(set, r, lang, false)
	}
	if least, most, ok := set.AuthorityDays(province.Code); ok {
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

// ruleLines say where a rule comes from and what it is for.
func ruleLines(r rules.RuleInfo, lang i18n.Lang) []string {
	source := "source: " + r.Source.In(string(lang))
	if r.AsOf != "" {
		source += " (as of " + r.AsOf + ")"
	}
	out := []string{source + "; pack " + r.Pack + ", edition " + r.Edition}
	add := func(what string, list []string) {
		if len(list) > 0 {
			out = append(out, what+": "+strings.Join(list, ", "))
		}
	}
	tables := refdata.Builtin()
	var natures, types, provinces []string
	for _, id := range r.Natures {
		if n, ok := tables.Nature(id); ok {
			natures = append(natures, n.In(string(lang)))
		}
	}
	for _, t := range r.Types {
		types = append(types, string(t))
	}
	for _, code := range r.Provinces {
		if p, ok := tables.Province(code); ok {
			provinces = append(provinces, p.In(string(lang)))
		}
	}
	add("for", natures)
	add("in", provinces)
	add("orders", types)
	add("instead of", r.Replaces)
	add("elsewhere replaced by", r.ReplacedBy)
	if r.Material != "" {
		add("asks for", []string{string(r.Material)})
	}
	if r.JudgedBy != "" {
		add("judged by", []string{r.JudgedBy})
	}
	if off := r.Off.In(string(lang)); off != "" {
		add("switched off", []string{off})
	}
	return out
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

func rulesReplay(ctx context.Context, c *call) error {
	a, err := c.ruleArgs(1)
	if err != nil {
		return err
	}
	after, err := c.candidate(c.folder(a), true)
	if err != nil {
		return err
	}
	return c.withBook(ctx, true, "", func(_ *store.Store, b *rulebook.Book) error {
		say(c.out, "from %s\nto   %s\n", b.Set().Version(), after.Version())
		tally, err := b.Replay(ctx, rulebook.Replay{Before: b.Set(), After: after, Each: c.printReplayed,
			Progress: func(n int) { say(c.errOut, "\r%d orders", n) }})
		say(c.errOut, "\n")
		if err != nil {
			return err
		}
		say(c.out, "%d open orders, %d judged otherwise\n", tally.Orders, tally.Changed)
		return nil
	})
}

// printReplayed names rules and places, no answers: the terminal is no case desk.
func (c *call) printReplayed(r rulebook.Replayed) error {
	_, err := fmt.Fprintf(c.out, "%s %s %s\n", r.Order, r.Type, r.State)
	for mark, list := range map[string][]rulebook.Judged{"+": r.Added, "-": r.Gone} {
		for _, j := range list {
			say(c.out, "  %s %s %s %s\n", mark, j.Severity, j.Rule, j.Pointer)
		}
	}
	return err
}

func rulesPublish(ctx context.Context, c *call) error {
	a, err := c.ruleArgs(0)
	if err != nil {
		return err
	}
	if strings.TrimSpace(a.note) == "" {
		return errors.New("--note is missing: say what changes")
	}
	return c.withBook(ctx, false, c.cfg.Rules.Folder, func(_ *store.Store, b *rulebook.Book) error {
		system := icp.Actor{Party: icp.System}
		publish := func() (rulebook.Edition, error) { return b.Publish(ctx, system, a.note) }
		if a.restore != "" {
			publish = func() (rulebook.Edition, error) { return b.Restore(ctx, system, a.restore, a.note) }
		}
		e, err := publish()
		if err != nil {
			return c.explainRefusal(err)
		}
		say(c.out, "edition %d is in force: %s\n", e.Seq, e.Version)
		return nil
	})
}

// explainRefusal prints the places of faults and gives the refusal in words.
func (c *call) explainRefusal(err error) error {
	var problems rulebook.Problems
	if errors.As(err, &problems) {
		for _, p := range problems {
			say(c.out, "%s\n", p)
		}
	}
	var refused *icp.Error
	if errors.As(err, &refused) && refused.Code != "" {
		return errors.New(i18n.Messages().Text(i18n.English, refused.Code, refused.Params))
	}
	return err
}

func rulesEditions(ctx context.Context, c *call) error {
	if _, err := c.ruleArgs(0); err != nil {
		return err
	}
	return c.withBook(ctx, true, "", func(_ *store.Store, b *rulebook.Book) error {
		list, _, err := b.Editions(ctx, "", store.MaxPage)
		if err != nil {
			return err
		}
		for _, e := range list {
			mark := " "
			if e.Active {
				mark = "*"
			}
			say(c.out, "%s %4d  %s  %-9s  %-32s  %s\n", mark, e.Seq, e.At.In(clock.Shanghai).Format("2006-01-02 15:04"), e.Kind, e.Version, e.Note)
		}
		return nil
	})
}

func rulesCoverage(_ context.Context, c *call) error {
	a, err := c.ruleArgs(1)
	if err != nil {
		return err
	}
	set, err := c.candidate(c.folder(a), false)
	if err != nil {
		return err
	}
	lang := string(c.language(a))
	total := rules.Coverage{}
	for _, x := range rulebook.CoverageOf(set) {
		say(c.out, "%-28s %4d covered %4d left out\n", x.Pack, x.Covered, x.LeftOut)
		total.Covered, total.LeftOut = total.Covered+x.Covered, total.LeftOut+x.LeftOut
	}
	say(c.out, "%-28s %4d covered %4d left out\n", "all", total.Covered, total.LeftOut)
	for _, f := range set.Facts() {
		if why := f.LeftOut.In(lang); why != "" {
			say(c.out, "%s %s: %s (%s)\n", f.Pack, f.Cell, f.Fact.In(lang), why)
		}
	}
	return nil
}
