package saved

import (
	"maps"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/domaincheck"
)

// withoutHolder leaves out who holds the domain, and the registry's own words
// that say it.
func withoutHolder(r domaincheck.Result) domaincheck.Result {
	if r.Facts != nil {
		f := *r.Facts
		f.RegistrantOrg, f.RegistrantName, f.Raw = "", "", ""
		r.Facts = &f
	}
	checks := make([]domaincheck.Check, len(r.Checks))
	for i, c := range r.Checks {
		if _, has := c.Evidence[domaincheck.EvidenceRegistrant]; has {
			c.Evidence = maps.Clone(c.Evidence)
			delete(c.Evidence, domaincheck.EvidenceRegistrant)
		}
		checks[i] = c
	}
	r.Checks = checks
	return r
}

// instants are the values of the evidence that are points in time.
var instants = []string{domaincheck.EvidenceCreated, domaincheck.EvidenceExpires, domaincheck.EvidenceSince, domaincheck.EvidenceFetchedAt}

// MessageParams gives the variables of a check's message and remedy: its
// evidence, with times as people in China write them, and retry_at, the
// earliest time at which the check can pass by waiting.
func MessageParams(c domaincheck.Check) map[string]string {
	out := maps.Clone(c.Evidence)
	if out == nil {
		out = map[string]string{}
	}
	for _, key := range instants {
		if t, err := time.Parse(time.RFC3339, out[key]); err == nil {
			out[key] = t.In(clock.Shanghai).Format(time.DateOnly)
		}
	}
	if c.RetryAt != nil {
		// The next whole minute, so that nobody comes seconds too early.
		at := c.RetryAt.Add(time.Minute - time.Nanosecond).Truncate(time.Minute)
		out["retry_at"] = at.In(clock.Shanghai).Format("2006-01-02 15:04")
	}
	return out
}
