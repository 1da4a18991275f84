package store

import (
	"context"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// Account is somebody who signs in: an applicant, or staff when it has roles.
type Account struct {
	ID           icp.AccountID
	Roles        []string // staff roles; empty for applicants
	Mail         string   // a login, sealed; may be empty when Mobile is not
	Mobile       string   // a login, sealed
	PasswordHash string
	Failed       int // wrong passwords in a row
	LockedUntil  time.Time
	Lang         string
	Name         RealName
	Disabled     bool
	CreatedAt    time.Time
	Version      int64
}

// RealName is the account's real name (实名), sealed. The zero value means that
// none was given.
type RealName struct {
	Kind              string // "unit", "individual" or ""
	Name              string
	CertificateType   int
	CertificateNumber string
	At                time.Time // when it was given
}

// Kinds of logins.
const (
	LoginMail   = lookupMail
	LoginMobile = lookupMobile
)

type sealedContact struct {
	Mail   string `json:"mail,omitempty"`
	Mobile string `json:"mobile,omitempty"`
}

type sealedName struct {
	Name              string `json:"name"`
	CertificateType   int    `json:"certificate_type"`
	CertificateNumber string `json:"certificate_number"`
}

// InsertAccount adds an account and sets its Version to 1. icp.Conflict with
// "account.login_taken" when another account has the address or number.
func (tx *Tx) InsertAccount(ctx context.Context, a *Account) error {
	row, err := tx.accountRow(a)
	if err != nil {
		return err
	}
	err = tx.q.InsertAccount(ctx, sqlgen.InsertAccountParams{ID: row.ID, Roles: row.Roles, Sealed: row.Sealed,
		PasswordHash: row.PasswordHash, Failed: row.Failed, LockedUntil: row.LockedUntil, Lang: row.Lang, NameKind: row.NameKind,
		NameSealed: row.NameSealed, NameLookup: row.NameLookup, NamedAt: row.NamedAt, Disabled: row.Disabled,
		CreatedAt: row.CreatedAt, Version: 1})
	if err != nil {
		return tx.explain("insert account", err)
	}
	if err := tx.saveLogins(ctx, a); err != nil {
		return err
	}
	a.Version = 1
	return nil
}

// Account reads an account; icp.NotFound when there is none.
func (tx *Tx) Account(ctx context.Context, id icp.AccountID) (Account, error) {
	row, err := tx.q.Account(ctx, string(id))
	if err != nil {
		return Account{}, tx.explain("read account", err)
	}
	return tx.account(&row)
}

// AccountByLogin finds the account with a login of kind LoginMail or
// LoginMobile, in any spelling; icp.NotFound when there is none.
func (tx *Tx) AccountByLogin(ctx context.Context, kind, value string) (Account, error) {
	row, err := tx.q.AccountByLogin(ctx, tx.store.index(kind, value))
	if err != nil {
		return Account{}, tx.explain("find account", err)
	}
	return tx.account(&row)
}

// SaveAccount writes an account and raises its Version. icp.Conflict with
// "stale_version" when it was changed since it was read, and with
// "account.login_taken" when another account has a new login. CreatedAt stays.
func (tx *Tx) SaveAccount(ctx context.Context, a *Account) error {
	row, err := tx.accountRow(a)
	if err != nil {
		return err
	}
	n, err := tx.q.UpdateAccount(ctx, sqlgen.UpdateAccountParams{Roles: row.Roles, Sealed: row.Sealed,
		PasswordHash: row.PasswordHash, Failed: row.Failed, LockedUntil: row.LockedUntil, Lang: row.Lang, NameKind: row.NameKind,
		NameSealed: row.NameSealed, NameLookup: row.NameLookup, NamedAt: row.NamedAt, Disabled: row.Disabled,
		ID: row.ID, Version: a.Version})
	if err := tx.changed("save account", n, err); err != nil {
		return err
	}
	if err := tx.saveLogins(ctx, a); err != nil {
		return err
	}
	a.Version++
	return nil
}

// Accounts lists accounts, the newest first. A login, when given, finds the
// one account that has it as mail or mobile, whole and not in part: what is
// sealed cannot be searched.
func (tx *Tx) Accounts(ctx context.Context, cursor Cursor, limit int, login string) ([]Account, Cursor, error) {
	if login != "" {
		return tx.accountsWith(ctx, login)
	}
	p, err := newestFirst(cursor, limit)
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.q.AccountsPage(ctx, p.before, p.beforeID, p.rows)
	if err != nil {
		return nil, "", tx.explain("list accounts", err)
	}
	return page(rows, p.limit, tx.account, func(r *sqlgen.Account) (int64, string) { return r.CreatedAt, r.ID })
}

// AccountsNamed lists the accounts whose real name has the certificate number.
func (tx *Tx) AccountsNamed(ctx context.Context, certificateNumber string) ([]icp.AccountID, error) {
	ids, err := tx.q.AccountsNamed(ctx, tx.store.index(lookupCertificate, certificateNumber))
	if err != nil {
		return nil, tx.explain("find accounts by certificate", err)
	}
	out := make([]icp.AccountID, len(ids))
	for i, id := range ids {
		out[i] = icp.AccountID(id)
	}
	return out, nil
}

func (tx *Tx) accountsWith(ctx context.Context, login string) ([]Account, Cursor, error) {
	for _, kind := range []string{LoginMail, LoginMobile} {
		a, err := tx.AccountByLogin(ctx, kind, login)
		if err == nil {
			return []Account{a}, "", nil
		}
		if icp.KindOf(err) != icp.NotFound {
			return nil, "", err
		}
	}
	return []Account{}, "", nil
}

// saveLogins makes the account's rows of logins those of its addresses.
func (tx *Tx) saveLogins(ctx context.Context, a *Account) error {
	want := map[string]string{} // index → kind
	if a.Mail != "" {
		want[string(tx.store.index(LoginMail, a.Mail))] = LoginMail
	}
	if a.Mobile != "" {
		want[string(tx.store.index(LoginMobile, a.Mobile))] = LoginMobile
	}
	have, err := tx.q.LoginsOf(ctx, string(a.ID))
	if err != nil {
		return tx.explain("read logins", err)
	}
	for _, l := range have {
		if want[string(l.Lookup)] == l.Kind {
			delete(want, string(l.Lookup))
			continue
		}
		if err := tx.q.DeleteLogin(ctx, l.Lookup, string(a.ID)); err != nil {
			return tx.explain("delete login", err)
		}
	}
	for lookup, kind := range want {
		n, err := tx.q.InsertLogin(ctx, []byte(lookup), string(a.ID), kind)
		if err != nil {
			return tx.explain("insert login", err)
		}
		if n == 0 {
			return icp.E(icp.Conflict, "account.login_taken")
		}
	}
	return nil
}

func (tx *Tx) accountRow(a *Account) (sqlgen.Account, error) {
	row := sqlgen.Account{ID: string(a.ID), Roles: strings.Join(a.Roles, " "), PasswordHash: a.PasswordHash,
		Failed: int64(a.Failed), LockedUntil: micros(a.LockedUntil), Lang: a.Lang, NameKind: a.Name.Kind,
		NamedAt: micros(a.Name.At), Disabled: a.Disabled, CreatedAt: micros(a.CreatedAt), Version: a.Version}
	var err error
	if row.Sealed, err = sealJSON(tx.store.box, "accounts.sealed", row.ID, sealedContact{Mail: a.Mail, Mobile: a.Mobile}); err != nil {
		return row, err
	}
	if a.Name.Kind == "" {
		return row, nil
	}
	row.NameLookup = tx.store.index(lookupCertificate, a.Name.CertificateNumber)
	row.NameSealed, err = sealJSON(tx.store.box, "accounts.name_sealed", row.ID, sealedName{Name: a.Name.Name,
		CertificateType: a.Name.CertificateType, CertificateNumber: a.Name.CertificateNumber})
	return row, err
}

func (tx *Tx) account(row *sqlgen.Account) (Account, error) {
	a := Account{ID: icp.AccountID(row.ID), Roles: strings.Fields(row.Roles), PasswordHash: row.PasswordHash,
		Failed: int(row.Failed), LockedUntil: instant(row.LockedUntil), Lang: row.Lang, Disabled: row.Disabled,
		CreatedAt: instant(row.CreatedAt), Version: row.Version}
	var contact sealedContact
	if err := openJSON(tx.store.box, "accounts.sealed", row.ID, row.Sealed, &contact); err != nil {
		return Account{}, err
	}
	a.Mail, a.Mobile = contact.Mail, contact.Mobile
	if row.NameKind == "" {
		return a, nil
	}
	var name sealedName
	if err := openJSON(tx.store.box, "accounts.name_sealed", row.ID, row.NameSealed, &name); err != nil {
		return Account{}, err
	}
	a.Name = RealName{Kind: row.NameKind, Name: name.Name, CertificateType: name.CertificateType,
		CertificateNumber: name.CertificateNumber, At: instant(row.NamedAt)}
	return a, nil
}
