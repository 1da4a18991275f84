package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/openbeian/beian/internal/accounts"
	"github.com/openbeian/beian/internal/audit"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/config"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/store"
)

// migrate brings the database to this program's edition and ends.
func migrate(ctx context.Context, c *call) error {
	return withStore(ctx, c, func(*store.Store) error {
		_, err := fmt.Fprintln(c.out, "the database is up to date")
		return err
	})
}

// withStore opens and migrates the database for one act.
func withStore(ctx context.Context, c *call, act func(*store.Store) error) (err error) {
	s, err := openStore(ctx, c.cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.Migrate(ctx); err != nil {
		return fmt.Errorf("migrate database: %w", err)
	}
	return act(s)
}

// checkConfig lists the faults of the settings, and reference data that is
// running out of date.
func checkConfig(ctx context.Context, c *call) error {
	problems := c.cfg.Check()
	if len(problems) == 0 {
		tables := c.tablesToWarnOf(ctx)
		c.warnOfTables(tables)
		c.warnOfProvisional(tables)
		_, err := fmt.Fprintln(c.out, "the settings are fine")
		return err
	}
	return config.Problems(problems)
}

// auditVerify checks the chain of the audit trail from its beginning to the end
// that the database notes: rows cut off at the end are missed too.
func auditVerify(ctx context.Context, c *call) error {
	return withStore(ctx, c, func(s *store.Store) error {
		var end audit.Head
		err := s.View(ctx, func(tx *store.Tx) (err error) {
			end, err = tx.AuditHead(ctx)
			return err
		})
		if err != nil {
			return err
		}
		head, err := audit.Verify(audit.Start(), s.AllEvents(ctx, 0))
		if err != nil {
			return fmt.Errorf("the audit trail is broken: %w", err)
		}
		if head.Seq < end.Seq { // more rows may have come meanwhile, but not fewer
			return fmt.Errorf("the audit trail is broken: it ends at row %d, but row %d was written", head.Seq, end.Seq)
		}
		_, err = fmt.Fprintf(c.out, "the audit trail is whole: %s\n", head)
		return err
	})
}

// userAdd makes an account of staff.
func userAdd(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet("beian user add", flag.ContinueOnError)
	login := flags.String("login", "", "e-mail address or mobile number")
	roles := flags.String("roles", "", "reviewer, operator, admin; several with commas")
	return c.forUser(ctx, flags, login, func(people *accounts.Accounts, password string) error {
		made, err := people.AddStaff(ctx, icp.Actor{Party: icp.System}, accounts.NewStaff{Login: *login, Roles: split(*roles), Password: password})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(c.out, "made account", made.ID)
		return err
	})
}

// userReset sets an account's password and ends its sessions.
func userReset(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet("beian user reset-password", flag.ContinueOnError)
	login := flags.String("login", "", "e-mail address or mobile number")
	return c.forUser(ctx, flags, login, func(people *accounts.Accounts, password string) error {
		if err := people.SetPassword(ctx, icp.Actor{Party: icp.System}, *login, password); err != nil {
			return err
		}
		_, err := fmt.Fprintln(c.out, "the password is set; all sessions of the account have ended")
		return err
	})
}

// forUser reads flags and the password of a command about one account.
func (c *call) forUser(ctx context.Context, flags *flag.FlagSet, login *string, act func(*accounts.Accounts, string) error) error {
	flags.SetOutput(c.errOut)
	switch err := flags.Parse(c.args); {
	case errors.Is(err, flag.ErrHelp):
		return err
	case err != nil:
		return errUsage
	}
	if *login == "" {
		return errors.New("--login is missing")
	}
	say(c.errOut, "password (one line):\n")
	password, err := bufio.NewReader(c.in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read password: %w", err)
	}
	return withStore(ctx, c, func(s *store.Store) error {
		terms := accounts.DefaultTerms()
		terms.PasswordLength = c.cfg.Accounts.PasswordLength
		return act(&accounts.Accounts{Store: s, Clock: clock.System{}, Tables: refdata.Builtin(), Terms: terms}, strings.TrimRight(password, "\r\n"))
	})
}

func split(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}

// keyRotate adds a new primary key. Running processes take it up when they
// restart; data sealed by older keys stay readable.
func keyRotate(_ context.Context, c *call) error {
	box, err := openBox(c.cfg)
	if err != nil {
		return err
	}
	if err := box.Rotate(c.cfg.KeyPath()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.out, "a new key seals from now on; back up", c.cfg.KeyPath(), "and restart all processes")
	return err
}
