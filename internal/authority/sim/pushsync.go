package sim

import (
	"slices"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
)

// syncs are what a full synchronisation can be of.
var syncs = []string{"ICP", "IP", "YM", "JCDM"}

// makeSync sends all that the authority has of one kind in one file (SJTB).
func (s *Server) makeSync(p Push, _ time.Time) (wire.DownloadData, error) {
	var all wire.FullSync
	some := false
	switch or(p.Sync, "ICP") {
	case "ICP":
		all.Filed, some = s.syncFilings()
	case "IP":
		all.IP, some = s.syncIPs(p.ProviderID)
	case "YM":
		all.Domains, some = s.syncDomains(p.ProviderID)
	case "JCDM":
		all.BaseCodes, some = baseCodeData(codeTables(s.cfg.Tables)), true
	default:
		return wire.DownloadData{}, icp.InvalidField("/sync", "authority.sim_text")
	}
	if !some {
		return wire.DownloadData{}, icp.E(icp.NotFound, "authority.sim_licence")
	}
	return wire.DownloadData{Sync: &all}, nil
}

func (s *Server) syncFilings() (*wire.FiledData, bool) {
	var all wire.FiledData
	for _, f := range s.st.Filings {
		if f.isWhole() {
			all.Records = append(all.Records, wire.FiledRecord{Subject: f.Subject, Websites: f.Websites})
		}
	}
	return &all, len(all.Records) > 0
}

// syncIPs gives the reports of a provider; 0 stands for the first account.
func (s *Server) syncIPs(provider int64) (*wire.SyncedIPs, bool) {
	provider = or(provider, s.cfg.Accounts[0].ProviderID)
	var all wire.SyncedIPs
	for _, r := range s.ipReportsOf(provider, 0, ipSource, ipAllocation, ipBroadcast, ipOwn) {
		ids := wire.SyncedIDs{AuthorityID: r.ID, OurID: r.OurID, Unit: r.Provider}
		switch r.kind() {
		case ipSource:
			all.Sources = or(all.Sources, &wire.SyncedIPSources{})
			all.Sources.Records = append(all.Sources.Records, wire.SyncedIPSource{SyncedIDs: ids, IPSource: *r.Source})
		case ipAllocation:
			all.Allocations = or(all.Allocations, &wire.SyncedIPAllocations{})
			all.Allocations.Records = append(all.Allocations.Records, wire.SyncedIPAllocation{SyncedIDs: ids, IPAllocation: *r.Allocation})
		case ipBroadcast:
			all.Broadcasts = or(all.Broadcasts, &wire.SyncedIPBroadcasts{})
			all.Broadcasts.Records = append(all.Broadcasts.Records, wire.SyncedIPBroadcast{SyncedIDs: ids, IPBroadcast: *r.Broadcast})
		case ipOwn:
			all.Own = or(all.Own, &wire.SyncedOwnIPs{})
			all.Own.Records = append(all.Own.Records, wire.SyncedOwnIP{SyncedIDs: ids, OwnIP: *r.Own})
		}
	}
	return &all, slices.ContainsFunc(s.st.IPs, func(r *ipReport) bool { return r.Provider == provider })
}

func (s *Server) syncDomains(provider int64) (*wire.SyncedDomains, bool) {
	provider = or(provider, s.cfg.Accounts[0].ProviderID)
	var all wire.SyncedDomains
	for _, r := range s.st.Domains {
		if r.Provider == provider {
			all.Records = append(all.Records, wire.SyncedDomain{AuthorityID: r.ID, OurID: r.OurID, DomainReport: r.Report})
		}
	}
	return &all, len(all.Records) > 0
}

// findings are what an audit of addresses can tell.
var findings = []string{findingOutside, findingConflict, findingUnreported}

const (
	findingOutside    = "outside"
	findingConflict   = "conflict"
	findingUnreported = "unreported"
)

// makeIPAudit tells what the authority found wrong about addresses (HCJG of IP):
// about the first report of the provider's that has the address, or about the
// address alone.
func (s *Server) makeIPAudit(p Push, _ time.Time) (wire.DownloadData, error) {
	found, err := place(Push{IP: p.IP})
	if err != nil {
		return wire.DownloadData{}, err
	}
	provider, at := or(p.ProviderID, s.cfg.Accounts[0].ProviderID), span{found.ip, found.ip}
	var report int64
	kind := int64(wire.FindingAllocation)
	for _, r := range s.ipReportsOf(provider, 0, ipSource, ipAllocation) {
		if r.span().overlaps(at) {
			report, at = r.ID, r.span()
			if r.kind() == ipSource {
				kind = wire.FindingSource
			}
			break
		}
	}
	var f wire.IPFindings
	switch or(p.Finding, findingOutside) {
	case findingOutside:
		f.Outside = []wire.IPOutside{{ReportID: report, First: at.first, Last: at.last, Kind: kind, OutsideFirst: found.ip, OutsideLast: found.ip, Remark: p.Text}}
	case findingConflict:
		f.Conflicts = []wire.IPConflict{{ReportID: report, First: at.first, Last: at.last, OtherUnit: 1, OtherFirst: found.ip, OtherLast: found.ip, Kind: kind, Remark: p.Text}}
	case findingUnreported:
		f.Unreported = []wire.IPUnreported{{First: found.ip, Last: found.ip, From: 1, Kind: kind, Remark: p.Text}}
	default:
		return wire.DownloadData{}, icp.InvalidField("/finding", "authority.sim_text")
	}
	return wire.DownloadData{IP: &wire.DownloadIP{Audit: &wire.IPAudit{Findings: f}}}, nil
}

// reports gives what providers have reported of addresses and domains.
func (s *Server) reports() map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	ips, domains := []ipReport{}, []domainReport{}
	for _, r := range s.st.IPs {
		ips = append(ips, *r)
	}
	for _, r := range s.st.Domains {
		domains = append(domains, *r)
	}
	return map[string]any{"ips": ips, "domains": domains}
}
