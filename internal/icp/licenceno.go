package icp

import (
	"regexp"
	"strconv"
	"strings"
)

// LicenceKind says what kind of number a LicenceNo is.
type LicenceKind string

// The kinds of numbers that a website shows.
const (
	LicenceFiling     LicenceKind = "filing"     // ICP备: a filing
	LicenceCommercial LicenceKind = "commercial" // ICP证: a licence for commercial services
	LicenceTelecom    LicenceKind = "telecom"    // B2-…: a telecom licence used as the number
)

// Marks of a service number that say what the service is.
const (
	MarkWebsite     = ""
	MarkApp         = "A"
	MarkMiniProgram = "X"
	MarkQuickApp    = "K" // a guess: no such number has been seen yet
)

// LicenceNo is a filing number (备案号) such as 京ICP备05000000号-1, taken apart.
// The zero value is no number. Compare two with ==.
type LicenceNo struct {
	// Province is the abbreviation used in numbers, such as 京 or 蜀; 合字 for a
	// cross-province telecom licence, empty for a national one.
	Province string
	Kind     LicenceKind
	// Serial is the subject's part: 8 or 10 digits (filing), 6 digits
	// (commercial), or category and number such as B2-20090059 (telecom).
	Serial string
	// SiteNo counts the subject's services from 1; 0 in the number of the subject.
	SiteNo int
	// Mark is one of the Mark constants.
	Mark string
}

const (
	licenceProvince = `[京津沪渝冀晋蒙辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼蜀川黔贵滇云藏陕秦陇甘青宁新]`
	licenceSite     = `(?:-([1-9]\d{0,4})([AXK])?)?`
)

var (
	filingNo     = regexp.MustCompile(`^(` + licenceProvince + `)ICP备(\d{8}|\d{10})号?` + licenceSite + `$`)
	commercialNo = regexp.MustCompile(`^(` + licenceProvince + `)ICP证(\d{6})号?` + licenceSite + `$`)
	telecomNo    = regexp.MustCompile(`^(` + licenceProvince + `|合字)?([AB][12](?:\.[AB][12])*-\d{8})` + licenceSite + `$`)
)

// licenceAliases are abbreviations that people use and authorities do not:
// accepted on input, never written.
var licenceAliases = map[string]string{"川": "蜀", "贵": "黔", "云": "滇", "甘": "陇", "秦": "陕"}

// NormalizeLicenceNo gives a number in its usual spelling where it can be read,
// otherwise folded text.
func NormalizeLicenceNo(s string) string {
	if n, err := ParseLicenceNo(s); err == nil {
		return n.String()
	}
	return NormalizeDocument(s)
}

// CheckLicenceNo checks the form of a filing number. The message keys are
// "id.required" and "licence.form".
func CheckLicenceNo(s string) (code string, warn bool) {
	if NormalizeDocument(s) == "" {
		return codeRequired, false
	}
	if _, err := ParseLicenceNo(s); err != nil {
		return "licence.form", false
	}
	return "", false
}

// ParseLicenceNo reads a filing number. It bears spaces, full-width characters,
// any dash, small letters, a missing 号, and the abbreviations 川 贵 云 甘 秦, which
// become 蜀 黔 滇 陇 陕. The error is Invalid with the code "licence.form".
func ParseLicenceNo(s string) (LicenceNo, error) {
	s = NormalizeDocument(s)
	for _, f := range []struct {
		kind LicenceKind
		form *regexp.Regexp
	}{{LicenceFiling, filingNo}, {LicenceCommercial, commercialNo}, {LicenceTelecom, telecomNo}} {
		m := f.form.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		n := LicenceNo{Province: m[1], Kind: f.kind, Serial: m[2], Mark: m[4]}
		if p, ok := licenceAliases[n.Province]; ok {
			n.Province = p
		}
		if m[3] != "" {
			n.SiteNo, _ = strconv.Atoi(m[3]) // at most five digits by the form
		}
		return n, nil
	}
	return LicenceNo{}, E(Invalid, "licence.form")
}

// String gives the number as websites print it; "" for the zero value.
func (n LicenceNo) String() string {
	var b strings.Builder
	b.WriteString(n.Province)
	switch n.Kind {
	case LicenceFiling:
		b.WriteString("ICP备" + n.Serial + "号")
	case LicenceCommercial:
		b.WriteString("ICP证" + n.Serial + "号")
	default:
		b.WriteString(n.Serial)
	}
	if n.SiteNo > 0 {
		b.WriteString("-" + strconv.Itoa(n.SiteNo) + n.Mark)
	}
	return b.String()
}

// Subject gives the number of the subject (主体备案号), without the service's part.
func (n LicenceNo) Subject() LicenceNo {
	n.SiteNo, n.Mark = 0, ""
	return n
}

// Site gives the number of the subject's website number i (服务备案号), i from 1.
func (n LicenceNo) Site(i int) LicenceNo { return n.Service(i, MarkWebsite) }

// Service gives the number of the subject's service number i with a mark.
func (n LicenceNo) Service(i int, mark string) LicenceNo {
	n.SiteNo, n.Mark = i, mark
	return n
}

// IsZero reports whether n is no number.
func (n LicenceNo) IsZero() bool { return n == LicenceNo{} }

// MarshalText gives String.
func (n LicenceNo) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText reads empty text as no number, other text as ParseLicenceNo does.
func (n *LicenceNo) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*n = LicenceNo{}
		return nil
	}
	got, err := ParseLicenceNo(string(text))
	if err != nil {
		return err
	}
	*n = got
	return nil
}
