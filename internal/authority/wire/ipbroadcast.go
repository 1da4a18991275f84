package wire

// NewIPBroadcasts (广播信息, Xzgbjs) says who announces ranges; the three national
// carriers report it.
type NewIPBroadcasts struct {
	// Records is the announcements (Jsxx), one or more.
	Records []NewIPBroadcast `xml:"Jsxx" wire:"n=1.."`
}

// NewIPBroadcast (Jsxx) is the announcement of one range.
type NewIPBroadcast struct {
	// ID is our id of the announcement (IspId), ≥ 1.
	ID int64 `xml:"IspId" wire:"req,val=1.."`
	IPBroadcast
}

// ChangedIPBroadcasts (修改广播信息, Xggbjs) replaces announcements.
type ChangedIPBroadcasts struct {
	// Records is 修改信息 (Jsxx), one or more.
	Records []ChangedIPBroadcast `xml:"Jsxx" wire:"n=1.."`
}

// ChangedIPBroadcast (修改信息, Jsxx) is a reported announcement as it shall be.
type ChangedIPBroadcast struct {
	// AuthorityID is the authority's id of the announcement (Id), ≥ 1.
	AuthorityID int64 `xml:"Id" wire:"req,val=1.."`
	IPBroadcast
}

// DeletedIPBroadcasts (删除广播信息, Scgbjs) takes announcements back.
type DeletedIPBroadcasts struct {
	// Records is the announcements (Jsxx), one or more.
	Records []DeletedIP `xml:"Jsxx" wire:"n=1.."`
}

// SyncedIPBroadcasts (IP广播数据, Ipgb) are the provider's announcements as the
// authority has them.
type SyncedIPBroadcasts struct {
	// Records is IP广播信息 (Gbxx), one or more.
	Records []SyncedIPBroadcast `xml:"Gbxx" wire:"n=1.."`
	Other   []Raw               `xml:",any"`
}

// SyncedIPBroadcast (IP广播信息, Gbxx) is one of them.
type SyncedIPBroadcast struct {
	SyncedIDs
	IPBroadcast
	Other []Raw `xml:",any"`
}

// IPBroadcast is what every form of an announcement has.
type IPBroadcast struct {
	// Announcer is 广播单位 (Gbdw): the carrier's reporting unit, ≥ 1.
	Announcer int64 `xml:"Gbdw" wire:"req,val=1.."`
	// Applicant is 广播申请单位 (Sqdw): the reporting unit that asked for it, ≥ 1.
	Applicant int64 `xml:"Sqdw" wire:"req,val=1.."`
	// First is 起始IP (Qsip), 1–4294967295, see [IPv4Number].
	First int64 `xml:"Qsip" wire:"req,val=1..4294967295"`
	// Last is 终止IP (Zzip), 1–4294967295, not below First.
	Last int64 `xml:"Zzip" wire:"req,val=1..4294967295"`
	// Remark is 备注 (Bz), 1–1024 characters, optional.
	Remark string `xml:"Bz,omitempty" wire:"len=1..1024"`
}

func (r *IPBroadcast) checkMore(c *checker) { c.ordered(r.First, r.Last) }
