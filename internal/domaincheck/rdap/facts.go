package rdap

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	openrdap "github.com/openrdap/rdap"

	"github.com/openbeian/beian/internal/domaincheck"
)

// RealNameTitle is the title of the remark that tells real-name verification.
const RealNameTitle = "real-name"

// factsOf maps an answer; an error means that it is about another domain or
// about none.
func factsOf(d *openrdap.Domain, name domaincheck.Name) (domaincheck.Facts, error) {
	switch said := lower(d.LDHName); {
	case said == "" && d.UnicodeName == "":
		return domaincheck.Facts{}, errors.New("answer names no domain")
	case said != "" && said != name.ASCII, said == "" && lower(d.UnicodeName) != name.Unicode:
		return domaincheck.Facts{}, fmt.Errorf("answer is about another domain than %s", name.ASCII)
	}
	f := domaincheck.Facts{Domain: name.ASCII, Origin: domaincheck.FromRDAP}
	for _, e := range d.Events {
		switch strings.ToLower(e.Action) {
		case "registration":
			f.Created = parseTime(e.Date)
		case "expiration":
			f.Expires = parseTime(e.Date)
		}
	}
	for _, s := range d.Status {
		if s = domaincheck.EPPStatus(s); s != "" {
			f.Statuses = append(f.Statuses, s)
		}
	}
	for i := range d.Entities {
		addEntity(&f, &d.Entities[i])
	}
	for _, r := range d.Remarks {
		if strings.EqualFold(strings.TrimSpace(r.Title), RealNameTitle) {
			f.RealName, f.RealNameSince = realName(r.Description)
		}
	}
	return f, nil
}

// addEntity reads the registrar or the registrant out of an entity.
func addEntity(f *domaincheck.Facts, e *openrdap.Entity) {
	has := func(role string) bool {
		return slices.ContainsFunc(e.Roles, func(r string) bool { return strings.EqualFold(r, role) })
	}
	if has("registrar") && f.Registrar == "" {
		if e.VCard != nil {
			f.Registrar = firstOf(e.VCard.Name(), e.VCard.Org())
		}
		for _, id := range e.PublicIDs {
			if strings.EqualFold(id.Type, "IANA Registrar ID") {
				f.RegistrarID = strings.TrimSpace(id.Identifier)
			}
		}
	}
	if !has("registrant") {
		return
	}
	var org, person string
	if e.VCard != nil {
		org, person = e.VCard.Org(), e.VCard.Name()
	}
	var hiddenOrg, hiddenPerson bool
	f.RegistrantOrg, hiddenOrg = domaincheck.Disclosed(org)
	f.RegistrantName, hiddenPerson = domaincheck.Disclosed(person)
	f.Redacted = hiddenOrg || hiddenPerson || redactedRemark(e.Remarks)
}

// redactedRemark finds the mark of RFC 9083 §10.2.1 for a shortened entity.
func redactedRemark(remarks []openrdap.Remark) bool {
	return slices.ContainsFunc(remarks, func(r openrdap.Remark) bool {
		return strings.Contains(strings.ToLower(r.Title), "redacted") ||
			strings.HasPrefix(strings.ToLower(r.Type), "object redacted")
	})
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			return t
		}
	}
	return ""
}

// realName reads the lines of the remark; what is not understood is undisclosed.
func realName(lines []string) (domaincheck.RealNameState, time.Time) {
	var state domaincheck.RealNameState
	var since time.Time
	for _, line := range lines {
		key, value, _ := strings.Cut(line, "=")
		value = strings.TrimSpace(value)
		switch strings.TrimSpace(key) {
		case "state":
			switch s := domaincheck.RealNameState(value); s {
			case domaincheck.RealNameVerified, domaincheck.RealNamePending:
				state = s
			case domaincheck.RealNameUndisclosed: // the beginning
			}
		case "since":
			since = parseTime(value)
		}
	}
	return state, since
}

// parseTime reads RFC 3339, or the same without a zone (then UTC); zero when
// it is neither.
func parseTime(s string) time.Time {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
