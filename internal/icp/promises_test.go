package icp_test

import (
	"testing"

	"github.com/openbeian/beian/internal/icp"
)

const capitals = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// changes calls f with s in which one character is another of an alphabet.
func changes(s, alphabet string, f func(i int, now byte, changed string)) {
	for i := range s {
		for j := range alphabet {
			if alphabet[j] != s[i] {
				f(i, alphabet[j], s[:i]+alphabet[j:j+1]+s[i+1:])
			}
		}
	}
}

// swaps calls f with s in which two neighbours that differ have changed places.
func swaps(s string, f func(string)) {
	for i := range len(s) - 1 {
		if s[i] != s[i+1] {
			f(s[:i] + s[i+1:i+2] + s[i:i+1] + s[i+2:])
		}
	}
}

func TestPermitsCatchEveryChangedCharacter(t *testing.T) {
	t.Parallel()
	for body, check := range map[string]check{"81000019900101001": icp.CheckHongKongMacaoPermit, "82000019851231124": icp.CheckHongKongMacaoPermit, "83000020000229013": icp.CheckTaiwanPermit} {
		s := withResidentCheck(t, body)
		if code, _ := check(s); code != "" {
			t.Fatalf("%s: %s", s, code)
		}
		changes(s, capitals, func(_ int, _ byte, bad string) {
			if code, warn := check(bad); code == "" || warn {
				t.Errorf("%s passes (%q)", bad, code)
			}
		})
	}
}

func TestResidentIDsCatchEveryCharacterAndSwap(t *testing.T) {
	t.Parallel()
	for _, s := range append([]string{withResidentCheck(t, "44030819851116003")}, residentSamples...) {
		changes(s, capitals, func(_ int, _ byte, bad string) {
			if code, warn := icp.CheckResidentID(bad); code == "" || warn {
				t.Errorf("%s passes (%q)", bad, code)
			}
		})
		swaps(s, func(bad string) {
			if code, _ := icp.CheckResidentID(bad); code == "" {
				t.Errorf("%s with two neighbours swapped passes", bad)
			}
		})
	}
}

func TestCreditCodesCatchEverySwap(t *testing.T) {
	t.Parallel()
	for _, s := range creditSamples {
		swaps(s, func(bad string) {
			if code, warn := icp.CheckCreditCode(bad); code == "" || warn {
				t.Errorf("%s with two neighbours swapped passes", bad)
			}
		})
	}
}

// An organisation code is computed modulo 11 from values up to 35, so that a
// change by 11 or 22 is not seen: GB 11714 promises no more.
func TestOrgCodesCatchWhatTheStandardPromises(t *testing.T) {
	t.Parallel()
	value := func(c byte) int {
		if c <= '9' {
			return int(c - '0')
		}
		return int(c-'A') + 10
	}
	for _, s := range []string{"715267268", "71526726X", "192203821", "MA0YK7W26"} {
		good := ""
		for _, c := range "0123456789X" {
			if code, _ := icp.CheckOrgCode(s[:8] + string(c)); code == "" {
				good = s[:8] + string(c)
			}
		}
		if good == "" {
			t.Fatalf("no check character fits %s", s)
		}
		changes(good, capitals, func(i int, now byte, bad string) {
			blind := i < 8 && (value(now)-value(good[i]))%11 == 0
			if code, _ := icp.CheckOrgCode(bad); (code == "") != blind {
				t.Errorf("%s changed to %s: %q", good, bad, code)
			}
		})
	}
}

func TestOldLicencesCatchEveryChangedDigit(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"11010800000001", "44030110234567", "99999999999999"} {
		good, found := "", 0
		for _, c := range "0123456789" {
			if code, _ := icp.CheckOldBusinessLicence(body + string(c)); code == "id.old_licence.legacy" {
				good, found = body+string(c), found+1
			}
		}
		if found != 1 {
			t.Fatalf("%d check digits fit %s", found, body)
		}
		changes(good, "0123456789", func(_ int, _ byte, bad string) {
			if code, warn := icp.CheckOldBusinessLicence(bad); code != "id.old_licence.checksum" || !warn {
				t.Errorf("%s: %q", bad, code)
			}
		})
	}
}

func TestPermanentResidentsCardOf2023CatchesEveryChangedCharacter(t *testing.T) {
	t.Parallel()
	s := withResidentCheck(t, "91184019850101001")
	if code, _ := icp.CheckForeignResident(s); code != "" {
		t.Fatal(code)
	}
	changes(s, capitals, func(_ int, _ byte, bad string) {
		if code, _ := icp.CheckForeignResident(bad); code != "id.foreign_resident.form" {
			t.Errorf("%s: %q", bad, code)
		}
	})
}

// Certificates whose number may be free text warn when a credit code in it is of
// another kind of body.
func TestCreditCodesOfAnotherKindOfBodyAreToldOf(t *testing.T) {
	t.Parallel()
	for typ, prefix := range map[int]string{22: "41", 25: "71", 28: "34", 34: "61", 39: "32", 44: "35", 47: "21", 48: "62"} {
		own := withCreditCheck(t, prefix+"110000400000000")
		if code, _ := icp.CheckCertificate(typ, own); code == "id.credit_code.prefix" {
			t.Errorf("type %d: %s is of another kind", typ, own)
		}
		if code, warn := icp.CheckCertificate(typ, creditSamples[0]); code != "id.credit_code.prefix" || !warn {
			t.Errorf("type %d with an enterprise's code: %q, %v", typ, code, warn)
		}
	}
}

// All forms of numbers that websites show, as written and as people write them.
func TestEveryFormOfLicenceNumbers(t *testing.T) {
	t.Parallel()
	for _, abbreviation := range []string{"京", "津", "沪", "渝", "冀", "晋", "蒙", "辽", "吉", "黑", "苏", "浙", "皖", "闽", "赣", "鲁", "豫", "鄂", "湘", "粤", "桂", "琼", "蜀", "黔", "滇", "藏", "陕", "陇", "青", "宁", "新"} {
		for _, form := range []string{"ICP备05000000号", "ICP备2023000000号", "ICP备05000000号-1", "ICP备2023000000号-12", "ICP备2023000000号-3A", "ICP备2023000000号-2X", "ICP备2023000000号-2K",
			"ICP证030000号", "ICP证030000号-1", "B2-20090000", "B2-20090000-5", "B2-20090000-1626X", "B1.B2-20090000"} {
			written := abbreviation + form
			n, err := icp.ParseLicenceNo(written)
			if err != nil || n.String() != written || n.Province != abbreviation {
				t.Errorf("%s: %+v, %v", written, n, err)
			}
			if n.SiteNo > 0 && n.Subject().SiteNo != 0 {
				t.Errorf("subject of %s is %s", written, n.Subject())
			}
		}
	}
	for typed, want := range map[string]string{
		" 粤icp备 2023000000 号－3a ": "粤ICP备2023000000号-3A", "粤ＩＣＰ备２０２３００００００号": "粤ICP备2023000000号", "粤ICP备2023000000-3": "粤ICP备2023000000号-3",
		"云ICP备05000000号": "滇ICP备05000000号", "贵ICP备05000000号": "黔ICP备05000000号", "甘ICP备05000000号": "陇ICP备05000000号", "秦ICP备05000000号": "陕ICP备05000000号",
		"粤b2-20090000–5": "粤B2-20090000-5", "合字b2-20090000": "合字B2-20090000", "a2.b1.b2-20090000": "A2.B1.B2-20090000",
	} {
		if got := icp.NormalizeLicenceNo(typed); got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}

// Each check that fails says why, whatever the input.
func FuzzEveryCheckGivesItsReason(f *testing.F) {
	for _, s := range []string{"", "9144030071526726XG", "11010519491231002X", "71526726-X", "110108000000016", "H12345678", "京ICP备05000000号-1", "a@b.cn", "010-87654321", "\xff"} {
		f.Add(s)
	}
	checks := map[string]check{"credit": icp.CheckCreditCode, "org": icp.CheckOrgCode, "resident": icp.CheckResidentID, "hkmo permit": icp.CheckHongKongMacaoPermit,
		"taiwan permit": icp.CheckTaiwanPermit, "passport": icp.CheckPassport, "hkmo pass": icp.CheckHongKongMacaoPass, "taiwan pass": icp.CheckTaiwanPass,
		"foreign resident": icp.CheckForeignResident, "military": icp.CheckMilitaryUnit, "old licence": icp.CheckOldBusinessLicence, "free": icp.CheckFreeNumber,
		"mobile": icp.CheckMobile, "office": icp.CheckOfficePhone, "any": icp.CheckAnyPhone, "mail": icp.CheckEmail, "licence": icp.CheckLicenceNo}
	f.Fuzz(func(t *testing.T, s string) {
		passed := 0
		for name, check := range checks {
			code, warn := check(s)
			if code == "" && warn {
				t.Errorf("%s warns of %q without a reason", name, s)
			}
			if code == "" {
				passed++
			}
		}
		if s == "" && passed > 0 {
			t.Error("nothing passes for something")
		}
	})
}
