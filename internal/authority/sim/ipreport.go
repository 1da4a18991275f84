package sim

import (
	"slices"

	"github.com/openbeian/beian/internal/authority/wire"
)

// ipReport is one report about a range of addresses as the authority has it.
type ipReport struct {
	ID       int64 `json:"id"`
	OurID    int64 `json:"our_id"` // the provider's
	Provider int64 `json:"provider_id"`
	ipBody
}

// ipKind is what a report is about; the name is that of its results' element.
type ipKind string

const (
	ipSource     ipKind = "Lyjg"
	ipAllocation ipKind = "Fpjg"
	ipBroadcast  ipKind = "Gbjs"
	ipOwn        ipKind = "Zdip"
)

// ipBody is what a report says: exactly one of the four.
type ipBody struct {
	Source     *wire.IPSource     `json:"source,omitempty"`
	Allocation *wire.IPAllocation `json:"allocation,omitempty"`
	Broadcast  *wire.IPBroadcast  `json:"broadcast,omitempty"`
	Own        *wire.OwnIP        `json:"own,omitempty"`
}

func (b *ipBody) kind() ipKind {
	switch {
	case b.Source != nil:
		return ipSource
	case b.Allocation != nil:
		return ipAllocation
	case b.Broadcast != nil:
		return ipBroadcast
	}
	return ipOwn
}

// span is a range of addresses, both ends included.
type span struct{ first, last int64 }

func (a span) overlaps(b span) bool { return a.first <= b.last && b.first <= a.last }

func (a span) String() string { return wire.IPv4Text(a.first) + "–" + wire.IPv4Text(a.last) }

// covered reports whether every address of a range lies in one of some ranges.
func (a span) covered(by []span) bool {
	slices.SortFunc(by, func(x, y span) int { return int(x.first - y.first) })
	next := a.first
	for _, b := range by {
		if b.first <= next && b.last >= next {
			next = b.last + 1
		}
	}
	return next > a.last
}

func (b *ipBody) span() span {
	switch b.kind() {
	case ipSource:
		return span{b.Source.First, b.Source.Last}
	case ipAllocation:
		return span{b.Allocation.First, b.Allocation.Last}
	case ipBroadcast:
		return span{b.Broadcast.First, b.Broadcast.Last}
	default:
		return span{b.Own.First, b.Own.Last}
	}
}

// ipAnswer is what results of all three operations on reports share.
type ipAnswer struct {
	// ID is the authority's id of the report; that of a new one once it is filed.
	ID int64 `json:"id,omitempty"`
	// Related are the reports that stood in the way.
	Related []wire.RelatedIP `json:"related,omitempty"`
}

// answer puts the codes of a record into the list of its kind.
func (a *ipAnswer) answer(r *Record, kind ipKind, ourID int64) wire.DownloadData {
	res := wire.IPResult{Operation: r.operation().czlx(), AuthorityID: a.ID, OurID: ourID}
	for _, code := range r.Codes {
		c := wire.IPResultCode{Code: code, Comment: wire.DataCodeOf(code).ZH}
		if code == dataIPRangeReported || code == dataIPRangeConflict || code == dataIPBroadcastReported {
			c.Related = a.Related
		}
		res.Codes = append(res.Codes, c)
	}
	var out wire.IPResults
	list := map[ipKind]*[]wire.IPResult{ipSource: &out.Sources, ipAllocation: &out.Allocations, ipBroadcast: &out.Broadcasts, ipOwn: &out.Own}[kind]
	*list = []wire.IPResult{res}
	return wire.DownloadData{IP: &wire.DownloadIP{Results: &out}}
}

// ipReport finds a report of a kind by the authority's id.
func (s *Server) ipReport(kind ipKind, id int64) *ipReport {
	at := slices.IndexFunc(s.st.IPs, func(r *ipReport) bool { return r.ID == id && r.kind() == kind })
	if at < 0 {
		return nil
	}
	return s.st.IPs[at]
}

// ipReportsOf gives a provider's reports of some kinds but one.
func (s *Server) ipReportsOf(provider, but int64, kinds ...ipKind) []*ipReport {
	var out []*ipReport
	for _, r := range s.st.IPs {
		if r.Provider == provider && r.ID != but && slices.Contains(kinds, r.kind()) {
			out = append(out, r)
		}
	}
	return out
}

func spans(reports []*ipReport) []span {
	out := make([]span, len(reports))
	for i, r := range reports {
		out[i] = r.span()
	}
	return out
}

func related(reports []*ipReport) []wire.RelatedIP {
	var out []wire.RelatedIP
	for _, r := range reports {
		at := r.span()
		out = append(out, wire.RelatedIP{AuthorityID: r.ID, OurID: r.OurID, First: at.first, Last: at.last})
	}
	return out
}

// inUse reports whether a provider has reported that addresses are used by it
// or its customers; what is only reserved or given onward does not count.
func (s *Server) inUse(provider int64, ip wire.IPRange) bool {
	var used []*ipReport
	for _, r := range s.ipReportsOf(provider, 0, ipAllocation, ipOwn) {
		if r.Own != nil || r.Allocation.Mode == wire.AllocatedAndUsed || r.Allocation.Mode == wire.OwnUse {
			used = append(used, r)
		}
	}
	return span{ip.First, ip.Last}.covered(spans(used))
}
