package wire

// Changes (变更备案, BGBA) replaces what is filed about subjects and websites.
type Changes struct {
	// Records is 变更信息 (Bgxx), one or more.
	Records []Change `xml:"Bgxx" wire:"n=1.."`
}

// Change (变更信息, Bgxx) is the whole new image of a subject and of those of its
// websites that change: what is left out is given up. The ids come from
// [FiledRecord].
type Change struct {
	// Subject is 主办者信息 (Zt_xx), always whole.
	Subject ChangedSubject `xml:"Zt_xx"`
	// Websites is 网站信息 (Wz_xx), one or more.
	Websites []ChangedWebsite `xml:"Wz_xx" wire:"n=1.."`
	// Attachments is 附件 (Fj), any number.
	Attachments []Attachment `xml:"Fj"`
	// FilingPasswordHash is ICP备案密码 (ICPmm): the MD5 of the filing password
	// as hex text, see [Profile.FilingPasswordHash]; 1–32 characters, optional.
	FilingPasswordHash string `xml:"ICPmm,omitempty" wire:"len=1..32"`
}

func (r *Change) checkMore(c *checker) {
	for i := range r.Websites {
		phoneOfUnit(c, r.Subject.Nature, &r.Websites[i].Principal, i)
	}
}

// ChangedSubject (主办者信息, Zt_xx) is a filed subject as it shall be.
type ChangedSubject struct {
	// AuthorityID is the authority's id of the subject (Ztid), ≥ 1.
	AuthorityID int64 `xml:"Ztid" wire:"req,val=1.."`
	// Name is 单位名称 (Dwmc), 1–255 characters.
	Name string `xml:"Dwmc" wire:"req,len=1..255"`
	// Licence is 主体备案号 (Baxh), 1–128 characters.
	Licence string `xml:"Baxh" wire:"req,len=1..128"`
	// Nature is the id of 单位性质 (Dwxz), 1–999; units must give it, persons may.
	Nature int64 `xml:"Dwxz,omitempty" wire:"val=1..999"`
	// Investor is 投资人 (Tzr), 1–255 characters, optional.
	Investor string `xml:"Tzr,omitempty" wire:"len=1..255"`
	// Address is 通信地址信息 (Txdz).
	Address PostalAddress `xml:"Txdz"`
	// Certificate is 证件信息 (Zj). The schema stops at type 11 here although a
	// first filing takes 999; see [Profile.WideCodes].
	Certificate SubjectCertificate `xml:"Zj" wire:"Zjlx.val=1..11"`
	// Principal is 主办单位负责人信息 (Fzr); a unit must give name and office
	// phone, a person may leave both out.
	Principal Principal `xml:"Fzr" wire:"Fzr_xm.opt"`
	// Remark is 备注 (Bz), 1–1024 characters, optional.
	Remark string `xml:"Bz,omitempty" wire:"len=1..1024"`
}

func (s *ChangedSubject) checkMore(c *checker) { principalOfUnit(c, s.Nature, &s.Principal) }

// ChangedWebsite (网站信息, Wz_xx) is a filed website as it shall be. The order of
// the fields is the order the schema demands.
type ChangedWebsite struct {
	// AuthorityID is the authority's id of the website (Wzid), ≥ 1.
	AuthorityID int64 `xml:"Wzid" wire:"req,val=1.."`
	// Name is 网站名称 (Wzmc), 1–512 characters; several are joined by ";".
	Name string `xml:"Wzmc" wire:"req,len=1..512"`
	// Approvals is 前置或专项审批内容 (Nrlx), absent when there is none.
	Approvals *Approvals `xml:"Nrlx,omitempty"`
	// Services is 网站服务内容 (Fwnr).
	Services ServiceIDs `xml:"Fwnr"`
	// Languages is 网站语言类别 (Yylb).
	Languages LanguageIDs `xml:"Yylb"`
	// Domains is 域名信息 (Ym_xx), one or more.
	Domains []ChangedDomain `xml:"Ym_xx" wire:"n=1.."`
	// Accesses is 接入信息 (Jr_xx), one or more.
	Accesses []ChangedAccess `xml:"Jr_xx" wire:"n=1.."`
	// Principal is 网站负责人信息 (Wz_Fzr).
	Principal Principal `xml:"Wz_Fzr"`
	// Licence is 网站备案号 (Baxh), 1–128 characters.
	Licence string `xml:"Baxh" wire:"req,len=1..128"`
	// HomePage is 首页url (Syurl), 4–255 characters, optional.
	HomePage string `xml:"Syurl,omitempty" wire:"len=4..255"`
	// Remark is 备注信息 (Wz_Bz), optional. The schema gives it no type; we keep
	// to the 1–1024 characters of the other operations.
	Remark string `xml:"Wz_Bz,omitempty" wire:"len=1..1024"`
}

// ChangedDomain (域名信息, Ym_xx) is a domain of a changed website.
type ChangedDomain struct {
	// ID is our id of the domain (IspYmid), ≥ 1.
	ID int64 `xml:"IspYmid" wire:"req,val=1.."`
	// AuthorityID is the authority's id (Ymid), ≥ 1; absent for a new domain.
	AuthorityID int64 `xml:"Ymid,omitempty" wire:"val=1.."`
	// Name is 域名 (Ym), 4–128 characters.
	Name string `xml:"Ym" wire:"req,len=4..128"`
}

// ChangedAccess (接入信息, Jr_xx) is an access of a changed website.
type ChangedAccess struct {
	// AuthorityID is the authority's id of the access (Jrid), ≥ 1.
	AuthorityID int64 `xml:"Jrid" wire:"req,val=1.."`
	// Places is 服务器放置地点 (Wzfb).
	Places PlaceIDs `xml:"Wzfb"`
	// Modes is 网站接入方式 (Wzjrfs).
	Modes ModeIDs `xml:"Wzjrfs"`
	// IPs is Ip地址信息 (Ip_xx), one or more ranges.
	IPs []ChangedIP `xml:"Ip_xx" wire:"n=1.."`
}

// ChangedIP (Ip_xx) is an IPv4 range of a changed access.
type ChangedIP struct {
	// ID is our id of the range (IspIpid), ≥ 1.
	ID int64 `xml:"IspIpid" wire:"req,val=1.."`
	// AuthorityID is the authority's id (Ipid), ≥ 1; absent for a new range.
	AuthorityID int64 `xml:"Ipid,omitempty" wire:"val=1.."`
	// First is 起始ip (Qsip), 1–4294967295.
	First int64 `xml:"Qsip" wire:"req,val=1..4294967295"`
	// Last is 截至ip (Zzip), 1–4294967295, not below First.
	Last int64 `xml:"Zzip" wire:"req,val=1..4294967295"`
}

func (r *ChangedIP) checkMore(c *checker) { c.ordered(r.First, r.Last) }
