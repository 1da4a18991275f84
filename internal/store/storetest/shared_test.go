package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/store"
)

// person2 is another resident, whose number is made up.
const person2 = "11010519491231002X"

// changed saves other answers of an order.
func changed(t testing.TB, s *store.Store, o *icp.Order, change func(d *icp.OrderData)) *icp.Order {
	t.Helper()
	next := *o
	change(&next.Data)
	d := decide(t, next, order.Edit, applicant(o.Account), order.Facts{}, noon)
	update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveDecision(ctx, d) })
	return d.Order()
}

func TestSharedValuesTellOfOthersOrdersWithoutNamingThem(t *testing.T) {
	t.Parallel()
	const unit, id, mobile = "91330106MA27XL1Y4A", "330106198803120028", "13800571234"
	otherUnit := func(d *icp.OrderData) { d.Subject.CertificateNumber = "91110108551385082Q" }
	asPerson := func(d *icp.OrderData) {
		d.Subject.Nature, d.Subject.CertificateNumber = icp.NatureIndividual, d.Subject.Principal.CertificateNumber
	}
	both := store.SharedValue{OtherSubject: true}
	for name, c := range map[string]struct {
		other   func(d *icp.OrderData) // the answers of the other order
		drafted bool                   // which is left a draft
		mine    bool                   // which is of the same account
		subject store.SharedValue
		person  store.SharedValue
		mobile  store.SharedValue
	}{
		"another subject with the same person":     {other: otherUnit, person: both, mobile: both},
		"a stranger's draft counts for nothing":    {other: otherUnit, drafted: true},
		"an order of the same account":             {other: otherUnit, mine: true},
		"the same subject in another account":      {other: func(*icp.OrderData) {}, subject: store.SharedValue{OtherAccount: true}},
		"the person as a subject of its own":       {other: asPerson, mobile: both},
		"another subject with another person":      {other: func(d *icp.OrderData) { otherUnit(d); d.Subject.Principal.CertificateNumber = person2 }, mobile: both},
		"another subject with another mobile":      {other: func(d *icp.OrderData) { otherUnit(d); d.Subject.Principal.Mobile = "13900571234" }, person: both},
		"another subject with nothing of the same": {other: func(d *icp.OrderData) { otherUnit(d); d.Subject.Principal = icp.Principal{} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			Each(t, func(t *testing.T, s *store.Store) {
				a1 := person(t, s, "a1")
				a2 := a1
				if !c.mine {
					a2 = person(t, s, "a2")
				}
				o := draft(t, s, a1, "o1", noon)
				other := changed(t, s, draft(t, s, a2, "o2", noon), c.other)
				if !c.drafted {
					submit(t, s, other, noon)
				}
				shared := read(t, s, func(ctx context.Context, tx *store.Tx) (store.Shared, error) { return tx.SharedOf(ctx, o) })
				for _, x := range []struct {
					kind  store.LookupKind
					value string
					want  store.SharedValue
				}{{store.ByCertificate, unit, c.subject}, {store.ByCertificate, "330106 19880312 0028", c.person}, {store.ByMobile, "138 0057 1234", c.mobile}} {
					if got, known := shared.Of(x.kind, x.value); !known || got != x.want {
						t.Errorf("%s %s: %+v, known %t, want %+v", x.kind, x.value, got, known, x.want)
					}
				}
				for _, value := range []string{"", "13000000000", id[:17] + "9", mobile + "1"} {
					if got, known := shared.Of(store.ByMobile, value); known {
						t.Errorf("%q is not saved, but is known: %+v", value, got)
					}
				}
			})
		})
	}
}

func TestSharedValuesTellOfAnOrderOfTheSubjectAtTheAuthority(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		a1, a2 := person(t, s, "a1"), person(t, s, "a2")
		o := draft(t, s, a1, "o1", noon)
		inProcess := func() bool {
			shared := read(t, s, func(ctx context.Context, tx *store.Tx) (store.Shared, error) { return tx.SharedOf(ctx, o) })
			got, _ := shared.Of(store.ByCertificate, o.Data.Subject.CertificateNumber)
			return got.InProcess
		}
		for _, account := range []icp.AccountID{a1, a2} {
			other := submit(t, s, draft(t, s, account, "other-"+string(account), noon), noon)
			if inProcess() {
				t.Error("an order in our own review is not at the authority")
			}
			reviewer := icp.Actor{Account: "r", Party: icp.Provider, Roles: []string{"reviewer"}}
			act := func(action order.Action, by icp.Actor) {
				d := decide(t, *other, action, by, order.Facts{NoCall: true}, noon)
				update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveDecision(ctx, d) })
				other = d.Order()
			}
			act(order.Claim, reviewer)
			act(order.Approve, reviewer)
			if !inProcess() {
				t.Errorf("an order of %s that is ready is not seen", account)
			}
			act(order.Batch, icp.Actor{Party: icp.System})
			act(order.AuthorityReject, icp.Actor{Party: icp.System})
		}
	})
}

func TestFiledHereCountsWhatTheRegisterHas(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		a1, a2 := person(t, s, "a1"), person(t, s, "a2")
		o := draft(t, s, a1, "o1", noon)
		filedSubject(t, s, o, "p1", noon)
		filedSite(t, s, o, "1", noon)
		filedSite(t, s, draft(t, s, a1, "o2", noon), "2", noon)
		here := func(account icp.AccountID, number string, without icp.OrderID) store.FiledHere {
			return read(t, s, func(ctx context.Context, tx *store.Tx) (store.FiledHere, error) {
				return tx.FiledHere(ctx, number, account, without)
			})
		}
		number := o.Data.Subject.CertificateNumber
		for _, c := range []struct {
			rule string
			got  store.FiledHere
			want store.FiledHere
		}{
			{"by its account", here(a1, "91330106ma27xl1y4a", ""), store.FiledHere{Mine: true, Websites: 2}},
			{"by another account", here(a2, number, ""), store.FiledHere{Others: true, Websites: 2}},
			{"without the order's own", here(a1, number, "o2"), store.FiledHere{Mine: true, Websites: 1}},
			{"a subject that is not filed", here(a1, "91110108551385082Q", ""), store.FiledHere{}},
			{"no number", here(a1, "", ""), store.FiledHere{}},
		} {
			if c.got != c.want {
				t.Errorf("%s: %+v, want %+v", c.rule, c.got, c.want)
			}
		}
	})
}

func TestTheLatestCheckOfEachDomainIsFound(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		a1, a2 := person(t, s, "a1"), person(t, s, "a2")
		domainCheck(t, s, a1, "d2", noon.Add(time.Hour))
		domainCheck(t, s, a1, "d1", noon)
		domainCheck(t, s, a2, "d3", noon.Add(2*time.Hour))
		latest := func(account icp.AccountID, domains ...string) map[string]store.DomainCheck {
			return read(t, s, func(ctx context.Context, tx *store.Tx) (map[string]store.DomainCheck, error) {
				return tx.LatestDomainChecks(ctx, account, domains)
			})
		}
		if got := latest(a1, "qinghe.com", "qinghe.cn"); len(got) != 1 || got["qinghe.cn"].ID != "d2" || string(got["qinghe.cn"].Result) != `{"holder":"周若兰"}` {
			t.Errorf("found %+v", got)
		}
		if got := latest(a2, "qinghe.cn"); got["qinghe.cn"].ID != "d3" {
			t.Errorf("of the other account: %+v", got)
		}
		if got := latest(a1); len(got) != 0 {
			t.Errorf("of no domain: %+v", got)
		}
	})
}
