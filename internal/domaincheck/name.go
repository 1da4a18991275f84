package domaincheck

import (
	"net/netip"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
	"golang.org/x/text/width"

	"github.com/openbeian/beian/internal/icp"
)

// Name is a registrable domain name (独立域名): the public suffix and one label
// more. A filing covers it with all its sub-domains.
type Name struct {
	// ASCII is the name on the wire, such as "xn--fiq228c.com".
	ASCII string `json:"ascii"`
	// Unicode is the name for people, such as "中文.com".
	Unicode string `json:"unicode"`
	// TLD is the last label in ASCII without a dot, such as "cn".
	TLD string `json:"tld"`
	// Suffix is the public suffix in ASCII, such as "com.cn": the ICANN part
	// of the list only, so that "x.github.io" has the suffix "io".
	Suffix string `json:"suffix"`
	// Cut is what stood before the registrable name, in Unicode and without
	// the last dot, such as "www" or "shop.m"; empty when nothing was cut.
	Cut string `json:"cut,omitempty"`
}

// SubdomainCut reports whether a sub-domain other than www was cut, which the
// applicant must be told: what is filed is the registrable name.
func (n Name) SubdomainCut() bool { return n.Cut != "" && n.Cut != "www" }

// String gives the name for people.
func (n Name) String() string { return n.Unicode }

// maxInput bounds what Normalize looks at, in bytes: a pasted URL may be long.
const maxInput = 2048

// pointer names the field of the request that Normalize's errors are about.
const pointer = "/domain"

// hosts maps and checks host names as browsers do (UTS 46, non-transitional).
var hosts = idna.New(
	idna.MapForLookup(),
	idna.BidiRule(),
	idna.Transitional(false),
	idna.StrictDomainName(true),
	idna.VerifyDNSLength(true),
)

// Normalize finds the registrable name in what a person typed or pasted: a
// name, a URL, full-width letters and dots, capitals, Chinese or punycode.
//
// Its errors are icp.Invalid with one field and one of the codes in
// [InvalidCodes]. It never asks the network.
func Normalize(input string) (Name, error) {
	host, code := hostOf(input)
	if code != "" {
		return Name{}, icp.InvalidField(pointer, code)
	}
	if isAddress(host) {
		return Name{}, icp.InvalidField(pointer, CodeIP)
	}
	ascii, err := hosts.ToASCII(host)
	if err != nil {
		return Name{}, icp.InvalidField(pointer, CodeForm).Because(err)
	}
	// Mapping may turn exotic digits into plain ones, so look again.
	if isAddress(ascii) {
		return Name{}, icp.InvalidField(pointer, CodeIP)
	}
	suffix, known := icannSuffix(ascii)
	switch {
	case ascii == suffix && known:
		return Name{}, icp.InvalidField(pointer, CodeSuffixOnly)
	case !strings.Contains(ascii, "."):
		return Name{}, icp.InvalidField(pointer, CodeSingleLabel)
	case !known:
		return Name{}, icp.InvalidField(pointer, CodeUnknownTLD)
	}
	return nameUnder(ascii, suffix)
}

// nameUnder cuts an ASCII host name after one label more than its suffix.
func nameUnder(ascii, suffix string) (Name, error) {
	rest := strings.TrimSuffix(ascii, "."+suffix)
	label, cut := rest, ""
	if i := strings.LastIndexByte(rest, '.'); i >= 0 {
		cut, label = rest[:i], rest[i+1:]
	}
	n := Name{ASCII: label + "." + suffix, Suffix: suffix}
	n.TLD = suffix[strings.LastIndexByte(suffix, '.')+1:]
	var err error
	if n.Unicode, err = hosts.ToUnicode(n.ASCII); err != nil {
		return Name{}, icp.InvalidField(pointer, CodeForm).Because(err)
	}
	if cut != "" {
		if n.Cut, err = hosts.ToUnicode(cut); err != nil {
			return Name{}, icp.InvalidField(pointer, CodeForm).Because(err)
		}
	}
	return n, nil
}

// hostOf takes the host out of pasted text, or gives the code of the fault.
func hostOf(input string) (host, code string) {
	if len(input) > maxInput {
		return "", CodeTooLong
	}
	s := strings.Map(plain, width.Fold.String(input))
	s = strings.TrimSpace(s)
	if i := strings.Index(s, "://"); i >= 0 {
		s = s[i+3:]
	}
	s = strings.TrimLeft(s, "/\\")
	if i := strings.IndexAny(s, `/\?#`); i >= 0 {
		s = s[:i]
	}
	// People paste "www. example .cn": space beside a dot is noise, space
	// between two words is two names.
	s = joinDots(strings.TrimSpace(s))
	switch {
	case s == "":
		return "", CodeEmpty
	case strings.HasPrefix(s, "["):
		return s, ""
	case strings.ContainsFunc(s, isSeparator):
		return "", CodeSeveral
	}
	if _, err := netip.ParseAddr(s); err == nil {
		return s, ""
	}
	if i := strings.LastIndexByte(s, ':'); i >= 0 && allDigits(s[i+1:]) {
		s = s[:i]
	}
	s = strings.TrimSuffix(s, ".")
	if s == "" {
		return "", CodeEmpty
	}
	return s, ""
}

// plain maps the dots of Chinese input methods to the ASCII dot and drops
// characters that nobody sees.
func plain(r rune) rune {
	switch r {
	case '。', '．', '｡', '﹒':
		return '.'
	case '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u200e', '\u200f':
		return -1
	}
	return r
}

func isSeparator(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune(",;、，；|", r)
}

// joinDots removes white space on both sides of each dot.
func joinDots(s string) string {
	parts := strings.Split(s, ".")
	for i, p := range parts {
		parts[i] = strings.TrimSpace(p)
	}
	return strings.Join(parts, ".")
}

func allDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// isAddress reports whether host is an IP address in any spelling that a
// browser would take for one: the last label of a name is never a number.
func isAddress(host string) bool {
	if strings.HasPrefix(host, "[") || strings.Contains(host, "::") {
		return true
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	last := strings.ToLower(host[strings.LastIndexByte(host, '.')+1:])
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return last != "" && allDigits(last)
}

// icannSuffix gives the public suffix by the ICANN part of the list, and
// whether the list knows the top-level domain at all. The list's private part
// (github.io and its like) says how hosters part their customers, not what can
// be registered: such a suffix is shortened until a registry's rule is met.
func icannSuffix(ascii string) (string, bool) {
	for s := ascii; ; {
		suffix, icann := publicsuffix.PublicSuffix(s)
		if icann {
			return suffix, true
		}
		_, parent, more := strings.Cut(suffix, ".")
		if !more {
			return suffix, false
		}
		s = parent
	}
}
