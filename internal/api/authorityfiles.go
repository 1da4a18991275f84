package api

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// FileInsideView is what stands in a file.
type FileInsideView struct {
	Fault    string            `json:"fault,omitempty" doc:"Why it cannot be opened, in words; nothing else is told then"`
	Size     int64             `json:"size" doc:"Bytes of the document as UTF-8 text"`
	Pictures []FilePictureView `json:"pictures" doc:"The first 200; a picture's number is its place here, from 0"`
	Unknown  []string          `json:"unknown" doc:"The first 200 elements that the interface does not have"`
}

// FilePictureView is a picture in a file.
type FilePictureView struct {
	Path string `json:"path" example:"/UploadData/ICP/XZWZ/Xzxx/Fj/Fjxx/Fjnr"`
	Size int    `json:"size" doc:"Bytes, about"`
}

// UploadDetail is a file sent with what stands in it.
type UploadDetail struct {
	UploadFileView
	Orders []icp.OrderID  `json:"orders"`
	Inside FileInsideView `json:"inside"`
}

// DownloadDetail is a file received with what stands in it.
type DownloadDetail struct {
	DownloadFileView
	Inside  FileInsideView   `json:"inside"`
	Results []FileResultView `json:"results" doc:"What it says about requests: the first 100, none of a document of more than 4 MiB"`
}

// FileResultView is one thing that a file says about a request.
type FileResultView struct {
	Kind   string      `json:"kind" enum:"check,review,filed"`
	Order  icp.OrderID `json:"order,omitempty" doc:"Ours that it is about"`
	Code   int64       `json:"code,omitempty" doc:"Of a check"`
	Class  string      `json:"class,omitempty" enum:",ok,more,idle,retry,fix_configuration,back_to_provider,back_to_applicant,final"`
	Passed bool        `json:"passed" doc:"Of a review"`
	Ref    string      `json:"ref,omitempty" doc:"What the authority calls it by, such as a licence number"`
	Text   string      `json:"text,omitempty" doc:"The authority's words; numbers and addresses masked"`
	Words  string      `json:"words,omitempty" doc:"Our words for the code"`
}

type listFilesIn struct {
	ChannelPath
	PageIn
}

func (d *Deps) listUploads(ctx context.Context, in *listFilesIn) (*pageOut[UploadFileView], error) {
	g, _, err := d.channelFor(ctx, in.Channel, access.AuthorityRead)
	if err != nil {
		return nil, err
	}
	found, next, err := g.Uploads(ctx, store.Cursor(in.Cursor), in.Limit)
	if err != nil {
		return nil, err
	}
	out := make([]UploadFileView, 0, len(found))
	for i := range found {
		out = append(out, d.uploadFileView(d.lang(ctx), &found[i]))
	}
	return paged(out, string(next)), nil
}

func (d *Deps) listDownloads(ctx context.Context, in *listFilesIn) (*pageOut[DownloadFileView], error) {
	g, _, err := d.channelFor(ctx, in.Channel, access.AuthorityRead)
	if err != nil {
		return nil, err
	}
	found, next, err := g.Downloads(ctx, store.Cursor(in.Cursor), in.Limit)
	if err != nil {
		return nil, err
	}
	out := make([]DownloadFileView, 0, len(found))
	for i := range found {
		out = append(out, d.downloadFileView(d.lang(ctx), &found[i]))
	}
	return paged(out, string(next)), nil
}

type uploadFileOut struct{ Body UploadDetail }

func (d *Deps) getUpload(ctx context.Context, in *FilePath) (*uploadFileOut, error) {
	g, _, err := d.channelFor(ctx, in.Channel, access.AuthorityRead)
	if err != nil {
		return nil, err
	}
	u, err := g.UploadFile(ctx, in.File)
	if err != nil {
		return nil, err
	}
	out := &uploadFileOut{Body: UploadDetail{UploadFileView: d.uploadFileView(d.lang(ctx), &u)}}
	if out.Body.Orders, err = g.UploadOrders(ctx, in.File); err != nil {
		return nil, err
	}
	out.Body.Inside, err = d.inside(ctx, g, authority.Up, in.File)
	return out, err
}

type downloadFileOut struct{ Body DownloadDetail }

func (d *Deps) getDownload(ctx context.Context, in *FilePath) (*downloadFileOut, error) {
	g, _, err := d.channelFor(ctx, in.Channel, access.AuthorityRead)
	if err != nil {
		return nil, err
	}
	f, err := g.DownloadFile(ctx, in.File)
	if err != nil {
		return nil, err
	}
	out := &downloadFileOut{Body: DownloadDetail{DownloadFileView: d.downloadFileView(d.lang(ctx), &f), Results: []FileResultView{}}}
	if out.Body.Inside, err = d.inside(ctx, g, authority.Down, in.File); err != nil || out.Body.Inside.Fault != "" {
		return out, err
	}
	results, err := g.Results(ctx, in.File)
	if authority.FileFault(err) != "" {
		return out, nil // its document is of another kind; the page still shows it
	}
	for i := range results {
		out.Body.Results = append(out.Body.Results, resultView(d.lang(ctx), &results[i]))
	}
	return out, err
}

func resultView(lang i18n.Lang, r *authority.FileResult) FileResultView {
	v := FileResultView{Kind: r.Kind, Order: r.Order, Code: r.Code, Passed: r.Passed, Ref: r.Ref, Text: r.Text}
	if r.Kind == "check" {
		words := authority.ResultWords(r.Code)
		v.Class, v.Words = words.Class, inLang(lang, words)
	}
	return v
}

// inside tells what stands in a file; that it cannot be opened is no error.
func (d *Deps) inside(ctx context.Context, g *authority.Gateway, side authority.Side, file string) (FileInsideView, error) {
	v := FileInsideView{Pictures: []FilePictureView{}, Unknown: []string{}}
	in, err := g.Inside(ctx, side, file)
	if code := authority.FileFault(err); code != "" {
		v.Fault = d.faultText(d.lang(ctx), code)
		return v, nil
	}
	if err != nil {
		return v, err
	}
	v.Size = in.Size
	v.Unknown = append(v.Unknown, in.Unknown...)
	for _, p := range in.Pictures {
		v.Pictures = append(v.Pictures, FilePictureView(p))
	}
	return v, nil
}

// SidePath names a file of either direction in a path.
type SidePath struct {
	FilePath
	Side authority.Side `path:"side" enum:"uploads,downloads"`
}

// FilePageView is a page of a part of a file.
type FilePageView struct {
	Text string `json:"text"`
	Next int64  `json:"next,omitempty" doc:"Offset of the next page; missing on the last"`
}

type filePageOut struct{ Body FilePageView }

func filePage(p authority.Piece, err error) (*filePageOut, error) {
	return &filePageOut{Body: FilePageView(p)}, err
}

type lookIn struct {
	SidePath
	Part   authority.Part `query:"part" enum:"decoded,document" default:"decoded" doc:"The document laid out on lines, or as it stands"`
	Offset int64          `query:"offset" minimum:"0" doc:"Where the page begins, in bytes of its text: next of the page before"`
	Limit  int            `query:"limit" minimum:"0" maximum:"262144" doc:"Bytes of text; 64 KiB when not given"`
}

func (d *Deps) lookAtFile(ctx context.Context, in *lookIn) (*filePageOut, error) {
	g, _, err := d.channelFor(ctx, in.Channel, access.AuthorityRead)
	if err != nil {
		return nil, err
	}
	return filePage(g.Look(ctx, authority.Look{Side: in.Side, File: in.File, Part: in.Part, Offset: in.Offset, Limit: in.Limit}))
}

type revealIn struct {
	SidePath
	Body struct {
		ReasonInput
		Part   authority.Part `json:"part" enum:"decoded,document,envelope" doc:"The document laid out or as it stands, or the base64 text of the envelope"`
		Offset int64          `json:"offset,omitempty" minimum:"0" example:"0"`
		Limit  int            `json:"limit,omitempty" minimum:"0" maximum:"262144" example:"65536"`
	}
}

func (d *Deps) revealFile(ctx context.Context, in *revealIn) (*filePageOut, error) {
	g, actor, err := d.channelFor(ctx, in.Channel, access.AuthorityRead, access.RevealPersonal)
	if err != nil {
		return nil, err
	}
	return filePage(g.Reveal(ctx, actor, authority.Look{Side: in.Side, File: in.File, Part: in.Body.Part, Offset: in.Body.Offset, Limit: in.Body.Limit}, in.Body.Reason))
}

type revealPictureIn struct {
	SidePath
	Body struct {
		ReasonInput
		Number int `json:"number" minimum:"0" maximum:"199" doc:"Its place in pictures" example:"0"`
	}
}

type pictureOut struct {
	Body struct {
		MediaType string `json:"media_type" example:"image/jpeg"`
		Content   string `json:"content" doc:"Base64"`
	}
}

func (d *Deps) revealFilePicture(ctx context.Context, in *revealPictureIn) (*pictureOut, error) {
	g, actor, err := d.channelFor(ctx, in.Channel, access.AuthorityRead, access.RevealPersonal)
	if err != nil {
		return nil, err
	}
	content, kind, err := g.RevealPicture(ctx, actor, in.Side, in.File, in.Body.Number, in.Body.Reason)
	out := &pictureOut{}
	out.Body.MediaType, out.Body.Content = kind, base64.StdEncoding.EncodeToString(content)
	return out, err
}

// TicketView lets its account fetch something once more within a minute.
type TicketView struct {
	Ticket    string    `json:"ticket"`
	Path      string    `json:"path" doc:"Where to fetch it, with the ticket"`
	ExpiresAt time.Time `json:"expires_at"`
}

type ticketOut struct{ Body TicketView }

type askBytesIn struct {
	SidePath
	Body struct {
		ReasonInput
		Part authority.Part `json:"part" enum:"document,envelope"`
	}
}

func (d *Deps) askFileBytes(ctx context.Context, in *askBytesIn) (*ticketOut, error) {
	g, actor, err := d.channelFor(ctx, in.Channel, access.AuthorityRead, access.RevealPersonal)
	if err != nil {
		return nil, err
	}
	text, until, err := g.TicketForBytes(ctx, actor, in.Side, in.File, in.Body.Part, in.Body.Reason)
	return ticketFor(in.Channel, "bytes", text, until, err)
}

func ticketFor(channel, what, text string, until time.Time, err error) (*ticketOut, error) {
	return &ticketOut{Body: TicketView{Ticket: text, Path: prefix + "/authority/channels/" + channel + "/" + what + "?ticket=" + text, ExpiresAt: until}}, err
}

type ticketIn struct {
	ChannelPath
	Ticket string `query:"ticket" minLength:"1" maxLength:"12000"`
}

func (d *Deps) getFileBytes(ctx context.Context, in *ticketIn) (*huma.StreamResponse, error) {
	g, actor, err := d.channelFor(ctx, in.Channel, access.AuthorityRead, access.RevealPersonal)
	if err != nil {
		return nil, err
	}
	content, name, err := g.Bytes(ctx, actor, in.Ticket)
	if err != nil {
		return nil, err
	}
	return d.attachment(ctx, name, "application/octet-stream", func(w io.Writer) error {
		_, err := io.Copy(w, content)
		return errors.Join(err, content.Close())
	}), nil
}

// attachment streams something that the browser keeps as a file. What goes
// wrong on the way cuts the answer off, so that nobody takes it for whole.
func (d *Deps) attachment(ctx context.Context, name, mediaType string, write func(io.Writer) error) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(out huma.Context) {
		out.SetHeader("Content-Type", mediaType)
		out.SetHeader("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
		out.SetHeader("Cache-Control", "private, no-store")
		if err := write(out.BodyWriter()); err != nil {
			d.Log.WarnContext(ctx, "file of the authority not sent whole", "name", name, "error", err)
			panic(errCutOff)
		}
	}}
}
