package icp_test

import (
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/icp"
)

// Each form of a number, as websites and the ministry's query show them, and how
// people type it.
func TestEveryFormOfALicenceNo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ form, want, typed string }{
		{"subject of the older numbering", "京ICP备05000001号", "京icp备０５０００００１号"},
		{"subject of the newer numbering", "粤ICP备2023000001号", "粤 ICP 备 2023000001 号"},
		{"website", "粤ICP备2023000001号-3", "粤ICP备2023000001号－3"},
		{"website, number without 号", "粤ICP备2023000001号-3", "粤ICP备2023000001-3"},
		{"the most websites", "粤ICP备2023000001号-99999", "粤ICP备2023000001号—99999"},
		{"app", "粤ICP备2023000001号-3A", "粤ICP备2023000001号-3a"},
		{"mini program", "津ICP备2024000001号-2X", "津ICP备2024000001号 – 2x"},
		{"quick app, a guess", "津ICP备2024000001号-2K", "津ICP备2024000001号-2k"},
		{"commercial licence", "京ICP证030001号", "京ICP证030001"},
		{"commercial licence of a website", "京ICP证030001号-1", "京ＩＣＰ证030001号-1"},
		{"telecom licence of a province", "粤B2-20090001-5", "粤b2-20090001-5"},
		{"telecom licence of a mini program", "粤B2-20090001-1626X", "粤B2－20090001－1626X"},
		{"telecom licence of the nation", "A2.B1.B2-20090001", "a2.b1.b2-20090001"},
		{"telecom licence of several provinces", "合字B2-20090001", "合字 B2-20090001"},
	} {
		for _, in := range []string{c.want, c.typed} {
			n, err := icp.ParseLicenceNo(in)
			if err != nil || n.String() != c.want {
				t.Errorf("%s: %q is %q, %v", c.form, in, n, err)
			}
			if got := icp.NormalizeLicenceNo(in); got != c.want {
				t.Errorf("%s: %q normalised to %q", c.form, in, got)
			}
		}
	}
}

func TestEveryAbbreviationOfAProvince(t *testing.T) {
	t.Parallel()
	written := strings.Split("京津沪渝冀晋蒙辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼蜀黔滇藏陕陇青宁新", "")
	if len(written) != 31 {
		t.Fatalf("%d abbreviations", len(written))
	}
	cases := map[string]string{"川": "蜀", "贵": "黔", "云": "滇", "甘": "陇", "秦": "陕"} // read, never written
	for _, p := range written {
		cases[p] = p
	}
	for in, want := range cases {
		for _, rest := range []string{"ICP备2024000001号-1", "ICP证030001号", "B2-20090001"} {
			if n, err := icp.ParseLicenceNo(in + rest); err != nil || n.String() != want+rest {
				t.Errorf("%s%s is %q, %v", in, rest, n, err)
			}
		}
	}
	for _, in := range []string{"港", "澳", "台", "兵", "中"} {
		if n, err := icp.ParseLicenceNo(in + "ICP备2024000001号"); err == nil {
			t.Errorf("%s is read as %s", in, n)
		}
	}
}
