package casework

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/form"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/store"
)

// AgreedText is a consent text in the edition that the applicant read.
type AgreedText struct {
	Text    string
	Edition int
}

// SeenWarning names a finding that the applicant was shown and lets stand.
type SeenWarning struct{ Rule, Pointer string }

// Submission is what an applicant hands in with an order.
type Submission struct {
	Agreed []AgreedText
	Seen   []SeenWarning
	// IdempotencyKey makes a repeated call change nothing more.
	IdempotencyKey string
}

// Submit hands the order to the provider's review. Everything is judged anew:
// answers, materials, the filing type, rules, the resources' fitness and the
// consents to the editions in force. With the key of an earlier call it changes
// nothing more, so a double click or a retry makes one submission.
func (c *Cases) Submit(ctx context.Context, actor icp.Actor, id icp.OrderID, version int64, in Submission) (*icp.Order, error) {
	var saved *icp.Order
	err := c.Store.Update(ctx, func(tx *store.Tx) error {
		_, seen, err := claim(ctx, tx, actor, in.IdempotencyKey, "submit "+string(id), c.Clock.Now())
		if err != nil {
			return err
		}
		o, err := c.load(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if seen {
			saved = o
			return nil
		}
		if o.Version != version {
			return icp.E(icp.Conflict, "stale_version")
		}
		if saved, err = c.decide(ctx, tx, actor, o, order.Submit, c.submission(actor, in)); err != nil {
			return err
		}
		return settle(ctx, tx, actor, in.IdempotencyKey, string(id))
	})
	return saved, err
}

// submission gathers the facts of a submission.
func (c *Cases) submission(actor icp.Actor, in Submission) func(context.Context, *store.Tx, *icp.Order, time.Time) (order.Facts, error) {
	return func(ctx context.Context, tx *store.Tx, o *icp.Order, at time.Time) (order.Facts, error) {
		version := c.Rules.Version()
		j, err := c.judge(ctx, tx, o, at)
		if err != nil {
			return order.Facts{}, err
		}
		fit, err := c.unfitResources(ctx, tx, o, at)
		if err != nil {
			return order.Facts{}, err
		}
		taken, err := c.takenDomains(ctx, tx, o)
		if err != nil {
			return order.Facts{}, err
		}
		consented, err := c.consent(ctx, tx, o, actor, in.Agreed, at)
		if err != nil {
			return order.Facts{}, err
		}
		o.Data.RulesVersion, o.Data.Seen = version, seen(in.Seen, j.Findings, at)
		for i := range o.Data.Websites {
			if o.Data.Websites[i].LicenceNo == "" {
				o.Data.Websites[i].Outcome = icp.OutcomePending
			}
		}
		return order.Facts{Blocking: form.Blocking(slices.Concat(j.Findings, taken, fit)), Consented: consented,
			Detail: map[string]any{"round": o.Round + 1, "rules": o.Data.RulesVersion}}, nil
	}
}

// seen keeps those warnings that really are findings now; errors are nothing
// that one can let stand.
func seen(said []SeenWarning, findings []icp.Finding, at time.Time) []icp.SeenFinding {
	var out []icp.SeenFinding
	for _, f := range findings {
		if f.Severity != icp.SeverityError && slices.Contains(said, SeenWarning{Rule: f.Rule, Pointer: f.Pointer}) {
			out = append(out, icp.SeenFinding{Rule: f.Rule, Pointer: f.Pointer, At: at})
		}
	}
	return out
}

// unfitResources tells which websites' resources no longer carry a filing.
func (c *Cases) unfitResources(ctx context.Context, tx *store.Tx, o *icp.Order, at time.Time) ([]icp.Finding, error) {
	var out []icp.Finding
	for i := range o.Data.Websites {
		code, params, err := c.Resources.Check(ctx, tx, o, &o.Data.Websites[i], at)
		if err != nil {
			return nil, err
		}
		if code != "" {
			out = append(out, icp.Finding{Pointer: "/websites/" + strconv.Itoa(i) + "/resource", Code: code, Params: params,
				Severity: icp.SeverityError, Rule: "resource"})
		}
	}
	return out, nil
}

// takenDomains tells which domains another open order works on: two drafts of
// one domain can begin at the same moment, but only one can be submitted.
func (c *Cases) takenDomains(ctx context.Context, tx *store.Tx, o *icp.Order) ([]icp.Finding, error) {
	var out []icp.Finding
	for i := range o.Data.Websites {
		domain := o.Data.Websites[i].Domain
		other, err := tx.DomainInProcess(ctx, domain, "", o.ID)
		if err != nil {
			return nil, err
		}
		if other != nil {
			out = append(out, icp.Finding{Pointer: "/websites/" + strconv.Itoa(i) + "/domain", Code: "domain.in_process", Rule: "domain",
				Params: map[string]string{"domain": domain}, Severity: icp.SeverityError})
		}
	}
	return out, nil
}

// consent notes the texts agreed to and reports whether they are all those in force.
func (c *Cases) consent(ctx context.Context, tx *store.Tx, o *icp.Order, actor icp.Actor, agreed []AgreedText, at time.Time) (bool, error) {
	texts, err := tx.CurrentConsentTexts(ctx)
	if err != nil {
		return false, err
	}
	given := map[AgreedText]bool{}
	for _, a := range agreed {
		given[a] = true
	}
	for _, t := range texts {
		if !given[AgreedText{Text: t.ID, Edition: t.Edition}] {
			return false, nil
		}
	}
	for _, t := range texts {
		o.Data.Consents = append(o.Data.Consents, icp.Consent{Text: t.ID, Edition: t.Edition, At: at, Account: actor.Account})
	}
	return true, nil
}

// Withdraw takes the order back from the provider's review so that it can be edited.
func (c *Cases) Withdraw(ctx context.Context, actor icp.Actor, id icp.OrderID, version int64) (*icp.Order, error) {
	return c.change(ctx, actor, id, version, order.Withdraw, nil)
}

// Abandon ends the order for good and gives its resources back.
func (c *Cases) Abandon(ctx context.Context, actor icp.Actor, id icp.OrderID, version int64) (*icp.Order, error) {
	return c.change(ctx, actor, id, version, order.Abandon, c.giveBack)
}

// giveBack returns what an ending order holds, and forgets its filing password.
func (c *Cases) giveBack(ctx context.Context, tx *store.Tx, o *icp.Order, at time.Time) (order.Facts, error) {
	o.Data.Filing.PasswordDigest = ""
	return order.Facts{}, c.Resources.Release(ctx, tx, o.ID, "", at)
}
