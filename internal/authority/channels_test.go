package authority_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/storetest"
)

// secondAccount is that of a second channel at the bench's authority.
func secondAccount(c *sim.Config, _ *authority.Config) {
	c.Accounts = append(c.Accounts, sim.Account{ProviderID: 4712, User: "cloud2", Password: "s3cret2", Province: 110000})
}

// installation makes a node's channels on the bench's database: that of the
// configuration file and the stored ones.
func (b *bench) installation() *authority.Channels {
	b.t.Helper()
	file := authority.DefaultSettings()
	file.Name, file.Province, file.UploadURL, file.ISPID, file.User, file.MaxAgeSeconds = "北京", "110000", b.url, provider, "cloud", 0
	c, err := authority.OpenChannels(b.t.Context(), authority.ChannelsConfig{
		Config: authority.Config{Store: b.store, Blobs: b.blobs, Clock: b.clock, Tables: refdata.Builtin(), Cases: b.cases},
		File:   &authority.FileChannel{ID: channel, Settings: file, Secrets: authority.ChannelSecrets{Password: "s3cret"}}})
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}

// second gives settings of the second account that fit.
func (b *bench) second() authority.ChannelSettings {
	s := authority.DefaultSettings()
	s.Name, s.Province, s.UploadURL, s.ISPID, s.User, s.MaxAgeSeconds = "上海", "310000", b.url, 4712, "cloud2", 0
	s.Regions = []string{"ap-shanghai"}
	return s
}

var secondSecrets = authority.ChannelSecrets{Password: "s3cret2"}

func (b *bench) server(id icp.ServerID, region string) {
	owner := store.Account{ID: icp.AccountID("owner-" + id), Mail: string(id) + "@example.com", PasswordHash: "x", Lang: "zh-CN", CreatedAt: tuesday}
	b.update(func(ctx context.Context, tx *store.Tx) error {
		if err := tx.InsertAccount(ctx, &owner); err != nil {
			return err
		}
		return tx.InsertServer(ctx, &store.Server{ID: id, Account: owner.ID, ExternalID: string(id), Name: string(id), Region: region, Mainland: true, PublicIP: "203.0.113.7", CreatedAt: tuesday})
	})
}

// woken makes an order ready as casework does.
func (b *bench) woken(c *authority.Channels, domain string, server icp.ServerID) *icp.Order {
	b.t.Helper()
	o := b.ready(domain, func(o *icp.Order) { o.Data.Websites[0].Resource.Server = server })
	b.update(func(ctx context.Context, tx *store.Tx) error { return c.Wake(ctx, tx, o) })
	return o
}

func (b *bench) channelOf(id icp.OrderID) string {
	b.t.Helper()
	for _, name := range []string{"", channel, "sh"} {
		var found []*icp.Order
		b.update(func(ctx context.Context, tx *store.Tx) (err error) {
			found, _, err = tx.Queue(ctx, store.QueueFilter{AuthorityChannel: &name}, "", 100)
			return err
		})
		for _, o := range found {
			if o.ID == id {
				return name
			}
		}
	}
	b.t.Fatalf("order %s is on no channel", id)
	return ""
}

func TestOrdersGoThroughTheChannelOfTheirServersRegion(t *testing.T) {
	t.Parallel()
	b := newBench(t, secondAccount)
	c := b.installation()
	b.server("s-sh", "ap-shanghai")
	b.server("s-gz", "ap-guangzhou")
	early := b.woken(c, "early.example.cn", "s-sh")
	if _, err := c.Create(t.Context(), operator, "sh", b.second(), secondSecrets); err != nil {
		t.Fatal(err)
	}
	shanghai, elsewhere := b.woken(c, "sh.example.cn", "s-sh"), b.woken(c, "gz.example.cn", "s-gz")
	b.want("before the channel was there", b.channelOf(early.ID), channel)
	b.want("of its region", b.channelOf(shanghai.ID), "sh")
	b.want("of no channel's region", b.channelOf(elsewhere.ID), channel)
	if err := c.Gateway("sh").Upload(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.want("only its own orders go", []icp.State{b.state(shanghai.ID), b.state(elsewhere.ID)}, "[sms_pending ready]")
	if err := c.Gateway(channel).Upload(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.want("the rest", []icp.State{b.state(early.ID), b.state(elsewhere.ID)}, "[sms_pending sms_pending]")
	ups, _, err := c.Gateway("sh").Uploads(t.Context(), "", 10)
	if err != nil || len(ups) != 1 || ups[0].Sequence != 1 || ups[0].Records != 1 {
		t.Errorf("files of the second channel %+v %v", ups, err)
	}
	b.want("what is in flight stays", b.channelOf(shanghai.ID), "sh")
}

func TestWhatWasReadyBeforeAnyChannelFindsOne(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	none, err := authority.OpenChannels(t.Context(), authority.ChannelsConfig{
		Config: authority.Config{Store: b.store, Blobs: b.blobs, Clock: b.clock, Tables: refdata.Builtin(), Cases: b.cases}})
	if err != nil {
		t.Fatal(err)
	}
	o := b.woken(none, "cedar.example.cn", "s1")
	b.want("nobody's", b.channelOf(o.ID), "")
	standing, _ := none.SubjectFiling(t.Context(), 1, "91110108551385082Q")
	b.want("nobody to ask", standing, "unknown")
	c := b.installation()
	if err := c.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.Gateway(channel).Upload(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.want("state", b.state(o.ID), icp.StateSMSPending)
}

func TestNodesFollowChangedChannels(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(testing.TB) *store.Store{"sqlite": storetest.NewSQLite, "postgres": storetest.NewPostgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBenchOn(t, open(t), secondAccount)
			here, there := b.installation(), b.installation()
			follow := func() {
				t.Helper()
				if err := there.Sync(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			info, err := here.Create(t.Context(), operator, "sh", b.second(), secondSecrets)
			if err != nil {
				t.Fatal(err)
			}
			if here.Gateway("sh") == nil || there.Gateway("sh") != nil {
				t.Error("the other node knows before it looked")
			}
			follow()
			first := there.Gateway("sh")
			if first == nil || first.Channel.Client.Account.User != "cloud2" || first.Channel.Client.Account.Password != "s3cret2" {
				t.Fatal("the other node did not follow")
			}
			follow()
			if there.Gateway("sh") != first {
				t.Error("a gateway is made anew without a change")
			}
			settings := info.Settings
			settings.User, settings.PollSeconds, settings.Default = "cloud3", 300, true
			if _, err := here.Change(t.Context(), operator, "sh", info.Version, settings, authority.ChannelSecrets{}); err != nil {
				t.Fatal(err)
			}
			follow()
			g := there.Gateway("sh")
			if g.Channel.Client.Account.User != "cloud3" || g.Channel.Client.Account.Password != "s3cret2" || g.Channel.Poll.Seconds() != 300 {
				t.Errorf("settings %+v", g.Channel)
			}
			b.want("default", there.Default().Channel.ID, "sh")
			_, err = here.Change(t.Context(), operator, "sh", info.Version, settings, authority.ChannelSecrets{})
			b.want("stale", errors.Is(err, icp.E(icp.Conflict, "stale_version")), true)
			if err := here.Remove(t.Context(), operator, "sh", info.Version+1); err != nil {
				t.Fatal(err)
			}
			follow()
			if there.Gateway("sh") != nil || there.Default().Channel.ID != channel {
				t.Error("a removed channel stays")
			}
			b.want("events", b.events("channel", "sh"), "operator:channel.created operator:channel.changed operator:channel.removed")
		})
	}
}

func TestAChangeDuringARunBeginsNoSecondOne(t *testing.T) {
	t.Parallel()
	b := newBench(t, secondAccount)
	c := b.installation()
	info, err := c.Create(t.Context(), operator, "sh", b.second(), secondSecrets)
	if err != nil {
		t.Fatal(err)
	}
	b.server("s-sh", "ap-shanghai")
	o := b.woken(c, "sh.example.cn", "s-sh")
	// While the first run keeps its file, the settings change and another run of
	// the new gateway is asked for.
	b.blobs.when(func(op, key string) error {
		if op != "put" || !strings.HasPrefix(key, "upload-") {
			return nil
		}
		changed := info.Settings
		changed.Name = "上海二"
		if _, err := c.Change(t.Context(), operator, "sh", info.Version, changed, authority.ChannelSecrets{}); err != nil {
			return err
		}
		return c.Gateway("sh").Upload(t.Context())
	})
	if err := c.Gateway("sh").Upload(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.blobs.when(nil)
	ups, _, err := c.Gateway("sh").Uploads(t.Context(), "", 10)
	if err != nil || len(ups) != 1 || b.state(o.ID) != icp.StateSMSPending {
		t.Errorf("files %+v, %v; the order is %s", ups, err, b.state(o.ID))
	}
}

func TestSettingsAreChecked(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c := b.installation()
	for name, w := range map[string]struct {
		change func(*authority.ChannelSettings, *authority.ChannelSecrets)
		field  string
		code   string
	}{
		"a name":           {func(s *authority.ChannelSettings, _ *authority.ChannelSecrets) { s.Name = " " }, "/name", "channel.name"},
		"a province":       {func(s *authority.ChannelSettings, _ *authority.ChannelSecrets) { s.Province = "990000" }, "/province", "channel.province"},
		"a scheme":         {func(s *authority.ChannelSettings, _ *authority.ChannelSecrets) { s.UploadURL = "file:///etc/passwd" }, "/upload_url", "channel.address"},
		"no user in it":    {func(s *authority.ChannelSettings, _ *authority.ChannelSecrets) { s.UploadURL = "http://a:b@192.0.2.1/" }, "/upload_url", "channel.address"},
		"one server":       {func(s *authority.ChannelSettings, _ *authority.ChannelSecrets) { s.QueryURL = "http://192.0.2.9/q" }, "/query_url", "channel.one_server"},
		"a password":       {func(_ *authority.ChannelSettings, x *authority.ChannelSecrets) { x.Password = "" }, "/password", "channel.password"},
		"a key's length":   {func(_ *authority.ChannelSettings, x *authority.ChannelSecrets) { x.Key, x.IV = "short", "short" }, "/key", "channel.key"},
		"a key to encrypt": {func(s *authority.ChannelSettings, _ *authority.ChannelSecrets) { s.Profile.Encrypt = true }, "/key", "channel.key_needed"},
		"three months":     {func(s *authority.ChannelSettings, _ *authority.ChannelSecrets) { s.KeepDays = 91 }, "/keep_days", "channel.range"},
		"50 MB":            {func(s *authority.ChannelSettings, _ *authority.ChannelSecrets) { s.MaxMegabytes = 51 }, "/max_megabytes", "channel.range"},
		"1,000 records":    {func(s *authority.ChannelSettings, _ *authority.ChannelSecrets) { s.MaxRecords = 1001 }, "/max_records", "channel.range"},
		"a code page":      {func(s *authority.ChannelSettings, _ *authority.ChannelSecrets) { s.Profile.CodePage = "UTF-8" }, "/profile/code_page", "wire.profile_value"},
		"names of parts": {func(s *authority.ChannelSettings, _ *authority.ChannelSecrets) {
			s.Profile.Parts = map[string][]string{"isp_download": {"a"}}
		}, "/profile/parts/isp_download", "channel.parts"},
		"a kind once": {func(s *authority.ChannelSettings, _ *authority.ChannelSecrets) {
			s.Profile.QueryKinds = []authority.QueryKindOf{{CertificateType: 13, Kind: 13}, {CertificateType: 13, Kind: 1}}
		}, "/profile/query_kinds", "channel.query_kinds"},
		"hours": {func(s *authority.ChannelSettings, _ *authority.ChannelSecrets) {
			s.Hours = authority.Hours{{Day: 1, From: "8", To: "17:30"}}
		}, "/hours/0/from", "channel.hours"},
		"an account of one": {func(s *authority.ChannelSettings, _ *authority.ChannelSecrets) { s.ISPID = provider }, "/isp_id", "channel.account_taken"},
	} {
		t.Run(name, func(t *testing.T) {
			s, x := b.second(), secondSecrets
			w.change(&s, &x)
			_, err := c.Create(t.Context(), operator, "bad", s, x)
			var e *icp.Error
			if !errors.As(err, &e) || e.Kind != icp.Invalid || e.Fields[0].Pointer != w.field || e.Fields[0].Code != w.code {
				t.Errorf("%v, want %s at %s", err, w.code, w.field)
			}
		})
	}
	for _, id := range []string{"new", "X", "", "a/b", strings.Repeat("a", 40), channel} {
		if _, err := c.Create(t.Context(), operator, id, b.second(), secondSecrets); !errors.Is(err, icp.ErrInvalid) {
			t.Errorf("id %q: %v", id, err)
		}
	}
}

func TestAUsedChannelStaysWhatItIs(t *testing.T) {
	t.Parallel()
	b := newBench(t, secondAccount)
	c := b.installation()
	info, err := c.Create(t.Context(), operator, "sh", b.second(), secondSecrets)
	if err != nil {
		t.Fatal(err)
	}
	b.server("s-sh", "ap-shanghai")
	b.woken(c, "sh.example.cn", "s-sh")
	if err := c.Gateway("sh").Upload(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := func(err error, kind *icp.Error, code string) {
		t.Helper()
		var e *icp.Error
		if !errors.As(err, &e) || !errors.Is(err, kind) || e.Code != code && (len(e.Fields) == 0 || e.Fields[0].Code != code) {
			t.Errorf("%v, want %s", err, code)
		}
	}
	want(c.Remove(t.Context(), operator, "sh", info.Version), icp.ErrNotNow, "channel.used")
	other := info.Settings
	other.ISPID = 4713
	_, err = c.Change(t.Context(), operator, "sh", info.Version, other, authority.ChannelSecrets{})
	want(err, icp.ErrInvalid, "channel.isp_id_used")
	moved := info.Settings
	moved.UploadURL = "http://192.0.2.9/"
	_, err = c.Change(t.Context(), operator, "sh", info.Version, moved, authority.ChannelSecrets{})
	want(err, icp.ErrInvalid, "channel.password_again")
	_, err = c.Change(t.Context(), operator, channel, 1, info.Settings, secondSecrets)
	want(err, icp.ErrNotNow, "channel.from_file")
	want(c.Remove(t.Context(), operator, channel, 1), icp.ErrNotNow, "channel.from_file")
	two := b.second()
	two.ISPID = 4714
	_, err = c.Create(t.Context(), operator, "sh2", two, secondSecrets)
	want(err, icp.ErrInvalid, "channel.region_taken")
	file, err := c.Info(t.Context(), channel)
	if err != nil || !file.FromFile || !file.Default || !file.Secrets.Password || file.Secrets.Key {
		t.Errorf("%+v %v", file, err)
	}
}

func TestEventsOfSettingsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	b := newBench(t, secondAccount)
	c := b.installation()
	info, err := c.Create(t.Context(), operator, "sh", b.second(), secondSecrets)
	if err != nil {
		t.Fatal(err)
	}
	changed := info.Settings
	changed.PollSeconds = 77
	if _, err := c.Change(t.Context(), operator, "sh", info.Version, changed, authority.ChannelSecrets{Password: "another-one"}); err != nil {
		t.Fatal(err)
	}
	var details []string
	for _, action := range []string{"channel.created", "channel.changed"} {
		for _, e := range b.eventsOf(action) {
			details = append(details, string(e.Detail))
		}
	}
	all := strings.Join(details, "\n")
	if len(details) != 2 || strings.Contains(all, "s3cret2") || strings.Contains(all, "another-one") {
		t.Errorf("details %s", all)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(details[len(details)-1]), &got); err != nil {
		t.Fatal(err)
	}
	b.want("before", got["before"], map[string]any{"poll_seconds": 60})
	b.want("after", got["after"], map[string]any{"poll_seconds": 77})
	b.want("replaced", got["secrets_replaced"], []any{"password"})
}
