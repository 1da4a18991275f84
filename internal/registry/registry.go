// Package registry has the register of what is filed through this provider:
// subjects, their websites, and the servers by which these are reached.
//
// It promises that what the authority numbered appears once, however often a
// result is told, and that an account sees its own filings only. Start at
// [Register.Publish] and [Register.Filings].
package registry

import (
	"context"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// QueryURL is the ministry's public search, to which a website's number must
// link (非经营性互联网信息服务备案管理办法, 2005, article 13).
const QueryURL = "https://beian.miit.gov.cn/"

// Register is the use of the register. Safe for concurrent use.
type Register struct{ store *store.Store }

// New makes a register over a store.
func New(s *store.Store) *Register { return &Register{store: s} }

// Publish writes, in the caller's transaction, the subject of an order and
// every website of it that has a licence number. Publishing the same again
// changes nothing; later data replace older ones. A subject stays with the
// account that filed it first.
func (r *Register) Publish(ctx context.Context, tx *store.Tx, o *icp.Order, at time.Time) error {
	number := subjectNumber(o)
	if number == "" {
		return nil // the authority has numbered nothing yet
	}
	subject, err := r.subject(ctx, tx, o, number, at)
	if err != nil {
		return err
	}
	for i := range o.Data.Websites {
		w := &o.Data.Websites[i]
		if w.LicenceNo == "" {
			continue
		}
		if err := publishWebsite(ctx, tx, o, w, subject, at); err != nil {
			return err
		}
	}
	return nil
}

// subjectNumber is the subject's licence number in its one spelling: as told,
// or taken from the first numbered website. It is "" while no website has one.
func subjectNumber(o *icp.Order) string {
	for i := range o.Data.Websites {
		site := o.Data.Websites[i].LicenceNo
		if site == "" {
			continue
		}
		if o.Data.SubjectLicenceNo != "" {
			return icp.NormalizeLicenceNo(o.Data.SubjectLicenceNo)
		}
		if n, err := icp.ParseLicenceNo(site); err == nil {
			return n.Subject().String()
		}
		return icp.NormalizeLicenceNo(site)
	}
	return ""
}

// subject writes the subject and gives its id.
func (r *Register) subject(ctx context.Context, tx *store.Tx, o *icp.Order, number string, at time.Time) (string, error) {
	old, err := tx.FiledSubjectByLicence(ctx, number)
	if icp.KindOf(err) == icp.NotFound {
		s := store.FiledSubject{ID: icp.NewID(at), Account: o.Account, LicenceNo: number, Subject: o.Data.Subject, CreatedAt: at, UpdatedAt: at}
		err = tx.InsertFiledSubject(ctx, &s)
		if icp.KindOf(err) != icp.Conflict {
			return s.ID, err
		}
		// Another order of the subject was published since it was looked for.
		old, err = tx.FiledSubjectByLicence(ctx, number)
	}
	if err != nil || old.Subject == o.Data.Subject {
		return old.ID, err
	}
	old.Subject, old.UpdatedAt = o.Data.Subject, at
	return old.ID, tx.SaveFiledSubject(ctx, &old)
}

func publishWebsite(ctx context.Context, tx *store.Tx, o *icp.Order, w *icp.Website, subject string, at time.Time) error {
	site := *w
	site.LicenceNo = icp.NormalizeLicenceNo(w.LicenceNo)
	if site.SameAsSubject {
		site.Principal = o.Data.Subject.Principal
	}
	old, err := tx.FiledWebsiteByLicence(ctx, site.LicenceNo)
	switch {
	case icp.KindOf(err) == icp.NotFound:
		old = store.FiledWebsite{ID: icp.NewID(at), SubjectID: subject, Order: o.ID, Website: site, FiledAt: at}
		err = tx.InsertFiledWebsite(ctx, &old)
	case err == nil && old.SubjectID != subject:
		return icp.E(icp.Conflict, "registry.website_of_other").With("licence_no", site.LicenceNo)
	case err == nil && !same(&old.Website, &site):
		old.Website = site
		err = tx.SaveFiledWebsite(ctx, &old)
	}
	if err != nil {
		return err
	}
	return publishAccess(ctx, tx, old.ID, site.Resource, at)
}

// publishAccess adds the server by which a website is reached unless it is
// there already.
func publishAccess(ctx context.Context, tx *store.Tx, website string, by icp.Resource, at time.Time) error {
	have, err := tx.FiledAccessesOf(ctx, website)
	if err != nil {
		return err
	}
	for _, a := range have {
		if a.Server == by.Server && a.PublicIP == by.IP {
			return nil
		}
	}
	return tx.InsertFiledAccess(ctx, store.FiledAccess{ID: icp.NewID(at), WebsiteID: website, Server: by.Server, PublicIP: by.IP, CreatedAt: at})
}

// SubjectHere gives the licence number and the details of a subject that the
// account filed through us, found by its certificate number in any spelling;
// ok is false when there is none. The refusal is icp.NotNow with
// "registry.other_account" when another account filed it: one subject is kept
// in one account, and its details are shown to nobody else.
func (r *Register) SubjectHere(ctx context.Context, tx *store.Tx, account icp.AccountID, certificateNumber string) (licenceNo string, s icp.Subject, ok bool, err error) {
	if certificateNumber == "" {
		return "", icp.Subject{}, false, nil
	}
	found, err := tx.FiledSubjectsWith(ctx, certificateNumber)
	if err != nil {
		return "", icp.Subject{}, false, err
	}
	for i := range found {
		if found[i].Account == account {
			return found[i].LicenceNo, found[i].Subject, true, nil
		}
	}
	if len(found) > 0 {
		return "", icp.Subject{}, false, icp.E(icp.NotNow, "registry.other_account")
	}
	return "", icp.Subject{}, false, nil
}
