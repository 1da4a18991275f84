package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// AuthorityEventSummary is something that the authority started.
type AuthorityEventSummary struct {
	ID        string        `json:"id"`
	Channel   string        `json:"channel" example:"main"`
	Kind      string        `json:"kind" example:"check_task" doc:"What it is: filed_data, cancelled, blacklist, illegal_access, unfiled_website, check_task, audit, notice, ip_result, ip_audit, domain_result, sync_difference, base_codes, unknown"`
	State     string        `json:"state" enum:"open,answered,closed"`
	Asks      bool          `json:"asks" doc:"The authority waits for an answer"`
	DueAt     *time.Time    `json:"due_at,omitempty" doc:"Until when we want to have dealt with it; the interface names no term"`
	LicenceNo string        `json:"licence_no,omitempty" example:"京ICP备2024012345号-1"`
	Domain    string        `json:"domain,omitempty"`
	Account   icp.AccountID `json:"account,omitempty" doc:"Whose filing or server it is about"`
	Order     icp.OrderID   `json:"order,omitempty"`
	Server    icp.ServerID  `json:"server,omitempty"`
	Changed   []string      `json:"changed" doc:"Paths of what became other" example:"[\"Website.Principal.Mobile\"]"`
	CreatedAt time.Time     `json:"created_at"`
	Version   int64         `json:"version"`
}

// AuthorityEventView is one event with before and after.
type AuthorityEventView struct {
	AuthorityEventSummary
	SubjectRef int64                `json:"subject_ref,omitempty" doc:"The authority's id of the subject (Ztid)"`
	WebsiteRef int64                `json:"website_ref,omitempty" doc:"The authority's id of the website (Wzid)"`
	Download   string               `json:"download" doc:"Id of the file that told it"`
	FileName   string               `json:"file_name"`
	Rows       []EventRowView       `json:"rows" doc:"Before and after side by side; personal data masked unless revealed"`
	Unknown    []UntypedElementView `json:"unknown" doc:"Elements that the interface 3.0 does not have"`
	Answers    []EventAnswerView    `json:"answers" doc:"Newest first"`
	Form       *EventFormView       `json:"form,omitempty" doc:"What an answer starts from; missing when none can be given now"`
	ClosedAt   *time.Time           `json:"closed_at,omitempty"`
	ClosedBy   icp.AccountID        `json:"closed_by,omitempty"`
	Reason     string               `json:"reason,omitempty"`
}

// EventRowView is one value before and after.
type EventRowView struct {
	Path     string `json:"path" example:"Website.Principal.Mobile"`
	Before   string `json:"before,omitempty"`
	After    string `json:"after,omitempty"`
	Changed  bool   `json:"changed"`
	Personal bool   `json:"personal"`
}

// UntypedElementView is an element without a type; its text only when revealed.
type UntypedElementView struct {
	Path string `json:"path"`
	Text string `json:"text,omitempty"`
}

// EventAnswerView is an answer and how far it has come.
type EventAnswerView struct {
	ID        string        `json:"id"`
	Operation string        `json:"operation" example:"HSJG"`
	State     string        `json:"state" enum:"waiting,sent,accepted,faulty"`
	Code      int           `json:"code,omitempty" doc:"The authority's code; -1 for an operator's decision"`
	Message   string        `json:"message,omitempty"`
	CreatedBy icp.AccountID `json:"created_by"`
	CreatedAt time.Time     `json:"created_at"`
	UpdatedAt time.Time     `json:"updated_at"`
}

// EventFormView is what an answer starts from.
type EventFormView struct {
	Operation string          `json:"operation" enum:"HSJG,WBACLJG"`
	Date      string          `json:"date"`
	Province  int64           `json:"province,omitempty"`
	Deadline  string          `json:"deadline"`
	Missing   []AnswerGapView `json:"missing" doc:"Values of the task that the authority does not take back as they came"`
}

// AnswerGapView is such a value.
type AnswerGapView struct {
	Path    string `json:"path" doc:"Element names" example:"Baxx/Zt_xx/Txdz/Shiid"`
	Message string `json:"message"`
}

func registerAuthorityEvents(api huma.API, d *Deps) {
	const tag = "Authority"
	get := func(id, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodGet, Path: "/authority/" + path, Tags: []string{tag}, Summary: summary}
	}
	post := func(id, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodPost, Path: "/authority/events/{id}/" + path, Tags: []string{tag}, Summary: summary,
			DefaultStatus: http.StatusOK}
	}
	huma.Register(api, get("list-authority-events", "events", "What the authority started by itself"), d.listAuthorityEvents)
	huma.Register(api, get("count-authority-events", "event-counts", "How many events are open, by kind, and how many overdue"), d.countAuthorityEvents)
	huma.Register(api, get("get-authority-event", "events/{id}", "One event with before and after, personal data masked"), d.getAuthorityEvent)
	huma.Register(api, post("reveal-authority-event", "reveal", "One event with personal data; the reason is kept"), d.revealAuthorityEvent)
	huma.Register(api, post("close-authority-event", "close", "Close an event that was dealt with"), d.closeAuthorityEvent)
	huma.Register(api, post("answer-authority-event", "answer", "Answer a check task or an unfiled website; it goes out in the next file"), d.answerAuthorityEvent)
	huma.Register(api, get("get-download-import", "channels/{channel}/downloads/{file}/import", "What came of a file received, and how far a large one is"), d.getDownloadImport)
}

// EventPath names an event in a path.
type EventPath struct {
	ID string `path:"id" maxLength:"100" doc:"Event id"`
}

// anyChannel lets staff with a permission in to what is told of all channels.
func (d *Deps) anyChannel(ctx context.Context, needs access.Permission) (*authority.Gateway, icp.Actor, error) {
	actor, err := requireStaff(ctx, needs)
	if err != nil {
		return nil, actor, err
	}
	if len(d.gateways()) == 0 {
		return nil, actor, icp.E(icp.NotNow, "authority.off")
	}
	return d.Channels.Default(), actor, nil
}

// eventChannel lets staff in to the channel of an event; to any, when its own is
// no more.
func (d *Deps) eventChannel(ctx context.Context, id string, needs access.Permission) (*authority.Gateway, icp.Actor, error) {
	g, actor, err := d.anyChannel(ctx, needs)
	if err != nil {
		return nil, actor, err
	}
	channel, err := g.EventChannel(ctx, id)
	if err != nil {
		return nil, actor, err
	}
	if own := d.Channels.Gateway(channel); own != nil {
		g = own
	}
	return g, actor, nil
}

type listAuthorityEventsIn struct {
	PageIn
	State   string `query:"state" enum:"open,answered,closed,all" default:"open"`
	Kind    string `query:"kind" maxLength:"40"`
	Channel string `query:"channel" maxLength:"100"`
	Sort    string `query:"sort" enum:"newest,due" default:"newest" doc:"due shows those with a date only, the nearest first"`
}

func (d *Deps) listAuthorityEvents(ctx context.Context, in *listAuthorityEventsIn) (*pageOut[AuthorityEventSummary], error) {
	g, _, err := d.anyChannel(ctx, access.AuthorityRead)
	if err != nil {
		return nil, err
	}
	f := store.EventFilter{Kind: in.Kind, Channel: in.Channel, ByDue: in.Sort == "due"}
	if in.State != "all" {
		f.States = []store.EventState{store.EventState(in.State)}
	}
	found, next, err := g.Events(ctx, f, store.Cursor(in.Cursor), in.Limit)
	if err != nil {
		return nil, err
	}
	out := make([]AuthorityEventSummary, 0, len(found))
	for i := range found {
		out = append(out, eventSummary(&found[i]))
	}
	return paged(out, string(next)), nil
}

type countAuthorityEventsOut struct {
	Body struct {
		Open    map[string]int `json:"open" doc:"By kind"`
		Overdue int            `json:"overdue"`
	}
}

func (d *Deps) countAuthorityEvents(ctx context.Context, _ *struct{}) (*countAuthorityEventsOut, error) {
	g, _, err := d.anyChannel(ctx, access.AuthorityRead)
	if err != nil {
		return nil, err
	}
	out := &countAuthorityEventsOut{}
	out.Body.Open, out.Body.Overdue, err = g.EventCounts(ctx)
	return out, err
}

type eventOut struct {
	ETag string `header:"ETag" doc:"The event's version, for If-Match"`
	Body AuthorityEventView
}

func (d *Deps) getAuthorityEvent(ctx context.Context, in *EventPath) (*eventOut, error) {
	g, _, err := d.eventChannel(ctx, in.ID, access.AuthorityRead)
	if err != nil {
		return nil, err
	}
	return d.eventAnswer(ctx, g, in.ID)
}

func (d *Deps) eventAnswer(ctx context.Context, g *authority.Gateway, id string) (*eventOut, error) {
	e, err := g.Event(ctx, id)
	if err != nil {
		return nil, err
	}
	return &eventOut{ETag: etag(e.Version), Body: d.eventView(ctx, &e)}, nil
}

type revealEventIn struct {
	EventPath
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500" example:"To call the holder"`
	}
}

func (d *Deps) revealAuthorityEvent(ctx context.Context, in *revealEventIn) (*eventOut, error) {
	g, actor, err := d.eventChannel(ctx, in.ID, access.RevealPersonal)
	if err == nil {
		err = access.Check(actor, access.AuthorityRead)
	}
	if err != nil {
		return nil, err
	}
	e, err := g.RevealEvent(ctx, actor, in.ID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return &eventOut{ETag: etag(e.Version), Body: d.eventView(ctx, &e)}, nil
}

type closeEventIn struct {
	EventPath
	IfMatch
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500" example:"The customer has put it right"`
	}
}

func (d *Deps) closeAuthorityEvent(ctx context.Context, in *closeEventIn) (*eventOut, error) {
	g, actor, err := d.eventChannel(ctx, in.ID, access.AuthorityManage)
	if err != nil {
		return nil, err
	}
	version, err := in.seen()
	if err != nil {
		return nil, err
	}
	if err := g.CloseEvent(ctx, actor, in.ID, version, in.Body.Reason); err != nil {
		return nil, err
	}
	return d.eventAnswer(ctx, g, in.ID)
}

// EventAnswerInput is an answer; which fields count depends on the operation.
type EventAnswerInput struct {
	Passed   bool              `json:"passed,omitempty" doc:"HSJG: the filing is right"`
	Person   string            `json:"person,omitempty" maxLength:"128" doc:"Who checked, or who reports" example:"陈静"`
	Opinion  string            `json:"opinion,omitempty" maxLength:"1024" example:"经核实，信息属实"`
	Mistakes string            `json:"mistakes,omitempty" maxLength:"4000" doc:"HSJG: what is wrong" example:"负责人手机号已停用"`
	Date     string            `json:"date,omitempty" maxLength:"10" doc:"HSJG: the day of the check" example:"2026-11-24"`
	Result   int64             `json:"result,omitempty" doc:"WBACLJG: id in the authority's table of handling states (Wbacl_dms)" example:"1"`
	Province int64             `json:"province,omitempty" doc:"WBACLJG: area code" example:"110000"`
	Deadline string            `json:"deadline,omitempty" maxLength:"10" doc:"WBACLJG: until when it is dealt with" example:"2026-11-30"`
	Phone    string            `json:"phone,omitempty" maxLength:"128" example:"010-87654321"`
	Email    string            `json:"email,omitempty" maxLength:"128" example:"icp@example.com"`
	Fills    map[string]string `json:"fills,omitempty" doc:"Values for the paths of form.missing"`
}

type answerEventIn struct {
	EventPath
	Body EventAnswerInput
}

func (d *Deps) answerAuthorityEvent(ctx context.Context, in *answerEventIn) (*eventOut, error) {
	g, actor, err := d.eventChannel(ctx, in.ID, access.AuthorityManage)
	if err != nil {
		return nil, err
	}
	answer := authority.AnswerInput(in.Body)
	if err := g.Answer(ctx, actor, in.ID, &answer); err != nil {
		return nil, err
	}
	return d.eventAnswer(ctx, g, in.ID)
}

type importOut struct{ Body DownloadImportView }

// DownloadImportView tells what came of a file beside results of orders.
type DownloadImportView struct {
	Records   int64      `json:"records"`
	Bytes     int64      `json:"bytes" doc:"Read so far, of total; 0 for small files, which are applied at once"`
	Total     int64      `json:"total"`
	Added     int64      `json:"added"`
	Changed   int64      `json:"changed"`
	Gone      int64      `json:"gone"`
	Events    int64      `json:"events"`
	LeftOut   int64      `json:"left_out" doc:"Records too large to be read"`
	Unknown   []string   `json:"unknown" doc:"Where elements stood that the interface 3.0 does not have"`
	BegunAt   *time.Time `json:"begun_at,omitempty"`
	UpdatedAt *time.Time `json:"updated_at,omitempty"`
	DoneAt    *time.Time `json:"done_at,omitempty"`
}

func (d *Deps) getDownloadImport(ctx context.Context, in *FilePath) (*importOut, error) {
	g, _, err := d.channelFor(ctx, in.Channel, access.AuthorityRead)
	if err != nil {
		return nil, err
	}
	i, err := g.ImportOf(ctx, in.File)
	if err != nil {
		return nil, err
	}
	v := DownloadImportView{Records: i.Records, Bytes: i.Bytes, Total: i.Total, Added: i.Added, Changed: i.Changed, Gone: i.Gone, Events: i.Events,
		LeftOut: i.LeftOut, Unknown: i.Unknown, BegunAt: instant(i.BegunAt), UpdatedAt: instant(i.UpdatedAt), DoneAt: instant(i.DoneAt)}
	if v.Unknown == nil {
		v.Unknown = []string{}
	}
	return &importOut{Body: v}, nil
}

func eventSummary(e *store.AuthorityEvent) AuthorityEventSummary {
	v := AuthorityEventSummary{ID: e.ID, Channel: e.Channel, Kind: e.Kind, State: string(e.State), Asks: e.Asks, DueAt: instant(e.DueAt), LicenceNo: e.LicenceNo,
		Domain: e.Domain, Account: e.Account, Order: e.Order, Server: e.Server, Changed: e.Changed, CreatedAt: e.CreatedAt, Version: e.Version}
	if v.Changed == nil {
		v.Changed = []string{}
	}
	return v
}

func (d *Deps) eventView(ctx context.Context, e *authority.EventDetail) AuthorityEventView {
	v := AuthorityEventView{AuthorityEventSummary: eventSummary(&e.AuthorityEvent), SubjectRef: e.SubjectRef, WebsiteRef: e.WebsiteRef, Download: e.Download,
		FileName: e.FileName, Rows: []EventRowView{}, Unknown: []UntypedElementView{}, Answers: []EventAnswerView{}, ClosedBy: e.ClosedBy, Reason: e.Reason}
	if e.State == store.EventClosed {
		v.ClosedAt = instant(e.ClosedAt)
	}
	for _, r := range e.Rows {
		v.Rows = append(v.Rows, EventRowView(r))
	}
	for _, u := range e.Unknown {
		v.Unknown = append(v.Unknown, UntypedElementView(u))
	}
	for i := range e.Answers {
		a := &e.Answers[i]
		v.Answers = append(v.Answers, EventAnswerView{ID: a.ID, Operation: a.Operation, State: string(a.State), Code: a.Code, Message: a.Message,
			CreatedBy: a.CreatedBy, CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt})
	}
	if e.Form == nil {
		return v
	}
	text := d.texts(ctx)
	v.Form = &EventFormView{Operation: e.Form.Operation, Date: e.Form.Date, Province: e.Form.Province, Deadline: e.Form.Deadline, Missing: []AnswerGapView{}}
	for _, gap := range e.Form.Missing {
		v.Form.Missing = append(v.Form.Missing, AnswerGapView{Path: gap.Path, Message: text(gap.Code, gap.Params)})
	}
	return v
}
