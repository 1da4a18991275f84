package icp

import (
	"strings"
	"time"
)

// Sex is what a resident id says about its holder.
type Sex string

// The sexes that GB 11643-1999 can express.
const (
	Male   Sex = "male"
	Female Sex = "female"
)

// residentWeights and residentCheck are those of GB 11643-1999.
var residentWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

const residentCheck = "10X98765432"

// residentProvinces are the province digits of resident ids. Only these are
// checked of the area: counties come and go, and an id keeps its first area.
const residentProvinces = " 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 "

// NormalizeResidentID gives a resident id or residence permit number in its
// standard spelling: half-width, no spaces or dashes, a capital X.
func NormalizeResidentID(s string) string {
	return upperLetters(strings.ReplaceAll(foldIdentifier(s), "-", ""))
}

// CheckResidentID checks the number of a resident identity card (居民身份证) by
// GB 11643-1999. The message keys are "id.resident.old" (15 digits, of no use
// since 2013), "id.resident.length", "id.resident.form", "id.resident.permit"
// (the number of a residence permit of Hong Kong, Macao or Taiwan residents),
// "id.resident.area", "id.resident.date" and "id.resident.checksum".
func CheckResidentID(s string) (code string, warn bool) {
	s = NormalizeResidentID(s)
	if code := checkCitizenNumber(s); code != "" {
		return code, false
	}
	switch {
	case isPermitArea(s[:6]):
		return "id.resident.permit", false
	case !strings.Contains(residentProvinces, " "+s[:2]+" "):
		return "id.resident.area", false
	}
	return "", false
}

// CheckResidentIDAt is CheckResidentID and also refuses, with the key
// "id.resident.future", a birth date after the day of now.
func CheckResidentIDAt(s string, now time.Time) (code string, warn bool) {
	if code, warn := CheckResidentID(s); code != "" {
		return code, warn
	}
	if age, ok := AgeAt(s, now); !ok || age < 0 {
		return "id.resident.future", false
	}
	return "", false
}

// CheckHongKongMacaoPermit checks the number of a residence permit for Hong
// Kong and Macao residents (港澳居民居住证): the arithmetic of a resident id with
// the area 810000 or 820000. The keys are those of CheckResidentID and
// "id.permit.area".
func CheckHongKongMacaoPermit(s string) (code string, warn bool) {
	return checkPermit(s, "810000", "820000")
}

// CheckTaiwanPermit checks the number of a residence permit for Taiwan
// residents (台湾居民居住证), area 830000. Keys as for CheckHongKongMacaoPermit.
func CheckTaiwanPermit(s string) (code string, warn bool) {
	return checkPermit(s, "830000")
}

func checkPermit(s string, areas ...string) (code string, warn bool) {
	s = NormalizeResidentID(s)
	if code := checkCitizenNumber(s); code != "" {
		return code, false
	}
	for _, a := range areas {
		if s[:6] == a {
			return "", false
		}
	}
	return "id.permit.area", false
}

func isPermitArea(area string) bool {
	return area == "810000" || area == "820000" || area == "830000"
}

// checkCitizenNumber checks all but the area of a normalised 18-character number.
func checkCitizenNumber(s string) (code string) {
	_, code = citizen(s)
	return code
}

// citizen is checkCitizenNumber and gives the birth date of a good number.
func citizen(s string) (birth time.Time, code string) {
	switch {
	case s == "":
		return birth, codeRequired
	case len(s) == 15 && isDigits(s):
		return birth, "id.resident.old"
	case len(s) != 18:
		return birth, "id.resident.length"
	case !isDigits(s[:17]) || s[0] == '0' || s[17] != 'X' && !isDigits(s[17:]):
		return birth, "id.resident.form"
	}
	birth, ok := citizenBirth(s)
	switch {
	case !ok:
		return birth, "id.resident.date"
	case residentCheckChar(s[:17]) != s[17]:
		return birth, "id.resident.checksum"
	}
	return birth, ""
}

// residentCheckChar computes the check character of 17 digits.
func residentCheckChar(body string) byte {
	sum := 0
	for i := range 17 {
		sum += int(body[i]-'0') * residentWeights[i]
	}
	return residentCheck[sum%11]
}

// citizenBirth reads the birth date of a normalised number, midnight UTC.
func citizenBirth(s string) (time.Time, bool) {
	if len(s) != 18 {
		return time.Time{}, false
	}
	t, err := time.Parse("20060102", s[6:14])
	if err != nil || t.Year() < 1800 || t.Year() > 2099 {
		return time.Time{}, false
	}
	return t, true
}

// BirthDate gives the birth date in a resident id or residence permit, as
// midnight UTC of that day; false when the number is not valid.
func BirthDate(s string) (time.Time, bool) {
	birth, code := citizen(NormalizeResidentID(s))
	if code != "" {
		return time.Time{}, false
	}
	return birth, true
}

// SexOf gives the sex in a resident id or residence permit; false when the
// number is not valid.
func SexOf(s string) (Sex, bool) {
	s = NormalizeResidentID(s)
	if checkCitizenNumber(s) != "" {
		return "", false
	}
	if (s[16]-'0')%2 == 1 {
		return Male, true
	}
	return Female, true
}

// AgeAt gives the full years that the holder of a resident id or residence
// permit has lived on the day of at, in at's own time zone (pass China's).
// A year of life is full from the birthday itself; whoever is born on 29
// February becomes older on 1 March of common years. It is negative for a birth
// date to come; false when the number is not valid.
func AgeAt(s string, at time.Time) (int, bool) {
	b, ok := BirthDate(s)
	if !ok {
		return 0, false
	}
	return YearsAt(b, at), true
}

// YearsAt gives the full years from a birth date until the day of at, as AgeAt
// counts them.
func YearsAt(birth, at time.Time) int {
	age := at.Year() - birth.Year()
	if at.Month() < birth.Month() || at.Month() == birth.Month() && at.Day() < birth.Day() {
		age--
	}
	return age
}
