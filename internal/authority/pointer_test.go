package authority

import (
	"testing"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
)

func TestHintPointer(t *testing.T) {
	t.Parallel()
	one := &icp.Order{Data: icp.OrderData{Websites: []icp.Website{{ID: "a", LicenceNo: "x"}, {ID: "b", Name: "云杉", Domain: "b.cn"}}}}
	two := &icp.Order{Data: icp.OrderData{Websites: []icp.Website{{ID: "a", Name: "甲", Domain: "a.cn"}, {ID: "b", Name: "乙", Domain: "b.cn"}}}}
	for _, c := range []struct {
		rule, hint, comment string
		o                   *icp.Order
		want                string
	}{
		{"the only new website", "website.domain", "", one, "/websites/1/domain"},
		{"a field of its principal", "principal.mobile", "", one, "/websites/1/principal/mobile"},
		{"a field of the subject", "subject.certificate", "", one, "/subject/certificate_number"},
		{"the domain in the comment", "website.home_page", "b.cn 首页错误", two, "/websites/1/home_url"},
		{"the name in the comment", "website.name", "“甲”重复", two, "/websites/0/name"},
		{"nothing tells which", "website.name", "重复", two, "/websites"},
		{"no field", "record", "", one, ""},
		{"a hint that nobody knows", "moon", "", one, ""},
	} {
		if got := hintPointer(c.hint, c.comment, c.o); got != c.want {
			t.Errorf("%s: %q, want %q", c.rule, got, c.want)
		}
	}
}

// Codes that an applicant can mend must name a field, or nobody finds it.
func TestCodesForTheApplicantNameAField(t *testing.T) {
	t.Parallel()
	o := &icp.Order{Data: icp.OrderData{Websites: []icp.Website{{ID: "a"}}}}
	for code := int64(1000); code < 1100; code++ {
		c := wire.DataCodeOf(code)
		if c.Class == wire.ClassBackToApplicant && code != codeWholeReject && hintPointer(c.Field, "", o) == "" {
			t.Errorf("code %d with hint %q has no pointer", code, c.Field)
		}
	}
}

func TestElementPointer(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"/ICP/XZWZ/Xzxx/0/Wz_xx/1/Wzmc":                 "/websites/4/name",
		"/ICP/XZWZ/Xzxx/0/Wz_xx/0/Wz_Fzr/Fzr_sjhm":      "/websites/2/principal/mobile",
		"/ICP/XZWZ/Xzxx/0/Wz_xx/0/Wz_Fzr/Qq":            "/websites/2/principal",
		"/ICP/XZWZ/Xzxx/0/Wz_xx/0/Jr_xx/0/Ip_xx/0/Zzip": "/websites/2/resource",
		"/ICP/XZWZ/Xzxx/0/Wz_xx/0/Fwnr/Fwnr_id/0":       "/websites/2/service_content",
		"/ICP/XZWZ/Xzxx/0/Wz_xx/0/Nrlx/Nrlx_xx/0/Qzsph": "/websites/2/pre_approvals",
		"/ICP/XZWZ/Xzxx/0/Wz_xx/0/Nrlx/Nrlx_xx/0/Spwj":  "/materials/pre_approval/2",
		"/ICP/XZWZ/Xzxx/0/Wz_xx/0/IspWzid":              "/websites/2",
		"/ICP/XZWZ/Xzxx/0/Wz_xx":                        "/websites",
		"/ICP/XZWZ/Xzxx/0/Wz_xx/7/Wzmc":                 "/websites",
		"/ICP/XZWZ/Xzxx/0/Zt_xx/Ztbah":                  "/filing/licence_no",
		"/ICP/XZWZ/Xzxx/0/ICPmm":                        "/filing",
		"/ICP/XZWZ/Xzxx/0/Fj/3/Fjxx/Fjnr":               "/materials",
		"/ICP/Qqdwid":                                   "",
		"":                                              "",
	} {
		if got := elementPointer(in, []int{2, 4}); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func TestSameHash(t *testing.T) {
	t.Parallel()
	const raw, hex = "9fq6VgG8bDFoWECeX62u2Q==", "ZjVmYWJhNTYwMWJjNmMzMTY4NTg0MDllNWZhZGFlZDk="
	for _, c := range []struct {
		a, b string
		want bool
	}{{raw, raw, true}, {raw, " " + hex + "\n", true}, {raw, "AAAAAAAAAAAAAAAAAAAAAA==", false}, {"", "", false}, {"*", "*", false}} {
		if got := sameHash(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: %t", c.a, c.b, got)
		}
	}
}
