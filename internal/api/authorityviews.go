package api

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/store"
)

// AuthorityChannelView is a channel to the authority as the operator sees it.
type AuthorityChannelView struct {
	ID             string           `json:"id" example:"main"`
	Name           string           `json:"name"`
	Paused         bool             `json:"paused"`
	PauseReason    string           `json:"pause_reason,omitempty"`
	PauseCause     string           `json:"pause_cause,omitempty" enum:",person,configuration,conflict,gap"`
	Health         string           `json:"health" doc:"Code of the last trouble; empty when well"`
	HealthText     string           `json:"health_text,omitempty" doc:"The trouble in words"`
	HealthAt       *time.Time       `json:"health_at,omitempty" doc:"Since when it is so"`
	PolledAt       *time.Time       `json:"polled_at,omitempty" doc:"Last successful poll"`
	PollSeconds    int              `json:"poll_seconds" doc:"Pause between two polls"`
	IdlePolls      int64            `json:"idle_polls" doc:"Polls that found nothing waiting"`
	IdleAt         *time.Time       `json:"idle_at,omitempty" doc:"The last of them"`
	LastSequence   int64            `json:"last_sequence" doc:"Number of the last accepted file"`
	ToldSequence   int64            `json:"told_sequence" doc:"The same as the authority told it last"`
	ToldAt         *time.Time       `json:"told_at,omitempty"`
	Waiting        int64            `json:"waiting" doc:"Orders that wait to be sent"`
	WaitingSince   *time.Time       `json:"waiting_since,omitempty" doc:"Since when the oldest of them waits"`
	OpenUploads    int64            `json:"open_uploads" doc:"Files that are neither accepted nor refused"`
	OpenDownloads  int64            `json:"open_downloads" doc:"Files that are received and not yet applied"`
	ParkedFiles    int64            `json:"parked_files" doc:"Files received that wait for a decision"`
	Unsettled      *UploadFileView  `json:"unsettled,omitempty" doc:"The file that holds up the others"`
	Leader         string           `json:"leader,omitempty" doc:"The node that works on the channel now; none between runs"`
	LeaderUntil    *time.Time       `json:"leader_until,omitempty"`
	LeaseTakeovers int64            `json:"lease_takeovers" doc:"Leases that ran out and went to another node"`
	Alerts         []AuthorityAlert `json:"alerts" doc:"What needs a person, the gravest first"`
}

// AuthorityAlert is something about a channel that needs a person.
type AuthorityAlert struct {
	Code    string     `json:"code" example:"sequence_conflict"`
	Since   *time.Time `json:"since,omitempty"`
	Title   string     `json:"title"`
	Text    string     `json:"text" doc:"What is wrong"`
	Act     string     `json:"act" doc:"What to do"`
	Verify  string     `json:"verify" doc:"How to see that it helped"`
	Runbook string     `json:"runbook" doc:"Section of the runbook" example:"docs/runbooks/authority.md#sequence_conflict"`
	Upload  string     `json:"upload,omitempty" doc:"The file sent that it is about"`
	// Downloads are the oldest.
	Downloads []DownloadFileView `json:"downloads,omitempty" doc:"The oldest files received that it is about"`
}

// runbook is where the runbook of the channels lies.
const runbook = "docs/runbooks/authority.md"

func (d *Deps) channelView(ctx context.Context, o *authority.Overview) AuthorityChannelView {
	c, lang := &o.Channel, d.lang(ctx)
	v := AuthorityChannelView{ID: c.ID, Name: c.Name, Paused: c.Paused, PauseReason: c.PauseReason, PauseCause: string(o.Cause()), Health: c.Health,
		HealthAt: instant(c.HealthAt), PolledAt: instant(c.PolledAt), PollSeconds: int(o.Poll.Seconds()), IdlePolls: o.Pulse.IdlePolls, IdleAt: instant(o.Pulse.IdleAt),
		LastSequence: c.LastSequence, ToldSequence: o.Pulse.ToldSequence, ToldAt: instant(o.Pulse.ToldAt), Waiting: o.Ready.Count,
		WaitingSince: instant(o.Ready.Oldest), Leader: c.Leader, LeaderUntil: instant(c.LeaderUntil), LeaseTakeovers: o.Pulse.Takeovers,
		Alerts: []AuthorityAlert{}}
	if c.Health != "" {
		_, code, _ := strings.Cut(c.Health, ".")
		if code == "" {
			code = c.Health
		}
		v.HealthText = d.trouble(lang, code)
	}
	for _, w := range o.Uploads {
		v.OpenUploads += w.Count
	}
	for _, w := range o.Downloads {
		if w.State == string(store.DownloadParked) {
			v.ParkedFiles = w.Count
		} else {
			v.OpenDownloads += w.Count
		}
	}
	if o.Unsettled != nil {
		u := d.uploadFileView(lang, o.Unsettled)
		v.Unsettled = &u
	}
	for _, a := range o.Alerts(d.Clock.Now()) {
		v.Alerts = append(v.Alerts, d.alertView(lang, &a))
	}
	return v
}

func (d *Deps) alertView(lang i18n.Lang, a *authority.Alert) AuthorityAlert {
	params := map[string]string{"trouble": d.trouble(lang, a.Trouble)}
	for k, p := range a.Params {
		params[k] = p
	}
	text := func(part string) string {
		return d.Messages.Text(lang, "authority.alert."+string(a.Code)+"."+part, params)
	}
	v := AuthorityAlert{Code: string(a.Code), Since: instant(a.Since), Title: text("title"), Text: text("text"), Act: text("act"), Verify: text("verify"),
		Runbook: runbook + "#" + string(a.Code), Upload: a.Upload}
	for i := range a.Downloads {
		v.Downloads = append(v.Downloads, d.downloadFileView(lang, &a.Downloads[i]))
	}
	return v
}

// trouble puts a code of health into words.
func (d *Deps) trouble(lang i18n.Lang, code string) string {
	if number, ok := strings.CutPrefix(code, "method_code_"); ok {
		n, _ := strconv.ParseInt(number, 10, 64) // 0 is no trouble and has a text all the same
		return d.Messages.Text(lang, "authority.health.method_code", map[string]string{"code": number, "meaning": replyText(lang, n)})
	}
	if fault, ok := strings.CutPrefix(code, "file_"); ok {
		return d.Messages.Text(lang, "authority.health.file", map[string]string{"fault": d.faultText(lang, fault)})
	}
	if key := "authority.health." + code; d.Messages.Has(key) {
		return d.Messages.Text(lang, key, nil)
	}
	return d.Messages.Text(lang, "authority.health.other", map[string]string{"code": code})
}

// faultText says what is wrong with a file, by the code in its row.
func (d *Deps) faultText(lang i18n.Lang, code string) string {
	code = authority.FaultName(code)
	if key := "authority.fault." + code; d.Messages.Has(key) {
		return d.Messages.Text(lang, key, nil)
	}
	return code
}

// inLang picks the language of words.
func inLang(lang i18n.Lang, w authority.Words) string {
	if lang == i18n.English {
		return w.EN
	}
	return w.ZH
}

func replyText(lang i18n.Lang, code int64) string { return inLang(lang, authority.ReplyWords(code)) }

// UploadFileView is a file sent to the authority.
type UploadFileView struct {
	ID         string     `json:"id"`
	Sequence   int64      `json:"sequence"`
	Operation  string     `json:"operation" example:"XZWZ"`
	State      string     `json:"state" enum:"stored,sending,unknown,accepted,refused"`
	Records    int        `json:"records"`
	Size       int64      `json:"size" doc:"Bytes"`
	Hash       string     `json:"hash" doc:"beianInfoHash as sent"`
	Code       int        `json:"code" doc:"The reply's msg_code; -1 before a reply"`
	Class      string     `json:"class,omitempty" enum:",ok,more,idle,retry,fix_configuration,back_to_provider,back_to_applicant,final" doc:"What to do about the code"`
	CodeText   string     `json:"code_text,omitempty" doc:"Our words for the code"`
	Message    string     `json:"message,omitempty" doc:"The authority's words"`
	Tries      int        `json:"tries"`
	CreatedAt  time.Time  `json:"created_at"`
	SentAt     *time.Time `json:"sent_at,omitempty"`
	AnsweredAt *time.Time `json:"answered_at,omitempty"`
}

func (d *Deps) uploadFileView(lang i18n.Lang, u *store.Upload) UploadFileView {
	v := UploadFileView{ID: u.ID, Sequence: u.Sequence, Operation: u.Operation, State: string(u.State), Records: u.Records, Size: u.Size, Hash: u.Hash,
		Code: u.Code, Message: u.Message, Tries: u.Tries, CreatedAt: u.CreatedAt, SentAt: instant(u.SentAt), AnsweredAt: instant(u.AnsweredAt)}
	if u.Code >= 0 {
		v.Class, v.CodeText = authority.ReplyWords(int64(u.Code)).Class, replyText(lang, int64(u.Code))
	}
	return v
}

// DownloadFileView is a file received from the authority.
type DownloadFileView struct {
	ID         string     `json:"id"`
	FileName   string     `json:"file_name"`
	State      string     `json:"state" enum:"received,applied,parked,discarded"`
	Kinds      string     `json:"kinds" example:"BAJG BASJ"`
	Hash       string     `json:"hash" doc:"beianInfoHash as received"`
	Tries      int        `json:"tries" doc:"Tries that failed"`
	LastError  string     `json:"last_error,omitempty"`
	ErrorText  string     `json:"error_text,omitempty" doc:"The error in words"`
	ReceivedAt time.Time  `json:"received_at"`
	AppliedAt  *time.Time `json:"applied_at,omitempty"`
	AckedAt    *time.Time `json:"acked_at,omitempty"`
}

func (d *Deps) downloadFileView(lang i18n.Lang, f *store.Download) DownloadFileView {
	return DownloadFileView{ID: f.ID, FileName: f.FileName, State: string(f.State), Kinds: f.Kinds, Hash: f.Hash, Tries: f.Tries, LastError: f.LastError,
		ErrorText: d.faultText(lang, f.LastError), ReceivedAt: f.ReceivedAt, AppliedAt: instant(f.AppliedAt), AckedAt: instant(f.AckedAt)}
}
