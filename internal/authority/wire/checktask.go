package wire

// CheckTasks (核实任务, HSRW) asks the provider to check what others filed on its
// addresses; [CheckResults] answers it.
type CheckTasks struct {
	// Records is ICP备案信息 (Baxx), one or more.
	Records []CheckTask `xml:"Baxx" wire:"n=1.."`
	Other   []Raw       `xml:",any"`
}

// CheckTask (ICP备案信息, Baxx) is one filing to be checked.
type CheckTask struct {
	// Subject is 主办者信息 (Zt_xx).
	Subject TaskSubject `xml:"Zt_xx"`
	// Websites is 网站信息 (Wz_xx), one or more.
	Websites []TaskWebsite `xml:"Wz_xx" wire:"n=1.."`
	// Remark is 备注 (Bz), of any length, optional.
	Remark string `xml:"Bz,omitempty"`
	Other  []Raw  `xml:",any"`
}

// TaskSubject (主办者信息, Zt_xx) is the subject to be checked.
type TaskSubject struct {
	// AuthorityID is the authority's id of the subject (Ztid).
	AuthorityID int64 `xml:"Ztid" wire:"req,val=1.."`
	// Name is 单位名称 (Dwmc), 1–255 characters.
	Name string `xml:"Dwmc" wire:"req,len=1..255"`
	// Nature is the id of 单位性质 (Dwxz), 1–999, optional.
	Nature int64 `xml:"Dwxz,omitempty" wire:"val=1..999"`
	// Address is 通信地址信息 (Txdz).
	Address Address `xml:"Txdz"`
	// Certificate is 证件信息 (Zj).
	Certificate Certificate `xml:"Zj"`
	// Principal is 负责人信息 (Fzr).
	Principal DownloadPrincipal `xml:"Fzr" wire:"Fzr_xm.opt,Fzr_dzyj.req"`
	// Investor is 投资人 (Tzr), 1–255 characters, optional.
	Investor string `xml:"Tzr,omitempty" wire:"len=1..255"`
	// OnBehalf is 报备单位类型 (Bbyhlx): [FiledByOwner] or [FiledOnBehalf].
	OnBehalf int64 `xml:"Bbyhlx" wire:"val=0..1"`
	// FirstFiled is 首次报备时间 (Scbbsj), LastChanged 最近修改时间 (Zjxgsj, optional);
	// read them with [ParseTime].
	FirstFiled  string `xml:"Scbbsj" wire:"req,len=10..22"`
	LastChanged string `xml:"Zjxgsj,omitempty" wire:"len=10..22"`
	// Remark is 备注 (Bz), 1–1024 characters, optional.
	Remark string `xml:"Bz,omitempty" wire:"len=1..1024"`
	Other  []Raw  `xml:",any"`
}

// TaskWebsite (网站信息, Wz_xx) is a website to be checked.
type TaskWebsite struct {
	// AuthorityID is the authority's id of the website (Wzid).
	AuthorityID int64 `xml:"Wzid" wire:"req,val=1.."`
	// Name is 网站名称 (Wzmc), 1–512 characters; several are joined by ";".
	Name string `xml:"Wzmc" wire:"req,len=1..512"`
	// Approvals is 前置或专项审批内容 (Nrlx), optional.
	Approvals *Approvals `xml:"Nrlx,omitempty"`
	// Services is 网站服务内容 (Fwnr), optional.
	Services *ServiceIDs `xml:"Fwnr,omitempty"`
	// Languages is 网站语言类别 (Yylb), optional.
	Languages *LanguageIDs `xml:"Yylb,omitempty"`
	// Domains is 域名信息 (Ym_xx), one or more.
	Domains []TaskDomain `xml:"Ym_xx" wire:"n=1.."`
	// Accesses is 接入信息 (Jr_xx), one or more.
	Accesses []TaskAccess `xml:"Jr_xx" wire:"n=1.."`
	// Principal is 网站负责人信息 (Wz_Fzr).
	Principal DownloadPrincipal `xml:"Wz_Fzr"`
	// HomePage is 首页url (Syurl), 4–255 characters, optional.
	HomePage string `xml:"Syurl,omitempty" wire:"len=4..255"`
	// Remark is 备注信息 (Wz_Bz), 1–1024 characters, optional.
	Remark string `xml:"Wz_Bz,omitempty" wire:"len=1..1024"`
	// FirstFiled is 首次报备时间 (Scbbsj), LastChanged 最近修改时间 (Zjxgsj),
	// optional; read them with [ParseTime].
	FirstFiled  string `xml:"Scbbsj,omitempty" wire:"len=10..22"`
	LastChanged string `xml:"Zjxgsj,omitempty" wire:"len=10..22"`
	Other       []Raw  `xml:",any"`
}

// TaskDomain (域名信息, Ym_xx) is a domain to be checked.
type TaskDomain struct {
	// AuthorityID is the authority's id of the domain (Ymid).
	AuthorityID int64 `xml:"Ymid" wire:"req,val=1.."`
	// Name is 域名 (Ym), 4–128 characters.
	Name  string `xml:"Ym" wire:"req,len=4..128"`
	Other []Raw  `xml:",any"`
}

// TaskAccess (接入信息, Jr_xx) is an access to be checked.
type TaskAccess struct {
	// AuthorityID is the authority's id of the access (Jrid).
	AuthorityID int64 `xml:"Jrid" wire:"req,val=1.."`
	// Places is 服务器放置地点 (Wzfb).
	Places PlaceIDs `xml:"Wzfb"`
	// Modes is 网站接入方式 (Wzjrfs).
	Modes ModeIDs `xml:"Wzjrfs"`
	// IPs is Ip地址信息 (Ip_xx), one or more.
	IPs []TaskIP `xml:"Ip_xx" wire:"n=1.."`
	// ReporterID is Bbyhid: the filer's own account, or the reporting unit that
	// filed on behalf.
	ReporterID int64 `xml:"Bbyhid" wire:"req,val=1.."`
	// OnBehalf is 报备用户类型 (Bbyhlx): [FiledByOwner] or [FiledOnBehalf].
	OnBehalf int64 `xml:"Bbyhlx" wire:"val=0..1"`
	Other    []Raw `xml:",any"`
}

// TaskIP (Ip_xx) is an IPv4 range to be checked; see [IPv4Text].
type TaskIP struct {
	// AuthorityID is the authority's id of the range (Ipid).
	AuthorityID int64 `xml:"Ipid" wire:"req,val=1.."`
	// First is 起始ip (Qsip), Last 截至ip (Zzip): 1–4294967295, both included.
	First int64 `xml:"Qsip" wire:"req,val=1..4294967295"`
	Last  int64 `xml:"Zzip" wire:"req,val=1..4294967295"`
	Other []Raw `xml:",any"`
}
