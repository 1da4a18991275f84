package wire

// Website (网站信息, Wz_xx) is one new website, as a first filing and an added
// website send it. The order of the fields is the order the schema demands.
type Website struct {
	// ID is our id of the website (IspWzid), ≥ 1, unique for each request.
	ID int64 `xml:"IspWzid" wire:"req,val=1.."`
	// Name is 网站名称 (Wzmc), 1–512 characters; several are joined by ";".
	Name string `xml:"Wzmc" wire:"req,len=1..512"`
	// Approvals is 前置或专项审批内容 (Nrlx), absent when there is none.
	Approvals *Approvals `xml:"Nrlx,omitempty"`
	// Services is 网站服务内容 (Fwnr): 1–64 ids of 1–64.
	Services ServiceIDs `xml:"Fwnr"`
	// Languages is 网站语言类别 (Yylb): 1–256 ids of 1–64.
	Languages LanguageIDs `xml:"Yylb"`
	// Domains is 域名信息 (Ym_xx), one or more.
	Domains []Domain `xml:"Ym_xx" wire:"n=1.."`
	// Accesses is 接入信息 (Jr_xx), one or more.
	Accesses []Access `xml:"Jr_xx" wire:"n=1.."`
	// Principal is 网站负责人信息 (Wz_Fzr).
	Principal Principal `xml:"Wz_Fzr"`
	// HomePage is 首页url (Syurl), 4–512 characters, optional. A first filing
	// allows only 255.
	HomePage string `xml:"Syurl,omitempty" wire:"len=4..512"`
	// Remark is 备注信息 (Wz_Bz), 1–1024 characters, optional.
	Remark string `xml:"Wz_Bz,omitempty" wire:"len=1..1024"`
}

// Approvals (前置或专项审批内容, Nrlx) is the list of prior approvals.
type Approvals struct {
	Items []Approval `xml:"Nrlx_xx" wire:"n=1..64"`
	Other []Raw      `xml:",any"`
}

// Approval (Nrlx_xx) is one prior or special approval.
type Approval struct {
	// Type is the id of the approval type (Nrlx_id), 1–64.
	Type int64 `xml:"Nrlx_id" wire:"req,val=1..64,code"`
	// Number is 前置审批号 (Qzsph), 1–512 characters.
	Number string `xml:"Qzsph" wire:"req,len=1..512"`
	// Scans is 审批文件扫描件 (Spwj): 1–10 JPEG pictures of at most 100 KB each.
	Scans []Base64 `xml:"Spwj" wire:"n=1..10,max=102400"`
	Other []Raw    `xml:",any"`
}

// ServiceIDs (网站服务内容, Fwnr) is the list of service contents.
type ServiceIDs struct {
	IDs   []int64 `xml:"Fwnr_id" wire:"n=1..64,val=1..64,code"`
	Other []Raw   `xml:",any"`
}

// LanguageIDs (网站语言类别, Yylb) is the list of languages of a website.
type LanguageIDs struct {
	IDs   []int64 `xml:"Yylb_id" wire:"n=1..256,val=1..64,code"`
	Other []Raw   `xml:",any"`
}

// Domain (域名信息, Ym_xx) is one domain of a website.
type Domain struct {
	// ID is our id of the domain (IspYmid), ≥ 1.
	ID int64 `xml:"IspYmid" wire:"req,val=1.."`
	// Name is 域名 (Ym), 4–128 characters.
	Name string `xml:"Ym" wire:"req,len=4..128"`
}

// Access (接入信息, Jr_xx) says where and how a website is connected.
type Access struct {
	// ID is our id of the access (IspJrid), ≥ 1, new for each request.
	ID int64 `xml:"IspJrid" wire:"req,val=1.."`
	// Places is 服务器放置地点 (Wzfb): 1–64 ids of 1–64.
	Places PlaceIDs `xml:"Wzfb"`
	// Modes is 网站接入方式 (Wzjrfs): 1–64 ids of 1–64.
	Modes ModeIDs `xml:"Wzjrfs"`
	// IPs is Ip地址信息 (Ip_xx), one or more ranges.
	IPs []IPRange `xml:"Ip_xx" wire:"n=1.."`
}

// PlaceIDs (服务器放置地点, Wzfb) is the list of server locations.
type PlaceIDs struct {
	IDs   []int64 `xml:"Fbdd" wire:"n=1..64,val=1..64,code"`
	Other []Raw   `xml:",any"`
}

// ModeIDs (网站接入方式, Wzjrfs) is the list of access modes.
type ModeIDs struct {
	IDs   []int64 `xml:"Jrfs" wire:"n=1..64,val=1..64,code"`
	Other []Raw   `xml:",any"`
}

// IPRange (Ip_xx) is an IPv4 range, both ends included; see [IPv4Number].
type IPRange struct {
	// ID is our id of the range (IspIpid), ≥ 1.
	ID int64 `xml:"IspIpid" wire:"req,val=1.."`
	// First is 起始ip (Qsip), 1–4294967295.
	First int64 `xml:"Qsip" wire:"req,val=1..4294967295"`
	// Last is 截至ip (Zzip), 1–4294967295, not below First.
	Last int64 `xml:"Zzip" wire:"req,val=1..4294967295"`
}

func (r *IPRange) checkMore(c *checker) { c.ordered(r.First, r.Last) }

// Principal (负责人信息, Fzr or Wz_Fzr) answers for a subject or a website.
// Phones and addresses may be several, joined by ";".
type Principal struct {
	// Name is 负责人姓名 (Fzr_xm), 1–128 characters.
	Name string `xml:"Fzr_xm,omitempty" wire:"req,len=1..128"`
	// OfficePhone is 办公室电话 (Fzr_dhhm), 11–128 digits and dashes; a website
	// of a unit must have it, one of a person need not.
	OfficePhone string `xml:"Fzr_dhhm,omitempty" wire:"len=11..128,phone"`
	// Mobile is 手机号码 (Fzr_sjhm), 11–128 characters.
	Mobile string `xml:"Fzr_sjhm" wire:"req,len=11..128,phone"`
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
