package wire

// Results of a check that the provider did (核实结果, Hsjg): the other way round
// than [ReviewPassed].
const (
	CheckPassed  = 0 // 通过
	CheckRefused = 1 // 拒绝
)

// CheckResults (核实结果, HSJG) answers the tasks of [CheckTasks].
type CheckResults struct {
	// Records is 结果信息 (Hsjgxx), one or more.
	Records []CheckResult `xml:"Hsjgxx" wire:"n=1.."`
}

// CheckResult (结果信息, Hsjgxx) is what the provider found about one filing.
type CheckResult struct {
	// Result is 核实结果 (Hsjg): [CheckPassed] or [CheckRefused].
	Result int64 `xml:"Hsjg" wire:"val=0..1"`
	// Checker is 核实人姓名 (Hsrxm), 1–128 characters.
	Checker string `xml:"Hsrxm" wire:"req,len=1..128"`
	// Date is 核实时间 (Hssj), YYYY-MM-DD, see [FormatDate].
	Date string `xml:"Hssj" wire:"req,len=10..10,date"`
	// Unit is 所属单位id (Bbdw): the checker's reporting unit, ≥ 1.
	Unit int64 `xml:"Bbdw" wire:"req,val=1.."`
	// Opinion is 核实意见 (Hsyj), 1–1024 characters.
	Opinion string `xml:"Hsyj" wire:"req,len=1..1024"`
	// Mistakes is 错误信息 (Cwxx), 1–4000 characters, optional.
	Mistakes string `xml:"Cwxx,omitempty" wire:"len=1..4000"`
	// Filing is 备案信息 (Baxx): the filing as the task gave it.
	Filing CheckedFiling `xml:"Baxx"`
}

// CheckedFiling (备案信息, Baxx) is the filing that was checked.
type CheckedFiling struct {
	// Subject is 主办者信息 (Zt_xx).
	Subject CheckedSubject `xml:"Zt_xx"`
	// Websites is 网站信息 (Wz_xx), one or more.
	Websites []CheckedWebsite `xml:"Wz_xx" wire:"n=1.."`
}

// CheckedSubject (主办者信息, Zt_xx) is the subject that was checked.
type CheckedSubject struct {
	// AuthorityID is the authority's id of the subject (Ztid), ≥ 1.
	AuthorityID int64 `xml:"Ztid" wire:"req,val=1.."`
	// Name is 单位名称 (Dwmc), 1–255 characters.
	Name string `xml:"Dwmc" wire:"req,len=1..255"`
	// Nature is the id of 单位性质 (Dwxz), 1–999, optional.
	Nature int64 `xml:"Dwxz,omitempty" wire:"val=1..999"`
	// Address is 通信地址信息 (Txdz).
	Address PostalAddress `xml:"Txdz"`
	// Investor is 投资人 (Tzr), 1–255 characters, optional.
	Investor string `xml:"Tzr,omitempty" wire:"len=1..255"`
	// Certificate is 证件信息 (Zj).
	Certificate SubjectCertificate `xml:"Zj"`
	// Principal is 负责人信息 (Fzr); the name may be absent.
	Principal CheckedPrincipal `xml:"Fzr" wire:"Fzr_xm.opt"`
	// Remark is 备注 (Bz), 1–1024 characters, optional.
	Remark string `xml:"Bz,omitempty" wire:"len=1..1024"`
}

// CheckedWebsite (网站信息, Wz_xx) is a website that was checked; this operation
// alone has no languages. The order of the fields is the order the schema
// demands.
type CheckedWebsite struct {
	// AuthorityID is the authority's id of the website (Wzid), ≥ 1.
	AuthorityID int64 `xml:"Wzid" wire:"req,val=1.."`
	// Name is 网站名称 (Wzmc), 1–512 characters; several are joined by ";".
	Name string `xml:"Wzmc" wire:"req,len=1..512"`
	// Approvals is 前置或专项审批内容 (Nrlx), absent when there is none.
	Approvals *Approvals `xml:"Nrlx,omitempty"`
	// Services is 网站服务内容 (Fwnr).
	Services ServiceIDs `xml:"Fwnr"`
	// Domains is 域名信息 (Ym_xx), one or more.
	Domains []CheckedDomain `xml:"Ym_xx" wire:"n=1.."`
	// Accesses is 接入信息 (Jr_xx), one or more.
	Accesses []CheckedAccess `xml:"Jr_xx" wire:"n=1.."`
	// Principal is 网站负责人信息 (Wz_Fzr); the mobile number may be absent.
	Principal CheckedPrincipal `xml:"Wz_Fzr" wire:"sjhm.opt"`
	// HomePage is 首页url (Syurl), 4–255 characters, optional.
	HomePage string `xml:"Syurl,omitempty" wire:"len=4..255"`
	// Remark is 备注信息 (Wz_Bz), 1–1024 characters, optional.
	Remark string `xml:"Wz_Bz,omitempty" wire:"len=1..1024"`
}

// CheckedDomain (域名信息, Ym_xx) is a domain of a checked website.
type CheckedDomain struct {
	// AuthorityID is the authority's id of the domain (Ymid), ≥ 1.
	AuthorityID int64 `xml:"Ymid" wire:"req,val=1.."`
	// Name is 域名 (Ym), 4–128 characters.
	Name string `xml:"Ym" wire:"req,len=4..128"`
}

// CheckedAccess (接入信息, Jr_xx) is an access of a checked website.
type CheckedAccess struct {
	// AuthorityID is the authority's id of the access (Jrid), ≥ 1.
	AuthorityID int64 `xml:"Jrid" wire:"req,val=1.."`
	// Places is 服务器放置地点 (Wzfb).
	Places PlaceIDs `xml:"Wzfb"`
	// Modes is 网站接入方式 (Wzjrfs).
	Modes ModeIDs `xml:"Wzjrfs"`
	// IPs is Ip地址信息 (Ip_xx), one or more ranges.
	IPs []CheckedIP `xml:"Ip_xx" wire:"n=1.."`
	// OnBehalf is 报备方式 (Bbfs): [FiledByOwner] or [FiledOnBehalf].
	OnBehalf int64 `xml:"Bbfs" wire:"val=0..1"`
}

// CheckedIP (Ip_xx) is an IPv4 range of a checked access.
type CheckedIP struct {
	// AuthorityID is the authority's id of the range (Ipid), ≥ 1.
	AuthorityID int64 `xml:"Ipid" wire:"req,val=1.."`
	// First is 起始ip (Qsip), 1–4294967295.
	First int64 `xml:"Qsip" wire:"req,val=1..4294967295"`
	// Last is 截至ip (Zzip), 1–4294967295, not below First.
	Last int64 `xml:"Zzip" wire:"req,val=1..4294967295"`
}

func (r *CheckedIP) checkMore(c *checker) { c.ordered(r.First, r.Last) }

// CheckedPrincipal (负责人信息, Fzr or Wz_Fzr) is a principal whose mobile number
// has another element name than everywhere else.
type CheckedPrincipal struct {
	// Name is 负责人姓名 (Fzr_xm), 1–128 characters.
	Name string `xml:"Fzr_xm,omitempty" wire:"req,len=1..128"`
	// OfficePhone is 办公室电话 (Fzr_dhhm), 11–128 digits and dashes, optional.
	OfficePhone string `xml:"Fzr_dhhm,omitempty" wire:"len=11..128,phone"`
	// Mobile is 手机号码 (sjhm), 11–128 digits and dashes.
	Mobile string `xml:"sjhm,omitempty" wire:"req,len=11..128,phone"`
	// Email is 电子邮件地址 (Fzr_dzyj), 6–128 characters, each with an "@".
	Email string `xml:"Fzr_dzyj" wire:"req,len=6..128,email"`
	// MSN is MSN账号 (Msn), 6–128 characters, optional.
	MSN string `xml:"Msn,omitempty" wire:"len=6..128"`
	// QQ is QQ账号 (Qq), 5–128 characters, optional.
	QQ string `xml:"Qq,omitempty" wire:"len=5..128"`
	// CertificateType is 负责人证件类型 (Fzr_zjlx), 1–999, optional.
	CertificateType int64 `xml:"Fzr_zjlx,omitempty" wire:"val=1..999"`
	// CertificateNumber is 负责人证件号码 (Fzr_zjhm), 1–128 characters, optional.
	CertificateNumber string `xml:"Fzr_zjhm,omitempty" wire:"len=1..128"`
}
