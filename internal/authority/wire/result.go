package wire

// What a result is about (操作类型, Czlx).
const (
	ActionFirstFiling   = 1  // 新增备案
	ActionAddWebsite    = 2  // 新增网站
	ActionAddAccess     = 3  // 新增接入
	ActionChange        = 4  // 变更
	ActionCancelAccess  = 5  // 取消接入
	ActionCancelSubject = 6  // 注销主体
	ActionCancelWebsite = 7  // 注销网站
	ActionVerification  = 35 // 单独提交真实性核验材料; above the schema's limit of 7
)

// Results of a review (审核结果, Shjg).
const (
	ReviewRejected = 0
	ReviewPassed   = 1
)

// Results (备案结果, BAJG) has the results of machine checks and of reviews.
// Either may be absent.
type Results struct {
	// Operations is 返回结果信息 (Jg_xx), any number.
	Operations []OperationResult `xml:"Jg_xx"`
	// Reviews is 管局审核意见及处理信息 (GJSHS), optional.
	Reviews *Reviews `xml:"GJSHS,omitempty"`
	Other   []Raw    `xml:",any"`
}

// OperationResult (返回结果信息, Jg_xx) is what the machine says about one operation.
type OperationResult struct {
	// Codes is 结果信息 (Jgxx), one or more.
	Codes []ResultCode `xml:"Jgxx" wire:"n=1.."`
	// Operation is 操作类型 (Czlx), one of the Action constants. The schema stops
	// at 7 although its note has 35.
	Operation int64 `xml:"Czlx" wire:"req,val=1..7"`
	// Ref is 结果标识 (Bs): for an added website the subject's licence number or
	// the authority's subject id; for a first filing our subject id; for an
	// added access our access id or the website's licence number.
	Ref string `xml:"Bs,omitempty" wire:"len=1..255"`
	// Remark is 备注 (Bz), of any length, optional.
	Remark string `xml:"Bz,omitempty"`
	Other  []Raw  `xml:",any"`
}

// ResultCode (结果信息, Jgxx) is one data code; see [DataCodeOf].
type ResultCode struct {
	// Code is 操作结果代码 (Jgdm).
	Code int64 `xml:"Jgdm" wire:"req,val=1.."`
	// Comment is 操作结果描述 (Dmms); with 5001 it is the name of our file.
	Comment string `xml:"Dmms,omitempty" wire:"len=1..255"`
	Other   []Raw  `xml:",any"`
}

// Reviews (管局审核意见及处理信息, GJSHS) is the list of human reviews.
type Reviews struct {
	// Items is the reviews (Gjsh), one or more.
	Items []Review `xml:"Gjsh" wire:"n=1.."`
	Other []Raw    `xml:",any"`
}

// Review (Gjsh) is one decision of the authority.
type Review struct {
	// Reviewer is 审核人姓名 (Shrxm), 1–128 characters, optional.
	Reviewer string `xml:"Shrxm,omitempty" wire:"len=1..128"`
	// Phone is 联系人电话 (Shr_dhhm), 11–128 characters, optional.
	Phone string `xml:"Shr_dhhm,omitempty" wire:"len=11..128"`
	// At is 审核时间 (Shsj), see [ParseTime].
	At string `xml:"Shsj" wire:"req,len=10..22"`
	// Opinion is 审核意见 (Shyj): free text for the filer, kept word for word;
	// 1–1024 characters, optional.
	Opinion string `xml:"Shyj,omitempty" wire:"len=1..1024"`
	// Result is 审核结果 (Shjg): [ReviewRejected] or [ReviewPassed].
	Result int64 `xml:"Shjg" wire:"val=0..1"`
	// Operation is 操作类型 (Czlx), one of the Action constants; 0 when absent.
	Operation int64 `xml:"Czlx,omitempty" wire:"val=1..7"`
	// RecordID is 相关记录id (Jlid): our website id for an added website, our
	// subject id for a first filing, our access id for an added access, else
	// the authority's id.
	RecordID int64 `xml:"Jlid,omitempty" wire:"val=1.."`
	Other    []Raw `xml:",any"`
}
