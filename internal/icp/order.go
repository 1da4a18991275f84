package icp

import "time"

// OrderType is the filing type (备案类型). The system works it out; nobody picks it.
type OrderType string

// The types. Only AddWebsite can be filed yet.
const (
	FirstFiling   OrderType = "first_filing"   // 首次备案
	AddWebsite    OrderType = "add_website"    // 新增网站
	AddAccess     OrderType = "add_access"     // 接入备案
	Change        OrderType = "change"         // 变更备案
	CancelSubject OrderType = "cancel_subject" // 注销主体
	CancelWebsite OrderType = "cancel_website" // 注销网站
	CancelAccess  OrderType = "cancel_access"  // 取消接入
)

// State is where an order stands. The table in package order says what leads
// from one to the next.
type State string

// The states.
const (
	StateDraft              State = "draft"
	StateProviderReview     State = "provider_review"      // 初审中
	StateChangesRequested   State = "changes_requested"    // 初审驳回: applicant edits
	StateProviderRejected   State = "provider_rejected"    // refused for good
	StateReady              State = "ready"                // 初审通过, waits for upload
	StateSubmitting         State = "submitting"           // in a file for the authority
	StateSubmitFailed       State = "submit_failed"        // the file was refused
	StateSMSPending         State = "sms_pending"          // 短信核验中
	StateAuthorityReview    State = "authority_review"     // 管局审核中
	StateReturnedToProvider State = "returned_to_provider" // came back without the authority's opinion
	StateAuthorityRejected  State = "authority_rejected"   // 管局驳回
	StateFiled              State = "filed"                // 已备案
	StateWithdrawn          State = "withdrawn"            // 已放弃
	StateExpired            State = "expired"              // draft left alone too long
)

// Channel is the way by which an order was made.
type Channel string

// The channels; each can be closed for new orders.
const (
	ChannelWeb    Channel = "web"
	ChannelMobile Channel = "mobile"
	ChannelAPI    Channel = "api"
)

// Channels lists them all.
func Channels() []Channel { return []Channel{ChannelWeb, ChannelMobile, ChannelAPI} }

// Party is who acts on an order or holds it.
type Party string

// The parties.
const (
	Applicant Party = "applicant"
	Provider  Party = "provider" // reviewers and operators
	Authority Party = "authority"
	System    Party = "system"
	Nobody    Party = "nobody" // holds an ended order
)

// Actor is who asks for something, as the session or job proves it.
type Actor struct {
	Account AccountID
	Party   Party
	Roles   []string // staff roles; see package access
}

// Order is one case: what the applicant said, what was found, where it stands.
// It is saved as a whole under an optimistic Version.
type Order struct {
	ID         OrderID
	Account    AccountID
	Type       OrderType
	TypeReason string // message key: why the system chose Type
	State      State
	Version    int64
	Channel    Channel
	// Round counts submissions to the provider's review.
	Round     int
	CreatedAt time.Time
	UpdatedAt time.Time // last act of a person
	// StateSince is when State was entered.
	StateSince  time.Time
	SubmittedAt time.Time // first submission; zero before
	// Reviewer has taken the order into work; empty when nobody has.
	Reviewer AccountID
	// Data is what is sealed at rest: everything that can name a person.
	Data OrderData
	// Materials are rows of their own, loaded with the order.
	Materials []Material
}

// OrderData is the sealed part of an order.
type OrderData struct {
	// RealName is the account's verified name; the subject's must be the same.
	RealName RealName       `json:"real_name"`
	Subject  Subject        `json:"subject"`
	Filing   ExistingFiling `json:"filing"`
	Websites []Website      `json:"websites"`
	// Standing is what the authority said of the subject's certificate when it
	// was last asked; it counts for that certificate only.
	Standing CertificateStanding `json:"standing,omitzero"`
	// Findings of the last review that are not settled.
	Findings []Finding `json:"findings,omitempty"`
	// LastRound are the findings of the round before, kept for the reviewer who
	// looks at what was mended.
	LastRound []Finding `json:"last_round,omitempty"`
	Calls     []Call    `json:"calls,omitempty"`
	Consents  []Consent `json:"consents,omitempty"`
	// SubjectLicenceNo and AuthorityOpinion come back from the authority.
	SubjectLicenceNo string `json:"subject_licence_no,omitempty"`
	AuthorityOpinion string `json:"authority_opinion,omitempty"`
	// AuthorityApproved is when the authority's approval came; licence numbers
	// may come later.
	AuthorityApproved time.Time `json:"authority_approved,omitzero"`
	// SMS are the ministry's checks by message, a row for each person and round.
	SMS []SMSCheck `json:"sms,omitempty"`
	// Notes are the reviewer's, never shown to the applicant.
	Notes []Note `json:"notes,omitempty"`
	// RulesVersion is the edition of the rules that the order was judged by.
	RulesVersion string `json:"rules_version,omitempty"`
	// Seen are the warnings that the applicant was shown before submitting.
	Seen []SeenFinding `json:"seen,omitempty"`
}

// CertificateStanding is what the authority knows of a certificate.
type CertificateStanding struct {
	CertificateType   int    `json:"certificate_type"`
	CertificateNumber string `json:"certificate_number"`
	// Answer is "filed", "not_filed", "empty" (filed, but without a website) or
	// "unknown", when the authority did not say.
	Answer string `json:"answer"`
	// LicenceNo is the subject's, where the authority told it.
	LicenceNo string    `json:"licence_no,omitempty"`
	At        time.Time `json:"at"`
}

// SeenFinding is a rule's warning that the applicant was shown and went on.
type SeenFinding struct {
	Rule    string    `json:"rule"`
	Pointer string    `json:"pointer"`
	At      time.Time `json:"at"`
}

// RealName is who an account was verified to be (实名认证).
type RealName struct {
	Name              string `json:"name"`
	CertificateType   int    `json:"certificate_type"`
	CertificateNumber string `json:"certificate_number"`
}

// Website finds a site of the order by id; nil when there is none.
func (o *Order) Website(id WebsiteID) *Website {
	for i := range o.Data.Websites {
		if o.Data.Websites[i].ID == id {
			return &o.Data.Websites[i]
		}
	}
	return nil
}

// Severity says what a finding stops.
type Severity string

// Severities.
const (
	SeverityError   Severity = "error"   // must be mended before submission
	SeverityWarning Severity = "warning" // shown to applicant and reviewer
	SeverityInfo    Severity = "info"
)

// Finding is one fault or remark about a field: from a rule, a reviewer or the
// authority.
type Finding struct {
	ID string `json:"id,omitempty"`
	// Pointer is the field's RFC 6901 pointer in the order's JSON, such as
	// /websites/0/name or /materials/unit_certificate.
	Pointer  string   `json:"pointer"`
	Severity Severity `json:"severity"`
	// Rule is the id of the rule that found it, or on which a reviewer's finding
	// rests; empty for other findings of people.
	Rule string `json:"rule,omitempty"`
	// Code is the message key for findings by rule.
	Code   string            `json:"code,omitempty"`
	Params map[string]string `json:"params,omitempty"`
	// Reason and Advice are a reviewer's or the authority's own words.
	Reason string `json:"reason,omitempty"`
	Advice string `json:"advice,omitempty"`
	// RetryAt is the earliest time at which the check can pass; zero when unknown.
	RetryAt time.Time `json:"retry_at,omitzero"`
	// Was is the field's value when the finding was made, so that a mended
	// field can be told from one left alone.
	Was string `json:"was,omitempty"`
}

// CallOutcome is how a reviewer's call ended.
type CallOutcome string

// Outcomes.
const (
	CallReached     CallOutcome = "reached"
	CallNoAnswer    CallOutcome = "no_answer"
	CallBusy        CallOutcome = "busy"
	CallWrongNumber CallOutcome = "wrong_number"
)

// Call is one call of a reviewer to a principal.
type Call struct {
	At      time.Time   `json:"at"`
	By      AccountID   `json:"by"`
	Round   int         `json:"round"`
	Whom    string      `json:"whom"` // pointer of the principal, such as /subject/principal
	Outcome CallOutcome `json:"outcome"`
	Note    string      `json:"note,omitempty"` // internal
}

// Consent records that the applicant agreed to an edition of a text.
type Consent struct {
	Text    string    `json:"text"` // id of the text, such as "assist_terms"
	Edition int       `json:"edition"`
	At      time.Time `json:"at"`
	Account AccountID `json:"account"`
}

// Note is a reviewer's remark for colleagues.
type Note struct {
	At   time.Time `json:"at"`
	By   AccountID `json:"by"`
	Text string    `json:"text"`
}

// MaterialKind is the purpose of an uploaded file.
type MaterialKind string

// Kinds of materials; package form says which ones a case needs.
const (
	MaterialSubjectCertificate    MaterialKind = "subject_certificate"     // 主体证件
	MaterialPrincipalFront        MaterialKind = "principal_front"         // 主体负责人证件 (front)
	MaterialPrincipalBack         MaterialKind = "principal_back"          // 主体负责人证件 (back)
	MaterialWebsitePrincipalFront MaterialKind = "website_principal_front" // 网站负责人证件 (front)
	MaterialWebsitePrincipalBack  MaterialKind = "website_principal_back"  // 网站负责人证件 (back)
	MaterialPreApproval           MaterialKind = "pre_approval"            // 前置或专项审批文件
	MaterialOther                 MaterialKind = "other"                   // anything the applicant adds
)

// Materials that rules ask for, by province and case.
const (
	MaterialResidenceProof     MaterialKind = "residence_proof"       // 居住证明: residence permit, lease, deed, social insurance
	MaterialStudyWorkProof     MaterialKind = "study_work_proof"      // 学习、工作或收入证明
	MaterialGuardianProof      MaterialKind = "guardian_proof"        // 监护人材料
	MaterialSubjectLetter      MaterialKind = "subject_letter"        // 主体负责人授权书
	MaterialWebsiteLetter      MaterialKind = "website_letter"        // 网站负责人授权书, of a website
	MaterialDomainCertificate  MaterialKind = "domain_certificate"    // 域名证书, of a website
	MaterialDomainRealName     MaterialKind = "domain_real_name"      // 域名实名认证截图, of a website
	MaterialDomainLetter       MaterialKind = "domain_letter"         // 域名使用授权, of a website
	MaterialRenameLetter       MaterialKind = "rename_letter"         // 更名函
	MaterialConstructionPlan   MaterialKind = "construction_plan"     // 网站建设方案书
	MaterialPledge             MaterialKind = "pledge"                // 承诺书
	MaterialTrainingPledge     MaterialKind = "training_pledge"       // 校外培训类承诺书
	MaterialPartyConfirmation  MaterialKind = "party_confirmation"    // 党建确认函
	MaterialUnitStatement      MaterialKind = "unit_statement"        // 加盖公章的情况说明
	MaterialHoldingPhoto       MaterialKind = "holding_photo"         // 手持证件照
	MaterialTradeLicence       MaterialKind = "trade_licence"         // 行业许可证
	MaterialNameApproval       MaterialKind = "name_approval"         // 网站名称审核表, 网站开办资格申请表
	MaterialResponsibilityNote MaterialKind = "responsibility_notice" // 真实性责任告知书
)

// RuleMaterials lists the materials that rules may ask for; the value tells
// whether each website shows its own.
func RuleMaterials() map[MaterialKind]bool {
	return map[MaterialKind]bool{
		MaterialResidenceProof: false, MaterialStudyWorkProof: false, MaterialGuardianProof: false, MaterialSubjectLetter: false,
		MaterialWebsiteLetter: true, MaterialDomainCertificate: true, MaterialDomainRealName: true, MaterialDomainLetter: true,
		MaterialRenameLetter: false, MaterialConstructionPlan: false, MaterialPledge: false, MaterialTrainingPledge: false,
		MaterialPartyConfirmation: false, MaterialUnitStatement: false, MaterialHoldingPhoto: false, MaterialTradeLicence: false,
		MaterialNameApproval: false, MaterialResponsibilityNote: false,
	}
}

// Material is an uploaded file of an order; its bytes lie sealed in the blob store.
type Material struct {
	ID      MaterialID
	Order   OrderID
	Kind    MaterialKind
	Website WebsiteID // empty for materials of the subject
	// BlobKey finds the sealed bytes.
	BlobKey   string
	Hash      string // SHA-256 of the bytes as kept, hex
	MediaType string
	Size      int64 // bytes as kept
	Width     int   // pixels
	Height    int   // pixels
	FileName  string
	At        time.Time
}

// Deadline is a clock that runs on an order.
type Deadline struct {
	Kind  string    // such as "review", "sms", "idle"
	DueAt time.Time // when Action falls due
	Party Party     // who must act before then
}
