package inventory

import (
	"crypto/rand"
	"strings"
)

// crockford is the alphabet of Crockford's base 32: no I, L, O and U.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// codeLength is the length of a code's text: 16 of 32 characters are 80 bits,
// which nobody guesses.
const codeLength = 16

func newCodeText() string {
	raw := make([]byte, codeLength)
	rand.Read(raw) // never returns an error; the runtime stops the program instead
	for i, b := range raw {
		raw[i] = crockford[b&31]
	}
	return string(raw)
}

// DisplayCode gives a code's text in groups of four.
func DisplayCode(text string) string {
	var b strings.Builder
	for i, r := range text {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// NormalizeCode brings what people type or paste into a code's one spelling:
// capitals, no dashes or spaces, the look-alikes O, I and L as digits.
func NormalizeCode(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			r -= '！' - '!' // full-width forms
		}
		if r >= 'a' && r <= 'z' {
			r -= 'a' - 'A'
		}
		switch {
		case r == 'O':
			return '0'
		case r == 'I' || r == 'L':
			return '1'
		case r >= '0' && r <= '9' || r >= 'A' && r <= 'Z':
			return r
		}
		return -1
	}, text)
}
