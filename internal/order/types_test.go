package order_test

import (
	"slices"
	"testing"

	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
)

var (
	unfiled = order.DomainFacts{Filed: order.No}
	silent  = order.DomainFacts{}
	same    = order.DomainFacts{Filed: order.Yes, By: order.HeldBySame}
	other   = order.DomainFacts{Filed: order.Yes, By: order.HeldByOther}
	whose   = order.DomainFacts{Filed: order.Yes}
	linked  = order.DomainFacts{Filed: order.Yes, By: order.HeldBySame, LinkedHere: true}
)

func domains(d ...order.DomainFacts) []order.DomainFacts { return d }

func TestTheTypeFollowsFromWhatIsKnown(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		facts  order.TypeFacts
		want   icp.OrderType // "" is a dead end
		reason string
		domain int
	}{
		"nothing known of anything": {order.TypeFacts{}, icp.AddWebsite, "type.add_website_unconfirmed", order.OfSubject},
		"subject and domain unknown to the authority": {order.TypeFacts{Filed: order.No, Domains: domains(unfiled)},
			icp.FirstFiling, "type.first_filing_not_offered", order.OfSubject},
		"a subject filed elsewhere, a new domain": {order.TypeFacts{Filed: order.Yes, Sites: order.Yes, Domains: domains(unfiled)},
			icp.AddWebsite, "type.add_website_elsewhere", order.OfSubject},
		"a subject filed elsewhere, its sites not told": {order.TypeFacts{Filed: order.Yes, Domains: domains(unfiled)},
			icp.AddWebsite, "type.add_website_elsewhere", order.OfSubject},
		"a subject filed here, a new domain": {order.TypeFacts{Filed: order.Yes, Here: true, Domains: domains(unfiled)},
			icp.AddWebsite, "type.add_website_here", order.OfSubject},
		"our register knows a subject before the authority's index": {order.TypeFacts{Filed: order.No, Here: true, Domains: domains(unfiled)},
			icp.AddWebsite, "type.add_website_here", order.OfSubject},
		"a silent authority and a proven filing": {order.TypeFacts{Proven: true, Domains: domains(unfiled)},
			icp.AddWebsite, "type.add_website_elsewhere", order.OfSubject},
		"a silent authority": {order.TypeFacts{Domains: domains(unfiled)}, icp.AddWebsite, "type.add_website_unconfirmed", order.OfSubject},
		"a domain of which the authority says nothing": {order.TypeFacts{Filed: order.Yes, Domains: domains(silent)},
			icp.AddWebsite, "type.add_website_domain_unconfirmed", order.OfSubject},
		"a proven filing under another number": {order.TypeFacts{Filed: order.No, Proven: true, Domains: domains(unfiled)},
			icp.AddWebsite, "type.add_website_reissued", order.OfSubject},
		"an empty subject": {order.TypeFacts{Filed: order.Yes, Sites: order.No, Domains: domains(unfiled)},
			"", "type.empty_subject", order.OfSubject},
		"a subject of another account": {order.TypeFacts{Filed: order.Yes, OtherAccount: true, Domains: domains(unfiled)},
			"", "type.other_account", order.OfSubject},
		"a subject of another account that is ours too": {order.TypeFacts{Filed: order.Yes, OtherAccount: true, Here: true, Domains: domains(unfiled)},
			icp.AddWebsite, "type.add_website_here", order.OfSubject},
		"the subject's own domain elsewhere": {order.TypeFacts{Filed: order.Yes, Domains: domains(same)},
			icp.AddAccess, "type.add_access_not_offered", 0},
		"the domain of a subject filed here, not linked": {order.TypeFacts{Filed: order.Yes, Here: true, Domains: domains(same)},
			icp.AddAccess, "type.add_access_here_not_offered", 0},
		"a domain filed and linked here": {order.TypeFacts{Filed: order.Yes, Here: true, Domains: domains(linked)},
			icp.Change, "type.already_filed", 0},
		"a filed domain whose holder is not told": {order.TypeFacts{Filed: order.Yes, Domains: domains(whose)},
			icp.AddAccess, "type.add_access_unconfirmed", 0},
		"another subject's domain": {order.TypeFacts{Filed: order.Yes, Domains: domains(other)},
			"", "type.domain_of_other_subject", 0},
		"another subject's domain, and a silent authority": {order.TypeFacts{Domains: domains(other)},
			"", "type.domain_of_other_subject", 0},
		"another subject's domain, and a proven filing": {order.TypeFacts{Filed: order.No, Proven: true, Domains: domains(other)},
			"", "type.domain_of_other_subject", 0},
		"somebody's domain, and no filing of the subject": {order.TypeFacts{Filed: order.No, Domains: domains(other)},
			"", "type.domain_held", 0},
		"a domain of who knows, and no filing of the subject": {order.TypeFacts{Filed: order.No, Domains: domains(whose)},
			"", "type.domain_held", 0},
		"two new domains": {order.TypeFacts{Filed: order.Yes, Domains: domains(unfiled, silent)},
			icp.AddWebsite, "type.add_website_elsewhere", order.OfSubject},
		"a new domain and a filed one": {order.TypeFacts{Filed: order.Yes, Domains: domains(unfiled, same)}, "", "type.mixed", 1},
		"a filed domain and a new one": {order.TypeFacts{Filed: order.Yes, Domains: domains(same, unfiled)}, "", "type.mixed", 0},
		"a new domain and another subject's": {order.TypeFacts{Filed: order.Yes, Domains: domains(unfiled, other)},
			"", "type.domain_of_other_subject", 1},
		"another order with the authority": {order.TypeFacts{Filed: order.Yes, InProcess: true, Domains: domains(unfiled)},
			"", "type.in_process", order.OfSubject},
		"what lasts is told before what passes": {order.TypeFacts{Filed: order.No, InProcess: true, Domains: domains(unfiled)},
			icp.FirstFiling, "type.first_filing_not_offered", order.OfSubject},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := order.DetectType(c.facts)
			if got.Type != c.want || got.Reason != c.reason || got.Domain != c.domain || got.DeadEnd != (c.want == "") || got.Stops() != (c.want != icp.AddWebsite) {
				t.Errorf("%+v, want %q by %s at %d", got, c.want, c.reason, c.domain)
			}
		})
	}
}

// combinations calls f with all facts about a subject and one domain.
func combinations(f func(order.TypeFacts)) {
	answers, truths := []order.Known{order.Unknown, order.No, order.Yes}, []bool{false, true}
	for _, filed := range answers {
		for _, sites := range answers {
			for bits := range 16 {
				has := func(bit int) bool { return bits&(1<<bit) != 0 }
				facts := order.TypeFacts{Filed: filed, Sites: sites, Proven: has(0), Here: has(1), OtherAccount: has(2), InProcess: has(3)}
				for _, domain := range answers {
					for _, by := range []order.Owner{order.HeldByUnknown, order.HeldBySame, order.HeldByOther} {
						for _, here := range truths {
							facts.Domains = []order.DomainFacts{{Filed: domain, By: by, LinkedHere: here}}
							f(facts)
						}
					}
				}
			}
		}
	}
}

func TestEveryCombinationLeadsSomewhereAndSaysWhy(t *testing.T) {
	t.Parallel()
	reached, n := map[string]bool{}, 0
	combinations(func(f order.TypeFacts) {
		n++
		d := order.DetectType(f)
		reached[d.Reason] = true
		switch {
		case !i18n.Messages().Has(d.Reason):
			t.Errorf("%+v: no text for %q", f, d.Reason)
		case d.DeadEnd == (d.Type != ""):
			t.Errorf("%+v: %+v is a dead end with a type, or neither", f, d)
		case d.Stops() && len(d.Exits) == 0:
			t.Errorf("%+v: %s has no way out", f, d.Reason)
		case d.Offered && d.Type != icp.AddWebsite:
			t.Errorf("%+v: %s is not offered yet", f, d.Type)
		case f.Domains[0].Filed == order.Yes && d.Offered:
			t.Errorf("%+v: a filed domain is filed again by %s", f, d.Reason)
		case f.Filed == order.No && !f.Here && !f.Proven && d.Offered:
			t.Errorf("%+v: a subject without a filing adds a website", f)
		case f.OtherAccount && !f.Here && !d.DeadEnd, f.InProcess && d.Offered:
			t.Errorf("%+v goes on: %s", f, d.Reason)
		}
		for _, e := range d.Exits {
			if !slices.Contains(order.Exits(), e) || !i18n.Messages().Has(e.Key()) || !i18n.Messages().Has(e.Key()+".text") {
				t.Errorf("%s: no texts for the exit %s", d.Reason, e)
			}
		}
		// Silence of the authority never stops what a plain yes would let pass.
		if f.Filed == order.Unknown && f.Sites != order.No && d.Stops() {
			f.Filed = order.Yes
			if known := order.DetectType(f); !known.Stops() {
				t.Errorf("%+v: silence stops by %s", f, d.Reason)
			}
		}
	})
	if n != 2592 || len(reached) != 15 {
		t.Errorf("%d combinations reached %d reasons: %v", n, len(reached), reached)
	}
}

func TestTwoDomainsGoTogetherOnlyIfOfOneType(t *testing.T) {
	t.Parallel()
	kinds := domains(unfiled, silent, same, other, whose, linked)
	for _, subject := range []order.TypeFacts{{}, {Filed: order.Yes}, {Filed: order.No}, {Filed: order.Yes, Here: true}, {Filed: order.No, Proven: true}} {
		with := func(d ...order.DomainFacts) order.Detected {
			f := subject
			f.Domains = d
			return order.DetectType(f)
		}
		for _, a := range kinds {
			for _, b := range kinds {
				both, x, y := with(a, b), with(a), with(b)
				switch {
				case x.DeadEnd || y.DeadEnd:
					if !both.DeadEnd || both.Reason == "type.mixed" {
						t.Errorf("%+v with %+v: %+v", a, b, both)
					}
				case x.Type != y.Type:
					if both.Reason != "type.mixed" || !both.DeadEnd || domains(a, b)[both.Domain].Filed != order.Yes {
						t.Errorf("%+v with %+v: %+v", a, b, both)
					}
				case both.Type != x.Type:
					t.Errorf("%+v with %+v: %+v", a, b, both)
				}
			}
		}
	}
}
func TestHeldByComparesSubjectsNumbers(t *testing.T) {
	t.Parallel()
	const filed = "京ICP备2021000001号-3"
	for rule, c := range map[string]struct {
		domain  string
		subject []string
		want    order.Owner
	}{
		"the subject's own":               {filed, []string{"京ICP备2021000001号"}, order.HeldBySame},
		"however it is written":           {filed, []string{" 京icp备2021000001号-9 "}, order.HeldBySame},
		"one of several":                  {filed, []string{"京ICP备2022000002号", "京ICP备2021000001号"}, order.HeldBySame},
		"somebody else's":                 {filed, []string{"京ICP备2022000002号"}, order.HeldByOther},
		"the subject has no known number": {filed, nil, order.HeldByUnknown},
		"nor one that can be read":        {filed, []string{"", "unnumbered"}, order.HeldByUnknown},
		"the filing's is not told":        {"unnumbered", []string{"京ICP备2021000001号"}, order.HeldByUnknown},
	} {
		if got := order.HeldBy(c.domain, c.subject...); got != c.want {
			t.Errorf("%s: %q, want %q", rule, got, c.want)
		}
	}
}
