package sim

import (
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

// ipNew reports a range for the first time (新增备案, XZBA of IP).
type ipNew struct {
	OurID int64 `json:"our_id"`
	ipBody
	ipAnswer
}

// takeNewIPs takes sources first: allocations rest on them, also on those of the
// same file.
func takeNewIPs(d *wire.UploadData) (out []taken) {
	if d.IP == nil || d.IP.New == nil {
		return nil
	}
	n := d.IP.New
	if n.Sources != nil {
		for _, r := range n.Sources.Records {
			out = append(out, taken{request: &ipNew{OurID: r.ID, ipBody: ipBody{Source: &r.IPSource}}})
		}
	}
	if n.Own != nil {
		for _, r := range n.Own.Records {
			out = append(out, taken{request: &ipNew{OurID: r.ID, ipBody: ipBody{Own: &r.OwnIP}}})
		}
	}
	if n.Allocations != nil {
		for _, r := range n.Allocations.Records {
			out = append(out, taken{request: &ipNew{OurID: r.ID, ipBody: ipBody{Allocation: &r.IPAllocation}}})
		}
	}
	if n.Broadcasts != nil {
		for _, r := range n.Broadcasts.Records {
			out = append(out, taken{request: &ipNew{OurID: r.ID, ipBody: ipBody{Broadcast: &r.IPBroadcast}}})
		}
	}
	return out
}

func (n *ipNew) claims(provider int64) []claim {
	return []claim{{claimIPReport, provider, string(n.kind()) + " " + strconv.FormatInt(n.OurID, 10)}}
}

func (n *ipNew) reviewed() []int64 { return nil }
func (n *ipNew) ref() string       { return n.span().String() }
func (n *ipNew) about() (websites, domains []string) {
	return []string{string(n.kind()) + " " + n.ref()}, nil
}
func (n *ipNew) result(r *Record) wire.DownloadData { return n.answer(r, n.kind(), n.OurID) }
func (n *ipNew) check(s *Server, r *Record) (codes []int64) {
	codes, n.Related = s.checkIP(r.ProviderID, 0, &n.ipBody)
	return append(codes, s.idx.claimedBefore(r)...)
}

func (n *ipNew) approve(s *Server, r *Record, _ time.Time) wire.DownloadICP {
	n.ID = s.st.newID()
	s.st.IPs = append(s.st.IPs, &ipReport{ID: n.ID, OurID: n.OurID, Provider: r.ProviderID, ipBody: n.ipBody})
	return wire.DownloadICP{}
}
