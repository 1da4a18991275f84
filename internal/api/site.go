package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

func registerSite(api huma.API, d *Deps) {
	huma.Register(api, huma.Operation{OperationID: "get-site", Method: http.MethodGet, Path: "/site", Tags: []string{"Site"},
		Summary: "What a visitor may know: the provider, open channels, consent texts, limits", Security: noSession}, d.getSite)
	const tag = "Operation"
	huma.Register(api, huma.Operation{OperationID: "list-channels", Method: http.MethodGet, Path: "/channels", Tags: []string{tag},
		Summary: "The switches of the channels"}, d.listChannels)
	huma.Register(api, huma.Operation{OperationID: "switch-channel", Method: http.MethodPut, Path: "/channels", Tags: []string{tag},
		Summary: "Open or close a channel for new orders", Description: "Everything else goes on while a channel is closed."}, d.switchChannel)
	huma.Register(api, huma.Operation{OperationID: "list-consent-texts", Method: http.MethodGet, Path: "/consent-texts", Tags: []string{tag},
		Summary: "The consent texts in force"}, d.listConsentTexts)
	huma.Register(api, huma.Operation{OperationID: "publish-consent-text", Method: http.MethodPost, Path: "/consent-texts", Tags: []string{tag},
		Summary: "Publish a new edition of a consent text", DefaultStatus: http.StatusCreated}, d.publishConsentText)
}

// SiteView is what a visitor may know.
type SiteView struct {
	Provider ProviderView  `json:"provider"`
	Channels []ChannelView `json:"channels"`
	Demo     bool          `json:"demo"`
	Consents []ConsentView `json:"consents"`
	Upload   UploadView    `json:"upload"`
}

// ProviderView is the access provider that runs the site.
type ProviderView struct {
	Name            string   `json:"name"`
	SupportPhone    string   `json:"support_phone"`
	SupportHours    string   `json:"support_hours"`
	OutboundNumbers []string `json:"outbound_numbers" doc:"Reviewers call from these"`
}

// ChannelView is a channel as visitors see it.
type ChannelView struct {
	Channel icp.Channel `json:"channel"`
	Open    bool        `json:"open"`
	Notice  string      `json:"notice,omitempty"`
	Link    string      `json:"link,omitempty"`
}

// ConsentView is a consent text in the reader's language.
type ConsentView struct {
	Text    string `json:"text"`
	Edition int    `json:"edition"`
	Title   string `json:"title"`
	Body    string `json:"body"`
}

// UploadView is what an uploaded file may weigh.
type UploadView struct {
	MinBytes int64 `json:"min_bytes"`
	MaxBytes int64 `json:"max_bytes"`
}

type getSiteOut struct {
	Body SiteView
}

func (d *Deps) getSite(ctx context.Context, _ *struct{}) (*getSiteOut, error) {
	lang := d.lang(ctx)
	pick := func(zh, en string) string {
		if lang == i18n.English && en != "" {
			return en
		}
		return zh
	}
	switches, _, err := d.Cases.Channels(ctx)
	if err != nil {
		return nil, err
	}
	texts, err := d.Cases.ConsentTexts(ctx)
	if err != nil {
		return nil, err
	}
	p := d.Provider
	v := SiteView{Provider: ProviderView{Name: pick(p.NameZH, p.NameEN), SupportPhone: p.SupportPhone, SupportHours: p.Hours,
		OutboundNumbers: notNil(p.OutboundNumbers)}, Demo: d.Demo, Channels: []ChannelView{}, Consents: []ConsentView{},
		Upload: UploadView{MinBytes: d.Cases.Limits.UploadMinBytes, MaxBytes: d.Cases.Limits.UploadMaxBytes}}
	for _, s := range switches {
		c := ChannelView{Channel: s.Channel, Open: s.Open}
		if !s.Open {
			c.Notice, c.Link = pick(s.NoticeZH, s.NoticeEN), s.Link
		}
		v.Channels = append(v.Channels, c)
	}
	for _, t := range texts {
		v.Consents = append(v.Consents, ConsentView{Text: t.ID, Edition: t.Edition, Title: pick(t.TitleZH, t.TitleEN), Body: pick(t.BodyZH, t.BodyEN)})
	}
	return &getSiteOut{Body: v}, nil
}

type listChannelsOut struct {
	ETag string `header:"ETag"`
	Body struct {
		Items   []casework.ChannelSwitch `json:"items"`
		Version int64                    `json:"version"`
	}
}

func (d *Deps) listChannels(ctx context.Context, _ *struct{}) (*listChannelsOut, error) {
	if _, err := requireStaff(ctx, access.ChannelManage); err != nil {
		return nil, err
	}
	switches, version, err := d.Cases.Channels(ctx)
	out := &listChannelsOut{ETag: etag(version)}
	out.Body.Items, out.Body.Version = switches, version
	return out, err
}

type switchChannelIn struct {
	IfMatch
	Body casework.ChannelSwitch
}

func (d *Deps) switchChannel(ctx context.Context, in *switchChannelIn) (*listChannelsOut, error) {
	actor, err := requireStaff(ctx, access.ChannelManage)
	if err != nil {
		return nil, err
	}
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if err := d.Cases.SwitchChannel(ctx, actor, version, in.Body); err != nil {
		return nil, err
	}
	return d.listChannels(ctx, nil)
}

// ConsentTextView is an edition of a consent text in both languages.
type ConsentTextView struct {
	Text    string `json:"text" maxLength:"64" example:"assist_terms"`
	Edition int    `json:"edition" readOnly:"true"`
	TitleZH string `json:"title_zh" maxLength:"200"`
	TitleEN string `json:"title_en" maxLength:"200"`
	BodyZH  string `json:"body_zh" maxLength:"100000"`
	BodyEN  string `json:"body_en" maxLength:"100000"`
}

type listConsentTextsOut struct {
	Body struct {
		Items []ConsentTextView `json:"items"`
	}
}

func (d *Deps) listConsentTexts(ctx context.Context, _ *struct{}) (*listConsentTextsOut, error) {
	if _, err := requireStaff(ctx, access.SettingManage); err != nil {
		return nil, err
	}
	texts, err := d.Cases.ConsentTexts(ctx)
	out := &listConsentTextsOut{}
	out.Body.Items = []ConsentTextView{}
	for _, t := range texts {
		out.Body.Items = append(out.Body.Items, consentTextView(t))
	}
	return out, err
}

func consentTextView(t store.ConsentText) ConsentTextView {
	return ConsentTextView{Text: t.ID, Edition: t.Edition, TitleZH: t.TitleZH, TitleEN: t.TitleEN, BodyZH: t.BodyZH, BodyEN: t.BodyEN}
}

type publishConsentTextIn struct {
	Body struct {
		Text    string `json:"text" maxLength:"64" example:"assist_terms"`
		TitleZH string `json:"title_zh" maxLength:"200" example:"备案服务协议"`
		TitleEN string `json:"title_en" maxLength:"200" example:"Terms of the filing service"`
		BodyZH  string `json:"body_zh" maxLength:"100000" example:"……"`
		BodyEN  string `json:"body_en" maxLength:"100000" example:"…"`
	}
}

type publishConsentTextOut struct {
	Body ConsentTextView
}

func (d *Deps) publishConsentText(ctx context.Context, in *publishConsentTextIn) (*publishConsentTextOut, error) {
	actor, err := requireStaff(ctx, access.SettingManage)
	if err != nil {
		return nil, err
	}
	b := in.Body
	saved, err := d.Cases.PublishConsentText(ctx, actor, store.ConsentText{ID: b.Text, TitleZH: b.TitleZH, TitleEN: b.TitleEN, BodyZH: b.BodyZH, BodyEN: b.BodyEN})
	return &publishConsentTextOut{Body: consentTextView(saved)}, err
}
