package authority

import (
	"context"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/store"
)

// Cases is what the gateway tells of orders, inside its own transactions, so
// that what was sent or received and what became of the order are committed
// together. Every method must be harmless when repeated and do nothing to an
// order that is past the step.
type Cases interface {
	// Recheck judges an order that is ready once more. One that is unfit went
	// back to the provider and goes into no file.
	Recheck(ctx context.Context, tx *store.Tx, id icp.OrderID) (unfit bool, err error)
	// Batched: the order went into the file with this number; 0 for none, when
	// no file could be made of it ([Cases.Bounced] follows at once).
	Batched(ctx context.Context, tx *store.Tx, id icp.OrderID, sequence int64) error
	// Accepted: the authority took the file for processing.
	Accepted(ctx context.Context, tx *store.Tx, id icp.OrderID, sequence int64) error
	// Refused: the whole file was refused with a method code, -1 by an operator.
	Refused(ctx context.Context, tx *store.Tx, id icp.OrderID, code int) error
	// Bounced: the data of the order were refused by a machine.
	Bounced(ctx context.Context, tx *store.Tx, id icp.OrderID, errs []DataError) error
	// Results: the authority's word on some websites. The licence number is
	// the subject's, empty when not told.
	Results(ctx context.Context, tx *store.Tx, id icp.OrderID, subjectLicenceNo string, results []SiteResult) error
}

// BaseCodes takes the authority's base-code tables over into the reference
// data of all nodes. It is called outside of transactions, after the file is
// kept and before it counts as applied: it must change nothing when the same
// tables come again.
type BaseCodes interface {
	Apply(ctx context.Context, codes refdata.BaseCodes) (refdata.BaseCodesReport, error)
}

// Notice is something to tell the holder of a filing.
type Notice struct {
	Account icp.AccountID
	Kind    string
	// Dedupe makes telling it twice impossible: one notice per value.
	Dedupe string
	// Params fill the text's variables: licence_no (or what else it is about)
	// and opinion, the authority's own words.
	Params map[string]string
}

// Notices keeps notices as rows in the caller's transaction and sends them
// after its commit.
type Notices interface {
	Notify(ctx context.Context, tx *store.Tx, n Notice, at time.Time) error
}

// DataError is a result code (Jgdm) about an order.
type DataError struct {
	Code    int
	Pointer string // the field that the code names, such as /websites/0/domain; "" for none
	Text    string // the authority's own words, or the meaning of the code
}

// SiteResult is the authority's word on one website.
type SiteResult struct {
	Website      icp.WebsiteID
	Approved     bool
	Opinion      string // the authority's own words, for a rejection
	LicenceNo    string // 网站备案号; empty until the record arrives
	AuthorityRef int64  // the authority's id of the site (Wzid); 0 until then
}
