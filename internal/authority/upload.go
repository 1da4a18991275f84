package authority

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/openbeian/beian/internal/authority/soap"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// The way of a file, and what a crash at each step leaves:
//
//  1. batch: the bytes into the blob store, then one transaction with the row
//     (stored) and the orders (submitting). Before the row: a blob too many.
//  2. send, first half: the row becomes sending, committed before the call. A
//     crash before: stored, it is sent at the next run. After: the file may be
//     out, so sending is treated as unknown.
//  3. The call. No answer: unknown.
//  4. The answer, one transaction: accepted (the number advances, the orders
//     wait for the SMS check), stored again (certainly not taken; same bytes,
//     same number, later) or refused. A crash before it leaves sending.
//  5. settle, for sending and unknown: ask for the last accepted upload. Our
//     number and hash: accepted. A lower number: not taken, stored again. Our
//     number with another hash, or a higher number: somebody else sends under
//     this account; the channel pauses and a person decides (Resync, GiveUp).
//
// So a file keeps its number until it is certain that the authority did not
// take it, and is never sent while it may have been.

// next says how a run goes on.
type next int

const (
	again next = iota // there may be more to do
	later             // after a pause
	done              // nothing to do, or not until a person acts
)

// Upload settles, sends and makes files until nothing is ready or a pause is
// due. Calls at once, here or on other nodes, do nothing beside the first.
func (g *Gateway) Upload(ctx context.Context) error {
	if !g.uploading.TryLock() {
		return nil
	}
	defer g.uploading.Unlock()
	if g.waits(&g.uploads) {
		return nil
	}
	_, err := g.lead(ctx, func(ctx context.Context) error {
		for {
			how, err := g.uploadOnce(ctx)
			switch {
			case err != nil:
				g.failed(&g.uploads)
				return fmt.Errorf("upload of channel %s: %w", g.Channel.ID, err)
			case how == later:
				g.failed(&g.uploads)
				return nil
			case how == done:
				return nil
			}
		}
	})
	return err
}

// uploadOnce takes the next step.
func (g *Gateway) uploadOnce(ctx context.Context) (next, error) {
	if err := ctx.Err(); err != nil {
		return done, err
	}
	c, err := g.channel(ctx)
	if err != nil || c.Paused {
		return done, err
	}
	u, err := g.unsettled(ctx)
	switch {
	case errors.Is(err, icp.ErrNotFound):
		return g.nextFile(ctx, &c)
	case err != nil:
		return done, err
	case u.State == store.UploadStored:
		return g.send(ctx, u)
	}
	return g.settle(ctx, u)
}

func (g *Gateway) unsettled(ctx context.Context) (u store.Upload, err error) {
	err = g.Store.View(ctx, func(tx *store.Tx) (err error) {
		u, err = tx.UnsettledUpload(ctx, g.Channel.ID)
		return err
	})
	return u, err
}

// nextFile makes the next file. A channel that has never sent anything takes
// its first number from the authority: the account may have been in use.
func (g *Gateway) nextFile(ctx context.Context, c *store.AuthorityChannel) (next, error) {
	if c.LastSequence == 0 {
		how, err := g.adopt(ctx)
		if err != nil || how != again {
			return how, err
		}
		if *c, err = g.channel(ctx); err != nil {
			return done, err
		}
	}
	found, err := g.batchAnswers(ctx, c.LastSequence)
	if !found && err == nil {
		found, err = g.batch(ctx, c.LastSequence)
	}
	if errors.Is(err, errMoved) {
		return again, nil // collect anew without it
	}
	if err != nil || !found {
		return done, err
	}
	return again, nil
}

// send puts a stored file on its way.
func (g *Gateway) send(ctx context.Context, u store.Upload) (next, error) {
	sealed, err := g.keptUpload(ctx, u.BlobKey)
	if err != nil {
		return done, err
	}
	if led, err := g.renew(ctx); err != nil || !led {
		return done, err
	}
	u.State, u.Tries, u.SentAt = store.UploadSending, u.Tries+1, g.Clock.Now()
	if err := g.save(ctx, u, store.UploadStored); err != nil {
		return done, err
	}
	reply, err := g.Channel.Client.Upload(ctx, u.Sequence, sealed)
	// What came must be written down even when the process is about to stop.
	return g.answered(context.WithoutCancel(ctx), u, reply, err)
}

// answered records what a call to upload came to.
func (g *Gateway) answered(ctx context.Context, u store.Upload, reply wire.UploadReply, callErr error) (next, error) {
	u.AnsweredAt, u.Code, u.Message = g.Clock.Now(), int(reply.Code), reply.Message
	var lost *soap.ReplyLostError
	switch {
	case errors.As(callErr, &lost):
		u.Code, u.Message, u.State = -1, "", store.UploadUnknown
		how := later
		if u.Tries == 1 {
			how = again // ask at once, the first time
		}
		return how, errors.Join(g.save(ctx, u, store.UploadSending), g.trouble(ctx, sideUpload, "reply_lost", callErr))
	case callErr != nil: // it never left
		u.Code, u.Message, u.State = -1, "", store.UploadStored
		return later, errors.Join(g.save(ctx, u, store.UploadSending), g.trouble(ctx, sideUpload, "unreachable", callErr))
	case reply.Code == 0:
		return again, g.accept(ctx, u, store.UploadSending)
	case reply.Code == codeMissing:
		u.State = store.UploadStored
		if err := g.save(ctx, u, store.UploadSending); err != nil {
			return done, err
		}
		return g.sendMissing(ctx, u, reply.Missing)
	case reply.Code == codeTooLarge:
		return again, g.refuse(ctx, u, store.UploadSending)
	}
	return g.declined(ctx, u, reply.Code)
}

// Method codes with a reaction of their own.
const (
	codeMissing  = 14
	codeTooLarge = 18
	codeLimited  = 22
	codeOther    = 999
)

// passing are the codes by which an upload was certainly not taken and will be
// later: queue full, outside the hours, maintenance.
var passing = []int64{15, 20, 901, 902}

// declined handles the codes that leave a file waiting.
func (g *Gateway) declined(ctx context.Context, u store.Upload, code int64) (next, error) {
	switch {
	case wire.MethodCodeOf(code).Class == wire.ClassFixConfiguration:
		u.State = store.UploadStored
		if err := g.save(ctx, u, store.UploadSending); err != nil {
			return done, err
		}
		return done, g.pauseBy(ctx, methodReason(code))
	case slices.Contains(passing, code):
		u.State = store.UploadStored
	default:
		// A code that says nothing, such as 999, does not say either that the
		// file was not taken; some answer so to a number that they have.
		u.State = store.UploadUnknown
	}
	return later, errors.Join(g.save(ctx, u, store.UploadSending), g.trouble(ctx, sideUpload, methodReason(code), said(u.Message)))
}

func methodReason(code int64) string { return fmt.Sprintf("method_code_%d", code) }

func (g *Gateway) save(ctx context.Context, u store.Upload, from store.UploadState) error {
	return g.Store.Update(ctx, func(tx *store.Tx) error { return tx.SaveUpload(ctx, &u, from) })
}

// accept notes that the authority has the file.
func (g *Gateway) accept(ctx context.Context, u store.Upload, from store.UploadState) error {
	u.State, u.Code = store.UploadAccepted, 0
	err := g.Store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.SaveUpload(ctx, &u, from); err != nil {
			return err
		}
		if err := tx.AdvanceSequence(ctx, u.Channel, u.Sequence); err != nil {
			return err
		}
		if err := g.each(ctx, tx, u.ID, func(id icp.OrderID) error { return g.Cases.Accepted(ctx, tx, id, u.Sequence) }); err != nil {
			return err
		}
		if err := g.answersSettled(ctx, tx, &u); err != nil {
			return err
		}
		return tx.Enqueue(ctx, PollArgs{Channel: g.Channel.ID})
	})
	if err != nil {
		return err
	}
	g.went(&g.uploads)
	return g.well(ctx, sideUpload)
}

// refuse ends a file that the authority certainly did not take; its number
// goes to the next one.
func (g *Gateway) refuse(ctx context.Context, u store.Upload, from store.UploadState) error {
	return g.Store.Update(ctx, func(tx *store.Tx) error { return g.refuseIn(ctx, tx, u, from) })
}

func (g *Gateway) refuseIn(ctx context.Context, tx *store.Tx, u store.Upload, from store.UploadState) error {
	u.State = store.UploadRefused
	if err := tx.SaveUpload(ctx, &u, from); err != nil {
		return err
	}
	if err := g.answersSettled(ctx, tx, &u); err != nil {
		return err
	}
	return g.each(ctx, tx, u.ID, func(id icp.OrderID) error { return g.Cases.Refused(ctx, tx, id, u.Code) })
}

// each visits the orders of a file.
func (g *Gateway) each(ctx context.Context, tx *store.Tx, upload string, visit func(icp.OrderID) error) error {
	orders, err := tx.UploadOrders(ctx, upload)
	if err != nil {
		return err
	}
	for _, id := range orders {
		if err := visit(id); err != nil {
			return fmt.Errorf("order %s: %w", id, err)
		}
	}
	return nil
}
