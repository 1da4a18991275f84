package wire

import (
	"encoding/base64"
	"fmt"
	"strconv"
)

// Purposes of an attachment (附件用途, Fjyt) of interface 3.0. The authority's
// base-code download is the authoritative list.
const (
	PurposeVerificationSheet    = 1 // 真实性核验单, of a website, at most 150 KB
	PurposeSubjectCertificate   = 2 // 主办单位有效证件
	PurposeSubjectPrincipalCert = 3 // 主体负责人有效证件
	PurposeWebsitePrincipalCert = 4 // 网站负责人有效证件
	PurposeOnSitePhoto          = 5 // 当面核验拍摄照片
)

// Formats of an attachment (附件文件格式, Fjwjgs).
const (
	FormatJPEG = 1
	FormatPNG  = 2
)

// Owners of an attachment (附件所属对象类型, Ssdxlx).
const (
	OwnerSubject = 1
	OwnerWebsite = 2
)

// Attachment (附件, Fj) is one picture that belongs to a subject or website.
type Attachment struct {
	Info AttachmentInfo `xml:"Fjxx"`
}

// AttachmentInfo (Fjxx) is the content of an attachment of every operation but
// the first filing, which names the owner by our id only.
type AttachmentInfo struct {
	// Format is the id of the file format (Fjwjgs), ≥ 1.
	Format int64 `xml:"Fjwjgs" wire:"req,val=1.."`
	// Purpose is the id of the purpose (Fjyt), ≥ 1.
	Purpose int64 `xml:"Fjyt" wire:"req,val=1.."`
	// Content is 附件内容 (Fjnr): at most [MaxAttachmentBytes] of its purpose.
	Content Base64 `xml:"Fjnr" wire:"req"`
	// Owner is 附件所属对象 (Fjssdx).
	Owner AttachmentOwner `xml:"Fjssdx"`
	// Remark is 备注 (Bz), 1–256 characters, optional.
	Remark string `xml:"Bz,omitempty" wire:"len=1..256"`
}

// AttachmentOwner (Fjssdx) says what an attachment belongs to.
type AttachmentOwner struct {
	// Type is [OwnerSubject] or [OwnerWebsite] (Ssdxlx; the schema allows 1–10).
	Type int64 `xml:"Ssdxlx" wire:"req,val=1..10"`
	// Ref is 所属对象标识 (Ssdxbs).
	Ref RecordRef `xml:"Ssdxbs" wire:"oneof"`
}

// RecordRef names a record by exactly one of its two keys.
type RecordRef struct {
	// RecordID is the authority's id, or our website id for a new website (Jlid), ≥ 1.
	RecordID int64 `xml:"Jlid,omitempty" wire:"val=1.."`
	// Licence is 备案号 (Baxh), 1–128 characters.
	Licence string `xml:"Baxh,omitempty" wire:"len=1..128"`
}

// MaxAttachmentBytes gives the largest content in bytes for a purpose; the
// limits stand in the schema's note on Fjnr.
func MaxAttachmentBytes(purpose int64) int {
	if purpose == PurposeVerificationSheet {
		return 150 << 10
	}
	return 100 << 10
}

func (a *AttachmentInfo) checkMore(c *checker) { fitting(c, a.Purpose, a.Content) }

// fitting faults a picture that is larger than its purpose allows.
func fitting(c *checker, purpose int64, content Base64) {
	if limit := MaxAttachmentBytes(purpose); len(content) > limit {
		c.fault("Fjnr", "wire.attachment_too_large", map[string]string{"max_kb": strconv.Itoa(limit >> 10)})
	}
}

// Base64 is bytes that travel as base64 text.
type Base64 []byte

// MarshalText gives the base64 text.
func (b Base64) MarshalText() ([]byte, error) {
	return base64.StdEncoding.AppendEncode(nil, b), nil
}

// UnmarshalText reads base64 text and overlooks white space in it.
func (b *Base64) UnmarshalText(text []byte) error {
	out, err := decodeBase64(string(text))
	if err != nil {
		return fmt.Errorf("read base64: %w", err)
	}
	*b = out
	return nil
}
