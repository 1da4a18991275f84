package store

import (
	"context"
	"fmt"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/seal"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// FiledSubject is a subject (主体) in the register of what is filed.
type FiledSubject struct {
	ID           string
	Account      icp.AccountID
	LicenceNo    string // 主体备案号, unique
	AuthorityRef int64  // the authority's id (Ztid), 0 when not told
	Subject      icp.Subject
	CreatedAt    time.Time
	UpdatedAt    time.Time
	CancelledAt  time.Time // zero while it is filed
	Version      int64
}

// FiledWebsite is a website in the register, of a subject there.
type FiledWebsite struct {
	ID        string
	SubjectID string
	Order     icp.OrderID // the one by which it was filed
	// Website has LicenceNo, unique in the register, and AuthorityRef.
	Website     icp.Website
	FiledAt     time.Time
	CancelledAt time.Time // zero while it is filed
	Version     int64
}

// FiledAccess says by which server of ours a filed website is reached (接入).
type FiledAccess struct {
	ID           string
	WebsiteID    string
	Server       icp.ServerID
	PublicIP     string
	AuthorityRef int64 // Jrid, 0 when not told
	CreatedAt    time.Time
	CancelledAt  time.Time // zero while it is filed
}

// InsertFiledSubject adds a subject under a new data key and sets its Version
// to 1. icp.Conflict with "registry.subject_taken" when its licence number is
// there already.
func (tx *Tx) InsertFiledSubject(ctx context.Context, s *FiledSubject) error {
	key, wrapped, err := tx.store.box.NewKey()
	if err != nil {
		return err
	}
	sealed, err := sealJSON(key, "filed_subjects.sealed", s.ID, &s.Subject)
	if err != nil {
		return err
	}
	n, err := tx.q.InsertFiledSubject(ctx, sqlgen.InsertFiledSubjectParams{ID: s.ID, AccountID: string(s.Account),
		LicenceNo: s.LicenceNo, AuthorityRef: s.AuthorityRef, Nature: int64(s.Subject.Nature), Province: provinceOf(&s.Subject),
		Lookup: tx.store.index(lookupCertificate, s.Subject.CertificateNumber), WrappedKey: wrapped, Sealed: sealed,
		CreatedAt: micros(s.CreatedAt), UpdatedAt: micros(s.UpdatedAt), Version: 1})
	if err != nil {
		return tx.explain("insert filed subject", err)
	}
	if n == 0 {
		return icp.E(icp.Conflict, "registry.subject_taken")
	}
	tx.remember(s.ID, key)
	s.Version = 1
	return nil
}

// SaveFiledSubject writes a subject and raises its Version; LicenceNo and
// CreatedAt stay. icp.Conflict with "stale_version" when it was changed since
// it was read.
func (tx *Tx) SaveFiledSubject(ctx context.Context, s *FiledSubject) error {
	key, err := tx.subjectKey(ctx, s.ID)
	if err != nil {
		return err
	}
	sealed, err := sealJSON(key, "filed_subjects.sealed", s.ID, &s.Subject)
	if err != nil {
		return err
	}
	n, err := tx.q.UpdateFiledSubject(ctx, sqlgen.UpdateFiledSubjectParams{AccountID: string(s.Account),
		AuthorityRef: s.AuthorityRef, Nature: int64(s.Subject.Nature), Province: provinceOf(&s.Subject),
		Lookup: tx.store.index(lookupCertificate, s.Subject.CertificateNumber), Sealed: sealed,
		UpdatedAt: micros(s.UpdatedAt), ID: s.ID, Version: s.Version})
	if err := tx.changed("save filed subject", n, err); err != nil {
		return err
	}
	s.Version++
	return nil
}

// FiledSubject reads a subject; icp.NotFound when there is none.
func (tx *Tx) FiledSubject(ctx context.Context, id string) (FiledSubject, error) {
	row, err := tx.q.FiledSubject(ctx, id)
	if err != nil {
		return FiledSubject{}, tx.explain("read filed subject", err)
	}
	return tx.filedSubject(&row)
}

// FiledSubjectByLicence finds a subject by its licence number (主体备案号);
// icp.NotFound when there is none.
func (tx *Tx) FiledSubjectByLicence(ctx context.Context, licenceNo string) (FiledSubject, error) {
	row, err := tx.q.FiledSubjectByLicence(ctx, licenceNo)
	if err != nil {
		return FiledSubject{}, tx.explain("find filed subject", err)
	}
	return tx.filedSubject(&row)
}

// FiledSubjectsWith lists the subjects that are still filed, at most 100, with a certificate number
// in any spelling, the oldest first.
func (tx *Tx) FiledSubjectsWith(ctx context.Context, certificateNumber string) ([]FiledSubject, error) {
	rows, err := tx.q.FiledSubjectsByCertificate(ctx, tx.store.index(lookupCertificate, certificateNumber))
	if err != nil {
		return nil, tx.explain("find filed subjects", err)
	}
	out, _, err := page(rows, len(rows), tx.filedSubject, bySubjectAge)
	return out, err
}

// FiledSubjectsOf lists an account's subjects, the newest first.
func (tx *Tx) FiledSubjectsOf(ctx context.Context, account icp.AccountID, cursor Cursor, limit int) ([]FiledSubject, Cursor, error) {
	p, err := newestFirst(cursor, limit)
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.q.FiledSubjectsOf(ctx, sqlgen.FiledSubjectsOfParams{AccountID: string(account), Before: p.before, BeforeID: p.beforeID, MaxRows: p.rows})
	if err != nil {
		return nil, "", tx.explain("list filed subjects", err)
	}
	return page(rows, p.limit, tx.filedSubject, bySubjectAge)
}

// InsertFiledWebsite adds a website under its subject's data key and sets its
// Version to 1. icp.Conflict with "registry.website_taken" when its licence
// number is there already.
func (tx *Tx) InsertFiledWebsite(ctx context.Context, w *FiledWebsite) error {
	sealed, err := tx.sealWebsite(ctx, w)
	if err != nil {
		return err
	}
	n, err := tx.q.InsertFiledWebsite(ctx, sqlgen.InsertFiledWebsiteParams{ID: w.ID, SubjectID: w.SubjectID,
		OrderID: string(w.Order), LicenceNo: w.Website.LicenceNo, AuthorityRef: w.Website.AuthorityRef, Name: w.Website.Name,
		Domain: w.Website.Domain, Sealed: sealed, FiledAt: micros(w.FiledAt), Version: 1})
	if err != nil {
		return tx.explain("insert filed website", err)
	}
	if n == 0 {
		return icp.E(icp.Conflict, "registry.website_taken")
	}
	w.Version = 1
	return nil
}

// SaveFiledWebsite writes a website and raises its Version; its subject, order,
// licence number and FiledAt stay. icp.Conflict with "stale_version" when it
// was changed since it was read.
func (tx *Tx) SaveFiledWebsite(ctx context.Context, w *FiledWebsite) error {
	sealed, err := tx.sealWebsite(ctx, w)
	if err != nil {
		return err
	}
	n, err := tx.q.UpdateFiledWebsite(ctx, sqlgen.UpdateFiledWebsiteParams{AuthorityRef: w.Website.AuthorityRef,
		Name: w.Website.Name, Domain: w.Website.Domain, Sealed: sealed, ID: w.ID, Version: w.Version})
	if err := tx.changed("save filed website", n, err); err != nil {
		return err
	}
	w.Version++
	return nil
}

// FiledWebsiteByLicence finds a website by its licence number (网站备案号);
// icp.NotFound when there is none.
func (tx *Tx) FiledWebsiteByLicence(ctx context.Context, licenceNo string) (FiledWebsite, error) {
	row, err := tx.q.FiledWebsiteByLicence(ctx, licenceNo)
	if err != nil {
		return FiledWebsite{}, tx.explain("find filed website", err)
	}
	return tx.filedWebsite(ctx, &row)
}

// FiledWebsitesOf lists a subject's websites, the newest first.
func (tx *Tx) FiledWebsitesOf(ctx context.Context, subjectID string, cursor Cursor, limit int) ([]FiledWebsite, Cursor, error) {
	p, err := newestFirst(cursor, limit)
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.q.FiledWebsitesOf(ctx, sqlgen.FiledWebsitesOfParams{SubjectID: subjectID, Before: p.before, BeforeID: p.beforeID, MaxRows: p.rows})
	if err != nil {
		return nil, "", tx.explain("list filed websites", err)
	}
	open := func(r *sqlgen.FiledWebsite) (FiledWebsite, error) { return tx.filedWebsite(ctx, r) }
	return page(rows, p.limit, open, func(r *sqlgen.FiledWebsite) (int64, string) { return r.FiledAt, r.ID })
}

// FiledWebsitesWith lists the websites that are still filed, at most 100, of a domain (registrable,
// ASCII), the oldest first.
func (tx *Tx) FiledWebsitesWith(ctx context.Context, domain string) ([]FiledWebsite, error) {
	rows, err := tx.q.FiledWebsitesByDomain(ctx, domain)
	if err != nil {
		return nil, tx.explain("find filed websites", err)
	}
	open := func(r *sqlgen.FiledWebsite) (FiledWebsite, error) { return tx.filedWebsite(ctx, r) }
	out, _, err := page(rows, len(rows), open, func(r *sqlgen.FiledWebsite) (int64, string) { return r.FiledAt, r.ID })
	return out, err
}

// InsertFiledAccess adds an access.
func (tx *Tx) InsertFiledAccess(ctx context.Context, a FiledAccess) error {
	return tx.explain("insert filed access", tx.q.InsertFiledAccess(ctx, sqlgen.InsertFiledAccessParams{ID: a.ID,
		WebsiteID: a.WebsiteID, ServerID: string(a.Server), PublicIp: a.PublicIP, AuthorityRef: a.AuthorityRef,
		CreatedAt: micros(a.CreatedAt)}))
}

// FiledAccessesOf lists a website's accesses, the oldest first.
func (tx *Tx) FiledAccessesOf(ctx context.Context, websiteID string) ([]FiledAccess, error) {
	rows, err := tx.q.FiledAccessesOf(ctx, websiteID)
	if err != nil {
		return nil, tx.explain("read filed accesses", err)
	}
	out := make([]FiledAccess, len(rows))
	for i, r := range rows {
		out[i] = FiledAccess{ID: r.ID, WebsiteID: r.WebsiteID, Server: icp.ServerID(r.ServerID), PublicIP: r.PublicIp,
			AuthorityRef: r.AuthorityRef, CreatedAt: instant(r.CreatedAt), CancelledAt: instant(r.CancelledAt)}
	}
	return out, nil
}

func bySubjectAge(r *sqlgen.FiledSubject) (int64, string) { return r.CreatedAt, r.ID }

func provinceOf(s *icp.Subject) string {
	if len(s.Region) < 2 {
		return ""
	}
	return s.Region[:2]
}

func (tx *Tx) filedSubject(r *sqlgen.FiledSubject) (FiledSubject, error) {
	s := FiledSubject{ID: r.ID, Account: icp.AccountID(r.AccountID), LicenceNo: r.LicenceNo, AuthorityRef: r.AuthorityRef,
		CreatedAt: instant(r.CreatedAt), UpdatedAt: instant(r.UpdatedAt), CancelledAt: instant(r.CancelledAt), Version: r.Version}
	key, err := tx.unwrap(r.ID, r.WrappedKey)
	if err != nil {
		return FiledSubject{}, err
	}
	err = openJSON(key, "filed_subjects.sealed", r.ID, r.Sealed, &s.Subject)
	return s, err
}

// subjectKey gives the data key of a subject in the register.
func (tx *Tx) subjectKey(ctx context.Context, id string) (*seal.Key, error) {
	if key := tx.keys[id]; key != nil {
		return key, nil
	}
	wrapped, err := tx.q.FiledSubjectKey(ctx, id)
	if err != nil {
		return nil, tx.explain("read key of filed subject", err)
	}
	return tx.unwrap(id, wrapped)
}

func (tx *Tx) sealWebsite(ctx context.Context, w *FiledWebsite) ([]byte, error) {
	key, err := tx.subjectKey(ctx, w.SubjectID)
	if err != nil {
		return nil, fmt.Errorf("seal filed website: %w", err)
	}
	return sealJSON(key, "filed_websites.sealed", w.ID, &w.Website)
}

func (tx *Tx) filedWebsite(ctx context.Context, r *sqlgen.FiledWebsite) (FiledWebsite, error) {
	w := FiledWebsite{ID: r.ID, SubjectID: r.SubjectID, Order: icp.OrderID(r.OrderID), FiledAt: instant(r.FiledAt), CancelledAt: instant(r.CancelledAt), Version: r.Version}
	key, err := tx.subjectKey(ctx, r.SubjectID)
	if err != nil {
		return FiledWebsite{}, err
	}
	err = openJSON(key, "filed_websites.sealed", r.ID, r.Sealed, &w.Website)
	return w, err
}

// FiledHere tells what the register has of the subject with a certificate number.
type FiledHere struct {
	// Mine and Others tell whether the account, or another one, filed it.
	Mine, Others bool
	// Websites counts the filed websites, whichever account filed them.
	Websites int
}

// FiledHere looks a subject up by its certificate number in any spelling.
// Websites that the order without has filed are not counted.
func (tx *Tx) FiledHere(ctx context.Context, certificateNumber string, account icp.AccountID, without icp.OrderID) (FiledHere, error) {
	var out FiledHere
	if certificateNumber == "" {
		return out, nil
	}
	rows, err := tx.q.FiledWith(ctx, string(without), tx.store.index(lookupCertificate, certificateNumber))
	if err != nil {
		return out, tx.explain("find filed subjects", err)
	}
	for _, r := range rows {
		mine := r.AccountID == string(account)
		out.Mine, out.Others = out.Mine || mine, out.Others || !mine
		out.Websites += int(r.Websites)
	}
	return out, nil
}
