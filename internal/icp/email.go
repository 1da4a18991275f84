package icp

import (
	"regexp"
	"strings"
)

// The authority's schema wants 6 to 128 characters.
const (
	minEmail = 6
	maxEmail = 128
)

var emailForm = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*" +
	`@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]$`)

// NormalizeEmail gives an address in half-width characters without spaces and
// with a host in small letters; the part before the @ keeps its letters.
func NormalizeEmail(s string) string {
	s = foldIdentifier(s)
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		s = s[:i] + strings.ToLower(s[i:])
	}
	return s
}

// CheckEmail checks one e-mail address: ASCII, 6–128 characters, a host with a
// dot. The message keys are "email.length" and "email.form".
func CheckEmail(s string) (code string, warn bool) {
	s = NormalizeEmail(s)
	switch local, _, _ := strings.Cut(s, "@"); {
	case s == "":
		return codeRequired, false
	case len(s) < minEmail || len(s) > maxEmail:
		return "email.length", false
	case len(local) > 64 || !emailForm.MatchString(s):
		return "email.form", false
	}
	return "", false
}
