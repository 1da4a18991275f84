package api

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
)

const channelsPath = prefix + "/authority/channels"

// channel stores a channel and gives its id.
func (s *service) channel() string {
	s.t.Helper()
	values := authority.DefaultSettings()
	values.Name, values.Province, values.UploadURL, values.ISPID, values.User = "上海", "310000", "http://shanghai.test", 2, "u"
	info, err := s.deps.Channels.Create(s.t.Context(), icp.Actor{Account: "yun", Party: icp.Provider}, "second", values, authority.ChannelSecrets{Password: "hunter2"})
	if err != nil {
		s.t.Fatal(err)
	}
	return info.ID
}

// filled gives the values of a form that is filled in for an address.
func (c *client) filled(address string, more map[string]any) map[string]any {
	view := read[map[string]any](c.s.t, c.do("GET", channelsPath+"/new/settings", ""))
	values := view["settings"].(map[string]any)
	maps.Copy(values, map[string]any{"name": "上海", "province": "310000", "upload_url": address, "isp_id": 4712, "user": "cloud2"})
	maps.Copy(values, more)
	return values
}

func TestChannelsAreAddedChangedAndRemovedWithoutTellingSecrets(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.account("yun@example.com", access.Operator)
	c := s.signedIn("yun@example.com")
	secrets := []string{"hunter2-password", "0123456789abcdef", "fedcba9876543210", "another-password"}
	var said strings.Builder
	do := func(method, path string, body map[string]any, headers ...string) *http.Response {
		t.Helper()
		raw := ""
		if body != nil {
			raw = text(t, body)
		}
		r := c.do(method, path, raw, headers...)
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		said.Write(b)
		r.Body = io.NopCloser(strings.NewReader(string(b)))
		return r
	}
	values := c.filled("http://shanghai.test/up?wsdl", map[string]any{"id": "shanghai", "password": secrets[0], "key": secrets[1], "iv": secrets[2]})
	r := do("POST", channelsPath, values)
	made := read[ChannelSettingsView](t, r)
	if r.StatusCode != http.StatusCreated || r.Header.Get("ETag") != etag(1) || !made.PasswordSet || !made.KeySet || !made.IVSet || made.FromFile || made.Used {
		t.Fatalf("%d %+v", r.StatusCode, made)
	}
	if p := refused(t, do("POST", channelsPath, values), http.StatusUnprocessableEntity, "invalid"); p.Errors[0].Pointer != "/id" {
		t.Errorf("twice: %+v", p)
	}
	delete(values, "id")
	delete(values, "password")
	delete(values, "key")
	delete(values, "iv")
	values["poll_seconds"], values["hours"] = 120, []any{map[string]any{"day": 1, "from": "08:30", "to": "17:30"}}
	changed := read[ChannelSettingsView](t, do("PUT", channelsPath+"/shanghai/settings", values, "If-Match", etag(1)))
	if changed.Version != 2 || changed.Settings.PollSeconds != 120 || !changed.PasswordSet || !changed.KeySet {
		t.Errorf("%+v", changed)
	}
	values["keep_days"], values["password"] = 30, secrets[3]
	if p := refused(t, do("PUT", channelsPath+"/shanghai/settings", values, "If-Match", etag(2)), http.StatusUnprocessableEntity, "invalid"); len(p.Errors) != 1 ||
		p.Errors[0].Pointer != "/keep_days" || !strings.Contains(p.Errors[0].Message, "92") {
		t.Errorf("%+v", p)
	}
	refused(t, do("PUT", channelsPath+"/main/settings", c.filled("http://a.test", nil), "If-Match", etag(0)), http.StatusConflict, "channel.from_file")
	if got := read[ChannelSettingsView](t, do("GET", channelsPath+"/main/settings", nil)); !got.FromFile || !got.TakesRest || !got.PasswordSet {
		t.Errorf("%+v", got)
	}
	refused(t, do("DELETE", channelsPath+"/shanghai", nil, "If-Match", etag(1)), http.StatusPreconditionFailed, "stale_version")
	if r := do("DELETE", channelsPath+"/shanghai", nil, "If-Match", etag(2)); r.StatusCode != http.StatusNoContent {
		t.Errorf("removed: %d", r.StatusCode)
	}
	refused(t, do("GET", channelsPath+"/shanghai/settings", nil), http.StatusNotFound, "not_found")
	for _, secret := range secrets {
		if strings.Contains(said.String(), secret) || strings.Contains(s.log.String(), secret) {
			t.Errorf("the secret %s shows in an answer or in the log", secret)
		}
	}
}

func TestAChannelIsTestedOverTheAPI(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.account("yun@example.com", access.Operator)
	c := s.signedIn("yun@example.com")
	far, err := sim.New(sim.Config{Clock: clock.NewManual(time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)), Profile: wire.V30(), Accounts: []sim.Account{{ProviderID: 4712, User: "cloud2", Password: "s3cret2", Province: 310000}}, Province: 310000})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(far)
	t.Cleanup(server.Close)
	test := func(password string) ChannelTestView {
		t.Helper()
		values := c.filled(server.URL, map[string]any{"password": password})
		return read[ChannelTestView](t, c.do("POST", channelsPath+"/new/test", text(t, map[string]any{"values": values}), "Accept-Language", "en"))
	}
	good := test("s3cret2")
	if !good.OK || len(good.Steps) != 3 || good.Sequence == nil || good.Sequence.Verdict != "same" {
		t.Errorf("%+v", good)
	}
	bad := test("wrong")
	if bad.OK || bad.Steps[0].Outcome != "code" || bad.Steps[0].Code != 5 || bad.Steps[0].Class != "fix_configuration" || bad.Steps[0].Text == "" || bad.Sequence != nil {
		t.Errorf("%+v", bad)
	}
	if p := refused(t, c.do("POST", channelsPath+"/new/test", text(t, map[string]any{"values": c.filled("ftp://a", nil)})), http.StatusUnprocessableEntity, "invalid"); len(p.Errors) != 2 {
		t.Errorf("%+v", p)
	}
	if strings.Contains(s.log.String(), "s3cret2") {
		t.Error("the log has the password")
	}
}
