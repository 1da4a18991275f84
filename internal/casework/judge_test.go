package casework_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/rules"
	"github.com/openbeian/beian/internal/store"
)

// at gives the findings at a pointer.
func at(list []icp.Finding, pointer string) []icp.Finding {
	return slices.DeleteFunc(slices.Clone(list), func(f icp.Finding) bool { return f.Pointer != pointer })
}

func TestRulesAreToldWhatIsKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	expires := tuesday.AddDate(0, 2, 0)
	w.known.found = map[string]casework.DomainKnown{"yunshan.cn": {Expires: expires, Owner: rules.OwnerSubject, Open: rules.Yes, Filed: rules.No}}
	o := w.filled(t, "yunshan.cn", "yunshan.com")
	must(w.Judge(t.Context(), o))(t)
	told := w.rules.told
	if told.RealNameSince != tuesday || told.SubjectElsewhere != rules.No || told.FiledWebsites != nil {
		t.Errorf("of the subject: %+v", told)
	}
	if len(told.Websites) != 2 || told.Websites[0] != (rules.WebsiteFacts{DomainExpires: expires, Owner: rules.OwnerSubject, Open: rules.Yes}) ||
		told.Websites[1] != (rules.WebsiteFacts{}) {
		t.Errorf("of the websites: %+v", told.Websites)
	}
	if p := told.Principals["/subject/principal"]; p != (rules.PrincipalFacts{MobileElsewhere: rules.No, CertificateElsewhere: rules.No}) || len(told.Principals) != 1 {
		t.Errorf("of the persons: %+v", told.Principals)
	}
	if w.known.of != (casework.DomainNames{Subject: "北京云杉数字科技有限公司", Principal: "周明远"}) {
		t.Errorf("owners compared with %+v", w.known.of)
	}
}

func TestANumberOfAnotherSubjectIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.submitted(t, "yunshan.cn") // with the mobile 13800138000
	w.applicant, w.stranger = w.stranger, w.applicant
	w.authority.standing = casework.StandingUnknown
	o := w.begin(t, "linzhixia.cn")
	s := o.Data.Subject
	s.Principal.Mobile = "13900139000"
	o = must(w.UpdateSubject(t.Context(), w.applicant, o.ID, o.Version, s))(t)
	mobile := func() rules.Truth { return w.rules.told.Principals["/subject/principal"].MobileElsewhere }
	must(w.Judge(t.Context(), o))(t)
	if mobile() != rules.No {
		t.Errorf("a number of one's own: %v", mobile())
	}
	s.Principal.Mobile = "13800138000"
	if _, _, err := w.Check(t.Context(), w.applicant, o.ID, casework.Unsaved{Subject: &s}); err != nil || mobile() != rules.Unknown {
		t.Errorf("a number that was only typed: %v, %v", mobile(), err)
	}
	o = must(w.UpdateSubject(t.Context(), w.applicant, o.ID, o.Version, s))(t)
	must(w.Judge(t.Context(), o))(t)
	if mobile() != rules.Yes {
		t.Errorf("a saved number of another subject: %v", mobile())
	}
}

func TestTheTypeFollowsTheAnswersAndLosesNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.known.found = map[string]casework.DomainKnown{"yunshan.cn": {Filed: rules.No}}
	o := w.filled(t, "yunshan.cn")
	asked := len(w.authority.asked)
	o = must(w.UpdateSubject(t.Context(), w.applicant, o.ID, o.Version, o.Data.Subject))(t)
	if len(w.authority.asked) != asked {
		t.Errorf("the same certificate was asked about again: %v", w.authority.asked)
	}
	w.authority.standing, w.authority.answer = casework.StandingNotFiled, icp.FilingMismatches
	o = must(w.CheckFiling(t.Context(), w.applicant, o.ID, o.Version, "京ICP备2024012345号", "wrong"))(t)
	s := o.Data.Subject
	s.CertificateNumber = "91110108MA0YK7W261"
	o = must(w.UpdateSubject(t.Context(), w.applicant, o.ID, o.Version, s))(t)
	if o.Type != icp.AddWebsite || o.TypeReason != "type.first_filing_not_offered" || o.Data.Subject.Address == "" || len(o.Materials) != 3 {
		t.Errorf("a subject that is not filed: %s, %s, %d materials", o.Type, o.TypeReason, len(o.Materials))
	}
	j := must(w.Judge(t.Context(), o))(t)
	if j.Detected.Type != icp.FirstFiling || !j.Detected.Stops() {
		t.Errorf("detected %+v", j.Detected)
	}
	stop := at(j.Findings, "/subject/certificate_number")
	if len(stop) != 1 || stop[0].Rule != casework.TypeRule || stop[0].Code != "type.first_filing_not_offered" || len(j.Exits["/subject/certificate_number"]) == 0 {
		t.Errorf("what stops it: %+v with the exits %v", stop, j.Exits)
	}
	var e *icp.Error
	if _, err := w.Submit(t.Context(), w.applicant, o.ID, o.Version, handedIn("", agreed...)); !errors.As(err, &e) ||
		!slices.ContainsFunc(e.Fields, func(f icp.FieldError) bool { return f.Code == "type.first_filing_not_offered" }) {
		t.Errorf("submitted: %v", err)
	}
	w.authority.standing = casework.StandingFiled
	s.CertificateNumber = "91110108551385082Q"
	o = must(w.UpdateSubject(t.Context(), w.applicant, o.ID, o.Version, s))(t)
	if o.TypeReason != "type.add_website_elsewhere" {
		t.Errorf("with the old number: %s", o.TypeReason)
	}
	if j := must(w.Judge(t.Context(), o))(t); j.Detected.Stops() || len(at(j.Findings, "/subject/certificate_number")) > 0 {
		t.Errorf("with the old number: %+v", j.Findings)
	}
}

func TestADeadEndStandsWhereItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.filled(t, "yunshan.cn", "yunshan.com")
	w.known.found = map[string]casework.DomainKnown{
		"yunshan.cn":  {Filed: rules.No},
		"yunshan.com": {Filed: rules.Yes, SubjectLicence: "沪ICP备2020000001号"}}
	j := must(w.Judge(t.Context(), o))(t)
	const second = "/websites/1/domain"
	if f := at(j.Findings, second); len(f) != 1 || f[0].Code != "type.domain_of_other_subject" || f[0].Params["domain"] != "yunshan.com" || !slices.Contains(j.Exits[second], order.ExitCorrectThenAccess) {
		t.Errorf("another subject's domain: %+v, %v", f, j.Exits)
	}
	// One that is the subject's own needs another type: it goes into an order of its own.
	w.known.found["yunshan.com"] = casework.DomainKnown{Filed: rules.Yes, SubjectLicence: "京ICP备2024012345号"}
	j = must(w.Judge(t.Context(), o))(t)
	if f := at(j.Findings, second); j.Detected.Reason != "type.mixed" || len(f) != 1 || j.Exits[second][0] != order.ExitSeparate {
		t.Errorf("two types in an order: %+v, %+v, %v", j.Detected, f, j.Exits)
	}
	if f := at(j.Findings, "/websites/0/domain"); len(f) > 0 {
		t.Errorf("at the domain that is new: %+v", f)
	}
}

func TestASubjectOfAnotherAccountIsToldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.submitted(t, "yunshan.cn")
	w.applicant = w.account(t, "second@example.com", store.RealName{Kind: "unit", Name: "北京云杉数字科技有限公司",
		CertificateType: icp.CertBusinessLicence, CertificateNumber: "91110108551385082Q", At: tuesday})
	o := w.begin(t, "yunshan.net")
	w.rules.says = rules.Result{Findings: []icp.Finding{{Pointer: "/subject/certificate_number", Code: "rule.subject.elsewhere", Severity: icp.SeverityError, Rule: "national.account.subject"}}}
	j := must(w.Judge(t.Context(), o))(t)
	if f := at(j.Findings, "/subject/certificate_number"); len(f) != 1 || f[0].Code != "type.other_account" {
		t.Errorf("said: %+v", f)
	}
}

func TestACheckOfUnsavedAnswersWritesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.filled(t, "yunshan.cn")
	s, site := o.Data.Subject, o.Data.Websites[0]
	s.Address, site.Name, site.Remark = "", "一", "  写了一半 "
	licence := "沪ICP备2020000001号"
	in := casework.Unsaved{Subject: &s, Websites: []icp.Website{site, {ID: "not here"}}, LicenceNo: &licence}
	judged, j, err := w.Check(t.Context(), w.applicant, o.ID, in)
	if err != nil {
		t.Fatal(err)
	}
	if f := at(j.Findings, "/subject/address"); len(f) != 1 || f[0].Code != "form.required" {
		t.Errorf("an answer taken away: %+v", f)
	}
	if d := judged.Data; d.Websites[0].Name != "一" || d.Websites[0].Remark != "写了一半" || d.Filing.LicenceNo != licence || d.Filing.Check == icp.FilingMatches || len(d.Websites) != 1 {
		t.Errorf("judged %+v", d)
	}
	after := must(w.Order(t.Context(), w.applicant, o.ID))(t)
	if after.Version != o.Version || after.Data.Subject.Address == "" || after.Data.Filing.Check != icp.FilingMatches {
		t.Errorf("it was written: version %d", after.Version)
	}
	if _, _, err := w.Check(t.Context(), w.stranger, o.ID, in); !errors.Is(err, icp.ErrNotFound) {
		t.Errorf("by a stranger: %v", err)
	}
	must(w.Submit(t.Context(), w.applicant, o.ID, o.Version, handedIn("", agreed...)))(t)
	if _, _, err := w.Check(t.Context(), w.applicant, o.ID, in); !errors.Is(err, icp.ErrNotNow) {
		t.Errorf("of a case under review: %v", err)
	}
}

func TestSeenWarningsAreKeptIfTheyAreSome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rules.says = rules.Result{Findings: []icp.Finding{
		{Rule: "a", Pointer: "/websites/0/name", Code: "rule.name.weak", Severity: icp.SeverityWarning},
		{Rule: "b", Pointer: "/websites/0/remark", Code: "rule.remark.advice", Severity: icp.SeverityInfo}}}
	o := w.filled(t, "yunshan.cn")
	in := handedIn("", agreed...)
	in.Seen = []casework.SeenWarning{{Rule: "a", Pointer: "/websites/0/name"}, {Rule: "a", Pointer: "/subject/name"}, {Rule: "made up", Pointer: "/websites/0/name"}}
	o = must(w.Submit(t.Context(), w.applicant, o.ID, o.Version, in))(t)
	if want := []icp.SeenFinding{{Rule: "a", Pointer: "/websites/0/name", At: tuesday}}; !slices.Equal(o.Data.Seen, want) || o.Data.RulesVersion != "test-1" {
		t.Errorf("seen %+v, judged by %s", o.Data.Seen, o.Data.RulesVersion)
	}
}

func TestWhatCameOfEachRule(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rules.outcomes = []rules.Outcome{{Rule: "a", Pointer: "/websites/0/name", State: rules.Passed}}
	o := w.submitted(t, "yunshan.cn")
	got := must(w.Outcomes(t.Context(), reviewer, o.ID))(t)
	if got.Version != "test-1" || got.Order.ID != o.ID || len(got.Rules) != 1 || len(got.Judgement.Needs) == 0 {
		t.Errorf("%+v", got)
	}
	if _, err := w.Outcomes(t.Context(), w.stranger, o.ID); !errors.Is(err, icp.ErrNotFound) {
		t.Errorf("for a stranger: %v", err)
	}
}

// editions keeps one old edition.
type editions struct {
	version string
	set     *rules.Set
	err     error
}

func (e editions) At(_ context.Context, version string) (*rules.Set, error) {
	if e.err != nil {
		return nil, e.err
	}
	if version != e.version {
		return nil, icp.ErrNotFound
	}
	return e.set, nil
}

// now judges by a real set of rules.
type now struct {
	*rules.Set
	version string
}

func (n now) Version() string { return n.version }

func TestNewerRulesTellWhatChangedForAnOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := must(rules.Load(refdata.Builtin(), rules.Packs()))(t)
	w.Rules, w.Editions = now{old, "old"}, editions{version: "old", set: old}
	o := w.submitted(t, "yunshan.cn")
	if c := must(w.RuleChanges(t.Context(), w.applicant, o.ID))(t); !c.Known || c.Was != nil || len(c.Added)+len(c.Gone) > 0 || c.JudgedBy != "old" || c.Active != "old" {
		t.Errorf("with the same rules: %+v", c)
	}
	w.Rules = newer{now{old, "new"}}
	c := must(w.RuleChanges(t.Context(), w.applicant, o.ID))(t)
	if c.Active != "new" || c.Was != old || len(c.Added) != 2 || c.Added[0].Rule != "own.new" || c.Added[1].Pointer != "/materials/pledge/0" || c.Added[1].Severity != icp.SeverityWarning {
		t.Errorf("added %+v", c.Added)
	}
	if len(c.Gone) == 0 {
		t.Error("nothing is gone")
	}
	for _, f := range c.Gone {
		if _, ok := old.Rule(f.Rule); !ok {
			t.Errorf("gone: %+v", f)
		}
	}
}

func TestRuleChangesWithoutTheOldEdition(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.begin(t, "yunshan.cn")
	if c := must(w.RuleChanges(t.Context(), w.applicant, o.ID))(t); c.JudgedBy != "" || !c.Known {
		t.Errorf("a draft: %+v", c)
	}
	o = w.submitted(t, "yunshan.net")
	w.rules.version = "test-2"
	w.Editions = editions{version: "other"}
	if c := must(w.RuleChanges(t.Context(), w.applicant, o.ID))(t); c.Known || c.JudgedBy != "test-1" || c.Active != "test-2" {
		t.Errorf("an edition that is not kept: %+v", c)
	}
	fault := errors.New("the store is broken")
	w.Editions = editions{err: fault}
	if _, err := w.RuleChanges(t.Context(), w.applicant, o.ID); !errors.Is(err, fault) {
		t.Errorf("a broken store: %v", err)
	}
}

// newer says two things of every case, and nothing that the old rules say.
type newer struct{ now }

func (newer) Evaluate(c rules.Case, _ time.Time) rules.Result {
	return rules.Result{Findings: []icp.Finding{{Rule: "own.new", Pointer: "/websites/0/name", Severity: icp.SeverityError}},
		Materials: []rules.Ask{{Rule: "own.pledge", Kind: icp.MaterialPledge, Website: c.Order.Data.Websites[0].ID}}}
}

func TestNewerRulesSendAReadyOrderBackToTheProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.submitted(t, "yunshan.cn")
	must(w.Claim(t.Context(), reviewer, o.ID))(t)
	o = must(w.RecordCall(t.Context(), reviewer, o.ID, "/subject/principal", icp.CallReached, "", ""))(t)
	must(w.Approve(t.Context(), reviewer, o.ID, o.Version))(t)
	recheck := func() (unfit bool) {
		w.update(t, func(tx *store.Tx) (err error) {
			unfit, err = w.Recheck(t.Context(), tx, o.ID)
			return err
		})
		o = must(w.Order(t.Context(), reviewer, o.ID))(t)
		return unfit
	}
	w.rules.says = rules.Result{Findings: []icp.Finding{{Rule: "a", Pointer: "/websites/0/remark", Code: "rule.remark.advice", Severity: icp.SeverityWarning}}}
	if recheck() || o.State != icp.StateReady {
		t.Fatalf("with a warning: %s", o.State)
	}
	w.rules.says.Findings[0] = icp.Finding{Rule: "b", Pointer: "/websites/0/name", Code: "rule.name.weak", Severity: icp.SeverityError}
	if !recheck() || o.State != icp.StateReturnedToProvider || len(o.Data.Findings) != 1 || o.Data.Findings[0].Rule != "b" || o.Data.Findings[0].Was != "云杉数字" {
		t.Fatalf("with an error: %s %+v", o.State, o.Data.Findings)
	}
	if version := o.Version; recheck() || o.Version != version {
		t.Errorf("once more: version %d after %d", o.Version, version)
	}
}
