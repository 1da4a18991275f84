package wire

// AddAccesses (新增接入, XZJR) adds an access to websites that are filed already.
type AddAccesses struct {
	// Records is 新增接入信息 (Xzxx), one or more.
	Records []AddAccess `xml:"Xzxx" wire:"n=1.."`
}

// AddAccess (新增接入信息, Xzxx) is one new access of one website. The order of
// the fields is the order the schema demands.
type AddAccess struct {
	// Website names the website (Wz_xx).
	Website WebsiteRef `xml:"Wz_xx" wire:"oneof"`
	// ID is our id of the access (IspJrid), ≥ 1, new for each request.
	ID int64 `xml:"IspJrid" wire:"req,val=1.."`
	// Places is 服务器放置地点 (Wzfb).
	Places PlaceIDs `xml:"Wzfb"`
	// Modes is 网站接入方式 (Wzjrfs).
	Modes ModeIDs `xml:"Wzjrfs"`
	// IPs is Ip地址信息 (Ip_xx), one or more ranges.
	IPs []IPRange `xml:"Ip_xx" wire:"n=1.."`
	// Attachments is 附件 (Fj), any number.
	Attachments []Attachment `xml:"Fj"`
	// FilingPasswordHash is ICP备案密码 (ICPmm): the MD5 of the filing password
	// as hex text, see [Profile.FilingPasswordHash]; 1–32 characters.
	FilingPasswordHash string `xml:"ICPmm" wire:"req,len=1..32"`
}

// WebsiteRef names a filed website by exactly one of its two keys.
type WebsiteRef struct {
	// Licence is 网站备案号 (Wzbah), 1–128 characters.
	Licence string `xml:"Wzbah,omitempty" wire:"len=1..128"`
	// AuthorityID is the id that the authority gave the website (Wzid), ≥ 1.
	AuthorityID int64 `xml:"Wzid,omitempty" wire:"val=1.."`
}
