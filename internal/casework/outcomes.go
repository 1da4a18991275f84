package casework

import (
	"context"
	"errors"
	"strconv"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/rules"
	"github.com/openbeian/beian/internal/store"
)

// Outcomes is what came of every rule that applies to an order.
type Outcomes struct {
	Order *icp.Order
	// Version names the edition judged by, the one in force.
	Version string
	Rules   []rules.Outcome
	// Judgement has what the checks outside the rules found.
	Judgement Judgement
}

// Outcomes tells what came of every rule at every place of an order now.
func (c *Cases) Outcomes(ctx context.Context, actor icp.Actor, id icp.OrderID) (Outcomes, error) {
	var out Outcomes
	err := c.Store.View(ctx, func(tx *store.Tx) error {
		o, err := c.load(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		at := c.Clock.Now()
		k, err := c.gather(ctx, tx, o, at)
		if err != nil {
			return err
		}
		out.Order, out.Version = o, c.Rules.Version()
		out.Rules = c.Rules.Outcomes(rules.Case{Order: o, Facts: k.rules}, at)
		out.Judgement = c.judgeBy(o, k, at)
		return nil
	})
	return out, err
}

// RuleChanges is what the rules in force say of an order otherwise than those
// by which it was judged when it was submitted last.
type RuleChanges struct {
	Order *icp.Order
	// JudgedBy is the edition of the submission, "" before the first; Active the
	// one in force.
	JudgedBy, Active string
	// Was are the rules of JudgedBy; nil when they are not kept any more, or
	// are those in force. Then nothing is told.
	Was *rules.Set
	// Known is false when the old rules are not kept any more.
	Known bool
	// Added are findings of the rules in force only, Gone those of the old only.
	// Papers that are asked for are among them, at their /materials/ pointer.
	Added, Gone []icp.Finding
}

// RuleChanges compares the rules in force with those of the order's last
// submission, on its answers as they stand.
func (c *Cases) RuleChanges(ctx context.Context, actor icp.Actor, id icp.OrderID) (RuleChanges, error) {
	out := RuleChanges{Active: c.Rules.Version(), Known: true}
	var facts rules.Facts
	err := c.Store.View(ctx, func(tx *store.Tx) (err error) {
		if out.Order, err = c.load(ctx, tx, actor, id); err != nil {
			return err
		}
		facts, err = c.Facts(ctx, tx, out.Order, c.Clock.Now())
		return err
	})
	if err != nil {
		return out, err
	}
	out.JudgedBy = out.Order.Data.RulesVersion
	if out.JudgedBy == "" || out.JudgedBy == out.Active {
		return out, nil
	}
	if c.Editions == nil {
		out.Known = false
		return out, nil
	}
	switch out.Was, err = c.Editions.At(ctx, out.JudgedBy); {
	case errors.Is(err, icp.ErrNotFound):
		out.Known = false
		return out, nil
	case err != nil:
		return out, err
	}
	at, subject := c.Clock.Now(), rules.Case{Order: out.Order, Facts: facts}
	was, is := said(out.Order, out.Was.Evaluate(subject, at)), said(out.Order, c.Rules.Evaluate(subject, at))
	out.Added, out.Gone = beyond(is, was), beyond(was, is)
	return out, nil
}

// said lists what rules say: their findings, and the papers as findings.
func said(o *icp.Order, r rules.Result) []icp.Finding {
	out := r.Findings
	for _, a := range r.Materials {
		f := icp.Finding{Rule: a.Rule, Code: a.Message, Params: a.Params, Severity: icp.SeverityWarning, Pointer: "/materials/" + string(a.Kind)}
		if a.Required {
			f.Severity = icp.SeverityError
		}
		for i := range o.Data.Websites {
			if a.Website != "" && o.Data.Websites[i].ID == a.Website {
				f.Pointer += "/" + strconv.Itoa(i)
			}
		}
		out = append(out, f)
	}
	return out
}

// beyond gives what one list says and the other does not, as strictly.
func beyond(list, other []icp.Finding) []icp.Finding {
	type key struct {
		rule, pointer string
		severity      icp.Severity
	}
	has := map[key]bool{}
	for _, f := range other {
		has[key{f.Rule, f.Pointer, f.Severity}] = true
	}
	var out []icp.Finding
	for _, f := range list {
		if !has[key{f.Rule, f.Pointer, f.Severity}] {
			out = append(out, f)
		}
	}
	return out
}

// Unsaved are answers that are being typed; nil ones stand as they were saved.
type Unsaved struct {
	Subject *icp.Subject
	// Websites replace the answers of the sites with their ids; others are left out.
	Websites []icp.Website
	// LicenceNo is the number of the existing filing.
	LicenceNo *string
}

// Check judges an order as if it had been saved with other answers. It writes
// nothing and asks nobody outside: what others' orders share, and what the
// authority says of a certificate, is known for saved answers only.
func (c *Cases) Check(ctx context.Context, actor icp.Actor, id icp.OrderID, in Unsaved) (*icp.Order, Judgement, error) {
	var o *icp.Order
	var j Judgement
	err := c.Store.View(ctx, func(tx *store.Tx) (err error) {
		if o, err = c.load(ctx, tx, actor, id); err != nil {
			return err
		}
		at := c.Clock.Now()
		if _, err := order.Decide(*o, order.Edit, actor, order.Facts{}, c.Terms, at); err != nil {
			return err
		}
		in.into(&o.Data)
		j, err = c.judge(ctx, tx, o, at)
		return err
	})
	return o, j, err
}

// into puts the answers where a save would.
func (in Unsaved) into(d *icp.OrderData) {
	if in.Subject != nil {
		s := *in.Subject
		tidySubject(&s)
		d.Subject = s
	}
	for i := range in.Websites {
		for j := range d.Websites {
			if d.Websites[j].ID == in.Websites[i].ID {
				answer(&d.Websites[j], &in.Websites[i])
			}
		}
	}
	if in.LicenceNo != nil {
		if n := icp.NormalizeLicenceNo(*in.LicenceNo); n != d.Filing.LicenceNo {
			d.Filing = icp.ExistingFiling{LicenceNo: n}
		}
	}
	settlePrincipals(d)
}
