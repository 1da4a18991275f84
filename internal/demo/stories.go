package demo

import (
	"context"
	"slices"
	"strconv"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/domaincheck/saved"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
)

// step is one thing that somebody does in a story. Each does nothing where its
// work is there already.
type step struct {
	name string // completes "could not …"
	do   func(context.Context, *errand) error
}

// The logins of the staff who act in the stories.
const (
	reviewer  = "reviewer@example.com"
	colleague = "reviewer2@example.com"
)

var (
	draft     = []step{{"sign up", signUp}, {"begin", begin}}
	complete  = with(draft, step{"answer", answer}, step{"show papers", papers})
	submitted = with(complete, step{"submit", submit})
	claimed   = with(submitted, step{"claim", claim(reviewer)}, step{"note", note(reviewer)})
	returned  = with(claimed, step{"return", giveBack(reviewer)})
	approved  = with(claimed, step{"call", call(reviewer, icp.CallReached)}, step{"approve", approve(reviewer)})
	accepted  = with(approved, step{"reach the authority", reach(icp.StateSMSPending, icp.StateAuthorityReview, icp.StateFiled)})
	passed    = with(accepted, step{"enter the code", enterCode})
)

// stories tell how far the samples' orders come, by their story's name.
var stories = map[string][]step{
	"begun":       with(draft, step{"answer half", answerHalf}),
	"faulty":      complete,
	"waiting":     submitted,
	"claimed":     claimed,
	"missed":      with(submitted, step{"claim", claim(colleague)}, step{"note", note(colleague)}, step{"call", call(colleague, icp.CallNoAnswer)}),
	"resubmitted": with(returned, step{"mend", answer}, step{"submit again", submit}),
	"returned":    returned,
	"sms":         accepted,
	"review":      passed,
	"filed":       with(passed, step{"be filed", decide((*sim.Server).Approve)}, step{"have a number", reach(icp.StateFiled)}),
	"refused":     with(passed, step{"be refused", refuse}, step{"hear it", reach(icp.StateAuthorityRejected)}),
}

func with(before []step, more ...step) []step { return slices.Concat(before, more) }

// signUp makes the account and the filing that the subject holds.
func signUp(ctx context.Context, e *errand) error {
	if err := e.SignUp(ctx, e.sample); err != nil {
		return err
	}
	if !slices.ContainsFunc(e.Authority.Subjects(), func(f sim.Subject) bool { return f.Licence == e.sample.Licence }) {
		if _, err := e.Authority.Seed(e.sample.filed()); err != nil {
			return err
		}
	}
	return nil
}

// begin rents the server, checks the domains and makes the draft with a website
// for each.
func begin(ctx context.Context, e *errand) error {
	o, err := e.order(ctx)
	if err != nil {
		return err
	}
	operator := icp.Actor{Party: icp.Provider, Roles: []string{access.Operator}}
	server, _, err := e.Inventory.Put(ctx, operator, e.sample.server(e.Clock.Now()))
	if err != nil {
		return err
	}
	want := icp.Resource{Kind: icp.ResourceServer, Server: server.ID}
	for i, w := range e.sample.Websites {
		if o != nil && i < len(o.Data.Websites) {
			continue
		}
		check, err := e.Checks.Run(ctx, e.actor, saved.Input{Domain: w.Domain, Purpose: domaincheck.NewSite, Region: e.sample.Region})
		if err != nil {
			return err
		}
		if o == nil {
			o, err = e.Cases.Create(ctx, e.actor, casework.NewOrder{DomainCheck: check.ID, Resource: want, Channel: icp.ChannelWeb})
		} else {
			o, err = e.Cases.AddWebsite(ctx, e.actor, o.ID, o.Version, check.ID, want, "")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// answerHalf saves what somebody knows who has begun and was called away.
func answerHalf(ctx context.Context, e *errand) error {
	o, err := e.must(ctx)
	if err != nil {
		return err
	}
	s := e.sample.subject(o.Data.Subject)
	s.Address, s.Investor = "", ""
	s.Principal = icp.Principal{Name: s.Principal.Name, CertificateType: s.Principal.CertificateType, Role: s.Principal.Role, Mobile: s.Principal.Mobile}
	_, err = e.Cases.UpdateSubject(ctx, e.actor, o.ID, o.Version, s)
	return err
}

// proofs is how often somebody asks the authority again when it does not answer.
const proofs = 3

// answer saves all answers: at first those that will be returned, where the
// sample has such, and the mended ones once they were.
func answer(ctx context.Context, e *errand) error {
	o, err := e.must(ctx)
	if err != nil {
		return err
	}
	s, sites, first := e.sample.subject(o.Data.Subject), slices.Clone(e.sample.Websites), e.sample.First
	if first.Name != "" && o.Round == 0 {
		s.Address, sites[0].Name, sites[0].Remark = first.Address, first.Name, first.Remark
	}
	if o, err = e.Cases.UpdateSubject(ctx, e.actor, o.ID, o.Version, s); err != nil {
		return err
	}
	for try := 0; try < proofs && o.Data.Filing.Check != icp.FilingMatches; try++ {
		if o, err = e.Cases.CheckFiling(ctx, e.actor, o.ID, o.Version, e.sample.Licence, FilingPassword); err != nil {
			return err
		}
	}
	for i := range sites {
		if o, err = e.Cases.UpdateWebsite(ctx, e.actor, o.ID, o.Version, sites[i].answer(o.Data.Websites[i])); err != nil {
			return err
		}
	}
	return nil
}

// papers uploads a specimen for every paper that the case must show.
func papers(ctx context.Context, e *errand) error {
	o, err := e.must(ctx)
	if err != nil {
		return err
	}
	j, err := e.Cases.Judge(ctx, o)
	if err != nil {
		return err
	}
	for _, n := range j.Needs {
		given := slices.ContainsFunc(o.Materials, func(m icp.Material) bool { return m.Kind == n.Kind && m.Website == n.Website })
		if !n.Required || given {
			continue
		}
		picture, err := e.sample.specimen(n.Kind, siteAt(o, n.Website)).jpeg()
		if err != nil {
			return err
		}
		if _, _, err := e.Cases.AddMaterial(ctx, e.actor, o.ID, casework.NewMaterial{Kind: n.Kind, Website: n.Website,
			FileName: string(n.Kind) + ".jpg", Bytes: picture}); err != nil {
			return err
		}
	}
	return nil
}

// siteAt is the place of a website in its order; 0 for the subject.
func siteAt(o *icp.Order, id icp.WebsiteID) int {
	return max(0, slices.IndexFunc(o.Data.Websites, func(w icp.Website) bool { return w.ID == id }))
}

// submit hands the order in, with every text agreed to and every warning seen.
func submit(ctx context.Context, e *errand) error {
	o, err := e.must(ctx)
	if err != nil || o.State == icp.StateProviderReview {
		return err
	}
	texts, err := e.Cases.ConsentTexts(ctx)
	if err != nil {
		return err
	}
	j, err := e.Cases.Judge(ctx, o)
	if err != nil {
		return err
	}
	var in casework.Submission
	for _, t := range texts {
		in.Agreed = append(in.Agreed, casework.AgreedText{Text: t.ID, Edition: t.Edition})
	}
	for _, f := range j.Findings {
		in.Seen = append(in.Seen, casework.SeenWarning{Rule: f.Rule, Pointer: f.Pointer})
	}
	_, err = e.Cases.Submit(ctx, e.actor, o.ID, o.Version, in)
	return err
}

// atDesk makes a step of what a reviewer does with an order in review.
func atDesk(login string, do func(context.Context, *errand, icp.Actor, *icp.Order) error) func(context.Context, *errand) error {
	return func(ctx context.Context, e *errand) error {
		o, err := e.must(ctx)
		if err != nil || order.Editable(o.State) && len(o.Data.Findings) > 0 {
			return err
		}
		actor, err := e.SignIn(ctx, login)
		if err != nil {
			return err
		}
		return do(ctx, e, actor, o)
	}
}

func claim(login string) func(context.Context, *errand) error {
	return atDesk(login, func(ctx context.Context, e *errand, actor icp.Actor, o *icp.Order) error {
		if o.Reviewer == actor.Account {
			return nil
		}
		_, err := e.Cases.Claim(ctx, actor, o.ID)
		return err
	})
}

func note(login string) func(context.Context, *errand) error {
	return atDesk(login, func(ctx context.Context, e *errand, actor icp.Actor, o *icp.Order) error {
		if e.sample.Note == "" || len(o.Data.Notes) > 0 {
			return nil
		}
		_, err := e.Cases.AddNote(ctx, actor, o.ID, e.sample.Note, "")
		return err
	})
}

// call calls everybody who answers for something and has not been called yet.
func call(login string, outcome icp.CallOutcome) func(context.Context, *errand) error {
	return atDesk(login, func(ctx context.Context, e *errand, actor icp.Actor, o *icp.Order) error {
		whom := []string{"/subject/principal"}
		for i := range o.Data.Websites {
			if !o.Data.Websites[i].SameAsSubject {
				whom = append(whom, "/websites/"+strconv.Itoa(i)+"/principal")
			}
		}
		for _, w := range whom {
			if slices.ContainsFunc(o.Data.Calls, func(c icp.Call) bool { return c.Whom == w && c.Round == o.Round }) {
				continue
			}
			if _, err := e.Cases.RecordCall(ctx, actor, o.ID, w, outcome, callNotes[outcome], ""); err != nil {
				return err
			}
		}
		return nil
	})
}

var callNotes = map[icp.CallOutcome]string{
	icp.CallReached:  "本人接听，确认知悉并同意备案，网站内容与填报一致。",
	icp.CallNoAnswer: "响铃无人接听，一小时后再拨。",
}

func giveBack(login string) func(context.Context, *errand) error {
	return atDesk(login, func(ctx context.Context, e *errand, actor icp.Actor, o *icp.Order) error {
		var findings []icp.Finding
		for _, f := range e.sample.Findings {
			findings = append(findings, icp.Finding{Pointer: f.Pointer, Reason: f.Reason, Advice: f.Advice})
		}
		_, err := e.Cases.Return(ctx, actor, o.ID, o.Version, findings)
		return err
	})
}

func approve(login string) func(context.Context, *errand) error {
	return atDesk(login, func(ctx context.Context, e *errand, actor icp.Actor, o *icp.Order) error {
		if o.State != icp.StateProviderReview {
			return nil
		}
		_, err := e.Cases.Approve(ctx, actor, o.ID, o.Version)
		return err
	})
}

// reach waits until the gateway has brought the order to one of the states; the
// first is the one of the story.
func reach(states ...icp.State) func(context.Context, *errand) error {
	return func(ctx context.Context, e *errand) error {
		return e.await(ctx, "state "+string(states[0]), func(ctx context.Context) (bool, error) {
			o, err := e.must(ctx)
			return err == nil && slices.Contains(states, o.State), err
		})
	}
}

// record finds the newest record of the order at the authority.
func (e *errand) record() (sim.Record, bool) {
	for _, r := range e.Authority.Records() {
		if slices.Contains(r.Domains(), e.sample.Websites[0].Domain) {
			return r, true
		}
	}
	return sim.Record{}, false
}

// enterCode passes the check by message at the authority, and says so here.
func enterCode(ctx context.Context, e *errand) error {
	if err := e.await(ctx, "the message", func(context.Context) (bool, error) {
		r, found := e.record()
		if found && r.State == sim.AwaitingSMS {
			return true, e.Authority.PassSMS(r.ID)
		}
		return found && r.State != sim.Received, nil
	}); err != nil {
		return err
	}
	o, err := e.must(ctx)
	if err != nil || o.State != icp.StateSMSPending {
		return err
	}
	_, err = e.Cases.ConfirmSMS(ctx, e.actor, o.ID, casework.SMSSaid{})
	return err
}

// decide lets the authority decide a record that is in its review.
func decide(do func(*sim.Server, int64) error) func(context.Context, *errand) error {
	return func(_ context.Context, e *errand) error {
		r, found := e.record()
		if !found || r.State != sim.InReview {
			return nil // decided already, or a person took it elsewhere
		}
		return do(e.Authority, r.ID)
	}
}

func refuse(ctx context.Context, e *errand) error {
	return decide(func(s *sim.Server, id int64) error { return s.Reject(id, e.sample.Opinion) })(ctx, e)
}
