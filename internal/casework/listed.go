package casework

import (
	"context"
	"slices"
	"strconv"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/store"
)

// listed warns of the subject's certificate and the domains that are on the
// authority's blacklists (HMDLB, FFJRHMD): it will probably refuse them (data
// codes 1064, 1065). It is a warning, since our copy of the list may be older
// than the authority's. Of a certificate that is not the account's own the
// applicant is told nothing, so that nobody tries numbers out; the reviewer is.
func listed(ctx context.Context, tx *store.Tx, o *icp.Order, realName string) ([]icp.Finding, error) {
	var out []icp.Finding
	number := o.Data.Subject.CertificateNumber
	own := icp.NormalizeDocument(number) == icp.NormalizeDocument(realName)
	if number != "" && (own || !order.Editable(o.State)) {
		found, err := tx.Listed(ctx, store.ByCertificate, []string{number})
		if err != nil {
			return nil, err
		}
		if len(found[number]) > 0 {
			out = append(out, icp.Finding{Pointer: subjectNumber, Severity: icp.SeverityWarning, Code: "authority.blacklisted_subject"})
		}
	}
	found, err := tx.Listed(ctx, store.ByDomain, domainsOf(o))
	if err != nil || len(found) == 0 {
		return out, err
	}
	for i := range o.Data.Websites {
		domain := o.Data.Websites[i].Domain
		code := ""
		switch lists := found[domain]; {
		case slices.Contains(lists, store.ListBlack):
			code = "authority.blacklisted_domain"
		case slices.Contains(lists, store.ListIllegal):
			code = "authority.illegal_domain"
		default:
			continue
		}
		out = append(out, icp.Finding{Pointer: "/websites/" + strconv.Itoa(i) + "/domain", Severity: icp.SeverityWarning, Code: code,
			Params: map[string]string{"domain": domain}})
	}
	return out, nil
}
