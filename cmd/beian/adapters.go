package main

import (
	"context"
	"time"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/domaincheck/saved"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/notify"
	"github.com/openbeian/beian/internal/precheck"
	"github.com/openbeian/beian/internal/rules"
	"github.com/openbeian/beian/internal/store"
)

// The packages declare the ports that they need in their own words; here the
// words of one become those of the other.

// notices lets casework tell applicants by package notify.
type notices struct{ service *notify.Service }

func (n notices) Notify(ctx context.Context, tx *store.Tx, notice casework.Notice, at time.Time) error {
	return n.service.Notify(ctx, tx, notify.Notice(notice), at)
}

// notes lets the gateway tell the holders of filings by package notify.
type notes struct{ service *notify.Service }

func (n notes) Notify(ctx context.Context, tx *store.Tx, notice authority.Notice, at time.Time) error {
	return n.service.Notify(ctx, tx, notify.Notice{Account: notice.Account, Kind: notice.Kind, Dedupe: notice.Dedupe, Params: notice.Params}, at)
}

// domains lets casework rest on saved domain checks.
type domains struct{ checks *saved.Checks }

func (d domains) Result(ctx context.Context, tx *store.Tx, account icp.AccountID, id string, at time.Time) (casework.DomainResult, error) {
	a, err := d.checks.Result(ctx, tx, account, id, at)
	return casework.DomainResult(a), err
}

func (d domains) Known(ctx context.Context, tx *store.Tx, account icp.AccountID, names []string, of casework.DomainNames, at time.Time) (map[string]casework.DomainKnown, error) {
	found, err := d.checks.Known(ctx, tx, account, names, saved.Names(of), at)
	if err != nil {
		return nil, err
	}
	out := make(map[string]casework.DomainKnown, len(found))
	for domain, k := range found {
		out[domain] = casework.DomainKnown{Expires: k.Expires, Owner: rules.Owner(k.Whose), Open: truth(k.Open),
			RealNameTold: truth(k.RealName), Filed: truth(k.Filed), SubjectLicence: k.SubjectLicence}
	}
	return out, nil
}

// truth reads the state of a check that passes where the answer is yes.
func truth(s domaincheck.State) rules.Truth {
	switch s {
	case domaincheck.Passed:
		return rules.Yes
	case domaincheck.Failed:
		return rules.No
	case domaincheck.Unknown, domaincheck.NotApplicable:
	}
	return rules.Unknown
}

// asks lets casework ask the authorities through their channels.
type asks struct{ *authority.Channels }

func (a asks) SubjectFiling(ctx context.Context, certificateType int, number string) (casework.Standing, string) {
	standing, licenceNo := a.Channels.SubjectFiling(ctx, certificateType, number)
	return casework.Standing(standing), licenceNo
}

// standings lets the pre-check ask the authority as casework does.
type standings struct{ casework.Authority }

func (s standings) SubjectFiling(ctx context.Context, certificateType int, number string) precheck.Standing {
	answer, licenceNo := s.Authority.SubjectFiling(ctx, certificateType, number)
	filed, sites := answer.Known()
	return precheck.Standing{Filed: filed, Sites: sites, LicenceNo: licenceNo}
}

// filings lets the domain check ask the authorities through their channels.
type filings struct{ channels *authority.Channels }

func (f filings) FilingStatus(ctx context.Context, domain string) (domaincheck.Filing, error) {
	answer, err := f.channels.FilingStatus(ctx, domain)
	return domaincheck.Filing(answer), err
}

// told lets the gateway tell casework what became of orders.
type told struct{ *casework.Cases }

func (t told) Bounced(ctx context.Context, tx *store.Tx, id icp.OrderID, errs []authority.DataError) error {
	out := make([]casework.DataError, len(errs))
	for i, e := range errs {
		out[i] = casework.DataError(e)
	}
	return t.Cases.Bounced(ctx, tx, id, out)
}

func (t told) Results(ctx context.Context, tx *store.Tx, id icp.OrderID, subjectLicenceNo string, results []authority.SiteResult) error {
	out := make([]casework.SiteResult, len(results))
	for i, r := range results {
		out[i] = casework.SiteResult(r)
	}
	return t.Cases.Results(ctx, tx, id, subjectLicenceNo, out)
}
