package wire

// What is done with a range (分配使用状况, Fpfs).
const (
	AllocatedAndUsed = 1 // 分配且使用: whoever uses it must be told
	AllocatedOnward  = 2 // 再次分配: to another reporting unit
	OwnUse           = 3 // 自用
	Reserved         = 4 // 预留
)

// How a range is used (使用方式, Syfs).
const (
	UsageStatic  = 1 // 静态
	UsageDynamic = 2 // 动态
	UsageUnknown = 3 // 未知
)

// NewIPAllocations (新增IP分配信息, Xzfp) says what is done with ranges.
type NewIPAllocations struct {
	// Records is 分配、使用备案信息 (Fpsy), one or more.
	Records []NewIPAllocation `xml:"Fpsy" wire:"n=1.."`
}

// NewIPAllocation (分配、使用备案信息, Fpsy) is the allocation of one range.
type NewIPAllocation struct {
	// ID is our id of the allocation (IspId), ≥ 1.
	ID int64 `xml:"IspId" wire:"req,val=1.."`
	IPAllocation
}

// ChangedIPAllocations (修改分配信息, Xgfp) replaces allocations.
type ChangedIPAllocations struct {
	// Records is 分配、使用备案信息 (Fpsy), one or more; here a range may not begin
	// or end at 0.0.0.0.
	Records []ChangedIPAllocation `xml:"Fpsy" wire:"n=1..,Qsip.req,Qsip.val=1..4294967295,Zzip.req,Zzip.val=1..4294967295"`
}

// ChangedIPAllocation (分配、使用备案信息, Fpsy) is a reported allocation as it
// shall be.
type ChangedIPAllocation struct {
	// AuthorityID is the authority's id of the allocation (Id), ≥ 1.
	AuthorityID int64 `xml:"Id" wire:"req,val=1.."`
	IPAllocation
}

// DeletedIPAllocations (删除分配信息, Scfp) takes allocations back.
type DeletedIPAllocations struct {
	// Records is 分配使用信息删除条件 (Fpsy), one or more.
	Records []DeletedIP `xml:"Fpsy" wire:"n=1.."`
}

// SyncedIPAllocations (IP分配使用数据, Ipfp) are the provider's allocations as the
// authority has them.
type SyncedIPAllocations struct {
	// Records is IP分配、使用备案信息 (Fpxx), one or more.
	Records []SyncedIPAllocation `xml:"Fpxx" wire:"n=1.."`
	Other   []Raw                `xml:",any"`
}

// SyncedIPAllocation (IP分配、使用备案信息, Fpxx) is one of them.
type SyncedIPAllocation struct {
	SyncedIDs
	IPAllocation
	Other []Raw `xml:",any"`
}

// IPAllocation is what every form of an allocation has. Which of the optional
// fields must be there follows from Mode.
type IPAllocation struct {
	// First is 起始IP (Qsip), 0–4294967295, see [IPv4Number].
	First int64 `xml:"Qsip" wire:"val=0..4294967295"`
	// Last is 终止IP (Zzip), 0–4294967295, not below First.
	Last int64 `xml:"Zzip" wire:"val=0..4294967295"`
	// Mode is 分配使用状况 (Fpfs): one of [AllocatedAndUsed], [AllocatedOnward],
	// [OwnUse], [Reserved].
	Mode int64 `xml:"Fpfs" wire:"req,val=1..4"`
	// Target is 分配对象 (Fpdx): the reporting unit that gets the range, ≥ 1; must be
	// there with AllocatedOnward.
	Target int64 `xml:"Fpdx,omitempty" wire:"val=1.."`
	// Usage is 使用方式 (Syfs): one of [UsageStatic], [UsageDynamic],
	// [UsageUnknown]; must be there with AllocatedAndUsed and OwnUse.
	Usage int64 `xml:"Syfs,omitempty" wire:"val=1..3"`
	// Date is 分配使用时间 (Fprq), YYYY-MM-DD; must be there with
	// AllocatedAndUsed and OwnUse.
	Date string `xml:"Fprq,omitempty" wire:"len=10..10,date"`
	// Redirects is 是否用于域名跳转服务器 (Sfymtz): 0 no, 1 yes; nil when absent.
	Redirects *int64 `xml:"Sfymtz,omitempty" wire:"val=0..1"`
	// User is 使用单位名称 (Dwmc), 1–255 characters; with AllocatedAndUsed.
	User string `xml:"Dwmc,omitempty" wire:"len=1..255"`
	// Nature is the id of 单位性质 (Dwxz), 1–999; with AllocatedAndUsed.
	Nature int64 `xml:"Dwxz,omitempty" wire:"val=1..999"`
	// Category is the id of 单位所属分类 (Dwfl), 1–999, optional.
	Category int64 `xml:"Dwfl,omitempty" wire:"val=1..999"`
	// Industry is the id of 行业分类 (Dwhyfl), 1–999, optional.
	Industry int64 `xml:"Dwhyfl,omitempty" wire:"val=1..999"`
	// Province is 单位所在省 (Shengid), ≥ 100000; with AllocatedAndUsed.
	Province int64 `xml:"Shengid,omitempty" wire:"val=100000.."`
	// City is 单位所在市 (Shiid), ≥ 100000; with AllocatedAndUsed.
	City int64 `xml:"Shiid,omitempty" wire:"val=100000.."`
	// County is 单位所在县 (Xianid), ≥ 100000, optional.
	County int64 `xml:"Xianid,omitempty" wire:"val=100000.."`
	// Street is 单位详细地址 (Xxdz), 1–512 characters; with AllocatedAndUsed.
	Street string `xml:"Xxdz,omitempty" wire:"len=1..512"`
	// Contact is 联系人姓名 (Lxrxm), 1–20 characters; with AllocatedAndUsed.
	Contact string `xml:"Lxrxm,omitempty" wire:"len=1..20"`
	// Phone is 联系人电话 (Lxrdh), 11–255 characters; with AllocatedAndUsed.
	Phone string `xml:"Lxrdh,omitempty" wire:"len=11..255"`
	// Email is 联系人电子邮件 (Lxrdzyj), 6–255 characters; with AllocatedAndUsed.
	Email string `xml:"Lxrdzyj,omitempty" wire:"len=6..255,email"`
	// Gateway is 网关IP地址 (Wgip), 1–4294967295, optional.
	Gateway int64 `xml:"Wgip,omitempty" wire:"val=1..4294967295"`
	// GatewayPlace is 网关物理地址 (Wgdz), 1–512 characters, optional.
	GatewayPlace string `xml:"Wgdz,omitempty" wire:"len=1..512"`
	// Remark is 备注 (Bz), 1–1024 characters, optional.
	Remark string `xml:"Bz,omitempty" wire:"len=1..1024"`
}

func (r *IPAllocation) checkMore(c *checker) {
	c.ordered(r.First, r.Last)
	used := map[string]bool{"Syfs": r.Usage != 0, "Fprq": r.Date != ""}
	switch r.Mode {
	case AllocatedAndUsed:
		c.need("wire.required_by_mode", used)
		c.need("wire.required_by_mode", map[string]bool{"Dwmc": r.User != "", "Dwxz": r.Nature != 0, "Shengid": r.Province != 0, "Shiid": r.City != 0,
			"Xxdz": r.Street != "", "Lxrxm": r.Contact != "", "Lxrdh": r.Phone != "", "Lxrdzyj": r.Email != ""})
	case AllocatedOnward:
		c.need("wire.required_by_mode", map[string]bool{"Fpdx": r.Target != 0})
	case OwnUse:
		c.need("wire.required_by_mode", used)
	}
}
