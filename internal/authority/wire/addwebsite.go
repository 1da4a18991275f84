package wire

// AddWebsites (新增网站, XZWZ) adds websites to subjects that are filed already.
type AddWebsites struct {
	// Records is 新增网站信息 (Xzxx), one or more.
	Records []AddWebsite `xml:"Xzxx" wire:"n=1.."`
}

// AddWebsite (新增网站信息, Xzxx) adds one or more websites to one subject.
type AddWebsite struct {
	// Subject names the subject (主体).
	Subject SubjectRef `xml:"Zt_xx" wire:"oneof"`
	// Websites is 新增的网站信息 (Wz_xx), one or more.
	Websites []Website `xml:"Wz_xx" wire:"n=1.."`
	// Attachments is 附件 (Fj). One that belongs to a new website names it by
	// our website id, one of the subject by the authority's id or licence number.
	Attachments []Attachment `xml:"Fj"`
	// FilingPasswordHash is ICP备案密码 (ICPmm): the MD5 of the filing password
	// as hex text, see [Profile.FilingPasswordHash]; at most 32 characters, optional.
	FilingPasswordHash string `xml:"ICPmm,omitempty" wire:"len=1..32"`
}

// SubjectRef names a filed subject by exactly one of its two keys.
type SubjectRef struct {
	// Licence is 主体备案号 (Ztbah), 1–128 characters.
	Licence string `xml:"Ztbah,omitempty" wire:"len=1..128"`
	// AuthorityID is the id that the authority gave the subject (Ztid), ≥ 1.
	AuthorityID int64 `xml:"Ztid,omitempty" wire:"val=1.."`
}
