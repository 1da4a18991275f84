package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/icp"
)

func registerAuthority(api huma.API, d *Deps) {
	const tag = "Authority"
	op := func(method string) func(id, path, summary string) huma.Operation {
		return func(id, path, summary string) huma.Operation {
			return huma.Operation{OperationID: id, Method: method, Path: "/authority/channels" + path, Tags: []string{tag}, Summary: summary}
		}
	}
	get, ask := op(http.MethodGet), op(http.MethodPost)
	post := func(id, path, summary string) huma.Operation {
		o := ask(id, path, summary)
		o.DefaultStatus = http.StatusNoContent
		return o
	}
	huma.Register(api, get("list-authority-channels", "", "How the channels to the authority stand"), d.listAuthorityChannels)
	huma.Register(api, get("get-authority-channel", "/{channel}", "How a channel to the authority stands"), d.getAuthorityChannel)
	huma.Register(api, post("pause-channel", "/{channel}/pause", "Pause a channel"), d.pauseChannel)
	huma.Register(api, post("resume-channel", "/{channel}/resume", "Let a paused channel go on"), d.resumeChannel)
	huma.Register(api, post("retry-channel", "/{channel}/retry", "Send what waits now, and ask for results"), d.retryChannel)
	huma.Register(api, post("poll-channel", "/{channel}/poll", "Ask for results now"), d.pollChannel)
	huma.Register(api, ask("resync-channel", "/{channel}/resync", "Take the number of the last accepted file over from the authority"), d.resyncChannel)
	huma.Register(api, get("list-authority-calls", "/{channel}/calls", "Calls to the authority, newest first; polls that found nothing are only counted"), d.listAuthorityCalls)

	huma.Register(api, get("list-uploads", "/{channel}/uploads", "Files sent, newest first"), d.listUploads)
	huma.Register(api, get("get-upload", "/{channel}/uploads/{file}", "A file sent, and what stands in it"), d.getUpload)
	huma.Register(api, post("give-up-upload", "/{channel}/uploads/{file}/give-up", "Give up a file that the authority did not take; its orders come back to the provider"), d.giveUpUpload)
	huma.Register(api, get("list-downloads", "/{channel}/downloads", "Files received, newest first"), d.listDownloads)
	huma.Register(api, get("get-download", "/{channel}/downloads/{file}", "A file received, and what stands in it"), d.getDownload)
	huma.Register(api, post("retry-download", "/{channel}/downloads/{file}/retry", "Apply a parked file again"), d.retryDownload)
	huma.Register(api, post("discard-download", "/{channel}/downloads/{file}/discard", "Give a parked file up"), d.discardDownload)

	huma.Register(api, get("look-at-file", "/{channel}/{side}/{file}/content", "A page of a file's document, personal data masked"), d.lookAtFile)
	huma.Register(api, ask("reveal-file", "/{channel}/{side}/{file}/reveal", "A page of a file with personal data, for a reason; recorded each time"), d.revealFile)
	huma.Register(api, ask("reveal-file-picture", "/{channel}/{side}/{file}/reveal-picture", "A picture of a file, for a reason; recorded each time"), d.revealFilePicture)
	huma.Register(api, ask("ask-file-bytes", "/{channel}/{side}/{file}/bytes", "A ticket to fetch the exact bytes of a file, for a reason; recorded each time"), d.askFileBytes)
	huma.Register(api, get("get-file-bytes", "/{channel}/bytes", "The exact bytes that a ticket is for"), d.getFileBytes)
	huma.Register(api, ask("ask-export", "/{channel}/export", "A ticket to fetch a part of the conversation with the authority; recorded each time"), d.askExport)
	huma.Register(api, get("get-export", "/{channel}/export", "A zip of the conversation that a ticket is for"), d.getExport)
}

// ChannelPath names a channel to the authority in a path.
type ChannelPath struct {
	Channel string `path:"channel" maxLength:"100" doc:"Channel id" example:"main"`
}

// FilePath names a file to or from the authority in a path.
type FilePath struct {
	ChannelPath
	File string `path:"file" maxLength:"100" doc:"File id"`
}

// gateways lists the channels of this installation.
func (d *Deps) gateways() []*authority.Gateway {
	if d.Channels == nil {
		return nil
	}
	return d.Channels.All()
}

// channelFor lets staff with all of some permissions in to a channel.
func (d *Deps) channelFor(ctx context.Context, channel string, needs ...access.Permission) (*authority.Gateway, icp.Actor, error) {
	var actor icp.Actor
	for _, p := range needs {
		var err error
		if actor, err = requireStaff(ctx, p); err != nil {
			return nil, actor, err
		}
	}
	if len(d.gateways()) == 0 {
		return nil, actor, icp.E(icp.NotNow, "authority.off")
	}
	if g := d.Channels.Gateway(channel); g != nil {
		return g, actor, nil
	}
	return nil, actor, icp.E(icp.NotFound, "authority.no_channel")
}

type authorityChannelsOut struct {
	Body struct {
		Items []AuthorityChannelView `json:"items"`
	}
}

func (d *Deps) listAuthorityChannels(ctx context.Context, _ *struct{}) (*authorityChannelsOut, error) {
	out := &authorityChannelsOut{}
	out.Body.Items = []AuthorityChannelView{}
	if _, err := requireStaff(ctx, access.AuthorityRead); err != nil {
		return out, err
	}
	for _, g := range d.gateways() {
		o, err := g.Overview(ctx)
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, d.channelView(ctx, &o))
	}
	return out, nil
}

type authorityChannelOut struct{ Body AuthorityChannelView }

func (d *Deps) getAuthorityChannel(ctx context.Context, in *ChannelPath) (*authorityChannelOut, error) {
	g, _, err := d.channelFor(ctx, in.Channel, access.AuthorityRead)
	if err != nil {
		return nil, err
	}
	o, err := g.Overview(ctx)
	if err != nil {
		return nil, err
	}
	return &authorityChannelOut{Body: d.channelView(ctx, &o)}, nil
}

// instant is a time for JSON; nil for the zero time.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// ReasonInput is why somebody decides something.
type ReasonInput struct {
	Reason string `json:"reason" minLength:"1" maxLength:"500" example:"The authority announced maintenance until noon"`
}

type channelReasonedIn struct {
	ChannelPath
	Body ReasonInput
}

type fileReasonedIn struct {
	FilePath
	Body ReasonInput
}

// managed lets staff decide about a channel or file, for a reason.
func (d *Deps) managed(ctx context.Context, channel string, act func(*authority.Gateway, icp.Actor) error) (*struct{}, error) {
	g, actor, err := d.channelFor(ctx, channel, access.AuthorityManage)
	if err != nil {
		return nil, err
	}
	return nil, act(g, actor)
}

func (d *Deps) pauseChannel(ctx context.Context, in *channelReasonedIn) (*struct{}, error) {
	return d.managed(ctx, in.Channel, func(g *authority.Gateway, by icp.Actor) error { return g.Pause(ctx, by, in.Body.Reason) })
}

func (d *Deps) resumeChannel(ctx context.Context, in *channelReasonedIn) (*struct{}, error) {
	return d.managed(ctx, in.Channel, func(g *authority.Gateway, by icp.Actor) error { return g.Resume(ctx, by, in.Body.Reason) })
}

func (d *Deps) retryChannel(ctx context.Context, in *channelReasonedIn) (*struct{}, error) {
	return d.managed(ctx, in.Channel, func(g *authority.Gateway, by icp.Actor) error { return g.Retry(ctx, by, in.Body.Reason) })
}

func (d *Deps) pollChannel(ctx context.Context, in *channelReasonedIn) (*struct{}, error) {
	return d.managed(ctx, in.Channel, func(g *authority.Gateway, by icp.Actor) error { return g.PollNow(ctx, by, in.Body.Reason) })
}

type resyncOut struct {
	Body struct {
		LastSequence int64 `json:"last_sequence" doc:"Number of the last accepted file as the authority told it"`
	}
}

func (d *Deps) resyncChannel(ctx context.Context, in *channelReasonedIn) (*resyncOut, error) {
	out := &resyncOut{}
	_, err := d.managed(ctx, in.Channel, func(g *authority.Gateway, by icp.Actor) (err error) {
		out.Body.LastSequence, err = g.Resync(ctx, by, in.Body.Reason)
		return err
	})
	return out, err
}

func (d *Deps) giveUpUpload(ctx context.Context, in *fileReasonedIn) (*struct{}, error) {
	return d.managed(ctx, in.Channel, func(g *authority.Gateway, by icp.Actor) error { return g.GiveUp(ctx, by, in.File, in.Body.Reason) })
}

func (d *Deps) retryDownload(ctx context.Context, in *fileReasonedIn) (*struct{}, error) {
	return d.managed(ctx, in.Channel, func(g *authority.Gateway, by icp.Actor) error {
		return g.RetryDownload(ctx, by, in.File, in.Body.Reason)
	})
}

func (d *Deps) discardDownload(ctx context.Context, in *fileReasonedIn) (*struct{}, error) {
	return d.managed(ctx, in.Channel, func(g *authority.Gateway, by icp.Actor) error { return g.Discard(ctx, by, in.File, in.Body.Reason) })
}
