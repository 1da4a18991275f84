package domaincheck

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/icp"
)

// RealNameState says what the registry tells of the real-name verification
// (域名实名认证) of a domain's holder.
type RealNameState string

// The states. Public registries rarely tell, so Undisclosed is the usual one.
const (
	RealNameUndisclosed RealNameState = ""
	RealNameVerified    RealNameState = "verified"
	RealNamePending     RealNameState = "unverified"
)

// Origin names the protocol that facts came by.
type Origin string

// The origins.
const (
	FromRDAP  Origin = "rdap"
	FromWHOIS Origin = "whois"
)

// MaxRaw bounds [Facts.Raw], in bytes.
const MaxRaw = 64 << 10

// Facts is what a registry tells of a registered domain. A zero field means
// that it did not tell. Registrant and Raw may hold personal data: keep them
// out of logs.
type Facts struct {
	// Domain is the ASCII name as the registry wrote it, in lower case.
	Domain string `json:"domain"`
	// Registrar is the sponsoring registrar (注册服务机构) as written.
	Registrar string `json:"registrar,omitempty"`
	// RegistrarID is its IANA id in decimal; .cn registries give none.
	RegistrarID string `json:"registrar_id,omitempty"`
	// Created and Expires are instants in UTC.
	Created time.Time `json:"created,omitzero"`
	Expires time.Time `json:"expires,omitzero"`
	// Statuses are EPP statuses (RFC 5731) in their camel-case spelling.
	Statuses []string `json:"statuses,omitempty"`
	// RegistrantOrg and RegistrantName are the holder where disclosed; text
	// that only says "redacted" is left out and Redacted set.
	RegistrantOrg  string `json:"registrant_org,omitempty"`
	RegistrantName string `json:"registrant_name,omitempty"`
	// Redacted says that the registry hides the holder on purpose.
	Redacted bool `json:"redacted,omitempty"`
	// RealName and RealNameSince are the real-name state and when it began.
	RealName      RealNameState `json:"real_name,omitempty"`
	RealNameSince time.Time     `json:"real_name_since,omitzero"`
	// Origin and FetchedAt say how and when the registry was asked.
	Origin    Origin    `json:"origin"`
	FetchedAt time.Time `json:"fetched_at"`
	// Raw is the answer as received, for the reviewer; at most MaxRaw bytes.
	Raw string `json:"raw,omitempty"`
}

// Suspended reports whether the domain is on hold: it does not resolve. A
// registry under .cn, .com and .net holds a domain whose holder was not
// verified within five days of registration.
func (f Facts) Suspended() bool {
	for _, s := range f.Statuses {
		if s == "serverHold" || s == "clientHold" {
			return true
		}
	}
	return false
}

// Source asks a registry. Lookup's errors are of two kinds: icp.NotFound when
// the registry says that there is no such domain, icp.Unavailable when it did
// not say (down, too slow, over quota, garbage, no server for the suffix).
type Source interface {
	Lookup(ctx context.Context, name Name) (Facts, error)
}

// ErrNoDomain is what a Source returns for a name that is not registered.
var ErrNoDomain = icp.E(icp.NotFound, "domain.not_registered")

// ErrNoAnswer is what a Source returns, with a cause, when it cannot tell.
var ErrNoAnswer = icp.E(icp.Unavailable, "domain.registry_silent")

// Chain asks sources in turn until one knows: it goes on after Unavailable
// only. With none left, the causes are joined in one Unavailable error.
func Chain(sources ...Source) Source { return chain(sources) }

type chain []Source

func (c chain) Lookup(ctx context.Context, name Name) (Facts, error) {
	var causes []error
	for _, s := range c {
		f, err := s.Lookup(ctx, name)
		if err == nil || errors.Is(err, icp.ErrNotFound) {
			return f, err
		}
		causes = append(causes, err)
	}
	return Facts{}, ErrNoAnswer.Because(errors.Join(causes...))
}

// EPPStatus gives the EPP spelling of a status: RDAP writes "client transfer
// prohibited" (RFC 8056), WHOIS "clientTransferProhibited https://icann.org/…".
func EPPStatus(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		if strings.Contains(w, "://") || strings.HasPrefix(w, "(") {
			words = words[:i]
			break
		}
	}
	switch len(words) {
	case 0:
		return ""
	case 1:
		if strings.EqualFold(words[0], "active") {
			return "ok"
		}
		return words[0]
	}
	var b strings.Builder
	for i, w := range words {
		w = strings.ToLower(w)
		if i > 0 && w[0] < 0x80 {
			w = strings.ToUpper(w[:1]) + w[1:]
		}
		b.WriteString(w)
	}
	return b.String()
}

// redactions are how registries and privacy services write a hidden holder,
// in lower case. Matched as a part of the value.
var redactions = []string{
	"redacted", "privacy", "data protected", "not disclosed", "non-public", "masking enabled",
	"withheld", "whois agent", "domain protection", "proxy", "隐私", "未公开", "不公开",
}

// Disclosed gives a registrant value without white space around it, or "" and
// true when the value only says that it is hidden.
func Disclosed(value string) (text string, redacted bool) {
	text = strings.TrimSpace(value)
	lower := strings.ToLower(text)
	for _, mark := range redactions {
		if strings.Contains(lower, mark) {
			return "", true
		}
	}
	return text, false
}

// Clip shortens a registry's answer to at most MaxRaw bytes of valid UTF-8.
func Clip(raw string) string {
	raw = strings.ToValidUTF8(raw, "?")
	if len(raw) <= MaxRaw {
		return raw
	}
	return strings.ToValidUTF8(raw[:MaxRaw], "")
}
