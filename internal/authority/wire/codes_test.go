package wire

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// codesOf gives the codes of a table from lo to hi.
func codesOf[T any](table map[int64]T, lo, hi int64) []int64 {
	var out []int64
	for _, c := range slices.Sorted(maps.Keys(table)) {
		if c >= lo && c <= hi {
			out = append(out, c)
		}
	}
	return out
}

// upTo gives the numbers from lo to hi and some more.
func upTo(lo, hi int64, more ...int64) []int64 {
	var out []int64
	for n := lo; n <= hi; n++ {
		out = append(out, n)
	}
	return append(out, more...)
}

func TestEveryCodeOfTheInterfaceIsThere(t *testing.T) {
	t.Parallel()
	if got, want := codesOf(tables().method, 0, 1<<40), upTo(0, 22, 901, 902, 999); !slices.Equal(got, want) {
		t.Errorf("method codes %v, want %v", got, want)
	}
	all := 0
	for of, want := range map[int64][]int64{
		1000: upTo(1001, 1068, 1999), 2000: upTo(2001, 2056, 2998, 2999), 3000: upTo(3001, 3037, 3998, 3999), 5000: upTo(5001, 5011, 5999),
	} {
		got := codesOf(tables().data, of, of+999)
		if !slices.Equal(got, want) {
			t.Errorf("data codes from %d: %v, want %v", of, got, want)
		}
		all += len(got)
	}
	if n := len(tables().data); n != all || n != 178 {
		t.Errorf("%d data codes, %d of them in known groups", n, all)
	}
}

func TestEveryCodeTellsWhatToDoInBothLanguages(t *testing.T) {
	t.Parallel()
	classes := []Class{ClassOK, ClassMore, ClassIdle, ClassRetry, ClassFixConfiguration, ClassBackToProvider, ClassBackToApplicant, ClassFinal}
	used := map[Class]bool{}
	check := func(code int64, c Class, zh, en string) {
		t.Helper()
		used[c] = true
		han := func(s string) bool {
			return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
		}
		if !slices.Contains(classes, c) {
			t.Errorf("%d has class %q", code, c)
		}
		if !han(zh) || en == "" || han(en) || strings.HasSuffix(zh, "。") || strings.HasSuffix(en, ".") {
			t.Errorf("%d: %q, %q", code, zh, en)
		}
	}
	for code, m := range tables().method {
		check(code, m.Class, m.ZH, m.EN)
	}
	texts := map[string]int64{}
	for code, d := range tables().data {
		check(code, d.Class, d.ZH, d.EN)
		if d.Class == ClassMore || d.Class == ClassIdle {
			t.Errorf("%d is of class %s, which is for methods", code, d.Class)
		}
		if d.Field != "" && strings.Trim(d.Field, "abcdefghijklmnopqrstuvwxyz._") != "" {
			t.Errorf("%d names the field %q", code, d.Field)
		}
		grouped := code >= 2016 && code <= 2018 || code >= 2027 && code <= 2047 || code >= 3001 && code <= 3035
		if other, ok := texts[d.ZH]; ok && !grouped {
			t.Errorf("%d and %d say the same: %s", code, other, d.ZH)
		}
		texts[d.ZH] = code
	}
	for _, c := range classes {
		if !used[c] {
			t.Errorf("no code is of class %s", c)
		}
	}
}

func TestKnownCodes(t *testing.T) {
	t.Parallel()
	for code, class := range map[int64]Class{
		0: ClassOK, 1: ClassIdle, 2: ClassIdle, 3: ClassMore, 4: ClassFixConfiguration, 5: ClassFixConfiguration, 6: ClassFixConfiguration, 12: ClassFixConfiguration,
		13: ClassFixConfiguration, 14: ClassRetry, 15: ClassRetry, 18: ClassFixConfiguration, 19: ClassFixConfiguration, 20: ClassRetry, 22: ClassRetry,
		901: ClassRetry, 902: ClassRetry, 999: ClassRetry, 777: ClassRetry,
	} {
		if c := MethodCodeOf(code); c.Class != class || c.Code != code {
			t.Errorf("method %d = %+v, want %s", code, c, class)
		}
	}
	for code, want := range map[int64]struct {
		class Class
		field string
	}{
		1001: {ClassOK, ""}, 1060: {ClassOK, "attachment"}, 1062: {ClassOK, "website.access.ip"}, 2998: {ClassOK, ""}, 3998: {ClassOK, ""},
		1002: {ClassBackToApplicant, ""}, 1005: {ClassBackToApplicant, "website.domain"}, 1018: {ClassBackToApplicant, "filing_password"},
		1011: {ClassBackToApplicant, "principal.mobile"}, 1031: {ClassBackToApplicant, "principal.office_phone"}, 1044: {ClassBackToApplicant, "subject.principal.name"},
		1025: {ClassFinal, "website.access"}, 1046: {ClassFinal, "subject.address"}, 1064: {ClassFinal, "website.domain"}, 1065: {ClassFinal, "subject"},
		1063: {ClassBackToProvider, "website.access.ip"}, 2005: {ClassBackToProvider, "ip.source"}, 2030: {ClassBackToProvider, "ip"},
		3036: {ClassFixConfiguration, "domain_report"}, 5001: {ClassFixConfiguration, "file"}, 5003: {ClassFixConfiguration, "channel"}, 5010: {ClassBackToProvider, "attachment"},
		4711: {ClassBackToProvider, ""},
	} {
		if c := DataCodeOf(code); c.Class != want.class || c.Field != want.field || c.Code != code {
			t.Errorf("data %d = %+v, want %+v", code, c, want)
		}
	}
}

func TestBadCodeTablesAreRefused(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"too few columns": "method,0,ok,,好\n", "no number": "data,x,ok,,好,good\n", "a range from high to low": "data,9-3,ok,,好,good\n",
		"a third kind": "other,1,ok,,好,good\n", "a code twice": "data,1,ok,,好,good\ndata,1-2,ok,,好,good\n",
	} {
		if got, err := parseCodes([]byte(text)); err == nil {
			t.Errorf("%s: read as %+v", name, got)
		}
	}
}
