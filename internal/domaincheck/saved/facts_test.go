package saved_test

import (
	"testing"
	"time"

	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/domaincheck/saved"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

func (d *desk) known(t *testing.T, account icp.AccountID, names saved.Names, domains ...string) map[string]saved.Known {
	t.Helper()
	var out map[string]saved.Known
	err := d.store.View(t.Context(), func(tx *store.Tx) (err error) {
		out, err = d.Known(t.Context(), tx, account, domains, names, d.clock.Now())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTheNewestCheckTellsWhatIsKnownOfADomain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.run(t, saved.Input{Domain: "yunshan.cn"})
	for name, c := range map[string]struct {
		names saved.Names
		want  saved.Whose
	}{
		"the subject's":                          {saved.Names{Subject: " 王小明 ", Principal: "周明远"}, saved.WhoseSubject},
		"the principal's":                        {saved.Names{Subject: "北京云杉数字科技有限公司", Principal: holder}, saved.WhosePrincipal},
		"somebody else's":                        {saved.Names{Subject: "北京云杉数字科技有限公司", Principal: "周明远"}, saved.WhoseOther},
		"nobody is other before both are told":   {saved.Names{Subject: "北京云杉数字科技有限公司"}, ""},
		"no names, no holder":                    {saved.Names{}, ""},
		"the subject's, though both names fit":   {saved.Names{Subject: holder, Principal: holder}, saved.WhoseSubject},
		"the principal's before the unit's told": {saved.Names{Principal: holder}, saved.WhosePrincipal},
	} {
		got := d.known(t, company.Account, c.names, "yunshan.cn")["yunshan.cn"]
		if got.Whose != c.want || !got.Expires.Equal(now.AddDate(1, 0, 0)) || got.Open != domaincheck.Unknown || got.Filed != domaincheck.Failed {
			t.Errorf("%s: %+v, want %q", name, got, c.want)
		}
	}
	d.registry.filing = domaincheck.Filing{Filed: true, SubjectLicence: "京ICP备2021000001号", SiteLicence: "京ICP备2021000001号-1"}
	d.clock.Advance(time.Minute)
	d.run(t, saved.Input{Domain: "yunshan.cn", Refresh: true})
	got := d.known(t, company.Account, saved.Names{}, "yunshan.cn", "yunshan.com")
	if len(got) != 1 || got["yunshan.cn"].Filed != domaincheck.Passed || got["yunshan.cn"].SubjectLicence != "京ICP备2021000001号" {
		t.Errorf("after a newer check: %+v", got)
	}
	if got := d.known(t, other.Account, saved.Names{}, "yunshan.cn"); len(got) != 0 {
		t.Errorf("another account knows %+v", got)
	}
}

func TestWhatTheRegistryTellsOfTheRealName(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(f *domaincheck.Facts)
		want   domaincheck.State
	}{
		"verified":                {nil, domaincheck.Passed},
		"nothing":                 {func(f *domaincheck.Facts) { f.RealName = "" }, domaincheck.Failed},
		"nothing, but it is us":   {func(f *domaincheck.Facts) { f.RealName, f.RegistrarID = "", "1599" }, domaincheck.Unknown},
		"not verified: told":      {func(f *domaincheck.Facts) { f.RealName = domaincheck.RealNamePending }, domaincheck.Unknown},
		"verified a moment ago":   {func(f *domaincheck.Facts) { f.RealNameSince = now }, domaincheck.Unknown},
		"on hold at the registry": {func(f *domaincheck.Facts) { f.Statuses = []string{"serverHold"} }, domaincheck.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.registry.change = c.change
			d.run(t, saved.Input{Domain: "yunshan.cn"})
			if got := d.known(t, company.Account, saved.Names{}, "yunshan.cn")["yunshan.cn"]; got.RealName != c.want {
				t.Errorf("%s, want %s", got.RealName, c.want)
			}
		})
	}
}
