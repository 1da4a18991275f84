package authority

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// askTimeout bounds a question while a person waits for the page.
const askTimeout = 15 * time.Second

// checkWindow is the time in which password checks are counted.
const checkWindow = time.Hour

// Standing is what the authority knows of a certificate number.
type Standing string

// Standings.
const (
	StandingFiled    Standing = "filed"
	StandingNotFiled Standing = "not_filed"
	StandingUnknown  Standing = "unknown" // no answer
)

// Filing is the answer to whether a domain is filed.
type Filing struct {
	Filed          bool
	SubjectLicence string
	SiteLicence    string
}

// SubjectStanding asks whether the holder of a certificate has a filing
// (isp_querybeianstatus). The kinds of the query are the ids of certificate
// types; the specification lists 1 to 11 and later ones are taken to go on
// likewise: an authority that does not know one answers with a code, which is
// unknown here.
func (g *Gateway) SubjectStanding(ctx context.Context, certificateType int, number string) Standing {
	standing, _ := g.SubjectFiling(ctx, certificateType, number)
	return standing
}

// SubjectFiling asks as SubjectStanding does and gives the subject's licence
// number too, as far as the authority tells it.
func (g *Gateway) SubjectFiling(ctx context.Context, certificateType int, number string) (Standing, string) {
	if certificateType <= int(wire.QueryDomain) || number == "" {
		return StandingUnknown, ""
	}
	reply, err := g.status(ctx, wire.QueryKind(certificateType), number)
	switch {
	case err != nil:
		return StandingUnknown, ""
	case reply.Filed():
		return StandingFiled, reply.Status.SubjectLicence
	}
	return StandingNotFiled, ""
}

// FilingStatus asks whether a domain is filed. Errors are icp.Unavailable.
func (g *Gateway) FilingStatus(ctx context.Context, domain string) (Filing, error) {
	reply, err := g.status(ctx, wire.QueryDomain, domain)
	if err != nil || !reply.Filed() {
		return Filing{}, err
	}
	return Filing{Filed: true, SubjectLicence: reply.Status.SubjectLicence, SiteLicence: reply.Status.WebsiteLicence}, nil
}

// status asks; without a clear answer the error is icp.Unavailable.
func (g *Gateway) status(ctx context.Context, kind wire.QueryKind, condition string) (wire.StatusReply, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	if err := g.answering(ctx); err != nil {
		return wire.StatusReply{}, err
	}
	reply, err := g.Channel.Client.QueryBeianStatus(ctx, kind, condition)
	if err != nil {
		return reply, icp.E(icp.Unavailable, "authority.no_answer").Because(err)
	}
	if reply.Code != 0 || reply.Status == nil {
		return reply, icp.E(icp.Unavailable, "authority.no_answer").With("code", methodReason(reply.Code))
	}
	return reply, nil
}

// VerifyFiling asks whether a filing password belongs to a subject's licence
// number (isp_verifybamm). No answer is icp.FilingUnknown, not an error.
// icp.Limited is returned when it was asked too often, by our count or, code
// 22, by the authority's: ours is lower, so that a mistyped password never
// locks the filing for everybody.
func (g *Gateway) VerifyFiling(ctx context.Context, licenceNo, password string) (icp.FilingCheck, error) {
	licenceNo = icp.NormalizeLicenceNo(licenceNo)
	if err := g.countCheck(ctx, licenceNo); err != nil {
		return icp.FilingUnchecked, err
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	if err := g.answering(ctx); err != nil {
		return icp.FilingUnknown, nil //nolint:nilerr // without an answer the order goes on
	}
	reply, err := g.Channel.Client.VerifyBamm(ctx, licenceNo, wire.Secret(password))
	switch {
	case err != nil:
		g.Log.Warn("filing password not checked", "channel", g.Channel.ID, "err", err)
		return icp.FilingUnknown, nil
	case reply.Code == codeLimited:
		return icp.FilingUnchecked, limited(checkWindow)
	case reply.Code != 0 || reply.Result == nil:
		g.Log.Warn("filing password not checked", "channel", g.Channel.ID, "code", reply.Code)
		return icp.FilingUnknown, nil
	case reply.Matches():
		return icp.FilingMatches, nil
	}
	return icp.FilingMismatches, nil
}

func (g *Gateway) countCheck(ctx context.Context, licenceNo string) error {
	key := "filing_check:" + hex.EncodeToString(g.Store.Box().Index("filing_check", licenceNo))
	now, hits := g.Clock.Now(), 0
	err := g.Store.Update(ctx, func(tx *store.Tx) (err error) {
		hits, err = tx.Hit(ctx, key, checkWindow, now)
		return err
	})
	if err == nil && hits > g.Channel.PasswordChecks {
		return limited(now.Truncate(checkWindow).Add(checkWindow).Sub(now))
	}
	return err
}

func limited(wait time.Duration) error {
	e := *icp.E(icp.Limited, "authority.password_checks")
	e.RetryAfter = wait
	return &e
}

// answering refuses while the channel is paused: with a wrong account
// every call would only be counted against it.
func (g *Gateway) answering(ctx context.Context) error {
	c, err := g.channel(ctx)
	if err == nil && silent(&c) {
		return icp.E(icp.Unavailable, "authority.paused")
	}
	return err
}
