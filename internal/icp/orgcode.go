package icp

import "strings"

// orgWeights are the weights of GB 11714-1997.
var orgWeights = [8]int{3, 7, 9, 10, 5, 8, 4, 2}

// NormalizeOrgCode gives an organisation code (组织机构代码) as it is printed:
// eight characters, a dash, the check character. Other input comes back folded.
func NormalizeOrgCode(s string) string {
	s = upperLetters(strings.ReplaceAll(foldIdentifier(s), "-", ""))
	if len(s) != 9 || !isOrgAlphabet(s) {
		return s
	}
	return s[:8] + "-" + s[8:]
}

// CheckOrgCode checks an organisation code by GB 11714-1997. The message keys
// are "id.org_code.length", "id.org_code.form" and "id.org_code.checksum". The
// check is weaker than that of a credit code: it cannot tell two letters apart
// whose values differ by 11 or 22.
func CheckOrgCode(s string) (code string, warn bool) {
	s = strings.ReplaceAll(NormalizeOrgCode(s), "-", "")
	switch {
	case s == "":
		return codeRequired, false
	case len(s) != 9:
		return "id.org_code.length", false
	case !isOrgAlphabet(s[:8]) || s[8] != 'X' && !isDigits(s[8:]):
		return "id.org_code.form", false
	case orgCheckChar(s[:8]) != s[8]:
		return "id.org_code.checksum", false
	}
	return "", false
}

// isOrgAlphabet reports whether s has only ASCII digits and capitals.
func isOrgAlphabet(s string) bool {
	for i := 0; i < len(s); i++ {
		if orgValue(s[i]) < 0 {
			return false
		}
	}
	return true
}

// orgValue is the value of a character: 0–9, A=10 … Z=35; -1 for another.
func orgValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10
	}
	return -1
}

// orgCheckChar computes the check character of the eight characters of body;
// 0 when one of them is outside the alphabet.
func orgCheckChar(body string) byte {
	sum := 0
	for i := range 8 {
		v := orgValue(body[i])
		if v < 0 {
			return 0
		}
		sum += v * orgWeights[i]
	}
	return "0X987654321"[sum%11]
}
