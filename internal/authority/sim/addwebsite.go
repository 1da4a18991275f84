package sim

import (
	"bytes"
	"slices"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

// operations are the kinds of requests that the simulator knows; init fills
// them, because their functions look them up in turn.
var operations []operation

func init() {
	operations = []operation{{
		action: wire.ActionAddWebsite, zh: "新增网站", en: "Add website", sms: true,
		records: addWebsiteRecords, check: (*Server).checkAddWebsite, ref: addWebsiteRef,
		approve: (*Server).approveAddWebsite, reviewed: addWebsiteIDs,
	}}
}

func addWebsiteRecords(u *wire.UploadICP) []*Record {
	if u.AddWebsites == nil {
		return nil
	}
	var out []*Record
	for i := range u.AddWebsites.Records {
		a := u.AddWebsites.Records[i]
		r := &Record{Action: wire.ActionAddWebsite, AddWebsite: &a, Codes: attachmentCodes(a.Attachments)}
		a.Attachments = slices.Clone(a.Attachments)
		for i := range a.Attachments {
			a.Attachments[i].Info.Content = nil
		}
		for i := range a.Websites {
			if n := a.Websites[i].Approvals; n != nil {
				n.Items = slices.Clone(n.Items)
				for j := range n.Items {
					n.Items[j].Scans = nil
				}
			}
		}
		out = append(out, r)
	}
	return out
}

// attachmentCodes looks at pictures: format, purpose, owner, and whether the
// bytes are what the format says.
func attachmentCodes(list []wire.Attachment) []int64 {
	var codes []int64
	for _, a := range list {
		i := a.Info
		magic := map[int64]string{wire.FormatJPEG: "\xff\xd8", wire.FormatPNG: "\x89PNG"}[i.Format]
		ofWebsite := i.Purpose == wire.PurposeVerificationSheet || i.Purpose == wire.PurposeWebsitePrincipalCert || i.Purpose == wire.PurposeOnSitePhoto
		switch {
		case magic == "":
			codes = append(codes, 1056)
		case i.Purpose < 1 || i.Purpose > 5:
			codes = append(codes, 1057)
		case ofWebsite != (i.Owner.Type == wire.OwnerWebsite):
			codes = append(codes, 1061)
		case !bytes.HasPrefix(i.Content, []byte(magic)):
			codes = append(codes, 5010)
		}
	}
	return codes
}

func addWebsiteRef(_ *Server, r *Record) string {
	if s := r.AddWebsite.Subject; s.Licence != "" {
		return s.Licence
	}
	return strconv.FormatInt(r.AddWebsite.Subject.AuthorityID, 10)
}

func addWebsiteIDs(r *Record) []int64 {
	var ids []int64
	for _, w := range r.AddWebsite.Websites {
		ids = append(ids, w.ID)
	}
	return ids
}

// subjectOf finds the filing that a record adds to; nil when there is none. A
// website's licence number does not name a subject.
func (s *Server) subjectOf(ref wire.SubjectRef) *filing {
	if ref.Licence == "" {
		return s.idx.subjects[ref.AuthorityID]
	}
	if f := s.idx.licences[ref.Licence]; f != nil && f.Subject.Licence == ref.Licence {
		return f
	}
	return nil
}

func (s *Server) checkAddWebsite(r *Record) []int64 {
	f := s.subjectOf(r.AddWebsite.Subject)
	switch {
	case f == nil:
		return []int64{1058}
	case f.Cancelled:
		return []int64{1049}
	case f.Blacklisted:
		return []int64{1065}
	}
	var codes []int64
	if h := r.AddWebsite.FilingPasswordHash; h != "" && h != s.cfg.Profile.FilingPasswordHash(wire.Secret(f.Password)) {
		codes = append(codes, 1018)
	}
	for i := range r.AddWebsite.Websites {
		codes = append(codes, s.checkWebsite(r, &r.AddWebsite.Websites[i], f)...)
	}
	return codes
}

func (s *Server) approveAddWebsite(r *Record, now time.Time) wire.FiledRecord {
	f := s.subjectOf(r.AddWebsite.Subject)
	out := wire.FiledRecord{}
	for i := range r.AddWebsite.Websites {
		w := s.fileWebsite(f, r.ProviderID, &r.AddWebsite.Websites[i], now)
		r.Licences = append(r.Licences, w.Licence)
		f.Websites = append(f.Websites, w)
		out.Websites = append(out.Websites, w)
	}
	f.Subject.LastChanged, f.Subject.Reviewer, f.Subject.ReviewedAt = wire.FormatTime(now), reviewer, wire.FormatTime(now)
	s.idx.addFiling(f)
	out.Subject = f.Subject
	return out
}
