package wire

// UploadIP (IP备案信息, IP) reports the provider's IPv4 addresses: where they come
// from, whom they are given to, who announces them, and what customers bring
// along. An access whose address is in no report comes back as data code 1063.
type UploadIP struct {
	// New is 新增备案 (XZBA).
	New *NewIPReports `xml:"XZBA,omitempty"`
	// Changed is 修改备案 (XGBA).
	Changed *ChangedIPReports `xml:"XGBA,omitempty"`
	// Deleted is 删除备案 (SCBA).
	Deleted *DeletedIPReports `xml:"SCBA,omitempty"`
	// ProviderID is 请求单位ID (Qqdwid): the provider's own reporting unit, ≥ 1.
	ProviderID int64 `xml:"Qqdwid" wire:"req,val=1.."`
	Other      []Raw `xml:",any"`
}

// NewIPReports (新增备案, XZBA) holds each kind at most once.
type NewIPReports struct {
	// Sources is 新增IP来源 (Xzly). The source of a range comes before its
	// allocation, else the result is 2005.
	Sources *NewIPSources `xml:"Xzly,omitempty"`
	// Allocations is 新增IP分配信息 (Xzfp).
	Allocations *NewIPAllocations `xml:"Xzfp,omitempty"`
	// Broadcasts is 广播信息 (Xzgbjs).
	Broadcasts *NewIPBroadcasts `xml:"Xzgbjs,omitempty"`
	// Own is 自带ip信息 (Zdip).
	Own   *NewOwnIPs `xml:"Zdip,omitempty"`
	Other []Raw      `xml:",any"`
}

// ChangedIPReports (修改备案, XGBA) holds each kind at most once.
type ChangedIPReports struct {
	// Sources is 修改来源 (Xgly).
	Sources *ChangedIPSources `xml:"Xgly,omitempty"`
	// Allocations is 修改分配信息 (Xgfp).
	Allocations *ChangedIPAllocations `xml:"Xgfp,omitempty"`
	// Own is 修改自带ip信息 (XgZd).
	Own *ChangedOwnIPs `xml:"XgZd,omitempty"`
	// Broadcasts is 修改广播信息 (Xggbjs).
	Broadcasts *ChangedIPBroadcasts `xml:"Xggbjs,omitempty"`
	Other      []Raw                `xml:",any"`
}

// DeletedIPReports (删除备案, SCBA) holds each kind at most once.
type DeletedIPReports struct {
	// Sources is 删除来源 (Scly).
	Sources *DeletedIPSources `xml:"Scly,omitempty"`
	// Allocations is 删除分配信息 (Scfp).
	Allocations *DeletedIPAllocations `xml:"Scfp,omitempty"`
	// Own is 删除自带ip信息 (Sczd).
	Own *DeletedOwnIPs `xml:"Sczd,omitempty"`
	// Broadcasts is 删除广播信息 (Scgbjs).
	Broadcasts *DeletedIPBroadcasts `xml:"Scgbjs,omitempty"`
	Other      []Raw                `xml:",any"`
}

// DeletedIP names a report that shall go.
type DeletedIP struct {
	// AuthorityID is the authority's id of the report (Id), ≥ 1.
	AuthorityID int64 `xml:"Id" wire:"req,val=1.."`
}
