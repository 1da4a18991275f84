package wire

// What has to be put right (通知类别, Tzlb).
const (
	NoticeSubject = 0 // 备案主体信息整改
	NoticeWebsite = 1 // 备案网站信息整改
)

// Notices (相关通知, XGTZ) tells which filings have to be put right.
type Notices struct {
	// Records is 通知信息 (Tzxx), one or more.
	Records []Notice `xml:"Tzxx" wire:"n=1.."`
	Other   []Raw    `xml:",any"`
}

// Notice (通知信息, Tzxx) is one of them.
type Notice struct {
	// Kind is 通知类别 (Tzlb): [NoticeSubject] or [NoticeWebsite].
	Kind int64 `xml:"Tzlb" wire:"val=0..1"`
	// Licence is 备案号 (Baxh) of the subject or website, 1–128 characters, optional.
	Licence string `xml:"Baxh,omitempty" wire:"len=1..128"`
	// RecordID is the authority's id of the subject or website (Jlid), optional.
	RecordID int64 `xml:"Jlid,omitempty" wire:"val=1.."`
	// Text is 通知内容 (Tznr), 1–255 characters, kept word for word.
	Text string `xml:"Tznr" wire:"req,len=1..255"`
	// Remark is 备注 (Bz), of any length, optional.
	Remark string `xml:"Bz,omitempty"`
	Other  []Raw  `xml:",any"`
}
