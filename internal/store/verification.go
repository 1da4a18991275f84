package store

import (
	"context"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// Verification is a code that was sent to an address to prove who holds it.
type Verification struct {
	ID      string
	Purpose string // such as "sign_up"
	// Target is the mail address or mobile number. It is kept only as a blind
	// index and does not come back.
	Target    string
	CodeHash  []byte
	Tries     int // wrong codes so far
	CreatedAt time.Time
	ExpiresAt time.Time
	Used      bool
}

// InsertVerification adds a code.
func (tx *Tx) InsertVerification(ctx context.Context, v *Verification) error {
	err := tx.q.InsertVerification(ctx, sqlgen.InsertVerificationParams{ID: v.ID, Purpose: v.Purpose,
		Lookup: tx.store.targetIndex(v.Target), CodeHash: v.CodeHash, Tries: int64(v.Tries), CreatedAt: micros(v.CreatedAt),
		ExpiresAt: micros(v.ExpiresAt), Used: v.Used})
	return tx.explain("insert verification code", err)
}

// LatestVerification gives the newest code for a target and purpose, used or
// over though it may be; icp.NotFound when there is none.
func (tx *Tx) LatestVerification(ctx context.Context, purpose, target string) (Verification, error) {
	row, err := tx.q.LatestVerification(ctx, tx.store.targetIndex(target), purpose)
	if err != nil {
		return Verification{}, tx.explain("read verification code", err)
	}
	return Verification{ID: row.ID, Purpose: row.Purpose, Target: target, CodeHash: row.CodeHash, Tries: int(row.Tries),
		CreatedAt: instant(row.CreatedAt), ExpiresAt: instant(row.ExpiresAt), Used: row.Used}, nil
}

// SaveVerificationTry counts a try: tries is the number after it and must
// rise; used ends the code. icp.Conflict when another try came first or the
// code is used, so that guesses made at once all count.
func (tx *Tx) SaveVerificationTry(ctx context.Context, id string, tries int, used bool) error {
	n, err := tx.q.SaveVerificationTry(ctx, int64(tries), used, id)
	return tx.changed("save try of verification code", n, err)
}

// DeleteVerifications removes the codes that were over before an instant.
func (tx *Tx) DeleteVerifications(ctx context.Context, before time.Time) (int64, error) {
	n, err := tx.q.DeleteVerifications(ctx, micros(before))
	return n, tx.explain("delete verification codes", err)
}

// targetIndex takes mail addresses and mobile numbers in any spelling.
func (s *Store) targetIndex(target string) []byte {
	if mobile := icp.NormalizeMobile(target); isMobile(mobile) {
		return s.index(lookupTarget, mobile)
	}
	return s.index(lookupTarget, icp.NormalizeEmail(target))
}

func isMobile(s string) bool {
	code, _ := icp.CheckMobile(s)
	return code == ""
}
