package api

import (
	"context"
	"slices"
	"time"

	"github.com/openbeian/beian/internal/form"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/rules"
)

// OrderSummary is a line in a list of orders.
type OrderSummary struct {
	ID          icp.OrderID    `json:"id" example:"261124-7K3M9QXR"`
	Type        icp.OrderType  `json:"type" example:"add_website"`
	State       icp.State      `json:"state" example:"provider_review"`
	WaitingOn   icp.Party      `json:"waiting_on" doc:"Whose move it is" example:"provider"`
	Version     int64          `json:"version" example:"7"`
	Channel     icp.Channel    `json:"channel" example:"web"`
	Name        string         `json:"name" doc:"The subject's name"`
	Nature      int            `json:"nature" example:"4"`
	Province    string         `json:"province" doc:"Two-digit code" example:"11"`
	Domains     []string       `json:"domains"`
	Round       int            `json:"round" doc:"How often it was submitted"`
	Reviewer    icp.AccountID  `json:"reviewer,omitempty" doc:"Who has taken it; staff only"`
	CreatedAt   time.Time      `json:"created_at"`
	UpdatedAt   time.Time      `json:"updated_at"`
	StateSince  time.Time      `json:"state_since"`
	SubmittedAt *time.Time     `json:"submitted_at,omitempty"`
	Deadlines   []DeadlineView `json:"deadlines"`
	CallsMissed int            `json:"calls_missed" doc:"Calls of this round that reached nobody"`
	// Actions are what the reader may do now.
	Actions []order.Action `json:"allowed_actions"`
}

// DeadlineView is a clock that runs on an order.
type DeadlineView struct {
	Kind  string    `json:"kind" example:"review"`
	DueAt time.Time `json:"due_at"`
	Party icp.Party `json:"party" doc:"Who must act before"`
}

// OrderView is a whole case as its reader may see it.
type OrderView struct {
	OrderSummary
	TypeReason       string            `json:"type_reason" doc:"Why the system chose the type"`
	Detected         DetectedView      `json:"detected" doc:"The filing type that follows from the answers now"`
	Subject          icp.Subject       `json:"subject"`
	Filing           FilingView        `json:"filing"`
	Websites         []icp.Website     `json:"websites"`
	Materials        []MaterialView    `json:"materials"`
	Needs            []NeedView        `json:"needs" doc:"Which materials the case asks for, and why"`
	Tasks            []TaskView        `json:"tasks" doc:"The applicant's task list"`
	Findings         []FindingView     `json:"findings" doc:"What rules, reviewers and the authority object to"`
	Calls            []CallView        `json:"calls"`
	Consents         []icp.Consent     `json:"consents"`
	SMS              []SMSView         `json:"sms" doc:"The ministry's checks by message, a row for each person and round"`
	SMSResend        *SMSResendView    `json:"sms_resend,omitempty" doc:"Where the check by message failed and nothing else is to be mended"`
	SubjectLicenceNo string            `json:"subject_licence_no,omitempty"`
	AuthorityOpinion string            `json:"authority_opinion,omitempty"`
	Notes            []icp.Note        `json:"notes,omitempty" doc:"Staff only"`
	RulesVersion     string            `json:"rules_version,omitempty" doc:"Edition of the rules by which it was judged when it was submitted last"`
	Seen             []icp.SeenFinding `json:"seen" doc:"Warnings that the applicant was shown before the last submission"`
	Limits           form.Limits       `json:"limits"`
}

// FilingView is the filing at another provider, without its password.
type FilingView struct {
	LicenceNo string          `json:"licence_no"`
	Check     icp.FilingCheck `json:"check" enum:",matches,mismatches,unknown"`
	// Tries are missing once there are more again.
	Tries *FilingTriesView `json:"tries,omitempty"`
}

// FilingTriesView is how often a filing's password may still be checked.
type FilingTriesView struct {
	Left   int       `json:"left" example:"2"`
	Renews time.Time `json:"renews" doc:"When one more comes back"`
}

// MaterialView is an uploaded file.
type MaterialView struct {
	ID        icp.MaterialID   `json:"id"`
	Kind      icp.MaterialKind `json:"kind"`
	Label     string           `json:"label" doc:"The kind in words"`
	Website   icp.WebsiteID    `json:"website,omitempty"`
	MediaType string           `json:"media_type" example:"image/jpeg"`
	Size      int64            `json:"size" doc:"Bytes"`
	Width     int              `json:"width" doc:"Pixels"`
	Height    int              `json:"height" doc:"Pixels"`
	FileName  string           `json:"file_name"`
	Hash      string           `json:"hash" doc:"SHA-256, hex"`
	At        time.Time        `json:"at"`
}

// TaskView is a line of the task list, with the reason in words when it cannot
// be started.
type TaskView struct {
	form.Task
	Reason string `json:"reason,omitempty"`
}

// CallView is a call; the note is for staff only.
type CallView struct {
	At      time.Time       `json:"at"`
	Round   int             `json:"round"`
	Whom    string          `json:"whom"`
	Outcome icp.CallOutcome `json:"outcome"`
	Note    string          `json:"note,omitempty"`
}

// texts gives messages in the reader's language.
type texts func(key string, params map[string]string) string

// summary shows an order as a line.
func (d *Deps) summary(o *icp.Order, reader icp.Actor) OrderSummary {
	s := OrderSummary{ID: o.ID, Type: o.Type, State: o.State, WaitingOn: order.Holder(o.State), Version: o.Version, Channel: o.Channel,
		Name: o.Data.Subject.Name, Nature: o.Data.Subject.Nature, Domains: []string{}, Round: o.Round, CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt,
		StateSince: o.StateSince, Deadlines: []DeadlineView{}, CallsMissed: order.Missed(o, 0), Actions: order.Allowed(o, reader)}
	if order.SMSFailed(o) {
		s.WaitingOn = icp.Applicant // who can send it again with one click
	}
	if len(o.Data.Subject.Region) >= 2 {
		s.Province = o.Data.Subject.Region[:2]
	}
	if !o.SubmittedAt.IsZero() {
		s.SubmittedAt = &o.SubmittedAt
	}
	for i := range o.Data.Websites {
		s.Domains = append(s.Domains, o.Data.Websites[i].Domain)
	}
	for _, x := range d.Cases.Deadlines(o) {
		s.Deadlines = append(s.Deadlines, DeadlineView(x))
	}
	if reader.Party != icp.Applicant {
		s.Reviewer = o.Reviewer
	}
	if s.Actions == nil {
		s.Actions = []order.Action{}
	}
	return s
}

// view shows a whole order to its reader.
func (d *Deps) view(ctx context.Context, o *icp.Order, reader icp.Actor) (OrderView, error) {
	j, err := d.Cases.Judge(ctx, o)
	if err != nil {
		return OrderView{}, err
	}
	staff, w := reader.Party != icp.Applicant, d.words(ctx, o)
	text := w.text
	v := OrderView{OrderSummary: d.summary(o, reader), TypeReason: text(o.TypeReason, nil), Subject: o.Data.Subject,
		Filing:   d.filing(&o.Data.Filing),
		Websites: notNil(slices.Clone(o.Data.Websites)), Materials: []MaterialView{}, Needs: w.needs(j.Needs),
		Tasks: w.tasks(j.Findings), Findings: w.findings(j, staff), Detected: w.detected(j.Detected), Seen: notNil(o.Data.Seen), Calls: []CallView{}, Consents: notNil(o.Data.Consents),
		SMS: smsViews(o, staff), SubjectLicenceNo: o.Data.SubjectLicenceNo, AuthorityOpinion: o.Data.AuthorityOpinion,
		RulesVersion: o.Data.RulesVersion, Limits: d.Cases.Limits}
	v.Limits.Websites = d.mostWebsites(w.set, o)
	v.SMSResend = w.resend(j, v.Actions)
	for _, m := range o.Materials {
		v.Materials = append(v.Materials, w.material(m))
	}
	for _, c := range o.Data.Calls {
		cv := CallView{At: c.At, Round: c.Round, Whom: c.Whom, Outcome: c.Outcome}
		if staff {
			cv.Note = c.Note
		}
		v.Calls = append(v.Calls, cv)
	}
	if staff {
		v.Notes = notNil(o.Data.Notes)
	}
	return v, nil
}

func (d *Deps) filing(f *icp.ExistingFiling) FilingView {
	v := FilingView{LicenceNo: f.LicenceNo, Check: f.Check}
	if f.Tries.Renews.After(d.Clock.Now()) {
		v.Tries = &FilingTriesView{Left: f.Tries.Left, Renews: f.Tries.Renews}
	}
	return v
}

func (w wording) material(m icp.Material) MaterialView {
	return MaterialView{ID: m.ID, Kind: m.Kind, Label: w.kind(m.Kind), Website: m.Website, MediaType: m.MediaType, Size: m.Size, Width: m.Width, Height: m.Height,
		FileName: m.FileName, Hash: m.Hash, At: m.At}
}

// notNil makes an empty list of none, so that JSON shows [].
func notNil[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}

// mostWebsites is how many websites an order may have: one for individuals,
// else what the platform takes and the rules of the province allow.
func (d *Deps) mostWebsites(set *rules.Set, o *icp.Order) int {
	most := d.Cases.Limits.Websites
	if o.Data.Subject.IsIndividual() {
		most = 1
	}
	if allowed := set.MostWebsites(o, d.Clock.Now()); allowed > 0 {
		most = min(most, allowed)
	}
	return most
}
