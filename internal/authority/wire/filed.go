package wire

// FiledData (ICP备案数据, BASJ) is a list of filed records.
type FiledData struct {
	Records []FiledRecord `xml:"Baxx"`
}

// FiledRecord (备案信息, Baxx) is the authority's image of one subject and its
// websites, with the authority's ids and, where we sent the data, ours.
type FiledRecord struct {
	Subject  FiledSubject   `xml:"Zt_xx"`
	Websites []FiledWebsite `xml:"Wz_xx"`
	Remark   string         `xml:"Bz,omitempty"`
	Other    []Raw          `xml:",any"`
}

// FiledSubject (主办者信息, Zt_xx) is a filed subject. Zero means absent.
type FiledSubject struct {
	OurID       int64  `xml:"IspZtid,omitempty"` // our id
	AuthorityID int64  `xml:"Ztid"`              // the authority's id
	Name        string `xml:"Dwmc"`              // 单位名称
	// Nature is 单位性质 (Dwxz).
	Nature      int64             `xml:"Dwxz,omitempty"`
	Address     Address           `xml:"Txdz"`
	Certificate Certificate       `xml:"Zj"`
	Principal   DownloadPrincipal `xml:"Fzr"`
	// Licence is 主体备案号 (Baxh).
	Licence string `xml:"Baxh,omitempty"`
	// OnBehalf is 报备类型 (Bbyhlx): 0 filed by the owner, 1 by the provider.
	OnBehalf int64  `xml:"Bbyhlx"`
	Investor string `xml:"Tzr,omitempty"` // 投资人
	// FirstFiled (Scbbsj), LastChanged (Zjxgsj) and ReviewedAt (Shsj) are read
	// with [ParseTime].
	FirstFiled  string `xml:"Scbbsj"`
	LastChanged string `xml:"Zjxgsj"`
	// CertExpiry, CertPath and CertSerial describe the electronic filing
	// certificate (Zsyxq, Zslj, Zsxh).
	CertExpiry string `xml:"Zsyxq,omitempty"`
	CertPath   string `xml:"Zslj,omitempty"`
	CertSerial string `xml:"Zsxh,omitempty"`
	Reviewer   string `xml:"Shrxm,omitempty"`
	ReviewedAt string `xml:"Shsj,omitempty"`
	Remark     string `xml:"Bz,omitempty"`
	Other      []Raw  `xml:",any"`
}

// Address (通信地址信息, Txdz) has area codes (GB/T 2260) and the street.
type Address struct {
	Province int64  `xml:"Shengid"`
	City     int64  `xml:"Shiid,omitempty"`
	County   int64  `xml:"Xianid,omitempty"`
	Street   string `xml:"Xxdz,omitempty"`
}

// Certificate (证件信息, Zj) identifies a subject.
type Certificate struct {
	Type    int64  `xml:"Zjlx"`
	Number  string `xml:"Zjhm"`
	Address string `xml:"Zjzs"` // 证件住所
}

// DownloadPrincipal (负责人信息) is a principal as the authority has it.
type DownloadPrincipal struct {
	Name              string `xml:"Fzr_xm,omitempty"`
	OfficePhone       string `xml:"Fzr_dhhm,omitempty"`
	Mobile            string `xml:"Fzr_sjhm,omitempty"`
	Email             string `xml:"Fzr_dzyj"`
	MSN               string `xml:"Msn,omitempty"`
	QQ                string `xml:"Qq,omitempty"`
	CertificateType   int64  `xml:"Fzr_zjlx,omitempty"`
	CertificateNumber string `xml:"Fzr_zjhm,omitempty"`
	Other             []Raw  `xml:",any"`
}

// FiledWebsite (网站信息, Wz_xx) is a filed website.
type FiledWebsite struct {
	OurID       int64             `xml:"IspWzid,omitempty"`
	AuthorityID int64             `xml:"Wzid"`
	Name        string            `xml:"Wzmc"`
	Approvals   *Approvals        `xml:"Nrlx,omitempty"`
	Services    *ServiceIDs       `xml:"Fwnr,omitempty"`
	Languages   LanguageIDs       `xml:"Yylb"`
	Domains     []FiledDomain     `xml:"Ym_xx"`
	Accesses    []FiledAccess     `xml:"Jr_xx"`
	Principal   DownloadPrincipal `xml:"Wz_Fzr"`
	HomePage    string            `xml:"Syurl,omitempty"`
	Remark      string            `xml:"Wz_Bz,omitempty"`
	FirstFiled  string            `xml:"Scbbsj,omitempty"`
	LastChanged string            `xml:"Zjxgsj,omitempty"`
	// Licence is 网站备案号 (Baxh).
	Licence string `xml:"Baxh,omitempty"`
	Other   []Raw  `xml:",any"`
}

// FiledDomain (域名信息, Ym_xx) is a domain of a filed website.
type FiledDomain struct {
	OurID       int64  `xml:"IspYmid,omitempty"`
	AuthorityID int64  `xml:"Ymid"`
	Name        string `xml:"Ym"`
	Other       []Raw  `xml:",any"`
}

// FiledAccess (接入信息, Jr_xx) is an access of a filed website.
type FiledAccess struct {
	OurID       int64 `xml:"IspJrid,omitempty"`
	AuthorityID int64 `xml:"Jrid"`
	// ProviderID is 所属接入商 (Ispid): the reporting unit that gives the access.
	ProviderID int64     `xml:"Ispid"`
	Places     PlaceIDs  `xml:"Wzfb"`
	Modes      ModeIDs   `xml:"Wzjrfs"`
	IPs        []FiledIP `xml:"Ip_xx"`
	Other      []Raw     `xml:",any"`
}

// FiledIP (Ip地址信息, Ip_xx) is an IPv4 range of an access; see [IPv4Text].
type FiledIP struct {
	OurID       int64 `xml:"IspIpid,omitempty"`
	AuthorityID int64 `xml:"Ipid"`
	First       int64 `xml:"Qsip"`
	Last        int64 `xml:"Zzip"`
	Other       []Raw `xml:",any"`
}
