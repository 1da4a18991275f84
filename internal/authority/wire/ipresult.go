package wire

// What a result of an IP or domain report is about (操作类型, Czlx).
const (
	ReportNew     = 1 // 新增
	ReportChanged = 2 // 修改
	ReportDeleted = 3 // 删除
)

// Kinds of findings about IP reports (Yjlx, Ctlx, Wblx; the schema allows 1–10).
const (
	FindingSource     = 1 // 来源
	FindingAllocation = 2 // 分配
)

// DownloadIP (IP备案信息, IP) is what the authority tells about IP reports.
type DownloadIP struct {
	// Results is 备案结果 (BAJG).
	Results *IPResults `xml:"BAJG,omitempty"`
	// Audit is 核查结果 (HCJG).
	Audit *IPAudit `xml:"HCJG,omitempty"`
	Other []Raw    `xml:",any"`
}

// IPResults (备案结果, BAJG) has any number of results of each kind.
type IPResults struct {
	// Sources is 来源信息备案结果 (Lyjg).
	Sources []IPResult `xml:"Lyjg"`
	// Allocations is 分配信息备案结果 (Fpjg).
	Allocations []IPResult `xml:"Fpjg"`
	// Broadcasts is 广播信息 (Gbjs; Gbjg in the text of the specification).
	Broadcasts []IPResult `xml:"Gbjs"`
	// Own is 自带ip信息 (Zdip; Zdjg in the text of the specification).
	Own   []IPResult `xml:"Zdip"`
	Other []Raw      `xml:",any"`
}

// IPResult (Lyjg, Fpjg, Gbjs, Zdip) is what the machine says about one report.
type IPResult struct {
	// Codes is 结果信息 (Jgxx), one or more.
	Codes []IPResultCode `xml:"Jgxx" wire:"n=1.."`
	// AuthorityID is the authority's id of the report (Id); absent when a new
	// report failed.
	AuthorityID int64 `xml:"Id,omitempty" wire:"val=1.."`
	// Operation is 操作类型 (Czlx): [ReportNew], [ReportChanged] or [ReportDeleted].
	Operation int64 `xml:"Czlx" wire:"req,val=1..3"`
	// OurID is our id (IspId), of a new report.
	OurID int64 `xml:"IspId,omitempty" wire:"val=1.."`
	// Remark is 备注 (Bz), of any length, optional.
	Remark string `xml:"Bz,omitempty"`
	Other  []Raw  `xml:",any"`
}

// IPResultCode (结果信息, Jgxx) is one data code; see [DataCodeOf].
type IPResultCode struct {
	// Code is 操作结果代码 (Jgdm).
	Code int64 `xml:"Jgdm" wire:"req,val=1.."`
	// Comment is 操作结果描述 (Dmms), 1–255 characters.
	Comment string `xml:"Dmms" wire:"req,len=1..255"`
	// Related is 错误相关数据 (Xgsj): the reports that stand in the way, any number.
	Related []RelatedIP `xml:"Xgsj"`
	Other   []Raw       `xml:",any"`
}

// RelatedIP (错误相关数据, Xgsj) is a report that stands in the way of another.
type RelatedIP struct {
	// AuthorityID is the authority's id of it (Id), optional.
	AuthorityID int64 `xml:"Id,omitempty" wire:"val=1.."`
	// OurID is our id of it (IspId), optional.
	OurID int64 `xml:"IspId,omitempty" wire:"val=1.."`
	// First is 起始IP (Qsip), Last 终止IP (Zzip): 1–4294967295, both included.
	First int64 `xml:"Qsip" wire:"req,val=1..4294967295"`
	Last  int64 `xml:"Zzip" wire:"req,val=1..4294967295"`
	// Remark is 备注 (Bz), of any length, optional.
	Remark string `xml:"Bz,omitempty"`
	Other  []Raw  `xml:",any"`
}

// IPAudit (核查结果, HCJG) is what the authority found when it checked IP reports.
type IPAudit struct {
	// Findings is 结果信息 (Jgxx).
	Findings IPFindings `xml:"Jgxx"`
	Other    []Raw      `xml:",any"`
}

// IPFindings (结果信息, Jgxx) has any number of each kind.
type IPFindings struct {
	// Outside is ip越界 (Yj).
	Outside []IPOutside `xml:"Yj"`
	// Conflicts is 记录冲突 (Ct).
	Conflicts []IPConflict `xml:"Ct"`
	// Unreported is ip未报 (Wb).
	Unreported []IPUnreported `xml:"Wb"`
	Other      []Raw          `xml:",any"`
}

// IPOutside (ip越界, Yj) is a report that reaches beyond what the provider has.
type IPOutside struct {
	// ReportID is the authority's id of the report (Yjjlid), optional.
	ReportID int64 `xml:"Yjjlid,omitempty" wire:"val=1.."`
	// First (Qsip) and Last (Zzip) are the report's range.
	First int64 `xml:"Qsip" wire:"req,val=1..4294967295"`
	Last  int64 `xml:"Zzip" wire:"req,val=1..4294967295"`
	// Kind is 越界类型 (Yjlx): [FindingSource] or [FindingAllocation], optional.
	Kind int64 `xml:"Yjlx,omitempty" wire:"val=1..10"`
	// OutsideFirst (Yjqsip) and OutsideLast (Yjzzip) are the part that is
	// outside, optional.
	OutsideFirst int64 `xml:"Yjqsip,omitempty" wire:"val=1..4294967295"`
	OutsideLast  int64 `xml:"Yjzzip,omitempty" wire:"val=1..4294967295"`
	// Remark is 备注 (Bz), of any length, optional.
	Remark string `xml:"Bz,omitempty"`
	Other  []Raw  `xml:",any"`
}

// IPConflict (记录冲突, Ct) is a report that contradicts another unit's.
type IPConflict struct {
	// ReportID is the authority's id of our report (Ctjlid), optional.
	ReportID int64 `xml:"Ctjlid,omitempty" wire:"val=1.."`
	// First (Qsip1) and Last (Zzip1) are our range.
	First int64 `xml:"Qsip1" wire:"req,val=1..4294967295"`
	Last  int64 `xml:"Zzip1" wire:"req,val=1..4294967295"`
	// OtherUnit is 冲突报备单位id (Ctbbdwid), OtherFirst (Qsip2) and OtherLast
	// (Zzip2) its range.
	OtherUnit  int64 `xml:"Ctbbdwid" wire:"req,val=1.."`
	OtherFirst int64 `xml:"Qsip2" wire:"req,val=1..4294967295"`
	OtherLast  int64 `xml:"Zzip2" wire:"req,val=1..4294967295"`
	// Kind is 冲突类型 (Ctlx): [FindingSource] or [FindingAllocation], optional.
	Kind int64 `xml:"Ctlx,omitempty" wire:"val=1..10"`
	// Remark is 备注 (Bz), of any length, optional.
	Remark string `xml:"Bz,omitempty"`
	Other  []Raw  `xml:",any"`
}

// IPUnreported (ip未报, Wb) is a range that the provider has but did not report.
type IPUnreported struct {
	// First is 未报起始ip (Qsip), Last 未报终止ip (Zzip).
	First int64 `xml:"Qsip" wire:"req,val=1..4294967295"`
	Last  int64 `xml:"Zzip" wire:"req,val=1..4294967295"`
	// From is Fpdw: the reporting unit that gave the range, optional.
	From int64 `xml:"Fpdw,omitempty" wire:"val=1.."`
	// Kind is 未报类型 (Wblx): [FindingSource] or [FindingAllocation], optional.
	Kind int64 `xml:"Wblx,omitempty" wire:"val=1..10"`
	// Remark is 备注 (Bz), of any length, optional.
	Remark string `xml:"Bz,omitempty"`
	Other  []Raw  `xml:",any"`
}
