package precheck

import (
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/icp"
)

// preparations lists what to have ready and to know, in the order of the way.
func (p *Prechecks) preparations(r *Report, q *question) []Preparation {
	if r.Kind.DeadEnd {
		return []Preparation{}
	}
	account := Preparation{ID: "account_unit"}
	if q.person {
		account = Preparation{ID: "account_person", Params: map[string]string{"hours": strconv.Itoa(int(p.o.AccountWait / time.Hour))}}
	}
	out := []Preparation{account, {ID: "holder_unit"}}
	if q.person {
		out[1].ID = "holder_person"
	}
	if q.Resource.Kind == "" {
		out = append(out, Preparation{ID: "resource", Params: resourceParams(p.o.Limits)})
	}
	if r.Kind.Type == icp.AddWebsite {
		out = append(out, Preparation{ID: "password"})
	}
	out = append(out, Preparation{ID: "phone"}, Preparation{ID: "sms", Params: map[string]string{"hours": strconv.Itoa(r.Time.SMSHours)}})
	if r.Domain.Filed != Yes {
		out = append(out, Preparation{ID: "closed"})
	}
	return out
}
