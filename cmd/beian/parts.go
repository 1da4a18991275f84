package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/openbeian/beian/internal/config"
	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/domaincheck/probe"
	"github.com/openbeian/beian/internal/domaincheck/rdap"
	"github.com/openbeian/beian/internal/domaincheck/saved"
	"github.com/openbeian/beian/internal/domaincheck/whois"
	"github.com/openbeian/beian/internal/notify"
	"github.com/openbeian/beian/internal/notify/inbox"
	"github.com/openbeian/beian/internal/notify/sms"
	"github.com/openbeian/beian/internal/notify/smtp"
	"github.com/openbeian/beian/internal/precheck"
	"github.com/openbeian/beian/internal/seal"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/postgres"
	"github.com/openbeian/beian/internal/store/sqlite"
)

// openStore opens the key file, made on the first start, and the database.
func openStore(ctx context.Context, cfg config.Config) (*store.Store, error) {
	box, err := openBox(cfg)
	if err != nil {
		return nil, err
	}
	if cfg.Postgres() {
		return postgres.Open(ctx, cfg.DatabaseURL(), box)
	}
	return sqlite.Open(ctx, cfg.DatabaseURL(), box)
}

// openBox reads the keys that seal personal data. Where there is no key file
// one is made, but never beside a database that was sealed by another.
func openBox(cfg config.Config) (*seal.Box, error) {
	if err := os.MkdirAll(filepath.Dir(cfg.KeyPath()), 0o700); err != nil {
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	if _, err := os.Stat(cfg.KeyPath()); err == nil {
		return seal.Open(cfg.KeyPath())
	}
	if !cfg.Postgres() {
		if _, err := os.Stat(cfg.DatabaseURL()); err == nil {
			return nil, fmt.Errorf("the database %s is there but its key file %s is not: restore the key file from your backup", cfg.DatabaseURL(), cfg.KeyPath())
		}
	}
	return seal.Create(cfg.KeyPath())
}

// senders are the ways by which people are told things: in the demo one box.
func (a *app) senders() (map[notify.Medium]notify.Sender, error) {
	if a.cfg.Demo {
		a.inbox = inbox.New(a.store)
		return map[notify.Medium]notify.Sender{notify.Mail: a.inbox, notify.SMS: a.inbox}, nil
	}
	out := map[notify.Medium]notify.Sender{}
	if m := a.cfg.Mail; m.Host != "" {
		s, err := smtp.New(smtp.Options{Host: m.Host, Port: m.Port, User: m.User, Password: m.Password.Reveal(), From: m.From, TLS: m.TLS})
		if err != nil {
			return nil, fmt.Errorf("set up mail: %w", err)
		}
		out[notify.Mail] = s
	}
	if m := a.cfg.SMS; m.Endpoint != "" {
		s, err := sms.New(sms.Options{Endpoint: m.Endpoint, Token: m.Token.Reveal(), Signature: m.Signature})
		if err != nil {
			return nil, fmt.Errorf("set up text messages: %w", err)
		}
		out[notify.SMS] = s
	}
	return out, nil
}

// domainChecks sets up the sources of registration facts and the checks.
func (a *app) domainChecks() error {
	o := domaincheck.Options{Cache: saved.Cache{Store: a.store}, TLDs: saved.Lists{Tables: a.tables}, Registrars: saved.Lists{Tables: a.tables},
		Calendar: a.tables.Calendar().Known(), Orders: saved.Orders{Store: a.store}, Clock: a.clock, Log: a.log.With("part", "domaincheck"),
		Timeout: a.cfg.DomainCheck.Timeout, Filings: filings{a.channels}}
	live, c := probe.Options{}, a.cfg.DomainCheck
	if a.outside != nil {
		live, o.OwnRegistrarIDs = a.outside.probe, a.outside.ownRegistrars
		if c.RDAPServer == "" {
			c.RDAPServer = a.outside.rdapURL
		}
	} else {
		o.FreshFor = c.CacheAge
	}
	o.Prober = probe.New(live)
	facts, err := rdap.New(rdap.Options{Server: c.RDAPServer, BootstrapURL: c.RDAPBootstrap, Clock: a.clock, Timeout: c.Timeout})
	if err != nil {
		return fmt.Errorf("set up RDAP: %w", err)
	}
	o.Source = facts
	if a.outside == nil || c.WHOISServer != "" {
		old, err := whois.New(whois.Options{Server: c.WHOISServer, Clock: a.clock, Timeout: c.Timeout})
		if err != nil {
			return fmt.Errorf("set up WHOIS: %w", err)
		}
		o.Source = domaincheck.Chain(facts, old)
	}
	checker, err := domaincheck.NewChecker(o)
	if err != nil {
		return fmt.Errorf("set up domain checks: %w", err)
	}
	a.checks = saved.New(saved.Options{Store: a.store, Checker: checker, Clock: a.clock, PerHour: c.PerHour})
	a.cases.Domains = domains{a.checks}
	return a.preCheck(o)
}

// factsKept is how many domains' facts pre-checks remember for a while.
const factsKept = 1000

// preCheck sets up the pre-check, which asks the same sources as the checks of
// accounts but keeps what they say of a domain's holder in memory only.
func (a *app) preCheck(o domaincheck.Options) error {
	o.Cache = domaincheck.NewMemory(factsKept)
	checker, err := domaincheck.NewChecker(o)
	if err != nil {
		return fmt.Errorf("set up pre-checks: %w", err)
	}
	c := a.cfg.Precheck
	a.prechecks = precheck.New(precheck.Options{Store: a.store, Clock: a.clock, Tables: a.tables, Checker: checker, Authority: standings{a.cases.Authority},
		Rules: a.book, Limits: a.inventory.Limits(), Terms: a.cases.Terms, AccountWait: a.cfg.Accounts.RealNameWait,
		Keep: time.Duration(c.KeepDays) * 24 * time.Hour, PerHour: c.PerHour})
	return nil
}
