package domaincheck

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
)

// Purpose says what the domain is checked for.
type Purpose string

// The purposes. NewSite is the zero value: the strictest.
const (
	// NewSite: the domain is to be filed, so it must not be filed yet and no
	// site may answer.
	NewSite Purpose = ""
	// FiledSite: the domain is filed already and gets a new provider (接入备案)
	// or new data (变更备案); its site may run.
	FiledSite Purpose = "filed_site"
)

// Request asks for the checks of one domain.
type Request struct {
	Name Name
	// Owners are the names that may hold the domain: the account's real name
	// and, where the province allows it, the legal representative's. Empty
	// when the account is not verified yet.
	Owners []string
	// Order is the order that the check is for; empty before there is one.
	Order   icp.OrderID
	Purpose Purpose
	// Region is the region code of the province where the filing is made; empty
	// before it is known.
	Region string
	// MinMonthsLeft is the time that the registration must still run, as some
	// provinces want; 0 for none.
	MinMonthsLeft int
	// Refresh asks the registry even when fresh facts are kept, as after the
	// applicant has mended something.
	Refresh bool
}

// Options are the parts of a Checker. Source, TLDs, Registrars, Calendar and
// Clock must be set. A nil Filings, Orders or Prober leaves its check Unknown.
type Options struct {
	Source     Source
	Cache      Cache // nil: keeps nothing
	TLDs       TLDs
	Registrars Registrars
	Calendar   Calendar
	Filings    Filings
	Orders     OpenOrders
	Prober     Prober
	Clock      clock.Clock
	Log        *slog.Logger // nil: silent

	// OwnRegistrarIDs and OwnRegistrars are the IANA ids and names under which
	// this provider registers domains itself: their waiting time is shorter.
	OwnRegistrarIDs []string
	OwnRegistrars   []string

	// Timeout bounds each question to the outside; 0 means 10 s.
	Timeout time.Duration
	// FreshFor is how long kept facts are used without asking; 0 means 10 min.
	FreshFor time.Duration
	// StaleFor is how old kept facts may be that stand in for a registry that
	// does not answer; 0 means 7 days.
	StaleFor time.Duration
}

// Checker runs the checks. Safe for concurrent use.
type Checker struct{ o Options }

// NewChecker makes a checker; an error names a part that is missing.
func NewChecker(o Options) (*Checker, error) {
	switch {
	case o.Source == nil:
		return nil, errors.New("domain checker needs a source of registration facts")
	case o.TLDs == nil || o.Registrars == nil || o.Calendar == nil:
		return nil, errors.New("domain checker needs lists of TLDs and registrars and a calendar")
	case o.Clock == nil:
		return nil, errors.New("domain checker needs a clock")
	}
	o.Timeout = orDefault(o.Timeout, 10*time.Second)
	o.FreshFor = orDefault(o.FreshFor, 10*time.Minute)
	o.StaleFor = orDefault(o.StaleFor, 7*24*time.Hour)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Checker{o: o}, nil
}

func orDefault(d, other time.Duration) time.Duration {
	if d <= 0 {
		return other
	}
	return d
}

// Check runs every check of a domain at once and waits for the last one, at
// most about Options.Timeout. It has no error: what cannot be told is Unknown.
func (c *Checker) Check(ctx context.Context, r Request) Result {
	res := Result{Name: r.Name, At: c.o.Clock.Now()}
	var (
		wg                   sync.WaitGroup
		facts                []Check
		filed, orders, probe Check
	)
	wg.Go(func() { facts = c.registration(ctx, r, &res) })
	wg.Go(func() { filed, res.Filing = c.notFiled(ctx, r) })
	wg.Go(func() { orders = c.notInProcess(ctx, r) })
	wg.Go(func() { probe = c.siteClosed(ctx, r) })
	tld := say(TLDApproved, outcomeOf(c.o.TLDs.TLDVerdict(r.Name.TLD, r.Name.Suffix, r.Region, res.At)),
		map[string]string{EvidenceTLD: r.Name.TLD, EvidenceSuffix: r.Name.Suffix})
	wg.Wait()

	order := CheckIDs()
	res.Checks = append(facts, tld, filed, orders, probe)
	slices.SortFunc(res.Checks, func(a, b Check) int {
		return slices.Index(order, a.ID) - slices.Index(order, b.ID)
	})
	return res
}

// registration makes the checks that rest on the registry's facts and notes
// the facts in res; no other goroutine touches those fields.
func (c *Checker) registration(ctx context.Context, r Request, res *Result) []Check {
	f, stale, err := c.facts(ctx, r, res.At)
	e := map[string]string{EvidenceDomain: r.Name.ASCII}
	switch {
	case errors.Is(err, icp.ErrNotFound):
		return append(c.withoutFacts(outcomeNotApplicable, nil), say(Registered, outcomeFailed, e))
	case err != nil:
		e[EvidenceCause] = causeOf(err)
		return append(c.withoutFacts(outcomeUnknown, e), say(Registered, outcomeUnknown, e))
	}
	res.Facts, res.FactsStale, res.FactsAge = &f, stale, res.At.Sub(f.FetchedAt)
	j := judge{
		registrars: c.o.Registrars, calendar: c.o.Calendar, own: c.own,
		now: res.At, owners: r.Owners, minMonths: r.MinMonthsLeft, stale: stale,
	}
	e[EvidenceStatuses] = strings.Join(f.Statuses, evidenceListGlue)
	return append(j.factChecks(f), say(Registered, outcomePassed, j.aged(f, e)))
}

func (c *Checker) withoutFacts(outcome string, e map[string]string) []Check {
	var list []Check
	for _, id := range []CheckID{RegistrarApproved, NotExpired, RealName, OwnerMatches} {
		list = append(list, say(id, outcome, maps.Clone(e)))
	}
	return list
}

// facts gives fresh facts from the cache or the source; when the source does
// not answer, older ones from the cache, which it marks stale.
func (c *Checker) facts(ctx context.Context, r Request, now time.Time) (f Facts, stale bool, err error) {
	old, found := c.kept(ctx, r.Name)
	if found && !r.Refresh && now.Sub(old.FetchedAt) <= c.o.FreshFor {
		return old, false, nil
	}
	f, err = await(ctx, c.o.Timeout, func(ctx context.Context) (Facts, error) {
		return c.o.Source.Lookup(ctx, r.Name)
	})
	switch {
	case err == nil:
		c.keep(ctx, r.Name, f)
		return f, false, nil
	case errors.Is(err, icp.ErrNotFound):
		return Facts{}, false, err
	}
	c.o.Log.WarnContext(ctx, "ask registry", "domain", r.Name.ASCII, "err", err)
	if found && now.Sub(old.FetchedAt) <= c.o.StaleFor {
		return old, true, nil
	}
	return Facts{}, false, err
}

func (c *Checker) kept(ctx context.Context, n Name) (Facts, bool) {
	if c.o.Cache == nil {
		return Facts{}, false
	}
	f, found, err := c.o.Cache.Facts(ctx, n.ASCII)
	if err != nil {
		c.o.Log.WarnContext(ctx, "read kept facts", "domain", n.ASCII, "err", err)
	}
	return f, found && err == nil
}

func (c *Checker) keep(ctx context.Context, n Name, f Facts) {
	if c.o.Cache == nil {
		return
	}
	if err := c.o.Cache.Put(ctx, n.ASCII, f); err != nil {
		c.o.Log.WarnContext(ctx, "keep facts", "domain", n.ASCII, "err", err)
	}
}

// own reports whether a domain is registered at this provider.
func (c *Checker) own(f Facts) bool {
	if f.RegistrarID != "" && slices.Contains(c.o.OwnRegistrarIDs, f.RegistrarID) {
		return true
	}
	return slices.ContainsFunc(c.o.OwnRegistrars, func(n string) bool { return sameName(n, f.Registrar) })
}

var errNotConnected = icp.E(icp.Unavailable, "domain.not_connected")

func (c *Checker) notFiled(ctx context.Context, r Request) (Check, *Filing) {
	if r.Purpose == FiledSite {
		return say(NotFiled, outcomeNotApplicable, nil), nil
	}
	f, err := await(ctx, c.o.Timeout, func(ctx context.Context) (Filing, error) {
		if c.o.Filings == nil {
			return Filing{}, errNotConnected
		}
		return c.o.Filings.FilingStatus(ctx, r.Name.ASCII)
	})
	if err != nil {
		return c.unknown(ctx, NotFiled, r, err), nil
	}
	if !f.Filed {
		return say(NotFiled, outcomePassed, nil), &f
	}
	e := map[string]string{EvidenceSubjectNo: f.SubjectLicence, EvidenceSiteNo: f.SiteLicence}
	maps.DeleteFunc(e, func(_, v string) bool { return v == "" })
	return say(NotFiled, outcomeFailed, e), &f
}

func (c *Checker) notInProcess(ctx context.Context, r Request) Check {
	held, err := await(ctx, c.o.Timeout, func(ctx context.Context) (bool, error) {
		if c.o.Orders == nil {
			return false, errNotConnected
		}
		return c.o.Orders.HoldsDomain(ctx, r.Name.ASCII, r.Order)
	})
	switch {
	case err != nil:
		return c.unknown(ctx, NotInProcess, r, err)
	case held:
		return say(NotInProcess, outcomeFailed, nil)
	}
	return say(NotInProcess, outcomePassed, nil)
}

func (c *Checker) siteClosed(ctx context.Context, r Request) Check {
	if r.Purpose == FiledSite {
		return say(SiteClosed, outcomeNotApplicable, nil)
	}
	a, err := await(ctx, c.o.Timeout, func(ctx context.Context) (Answer, error) {
		if c.o.Prober == nil {
			return Answer{}, errNotConnected
		}
		return c.o.Prober.Probe(ctx, r.Name)
	})
	switch {
	case err != nil:
		return c.unknown(ctx, SiteClosed, r, err)
	case a.Open:
		return say(SiteClosed, outcomeFailed, answerEvidence(a))
	}
	return say(SiteClosed, outcomePassed, nil)
}

func answerEvidence(a Answer) map[string]string {
	e := map[string]string{
		EvidenceURL: a.URL, EvidenceStatus: strconv.Itoa(a.Status), EvidenceAddress: a.Address, EvidenceTitle: a.Title,
	}
	maps.DeleteFunc(e, func(_, v string) bool { return v == "" })
	return e
}

// unknown makes a check that could not be told and logs why.
func (c *Checker) unknown(ctx context.Context, id CheckID, r Request, err error) Check {
	if !errors.Is(err, errNotConnected) {
		c.o.Log.WarnContext(ctx, "check domain", "check", string(id), "domain", r.Name.ASCII, "err", err)
	}
	return say(id, outcomeUnknown, map[string]string{EvidenceCause: causeOf(err)})
}

// causeOf names why something is unknown, without the error's text.
func causeOf(err error) string {
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return "timeout"
	case icp.KindOf(err) != "":
		return string(icp.KindOf(err))
	}
	return "error"
}

// await asks fn with a time limit of its own and goes on without it when the
// time is over, even if fn does not heed its context: an answer that comes
// after that is dropped.
func await[T any](ctx context.Context, limit time.Duration, fn func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	type reply struct {
		v   T
		err error
	}
	done := make(chan reply, 1)
	go func() {
		v, err := fn(ctx)
		done <- reply{v, err}
	}()
	select {
	case r := <-done:
		return r.v, r.err
	case <-ctx.Done():
		var zero T
		return zero, ctx.Err()
	}
}
