package icp

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// codeRequired is the message key for an identifier that is missing.
const codeRequired = "id.required"

// Forms of documents that no published standard confirms: a number outside
// them earns a warning, never a refusal.
var (
	chinesePassport   = regexp.MustCompile(`^(?:E[0-9A-Z]\d{7}|[GDSP][0-9A-Z]?\d{7,8}|1[45]\d{7})$`)
	foreignPassport   = regexp.MustCompile(`^[A-Z0-9]{5,17}$`)
	hongKongMacaoPass = regexp.MustCompile(`^[HM]\d{8}(?:\d{2})?$`)
	taiwanPass        = regexp.MustCompile(`^(?:\d{8}|\d{10}(?:\([A-Z]\)|[A-Z])?)$`)
	foreignResident   = regexp.MustCompile(`^[A-Z]{3}\d{12}$`)
	militaryUnit      = regexp.MustCompile(`^(?:中国人民解放军|中国人民武装警察部队)?第?\d{5}部队(?:\d+分队)?$`)
	oldRegistration   = regexp.MustCompile(`^(?:[\p{Han}()]*)?(?:事证|社证|民证|基证)字?第?[0-9A-Z-]+号$`)
)

// NormalizeDocument gives a certificate number in one spelling: half-width,
// capitals, "-" for every dash, no spaces.
func NormalizeDocument(s string) string { return upperLetters(foldIdentifier(s)) }

// CheckPassport warns with "id.passport.form" about a number (护照) of unusual form.
func CheckPassport(s string) (code string, warn bool) {
	s = NormalizeDocument(s)
	if chinesePassport.MatchString(s) {
		return "", false
	}
	return warnUnless(s, foreignPassport, "id.passport.form")
}

// CheckHongKongMacaoPass warns with "id.hkmo_pass.form" about the number of a
// mainland travel permit for Hong Kong and Macao residents
// (港澳居民来往内地通行证) of unusual form.
func CheckHongKongMacaoPass(s string) (code string, warn bool) {
	return warnUnless(NormalizeDocument(s), hongKongMacaoPass, "id.hkmo_pass.form")
}

// CheckTaiwanPass warns with "id.taiwan_pass.form" about the number of a
// mainland travel permit for Taiwan residents (台湾居民来往大陆通行证) of unusual form.
func CheckTaiwanPass(s string) (code string, warn bool) {
	return warnUnless(NormalizeDocument(s), taiwanPass, "id.taiwan_pass.form")
}

// CheckForeignResident warns with "id.foreign_resident.form" about the number
// of a foreigner's permanent residence card (外国人永久居留身份证) that is neither
// of the old form nor of that of 2023, which begins with 9 and has the check
// character of a resident id.
func CheckForeignResident(s string) (code string, warn bool) {
	s = NormalizeDocument(s)
	if strings.HasPrefix(s, "9") && checkCitizenNumber(s) == "" {
		return "", false
	}
	return warnUnless(s, foreignResident, "id.foreign_resident.form")
}

// CheckMilitaryUnit warns with "id.military_unit.form" about a code of a
// military unit (部队代号) of unusual form.
func CheckMilitaryUnit(s string) (code string, warn bool) {
	return warnUnless(NormalizeDocument(s), militaryUnit, "id.military_unit.form")
}

func warnUnless(s string, form *regexp.Regexp, key string) (code string, warn bool) {
	if code := checkFreeText(s); code != "" {
		return code, false
	}
	if !form.MatchString(s) {
		return key, true
	}
	return "", false
}

// CheckOldBusinessLicence checks a registration number of before the credit
// code (营业执照注册号): 15 digits with an ISO 7064 MOD 11,10 check digit, or 13
// digits. All its keys but "id.required" and "id.old_licence.form" are
// warnings: "id.old_licence.checksum", and "id.old_licence.legacy" for a good
// one, which serves only filings that exist already.
func CheckOldBusinessLicence(s string) (code string, warn bool) {
	s = strings.ReplaceAll(NormalizeDocument(s), "-", "")
	switch {
	case s == "":
		return codeRequired, false
	case !isDigits(s) || len(s) != 13 && len(s) != 15:
		return "id.old_licence.form", false
	case len(s) == 15 && !mod1110(s):
		return "id.old_licence.checksum", true
	}
	return "id.old_licence.legacy", true
}

// mod1110 tests the last digit of s by ISO 7064 MOD 11,10.
func mod1110(s string) bool {
	p := 10
	for i := range len(s) - 1 {
		p = (p + int(s[i]-'0')) % 10
		if p == 0 {
			p = 10
		}
		p = p * 2 % 11
	}
	return (p+int(s[len(s)-1]-'0'))%10 == 1
}

// CheckFreeNumber checks a certificate number without a known form: 1–255
// letters, digits, Chinese characters, brackets, dashes and dots. Its message
// keys are "id.too_long" and "id.free_text.form".
func CheckFreeNumber(s string) (code string, warn bool) {
	return checkFreeText(NormalizeDocument(s)), false
}

func checkFreeText(s string) string {
	if s == "" {
		return codeRequired
	}
	if utf8.RuneCountInString(s) > maxIdentifierRunes {
		return "id.too_long"
	}
	for _, r := range s {
		if r == utf8.RuneError || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("()-〔〕[]./_#:", r) {
			return "id.free_text.form"
		}
	}
	return ""
}

// numberRule says how the number of a certificate type is checked.
type numberRule int

const (
	freeText       numberRule = iota // any number
	creditOnly                       // a credit code
	creditOrOld                      // a credit code, or the number of an older certificate
	creditOrFree                     // a credit code or any other number
	creditOrRegNo                    // a credit code, or an old business registration number
	orgCodeOnly                      // an organisation code
	personDocument                   // by personChecks
)

// certificateRule is a numberRule with the prefixes that a credit code of that
// type should have. The prefixes come from memory of the standard, so a
// contradiction is only a warning.
type certificateRule struct {
	rule     numberRule
	prefixes []string
}

// certificateRules is keyed by the authority's certificate type id. A type that
// is not here is a later one: its number is checked as free text.
var certificateRules = map[int]certificateRule{
	1: {creditOrRegNo, []string{"9"}}, 27: {creditOrRegNo, nil},
	4: {creditOrOld, []string{"12"}}, 6: {creditOrOld, []string{"51"}},
	17: {creditOrOld, []string{"52"}}, 36: {creditOrOld, []string{"52"}},
	19: {creditOrOld, []string{"53"}}, 21: {creditOrOld, []string{"31"}},
	13: {creditOnly, []string{"11"}}, 15: {creditOnly, []string{"12"}},
	24: {creditOnly, []string{"13", "81"}}, 43: {creditOnly, []string{"N"}},
	46: {creditOnly, []string{"G"}}, 49: {creditOnly, nil},
	22: {creditOrFree, []string{"41"}}, 25: {creditOrFree, []string{"7"}}, 28: {creditOrFree, []string{"34"}},
	34: {creditOrFree, []string{"61"}}, 38: {creditOrFree, nil}, 39: {creditOrFree, []string{"32"}},
	44: {creditOrFree, []string{"35"}}, 47: {creditOrFree, []string{"21"}}, 48: {creditOrFree, []string{"62"}},
	3: {orgCodeOnly, nil}, 9: {orgCodeOnly, nil}, 10: {orgCodeOnly, nil}, 12: {orgCodeOnly, nil},
	16: {orgCodeOnly, nil}, 18: {orgCodeOnly, nil}, 20: {orgCodeOnly, nil},
	2: {personDocument, nil}, 5: {personDocument, nil}, 7: {personDocument, nil}, 11: {personDocument, nil},
	14: {personDocument, nil}, 30: {personDocument, nil}, 41: {personDocument, nil}, 42: {personDocument, nil},
}

var personChecks = map[int]func(string) (string, bool){
	2: CheckResidentID, 5: CheckMilitaryUnit, 7: CheckPassport, 11: CheckTaiwanPass,
	14: CheckHongKongMacaoPass, 30: CheckForeignResident, 41: CheckHongKongMacaoPermit, 42: CheckTaiwanPermit,
}

// CheckCertificate checks number by the rule of the authority's certificate
// type id (证件类型). The code is "" when all is well, otherwise the message key
// of the check in question; warning says that the number may still be right.
// Besides the keys of the single checks there are the warnings
// "id.credit_code.prefix" (the code belongs to another kind of organisation)
// and "id.old_registration" (a number of a certificate from before the credit
// code).
func CheckCertificate(certType int, number string) (code string, warning bool) {
	r := certificateRules[certType]
	switch r.rule {
	case personDocument:
		return personChecks[certType](number)
	case orgCodeOnly:
		return CheckOrgCode(number)
	case creditOnly:
		return checkCreditWithPrefix(number, r.prefixes)
	case creditOrRegNo:
		if n := strings.ReplaceAll(NormalizeDocument(number), "-", ""); looksLikeOldLicence(n) {
			return CheckOldBusinessLicence(n)
		}
		return checkCreditWithPrefix(number, r.prefixes)
	case creditOrOld:
		if n := NormalizeDocument(number); oldRegistration.MatchString(n) || certType == 21 && len(n) != 18 {
			if code, warn := CheckFreeNumber(n); code != "" {
				return code, warn
			}
			return "id.old_registration", true
		}
		return checkCreditWithPrefix(number, r.prefixes)
	case creditOrFree:
		if looksLikeCreditCode(number) {
			code, _ := checkCreditWithPrefix(number, r.prefixes)
			return code, code != ""
		}
	case freeText:
	}
	return CheckFreeNumber(number)
}

// looksLikeOldLicence reports whether n has the form of a registration number
// from before the credit code.
func looksLikeOldLicence(n string) bool { return isDigits(n) && (len(n) == 13 || len(n) == 15) }

// NormalizeCertificate gives number in the standard spelling of its certificate
// type, the one to store, compare and send.
func NormalizeCertificate(certType int, number string) string {
	switch certificateRules[certType].rule {
	case orgCodeOnly:
		return NormalizeOrgCode(number)
	case creditOnly, creditOrRegNo:
		return NormalizeCreditCode(number)
	case creditOrOld, creditOrFree:
		if looksLikeCreditCode(number) {
			return NormalizeCreditCode(number)
		}
	case personDocument:
		if certType == 2 || certType == 41 || certType == 42 {
			return NormalizeResidentID(number)
		}
	case freeText:
	}
	return NormalizeDocument(number)
}

// looksLikeCreditCode reports whether s has the length and alphabet of a credit code.
func looksLikeCreditCode(s string) bool {
	code, _ := CheckCreditCode(s)
	return code == "" || code == "id.credit_code.checksum" || code == "id.credit_code.org_code"
}

func checkCreditWithPrefix(s string, prefixes []string) (code string, warn bool) {
	code, warn = CheckCreditCode(s)
	if code != "" && !warn || len(prefixes) == 0 {
		return code, warn
	}
	have := CreditCodePrefix(s)
	if slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(have, p) }) {
		return code, warn
	}
	return "id.credit_code.prefix", true
}
