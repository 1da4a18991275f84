package wire

import (
	"encoding/xml"
	"fmt"
	"reflect"
	"strings"

	"golang.org/x/text/transform"

	"github.com/openbeian/beian/internal/icp"
)

// Reply is what every method answers.
type Reply struct {
	XMLName xml.Name `xml:"return"`
	Version string   `xml:"version,attr"`
	// Code is 返回状态 (msg_code); see [MethodCodeOf].
	Code int64 `xml:"msg_code"`
	// Message is 返回状态描述 (msg), the authority's own words.
	Message string `xml:"msg"`
	// Text is the reply as it came, for the log of exchanges.
	Text string `xml:"-"`
}

// UploadReply answers isp_upload. Code 0 only means that the file was accepted
// for processing; faults of the data come later as [Results].
type UploadReply struct {
	Reply
	// Missing is dataSequences: with code 14 the numbers to be sent first.
	Missing []int64 `xml:"dataSequences>dataSequence,omitempty"`
}

// DownloadReply answers isp_download. Take File whenever it is there, whatever
// the code.
type DownloadReply struct {
	Reply
	File *File `xml:"fileInfos,omitempty"`
}

// PreviousUploadReply answers isp_querypreviousupload: the last accepted upload.
// Sequence 0 means that nothing was ever accepted.
type PreviousUploadReply struct {
	Reply
	File *SentFile `xml:"fileInfos,omitempty"`
}

// AckReply answers isp_downloadack.
type AckReply struct{ Reply }

// StatusReply answers isp_querybeianstatus.
type StatusReply struct {
	Reply
	Status *Status `xml:"StatusInfo,omitempty"`
}

// VerifyReply answers isp_verifybamm.
type VerifyReply struct {
	Reply
	// Result is VerifyRes: 0 the password matches, 1 it does not; nil when the
	// reply has none.
	Result *int64 `xml:"VerifyRes,omitempty"`
}

// Matches reports whether the authority said that the password is right.
func (r VerifyReply) Matches() bool { return r.Code == 0 && r.Result != nil && *r.Result == 0 }

// File (fileInfos) is a sealed document with the ids of its algorithms.
type File struct {
	HashAlgorithm     int64  `xml:"hashAlgorithm"`
	CompressionFormat int64  `xml:"compressionFormat"`
	EncryptAlgorithm  int64  `xml:"encryptAlgorithm"`
	Name              string `xml:"return_FileName"`
	BeianInfo         string `xml:"beianInfo"`
	BeianInfoHash     string `xml:"beianInfoHash"`
}

// Sealed gives the envelope of the file.
func (f File) Sealed() Sealed {
	return Sealed{BeianInfo: f.BeianInfo, BeianInfoHash: f.BeianInfoHash, EncryptAlgorithm: int(f.EncryptAlgorithm),
		HashAlgorithm: int(f.HashAlgorithm), CompressionFormat: int(f.CompressionFormat)}
}

// SentFile is an uploaded file as the authority keeps it.
type SentFile struct {
	HashAlgorithm     int64  `xml:"hashAlgorithm"`
	CompressionFormat int64  `xml:"compressionFormat"`
	EncryptAlgorithm  int64  `xml:"encryptAlgorithm"`
	Sequence          int64  `xml:"dataSequence"`
	Name              string `xml:"return_FileName"`
	BeianInfo         string `xml:"beianInfo"`
	BeianInfoHash     string `xml:"beianInfoHash"`
}

// QueryKind is queryConditionType: 0 a domain, else a certificate type.
type QueryKind int

// QueryDomain asks by domain; the other kinds are ids of certificate types.
const QueryDomain QueryKind = 0

// Status (StatusInfo) tells whether something is filed.
type Status struct {
	Kind           int64  `xml:"Cxtjlx"`
	Condition      string `xml:"Cxtj"`
	WebsiteName    string `xml:"Wzmc,omitempty"`
	SubjectLicence string `xml:"Ztbah,omitempty"`
	WebsiteLicence string `xml:"Wzbah,omitempty"`
	// NotFiled is Bazt: 0 filed, 1 not filed.
	NotFiled int64 `xml:"Bazt"`
}

// Filed reports whether the authority said that it is filed.
func (r StatusReply) Filed() bool { return r.Code == 0 && r.Status != nil && r.Status.NotFiled == 0 }

func (r *Reply) head() *Reply { return r }

// AnyReply is a pointer to one of the six replies.
type AnyReply interface {
	*UploadReply | *DownloadReply | *PreviousUploadReply | *AckReply | *StatusReply | *VerifyReply
	head() *Reply
}

// DecodeReply reads the text that a method returned. It is lenient like
// [DecodeDownload], but a reply without a readable code is an error.
func DecodeReply[R AnyReply](text string, into R) error {
	// The text is characters already, whatever its declaration says, and the file
	// in it may be of any length.
	l := newLenient(transform.NewReader(strings.NewReader(text), &legalizer{}), reflect.TypeOf(into).Elem(), true)
	if err := xml.NewTokenDecoder(l).Decode(into); err != nil {
		return unreadable(err)
	}
	if !strings.Contains(text, "msg_code") || len(l.faults) > 0 {
		return icp.E(icp.Invalid, "wire.unreadable").Because(fmt.Errorf("reply without a readable msg_code"))
	}
	into.head().Text = text
	return nil
}

// EncodeReply writes a reply as text; the simulator uses it.
func EncodeReply[R AnyReply](r R) (string, error) {
	r.head().XMLName = xml.Name{Local: "return"}
	b, err := xml.Marshal(r)
	if err != nil {
		return "", fmt.Errorf("write reply: %w", err)
	}
	// The schema has no empty list of missing numbers, which the encoder writes.
	return strings.Replace(string(b), "<dataSequences></dataSequences>", "", 1), nil
}

// HeadOf gives the common part of any reply.
func HeadOf[R AnyReply](r R) *Reply { return r.head() }
