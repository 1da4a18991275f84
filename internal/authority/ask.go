package authority

import (
	"context"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
)

// askTimeout bounds a question while a person waits for the page.
const askTimeout = 15 * time.Second

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
// (isp_querybeianstatus). The specification lists kinds of the query for the
// certificate types of 2013, 1 to 11; those of later types are in the channel's
// profile (wire.Profile.QueryKinds). A type without a kind is not asked and is
// unknown: an authority that takes an unknown kind for "not filed" would lead
// the applicant to the wrong filing type. So is what the authority answers with
// a code.
func (g *Gateway) SubjectStanding(ctx context.Context, certificateType int, number string) Standing {
	standing, _ := g.SubjectFiling(ctx, certificateType, number)
	return standing
}

// SubjectFiling asks as SubjectStanding does and gives the subject's licence
// number too, as far as the authority tells it.
func (g *Gateway) SubjectFiling(ctx context.Context, certificateType int, number string) (Standing, string) {
	kind, known := g.Channel.Client.Profile.QueryKind(certificateType)
	if !known || number == "" {
		return StandingUnknown, ""
	}
	reply, err := g.status(ctx, kind, number)
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

// VerifyFiling asks for an account whether a filing password belongs to a
// subject's licence number (isp_verifybamm), and tells how often it may still be
// asked. No answer is icp.FilingUnknown, not an error, and is not counted.
// icp.Limited is returned when it was asked too often: by our counts, over all
// nodes, or, code 22, by the authority's. Ours of a licence number is lower, so
// that a mistyped password never locks the filing for everybody; that of an
// account keeps it from trying the passwords of others.
func (g *Gateway) VerifyFiling(ctx context.Context, account icp.AccountID, licenceNo, password string) (icp.FilingCheck, icp.FilingTries, error) {
	licenceNo = icp.NormalizeLicenceNo(licenceNo)
	try, err := g.beginTry(ctx, account, licenceNo)
	if err != nil {
		return icp.FilingUnchecked, icp.FilingTries{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	reply, answered := g.verify(ctx, licenceNo, password)
	switch {
	case reply.Code == codeLimited:
		return icp.FilingUnchecked, icp.FilingTries{}, g.closeTries(context.WithoutCancel(ctx), try)
	case !answered:
		return icp.FilingUnknown, icp.FilingTries{}, g.takeBackTry(context.WithoutCancel(ctx), try)
	case reply.Matches():
		return icp.FilingMatches, icp.FilingTries{}, nil
	}
	return icp.FilingMismatches, try.left, nil
}

// verify asks the authority; answered is false without a clear yes or no.
func (g *Gateway) verify(ctx context.Context, licenceNo, password string) (reply wire.VerifyReply, answered bool) {
	if g.answering(ctx) != nil {
		return reply, false
	}
	reply, err := g.Channel.Client.VerifyBamm(ctx, licenceNo, wire.Secret(password))
	if err != nil {
		g.Log.Warn("filing password not checked", "channel", g.Channel.ID, "err", err)
		return wire.VerifyReply{}, false
	}
	if answered = reply.Code == 0 && reply.Result != nil; !answered {
		g.Log.Warn("filing password not checked", "channel", g.Channel.ID, "code", reply.Code)
	}
	return reply, answered
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
