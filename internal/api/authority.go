package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// AuthorityChannelView is a channel to the authority as the operator sees it.
type AuthorityChannelView struct {
	ID           string     `json:"id" example:"main"`
	Name         string     `json:"name"`
	Paused       bool       `json:"paused"`
	PauseReason  string     `json:"pause_reason,omitempty"`
	Health       string     `json:"health" doc:"Code of the last trouble; empty when well"`
	HealthAt     *time.Time `json:"health_at,omitempty"`
	PolledAt     *time.Time `json:"polled_at,omitempty"`
	LastSequence int64      `json:"last_sequence" doc:"Number of the last accepted file"`
	Waiting      int        `json:"waiting" doc:"Orders that wait to be sent"`
}

// UploadFileView is a file sent to the authority.
type UploadFileView struct {
	ID         string        `json:"id"`
	Sequence   int64         `json:"sequence"`
	Operation  string        `json:"operation" example:"XZWZ"`
	State      string        `json:"state" enum:"stored,sending,unknown,accepted,refused"`
	Records    int           `json:"records"`
	Size       int64         `json:"size" doc:"Bytes"`
	Code       int           `json:"code" doc:"The reply's msg_code; -1 before a reply"`
	Message    string        `json:"message,omitempty"`
	Tries      int           `json:"tries"`
	CreatedAt  time.Time     `json:"created_at"`
	AnsweredAt *time.Time    `json:"answered_at,omitempty"`
	Orders     []icp.OrderID `json:"orders,omitempty" doc:"In the single view"`
	Decoded    string        `json:"decoded,omitempty" doc:"In the single view: the document, personal data masked"`
}

// DownloadFileView is a file received from the authority.
type DownloadFileView struct {
	ID         string     `json:"id"`
	FileName   string     `json:"file_name"`
	State      string     `json:"state" enum:"received,applied,parked,discarded"`
	Kinds      string     `json:"kinds" example:"BAJG BASJ"`
	Tries      int        `json:"tries"`
	LastError  string     `json:"last_error,omitempty"`
	ReceivedAt time.Time  `json:"received_at"`
	AppliedAt  *time.Time `json:"applied_at,omitempty"`
	AckedAt    *time.Time `json:"acked_at,omitempty"`
	Decoded    string     `json:"decoded,omitempty" doc:"In the single view: the document, personal data masked"`
}

func registerAuthority(api huma.API, d *Deps) {
	const tag = "Authority"
	get := func(id, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodGet, Path: "/authority/" + path, Tags: []string{tag}, Summary: summary}
	}
	post := func(id, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodPost, Path: "/authority/" + path, Tags: []string{tag}, Summary: summary,
			DefaultStatus: http.StatusNoContent}
	}
	huma.Register(api, get("list-authority-channels", "channels", "How the channels to the authority stand"), d.listAuthorityChannels)
	huma.Register(api, get("list-uploads", "uploads", "Files sent, newest first"), d.listUploads)
	huma.Register(api, get("get-upload", "uploads/{id}", "A file sent, decoded"), d.getUpload)
	huma.Register(api, get("list-downloads", "downloads", "Files received, newest first"), d.listDownloads)
	huma.Register(api, get("get-download", "downloads/{id}", "A file received, decoded"), d.getDownload)
	huma.Register(api, post("pause-channel", "channels/{id}/pause", "Pause a channel"), d.pauseChannel)
	huma.Register(api, post("resume-channel", "channels/{id}/resume", "Let a paused channel go on"), d.resumeChannel)
	huma.Register(api, post("retry-channel", "channels/{id}/retry", "Send what waits now"), d.retryChannel)
	huma.Register(api, post("resync-channel", "channels/{id}/resync", "Take the number of the last accepted file over from the authority"), d.resyncChannel)
	huma.Register(api, post("give-up-upload", "uploads/{id}/give-up", "Give up a file that the authority did not take; its orders come back to the provider"), d.giveUpUpload)
	huma.Register(api, post("retry-download", "downloads/{id}/retry", "Apply a parked file again"), d.retryDownload)
	huma.Register(api, post("discard-download", "downloads/{id}/discard", "Give a parked file up"), d.discardDownload)
}

// authorityFor lets staff with the permission in, while there is a channel.
func (d *Deps) authorityFor(ctx context.Context, p access.Permission) (icp.Actor, error) {
	actor, err := requireStaff(ctx, p)
	if err != nil {
		return actor, err
	}
	if d.Gateway == nil {
		return actor, icp.E(icp.NotNow, "authority.off")
	}
	return actor, nil
}

type authorityChannelsOut struct {
	Body struct {
		Items []AuthorityChannelView `json:"items"`
	}
}

func (d *Deps) listAuthorityChannels(ctx context.Context, _ *struct{}) (*authorityChannelsOut, error) {
	out := &authorityChannelsOut{}
	out.Body.Items = []AuthorityChannelView{}
	if _, err := requireStaff(ctx, access.AuthorityRead); err != nil || d.Gateway == nil {
		return out, err
	}
	counts, err := d.Cases.Counts(ctx)
	if err != nil {
		return nil, err
	}
	channels, err := d.Gateway.Channels(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range channels {
		out.Body.Items = append(out.Body.Items, AuthorityChannelView{ID: c.ID, Name: c.Name, Paused: c.Paused, PauseReason: c.PauseReason,
			Health: c.Health, HealthAt: instant(c.HealthAt), PolledAt: instant(c.PolledAt), LastSequence: c.LastSequence,
			Waiting: counts[icp.StateReady]})
	}
	return out, nil
}

// instant is a time for JSON; nil for the zero time.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func uploadFileView(u *store.Upload) UploadFileView {
	return UploadFileView{ID: u.ID, Sequence: u.Sequence, Operation: u.Operation, State: string(u.State), Records: u.Records, Size: u.Size,
		Code: u.Code, Message: u.Message, Tries: u.Tries, CreatedAt: u.CreatedAt, AnsweredAt: instant(u.AnsweredAt)}
}

func downloadFileView(f *store.Download) DownloadFileView {
	return DownloadFileView{ID: f.ID, FileName: f.FileName, State: string(f.State), Kinds: f.Kinds, Tries: f.Tries, LastError: f.LastError,
		ReceivedAt: f.ReceivedAt, AppliedAt: instant(f.AppliedAt), AckedAt: instant(f.AckedAt)}
}

type listFilesIn struct{ PageIn }

func (d *Deps) listUploads(ctx context.Context, in *listFilesIn) (*pageOut[UploadFileView], error) {
	if _, err := d.authorityFor(ctx, access.AuthorityRead); err != nil {
		return nil, err
	}
	found, next, err := d.Gateway.Uploads(ctx, store.Cursor(in.Cursor), in.Limit)
	if err != nil {
		return nil, err
	}
	out := make([]UploadFileView, 0, len(found))
	for i := range found {
		out = append(out, uploadFileView(&found[i]))
	}
	return paged(out, string(next)), nil
}

func (d *Deps) listDownloads(ctx context.Context, in *listFilesIn) (*pageOut[DownloadFileView], error) {
	if _, err := d.authorityFor(ctx, access.AuthorityRead); err != nil {
		return nil, err
	}
	found, next, err := d.Gateway.Downloads(ctx, store.Cursor(in.Cursor), in.Limit)
	if err != nil {
		return nil, err
	}
	out := make([]DownloadFileView, 0, len(found))
	for i := range found {
		out = append(out, downloadFileView(&found[i]))
	}
	return paged(out, string(next)), nil
}

// FilePath names a file to or from the authority in a path.
type FilePath struct {
	ID string `path:"id" doc:"File id"`
}

type uploadFileOut struct{ Body UploadFileView }

func (d *Deps) getUpload(ctx context.Context, in *FilePath) (*uploadFileOut, error) {
	if _, err := d.authorityFor(ctx, access.AuthorityRead); err != nil {
		return nil, err
	}
	u, err := d.Gateway.UploadFile(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &uploadFileOut{Body: uploadFileView(&u)}
	if out.Body.Orders, err = d.Gateway.UploadOrders(ctx, in.ID); err != nil {
		return nil, err
	}
	out.Body.Decoded, err = d.Gateway.Decoded(ctx, in.ID)
	return out, err
}

type downloadFileOut struct{ Body DownloadFileView }

func (d *Deps) getDownload(ctx context.Context, in *FilePath) (*downloadFileOut, error) {
	if _, err := d.authorityFor(ctx, access.AuthorityRead); err != nil {
		return nil, err
	}
	f, err := d.Gateway.DownloadFile(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &downloadFileOut{Body: downloadFileView(&f)}
	// A file that cannot be read has no text; its row says why.
	if text, err := d.Gateway.DecodedDownload(ctx, in.ID); err == nil {
		out.Body.Decoded = text
	}
	return out, nil
}

type reasonedIn struct {
	FilePath
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500" example:"The authority announced maintenance until noon"`
	}
}

// managed lets staff decide about a channel or file, for a reason.
func (d *Deps) managed(ctx context.Context, act func(icp.Actor) error) (*struct{}, error) {
	actor, err := d.authorityFor(ctx, access.AuthorityManage)
	if err != nil {
		return nil, err
	}
	return nil, act(actor)
}

func (d *Deps) pauseChannel(ctx context.Context, in *reasonedIn) (*struct{}, error) {
	return d.managed(ctx, func(by icp.Actor) error { return d.Gateway.Pause(ctx, by, in.Body.Reason) })
}

func (d *Deps) resumeChannel(ctx context.Context, in *reasonedIn) (*struct{}, error) {
	return d.managed(ctx, func(by icp.Actor) error { return d.Gateway.Resume(ctx, by, in.Body.Reason) })
}

func (d *Deps) retryChannel(ctx context.Context, in *reasonedIn) (*struct{}, error) {
	return d.managed(ctx, func(by icp.Actor) error { return d.Gateway.Retry(ctx, by, in.Body.Reason) })
}

func (d *Deps) resyncChannel(ctx context.Context, in *reasonedIn) (*struct{}, error) {
	return d.managed(ctx, func(by icp.Actor) error {
		_, err := d.Gateway.Resync(ctx, by, in.Body.Reason)
		return err
	})
}

func (d *Deps) giveUpUpload(ctx context.Context, in *reasonedIn) (*struct{}, error) {
	return d.managed(ctx, func(by icp.Actor) error { return d.Gateway.GiveUp(ctx, by, in.ID, in.Body.Reason) })
}

func (d *Deps) retryDownload(ctx context.Context, in *reasonedIn) (*struct{}, error) {
	return d.managed(ctx, func(by icp.Actor) error { return d.Gateway.RetryDownload(ctx, by, in.ID, in.Body.Reason) })
}

func (d *Deps) discardDownload(ctx context.Context, in *reasonedIn) (*struct{}, error) {
	return d.managed(ctx, func(by icp.Actor) error { return d.Gateway.Discard(ctx, by, in.ID, in.Body.Reason) })
}
