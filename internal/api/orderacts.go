package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

func registerOrderActs(api huma.API, d *Deps) {
	const tag = "Orders"
	huma.Register(api, huma.Operation{OperationID: "submit-order", Method: http.MethodPost, Path: "/orders/{id}/submission", Tags: []string{tag},
		Summary: "Submit to the provider's review", Description: "Everything is judged again; faults come back with the pointer of their field.",
		DefaultStatus: http.StatusOK}, d.submitOrder)
	huma.Register(api, huma.Operation{OperationID: "withdraw-order", Method: http.MethodPost, Path: "/orders/{id}/withdrawal", Tags: []string{tag},
		Summary: "Take back from review to edit", DefaultStatus: http.StatusOK}, d.withdrawOrder)
	huma.Register(api, huma.Operation{OperationID: "abandon-order", Method: http.MethodPost, Path: "/orders/{id}/abandonment", Tags: []string{tag},
		Summary: "Give up for good", DefaultStatus: http.StatusOK}, d.abandonOrder)
	registerSMSCheck(api, d)
	huma.Register(api, huma.Operation{OperationID: "list-order-events", Method: http.MethodGet, Path: "/orders/{id}/events", Tags: []string{tag},
		Summary: "What happened to the order, newest first"}, d.listOrderEvents)
}

// AgreedConsent is a consent text in the edition that the applicant read.
type AgreedConsent struct {
	Text    string `json:"text" example:"assist_terms"`
	Edition int    `json:"edition" example:"1"`
}

// SeenInput names a warning that the applicant was shown.
type SeenInput struct {
	Rule    string `json:"rule" maxLength:"200" example:"national.name.place_unit"`
	Pointer string `json:"pointer" maxLength:"200" example:"/websites/0/name"`
}

type submitOrderIn struct {
	OrderPath
	IfMatch
	Idempotent
	Body struct {
		Consents []AgreedConsent `json:"consents" maxItems:"20" doc:"The consent texts as the applicant read them"`
		Seen     []SeenInput     `json:"seen,omitempty" maxItems:"500" doc:"Warnings that the applicant was shown and lets stand; what is no warning now is left out"`
	}
}

func (d *Deps) submitOrder(ctx context.Context, in *submitOrderIn) (*orderOut, error) {
	actor, version, err := d.edit(ctx, in.IfMatch)
	if err != nil {
		return nil, err
	}
	handed := casework.Submission{IdempotencyKey: in.IdempotencyKey}
	for _, c := range in.Body.Consents {
		handed.Agreed = append(handed.Agreed, casework.AgreedText(c))
	}
	for _, w := range in.Body.Seen {
		handed.Seen = append(handed.Seen, casework.SeenWarning(w))
	}
	o, err := d.Cases.Submit(ctx, actor, in.ID, version, handed)
	return d.orderAnswer(ctx, actor, o, err)
}

type orderActIn struct {
	OrderPath
	IfMatch
}

func (d *Deps) withdrawOrder(ctx context.Context, in *orderActIn) (*orderOut, error) {
	actor, version, err := d.edit(ctx, in.IfMatch)
	if err != nil {
		return nil, err
	}
	o, err := d.Cases.Withdraw(ctx, actor, in.ID, version)
	return d.orderAnswer(ctx, actor, o, err)
}

func (d *Deps) abandonOrder(ctx context.Context, in *orderActIn) (*orderOut, error) {
	actor, version, err := d.edit(ctx, in.IfMatch)
	if err != nil {
		return nil, err
	}
	o, err := d.Cases.Abandon(ctx, actor, in.ID, version)
	return d.orderAnswer(ctx, actor, o, err)
}

// EventView is a line of an order's timeline.
type EventView struct {
	At     time.Time `json:"at"`
	Event  string    `json:"event" example:"order.submitted"`
	Text   string    `json:"text"`
	By     string    `json:"by" doc:"applicant, system, or the role of staff"`
	Actor  string    `json:"actor,omitempty" doc:"Account; staff only"`
	From   icp.State `json:"from,omitempty"`
	To     icp.State `json:"to,omitempty"`
	Detail any       `json:"detail,omitempty" doc:"Staff only"`
}

type listOrderEventsIn struct {
	OrderPath
	PageIn
}

func (d *Deps) listOrderEvents(ctx context.Context, in *listOrderEventsIn) (*pageOut[EventView], error) {
	actor, err := d.caseReader(ctx)
	if err != nil {
		return nil, err
	}
	events, next, err := d.Cases.Timeline(ctx, actor, in.ID, store.Cursor(in.Cursor), in.Limit)
	if err != nil {
		return nil, err
	}
	text := d.texts(ctx)
	out := make([]EventView, 0, len(events))
	for _, e := range events {
		v := EventView{At: e.At, Event: e.Action, Text: text("event."+e.Action, nil), By: e.ActorRole}
		detail := decodeDetail(e.Detail)
		v.From, v.To = icp.State(detail.text("from")), icp.State(detail.text("to"))
		if actor.Party == icp.Provider {
			v.Actor, v.Detail = e.Actor, detail
		}
		out = append(out, v)
	}
	return paged(out, string(next)), nil
}

// caseReader is who may read a case: its applicant, or staff allowed to. Which
// case it is the command checks.
func (d *Deps) caseReader(ctx context.Context) (icp.Actor, error) {
	actor, err := actorFrom(ctx)
	if err != nil {
		return actor, err
	}
	if actor.Party == icp.Provider && !access.Can(actor.Roles, access.CaseReadAny) {
		return actor, icp.ErrNotAllowed
	}
	return actor, nil
}

// eventDetail is the JSON detail of an audit event.
type eventDetail map[string]any

func decodeDetail(raw json.RawMessage) eventDetail {
	var d eventDetail
	if err := json.Unmarshal(raw, &d); err != nil {
		return nil // an event of an older edition: its name still tells
	}
	return d
}

func (d eventDetail) text(name string) string {
	s, _ := d[name].(string) //nolint:errcheck // what is no text has no text
	return s
}
