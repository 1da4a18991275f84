package sim

import (
	"slices"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

// ipDelete takes a report about a range back (删除备案, SCBA of IP).
type ipDelete struct {
	Kind ipKind `json:"kind"`
	ipAnswer
}

// takeDeletedIPs takes allocations before the sources that they rest on.
func takeDeletedIPs(d *wire.UploadData) (out []taken) {
	if d.IP == nil || d.IP.Deleted == nil {
		return nil
	}
	add := func(kind ipKind, records []wire.DeletedIP) {
		for _, r := range records {
			out = append(out, taken{request: &ipDelete{kind, ipAnswer{ID: r.AuthorityID}}})
		}
	}
	x := d.IP.Deleted
	if x.Allocations != nil {
		add(ipAllocation, x.Allocations.Records)
	}
	if x.Own != nil {
		add(ipOwn, x.Own.Records)
	}
	if x.Broadcasts != nil {
		add(ipBroadcast, x.Broadcasts.Records)
	}
	if x.Sources != nil {
		add(ipSource, x.Sources.Records)
	}
	return out
}

func (x *ipDelete) claims(int64) []claim { return nil }
func (x *ipDelete) reviewed() []int64    { return nil }
func (x *ipDelete) ref() string          { return strconv.FormatInt(x.ID, 10) }
func (x *ipDelete) about() (websites, domains []string) {
	return []string{string(x.Kind) + " " + x.ref()}, nil
}
func (x *ipDelete) result(r *Record) wire.DownloadData { return x.answer(r, x.Kind, 0) }

func (x *ipDelete) check(s *Server, r *Record) []int64 {
	if code := s.mayTouchIP(r.ProviderID, x.Kind, x.ID); code != 0 {
		return []int64{code}
	}
	c := &ipCheck{Server: s, provider: r.ProviderID, own: x.ID}
	if x.Kind == ipSource {
		c.stillCovered(s.ipReport(x.Kind, x.ID))
	}
	x.Related = c.related
	return c.codes
}

func (x *ipDelete) approve(s *Server, _ *Record, _ time.Time) wire.DownloadICP {
	s.st.IPs = slices.DeleteFunc(s.st.IPs, func(r *ipReport) bool { return r.ID == x.ID && r.kind() == x.Kind })
	return wire.DownloadICP{}
}
