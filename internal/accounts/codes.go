package accounts

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// codePause is the least time between two codes to one address.
const codePause = time.Minute

// CodeRequest asks for a code.
type CodeRequest struct {
	Purpose string // SignUpCode, ResetCode or BindCode
	Target  string // a mail address or mobile number, as typed
	IP      string // where the request comes from
	Lang    string
}

// RequestCode sends a code of six digits that is good for Terms.CodeLife. It
// answers alike whether there is an account or not: for a log-in that is taken
// the owner is told instead, and for a reset without an account nothing goes
// out. Invalid: the address; Limited: too many codes for it or from here.
func (s *Accounts) RequestCode(ctx context.Context, in CodeRequest) error {
	if !slices.Contains([]string{SignUpCode, ResetCode, BindCode}, in.Purpose) {
		return icp.InvalidField("/purpose", "code.purpose")
	}
	login, err := ParseLogin("/to", in.Target)
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx *store.Tx) error {
		at := s.Clock.Now()
		if err := s.limitCodes(ctx, tx, login, in.IP, at); err != nil {
			return err
		}
		taken, err := exists(ctx, tx, login)
		if err != nil {
			return err
		}
		// The row is written in every case, so that tries count and fail alike.
		code, v := s.newCode(in.Purpose, login, at)
		if err := tx.InsertVerification(ctx, v); err != nil {
			return err
		}
		switch {
		case in.Purpose == ResetCode && !taken:
			return nil
		case in.Purpose != ResetCode && taken:
			return s.Codes.SendCode(ctx, tx, login.medium(), login.Value, "", in.Lang, AlreadyNotice)
		}
		return s.Codes.SendCode(ctx, tx, login.medium(), login.Value, code, in.Lang, in.Purpose)
	})
}

func (s *Accounts) limitCodes(ctx context.Context, tx *store.Tx, login Login, ip string, at time.Time) error {
	target := "code:" + hex.EncodeToString(s.Store.Box().Index("code target", login.Value))
	if err := limit(ctx, tx, target, codePause, 1, at); err != nil {
		return err
	}
	if err := limit(ctx, tx, target, time.Hour, s.Terms.CodesPerHour, at); err != nil {
		return err
	}
	return limit(ctx, tx, s.place("code", ip), time.Hour, s.Terms.CodesPerHourIP, at)
}

func exists(ctx context.Context, tx *store.Tx, login Login) (bool, error) {
	_, err := tx.AccountByLogin(ctx, login.Kind, login.Value)
	if icp.KindOf(err) == icp.NotFound {
		return false, nil
	}
	return err == nil, err
}

func (s *Accounts) newCode(purpose string, login Login, at time.Time) (string, *store.Verification) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		panic("no randomness: " + err.Error())
	}
	code := fmt.Sprintf("%06d", n)
	v := &store.Verification{ID: icp.NewID(at), Purpose: purpose, Target: login.Value, CreatedAt: at, ExpiresAt: at.Add(s.Terms.CodeLife)}
	v.CodeHash = s.codeHash(v.ID, code)
	return code, v
}

// codeHash is keyed, since a plain hash of six digits is soon guessed from a
// copy of the database.
func (s *Accounts) codeHash(id, code string) []byte { return s.Store.Box().Index("code", id+":"+code) }

// useCode spends a code. A wrong one is a refusal, which the caller must give
// after the commit: the try counts only then. err is for the store's errors.
func (s *Accounts) useCode(ctx context.Context, tx *store.Tx, purpose string, login Login, code string, at time.Time) (refusal, err error) {
	v, err := tx.LatestVerification(ctx, purpose, login.Value)
	if icp.KindOf(err) == icp.NotFound {
		return icp.InvalidField("/code", "code.wrong"), nil
	}
	if err != nil {
		return nil, err
	}
	switch {
	case v.Used || !at.Before(v.ExpiresAt):
		return icp.InvalidField("/code", "code.expired"), nil
	case v.Tries >= s.Terms.CodeTries:
		return icp.InvalidField("/code", "code.spent"), nil
	}
	good := subtle.ConstantTimeCompare(s.codeHash(v.ID, cleanCode(code)), v.CodeHash) == 1
	if err := tx.SaveVerificationTry(ctx, v.ID, v.Tries+1, good); err != nil {
		return nil, err
	}
	if !good {
		return icp.InvalidField("/code", "code.wrong"), nil
	}
	return nil, nil
}

// cleanCode takes full-width digits and spaces as people paste them.
func cleanCode(code string) string {
	out := make([]rune, 0, 6)
	for _, r := range code {
		switch {
		case r >= '０' && r <= '９':
			out = append(out, r-'０'+'0')
		case r != ' ' && r != '\u3000' && r != '-':
			out = append(out, r)
		}
	}
	return string(out)
}
