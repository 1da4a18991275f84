package icp

import "strings"

// creditAlphabet lists the 31 characters of GB 32100-2015 in the order of
// their values: digits and capitals without I, O, S, V and Z.
const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// creditWeights are 3^i mod 31 (GB 32100-2015, annex A).
var creditWeights = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}

// NormalizeCreditCode gives the unified social credit code (统一社会信用代码) in
// its standard spelling: half-width capitals and digits without spaces or dashes.
func NormalizeCreditCode(s string) string {
	return upperLetters(strings.ReplaceAll(foldIdentifier(s), "-", ""))
}

// CheckCreditCode checks a unified social credit code by GB 32100-2015. The
// code is "" when all is well, otherwise a message key:
// "id.credit_code.length", "id.credit_code.form", "id.credit_code.checksum", or
// the warning "id.credit_code.org_code" when the organisation code inside has a
// wrong check character, as a few old registrations do.
func CheckCreditCode(s string) (code string, warn bool) {
	s = NormalizeCreditCode(s)
	if s == "" {
		return codeRequired, false
	}
	if len(s) != 18 {
		return "id.credit_code.length", false
	}
	sum := 0
	for i := range 17 {
		v := strings.IndexByte(creditAlphabet, s[i])
		if v < 0 {
			return "id.credit_code.form", false
		}
		sum += v * creditWeights[i]
	}
	if !isDigits(s[2:8]) || strings.IndexByte(creditAlphabet, s[17]) < 0 {
		return "id.credit_code.form", false
	}
	if creditAlphabet[(31-sum%31)%31] != s[17] {
		return "id.credit_code.checksum", false
	}
	if orgCheckChar(s[8:16]) != s[16] {
		return "id.credit_code.org_code", true
	}
	return "", false
}

// CreditCodePrefix gives the first two characters of a credit code, the
// registering department and the category of the organisation (91 enterprise,
// 12 public institution ...); "" when s has not 18 digits and letters.
func CreditCodePrefix(s string) string {
	if s = NormalizeCreditCode(s); len(s) == 18 && isOrgAlphabet(s) {
		return s[:2]
	}
	return ""
}

// CreditCodeOrgCode gives the organisation code inside a credit code in its
// printed form (71526726-X); "" when s has not 18 digits and letters.
func CreditCodeOrgCode(s string) string {
	if s = NormalizeCreditCode(s); len(s) == 18 && isOrgAlphabet(s) {
		return s[8:16] + "-" + s[16:17]
	}
	return ""
}
