package sim

import (
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

// domainNew reports a domain for the first time (新增备案, XZBA of YM).
type domainNew struct {
	wire.NewDomainReport
	Filed int64 `json:"filed,omitempty"` // the authority's id once it is filed
}

func takeNewDomains(d *wire.UploadData) (out []taken) {
	if d.Domains == nil || d.Domains.New == nil {
		return nil
	}
	for _, r := range d.Domains.New.Records {
		out = append(out, taken{request: &domainNew{NewDomainReport: r}})
	}
	return out
}

func (n *domainNew) claims(provider int64) []claim {
	return []claim{{claimDomainReport, provider, strconv.FormatInt(n.ID, 10)}}
}

func (n *domainNew) reviewed() []int64 { return nil }
func (n *domainNew) ref() string       { return n.Name }
func (n *domainNew) about() (websites, domains []string) {
	return []string{n.RegistrantName}, []string{n.Name}
}
func (n *domainNew) result(r *Record) wire.DownloadData { return domainAnswer(r, n.Filed, n.ID) }

func (n *domainNew) check(s *Server, r *Record) []int64 {
	if codes := s.notMinistry(); codes != nil {
		return codes
	}
	return append(s.checkDomain(0, &n.DomainReport), s.idx.claimedBefore(r)...)
}

func (n *domainNew) approve(s *Server, r *Record, _ time.Time) wire.DownloadICP {
	n.Filed = s.st.newID()
	s.st.Domains = append(s.st.Domains, &domainReport{ID: n.Filed, OurID: n.ID, Provider: r.ProviderID, Report: n.DomainReport})
	return wire.DownloadICP{}
}
