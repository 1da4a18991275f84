package authority

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// owned is whose a filing is in our register; empty when it is nobody's.
type owned struct {
	account icp.AccountID
	subject store.FiledSubject
	known   bool
}

// ownerBySubject finds the subject of our register by licence number or by the
// authority's id.
func (i *importing) ownerBySubject(ctx context.Context, tx *store.Tx, licence string, ref int64) (owned, error) {
	if number, err := icp.ParseLicenceNo(licence); err == nil {
		s, err := tx.FiledSubjectByLicence(ctx, number.Subject().String())
		if err == nil || !errors.Is(err, icp.ErrNotFound) {
			return owned{account: s.Account, subject: s, known: err == nil}, err
		}
	}
	s, err := tx.FiledSubjectByRef(ctx, ref)
	if errors.Is(err, icp.ErrNotFound) {
		return owned{}, nil
	}
	return owned{account: s.Account, subject: s, known: err == nil}, err
}

// siteOfRegister finds a website of our register by licence number or by the
// authority's id.
func siteOfRegister(ctx context.Context, tx *store.Tx, licence string, ref int64) (w store.FiledWebsite, known bool, err error) {
	if licence = icp.NormalizeLicenceNo(licence); licence != "" {
		w, err = tx.FiledWebsiteByLicence(ctx, licence)
	}
	if licence == "" || errors.Is(err, icp.ErrNotFound) {
		w, err = tx.FiledWebsiteByRef(ctx, ref)
	}
	if errors.Is(err, icp.ErrNotFound) {
		return w, false, nil
	}
	return w, err == nil, err
}

// correct brings our register to what the authority holds of a filing that is
// in it, and tells its holder when something that he sees became other without
// an order.
func (i *importing) correct(ctx context.Context, tx *store.Tx, rec *wire.FiledRecord) (owned, error) {
	own, err := i.ownerBySubject(ctx, tx, rec.Subject.Licence, rec.Subject.AuthorityID)
	if err != nil || !own.known {
		return own, err
	}
	seen := false
	s := own.subject
	takeSubject(&s, &rec.Subject)
	if s.Subject != own.subject.Subject || s.AuthorityRef != own.subject.AuthorityRef {
		seen = s.Subject != own.subject.Subject && i.subjects[rec.Subject.AuthorityID] == ""
		s.UpdatedAt = i.now
		if err := tx.SaveFiledSubject(ctx, &s); err != nil {
			return own, err
		}
	}
	for n := range rec.Websites {
		other, err := i.correctSite(ctx, tx, &rec.Websites[n])
		if err != nil {
			return own, err
		}
		seen = seen || other
	}
	if !seen {
		return own, nil
	}
	return own, i.tell(ctx, tx, own.account, noticeChanged, own.subject.LicenceNo, "")
}

func (i *importing) correctSite(ctx context.Context, tx *store.Tx, w *wire.FiledWebsite) (seen bool, err error) {
	old, known, err := siteOfRegister(ctx, tx, w.Licence, w.AuthorityID)
	if err != nil || !known {
		return false, err
	}
	site := old
	site.Website.Languages = slices.Clone(old.Website.Languages)
	other := takeWebsite(&site.Website, w)
	if !other && site.Website.AuthorityRef == old.Website.AuthorityRef {
		return false, nil
	}
	return other && i.orders[w.AuthorityID] == "", tx.SaveFiledWebsite(ctx, &site)
}

// takeSubject overwrites what the authority tells; what it leaves out stays.
func takeSubject(s *store.FiledSubject, in *wire.FiledSubject) {
	take(&s.Subject.Name, in.Name)
	take(&s.Subject.CertificateNumber, in.Certificate.Number)
	take(&s.Subject.CertificateAddress, in.Certificate.Address)
	take(&s.Subject.Investor, in.Investor)
	take(&s.Subject.Address, in.Address.Street)
	take(&s.Subject.Region, regionOf(&in.Address))
	take(&s.Subject.Remark, in.Remark)
	takeCode(&s.Subject.Nature, in.Nature)
	takeCode(&s.Subject.CertificateType, in.Certificate.Type)
	takePrincipal(&s.Subject.Principal, &in.Principal)
	if in.AuthorityID != 0 {
		s.AuthorityRef = in.AuthorityID
	}
}

// takeWebsite is takeSubject for a website; other reports whether anything but
// the authority's id became other.
func takeWebsite(w *icp.Website, in *wire.FiledWebsite) (other bool) {
	before := *w
	take(&w.Name, in.Name)
	take(&w.HomeURL, in.HomePage)
	take(&w.Remark, in.Remark)
	if len(in.Domains) > 0 && !hasDomain(in, w.Domain) {
		take(&w.Domain, strings.ToLower(in.Domains[0].Name))
	}
	if in.Services != nil && len(in.Services.IDs) > 0 && !slices.Contains(in.Services.IDs, int64(w.ServiceContent)) {
		w.ServiceContent = int(in.Services.IDs[0])
	}
	other = takeLanguages(w, in.Languages.IDs)
	takePrincipal(&w.Principal, &in.Principal)
	w.SameAsSubject = w.SameAsSubject && w.Principal == before.Principal
	other = other || w.Name != before.Name || w.HomeURL != before.HomeURL || w.Remark != before.Remark || w.Domain != before.Domain ||
		w.ServiceContent != before.ServiceContent || w.Principal != before.Principal
	if in.AuthorityID != 0 {
		w.AuthorityRef = in.AuthorityID
	}
	return other
}

// takeLanguages overwrites the languages where they are others.
func takeLanguages(w *icp.Website, told []int64) (other bool) {
	languages := make([]int, len(told))
	for n, id := range told {
		languages[n] = int(id)
	}
	slices.Sort(languages)
	if len(languages) == 0 || slices.Equal(languages, slices.Sorted(slices.Values(w.Languages))) {
		return false
	}
	w.Languages = languages
	return true
}

func takePrincipal(p *icp.Principal, in *wire.DownloadPrincipal) {
	take(&p.Name, in.Name)
	take(&p.Mobile, in.Mobile)
	take(&p.OfficePhone, in.OfficePhone)
	take(&p.Email, in.Email)
	take(&p.CertificateNumber, in.CertificateNumber)
	takeCode(&p.CertificateType, in.CertificateType)
}

func take(to *string, told string) {
	if told = strings.TrimSpace(told); told != "" {
		*to = told
	}
}

func takeCode(to *int, told int64) {
	if told > 0 {
		*to = int(told)
	}
}

// endSubject ends a subject of our register with all its websites.
func (i *importing) endSubject(ctx context.Context, tx *store.Tx, s *store.FiledSubject) error {
	if err := tx.CancelFiledSubject(ctx, s.ID, i.now); err != nil {
		return err
	}
	for cursor := store.Cursor(""); ; {
		list, next, err := tx.FiledWebsitesOf(ctx, s.ID, cursor, store.MaxPage)
		if err != nil {
			return err
		}
		for n := range list {
			if err := tx.CancelFiledWebsite(ctx, list[n].ID, i.now); err != nil {
				return err
			}
		}
		if cursor = next; cursor == "" {
			return nil
		}
	}
}

// Notices to the holder of a filing; texts are in the message catalogues under
// notice.<kind>.
const (
	noticeChanged    = "authority_changed"    // the authority has other data than before
	noticeCancelled  = "authority_cancelled"  // filed no more
	noticeCorrection = "authority_correction" // to be put right, in the authority's words
	noticeAudit      = "authority_audit"      // to be put right, without words
	noticeUnfiled    = "authority_unfiled"    // an unfiled website on a server
)

// tell writes a notice to the holder of a filing or server; one for each thing,
// however often the file is applied.
func (i *importing) tell(ctx context.Context, tx *store.Tx, account icp.AccountID, kind, about, opinion string) error {
	if account == "" || i.g.Notices == nil {
		return nil
	}
	params := map[string]string{"licence_no": about}
	if opinion = strings.TrimSpace(opinion); opinion != "" {
		params["opinion"] = opinion
	}
	sum := i.g.Store.Fingerprint("notice", about+"\x00"+opinion)
	return i.g.Notices.Notify(ctx, tx, Notice{Account: account, Kind: kind, Params: params,
		Dedupe: "authority/" + i.d.ID + "/" + kind + "/" + hexOf(sum)}, i.now)
}
