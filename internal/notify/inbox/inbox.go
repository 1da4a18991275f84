// Package inbox is where mails and text messages of a demonstration go: a
// table that its page shows, in place of a server. It keeps them in the clear,
// so a real installation must not use it. Start at [New].
package inbox

import (
	"context"
	"errors"
	"fmt"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/notify"
	"github.com/openbeian/beian/internal/store"
)

// Inbox is the demo's box. It is a notify.Sender for both media.
type Inbox struct {
	store *store.Store
}

// New makes the box of a store.
func New(s *store.Store) *Inbox { return &Inbox{store: s} }

// Deduplicates is true: the Ref is the message's key.
func (*Inbox) Deduplicates() bool { return true }

// Send puts a message into the box.
func (b *Inbox) Send(ctx context.Context, m notify.Message) error {
	err := b.store.Update(ctx, func(tx *store.Tx) error {
		return tx.InsertDemoMessage(ctx, &store.DemoMessage{ID: m.Ref, Medium: string(m.Medium), Recipient: m.To,
			Subject: m.Subject, Body: m.Text, CreatedAt: m.At})
	})
	switch {
	case err == nil, errors.Is(err, icp.ErrConflict): // it is in the box already
		return nil
	case errors.Is(err, icp.ErrUnavailable):
		return &notify.Fault{Outcome: notify.Lost, Err: err}
	}
	return &notify.Fault{Outcome: notify.Later, Err: err}
}

// Messages lists the box, the newest first.
func (b *Inbox) Messages(ctx context.Context, cursor store.Cursor, limit int) (messages []store.DemoMessage, next store.Cursor, err error) {
	err = b.store.View(ctx, func(tx *store.Tx) (err error) {
		messages, next, err = tx.DemoMessages(ctx, cursor, limit)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list messages: %w", err)
	}
	return messages, next, nil
}
