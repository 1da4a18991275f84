package icp

import "time"

// Natures of a subject that code must tell apart; the full table is reference
// data (主办单位性质, Dwxz).
const (
	NatureEnterprise = 4 // 企业
	NatureIndividual = 5 // 个人
)

// Certificate types that code must name; the full table is reference data.
const (
	CertBusinessLicence = 1 // 营业执照
	CertResidentID      = 2 // 居民身份证
)

// Subject is the organiser of the websites (主办单位, 主体): a unit or a person.
// Limits are those of the authority's interface 3.0 (Zt_xx).
type Subject struct {
	// Region is the place of filing (备案地域): a six-digit GB/T 2260 code,
	// to county level where the place has one.
	Region string `json:"region"`
	// Nature is the kind of organiser (主办单位性质, Dwxz).
	Nature int `json:"nature"`
	// CertificateType and CertificateNumber are those of the organiser's own
	// certificate (证件类型 Zjlx, 证件号码 Zjhm, at most 255 characters).
	CertificateType   int    `json:"certificate_type"`
	CertificateNumber string `json:"certificate_number"`
	// Name is as printed on the certificate (单位名称, Dwmc, 1 to 255).
	Name string `json:"name"`
	// CertificateAddress is as printed on the certificate (证件住址, Zjzs, at most 1024).
	CertificateAddress string `json:"certificate_address"`
	// Investor is the investor or superior unit (投资人或主管单位, Tzr, at most 255); units only.
	Investor string `json:"investor,omitempty"`
	// Address is where post arrives, to the door number, without the region's
	// names (通信地址, Xxdz, at most 1024).
	Address string `json:"address"`
	// Principal is the person who answers for the subject (主体负责人). An
	// individual is its own principal: the name and certificate are then
	// copied from the subject and never asked again.
	Principal Principal `json:"principal"`
	// Remark is free text (备注, Bz, at most 1024).
	Remark string `json:"remark,omitempty"`
}

// IsIndividual reports whether the subject is a natural person (个人).
func (s *Subject) IsIndividual() bool { return s.Nature == NatureIndividual }

// Principal is a responsible person (负责人) of a subject or of a website.
type Principal struct {
	Name              string `json:"name"`               // 姓名, at most 128
	CertificateType   int    `json:"certificate_type"`   // 证件类型
	CertificateNumber string `json:"certificate_number"` // 证件号码
	// CertificateUntil is the certificate's last day, YYYY-MM-DD, or
	// "long_term" (长期); empty when not told.
	CertificateUntil string `json:"certificate_until,omitempty"`
	// Role says in what capacity a unit's principal answers; empty when not
	// told. Individuals answer for themselves.
	Role PrincipalRole `json:"role,omitempty"`
	// Mobile receives the ministry's check message (联系方式1, Fzr_sjhm).
	Mobile string `json:"mobile"`
	// OfficePhone is 区号-号码[-分机] (办公室电话, Fzr_dhhm); units only.
	OfficePhone string `json:"office_phone,omitempty"`
	// EmergencyPhone is answered when Mobile is not (应急联系方式).
	EmergencyPhone string `json:"emergency_phone,omitempty"`
	Email          string `json:"email"` // 电子邮箱, 6 to 128
	Remark         string `json:"remark,omitempty"`
}

// PrincipalRole is the capacity in which a unit's principal answers. The
// interface does not carry it; provinces ask for letters by it.
type PrincipalRole string

// Roles.
const (
	RoleLegal      PrincipalRole = "legal_representative" // 法定代表人, or the person on the certificate of a unit without one
	RoleAuthorised PrincipalRole = "authorised"           // somebody whom the unit authorises
)

// ExistingFiling is the filing that the subject holds through another
// provider; it proves who the subject is (新增网站（原备案不在本接入商）).
type ExistingFiling struct {
	// LicenceNo is the subject's licence number (主体备案号).
	LicenceNo string `json:"licence_no"`
	// PasswordDigest is the MD5 of the filing password (备案密码) as lower-case
	// hex, the form that the upload carries (ICPmm). It is erased when the
	// order ends; until then a file may have to be sent again.
	PasswordDigest string `json:"password_digest,omitempty"`
	// Check is the answer of the authority's password check.
	Check FilingCheck `json:"check"`
	// Tries are what was left when Check was found.
	Tries FilingTries `json:"tries,omitzero"`
}

// FilingTries is how often a filing's password may still be checked.
type FilingTries struct {
	Left int `json:"left"`
	// Renews is when one more comes back: where none is left, when the next is
	// possible.
	Renews time.Time `json:"renews"`
}

// FilingCheck is the authority's answer about a licence number and password.
type FilingCheck string

// Answers of isp_verifybamm; the empty value means: not asked yet.
const (
	FilingUnchecked  FilingCheck = ""
	FilingMatches    FilingCheck = "matches"
	FilingMismatches FilingCheck = "mismatches"
	// FilingUnknown means that the authority did not answer; the order may go
	// on and the reviewer sees it.
	FilingUnknown FilingCheck = "unknown"
)
