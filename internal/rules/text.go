package rules

import (
	_ "embed"
	"strings"
	"unicode"
)

//go:embed traditional.txt
var traditional string

// Han characters of the unified block, which hold all of traditional.txt.
const (
	firstHan = 0x4e00
	lastHan  = 0x9fff
)

// simplified has the simplified forms of traditional characters by their
// distance from the first; 0 for all others.
var simplified = readSimplified()

func readSimplified() *[lastHan - firstHan + 1]uint16 {
	var out [lastHan - firstHan + 1]uint16
	for line := range strings.Lines(traditional) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for pair := range strings.FieldsSeq(line) {
			r := []rune(pair)
			out[r[0]-firstHan] = uint16(r[1])
		}
	}
	return &out
}

// fold brings text to the spelling in which words are compared: half-width,
// small letters, simplified characters, no spaces or invisible characters.
// Characters that simplified Chinese uses itself stay as they are.
func fold(s string) string {
	if isFolded(s) {
		return s
	}
	return strings.Map(foldRune, s)
}

func foldRune(r rune) rune {
	switch {
	case r >= firstHan && r <= lastHan:
		if s := simplified[r-firstHan]; s != 0 {
			return rune(s)
		}
		return r
	case isMark(r):
		return r
	case r >= 0xff01 && r <= 0xff5e: // full-width forms of ASCII
		r -= 0xfee0
	case r > ' ' && r < 0x7f:
	case unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
		return -1
	}
	if r >= 'A' && r <= 'Z' {
		r += 'a' - 'A'
	}
	return r
}

// isMark reports whether a character is one of Chinese punctuation, such as 、 and
// 。; the space before them is none.
func isMark(r rune) bool { return r >= 0x3001 && r <= 0x303f }

// isFolded is a quick look that spares most names the work.
func isFolded(s string) bool {
	for _, r := range s {
		han := r >= firstHan && r <= lastHan
		if han && simplified[r-firstHan] != 0 || !han && !isMark(r) && (r <= ' ' || r >= 0x7f || (r >= 'A' && r <= 'Z')) {
			return false
		}
	}
	return true
}

// kind is a class of characters.
type kind string

const (
	digits kind = "digits"
	latin  kind = "latin"
	han    kind = "han"
)

func (k kind) has(r rune) bool {
	if r >= firstHan && r <= lastHan {
		return k == han
	}
	switch k {
	case digits:
		return unicode.IsDigit(r)
	case latin:
		return unicode.Is(unicode.Latin, r)
	case han:
		return unicode.Is(unicode.Han, r)
	}
	return false
}

func (k kind) known() bool { return k == digits || k == latin || k == han }

// count counts the letters and digits of text, or those of one kind. What is
// neither, such as brackets and dashes, does not count.
func count(folded string, k kind) int {
	n := 0
	for _, r := range folded {
		if k != "" && k.has(r) || k == "" && (r >= firstHan && r <= lastHan || unicode.IsLetter(r) || unicode.IsDigit(r)) {
			n++
		}
	}
	return n
}

// containsWord reports whether folded text has a folded word. A word of Latin
// letters counts only where no other letter touches it: app is not in apple.
func containsWord(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		at := from + i
		end := at + len(word)
		if (!letterAt(text, at-1) || !letterAt(word, 0)) && (!letterAt(text, end) || !letterAt(word, len(word)-1)) {
			return true
		}
		from = at + 1
	}
}

// letterAt reports whether the byte of folded text is a Latin letter.
func letterAt(s string, i int) bool { return i >= 0 && i < len(s) && s[i] >= 'a' && s[i] <= 'z' }

// text is the text of one place of a case. What is worked out of it is kept for
// the rules that come after.
type text struct {
	raw    string
	folded string
	number string // as a phone number
	done   uint8  // of the bits below
	hits   []hit
	lists  []uint64 // a bit for each list of words that has one of the hits; nil for none
}

const (
	isRead uint8 = 1 << iota
	wasFolded
	wasSearched
	isNumber
)

// fold gives the text folded.
func (t *text) fold() string {
	if t.done&wasFolded == 0 {
		t.folded = fold(t.raw)
		t.done |= wasFolded
	}
	return t.folded
}

// phone gives the text as a phone number in one spelling.
func (t *text) phone() string {
	if t.done&isNumber == 0 {
		t.number = phone(t.raw)
		t.done |= isNumber
	}
	return t.number
}

// search finds the words of all lists in a text.
func (m *matter) search(t *text) *text {
	if t.done&wasSearched != 0 {
		return t
	}
	t.done |= wasSearched
	d := m.set.words
	from := len(m.hits)
	m.hits = d.find(t.fold(), m.hits, m.seen)
	if t.hits = m.hits[from:]; len(t.hits) == 0 {
		return t
	}
	from = len(m.bits)
	m.bits = append(m.bits, make([]uint64, (d.lists+63)/64)...)
	t.lists = m.bits[from:]
	for _, h := range t.hits {
		for _, l := range d.words[h.word].lists {
			t.lists[l>>6] |= 1 << (l & 63)
			m.fired[l>>6] |= 1 << (l & 63)
		}
	}
	return t
}
