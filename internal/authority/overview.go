package authority

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// Overview is how a channel stands: one read of the database.
type Overview struct {
	Channel store.AuthorityChannel
	Pulse   store.Pulse
	// Ready are the orders that wait to be sent.
	Ready store.Waiting
	// Uploads and Downloads count the files that have not come to an end.
	Uploads, Downloads []store.Waiting
	// Unsettled is the file that holds up the others; nil for none.
	Unsettled *store.Upload
	// Parked are the oldest parked downloads, at most maxParked.
	Parked []store.Download
	// Poll is the pause between two polls.
	Poll time.Duration
}

// maxParked is how many parked downloads an overview names.
const maxParked = 20

// Overview reads how the channel stands.
func (g *Gateway) Overview(ctx context.Context) (o Overview, err error) {
	err = g.Store.View(ctx, func(tx *store.Tx) (err error) {
		o = Overview{Poll: g.Channel.Poll}
		if o.Channel, err = tx.AuthorityChannel(ctx, g.Channel.ID); err != nil {
			return err
		}
		if o.Pulse, err = tx.Pulse(ctx, g.Channel.ID); err != nil {
			return err
		}
		ready, oldest, err := tx.ChannelReady(ctx, g.Channel.ID)
		if err != nil {
			return err
		}
		o.Ready = store.Waiting{Count: int64(ready), Oldest: oldest}
		if o.Uploads, err = tx.OpenUploads(ctx, g.Channel.ID); err != nil {
			return err
		}
		if o.Downloads, err = tx.OpenDownloads(ctx, g.Channel.ID); err != nil {
			return err
		}
		if o.Parked, err = tx.ParkedDownloads(ctx, g.Channel.ID, maxParked); err != nil {
			return err
		}
		u, err := tx.UnsettledUpload(ctx, g.Channel.ID)
		if errors.Is(err, icp.ErrNotFound) {
			return nil
		}
		o.Unsettled = &u
		return err
	})
	return o, err
}

// UnsettledSince is when the file that holds up the others was made; the zero
// time for none.
func (o *Overview) UnsettledSince() time.Time {
	if o.Unsettled == nil {
		return time.Time{}
	}
	return o.Unsettled.CreatedAt
}

// PauseCause is what paused a channel.
type PauseCause string

// The causes.
const (
	PausedByNothing       PauseCause = ""
	PausedByPerson        PauseCause = "person"
	PausedByConfiguration PauseCause = "configuration" // the authority refused account or envelope
	PausedByConflict      PauseCause = "conflict"      // see [ReasonConflict]
	PausedByGap           PauseCause = "gap"           // see [ReasonGap]
)

// PauseCauses lists the causes.
func PauseCauses() []PauseCause {
	return []PauseCause{PausedByPerson, PausedByConfiguration, PausedByConflict, PausedByGap}
}

// Cause is what paused the channel. The gateway notes its own reason as health
// too; a person's reason are words.
func (o *Overview) Cause() PauseCause {
	c := &o.Channel
	switch {
	case !c.Paused:
		return PausedByNothing
	case c.PauseReason == ReasonConflict:
		return PausedByConflict
	case c.PauseReason == ReasonGap:
		return PausedByGap
	case strings.HasPrefix(c.PauseReason, "method_code_") && c.Health == c.PauseReason:
		return PausedByConfiguration
	}
	return PausedByPerson
}
