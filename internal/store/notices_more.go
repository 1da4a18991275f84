package store

import (
	"context"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// ConsoleNotices lists what an account reads in the console, the newest first:
// one row for each thing told, however many media it also went out by.
func (tx *Tx) ConsoleNotices(ctx context.Context, account icp.AccountID, cursor Cursor, limit int) ([]Notice, Cursor, error) {
	p, err := newestFirst(cursor, limit)
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.q.ConsoleNotices(ctx, sqlgen.ConsoleNoticesParams{AccountID: string(account), Before: p.before, BeforeID: p.beforeID, MaxRows: p.rows})
	return tx.noticePage(rows, p, err)
}

// CountUnreadConsoleNotices counts the rows of ConsoleNotices that the account
// has not read.
func (tx *Tx) CountUnreadConsoleNotices(ctx context.Context, account icp.AccountID) (int, error) {
	n, err := tx.q.CountUnreadConsoleNotices(ctx, string(account))
	return int(n), tx.explain("count unread notices", err)
}

// OutgoingNotices lists what goes out by mail or message, the newest first; a
// state narrows it, "" shows all.
func (tx *Tx) OutgoingNotices(ctx context.Context, state NoticeState, cursor Cursor, limit int) ([]Notice, Cursor, error) {
	p, err := newestFirst(cursor, limit)
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.q.OutgoingNotices(ctx, sqlgen.OutgoingNoticesParams{State: string(state), Before: p.before, BeforeID: p.beforeID, MaxRows: p.rows})
	return tx.noticePage(rows, p, err)
}
