package sim

import (
	"slices"

	"github.com/openbeian/beian/internal/authority/wire"
)

// lastCarrier is the greatest id of the reporting units that are known besides
// the accounts: 1 to 9 stand for the carriers and for other providers.
const lastCarrier = 9

func isCarrier(unit int64) bool { return unit >= 1 && unit <= lastCarrier }

func (s *Server) isUnit(id int64) bool { return isCarrier(id) || s.account(id) != nil }

// ipCheck gathers the codes of one report.
type ipCheck struct {
	*Server
	provider int64
	own      int64 // the authority's id of the report that changes; 0 for a new one
	codes    []int64
	related  []wire.RelatedIP
}

// checkIP gives the codes of a report as it shall be, and the reports in its way.
func (s *Server) checkIP(provider, own int64, b *ipBody) ([]int64, []wire.RelatedIP) {
	c := &ipCheck{Server: s, provider: provider, own: own}
	at := b.span()
	c.add(at.first > at.last, dataIPReversed)
	c.add(!public(wire.IPRange{First: at.first, Last: at.first}), dataIPFirst)
	c.add(!public(wire.IPRange{First: at.last, Last: at.last}), dataIPLast)
	switch b.kind() {
	case ipSource:
		c.source(b.Source, at)
	case ipAllocation:
		c.allocation(b.Allocation, at)
	case ipBroadcast:
		c.broadcast(b.Broadcast, at)
	case ipOwn:
		c.brought(b.Own, at)
	}
	return c.codes, c.related
}

func (c *ipCheck) add(bad bool, code int64) {
	if bad && !slices.Contains(c.codes, code) {
		c.codes = append(c.codes, code)
	}
}

// apart looks for reports whose range overlaps.
func (c *ipCheck) apart(at span, code int64, reports []*ipReport) {
	reports = slices.DeleteFunc(slices.Clone(reports), func(r *ipReport) bool { return !r.span().overlaps(at) })
	c.add(len(reports) > 0, code)
	c.related = append(c.related, related(reports)...)
}

func (c *ipCheck) source(r *wire.IPSource, at span) {
	c.add(!c.isUnit(r.From), dataIPUnit)
	c.add(r.From == c.provider, dataIPSourceIsUser)
	c.apart(at, dataIPRangeReported, c.ipReportsOf(c.provider, c.own, ipSource))
	for _, a := range c.cfg.Accounts { // what another has is no conflict where he gave it
		if a.ProviderID != c.provider && a.ProviderID != r.From {
			c.apart(at, dataIPRangeConflict, c.ipReportsOf(a.ProviderID, 0, ipSource))
		}
	}
	if old := c.ipReport(ipSource, c.own); old != nil {
		c.stillCovered(old, at)
	}
}

// stillCovered looks for allocations that rest on a source and would lie outside
// of all sources once it has another range.
func (c *ipCheck) stillCovered(old *ipReport, becomes ...span) {
	left := append(spans(c.ipReportsOf(c.provider, old.ID, ipSource)), becomes...)
	loose := slices.DeleteFunc(c.ipReportsOf(c.provider, 0, ipAllocation), func(r *ipReport) bool { return r.span().covered(left) })
	c.add(len(loose) > 0, dataIPRangeConflict)
	c.related = append(c.related, related(loose)...)
}

func (c *ipCheck) allocation(r *wire.IPAllocation, at span) {
	c.add(!at.covered(spans(c.ipReportsOf(c.provider, 0, ipSource))), dataIPNoSource)
	c.apart(at, dataIPRangeReported, c.ipReportsOf(c.provider, c.own, ipAllocation, ipOwn))
	c.add(r.Target != 0 && !c.isUnit(r.Target), dataIPTarget)
	c.add(r.Target == c.provider, dataIPTargetIsUser)
	used := r.Usage != 0 && r.Date != ""
	switch r.Mode {
	case wire.AllocatedAndUsed:
		c.add(!used || r.User == "" || r.Nature == 0 || r.Province == 0 || r.City == 0 || r.Street == "" || r.Contact == "" || r.Phone == "" || r.Email == "", dataIPIncomplete)
	case wire.OwnUse:
		c.add(!used, dataIPIncomplete)
	case wire.AllocatedOnward:
		c.add(r.Target == 0, dataIPIncomplete)
	}
	c.user(ipUser{nature: r.Nature, area: wire.Address{Province: r.Province, City: r.City, County: r.County}, phone: r.Phone, email: r.Email, gateway: r.Gateway})
	c.known("Dwfl_dms", r.Category, dataIPCategory)
	c.known("Hyfl_dms", r.Industry, dataIPIndustry)
}

func (c *ipCheck) broadcast(r *wire.IPBroadcast, at span) {
	c.add(!isCarrier(r.Announcer), dataIPAnnouncer)
	c.add(!c.isUnit(r.Applicant), dataIPApplicant)
	c.add(r.Applicant == r.Announcer, dataIPAnnouncerApplies)
	c.apart(at, dataIPBroadcastReported, c.ipReportsOf(c.provider, c.own, ipBroadcast))
}

func (c *ipCheck) brought(r *wire.OwnIP, at span) {
	c.apart(at, dataIPRangeReported, c.ipReportsOf(c.provider, c.own, ipAllocation, ipOwn))
	c.add((r.SourceKind == wire.FromReportingUnit) != (r.Source.Unit != 0), dataIPIncomplete)
	c.add(r.Source.Unit != 0 && !c.isUnit(r.Source.Unit), dataIPUnit)
	c.user(ipUser{nature: r.Nature, area: wire.Address{Province: r.Province, City: r.City, County: r.County}, phone: r.Phone, email: r.Email, gateway: r.Gateway})
}

// ipUser is what reports say of whoever uses a range; zero values were not told.
type ipUser struct {
	nature       int64
	area         wire.Address
	phone, email string
	gateway      int64
}

func (c *ipCheck) user(u ipUser) {
	c.add(u.nature != 0 && !c.hasCode("Dwxz_dms", u.nature), dataIPNature)
	c.add(!c.areaExists(u.area), dataIPArea)
	c.add(u.phone != "" && !every(u.phone, phoneForm), dataIPPhone)
	c.add(u.email != "" && !every(u.email, emailForm), dataIPEmail)
	c.add(u.gateway != 0 && !public(wire.IPRange{First: u.gateway, Last: u.gateway}), dataIPGateway)
}

// known looks an id up in a table of which the product has no rows: only once
// base codes brought some.
func (c *ipCheck) known(table string, id, code int64) {
	_, sent := c.st.Codes[table]
	c.add(sent && id != 0 && !c.hasCode(table, id), code)
}
