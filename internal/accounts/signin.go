package accounts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// failWindow is the window in which wrong passwords from one place count.
const failWindow = 10 * time.Minute

// Credentials are what a person signs in with.
type Credentials struct {
	Login, Password string
	IP              string // where the request comes from
}

// errWrong is the one answer to a wrong password and to an unknown log-in.
var errWrong = icp.E(icp.SignInFirst, "account.wrong_login")

// SignIn checks log-in and password. Errors: SignInFirst with
// "account.wrong_login"; Limited with "account.locked" (minutes) after too many
// wrong passwords in a row; Limited when too many went wrong from one place; NotAllowed with "account.disabled",
// told only with the right password.
func (s *Accounts) SignIn(ctx context.Context, in Credentials) (store.Account, error) {
	login, err := ParseLogin("/login", in.Login)
	if err != nil {
		return store.Account{}, err
	}
	seen, known, err := s.before(ctx, login, in.IP)
	if err != nil {
		return store.Account{}, err
	}
	hash := noPassword
	if known {
		hash = seen.PasswordHash
	}
	var same, stale bool
	verdict, err := withHashing(ctx, func() (err error) {
		same, stale, err = samePassword(hash, in.Password)
		return err
	})
	if err := errors.Join(err, verdict); err != nil {
		return store.Account{}, err
	}
	renewed := ""
	if same && stale {
		renewed = hashPassword(in.Password)
	}
	if !known {
		return store.Account{}, s.strangerFailed(ctx, login, in.IP)
	}
	return s.settle(ctx, seen, same, renewed, in.IP)
}

// before reads the account and refuses places that guess.
func (s *Accounts) before(ctx context.Context, login Login, ip string) (a store.Account, known bool, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		at := s.Clock.Now()
		n, err := tx.Hits(ctx, s.place("sign_in", ip), failWindow, at)
		if err != nil {
			return err
		}
		if n >= s.Terms.FailuresPerIP {
			return limited(failWindow, at)
		}
		a, err = tx.AccountByLogin(ctx, login.Kind, login.Value)
		known = err == nil
		if icp.KindOf(err) == icp.NotFound {
			return nil
		}
		return err
	})
	return a, known, err
}

// strangerFailed counts a try for a log-in that there is none of, and locks it
// like a real one, so that the lock does not tell which log-ins exist.
func (s *Accounts) strangerFailed(ctx context.Context, login Login, ip string) error {
	var tries int
	at := s.Clock.Now()
	err := s.Store.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.Hit(ctx, s.place("sign_in", ip), failWindow, at); err != nil {
			return err
		}
		var err error
		tries, err = tx.Hit(ctx, s.place("stranger", login.Value), s.Terms.LockoutTime, at)
		return err
	})
	switch {
	case err != nil:
		return err
	case tries >= s.Terms.LockoutTries:
		return locked(at.Truncate(s.Terms.LockoutTime).Add(s.Terms.LockoutTime).Sub(at))
	}
	return errWrong
}

// settle records how signing in went, on the account as it is by now: guesses
// made at once are counted one after the other here. Nothing is told before
// the commit, or a crash would give guesses away for nothing.
func (s *Accounts) settle(ctx context.Context, seen store.Account, same bool, renewed, ip string) (store.Account, error) {
	var a store.Account
	var refusal error
	err := s.Store.Update(ctx, func(tx *store.Tx) (err error) {
		at := s.Clock.Now()
		refusal = nil
		if a, err = tx.Account(ctx, seen.ID); err != nil {
			return err
		}
		switch {
		case at.Before(a.LockedUntil):
			refusal = locked(a.LockedUntil.Sub(at))
			return nil
		case !same || a.PasswordHash != seen.PasswordHash: // the latter: it was changed meanwhile
			refusal, err = s.failed(ctx, tx, &a, ip, at)
			return err
		case a.Disabled:
			refusal = icp.E(icp.NotAllowed, "account.disabled")
			return nil
		}
		return s.succeeded(ctx, tx, &a, renewed, at)
	})
	if err == nil {
		err = refusal
	}
	return a, err
}

func (s *Accounts) succeeded(ctx context.Context, tx *store.Tx, a *store.Account, renewed string, at time.Time) error {
	if a.Failed > 0 || !a.LockedUntil.IsZero() || renewed != "" {
		a.Failed, a.LockedUntil = 0, time.Time{}
		if renewed != "" {
			a.PasswordHash = renewed
		}
		if err := tx.SaveAccount(ctx, a); err != nil {
			return err
		}
	}
	note(tx, ActorOf(a), "account.signed_in", a, nil, at)
	return nil
}

// failed counts a wrong password and locks the account at the last.
func (s *Accounts) failed(ctx context.Context, tx *store.Tx, a *store.Account, ip string, at time.Time) (refusal, err error) {
	if _, err := tx.Hit(ctx, s.place("sign_in", ip), failWindow, at); err != nil {
		return nil, err
	}
	a.Failed++
	action, refusal := "account.sign_in_failed", error(errWrong)
	if a.Failed >= s.Terms.LockoutTries {
		a.Failed, a.LockedUntil = 0, at.Add(s.Terms.LockoutTime)
		action, refusal = "account.locked", locked(s.Terms.LockoutTime)
	}
	if err := tx.SaveAccount(ctx, a); err != nil {
		return nil, err
	}
	note(tx, icp.Actor{Party: icp.Nobody}, action, a, nil, at)
	return refusal, nil
}

// locked tells for how long, in whole minutes, rounded up.
func locked(left time.Duration) error {
	minutes := int((left + time.Minute - 1) / time.Minute)
	e := icp.E(icp.Limited, "account.locked").With("minutes", strconv.Itoa(minutes))
	e.RetryAfter = left
	return e
}

// SignOut notes the end of a session; the session itself belongs to the edge.
func (s *Accounts) SignOut(ctx context.Context, by icp.Actor) error {
	return s.Store.Update(ctx, func(tx *store.Tx) error {
		a, err := tx.Account(ctx, by.Account)
		if err != nil {
			return err
		}
		note(tx, by, "account.signed_out", &a, nil, s.Clock.Now())
		return nil
	})
}

// Seal is what a session keeps of the password it was made with, without
// telling it: once the password is another, the session is over.
func Seal(a *store.Account) string {
	sum := sha256.Sum256([]byte("session:" + a.PasswordHash))
	return hex.EncodeToString(sum[:12])
}

// Session gives the account of a session with its seal; icp.ErrSignInFirst when
// the account is gone or disabled, or its password was changed since.
func (s *Accounts) Session(ctx context.Context, id icp.AccountID, seal string) (store.Account, error) {
	a, err := s.Account(ctx, id)
	if icp.KindOf(err) == icp.NotFound {
		return store.Account{}, icp.ErrSignInFirst
	}
	if err != nil {
		return store.Account{}, err
	}
	if a.Disabled || Seal(&a) != seal {
		return store.Account{}, icp.ErrSignInFirst
	}
	return a, nil
}
