package wire

// NewIPSources (新增IP来源, Xzly) says where ranges come from.
type NewIPSources struct {
	// Records is 来源信息 (Ly), one or more.
	Records []NewIPSource `xml:"Ly" wire:"n=1.."`
}

// NewIPSource (来源信息, Ly) is the source of one range.
type NewIPSource struct {
	// ID is our id of the source (IspId), ≥ 1.
	ID int64 `xml:"IspId" wire:"req,val=1.."`
	IPSource
}

// ChangedIPSources (修改来源, Xgly) replaces sources.
type ChangedIPSources struct {
	// Records is 更新内容 (Ly_xx), one or more. A remark may be longer than in a
	// new source: 1024 characters.
	Records []ChangedIPSource `xml:"Ly_xx" wire:"n=1..,Bz.len=1..1024"`
}

// ChangedIPSource (更新内容, Ly_xx) is a reported source as it shall be.
type ChangedIPSource struct {
	// AuthorityID is the authority's id of the source (Id), ≥ 1.
	AuthorityID int64 `xml:"Id" wire:"req,val=1.."`
	IPSource
}

// DeletedIPSources (删除来源, Scly) takes sources back.
type DeletedIPSources struct {
	// Records is 来源信息删除条件 (Ly), one or more.
	Records []DeletedIP `xml:"Ly" wire:"n=1.."`
}

// SyncedIPSources (IP来源数据, Iply) are the provider's sources as the authority
// has them.
type SyncedIPSources struct {
	// Records is IP来源信息 (Lyxx), one or more.
	Records []SyncedIPSource `xml:"Lyxx" wire:"n=1.."`
	Other   []Raw            `xml:",any"`
}

// SyncedIPSource (IP来源信息, Lyxx) is one of them.
type SyncedIPSource struct {
	SyncedIDs
	IPSource
	Other []Raw `xml:",any"`
}

// IPSource is what every form of a source has.
type IPSource struct {
	// First is 起始IP (Qsip), 1–4294967295, see [IPv4Number].
	First int64 `xml:"Qsip" wire:"req,val=1..4294967295"`
	// Last is 终止IP (Zzip), 1–4294967295, not below First.
	Last int64 `xml:"Zzip" wire:"req,val=1..4294967295"`
	// From is 来源单位id (Lydw): the reporting unit that gave the range, ≥ 1.
	From int64 `xml:"Lydw" wire:"req,val=1.."`
	// Remark is 备注 (Bz), 1–512 characters, optional.
	Remark string `xml:"Bz,omitempty" wire:"len=1..512"`
}

func (r *IPSource) checkMore(c *checker) { c.ordered(r.First, r.Last) }

// SyncedIDs are the keys of an IP report in a full synchronisation.
type SyncedIDs struct {
	// AuthorityID is the authority's id (Id), ≥ 1.
	AuthorityID int64 `xml:"Id" wire:"req,val=1.."`
	// OurID is our id (IspId), ≥ 1.
	OurID int64 `xml:"IspId" wire:"req,val=1.."`
	// Unit is 报备单位id (Bbdwid): whose report it is, ≥ 1.
	Unit int64 `xml:"Bbdwid" wire:"req,val=1.."`
}
