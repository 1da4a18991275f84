package authority

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/openbeian/beian/internal/audit"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// systemActor acts when the gateway decides by itself.
var systemActor = icp.Actor{Party: icp.System}

// The sides of a channel, which have their troubles apart; a code of health
// begins with one, such as upload.reply_lost or download.method_code_902.
const (
	sideUpload   = "upload"
	sideDownload = "download"
)

// HealthOutsideHours is the health of a channel that waits for its permitted
// hours; see [Hours.Next].
const HealthOutsideHours = "outside_hours"

// said is what the authority said about a trouble, such as its hours (code 20).
type said string

// Error gives the words.
func (s said) Error() string { return string(s) }

// trouble notes what stands in the way, as a code for the operator's page, with
// the authority's words where the cause is some.
func (g *Gateway) trouble(ctx context.Context, side, code string, cause error) error {
	g.Log.Warn("trouble with the authority", "channel", g.Channel.ID, "side", side, "code", code, "err", cause)
	var words said
	errors.As(cause, &words)
	return g.note(ctx, func(c *store.AuthorityChannel) {
		if c.Health != side+"."+code { // else it stands since then
			c.Health, c.HealthAt = side+"."+code, g.Clock.Now()
		}
		c.HealthText = clip(string(words))
	})
}

// noteHours says in the channel's row that it waits for its hours, and takes
// that back. A trouble that is there stays: it will be there in the hours too.
func (g *Gateway) noteHours(ctx context.Context, row *store.AuthorityChannel, open bool) error {
	if open == (row.Health != HealthOutsideHours) || !open && row.Health != "" {
		return nil
	}
	return g.note(ctx, func(c *store.AuthorityChannel) {
		switch {
		case open && c.Health == HealthOutsideHours:
			c.Health, c.HealthText, c.HealthAt = "", "", g.Clock.Now()
		case !open && c.Health == "":
			c.Health, c.HealthText, c.HealthAt = HealthOutsideHours, "", g.Clock.Now()
		}
	})
}

// well takes a side's note of trouble back.
func (g *Gateway) well(ctx context.Context, side string) error {
	return g.note(ctx, func(c *store.AuthorityChannel) {
		if strings.HasPrefix(c.Health, side+".") {
			c.Health, c.HealthText, c.HealthAt = "", "", g.Clock.Now()
		}
	})
}

// pauseBy stops the channel until a person resumes it; the orders stay.
func (g *Gateway) pauseBy(ctx context.Context, reason string) error {
	g.Log.Error("channel of the authority paused", "channel", g.Channel.ID, "reason", reason)
	return g.Store.Update(ctx, func(tx *store.Tx) error { return g.setPaused(ctx, tx, true, reason, systemActor) })
}

func (g *Gateway) setPaused(ctx context.Context, tx *store.Tx, paused bool, reason string, by icp.Actor) error {
	event := "channel.resumed"
	if paused {
		event = "channel.paused"
	}
	err := g.noteIn(ctx, tx, func(c *store.AuthorityChannel) {
		c.Paused, c.PauseReason = paused, ""
		if paused {
			c.PauseReason = reason
		}
		c.HealthText = ""
		if by.Party == icp.System {
			c.Health = reason
		} else {
			c.Health = ""
		}
		c.HealthAt = g.Clock.Now()
	})
	if err != nil {
		return err
	}
	g.audit(tx, by, event, "channel", g.Channel.ID, map[string]any{"reason": reason})
	return nil
}

func (g *Gateway) setSequence(ctx context.Context, tx *store.Tx, from, to int64, by icp.Actor, reason string) error {
	if err := tx.SetSequence(ctx, g.Channel.ID, from, to); err != nil {
		return err
	}
	g.audit(tx, by, "channel.sequence_set", "channel", g.Channel.ID, map[string]any{"from": from, "to": to, "reason": reason})
	return nil
}

func (g *Gateway) audit(tx *store.Tx, by icp.Actor, action, kind, object string, detail map[string]any) {
	raw, err := json.Marshal(detail)
	if err != nil {
		panic("audit detail is not JSON: " + err.Error()) // made of our own plain values
	}
	actor := string(by.Account)
	if actor == "" {
		actor = string(by.Party)
	}
	tx.AppendEvent(audit.Event{At: g.Clock.Now(), Actor: actor, ActorRole: string(by.Party), Action: action, ObjectKind: kind, Object: object, Detail: raw})
}
