package precheck

import (
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/inventory"
	"github.com/openbeian/beian/internal/store"
)

// resourceFindings judges what the visitor has to run the site on, by the
// conditions that servers of accounts must meet. What was not told is taken to
// be as it must be.
func resourceFindings(r Resource, limits inventory.Limits, now time.Time) []Finding {
	about := func(id string, severity icp.Severity, message Words) Finding {
		return Finding{Group: GroupResource, ID: id, Severity: severity, Field: "resource", Message: message}
	}
	switch r.Kind {
	case ResourceNone:
		f := about("precheck.resource.none", icp.SeverityWarning, say("precheck.resource.none"))
		f.Remedy = []Words{{Key: "precheck.resource.get", Params: resourceParams(limits)}}
		return []Finding{f}
	case ResourceCode:
		return []Finding{about("precheck.resource.code", icp.SeverityInfo, say("precheck.resource.code", "days", strconv.Itoa(limits.MinDaysLeft)))}
	case ResourceServer:
		e := limits.Eligibility(serverOf(r, limits, now), 0, now)
		var out []Finding
		for _, reason := range e.Reasons {
			out = append(out, about(reason.Code, icp.SeverityError, Words{Key: reason.Code, Params: reason.Params}))
		}
		for _, fix := range e.Fixes {
			out[0].Remedy = append(out[0].Remedy, Words{Key: fix.Code, Params: fix.Params})
		}
		return out
	}
	return nil
}

// resourceParams are the conditions for resources as variables of messages.
func resourceParams(l inventory.Limits) map[string]string {
	return map[string]string{"months": strconv.Itoa(l.MinMonths), "days": strconv.Itoa(l.MinDaysLeft)}
}

// anAddress stands for the server's public address, which nobody is asked for.
const anAddress = "some"

// serverOf makes a server of what was told of it.
func serverOf(r Resource, limits inventory.Limits, now time.Time) *store.Server {
	s := &store.Server{Mainland: told(r.Mainland, true), PublicIP: anAddress, Billing: inventory.PayAsYouGo,
		BoughtMonths: told(r.MonthsBought, limits.MinMonths)}
	if told(r.Prepaid, true) {
		s.Billing = inventory.Prepaid
	}
	if r.DaysLeft != nil {
		s.ExpiresAt = now.Add(time.Duration(*r.DaysLeft) * 24 * time.Hour)
	}
	return s
}

func told[T any](v *T, otherwise T) T {
	if v == nil {
		return otherwise
	}
	return *v
}
