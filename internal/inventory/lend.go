package inventory

import (
	"context"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// system is who changes a code when an order takes it or gives it back; the
// order's own audit event names the person.
var system = icp.Actor{Party: icp.System}

// pointer names the field of a request that says which resource is wanted.
const pointer = "/resource"

// Take lends a server or an authorization code to a website of an order of the
// account, in the caller's transaction. want names a server by Server, or a
// code by Code, which may also be the text that somebody typed; what comes
// back is the resource as the order shall keep it. A site holds one resource:
// what it held before is given back.
//
// The refusals are those of Limits.Eligibility, "authcode.other_account",
// "authcode.in_use", "authcode.used", "authcode.deleted", and faults of the
// field /resource.
//
// The server's row is written before anything on it is counted. That locks it
// until the transaction ends: on PostgreSQL a second order waits there and then
// counts the first one's use as well; on SQLite there is only one writer
// anyhow. So two orders never take the last place. A code is saved under its
// version besides.
func (v *Inventory) Take(ctx context.Context, tx *store.Tx, account icp.AccountID, id icp.OrderID, site icp.WebsiteID, want icp.Resource, at time.Time) (icp.Resource, error) {
	if err := v.Release(ctx, tx, id, site, at); err != nil {
		return icp.Resource{}, err
	}
	switch want.Kind {
	case icp.ResourceServer:
		return v.takeServer(ctx, tx, account, id, site, want.Server, at)
	case icp.ResourceCode:
		return v.takeCode(ctx, tx, account, id, site, want.Code, at)
	}
	return icp.Resource{}, icp.InvalidField(pointer, "resource.missing")
}

func (v *Inventory) takeServer(ctx context.Context, tx *store.Tx, account icp.AccountID, id icp.OrderID, site icp.WebsiteID, server icp.ServerID, at time.Time) (icp.Resource, error) {
	s, err := tx.LockServer(ctx, server)
	if icp.KindOf(err) == icp.NotFound || err == nil && s.Account != account {
		return icp.Resource{}, icp.InvalidField(pointer, "resource.unknown")
	}
	if err != nil {
		return icp.Resource{}, err
	}
	sites, err := ownSites(ctx, tx, s.ID, id, site)
	if err != nil {
		return icp.Resource{}, err
	}
	if e := v.limits.Eligibility(&s, sites, at); !e.OK {
		return icp.Resource{}, refusal(e.Reasons)
	}
	if err := tx.SaveUse(ctx, store.Use{Order: id, Website: site, Server: s.ID}); err != nil {
		return icp.Resource{}, err
	}
	return icp.Resource{Kind: icp.ResourceServer, Server: s.ID, IP: s.PublicIP, Label: s.Name}, nil
}

func (v *Inventory) takeCode(ctx context.Context, tx *store.Tx, account icp.AccountID, id icp.OrderID, site icp.WebsiteID, code icp.CodeID, at time.Time) (icp.Resource, error) {
	c, err := findCode(ctx, tx, code)
	if err != nil {
		return icp.Resource{}, err
	}
	if c.Account != account {
		return icp.Resource{}, icp.E(icp.NotNow, "authcode.other_account")
	}
	s, err := tx.LockServer(ctx, c.Server)
	if err != nil {
		return icp.Resource{}, err
	}
	if reasons := v.against(&c, &s, at); len(reasons) > 0 {
		return icp.Resource{}, refusal(reasons)
	}
	if err := v.mark(ctx, tx, &c, store.CodeInUse, id, at); err != nil {
		return icp.Resource{}, err
	}
	if err := tx.SaveUse(ctx, store.Use{Order: id, Website: site, Server: s.ID, Code: c.ID}); err != nil {
		return icp.Resource{}, err
	}
	return icp.Resource{Kind: icp.ResourceCode, Server: s.ID, Code: c.ID, IP: s.PublicIP, Label: DisplayCode(c.Text)}, nil
}

// findCode reads a code by its id or by its text in any spelling.
func findCode(ctx context.Context, tx *store.Tx, code icp.CodeID) (store.Code, error) {
	c, err := tx.Code(ctx, code)
	if icp.KindOf(err) != icp.NotFound {
		return c, err
	}
	text := NormalizeCode(string(code))
	if len(text) == codeLength {
		c, err = tx.CodeByText(ctx, text)
	}
	if icp.KindOf(err) == icp.NotFound {
		return store.Code{}, icp.InvalidField(pointer, "authcode.unknown")
	}
	return c, err
}

// mark brings a code into a state, with its audit event.
func (v *Inventory) mark(ctx context.Context, tx *store.Tx, c *store.Code, state store.CodeState, id icp.OrderID, at time.Time) error {
	if c.State == state {
		return nil
	}
	c.State = state
	if err := tx.SaveCode(ctx, c); err != nil {
		return err
	}
	note(tx, system, "authcode."+past[state], "authcode", string(c.ID), c.Version, map[string]any{"order": id}, at)
	return nil
}

// past names the audit event of a state that an order brought a code into.
var past = map[store.CodeState]string{store.CodeUnused: "given_back", store.CodeInUse: "taken", store.CodeUsed: "filed"}

// Check tells whether the resource of a website still carries its filing: the
// message key of what is wrong and its variables, "" when nothing is. Beside
// the reasons of Limits.Eligibility there are "resource.missing" (the site
// holds nothing) and "resource.moved" (the server behind it has another address
// now, so that it must be chosen again). A site that is filed already is not
// judged.
func (v *Inventory) Check(ctx context.Context, tx *store.Tx, o *icp.Order, site *icp.Website, at time.Time) (code string, params map[string]string, err error) {
	if site.LicenceNo != "" {
		return "", nil, nil
	}
	uses, err := tx.UsesOf(ctx, o.ID)
	if err != nil {
		return "", nil, err
	}
	for _, u := range uses {
		if u.Website != site.ID {
			continue
		}
		s, err := tx.Server(ctx, u.Server)
		if err != nil {
			return "", nil, err
		}
		// The site counts itself, so places do not matter here.
		if e := v.limits.Eligibility(&s, 0, at); !e.OK {
			return e.Reasons[0].Code, e.Reasons[0].Params, nil
		}
		if s.PublicIP != site.Resource.IP {
			return "resource.moved", map[string]string{"ip": s.PublicIP}, nil
		}
		return "", nil, nil
	}
	return "resource.missing", nil, nil
}

// Release gives back what one website (or, with an empty site, the whole
// order) holds. What a filed website holds stays, its code used for good: an
// order can be given up after a part of it was filed.
func (v *Inventory) Release(ctx context.Context, tx *store.Tx, id icp.OrderID, site icp.WebsiteID, at time.Time) error {
	uses, err := tx.UsesOf(ctx, id)
	if err != nil || len(uses) == 0 {
		return err
	}
	o, err := tx.Order(ctx, id)
	if err != nil {
		return err
	}
	for _, u := range uses {
		if site != "" && u.Website != site {
			continue
		}
		w := o.Website(u.Website)
		filed := w != nil && w.LicenceNo != ""
		if filed && site != "" {
			return icp.E(icp.NotNow, "order.website_filed")
		}
		if err := v.settle(ctx, tx, u, filed, at); err != nil {
			return err
		}
	}
	return nil
}

// settle ends a use: for good when the site is filed, else by giving back.
func (v *Inventory) settle(ctx context.Context, tx *store.Tx, u store.Use, filed bool, at time.Time) error {
	if u.Code != "" {
		c, err := tx.Code(ctx, u.Code)
		if err != nil {
			return err
		}
		state := store.CodeUnused
		if filed || c.State == store.CodeUsed {
			state, filed = store.CodeUsed, true
		}
		if err := v.mark(ctx, tx, &c, state, u.Order, at); err != nil {
			return err
		}
	}
	if filed {
		return nil
	}
	return tx.DeleteUse(ctx, u.Order, u.Website)
}

// Filed marks what the order holds as used for good: the codes are used, and
// the sites keep their places.
func (v *Inventory) Filed(ctx context.Context, tx *store.Tx, id icp.OrderID, at time.Time) error {
	uses, err := tx.UsesOf(ctx, id)
	if err != nil {
		return err
	}
	for _, u := range uses {
		if err := v.settle(ctx, tx, u, true, at); err != nil {
			return err
		}
	}
	return nil
}
