package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "beian.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDefaultsWork(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]Config{"default": Default(), "demo": Demo()} {
		if p := c.Check(); len(p) != 0 {
			t.Errorf("%s has problems: %v", name, p)
		}
	}
	c := Default()
	if c.DatabaseURL() != "data/beian.db" || c.Postgres() || c.KeyPath() != "data/beian.key" || !c.Runs(RoleGateway) {
		t.Errorf("defaults: %s, %s", c.DatabaseURL(), c.KeyPath())
	}
}

func TestFileThenEnvironment(t *testing.T) {
	t.Parallel()
	path := write(t, `
addr: 0.0.0.0:80
data: /var/lib/beian
roles: [api, worker]
provider:
  outbound_numbers:
    - 010-11111111
    - 010-22222222
mail:
  host: mail.example.com
  port: 465
accounts:
  real_name_wait: 24h
uploads: {max_bytes: 9MiB}
sms:
`)
	got, err := Load(Default(), path, []string{
		"PATH=/bin", "BEIAN_CONFIG=x", "BEIAN_ADDR=127.0.0.1:9", "BEIAN_DATABASE_URL=postgres://u:pw@db/beian",
		"BEIAN_SMTP_PASSWORD=pw=1", "BEIAN_ROLES=api, gateway", "BEIAN_DEMO=true", "BEIAN_AUTHORITY_POLL_INTERVAL=5s",
	})
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Addr, want.Data, want.Demo = "127.0.0.1:9", "/var/lib/beian", true
	want.Roles = []string{"api", "gateway"}
	want.Database = NewSecret("postgres://u:pw@db/beian")
	want.Provider.OutboundNumbers = []string{"010-11111111", "010-22222222"}
	want.Mail.Host, want.Mail.Port, want.Mail.Password = "mail.example.com", 465, NewSecret("pw=1")
	want.Authority.PollInterval = 5 * time.Second
	want.Accounts.RealNameWait = 24 * time.Hour
	want.Uploads.MaxBytes = 9 << 20
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if !got.Postgres() || got.Runs(RoleWorker) {
		t.Error("PostgreSQL or roles are not seen")
	}
	if _, err := Load(Default(), write(t, ""), nil); err != nil {
		t.Errorf("an empty file: %v", err)
	}
	if _, err := Load(Default(), filepath.Join(t.TempDir(), "none"), nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestEveryFaultIsToldWithItsPlaceAndRemedy(t *testing.T) {
	t.Parallel()
	path := write(t, `adr: x
mail:
  hots: y
  port: many
  port: 25
accounts:
  session_life: 12
  code_life: [1]
uploads:
  max_bytes: 8 megs
log: loud
roles: [{a: b}]
demo: perhaps
`)
	_, err := Load(Default(), path, []string{"BEIAN_SMPT_HOST=x", "BEIAN_ORDER_MAX_SITES=ten", "BEIAN_QQQQQQQQQQ=1"})
	var got Problems
	if !errors.As(err, &got) {
		t.Fatalf("err = %v, want Problems", err)
	}
	var lines []string
	for _, p := range got {
		lines = append(lines, strings.TrimPrefix(p.String(), path+":"))
	}
	want := []string{
		"1: adr: there is no such key; did you mean addr?",
		"3: mail.hots: there is no such key; did you mean host?",
		"4: mail.port: not a number; write a whole number",
		"5: mail.port: the key is there twice; keep one of them",
		"7: accounts.session_life: not a duration; write a duration such as 90s, 15m or 48h",
		"8: accounts.code_life: not a duration; write a single value",
		"10: uploads.max_bytes: not a size; write a size such as 200KiB or 8MiB",
		"11: log: settings are expected here; write one “key: value” a line, indented alike",
		"12: roles: not a list of texts; write one “- text” a line",
		"13: demo: not a true/false; write true or false",
		"environment: BEIAN_ORDER_MAX_SITES: not a number; write a whole number",
		"environment: BEIAN_QQQQQQQQQQ: there is no such variable; remove it, or see the table of settings",
		"environment: BEIAN_SMPT_HOST: there is no such variable; did you mean BEIAN_SMTP_HOST?",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	for _, text := range []string{"a: [", "- a\n- b", "addr: x\n---\naddr: y"} {
		if _, err := Load(Default(), write(t, text), nil); !errors.As(err, &got) {
			t.Errorf("%q: %v, want Problems", text, err)
		}
	}
}

func TestCheckFindsWhatCannotWork(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Config)
		keys   []string
	}{
		"an address needs a port":                {func(c *Config) { c.Addr = "localhost" }, []string{"addr"}},
		"public pages need https":                {func(c *Config) { c.BaseURL = "http://beian.example.com" }, []string{"base_url"}},
		"no final slash":                         {func(c *Config) { c.BaseURL += "/" }, []string{"base_url"}},
		"only two databases":                     {func(c *Config) { c.Database = NewSecret("mysql://u:p@h/d") }, []string{"database"}},
		"roles are known":                        {func(c *Config) { c.Roles = []string{"api", "web", "api"} }, []string{"roles", "roles"}},
		"a process needs a role":                 {func(c *Config) { c.Roles = nil }, []string{"roles"}},
		"mail needs a sender":                    {func(c *Config) { c.Mail.Host = "mail.example.com" }, []string{"mail.from"}},
		"no password in the clear":               {func(c *Config) { c.Mail = Mail{"mail.example.com", 25, "u", NewSecret("p"), "a@example.com", "none"} }, []string{"mail.tls"}},
		"SMS need a signature":                   {func(c *Config) { c.SMS.Endpoint = "https://sms.example.com" }, []string{"sms.signature"}},
		"a live channel needs all its parts":     {func(c *Config) { c.Authority.Status = AuthorityLive }, []string{"authority.upload_url", "authority.query_url", "authority.verify_url", "authority.isp_id", "authority.user", "authority.password", "provider.name_zh"}},
		"keys have a length":                     {func(c *Config) { c.Authority.Key = NewSecret("short") }, []string{"authority.key", "authority.iv"}},
		"the authority may ask for three months": {func(c *Config) { c.Authority.KeepDays = 91 }, []string{"authority.keep_days"}},
		"permitted hours are days and times": {func(c *Config) {
			c.Authority.Hours = []string{"1-5 08:30-17:30", "6 22:00-06:00", "mon 8-9", "5-1 08:30-17:30"}
		}, []string{"authority.hours", "authority.hours"}},
		"other profiles are not in the file": {func(c *Config) { c.Authority.Profile = "4.0" }, []string{"authority.profile"}},
		"hours are hours":                    {func(c *Config) { c.Provider.Hours = "18:00-09:00" }, []string{"provider.hours"}},
		"reminders fall":                     {func(c *Config) { c.Order.SMSReminders = []string{"4h", "2h"} }, []string{"order.sms_reminders"}},
		"a reminder after the end":           {func(c *Config) { c.Order.SMSReminders = []string{"24h"} }, []string{"order.sms_reminders"}},
		"quiet hours in words":               {func(c *Config) { c.Order.QuietHours = "at night" }, []string{"order.quiet_hours"}},
		"zero terms are faults":              {func(c *Config) { c.Review, c.Order = Review{}, Order{} }, []string{"review.call_retry", "review.working_days", "review.call_attempts", "order.idle_days", "order.draft_days", "order.max_sites"}},
		"sizes rise":                         {func(c *Config) { c.Uploads.MinBytes = 9 << 20 }, []string{"uploads.min_bytes"}},
		"idle ends within life":              {func(c *Config) { c.Accounts.SessionIdle = 99 * time.Hour }, []string{"accounts.session_idle"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := Default()
			c.change(&config)
			var keys []string
			for _, p := range config.Check() {
				keys = append(keys, p.Key)
				if p.Wrong == "" || p.Mend == "" {
					t.Errorf("%+v does not say what is wrong and how to mend it", p)
				}
			}
			if !slices.Equal(keys, c.keys) {
				t.Errorf("problems at %v, want %v", keys, c.keys)
			}
		})
	}
	demo := Demo()
	demo.Authority.Status = AuthorityLive
	if p := demo.Check(); !slices.ContainsFunc(p, func(p Problem) bool { return p.Key == "authority.status" }) {
		t.Errorf("a demonstration may report to an authority: %v", p)
	}
}

func TestSecretsNeverPrint(t *testing.T) {
	t.Parallel()
	c := Default()
	const hidden = "hunter2"
	for _, l := range leaves(&c) {
		if kindOf(l.value.Type()) == "secret" {
			if err := set(l.value, hidden); err != nil {
				t.Fatal(err)
			}
		}
	}
	js, err1 := json.Marshal(c)
	ym, err2 := yaml.Marshal(c)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("settings", "config", c, "password", c.Mail.Password)
	c.Addr = "bad"
	texts := []string{string(js), string(ym), log.String(), fmt.Sprintf("%v %+v %#v %s %q", c, c, c, c.SMS.Token, c.Database), fmt.Sprint(c.Check())}
	for _, text := range texts {
		if strings.Contains(text, hidden) {
			t.Errorf("a secret shows in %.200s", text)
		}
	}
	if c.Mail.Password.Reveal() != hidden {
		t.Error("Reveal does not")
	}
}

func TestTableIsWholeAndHasNoTwins(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range Table() {
		if s.Help == "" {
			t.Errorf("%s has no help", s.Key)
		}
		for _, name := range []string{s.Key, s.Variable} {
			if seen[name] {
				t.Errorf("%s is there twice", name)
			}
			seen[name] = true
		}
	}
	for _, name := range []string{"BEIAN_ADDR", "BEIAN_DATA", "BEIAN_DATABASE_URL", "BEIAN_SMTP_HOST", "BEIAN_UPLOADS_MAX_BYTES", "uploads.max_bytes"} {
		if !seen[name] {
			t.Errorf("%s is missing", name)
		}
	}
}

func TestBytes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Bytes{"0": 0, "17": 17, "200KiB": 200 << 10, "8 MiB": 8 << 20, "1GiB": 1 << 30, "5B": 5} {
		got, err := parseBytes(text)
		if err != nil || got != want {
			t.Errorf("%q = %d, %v", text, got, err)
		}
		if back, err := parseBytes(got.String()); err != nil || back != want {
			t.Errorf("%q prints as %q", text, got)
		}
	}
	for _, text := range []string{"", "-1", "KiB", "1.5MiB", "9999999999GiB", "8MB"} {
		if got, err := parseBytes(text); err == nil {
			t.Errorf("%q = %d, want an error", text, got)
		}
	}
}

func FuzzReadFile(f *testing.F) {
	f.Add([]byte("addr: x\nmail: {port: 1}\n"))
	f.Add([]byte("a: &a [*a]\n"))
	f.Add([]byte("<<: {addr: y}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c := Default()
		for _, p := range readFile(&c, "f", text) {
			if p.Where == "" || p.Wrong == "" || p.Mend == "" {
				t.Errorf("a problem without place or remedy: %+v", p)
			}
		}
		_ = c.Check()
	})
}

func TestPermittedHoursAreReadDayByDay(t *testing.T) {
	t.Parallel()
	got := Authority{Hours: []string{"1-2 08:30-17:30", "7 22:00-06:00", "nonsense"}}.Windows()
	want := []Window{{1, "08:30", "17:30"}, {2, "08:30", "17:30"}, {7, "22:00", "06:00"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
