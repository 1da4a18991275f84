package wire

// What happened to an entry of the blacklist (操作类型, Czlx).
const (
	BlacklistAdded   = 0 // 增加
	BlacklistChanged = 1 // 修改
	BlacklistDeleted = 2 // 删除
)

// Blacklist (黑名单列表, HMDLB) tells what changed on the list of subjects and
// websites that may not be filed.
type Blacklist struct {
	// Subjects is 主体黑名单信息 (Zthmdxxs), any number.
	Subjects []BlacklistedSubject `xml:"Zthmdxxs"`
	// Websites is 网站黑名单信息 (Wzhmdxxs), any number.
	Websites []BlacklistedWebsite `xml:"Wzhmdxxs"`
	Other    []Raw                `xml:",any"`
}

// BlacklistedSubject (主体黑名单信息, Zthmdxxs) is one change about a subject.
type BlacklistedSubject struct {
	// Subject is 主办者信息 (Zt_xx), optional.
	Subject *ListedSubject `xml:"Zt_xx,omitempty"`
	// Change is 操作类型 (Czlx): [BlacklistAdded], [BlacklistChanged] or
	// [BlacklistDeleted].
	Change int64 `xml:"Czlx" wire:"val=0..2"`
	// Remark is 备注 (Bz), of any length, optional.
	Remark string `xml:"Bz,omitempty"`
	Other  []Raw  `xml:",any"`
}

// ListedSubject (主办者信息, Zt_xx) is a subject on the blacklist.
type ListedSubject struct {
	// Name is 单位或主办者名称 (Dwmc), 1–255 characters.
	Name string `xml:"Dwmc" wire:"req,len=1..255"`
	// Nature is the id of 单位性质 (Dwxz), 1–999, optional.
	Nature int64 `xml:"Dwxz,omitempty" wire:"val=1..999"`
	// Certificate is 证件信息 (Zj).
	Certificate ListedCertificate `xml:"Zj"`
	Other       []Raw             `xml:",any"`
}

// ListedCertificate (证件信息, Zj) identifies a subject on the blacklist.
type ListedCertificate struct {
	// Type is the id of 证件类型 (Zjlx), 1–999.
	Type int64 `xml:"Zjlx" wire:"req,val=1..999"`
	// Number is 证件号码 (Zjhm), 1–255 characters.
	Number string `xml:"Zjhm" wire:"req,len=1..255"`
	Other  []Raw  `xml:",any"`
}

// BlacklistedWebsite (网站黑名单信息, Wzhmdxxs) is one change about a website.
type BlacklistedWebsite struct {
	// Website is 网站信息 (Wz_xx).
	Website ListedWebsite `xml:"Wz_xx"`
	// Change is 操作类型 (Czlx): [BlacklistAdded], [BlacklistChanged] or
	// [BlacklistDeleted].
	Change int64 `xml:"Czlx" wire:"val=0..2"`
	// Remark is 备注 (Bz), of any length, optional.
	Remark string `xml:"Bz,omitempty"`
	Other  []Raw  `xml:",any"`
}

// ListedWebsite (网站信息, Wz_xx) is a website on the blacklist.
type ListedWebsite struct {
	// Name is 网站名称 (Wzmc), 1–512 characters; several are joined by ";".
	Name string `xml:"Wzmc" wire:"req,len=1..512"`
	// Domains is 域名信息 (Ym_xx), one or more.
	Domains []ListedDomain `xml:"Ym_xx" wire:"n=1.."`
	// HomePage is 首页URL (Syurl), 4–255 characters, optional.
	HomePage string `xml:"Syurl,omitempty" wire:"len=4..255"`
	Other    []Raw  `xml:",any"`
}

// ListedDomain (域名信息, Ym_xx) is a domain on the blacklist.
type ListedDomain struct {
	// Name is 域名 (Ym), 4–128 characters.
	Name  string `xml:"Ym" wire:"req,len=4..128"`
	Other []Raw  `xml:",any"`
}
