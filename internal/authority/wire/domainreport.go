package wire

// UploadDomains (域名备案信息, YM) reports domains. Registries and registrars do
// so, to the ministry's server only; a province answers with data code 3036.
type UploadDomains struct {
	// New is 新增备案 (XZBA).
	New *NewDomainReports `xml:"XZBA,omitempty"`
	// Changed is 修改备案 (XGBA).
	Changed *ChangedDomainReports `xml:"XGBA,omitempty"`
	// Deleted is 删除备案 (SCBA).
	Deleted *DeletedDomainReports `xml:"SCBA,omitempty"`
	// ProviderID is 请求单位ID (Qqdwid): the caller's own reporting unit, ≥ 1.
	ProviderID int64 `xml:"Qqdwid" wire:"req,val=1.."`
	Other      []Raw `xml:",any"`
}

// NewDomainReports (新增备案, XZBA) reports domains for the first time.
type NewDomainReports struct {
	// Records is 请求信息 (Xzxx), one or more.
	Records []NewDomainReport `xml:"Xzxx" wire:"n=1.."`
}

// NewDomainReport (请求信息, Xzxx) is one new domain.
type NewDomainReport struct {
	// ID is our id of the domain (IspId), ≥ 1.
	ID int64 `xml:"IspId" wire:"req,val=1.."`
	DomainReport
}

// ChangedDomainReports (修改备案, XGBA) replaces reports.
type ChangedDomainReports struct {
	// Records is 请求信息 (Xzxx), one or more.
	Records []ChangedDomainReport `xml:"Xzxx" wire:"n=1.."`
}

// ChangedDomainReport (请求信息, Xzxx) is a reported domain as it shall be.
type ChangedDomainReport struct {
	// AuthorityID is the authority's id of the domain (Id), ≥ 1.
	AuthorityID int64 `xml:"Id" wire:"req,val=1.."`
	DomainReport
}

// DeletedDomainReports (删除备案, SCBA) takes reports back.
type DeletedDomainReports struct {
	// Records is 请求信息 (Scxx), one or more.
	Records []DomainRef `xml:"Scxx" wire:"n=1..,oneof"`
}

// DomainRef (Scxx) names a reported domain by exactly one of its two keys.
type DomainRef struct {
	// AuthorityID is the authority's id of the domain (Id), ≥ 1.
	AuthorityID int64 `xml:"Id,omitempty" wire:"val=1.."`
	// Name is 域名 (Ym), 4–255 characters.
	Name string `xml:"Ym,omitempty" wire:"len=4..255"`
}

// SyncedDomains (域名备案数据, YM) are the reported domains as the authority has
// them.
type SyncedDomains struct {
	// Records is 域名信息 (Ymxx), one or more.
	Records []SyncedDomain `xml:"Ymxx" wire:"n=1.."`
	Other   []Raw          `xml:",any"`
}

// SyncedDomain (域名信息, Ymxx) is one of them.
type SyncedDomain struct {
	// AuthorityID is the authority's id (Id), ≥ 1.
	AuthorityID int64 `xml:"Id" wire:"req,val=1.."`
	// OurID is our id (IspId), ≥ 1.
	OurID int64 `xml:"IspId" wire:"req,val=1.."`
	DomainReport
	Other []Raw `xml:",any"`
}

// DomainReport is what every form of a report has.
type DomainReport struct {
	// Name is 域名 (Ym), 4–255 characters.
	Name string `xml:"Ym" wire:"req,len=4..255"`
	// Type is the id of 域名种类 (Ymlx), 1–999.
	Type int64 `xml:"Ymlx" wire:"req,val=1..999"`
	// Registered is 注册时间 (Zcsj), YYYY-MM-DD.
	Registered string `xml:"Zcsj" wire:"req,len=10..10,date"`

	// The registrant (注册人): 名称 2–255, 所在组织 1–255, 通信地址 1–1000
	// characters, 省 and 市 ≥ 100000, 电子邮件 6–255, 电话 11–255 characters.
	RegistrantName         string `xml:"Zcr_mc" wire:"req,len=2..255"`
	RegistrantOrganisation string `xml:"Zcr_zz" wire:"req,len=1..255"`
	RegistrantAddress      string `xml:"Zcr_txdz" wire:"req,len=1..1000"`
	RegistrantProvince     int64  `xml:"Zcr_shengid" wire:"req,val=100000.."`
	RegistrantCity         int64  `xml:"Zcr_shiid" wire:"req,val=100000.."`
	RegistrantEmail        string `xml:"Zcr_dzyj" wire:"req,len=6..255,email"`
	RegistrantPhone        string `xml:"Zcr_dhhm" wire:"req,len=11..255"`

	// The administrator (管理员), with the same limits.
	AdminName         string `xml:"Gly_mz" wire:"req,len=2..255"`
	AdminOrganisation string `xml:"Gly_zz" wire:"req,len=1..255"`
	AdminAddress      string `xml:"Gly_dz" wire:"req,len=1..1000"`
	AdminProvince     int64  `xml:"Gly_shengid" wire:"req,val=100000.."`
	AdminCity         int64  `xml:"Gly_shiid" wire:"req,val=100000.."`
	AdminEmail        string `xml:"Gly_dzyj" wire:"req,len=6..255,email"`
	AdminPhone        string `xml:"Gly_dh" wire:"req,len=11..255"`

	// The payer (缴费人), with the same limits, each optional.
	PayerName         string `xml:"Jfr_mz,omitempty" wire:"len=2..255"`
	PayerOrganisation string `xml:"Jfr_zz,omitempty" wire:"len=1..255"`
	PayerAddress      string `xml:"Jfr_dz,omitempty" wire:"len=1..1000"`
	PayerProvince     int64  `xml:"Jfr_shengid,omitempty" wire:"val=100000.."`
	PayerCity         int64  `xml:"Jfr_shiid,omitempty" wire:"val=100000.."`
	PayerEmail        string `xml:"Jfr_dzyj,omitempty" wire:"len=6..255,email"`
	PayerPhone        string `xml:"Jfr_dh,omitempty" wire:"len=11..255"`

	// Registrar is 域名所属注册商 (Ym_zcs), 1–500 characters.
	Registrar string `xml:"Ym_zcs" wire:"req,len=1..500"`
	// NameServers is 域名服务器 (Ym_fwq), 4–255 characters.
	NameServers string `xml:"Ym_fwq" wire:"req,len=4..255"`
	// Expires is 有效日期 (Yxrq), YYYY-MM-DD.
	Expires string `xml:"Yxrq" wire:"req,len=10..10,date"`
}
