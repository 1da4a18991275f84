package store

import (
	"context"
	"time"

	"github.com/openbeian/beian/internal/store/sqlgen"
)

// DemoMessage is a mail or message that the demo's box received. Its data are
// invented and not sealed.
type DemoMessage struct {
	ID        string
	Medium    string // "mail" or "sms"
	Recipient string
	Subject   string
	Body      string
	CreatedAt time.Time
}

// InsertDemoMessage adds a message to the demo's box.
func (tx *Tx) InsertDemoMessage(ctx context.Context, m *DemoMessage) error {
	return tx.explain("insert demo message", tx.q.InsertDemoMessage(ctx, sqlgen.InsertDemoMessageParams{ID: m.ID, Medium: m.Medium,
		Recipient: m.Recipient, Subject: m.Subject, Body: m.Body, CreatedAt: micros(m.CreatedAt)}))
}

// DemoMessages lists the demo's box, the newest first.
func (tx *Tx) DemoMessages(ctx context.Context, cursor Cursor, limit int) ([]DemoMessage, Cursor, error) {
	p, err := newestFirst(cursor, limit)
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.q.DemoMessages(ctx, p.before, p.beforeID, p.rows)
	if err != nil {
		return nil, "", tx.explain("list demo messages", err)
	}
	value := func(r *sqlgen.DemoMessage) (DemoMessage, error) {
		return DemoMessage{ID: r.ID, Medium: r.Medium, Recipient: r.Recipient, Subject: r.Subject, Body: r.Body, CreatedAt: instant(r.CreatedAt)}, nil
	}
	return page(rows, p.limit, value, func(r *sqlgen.DemoMessage) (int64, string) { return r.CreatedAt, r.ID })
}
