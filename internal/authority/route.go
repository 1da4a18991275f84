package authority

import (
	"context"
	"errors"
	"slices"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// Which channel has what to do: orders go by the region of their first new
// website's server, questions to a channel that can answer.

// Wake gives an order that becomes ready, in the caller's transaction, to the
// channel that will report it, and asks for an upload after the commit. It stays
// with that channel until it becomes ready anew. Without any channel it waits
// for one.
func (c *Channels) Wake(ctx context.Context, tx *store.Tx, o *icp.Order) error {
	return c.assign(ctx, tx, o)
}

func (c *Channels) assign(ctx context.Context, tx *store.Tx, o *icp.Order) error {
	g, err := c.reporter(ctx, tx, o)
	if err != nil || g == nil {
		return err
	}
	if err := tx.AssignOrder(ctx, o.ID, g.Channel.ID); err != nil {
		return err
	}
	return g.Wake(ctx, tx)
}

// reporter gives the gateway that reports an order; nil without any channel.
func (c *Channels) reporter(ctx context.Context, tx *store.Tx, o *icp.Order) (*Gateway, error) {
	all := c.sorted()
	if len(all) == 0 {
		return nil, nil //nolint:nilnil // the order waits
	}
	sites := newWebsites(o)
	if len(all) == 1 || len(sites) == 0 {
		return all[0].gateway, nil
	}
	s, err := tx.Server(ctx, o.Data.Websites[sites[0]].Resource.Server)
	if err != nil && !errors.Is(err, icp.ErrNotFound) {
		return nil, err
	}
	for _, m := range all {
		if s.Region != "" && slices.Contains(m.settings.Regions, s.Region) {
			return m.gateway, nil
		}
	}
	return all[0].gateway, nil
}

// SubjectFiling asks the channels, the default first, until one answers; see
// [Gateway.SubjectFiling].
func (c *Channels) SubjectFiling(ctx context.Context, certificateType int, number string) (Standing, string) {
	for _, g := range c.All() {
		if standing, licence := g.SubjectFiling(ctx, certificateType, number); standing != StandingUnknown {
			return standing, licence
		}
	}
	return StandingUnknown, ""
}

// FilingStatus asks the channels, the default first, until one answers; see
// [Gateway.FilingStatus]. Errors are icp.Unavailable.
func (c *Channels) FilingStatus(ctx context.Context, domain string) (Filing, error) {
	err := error(icp.E(icp.Unavailable, "authority.off"))
	for _, g := range c.All() {
		var f Filing
		if f, err = g.FilingStatus(ctx, domain); err == nil {
			return f, nil
		}
	}
	return Filing{}, err
}

// VerifyFiling asks the channel of the licence number's province, else the
// default one: just one, since the authority counts the attempts. See
// [Gateway.VerifyFiling].
func (c *Channels) VerifyFiling(ctx context.Context, account icp.AccountID, licenceNo, password string) (icp.FilingCheck, icp.FilingTries, error) {
	all := c.All()
	if len(all) == 0 {
		return icp.FilingUnknown, icp.FilingTries{}, nil
	}
	asked := all[0]
	if n, err := icp.ParseLicenceNo(icp.NormalizeLicenceNo(licenceNo)); err == nil {
		if p, ok := c.Tables.ProvinceByLicence(n.Province); ok {
			if i := slices.IndexFunc(all, func(g *Gateway) bool { return sameProvince(g.Channel.Province, p.Code) }); i >= 0 {
				asked = all[i]
			}
		}
	}
	return asked.VerifyFiling(ctx, account, licenceNo, password)
}

func sameProvince(a, b string) bool { return len(a) >= 2 && len(b) >= 2 && a[:2] == b[:2] }

// Sweep removes, on each channel, the bytes that are kept no longer, and those
// that a crash left without a row.
func (c *Channels) Sweep(ctx context.Context) error {
	all := c.All()
	if len(all) == 0 {
		return nil
	}
	faults := all[0].Sweep(ctx)
	for _, g := range all {
		faults = errors.Join(faults, g.expire(ctx))
	}
	return faults
}
