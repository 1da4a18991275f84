package icp_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/icp"
)

func TestCheckMobile(t *testing.T) {
	t.Parallel()
	runChecks(t, icp.CheckMobile, []checkCase{
		{"eleven digits", "13900000000", "", false},
		{"country code, spaces and dashes do not matter", "+86 139-0000-0000", "", false},
		{"country code without a plus", "8613900000000", "", false},
		{"full-width digits do not matter", "１３９００００００００", "", false},
		{"ten digits", "1390000000", "phone.mobile.form", false},
		{"a second digit 2", "12900000000", "phone.mobile.form", false},
		{"a landline", "010-87654321", "phone.mobile.form", false},
		{"a virtual operator is the rules' affair", "17000000000", "", false},
		{"none", "", "id.required", false},
	})
}

func TestCheckOfficePhone(t *testing.T) {
	t.Parallel()
	runChecks(t, icp.CheckOfficePhone, []checkCase{
		{"area code and eight digits", "010-87654321", "", false},
		{"four digits of area code and an extension", "0571-87654321-123", "", false},
		{"a local number without area code", "87654321", "phone.office.form", false},
		{"six digits", "010-876543", "phone.office.form", false},
		{"Beijing's area code has three digits", "0101-8765432", "phone.office.form", false},
		{"a mobile is a warning", "13900000000", "phone.office.mobile", true},
		{"none", "--", "id.required", false},
	})
	for in, want := range map[string]string{
		"(010)87654321":        "010-87654321",
		"01087654321":          "010-87654321",
		"057187654321":         "0571-87654321",
		"086-010-87654321-007": "010-87654321-007",
		"＋86－021－87654321转12":  "021-87654321-12",
		"0755—87654321":        "0755-87654321",
	} {
		if got := icp.NormalizeOfficePhone(in); got != want {
			t.Errorf("NormalizeOfficePhone(%q) = %q, want %q", in, got, want)
		}
	}
	if got := icp.OfficeAreaCode("057187654321"); got != "0571" {
		t.Errorf("area code = %q", got)
	}
	if got := icp.OfficeAreaCode("13900000000"); got != "" {
		t.Errorf("area code of a mobile = %q", got)
	}
}

func TestCheckAnyPhone(t *testing.T) {
	t.Parallel()
	runChecks(t, icp.CheckAnyPhone, []checkCase{
		{"a mobile needs no reason", "13900000000", "", false},
		{"a landline", "010-87654321", "", false},
		{"a bad mobile", "139", "phone.mobile.form", false},
		{"a bad landline", "010", "phone.office.form", false},
	})
}

func TestCheckEmail(t *testing.T) {
	t.Parallel()
	runChecks(t, icp.CheckEmail, []checkCase{
		{"an ordinary address", "li.lei+filing@mail.example.cn", "", false},
		{"a full-width @", "lilei＠example.cn", "", false},
		{"a Chinese name", "李雷@example.cn", "email.form", false},
		{"no host", "lilei@", "email.form", false},
		{"a host without a dot", "lilei@localhost", "email.form", false},
		{"two @", "li@lei@example.cn", "email.form", false},
		{"two dots", "li..lei@example.cn", "email.form", false},
		{"five characters", "a@b.c", "email.length", false},
		{"129 characters", strings.Repeat("a", 60) + "@" + strings.Repeat("b", 60) + ".example", "email.length", false},
		{"65 characters before the @", strings.Repeat("a", 65) + "@example.cn", "email.form", false},
		{"none", "", "id.required", false},
	})
	if got := icp.NormalizeEmail(" LiLei@Example.CN "); got != "LiLei@example.cn" {
		t.Errorf("normalised = %q", got)
	}
}

func TestParseLicenceNo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule, in string
		want     icp.LicenceNo
		text     string
	}{
		{"subject, eight digits", "京ICP备05000000号", icp.LicenceNo{Province: "京", Kind: icp.LicenceFiling, Serial: "05000000"}, ""},
		{"website, ten digits", "粤ICP备2023000001号-3", icp.LicenceNo{Province: "粤", Kind: icp.LicenceFiling, Serial: "2023000001", SiteNo: 3}, ""},
		{"app", "粤ICP备2023000001号-3A", icp.LicenceNo{Province: "粤", Kind: icp.LicenceFiling, Serial: "2023000001", SiteNo: 3, Mark: icp.MarkApp}, ""},
		{"mini program", "津ICP备2024000001号-2X", icp.LicenceNo{Province: "津", Kind: icp.LicenceFiling, Serial: "2024000001", SiteNo: 2, Mark: icp.MarkMiniProgram}, ""},
		{"commercial", "京ICP证030001号-1", icp.LicenceNo{Province: "京", Kind: icp.LicenceCommercial, Serial: "030001", SiteNo: 1}, ""},
		{"telecom", "粤B2-20090001-5", icp.LicenceNo{Province: "粤", Kind: icp.LicenceTelecom, Serial: "B2-20090001", SiteNo: 5}, ""},
		{"telecom, several categories", "A2.B1.B2-20090001", icp.LicenceNo{Kind: icp.LicenceTelecom, Serial: "A2.B1.B2-20090001"}, ""},
		{"telecom, several provinces", "合字B2-20090001", icp.LicenceNo{Province: "合字", Kind: icp.LicenceTelecom, Serial: "B2-20090001"}, ""},
		{"small letters, spaces, long dash", "京 icp备 05000000号 — 1", icp.LicenceNo{Province: "京", Kind: icp.LicenceFiling, Serial: "05000000", SiteNo: 1}, "京ICP备05000000号-1"},
		{"without 号", "京ICP备05000000-1", icp.LicenceNo{Province: "京", Kind: icp.LicenceFiling, Serial: "05000000", SiteNo: 1}, "京ICP备05000000号-1"},
		{"another abbreviation of Sichuan", "川ICP备05000000号", icp.LicenceNo{Province: "蜀", Kind: icp.LicenceFiling, Serial: "05000000"}, "蜀ICP备05000000号"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			got, err := icp.ParseLicenceNo(c.in)
			if err != nil || got != c.want {
				t.Fatalf("got %+v, %v, want %+v", got, err, c.want)
			}
			text := c.text
			if text == "" {
				text = c.in
			}
			if got.String() != text || icp.NormalizeLicenceNo(c.in) != text {
				t.Errorf("written %q, want %q", got, text)
			}
		})
	}
}

func TestLicenceNoRefusals(t *testing.T) {
	t.Parallel()
	for rule, in := range map[string]string{
		"seven digits": "京ICP备0500000号", "nine digits": "京ICP备050000000号", "a province that there is none of": "中ICP备05000000号",
		"site 0": "京ICP备05000000号-0", "a mark without a number": "京ICP备05000000号-A", "another mark": "京ICP备05000000号-1B",
		"no province": "ICP备05000000号", "text around it": "备案号京ICP备05000000号",
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			if _, err := icp.ParseLicenceNo(in); !errors.Is(err, icp.E(icp.Invalid, "licence.form")) {
				t.Errorf("ParseLicenceNo(%q): %v", in, err)
			}
			if code, _ := icp.CheckLicenceNo(in); code != "licence.form" {
				t.Errorf("CheckLicenceNo(%q) = %q", in, code)
			}
		})
	}
}

func TestLicenceNoParts(t *testing.T) {
	t.Parallel()
	n, err := icp.ParseLicenceNo("粤ICP备2023000001号-3A")
	if err != nil {
		t.Fatal(err)
	}
	if got := n.Subject().String(); got != "粤ICP备2023000001号" {
		t.Errorf("subject = %q", got)
	}
	if got := n.Site(12).String(); got != "粤ICP备2023000001号-12" {
		t.Errorf("site = %q", got)
	}
	data, err := json.Marshal(map[string]icp.LicenceNo{"n": n, "none": {}})
	if err != nil || string(data) != `{"n":"粤ICP备2023000001号-3A","none":""}` {
		t.Fatalf("JSON %s, %v", data, err)
	}
	var back map[string]icp.LicenceNo
	if err := json.Unmarshal(data, &back); err != nil || back["n"] != n || !back["none"].IsZero() {
		t.Errorf("read back %+v, %v", back, err)
	}
	if err := json.Unmarshal([]byte(`{"n":"x"}`), &back); !errors.Is(err, icp.ErrInvalid) {
		t.Errorf("bad text: %v", err)
	}
}

func FuzzLicenceNo(f *testing.F) {
	for _, s := range []string{"京ICP备05000000号-1", "粤B2-20090001-5", "A2.B1.B2-20090001", "合字B2-20090001", "川icp证030001-9K", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := icp.ParseLicenceNo(s)
		if err != nil {
			return
		}
		again, err := icp.ParseLicenceNo(n.String())
		if err != nil || again != n {
			t.Errorf("%q became %+v and then %+v, %v", s, n, again, err)
		}
	})
}

func FuzzContacts(f *testing.F) {
	for _, s := range []string{"13900000000", "+86 (010) 87654321转1", "a@b.cn", "＋", "0086-1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if code, _ := icp.CheckOfficePhone(s); code == "" && icp.OfficeAreaCode(s) == "" {
			t.Errorf("%q has no area code", s)
		}
		if code, warn := icp.CheckMobile(s); (code == "" || warn) && len(icp.NormalizeMobile(s)) != 11 {
			t.Errorf("%q passes as a mobile", s)
		}
		if code, _ := icp.CheckEmail(s); code == "" && strings.Count(icp.NormalizeEmail(s), "@") != 1 {
			t.Errorf("%q passes as an address", s)
		}
	})
}
