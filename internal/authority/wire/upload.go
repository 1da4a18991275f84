package wire

import "encoding/xml"

// Limits of one uploaded file.
const (
	// MaxUploadBytes is the largest uploaded document (50 MB); the authority
	// answers a larger one with method code 18.
	MaxUploadBytes = 50 << 20
	// MaxUploadRecords is the largest number of records in one file.
	MaxUploadRecords = 1000
)

// UploadData (上报数据) is the root of an uploaded document. The schema lets it
// hold ICP, IP or domain reports; this package has the ICP part.
type UploadData struct {
	XMLName xml.Name `xml:"UploadData"`
	// Version is the interface version; [Profile.Encode] sets it. A wrong one
	// comes back as data code 5004.
	Version string     `xml:"version,attr"`
	ICP     *UploadICP `xml:"ICP" wire:"req"`
}

// UploadICP (ICP备案信息) holds each operation at most once.
type UploadICP struct {
	// AddWebsites is 新增网站 (XZWZ).
	AddWebsites *AddWebsites `xml:"XZWZ,omitempty"`
	// ProviderID is 请求单位ID: the provider's own reporting unit id (ispId), ≥ 1.
	// One that differs from the caller's comes back as data code 5003.
	ProviderID int64 `xml:"Qqdwid" wire:"req,val=1.."`
	// Other keeps operations that have no type here.
	Other []Raw `xml:",any"`
}

// Records counts the records of all operations; see [MaxUploadRecords].
func (u *UploadData) Records() int {
	if u.ICP == nil {
		return 0
	}
	n := len(u.ICP.Other)
	if u.ICP.AddWebsites != nil {
		n += len(u.ICP.AddWebsites.Records)
	}
	return n
}
