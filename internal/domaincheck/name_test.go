package domaincheck

import (
	"errors"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/icp"
)

func TestNormalizeFindsTheRegistrableName(t *testing.T) {
	t.Parallel()
	tests := []struct {
		rule, in                          string
		ascii, unicode, tld, suffix, left string
	}{
		{"plain name", "yunshan.cn", "yunshan.cn", "yunshan.cn", "cn", "cn", ""},
		{"capitals", "YunShan.COM", "yunshan.com", "yunshan.com", "com", "com", ""},
		{"www is cut", "www.yunshan.cn", "yunshan.cn", "yunshan.cn", "cn", "cn", "www"},
		{"URL with path and query", " https://www.yunshan.com.cn:8443/a?b=c#d ", "yunshan.com.cn", "yunshan.com.cn", "cn", "com.cn", "www"},
		{"URL without scheme", "yunshan.cn/index.html", "yunshan.cn", "yunshan.cn", "cn", "cn", ""},
		{"protocol-relative URL", "//yunshan.cn/", "yunshan.cn", "yunshan.cn", "cn", "cn", ""},
		{"backslashes end the host", `http:\\yunshan.cn`, "", "", "", "", ""},
		{"Chinese dots", "www。yunshan．cn", "yunshan.cn", "yunshan.cn", "cn", "cn", "www"},
		{"full-width letters and colon", "ｈｔｔｐ：／／ｙｕｎｓｈａｎ．ｃｏｍ", "yunshan.com", "yunshan.com", "com", "com", ""},
		{"space beside dots", "www. yunshan .cn", "yunshan.cn", "yunshan.cn", "cn", "cn", "www"},
		{"invisible characters", "\ufeffyun\u200bshan.cn", "yunshan.cn", "yunshan.cn", "cn", "cn", ""},
		{"trailing dot", "yunshan.cn.", "yunshan.cn", "yunshan.cn", "cn", "cn", ""},
		{"sub-domain is cut", "shop.m.yunshan.cn", "yunshan.cn", "yunshan.cn", "cn", "cn", "shop.m"},
		{"province suffix under .cn", "www.yunshan.bj.cn", "yunshan.bj.cn", "yunshan.bj.cn", "cn", "bj.cn", "www"},
		{"Chinese name under .com.cn", "www.云杉数字.com.cn", "xn--9kq442atzhb0b.com.cn", "云杉数字.com.cn", "cn", "com.cn", "www"},
		{"Chinese name under .中国", "云杉.中国", "xn--9kq951d.xn--fiqs8s", "云杉.中国", "xn--fiqs8s", "xn--fiqs8s", ""},
		{"punycode is shown in Unicode", "XN--9KQ951D.xn--fiqs8s", "xn--9kq951d.xn--fiqs8s", "云杉.中国", "xn--fiqs8s", "xn--fiqs8s", ""},
		{"公司.cn is a suffix itself", "a.云杉.公司.cn", "xn--9kq951d.xn--55qx5d.cn", "云杉.公司.cn", "cn", "xn--55qx5d.cn", "a"},
		{"private suffixes do not count", "yunshan.github.io", "github.io", "github.io", "io", "io", "yunshan"},
		{"private suffix below an ICANN one", "a.s3.cn-north-1.amazonaws.com.cn", "amazonaws.com.cn", "amazonaws.com.cn", "cn", "com.cn", "a.s3.cn-north-1"},
		{"wildcard rule of a registry", "b.c.kawasaki.jp", "b.c.kawasaki.jp", "b.c.kawasaki.jp", "jp", "c.kawasaki.jp", ""},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			got, err := Normalize(tt.in)
			if tt.ascii == "" {
				if !errors.Is(err, icp.ErrInvalid) {
					t.Fatalf("got %+v, %v; want a refusal", got, err)
				}
				return
			}
			want := Name{ASCII: tt.ascii, Unicode: tt.unicode, TLD: tt.tld, Suffix: tt.suffix, Cut: tt.left}
			if err != nil || got != want {
				t.Fatalf("got %#v, %v; want %#v", got, err, want)
			}
			if want := tt.left != "" && tt.left != "www"; got.SubdomainCut() != want {
				t.Errorf("SubdomainCut is %v, want %v", got.SubdomainCut(), want)
			}
		})
	}
}

func TestNormalizeRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ rule, in, code string }{
		{"nothing", "  ", CodeEmpty},
		{"a scheme alone", "https://", CodeEmpty},
		{"a dot alone", "。", CodeEmpty},
		{"an IPv4 address", "http://1.2.3.4:80/", CodeIP},
		{"a full-width IPv4 address", "１．２．３．４", CodeIP},
		{"an IPv4 address in hexadecimal", "0x7f.0.0.0x1", CodeIP},
		{"an IPv4 address with circled digits", "1.2.3.④", CodeIP},
		{"a short IPv4 address", "127.1", CodeIP},
		{"an IPv6 address in brackets", "http://[2400::1]:80/", CodeIP},
		{"an IPv6 address", "2400:3200::1", CodeIP},
		{"a suffix", "com.cn", CodeSuffixOnly},
		{"a suffix in Chinese", "公司.cn", CodeSuffixOnly},
		{"a TLD", "cn", CodeSuffixOnly},
		{"a word", "yunshan", CodeSingleLabel},
		{"localhost", "localhost", CodeSingleLabel},
		{"an unknown TLD", "yunshan.local", CodeUnknownTLD},
		{"a misspelt TLD", "yunshan.con", CodeUnknownTLD},
		{"two names with a space", "yunshan.cn yunshan.com", CodeSeveral},
		{"two names with a Chinese comma", "yunshan.cn，yunshan.com", CodeSeveral},
		{"two names on two lines", "yunshan.cn\nyunshan.com", CodeSeveral},
		{"an e-mail address", "a@yunshan.cn", CodeForm},
		{"a URL with another name before the sign @", "https://bank.cn@yunshan.cn/", CodeForm},
		{"an underscore", "yun_shan.cn", CodeForm},
		{"a hyphen at the end of a label", "yunshan-.cn", CodeForm},
		{"an empty label", "yunshan..cn", CodeForm},
		{"a label of 64 letters", strings.Repeat("a", 64) + ".cn", CodeForm},
		{"broken punycode", "xn--zz99.cn", CodeForm},
		{"too much text", strings.Repeat("a", maxInput+1), CodeTooLong},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			got, err := Normalize(tt.in)
			var e *icp.Error
			if !errors.As(err, &e) || e.Kind != icp.Invalid || len(e.Fields) != 1 {
				t.Fatalf("got %+v, %v; want a refusal of one field", got, err)
			}
			if e.Fields[0].Code != tt.code || e.Fields[0].Pointer != "/domain" {
				t.Errorf("got %+v, want %s", e.Fields[0], tt.code)
			}
		})
	}
}

func FuzzNormalize(f *testing.F) {
	for _, s := range []string{"yunshan.cn", "http://www。云杉.公司.cn/x", "[::1]", "xn--a", "ﬀ.com", "a.ß.de", "１.２"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		n, err := Normalize(in)
		if err != nil {
			if !errors.Is(err, icp.ErrInvalid) {
				t.Fatalf("error of another kind: %v", err)
			}
			return
		}
		if n.ASCII != strings.ToLower(n.ASCII) || strings.Trim(n.ASCII, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" {
			t.Fatalf("not an ASCII host name: %q", n.ASCII)
		}
		if strings.Count(n.ASCII, ".") != strings.Count(n.Suffix, ".")+1 || !strings.HasSuffix(n.ASCII, "."+n.Suffix) {
			t.Fatalf("not one label more than the suffix: %+v", n)
		}
		for _, again := range []string{n.ASCII, n.Unicode} {
			m, err := Normalize(again)
			if err != nil || m.ASCII != n.ASCII || m.Cut != "" {
				t.Fatalf("%q gives %+v, but %q gives %+v, %v", in, n, again, m, err)
			}
		}
	})
}
