// Package accounts has everything about those who sign in: signing up with a
// code sent to a mail address or mobile number, signing in and out, passwords,
// the real name (实名) that an account files under, and the accounts of staff.
//
// It promises:
//
//   - Nothing tells a stranger whether an account exists: codes are asked for,
//     refused and limited alike, and an unknown log-in costs the time of a known one.
//   - Passwords are kept as argon2id, codes as a keyed hash; wrong tries count
//     even when they are made at once.
//   - A new password ends every session made with the old one; see [Session].
//   - Each act is in the audit trail, without personal data.
//
// Who may call what is checked at the edge by package access; commands check
// only what depends on the data. There is no outside identity service yet: a
// real name is confirmed by an operator, or at once where the setting
// [AutoConfirm] says so, which is for demonstrations. Start at [Accounts].
package accounts

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/audit"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/store"
)

// Purposes of a verification code.
const (
	SignUpCode = "sign_up"
	ResetCode  = "reset_password"
	BindCode   = "bind" // prove a second log-in of an account
	// AlreadyNotice goes to CodeSender in place of a code when somebody signs
	// up with a log-in that has an account: the owner is told, the other is not.
	AlreadyNotice = "already"
)

// Media by which codes go.
const (
	Mail = "mail"
	SMS  = "sms"
)

// CodeSender sends codes by rows or jobs of the caller's transaction, so that
// nothing is sent when it fails. Package notify does. code is empty for
// AlreadyNotice.
type CodeSender interface {
	SendCode(ctx context.Context, tx *store.Tx, medium, target, code, lang, purpose string) error
}

// Terms are the times and limits of accounts.
type Terms struct {
	RealNameWait   time.Duration // a person's wait from the confirmed name to filing
	CodeLife       time.Duration
	CodeTries      int // wrong codes after which a code is spent
	CodesPerHour   int // sent to one address
	CodesPerHourIP int // asked for from one place
	LockoutTries   int // wrong passwords in a row after which an account is locked
	LockoutTime    time.Duration
	FailuresPerIP  int // wrong passwords from one place in a window of failWindow
	PasswordLength int // least, in characters
}

// DefaultTerms are those of a new installation.
func DefaultTerms() Terms {
	return Terms{RealNameWait: 48 * time.Hour, CodeLife: 10 * time.Minute, CodeTries: 5, CodesPerHour: 5, CodesPerHourIP: 60,
		LockoutTries: 5, LockoutTime: 15 * time.Minute, FailuresPerIP: 50, PasswordLength: 10}
}

// Accounts is the service. All fields must be set; safe for concurrent use.
type Accounts struct {
	Store  *store.Store
	Clock  clock.Clock
	Tables *refdata.Tables
	Codes  CodeSender
	Terms  Terms
}

// hashing bounds how many passwords are hashed at once in this process: each
// takes 19 MiB and a processor, and anybody can ask.
var hashing = make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))

func withHashing[T any](ctx context.Context, do func() T) (T, error) {
	select {
	case hashing <- struct{}{}:
		defer func() { <-hashing }()
		return do(), nil
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// Login is a mail address or mobile number in its standard spelling.
type Login struct {
	Kind  string // store.LoginMail or store.LoginMobile
	Value string
}

// ParseLogin reads what a person typed; capitals do not tell addresses apart.
// pointer is where an error belongs. The keys are
// "login.missing" and those of icp.CheckEmail and icp.CheckMobile.
func ParseLogin(pointer, text string) (Login, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Login{}, icp.InvalidField(pointer, "login.missing")
	}
	l := Login{Kind: store.LoginMobile, Value: icp.NormalizeMobile(text)}
	check := icp.CheckMobile
	if strings.ContainsAny(text, "@＠") || strings.ContainsFunc(text, func(r rune) bool { return r >= 'a' && r <= 'z' }) {
		l, check = Login{Kind: store.LoginMail, Value: strings.ToLower(icp.NormalizeEmail(text))}, icp.CheckEmail
	}
	if code, warning := check(l.Value); code != "" && !warning {
		return Login{}, icp.InvalidField(pointer, code)
	}
	return l, nil
}

func (l Login) medium() string {
	if l.Kind == store.LoginMail {
		return Mail
	}
	return SMS
}

// Mask hides most of a log-in: "l***@example.com", "139****0000".
func Mask(login string) string {
	if name, host, ok := strings.Cut(login, "@"); ok {
		r := []rune(name)
		if len(r) == 0 {
			return "***@" + host
		}
		return string(r[:1]) + "***@" + host
	}
	if len(login) < 8 {
		return strings.Repeat("*", len(login))
	}
	return login[:3] + "****" + login[len(login)-4:]
}

// LoginOf gives the log-in by which an account is shown, unmasked.
func LoginOf(a *store.Account) string {
	if a.Mail != "" {
		return a.Mail
	}
	return a.Mobile
}

// ActorOf tells who acts in a session of the account.
func ActorOf(a *store.Account) icp.Actor {
	party := icp.Applicant
	if len(a.Roles) > 0 {
		party = icp.Provider
	}
	return icp.Actor{Account: a.ID, Party: party, Roles: slices.Clone(a.Roles)}
}

// Account reads an account.
func (s *Accounts) Account(ctx context.Context, id icp.AccountID) (store.Account, error) {
	var a store.Account
	err := s.Store.View(ctx, func(tx *store.Tx) (err error) {
		a, err = tx.Account(ctx, id)
		return err
	})
	return a, err
}

// List lists accounts, the newest first. login, when given, finds the account
// that has it, whole.
func (s *Accounts) List(ctx context.Context, cursor store.Cursor, limit int, login string) ([]store.Account, store.Cursor, error) {
	if l, err := ParseLogin("", login); err == nil {
		login = l.Value
	}
	var out []store.Account
	var next store.Cursor
	err := s.Store.View(ctx, func(tx *store.Tx) (err error) {
		out, next, err = tx.Accounts(ctx, cursor, limit, strings.TrimSpace(login))
		return err
	})
	return out, next, err
}

// change is the frame of the commands on one account: load, change, save,
// note. version is what the caller saw; 0 leaves that to the transaction.
func (s *Accounts) change(ctx context.Context, by icp.Actor, id icp.AccountID, version int64, action string,
	do func(tx *store.Tx, a *store.Account, at time.Time) (detail any, err error)) (store.Account, error) {
	var saved store.Account
	err := s.Store.Update(ctx, func(tx *store.Tx) error {
		at := s.Clock.Now()
		a, err := tx.Account(ctx, id)
		if err != nil {
			return err
		}
		if version != 0 && a.Version != version {
			return icp.E(icp.Conflict, "stale_version")
		}
		detail, err := do(tx, &a, at)
		if err != nil {
			return err
		}
		if err := tx.SaveAccount(ctx, &a); err != nil {
			return err
		}
		note(tx, by, action, &a, detail, at)
		saved = a
		return nil
	})
	return saved, err
}

// note writes the audit event of an act on an account. detail must be plain
// data without anything personal.
func note(tx *store.Tx, by icp.Actor, action string, a *store.Account, detail any, at time.Time) {
	e := audit.Event{At: at, Actor: string(by.Account), ActorRole: strings.Join(by.Roles, " "), Action: action,
		ObjectKind: "account", Object: string(a.ID), Version: a.Version}
	if e.Actor == "" {
		e.Actor = string(by.Party)
	}
	if e.ActorRole == "" {
		e.ActorRole = string(by.Party)
	}
	if detail != nil {
		text, err := json.Marshal(detail)
		if err != nil {
			panic("accounts: an audit detail that is no JSON: " + err.Error())
		}
		e.Detail = text
	}
	tx.AppendEvent(e)
}

// place names a caller's address in the counters without keeping it.
func (s *Accounts) place(kind, ip string) string {
	return kind + ":" + hex.EncodeToString(s.Store.Box().Index("place", ip))
}

// limit counts one use and refuses beyond most in the window. A refused use
// rolls back, so that the count stays at most.
func limit(ctx context.Context, tx *store.Tx, key string, window time.Duration, most int, at time.Time) error {
	n, err := tx.Hit(ctx, key, window, at)
	if err != nil {
		return err
	}
	if n > most {
		return limited(window, at)
	}
	return nil
}

// limited refuses until the window's end.
func limited(window time.Duration, at time.Time) error {
	return &icp.Error{Kind: icp.Limited, RetryAfter: at.Truncate(window).Add(window).Sub(at)}
}
