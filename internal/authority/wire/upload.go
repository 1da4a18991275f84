package wire

import (
	"encoding/xml"
	"reflect"
)

// Limits of one uploaded file.
const (
	// MaxUploadBytes is the largest uploaded document (50 MB); the authority
	// answers a larger one with method code 18.
	MaxUploadBytes = 50 << 20
	// MaxUploadRecords is the largest number of records in one file.
	MaxUploadRecords = 1000
)

// UploadData (上报数据) is the root of an uploaded document. It holds exactly one
// of its parts.
type UploadData struct {
	XMLName xml.Name `xml:"UploadData"`
	// Version is the interface version; [Profile.Encode] sets it. A wrong one
	// comes back as data code 5004.
	Version string `xml:"version,attr"`
	// ICP is ICP备案信息.
	ICP *UploadICP `xml:"ICP,omitempty"`
	// IP is IP备案信息.
	IP *UploadIP `xml:"IP,omitempty"`
	// Domains is 域名备案信息 (YM).
	Domains *UploadDomains `xml:"YM,omitempty"`
	Other   []Raw          `xml:",any"`
}

// UploadICP (ICP备案信息) holds each operation at most once, and at least one.
type UploadICP struct {
	// FirstFilings is 新增备案 (XZBA).
	FirstFilings *FirstFilings `xml:"XZBA,omitempty"`
	// AddWebsites is 新增网站 (XZWZ).
	AddWebsites *AddWebsites `xml:"XZWZ,omitempty"`
	// AddAccesses is 新增接入 (XZJR).
	AddAccesses *AddAccesses `xml:"XZJR,omitempty"`
	// Changes is 变更备案 (BGBA).
	Changes *Changes `xml:"BGBA,omitempty"`
	// CheckResults is 核实结果 (HSJG).
	CheckResults *CheckResults `xml:"HSJG,omitempty"`
	// UnfiledResults is 未备案处理结果 (WBACLJG).
	UnfiledResults *UnfiledResults `xml:"WBACLJG,omitempty"`
	// Cancellations is 注销备案 (ZXBA): subjects, websites, one's own accesses.
	Cancellations *Cancellations `xml:"ZXBA,omitempty"`
	// Verifications is 单独提交真实性核验材料电子件 (XZHYD).
	Verifications *Verifications `xml:"XZHYD,omitempty"`
	// ProviderID is 请求单位ID (Qqdwid): the provider's own reporting unit (ispId),
	// ≥ 1. One that differs from the caller's comes back as data code 5003.
	ProviderID int64 `xml:"Qqdwid" wire:"req,val=1.."`
	// Other keeps what the interface does not have; [Profile.Encode] refuses it.
	Other []Raw `xml:",any"`
}

// ProviderID gives the reporting unit that a document names, 0 when it has no
// part.
func (u *UploadData) ProviderID() int64 {
	switch {
	case u.ICP != nil:
		return u.ICP.ProviderID
	case u.IP != nil:
		return u.IP.ProviderID
	case u.Domains != nil:
		return u.Domains.ProviderID
	}
	return 0
}

// part gives the element name of the document's part.
func (u *UploadData) part() string {
	switch {
	case u.IP != nil:
		return "IP"
	case u.Domains != nil:
		return "YM"
	}
	return "ICP"
}

// Records counts the records of all operations; see [MaxUploadRecords].
func (u *UploadData) Records() int { return countRecords(reflect.ValueOf(u).Elem()) }

// Parts names the operations of a document, such as ICP/XZWZ or IP/SCBA.
func (u *UploadData) Parts() []string { return parts(reflect.ValueOf(u).Elem()) }
