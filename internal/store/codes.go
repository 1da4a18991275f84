package store

import (
	"context"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// CodeState is where an authorization code stands.
type CodeState string

// The states.
const (
	CodeUnused  CodeState = "unused"  // 未使用
	CodeInUse   CodeState = "in_use"  // 使用中: an open order holds it
	CodeUsed    CodeState = "used"    // 已使用: its site is filed
	CodeDeleted CodeState = "deleted" // kept for the record
)

// Code is an authorization code (备案授权码): a credential that stands for a
// server's public address, for one account and one site.
type Code struct {
	ID        icp.CodeID
	Text      string // what people type, in its one spelling
	Server    icp.ServerID
	Owner     icp.AccountID // whose server it is
	Account   icp.AccountID // the only account that may use it
	State     CodeState
	Note      string
	CreatedAt time.Time
	Version   int64
}

// InsertCode adds a code and sets its Version to 1. icp.Conflict with
// "authcode.taken" when the text is in use.
func (tx *Tx) InsertCode(ctx context.Context, c *Code) error {
	n, err := tx.q.InsertCode(ctx, sqlgen.InsertCodeParams{ID: string(c.ID), Code: c.Text, ServerID: string(c.Server),
		OwnerID: string(c.Owner), AccountID: string(c.Account), State: string(c.State), Note: c.Note,
		CreatedAt: micros(c.CreatedAt), Version: 1})
	if err != nil {
		return tx.explain("insert authorization code", err)
	}
	if n == 0 {
		return icp.E(icp.Conflict, "authcode.taken")
	}
	c.Version = 1
	return nil
}

// SaveCode writes a code's Server, State and Note and raises its Version; the
// rest never changes. icp.Conflict with "stale_version" when it was changed
// since it was read.
func (tx *Tx) SaveCode(ctx context.Context, c *Code) error {
	n, err := tx.q.UpdateCode(ctx, sqlgen.UpdateCodeParams{ServerID: string(c.Server), State: string(c.State), Note: c.Note,
		ID: string(c.ID), Version: c.Version})
	if err := tx.changed("save authorization code", n, err); err != nil {
		return err
	}
	c.Version++
	return nil
}

// Code reads a code; icp.NotFound when there is none.
func (tx *Tx) Code(ctx context.Context, id icp.CodeID) (Code, error) {
	row, err := tx.q.Code(ctx, string(id))
	if err != nil {
		return Code{}, tx.explain("read authorization code", err)
	}
	return codeOf(&row)
}

// CodeByText finds a code by its text; icp.NotFound when there is none.
func (tx *Tx) CodeByText(ctx context.Context, text string) (Code, error) {
	row, err := tx.q.CodeByText(ctx, text)
	if err != nil {
		return Code{}, tx.explain("find authorization code", err)
	}
	return codeOf(&row)
}

// CodesOwnedBy lists the codes of an account's servers, the newest first.
func (tx *Tx) CodesOwnedBy(ctx context.Context, owner icp.AccountID, cursor Cursor, limit int) ([]Code, Cursor, error) {
	p, err := newestFirst(cursor, limit)
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.q.CodesOwnedBy(ctx, sqlgen.CodesOwnedByParams{OwnerID: string(owner), Before: p.before, BeforeID: p.beforeID, MaxRows: p.rows})
	if err != nil {
		return nil, "", tx.explain("list authorization codes", err)
	}
	return page(rows, p.limit, codeOf, byCodeAge)
}

// CodesFor lists the codes that an account may use, the newest first.
func (tx *Tx) CodesFor(ctx context.Context, account icp.AccountID, cursor Cursor, limit int) ([]Code, Cursor, error) {
	p, err := newestFirst(cursor, limit)
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.q.CodesFor(ctx, sqlgen.CodesForParams{AccountID: string(account), Before: p.before, BeforeID: p.beforeID, MaxRows: p.rows})
	if err != nil {
		return nil, "", tx.explain("list authorization codes", err)
	}
	return page(rows, p.limit, codeOf, byCodeAge)
}

// CodesOfServer lists the codes of a server, deleted ones too, the oldest first.
func (tx *Tx) CodesOfServer(ctx context.Context, id icp.ServerID) ([]Code, error) {
	rows, err := tx.q.CodesOfServer(ctx, string(id))
	if err != nil {
		return nil, tx.explain("read codes of server", err)
	}
	out, _, err := page(rows, len(rows), codeOf, byCodeAge)
	return out, err
}

func byCodeAge(r *sqlgen.AuthorizationCode) (int64, string) { return r.CreatedAt, r.ID }

func codeOf(r *sqlgen.AuthorizationCode) (Code, error) {
	return Code{ID: icp.CodeID(r.ID), Text: r.Code, Server: icp.ServerID(r.ServerID), Owner: icp.AccountID(r.OwnerID),
		Account: icp.AccountID(r.AccountID), State: CodeState(r.State), Note: r.Note, CreatedAt: instant(r.CreatedAt),
		Version: r.Version}, nil
}
