package inventory

import (
	"slices"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/store"
)

// now is a Tuesday noon in China.
var now = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)

// good is a server to which nobody can object.
func good() store.Server {
	return store.Server{ID: "s1", ExternalID: "ins-1", Account: "a1", Name: "web", Region: "beijing", Mainland: true, PublicIP: "203.0.113.7",
		Billing: Prepaid, BoughtMonths: 12, ExpiresAt: now.Add(200 * day)}
}

func TestEligibility(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule   string
		change func(*store.Server)
		sites  int
		want   []string // codes
		fixes  []string // code and months
	}{
		{"a mainland, prepaid server with time left carries a site", func(*store.Server) {}, 0, nil, nil},
		{"the last place is free", func(*store.Server) {}, 4, nil, nil},
		{"five sites are the most", func(*store.Server) {}, 5, []string{"resource.full"}, []string{"resource.fix.other "}},
		{"three months bought are enough", func(s *store.Server) { s.BoughtMonths = 3 }, 0, nil, nil},
		{"two months bought are too few", func(s *store.Server) { s.BoughtMonths = 2 }, 0, []string{"resource.too_short"}, []string{"resource.fix.renew 1"}},
		{"thirty days left are enough", func(s *store.Server) { s.ExpiresAt = now.Add(30 * day) }, 0, nil, nil},
		{"a moment less is not", func(s *store.Server) { s.ExpiresAt = now.Add(30*day - time.Second) }, 0, []string{"resource.expiring"}, []string{"resource.fix.renew 1"}},
		{"one renewal mends both times", func(s *store.Server) { s.BoughtMonths = 1; s.ExpiresAt = now.Add(5 * day) }, 0,
			[]string{"resource.too_short", "resource.expiring"}, []string{"resource.fix.renew 2"}},
		{"at the instant it expires it is expired", func(s *store.Server) { s.ExpiresAt = now }, 0, []string{"resource.expired"}, []string{"resource.fix.renew 1"}},
		{"pay as you go must become prepaid", func(s *store.Server) { s.Billing = PayAsYouGo; s.BoughtMonths = 0; s.ExpiresAt = time.Time{} }, 0,
			[]string{"resource.not_prepaid"}, []string{"resource.fix.prepaid 3"}},
		{"an address can be added", func(s *store.Server) { s.PublicIP = "" }, 0, []string{"resource.no_public_ip"}, []string{"resource.fix.public_ip "}},
		{"abroad nothing helps, whatever else is wrong", func(s *store.Server) { s.Mainland = false; s.PublicIP = ""; s.BoughtMonths = 1 }, 0,
			[]string{"resource.not_mainland", "resource.no_public_ip", "resource.too_short"}, []string{"resource.fix.other "}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			s := good()
			c.change(&s)
			e := Defaults().Eligibility(&s, c.sites, now)
			var codes, fixes []string
			for _, r := range e.Reasons {
				codes = append(codes, r.Code)
			}
			for _, f := range e.Fixes {
				fixes = append(fixes, f.Code+" "+f.Params["months"])
			}
			if e.OK != (len(c.want) == 0) || !slices.Equal(codes, c.want) || !slices.Equal(fixes, c.fixes) {
				t.Errorf("ok %t, reasons %v, fixes %v; want %v, %v", e.OK, codes, fixes, c.want, c.fixes)
			}
		})
	}
}

func TestRenewalIsEnough(t *testing.T) {
	t.Parallel()
	for bought := range 5 {
		for left := -100; left < 60; left++ {
			s := good()
			s.BoughtMonths, s.ExpiresAt = bought, now.Add(time.Duration(left)*day)
			e := Defaults().Eligibility(&s, 0, now)
			if e.OK {
				continue
			}
			m := Defaults().renewal(&s, now)
			from := s.ExpiresAt
			if from.Before(now) {
				from = now
			}
			s.BoughtMonths, s.ExpiresAt = s.BoughtMonths+m, from.AddDate(0, m, 0)
			if after := Defaults().Eligibility(&s, 0, now); !after.OK {
				t.Errorf("bought %d, %d days left: %d months more leave %v", bought, left, m, after.Reasons)
			}
		}
	}
}
