package wire

// CancelledData (注销数据, ZXSJ) tells what has been cancelled.
type CancelledData struct {
	// Records is 注销信息 (Zxxx), one or more.
	Records []CancelledRecord `xml:"Zxxx" wire:"n=1.."`
	Other   []Raw             `xml:",any"`
}

// CancelledRecord (Zxxx) is a subject, website or access that is filed no more.
type CancelledRecord struct {
	// Kind is 注销类别 (Zxlb): [CancelSubject], [CancelWebsite] or [CancelAccess].
	// The schema stops at the website although its note has the access.
	Kind int64 `xml:"Zxlb" wire:"val=0..1"`
	// RecordID is the authority's id of it (Jlid).
	RecordID int64 `xml:"Jlid" wire:"req,val=1.."`
	// Remark is 备注 (Bz), of any length, optional.
	Remark string `xml:"Bz,omitempty"`
	Other  []Raw  `xml:",any"`
}
