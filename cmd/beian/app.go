package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"github.com/openbeian/beian/internal/accounts"
	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/blob/dir"
	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/config"
	"github.com/openbeian/beian/internal/domaincheck/saved"
	"github.com/openbeian/beian/internal/form"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/imaging"
	"github.com/openbeian/beian/internal/inventory"
	"github.com/openbeian/beian/internal/jobs"
	"github.com/openbeian/beian/internal/notify"
	"github.com/openbeian/beian/internal/notify/inbox"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/precheck"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/registry"
	"github.com/openbeian/beian/internal/rulebook"
	"github.com/openbeian/beian/internal/store"
)

// app is everything that a process of this installation is made of.
type app struct {
	cfg       config.Config
	log       *slog.Logger
	clock     clock.Clock
	store     *store.Store
	tables    *refdata.Tables
	accounts  *accounts.Accounts
	inventory *inventory.Inventory
	registry  *registry.Register
	notify    *notify.Service
	inbox     *inbox.Inbox // in the demo
	channels  *authority.Channels
	checks    *saved.Checks
	prechecks *precheck.Prechecks
	book      *rulebook.Book
	cases     *casework.Cases
	outside   *outside // the demo's simulators
}

// newApp opens the database and puts the parts together. Nothing runs yet.
func newApp(ctx context.Context, cfg config.Config, log *slog.Logger) (_ *app, err error) {
	a := &app{cfg: cfg, log: log, clock: clock.System{}, tables: refdata.Builtin().Copy()}
	if a.store, err = openStore(ctx, cfg); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close())
		}
	}()
	if err := a.store.Migrate(ctx); err != nil {
		return nil, fmt.Errorf("migrate database: %w", err)
	}
	if cfg.Demo {
		if a.outside, err = startOutside(ctx, cfg, a.clock, log); err != nil {
			return nil, err
		}
	}
	if err := a.people(); err != nil {
		return nil, err
	}
	a.inventory = inventory.New(a.store, a.clock, inventory.Defaults())
	a.registry = registry.New(a.store)
	return a, a.casework(ctx)
}

// people makes what knows accounts and tells them things.
func (a *app) people() error {
	senders, err := a.senders()
	if err != nil {
		return err
	}
	p := a.cfg.Provider
	a.notify = notify.New(notify.Options{Store: a.store, Clock: a.clock, Texts: i18n.Messages(), BaseURL: a.cfg.BaseURL, Senders: senders, Log: a.log,
		Provider: notify.Provider{NameZH: p.NameZH, NameEN: p.NameEN, SupportPhone: p.SupportPhone, OutboundNumbers: p.OutboundNumbers},
		Terms: notify.Terms{ReviewDays: a.cfg.Review.WorkingDays, CallAgain: a.cfg.Review.CallRetry, IdleDays: a.cfg.Order.IdleDays,
			DraftDays: a.cfg.Order.DraftDays, CodeLife: a.cfg.Accounts.CodeLife}})
	terms, c := accounts.DefaultTerms(), a.cfg.Accounts
	terms.RealNameWait, terms.CodeLife, terms.CodesPerHour = c.RealNameWait, c.CodeLife, c.CodesPerHour
	terms.LockoutTries, terms.LockoutTime, terms.PasswordLength = c.LockoutTries, c.LockoutTime, c.PasswordLength
	a.accounts = &accounts.Accounts{Store: a.store, Clock: a.clock, Tables: a.tables, Codes: a.notify, Terms: terms}
	return nil
}

// casework makes what carries cases: blobs, rules, gateway, domain checks, commands.
func (a *app) casework(ctx context.Context) error {
	blobs, err := dir.Open(filepath.Join(a.cfg.Data, "blobs"), a.clock.Now())
	if err != nil {
		return fmt.Errorf("open blob folder: %w", err)
	}
	if a.book, err = rulebook.Open(ctx, rulebook.Options{Store: a.store, Clock: a.clock, Log: a.log.With("part", "rules"), Tables: a.tables,
		Folder: a.cfg.Rules.Folder, Program: programName()}); err != nil {
		return err
	}
	limits := form.Limits{Websites: a.cfg.Order.MaxSites, UploadMinBytes: int64(a.cfg.Uploads.MinBytes), UploadMaxBytes: int64(a.cfg.Uploads.MaxBytes)}
	pictures := imaging.DefaultLimits()
	pictures.MinBytes, pictures.MaxBytes = limits.UploadMinBytes, limits.UploadMaxBytes
	pictures.SkipDecode = a.cfg.Uploads.SkipDecode
	a.cases = &casework.Cases{Store: a.store, Blobs: blobs, Clock: a.clock, Tables: a.tables, Terms: a.terms(), Limits: limits,
		Pictures: pictures, Rules: a.book, Editions: a.book, Notices: notices{a.notify}, Resources: a.inventory, Register: a.registry,
		Names: a.accounts.NameRule, NoCall: !a.cfg.Review.CallRequired}
	if err := a.authority(ctx, blobs); err != nil {
		return err
	}
	if err := a.domainChecks(); err != nil {
		return err
	}
	return a.cases.EnsureConsentTexts(ctx)
}

// terms are the clocks of orders as the settings say.
func (a *app) terms() order.Terms {
	t, day := order.DefaultTerms(a.tables.Calendar()), 24*time.Hour
	t.ReviewWorkdays, t.CallAgain, t.CallAttempts = a.cfg.Review.WorkingDays, a.cfg.Review.CallRetry, a.cfg.Review.CallAttempts
	t.SMSReminders = a.cfg.Order.Reminders()
	t.Quiet, _ = order.ParseQuiet(a.cfg.Order.QuietHours) // checked at start-up
	t.Idle, t.Draft = time.Duration(a.cfg.Order.IdleDays)*day, time.Duration(a.cfg.Order.DraftDays)*day
	return t
}

// runner sets up the jobs of this process's roles; nil when it has none.
func (a *app) runner() (*jobs.Runner, error) {
	workers := river.NewWorkers()
	var periodic []*river.PeriodicJob
	var queues []string
	river.AddWorker(workers, notify.NewWorker(a.notify))
	a.cases.AddWorkers(workers)
	a.addHousekeeping(workers)
	if a.cfg.Runs(config.RoleWorker) {
		queues = append(queues, jobs.Default, jobs.Notice, jobs.Deadline)
		periodic = append(periodic, jobs.Every(15*time.Second, func() river.JobArgs { return casework.ClocksArgs{} }),
			jobs.Every(6*time.Hour, func() river.JobArgs { return casework.SweepArgs{} }),
			jobs.Every(time.Hour, func() river.JobArgs { return tidyArgs{} }))
	}
	authority.Workers(a.channels)(workers)
	if a.cfg.Runs(config.RoleGateway) {
		queues = append(queues, jobs.Authority)
		periodic = append(periodic, authority.Periodic(a.channels)...)
	}
	if len(queues) == 0 {
		return nil, nil //nolint:nilnil // a process of the API role runs no jobs
	}
	return jobs.New(a.store, workers, periodic, a.log.With("part", "jobs"), jobs.Config{Queues: queues})
}

// address tells where people reach a path of this installation.
func (a *app) address(path string) string { return strings.TrimSuffix(a.cfg.BaseURL, "/") + path }

// close frees what newApp opened.
func (a *app) close() error {
	var err error
	if a.outside != nil {
		err = a.outside.close()
	}
	if a.channels != nil {
		ctx, cancel := context.WithTimeout(context.Background(), logTimeout)
		a.channels.FlushCalls(ctx)
		cancel()
	}
	return errors.Join(err, a.store.Close())
}

// logTimeout is how long a stopping process writes its last calls into the log.
const logTimeout = 5 * time.Second
