package registry_test

import (
	"errors"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/registry"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/storetest"
)

var now = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)

const certificate = "91110108MA01ABCD3X"

func open(t *testing.T) *store.Store {
	t.Helper()
	s := storetest.NewSQLite(t)
	update(t, s, func(tx *store.Tx) error {
		for _, id := range []icp.AccountID{"company", "other"} {
			a := store.Account{ID: id, Mail: string(id) + "@example.com", CreatedAt: now}
			if err := tx.InsertAccount(t.Context(), &a); err != nil {
				return err
			}
		}
		return nil
	})
	return s
}

func update(t *testing.T, s *store.Store, fn func(*store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// filed writes a draft and gives it with two websites, of which the first is numbered.
func filed(t *testing.T, s *store.Store, account icp.AccountID) *icp.Order {
	t.Helper()
	o := icp.Order{ID: icp.NewOrderID(now), Account: account, Type: icp.AddWebsite, Channel: icp.ChannelWeb}
	update(t, s, func(tx *store.Tx) error {
		d, err := order.Decide(o, order.Create, icp.Actor{Account: account, Party: icp.Applicant}, order.Facts{ChannelOpen: true},
			order.DefaultTerms(refdata.Builtin().Calendar()), now)
		if err != nil {
			return err
		}
		return tx.InsertOrder(t.Context(), d)
	})
	o.Data.Subject = icp.Subject{Region: "110108", Nature: icp.NatureEnterprise, CertificateType: icp.CertBusinessLicence,
		CertificateNumber: certificate, Name: "北京云杉数字科技有限公司", Principal: icp.Principal{Name: "周岚", Mobile: "13800138000"}}
	o.Data.Websites = []icp.Website{
		{ID: "w1", Name: "云杉数字", Domain: "yunshan.cn", HomeURL: "www.yunshan.cn", SameAsSubject: true, LicenceNo: "京ICP备2026000001号-2",
			Resource: icp.Resource{Kind: icp.ResourceServer, Server: "s1", IP: "203.0.113.7"}, Languages: []int{1}, PreApprovals: []icp.PreApproval{}},
		{ID: "w2", Name: "云杉文档", Domain: "yunshan.net", HomeURL: "www.yunshan.net"},
	}
	return &o
}

func publish(t *testing.T, s *store.Store, r *registry.Register, o *icp.Order) {
	t.Helper()
	update(t, s, func(tx *store.Tx) error { return r.Publish(t.Context(), tx, o, now) })
}

func TestPublishOnceHoweverOftenTold(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := registry.New(s)
	o := filed(t, s, "company")
	for range 3 {
		publish(t, s, r, o)
	}
	list, next, err := r.Filings(t.Context(), "company", "", 10)
	if err != nil || len(list) != 1 || next != "" || list[0].LicenceNo != "京ICP备2026000001号" || list[0].Version != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	sites := list[0].Websites
	if len(sites) != 1 || sites[0].Version != 1 || len(sites[0].Accesses) != 1 || sites[0].Accesses[0].PublicIP != "203.0.113.7" {
		t.Fatalf("%+v", sites)
	}
	if sites[0].Website.Principal.Name != "周岚" {
		t.Error("the site's principal is not the subject's")
	}
	if d := sites[0].Duties; len(d) != 1 || d[0].Params["url"] != registry.QueryURL || d[0].Params["licence_no"] != "京ICP备2026000001号-2" {
		t.Errorf("duties %+v", d)
	}
}

func TestLaterResultsAddAndReplace(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := registry.New(s)
	o := filed(t, s, "company")
	publish(t, s, r, o)
	o.Data.Websites[1].LicenceNo = "京ICP备2026000001号-3"
	o.Data.Subject.Address = "中关村大街 1 号"
	o.Data.Websites[0].Resource.IP = "203.0.113.8"
	publish(t, s, r, o)
	list, _, err := r.Filings(t.Context(), "company", "", 10)
	if err != nil || len(list) != 1 || len(list[0].Websites) != 2 || list[0].Subject.Address != "中关村大街 1 号" || list[0].Version != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	for _, w := range list[0].Websites {
		if want := map[icp.WebsiteID]int{"w1": 2, "w2": 1}[w.Website.ID]; len(w.Accesses) != want {
			t.Errorf("%s has %d accesses, want %d", w.Website.ID, len(w.Accesses), want)
		}
	}
}

func TestNothingIsPublishedWithoutANumber(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := registry.New(s)
	o := filed(t, s, "company")
	o.Data.Websites[0].LicenceNo = ""
	o.Data.SubjectLicenceNo = "京ICP备2026000001号"
	publish(t, s, r, o)
	if list, _, err := r.Filings(t.Context(), "company", "", 10); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestSubjectHereIsForItsAccountOnly(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := registry.New(s)
	find := func(account icp.AccountID, number string) (string, icp.Subject, bool, error) {
		var no string
		var sub icp.Subject
		var ok bool
		err := s.View(t.Context(), func(tx *store.Tx) (err error) {
			no, sub, ok, err = r.SubjectHere(t.Context(), tx, account, number)
			return err
		})
		return no, sub, ok, err
	}
	if _, _, ok, err := find("company", certificate); ok || err != nil {
		t.Errorf("before the filing: %t, %v", ok, err)
	}
	o := filed(t, s, "company")
	publish(t, s, r, o)
	no, sub, ok, err := find("company", " 91110108ma01abcd3x ")
	if err != nil || !ok || no != "京ICP备2026000001号" || sub != o.Data.Subject {
		t.Errorf("%s %+v %t, %v", no, sub, ok, err)
	}
	if _, sub, ok, err = find("other", certificate); ok || sub.Name != "" || !errors.Is(err, icp.E(icp.NotNow, "registry.other_account")) {
		t.Errorf("another account: %t %+v, %v", ok, sub, err)
	}
	list, _, err := r.Filings(t.Context(), "company", "", 1)
	if err != nil {
		t.Fatal(err)
	}
	for who, want := range map[string]struct {
		actor icp.Actor
		seen  bool
	}{
		"its account":      {icp.Actor{Account: "company", Party: icp.Applicant}, true},
		"another account":  {icp.Actor{Account: "other", Party: icp.Applicant}, false},
		"a reviewer":       {icp.Actor{Account: "rev", Party: icp.Provider, Roles: []string{access.Reviewer}}, true},
		"an administrator": {icp.Actor{Account: "adm", Party: icp.Provider, Roles: []string{access.Admin}}, false},
	} {
		_, err := r.Filing(t.Context(), want.actor, list[0].ID)
		_, _, err2 := r.Sites(t.Context(), want.actor, list[0].ID, "", 10)
		if (err == nil) != want.seen || (err2 == nil) != want.seen {
			t.Errorf("%s: %v, %v", who, err, err2)
		}
	}
}
