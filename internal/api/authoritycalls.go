package api

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// errCutOff ends an answer that has begun; net/http closes the connection.
var errCutOff = http.ErrAbortHandler

// AuthorityCallView is a call to the authority.
type AuthorityCallView struct {
	ID        string    `json:"id"`
	Operation string    `json:"operation" enum:"isp_upload,isp_download,isp_downloadack,isp_querypreviousupload,isp_querybeianstatus,isp_verifybamm"`
	Outcome   string    `json:"outcome" enum:"ok,declined,lost,refused,not_sent" doc:"declined by a code; lost: sent without a readable answer; refused by the server; not sent"`
	Cause     string    `json:"cause,omitempty" enum:",timeout,connection,http_status,soap_fault,too_large,unreadable,cancelled,not_sent" doc:"Why there is no answer"`
	About     string    `json:"about,omitempty" enum:",domain,certificate" doc:"What kind of question"`
	StartedAt time.Time `json:"started_at"`
	Millis    int64     `json:"milliseconds"`
	Sent      int64     `json:"bytes_sent"`
	Received  int64     `json:"bytes_received"`
	Status    int       `json:"http_status" doc:"0 without an answer"`
	Code      int       `json:"code" doc:"msg_code; -1 without a reply"`
	CodeText  string    `json:"code_text,omitempty" doc:"Our words for the code"`
	Sequence  int64     `json:"sequence,omitempty" doc:"Number of the file"`
	Upload    string    `json:"upload,omitempty" doc:"The file that was sent"`
	Download  string    `json:"download,omitempty" doc:"The file that came or was acknowledged"`
	FileName  string    `json:"file_name,omitempty"`
	Node      string    `json:"node"`
}

type listCallsIn struct {
	ChannelPath
	PageIn
	Operation string `query:"operation" enum:",isp_upload,isp_download,isp_downloadack,isp_querypreviousupload,isp_querybeianstatus,isp_verifybamm"`
	Outcome   string `query:"outcome" enum:",ok,declined,lost,refused,not_sent,failed" doc:"failed is all but ok"`
	Upload    string `query:"upload" maxLength:"100" doc:"Calls about a file sent"`
	Download  string `query:"download" maxLength:"100" doc:"Calls about a file received"`
}

func (d *Deps) listAuthorityCalls(ctx context.Context, in *listCallsIn) (*pageOut[AuthorityCallView], error) {
	g, _, err := d.channelFor(ctx, in.Channel, access.AuthorityRead)
	if err != nil {
		return nil, err
	}
	f := store.CallFilter{Operation: in.Operation, Outcome: store.CallOutcome(in.Outcome), Upload: in.Upload}
	if in.Outcome == "failed" {
		if in.Upload != "" || in.Download != "" {
			return nil, icp.InvalidField("/outcome", "authority.calls_failed")
		}
		f.Failed, f.Outcome = true, ""
	}
	if in.Download != "" {
		file, err := g.DownloadFile(ctx, in.Download)
		if err != nil {
			return nil, err
		}
		f.FileName = file.FileName
	}
	found, next, err := g.Calls(ctx, f, store.Cursor(in.Cursor), in.Limit)
	if err != nil {
		return nil, err
	}
	out := make([]AuthorityCallView, 0, len(found))
	for i := range found {
		out = append(out, callView(d.lang(ctx), &found[i]))
	}
	return paged(out, string(next)), nil
}

func callView(lang i18n.Lang, c *store.AuthorityCall) AuthorityCallView {
	v := AuthorityCallView{ID: c.ID, Operation: c.Operation, Outcome: string(c.Outcome), Cause: c.Cause, About: c.About, StartedAt: c.StartedAt,
		Millis: c.Took.Milliseconds(), Sent: c.Sent, Received: c.Received, Status: c.Status, Code: c.Code, Sequence: c.Sequence, Upload: c.Upload,
		Download: c.Download, FileName: c.FileName, Node: c.Node}
	if c.Code >= 0 {
		v.CodeText = replyText(lang, int64(c.Code))
	}
	return v
}

type askExportIn struct {
	ChannelPath
	Body struct {
		Uploads   []string   `json:"uploads,omitempty" maxItems:"100" doc:"Ids of files sent"`
		Downloads []string   `json:"downloads,omitempty" maxItems:"100" doc:"Ids of files received"`
		Since     *time.Time `json:"since,omitempty" doc:"Instead of files: all files and calls from here" example:"2026-11-24T00:00:00+08:00"`
		Until     *time.Time `json:"until,omitempty" doc:"to before here, at most 31 days" example:"2026-11-25T00:00:00+08:00"`
		Unmasked  bool       `json:"unmasked,omitempty" doc:"With personal data and the envelopes; needs a reason"`
		Reason    string     `json:"reason,omitempty" maxLength:"500" example:"For the authority's support"`
	}
}

func (d *Deps) askExport(ctx context.Context, in *askExportIn) (*ticketOut, error) {
	needs := []access.Permission{access.AuthorityRead, access.AuthorityManage}
	if in.Body.Unmasked {
		needs = append(needs, access.RevealPersonal)
	}
	g, actor, err := d.channelFor(ctx, in.Channel, needs...)
	if err != nil {
		return nil, err
	}
	e := authority.Export{Uploads: in.Body.Uploads, Downloads: in.Body.Downloads, Unmasked: in.Body.Unmasked}
	if in.Body.Since != nil {
		e.Since = *in.Body.Since
	}
	if in.Body.Until != nil {
		e.Until = *in.Body.Until
	}
	text, until, err := g.TicketForExport(ctx, actor, e, in.Body.Reason)
	return ticketFor(in.Channel, "export", text, until, err)
}

func (d *Deps) getExport(ctx context.Context, in *ticketIn) (*huma.StreamResponse, error) {
	g, actor, err := d.channelFor(ctx, in.Channel, access.AuthorityRead, access.AuthorityManage)
	if err != nil {
		return nil, err
	}
	e, err := g.ExportOf(actor, in.Ticket)
	if err != nil {
		return nil, err
	}
	name := "authority-" + in.Channel + "-" + d.Clock.Now().UTC().Format("20060102T150405Z") + ".zip"
	return d.attachment(ctx, name, "application/zip", func(w io.Writer) error { return g.WriteExport(ctx, e, w) }), nil
}
