// Package config has the settings of an installation: one struct, read from
// one YAML file and then from environment variables.
//
// It promises that nothing is guessed: an unknown key or variable, a value of
// the wrong form and a setting that cannot work are all reported, at once, each
// with its place and how to mend it. Every setting has a safe default, so an
// empty file is a working installation on one machine. Secrets never print
// themselves. Start at [Load], [Default] and [Config.Check]; [Table] lists every
// setting with its variable.
package config

import (
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// Config is all settings. The yaml tag is the key, the help tag its
// explanation; the variable is BEIAN_ and the key in capitals, unless an env
// tag gives another name.
type Config struct {
	Addr     string   `yaml:"addr" help:"Address and port to listen on."`
	BaseURL  string   `yaml:"base_url" help:"Public address of the web pages, as people type it; used in messages and links."`
	Data     string   `yaml:"data" help:"Folder of the database, the materials and the key file."`
	Database Secret   `yaml:"database" env:"DATABASE_URL" help:"PostgreSQL URL (postgres://…) or path of a SQLite file; empty: beian.db in the data folder."`
	KeyFile  string   `yaml:"key_file" help:"File of the keys that seal personal data; empty: beian.key in the data folder."`
	Roles    []string `yaml:"roles" help:"What this process runs: api, worker, gateway."`
	Demo     bool     `yaml:"demo" help:"Sample accounts and data, simulators, an inbox page; never with real data."`

	Log         Log         `yaml:"log"`
	Provider    Provider    `yaml:"provider"`
	Mail        Mail        `yaml:"mail" env:"SMTP"`
	SMS         SMS         `yaml:"sms"`
	Authority   Authority   `yaml:"authority"`
	DomainCheck DomainCheck `yaml:"domaincheck"`
	Precheck    Precheck    `yaml:"precheck"`
	Accounts    Accounts    `yaml:"accounts"`
	Review      Review      `yaml:"review"`
	Order       Order       `yaml:"order"`
	Uploads     Uploads     `yaml:"uploads"`
	Rules       Rules       `yaml:"rules"`
}

// Log says what is logged and how.
type Log struct {
	Level  string `yaml:"level" help:"debug, info, warn or error."`
	Format string `yaml:"format" help:"text or json."`
}

// Provider is the access provider (接入服务商) that runs the installation, as
// applicants see it.
type Provider struct {
	NameZH          string   `yaml:"name_zh" help:"Name of the access provider in Chinese."`
	NameEN          string   `yaml:"name_en" help:"Name of the access provider in English."`
	SupportPhone    string   `yaml:"support_phone" help:"Telephone number that applicants call."`
	OutboundNumbers []string `yaml:"outbound_numbers" help:"Numbers from which reviewers call, told to applicants beforehand."`
	Hours           string   `yaml:"hours" help:"Hours of the review desk in Beijing time, as 09:00-18:00."`
}

// Mail is the server that sends mail. Without a host no mail is sent.
type Mail struct {
	Host     string `yaml:"host" help:"SMTP server; empty: no mail is sent."`
	Port     int    `yaml:"port" help:"SMTP port."`
	User     string `yaml:"user" help:"SMTP user; empty: no log-in."`
	Password Secret `yaml:"password" help:"SMTP password."`
	From     string `yaml:"from" help:"Sender, as: Name <address>."`
	TLS      string `yaml:"tls" help:"starttls, tls or none."`
}

// SMS is the HTTP gateway that sends text messages. Without an endpoint none
// are sent.
type SMS struct {
	Endpoint  string `yaml:"endpoint" help:"URL of the SMS gateway; empty: no SMS is sent."`
	Token     Secret `yaml:"token" help:"Bearer token for the SMS gateway."`
	Signature string `yaml:"signature" help:"Signature (短信签名) before each text."`
}

// Authority is the first channel to a provincial authority (管局): one provider
// account. A provider reports to the authority of its own province only; more
// channels are added on the operator's page.
type Authority struct {
	Status         string        `yaml:"status" help:"off, simulator or live."`
	Province       string        `yaml:"province" help:"GB/T 2260 code of the authority's province, such as 110000."`
	UploadURL      string        `yaml:"upload_url" help:"Endpoint of upload and download (…/ISPWebService/upDownLoad); in the demo the address of another process whose simulator is used."`
	QueryURL       string        `yaml:"query_url" help:"Endpoint of the status query (…/BeianStatusWebService/queryBeianStatus)."`
	VerifyURL      string        `yaml:"verify_url" help:"Endpoint of the password check (…/BeianStatusWebService/verifyBamm)."`
	ISPID          int           `yaml:"isp_id" help:"Number of the provider (报备单位 id) issued by the authority."`
	User           string        `yaml:"user" help:"User issued by the authority."`
	Password       Secret        `yaml:"password" help:"Password issued by the authority."`
	Key            Secret        `yaml:"key" help:"AES key issued by the authority: 16, 24 or 32 bytes; empty: no encryption."`
	IV             Secret        `yaml:"iv" help:"AES initial vector issued by the authority: 16 bytes."`
	Profile        string        `yaml:"profile" help:"Name of the protocol profile."`
	PollInterval   time.Duration `yaml:"poll_interval" help:"Time between two downloads when nothing is waiting."`
	RequestTimeout time.Duration `yaml:"request_timeout" help:"Time after which a call to the authority counts as unanswered."`
	BatchAge       time.Duration `yaml:"batch_age" help:"Longest wait of a ready order for others to share its file; 0s sends at once."`
	KeepDays       int           `yaml:"keep_days" help:"Days for which the bytes of files to and from the authority are kept, 92 or more."`
	Hours          []string      `yaml:"hours" help:"Permitted hours in China's time, each as days (1 is Monday) and times: 1-5 08:30-17:30. None: always."`
}

// DomainCheck says how registration facts of domains are found.
type DomainCheck struct {
	RDAPBootstrap string        `yaml:"rdap_bootstrap" help:"URL of the RDAP bootstrap registry; empty: that of IANA."`
	RDAPServer    string        `yaml:"rdap_server" help:"RDAP server to ask for every domain, in place of the registry's."`
	WHOISServer   string        `yaml:"whois_server" help:"WHOIS server (host:port) to ask for every domain, in place of the registry's."`
	Timeout       time.Duration `yaml:"timeout" help:"Time that one question may take."`
	CacheAge      time.Duration `yaml:"cache_age" help:"Age up to which known facts are used again."`
	PerHour       int           `yaml:"per_hour" help:"Checks that one account may run in an hour."`
}

// Precheck bounds the pre-check (预检), which visitors use without an account.
type Precheck struct {
	KeepDays int `yaml:"keep_days" help:"Days for which a report can be read by its link."`
	PerHour  int `yaml:"per_hour" help:"Pre-checks from one network address in an hour."`
}

// Accounts says how people sign in.
type Accounts struct {
	RealNameWait   time.Duration `yaml:"real_name_wait" help:"Wait of an individual between real-name verification and filing."`
	SessionLife    time.Duration `yaml:"session_life" help:"Time after which a session ends."`
	SessionIdle    time.Duration `yaml:"session_idle" help:"Time without a request after which a session ends."`
	CodeLife       time.Duration `yaml:"code_life" help:"Time for which a code sent by mail or SMS is good."`
	LockoutTries   int           `yaml:"lockout_tries" help:"Wrong attempts after which signing in is locked."`
	LockoutTime    time.Duration `yaml:"lockout_time" help:"Time for which it stays locked."`
	CodesPerHour   int           `yaml:"codes_per_hour" help:"Codes that one address or number is sent in an hour."`
	PasswordLength int           `yaml:"password_length" help:"Least length of a password in characters."`
}

// Review has the terms of the provider's first review (初审).
type Review struct {
	WorkingDays  int           `yaml:"working_days" help:"Working days within which an order is reviewed."`
	CallRetry    time.Duration `yaml:"call_retry" help:"Time after an unanswered call until the next."`
	CallAttempts int           `yaml:"call_attempts" help:"Unanswered calls after which an order is returned."`
	CallRequired bool          `yaml:"call_required" help:"An order passes the review only after a call that reached somebody."`
}

// Order has the terms and limits of an order.
type Order struct {
	IdleDays  int `yaml:"idle_days" help:"Days without an act of the applicant after which an order becomes a draft."`
	DraftDays int `yaml:"draft_days" help:"Days after which an idle draft expires."`
	MaxSites  int `yaml:"max_sites" help:"Websites in one order; a province may allow fewer."`
	// SMSReminders are read by package order's terms.
	SMSReminders []string `yaml:"sms_reminders" help:"Times after the authority's acceptance at which those who have not passed the ministry's check by message are told, rising and below 24h; 0h is at once."`
	QuietHours   string   `yaml:"quiet_hours" help:"Hours of the night in Beijing time in which they are not told but for the last time, as 22:00-08:00; empty: none."`
}

// Reminders reads SMSReminders; what is no time, which Check reports, is left out.
func (o Order) Reminders() []time.Duration {
	var out []time.Duration
	for _, text := range o.SMSReminders {
		if d, err := time.ParseDuration(text); err == nil {
			out = append(out, d)
		}
	}
	return out
}

// Uploads bounds the size of materials.
type Uploads struct {
	MinBytes Bytes `yaml:"min_bytes" help:"Least size of a picture."`
	MaxBytes Bytes `yaml:"max_bytes" help:"Greatest size of a picture."`
	// The decode is the dearest part of an upload; see docs/performance.md.
	SkipDecode bool `yaml:"skip_decode" help:"Take pictures without decoding them whole: cheaper, but damage inside is found only when the picture is sent."`
}

// Rules says where the operator's own rules come from.
type Rules struct {
	Folder string `yaml:"folder" help:"Folder of the operator's own rule packs; they count once they are published (beian rules publish). Empty: none."`
}

// The roles of a process.
const (
	RoleAPI     = "api"
	RoleWorker  = "worker"
	RoleGateway = "gateway"
)

// The states of the authority channel.
const (
	AuthorityOff       = "off"
	AuthoritySimulator = "simulator"
	AuthorityLive      = "live"
)

// Default gives the settings of a new installation: everything in one process,
// SQLite, no mail, no SMS, no channel to an authority.
func Default() Config {
	return Config{
		Addr:     "127.0.0.1:8080",
		BaseURL:  "http://127.0.0.1:8080",
		Data:     "./data",
		Roles:    []string{RoleAPI, RoleWorker, RoleGateway},
		Log:      Log{Level: "info", Format: "text"},
		Provider: Provider{Hours: "09:00-18:00"},
		Mail:     Mail{Port: 587, TLS: "starttls"},
		Authority: Authority{
			Status: AuthorityOff, Profile: "3.0", PollInterval: time.Minute, RequestTimeout: time.Minute, BatchAge: time.Minute, KeepDays: 100,
		},
		DomainCheck: DomainCheck{Timeout: 10 * time.Second, CacheAge: 24 * time.Hour, PerHour: 60},
		Precheck:    Precheck{KeepDays: 30, PerHour: 30},
		Accounts: Accounts{
			RealNameWait: 48 * time.Hour, SessionLife: 12 * time.Hour, SessionIdle: 2 * time.Hour,
			CodeLife: 10 * time.Minute, LockoutTries: 5, LockoutTime: 15 * time.Minute, CodesPerHour: 5, PasswordLength: 10,
		},
		Review:  Review{WorkingDays: 1, CallRetry: time.Hour, CallAttempts: 2, CallRequired: true},
		Order:   Order{IdleDays: 45, DraftDays: 30, MaxSites: 10, SMSReminders: []string{"0h", "4h", "12h", "20h", "23h"}, QuietHours: "22:00-08:00"},
		Uploads: Uploads{MinBytes: 200 << 10, MaxBytes: 8 << 20},
	}
}

// Demo gives the settings of a demonstration: Default with the simulator of
// the authority, quick polling, and a provider that does not exist.
func Demo() Config {
	c := Default()
	c.Demo = true
	c.Data = "./data/demo"
	c.Provider = Provider{
		NameZH: "示例云", NameEN: "Example Cloud", SupportPhone: "400-000-0000",
		OutboundNumbers: []string{"010-00000000"}, Hours: "09:00-18:00",
	}
	c.Authority.Status = AuthoritySimulator
	c.Authority.Province = "110000"
	c.Authority.PollInterval, c.Authority.BatchAge = 2*time.Second, 0
	c.Order.QuietHours = ""   // who tries it at night wants to see what is sent
	c.Precheck.PerHour = 1000 // everybody who tries the demonstration may share an address
	return c
}

// DatabaseURL gives the PostgreSQL URL or the path of the SQLite file.
func (c Config) DatabaseURL() string {
	if !c.Database.IsSet() {
		return filepath.Join(c.Data, "beian.db")
	}
	return c.Database.Reveal()
}

// Postgres reports whether the database is PostgreSQL.
func (c Config) Postgres() bool {
	u, err := url.Parse(c.DatabaseURL())
	return err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql")
}

// KeyPath gives the path of the key file.
func (c Config) KeyPath() string {
	if c.KeyFile == "" {
		return filepath.Join(c.Data, "beian.key")
	}
	return c.KeyFile
}

// Runs reports whether this process has a role.
func (c Config) Runs(role string) bool {
	for _, r := range c.Roles {
		if strings.EqualFold(r, role) {
			return true
		}
	}
	return false
}
