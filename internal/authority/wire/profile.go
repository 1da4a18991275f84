package wire

import (
	"cmp"
	"encoding/json"
	"log/slog"
	"strconv"

	"github.com/openbeian/beian/internal/icp"
)

// Operation is the name of a method of the interface.
type Operation string

// The six operations of version 3.0.
const (
	OpUpload              Operation = "isp_upload"
	OpDownload            Operation = "isp_download"
	OpDownloadAck         Operation = "isp_downloadack"
	OpQueryPreviousUpload Operation = "isp_querypreviousupload"
	OpQueryBeianStatus    Operation = "isp_querybeianstatus"
	OpVerifyBamm          Operation = "isp_verifybamm"
)

// HashText says what of a digest is written as base64.
type HashText string

// Implementations of the interface differ in this; Raw is the default.
const (
	RawHash HashText = "raw" // the 16 bytes
	HexHash HashText = "hex" // their 32 hex digits
)

// PasswordForm says how isp_verifybamm wants the filing password, on which the
// specification is silent.
type PasswordForm string

// The forms of the filing password in isp_verifybamm.
const (
	PlainPassword PasswordForm = "plain"
	MD5Password   PasswordForm = "md5hex"
)

// Style says how a web service describes its messages (WSDL 1.1, binding
// style). With literal encoding both give the same bytes on the wire.
type Style string

// The styles. An authority's WSDL tells which it is.
const (
	// DocumentStyle has one part, the element that wraps the parameters.
	DocumentStyle Style = "document"
	// RPCStyle has a part for each parameter.
	RPCStyle Style = "rpc"
)

// Secret is a text that must not appear in logs or in formatted output.
type Secret string

// String hides the secret.
func (Secret) String() string { return "(secret)" }

// GoString hides the secret.
func (Secret) GoString() string { return "(secret)" }

// LogValue hides the secret.
func (Secret) LogValue() slog.Value { return slog.StringValue("(secret)") }

// Endpoint is the address and the shape of one operation.
type Endpoint struct {
	// Path is below the server's base address.
	Path string `json:"path"`
	// Action is the SOAPAction header, usually empty.
	Action string `json:"action"`
	// Parts are the names of the parameters in the order of the specification.
	Parts []string `json:"parts"`
	// Namespace is the operation's target namespace where it is not the
	// profile's; all operations of one path share it.
	Namespace string `json:"namespace,omitempty"`
}

// Profile says how one authority speaks the interface: versions after 3.0 are
// not public, and the 3.0 text leaves things open, so all of them are settings.
// It holds no account; key and IV are issued with it.
type Profile struct {
	// Version is the version attribute of documents.
	Version string `json:"version"`
	// Namespace is the target namespace of the web service.
	Namespace string `json:"namespace"`
	// Style is that of the WSDL; QualifiedParts puts the parameters into the
	// namespace too (elementFormDefault="qualified"; only with DocumentStyle).
	Style          Style                  `json:"style"`
	QualifiedParts bool                   `json:"qualified_parts"`
	Endpoints      map[Operation]Endpoint `json:"endpoints"`
	// Hash says how beianInfoHash and pwdHash are written.
	Hash     HashText `json:"hash"`
	CodePage CodePage `json:"code_page"`
	// CharacterReferences writes characters that the code page does not have as
	// numeric references instead of refusing them. The specification is silent;
	// whether an authority's later steps keep them has to be tried.
	CharacterReferences bool `json:"character_references"`
	// WideCodes lets ids of code tables through that are above the upper bounds
	// of the schema of 2013 (certificate types of a change 11; contents, approvals,
	// places, modes and languages 64), which later tables outgrew. Files with
	// such ids are not valid under the public schema.
	WideCodes bool `json:"wide_codes"`
	// Encrypt switches AES-CBC on for uploads; downloads say it themselves.
	Encrypt bool `json:"encrypt"`
	// Key (16, 24 or 32 bytes) and IV (16 bytes) are the texts that the authority issued.
	Key Secret `json:"key"`
	IV  Secret `json:"iv"`
	// EntryName is the name inside the zip of an upload: ASCII letters and
	// digits and one dot, at most 128 bytes.
	EntryName string `json:"entry_name"`
	// UpperHex writes the filing password's hash (ICPmm) with capital letters.
	UpperHex bool `json:"upper_hex"`
	// PasswordForm is the form of the filing password in isp_verifybamm.
	PasswordForm PasswordForm `json:"password_form"`
	// QueryKinds gives the kind of isp_querybeianstatus (queryConditionType) for
	// certificate types that came after 2013, by type; 1 to 11 are their own kinds.
	// Types that are in neither cannot be asked about. 0 takes a type out.
	QueryKinds map[int]QueryKind `json:"query_kinds,omitempty"`
	// MaxOpened is the largest document in bytes that Open will unpack.
	MaxOpened int64 `json:"max_opened"`
}

// V30 is the profile of the public specification (V.3.0, 2013). That tells the
// paths and the parameters but neither namespace nor style: these are what the
// usual Java tools of the time would have made of such methods (JAX-WS: the
// package reversed as namespace, document/literal wrapped, unqualified parts).
// The WSDL that an authority serves is the truth; set them from it.
func V30() Profile {
	up, status, verify := "/ISPWebService/upDownLoad", "/BeianStatusWebService/queryBeianStatus", "/BeianStatusWebService/verifyBamm"
	auth := []string{"ispID", "userName", "randVal", "pwdHash", "hashAlgorithm"}
	with := func(more ...string) []string { return append(append([]string(nil), auth...), more...) }
	previous := with()
	previous[0] = "ispId" // the live service spells this one differently
	return Profile{
		Version:   "V.3.0",
		Namespace: "http://webservice.isp.beian.miit.gov.cn/",
		Style:     DocumentStyle,
		Endpoints: map[Operation]Endpoint{
			OpUpload: {Path: up, Parts: []string{"ispID", "userName", "randVal", "pwdHash", "beianInfo", "beianInfoHash",
				"dataSequence", "encryptAlgorithm", "hashAlgorithm", "compressionFormat"}},
			OpDownload:            {Path: up, Parts: with()},
			OpDownloadAck:         {Path: up, Parts: with("fileName")},
			OpQueryPreviousUpload: {Path: up, Parts: previous},
			OpQueryBeianStatus:    {Path: status, Parts: with("queryConditionType", "queryCondition")},
			OpVerifyBamm:          {Path: verify, Parts: with("baxh", "bamm")},
		},
		Hash: RawHash, CodePage: GBK, EntryName: "beianinfo.xml", PasswordForm: PlainPassword, MaxOpened: 256 << 20,
	}
}

// partCounts is the number of parameters of each operation.
var partCounts = map[Operation]int{OpUpload: 10, OpDownload: 5, OpDownloadAck: 6, OpQueryPreviousUpload: 5, OpQueryBeianStatus: 7, OpVerifyBamm: 7}

// Validate checks a profile at start-up. The error is icp.Invalid with the
// fields at fault.
func (p Profile) Validate() error {
	var faults []icp.FieldError
	need := func(ok bool, pointer string) {
		if !ok {
			faults = append(faults, icp.FieldError{Pointer: pointer, Code: "wire.profile_value"})
		}
	}
	need(p.Version != "", "/version")
	need(p.Style == DocumentStyle || p.Style == RPCStyle && !p.QualifiedParts, "/style")
	need(p.Hash == RawHash || p.Hash == HexHash, "/hash")
	need(p.CodePage == GBK || p.CodePage == GB18030, "/code_page")
	need(p.PasswordForm == PlainPassword || p.PasswordForm == MD5Password, "/password_form")
	need(entryName.MatchString(p.EntryName) && len(p.EntryName) <= 128, "/entry_name")
	need(p.MaxOpened > 0, "/max_opened")
	if p.Encrypt || p.Key != "" || p.IV != "" {
		need(len(p.Key) == 16 || len(p.Key) == 24 || len(p.Key) == 32, "/key")
		need(len(p.IV) == 16, "/iv")
	}
	for certificateType, kind := range p.QueryKinds {
		need(certificateType > 0 && kind >= 0, "/query_kinds/"+strconv.Itoa(certificateType))
	}
	p.validateEndpoints(need)
	return icp.InvalidFields(faults)
}

func (p Profile) validateEndpoints(need func(ok bool, pointer string)) {
	namespaces := map[string]string{}
	for op, n := range partCounts {
		e := p.Endpoints[op]
		need(len(e.Parts) == n, "/endpoints/"+string(op)+"/parts")
		other, seen := namespaces[e.Path]
		need(!seen || other == p.NamespaceOf(op), "/endpoints/"+string(op)+"/namespace")
		namespaces[e.Path] = p.NamespaceOf(op)
	}
}

// lastQueryKind is the last certificate type that the specification lists for
// isp_querybeianstatus.
const lastQueryKind = 11

// QueryKind gives the kind of isp_querybeianstatus for a certificate type; ok is
// false for a type that the authority cannot be asked about.
func (p Profile) QueryKind(certificateType int) (kind QueryKind, ok bool) {
	if kind, listed := p.QueryKinds[certificateType]; listed {
		return kind, kind != QueryDomain
	}
	return QueryKind(certificateType), certificateType > int(QueryDomain) && certificateType <= lastQueryKind
}

// NamespaceOf gives the target namespace of an operation.
func (p Profile) NamespaceOf(op Operation) string {
	return cmp.Or(p.Endpoints[op].Namespace, p.Namespace)
}

// ParseProfile reads a profile from JSON; what it leaves out stays as in [V30].
func ParseProfile(b []byte) (Profile, error) {
	p := V30()
	if err := json.Unmarshal(b, &p); err != nil {
		return Profile{}, icp.E(icp.Invalid, "wire.profile_unreadable").Because(err)
	}
	return p, p.Validate()
}
