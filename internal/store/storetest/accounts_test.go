package storetest

import (
	"context"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

func sampleAccount() store.Account {
	return store.Account{ID: "a1", Roles: []string{"reviewer", "operator"}, Mail: "zhou@example.com", Mobile: "13800571234",
		PasswordHash: "$argon2id$x", Failed: 2, LockedUntil: noon.Add(time.Minute), Lang: "en", CreatedAt: noon,
		Name: store.RealName{Kind: "individual", Name: "周若兰", CertificateType: 2, CertificateNumber: "330106198803120028", At: noon}}
}

func TestAnAccountComesBackWhole(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		a := sampleAccount()
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertAccount(ctx, &a) })
		for name, find := range map[string]func(ctx context.Context, tx *store.Tx) (store.Account, error){
			"by id": func(ctx context.Context, tx *store.Tx) (store.Account, error) { return tx.Account(ctx, "a1") },
			"by mail in another spelling": func(ctx context.Context, tx *store.Tx) (store.Account, error) {
				return tx.AccountByLogin(ctx, store.LoginMail, " zhou@EXAMPLE.com ")
			},
			"by mobile": func(ctx context.Context, tx *store.Tx) (store.Account, error) {
				return tx.AccountByLogin(ctx, store.LoginMobile, "138 0057 1234")
			},
			"by filter": func(ctx context.Context, tx *store.Tx) (store.Account, error) {
				rows, _, err := tx.Accounts(ctx, "", 10, "13800571234")
				if len(rows) != 1 {
					t.Fatalf("filter finds %v", rows)
				}
				return rows[0], err
			},
		} {
			if got := read(t, s, find); !reflect.DeepEqual(got, a) {
				t.Errorf("%s: %+v, want %+v", name, got, a)
			}
		}
		named := read(t, s, func(ctx context.Context, tx *store.Tx) ([]icp.AccountID, error) {
			return tx.AccountsNamed(ctx, "330106198803120028")
		})
		if !slices.Equal(named, []icp.AccountID{"a1"}) {
			t.Errorf("by certificate: %v", named)
		}
	})
}

func TestALoginBelongsToOneAccount(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		a := sampleAccount()
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertAccount(ctx, &a) })
		taken := icp.E(icp.Conflict, "account.login_taken")
		refused(t, s, taken, func(ctx context.Context, tx *store.Tx) error {
			return tx.InsertAccount(ctx, &store.Account{ID: "a2", Mobile: "13800571234", CreatedAt: noon})
		})
		refused(t, s, icp.ErrNotFound, func(ctx context.Context, tx *store.Tx) error { _, err := tx.Account(ctx, "a2"); return err })
		a.Mobile = ""
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveAccount(ctx, &a) })
		b := store.Account{ID: "a2", Mobile: "13800571234", CreatedAt: noon}
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertAccount(ctx, &b) })
		b.Mail = a.Mail
		refused(t, s, taken, func(ctx context.Context, tx *store.Tx) error { return tx.SaveAccount(ctx, &b) })
	})
}

func TestAStaleAccountIsNotSaved(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		a := sampleAccount()
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertAccount(ctx, &a) })
		old := a
		a.Failed = 0
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveAccount(ctx, &a) })
		if a.Version != 2 {
			t.Errorf("version = %d", a.Version)
		}
		refused(t, s, icp.E(icp.Conflict, "stale_version"), func(ctx context.Context, tx *store.Tx) error { return tx.SaveAccount(ctx, &old) })
	})
}

func TestAccountsAreListedInPages(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		for _, id := range []string{"a1", "a2", "a3"} {
			person(t, s, id)
		}
		got := pages(t, s, 2, func(a store.Account) string { return string(a.ID) },
			func(ctx context.Context, tx *store.Tx, c store.Cursor, n int) ([]store.Account, store.Cursor, error) {
				return tx.Accounts(ctx, c, n, "")
			})
		if want := []string{"a3", "a2", "a1"}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestSessions(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		ctx, clk := t.Context(), clock.NewManual(noon)
		sessions := s.Sessions(clk)
		if _, found, err := sessions.FindCtx(ctx, "none"); found || err != nil {
			t.Errorf("a session that is not there: %v, %v", found, err)
		}
		for _, data := range []string{"first", "second"} {
			if err := sessions.CommitCtx(ctx, "token", []byte(data), noon.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		if data, found, err := sessions.FindCtx(ctx, "token"); string(data) != "second" || !found || err != nil {
			t.Errorf("session = %q, %v, %v", data, found, err)
		}
		clk.Advance(time.Hour)
		if _, found, _ := sessions.FindCtx(ctx, "token"); found {
			t.Error("a session that is over was found")
		}
		update(t, s, func(ctx context.Context, tx *store.Tx) error {
			n, err := tx.DeleteExpiredSessions(ctx, clk.Now())
			if n != 1 {
				t.Errorf("deleted %d", n)
			}
			return err
		})
		if err := sessions.DeleteCtx(ctx, "token"); err != nil {
			t.Errorf("deleting what is not there: %v", err)
		}
	})
}

func TestVerificationCodes(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		v := store.Verification{ID: "v1", Purpose: "sign_up", Target: "13800571234", CodeHash: []byte{1, 2}, CreatedAt: noon, ExpiresAt: noon.Add(time.Minute)}
		newer := v
		newer.ID, newer.CreatedAt = "v2", noon.Add(time.Second)
		update(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.InsertVerification(ctx, &v); err != nil {
				return err
			}
			return tx.InsertVerification(ctx, &newer)
		})
		got := read(t, s, func(ctx context.Context, tx *store.Tx) (store.Verification, error) {
			return tx.LatestVerification(ctx, "sign_up", "13800571234")
		})
		if !reflect.DeepEqual(got, newer) {
			t.Errorf("latest = %+v, want %+v", got, newer)
		}
		refused(t, s, icp.ErrNotFound, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.LatestVerification(ctx, "reset", "13800571234")
			return err
		})
		try := func(tries int, used bool) func(ctx context.Context, tx *store.Tx) error {
			return func(ctx context.Context, tx *store.Tx) error { return tx.SaveVerificationTry(ctx, "v2", tries, used) }
		}
		update(t, s, try(1, false))
		refused(t, s, icp.ErrConflict, try(1, false)) // a guess at the same time
		update(t, s, try(2, true))
		refused(t, s, icp.ErrConflict, try(3, true)) // a code is used once
	})
}

func TestHitsCountWithinAWindow(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		for i, c := range []struct {
			key    string
			window time.Duration
			at     time.Time
			want   int
		}{
			{"k", time.Minute, noon, 1}, {"k", time.Minute, noon.Add(59 * time.Second), 2}, {"other", time.Minute, noon, 1},
			{"k", time.Hour, noon, 1}, {"k", time.Minute, noon.Add(time.Minute), 1},
		} {
			update(t, s, func(ctx context.Context, tx *store.Tx) error {
				n, err := tx.Hit(ctx, c.key, c.window, c.at)
				if n != c.want {
					t.Errorf("%d: %d hits, want %d", i, n, c.want)
				}
				return err
			})
		}
	})
}

func TestAHitIsTakenBack(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		update(t, s, func(ctx context.Context, tx *store.Tx) error {
			for _, at := range []time.Time{noon, noon, noon.Add(time.Minute)} {
				if _, err := tx.Hit(ctx, "k", time.Minute, at); err != nil {
					return err
				}
			}
			return nil
		})
		for i, want := range []int{1, 0, 0} { // never below none
			update(t, s, func(ctx context.Context, tx *store.Tx) error {
				return tx.TakeBackHit(ctx, "k", time.Minute, noon.Add(time.Second))
			})
			got := read(t, s, func(ctx context.Context, tx *store.Tx) (int, error) { return tx.Hits(ctx, "k", time.Minute, noon) })
			other := read(t, s, func(ctx context.Context, tx *store.Tx) (int, error) {
				return tx.Hits(ctx, "k", time.Minute, noon.Add(time.Minute))
			})
			if got != want || other != 1 {
				t.Errorf("%d: %d hits, want %d; %d in the next window", i, got, want, other)
			}
		}
	})
}

func TestIdempotencyKeys(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		claim := func(actor, print string) (result string, seen bool, err error) {
			err = s.Update(t.Context(), func(tx *store.Tx) (err error) {
				if result, seen, err = tx.ClaimKey(t.Context(), actor, "k", print, noon); err != nil || seen {
					return err
				}
				return tx.SetKeyResult(t.Context(), actor, "k", "o1")
			})
			return result, seen, err
		}
		if _, seen, err := claim("a1", "p"); seen || err != nil {
			t.Fatalf("the first time: %v, %v", seen, err)
		}
		if result, seen, err := claim("a1", "p"); result != "o1" || !seen || err != nil {
			t.Errorf("again: %q, %v, %v", result, seen, err)
		}
		if _, seen, err := claim("a2", "p"); seen || err != nil {
			t.Errorf("another actor: %v, %v", seen, err)
		}
		refused(t, s, icp.E(icp.Conflict, "idempotency.other_request"), func(ctx context.Context, tx *store.Tx) error {
			_, _, err := tx.ClaimKey(ctx, "a1", "k", "other", noon)
			return err
		})
	})
}
