package casework

import (
	"context"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/rules"
	"github.com/openbeian/beian/internal/store"
)

// Rules judges a case; packages rules and rulebook do.
type Rules interface {
	// Evaluate gives the findings of all rules that apply to the case at the
	// instant and the papers that they ask for. It does no input or output.
	Evaluate(c rules.Case, at time.Time) rules.Result
	// Outcomes tells what came of each of these rules at every place.
	Outcomes(c rules.Case, at time.Time) []rules.Outcome
	// Version names the edition of the rules.
	Version() string
}

// Editions keeps the rules as they were; package rulebook does.
type Editions interface {
	// At gives the rules of an edition; icp.NotFound when it is not kept.
	At(ctx context.Context, version string) (*rules.Set, error)
}

// Notice is something to tell an applicant by mail and message.
type Notice struct {
	Account icp.AccountID
	Order   icp.OrderID
	Kind    string // see the constants of package order
	// Dedupe makes sending it twice impossible: one notice per value.
	Dedupe string
	// Mail and Mobile are the address of the person concerned; empty ones are
	// taken from the account.
	Mail, Mobile string
	// Direct: the notice is for the person at Mail and Mobile only, not for the
	// account; nothing is taken from the account or shown in its console.
	Direct bool
	// Params fill the template's variables.
	Params map[string]string
}

// Notices keeps notices as rows in the caller's transaction and sends them
// after its commit; package notify does.
type Notices interface {
	Notify(ctx context.Context, tx *store.Tx, n Notice, at time.Time) error
}

// NoticeFor builds the notice of an order's present version.
func NoticeFor(o *icp.Order, kind string) Notice {
	p := &o.Data.Subject.Principal
	n := Notice{Account: o.Account, Order: o.ID, Kind: kind, Mail: p.Email, Mobile: p.Mobile,
		Dedupe: string(o.ID) + "/" + kind + "/" + strconv.FormatInt(o.Version, 10),
		Params: map[string]string{"order": string(o.ID), "domains": domains(o)}}
	if o.Data.AuthorityOpinion != "" {
		n.Params["opinion"] = o.Data.AuthorityOpinion
	}
	if o.Data.SubjectLicenceNo != "" {
		n.Params["licence_no"] = o.Data.SubjectLicenceNo
	}
	return n
}

func domains(o *icp.Order) string {
	s := ""
	for i := range o.Data.Websites {
		if i > 0 {
			s += ", "
		}
		s += o.Data.Websites[i].Domain
	}
	return s
}

// Resources lends cloud resources and authorization codes to websites; package
// inventory does. It counts every use and refuses with the reason.
type Resources interface {
	// Take lends a resource to a website of an order of the account.
	Take(ctx context.Context, tx *store.Tx, account icp.AccountID, id icp.OrderID, site icp.WebsiteID, want icp.Resource, at time.Time) (icp.Resource, error)
	// Check tells whether a website's resource is still fit: the finding's
	// code, "" when it is.
	Check(ctx context.Context, tx *store.Tx, o *icp.Order, site *icp.Website, at time.Time) (code string, params map[string]string, err error)
	// Release gives back what one website (or, with an empty site, the whole
	// order) holds.
	Release(ctx context.Context, tx *store.Tx, id icp.OrderID, site icp.WebsiteID, at time.Time) error
	// Filed marks what the order holds as used for good.
	Filed(ctx context.Context, tx *store.Tx, id icp.OrderID, at time.Time) error
}

// DomainResult is what a saved domain check (域名检测) says.
type DomainResult struct {
	ID      string
	Domain  string // registrable, ASCII
	HomeURL string
	// Fileable is false while a check that blocks has failed.
	Fileable bool
	// Filed is the licence number under which the domain is filed, "" for none.
	Filed string
}

// DomainNames are those whose domain it may be; either may be empty.
type DomainNames struct{ Subject, Principal string }

// DomainKnown is what the newest check of a domain found out.
type DomainKnown struct {
	Expires time.Time   // zero when not told
	Owner   rules.Owner // empty when it cannot be told
	Open    rules.Truth // whether the domain answers over HTTP
	// RealNameTold: whether the registry tells that the holder is verified.
	RealNameTold rules.Truth
	Filed        rules.Truth // whether the authority has a filing of it
	// SubjectLicence is the licence number of the filing's subject, if told.
	SubjectLicence string
}

// Domains has the saved domain checks.
type Domains interface {
	// Known gives what the account's newest checks of the domains found out, by
	// domain; those never checked are missing.
	Known(ctx context.Context, tx *store.Tx, account icp.AccountID, domains []string, of DomainNames, at time.Time) (map[string]DomainKnown, error)
	// Result reads a check of the account; it refuses one that is too old.
	Result(ctx context.Context, tx *store.Tx, account icp.AccountID, id string, at time.Time) (DomainResult, error)
}

// Standing is what the authority knows of a certificate number.
type Standing string

// Standings.
const (
	StandingFiled    Standing = "filed"
	StandingNotFiled Standing = "not_filed"
	// StandingEmpty is a filing without a website or access left (空壳主体). The
	// interface does not tell it; other sources may.
	StandingEmpty   Standing = "empty"
	StandingUnknown Standing = "unknown" // no answer
)

// Known tells what a standing says of the subject, as the filing type asks it:
// whether it is filed, and whether it has a website or access left.
func (s Standing) Known() (filed, sites order.Known) {
	switch s {
	case StandingFiled:
		return order.Yes, order.Unknown
	case StandingEmpty:
		return order.Yes, order.No
	case StandingNotFiled:
		return order.No, order.Unknown
	case StandingUnknown:
	}
	return order.Unknown, order.Unknown
}

// Authority asks the authority; package authority does. The two questions
// are never asked inside a transaction.
type Authority interface {
	// SubjectFiling asks whether the certificate's holder has a filing, and for
	// its licence number, which may be empty.
	SubjectFiling(ctx context.Context, certificateType int, number string) (Standing, string)
	// VerifyFiling checks a licence number and password (isp_verifybamm) for an
	// account, and tells how often it may still be asked. icp.Limited is returned
	// when asked too often.
	VerifyFiling(ctx context.Context, account icp.AccountID, licenceNo, password string) (icp.FilingCheck, icp.FilingTries, error)
	// Wake hands an order that becomes ready to the channel that reports it, in
	// the caller's transaction; its work begins after the commit.
	Wake(ctx context.Context, tx *store.Tx, o *icp.Order) error
}

// Register publishes what is filed; package registry does.
type Register interface {
	// Publish writes the rows of every website of the order that has a
	// licence number.
	Publish(ctx context.Context, tx *store.Tx, o *icp.Order, at time.Time) error
	// SubjectHere gives the licence number and the details of a subject filed
	// through us, found by its certificate number; ok is false when there is none.
	SubjectHere(ctx context.Context, tx *store.Tx, account icp.AccountID, certificateNumber string) (licenceNo string, s icp.Subject, ok bool, err error)
}

// NameRule is when an account's real name can be used: a person's waits
// (48 hours by default) from the moment it was given.
type NameRule func(a *store.Account, at time.Time) error
