package config

import (
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Problem is one fault of the settings.
type Problem struct {
	Key   string // the key or variable; empty when the file itself is at fault
	Where string // file:line or "environment"; empty when Check found it
	Wrong string // what is wrong; never holds a secret
	Mend  string // what to do
}

// String gives the problem in one line.
func (p Problem) String() string {
	var b strings.Builder
	for _, s := range []string{p.Where, p.Key} {
		if s != "" {
			b.WriteString(s + ": ")
		}
	}
	b.WriteString(p.Wrong)
	if p.Mend != "" {
		b.WriteString("; " + p.Mend)
	}
	return b.String()
}

// Problems is all faults of the settings, as one error.
type Problems []Problem

// Error gives one problem a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.String()
	}
	return "settings are wrong:\n  " + strings.Join(lines, "\n  ")
}

// Check gives all settings that cannot work, or cannot work together. It looks
// at the settings only: no file, no network.
func (c Config) Check() []Problem {
	k := &checker{}
	k.process(c)
	k.provider(c.Provider)
	k.mail(c.Mail)
	k.sms(c.SMS)
	k.smsCheck(c.Order)
	k.authority(c)
	k.domainCheck(c.DomainCheck)
	k.terms(c)
	return k.problems
}

type checker struct{ problems []Problem }

func (k *checker) no(ok bool, key, wrong, mend string) {
	if !ok {
		k.problems = append(k.problems, Problem{Key: key, Wrong: wrong, Mend: mend})
	}
}

func (k *checker) oneOf(key, value string, allowed ...string) {
	k.no(slices.Contains(allowed, value), key, fmt.Sprintf("%q is not possible", value), "write one of: "+strings.Join(allowed, ", "))
}

func (k *checker) address(key, value string) {
	_, port, err := net.SplitHostPort(value)
	n, portErr := strconv.Atoi(port)
	k.no(err == nil && portErr == nil && n >= 0 && n <= 65535, key, fmt.Sprintf("%q is no address with a port", value), "write host:port, such as 127.0.0.1:8080")
}

// web checks a web address, where it is set or must be.
func (k *checker) web(key, value string, must bool) *url.URL {
	if value == "" && !must {
		return nil
	}
	u, err := url.Parse(value)
	ok := err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil
	k.no(ok, key, "no web address (or it holds a password)", "write a whole address that begins with https://")
	if !ok {
		return nil
	}
	return u
}

func (k *checker) process(c Config) {
	k.address("addr", c.Addr)
	if u := k.web("base_url", c.BaseURL, true); u != nil {
		k.no(u.Scheme == "https" || c.Demo || loopback(u.Hostname()), "base_url", "people would sign in without encryption", "use https:// and a certificate, or a proxy that has one")
		k.no(u.RawQuery == "" && u.Fragment == "" && !strings.HasSuffix(u.Path, "/"), "base_url", "it has an end that links cannot follow", "leave out the final slash, ? and #")
	}
	k.no(c.Data != "", "data", "there is no folder", "name a folder, such as ./data")
	if scheme, _, ok := strings.Cut(c.Database.Reveal(), "://"); ok {
		k.no(c.Postgres(), "database", fmt.Sprintf("%q databases are not supported, or the address is damaged", scheme), "write postgres://user:password@host/name or the path of a SQLite file")
	}
	k.no(len(c.Roles) > 0, "roles", "this process would do nothing", "write one or more of: api, worker, gateway")
	for i, r := range c.Roles {
		k.oneOf("roles", r, RoleAPI, RoleWorker, RoleGateway)
		k.no(!slices.Contains(c.Roles[:i], r), "roles", r+" is there twice", "keep one of them")
	}
	k.oneOf("log.level", c.Log.Level, "debug", "info", "warn", "error")
	k.oneOf("log.format", c.Log.Format, "text", "json")
}

func (k *checker) provider(p Provider) {
	from, to, ok := strings.Cut(p.Hours, "-")
	start, err1 := time.Parse("15:04", from)
	end, err2 := time.Parse("15:04", to)
	k.no(ok && err1 == nil && err2 == nil && start.Before(end), "provider.hours", fmt.Sprintf("%q are no hours", p.Hours), "write them as 09:00-18:00")
}

func (k *checker) mail(m Mail) {
	k.oneOf("mail.tls", m.TLS, "starttls", "tls", "none")
	k.no(m.Port > 0 && m.Port <= 65535, "mail.port", "no port", "write 587 (starttls), 465 (tls) or 25")
	if m.Host == "" {
		return
	}
	_, err := mail.ParseAddress(m.From)
	k.no(err == nil, "mail.from", "no sender that mail can come from", "write it as: Name <address@example.com>")
	k.no(m.User == "" || m.Password.IsSet(), "mail.password", "there is a user without a password", "set BEIAN_SMTP_PASSWORD")
	k.no(m.TLS != "none" || !m.Password.IsSet() || loopback(m.Host), "mail.tls", "the password would go over the network in the clear", "use starttls or tls")
}

func (k *checker) sms(s SMS) {
	k.web("sms.endpoint", s.Endpoint, false)
	k.no(s.Endpoint == "" || s.Signature != "", "sms.signature", "texts without a signature are not delivered in mainland China", "write the registered signature")
}

// smsCheck looks at the reminders of the ministry's check by message.
func (k *checker) smsCheck(o Order) {
	last := time.Duration(-1)
	for _, text := range o.SMSReminders {
		d, err := time.ParseDuration(text)
		k.no(err == nil && d > last && d < 24*time.Hour, "order.sms_reminders", fmt.Sprintf("%q is no time, or not between the one before and 24h", text), "write rising times, as: 0h, 4h, 12h")
		last = d
	}
	from, to, ok := strings.Cut(o.QuietHours, "-")
	_, err1 := time.Parse("15:04", from)
	_, err2 := time.Parse("15:04", to)
	k.no(o.QuietHours == "" || ok && err1 == nil && err2 == nil, "order.quiet_hours", fmt.Sprintf("%q are no hours", o.QuietHours), "write them as 22:00-08:00, or nothing")
}

func (k *checker) authority(c Config) {
	a := c.Authority
	k.oneOf("authority.status", a.Status, AuthorityOff, AuthoritySimulator, AuthorityLive)
	k.atLeast("authority.poll_interval", a.PollInterval, time.Second)
	k.atLeast("authority.request_timeout", a.RequestTimeout, time.Second)
	k.atLeast("authority.batch_age", a.BatchAge, 0)
	k.no(a.KeepDays >= 92, "authority.keep_days", "the authority may ask for what was sent in three months", "write 92 or more")
	k.no(a.Profile == "3.0", "authority.profile", fmt.Sprintf("there is no profile %q", a.Profile), "write 3.0; other profiles are made on the operator's page")
	for _, line := range a.Hours {
		_, err := parseWindows(line)
		k.no(err == nil, "authority.hours", fmt.Sprintf("%q are no hours", line), "write days and times, such as 1-5 08:30-17:30")
	}
	if a.Key.IsSet() || a.IV.IsSet() {
		k.no(slices.Contains([]int{16, 24, 32}, len(a.Key.Reveal())), "authority.key", "an AES key has 16, 24 or 32 bytes", "copy it again from the authority's letter")
		k.no(len(a.IV.Reveal()) == 16, "authority.iv", "an initial vector has 16 bytes", "copy it again from the authority's letter")
	}
	if a.Status != AuthorityLive {
		return
	}
	k.no(!c.Demo, "authority.status", "a demonstration must not report to an authority", "set demo: false or status: simulator")
	k.web("authority.upload_url", a.UploadURL, true)
	k.web("authority.query_url", a.QueryURL, true)
	k.web("authority.verify_url", a.VerifyURL, true)
	k.no(a.ISPID > 0, "authority.isp_id", "there is none", "write the number that the authority issued")
	k.no(a.User != "", "authority.user", "there is none", "write the user that the authority issued")
	k.no(a.Password.IsSet(), "authority.password", "there is none", "set BEIAN_AUTHORITY_PASSWORD")
	k.no(c.Provider.NameZH != "", "provider.name_zh", "applicants would not know whom they deal with", "write the provider's name in Chinese")
}

func (k *checker) domainCheck(d DomainCheck) {
	k.web("domaincheck.rdap_bootstrap", d.RDAPBootstrap, false)
	k.web("domaincheck.rdap_server", d.RDAPServer, false)
	if d.WHOISServer != "" {
		k.address("domaincheck.whois_server", d.WHOISServer)
	}
	k.atLeast("domaincheck.timeout", d.Timeout, 100*time.Millisecond)
	k.atLeast("domaincheck.cache_age", d.CacheAge, 0)
}

func (k *checker) atLeast(key string, got, least time.Duration) {
	k.no(got >= least, key, got.String()+" is too short", "write "+least.String()+" or more")
}

// terms checks what is counted: terms, limits, sizes.
func (k *checker) terms(c Config) {
	k.atLeast("accounts.real_name_wait", c.Accounts.RealNameWait, 0)
	k.atLeast("accounts.session_life", c.Accounts.SessionLife, time.Minute)
	k.atLeast("accounts.session_idle", c.Accounts.SessionIdle, time.Minute)
	k.no(c.Accounts.SessionIdle <= c.Accounts.SessionLife, "accounts.session_idle", "it is longer than session_life", "write a shorter time")
	k.atLeast("accounts.code_life", c.Accounts.CodeLife, time.Minute)
	k.atLeast("accounts.lockout_time", c.Accounts.LockoutTime, time.Second)
	k.atLeast("review.call_retry", c.Review.CallRetry, time.Minute)
	for _, n := range []struct {
		key              string
		got, least, most int
	}{
		{"accounts.lockout_tries", c.Accounts.LockoutTries, 1, 100},
		{"accounts.codes_per_hour", c.Accounts.CodesPerHour, 1, 1000},
		{"accounts.password_length", c.Accounts.PasswordLength, 8, 72},
		{"precheck.keep_days", c.Precheck.KeepDays, 1, 365},
		{"precheck.per_hour", c.Precheck.PerHour, 1, 100_000},
		{"review.working_days", c.Review.WorkingDays, 1, 60},
		{"review.call_attempts", c.Review.CallAttempts, 1, 20},
		{"order.idle_days", c.Order.IdleDays, 1, 3650},
		{"order.draft_days", c.Order.DraftDays, 1, 3650},
		{"order.max_sites", c.Order.MaxSites, 1, 64},
	} {
		k.no(n.got >= n.least && n.got <= n.most, n.key, strconv.Itoa(n.got)+" is out of range", fmt.Sprintf("write a number from %d to %d", n.least, n.most))
	}
	k.no(c.Uploads.MinBytes >= 0 && c.Uploads.MinBytes < c.Uploads.MaxBytes, "uploads.min_bytes", "it is not below max_bytes", "write a smaller size, such as 200KiB")
	k.no(c.Uploads.MaxBytes <= 64<<20, "uploads.max_bytes", "pictures would be too large to check in memory", "write 64MiB or less")
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// didYouMean names the nearest of the known names.
func didYouMean(name string, known []string) string {
	best, least := "", len(name)/2+1
	for _, k := range known {
		if d := distance(name, k); d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return "remove it, or see the table of settings"
	}
	return "did you mean " + best + "?"
}

// distance counts the letters to add, drop or change between two names.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
