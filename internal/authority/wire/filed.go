package wire

// FiledData (ICP备案数据, BASJ; in a full synchronisation ICP) is a list of filed
// records.
type FiledData struct {
	// Records is 备案信息 (Baxx), one or more.
	Records []FiledRecord `xml:"Baxx" wire:"n=1.."`
	Other   []Raw         `xml:",any"`
}

// FiledRecord (备案信息, Baxx) is the authority's image of one subject and its
// websites, with the authority's ids and, where we sent the data, ours.
type FiledRecord struct {
	// Subject is 主办者信息 (Zt_xx).
	Subject FiledSubject `xml:"Zt_xx"`
	// Websites is 网站信息 (Wz_xx), one or more.
	Websites []FiledWebsite `xml:"Wz_xx" wire:"n=1.."`
	// Remark is 备注 (Bz), of any length, optional.
	Remark string `xml:"Bz,omitempty"`
	Other  []Raw  `xml:",any"`
}

// FiledSubject (主办者信息, Zt_xx) is a filed subject. Zero means absent.
type FiledSubject struct {
	// OurID is our id of the subject (IspZtid), optional.
	OurID int64 `xml:"IspZtid,omitempty" wire:"val=1.."`
	// AuthorityID is the authority's id (Ztid).
	AuthorityID int64 `xml:"Ztid" wire:"req,val=1.."`
	// Name is 单位名称 (Dwmc), 1–255 characters.
	Name string `xml:"Dwmc" wire:"req,len=1..255"`
	// Nature is the id of 单位性质 (Dwxz), 1–999, optional.
	Nature int64 `xml:"Dwxz,omitempty" wire:"val=1..999"`
	// Address is 通信地址信息 (Txdz).
	Address Address `xml:"Txdz"`
	// Certificate is 证件信息 (Zj); the number has at most 128 characters here.
	Certificate Certificate `xml:"Zj" wire:"Zjhm.len=1..128"`
	// Principal is 负责人信息 (Fzr).
	Principal DownloadPrincipal `xml:"Fzr" wire:"Fzr_xm.opt,Fzr_dzyj.req,Fzr_zjhm.len=1..255"`
	// Licence is 主体备案号 (Baxh), 1–128 characters, optional.
	Licence string `xml:"Baxh,omitempty" wire:"len=1..128"`
	// OnBehalf is 报备类型 (Bbyhlx): [FiledByOwner] or [FiledOnBehalf].
	OnBehalf int64 `xml:"Bbyhlx" wire:"val=0..1"`
	// Investor is 投资人 (Tzr), 1–255 characters, optional.
	Investor string `xml:"Tzr,omitempty" wire:"len=1..255"`
	// FirstFiled is 首次报备时间 (Scbbsj), LastChanged 最近修改时间 (Zjxgsj); read
	// them with [ParseTime].
	FirstFiled  string `xml:"Scbbsj" wire:"req,len=10..22"`
	LastChanged string `xml:"Zjxgsj" wire:"req,len=10..22"`
	// CertExpiry, CertPath and CertSerial describe the electronic filing
	// certificate (证书有效期 Zsyxq, 证书路径 Zslj, 证书序号 Zsxh), optional.
	CertExpiry string `xml:"Zsyxq,omitempty" wire:"len=10..22"`
	CertPath   string `xml:"Zslj,omitempty" wire:"len=1..255"`
	CertSerial string `xml:"Zsxh,omitempty" wire:"len=1..128"`
	// Reviewer is 审核人姓名 (Shrxm), ReviewedAt 审核时间 (Shsj), optional.
	Reviewer   string `xml:"Shrxm,omitempty" wire:"len=1..128"`
	ReviewedAt string `xml:"Shsj,omitempty" wire:"len=10..22"`
	// Remark is 备注 (Bz), 1–1024 characters, optional.
	Remark string `xml:"Bz,omitempty" wire:"len=1..1024"`
	Other  []Raw  `xml:",any"`
}

// Address (通信地址信息, Txdz) has area codes (GB/T 2260) and the street.
type Address struct {
	Province int64  `xml:"Shengid" wire:"req,val=100000.."`      // 省
	City     int64  `xml:"Shiid,omitempty" wire:"val=100000.."`  // 市
	County   int64  `xml:"Xianid,omitempty" wire:"val=100000.."` // 县
	Street   string `xml:"Xxdz,omitempty" wire:"len=1..1024"`    // 详细通信地址
	Other    []Raw  `xml:",any"`
}

// Certificate (证件信息, Zj) identifies a subject.
type Certificate struct {
	Type    int64  `xml:"Zjlx" wire:"req,val=1..999"`  // 证件类型
	Number  string `xml:"Zjhm" wire:"req,len=1..255"`  // 证件号码
	Address string `xml:"Zjzs" wire:"req,len=1..1024"` // 证件住所
	Other   []Raw  `xml:",any"`
}

// DownloadPrincipal (负责人信息, Fzr or Wz_Fzr) is a principal as the authority has
// it; the schema demands the name of a website's, the e-mail address of a
// subject's, and nothing else.
type DownloadPrincipal struct {
	Name              string `xml:"Fzr_xm,omitempty" wire:"req,len=1..128"` // 姓名
	OfficePhone       string `xml:"Fzr_dhhm,omitempty" wire:"len=11..128"`  // 办公室电话
	Mobile            string `xml:"Fzr_sjhm,omitempty" wire:"len=11..128"`  // 手机号码
	Email             string `xml:"Fzr_dzyj,omitempty" wire:"len=6..128"`   // 电子邮件地址
	MSN               string `xml:"Msn,omitempty" wire:"len=6..128"`        // MSN账号
	QQ                string `xml:"Qq,omitempty" wire:"len=5..128"`         // QQ账号
	CertificateType   int64  `xml:"Fzr_zjlx,omitempty" wire:"val=1..999"`   // 证件类型
	CertificateNumber string `xml:"Fzr_zjhm,omitempty" wire:"len=1..128"`   // 证件号码
	Other             []Raw  `xml:",any"`
}

// FiledWebsite (网站信息, Wz_xx) is a filed website.
type FiledWebsite struct {
	// OurID is our id of the website (IspWzid), optional.
	OurID int64 `xml:"IspWzid,omitempty" wire:"val=1.."`
	// AuthorityID is the authority's id (Wzid).
	AuthorityID int64 `xml:"Wzid" wire:"req,val=1.."`
	// Name is 网站名称 (Wzmc), 1–512 characters; several are joined by ";".
	Name string `xml:"Wzmc" wire:"req,len=1..512"`
	// Approvals is 前置或专项审批内容 (Nrlx), optional.
	Approvals *Approvals `xml:"Nrlx,omitempty"`
	// Services is 网站服务内容 (Fwnr), optional.
	Services *ServiceIDs `xml:"Fwnr,omitempty"`
	// Languages is 网站语言类别 (Yylb).
	Languages LanguageIDs `xml:"Yylb"`
	// Domains is 域名信息 (Ym_xx), one or more.
	Domains []FiledDomain `xml:"Ym_xx" wire:"n=1.."`
	// Accesses is 接入信息 (Jr_xx), one or more.
	Accesses []FiledAccess `xml:"Jr_xx" wire:"n=1.."`
	// Principal is 网站负责人信息 (Wz_Fzr).
	Principal DownloadPrincipal `xml:"Wz_Fzr"`
	// HomePage is 首页URL (Syurl), 4–255 characters, optional.
	HomePage string `xml:"Syurl,omitempty" wire:"len=4..255"`
	// Remark is 备注信息 (Wz_Bz), 1–1024 characters, optional.
	Remark string `xml:"Wz_Bz,omitempty" wire:"len=1..1024"`
	// FirstFiled is 首次报备时间 (Scbbsj), LastChanged 最近修改时间 (Zjxgsj),
	// optional; read them with [ParseTime].
	FirstFiled  string `xml:"Scbbsj,omitempty" wire:"len=10..22"`
	LastChanged string `xml:"Zjxgsj,omitempty" wire:"len=10..22"`
	// Licence is 网站备案号 (Baxh), 1–128 characters, optional.
	Licence string `xml:"Baxh,omitempty" wire:"len=1..128"`
	Other   []Raw  `xml:",any"`
}

// FiledDomain (域名信息, Ym_xx) is a domain of a filed website.
type FiledDomain struct {
	// OurID is our id of the domain (IspYmid), optional.
	OurID int64 `xml:"IspYmid,omitempty" wire:"val=1.."`
	// AuthorityID is the authority's id (Ymid).
	AuthorityID int64 `xml:"Ymid" wire:"req,val=1.."`
	// Name is 域名 (Ym), 4–128 characters.
	Name  string `xml:"Ym" wire:"req,len=4..128"`
	Other []Raw  `xml:",any"`
}

// FiledAccess (接入信息, Jr_xx) is an access of a filed website.
type FiledAccess struct {
	// OurID is our id of the access (IspJrid), optional.
	OurID int64 `xml:"IspJrid,omitempty" wire:"val=1.."`
	// AuthorityID is the authority's id (Jrid).
	AuthorityID int64 `xml:"Jrid" wire:"req,val=1.."`
	// ProviderID is 所属接入商 (Ispid): the reporting unit that gives the access.
	ProviderID int64 `xml:"Ispid" wire:"req,val=1.."`
	// Places is 服务器放置地点 (Wzfb).
	Places PlaceIDs `xml:"Wzfb"`
	// Modes is 网站接入方式 (Wzjrfs).
	Modes ModeIDs `xml:"Wzjrfs"`
	// IPs is Ip地址信息 (Ip_xx), one or more.
	IPs   []FiledIP `xml:"Ip_xx" wire:"n=1.."`
	Other []Raw     `xml:",any"`
}

// FiledIP (Ip地址信息, Ip_xx) is an IPv4 range of an access; see [IPv4Text].
type FiledIP struct {
	// OurID is our id of the range (IspIpid), optional.
	OurID int64 `xml:"IspIpid,omitempty" wire:"val=1.."`
	// AuthorityID is the authority's id (Ipid).
	AuthorityID int64 `xml:"Ipid" wire:"req,val=1.."`
	// First is 起始ip (Qsip), Last 截至ip (Zzip): 1–4294967295, both included.
	First int64 `xml:"Qsip" wire:"req,val=1..4294967295"`
	Last  int64 `xml:"Zzip" wire:"req,val=1..4294967295"`
	Other []Raw `xml:",any"`
}
