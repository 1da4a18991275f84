package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/jobs"
	"github.com/openbeian/beian/internal/store"
)

const (
	// maxTries bounds the tries of a row; with the job queue's growing waits
	// (1 s, 16 s, 81 s, …) the last is about an hour after the first.
	maxTries = 8
	// sendTime bounds one try.
	sendTime = time.Minute
	// recordTime bounds the writing down of an answer, also while the process ends.
	recordTime = 10 * time.Second
)

// SendNotice is the job that sends the row with the id.
type SendNotice struct {
	ID string `json:"id"`
}

// Kind names the job in the queue.
func (SendNotice) Kind() string { return "send_notice" }

// InsertOpts puts the job into the queue of notices.
func (SendNotice) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: jobs.Notice} }

// Worker works SendNotice jobs.
type Worker struct {
	river.WorkerDefaults[SendNotice]
	service *Service
}

// NewWorker makes the worker of a service, for river.AddWorker.
func NewWorker(s *Service) *Worker { return &Worker{service: s} }

// Timeout is longer than a try and its records.
func (*Worker) Timeout(*river.Job[SendNotice]) time.Duration { return sendTime + 3*recordTime }

// Work sends the row; an error makes the queue try again later.
func (w *Worker) Work(ctx context.Context, job *river.Job[SendNotice]) error {
	return w.service.Send(ctx, job.Args.ID)
}

// Send brings a row one try further: claim it, commit, send, write down the
// answer. It returns an error when the row wants another try. A row that is
// done, or held by somebody else, is left alone.
//
// A crash before the claim's commit leaves "queued": the job's next run sends.
// A crash after it leaves "sending", and nobody knows whether the message left.
// The next run then sends again only where the other side drops repetitions by
// Message.Ref, as SMS gateways do by a request id. Mail servers do not: a
// Message-ID that stays the same lets some mailboxes show one of two, but no
// server promises it, so a mail becomes "unknown", for an operator to look at.
// The same holds when the answer itself was lost.
func (s *Service) Send(ctx context.Context, id string) error {
	n, ready, err := s.claim(ctx, id)
	if err != nil || !ready {
		return err
	}
	fault := s.try(ctx, &n)
	if err := s.record(ctx, &n, fault); err != nil {
		return err
	}
	if fault != nil {
		s.Log.WarnContext(ctx, "notice was not sent", "notice", n.ID, "kind", n.Kind, "medium", n.Medium,
			"state", n.State, "tries", n.Tries, "error", n.LastError)
	}
	if n.State == store.NoticeQueued {
		return fmt.Errorf("send notice %s: %s", n.ID, n.LastError)
	}
	return nil
}

// claim moves a row to "sending" and tells whether to send it.
func (s *Service) claim(ctx context.Context, id string) (n store.Notice, ready bool, err error) {
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		ready = false
		if n, err = tx.Notice(ctx, id); err != nil {
			return err
		}
		from := n.State
		if from != store.NoticeQueued && from != store.NoticeSending {
			return nil
		}
		n.State, n.LastError = s.next(&n)
		if n.State == store.NoticeSending {
			ready = true
			n.Tries++
		}
		return tx.SaveNotice(ctx, &n, from)
	})
	switch {
	case errors.Is(err, icp.ErrNotFound), errors.Is(err, icp.E(icp.Conflict, "stale_version")):
		return n, false, nil // erased, or claimed by another at this moment
	case err != nil:
		return n, false, fmt.Errorf("claim notice %s: %w", id, err)
	}
	return n, ready, nil
}

// next is where a row that is queued or found in "sending" goes.
func (s *Service) next(n *store.Notice) (state store.NoticeState, lastError string) {
	sender, interrupted := s.Senders[Medium(n.Medium)], n.State == store.NoticeSending
	if interrupted && (sender == nil || !sender.Deduplicates() || n.Tries >= maxTries || s.tooLate(n)) {
		return store.NoticeUnknown, "interrupted"
	}
	switch {
	case sender == nil:
		return store.NoticeFailed, "medium_off"
	case s.tooLate(n):
		return store.NoticeFailed, "too_late"
	case n.Tries >= maxTries:
		return store.NoticeFailed, "tries"
	}
	return store.NoticeSending, ""
}

// tooLate reports whether a row holds a code that is good no longer.
func (s *Service) tooLate(n *store.Notice) bool {
	return isCode(n.Kind) && s.Clock.Now().Sub(n.CreatedAt) >= s.Terms.CodeLife
}

// try renders and sends a claimed row.
func (s *Service) try(ctx context.Context, n *store.Notice) *Fault {
	m, ok := s.message(n)
	if !ok {
		return &Fault{Outcome: Refused, Code: "template"}
	}
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	return faultOf(s.Senders[Medium(n.Medium)].Send(ctx, m))
}

// record writes an answer down, even while the process is asked to end. A row
// that somebody took for interrupted meanwhile still gets it.
func (s *Service) record(ctx context.Context, n *store.Notice, fault *Fault) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTime)
	defer cancel()
	s.settle(n, fault)
	err := s.Store.Update(ctx, func(tx *store.Tx) error {
		now, err := tx.Notice(ctx, n.ID)
		if err != nil {
			return err
		}
		if now.State != store.NoticeSending && now.State != store.NoticeUnknown {
			return nil
		}
		return tx.SaveNotice(ctx, n, now.State)
	})
	if err != nil {
		return fmt.Errorf("record answer to notice %s: %w", n.ID, err)
	}
	return nil
}

// settle sets what an answer makes of a row.
func (s *Service) settle(n *store.Notice, fault *Fault) {
	if fault == nil {
		n.State, n.SentAt, n.LastError = store.NoticeSent, s.Clock.Now(), ""
		return
	}
	n.LastError = fault.lastError()
	again := n.Tries < maxTries
	switch fault.Outcome {
	case Refused:
		n.State = store.NoticeFailed
	case Later:
		n.State = store.NoticeFailed
		if again {
			n.State = store.NoticeQueued
		}
	default: // Lost, and whatever a sender may invent
		n.State = store.NoticeUnknown
		if again && s.Senders[Medium(n.Medium)].Deduplicates() {
			n.State = store.NoticeQueued
		}
	}
}
