package saved

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// Whose is who holds a domain, among the names that were asked about.
type Whose string

// The holders; the empty value means that it cannot be told.
const (
	WhoseSubject   Whose = "subject"
	WhosePrincipal Whose = "principal"
	WhoseOther     Whose = "other"
)

// Names are those that may hold a domain of an order; either may be empty.
type Names struct{ Subject, Principal string }

// Known is what the newest check of a domain found out, for rules to judge.
type Known struct {
	// Expires is the end of the registration; zero when not told. Facts that
	// stood in for a silent registry say neither end nor holder.
	Expires time.Time
	Whose   Whose
	// Open tells whether the domain answered over HTTP; Unknown once the check
	// is too old to say what happens now.
	Open domaincheck.State
	// RealName is Passed when the registry told that the holder is verified,
	// Failed when it tells nothing and this provider is not the registrar.
	RealName domaincheck.State
	// Filed is Passed when the authority has a filing of the domain, Failed when
	// it has none, Unknown when it did not say. SubjectLicence is whose.
	Filed          domaincheck.State
	SubjectLicence string
}

// Known reads, in the caller's transaction, what the account's newest checks of
// some domains (registrable, ASCII) found out, by domain. Domains that were
// never checked are missing.
func (c *Checks) Known(ctx context.Context, tx *store.Tx, account icp.AccountID, domains []string, names Names, at time.Time) (map[string]Known, error) {
	rows, err := tx.LatestDomainChecks(ctx, account, domains)
	if err != nil {
		return nil, err
	}
	out := make(map[string]Known, len(rows))
	for domain, row := range rows {
		var k kept
		if err := json.Unmarshal(row.Result, &k); err != nil {
			return nil, fmt.Errorf("decode domain check %s: %w", row.ID, err)
		}
		out[domain] = KnownOf(&k.Result, names, at.Sub(row.CreatedAt) <= c.o.MaxAge)
	}
	return out, nil
}

// KnownOf tells what a check found out; fresh says that it is recent enough to
// tell what happens now.
func KnownOf(r *domaincheck.Result, names Names, fresh bool) Known {
	out := Known{Open: domaincheck.Unknown, RealName: domaincheck.Unknown, Filed: domaincheck.Unknown}
	if f := r.Facts; f != nil && !r.FactsStale {
		out.Expires, out.Whose = f.Expires, whose(*f, names)
		out.RealName = realName(r)
	}
	if c, ok := r.Check(domaincheck.SiteClosed); ok && fresh {
		switch c.State {
		case domaincheck.Passed:
			out.Open = domaincheck.Failed
		case domaincheck.Failed:
			out.Open = domaincheck.Passed
		case domaincheck.Unknown, domaincheck.NotApplicable:
		}
	}
	if r.Filing != nil {
		out.Filed = domaincheck.Failed
		if r.Filing.Filed {
			out.Filed, out.SubjectLicence = domaincheck.Passed, r.Filing.SubjectLicence
		}
	}
	return out
}

// realName reads whether the registry told that the holder is verified. A holder
// who is not, or has to wait, is told by the check itself.
func realName(r *domaincheck.Result) domaincheck.State {
	c, ok := r.Check(domaincheck.RealName)
	switch {
	case ok && c.State == domaincheck.Passed:
		return domaincheck.Passed
	case ok && c.State == domaincheck.Unknown && c.Evidence[domaincheck.EvidenceOwn] == "":
		return domaincheck.Failed
	}
	return domaincheck.Unknown
}

// whose compares the holder with the names. A name that is not told yet could
// be the holder's, so nobody is "other" before both were compared.
func whose(f domaincheck.Facts, names Names) Whose {
	subject, principal := f.HeldBy(names.Subject), f.HeldBy(names.Principal)
	switch {
	case subject == domaincheck.Passed:
		return WhoseSubject
	case principal == domaincheck.Passed:
		return WhosePrincipal
	case subject == domaincheck.Failed && principal == domaincheck.Failed:
		return WhoseOther
	}
	return ""
}
