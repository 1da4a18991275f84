// Package notify tells applicants what happened to their orders, by mail, by
// text message and in the console, and sends codes.
//
// A notice is a row, written in the transaction of what it tells of: there is
// none without a commit, and none is forgotten after one. A job sends the row
// after the commit and tries again while it can. It promises:
//
//   - One notice for each Dedupe and medium, however often Notify is called.
//   - Never twice: a row is claimed before its message leaves. When it is then
//     not known whether the message left (the process ended, the answer was
//     lost), it is sent again only by a sender whose other side drops
//     repetitions; else the row stays "unknown" and an operator decides.
//   - Addresses, variables and codes are sealed at rest and never logged.
//
// Texts are in the message catalogues under notice.<kind>. Start at
// [Service.Notify]; [Service.Send] has the way of a row. Packages smtp, sms and
// inbox are the senders.
package notify

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// Notice is something to tell an applicant.
type Notice struct {
	Account icp.AccountID
	Order   icp.OrderID
	Kind    string // see the constants of package order
	// Dedupe makes sending it twice impossible: one notice per value.
	Dedupe string
	// Mail and Mobile are the address of the person concerned; empty ones are
	// taken from the account.
	Mail, Mobile string
	// Direct: the notice is for the person at Mail and Mobile only, not for the
	// account: nothing is taken from the account, shown in its console, or asked
	// of its preferences but the language.
	Direct bool
	// Params fill the template's variables: domains, opinion, licence_no, and for
	// the check by message people, until, tail.
	Params map[string]string
}

// Provider is the access provider as the texts name it.
type Provider struct {
	NameZH, NameEN  string
	SupportPhone    string
	OutboundNumbers []string // from which reviewers call
}

// Terms are the terms that the texts tell of.
type Terms struct {
	ReviewDays int           // working days of the review
	CallAgain  time.Duration // from an unanswered call to the next
	IdleDays   int
	DraftDays  int
	CodeLife   time.Duration // a code older than this is not sent any more
}

// Options are what a Service works with; all but Wants and Log must be there.
type Options struct {
	Store    *store.Store
	Clock    clock.Clock
	Texts    *i18n.Catalogue
	BaseURL  string // of the console, without a final slash
	Provider Provider
	Terms    Terms
	// Senders are the media that are set up; nothing is sent by others.
	Senders map[Medium]Sender
	// Wants tells whether an account wants notices of a kind by a medium; nil
	// means that everybody wants everything. Codes do not ask it.
	Wants func(a *store.Account, kind string, m Medium) bool
	Log   *slog.Logger
}

// Service writes, sends and lists notices. Safe for concurrent use.
type Service struct {
	Options
}

// New makes a service.
func New(o Options) *Service {
	if o.Wants == nil {
		o.Wants = func(*store.Account, string, Medium) bool { return true }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Service{Options: o}
}

// Notify writes the notice for the console and for each medium that the person
// has and wants, and enqueues their sending, all in the caller's transaction.
// A notice whose Dedupe is there already is left as it is.
func (s *Service) Notify(ctx context.Context, tx *store.Tx, n Notice, at time.Time) error {
	if !s.Texts.Has("notice." + n.Kind + ".sms") {
		return fmt.Errorf("notify: there is no text for %q", n.Kind)
	}
	account, err := tx.Account(ctx, n.Account)
	if err != nil {
		return fmt.Errorf("read account to notify: %w", err)
	}
	row := store.Notice{Account: n.Account, Order: n.Order, Kind: n.Kind, Lang: langOf(account.Lang), Params: n.Params, CreatedAt: at}
	if !n.Direct {
		row.State, row.SentAt = store.NoticeSent, at
		if err := s.add(ctx, tx, row, Console, "", n.Dedupe); err != nil {
			return err
		}
		n.Mail, n.Mobile = either(n.Mail, account.Mail), either(n.Mobile, account.Mobile)
	}
	row.State, row.SentAt = store.NoticeQueued, time.Time{}
	for medium, address := range map[Medium]string{Mail: icp.NormalizeEmail(n.Mail), SMS: icp.NormalizeMobile(n.Mobile)} {
		if s.Senders[medium] == nil || address == "" || !n.Direct && !s.Wants(&account, n.Kind, medium) {
			continue
		}
		if err := s.add(ctx, tx, row, medium, address, n.Dedupe); err != nil {
			return err
		}
	}
	return nil
}

// SendCode writes a message with a code for somebody who may have no account,
// in the caller's transaction. medium is "mail", "sms" or "mobile" (the same);
// purpose is "sign_up", "reset_password", "bind", or "already": the address has
// an account, and no code is sent. Each call is a message of its own, so its
// caller bounds how many there are. icp.Unavailable with "notice.medium_off"
// when the medium is not set up.
func (s *Service) SendCode(ctx context.Context, tx *store.Tx, medium, target, code, lang, purpose string) error {
	kind := "code." + purpose
	if !s.Texts.Has("notice." + kind + ".sms") {
		return fmt.Errorf("send code: there is no text for %q", kind)
	}
	m := Medium(medium)
	if medium == store.LoginMobile {
		m = SMS
	}
	if s.Senders[m] == nil {
		return icp.E(icp.Unavailable, "notice.medium_off")
	}
	if m == Mail {
		target = icp.NormalizeEmail(target)
	} else {
		target = icp.NormalizeMobile(target)
	}
	at := s.Clock.Now()
	row := store.Notice{Kind: kind, Lang: langOf(lang), State: store.NoticeQueued, CreatedAt: at}
	if code != "" {
		row.Params = map[string]string{"code": code}
	}
	return s.add(ctx, tx, row, m, target, kind+"/"+icp.NewID(at))
}

// add writes a row and enqueues its sending, unless the row is there already.
func (s *Service) add(ctx context.Context, tx *store.Tx, row store.Notice, m Medium, address, dedupe string) error {
	row.ID, row.Medium, row.Address, row.Dedupe = icp.NewID(row.CreatedAt), string(m), address, dedupe+"/"+string(m)
	inserted, err := tx.InsertNotice(ctx, &row)
	if err != nil || !inserted || m == Console {
		return err
	}
	return tx.Enqueue(ctx, SendNotice{ID: row.ID})
}

// langOf is the language itself where there are texts in it, else Chinese.
func langOf(lang string) string {
	if slices.Contains(i18n.Langs(), i18n.Lang(lang)) {
		return lang
	}
	return string(i18n.Chinese)
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
