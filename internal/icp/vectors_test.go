package icp

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The examples that the standards print, or that their authors publish.
func TestVectorsOfTheStandards(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		standard, number string
		check            func(string) (string, bool)
	}{
		{"GB 32100-2015", "91350100M000100Y43", CheckCreditCode},
		{"GB 32100-2015, a published code with a letter at its end", "91110000600037341L", CheckCreditCode},
		{"GB 11714-1997", "D2143569-X", CheckOrgCode},
		{"GB 11643-1999, a woman of Beijing", "11010519491231002X", CheckResidentID},
		{"GB 11643-1999, a man of Anhui", "34052419800101001X", CheckResidentID},
	} {
		if code, warn := x.check(x.number); code != "" {
			t.Errorf("%s: %s is %s (warning: %v)", x.standard, x.number, code, warn)
		}
	}
	if !mod1110("07945") || mod1110("07946") {
		t.Error("ISO 7064 MOD 11,10: the check digit of 0794 is 5")
	}
	for body, want := range map[string]byte{"11010519491231002": 'X', "34052419800101001": 'X'} {
		if got := residentCheckChar(body); got != want {
			t.Errorf("ISO 7064 MOD 11-2 of %s is %c", body, got)
		}
	}
}

// The weights are what the standards define them by.
func TestWeightsAreThoseOfTheStandards(t *testing.T) {
	t.Parallel()
	w := 1
	for i, got := range creditWeights {
		if got != w {
			t.Errorf("credit weight %d is %d, not 3^%d mod 31", i, got, i)
		}
		w = w * 3 % 31
	}
	w = 2
	for i := 16; i >= 0; i-- {
		if residentWeights[i] != w {
			t.Errorf("resident weight %d is %d", i, residentWeights[i])
		}
		w = w * 2 % 11
	}
	if len(creditAlphabet) != 31 || strings.ContainsAny(creditAlphabet, "IOSVZ") {
		t.Errorf("the alphabet is %s", creditAlphabet)
	}
}

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// drawn draws so many characters of an alphabet.
func drawn(t *rapid.T, from string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = from[rapid.IntRange(0, len(from)-1).Draw(t, "character")]
	}
	return string(b)
}

// Any valid number, not only the samples, loses its validity by every change of
// one character and by every swap of two neighbours that differ, where the
// standard's arithmetic promises it.
func TestAnyValidNumberCatchesEveryChange(t *testing.T) {
	t.Parallel()
	digits := alphabet[:10]
	rapid.Check(t, func(t *rapid.T) {
		org := drawn(t, creditAlphabet, 8)
		credit := drawn(t, creditAlphabet, 2) + drawn(t, digits, 6) + org + string(orgCheckChar(org))
		year := rapid.IntRange(1900, 2020).Draw(t, "year")
		resident := "11" + drawn(t, digits, 4) + string([]byte{byte('0' + year/1000), byte('0' + year/100%10), byte('0' + year/10%10), byte('0' + year%10)}) + "0228" + drawn(t, digits, 3)
		old := drawn(t, digits[1:], 1) + drawn(t, digits, 13)
		for _, x := range []struct {
			name, body, ends string
			swaps            bool
			check            func(string) (string, bool)
			good             func(code string, warn bool) bool
		}{
			{"credit code", credit, creditAlphabet, true, CheckCreditCode, passes},
			{"resident id", resident, digits + "X", true, CheckResidentID, passes},
			{"registration number", old, digits, false, CheckOldBusinessLicence, func(code string, _ bool) bool { return code == "id.old_licence.legacy" }},
		} {
			number := ""
			for i := range x.ends {
				if s := x.body + x.ends[i:i+1]; x.good(x.check(s)) {
					if number != "" {
						t.Fatalf("%s and %s are both a %s", number, s, x.name)
					}
					number = s
				}
			}
			if number == "" {
				t.Fatalf("no check character makes a %s of %s", x.name, x.body)
			}
			for i := range number {
				for j := range alphabet {
					bad := number[:i] + alphabet[j:j+1] + number[i+1:]
					if bad != number && x.good(x.check(bad)) {
						t.Errorf("%s of %s passes as a %s", bad, number, x.name)
					}
				}
				if i+1 < len(number) && number[i] != number[i+1] && x.swaps {
					if bad := number[:i] + number[i+1:i+2] + number[i:i+1] + number[i+2:]; x.good(x.check(bad)) {
						t.Errorf("%s of %s, two neighbours swapped, passes as a %s", bad, number, x.name)
					}
				}
			}
		}
	})
}

func passes(code string, _ bool) bool { return code == "" }

// Identifiers typed in plain ASCII take a short cut; it must not change them.
func TestPlainIdentifiersFoldToThemselves(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[!-~]{0,20}`).Draw(t, "text")
		// A wide space makes it take the long way.
		if short, long := foldIdentifier(s), foldIdentifier("\u3000"+s); short != long || short != s {
			t.Errorf("%q becomes %q by the short cut, %q else", s, short, long)
		}
	})
}
