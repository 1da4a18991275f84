package sim

import (
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

// verification is a picture that comes by itself (单独提交真实性核验材料, XZHYD).
type verification struct{ wire.AttachmentInfo }

func takeVerifications(u *wire.UploadICP) []taken {
	if u.Verifications == nil {
		return nil
	}
	var out []taken
	for _, a := range u.Verifications.Records {
		t := taken{codes: attachmentCodes([]wire.Attachment{{Info: a}})}
		a.Content = nil
		t.request = &verification{a}
		out = append(out, t)
	}
	return out
}

func (v *verification) claims(int64) []claim { return nil }
func (v *verification) reviewed() []int64    { return nil }

func (v *verification) ref() string {
	if v.Owner.Ref.Licence != "" {
		return v.Owner.Ref.Licence
	}
	return strconv.FormatInt(v.Owner.Ref.RecordID, 10)
}

func (v *verification) about() (websites, domains []string) { return []string{v.ref()}, nil }

func (v *verification) check(s *Server, r *Record) []int64 {
	ref := v.Owner.Ref
	if v.Owner.Type == wire.OwnerSubject {
		f := s.subjectOf(wire.SubjectRef{Licence: ref.Licence, AuthorityID: ref.RecordID})
		switch {
		case f == nil:
			return []int64{dataNoSubject}
		case f.Cancelled:
			return []int64{dataSubjectCancelled}
		case !f.isAccessedBy(r.ProviderID):
			return []int64{dataNotAccessed}
		}
		return nil
	}
	_, w, code := s.websiteOf(ref.Licence, ref.RecordID)
	switch {
	case code != 0:
		return []int64{code}
	case !isAccessedBy(w, r.ProviderID):
		return []int64{dataNotAccessed}
	}
	return nil
}

// approve has nothing to change: the contents of pictures are not kept.
func (v *verification) approve(*Server, *Record, time.Time) wire.DownloadICP {
	return wire.DownloadICP{}
}
