package authority

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/store"
)

// Answers are records that staff compose for events. They wait as rows and go
// into files of their own between those of orders, under the same serial
// numbers; each file has one operation. What happens to the file happens to
// them, in the same transactions: sent, accepted, faulty.

// answerOperation is an operation whose records are answers. A further one
// (addresses, domains, verification material) is one more row.
type answerOperation struct {
	name    string    // the element, such as HSJG
	answers EventKind // what it answers; "" for what answers nothing
	// part puts records into a document.
	part func(provider int64, records []json.RawMessage) (wire.UploadData, error)
	// about gives by what a result of the authority names a record.
	about func(record json.RawMessage) []string
}

var answerOperations = []answerOperation{
	{name: "HSJG", answers: EventCheckTask, about: aboutCheck,
		part: func(provider int64, records []json.RawMessage) (wire.UploadData, error) {
			list, err := decodeAll[wire.CheckResult](records)
			return wire.UploadData{ICP: &wire.UploadICP{CheckResults: &wire.CheckResults{Records: list}, ProviderID: provider}}, err
		}},
	{name: "WBACLJG", answers: EventUnfiled, about: aboutUnfiled,
		part: func(provider int64, records []json.RawMessage) (wire.UploadData, error) {
			list, err := decodeAll[wire.UnfiledResult](records)
			return wire.UploadData{ICP: &wire.UploadICP{UnfiledResults: &wire.UnfiledResults{Records: list}, ProviderID: provider}}, err
		}},
}

func decodeAll[T any](records []json.RawMessage) ([]T, error) {
	out := make([]T, len(records))
	for i, r := range records {
		if err := json.Unmarshal(r, &out[i]); err != nil {
			return nil, fmt.Errorf("read answer: %w", err)
		}
	}
	return out, nil
}

func aboutCheck(record json.RawMessage) []string {
	var r wire.CheckResult
	if json.Unmarshal(record, &r) != nil {
		return nil
	}
	return []string{strconv.FormatInt(r.Filing.Subject.AuthorityID, 10)}
}

func aboutUnfiled(record json.RawMessage) []string {
	var r wire.UnfiledResult
	if json.Unmarshal(record, &r) != nil {
		return nil
	}
	return []string{strings.ToLower(r.Domain), strconv.FormatInt(r.IP, 10), wire.IPv4Text(r.IP)}
}

func answerOperationOf(name string) *answerOperation {
	for i := range answerOperations {
		if answerOperations[i].name == name {
			return &answerOperations[i]
		}
	}
	return nil
}

// answersWait reports whether there are answers for a file.
func (g *Gateway) answersWait(ctx context.Context) (bool, error) {
	list, err := g.waitingAnswers(ctx, 1)
	return len(list) > 0, err
}

func (g *Gateway) waitingAnswers(ctx context.Context, most int) (list []store.AuthorityAnswer, err error) {
	err = g.Store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.WaitingAnswers(ctx, g.Channel.ID, most)
		return err
	})
	return list, err
}

// batchAnswers stores the next file with answers: those of the operation whose
// oldest one waits longest. found is false when none waits.
//
// A crash leaves what one in [Gateway.batch] does: a blob too many, and the
// answers still waiting.
func (g *Gateway) batchAnswers(ctx context.Context, last int64) (found bool, err error) {
	waiting, err := g.waitingAnswers(ctx, g.Channel.MaxRecords)
	if err != nil || len(waiting) == 0 {
		return false, err
	}
	operation := answerOperationOf(waiting[0].Operation)
	if operation == nil {
		return false, fmt.Errorf("answer %s has the unknown operation %q", waiting[0].ID, waiting[0].Operation)
	}
	var list []store.AuthorityAnswer
	var records []json.RawMessage
	size := 0
	for _, a := range waiting {
		if a.Operation != operation.name {
			continue
		}
		if size += len(a.Record) + recordOverhead; size > g.Channel.MaxBytes && len(list) > 0 {
			break
		}
		list, records = append(list, a), append(records, a.Record)
	}
	d, err := operation.part(g.Channel.ProviderID(), records)
	if err != nil {
		return false, err
	}
	return true, g.storeAnswers(ctx, last+1, operation.name, &d, list)
}

// storeAnswers keeps the exact bytes of a file and then writes its row and the
// state of the answers in it.
func (g *Gateway) storeAnswers(ctx context.Context, sequence int64, operation string, d *wire.UploadData, list []store.AuthorityAnswer) error {
	u, err := g.keepFile(ctx, sequence, operation, *d, len(list))
	if err != nil {
		return fmt.Errorf("keep answers: %w", err)
	}
	return g.Store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.InsertUpload(ctx, &u, nil); err != nil {
			return err
		}
		for _, a := range list {
			a.State, a.Upload, a.UpdatedAt = store.AnswerSent, u.ID, u.CreatedAt
			if err := tx.SaveAuthorityAnswer(ctx, &a); err != nil {
				return err
			}
		}
		return nil
	})
}

// answersSettled carries what became of a file to the answers in it: accepted,
// or refused with a code.
func (g *Gateway) answersSettled(ctx context.Context, tx *store.Tx, u *store.Upload) error {
	if answerOperationOf(u.Operation) == nil {
		return nil
	}
	list, err := tx.AnswersOfUpload(ctx, u.ID)
	if err != nil {
		return err
	}
	for i := range list {
		if list[i].State != store.AnswerSent {
			continue
		}
		if u.State == store.UploadAccepted {
			err = g.settleAnswer(ctx, tx, &list[i], store.AnswerAccepted, 0, "")
		} else {
			err = g.settleAnswer(ctx, tx, &list[i], store.AnswerFaulty, u.Code, u.Message)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// settleAnswer ends an answer and moves its event: answered, or open again. An
// event that a person closed stays closed.
func (g *Gateway) settleAnswer(ctx context.Context, tx *store.Tx, a *store.AuthorityAnswer, state store.AnswerState, code int, message string) error {
	now := g.Clock.Now()
	a.State, a.Code, a.Message, a.UpdatedAt = state, code, message, now
	if err := tx.SaveAuthorityAnswer(ctx, a); err != nil {
		return err
	}
	e, err := tx.AuthorityEvent(ctx, a.Event)
	if err != nil || e.State == store.EventClosed {
		return err
	}
	e.State, e.ClosedAt = store.EventAnswered, now
	if state == store.AnswerFaulty {
		e.State, e.ClosedAt = store.EventOpen, time.Time{}
	}
	return tx.SaveAuthorityEvent(ctx, &e)
}
