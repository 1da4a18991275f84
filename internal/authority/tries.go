package authority

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// Checks of filing passwords are counted in the database, so over all nodes. The
// authority counts an hour back from each check, or so we must suppose; a count
// that begins anew at each full hour would let twice as many through around it.
// So hits are kept by slices of ten minutes, and the last seven of them count,
// which cover at least an hour.
const (
	trySlice  = 10 * time.Minute
	trySlices = 7
	// accountChecks bounds the checks of one account within the hour, over all
	// licence numbers: enough for a careful person with several subjects.
	accountChecks = 12
)

// try is a check of a password that was counted.
type try struct {
	at            time.Time
	filing, owner string // keys of the counts
	left          icp.FilingTries
}

// beginTry counts a check, or refuses it with the time of the next possible one.
func (g *Gateway) beginTry(ctx context.Context, account icp.AccountID, licenceNo string) (try, error) {
	box := g.Store.Box()
	t := try{at: g.Clock.Now(), filing: "filing_check:" + hex.EncodeToString(box.Index("filing_check", licenceNo)),
		owner: "filing_check_by:" + string(account)}
	err := g.Store.Update(ctx, func(tx *store.Tx) error {
		closed, err := triesOf(ctx, tx, closedKey(t.filing), t.at)
		if err != nil {
			return err
		}
		if closed.used > 0 {
			return limited("authority.password_checks", closed.free(0), t.at)
		}
		used, err := countTry(ctx, tx, t.filing, t.at)
		if err != nil {
			return err
		}
		if used.used > g.Channel.PasswordChecks {
			return limited("authority.password_checks", used.free(g.Channel.PasswordChecks), t.at)
		}
		byAccount, err := countTry(ctx, tx, t.owner, t.at)
		if err != nil {
			return err
		}
		if byAccount.used > accountChecks {
			return limited("authority.password_checks_account", byAccount.free(accountChecks), t.at)
		}
		t.left = icp.FilingTries{Left: min(g.Channel.PasswordChecks-used.used, accountChecks-byAccount.used), Renews: used.free(used.used - 1)}
		return nil
	})
	return t, err
}

// takeBackTry forgets a check to which there was no answer.
func (g *Gateway) takeBackTry(ctx context.Context, t try) error {
	return g.Store.Update(ctx, func(tx *store.Tx) error {
		for _, key := range []string{t.filing, t.owner} {
			if err := tx.TakeBackHit(ctx, key, trySlice, t.at); err != nil {
				return err
			}
		}
		return nil
	})
}

// closeTries remembers that the authority refuses further checks (22), so that it
// is not asked for nothing; the error is icp.Limited.
func (g *Gateway) closeTries(ctx context.Context, t try) error {
	var closed tries
	err := g.Store.Update(ctx, func(tx *store.Tx) (err error) {
		closed, err = countTry(ctx, tx, closedKey(t.filing), t.at)
		return err
	})
	if err != nil {
		return err
	}
	return limited("authority.password_checks", closed.free(0), t.at)
}

func closedKey(filing string) string { return filing + "/closed" }

// tries are the hits of the slices that count, the newest first.
type tries struct {
	newest time.Time // when the newest slice began
	hits   [trySlices]int
	used   int
}

// countTry adds a hit and gives the count with it.
func countTry(ctx context.Context, tx *store.Tx, key string, at time.Time) (tries, error) {
	if _, err := tx.Hit(ctx, key, trySlice, at); err != nil {
		return tries{}, err
	}
	return triesOf(ctx, tx, key, at)
}

func triesOf(ctx context.Context, tx *store.Tx, key string, at time.Time) (tries, error) {
	t := tries{newest: at.Truncate(trySlice)}
	for i := range t.hits {
		n, err := tx.Hits(ctx, key, trySlice, at.Add(-time.Duration(i)*trySlice))
		if err != nil {
			return t, err
		}
		t.hits[i], t.used = n, t.used+n
	}
	return t, nil
}

// free is when at most so many of the hits still count.
func (t tries) free(most int) time.Time {
	left := t.used
	for i := trySlices - 1; i >= 0; i-- {
		left -= t.hits[i]
		if left <= most {
			return t.newest.Add(time.Duration(trySlices-i) * trySlice)
		}
	}
	return t.newest
}

// limited refuses until an instant, which the text names in China's time.
func limited(code string, until, now time.Time) error {
	e := *icp.E(icp.Limited, code).With("at", until.In(clock.Shanghai).Format("2006-01-02 15:04"))
	e.RetryAfter = until.Sub(now)
	return &e
}
