package wire

// IllegalAccesses (非法接入黑名单, FFJRHMD) lists websites that were found connected
// without being allowed to.
type IllegalAccesses struct {
	// Records is 非法接入信息 (Ffjrxx), one or more.
	Records []IllegalAccess `xml:"Ffjrxx" wire:"n=1.."`
	Other   []Raw           `xml:",any"`
}

// IllegalAccess (非法接入信息, Ffjrxx) is one of them.
type IllegalAccess struct {
	// AuthorityID is the authority's id of the entry (Id).
	AuthorityID int64 `xml:"Id" wire:"req,val=1.."`
	// Domain is 域名 (Ym), 4–128 characters.
	Domain string `xml:"Ym" wire:"req,len=4..128"`
	// IP is IP地址 (Ip), 1–4294967295, see [IPv4Text].
	IP int64 `xml:"Ip" wire:"req,val=1..4294967295"`
	// Provider is 直接接入者ID (Zjjrz): the reporting unit that connects it.
	Provider int64 `xml:"Zjjrz" wire:"req,val=1.."`
	// Province is 所在省ID (Szs).
	Province int64 `xml:"Szs" wire:"req,val=1.."`
	// SeenAt is 当前检测时间 (Dqjcsj), see [ParseTime].
	SeenAt string `xml:"Dqjcsj" wire:"req,len=10..22"`
	// Remark is 备注 (Bz), of any length, optional.
	Remark string `xml:"Bz,omitempty"`
	Other  []Raw  `xml:",any"`
}
