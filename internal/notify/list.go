package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/audit"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// Entry is a notice as its account reads it in the console.
type Entry struct {
	ID    string
	Kind  string
	Order icp.OrderID
	At    time.Time
	Title string
	Text  string // paragraphs with empty lines between them
	Read  bool
}

// Delivery is a notice as the operator sees it: how it went, not what it says.
type Delivery struct {
	ID      string
	Account icp.AccountID // empty for a code to somebody without one
	Order   icp.OrderID
	Kind    string
	Medium  Medium
	Address string // masked
	State   store.NoticeState
	Tries   int
	// Error is the end of a message key notice.error.*, "" for none; Status is
	// the other side's code, such as "550 5.1.1".
	Error, Status string
	CreatedAt     time.Time
	SentAt        time.Time
	// CanRetry tells whether Retry would take it.
	CanRetry bool
}

// ListForAccount lists what an account was told, the newest first.
func (s *Service) ListForAccount(ctx context.Context, account icp.AccountID, cursor store.Cursor, limit int) (entries []Entry, next store.Cursor, err error) {
	var rows []store.Notice
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		rows, next, err = tx.ConsoleNotices(ctx, account, cursor, limit)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list notices: %w", err)
	}
	entries = make([]Entry, len(rows))
	for i := range rows {
		n, params := &rows[i], s.params(&rows[i])
		entries[i] = Entry{ID: n.ID, Kind: n.Kind, Order: n.Order, At: n.CreatedAt, Read: !n.ReadAt.IsZero(),
			Title: s.Texts.Text(i18n.Lang(n.Lang), "notice."+n.Kind+".mail.subject", params),
			Text:  s.Texts.Text(i18n.Lang(n.Lang), "notice."+n.Kind+".mail.body", params)}
	}
	return entries, next, nil
}

// Unread counts the notices that an account has not read.
func (s *Service) Unread(ctx context.Context, account icp.AccountID) (n int, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		n, err = tx.CountUnreadConsoleNotices(ctx, account)
		return err
	})
	return n, err
}

// MarkRead notes that an account has read a notice. It changes nothing when it
// had, or when the notice is another's.
func (s *Service) MarkRead(ctx context.Context, account icp.AccountID, id string) error {
	return s.Store.Update(ctx, func(tx *store.Tx) error {
		return tx.MarkNoticeRead(ctx, id, account, s.Clock.Now())
	})
}

// ListAll lists what goes out by mail and message, for the operator, the
// newest first; a state narrows it, "" shows all. Codes and texts are not in it.
func (s *Service) ListAll(ctx context.Context, state store.NoticeState, cursor store.Cursor, limit int) (out []Delivery, next store.Cursor, err error) {
	var rows []store.Notice
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		rows, next, err = tx.OutgoingNotices(ctx, state, cursor, limit)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list notices sent: %w", err)
	}
	out = make([]Delivery, len(rows))
	for i := range rows {
		n := &rows[i]
		code, status, _ := strings.Cut(n.LastError, " ")
		out[i] = Delivery{ID: n.ID, Account: n.Account, Order: n.Order, Kind: n.Kind, Medium: Medium(n.Medium),
			Address: mask(n.Address), State: n.State, Tries: n.Tries, Error: code, Status: status, CreatedAt: n.CreatedAt,
			SentAt: n.SentAt, CanRetry: retryable(n) == nil}
	}
	return out, next, nil
}

// Retry queues a notice again that failed or whose fate is unknown; the act is
// audited, since an unknown one may then reach the person twice. icp.NotNow
// with "notice.sent_already" or "notice.code_not_again", icp.NotFound when
// there is none.
func (s *Service) Retry(ctx context.Context, actor icp.Actor, id string) error {
	return s.Store.Update(ctx, func(tx *store.Tx) error {
		n, err := tx.Notice(ctx, id)
		if err != nil {
			return err
		}
		if err := retryable(&n); err != nil {
			return err
		}
		detail, err := json.Marshal(map[string]string{"from": string(n.State), "error": n.LastError, "tries": strconv.Itoa(n.Tries)})
		if err != nil {
			return fmt.Errorf("encode audit detail: %w", err)
		}
		from := n.State
		n.State, n.Tries, n.LastError = store.NoticeQueued, 0, ""
		if err := tx.SaveNotice(ctx, &n, from); err != nil {
			return err
		}
		tx.AppendEvent(audit.Event{At: s.Clock.Now(), Actor: either(string(actor.Account), string(actor.Party)),
			ActorRole: either(strings.Join(actor.Roles, " "), string(actor.Party)), Action: "notice.retried",
			ObjectKind: "notice", Object: id, Detail: detail})
		return tx.Enqueue(ctx, SendNotice{ID: id})
	})
}

// retryable refuses what must not be sent again: what was sent or is on its
// way, and codes, which have run out or been replaced.
func retryable(n *store.Notice) error {
	if n.State != store.NoticeFailed && n.State != store.NoticeUnknown {
		return icp.E(icp.NotNow, "notice.sent_already")
	}
	if isCode(n.Kind) {
		return icp.E(icp.NotNow, "notice.code_not_again")
	}
	return nil
}

// mask hides most of an address: z***@example.com, 138****0001.
func mask(address string) string {
	if local, host, ok := strings.Cut(address, "@"); ok {
		if local != "" {
			local = local[:1]
		}
		return local + "***@" + host
	}
	if len(address) < 8 {
		return "***"
	}
	return address[:3] + "****" + address[len(address)-4:]
}
