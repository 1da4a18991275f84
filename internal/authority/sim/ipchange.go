package sim

import (
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

// ipChange replaces a report about a range (修改备案, XGBA of IP).
type ipChange struct {
	ipBody
	ipAnswer
}

func takeChangedIPs(d *wire.UploadData) (out []taken) {
	if d.IP == nil || d.IP.Changed == nil {
		return nil
	}
	add := func(id int64, b ipBody) { out = append(out, taken{request: &ipChange{b, ipAnswer{ID: id}}}) }
	c := d.IP.Changed
	if c.Sources != nil {
		for _, r := range c.Sources.Records {
			add(r.AuthorityID, ipBody{Source: &r.IPSource})
		}
	}
	if c.Own != nil {
		for _, r := range c.Own.Records {
			add(r.AuthorityID, ipBody{Own: &r.OwnIP})
		}
	}
	if c.Allocations != nil {
		for _, r := range c.Allocations.Records {
			add(r.AuthorityID, ipBody{Allocation: &r.IPAllocation})
		}
	}
	if c.Broadcasts != nil {
		for _, r := range c.Broadcasts.Records {
			add(r.AuthorityID, ipBody{Broadcast: &r.IPBroadcast})
		}
	}
	return out
}

func (c *ipChange) claims(int64) []claim { return nil }
func (c *ipChange) reviewed() []int64    { return nil }
func (c *ipChange) ref() string          { return strconv.FormatInt(c.ID, 10) }

func (c *ipChange) about() (websites, domains []string) {
	return []string{string(c.kind()) + " " + c.span().String()}, nil
}

func (c *ipChange) result(r *Record) wire.DownloadData { return c.answer(r, c.kind(), 0) }

func (c *ipChange) check(s *Server, r *Record) (codes []int64) {
	if code := s.mayTouchIP(r.ProviderID, c.kind(), c.ID); code != 0 {
		return []int64{code}
	}
	codes, c.Related = s.checkIP(r.ProviderID, c.ID, &c.ipBody)
	return codes
}

// mayTouchIP gives the code of a report that does not exist or is another's, or 0.
func (s *Server) mayTouchIP(provider int64, kind ipKind, id int64) int64 {
	switch old := s.ipReport(kind, id); {
	case old == nil:
		return dataIPUnknown
	case old.Provider != provider:
		return dataIPNotYours
	}
	return 0
}

func (c *ipChange) approve(s *Server, _ *Record, _ time.Time) wire.DownloadICP {
	s.ipReport(c.kind(), c.ID).ipBody = c.ipBody
	return wire.DownloadICP{}
}
