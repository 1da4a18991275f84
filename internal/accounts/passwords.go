package accounts

import (
	"context"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// Reset is a new password with the code that proves the log-in.
type Reset struct {
	Login, Code, Password string
}

// ResetPassword sets a new password by a code. It ends all sessions of the
// account and its lock. Invalid: /login, /password, /code.
func (s *Accounts) ResetPassword(ctx context.Context, in Reset) error {
	login, err := ParseLogin("/login", in.Login)
	if err != nil {
		return err
	}
	if err := s.checkNewPassword("/password", in.Password, login.Value); err != nil {
		return err
	}
	hash, err := withHashing(ctx, func() string { return hashPassword(in.Password) })
	if err != nil {
		return err
	}
	var refusal error
	err = s.Store.Update(ctx, func(tx *store.Tx) (err error) {
		at := s.Clock.Now()
		if refusal, err = s.useCode(ctx, tx, ResetCode, login, in.Code, at); err != nil || refusal != nil {
			return err
		}
		a, err := tx.AccountByLogin(ctx, login.Kind, login.Value)
		if err != nil {
			return err
		}
		a.PasswordHash, a.Failed, a.LockedUntil = hash, 0, time.Time{}
		if err := tx.SaveAccount(ctx, &a); err != nil {
			return err
		}
		note(tx, ActorOf(&a), "account.password_reset", &a, nil, at)
		return nil
	})
	if err == nil {
		err = refusal
	}
	return err
}

// ChangePassword sets a new password of the actor, who gives the old one. It
// ends all sessions but those that take over the new [Seal]. Invalid: /old,
// /password; Limited as in SignIn.
func (s *Accounts) ChangePassword(ctx context.Context, by icp.Actor, old, password, ip string) (store.Account, error) {
	a, err := s.Account(ctx, by.Account)
	if err != nil {
		return store.Account{}, err
	}
	if err := s.checkNewPassword("/password", password, a.Mail, a.Mobile); err != nil {
		return store.Account{}, err
	}
	// The old password counts and locks like one to sign in with.
	if _, err := s.SignIn(ctx, Credentials{Login: LoginOf(&a), Password: old, IP: ip}); err != nil {
		if icp.KindOf(err) == icp.SignInFirst {
			return store.Account{}, icp.InvalidField("/old", "password.wrong")
		}
		return store.Account{}, err
	}
	return s.setPassword(ctx, by, a.ID, password, "account.password_changed")
}

// SetPassword sets the password of any account; it is for the command line.
// Invalid: /password.
func (s *Accounts) SetPassword(ctx context.Context, by icp.Actor, login, password string) error {
	l, err := ParseLogin("/login", login)
	if err != nil {
		return err
	}
	if err := s.checkNewPassword("/password", password, l.Value); err != nil {
		return err
	}
	var a store.Account
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		a, err = tx.AccountByLogin(ctx, l.Kind, l.Value)
		return err
	})
	if err != nil {
		return err
	}
	_, err = s.setPassword(ctx, by, a.ID, password, "account.password_reset")
	return err
}

func (s *Accounts) setPassword(ctx context.Context, by icp.Actor, id icp.AccountID, password, action string) (store.Account, error) {
	hash, err := withHashing(ctx, func() string { return hashPassword(password) })
	if err != nil {
		return store.Account{}, err
	}
	return s.change(ctx, by, id, 0, action, func(_ *store.Tx, a *store.Account, _ time.Time) (any, error) {
		a.PasswordHash, a.Failed, a.LockedUntil = hash, 0, time.Time{}
		return nil, nil
	})
}
