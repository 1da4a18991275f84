package refdata_test

import (
	"slices"
	"testing"

	"github.com/openbeian/beian/internal/refdata"
)

func codes(rows []refdata.Region) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.Code
	}
	return out
}

func TestRegionCounts(t *testing.T) {
	t.Parallel()
	r := refdata.Builtin()
	provinces := r.Children("")
	cities, counties := 0, 0
	for _, p := range provinces {
		below := r.Children(p.Code)
		cities += len(below)
		for _, c := range below {
			under := r.Children(c.Code)
			if len(under) == 0 {
				t.Errorf("%s %s has no county", c.Code, c.Name)
			}
			counties += len(under)
			for _, u := range under {
				if u.Level != refdata.CountyLevel || u.Parent() != c.Code {
					t.Errorf("%s is below %s: %+v", u.Code, c.Code, u)
				}
				if u.Code != c.Code && len(r.Children(u.Code)) != 0 {
					t.Errorf("county %s has regions below it", u.Code)
				}
			}
		}
	}
	if len(provinces) != 31 || cities != 342 || counties != 2978-124 {
		t.Errorf("%d provinces, %d cities, %d counties; want 31, 342 and 2978 less 124 zones", len(provinces), cities, counties)
	}
}

func TestRegions(t *testing.T) {
	t.Parallel()
	r := refdata.Builtin()
	for _, c := range []struct {
		rule, code, name, full string
		level                  refdata.Level
	}{
		{"a district of a municipality", "110105", "朝阳区", "北京市朝阳区", refdata.CountyLevel},
		{"the heading of a municipality is in no address", "110100", "市辖区", "北京市", refdata.CityLevel},
		{"the county heading of Chongqing", "500200", "县", "重庆市", refdata.CityLevel},
		{"a district of a city", "330108", "滨江区", "浙江省杭州市滨江区", refdata.CountyLevel},
		{"a city without districts", "441900", "东莞市", "广东省东莞市", refdata.CityLevel},
		{"a city right below a province", "419001", "济源市", "河南省济源市", refdata.CountyLevel},
		{"the statistics bureau's code of Jiayuguan", "620201", "嘉峪关市", "甘肃省嘉峪关市", refdata.CountyLevel},
		{"a development zone is still found", "320576", "苏州工业园区", "江苏省苏州市苏州工业园区", refdata.CountyLevel},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			g, ok := r.Region(c.code)
			if !ok || g.Name != c.name || g.Level != c.level {
				t.Errorf("region %s = %+v", c.code, g)
			}
			if got := r.RegionName(c.code); got != c.full {
				t.Errorf("full name %q, want %q", got, c.full)
			}
		})
	}
	if g, ok := r.Region("999999"); ok {
		t.Errorf("region 999999 = %+v", g)
	}
	if got := r.RegionPath("110"); got != nil {
		t.Errorf("path of a short code = %v", got)
	}
}

func TestChildren(t *testing.T) {
	t.Parallel()
	r := refdata.Builtin()
	if got := codes(r.Children("440000")); !slices.Contains(got, "440300") || !slices.Contains(got, "441900") || len(got) != 21 {
		t.Errorf("cities of Guangdong: %v", got)
	}
	// A city without districts offers itself, so that a form always gets a county.
	if got := r.Children("441900"); len(got) != 1 || got[0].Code != "441900" || got[0].Level != refdata.CountyLevel {
		t.Errorf("counties of Dongguan: %+v", got)
	}
	if got := codes(r.Children("320500")); slices.Contains(got, "320576") || !slices.Contains(got, "320505") {
		t.Errorf("Suzhou offers a development zone or lacks a district: %v", got)
	}
	if got := r.Children("110105"); len(got) != 0 {
		t.Errorf("below a district: %v", got)
	}
	path := r.RegionPath("330108")
	if got := codes(path); !slices.Equal(got, []string{"330000", "330100", "330108"}) {
		t.Errorf("path = %v", got)
	}
}
