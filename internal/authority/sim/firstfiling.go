package sim

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

// firstFiling files a subject with its first websites (新增备案, XZBA).
type firstFiling struct{ wire.FirstFiling }

func takeFirstFilings(u *wire.UploadICP) []taken {
	if u.FirstFilings == nil {
		return nil
	}
	var out []taken
	for _, f := range u.FirstFilings.Records {
		attachments := withRefs(f.Attachments)
		t := taken{codes: attachmentCodes(attachments)}
		f.Websites, f.Attachments = withoutScans(f.Websites), slices.Clone(f.Attachments)
		for i := range f.Attachments {
			f.Attachments[i].Info.Content = nil
		}
		t.request = &firstFiling{f}
		out = append(out, t)
	}
	return out
}

// withRefs writes the attachments of a first filing, whose owners have only our
// ids, as those of the other operations.
func withRefs(in []wire.FirstAttachment) []wire.Attachment {
	out := make([]wire.Attachment, len(in))
	for i, a := range in {
		out[i].Info = wire.AttachmentInfo{Format: a.Info.Format, Purpose: a.Info.Purpose, Content: a.Info.Content,
			Owner: wire.AttachmentOwner{Type: a.Info.Owner.Type, Ref: wire.RecordRef{RecordID: a.Info.Owner.ID}}}
	}
	return out
}

func (f *firstFiling) certificate() wire.Certificate {
	return wire.Certificate{Type: f.Subject.Certificate.Type, Number: f.Subject.Certificate.Number, Address: f.Subject.Certificate.Address}
}

func (f *firstFiling) claims(provider int64) []claim {
	c := certificateOf(f.certificate())
	return append(websiteClaims(provider, f.Websites),
		claim{claimSubject, provider, strconv.FormatInt(f.Subject.ID, 10)}, claim{claimCertificate, 0, fmt.Sprint(c.kind, " ", c.number)})
}

func (f *firstFiling) ref() string                         { return strconv.FormatInt(f.Subject.ID, 10) }
func (f *firstFiling) reviewed() []int64                   { return []int64{f.Subject.ID} }
func (f *firstFiling) about() (websites, domains []string) { return websiteNames(f.Websites) }

func (f *firstFiling) check(s *Server, r *Record) []int64 {
	if s.st.Black.hasSubject(f.certificate()) {
		return []int64{dataSubjectBlacklisted}
	}
	codes := append(s.idx.claimedBefore(r), s.checkSubjectData(subjectData{certificate: f.certificate(), nature: f.Subject.Nature,
		address: filedAddress(f.Subject.Address), principal: f.Subject.Principal}, nil)...)
	if !f.ownsAttachments() {
		codes = append(codes, dataSheetOfOther)
	}
	for i := range f.Websites {
		codes = append(codes, s.checkWebsite(r.ProviderID, &f.Websites[i], f.Subject.Nature, nil)...)
	}
	return codes
}

// ownsAttachments reports whether each attachment is of this subject or one of
// these websites.
func (f *firstFiling) ownsAttachments() bool {
	return !slices.ContainsFunc(f.Attachments, func(a wire.FirstAttachment) bool {
		if o := a.Info.Owner; o.Type == wire.OwnerSubject {
			return o.ID != f.Subject.ID
		}
		return !slices.ContainsFunc(f.Websites, func(w wire.Website) bool { return w.ID == a.Info.Owner.ID })
	})
}

func (f *firstFiling) approve(s *Server, r *Record, now time.Time) wire.DownloadICP {
	at := wire.FormatTime(now)
	z := f.Subject
	filing := &filing{Password: s.newPassword(), Subject: wire.FiledSubject{OurID: z.ID, AuthorityID: s.st.newID(), Name: z.Name, Nature: z.Nature,
		Address: filedAddress(z.Address), Certificate: f.certificate(), Principal: filedPrincipal(z.Principal), Licence: s.newLicence(z.Address.Province, now),
		OnBehalf: z.OnBehalf, Investor: z.Investor, FirstFiled: at, Remark: z.Remark}}
	filing.reviewed(now)
	s.st.Filings = append(s.st.Filings, filing)
	s.idx.addSubject(filing)
	r.Licences = []string{filing.Subject.Licence}
	return filed(filing, s.fileWebsites(r, filing, f.Websites, now)...)
}

// newPassword makes a filing password, which the authority sends to the filer.
func (s *Server) newPassword() string { return fmt.Sprintf("bm%08d", s.st.newID()*7919%100_000_000) }

func filedAddress(a wire.PostalAddress) wire.Address {
	return wire.Address{Province: a.Province, City: a.City, County: a.County, Street: a.Street}
}

func filedPrincipal(p wire.Principal) wire.DownloadPrincipal {
	return wire.DownloadPrincipal{Name: p.Name, OfficePhone: p.OfficePhone, Mobile: p.Mobile, Email: p.Email, MSN: p.MSN, QQ: p.QQ,
		CertificateType: p.CertificateType, CertificateNumber: p.CertificateNumber}
}
