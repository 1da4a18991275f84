package sim

import (
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

// domainChange replaces the report of a domain (修改备案, XGBA of YM).
type domainChange struct{ wire.ChangedDomainReport }

func takeChangedDomains(d *wire.UploadData) (out []taken) {
	if d.Domains == nil || d.Domains.Changed == nil {
		return nil
	}
	for _, r := range d.Domains.Changed.Records {
		out = append(out, taken{request: &domainChange{r}})
	}
	return out
}

func (c *domainChange) claims(int64) []claim { return nil }
func (c *domainChange) reviewed() []int64    { return nil }
func (c *domainChange) ref() string          { return c.Name }
func (c *domainChange) about() (websites, domains []string) {
	return []string{c.RegistrantName}, []string{c.Name}
}
func (c *domainChange) result(r *Record) wire.DownloadData { return domainAnswer(r, c.AuthorityID, 0) }

func (c *domainChange) check(s *Server, r *Record) []int64 {
	if codes := s.mayTouchDomain(r.ProviderID, wire.DomainRef{AuthorityID: c.AuthorityID}); codes != nil {
		return codes
	}
	return s.checkDomain(c.AuthorityID, &c.DomainReport)
}

func (c *domainChange) approve(s *Server, _ *Record, _ time.Time) wire.DownloadICP {
	s.domainReport(wire.DomainRef{AuthorityID: c.AuthorityID}).Report = c.DomainReport
	return wire.DownloadICP{}
}
