package accounts

import (
	"context"
	"encoding/hex"
	"slices"
	"time"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// NewStaff is an account for a member of staff.
type NewStaff struct {
	Login    string
	Roles    []string // of access.Roles, at least one
	Password string   // to begin with
	Lang     string
	// IdempotencyKey makes a repeated call give the account that the first made.
	IdempotencyKey string
}

// AddStaff makes an account of staff. Invalid: /login, /roles, /password;
// Conflict with "account.login_taken".
func (s *Accounts) AddStaff(ctx context.Context, by icp.Actor, in NewStaff) (store.Account, error) {
	login, err := ParseLogin("/login", in.Login)
	if err != nil {
		return store.Account{}, err
	}
	if err := checkRoles(in.Roles); err != nil {
		return store.Account{}, err
	}
	if len(in.Roles) == 0 {
		return store.Account{}, icp.InvalidField("/roles", "roles.none")
	}
	if err := s.checkNewPassword("/password", in.Password, login.Value); err != nil {
		return store.Account{}, err
	}
	hash, err := withHashing(ctx, func() string { return hashPassword(in.Password) })
	if err != nil {
		return store.Account{}, err
	}
	var a store.Account
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		at := s.Clock.Now()
		if in.IdempotencyKey != "" {
			done, seen, err := tx.ClaimKey(ctx, string(by.Account), in.IdempotencyKey, "add_staff "+hex.EncodeToString(s.Store.Box().Index("staff login", login.Value)), at)
			if err != nil {
				return err
			}
			if seen {
				a, err = tx.Account(ctx, icp.AccountID(done))
				return err
			}
		}
		a = newAccount(login, hash, in.Lang, at)
		a.Roles = sorted(in.Roles)
		if err := tx.InsertAccount(ctx, &a); err != nil {
			return err
		}
		note(tx, by, "account.staff_added", &a, map[string]any{"roles": a.Roles}, at)
		if in.IdempotencyKey == "" {
			return nil
		}
		return tx.SetKeyResult(ctx, string(by.Account), in.IdempotencyKey, string(a.ID))
	})
	return a, err
}

// SetRoles gives an account of staff other roles; none takes them all away and
// leaves an account without any right. version is the account's, 0 for any.
// Invalid: /roles; NotNow with "account.self" for the actor's own account and
// "account.applicant" for one that files.
func (s *Accounts) SetRoles(ctx context.Context, by icp.Actor, id icp.AccountID, version int64, roles []string) (store.Account, error) {
	if err := checkRoles(roles); err != nil {
		return store.Account{}, err
	}
	return s.change(ctx, by, id, version, "account.roles_set", func(_ *store.Tx, a *store.Account, _ time.Time) (any, error) {
		if a.ID == by.Account {
			return nil, icp.E(icp.NotNow, "account.self")
		}
		if a.Name.Kind != "" {
			return nil, icp.E(icp.NotNow, "account.applicant")
		}
		was := a.Roles
		a.Roles = sorted(roles)
		return map[string]any{"roles": a.Roles, "were": was}, nil
	})
}

// Disable shuts an account out, or lets it in again. Its sessions end at their
// next request. version is the account's, 0 for any. NotNow with "account.self".
func (s *Accounts) Disable(ctx context.Context, by icp.Actor, id icp.AccountID, version int64, disabled bool) (store.Account, error) {
	action := "account.disabled"
	if !disabled {
		action = "account.enabled"
	}
	return s.change(ctx, by, id, version, action, func(_ *store.Tx, a *store.Account, _ time.Time) (any, error) {
		if a.ID == by.Account {
			return nil, icp.E(icp.NotNow, "account.self")
		}
		a.Disabled = disabled
		return nil, nil
	})
}

func checkRoles(roles []string) error {
	for _, r := range roles {
		if !access.IsRole(r) {
			return icp.InvalidField("/roles", "roles.unknown")
		}
	}
	return nil
}

func sorted(roles []string) []string {
	out := slices.Sorted(slices.Values(roles))
	return slices.Compact(out)
}
