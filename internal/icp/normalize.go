package icp

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxIdentifierRunes is the longest identifier that the authority's schema
// takes (certificate numbers, 255 characters).
const maxIdentifierRunes = 255

// otherDashes look like a dash without being in Unicode's class of dashes:
// minus sign, hyphen bullet, modifier minus, and the Japanese long vowel mark
// that Chinese input methods also offer.
const otherDashes = "\u2212\u2043\u02d7\u30fc"

// foldIdentifier brings what people type or paste to one spelling: full-width
// letters and digits become ordinary ones (NFKC), every kind of dash becomes
// "-", and spaces, control and invisible characters go.
func foldIdentifier(s string) string {
	if isPlain(s) {
		return s
	}
	folded := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Pd, r) || strings.ContainsRune(otherDashes, r):
			return '-'
		case unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, norm.NFKC.String(s))
	// What went may have stood between marks that now combine.
	return norm.NFKC.String(folded)
}

// isPlain reports whether s is printable ASCII without spaces, which folds to
// itself: most identifiers are typed so.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// upperLetters makes a–z capital and leaves all else alone, so that the result
// stays normal.
func upperLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, s)
}

// isDigits reports whether s is one or more of the ASCII digits.
func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
