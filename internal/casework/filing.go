package casework

import (
	"context"
	"crypto/md5" //nolint:gosec // the interface asks for the MD5 of the filing password (ICPmm)
	"encoding/hex"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/store"
)

// CheckFiling proves the subject's filing at another provider by licence number
// and filing password over the authority's isp_verifybamm, and keeps the answer
// with the order. An authority that does not answer is no refusal: the answer
// is kept as unknown and the reviewer sees it. With an empty password only the
// number is kept, unproven.
//
// A crash between the authority's answer and the commit leaves the order as it
// was; the applicant asks again.
func (c *Cases) CheckFiling(ctx context.Context, actor icp.Actor, id icp.OrderID, version int64, licenceNo, password string) (*icp.Order, error) {
	licenceNo = icp.NormalizeLicenceNo(licenceNo)
	if n, err := icp.ParseLicenceNo(licenceNo); err == nil {
		licenceNo = n.Subject().String()
	} else {
		code, _ := icp.CheckLicenceNo(licenceNo)
		return nil, icp.InvalidField("/licence_no", code)
	}
	if err := c.mayEdit(ctx, actor, id, version); err != nil {
		return nil, err
	}
	check, tries := icp.FilingUnchecked, icp.FilingTries{}
	if password != "" {
		var err error
		if check, tries, err = c.Authority.VerifyFiling(ctx, actor.Account, licenceNo, password); err != nil {
			return nil, err
		}
	}
	return c.change(ctx, actor, id, version, order.Edit, func(ctx context.Context, tx *store.Tx, o *icp.Order, at time.Time) (order.Facts, error) {
		o.Data.Filing = icp.ExistingFiling{LicenceNo: licenceNo, Check: check, Tries: tries}
		if check == icp.FilingMatches || check == icp.FilingUnknown {
			sum := md5.Sum([]byte(password)) //nolint:gosec // see the import
			o.Data.Filing.PasswordDigest = hex.EncodeToString(sum[:])
		}
		return order.Facts{Detail: map[string]any{"section": "filing", "check": check}}, c.retype(ctx, tx, o, at)
	})
}

// mayEdit refuses early, before the authority is asked for nothing.
func (c *Cases) mayEdit(ctx context.Context, actor icp.Actor, id icp.OrderID, version int64) error {
	o, err := c.Order(ctx, actor, id)
	if err != nil {
		return err
	}
	if version != 0 && o.Version != version {
		return icp.E(icp.Conflict, "stale_version")
	}
	_, err = order.Decide(*o, order.Edit, actor, order.Facts{}, c.Terms, c.Clock.Now())
	return err
}
