package refdata_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/refdata"
)

// The certificates that the newest list of papers (2022) names for each kind of
// organiser, and what later lists of the filing system add. Those out of issue
// come last.
func TestCertificatesOfEachNature(t *testing.T) {
	t.Parallel()
	r := refdata.Builtin()
	for nature, want := range map[int][]int{
		1: {5, 23}, 2: {13, 49, 9}, 3: {4, 15, 49, 3}, 4: {1, 27, 12}, 5: {2, 7, 11, 14, 30, 41, 42, 8}, 6: {6, 49, 10},
		9: {17, 36, 37, 16}, 10: {19, 18}, 11: {21, 20}, 12: {22, 34, 40}, 13: {24, 49}, 14: {28}, 15: {25, 49},
		16: {35, 46, 47, 48}, 17: {38}, 18: {39}, 19: {43}, 20: {44},
	} {
		got := ids(r.CertificateTypesFor(nature), func(c refdata.CertificateType) int { return c.ID })
		if !slices.Equal(got, want) {
			t.Errorf("nature %d: %v, want %v", nature, got, want)
		}
	}
	for _, c := range r.CertificateTypes() {
		if legacy := strings.HasPrefix(c.ZH, "组织机构代码证") || c.ID == 8; c.Legacy != legacy {
			t.Errorf("%s: legacy %t", c.ZH, c.Legacy)
		}
		if inferred := c.ID >= 46; c.Inferred != inferred {
			t.Errorf("%s: inferred %t", c.ZH, c.Inferred)
		}
	}
}

// The published bits, each with its name. Ids are numbers of their own: a bit
// never tells an id.
func TestPublishedBits(t *testing.T) {
	t.Parallel()
	r := refdata.Builtin()
	names := strings.Fields("即时通信 搜索引擎 综合门户 网上邮局 网络新闻 博客/个人空间 网络广告/信息 单位门户网站 网络购物 网上支付 网上银行 网上炒股/股票基金 " +
		"网络游戏 网络音乐 网络影视 网络图片 网络软件/下载 网上求职 网上交友/婚介 网上房产 网络教育 网站建设 WAP 其他 - - - APP 网络借贷信息中介 互联网股权融资 互联网保险 互联网跨界金融及资产管理 网上非银行支付")
	var want, got []string
	for i, name := range names {
		if name != "-" { // bits that no list shows
			want = append(want, fmt.Sprintf("%s %d", name, int64(1)<<i))
		}
	}
	for _, c := range r.ServiceContents() {
		got = append(got, fmt.Sprintf("%s %d", c.ZH, c.Ysid))
	}
	if !slices.Equal(got, want) {
		t.Errorf("contents %v", got)
	}
	got = nil
	for _, a := range r.PreApprovals() {
		got = append(got, fmt.Sprintf("%d %s %d %t", a.ID, a.ZH, a.Ysid, a.Abolished))
	}
	want = []string{"0 以上都不涉及 0 false", "1 新闻 1 false", "2 出版 2 false", "3 教育 4 true", "4 医疗保健 8 true", "5 药品和医疗器械 16 false", "6 电子公告服务 32 true",
		"9 文化 256 false", "10 广播电影电视节目 512 false", "11 网络预约车 2048 false", "13 互联网金融 4096 false", "14 校外培训（高中及以下） 8192 false", "15 宗教 16384 false"}
	if !slices.Equal(got, want) {
		t.Errorf("approvals %v", got)
	}
	letters := strings.Fields("AH BJ CQ FJ GD GS GX GZ HA HB HE HI HK HL HN JL JS JX LN MO NM NX QH SC SD SH SN SX TJ TW XJ XZ YN ZJ")
	for i, l := range r.ServerLocations() {
		if l.Letters != letters[i] || l.Ysid != int64(1)<<i {
			t.Errorf("location %+v", l)
		}
	}
}

// Province, code, letters and the character of filing numbers go together.
func TestProvincesByAllTheirNames(t *testing.T) {
	t.Parallel()
	var got []string
	for _, p := range refdata.Builtin().Provinces() {
		got = append(got, p.Code[:2]+p.Letters+p.Licence)
	}
	if text := strings.Join(got, " "); text != "11BJ京 12TJ津 13HE冀 14SX晋 15NM蒙 21LN辽 22JL吉 23HL黑 31SH沪 32JS苏 33ZJ浙 34AH皖 35FJ闽 36JX赣 37SD鲁 41HA豫 42HB鄂 43HN湘 "+
		"44GD粤 45GX桂 46HI琼 50CQ渝 51SC蜀 52GZ黔 53YN滇 54XZ藏 61SN陕 62GS陇 63QH青 64NX宁 65XJ新" {
		t.Errorf("provinces %s", text)
	}
}
