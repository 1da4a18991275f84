package icp_test

import (
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/icp"
)

type check func(string) (string, bool)

type checkCase struct {
	rule, in, code string
	warn           bool
}

func runChecks(t *testing.T, f check, cases []checkCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			if code, warn := f(c.in); code != c.code || warn != c.warn {
				t.Errorf("check(%q) = %q, %v, want %q, %v", c.in, code, warn, c.code, c.warn)
			}
		})
	}
}

// creditSamples are published codes of listed companies.
var creditSamples = []string{"9144030071526726XG", "914403001922038216", "91330100799655058B", "91110000802100433B", "91110108551385082Q"}

func TestCheckCreditCode(t *testing.T) {
	t.Parallel()
	cases := []checkCase{
		{"small letters, spaces and dashes do not matter", " 91440300-7152 6726xg ", "", false},
		{"full-width characters do not matter", "９１４４０３００７１５２６７２６ＸＧ", "", false},
		{"an empty code is missing", " ", "id.required", false},
		{"17 characters are too few", "9144030071526726X", "id.credit_code.length", false},
		{"the letter I is outside the alphabet", "9144030071526726IG", "id.credit_code.form", false},
		{"the area is six digits", "91A403007152672XXG", "id.credit_code.form", false},
		{"a wrong check character", "9144030071526726XH", "id.credit_code.checksum", false},
		{"Chinese characters", "统一社会信用", "id.credit_code.form", false},
		{"a wrong organisation code inside is a warning", "91440300715267261D", "id.credit_code.org_code", true},
	}
	for _, s := range creditSamples {
		cases = append(cases, checkCase{"good " + s, s, "", false})
	}
	cases[8].in = withCreditCheck(t, "91440300715267261")
	runChecks(t, icp.CheckCreditCode, cases)
}

// withCreditCheck finds the check character by trying all.
func withCreditCheck(t *testing.T, body string) string {
	t.Helper()
	for _, c := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
		if code, warn := icp.CheckCreditCode(body + string(c)); code == "" || warn {
			return body + string(c)
		}
	}
	t.Fatalf("no check character fits %s", body)
	return ""
}

func TestCreditCodeCatchesEveryChangedCharacter(t *testing.T) {
	t.Parallel()
	for _, s := range creditSamples {
		for i := range s {
			for c := byte('0'); c <= 'Z'; c++ {
				if c == s[i] || c > '9' && c < 'A' {
					continue
				}
				bad := s[:i] + string(c) + s[i+1:]
				if code, warn := icp.CheckCreditCode(bad); code == "" || warn {
					t.Errorf("%s with character %d changed: %s passes (%q)", s, i+1, bad, code)
				}
			}
		}
	}
}

func TestCreditCodeParts(t *testing.T) {
	t.Parallel()
	if got := icp.CreditCodeOrgCode("9144030071526726xg"); got != "71526726-X" {
		t.Errorf("organisation code = %q", got)
	}
	if got := icp.CreditCodePrefix("9144030071526726xg"); got != "91" {
		t.Errorf("prefix = %q", got)
	}
	if got := icp.CreditCodePrefix("统一社会信用"); got != "" {
		t.Errorf("prefix of no code = %q", got)
	}
}

func TestCheckOrgCode(t *testing.T) {
	t.Parallel()
	cases := []checkCase{
		{"the dash may be missing", "71526726X", "", false},
		{"a full-width small x", "71526726－ｘ", "", false},
		{"ten characters", "71526726-XX", "id.org_code.length", false},
		{"a check letter other than X", "71526726-A", "id.org_code.form", false},
		{"a sign", "7152672+-X", "id.org_code.form", false},
		{"a wrong check character", "71526726-1", "id.org_code.checksum", false},
		{"none", "", "id.required", false},
	}
	for _, s := range []string{"71526726-X", "19220382-1", "79965505-8", "80210043-3", "55138508-2"} {
		cases = append(cases, checkCase{"good " + s, s, "", false})
	}
	runChecks(t, icp.CheckOrgCode, cases)
	if got := icp.NormalizeOrgCode("71526726x"); got != "71526726-X" {
		t.Errorf("normalised = %q", got)
	}
}

func TestOrgCodeCatchesEveryChangedDigit(t *testing.T) {
	t.Parallel()
	const s = "715267268"
	good := ""
	for _, c := range "0123456789X" {
		if code, _ := icp.CheckOrgCode(s[:8] + string(c)); code == "" {
			good = s[:8] + string(c)
		}
	}
	for i := range good {
		for _, c := range "0123456789" {
			if bad := good[:i] + string(c) + good[i+1:]; bad != good {
				if code, _ := icp.CheckOrgCode(bad); code == "" {
					t.Errorf("%s passes", bad)
				}
			}
		}
	}
}

// residentSamples are the two of the standard's text.
var residentSamples = []string{"11010519491231002X", "34052419800101001X"}

func TestCheckResidentID(t *testing.T) {
	t.Parallel()
	cases := []checkCase{
		{"small x and spaces do not matter", "110105 19491231 002x", "", false},
		{"15 digits are an old number", "110105491231002", "id.resident.old", false},
		{"17 digits are too few", "11010519491231002", "id.resident.length", false},
		{"a letter inside", "1101051949123100AX", "id.resident.form", false},
		{"a first digit 0", "01010519491231002X", "id.resident.form", false},
		{"30 February", withResidentCheck(t, "11010519490230002"), "id.resident.date", false},
		{"29 February of a common year", withResidentCheck(t, "11010519490229002"), "id.resident.date", false},
		{"29 February of a leap year", withResidentCheck(t, "11010519480229002"), "", false},
		{"a year before 1800", withResidentCheck(t, "11010517991231002"), "id.resident.date", false},
		{"a province that does not exist", withResidentCheck(t, "99010519491231002"), "id.resident.area", false},
		{"the number of a residence permit", withResidentCheck(t, "81000019900101001"), "id.resident.permit", false},
		{"a county that no longer exists", withResidentCheck(t, "11999919900101001"), "", false},
		{"a wrong check character", "110105194912310021", "id.resident.checksum", false},
		{"none", "", "id.required", false},
	}
	for _, s := range residentSamples {
		cases = append(cases, checkCase{"good " + s, s, "", false})
	}
	runChecks(t, icp.CheckResidentID, cases)
}

// withResidentCheck appends the check character of GB 11643, written again here.
func withResidentCheck(t *testing.T, body string) string {
	t.Helper()
	if len(body) != 17 {
		t.Fatalf("%q has not 17 digits", body)
	}
	// The weight of place i from the right is 2^i mod 11.
	sum, w := 0, 2
	for i := 16; i >= 0; i-- {
		sum += int(body[i]-'0') * w
		w = w * 2 % 11
	}
	return body + string("10X98765432"[sum%11])
}

func TestResidentIDCatchesEveryChangedCharacter(t *testing.T) {
	t.Parallel()
	for _, s := range residentSamples {
		for i := range s {
			for _, c := range "0123456789X" {
				bad := s[:i] + string(c) + s[i+1:]
				if bad == s {
					continue
				}
				if code, _ := icp.CheckResidentID(bad); code == "" {
					t.Errorf("%s passes", bad)
				}
			}
		}
	}
}

func TestResidentFacts(t *testing.T) {
	t.Parallel()
	id := withResidentCheck(t, "11010120000229012")
	birth, ok := icp.BirthDate(id)
	if want := time.Date(2000, 2, 29, 0, 0, 0, 0, time.UTC); !ok || !birth.Equal(want) {
		t.Errorf("birth = %v, %v", birth, ok)
	}
	if sex, ok := icp.SexOf(id); !ok || sex != icp.Female {
		t.Errorf("sex = %v, %v, want female for an even digit", sex, ok)
	}
	if sex, _ := icp.SexOf(withResidentCheck(t, "11010120000229013")); sex != icp.Male {
		t.Errorf("sex = %v, want male for an odd digit", sex)
	}
	for day, want := range map[string]int{"2018-02-28": 17, "2018-03-01": 18, "2020-02-28": 19, "2020-02-29": 20, "1999-12-31": -1} {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		if age, ok := icp.AgeAt(id, at); !ok || age != want {
			t.Errorf("age on %s = %d, want %d", day, age, want)
		}
	}
	if _, ok := icp.BirthDate("110101200002290120"); ok {
		t.Error("a wrong number has a birth date")
	}
	future := withResidentCheck(t, "11010120300101012")
	if code, _ := icp.CheckResidentIDAt(future, time.Date(2029, 12, 31, 0, 0, 0, 0, time.UTC)); code != "id.resident.future" {
		t.Errorf("birth date to come: %q", code)
	}
	if code, _ := icp.CheckResidentIDAt(future, time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)); code != "" {
		t.Errorf("born today: %q", code)
	}
}

func TestResidencePermits(t *testing.T) {
	t.Parallel()
	hk := withResidentCheck(t, "81000019900101001")
	tw := withResidentCheck(t, "83000019900101001")
	runChecks(t, icp.CheckHongKongMacaoPermit, []checkCase{
		{"Hong Kong", hk, "", false},
		{"Macao", withResidentCheck(t, "82000019900101001"), "", false},
		{"Taiwan is another card", tw, "id.permit.area", false},
		{"a resident id is another card", residentSamples[0], "id.permit.area", false},
		{"the check character counts", hk[:17] + "?", "id.resident.form", false},
	})
	runChecks(t, icp.CheckTaiwanPermit, []checkCase{
		{"Taiwan permit", tw, "", false},
		{"Hong Kong is another card", hk, "id.permit.area", false},
	})
}

func TestCheckCertificate(t *testing.T) {
	t.Parallel()
	tw := withResidentCheck(t, "83000019900101001")
	institution := withCreditCheck(t, "12110000400000000")
	for _, c := range []struct {
		rule   string
		typ    int
		in     string
		code   string
		warned bool
	}{
		{"licence with a credit code", 1, creditSamples[0], "", false},
		{"licence with a wrong credit code", 1, "9144030071526726XH", "id.credit_code.checksum", false},
		{"licence of 15 digits with a good check digit", 1, "110108000000016", "id.old_licence.legacy", true},
		{"licence of 15 digits with a bad check digit", 1, "110108000000011", "id.old_licence.checksum", true},
		{"licence of 13 digits", 1, "1101080000000", "id.old_licence.legacy", true},
		{"licence of 16 digits", 1, "1101080000000000", "id.credit_code.length", false},
		{"resident id", 2, residentSamples[1], "", false},
		{"resident id with a fault", 2, "34052419800101002X", "id.resident.checksum", false},
		{"organisation code", 12, "71526726-X", "", false},
		{"public institution with an enterprise's code", 4, creditSamples[0], "id.credit_code.prefix", true},
		{"public institution's old number", 4, "事证第111000000001号", "id.old_registration", true},
		{"public institution's number with a hole", 4, "1100", "id.credit_code.length", false},
		{"government with an institution's code", 13, institution, "id.credit_code.prefix", true},
		{"law firm's old number", 21, "23101200010000001", "id.old_registration", true},
		{"unit code of the army", 5, "第32000部队", "", false},
		{"unit code in words", 5, "某部队", "id.military_unit.form", true},
		{"Chinese passport", 7, "e12345678", "", false},
		{"foreign passport", 7, "AB1234567", "", false},
		{"passport with Chinese characters", 7, "护照一", "id.passport.form", true},
		{"travel permit of Hong Kong", 14, "H12345678", "", false},
		{"travel permit of an unknown place", 14, "K12345678", "id.hkmo_pass.form", true},
		{"travel permit of Taiwan", 11, "12345678", "", false},
		{"travel permit of Taiwan, old booklet", 11, "1234567890(B)", "", false},
		{"travel permit of Taiwan, other", 11, "A1", "id.taiwan_pass.form", true},
		{"permanent residence, old card", 30, "USA110000000000", "", false},
		{"permanent residence, card of 2023", 30, withResidentCheck(t, "91184019850101001"), "", false},
		{"permanent residence, other", 30, "1", "id.foreign_resident.form", true},
		{"residence permit of Taiwan", 42, tw, "", false},
		{"residence permit of Taiwan as one of Hong Kong", 41, tw, "id.permit.area", false},
		{"medical institution with a free number", 38, "PDY10000-X11010017A1002", "", false},
		{"medical institution with a mistyped credit code", 38, "9144030071526726XH", "id.credit_code.checksum", true},
		{"a type of a later table is free text", 999, "甲字〔2026〕第1号", "", false},
		{"free text without angle brackets", 35, "<script>", "id.free_text.form", false},
		{"free text of 256 characters", 35, strings.Repeat("号", 256), "id.too_long", false},
		{"free text of 255 characters", 35, strings.Repeat("号", 255), "", false},
		{"nothing", 35, "\u3000", "id.required", false},
		{"nothing for a passport", 7, "", "id.required", false},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			if code, warn := icp.CheckCertificate(c.typ, c.in); code != c.code || warn != c.warned {
				t.Errorf("CheckCertificate(%d, %q) = %q, %v, want %q, %v", c.typ, c.in, code, warn, c.code, c.warned)
			}
		})
	}
}

func TestNormalizeCertificate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule     string
		typ      int
		in, want string
	}{
		{"credit codes lose dashes", 1, "91440300-71526726xg", creditSamples[0]},
		{"organisation codes gain one", 12, "71526726x", "71526726-X"},
		{"resident ids get a capital X", 2, "11010519491231002x", residentSamples[0]},
		{"free numbers keep dashes", 38, "pdy－1 2", "PDY-12"},
		{"a credit code among free numbers", 39, "9144030071526726xg", creditSamples[0]},
		{"an old registration stays", 4, "事证第 １１号", "事证第11号"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			if got := icp.NormalizeCertificate(c.typ, c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func FuzzIdentifiers(f *testing.F) {
	for _, s := range append(append([]string{"", "９１", "\xff", "事证第1号", "A-1"}, creditSamples...), residentSamples...) {
		f.Add(s, 1)
	}
	f.Fuzz(func(t *testing.T, s string, typ int) {
		code, warn := icp.CheckCertificate(typ, s)
		if code == "" && warn {
			t.Error("a warning without a reason")
		}
		once := icp.NormalizeCertificate(typ, s)
		if twice := icp.NormalizeCertificate(typ, once); twice != once {
			t.Errorf("normalising again changes %q to %q", once, twice)
		}
		if again, _ := icp.CheckCertificate(typ, once); again != code {
			t.Errorf("%q: %q before and %q after normalising", s, code, again)
		}
		if birth, ok := icp.BirthDate(s); ok && birth.Year() < 1800 {
			t.Errorf("born %v", birth)
		}
	})
}
