package wire

// Findings about an access (核查结果, Hcjg of Jrhc).
const (
	AccessOverReported  = 1 // 多报: reported, but not found on the network
	AccessUnderReported = 2 // 少报: found, but not reported
)

// Findings about a shell website (核查结果, Hcjg of Kkwzhc).
const (
	WebsiteAlive = 0 // 存活
	WebsiteDead  = 1 // 死亡
)

// Audit (核查结果, HCJG) is what the authority found when it checked filings.
type Audit struct {
	// Findings is 结果信息 (Jgxx).
	Findings AuditFindings `xml:"Jgxx"`
	Other    []Raw         `xml:",any"`
}

// AuditFindings (结果信息, Jgxx) has any number of each kind.
type AuditFindings struct {
	// Subjects is 主体核查 (Zthc).
	Subjects []SubjectFinding `xml:"Zthc"`
	// Accesses is 接入核查信息 (Jrhc).
	Accesses []AccessFinding `xml:"Jrhc"`
	// Shells is 空壳网站核查 (Kkwzhc).
	Shells []ShellFinding `xml:"Kkwzhc"`
	// Dead is 网站存活检测信息 (Wzch; the schema's spelling).
	Dead  []LivenessFinding `xml:"Wzch"`
	Other []Raw             `xml:",any"`
}

// SubjectFinding (主体核查, Zthc) is a mistake in the data of a subject.
type SubjectFinding struct {
	// AuthorityID is the authority's id of the subject (Ztid).
	AuthorityID int64 `xml:"Ztid" wire:"req,val=1.."`
	// Name is 单位名称 (Dwmc), 1–255 characters.
	Name string `xml:"Dwmc" wire:"req,len=1..255"`
	// CertificateType is the id of 证件类型 (Zjlx), 1–999.
	CertificateType int64 `xml:"Zjlx" wire:"req,val=1..999"`
	// CertificateNumber is 证件号码 (Zjhm), 1–255 characters.
	CertificateNumber string `xml:"Zjhm" wire:"req,len=1..255"`
	// Reason is 错误原因 (Cwyy), 1–512 characters, optional.
	Reason string `xml:"Cwyy,omitempty" wire:"len=1..512"`
	// Remark is 备注 (Bz), of any length, optional.
	Remark string `xml:"Bz,omitempty"`
	Other  []Raw  `xml:",any"`
}

// AccessFinding (接入核查信息, Jrhc) is an access that is reported but not there,
// or there but not reported.
type AccessFinding struct {
	// WebsiteID is the authority's id of the website (Wzid).
	WebsiteID int64 `xml:"Wzid" wire:"req,val=1.."`
	// WebsiteLicence is 网站备案序号 (Wz_Baxh), 5–255 characters.
	WebsiteLicence string `xml:"Wz_Baxh" wire:"req,len=5..255"`
	// Domain is 域名信息 (Ym), 4–255 characters, with [AccessUnderReported].
	Domain string `xml:"Ym,omitempty" wire:"len=4..255"`
	// IP is 解析ip (Jxip), what the domain resolves to, with
	// [AccessUnderReported]; see [IPv4Text].
	IP int64 `xml:"Jxip,omitempty" wire:"val=0..4294967295"`
	// Provider is 报备接入商 (Bbisp): the reporting unit, optional.
	Provider int64 `xml:"Bbisp,omitempty" wire:"val=1.."`
	// Result is 核查结果 (Hcjg): [AccessOverReported] or [AccessUnderReported].
	Result int64 `xml:"Hcjg" wire:"req,val=1..2"`
	// At is 核查时间 (Hcsj), see [ParseTime].
	At string `xml:"Hcsj" wire:"req,len=10..22"`
	// AccessID is the authority's id of the access (Jrid), optional.
	AccessID int64 `xml:"Jrid,omitempty" wire:"val=1.."`
	// Remark is 备注 (Bz), of any length, optional.
	Remark string `xml:"Bz,omitempty"`
	Other  []Raw  `xml:",any"`
}

// ShellFinding (空壳网站核查, Kkwzhc) is a filed website that seems to have no
// content.
type ShellFinding struct {
	// WebsiteID is the authority's id of the website (Wzid).
	WebsiteID int64 `xml:"Wzid" wire:"req,val=1.."`
	// WebsiteLicence is 网站备案序号 (Wz_Baxh), 5–255 characters.
	WebsiteLicence string `xml:"Wz_Baxh" wire:"req,len=5..255"`
	// Result is 核查结果 (Hcjg): [WebsiteAlive] or [WebsiteDead].
	Result int64 `xml:"Hcjg" wire:"val=0..1"`
	// At is 核查时间 (Hcsj), see [ParseTime].
	At string `xml:"Hcsj" wire:"req,len=10..22"`
	// HomePage is 首页url (Syurl), 7–255 characters, optional.
	HomePage string `xml:"Syurl,omitempty" wire:"len=7..255"`
	// Remark is 备注 (Bz), of any length, optional.
	Remark string `xml:"Bz,omitempty"`
	Other  []Raw  `xml:",any"`
}

// LivenessFinding (网站存活检测信息, Wzch) is a filed website that did not answer.
type LivenessFinding struct {
	// WebsiteID is the authority's id of the website (Wzid).
	WebsiteID int64 `xml:"Wzid" wire:"req,val=1.."`
	// WebsiteLicence is 网站备案序号 (Wz_Baxh), 5–255 characters.
	WebsiteLicence string `xml:"Wz_Baxh" wire:"req,len=5..255"`
	// HomePage is 网站首页url (Syurl), 4–255 characters, optional.
	HomePage string `xml:"Syurl,omitempty" wire:"len=4..255"`
	// At is 核查时间 (Hcsj), see [ParseTime].
	At string `xml:"Hcsj" wire:"req,len=10..22"`
	// Remark is 备注 (Bz), of any length, optional.
	Remark string `xml:"Bz,omitempty"`
	Other  []Raw  `xml:",any"`
}
