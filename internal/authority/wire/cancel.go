package wire

// What a cancellation ends (注销类别, Zxlb).
const (
	CancelSubject = 0 // 主体注销, with all its websites
	CancelWebsite = 1 // 网站注销
	CancelAccess  = 2 // 取消接入, one's own only
)

// Cancellations (注销备案, ZXBA) ends filings, websites and accesses.
type Cancellations struct {
	// Records is 注销信息 (Zx_xx), one or more.
	Records []Cancellation `xml:"Zx_xx" wire:"n=1.."`
}

// Cancellation (注销信息, Zx_xx) ends one of them.
type Cancellation struct {
	// Kind is 注销类别 (Zxlb): [CancelSubject], [CancelWebsite] or [CancelAccess].
	Kind int64 `xml:"Zxlb" wire:"val=0..2"`
	// RecordID is the authority's id of the subject, website or access (Jlid), ≥ 1.
	RecordID int64 `xml:"Jlid" wire:"req,val=1.."`
	// Reason is the id of 注销理由 (Zxly), 1–999.
	Reason int64 `xml:"Zxly" wire:"req,val=1..999"`
	// ReasonRemark is 注销理由备注 (Zxlybz), 1–1000 characters, optional.
	ReasonRemark string `xml:"Zxlybz,omitempty" wire:"len=1..1000"`
	// FilingPasswordHash is ICP备案密码 (ICPmm): the MD5 of the filing password
	// as hex text, see [Profile.FilingPasswordHash]; 1–32 characters. A subject
	// is not cancelled without it, the others may be.
	FilingPasswordHash string `xml:"ICPmm,omitempty" wire:"len=1..32"`
}

func (r *Cancellation) checkMore(c *checker) {
	if r.Kind == CancelSubject && r.FilingPasswordHash == "" {
		c.fault("ICPmm", "wire.required", nil)
	}
}
