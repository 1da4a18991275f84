package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/form"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
)

func registerSMSCheck(api huma.API, d *Deps) {
	const tag = "Orders"
	huma.Register(api, huma.Operation{OperationID: "confirm-sms", Method: http.MethodPost, Path: "/orders/{id}/sms-confirmation", Tags: []string{tag},
		Summary: "Say that the ministry's code was entered", DefaultStatus: http.StatusOK,
		Description: "By the applicant for one person or for all, or by staff, who say of whom they heard it. When nobody is left the order goes on."}, d.confirmSMS)
	huma.Register(api, huma.Operation{OperationID: "resend-after-sms", Method: http.MethodPost, Path: "/orders/{id}/sms-resend", Tags: []string{tag},
		Summary: "Send to the authority again after the check by message failed", DefaultStatus: http.StatusOK,
		Description: "Only as it was sent, without another review. What the rules object to comes back with the pointer of the field."}, d.resendAfterSMS)
}

type confirmSMSIn struct {
	OrderPath
	Body *struct {
		Check string        `json:"check,omitempty" maxLength:"20" doc:"Id of one person's check; all that wait where missing" example:"1-1"`
		From  icp.SMSSource `json:"from,omitempty" enum:"person,applicant,authority" doc:"Staff only: of whom it was heard" example:"person"`
	}
}

func (d *Deps) confirmSMS(ctx context.Context, in *confirmSMSIn) (*orderOut, error) {
	actor, err := actorFrom(ctx)
	if err != nil {
		return nil, err
	}
	if actor.Party == icp.Provider && !access.Can(actor.Roles, access.CaseReview) && !access.Can(actor.Roles, access.CaseFile) {
		return nil, icp.ErrNotAllowed
	}
	var said casework.SMSSaid
	if in.Body != nil {
		said = casework.SMSSaid{Check: in.Body.Check, From: in.Body.From}
	}
	o, err := d.Cases.ConfirmSMS(ctx, actor, in.ID, said)
	return d.orderAnswer(ctx, actor, o, err)
}

func (d *Deps) resendAfterSMS(ctx context.Context, in *orderActIn) (*orderOut, error) {
	actor, version, err := d.edit(ctx, in.IfMatch)
	if err != nil {
		return nil, err
	}
	o, err := d.Cases.ResendSMS(ctx, actor, in.ID, version)
	return d.orderAnswer(ctx, actor, o, err)
}

// SMSView is one person's check by message in one round.
type SMSView struct {
	ID       string        `json:"id" example:"1-1"`
	Round    int           `json:"round" doc:"How often the authority accepted the order, from 1; the last is the present one"`
	Name     string        `json:"name" doc:"Masked" example:"周*远"`
	Tail     string        `json:"tail" doc:"Last four digits of the number" example:"8000"`
	Pointers []string      `json:"pointers" doc:"The principals that the person is" example:"[\"/subject/principal\"]"`
	Subject  bool          `json:"subject" doc:"Answers for the subject"`
	Websites []SMSWebsite  `json:"websites" doc:"The websites that the person answers for"`
	State    icp.SMSState  `json:"state" enum:"waiting,done,timed_out,unknown"`
	Until    time.Time     `json:"until"`
	By       icp.Party     `json:"by,omitempty" enum:"applicant,provider,authority" doc:"On whose word the state rests; missing for nobody's"`
	From     icp.SMSSource `json:"from,omitempty" enum:"person,applicant,authority" doc:"Of whom staff heard it; staff only"`
	At       *time.Time    `json:"at,omitempty" doc:"When it was said"`
}

// SMSWebsite is a website that a person answers for.
type SMSWebsite struct {
	Name   string `json:"name"`
	Domain string `json:"domain"`
}

// SMSResendView tells whether an order whose check by message failed can be sent
// again as it is.
type SMSResendView struct {
	Possible bool          `json:"possible"`
	Findings []FindingView `json:"findings" doc:"What the rules object to now, and where"`
}

func smsViews(o *icp.Order, staff bool) []SMSView {
	out := []SMSView{}
	for i := range o.Data.SMS {
		c := &o.Data.SMS[i]
		v := SMSView{ID: c.ID, Round: c.Round, Name: icp.MaskName(c.Name), Tail: c.Tail(), Pointers: notNil(c.Pointers), Websites: []SMSWebsite{},
			State: c.State, Until: c.Until, By: c.Word.By}
		if !c.Word.At.IsZero() {
			v.At = &c.Word.At
		}
		if staff {
			v.From = c.Word.From
		}
		for _, pointer := range c.Pointers {
			site, ok := strings.CutPrefix(pointer, "/websites/")
			index, err := strconv.Atoi(strings.TrimSuffix(site, "/principal"))
			switch {
			case !ok:
				v.Subject = true
			case err == nil && index < len(o.Data.Websites):
				v.Websites = append(v.Websites, SMSWebsite{Name: o.Data.Websites[index].Name, Domain: o.Data.Websites[index].Domain})
			}
		}
		out = append(out, v)
	}
	return out
}

// resend tells an applicant what a failed check by message leaves to do; nil
// where there is nothing to send again.
func (w wording) resend(j casework.Judgement, actions []order.Action) *SMSResendView {
	if !slices.Contains(actions, order.ResendSMS) {
		return nil
	}
	blocking := form.Blocking(j.Findings)
	j.Findings = blocking
	return &SMSResendView{Possible: len(blocking) == 0, Findings: w.judged(j)}
}
