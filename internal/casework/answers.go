package casework

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/rules"
	"github.com/openbeian/beian/internal/store"
)

// UpdateSubject replaces the answers about the subject and its principal. For
// another certificate the authority is asked first whether its holder has a
// filing, and the filing type is worked out again; no answer is lost thereby.
//
// A crash between the authority's answer and the commit leaves the order as it
// was; the next save asks again.
func (c *Cases) UpdateSubject(ctx context.Context, actor icp.Actor, id icp.OrderID, version int64, in icp.Subject) (*icp.Order, error) {
	tidySubject(&in)
	said, err := c.askAgain(ctx, actor, id, version, &in)
	if err != nil {
		return nil, err
	}
	return c.change(ctx, actor, id, version, order.Edit, func(ctx context.Context, tx *store.Tx, o *icp.Order, at time.Time) (order.Facts, error) {
		o.Data.Subject = in
		if said != nil {
			o.Data.Standing = *said
		}
		settlePrincipals(&o.Data)
		return order.Facts{Detail: map[string]any{"section": "subject"}}, c.retype(ctx, tx, o, at)
	})
}

// AddWebsite adds a site for a checked domain on a resource.
func (c *Cases) AddWebsite(ctx context.Context, actor icp.Actor, id icp.OrderID, version int64, domainCheck string, want icp.Resource, key string) (*icp.Order, error) {
	var saved *icp.Order
	err := c.Store.Update(ctx, func(tx *store.Tx) error {
		at := c.Clock.Now()
		_, seen, err := claim(ctx, tx, actor, key, "add website "+string(id)+" "+domainCheck, at)
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
		checked, err := c.Domains.Result(ctx, tx, actor.Account, domainCheck, at)
		if err != nil {
			return err
		}
		if err := c.fits(ctx, tx, o, checked, at); err != nil {
			return err
		}
		if saved, err = c.decide(ctx, tx, actor, o, order.Edit, c.withWebsite(actor, checked, want)); err != nil {
			return err
		}
		return settle(ctx, tx, actor, key, string(id))
	})
	return saved, err
}

// fits refuses a website that needs another filing than adding it. Where the
// order itself is stopped, websites can still be added to the draft.
func (c *Cases) fits(ctx context.Context, tx *store.Tx, o *icp.Order, checked DomainResult, at time.Time) error {
	if checked.Filed == "" {
		return nil
	}
	k, err := c.gather(ctx, tx, o, at)
	if err != nil {
		return err
	}
	k.types.InProcess = false
	domain, err := domainFacts(ctx, tx, o, checked.Domain, DomainKnown{Filed: rules.Yes, SubjectLicence: checked.Filed})
	if err != nil {
		return err
	}
	k.types.Domains = []order.DomainFacts{domain}
	return refuse(order.DetectType(k.types))
}

// simplifiedChinese is the id of 中文简体 in the table of languages (Yylb_id).
const simplifiedChinese = 1

// withWebsite appends a site: the domain and home page are filled in and fixed.
func (c *Cases) withWebsite(actor icp.Actor, checked DomainResult, want icp.Resource) func(context.Context, *store.Tx, *icp.Order, time.Time) (order.Facts, error) {
	return func(ctx context.Context, tx *store.Tx, o *icp.Order, at time.Time) (order.Facts, error) {
		if err := c.room(ctx, tx, o, checked); err != nil {
			return order.Facts{}, err
		}
		site := icp.Website{ID: icp.WebsiteID(icp.NewID(at)), Domain: checked.Domain, HomeURL: checked.HomeURL, DomainCheck: checked.ID,
			Languages: []int{simplifiedChinese}, PreApprovals: []icp.PreApproval{}, SameAsSubject: true}
		var err error
		if site.Resource, err = c.Resources.Take(ctx, tx, actor.Account, o.ID, site.ID, want, at); err != nil {
			return order.Facts{}, err
		}
		o.Data.Websites = append(o.Data.Websites, site)
		settlePrincipals(&o.Data)
		return order.Facts{Detail: map[string]any{"section": "website_added"}}, c.retype(ctx, tx, o, at)
	}
}

// room refuses a site that the order cannot take.
func (c *Cases) room(ctx context.Context, tx *store.Tx, o *icp.Order, checked DomainResult) error {
	most := c.Limits.Websites
	if o.Data.Subject.IsIndividual() {
		most = 1
	}
	if len(o.Data.Websites) >= most {
		return icp.E(icp.NotNow, "order.websites_full").With("max", strconv.Itoa(most))
	}
	if !checked.Fileable {
		return icp.E(icp.NotNow, "domain.not_fileable").With("domain", checked.Domain)
	}
	if slices.ContainsFunc(o.Data.Websites, func(w icp.Website) bool { return w.Domain == checked.Domain }) {
		return icp.E(icp.NotNow, "order.domain_twice").With("domain", checked.Domain)
	}
	other, err := tx.DomainInProcess(ctx, checked.Domain, o.Account, o.ID)
	switch {
	case err != nil:
		return err
	case other == nil:
		return nil
	case other.Account == o.Account:
		return icp.E(icp.NotNow, "domain.in_process_mine").With("domain", checked.Domain).With("order", string(other.ID))
	}
	return icp.E(icp.NotNow, "domain.in_process").With("domain", checked.Domain)
}

// UpdateWebsite replaces the answers about a site. Id, domain, home page and
// what the authority said stay as they are; another resource is lent if asked for.
func (c *Cases) UpdateWebsite(ctx context.Context, actor icp.Actor, id icp.OrderID, version int64, in icp.Website) (*icp.Order, error) {
	return c.change(ctx, actor, id, version, order.Edit, func(ctx context.Context, tx *store.Tx, o *icp.Order, at time.Time) (order.Facts, error) {
		site := o.Website(in.ID)
		if site == nil {
			return order.Facts{}, icp.ErrNotFound
		}
		if in.Resource.Kind != "" && (in.Resource.Server != site.Resource.Server || in.Resource.Code != site.Resource.Code) {
			if err := c.Resources.Release(ctx, tx, o.ID, site.ID, at); err != nil {
				return order.Facts{}, err
			}
			lent, err := c.Resources.Take(ctx, tx, actor.Account, o.ID, site.ID, in.Resource, at)
			if err != nil {
				return order.Facts{}, err
			}
			site.Resource = lent
		}
		answer(site, &in)
		settlePrincipals(&o.Data)
		return order.Facts{Detail: map[string]any{"section": "website", "website": site.ID}}, nil
	})
}

// answer puts the answers about a site into it.
func answer(site, in *icp.Website) {
	site.Name, site.ServiceContent, site.Remark = tidy(in.Name), in.ServiceContent, strings.TrimSpace(in.Remark)
	site.Languages, site.PreApprovals = in.Languages, tidyApprovals(in.PreApprovals)
	site.SameAsSubject, site.Principal = in.SameAsSubject, in.Principal
	tidyPrincipal(&site.Principal)
}

// RemoveWebsite takes a site with its materials out of the order and gives its
// resource back.
func (c *Cases) RemoveWebsite(ctx context.Context, actor icp.Actor, id icp.OrderID, version int64, site icp.WebsiteID) (*icp.Order, error) {
	return c.change(ctx, actor, id, version, order.Edit, func(ctx context.Context, tx *store.Tx, o *icp.Order, at time.Time) (order.Facts, error) {
		w := o.Website(site)
		if w == nil {
			return order.Facts{}, icp.ErrNotFound
		}
		if w.LicenceNo != "" {
			return order.Facts{}, icp.E(icp.NotNow, "order.website_filed")
		}
		if err := c.Resources.Release(ctx, tx, o.ID, site, at); err != nil {
			return order.Facts{}, err
		}
		for _, m := range o.Materials {
			if m.Website == site {
				if err := tx.DeleteMaterial(ctx, m.ID); err != nil {
					return order.Facts{}, err
				}
			}
		}
		o.Data.Websites = slices.DeleteFunc(o.Data.Websites, func(w icp.Website) bool { return w.ID == site })
		o.Materials = slices.DeleteFunc(o.Materials, func(m icp.Material) bool { return m.Website == site })
		return order.Facts{Detail: map[string]any{"section": "website_removed", "website": site}}, c.retype(ctx, tx, o, at)
	})
}

// ReorderWebsites puts the sites into the order of ids, which must be exactly
// the ids of the order's sites.
func (c *Cases) ReorderWebsites(ctx context.Context, actor icp.Actor, id icp.OrderID, version int64, ids []icp.WebsiteID) (*icp.Order, error) {
	return c.change(ctx, actor, id, version, order.Edit, func(_ context.Context, _ *store.Tx, o *icp.Order, _ time.Time) (order.Facts, error) {
		sorted := make([]icp.Website, 0, len(ids))
		for _, want := range ids {
			w := o.Website(want)
			if w == nil || slices.ContainsFunc(sorted, func(x icp.Website) bool { return x.ID == want }) {
				return order.Facts{}, icp.InvalidField("/websites", "order.reorder")
			}
			sorted = append(sorted, *w)
		}
		if len(sorted) != len(o.Data.Websites) {
			return order.Facts{}, icp.InvalidField("/websites", "order.reorder")
		}
		o.Data.Websites = sorted
		return order.Facts{Detail: map[string]any{"section": "websites_sorted"}}, nil
	})
}
