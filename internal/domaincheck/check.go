package domaincheck

import "time"

// CheckID names a check.
type CheckID string

// The checks, in the order in which people read them.
const (
	Registered        CheckID = "registered"         // the registry knows the domain
	TLDApproved       CheckID = "tld_approved"       // the top-level domain is on the ministry's list
	RegistrarApproved CheckID = "registrar_approved" // the registrar is on the ministry's list
	NotExpired        CheckID = "not_expired"        // the registration runs on
	RealName          CheckID = "real_name"          // the holder is verified and the waiting time is over
	OwnerMatches      CheckID = "owner_matches"      // the holder is the account's subject
	NotFiled          CheckID = "not_filed"          // the authority has no filing of it yet
	NotInProcess      CheckID = "not_in_process"     // no other open order works on it
	SiteClosed        CheckID = "site_closed"        // no site answers before the filing
)

// CheckIDs lists every check in reading order.
func CheckIDs() []CheckID {
	return []CheckID{
		Registered, TLDApproved, RegistrarApproved, NotExpired, RealName,
		OwnerMatches, NotFiled, NotInProcess, SiteClosed,
	}
}

// State is the outcome of a check.
type State string

// The states.
const (
	Passed        State = "passed"
	Failed        State = "failed"
	Unknown       State = "unknown"
	NotApplicable State = "not_applicable"
)

// Severity says how much a check in its state weighs.
type Severity string

// The severities.
const (
	Fine    Severity = "fine"    // nothing to do
	Notice  Severity = "notice"  // unknown: a reviewer looks
	Warning Severity = "warning" // failed, but the applicant may go on
	Blocker Severity = "blocker" // failed: the domain cannot be filed as it is
)

// Check is one line of the result page. Evidence is what the outcome rests on,
// as variables for the message and the reviewer; see the Evidence constants.
type Check struct {
	ID       CheckID           `json:"id"`
	State    State             `json:"state"`
	Severity Severity          `json:"severity"`
	Blocking bool              `json:"blocking"` // Severity is Blocker
	Evidence map[string]string `json:"evidence,omitempty"`
	// MessageKey and RemedyKey are keys of the message catalogues; RemedyKey
	// is empty where there is nothing to do.
	MessageKey string `json:"message_key"`
	RemedyKey  string `json:"remedy_key,omitempty"`
	// RetryAt is the earliest instant at which the check can pass without
	// anybody doing anything; nil when time alone does not help.
	RetryAt *time.Time `json:"retry_at,omitempty"`
}

// Keys of Check.Evidence. Instants are RFC 3339 in UTC, ages Go durations.
const (
	EvidenceDomain      = "domain"
	EvidenceTLD         = "tld"
	EvidenceSuffix      = "suffix"
	EvidenceRegistrar   = "registrar"
	EvidenceRegistrarID = "registrar_id"
	EvidenceCreated     = "created"
	EvidenceExpires     = "expires"
	EvidenceStatuses    = "statuses" // separated by ", "
	EvidenceMonths      = "months"   // that the registration must still run
	EvidenceSince       = "since"
	EvidenceRegistrant  = "registrant" // may be personal data
	EvidenceSubjectNo   = "subject_licence"
	EvidenceSiteNo      = "site_licence"
	EvidenceURL         = "url"
	EvidenceStatus      = "status"
	EvidenceAddress     = "address"
	EvidenceTitle       = "title"
	EvidenceOrigin      = "origin"     // rdap or whois
	EvidenceFetchedAt   = "fetched_at" // when the registry was asked
	EvidenceAge         = "age"        // how old the facts were at Result.At
	EvidenceCause       = "cause"      // timeout, unavailable, error: why it is unknown
	EvidenceOwn         = "own"        // "yes" for a domain registered at this provider
)

// say makes a check out of an outcome; keys and weight follow from the tables.
func say(id CheckID, outcome string, evidence map[string]string) Check {
	c := Check{ID: id, State: stateOf(outcome), Evidence: evidence, MessageKey: messageKey(id, outcome), Severity: Fine}
	if r := remedies[id][outcome]; r != "" {
		c.RemedyKey = remedyKey(r)
	}
	switch {
	case c.State == Failed && id == SiteClosed:
		c.Severity = Warning
	case c.State == Failed:
		c.Severity, c.Blocking = Blocker, true
	case c.State == Unknown:
		c.Severity = Notice
	}
	return c
}

// retryAt adds the instant from which the check can pass.
func (c Check) retryAt(at time.Time) Check {
	at = at.UTC()
	c.RetryAt = &at
	return c
}

// Result is the outcome of all checks of a domain at one instant.
type Result struct {
	Name   Name      `json:"name"`
	At     time.Time `json:"at"`
	Checks []Check   `json:"checks"` // one of each, in reading order
	// Facts is what the checks rest on; nil when there is none. FactsAge is
	// their age at At. FactsStale says that the registry did not answer and
	// older facts stood in, which can pass a check but not fail one. Facts hold
	// the raw answer and may hold personal data: staff only.
	Facts      *Facts        `json:"facts,omitempty"`
	FactsAge   time.Duration `json:"facts_age,omitempty"` // nanoseconds in JSON
	FactsStale bool          `json:"facts_stale,omitempty"`
	// Filing is the authority's answer; nil when it was not asked or silent.
	Filing *Filing `json:"filing,omitempty"`
}

// Blocked reports whether any check stops the domain from being filed.
func (r Result) Blocked() bool {
	for _, c := range r.Checks {
		if c.Blocking {
			return true
		}
	}
	return false
}

// ForReviewer lists what a person has to look at: the unknown and the warnings.
func (r Result) ForReviewer() []Check {
	var list []Check
	for _, c := range r.Checks {
		if c.Severity == Notice || c.Severity == Warning {
			list = append(list, c)
		}
	}
	return list
}

// Check gives the check with an id.
func (r Result) Check(id CheckID) (Check, bool) {
	for _, c := range r.Checks {
		if c.ID == id {
			return c, true
		}
	}
	return Check{}, false
}

// RetryAt is the instant from which time alone lifts every block; nil when
// nothing blocks or when somebody has to act.
func (r Result) RetryAt() *time.Time {
	var latest *time.Time
	for _, c := range r.Checks {
		if !c.Blocking {
			continue
		}
		if c.RetryAt == nil {
			return nil
		}
		if latest == nil || c.RetryAt.After(*latest) {
			latest = c.RetryAt
		}
	}
	return latest
}
