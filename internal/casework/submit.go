package casework

import (
	"context"
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

// Submit hands the order to the provider's review. Everything is judged anew:
// answers, materials, rules, the resources' fitness and the consents to the
// editions in force. With the key of an earlier call it changes nothing more,
// so a double click or a retry makes one submission.
func (c *Cases) Submit(ctx context.Context, actor icp.Actor, id icp.OrderID, version int64, agreed []AgreedText, key string) (*icp.Order, error) {
	var saved *icp.Order
	err := c.Store.Update(ctx, func(tx *store.Tx) error {
		_, seen, err := claim(ctx, tx, actor, key, "submit "+string(id), c.Clock.Now())
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
		if saved, err = c.decide(ctx, tx, actor, o, order.Submit, c.submission(actor, agreed)); err != nil {
			return err
		}
		return settle(ctx, tx, actor, key, string(id))
	})
	return saved, err
}

// submission gathers the facts of a submission.
func (c *Cases) submission(actor icp.Actor, agreed []AgreedText) func(context.Context, *store.Tx, *icp.Order, time.Time) (order.Facts, error) {
	return func(ctx context.Context, tx *store.Tx, o *icp.Order, at time.Time) (order.Facts, error) {
		findings := c.Findings(o, at)
		fit, err := c.unfitResources(ctx, tx, o, at)
		if err != nil {
			return order.Facts{}, err
		}
		taken, err := c.takenDomains(ctx, tx, o)
		if err != nil {
			return order.Facts{}, err
		}
		findings = append(findings, taken...)
		consented, err := c.consent(ctx, tx, o, actor, agreed, at)
		if err != nil {
			return order.Facts{}, err
		}
		o.Data.RulesVersion = c.Rules.Version()
		for i := range o.Data.Websites {
			if o.Data.Websites[i].LicenceNo == "" {
				o.Data.Websites[i].Outcome = icp.OutcomePending
			}
		}
		return order.Facts{Blocking: form.Blocking(append(findings, fit...)), Consented: consented,
			Detail: map[string]any{"round": o.Round + 1, "rules": o.Data.RulesVersion}}, nil
	}
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
