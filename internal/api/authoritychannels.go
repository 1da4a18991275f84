package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/i18n"
)

// ChannelSettingsView is a channel to an authority with its settings. Secrets
// are never in it, only whether they are set.
type ChannelSettingsView struct {
	ID           string                    `json:"id" example:"beijing"`
	Settings     authority.ChannelSettings `json:"settings"`
	PasswordSet  bool                      `json:"password_set"`
	KeySet       bool                      `json:"key_set"`
	IVSet        bool                      `json:"iv_set"`
	FromFile     bool                      `json:"from_file" doc:"Set up in the configuration file and changed there only"`
	TakesRest    bool                      `json:"takes_rest" doc:"Orders of no channel's region go here"`
	Used         bool                      `json:"used" doc:"Has sent or received something: it can no longer be removed, nor get another isp_id"`
	Paused       bool                      `json:"paused"`
	PauseReason  string                    `json:"pause_reason,omitempty"`
	Health       string                    `json:"health" doc:"Code of the last trouble; empty when well"`
	HealthText   string                    `json:"health_text,omitempty" doc:"The authority's own words on it"`
	LastSequence int64                     `json:"last_sequence" doc:"Number of the last accepted file"`
	OpensAt      *time.Time                `json:"opens_at,omitempty" doc:"When the permitted hours begin; absent in them"`
	UpdatedAt    *time.Time                `json:"updated_at,omitempty"`
	Version      int64                     `json:"version" doc:"0 for the channel of the configuration file"`
}

// ChannelValues are settings to be saved or tested, with secrets. A secret that
// is left empty stays what it was.
type ChannelValues struct {
	authority.ChannelSettings
	Password string `json:"password,omitempty" maxLength:"200" example:"issued-by-the-authority" doc:"Write only"`
	Key      string `json:"key,omitempty" maxLength:"64" example:"0123456789abcdef" doc:"Write only: AES key of 16, 24 or 32 characters"`
	IV       string `json:"iv,omitempty" maxLength:"64" example:"fedcba9876543210" doc:"Write only: initial vector of 16 characters"`
}

func (v *ChannelValues) secrets() authority.ChannelSecrets {
	return authority.NewChannelSecrets(v.Password, v.Key, v.IV)
}

// ChannelTestView is what a test of a channel found, address by address.
type ChannelTestView struct {
	OK       bool                 `json:"ok"`
	Steps    []ChannelTestStep    `json:"steps"`
	Sequence *ChannelTestSequence `json:"sequence,omitempty" doc:"Absent when the authority did not tell"`
}

// ChannelTestStep is what became of one address.
type ChannelTestStep struct {
	Address   string `json:"address" enum:"upload,query,verify"`
	Operation string `json:"operation,omitempty" example:"isp_querypreviousupload" doc:"Absent where only the address was looked at"`
	Outcome   string `json:"outcome" enum:"forbidden,not_resolved,not_connected,tls,timed_out,http_status,soap_fault,unreadable,code,ok"`
	Status    int    `json:"status,omitempty" doc:"HTTP status"`
	Code      int64  `json:"code" doc:"msg_code; -1 without one"`
	Class     string `json:"class,omitempty" example:"fix_configuration" doc:"What to do about the code"`
	Text      string `json:"text,omitempty" doc:"What the code means, in the reader's language"`
	TookMS    int64  `json:"took_ms"`
}

// ChannelTestSequence compares the number of the last accepted file.
type ChannelTestSequence struct {
	Theirs  int64  `json:"theirs"`
	Ours    int64  `json:"ours"`
	Verdict string `json:"verdict" enum:"same,adopted,ahead,behind" doc:"adopted: we begin after theirs; ahead: somebody else sends under the account"`
}

func registerAuthorityChannels(api huma.API, d *Deps) {
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/authority/channels" + path, Tags: []string{"Authority"}, Summary: summary}
	}
	get := op("get-channel-settings", http.MethodGet, "/{channel}/settings", "A channel's settings, without secrets")
	get.Description = "The id “new” gives the settings with which a channel begins."
	huma.Register(api, get, d.getChannelSettings)
	add := op("add-channel", http.MethodPost, "", "Add a channel to an authority")
	add.DefaultStatus = http.StatusCreated
	huma.Register(api, add, d.addChannel)
	huma.Register(api, op("put-channel-settings", http.MethodPut, "/{channel}/settings", "Change the settings of a channel"), d.putChannelSettings)
	remove := op("remove-channel", http.MethodDelete, "/{channel}", "Remove a channel that was never used")
	remove.DefaultStatus = http.StatusNoContent
	huma.Register(api, remove, d.removeChannel)
	test := op("test-channel", http.MethodPost, "/{channel}/test", "Ask the authority what changes nothing, and tell address by address what answers")
	test.Description = "With values it tests these instead of the saved ones; for a channel that is not saved yet the id may be “new”."
	huma.Register(api, test, d.testChannel)
}

// SettingsPath names a channel to an authority in a path.
type SettingsPath struct {
	Channel string `path:"channel" maxLength:"100" doc:"Channel id" example:"main"`
}

type channelSettingsOut struct {
	ETag string `header:"ETag" doc:"The settings' version, for If-Match"`
	Body ChannelSettingsView
}

func channelSettingsView(c *authority.ChannelInfo) *channelSettingsOut {
	return &channelSettingsOut{ETag: etag(c.Version), Body: ChannelSettingsView{ID: c.ID, Settings: c.Settings, PasswordSet: c.Secrets.Password,
		KeySet: c.Secrets.Key, IVSet: c.Secrets.IV, FromFile: c.FromFile, TakesRest: c.Default, Used: c.Used, Paused: c.State.Paused,
		PauseReason: c.State.PauseReason, Health: c.State.Health, HealthText: c.State.HealthText, LastSequence: c.State.LastSequence,
		OpensAt: instant(c.Opens), UpdatedAt: instant(c.UpdatedAt), Version: c.Version}}
}

func (d *Deps) getChannelSettings(ctx context.Context, in *SettingsPath) (*channelSettingsOut, error) {
	if _, err := requireStaff(ctx, access.AuthorityRead); err != nil {
		return nil, err
	}
	if in.Channel == "new" {
		return channelSettingsView(&authority.ChannelInfo{Settings: authority.DefaultSettings()}), nil
	}
	info, err := d.Channels.Info(ctx, in.Channel)
	if err != nil {
		return nil, err
	}
	return channelSettingsView(&info), nil
}

type addChannelIn struct {
	Body struct {
		ID string `json:"id" example:"shanghai" doc:"2 to 32 small letters, digits and dashes; it cannot be changed later"`
		ChannelValues
	}
}

func (d *Deps) addChannel(ctx context.Context, in *addChannelIn) (*channelSettingsOut, error) {
	actor, err := requireStaff(ctx, access.AuthorityManage)
	if err != nil {
		return nil, err
	}
	info, err := d.Channels.Create(ctx, actor, in.Body.ID, in.Body.ChannelSettings, in.Body.secrets())
	if err != nil {
		return nil, err
	}
	return channelSettingsView(&info), nil
}

type changeChannelIn struct {
	SettingsPath
	IfMatch
	Body ChannelValues
}

func (d *Deps) putChannelSettings(ctx context.Context, in *changeChannelIn) (*channelSettingsOut, error) {
	actor, err := requireStaff(ctx, access.AuthorityManage)
	if err != nil {
		return nil, err
	}
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	info, err := d.Channels.Change(ctx, actor, in.Channel, version, in.Body.ChannelSettings, in.Body.secrets())
	if err != nil {
		return nil, err
	}
	return channelSettingsView(&info), nil
}

type removeChannelIn struct {
	SettingsPath
	IfMatch
}

func (d *Deps) removeChannel(ctx context.Context, in *removeChannelIn) (*struct{}, error) {
	actor, err := requireStaff(ctx, access.AuthorityManage)
	if err != nil {
		return nil, err
	}
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	return nil, d.Channels.Remove(ctx, actor, in.Channel, version)
}

type testChannelIn struct {
	SettingsPath
	Body struct {
		Values *ChannelValues `json:"values,omitempty" doc:"Settings that are not saved"`
	}
}

type channelTestOut struct{ Body ChannelTestView }

func (d *Deps) testChannel(ctx context.Context, in *testChannelIn) (*channelTestOut, error) {
	actor, err := requireStaff(ctx, access.AuthorityManage)
	if err != nil {
		return nil, err
	}
	var values *authority.ChannelSettings
	var secrets authority.ChannelSecrets
	if v := in.Body.Values; v != nil {
		values, secrets = &v.ChannelSettings, v.secrets()
	}
	trial, err := d.Channels.Test(ctx, actor, in.Channel, values, secrets)
	if err != nil {
		return nil, err
	}
	out := &channelTestOut{Body: ChannelTestView{OK: trial.OK(), Steps: []ChannelTestStep{}}}
	for _, s := range trial.Steps {
		out.Body.Steps = append(out.Body.Steps, channelTestStep(s, d.lang(ctx)))
	}
	if q := trial.Sequence; q != nil {
		out.Body.Sequence = &ChannelTestSequence{Theirs: q.Theirs, Ours: q.Ours, Verdict: string(q.Verdict)}
	}
	return out, nil
}

func channelTestStep(s authority.TrialStep, lang i18n.Lang) ChannelTestStep {
	out := ChannelTestStep{Address: s.Address, Operation: string(s.Operation), Outcome: string(s.Outcome), Status: s.Status, Code: s.Code, TookMS: s.Took.Milliseconds()}
	class, zh, en := s.Meaning()
	out.Class, out.Text = class, en
	if lang == i18n.Chinese {
		out.Text = zh
	}
	return out
}
