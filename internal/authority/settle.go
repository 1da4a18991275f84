package authority

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// Reasons for which a channel pauses by itself, besides method codes.
const (
	// ReasonConflict: the authority has a file under our number that is not
	// ours, or is ahead of us. Somebody else uses the account, or this database
	// is an old copy. See [Gateway.Resync].
	ReasonConflict = "sequence_conflict"
	// ReasonGap: the authority misses a file that is not, or no longer, kept here.
	ReasonGap = "sequence_gap"
)

// previous asks for the last accepted upload; how is again when it told.
func (g *Gateway) previous(ctx context.Context) (last wire.SentFile, how next, err error) {
	if led, err := g.renew(ctx); err != nil || !led {
		return last, done, err
	}
	reply, err := g.Channel.Client.QueryPreviousUpload(ctx)
	switch {
	case err != nil:
		return last, later, g.trouble(ctx, sideUpload, "unreachable", err)
	case wire.MethodCodeOf(reply.Code).Class == wire.ClassFixConfiguration:
		return last, done, g.pauseBy(ctx, methodReason(reply.Code))
	case wire.MethodCodeOf(reply.Code).Class == wire.ClassRetry:
		return last, later, g.trouble(ctx, sideUpload, methodReason(reply.Code), nil)
	case reply.File == nil:
		return last, again, nil // never uploaded
	}
	return *reply.File, again, nil
}

// settle finds out whether a file that was sent without an answer was taken.
func (g *Gateway) settle(ctx context.Context, u store.Upload) (next, error) {
	last, how, err := g.previous(ctx)
	if err != nil || how != again {
		return how, err
	}
	from := u.State
	u.AnsweredAt = g.Clock.Now()
	switch {
	case last.Sequence == u.Sequence && sameHash(last.BeianInfoHash, u.Hash):
		u.Message = "" // the answer itself is lost
		return again, g.accept(ctx, u, from)
	case last.Sequence >= u.Sequence:
		return done, g.pauseBy(ctx, ReasonConflict)
	}
	u.State = store.UploadStored
	return again, g.save(ctx, u, from)
}

// sameHash compares two spellings of a digest: base64 of the bytes or of hex.
func sameHash(a, b string) bool {
	x, y := digest(a), digest(b)
	return len(x) > 0 && bytes.Equal(x, y)
}

func digest(s string) []byte {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(s))
	if err != nil {
		return nil
	}
	if inner, err := hex.DecodeString(string(raw)); err == nil {
		return inner
	}
	return raw
}

// adopt takes over the authority's last number before the first file.
func (g *Gateway) adopt(ctx context.Context) (next, error) {
	ready, err := g.collect(ctx)
	if err == nil && len(ready) == 0 {
		var wait bool
		if wait, err = g.answersWait(ctx); !wait {
			return done, err // nothing to send: no need to ask
		}
	}
	if err != nil {
		return done, err
	}
	last, how, err := g.previous(ctx)
	if err != nil || how != again || last.Sequence == 0 {
		return how, err
	}
	return again, g.Store.Update(ctx, func(tx *store.Tx) error { return g.setSequence(ctx, tx, 0, last.Sequence, systemActor, "first use") })
}

// sendMissing sends files again that the authority lists as missing (14), in
// their order, with the bytes of then; u goes after them.
func (g *Gateway) sendMissing(ctx context.Context, u store.Upload, missing []int64) (next, error) {
	missing = slices.Sorted(slices.Values(missing))
	if len(missing) == 0 || missing[len(missing)-1] >= u.Sequence || missing[0] < 1 {
		return done, g.pauseBy(ctx, ReasonConflict)
	}
	for _, n := range missing {
		var old store.Upload
		err := g.Store.View(ctx, func(tx *store.Tx) (err error) {
			old, err = tx.UploadBySequence(ctx, g.Channel.ID, n)
			return err
		})
		if errors.Is(err, icp.ErrNotFound) || err == nil && (old.State != store.UploadAccepted || !old.DeletedAt.IsZero()) {
			return done, g.pauseBy(ctx, ReasonGap)
		}
		if err != nil {
			return done, err
		}
		if how, err := g.sendAgain(ctx, old); err != nil || how != again {
			return how, err
		}
	}
	if u.Tries >= 3 {
		return later, nil // it asked for the same more than once
	}
	return again, nil
}

// sendAgain sends a file that was accepted once. Its row stays: whether it
// arrived the next try of the file after it will show.
func (g *Gateway) sendAgain(ctx context.Context, old store.Upload) (next, error) {
	sealed, err := g.keptUpload(ctx, old.BlobKey)
	if err != nil {
		return done, err
	}
	if led, err := g.renew(ctx); err != nil || !led {
		return done, err
	}
	reply, err := g.Channel.Client.Upload(ctx, old.Sequence, sealed)
	switch {
	case err != nil:
		return later, g.trouble(ctx, sideUpload, "unreachable", err)
	case reply.Code == 0:
		g.Log.Warn("file sent again on request of the authority", "channel", g.Channel.ID, "sequence", old.Sequence)
		return again, nil
	case wire.MethodCodeOf(reply.Code).Class == wire.ClassFixConfiguration:
		return done, g.pauseBy(ctx, methodReason(reply.Code))
	}
	return later, g.trouble(ctx, sideUpload, methodReason(reply.Code), nil)
}
