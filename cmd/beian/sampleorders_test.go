package main

import (
	"bytes"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/accounts"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/config"
	"github.com/openbeian/beian/internal/demo"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// sampleStates are the states that the samples' orders end in.
var sampleStates = map[string]icp.State{
	"sample-bakery": icp.StateDraft, "sample-alley": icp.StateDraft,
	"sample-lawfirm": icp.StateProviderReview, "sample-teashop": icp.StateProviderReview, "sample-school": icp.StateProviderReview,
	"sample-trail": icp.StateProviderReview, "sample-software": icp.StateProviderReview,
	"sample-eldercare": icp.StateChangesRequested, "sample-furniture": icp.StateSMSPending, "sample-cycling": icp.StateAuthorityReview,
	"sample-instruments": icp.StateFiled, "sample-plants": icp.StateAuthorityRejected,
}

// sampleTraits are what else their stories promise.
var sampleTraits = map[string]struct {
	what string
	has  func(o *icp.Order) bool
}{
	"sample-bakery": {"half the answers and no picture", func(o *icp.Order) bool {
		return o.Data.Subject.Region != "" && o.Data.Subject.Address == "" && len(o.Materials) == 0
	}},
	"sample-alley":       {"all answers and pictures", func(o *icp.Order) bool { return o.Data.Websites[0].Name != "" && len(o.Materials) == 2 }},
	"sample-lawfirm":     {"a picture of the licence's pages", func(o *icp.Order) bool { return len(o.Materials) == 4 }},
	"sample-school":      {"a reviewer and a note", func(o *icp.Order) bool { return o.Reviewer != "" && len(o.Data.Notes) == 1 }},
	"sample-trail":       {"a missed call", func(o *icp.Order) bool { return len(o.Data.Calls) == 1 && o.Data.Calls[0].Outcome == icp.CallNoAnswer }},
	"sample-software":    {"a second round that keeps the first one's findings", func(o *icp.Order) bool { return o.Round == 2 && len(o.Data.LastRound) == 3 }},
	"sample-eldercare":   {"findings at fields", func(o *icp.Order) bool { return len(o.Data.Findings) == 3 }},
	"sample-furniture":   {"two people who have to enter a code", func(o *icp.Order) bool { return len(o.Data.SMS) == 2 }},
	"sample-instruments": {"a licence number", func(o *icp.Order) bool { return strings.HasSuffix(o.Data.Websites[0].LicenceNo, "-2") }},
	"sample-plants":      {"the authority's words", func(o *icp.Order) bool { return strings.Contains(o.Data.AuthorityOpinion, "花苗") }},
}

// TestSampleOrdersReachTheirStates starts the demo as make run does, and again.
func TestSampleOrdersReachTheirStates(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	filled := func(times int) {
		t.Helper()
		within(t, 5*time.Minute, "the log says that the sample orders are there", func() bool {
			if strings.Contains(m.log.String(), "not complete") {
				t.Fatalf("log: %s", m.log.String())
			}
			return strings.Count(m.log.String(), "sample orders are there") == times
		})
	}
	_, stop := m.serving("--demo", "--sample-orders")
	filled(1)
	db := m.open()
	if len(sampleStates) != len(demo.Samples()) {
		t.Errorf("%d samples, states of %d", len(demo.Samples()), len(sampleStates))
	}
	for login, state := range sampleStates {
		o := db.order(login + "@example.com")
		if o == nil || o.State != state {
			t.Fatalf("%s: %+v, want state %s", login, o, state)
		}
		if trait, ok := sampleTraits[login]; ok && !trait.has(o) {
			t.Errorf("%s has not: %s", login, trait.what)
		}
	}
	stop()
	before := db.versions()
	_, stop = m.serving("--demo", "--sample-orders")
	filled(2)
	stop()
	if after := db.versions(); !maps.Equal(before, after) {
		t.Errorf("a second start changed orders: %v, then %v", before, after)
	}
}

// TestTheDemoIsEmptyWithoutTheFlag is what the browser tests rest on.
func TestTheDemoIsEmptyWithoutTheFlag(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	_, stop := m.serving("--demo")
	stop()
	if all := m.open().versions(); len(all) != 0 {
		t.Errorf("orders: %v", all)
	}
	var said bytes.Buffer
	err := run(t.Context(), []string{"serve", "--sample-orders"}, surroundings{in: strings.NewReader(""), out: &said, errOut: &said, env: m.env})
	if err == nil || !strings.Contains(err.Error(), "--demo") {
		t.Errorf("sample orders without the demo: %v", err)
	}
}

// desk looks into a machine's database while a server may run on it.
type desk struct {
	t *testing.T
	*store.Store
}

func (m *machine) open() desk {
	m.t.Helper()
	cfg, err := config.Load(config.Demo(), "", m.env)
	if err != nil {
		m.t.Fatal(err)
	}
	s, err := openStore(m.t.Context(), cfg)
	if err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() {
		if err := s.Close(); err != nil {
			m.t.Error(err)
		}
	})
	return desk{m.t, s}
}

// order is the only order of a login; nil while there is none.
func (d desk) order(login string) *icp.Order {
	d.t.Helper()
	var list []*icp.Order
	var whole *icp.Order
	err := d.View(d.t.Context(), func(tx *store.Tx) error {
		account, err := tx.AccountByLogin(d.t.Context(), store.LoginMail, login)
		if icp.KindOf(err) == icp.NotFound {
			return nil
		} else if err != nil {
			return err
		}
		if list, _, err = tx.OrdersOf(d.t.Context(), account.ID, "", 10); err != nil || len(list) == 0 {
			return err
		}
		whole, err = tx.Order(d.t.Context(), list[0].ID) // with its materials
		return err
	})
	if err != nil || len(list) > 1 {
		d.t.Fatalf("%s has %d orders: %v", login, len(list), err)
	}
	return whole
}

// versions gives every order's version.
func (d desk) versions() map[icp.OrderID]int64 {
	d.t.Helper()
	out := map[icp.OrderID]int64{}
	people := accounts.Accounts{Store: d.Store, Clock: clock.System{}}
	all, _, err := people.List(d.t.Context(), "", store.MaxPage, "")
	if err != nil {
		d.t.Fatal(err)
	}
	for i := range all {
		if o := d.order(all[i].Mail); o != nil {
			out[o.ID] = o.Version
		}
	}
	return out
}
