package authority

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/openbeian/beian/internal/icp"
)

// A ticket lets the browser fetch something large as a file: the reason is
// given and the audit event written when the ticket is made, and the ticket is
// good for one account, one thing and a minute. It is sealed, so that no state
// is kept and any node can honour it.

const ticketLife = time.Minute

var ticketContext = []byte("authority-ticket")

type ticket struct {
	Channel string
	Account icp.AccountID
	Until   time.Time
	Export  *Export `json:",omitempty"`
	Side    Side    `json:",omitempty"`
	File    string  `json:",omitempty"`
	Part    Part    `json:",omitempty"`
}

func (g *Gateway) issue(by icp.Actor, t ticket) (string, time.Time, error) {
	t.Channel, t.Account, t.Until = g.Channel.ID, by.Account, g.Clock.Now().Add(ticketLife)
	raw, err := json.Marshal(t)
	if err != nil {
		return "", t.Until, fmt.Errorf("write ticket: %w", err)
	}
	sealed, err := g.Store.Box().Seal(raw, ticketContext)
	return base64.RawURLEncoding.EncodeToString(sealed), t.Until, err
}

// redeem reads a ticket; icp.Invalid when it is none, not this account's or
// past its time.
func (g *Gateway) redeem(by icp.Actor, text string) (t ticket, err error) {
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		var raw []byte
		if raw, err = g.Store.Box().Open(sealed, ticketContext); err == nil {
			err = json.Unmarshal(raw, &t)
		}
	}
	if err != nil || t.Channel != g.Channel.ID || t.Account != by.Account || g.Clock.Now().After(t.Until) {
		return ticket{}, icp.InvalidField("/ticket", "authority.ticket")
	}
	return t, nil
}

// TicketForBytes lets an account fetch the exact bytes of a part (the document
// or the envelope) for a reason; it is an audit event.
func (g *Gateway) TicketForBytes(ctx context.Context, by icp.Actor, side Side, file string, part Part, reason string) (string, time.Time, error) {
	if part != PartDocument && part != PartEnvelope {
		return "", time.Time{}, icp.InvalidField("/part", "authority.exact_part")
	}
	key, err := g.revealed(ctx, by, side, file, reason, map[string]any{"part": string(part), "whole": true})
	if err != nil {
		return "", time.Time{}, err
	}
	if _, err := g.keptEnvelope(ctx, key); err != nil {
		return "", time.Time{}, broke(err)
	}
	return g.issue(by, ticket{Side: side, File: file, Part: part})
}

// Bytes gives what a ticket is for, byte by byte, and a name for the file; the
// caller closes it.
func (g *Gateway) Bytes(ctx context.Context, by icp.Actor, text string) (content io.ReadCloser, name string, err error) {
	t, err := g.redeem(by, text)
	if err != nil {
		return nil, "", err
	}
	if t.File == "" {
		return nil, "", icp.InvalidField("/ticket", "authority.ticket")
	}
	key, err := g.blobOf(ctx, t.Side, t.File)
	if err != nil {
		return nil, "", err
	}
	if t.Part == PartEnvelope {
		content, err = g.keptText(ctx, key)
		return content, t.File + ".base64.txt", broke(err)
	}
	content, err = g.keptDocument(ctx, key)
	return content, t.File + ".xml", broke(err)
}
