package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

func registerReview(api huma.API, d *Deps) {
	const tag = "Review"
	huma.Register(api, huma.Operation{OperationID: "list-queue", Method: http.MethodGet, Path: "/review/queue", Tags: []string{tag},
		Summary: "Orders by what they wait for"}, d.listQueue)
	huma.Register(api, huma.Operation{OperationID: "count-queue", Method: http.MethodGet, Path: "/review/counts", Tags: []string{tag},
		Summary: "How many orders stand in each state"}, d.countQueue)
	post := func(id, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodPost, Path: "/orders/{id}/" + path, Tags: []string{tag}, Summary: summary,
			DefaultStatus: http.StatusOK}
	}
	huma.Register(api, post("claim-order", "claim", "Take a case into work"), d.claimOrder)
	huma.Register(api, post("release-order", "release", "Put a case back into the queue"), d.releaseOrder)
	huma.Register(api, post("record-call", "calls", "Note a call to a principal"), d.recordCall)
	huma.Register(api, post("add-note", "notes", "Leave a note for colleagues"), d.addNote)
	huma.Register(api, post("approve-order", "approval", "Pass the provider's review"), d.approveOrder)
	huma.Register(api, post("return-order", "return", "Send back with all findings"), d.returnOrder)
	huma.Register(api, post("return-unreached-order", "return-unreached", "Send back because nobody answered the calls"), d.returnUnreached)
	huma.Register(api, post("reject-order", "rejection", "Refuse for good"), d.rejectOrder)
	huma.Register(api, post("resend-order", "resend", "Send to the authority again, unchanged"), d.resendOrder)
}

type listQueueIn struct {
	PageIn
	State    []icp.State `query:"state" doc:"States to show; none means the provider's review"`
	Province string      `query:"province" maxLength:"2"`
	Who      string      `query:"who" enum:"anyone,me,nobody" default:"anyone" doc:"Whose cases"`
}

func (d *Deps) listQueue(ctx context.Context, in *listQueueIn) (*pageOut[OrderSummary], error) {
	actor, err := requireStaff(ctx, access.CaseReadAny)
	if err != nil {
		return nil, err
	}
	f := store.QueueFilter{States: in.State, Province: in.Province, OldestFirst: true}
	if len(f.States) == 0 {
		f.States = []icp.State{icp.StateProviderReview}
	}
	switch in.Who {
	case "me":
		f.Reviewer = &actor.Account
	case "nobody":
		f.Reviewer = new(icp.AccountID)
	}
	found, next, err := d.Cases.Queue(ctx, f, store.Cursor(in.Cursor), in.Limit)
	if err != nil {
		return nil, err
	}
	out := make([]OrderSummary, 0, len(found))
	for _, o := range found {
		out = append(out, d.summary(o, actor))
	}
	return paged(out, string(next)), nil
}

type countsOut struct {
	Body map[icp.State]int
}

func (d *Deps) countQueue(ctx context.Context, _ *struct{}) (*countsOut, error) {
	if _, err := requireStaff(ctx, access.CaseReadAny); err != nil {
		return nil, err
	}
	counts, err := d.Cases.Counts(ctx)
	return &countsOut{Body: counts}, err
}

// reviewed answers a reviewer's act with the case as it is now.
func (d *Deps) reviewed(ctx context.Context, act func(icp.Actor) (*icp.Order, error)) (*orderOut, error) {
	actor, err := requireStaff(ctx, access.CaseReview)
	if err != nil {
		return nil, err
	}
	o, err := act(actor)
	return d.orderAnswer(ctx, actor, o, err)
}

func (d *Deps) claimOrder(ctx context.Context, in *OrderPath) (*orderOut, error) {
	return d.reviewed(ctx, func(a icp.Actor) (*icp.Order, error) { return d.Cases.Claim(ctx, a, in.ID) })
}

func (d *Deps) releaseOrder(ctx context.Context, in *OrderPath) (*orderOut, error) {
	return d.reviewed(ctx, func(a icp.Actor) (*icp.Order, error) { return d.Cases.Release(ctx, a, in.ID) })
}

type recordCallIn struct {
	OrderPath
	Idempotent
	Body struct {
		Whom    string          `json:"whom" doc:"Pointer of the person called" example:"/subject/principal"`
		Outcome icp.CallOutcome `json:"outcome" enum:"reached,no_answer,busy,wrong_number"`
		Note    string          `json:"note,omitempty" maxLength:"2000" doc:"For colleagues; never shown to the applicant" example:"Reached, confirms the data"`
	}
}

func (d *Deps) recordCall(ctx context.Context, in *recordCallIn) (*orderOut, error) {
	return d.reviewed(ctx, func(a icp.Actor) (*icp.Order, error) {
		return d.Cases.RecordCall(ctx, a, in.ID, in.Body.Whom, in.Body.Outcome, in.Body.Note, in.IdempotencyKey)
	})
}

type addNoteIn struct {
	OrderPath
	Idempotent
	Body struct {
		Text string `json:"text" maxLength:"2000" example:"Asked for a clearer picture"`
	}
}

func (d *Deps) addNote(ctx context.Context, in *addNoteIn) (*orderOut, error) {
	return d.reviewed(ctx, func(a icp.Actor) (*icp.Order, error) {
		return d.Cases.AddNote(ctx, a, in.ID, in.Body.Text, in.IdempotencyKey)
	})
}

func (d *Deps) approveOrder(ctx context.Context, in *orderActIn) (*orderOut, error) {
	return d.decided(ctx, in.IfMatch, func(a icp.Actor, version int64) (*icp.Order, error) { return d.Cases.Approve(ctx, a, in.ID, version) })
}

// decided answers a reviewer's act that rests on the version that was seen.
func (d *Deps) decided(ctx context.Context, m IfMatch, act func(icp.Actor, int64) (*icp.Order, error)) (*orderOut, error) {
	return d.reviewed(ctx, func(a icp.Actor) (*icp.Order, error) {
		version, err := m.seen()
		if err != nil {
			return nil, err
		}
		return act(a, version)
	})
}

// FindingInput is what a reviewer objects to.
type FindingInput struct {
	Pointer string `json:"pointer" maxLength:"200" doc:"The field, such as /websites/0/name or /materials/principal_back" example:"/materials/principal_back"`
	Reason  string `json:"reason" maxLength:"1000" example:"照片模糊，无法辨认证件号码"`
	Advice  string `json:"advice,omitempty" maxLength:"1000" example:"请在光线充足处重新拍摄"`
	Rule    string `json:"rule,omitempty" maxLength:"200" doc:"The rule that it rests on; the applicant is shown its text and source" example:"national.name.short"`
}

type returnOrderIn struct {
	OrderPath
	IfMatch
	Body struct {
		Findings []FindingInput `json:"findings" maxItems:"200"`
	}
}

func (d *Deps) returnOrder(ctx context.Context, in *returnOrderIn) (*orderOut, error) {
	var findings []icp.Finding
	for _, f := range in.Body.Findings {
		findings = append(findings, icp.Finding{Pointer: f.Pointer, Reason: f.Reason, Advice: f.Advice, Rule: f.Rule})
	}
	return d.decided(ctx, in.IfMatch, func(a icp.Actor, version int64) (*icp.Order, error) {
		return d.Cases.Return(ctx, a, in.ID, version, findings)
	})
}

func (d *Deps) returnUnreached(ctx context.Context, in *OrderPath) (*orderOut, error) {
	return d.reviewed(ctx, func(a icp.Actor) (*icp.Order, error) { return d.Cases.ReturnUnreached(ctx, a, in.ID) })
}

type rejectOrderIn struct {
	OrderPath
	IfMatch
	Body struct {
		Reason string `json:"reason" maxLength:"1000" doc:"Shown to the applicant" example:"照片模糊，无法辨认证件号码"`
	}
}

func (d *Deps) rejectOrder(ctx context.Context, in *rejectOrderIn) (*orderOut, error) {
	return d.decided(ctx, in.IfMatch, func(a icp.Actor, version int64) (*icp.Order, error) {
		return d.Cases.Reject(ctx, a, in.ID, version, in.Body.Reason)
	})
}

func (d *Deps) resendOrder(ctx context.Context, in *orderActIn) (*orderOut, error) {
	actor, err := actorFrom(ctx)
	if err != nil {
		return nil, err
	}
	if access.Check(actor, access.CaseReview) != nil && access.Check(actor, access.CaseFile) != nil {
		return nil, icp.ErrNotAllowed
	}
	version, err := in.seen()
	if err != nil {
		return nil, err
	}
	o, err := d.Cases.Resend(ctx, actor, in.ID, version)
	return d.orderAnswer(ctx, actor, o, err)
}
