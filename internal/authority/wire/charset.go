package wire

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/openbeian/beian/internal/icp"
)

// CodePage is the character set of documents.
type CodePage string

// The code pages. The specification says GBK; GB18030 holds every character and
// is for authorities that are known to read it.
const (
	GBK     CodePage = "GBK"
	GB18030 CodePage = "GB18030"
)

// encode turns UTF-8 text into the code page.
func (c CodePage) encode(s string) ([]byte, error) {
	if bad, ok := c.unencodable(s); ok {
		return nil, icp.E(icp.Invalid, "wire.not_encodable").With("codepoint", fmt.Sprintf("U+%04X", bad)).With("character", string(bad)).With("code_page", string(c))
	}
	e := simplifiedchinese.GBK.NewEncoder()
	if c == GB18030 {
		e = simplifiedchinese.GB18030.NewEncoder()
	}
	b, err := e.Bytes([]byte(s))
	if err != nil {
		return nil, fmt.Errorf("encode as %s: %w", c, err)
	}
	return b, nil
}

// refer writes the characters of a marked-up text that the code page does not
// have as numeric references (&#x20BB7;), which every reader of XML resolves.
// Elements and attributes have ASCII names, so they stand in contents only.
func (c CodePage) refer(s string) string {
	if _, ok := c.unencodable(s); !ok {
		return s
	}
	var b strings.Builder
	e := simplifiedchinese.GBK.NewEncoder()
	for _, r := range s {
		if c.lacks(e, r) {
			fmt.Fprintf(&b, "&#x%X;", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// unencodable finds the first character that the code page does not have.
func (c CodePage) unencodable(s string) (rune, bool) {
	e := simplifiedchinese.GBK.NewEncoder()
	for _, r := range s {
		if c.lacks(e, r) {
			return r, true
		}
	}
	return 0, false
}

// lacks reports whether the code page does not have a character; e encodes GBK.
func (c CodePage) lacks(e *encoding.Encoder, r rune) bool {
	if r < utf8.RuneSelf || c == GB18030 {
		return false
	}
	// A browser's GBK has the euro sign as one byte 0x80 and a few rare or
	// private-use characters; the GBK of the standard and of the ministry's
	// server has not.
	if r == '€' || unicode.Is(unicode.Co, r) || offGBK(r) {
		return true
	}
	if r >= 0x4E00 && r <= 0x9FA5 {
		return false // GBK has all of them
	}
	_, err := e.String(string(r))
	return err != nil
}

// illegalRune finds the first character that XML forbids, that is half a
// character, or that is a control character; the authority answers such a text
// with data code 5008. Line feed and tab pass.
func illegalRune(s string) (rune, bool) {
	for i, r := range s {
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			return 0xFFFD, true // broken UTF-8
		}
		if r == '\n' || r == '\t' {
			continue
		}
		if unicode.IsControl(r) || r == 0xFFFD || r&0xFFFE == 0xFFFE || r == 0xFEFF {
			return r, true
		}
	}
	return 0, false
}

// offGBK tells the characters outside the private-use area that the encoder
// library writes as GBK although the standard's code table has no such code
// (compared with two other implementations: they refuse exactly these).
func offGBK(r rune) bool {
	return r == 0x01F9 || r == 0x303E || (r >= 0x2E80 && r <= 0x2FFB) || (r >= 0x3400 && r <= 0x4DBF)
}
