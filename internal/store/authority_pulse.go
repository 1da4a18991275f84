package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Pulse is what is known of a channel from the calls that leave no row.
type Pulse struct {
	IdlePolls int64 // polls that found nothing waiting
	IdleAt    time.Time
	// ToldSequence is the number of the last accepted file as the authority told
	// it last; 0 when it was never asked or has none.
	ToldSequence int64
	ToldAt       time.Time
	// Takeovers counts the leases that another node took because they ran out:
	// the node before crashed or was too slow.
	Takeovers       int64
	TakenOverAt     time.Time
	TakenOverBefore time.Time // the takeover before that one
}

// Waiting counts what has not come to an end, by state.
type Waiting struct {
	State  string
	Count  int64
	Oldest time.Time // since when the oldest waits
}

// Pulse reads a channel's pulse; the zero one before its first call.
func (tx *Tx) Pulse(ctx context.Context, channel string) (Pulse, error) {
	r, err := tx.q.Pulse(ctx, channel)
	if errors.Is(err, sql.ErrNoRows) {
		return Pulse{}, nil
	}
	return Pulse{IdlePolls: r.IdlePolls, IdleAt: instant(r.IdleAt), ToldSequence: r.ToldSequence, ToldAt: instant(r.ToldAt), Takeovers: r.Takeovers,
		TakenOverAt: instant(r.TakenOverAt), TakenOverBefore: instant(r.TakenOverBefore)}, tx.explain("read pulse", err)
}

// NoteIdle counts a poll that found nothing.
func (tx *Tx) NoteIdle(ctx context.Context, channel string, at time.Time) error {
	if err := tx.q.EnsurePulse(ctx, channel); err != nil {
		return tx.explain("add pulse", err)
	}
	return tx.explain("note idle poll", tx.q.NoteIdle(ctx, micros(at), channel))
}

// NoteTold keeps the number that the authority told.
func (tx *Tx) NoteTold(ctx context.Context, channel string, sequence int64, at time.Time) error {
	if err := tx.q.EnsurePulse(ctx, channel); err != nil {
		return tx.explain("add pulse", err)
	}
	return tx.explain("note told number", tx.q.NoteTold(ctx, sequence, micros(at), channel))
}

// noteTakeover counts a lease that ran out and went to another node.
func (tx *Tx) noteTakeover(ctx context.Context, channel string, at time.Time) error {
	if err := tx.q.EnsurePulse(ctx, channel); err != nil {
		return tx.explain("add pulse", err)
	}
	return tx.explain("note takeover", tx.q.NoteTakeover(ctx, micros(at), channel))
}

// OpenUploads counts a channel's files that are neither accepted nor refused.
func (tx *Tx) OpenUploads(ctx context.Context, channel string) ([]Waiting, error) {
	rows, err := tx.q.OpenUploads(ctx, channel)
	out := make([]Waiting, len(rows))
	for i, r := range rows {
		out[i] = Waiting{State: r.State, Count: r.Files, Oldest: instant(r.Oldest)}
	}
	return out, tx.explain("count open uploads", err)
}

// OpenDownloads counts a channel's files that are received or parked.
func (tx *Tx) OpenDownloads(ctx context.Context, channel string) ([]Waiting, error) {
	rows, err := tx.q.OpenDownloads(ctx, channel)
	out := make([]Waiting, len(rows))
	for i, r := range rows {
		out[i] = Waiting{State: r.State, Count: r.Files, Oldest: instant(r.Oldest)}
	}
	return out, tx.explain("count open downloads", err)
}

// ParkedDownloads lists up to limit parked files, the oldest first.
func (tx *Tx) ParkedDownloads(ctx context.Context, channel string, limit int) ([]Download, error) {
	rows, err := tx.q.ParkedDownloads(ctx, channel, int32(clamp(limit))) //nolint:gosec // at most MaxPage
	out := make([]Download, len(rows))
	for i := range rows {
		out[i] = download(&rows[i])
	}
	return out, tx.explain("list parked downloads", err)
}

// NewestUploadOfNumber reads the file that had a number last, refused ones
// among them; icp.NotFound when there is none.
func (tx *Tx) NewestUploadOfNumber(ctx context.Context, channel string, sequence int64) (Upload, error) {
	row, err := tx.q.NewestUploadOfNumber(ctx, channel, sequence)
	return upload(&row), tx.explain("read upload by number", err)
}
