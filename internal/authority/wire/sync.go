package wire

// FullSync (备案数据同步, SJTB; DJTB in the text of the specification) brings all
// that the authority has of one kind. The authority sends it unasked, and it may
// be tens of megabytes: read it with [Stream]. The schema says one of its parts;
// more than one is read all the same.
type FullSync struct {
	// Filed is ICP备案数据 (ICP), as [DownloadICP] has it.
	Filed *FiledData `xml:"ICP,omitempty"`
	// IP is IP备案数据 (IP).
	IP *SyncedIPs `xml:"IP,omitempty"`
	// Domains is 域名备案数据 (YM).
	Domains *SyncedDomains `xml:"YM,omitempty"`
	// BaseCodes is 基础代码数据 (JCDM).
	BaseCodes *BaseCodeData `xml:"JCDM,omitempty"`
	Other     []Raw         `xml:",any"`
}

func (s *FullSync) checkMore(c *checker) {
	if rootParts(s.Filed != nil, s.IP != nil, s.Domains != nil, s.BaseCodes != nil) > 1 {
		c.fault("", "wire.exactly_one", nil)
	}
}

// SyncedIPs (IP备案数据, IP) are the IP reports of the provider.
type SyncedIPs struct {
	// Sources is IP来源数据 (Iply).
	Sources *SyncedIPSources `xml:"Iply,omitempty"`
	// Allocations is IP分配使用数据 (Ipfp).
	Allocations *SyncedIPAllocations `xml:"Ipfp,omitempty"`
	// Broadcasts is IP广播数据 (Ipgb).
	Broadcasts *SyncedIPBroadcasts `xml:"Ipgb,omitempty"`
	// Own is 自带IP数据 (Zdip).
	Own   *SyncedOwnIPs `xml:"Zdip,omitempty"`
	Other []Raw         `xml:",any"`
}
