package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/domaincheck/saved"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/rulebook"
	"github.com/openbeian/beian/internal/rules"
	"github.com/openbeian/beian/internal/store"
)

// rulesCommands are about the rules and their editions.
func rulesCommands() []command {
	return []command{
		{"rules check", "check the packs of a folder with their examples: [FOLDER]", rulesCheck},
		{"rules diff", "what a folder changes, or one edition against another: [FOLDER | VERSION VERSION]", rulesDiff},
		{"rules explain", "state a rule with its source and examples, or all of a province: RULE_ID [FOLDER] | --province 湖南 [--nature individual] [FOLDER]", rulesExplain},
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

// ruleArgs reads at most so many words and the flags named; flags may stand
// before and after words.
func (c *call) ruleArgs(most int, names ...string) (ruleArgs, error) {
	var a ruleArgs
	flags := flag.NewFlagSet("beian "+c.name, flag.ContinueOnError)
	flags.SetOutput(c.errOut)
	flags.Usage = func() { c.usage(flags) }
	for _, name := range names {
		switch name {
		case "lang":
			flags.StringVar(&a.lang, name, "", "`language` of texts, zh or en; that of LANG when not given")
		case "province":
			flags.StringVar(&a.province, name, "", "`name`, letters or code of a province")
		case "nature":
			flags.StringVar(&a.nature, name, "", "`kind` of organiser: unit, individual, or an id or name of the table")
		case "note":
			flags.StringVar(&a.note, name, "", "`text` that says what changes, for those who read the list of editions")
		case "restore":
			flags.StringVar(&a.restore, name, "", "`version` of an earlier edition")
		}
	}
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
		return a, c.misused("too many words: " + strings.Join(a.words, " "))
	}
	return a, nil
}

// misused says what is wrong with a call.
func (c *call) misused(what string) error {
	say(c.errOut, "%s\nbeian %s --help says more\n", what, c.name)
	return errUsage
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

// folder is the one named as the word at i, or that of the settings; "" for none.
func (c *call) folder(a ruleArgs, i int) string {
	if len(a.words) > i {
		return a.words[i]
	}
	return c.cfg.Rules.Folder
}

func rulesCheck(_ context.Context, c *call) error {
	a, err := c.ruleArgs(1)
	if err != nil {
		return err
	}
	folder := c.folder(a, 0)
	if folder == "" {
		say(c.errOut, "no folder is named or set (rules.folder): these are the packs of this program\n")
	}
	set, err := c.candidate(folder, true)
	if err != nil {
		return err
	}
	own, changed, off := 0, 0, 0
	for _, r := range set.Describe() {
		switch {
		case r.Off.ZH != "":
			off++
		case r.Changed.ZH != "":
			changed++
		}
		if r.Own {
			own++
		}
	}
	say(c.out, "%d rules are fine, %d of them your own; you change %d and switch off %d; edition %s\n", len(set.Describe()), own, changed, off, set.Version())
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
	return nil, fmt.Errorf("%s in the packs", count(len(problems), "fault"))
}

// count says how many there are of something.
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// withBook opens the book beside a running installation; where nothing is to be
// stored, nothing is. It makes no installation where there is none.
func (c *call) withBook(ctx context.Context, readOnly bool, folder string, act func(*store.Store, *rulebook.Book) error) error {
	if !c.hasDatabase() {
		return fmt.Errorf("there is no database at %s: beian migrate makes it, as beian serve does", c.cfg.DatabaseURL())
	}
	return withStore(ctx, c, func(s *store.Store) error {
		b, err := rulebook.Open(ctx, rulebook.Options{Store: s, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Folder: folder,
			Program: programName(), ReadOnly: readOnly})
		if err != nil {
			return err
		}
		if late := b.Behind(); late != nil {
			say(c.errOut, "warning: the newest edition does not load in this program; the one before is used: %v\n", late)
		}
		return act(s, b)
	})
}

// edition reads an earlier edition.
func edition(ctx context.Context, b *rulebook.Book, version string) (*rules.Set, error) {
	s, err := b.At(ctx, version)
	if errors.Is(err, icp.ErrNotFound) {
		return nil, noEdition(version)
	}
	return s, err
}

func noEdition(version string) error {
	return fmt.Errorf("there is no edition %s: beian rules editions lists them", version)
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
	a, err := c.ruleArgs(2, "lang")
	if err != nil {
		return err
	}
	if len(a.words) == 2 {
		return c.withBook(ctx, true, "", func(_ *store.Store, b *rulebook.Book) error {
			before, err := edition(ctx, b, a.words[0])
			if err != nil {
				return err
			}
			after, err := edition(ctx, b, a.words[1])
			if err != nil {
				return err
			}
			c.printDiff(before, after, c.language(a))
			return nil
		})
	}
	if len(a.words) == 1 && strings.Contains(a.words[0], "+") {
		if _, err := os.Stat(a.words[0]); err != nil {
			return c.misused("name a folder, or two versions")
		}
	}
	after, err := c.candidate(c.folder(a, 0), true)
	if err != nil {
		return err
	}
	return c.inForce(ctx, func(before *rules.Set) error {
		c.printDiff(before, after, c.language(a))
		return nil
	})
}

// inForce gives the rules in force or, where there is no database, those of this
// program.
func (c *call) inForce(ctx context.Context, act func(*rules.Set) error) error {
	if !c.hasDatabase() {
		say(c.errOut, "there is no database here: the rules in force are taken to be the packs of this program\n")
		set, err := rulebook.Candidate("", false)
		if err != nil {
			return err
		}
		return act(set)
	}
	return c.withBook(ctx, true, "", func(_ *store.Store, b *rulebook.Book) error { return act(b.Set()) })
}

func rulesReplay(ctx context.Context, c *call) error {
	a, err := c.ruleArgs(1)
	if err != nil {
		return err
	}
	after, err := c.candidate(c.folder(a, 0), true)
	if err != nil {
		return err
	}
	return c.withBook(ctx, true, "", func(s *store.Store, b *rulebook.Book) error {
		cases := casework.Cases{Domains: domains{saved.New(saved.Options{Store: s, Clock: clock.System{}})}}
		say(c.out, "from %s\nto   %s\n", b.Set().Version(), after.Version())
		tally, err := b.Replay(ctx, rulebook.Replay{Before: b.Set(), After: after, Facts: cases.Facts, Each: c.printReplayed,
			Progress: func(n int) { say(c.errOut, "\r%d orders", n) }})
		say(c.errOut, "\n")
		if err != nil {
			return err
		}
		say(c.out, "%s, %d judged otherwise\n", count(tally.Orders, "open order"), tally.Changed)
		return nil
	})
}

// printReplayed names rules and places, no answers: the terminal is no case desk.
func (c *call) printReplayed(r rulebook.Replayed) error {
	_, err := fmt.Fprintf(c.out, "%s %s %s\n", r.Order, r.Type, r.State)
	for _, j := range r.Gone {
		say(c.out, "  - %s %s %s\n", j.Severity, j.Rule, j.Pointer)
	}
	for _, j := range r.Added {
		say(c.out, "  + %s %s %s\n", j.Severity, j.Rule, j.Pointer)
	}
	return err
}

func rulesPublish(ctx context.Context, c *call) error {
	a, err := c.ruleArgs(0, "note", "restore")
	if err != nil {
		return err
	}
	if strings.TrimSpace(a.note) == "" {
		return c.misused("--note is missing: say what changes")
	}
	return c.withBook(ctx, false, c.cfg.Rules.Folder, func(_ *store.Store, b *rulebook.Book) error {
		system := icp.Actor{Party: icp.System}
		publish := func() (rulebook.Edition, error) { return b.Publish(ctx, system, a.note) }
		if a.restore != "" {
			publish = func() (rulebook.Edition, error) { return b.Restore(ctx, system, a.restore, a.note) }
		}
		e, err := publish()
		switch {
		case a.restore != "" && errors.Is(err, icp.ErrNotFound):
			return noEdition(a.restore)
		case err != nil:
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
	a, err := c.ruleArgs(1, "lang")
	if err != nil {
		return err
	}
	set, err := c.candidate(c.folder(a, 0), false)
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
