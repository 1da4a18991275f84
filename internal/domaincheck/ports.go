package domaincheck

import (
	"context"
	"time"

	"github.com/openbeian/beian/internal/icp"
)

// Verdict is what a list says of an entry.
type Verdict string

// The verdicts. Undecided is for what the list does not know: a person looks.
const (
	Approved    Verdict = "approved"
	NotApproved Verdict = "not_approved"
	Undecided   Verdict = "undecided"
)

// TLDs knows the ministry's list of approved top-level domains.
type TLDs interface {
	// TLDVerdict judges a name by its TLD and public suffix, both in ASCII
	// without a dot in front, as of a day. Some provinces have a list of their
	// own: region is a region code of the province, or empty.
	TLDVerdict(tld, suffix, region string, at time.Time) Verdict
}

// Registrars knows the ministry's list of approved registrars.
type Registrars interface {
	// RegistrarVerdict judges a registrar by name and IANA id, one of which
	// may be empty, as of a day.
	RegistrarVerdict(name, ianaID string, at time.Time) Verdict
}

// Calendar counts the working days of mainland China.
type Calendar interface {
	// AddWorkdays gives the instant n working days after from; an error when
	// the calendar does not reach so far.
	AddWorkdays(from time.Time, n int) (time.Time, error)
}

// Filing is the authority's answer to a status query (备案状态查询).
type Filing struct {
	Filed bool `json:"filed"`
	// SubjectLicence and SiteLicence are the numbers of the subject and of the
	// website, as far as the authority tells them.
	SubjectLicence string `json:"subject_licence,omitempty"`
	SiteLicence    string `json:"site_licence,omitempty"`
}

// Filings asks the authority whether a domain is filed.
type Filings interface {
	FilingStatus(ctx context.Context, domain string) (Filing, error)
}

// OpenOrders knows which domains orders here are working on.
type OpenOrders interface {
	// HoldsDomain reports whether an open order other than except works on
	// the domain (ASCII). It tells no more: the order may be a stranger's.
	HoldsDomain(ctx context.Context, domain string, except icp.OrderID) (bool, error)
}

// Answer is what a live probe of a domain found.
type Answer struct {
	// Open says that a web server answered on the domain or its www host.
	Open bool
	// URL, Status and Address describe the answer that counted: what was
	// asked, the HTTP status, the IP address that answered.
	URL     string
	Status  int
	Address string
	// Title is the page's title, at most 100 characters; empty for none.
	Title string
}

// Prober asks whether a site answers. An error means that it could not be told;
// a domain without an address or a closed port is an Answer that is not Open.
type Prober interface {
	Probe(ctx context.Context, name Name) (Answer, error)
}
