package wire

// Kinds of the unit that a brought-along range comes from (来源单位类型, Ly_dwlx).
const (
	FromElsewhere     = 0 // 来自非报备单位, given by name
	FromReportingUnit = 1 // 来自报备单位, given by id
)

// NewOwnIPs (自带ip信息, Zdip) reports ranges that customers bring along.
type NewOwnIPs struct {
	// Records is the ranges (Zdxx), one or more.
	Records []NewOwnIP `xml:"Zdxx" wire:"n=1.."`
}

// NewOwnIP (Zdxx) is one range that a customer brings along.
type NewOwnIP struct {
	// ID is our id of the range (IspId), ≥ 1.
	ID int64 `xml:"IspId" wire:"req,val=1.."`
	OwnIP
}

// ChangedOwnIPs (修改自带ip信息, XgZd) replaces reports of such ranges.
type ChangedOwnIPs struct {
	// Records is 修改信息 (Zdxx), one or more. Other than in a new report 0.0.0.0
	// is allowed, a contact has at least two characters, and the gateway is
	// optional.
	Records []ChangedOwnIP `xml:"Zdxx" wire:"n=1..,Qsip.opt,Qsip.val=0..4294967295,Zzip.opt,Zzip.val=0..4294967295,Lxrxm.len=2..20,Wgip.opt,Wgdz.opt"`
}

// ChangedOwnIP (修改信息, Zdxx) is a reported range as it shall be.
type ChangedOwnIP struct {
	// AuthorityID is the authority's id of the report (Id), ≥ 1.
	AuthorityID int64 `xml:"Id" wire:"req,val=1.."`
	OwnIP
}

// DeletedOwnIPs (删除自带ip信息, Sczd) takes reports of such ranges back.
type DeletedOwnIPs struct {
	// Records is the reports (Zdxx), one or more.
	Records []DeletedIP `xml:"Zdxx" wire:"n=1.."`
}

// SyncedOwnIPs (自带IP数据, Zdip) are the provider's reports of such ranges as the
// authority has them.
type SyncedOwnIPs struct {
	// Records is 自带IP信息 (Zdxx), one or more.
	Records []SyncedOwnIP `xml:"Zdxx" wire:"n=1.."`
	Other   []Raw         `xml:",any"`
}

// SyncedOwnIP (自带IP信息, Zdxx) is one of them.
type SyncedOwnIP struct {
	SyncedIDs
	OwnIP
	Other []Raw `xml:",any"`
}

// OwnIP is what every form of such a report has.
type OwnIP struct {
	// First is 起始IP (Qsip), 1–4294967295, see [IPv4Number].
	First int64 `xml:"Qsip" wire:"req,val=1..4294967295"`
	// Last is 终止IP (Zzip), 1–4294967295, not below First.
	Last int64 `xml:"Zzip" wire:"req,val=1..4294967295"`
	// Redirects is 是否用于域名跳转服务器 (Sfymtz): 0 no, 1 yes.
	Redirects int64 `xml:"Sfymtz" wire:"val=0..1"`
	// Usage is 使用方式 (Syfs): one of [UsageStatic], [UsageDynamic], [UsageUnknown].
	Usage int64 `xml:"Syfs" wire:"req,val=1..3"`
	// Date is 分配使用时间 (Fprq), YYYY-MM-DD.
	Date string `xml:"Fprq" wire:"req,len=10..10,date"`
	// User is 单位名称 (Dwmc), 1–255 characters.
	User string `xml:"Dwmc" wire:"req,len=1..255"`
	// Nature is the id of 单位性质 (Dwxz), 1–999.
	Nature int64 `xml:"Dwxz" wire:"req,val=1..999"`
	// Province is 单位所在省 (Shengid), ≥ 100000.
	Province int64 `xml:"Shengid" wire:"req,val=100000.."`
	// City is 单位所在市 (Shiid), ≥ 100000.
	City int64 `xml:"Shiid" wire:"req,val=100000.."`
	// County is 单位所在县 (Xianid), ≥ 100000, optional.
	County int64 `xml:"Xianid,omitempty" wire:"val=100000.."`
	// Street is 单位详细地址 (Xxdz), 1–512 characters.
	Street string `xml:"Xxdz" wire:"req,len=1..512"`
	// Contact is 联系人姓名 (Lxrxm), 1–20 characters.
	Contact string `xml:"Lxrxm" wire:"req,len=1..20"`
	// Phone is 联系人电话 (Lxrdh), 11–255 characters.
	Phone string `xml:"Lxrdh" wire:"req,len=11..255"`
	// Email is 联系人电子邮件 (Lxrdzyj), 6–255 characters.
	Email string `xml:"Lxrdzyj" wire:"req,len=6..255,email"`
	// Gateway is 网关IP地址 (Wgip), 1–4294967295.
	Gateway int64 `xml:"Wgip,omitempty" wire:"req,val=1..4294967295"`
	// GatewayPlace is 网关物理地址 (Wgdz), 1–512 characters.
	GatewayPlace string `xml:"Wgdz,omitempty" wire:"req,len=1..512"`
	// Remark is 备注 (Bz), 1–1024 characters, optional.
	Remark string `xml:"Bz,omitempty" wire:"len=1..1024"`
	// SourceKind is 来源单位类型 (Ly_dwlx): [FromElsewhere] or [FromReportingUnit].
	SourceKind int64 `xml:"Ly_dwlx" wire:"val=0..1"`
	// Source is 来源单位信息 (Lydw).
	Source OwnIPSource `xml:"Lydw" wire:"oneof"`
}

func (r *OwnIP) checkMore(c *checker) {
	c.ordered(r.First, r.Last)
	if (r.SourceKind == FromReportingUnit) != (r.Source.Unit != 0) {
		c.fault("Lydw", "wire.source_kind", nil)
	}
}

// OwnIPSource (来源单位信息, Lydw) names where a brought-along range comes from, in
// exactly one way.
type OwnIPSource struct {
	// Name is 来源单位名称 (Ly_dwmc), 1–255 characters; with [FromElsewhere].
	Name string `xml:"Ly_dwmc,omitempty" wire:"len=1..255"`
	// Unit is 来源单位id (Ly_dwid), ≥ 1; with [FromReportingUnit].
	Unit int64 `xml:"Ly_dwid,omitempty" wire:"val=1.."`
}
