package domaincheck

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// holder is the registrant that counts: the organisation where one is named,
// for then the person is only its contact; else the person.
func (f Facts) holder() string {
	if f.RegistrantOrg != "" {
		return f.RegistrantOrg
	}
	return f.RegistrantName
}

// sameName compares names as people write them: width, brackets, capitals and
// white space do not matter; every other character does.
func sameName(a, b string) bool {
	x := foldName(a)
	return x != "" && x == foldName(b)
}

func foldName(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case r == '〔' || r == '【' || r == '[':
			return '('
		case r == '〕' || r == '】' || r == ']':
			return ')'
		case r == '•' || r == '・' || r == '‧':
			return '·'
		}
		return unicode.ToLower(r)
	}, norm.NFKC.String(s))
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// matchOwner compares a registration's holder with the names that may hold the
// domain. A holder in Latin letters (pinyin, an English company name) cannot be
// told from a stranger by a program, so it is left to the reviewer.
func matchOwner(f Facts, names []string) string {
	holder := f.holder()
	switch {
	case len(names) == 0:
		return outcomeNoAccountName
	case holder == "" && f.Redacted:
		return outcomeRedacted
	case holder == "":
		return outcomeUnknown
	}
	han := false
	for _, n := range names {
		if sameName(n, holder) {
			return outcomePassed
		}
		han = han || hasHan(n)
	}
	if han && !hasHan(holder) {
		return outcomeScript
	}
	return outcomeFailed
}

// HeldBy tells whether a registration's holder has a name: Passed, Failed, or
// Unknown when the registry hides it or a program cannot compare the two.
func (f Facts) HeldBy(name string) State {
	if name == "" {
		return Unknown
	}
	return stateOf(matchOwner(f, []string{name}))
}
