package domaincheck

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
)

// now is a Tuesday noon in China.
var now = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// world is every port of a Checker, answering as set.
type world struct {
	facts   Facts
	err     error
	lookups int
	filing  Filing
	held    bool
	answer  Answer
	silent  error // what filings, orders and prober answer
	tld     Verdict
	reg     Verdict
	noCal   bool
	wait    func(context.Context) // before each answer from outside
}

func (w *world) Lookup(ctx context.Context, _ Name) (Facts, error) {
	w.lookups++
	w.pause(ctx)
	return w.facts, w.err
}
func (w *world) pause(ctx context.Context) {
	if w.wait != nil {
		w.wait(ctx)
	}
}
func (w *world) TLDVerdict(_, _, region string, _ time.Time) Verdict {
	if region == "110000" {
		return NotApproved
	}
	return w.tld
}
func (w *world) RegistrarVerdict(_, _ string, _ time.Time) Verdict { return w.reg }
func (w *world) FilingStatus(ctx context.Context, _ string) (Filing, error) {
	w.pause(ctx)
	return w.filing, w.silent
}
func (w *world) HoldsDomain(_ context.Context, _ string, except icp.OrderID) (bool, error) {
	return w.held && except != "261124-MINE0000", w.silent
}
func (w *world) Probe(ctx context.Context, _ Name) (Answer, error) {
	w.pause(ctx)
	return w.answer, w.silent
}

// AddWorkdays skips Saturdays and Sundays in China's time.
func (w *world) AddWorkdays(from time.Time, n int) (time.Time, error) {
	if w.noCal {
		return time.Time{}, errors.New("no calendar for that year")
	}
	for n > 0 {
		from = from.AddDate(0, 0, 1)
		if d := from.In(clock.Shanghai).Weekday(); d != time.Saturday && d != time.Sunday {
			n--
		}
	}
	return from, nil
}

const owner = "北京云杉数字科技有限公司"

func newWorld() *world {
	return &world{tld: Approved, reg: Approved, facts: Facts{
		Domain: "yunshan.cn", Registrar: "北京新网数码信息技术有限公司", RegistrarID: "120",
		Created: now.Add(-400 * day), Expires: now.Add(200 * day), RegistrantOrg: owner,
		RealName: RealNameVerified, RealNameSince: now.Add(-300 * day),
		Statuses: []string{"ok"}, Origin: FromRDAP, FetchedAt: now,
	}}
}

func (w *world) checker(t *testing.T, change func(*Options)) *Checker {
	t.Helper()
	o := Options{
		Source: w, TLDs: w, Registrars: w, Calendar: w, Filings: w, Orders: w, Prober: w,
		Clock: clock.NewManual(now), OwnRegistrars: []string{"本接入商域名"},
	}
	if change != nil {
		change(&o)
	}
	c, err := NewChecker(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func request(t *testing.T) Request {
	t.Helper()
	n, err := Normalize("yunshan.cn")
	if err != nil {
		t.Fatal(err)
	}
	return Request{Name: n, Owners: []string{owner}}
}

// inspect fails when a result breaks what every result promises.
func inspect(t *testing.T, r Result) {
	t.Helper()
	ids := make([]CheckID, 0, len(r.Checks))
	keys := MessageKeys()
	for _, c := range r.Checks {
		ids = append(ids, c.ID)
		if !slices.Contains(keys, c.MessageKey) || (c.RemedyKey != "" && !slices.Contains(keys, c.RemedyKey)) {
			t.Errorf("%s says %q, %q, which MessageKeys lacks", c.ID, c.MessageKey, c.RemedyKey)
		}
		if c.Blocking && (c.State != Failed || c.ID == SiteClosed) {
			t.Errorf("%s blocks though it is %s", c.ID, c.State)
		}
		if c.State == Failed && !c.Blocking && c.ID != SiteClosed {
			t.Errorf("%s failed but does not block", c.ID)
		}
		if (c.State == Failed || c.State == Unknown) && c.RemedyKey == "" {
			t.Errorf("%s is %s and tells no remedy", c.ID, c.State)
		}
		for k, v := range c.Evidence {
			if v == "" {
				t.Errorf("%s has empty evidence %s", c.ID, k)
			}
		}
		listed := slices.ContainsFunc(r.ForReviewer(), func(o Check) bool { return o.ID == c.ID })
		if c.State == Unknown && !listed {
			t.Errorf("%s is unknown and not on the reviewer's list", c.ID)
		}
	}
	if !slices.Equal(ids, CheckIDs()) {
		t.Errorf("checks are %v, want each once in reading order", ids)
	}
}

func TestEachRule(t *testing.T) {
	t.Parallel()
	monday := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	friday := time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)
	tests := []struct {
		rule   string
		change func(*world, *Request)
		id     CheckID
		key    string
		retry  time.Time
	}{
		{"TLD off the list", func(w *world, _ *Request) { w.tld = NotApproved }, TLDApproved, "failed", time.Time{}},
		{"TLD that the list does not know", func(w *world, _ *Request) { w.tld = Undecided }, TLDApproved, "unknown", time.Time{}},
		{"TLD off the province's own list", func(_ *world, r *Request) { r.Region = "110000" }, TLDApproved, "failed", time.Time{}},
		{"foreign registrar", func(w *world, _ *Request) { w.reg = NotApproved }, RegistrarApproved, "failed", time.Time{}},
		{"registrar not named", func(w *world, _ *Request) { w.facts.Registrar, w.facts.RegistrarID = "", "" }, RegistrarApproved, "unknown", time.Time{}},
		{"a verdict that nobody knows is no approval", func(w *world, _ *Request) { w.reg = "maybe" }, RegistrarApproved, "unknown", time.Time{}},
		{"expires this very instant", func(w *world, _ *Request) { w.facts.Expires = now }, NotExpired, "failed", time.Time{}},
		{"in redemption, though the date runs on", func(w *world, _ *Request) { w.facts.Statuses = []string{"redemptionPeriod"} }, NotExpired, "failed", time.Time{}},
		{"province wants three months, two are left", func(w *world, r *Request) { w.facts.Expires, r.MinMonthsLeft = now.AddDate(0, 2, 0), 3 }, NotExpired, "too_soon", time.Time{}},
		{"province wants three months, three are left", func(w *world, r *Request) { w.facts.Expires, r.MinMonthsLeft = now.AddDate(0, 3, 0), 3 }, NotExpired, "passed", time.Time{}},
		{"no date of expiry", func(w *world, _ *Request) { w.facts.Expires = time.Time{} }, NotExpired, "unknown", time.Time{}},
		{"not verified", func(w *world, _ *Request) { w.facts.RealName = RealNamePending }, RealName, "failed", time.Time{}},
		{"on hold", func(w *world, _ *Request) { w.facts.Statuses = []string{"ok", "serverHold"} }, RealName, "suspended", time.Time{}},
		{"verified on Friday elsewhere: Wednesday is the third working day", func(w *world, _ *Request) { w.facts.RealNameSince = friday }, RealName, "waiting", friday.AddDate(0, 0, 5)},
		{"verified on Friday here: Monday is the third day", func(w *world, _ *Request) {
			w.facts.RealNameSince, w.facts.Registrar, w.facts.RegistrarID = friday, "本接入商域名", ""
		}, RealName, "passed", time.Time{}},
		{"verified yesterday here: three calendar days", func(w *world, _ *Request) {
			w.facts.RealNameSince, w.facts.Registrar, w.facts.RegistrarID = monday, "本接入商域名", ""
		}, RealName, "waiting", monday.AddDate(0, 0, 3)},
		{"holder verified long before a new registration: the registration counts", func(w *world, _ *Request) { w.facts.Created = monday }, RealName, "too_new", monday.AddDate(0, 0, 3)},
		{"verification not disclosed, registered yesterday", func(w *world, _ *Request) {
			w.facts.RealName, w.facts.RealNameSince, w.facts.Created = "", time.Time{}, monday
		}, RealName, "too_new", monday.AddDate(0, 0, 3)},
		{"verification not disclosed, registered long ago", func(w *world, _ *Request) { w.facts.RealName = "" }, RealName, "unknown", time.Time{}},
		{"no dates at all", func(w *world, _ *Request) { w.facts.RealNameSince, w.facts.Created = time.Time{}, time.Time{} }, RealName, "unknown", time.Time{}},
		{"calendar does not reach so far", func(w *world, _ *Request) { w.noCal = true }, RealName, "unknown", time.Time{}},
		{"owner with full-width brackets and spaces", func(w *world, r *Request) {
			w.facts.RegistrantOrg, r.Owners = "云杉 (北京) 有限公司", []string{"云杉（北京）有限公司"}
		}, OwnerMatches, "passed", time.Time{}},
		{"legal representative where the province allows it", func(w *world, r *Request) {
			w.facts.RegistrantOrg, w.facts.RegistrantName = "", "林知夏"
			r.Owners = append(r.Owners, "林知夏")
		}, OwnerMatches, "passed", time.Time{}},
		{"the contact person of somebody else's company is not the owner", func(w *world, r *Request) {
			w.facts.RegistrantOrg, w.facts.RegistrantName, r.Owners = "上海清枫商贸有限公司", "林知夏", []string{"林知夏"}
		}, OwnerMatches, "failed", time.Time{}},
		{"part of a name is not the name", func(w *world, _ *Request) {
			w.facts.RegistrantOrg = "北京云杉数字科技有限公司上海分公司"
		}, OwnerMatches, "failed", time.Time{}},
		{"owner in pinyin", func(w *world, _ *Request) { w.facts.RegistrantOrg = "Beijing Yunshan" }, OwnerMatches, "other_script", time.Time{}},
		{"owner hidden", func(w *world, _ *Request) { w.facts.RegistrantOrg, w.facts.Redacted = "", true }, OwnerMatches, "redacted", time.Time{}},
		{"owner not told", func(w *world, _ *Request) { w.facts.RegistrantOrg = "" }, OwnerMatches, "unknown", time.Time{}},
		{"account without a real name", func(_ *world, r *Request) { r.Owners = nil }, OwnerMatches, "no_account_name", time.Time{}},
		{"filed already", func(w *world, _ *Request) { w.filing = Filing{Filed: true, SiteLicence: "京ICP备1号-1"} }, NotFiled, "failed", time.Time{}},
		{"filed already, as a new access wants", func(w *world, r *Request) { w.filing.Filed, r.Purpose = true, FiledSite }, NotFiled, "not_applicable", time.Time{}},
		{"in another order", func(w *world, _ *Request) { w.held = true }, NotInProcess, "failed", time.Time{}},
		{"in this very order", func(w *world, r *Request) { w.held, r.Order = true, "261124-MINE0000" }, NotInProcess, "passed", time.Time{}},
		{"site answers", func(w *world, _ *Request) { w.answer = Answer{Open: true, URL: "http://yunshan.cn/", Status: 200} }, SiteClosed, "failed", time.Time{}},
		{"site of a filed domain may answer", func(w *world, r *Request) { w.answer.Open, r.Purpose = true, FiledSite }, SiteClosed, "not_applicable", time.Time{}},
		{"authority silent", func(w *world, _ *Request) { w.silent = icp.E(icp.Unavailable, "x") }, NotFiled, "unknown", time.Time{}},
		{"orders silent", func(w *world, _ *Request) { w.silent = errors.New("x") }, NotInProcess, "unknown", time.Time{}},
		{"probe silent", func(w *world, _ *Request) { w.silent = errors.New("x") }, SiteClosed, "unknown", time.Time{}},
		{"registry silent", func(w *world, _ *Request) { w.err = ErrNoAnswer }, Registered, "unknown", time.Time{}},
		{"not registered", func(w *world, _ *Request) { w.err = ErrNoDomain }, Registered, "failed", time.Time{}},
		{"not registered: no fault of the rest", func(w *world, _ *Request) { w.err = ErrNoDomain }, OwnerMatches, "not_applicable", time.Time{}},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			w, r := newWorld(), request(t)
			tt.change(w, &r)
			res := w.checker(t, nil).Check(t.Context(), r)
			inspect(t, res)
			c, _ := res.Check(tt.id)
			if want := "domain.check." + string(tt.id) + "." + tt.key; c.MessageKey != want {
				t.Errorf("got %s, want %s (%v)", c.MessageKey, want, c.Evidence)
			}
			if got := c.RetryAt; (got == nil) != tt.retry.IsZero() || got != nil && !got.Equal(tt.retry) {
				t.Errorf("retry at %v, want %v", got, tt.retry)
			}
		})
	}
}

func TestADomainWithoutFaultsPassesEverything(t *testing.T) {
	t.Parallel()
	res := newWorld().checker(t, nil).Check(t.Context(), request(t))
	inspect(t, res)
	for _, c := range res.Checks {
		if c.State != Passed {
			t.Errorf("%s is %s", c.ID, c.State)
		}
	}
	if res.Blocked() || len(res.ForReviewer()) != 0 || res.Facts == nil || res.Filing == nil {
		t.Errorf("got %+v", res)
	}
}

func TestPortsThatAreNotConnectedLeaveTheirChecksUnknown(t *testing.T) {
	t.Parallel()
	res := newWorld().checker(t, func(o *Options) { o.Filings, o.Orders, o.Prober = nil, nil, nil }).Check(t.Context(), request(t))
	inspect(t, res)
	if len(res.ForReviewer()) != 3 || res.Blocked() {
		t.Errorf("reviewer sees %v", res.ForReviewer())
	}
}

func TestRetryTimeOfAResult(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.facts.RealNameSince = now.Add(-time.Hour)
	res := w.checker(t, nil).Check(t.Context(), request(t))
	if want := now.Add(-time.Hour).AddDate(0, 0, 3); res.RetryAt() == nil || !res.RetryAt().Equal(want) {
		t.Errorf("waiting alone: got %v, want %v", res.RetryAt(), want)
	}
	w.held = true
	if res = w.checker(t, nil).Check(t.Context(), request(t)); res.RetryAt() != nil {
		t.Errorf("somebody has to act: got %v, want none", res.RetryAt())
	}
}

func TestFactsAreKeptAndTellTheirAge(t *testing.T) {
	t.Parallel()
	clk := clock.NewManual(now)
	w := newWorld()
	c := w.checker(t, func(o *Options) { o.Clock, o.Cache = clk, NewMemory(10) })
	r := request(t)
	c.Check(t.Context(), r)

	clk.Advance(5 * time.Minute)
	res := c.Check(t.Context(), r)
	if w.lookups != 1 || res.FactsAge != 5*time.Minute || res.FactsStale {
		t.Errorf("fresh: %d look-ups, age %s, stale %v", w.lookups, res.FactsAge, res.FactsStale)
	}
	if reg, _ := res.Check(Registered); reg.Evidence[EvidenceAge] != "5m0s" {
		t.Errorf("evidence tells the age %q", reg.Evidence[EvidenceAge])
	}
	w.facts.FetchedAt = clk.Now()
	r.Refresh = true
	if res = c.Check(t.Context(), r); w.lookups != 2 || res.FactsAge != 0 {
		t.Errorf("refreshed: %d look-ups, age %s", w.lookups, res.FactsAge)
	}
	r.Refresh = false
	clk.Advance(11 * time.Minute)
	if c.Check(t.Context(), r); w.lookups != 3 {
		t.Errorf("no longer fresh: %d look-ups, want 3", w.lookups)
	}
}

func TestOldFactsStandInForASilentRegistryButCannotBlock(t *testing.T) {
	t.Parallel()
	clk := clock.NewManual(now)
	w := newWorld()
	w.facts.Expires = now.Add(day)
	c := w.checker(t, func(o *Options) { o.Clock, o.Cache = clk, NewMemory(10) })
	c.Check(t.Context(), request(t))

	clk.Advance(2 * day)
	w.err = ErrNoAnswer
	res := c.Check(t.Context(), request(t))
	inspect(t, res)
	expiry, _ := res.Check(NotExpired)
	holder, _ := res.Check(OwnerMatches)
	if !res.FactsStale || expiry.MessageKey != "domain.check.not_expired.stale" || expiry.State != Unknown || holder.State != Passed {
		t.Errorf("stale %v, expiry %+v, owner %+v", res.FactsStale, expiry, holder)
	}
	clk.Advance(8 * day)
	if res = c.Check(t.Context(), request(t)); res.Facts != nil {
		t.Error("facts of ten days stood in, want none older than seven")
	}
	w.err = ErrNoDomain
	clk.Advance(-8 * day)
	res = c.Check(t.Context(), request(t))
	if reg, _ := res.Check(Registered); reg.State != Failed {
		t.Error("old facts overrule the registry's word that the domain is gone")
	}
}

func TestTimeOutsEndInUnknownAndLateAnswersAreDropped(t *testing.T) {
	t.Parallel()
	tests := []struct {
		rule string
		wait func(release <-chan struct{}) func(context.Context)
	}{
		{"the source heeds its context", func(<-chan struct{}) func(context.Context) {
			return func(ctx context.Context) { <-ctx.Done() }
		}},
		{"the source answers after the caller gave up", func(release <-chan struct{}) func(context.Context) {
			return func(context.Context) { <-release }
		}},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				release := make(chan struct{})
				w, kept := newWorld(), NewMemory(10)
				w.filing.Filed, w.answer.Open = true, true
				w.wait = tt.wait(release)
				w.err = ErrNoAnswer.Because(context.DeadlineExceeded)
				c := w.checker(t, func(o *Options) { o.Cache, o.Timeout = kept, 3*time.Second })
				began := clock.System{}.Now()
				res := c.Check(t.Context(), request(t))
				if took := (clock.System{}).Now().Sub(began); took != 3*time.Second {
					t.Errorf("took %s: the questions must run at once", took)
				}
				close(release)
				synctest.Wait()
				inspect(t, res)
				if res.Blocked() || res.Facts != nil || res.Filing != nil || kept.Len() != 0 {
					t.Errorf("a late answer counted: %+v, kept %d", res, kept.Len())
				}
				if reg, _ := res.Check(Registered); reg.Evidence[EvidenceCause] != "timeout" {
					t.Errorf("cause is %q, want timeout", reg.Evidence[EvidenceCause])
				}
			})
		})
	}
}

func TestCheckerWithoutItsPartsIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld()
	for _, o := range []Options{
		{}, {Source: w}, {Source: w, TLDs: w, Registrars: w, Clock: clock.System{}}, {Source: w, TLDs: w, Registrars: w, Calendar: w},
	} {
		if _, err := NewChecker(o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}
