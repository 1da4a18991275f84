package wire

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
)

const (
	// guessWindow is how many bytes from the first character beyond ASCII on
	// decide on the character set where the declaration does not.
	guessWindow = 64 << 10
	// maxText bounds one text of a document in bytes, so that no document makes
	// a reader hold more; pictures are at most 205 KB in base64.
	maxText = 4 << 20
)

var (
	declared    = regexp.MustCompile(`^\s*<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']`)
	errLongText = errors.New("a text is longer than 4 MiB")
)

// Text reads a document as UTF-8 text, as all readers of this package do: see
// [DecodeDownload]. The declaration stays as it is.
func Text(document io.Reader) io.Reader { return textReader(document) }

// textReader turns a document into UTF-8 text by its declaration; where that is
// missing or plainly wrong, the bytes decide. Characters that XML forbids, as
// such or as numeric references, become U+FFFD, so that one bad record does not
// hide the others.
func textReader(r io.Reader) io.Reader {
	b := bufio.NewReaderSize(r, guessWindow)
	if mark, err := b.Peek(3); err == nil && string(mark) == "\xEF\xBB\xBF" {
		b.Discard(3) //nolint:errcheck // they are in the buffer
	}
	head, _ := b.Peek(200) // an error comes again when the bytes are read
	name := ""
	if m := declared.FindSubmatch(head); m != nil {
		name = strings.ToLower(string(m[1]))
	}
	var text io.Reader = &guessing{in: b}
	if strings.HasPrefix(name, "gb") {
		text = fromGB18030(b)
	}
	return transform.NewReader(text, &legalizer{max: maxText})
}

// fromGB18030 reads GBK and GB2312 too.
func fromGB18030(r io.Reader) io.Reader {
	return transform.NewReader(r, simplifiedchinese.GB18030.NewDecoder())
}

// guessing hands ASCII through and decides at the first other byte whether the
// text is UTF-8 or GB18030.
type guessing struct {
	in      *bufio.Reader
	decided io.Reader
}

// Read reads; see io.Reader.
func (g *guessing) Read(p []byte) (int, error) {
	if g.decided != nil {
		return g.decided.Read(p)
	}
	if _, err := g.in.Peek(1); err != nil {
		return 0, err
	}
	window, _ := g.in.Peek(min(g.in.Buffered(), len(p)))
	n := 0
	for n < len(window) && window[n] < utf8.RuneSelf {
		n++
	}
	if n > 0 || len(p) == 0 {
		return g.in.Read(p[:n])
	}
	window, err := g.in.Peek(guessWindow)
	if g.decided = fromGB18030(g.in); isUTF8(window, err == nil) {
		g.decided = g.in
	}
	return g.decided.Read(p)
}

// isUTF8 overlooks half a character at the end of a window that was cut off.
func isUTF8(b []byte, cut bool) bool {
	for i := 0; cut && i < utf8.UTFMax && len(b) > 0; i++ {
		if r, size := utf8.DecodeLastRune(b); r != utf8.RuneError || size > 1 {
			break
		}
		b = b[:len(b)-1]
	}
	return utf8.Valid(b)
}

// legalizer replaces what XML forbids and bounds the length of texts.
type legalizer struct {
	transform.NopResetter
	max   int // 0 means any length
	since int // bytes since the last "<"
}

const replacement = "\uFFFD"

// Transform transforms; see transform.Transformer.
func (l *legalizer) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		n := l.plain(src[nSrc:])
		n = copy(dst[nDst:], src[nSrc:nSrc+n])
		nDst, nSrc = nDst+n, nSrc+n
		if l.max > 0 && l.since > l.max {
			return nDst, nSrc, errLongText
		}
		if nSrc == len(src) {
			break
		}
		from, to, ok := special(src[nSrc:], atEOF)
		switch {
		case !ok:
			return nDst, nSrc, transform.ErrShortSrc
		case nDst+len(to) > len(dst):
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst, nSrc, l.since = nDst+copy(dst[nDst:], to), nSrc+from, l.since+len(to)
	}
	return nDst, nSrc, nil
}

// plain gives the length of the beginning that needs no look.
func (l *legalizer) plain(src []byte) int {
	for i, c := range src {
		switch {
		case c == '<' && l.max > 0 && l.since > l.max:
			return i
		case c == '<':
			l.since = 0
		case c >= utf8.RuneSelf || c == '&' || c < 0x20 && c != '\t' && c != '\n' && c != '\r':
			return i
		default:
			l.since++
		}
	}
	return len(src)
}

// special gives the length of the character or reference at the beginning and
// what shall stand for it; false when more bytes are needed to tell.
func special(src []byte, atEOF bool) (int, []byte, bool) {
	if src[0] == '&' {
		return reference(src, atEOF)
	}
	r, size := utf8.DecodeRune(src)
	switch {
	case r == utf8.RuneError && size <= 1 && !atEOF && !utf8.FullRune(src):
		return 0, nil, false
	case legalXML(r) != r || r == utf8.RuneError && size == 1:
		return size, []byte(replacement), true
	}
	return size, src[:size], true
}

// longestReference is that of the last character, as a decimal number with zeros.
const longestReference = len("&#x0010FFFF;")

// reference looks at a numeric reference; others stay as they are.
func reference(src []byte, atEOF bool) (int, []byte, bool) {
	if len(src) < longestReference && !atEOF && bytes.IndexByte(src, ';') < 0 {
		return 0, nil, false
	}
	end := bytes.IndexByte(src[:min(len(src), longestReference)], ';')
	if end < 3 || src[1] != '#' {
		return 1, src[:1], true
	}
	digits, base := string(src[2:end]), 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err == nil && (legalXML(rune(n)) != rune(n) || !utf8.ValidRune(rune(n))) {
		return end + 1, []byte(replacement), true
	}
	return 1, src[:1], true
}

func legalXML(r rune) rune {
	switch {
	case r == '\t' || r == '\n' || r == '\r':
		return r
	case r < 0x20 || r == 0xFFFE || r == 0xFFFF:
		return utf8.RuneError
	}
	return r
}
