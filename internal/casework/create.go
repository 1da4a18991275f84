package casework

import (
	"context"
	"errors"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/rules"
	"github.com/openbeian/beian/internal/store"
)

// NewOrder is what an order begins with.
type NewOrder struct {
	DomainCheck    string       // id of a domain check that found the domain fileable
	Resource       icp.Resource // kind and id of a server or code
	Channel        icp.Channel
	IdempotencyKey string
}

// Create begins an order: it works out the type from the account's certificate
// and the domain, fills in what is known and lends the resource to the first
// website. With the key of an earlier call it gives that call's order. It refuses
// with icp.NotNow and the type's reason where no order can be made of it; that
// the subject has another order under way stops its submission only.
func (c *Cases) Create(ctx context.Context, actor icp.Actor, in NewOrder) (*icp.Order, error) {
	standing, err := c.standing(ctx, actor)
	if err != nil {
		return nil, err
	}
	var saved *icp.Order
	err = c.Store.Update(ctx, func(tx *store.Tx) error {
		at := c.Clock.Now()
		done, seen, err := claim(ctx, tx, actor, in.IdempotencyKey, "create "+in.DomainCheck+" "+string(in.Resource.Code)+string(in.Resource.Server), at)
		if err != nil {
			return err
		}
		if seen {
			saved, err = c.load(ctx, tx, actor, icp.OrderID(done))
			return err
		}
		saved, err = c.begin(ctx, tx, actor, in, standing, at)
		if err != nil {
			return err
		}
		return settle(ctx, tx, actor, in.IdempotencyKey, string(saved.ID))
	})
	return saved, err
}

// standing asks the authority about the account's certificate before any
// transaction begins.
func (c *Cases) standing(ctx context.Context, actor icp.Actor) (icp.CertificateStanding, error) {
	var a store.Account
	err := c.Store.View(ctx, func(tx *store.Tx) (err error) {
		a, err = tx.Account(ctx, actor.Account)
		return err
	})
	if err != nil {
		return icp.CertificateStanding{}, err
	}
	if err := c.Names(&a, c.Clock.Now()); err != nil {
		return icp.CertificateStanding{}, err
	}
	return c.ask(ctx, a.Name.CertificateType, a.Name.CertificateNumber), nil
}

// begin writes the draft with its first website.
func (c *Cases) begin(ctx context.Context, tx *store.Tx, actor icp.Actor, in NewOrder, said icp.CertificateStanding, at time.Time) (*icp.Order, error) {
	a, err := tx.Account(ctx, actor.Account)
	if err != nil {
		return nil, err
	}
	checked, err := c.Domains.Result(ctx, tx, actor.Account, in.DomainCheck, at)
	if err != nil {
		return nil, err
	}
	o := icp.Order{ID: icp.NewOrderID(at), Account: actor.Account, Channel: in.Channel}
	licenceNo, known, here, err := c.Register.SubjectHere(ctx, tx, actor.Account, a.Name.CertificateNumber)
	elsewhere := errors.Is(err, icp.E(icp.NotNow, "registry.other_account"))
	if err != nil && !elsewhere {
		return nil, err
	}
	o.Data.Standing = said
	c.fillIn(&o, &a, licenceNo, known, here)
	facts := order.TypeFacts{Here: here, OtherAccount: elsewhere}
	filed, err := tx.FiledHere(ctx, a.Name.CertificateNumber, actor.Account, o.ID)
	if err != nil {
		return nil, err
	}
	facts.Filed, facts.Sites = standing(&o)
	facts.Sites = sitesHere(filed, facts.Sites)
	domain := order.DomainFacts{Filed: order.No} // or unknown, which is told once it is saved
	if checked.Filed != "" {
		if domain, err = domainFacts(ctx, tx, &o, checked.Domain, DomainKnown{Filed: rules.Yes, SubjectLicence: checked.Filed}); err != nil {
			return nil, err
		}
	}
	facts.Domains = []order.DomainFacts{domain}
	d := order.DetectType(facts)
	if d.Stops() {
		return nil, refuse(d)
	}
	o.Type, o.TypeReason = d.Type, d.Reason
	open, err := c.ChannelOpen(ctx, tx, in.Channel)
	if err != nil {
		return nil, err
	}
	made, err := order.Decide(o, order.Create, actor, order.Facts{ChannelOpen: open,
		Detail: map[string]any{"type": o.Type, "channel": in.Channel}}, c.Terms, at)
	if err != nil {
		return nil, err
	}
	if err := tx.InsertOrder(ctx, made); err != nil {
		return nil, err
	}
	return c.decide(ctx, tx, actor, made.Order(), order.Edit, c.withWebsite(actor, checked, in.Resource))
}

// fillIn puts what is known already into a new order, so that nothing is asked
// twice: the account's real name, and the filed subject when it is ours.
func (c *Cases) fillIn(o *icp.Order, a *store.Account, licenceNo string, known icp.Subject, here bool) {
	s := &o.Data.Subject
	o.Data.RealName = icp.RealName{Name: a.Name.Name, CertificateType: a.Name.CertificateType, CertificateNumber: a.Name.CertificateNumber}
	if here {
		*s = known
		o.Data.Filing = icp.ExistingFiling{LicenceNo: licenceNo, Check: icp.FilingMatches}
		return
	}
	s.Name, s.CertificateType, s.CertificateNumber = a.Name.Name, a.Name.CertificateType, a.Name.CertificateNumber
	if a.Name.Kind == "individual" {
		s.Nature = icp.NatureIndividual
	} else if t, ok := c.Tables.CertificateType(a.Name.CertificateType); ok && len(t.Natures) > 0 {
		s.Nature = t.Natures[0]
	}
	s.Principal.Mobile, s.Principal.Email = a.Mobile, a.Mail
	settlePrincipals(&o.Data)
}

// claim looks an idempotency key up; without a key every call is new.
func claim(ctx context.Context, tx *store.Tx, actor icp.Actor, key, fingerprint string, at time.Time) (string, bool, error) {
	if key == "" {
		return "", false, nil
	}
	return tx.ClaimKey(ctx, string(actor.Account), key, fingerprint, at)
}

// settle notes what the call under a key has made.
func settle(ctx context.Context, tx *store.Tx, actor icp.Actor, key, result string) error {
	if key == "" {
		return nil
	}
	return tx.SetKeyResult(ctx, string(actor.Account), key, result)
}
