package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/config"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/rulebook"
	"github.com/openbeian/beian/internal/store"
)

// referenceCommands are about the code tables, lists and the work-day calendar.
func referenceCommands() []command {
	return []command{
		{"reference list", "the files of reference data in force, and what is running out of date", referenceList},
		{"reference export", "print a file as it is in force: NAME", referenceExport},
		{"reference check", "check a file of one's own: FILE, named as the one that it stands in for", referenceCheck},
		{"reference load", "put a file of one's own into force on all nodes: FILE", referenceLoad},
		{"reference reset", "go back to the file that comes with the product: NAME", referenceReset},
	}
}

// baseCodes takes the authority's base codes over for all nodes.
type baseCodes struct{ book *rulebook.Book }

// Apply puts the files that the codes change into force. It rests on the newest
// edition, whichever node made it; one that comes in between is a conflict, and
// the file is applied again.
func (b baseCodes) Apply(ctx context.Context, codes refdata.BaseCodes) (refdata.BaseCodesReport, error) {
	if err := b.book.Sync(ctx); err != nil {
		return refdata.BaseCodesReport{}, err
	}
	tables, err := refdata.LoadFiles(b.book.Reference())
	if err != nil {
		return refdata.BaseCodesReport{}, err
	}
	files, report, err := refdata.FromBaseCodes(tables, codes)
	if err != nil || len(files) == 0 {
		return report, err
	}
	return report, b.book.SetReferences(ctx, icp.Actor{Party: icp.System}, files, "JCDM "+codes.File)
}

// word is the only word of a command.
func (c *call) word(what string) (string, error) {
	if len(c.args) != 1 {
		say(c.errOut, "name one %s\n", what)
		return "", errUsage
	}
	return c.args[0], nil
}

// tablesInForce are the database's, or the program's where there is no database.
func (c *call) tablesInForce(ctx context.Context, act func(*refdata.Tables) error) error {
	if !c.hasDatabase() {
		say(c.errOut, "there is no database here: these are the files of this program\n")
		return act(refdata.Builtin())
	}
	return c.withBook(ctx, true, "", func(_ *store.Store, b *rulebook.Book) error {
		tables, err := refdata.LoadFiles(b.Reference())
		if err != nil {
			return err
		}
		return act(tables)
	})
}

func referenceList(ctx context.Context, c *call) error {
	return c.tablesInForce(ctx, func(tables *refdata.Tables) error {
		for _, f := range tables.Files() {
			rows := strconv.Itoa(f.Rows) + " rows"
			if f.Provisional > 0 {
				rows += ", " + strconv.Itoa(f.Provisional) + " provisional"
			}
			say(c.out, "%-26s %-9s %s  %-26s %s\n", f.Name, f.Origin, f.AsOf, rows, f.Source)
		}
		c.warnOfTables(tables)
		return nil
	})
}

// warnOfTables says what is running out of date.
func (c *call) warnOfTables(tables *refdata.Tables) {
	for _, w := range tables.Warnings(clock.System{}.Now()) {
		say(c.out, "warning: %s\n", i18n.Messages().Text(i18n.English, w.Code, map[string]string{"file": w.File, "day": w.Day, "days": strconv.Itoa(w.Days)}))
	}
}

// warnOfProvisional says which ids a real authority would not understand.
func (c *call) warnOfProvisional(tables *refdata.Tables) {
	if c.cfg.Authority.Status != config.AuthorityLive {
		return
	}
	for _, f := range tables.Files() {
		if f.Provisional > 0 {
			say(c.out, "warning: %s\n", i18n.Messages().Text(i18n.English, "reference.provisional", map[string]string{"file": f.Name, "rows": strconv.Itoa(f.Provisional)}))
		}
	}
}

func referenceExport(ctx context.Context, c *call) error {
	name, err := c.word("file, such as workdays.json")
	if err != nil {
		return err
	}
	return c.tablesInForce(ctx, func(tables *refdata.Tables) error {
		text, ok := tables.FileText(name)
		if !ok {
			return noSuchFile(name)
		}
		_, err := c.out.Write(text)
		return err
	})
}

func noSuchFile(name string) error {
	return fmt.Errorf("there is no file %s of reference data: beian reference list names them", name)
}

// ownFile reads the file that a command names and checks it against the others.
func (c *call) ownFile(tables *refdata.Tables) (name string, text []byte, err error) {
	path, err := c.word("file")
	if err != nil {
		return "", nil, err
	}
	name = filepath.Base(path)
	if _, ok := tables.FileText(name); !ok {
		return "", nil, noSuchFile(name)
	}
	if text, err = os.ReadFile(path); err != nil {
		return "", nil, err
	}
	next, err := tables.With(map[string][]byte{name: text})
	if err != nil {
		return "", nil, err
	}
	for _, f := range next.Files() {
		if f.Name == name && f.Origin == refdata.FromAuthority {
			return "", nil, errors.New(i18n.Messages().Text(i18n.English, "reference.origin", map[string]string{"file": name}))
		}
		if f.Name == name {
			say(c.out, "%s is fine: %d rows as of %s, from %s\n", name, f.Rows, f.AsOf, f.Source)
		}
	}
	return name, text, nil
}

func referenceCheck(ctx context.Context, c *call) error {
	return c.tablesInForce(ctx, func(tables *refdata.Tables) error {
		_, _, err := c.ownFile(tables)
		return err
	})
}

func referenceLoad(ctx context.Context, c *call) error {
	return c.setReference(ctx, func(tables *refdata.Tables) (string, []byte, error) { return c.ownFile(tables) })
}

func referenceReset(ctx context.Context, c *call) error {
	return c.setReference(ctx, func(tables *refdata.Tables) (string, []byte, error) {
		name, err := c.word("file")
		if err != nil {
			return "", nil, err
		}
		if _, ok := tables.FileText(name); !ok {
			return "", nil, noSuchFile(name)
		}
		return name, nil, nil
	})
}

// setReference puts what choose gives into force.
func (c *call) setReference(ctx context.Context, choose func(*refdata.Tables) (string, []byte, error)) error {
	return c.withBook(ctx, false, c.cfg.Rules.Folder, func(_ *store.Store, b *rulebook.Book) error {
		tables, err := refdata.LoadFiles(b.Reference())
		if err != nil {
			return err
		}
		name, text, err := choose(tables)
		if err != nil {
			return err
		}
		if err := b.SetReferences(ctx, icp.Actor{Party: icp.System}, map[string][]byte{name: text}, "by a command"); err != nil {
			return c.explainRefusal(err)
		}
		say(c.out, "edition %d is in force: %s\n", b.Active().Seq, b.Version())
		return nil
	})
}

// tablesToWarnOf are those in force where a database can tell, without bringing
// it to this program's edition; else the program's.
func (c *call) tablesToWarnOf(ctx context.Context) *refdata.Tables {
	if !c.hasDatabase() {
		return refdata.Builtin()
	}
	s, err := openStore(ctx, c.cfg)
	if err != nil {
		return refdata.Builtin() // the settings' faults are told elsewhere
	}
	defer func() { _ = s.Close() }() // read only
	b, err := rulebook.Open(ctx, rulebook.Options{Store: s, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Program: programName(), ReadOnly: true})
	if err != nil {
		return refdata.Builtin()
	}
	tables, err := refdata.LoadFiles(b.Reference())
	if err != nil {
		return refdata.Builtin()
	}
	return tables
}

// referenceMetrics tell how far the calendar reaches and how old the lists are.
func (a *app) referenceMetrics() []prometheus.Collector {
	out := []prometheus.Collector{
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "beian_reference_calendar_days_left", Help: "Days until the work-day calendar ends; below 0 after that."},
			func() float64 { return float64(a.tables.CalendarDaysLeft(a.clock.Now())) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "beian_reference_warnings", Help: "Files of reference data that are running out of date."},
			func() float64 { return float64(len(a.tables.Warnings(a.clock.Now()))) }),
	}
	for _, f := range a.tables.Files() {
		out = append(out, prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "beian_reference_provisional_rows", Help: "Rows whose id is the product's own, until the authority's base codes come.",
			ConstLabels: prometheus.Labels{"file": f.Name}}, func() float64 { return float64(a.provisionalRows(f.Name)) }))
	}
	return out
}

func (a *app) provisionalRows(file string) int {
	for _, f := range a.tables.Files() {
		if f.Name == file {
			return f.Provisional
		}
	}
	return 0
}
