package wire

// DownloadDomains (域名备案信息, YM) is what the ministry tells about domain reports.
type DownloadDomains struct {
	// Results is 备案结果 (BAJG).
	Results *DomainResults `xml:"BAJG,omitempty"`
	Other   []Raw          `xml:",any"`
}

// DomainResults (备案结果, BAJG) has results of domain reports.
type DomainResults struct {
	// Records is 域名结果信息 (Jg_xx), one or more.
	Records []DomainResult `xml:"Jg_xx" wire:"n=1.."`
	Other   []Raw          `xml:",any"`
}

// DomainResult (域名结果信息, Jg_xx) is what the machine says about one report.
type DomainResult struct {
	// Codes is 结果信息 (Jgxx), one or more.
	Codes []DomainResultCode `xml:"Jgxx" wire:"n=1.."`
	// AuthorityID is the ministry's id of the domain (Id); absent when a new
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

// DomainResultCode (结果信息, Jgxx) is one data code; see [DataCodeOf].
type DomainResultCode struct {
	// Comment is 操作结果描述 (Dmms), at most 255 characters, present though empty.
	Comment string `xml:"Dmms" wire:"len=0..255"`
	// Code is 操作结果代码 (Jgdm).
	Code  int64 `xml:"Jgdm" wire:"req,val=1.."`
	Other []Raw `xml:",any"`
}
