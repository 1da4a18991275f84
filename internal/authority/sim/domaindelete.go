package sim

import (
	"slices"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

// domainDelete takes the report of a domain back (删除备案, SCBA of YM).
type domainDelete struct {
	wire.DomainRef
	Deleted int64 `json:"deleted,omitempty"` // the authority's id of what was named
}

func takeDeletedDomains(d *wire.UploadData) (out []taken) {
	if d.Domains == nil || d.Domains.Deleted == nil {
		return nil
	}
	for _, r := range d.Domains.Deleted.Records {
		out = append(out, taken{request: &domainDelete{DomainRef: r, Deleted: r.AuthorityID}})
	}
	return out
}

func (x *domainDelete) claims(int64) []claim                { return nil }
func (x *domainDelete) reviewed() []int64                   { return nil }
func (x *domainDelete) about() (websites, domains []string) { return []string{x.ref()}, nil }
func (x *domainDelete) result(r *Record) wire.DownloadData  { return domainAnswer(r, x.Deleted, 0) }

func (x *domainDelete) ref() string {
	if x.Name != "" {
		return x.Name
	}
	return strconv.FormatInt(x.AuthorityID, 10)
}

func (x *domainDelete) check(s *Server, r *Record) []int64 {
	return s.mayTouchDomain(r.ProviderID, x.DomainRef)
}

func (x *domainDelete) approve(s *Server, _ *Record, _ time.Time) wire.DownloadICP {
	x.Deleted = s.domainReport(x.DomainRef).ID
	s.st.Domains = slices.DeleteFunc(s.st.Domains, func(r *domainReport) bool { return r.ID == x.Deleted })
	return wire.DownloadICP{}
}
