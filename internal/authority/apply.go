package authority

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// verdict is what one file says about one order.
type verdict struct {
	licence string
	sites   []SiteResult
	errs    []DataError
}

// reading collects what a file says, order by order.
type reading struct {
	g         *Gateway
	tx        *store.Tx
	files     map[string][]icp.OrderID // orders by the name of the file they were in
	verdicts  map[icp.OrderID]*verdict
	order     []icp.OrderID
	sent      map[string][]*icp.Order // orders at the authority by subject licence number; nil until asked
	reviewed  bool                    // a person at the authority speaks in this file
	unmatched int
	// websites and subjects are the orders by which filed records came about, by the authority's
	// ids of websites and of subjects.
	websites, subjects map[int64]icp.OrderID
}

// applyData carries a document into the cases and counts what belongs to no
// order here. Doing it twice changes nothing, since the cases take each step once.
func (g *Gateway) applyData(ctx context.Context, tx *store.Tx, d *wire.DownloadData, files map[string][]icp.OrderID) (*reading, error) {
	r := &reading{g: g, tx: tx, files: files, verdicts: map[icp.OrderID]*verdict{}, websites: map[int64]icp.OrderID{}, subjects: map[int64]icp.OrderID{}}
	if d.ICP == nil {
		return r, nil
	}
	if res := d.ICP.Results; res != nil {
		if res.Reviews != nil {
			for i := range res.Reviews.Items {
				if err := r.review(ctx, &res.Reviews.Items[i]); err != nil {
					return r, err
				}
			}
		}
		for i := range res.Operations {
			if err := r.operation(ctx, &res.Operations[i]); err != nil {
				return r, err
			}
		}
	}
	if d.ICP.Filed != nil {
		for i := range d.ICP.Filed.Records {
			if err := r.filed(ctx, &d.ICP.Filed.Records[i]); err != nil {
				return r, err
			}
		}
	}
	return r, r.tell(ctx)
}

func (r *reading) of(id icp.OrderID) *verdict {
	v := r.verdicts[id]
	if v == nil {
		v = &verdict{}
		r.verdicts[id] = v
		r.order = append(r.order, id)
	}
	return v
}

// ours tells the results of operations that this gateway sends.
func ours(operation int64) bool { return operation == 0 || operation == wire.ActionAddWebsite }

// review notes a decision of a person at the authority about one website.
func (r *reading) review(ctx context.Context, v *wire.Review) error {
	if !ours(v.Operation) {
		return nil
	}
	r.reviewed = true
	object, err := r.tx.AuthorityObject(ctx, r.g.Channel.ID, v.RecordID)
	if errors.Is(err, icp.ErrNotFound) || err == nil && object.Website == "" {
		r.unmatched++
		return nil
	}
	if err != nil {
		return err
	}
	passed := v.Result == wire.ReviewPassed
	if !passed {
		late, err := r.superseded(ctx, object)
		if err != nil || late {
			return err
		}
	}
	o := r.of(object.Order)
	o.sites = append(o.sites, SiteResult{Website: object.Website, Approved: passed, Opinion: v.Opinion})
	return nil
}

// superseded reports whether a website was given a newer id since: then the
// result is about an earlier request, and a refusal of that is over.
func (r *reading) superseded(ctx context.Context, object store.AuthorityObject) (bool, error) {
	all, err := r.tx.AuthorityObjectsOf(ctx, object.Order)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(all, func(o store.AuthorityObject) bool {
		return o.Kind == object.Kind && o.Website == object.Website && o.ID > object.ID
	}), nil
}

// operation notes what the machine says about a request.
func (r *reading) operation(ctx context.Context, op *wire.OperationResult) error {
	bad := r.badCodes(op)
	if !ours(op.Operation) || len(bad) == 0 {
		return nil
	}
	orders, err := r.targets(ctx, op, bad)
	if err != nil {
		return err
	}
	if len(orders) == 0 {
		r.unmatched++
	}
	for _, o := range orders {
		r.codes(o, bad)
	}
	return nil
}

// badCodes leaves out the codes that report success, and the rejection that
// the reviews of the same file tell better: with the websites and the opinion.
func (r *reading) badCodes(op *wire.OperationResult) []wire.ResultCode {
	return slices.DeleteFunc(slices.Clone(op.Codes), func(c wire.ResultCode) bool {
		return wire.DataCodeOf(c.Code).Class == wire.ClassOK || c.Code == codeWholeReject && r.reviewed
	})
}

func (r *reading) codes(o *icp.Order, bad []wire.ResultCode) {
	v := r.of(o.ID)
	for _, c := range bad {
		if c.Code == codeWholeReject {
			for _, i := range newWebsites(o) {
				v.sites = append(v.sites, SiteResult{Website: o.Data.Websites[i].ID, Opinion: c.Comment})
			}
			continue
		}
		known := wire.DataCodeOf(c.Code)
		text := cmp.Or(strings.TrimSpace(c.Comment), known.ZH)
		if wholeFile(c.Code) {
			text = known.ZH // the comment is the name of the file
		}
		v.errs = append(v.errs, DataError{Code: int(c.Code), Pointer: hintPointer(known.Field, c.Comment, o), Text: text})
	}
}

// targets finds the orders that a machine's result is about: by the subject's
// licence number, which is all that a result of 新增网站 names; by one of our
// ids, should the authority name one; or, for a fault of the whole file, all
// that were in it.
func (r *reading) targets(ctx context.Context, op *wire.OperationResult, bad []wire.ResultCode) ([]*icp.Order, error) {
	if ref := strings.TrimSpace(op.Ref); ref != "" {
		return r.byRef(ctx, ref)
	}
	var out []*icp.Order
	for _, c := range bad {
		for _, id := range r.files[fileKey(c)] {
			o, err := r.tx.Order(ctx, id)
			if err != nil {
				return nil, err
			}
			out = append(out, o)
		}
		if len(out) > 0 {
			break
		}
	}
	return out, nil
}

func (r *reading) byRef(ctx context.Context, ref string) ([]*icp.Order, error) {
	if r.sent == nil {
		r.sent = map[string][]*icp.Order{}
		list, err := r.g.pages(ctx, r.tx, inFlight, 0)
		if err != nil {
			return nil, err
		}
		for _, o := range list {
			r.sent[subjectLicence(o)] = append(r.sent[subjectLicence(o)], o)
		}
	}
	if found := r.sent[icp.NormalizeLicenceNo(ref)]; len(found) > 0 {
		if len(found) > 1 {
			return nil, nil // two subjects' orders must not be mixed up; a person looks
		}
		return found, nil
	}
	id, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		return nil, nil //nolint:nilerr // no number: it names nothing here
	}
	object, err := r.tx.AuthorityObject(ctx, r.g.Channel.ID, id)
	if errors.Is(err, icp.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	o, err := r.tx.Order(ctx, object.Order)
	if err != nil {
		return nil, err
	}
	return []*icp.Order{o}, nil
}

// filed notes the licence numbers of a record.
func (r *reading) filed(ctx context.Context, rec *wire.FiledRecord) error {
	for i := range rec.Websites {
		w := &rec.Websites[i]
		o, site, err := r.siteOf(ctx, rec, w)
		if err != nil {
			return err
		}
		if site == nil {
			if w.OurID > 0 {
				r.unmatched++
			}
			continue
		}
		if slices.Contains(underWay, o.State) { // an order that ended before brings nothing about
			r.websites[w.AuthorityID], r.subjects[rec.Subject.AuthorityID] = o.ID, o.ID
		}
		v := r.of(o.ID)
		v.licence = rec.Subject.Licence
		v.sites = append(v.sites, SiteResult{Website: site.ID, Approved: true, LicenceNo: w.Licence, AuthorityRef: w.AuthorityID})
	}
	return nil
}

// siteOf finds the website of an order that a filed website is: by our id,
// when the domain agrees (the id may be another provider's), else by domain
// and subject among open orders.
func (r *reading) siteOf(ctx context.Context, rec *wire.FiledRecord, w *wire.FiledWebsite) (*icp.Order, *icp.Website, error) {
	if w.OurID > 0 {
		object, err := r.tx.AuthorityObject(ctx, r.g.Channel.ID, w.OurID)
		if err == nil && object.Kind == objectWebsite {
			o, err := r.tx.Order(ctx, object.Order)
			if err != nil {
				return nil, nil, err
			}
			if site := o.Website(object.Website); site != nil && hasDomain(w, site.Domain) {
				return o, site, nil
			}
		} else if err != nil && !errors.Is(err, icp.ErrNotFound) {
			return nil, nil, err
		}
	}
	return r.siteByDomain(ctx, rec, w)
}

// siteByDomain finds the website by domain and subject among the orders that
// were handed in; drafts of strangers do not count.
func (r *reading) siteByDomain(ctx context.Context, rec *wire.FiledRecord, w *wire.FiledWebsite) (*icp.Order, *icp.Website, error) {
	for _, d := range w.Domains {
		o, err := r.tx.DomainInProcess(ctx, strings.ToLower(d.Name), "", "")
		if err != nil {
			return nil, nil, err
		}
		if o == nil || subjectLicence(o) != icp.NormalizeLicenceNo(rec.Subject.Licence) {
			continue
		}
		for i := range o.Data.Websites {
			if hasDomain(w, o.Data.Websites[i].Domain) {
				return o, &o.Data.Websites[i], nil
			}
		}
	}
	return nil, nil, nil
}

func hasDomain(w *wire.FiledWebsite, domain string) bool {
	return slices.ContainsFunc(w.Domains, func(d wire.FiledDomain) bool { return strings.EqualFold(d.Name, domain) })
}

// tell gives each order its verdict. One that has moved on where the table of
// states allows no such step is left to a person; the others go on.
func (r *reading) tell(ctx context.Context) error {
	for _, id := range r.order {
		v := r.verdicts[id]
		var err error
		if len(v.sites) > 0 {
			err = r.g.Cases.Results(ctx, r.tx, id, v.licence, v.sites)
		}
		if err == nil && len(v.errs) > 0 {
			err = r.g.Cases.Bounced(ctx, r.tx, id, v.errs)
		}
		if errors.Is(err, icp.ErrNotNow) {
			r.g.Log.Error("result of the authority does not fit the order", "order", id, "err", err)
			r.unmatched++
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}
