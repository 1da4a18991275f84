package store

import (
	"context"
	"time"

	"github.com/openbeian/beian/internal/store/sqlgen"
)

// CallOutcome is what a call to the authority came to.
type CallOutcome string

// The outcomes.
const (
	CallOK       CallOutcome = "ok"       // answered as hoped, also that nothing is there
	CallDeclined CallOutcome = "declined" // answered with a code that says no
	CallLost     CallOutcome = "lost"     // sent, no readable answer: it may have been done
	CallRefused  CallOutcome = "refused"  // the server did not take the request up
	CallNotSent  CallOutcome = "not_sent" // never left
)

// AuthorityCall is one call to the authority. It holds neither secrets nor what
// was asked about.
type AuthorityCall struct {
	ID        string
	Channel   string
	Operation string // such as "isp_upload"
	Outcome   CallOutcome
	// Cause says why there is no answer, such as "timeout"; "" with one.
	Cause string
	// About is the kind of the question, such as "domain"; "" for none.
	About     string
	StartedAt time.Time
	Took      time.Duration
	Sent      int64 // bytes of the body
	Received  int64
	Status    int   // of HTTP; 0 without an answer
	Code      int   // msg_code; -1 without a reply
	Sequence  int64 // the file's number; 0 for none
	Upload    string
	FileName  string // of the download; "" for none
	Node      string
	// Download is the file of FileName, found when the call is read; "" for none.
	Download string
}

// CallFilter chooses calls; zero values choose all. Failed excludes Outcome and
// the fields below it.
type CallFilter struct {
	Operation string
	// Failed chooses all outcomes but ok.
	Failed       bool
	Outcome      CallOutcome
	Upload       string
	FileName     string
	Since, Until time.Time // half-open
}

// InsertCall adds a call to the log.
func (tx *Tx) InsertCall(ctx context.Context, c *AuthorityCall) error {
	return tx.explain("insert call", tx.q.InsertCall(ctx, sqlgen.InsertCallParams{ID: c.ID, ChannelID: c.Channel, Operation: c.Operation,
		Outcome: string(c.Outcome), Cause: c.Cause, About: c.About, StartedAt: micros(c.StartedAt), Took: c.Took.Microseconds(), Sent: c.Sent,
		Received: c.Received, Status: int64(c.Status), Code: int64(c.Code), Sequence: c.Sequence, UploadID: c.Upload, FileName: c.FileName, Node: c.Node}))
}

// Calls lists a channel's calls, the newest first.
func (tx *Tx) Calls(ctx context.Context, channel string, f CallFilter, cursor Cursor, limit int) ([]AuthorityCall, Cursor, error) {
	p, err := newestFirst(cursor, limit)
	if err != nil {
		return nil, "", err
	}
	var rows []sqlgen.CallsPageRow
	if f.Failed {
		var failed []sqlgen.FailedCallsPageRow
		failed, err = tx.q.FailedCallsPage(ctx, sqlgen.FailedCallsPageParams{ChannelID: channel, Before: p.before, BeforeID: p.beforeID,
			Operation: f.Operation, MaxRows: p.rows})
		for i := range failed {
			rows = append(rows, sqlgen.CallsPageRow(failed[i]))
		}
	} else {
		until := int64(1) << 62
		if !f.Until.IsZero() {
			until = micros(f.Until)
		}
		rows, err = tx.q.CallsPage(ctx, sqlgen.CallsPageParams{ChannelID: channel, Before: p.before, BeforeID: p.beforeID, Since: micros(f.Since),
			Until: until, Operation: f.Operation, Outcome: string(f.Outcome), UploadID: f.Upload, FileName: f.FileName, MaxRows: p.rows})
	}
	if err != nil {
		return nil, "", tx.explain("list calls", err)
	}
	return page(rows, p.limit, func(r *sqlgen.CallsPageRow) (AuthorityCall, error) { return authorityCall(r), nil },
		func(r *sqlgen.CallsPageRow) (int64, string) { return r.StartedAt, r.ID })
}

// DeleteCalls removes up to limit calls from before an instant and tells how
// many they were.
func (tx *Tx) DeleteCalls(ctx context.Context, before time.Time, limit int) (int64, error) {
	n, err := tx.q.DeleteCalls(ctx, micros(before), int32(limit)) //nolint:gosec // some thousands
	return n, tx.explain("delete calls", err)
}

func authorityCall(r *sqlgen.CallsPageRow) AuthorityCall {
	return AuthorityCall{ID: r.ID, Channel: r.ChannelID, Operation: r.Operation, Outcome: CallOutcome(r.Outcome), Cause: r.Cause, About: r.About,
		StartedAt: instant(r.StartedAt), Took: time.Duration(r.Took) * time.Microsecond, Sent: r.Sent, Received: r.Received, Status: int(r.Status),
		Code: int(r.Code), Sequence: r.Sequence, Upload: r.UploadID, FileName: r.FileName, Node: r.Node, Download: r.DownloadID}
}
