package whois

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/domaincheck"
)

// Answer is what a WHOIS answer says.
type Answer struct {
	domaincheck.Facts
	// Referral is the registrar's WHOIS host, where a generic registry names
	// one; always a plain host name without a port.
	Referral string
}

// absent are the ways to say that there is no such domain, in lower case, at
// the beginning of a line. CNNIC writes the first.
var absent = []string{
	"no matching record", "no match for", "no match", "not found", "domain not found", "no data found",
	"no entries found", "the queried object does not exist", "no object found", "this domain name has not been registered",
}

// busy are the ways to say "not now", in lower case, at the beginning of a line.
var busy = []string{
	"queried interval is too short", "query rate", "rate limit", "whois limit exceeded", "quota exceeded",
	"your connection limit exceeded", "number of allowed queries exceeded", "too many", "server is busy", "timeout",
}

// Parse reads an answer about a domain, in CNNIC's form or the generic one.
// Its errors are those of domaincheck.Source: a text that says neither that
// the domain exists nor that it does not is no answer.
func Parse(text string, name domaincheck.Name) (Answer, error) {
	fields := split(text)
	said := fields.first("domain name", "domain")
	if said == "" {
		return Answer{}, refusal(text)
	}
	if !same(said, name) {
		return Answer{}, domaincheck.ErrNoAnswer.Because(fmt.Errorf("answer is about another domain than %s", name.ASCII))
	}
	a := Answer{Facts: domaincheck.Facts{Domain: name.ASCII, Origin: domaincheck.FromWHOIS}}
	if fields.first("roid") != "" || fields.first("registration time") != "" {
		a.cnnic(fields)
	} else {
		a.generic(fields)
	}
	for _, s := range append(fields["domain status"], fields["status"]...) {
		if s = domaincheck.EPPStatus(s); s != "" {
			a.Statuses = append(a.Statuses, s)
		}
	}
	if a.Created.IsZero() && a.Expires.IsZero() && a.Registrar == "" {
		return Answer{}, domaincheck.ErrNoAnswer.Because(errors.New("answer has no registration data"))
	}
	return a, nil
}

// cnnic reads the form of .cn and .中国: times are China Standard Time, one
// registrant field for people and organisations alike.
func (a *Answer) cnnic(f fields) {
	a.Registrar = f.first("sponsoring registrar", "registrar")
	a.Created = parseTime(f.first("registration time", "registration date"), clock.Shanghai)
	a.Expires = parseTime(f.first("expiration time", "expiration date"), clock.Shanghai)
	a.RegistrantOrg, a.Redacted = domaincheck.Disclosed(f.first("registrant", "registrant organization"))
}

// generic reads the form of ICANN's registry and registrar agreements: times
// are UTC unless they say otherwise.
func (a *Answer) generic(f fields) {
	a.Registrar = f.first("registrar", "sponsoring registrar", "registrar name")
	a.RegistrarID = digits(f.first("registrar iana id", "sponsoring registrar iana id"))
	a.Created = parseTime(f.first("creation date", "created", "created date", "registered on", "registration time"), time.UTC)
	a.Expires = parseTime(f.first("registry expiry date", "registrar registration expiration date",
		"expiration date", "expiry date", "expires"), time.UTC)
	var hiddenOrg, hiddenName bool
	a.RegistrantOrg, hiddenOrg = domaincheck.Disclosed(f.first("registrant organization", "registrant organisation"))
	a.RegistrantName, hiddenName = domaincheck.Disclosed(f.first("registrant name", "registrant"))
	a.Redacted = hiddenOrg || hiddenName
	if h := strings.ToLower(f.first("registrar whois server", "whois server")); hostName.MatchString(h) {
		a.Referral = h
	}
}

// hostName is a host name with a dot whose last label is no number.
var hostName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.[a-z][a-z0-9-]*[a-z0-9]$`)

// fields are the values of an answer by key in lower case, in order.
type fields map[string][]string

func (f fields) first(keys ...string) string {
	for _, k := range keys {
		for _, v := range f[k] {
			if v != "" {
				return v
			}
		}
	}
	return ""
}

// split reads "Key: value" lines; comments and the legal text after ">>>" are
// left out, full-width colons are taken for plain ones. A last line without its
// end is left out too: the connection may have been lost in the middle of it,
// and half an owner's name would look like another owner.
func split(text string) fields {
	f := make(fields)
	for line := range strings.Lines(text) {
		whole := strings.HasSuffix(line, "\n")
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, ">>>") || !whole {
			break
		}
		if line == "" || strings.HasPrefix(line, "%") || strings.HasPrefix(line, "#") {
			continue
		}
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			key, value, ok = strings.Cut(line, "：")
		}
		if !ok || len(key) > 60 {
			continue
		}
		key = strings.ToLower(strings.TrimSpace(key))
		f[key] = append(f[key], strings.TrimSpace(value))
	}
	return f
}

// refusal says what a text without a domain means.
func refusal(text string) error {
	first := ""
	for line := range strings.Lines(text) {
		line = strings.ToLower(strings.TrimSpace(line))
		if line == "" {
			continue
		}
		if first == "" {
			first = line
		}
		// Busy goes first: a line could say that a quota was "not found".
		if hasPrefix(line, busy) {
			return domaincheck.ErrNoAnswer.Because(errors.New("server asks to come later"))
		}
		if hasPrefix(line, absent) {
			return domaincheck.ErrNoDomain
		}
	}
	return domaincheck.ErrNoAnswer.Because(errors.New("answer is in no known form"))
}

func hasPrefix(line string, marks []string) bool {
	for _, m := range marks {
		if strings.HasPrefix(line, m) {
			return true
		}
	}
	return false
}

// same reports whether an answer's name, in ASCII or Unicode, is the one asked for.
func same(said string, name domaincheck.Name) bool {
	said = strings.TrimSuffix(strings.ToLower(said), ".")
	if said == name.ASCII || said == strings.ToLower(name.Unicode) {
		return true
	}
	ascii, err := idna.Lookup.ToASCII(said)
	return err == nil && ascii == name.ASCII
}

func digits(s string) string {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return ""
	}
	return s
}

// layouts are the date forms of registries that were seen, most exact first.
var layouts = []string{
	time.RFC3339, "2006-01-02T15:04:05.999999999Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05",
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05", "2006-01-02", "2006/01/02 15:04:05", "2006/01/02", "2006.01.02", "02-Jan-2006",
}

// parseTime reads a date; zero when it is in no known form.
func parseTime(s string, zone *time.Location) time.Time {
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
