package accounts

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// AutoConfirm is the key of the setting (true or false, false by default) that
// takes a real name as confirmed when it is given. There is no outside service
// that proves names yet, so it is for demonstrations only.
const AutoConfirm = "accounts.real_name_auto_confirm"

// Kinds of real names.
const (
	Unit       = "unit"       // an organisation (单位)
	Individual = "individual" // a person (个人)
)

// NameStatus is how far an account's real name has come.
type NameStatus string

// The states of a real name. A pending one has the zero time in
// store.RealName.At; a confirmed one the instant of its confirmation.
const (
	NameNone      NameStatus = ""
	NamePending   NameStatus = "pending"
	NameConfirmed NameStatus = "confirmed"
)

// StatusOf gives the state of an account's real name.
func StatusOf(n store.RealName) NameStatus {
	switch {
	case n.Kind == "":
		return NameNone
	case n.At.IsZero():
		return NamePending
	}
	return NameConfirmed
}

// UsableFrom tells from when on an account can file under a confirmed name: a
// unit at once, a person after Terms.RealNameWait. The zero time for others.
func (s *Accounts) UsableFrom(n store.RealName) time.Time {
	if StatusOf(n) != NameConfirmed {
		return time.Time{}
	}
	if n.Kind == Individual {
		return n.At.Add(s.Terms.RealNameWait)
	}
	return n.At
}

// NameRule refuses with NotNow while an account cannot file: "name.missing",
// "name.pending", or "name.waiting" with hours and from.
func (s *Accounts) NameRule(a *store.Account, at time.Time) error {
	switch StatusOf(a.Name) {
	case NameNone:
		return icp.E(icp.NotNow, "name.missing")
	case NamePending:
		return icp.E(icp.NotNow, "name.pending")
	case NameConfirmed:
	}
	from := s.UsableFrom(a.Name)
	if !at.Before(from) {
		return nil
	}
	e := icp.E(icp.NotNow, "name.waiting").With("hours", strconv.Itoa(int(s.Terms.RealNameWait.Hours()))).
		With("from", from.In(clock.Shanghai).Format("2006-01-02 15:04"))
	e.RetryAfter = from.Sub(at)
	return e
}

// RealName is what an account says it is.
type RealName struct {
	Kind              string // Unit or Individual
	Name              string
	CertificateType   int // the authority's id (Zjlx)
	CertificateNumber string
}

// SetRealName gives the actor's account its real name: one account, one
// subject. While it is pending it can be given anew; once confirmed it stays.
// Invalid: /kind, /name, /certificate_type, /certificate_number; NotNow with
// "name.confirmed_already".
func (s *Accounts) SetRealName(ctx context.Context, by icp.Actor, in RealName) (store.Account, error) {
	in.Name = strings.TrimSpace(in.Name)
	if err := s.checkName(in); err != nil {
		return store.Account{}, err
	}
	return s.change(ctx, by, by.Account, 0, "account.name_given", func(tx *store.Tx, a *store.Account, at time.Time) (any, error) {
		if len(a.Roles) > 0 {
			return nil, icp.E(icp.NotAllowed, "name.staff")
		}
		if StatusOf(a.Name) == NameConfirmed {
			return nil, icp.E(icp.NotNow, "name.confirmed_already")
		}
		var auto bool
		if _, _, err := tx.Setting(ctx, AutoConfirm, &auto); err != nil {
			return nil, err
		}
		a.Name = store.RealName{Kind: in.Kind, Name: in.Name, CertificateType: in.CertificateType,
			CertificateNumber: icp.NormalizeCertificate(in.CertificateType, in.CertificateNumber)}
		if auto {
			a.Name.At = at
		}
		return map[string]any{"kind": in.Kind, "certificate_type": in.CertificateType, "status": StatusOf(a.Name)}, nil
	})
}

func (s *Accounts) checkName(in RealName) error {
	var faults []icp.FieldError
	fault := func(pointer, code string) { faults = append(faults, icp.FieldError{Pointer: pointer, Code: code}) }
	if in.Kind != Unit && in.Kind != Individual {
		fault("/kind", "name.kind")
	}
	if n := len([]rune(in.Name)); n < 2 || n > 255 {
		fault("/name", "name.length")
	}
	kind, ok := s.Tables.CertificateType(in.CertificateType)
	fits := ok && slices.ContainsFunc(kind.Natures, func(n int) bool {
		return (n == icp.NatureIndividual) == (in.Kind == Individual)
	})
	if !fits {
		fault("/certificate_type", "name.certificate_type")
	} else if code, warning := icp.CheckCertificate(in.CertificateType, in.CertificateNumber); code != "" && !warning {
		fault("/certificate_number", code)
	}
	return icp.InvalidFields(faults)
}

// ConfirmRealName confirms the pending name of an account, for an operator who
// has seen the proof. version is the account's, 0 for any. NotNow with
// "name.missing" or "name.confirmed_already".
func (s *Accounts) ConfirmRealName(ctx context.Context, by icp.Actor, id icp.AccountID, version int64) (store.Account, error) {
	return s.change(ctx, by, id, version, "account.name_confirmed", func(_ *store.Tx, a *store.Account, at time.Time) (any, error) {
		switch StatusOf(a.Name) {
		case NameNone:
			return nil, icp.E(icp.NotNow, "name.missing")
		case NameConfirmed:
			return nil, icp.E(icp.NotNow, "name.confirmed_already")
		case NamePending:
		}
		a.Name.At = at
		return map[string]string{"kind": a.Name.Kind}, nil
	})
}
