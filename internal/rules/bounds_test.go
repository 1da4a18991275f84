package rules_test

import (
	"testing"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/rules"
)

func TestMostWebsitesAreThoseOfTheProvince(t *testing.T) {
	t.Parallel()
	set, err := rules.Load(refdata.Builtin(), rules.Packs())
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 27, 4, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		region string
		nature int
		kind   icp.OrderType
		want   int
	}{
		"one in Hunan":                         {"430104", 4, icp.AddWebsite, 1},
		"five in Henan":                        {"410105", 4, icp.AddWebsite, 5},
		"a rule that asks for a paper is none": {"510104", 4, icp.AddWebsite, 0},
		"nothing said in Beijing":              {"110108", 4, icp.AddWebsite, 0},
		"Hunan's is for units":                 {"430104", icp.NatureIndividual, icp.AddWebsite, 0},
		"an order without a place of filing":   {"", 4, icp.AddWebsite, 0},
		"changes in Hunan have their websites": {"430104", 4, icp.Change, 0},
	} {
		o := &icp.Order{Type: c.kind}
		o.Data.Subject.Region, o.Data.Subject.Nature = c.region, c.nature
		if got := set.MostWebsites(o, at); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
