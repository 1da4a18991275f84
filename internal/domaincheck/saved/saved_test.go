package saved_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/domaincheck/saved"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/storetest"
)

var (
	now      = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)
	company  = icp.Actor{Account: "company", Party: icp.Applicant}
	other    = icp.Actor{Account: "other", Party: icp.Applicant}
	reviewer = icp.Actor{Account: "rev", Party: icp.Provider, Roles: []string{access.Reviewer}}
	admin    = icp.Actor{Account: "adm", Party: icp.Provider, Roles: []string{access.Admin}}
)

// holder holds the sample domain; no applicant may read it.
const holder = "王小明"

// registry answers for every domain, and for filings.
type registry struct {
	filing  domaincheck.Filing
	lookups int
	change  func(*domaincheck.Facts) // of what it tells; may be nil
}

func (r *registry) Lookup(_ context.Context, n domaincheck.Name) (domaincheck.Facts, error) {
	r.lookups++
	f := domaincheck.Facts{Domain: n.ASCII, Registrar: "x", RegistrarID: "120", Created: now.AddDate(-1, 0, 0), Expires: now.AddDate(1, 0, 0),
		RegistrantName: holder, RealName: domaincheck.RealNameVerified, RealNameSince: now.AddDate(-1, 0, 0), Statuses: []string{"ok"},
		Origin: domaincheck.FromRDAP, FetchedAt: now, Raw: "Registrant: " + holder}
	if r.change != nil {
		r.change(&f)
	}
	return f, nil
}

func (r *registry) FilingStatus(context.Context, string) (domaincheck.Filing, error) {
	return r.filing, nil
}

type desk struct {
	*saved.Checks
	store    *store.Store
	clock    *clock.Manual
	registry *registry
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{store: storetest.NewSQLite(t), clock: clock.NewManual(now), registry: &registry{}}
	lists := saved.Lists{Tables: refdata.Builtin()}
	checker, err := domaincheck.NewChecker(domaincheck.Options{Source: d.registry, Cache: saved.Cache{Store: d.store}, TLDs: lists, Registrars: lists,
		Calendar: refdata.Builtin().Calendar().Known(), Filings: d.registry, Orders: saved.Orders{Store: d.store}, Clock: d.clock,
		OwnRegistrarIDs: []string{"1599"}})
	if err != nil {
		t.Fatal(err)
	}
	d.Checks = saved.New(saved.Options{Store: d.store, Checker: checker, Clock: d.clock, PerHour: 5})
	err = d.store.Update(t.Context(), func(tx *store.Tx) error {
		for _, id := range []icp.AccountID{"company", "other", "rev"} {
			a := store.Account{ID: id, Mail: string(id) + "@example.com", CreatedAt: now,
				Name: store.RealName{Kind: "individual", Name: "林知夏", CertificateType: 2, CertificateNumber: "11010519491231002X", At: now}}
			if err := tx.InsertAccount(t.Context(), &a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *desk) run(t *testing.T, in saved.Input) saved.Check {
	t.Helper()
	c, err := d.Run(t.Context(), company, in)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (d *desk) result(t *testing.T, account icp.AccountID, id string) (saved.Answer, error) {
	t.Helper()
	var a saved.Answer
	err := d.store.View(t.Context(), func(tx *store.Tx) (err error) {
		a, err = d.Result(t.Context(), tx, account, id, d.clock.Now())
		return err
	})
	return a, err
}

func TestOnlyWhoMaySeesTheHolder(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	c := d.run(t, saved.Input{Domain: "https://www.YunShan.cn/"})
	if check, _ := c.Result.Check(domaincheck.OwnerMatches); check.State != domaincheck.Failed {
		t.Fatalf("the holder is a stranger, but the check is %s", check.State)
	}
	if c.HomeURL() != "www.yunshan.cn" || c.Fileable() || c.Result.Facts == nil || c.Result.Facts.Expires.IsZero() {
		t.Errorf("%+v", c)
	}
	sees := func(c saved.Check) bool {
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(string(text), holder)
	}
	if sees(c) {
		t.Error("the applicant reads the holder")
	}
	again, err := d.Read(t.Context(), company, c.ID)
	if err != nil || sees(again) {
		t.Errorf("read again: %+v, %v", again, err)
	}
	if full, err := d.Read(t.Context(), reviewer, c.ID); err != nil || !sees(full) {
		t.Errorf("the reviewer does not read the holder: %v", err)
	}
	for _, who := range []icp.Actor{other, admin} {
		if _, err := d.Read(t.Context(), who, c.ID); !errors.Is(err, icp.ErrNotFound) {
			t.Errorf("%s reads a stranger's check: %v", who.Account, err)
		}
	}
	list, _, err := d.List(t.Context(), company, "", 10)
	if err != nil || len(list) != 1 || list[0].ID != c.ID || sees(list[0]) {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestOrderRestsOnAFreshCheckOfItsOwn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	c := d.run(t, saved.Input{Domain: "yunshan.cn"})
	want := saved.Answer{ID: c.ID, Domain: "yunshan.cn", HomeURL: "www.yunshan.cn"}
	if a, err := d.result(t, "company", c.ID); err != nil || a != want {
		t.Errorf("%+v, %v", a, err)
	}
	if _, err := d.result(t, "other", c.ID); !invalid(err, "domain.check_unknown") {
		t.Errorf("another account's: %v", err)
	}
	if _, err := d.result(t, "company", "none"); !invalid(err, "domain.check_unknown") {
		t.Errorf("none: %v", err)
	}
	filed := d.run(t, saved.Input{Domain: "yunshan.cn", Purpose: domaincheck.FiledSite})
	if _, err := d.result(t, "company", filed.ID); !errors.Is(err, icp.E(icp.NotNow, "domain.check_purpose")) {
		t.Errorf("made for a filed site: %v", err)
	}
	d.clock.Advance(24 * time.Hour)
	if _, err := d.result(t, "company", c.ID); err != nil {
		t.Errorf("a day old: %v", err)
	}
	d.clock.Advance(time.Second)
	if _, err := d.result(t, "company", c.ID); !errors.Is(err, icp.E(icp.NotNow, "domain.check_too_old")) {
		t.Errorf("older than a day: %v", err)
	}
}

func TestFiledDomainTellsItsNumber(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for rule, c := range map[string]struct {
		filing domaincheck.Filing
		want   string
	}{
		"the site's number":         {domaincheck.Filing{Filed: true, SubjectLicence: "京ICP备2026000001号", SiteLicence: "京ICP备2026000001号-1"}, "京ICP备2026000001号-1"},
		"else the subject's":        {domaincheck.Filing{Filed: true, SubjectLicence: "京ICP备2026000001号"}, "京ICP备2026000001号"},
		"else that it is filed":     {domaincheck.Filing{Filed: true}, saved.Unnumbered},
		"nothing when it is not so": {domaincheck.Filing{}, ""},
	} {
		d.registry.filing = c.filing
		if a, err := d.result(t, "company", d.run(t, saved.Input{Domain: "yunshan.cn"}).ID); err != nil || a.Filed != c.want || a.Fileable {
			t.Errorf("%s: %+v, %v", rule, a, err)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if _, err := d.Run(t.Context(), company, saved.Input{Domain: "203.0.113.7"}); !invalid(err, domaincheck.CodeIP) {
		t.Errorf("an address: %v", err)
	}
	if _, err := d.Run(t.Context(), company, saved.Input{Domain: "yunshan.cn", Order: "261124-NONE0000"}); !errors.Is(err, icp.ErrNotFound) {
		t.Errorf("no such order: %v", err)
	}
	for range 5 {
		d.run(t, saved.Input{Domain: "yunshan.cn"})
	}
	_, err := d.Run(t.Context(), company, saved.Input{Domain: "yunshan.cn"})
	var e *icp.Error
	if !errors.As(err, &e) || e.Kind != icp.Limited || e.RetryAfter != time.Hour {
		t.Errorf("the sixth in an hour: %v", err)
	}
	d.clock.Advance(time.Hour)
	d.run(t, saved.Input{Domain: "yunshan.cn"})
}

func TestFactsOutliveTheProcess(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.run(t, saved.Input{Domain: "yunshan.cn"})
	d.run(t, saved.Input{Domain: "yunshan.cn"})
	if d.registry.lookups != 1 {
		t.Errorf("asked the registry %d times", d.registry.lookups)
	}
	cache := saved.Cache{Store: d.store}
	if err := cache.Put(t.Context(), "yunshan.cn", domaincheck.Facts{Registrar: "old", FetchedAt: now.Add(-time.Hour)}); err != nil {
		t.Fatal(err)
	}
	f, found, err := cache.Facts(t.Context(), "yunshan.cn")
	if err != nil || !found || f.RegistrantName != holder || !f.FetchedAt.Equal(now) {
		t.Errorf("a late, older answer replaced a newer one: %+v %t, %v", f, found, err)
	}
	if _, found, err := cache.Facts(t.Context(), "none.cn"); found || err != nil {
		t.Errorf("unknown name: %t, %v", found, err)
	}
}

func TestEveryOutcomeHasATextWithItsVariables(t *testing.T) {
	t.Parallel()
	sure := map[string][]string{ // variables that are always there
		"domain.check.registered":          {"domain"},
		"domain.check.tld_approved":        {"suffix", "tld"},
		"domain.check.not_expired.passed":  {"expires"},
		"domain.check.not_expired.too":     {"expires", "months"},
		"domain.check.real_name.waiting":   {"retry_at"},
		"domain.check.real_name.too_new":   {"retry_at"},
		"domain.check.site_closed.failed":  {"url"},
		"domain.remedy.wait":               {"retry_at"},
		"domain.check.site_closed.unknown": {},
	}
	texts := i18n.Messages()
	for _, key := range slices.Concat(domaincheck.MessageKeys(), domaincheck.InvalidCodes(),
		[]string{"domain.check_unknown", "domain.check_purpose", "domain.check_too_old", "domain.check_too_often"}) {
		if !texts.Has(key) {
			t.Errorf("%s has no text", key)
		}
		var may []string
		for prefix, names := range sure {
			if strings.HasPrefix(key, prefix) {
				may = append(may, names...)
			}
		}
		for _, name := range texts.Variables(i18n.Chinese, key) {
			if !slices.Contains(may, name) {
				t.Errorf("%s uses {%s}, which may be missing", key, name)
			}
		}
	}
	for _, id := range domaincheck.CheckIDs() {
		if !texts.Has("domain.check." + string(id) + ".label") {
			t.Errorf("%s has no label", id)
		}
	}
}

func TestMessageParams(t *testing.T) {
	t.Parallel()
	retry := time.Date(2026, 11, 26, 16, 0, 1, 0, time.UTC)
	got := saved.MessageParams(domaincheck.Check{RetryAt: &retry, Evidence: map[string]string{"expires": "2026-12-31T16:00:00Z", "url": "http://yunshan.cn"}})
	if got["retry_at"] != "2026-11-27 00:01" || got["expires"] != "2027-01-01" || got["url"] != "http://yunshan.cn" {
		t.Errorf("%v", got)
	}
	if got := saved.MessageParams(domaincheck.Check{}); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

// invalid reports whether err is a fault of one field with a code.
func invalid(err error, code string) bool {
	var e *icp.Error
	return errors.As(err, &e) && e.Kind == icp.Invalid && len(e.Fields) == 1 && e.Fields[0].Code == code
}
