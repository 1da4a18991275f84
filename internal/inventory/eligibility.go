package inventory

import (
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/store"
)

// The ways in which a server is paid for.
const (
	Prepaid    = "prepaid"       // 包年包月
	PayAsYouGo = "pay_as_you_go" // 按量计费
)

// Limits are the conditions that a server must meet to carry a filing. They
// are the access provider's own; Defaults has the usual ones.
type Limits struct {
	MinMonths      int // bought in total, renewals included
	MinDaysLeft    int // until it expires
	SitesPerServer int // the owner's own sites; codes count apart
	CodesPerServer int // authorization codes
	NoteLength     int // of a code, in characters
}

// Defaults are the conditions common among access providers: three months
// bought, one month left, five sites and five codes.
func Defaults() Limits {
	return Limits{MinMonths: 3, MinDaysLeft: 30, SitesPerServer: 5, CodesPerServer: 5, NoteLength: 100}
}

// Reason is a message key with its variables.
type Reason struct {
	Code   string            `json:"code"`
	Params map[string]string `json:"params,omitempty"`
}

func reason(code string, params ...string) Reason {
	r := Reason{Code: code}
	for i := 0; i+1 < len(params); i += 2 {
		if r.Params == nil {
			r.Params = map[string]string{}
		}
		r.Params[params[i]] = params[i+1]
	}
	return r
}

// Eligibility says whether a server can carry one more site.
type Eligibility struct {
	OK bool `json:"ok"`
	// Reasons are all the conditions that it does not meet.
	Reasons []Reason `json:"reasons,omitempty"`
	// Fixes are the steps, all of them, of the cheapest way out: on this server
	// where it can be mended, else with another resource.
	Fixes []Reason `json:"fixes,omitempty"`
}

const day = 24 * time.Hour

// Eligibility judges a server that carries a number of the owner's own sites
// already. It reads nothing else.
func (l Limits) Eligibility(s *store.Server, sites int, now time.Time) Eligibility {
	var e Eligibility
	no := func(r Reason) { e.Reasons = append(e.Reasons, r) }
	if !s.Mainland {
		no(reason("resource.not_mainland"))
	}
	if s.PublicIP == "" {
		no(reason("resource.no_public_ip"))
	}
	if s.Billing != Prepaid {
		no(reason("resource.not_prepaid"))
	} else if s.BoughtMonths < l.MinMonths {
		no(reason("resource.too_short", "months", strconv.Itoa(l.MinMonths)))
	}
	switch {
	case s.ExpiresAt.IsZero(): // pay-as-you-go runs on until it is ended
	case !now.Before(s.ExpiresAt):
		no(reason("resource.expired"))
	case s.ExpiresAt.Sub(now) < time.Duration(l.MinDaysLeft)*day:
		no(reason("resource.expiring", "days", strconv.Itoa(l.MinDaysLeft)))
	}
	if sites >= l.SitesPerServer {
		no(reason("resource.full", "max", strconv.Itoa(l.SitesPerServer)))
	}
	e.OK = len(e.Reasons) == 0
	if !e.OK {
		e.Fixes = l.fixes(s, sites, now)
	}
	return e
}

// fixes finds the cheapest way out. A server abroad or full cannot be mended,
// so money spent on its other faults would be lost.
func (l Limits) fixes(s *store.Server, sites int, now time.Time) []Reason {
	if !s.Mainland || sites >= l.SitesPerServer {
		return []Reason{reason("resource.fix.other")}
	}
	var steps []Reason
	if s.PublicIP == "" {
		steps = append(steps, reason("resource.fix.public_ip"))
	}
	if s.Billing != Prepaid {
		return append(steps, reason("resource.fix.prepaid", "months", strconv.Itoa(l.MinMonths)))
	}
	if m := l.renewal(s, now); m > 0 {
		steps = append(steps, reason("resource.fix.renew", "months", strconv.Itoa(m)))
	}
	return steps
}

// renewal is the least number of months that must be bought so that enough was
// bought in total and enough is left. An expired server is taken to run on
// from now.
func (l Limits) renewal(s *store.Server, now time.Time) int {
	from, enough := s.ExpiresAt, now.Add(time.Duration(l.MinDaysLeft)*day)
	if from.Before(now) {
		from = now
	}
	months := 0
	for from.AddDate(0, months, 0).Before(enough) {
		months++
	}
	return max(months, l.MinMonths-s.BoughtMonths, 0)
}
