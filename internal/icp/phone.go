package icp

import (
	"regexp"
	"strings"
)

var (
	mobileForm = regexp.MustCompile(`^1[3-9]\d{9}$`)
	officeForm = regexp.MustCompile(`^(0(?:10|2\d|[3-9]\d{2}))-(\d{7,8})(?:-\d{1,6})?$`)
	countryPre = regexp.MustCompile(`^(?:\+86|\+086|0086|086)-?`)
	bareOffice = regexp.MustCompile(`^0(?:10|2\d|[3-9]\d{2})\d{7,8}$`)
)

// NormalizeMobile gives a mobile number as eleven digits: no country code,
// spaces or dashes.
func NormalizeMobile(s string) string {
	s = countryPre.ReplaceAllString(foldIdentifier(s), "")
	s = strings.ReplaceAll(s, "-", "")
	if len(s) == 13 && strings.HasPrefix(s, "861") {
		s = s[2:]
	}
	return s
}

// CheckMobile checks a mainland mobile number (手机号码). The message key is
// "phone.mobile.form". Segments that may not receive the authority's message
// are a list that the operator keeps (refdata.MobileSegment), judged by a rule.
func CheckMobile(s string) (code string, warn bool) {
	s = NormalizeMobile(s)
	if s == "" {
		return codeRequired, false
	}
	if !mobileForm.MatchString(s) {
		return "phone.mobile.form", false
	}
	return "", false
}

// NormalizeOfficePhone gives an office phone as area code, dash, number and,
// where there is one, dash and extension: 010-87654321-123. A mobile number
// comes back as by NormalizeMobile.
func NormalizeOfficePhone(s string) string {
	s = foldIdentifier(s)
	s = strings.NewReplacer("(", "", ")", "-", "转", "-", "/", "-", "#", "-").Replace(s)
	s = countryPre.ReplaceAllString(s, "")
	for strings.Contains(s, "--") {
		s = strings.ReplaceAll(s, "--", "-")
	}
	s = strings.Trim(s, "-")
	if bareOffice.MatchString(s) {
		n := 4
		if strings.HasPrefix(s, "010") || strings.HasPrefix(s, "02") {
			n = 3
		}
		return s[:n] + "-" + s[n:]
	}
	if m := NormalizeMobile(s); mobileForm.MatchString(m) {
		return m
	}
	return s
}

// CheckOfficePhone checks an office phone (办公室电话), a landline with its area
// code. The message keys are "phone.office.form" and the warning
// "phone.office.mobile" for a mobile number, which some provinces accept with
// an explanation in the remark.
func CheckOfficePhone(s string) (code string, warn bool) {
	s = NormalizeOfficePhone(s)
	switch {
	case s == "":
		return codeRequired, false
	case mobileForm.MatchString(s):
		return "phone.office.mobile", true
	case !officeForm.MatchString(s):
		return "phone.office.form", false
	}
	return "", false
}

// OfficeAreaCode gives the area code of a valid landline, such as 010 or 0571; "" otherwise.
func OfficeAreaCode(s string) string {
	if m := officeForm.FindStringSubmatch(NormalizeOfficePhone(s)); m != nil {
		return m[1]
	}
	return ""
}

// CheckAnyPhone checks a contact that may be a mobile or a landline, such as
// the emergency contact (应急联系电话): a number that begins with 1 as CheckMobile
// does, any other as CheckOfficePhone does.
func CheckAnyPhone(s string) (code string, warn bool) {
	if strings.HasPrefix(NormalizeMobile(s), "1") {
		return CheckMobile(s)
	}
	return CheckOfficePhone(s)
}
