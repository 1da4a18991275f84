package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

func notice(t testing.TB, s *store.Store, account icp.AccountID, id, medium string, state store.NoticeState, at time.Time) {
	t.Helper()
	n := store.Notice{ID: id, Dedupe: "d/" + id, Account: account, Kind: "returned", Medium: medium, Lang: "zh-CN", State: state, CreatedAt: at}
	update(t, s, func(ctx context.Context, tx *store.Tx) error {
		inserted, err := tx.InsertNotice(ctx, &n)
		if err == nil && !inserted {
			t.Errorf("%s was not inserted", id)
		}
		return err
	})
}

func noticeID(n store.Notice) string { return n.ID }

func TestTheConsoleShowsWhatIsReadThere(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		account, other := person(t, s, "a1"), person(t, s, "a2")
		for _, x := range ages {
			notice(t, s, account, x.id, "console", store.NoticeSent, x.at)
			notice(t, s, account, x.id+"-mail", "mail", store.NoticeSent, x.at)
		}
		notice(t, s, other, "z", "console", store.NoticeSent, noon)
		for a, want := range map[icp.AccountID][]string{account: newest, other: {"z"}, "nobody": nil} {
			listed(t, s, want, noticeID, func(ctx context.Context, tx *store.Tx, c store.Cursor, n int) ([]store.Notice, store.Cursor, error) {
				return tx.ConsoleNotices(ctx, a, c, n)
			})
		}
		unread := func(a icp.AccountID) int {
			return read(t, s, func(ctx context.Context, tx *store.Tx) (int, error) { return tx.CountUnreadConsoleNotices(ctx, a) })
		}
		if got := unread(account); got != len(ages) {
			t.Errorf("%d unread, want %d", got, len(ages))
		}
		for _, c := range []struct {
			rule, id string
			by       icp.AccountID
			want     int
		}{
			{"a read mail changes nothing", "x1-mail", account, 5},
			{"another's reading changes nothing", "x1", other, 5},
			{"a read notice is not counted", "x1", account, 4},
			{"reading it again changes nothing", "x1", account, 4},
		} {
			update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.MarkNoticeRead(ctx, c.id, c.by, noon) })
			if got := unread(account); got != c.want {
				t.Errorf("%s: %d unread, want %d", c.rule, got, c.want)
			}
		}
		if got := unread(other); got != 1 {
			t.Errorf("the other has %d unread, want 1", got)
		}
	})
}

func TestOutgoingNoticesAreMailAndMessages(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		account := person(t, s, "a1")
		for i, x := range ages {
			notice(t, s, account, x.id, []string{"mail", "sms"}[i%2], store.NoticeQueued, x.at)
		}
		notice(t, s, "", "y", "sms", store.NoticeFailed, noon.Add(-time.Minute)) // to somebody without an account
		notice(t, s, account, "z", "console", store.NoticeFailed, noon)
		for state, want := range map[store.NoticeState][]string{
			"":                 {"x1", "x5", "x3", "x2", "y", "x4"},
			store.NoticeQueued: newest,
			store.NoticeFailed: {"y"},
			store.NoticeSent:   nil,
		} {
			listed(t, s, want, noticeID, func(ctx context.Context, tx *store.Tx, c store.Cursor, n int) ([]store.Notice, store.Cursor, error) {
				return tx.OutgoingNotices(ctx, state, c, n)
			})
		}
	})
}
