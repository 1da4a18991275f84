package domaincheck

import (
	"maps"
	"strconv"
	"strings"
	"time"
)

// Waiting times after real-name verification, for the data must reach the
// ministry first (域名实名认证后的等待时间).
const (
	waitOwnDays       = 3 // calendar days, registered at this provider
	waitElsewhereDays = 3 // working days, registered elsewhere
)

// evidenceListGlue stands between the values of a list in the evidence.
const evidenceListGlue = ", "

// judge holds what the rules on facts need besides the facts.
type judge struct {
	registrars Registrars
	calendar   Calendar
	own        func(Facts) bool // registered at this provider
	now        time.Time
	owners     []string
	minMonths  int
	stale      bool
}

// factChecks judges a registration.
func (j judge) factChecks(f Facts) []Check {
	checks := []Check{j.registrar(f), j.expiry(f), j.realName(f), j.owner(f)}
	for i, c := range checks {
		if j.stale && c.State == Failed {
			c = say(c.ID, outcomeStale, c.Evidence)
		}
		c.Evidence = j.aged(f, c.Evidence)
		checks[i] = c
	}
	return checks
}

// aged adds to the evidence where the facts come from and how old they are.
func (j judge) aged(f Facts, evidence map[string]string) map[string]string {
	e := map[string]string{
		EvidenceOrigin:    string(f.Origin),
		EvidenceFetchedAt: instant(f.FetchedAt),
		EvidenceAge:       j.now.Sub(f.FetchedAt).Round(time.Second).String(),
	}
	maps.Copy(e, evidence)
	maps.DeleteFunc(e, func(_, v string) bool { return v == "" })
	return e
}

func (j judge) registrar(f Facts) Check {
	e := map[string]string{EvidenceRegistrar: f.Registrar, EvidenceRegistrarID: f.RegistrarID}
	if f.Registrar == "" && f.RegistrarID == "" {
		return say(RegistrarApproved, outcomeUnknown, e)
	}
	return say(RegistrarApproved, outcomeOf(j.registrars.RegistrarVerdict(f.Registrar, f.RegistrarID, j.now)), e)
}

func outcomeOf(v Verdict) string {
	switch v {
	case Approved:
		return outcomePassed
	case NotApproved:
		return outcomeFailed
	case Undecided:
	}
	return outcomeUnknown
}

func (j judge) expiry(f Facts) Check {
	e := map[string]string{EvidenceExpires: instant(f.Expires), EvidenceStatuses: strings.Join(f.Statuses, evidenceListGlue)}
	for _, s := range f.Statuses {
		if s == "pendingDelete" || s == "redemptionPeriod" {
			return say(NotExpired, outcomeFailed, e)
		}
	}
	switch {
	case f.Expires.IsZero():
		return say(NotExpired, outcomeUnknown, e)
	case !j.now.Before(f.Expires):
		return say(NotExpired, outcomeFailed, e)
	case f.Expires.Before(j.now.AddDate(0, j.minMonths, 0)):
		e[EvidenceMonths] = strconv.Itoa(j.minMonths)
		return say(NotExpired, outcomeTooSoon, e)
	}
	return say(NotExpired, outcomePassed, e)
}

// realName judges verification and waiting time. Where the registry does not
// disclose verification, a registration younger than the waiting time cannot
// have waited long enough either, whatever the holder's template says.
func (j judge) realName(f Facts) Check {
	e := map[string]string{
		EvidenceCreated:  instant(f.Created),
		EvidenceSince:    instant(f.RealNameSince),
		EvidenceStatuses: strings.Join(f.Statuses, evidenceListGlue),
	}
	if j.own(f) {
		e[EvidenceOwn] = "yes"
	}
	if f.Suspended() {
		return say(RealName, outcomeSuspended, e)
	}
	if f.RealName == RealNamePending {
		return say(RealName, outcomeFailed, e)
	}
	start, outcome := f.Created, outcomeTooNew
	if f.RealName == RealNameVerified && !f.RealNameSince.Before(f.Created) {
		start, outcome = f.RealNameSince, outcomeWaiting
	}
	if start.IsZero() {
		return say(RealName, outcomeUnknown, e)
	}
	ready, err := j.waited(f, start)
	switch {
	case err != nil:
		return say(RealName, outcomeUnknown, e)
	case j.now.Before(ready):
		return say(RealName, outcome, e).retryAt(ready)
	case f.RealName == RealNameVerified:
		return say(RealName, outcomePassed, e)
	}
	return say(RealName, outcomeUnknown, e)
}

// waited gives the instant at which the waiting time since start is over.
func (j judge) waited(f Facts, start time.Time) (time.Time, error) {
	if j.own(f) {
		return start.AddDate(0, 0, waitOwnDays), nil
	}
	return j.calendar.AddWorkdays(start, waitElsewhereDays)
}

func (j judge) owner(f Facts) Check {
	return say(OwnerMatches, matchOwner(f, j.owners), map[string]string{EvidenceRegistrant: f.holder()})
}

// instant writes a time as evidence; "" for none.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
