package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// fold brings text to the spelling in which words are compared: half-width,
// small letters, no spaces or invisible characters.
func fold(s string) string {
	if isFolded(s) {
		return s
	}
	return strings.Map(foldRune, s)
}

func foldRune(r rune) rune {
	switch {
	case r >= 0xff01 && r <= 0xff5e: // full-width forms of ASCII
		r -= 0xfee0
	case unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
		return -1
	}
	if r >= 'A' && r <= 'Z' {
		r += 'a' - 'A'
	}
	return r
}

// isFolded is a quick look that spares most names the work.
func isFolded(s string) bool {
	for _, r := range s {
		han := r >= 0x4e00 && r <= 0x9fff
		if !han && (r <= ' ' || r >= 0x7f || (r >= 'A' && r <= 'Z')) {
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
		if k != "" && k.has(r) || k == "" && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			n++
		}
	}
	return n
}

// hasWord reports whether folded text has a folded word. A word of Latin
// letters counts only where no other letter touches it: app is not in apple.
func hasWord(text, word string) bool {
	for rest := text; ; {
		i := strings.Index(rest, word)
		if i < 0 {
			return false
		}
		at := len(text) - len(rest) + i
		if !letterAt(text, at-1) || !letterAt(word, 0) {
			if end := at + len(word); !letterAt(text, end) || !letterAt(word, len(word)-1) {
				return true
			}
		}
		_, size := utf8.DecodeRuneInString(rest[i:])
		rest = rest[i+size:]
	}
}

// letterAt reports whether the byte of folded text is a Latin letter.
func letterAt(s string, i int) bool { return i >= 0 && i < len(s) && s[i] >= 'a' && s[i] <= 'z' }

// wordList is a list of folded words with their spelling in the pack.
type wordList struct{ words, folded []string }

func newWordList(words []string) wordList {
	l := wordList{words: words}
	for _, w := range words {
		l.folded = append(l.folded, fold(w))
	}
	return l
}

// in gives the first word that folded text has and that except has not.
func (l *wordList) in(text, except string) (string, bool) {
	for i, w := range l.folded {
		if hasWord(text, w) && (except == "" || !hasWord(except, w)) {
			return l.words[i], true
		}
	}
	return "", false
}

// equal gives the word that folded text is.
func (l *wordList) equal(text string) (string, bool) {
	for i, w := range l.folded {
		if w == text {
			return l.words[i], true
		}
	}
	return "", false
}

// start gives the first word that folded text begins with and except has not.
func (l *wordList) start(text, except string) (string, bool) {
	for i, w := range l.folded {
		if strings.HasPrefix(text, w) && (except == "" || !hasWord(except, w)) {
			return l.words[i], true
		}
	}
	return "", false
}
