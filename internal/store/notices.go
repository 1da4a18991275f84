package store

import (
	"context"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// NoticeState is where a notice stands.
type NoticeState string

// The states.
const (
	NoticeQueued  NoticeState = "queued"
	NoticeSending NoticeState = "sending"
	NoticeSent    NoticeState = "sent"
	NoticeFailed  NoticeState = "failed"
	NoticeUnknown NoticeState = "unknown" // no answer: it may have been sent
)

// Notice is something told to an applicant by mail or message.
type Notice struct {
	ID      string
	Dedupe  string // one notice per value, ever
	Account icp.AccountID
	Order   icp.OrderID // empty when about no order
	Kind    string
	Medium  string // "mail" or "sms"
	Lang    string
	// Address and Params are sealed.
	Address   string
	Params    map[string]string
	State     NoticeState
	Tries     int
	LastError string // a code, never the address
	CreatedAt time.Time
	SentAt    time.Time
	ReadAt    time.Time
}

type sealedNotice struct {
	Address string            `json:"address"`
	Params  map[string]string `json:"params,omitempty"`
}

// InsertNotice adds a notice; inserted is false, and nothing is changed, when
// there is one with its Dedupe already.
func (tx *Tx) InsertNotice(ctx context.Context, n *Notice) (inserted bool, err error) {
	sealed, err := sealJSON(tx.store.box, "notices.sealed", n.ID, sealedNotice{Address: n.Address, Params: n.Params})
	if err != nil {
		return false, err
	}
	rows, err := tx.q.InsertNotice(ctx, sqlgen.InsertNoticeParams{ID: n.ID, Dedupe: n.Dedupe, AccountID: string(n.Account),
		OrderID: string(n.Order), Kind: n.Kind, Medium: n.Medium, Lang: n.Lang, Sealed: sealed, State: string(n.State),
		Tries: int64(n.Tries), LastError: n.LastError, CreatedAt: micros(n.CreatedAt), SentAt: micros(n.SentAt), ReadAt: micros(n.ReadAt)})
	return rows == 1, tx.explain("insert notice", err)
}

// SaveNotice writes State, Tries, LastError and SentAt of a notice that is
// still in the state from; icp.Conflict with "stale_version" when it is not.
func (tx *Tx) SaveNotice(ctx context.Context, n *Notice, from NoticeState) error {
	rows, err := tx.q.UpdateNotice(ctx, sqlgen.UpdateNoticeParams{State: string(n.State), Tries: int64(n.Tries),
		LastError: n.LastError, SentAt: micros(n.SentAt), ID: n.ID, FromState: string(from)})
	return tx.changed("save notice", rows, err)
}

// Notice reads a notice; icp.NotFound when there is none.
func (tx *Tx) Notice(ctx context.Context, id string) (Notice, error) {
	row, err := tx.q.Notice(ctx, id)
	if err != nil {
		return Notice{}, tx.explain("read notice", err)
	}
	return tx.notice(&row)
}

// NoticesOf lists an account's notices, the newest first.
func (tx *Tx) NoticesOf(ctx context.Context, account icp.AccountID, cursor Cursor, limit int) ([]Notice, Cursor, error) {
	p, err := newestFirst(cursor, limit)
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.q.NoticesOf(ctx, sqlgen.NoticesOfParams{AccountID: string(account), Before: p.before, BeforeID: p.beforeID, MaxRows: p.rows})
	return tx.noticePage(rows, p, err)
}

// NoticesOfOrder lists the notices about an order, the newest first.
func (tx *Tx) NoticesOfOrder(ctx context.Context, id icp.OrderID, cursor Cursor, limit int) ([]Notice, Cursor, error) {
	p, err := newestFirst(cursor, limit)
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.q.NoticesOfOrder(ctx, sqlgen.NoticesOfOrderParams{OrderID: string(id), Before: p.before, BeforeID: p.beforeID, MaxRows: p.rows})
	return tx.noticePage(rows, p, err)
}

// Notices lists all notices, the newest first.
func (tx *Tx) Notices(ctx context.Context, cursor Cursor, limit int) ([]Notice, Cursor, error) {
	p, err := newestFirst(cursor, limit)
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.q.NoticesPage(ctx, p.before, p.beforeID, p.rows)
	return tx.noticePage(rows, p, err)
}

// MarkNoticeRead notes when an account first read its notice; it is no error
// when it has, or when the notice is another's.
func (tx *Tx) MarkNoticeRead(ctx context.Context, id string, account icp.AccountID, now time.Time) error {
	_, err := tx.q.MarkNoticeRead(ctx, micros(now), id, string(account))
	return tx.explain("mark notice as read", err)
}

// CountUnreadNotices counts the notices that an account has not read.
func (tx *Tx) CountUnreadNotices(ctx context.Context, account icp.AccountID) (int, error) {
	n, err := tx.q.CountUnreadNotices(ctx, string(account))
	return int(n), tx.explain("count unread notices", err)
}

func (tx *Tx) noticePage(rows []sqlgen.Notice, p span, err error) ([]Notice, Cursor, error) {
	if err != nil {
		return nil, "", tx.explain("list notices", err)
	}
	return page(rows, p.limit, tx.notice, func(r *sqlgen.Notice) (int64, string) { return r.CreatedAt, r.ID })
}

func (tx *Tx) notice(r *sqlgen.Notice) (Notice, error) {
	var s sealedNotice
	if err := openJSON(tx.store.box, "notices.sealed", r.ID, r.Sealed, &s); err != nil {
		return Notice{}, err
	}
	return Notice{ID: r.ID, Dedupe: r.Dedupe, Account: icp.AccountID(r.AccountID), Order: icp.OrderID(r.OrderID), Kind: r.Kind,
		Medium: r.Medium, Lang: r.Lang, Address: s.Address, Params: s.Params, State: NoticeState(r.State), Tries: int(r.Tries),
		LastError: r.LastError, CreatedAt: instant(r.CreatedAt), SentAt: instant(r.SentAt), ReadAt: instant(r.ReadAt)}, nil
}
