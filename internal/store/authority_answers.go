package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// AnswerState is how far an answer to the authority has come.
type AnswerState string

// The states. Accepted and faulty end it.
const (
	AnswerWaiting  AnswerState = "waiting"  // for the next file
	AnswerSent     AnswerState = "sent"     // in a file that is not settled yet
	AnswerAccepted AnswerState = "accepted" // the authority took the file
	AnswerFaulty   AnswerState = "faulty"   // the authority refused it
)

// AuthorityAnswer is a record that answers an event.
type AuthorityAnswer struct {
	ID        string
	Event     string
	Channel   string
	Operation string // such as "HSJG"
	State     AnswerState
	Upload    string // empty while waiting
	Code      int    // the authority's, 0 for none
	Message   string // in its words
	// Record is the record of the interface in JSON, sealed at rest.
	Record    json.RawMessage
	CreatedBy icp.AccountID
	CreatedAt time.Time
	UpdatedAt time.Time
	Version   int64
}

// InsertAuthorityAnswer adds an answer and sets its Version to 1.
func (tx *Tx) InsertAuthorityAnswer(ctx context.Context, a *AuthorityAnswer) error {
	sealed, err := sealJSON(tx.store.box, "authority_answers.sealed", a.ID, a.Record)
	if err != nil {
		return err
	}
	a.Version = 1
	return tx.explain("insert answer", tx.q.InsertAuthorityAnswer(ctx, sqlgen.InsertAuthorityAnswerParams{ID: a.ID, EventID: a.Event, ChannelID: a.Channel,
		Operation: a.Operation, State: string(a.State), UploadID: a.Upload, Code: int64(a.Code), Message: a.Message, Sealed: sealed,
		CreatedBy: string(a.CreatedBy), CreatedAt: micros(a.CreatedAt), UpdatedAt: micros(a.UpdatedAt)}))
}

// SaveAuthorityAnswer writes State, Upload, Code, Message and UpdatedAt and
// raises Version; icp.Conflict with "stale_version" when it was changed since.
func (tx *Tx) SaveAuthorityAnswer(ctx context.Context, a *AuthorityAnswer) error {
	n, err := tx.q.UpdateAuthorityAnswer(ctx, sqlgen.UpdateAuthorityAnswerParams{State: string(a.State), UploadID: a.Upload, Code: int64(a.Code),
		Message: a.Message, UpdatedAt: micros(a.UpdatedAt), ID: a.ID, Version: a.Version})
	if err := tx.changed("save answer", n, err); err != nil {
		return err
	}
	a.Version++
	return nil
}

// AnswersOf lists the answers to an event, at most 100, the newest first.
func (tx *Tx) AnswersOf(ctx context.Context, event string) ([]AuthorityAnswer, error) {
	rows, err := tx.q.AuthorityAnswersOf(ctx, event)
	return tx.answers(rows, err)
}

// WaitingAnswers lists up to limit answers that no file has yet, the oldest first.
func (tx *Tx) WaitingAnswers(ctx context.Context, channel string, limit int) ([]AuthorityAnswer, error) {
	rows, err := tx.q.WaitingAuthorityAnswers(ctx, channel, int32(min(limit, 1000))) //nolint:gosec // small
	return tx.answers(rows, err)
}

// AnswersOfUpload lists the answers in a file.
func (tx *Tx) AnswersOfUpload(ctx context.Context, upload string) ([]AuthorityAnswer, error) {
	rows, err := tx.q.AuthorityAnswersOfUpload(ctx, upload)
	return tx.answers(rows, err)
}

// RecentAnswers lists the newest answers, at most 1,000, that the authority has taken.
func (tx *Tx) RecentAnswers(ctx context.Context, channel string, limit int) ([]AuthorityAnswer, error) {
	rows, err := tx.q.RecentAuthorityAnswers(ctx, channel, int32(min(limit, 1000))) //nolint:gosec // small
	return tx.answers(rows, err)
}

func (tx *Tx) answers(rows []sqlgen.AuthorityAnswer, err error) ([]AuthorityAnswer, error) {
	if err != nil {
		return nil, tx.explain("list answers", err)
	}
	out := make([]AuthorityAnswer, len(rows))
	for i := range rows {
		r := &rows[i]
		out[i] = AuthorityAnswer{ID: r.ID, Event: r.EventID, Channel: r.ChannelID, Operation: r.Operation, State: AnswerState(r.State), Upload: r.UploadID,
			Code: int(r.Code), Message: r.Message, CreatedBy: icp.AccountID(r.CreatedBy), CreatedAt: instant(r.CreatedAt),
			UpdatedAt: instant(r.UpdatedAt), Version: r.Version}
		if err := openJSON(tx.store.box, "authority_answers.sealed", r.ID, r.Sealed, &out[i].Record); err != nil {
			return nil, err
		}
	}
	return out, nil
}
