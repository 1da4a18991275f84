package accounts

import (
	"context"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// NewAccount is what an applicant signs up with.
type NewAccount struct {
	Login    string
	Code     string
	Password string
	Lang     string
}

// SignUp makes an applicant's account for a log-in that a code has proved.
// Invalid: /login, /password, /code.
func (s *Accounts) SignUp(ctx context.Context, in NewAccount) (store.Account, error) {
	login, err := ParseLogin("/login", in.Login)
	if err != nil {
		return store.Account{}, err
	}
	if err := s.checkNewPassword("/password", in.Password, login.Value); err != nil {
		return store.Account{}, err
	}
	hash, err := withHashing(ctx, func() string { return hashPassword(in.Password) })
	if err != nil {
		return store.Account{}, err
	}
	var a store.Account
	var refusal error
	err = s.Store.Update(ctx, func(tx *store.Tx) (err error) {
		at := s.Clock.Now()
		if refusal, err = s.useCode(ctx, tx, SignUpCode, login, in.Code, at); err != nil || refusal != nil {
			return err
		}
		a = newAccount(login, hash, in.Lang, at)
		if err := tx.InsertAccount(ctx, &a); err != nil {
			return err
		}
		note(tx, ActorOf(&a), "account.signed_up", &a, nil, at)
		return nil
	})
	if err == nil {
		err = refusal
	}
	return a, err
}

func newAccount(login Login, hash, lang string, at time.Time) store.Account {
	a := store.Account{ID: icp.AccountID(icp.NewID(at)), PasswordHash: hash, Lang: language(lang), CreatedAt: at}
	setLogin(&a, login)
	return a
}

func setLogin(a *store.Account, l Login) {
	if l.Kind == store.LoginMail {
		a.Mail = l.Value
	} else {
		a.Mobile = l.Value
	}
}

// Bind gives the actor's account another log-in, or puts it in the place of
// the one of its kind, after a code sent there has proved it. Invalid: /login,
// /code; Conflict: another account has it.
func (s *Accounts) Bind(ctx context.Context, by icp.Actor, login, code string) error {
	l, err := ParseLogin("/login", login)
	if err != nil {
		return err
	}
	var refusal error
	err = s.Store.Update(ctx, func(tx *store.Tx) (err error) {
		at := s.Clock.Now()
		if refusal, err = s.useCode(ctx, tx, BindCode, l, code, at); err != nil || refusal != nil {
			return err
		}
		a, err := tx.Account(ctx, by.Account)
		if err != nil {
			return err
		}
		setLogin(&a, l)
		if err := tx.SaveAccount(ctx, &a); err != nil {
			return err
		}
		note(tx, by, "account.login_bound", &a, map[string]string{"kind": l.Kind}, at)
		return nil
	})
	if err == nil {
		err = refusal
	}
	return err
}

// SetLanguage keeps the language in which the account is written to.
func (s *Accounts) SetLanguage(ctx context.Context, by icp.Actor, lang string) error {
	if language(lang) != lang {
		return icp.InvalidField("/language", "language.unknown")
	}
	_, err := s.change(ctx, by, by.Account, 0, "account.language_set", func(_ *store.Tx, a *store.Account, _ time.Time) (any, error) {
		a.Lang = lang
		return map[string]string{"language": lang}, nil
	})
	return err
}

// language gives one of the product's languages; Chinese stands for others.
func language(lang string) string {
	if lang == "en" {
		return lang
	}
	return "zh-CN"
}
