package icp

// Website is a site of the order (网站). Limits are those of Wz_xx.
type Website struct {
	ID WebsiteID `json:"id"`
	// AuthorityID is our integer id of the site at the authority (IspWzid); 0
	// until the first upload.
	AuthorityID int64  `json:"authority_id,omitempty"`
	Name        string `json:"name"`     // 网站名称 (Wzmc)
	Domain      string `json:"domain"`   // 网站域名: registrable, ASCII form
	HomeURL     string `json:"home_url"` // 首页 URL without scheme (Syurl)
	// Resource is what the site runs on (对应云服务).
	Resource Resource `json:"resource"`
	// ServiceContent is an id of the table 网站服务内容 (Fwnr_id).
	ServiceContent int `json:"service_content"`
	// Languages are ids of the table 语种 (Yylb_id).
	Languages []int `json:"languages"`
	// PreApprovals are the prior or special approvals that the content needs
	// (前置或专项审批内容类型); empty means 以上都不涉及.
	PreApprovals []PreApproval `json:"pre_approvals"`
	// SameAsSubject links Principal to the subject's (同主体负责人).
	SameAsSubject bool      `json:"same_as_subject"`
	Principal     Principal `json:"principal"`
	Remark        string    `json:"remark,omitempty"` // 网站备注 (Wz_Bz)
	// DomainCheck is the id of the domain check (域名检测) that the site came from.
	DomainCheck string `json:"domain_check,omitempty"`
	// AuthorityRef is the authority's id of the site (Wzid); 0 until told.
	AuthorityRef int64 `json:"authority_ref,omitempty"`
	// Outcome is the authority's decision on this site.
	Outcome Outcome `json:"outcome,omitempty"`
	// LicenceNo is set when the authority has approved (网站备案号).
	LicenceNo string `json:"licence_no,omitempty"`
}

// PreApproval is one prior or special approval (前置或专项审批, Nrlx_xx).
type PreApproval struct {
	Type   int    `json:"type" example:"1"`                    // Nrlx_id
	Number string `json:"number" example:"京网文〔2026〕1234-056号"` // 审批号 (Qzsph), at most 512
}

// ResourceKind tells a server of the account from an authorization code.
type ResourceKind string

// Kinds of resources.
const (
	ResourceServer ResourceKind = "server"
	ResourceCode   ResourceKind = "code"
)

// Resource is the cloud service of a site: a server of the applicant's
// account, or an authorization code that stands for another account's server.
type Resource struct {
	Kind   ResourceKind `json:"kind"`
	Server ServerID     `json:"server,omitempty"` // for codes: the server behind the code
	Code   CodeID       `json:"code,omitempty"`
	IP     string       `json:"ip"` // public IPv4 of the server
	Label  string       `json:"label"`
}

// Outcome is the authority's decision on one website.
type Outcome string

// Outcomes; the empty value means: none yet.
const (
	OutcomePending  Outcome = ""
	OutcomeApproved Outcome = "approved"
	OutcomeRejected Outcome = "rejected"
)
