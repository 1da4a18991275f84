package sim

import (
	"slices"
	"strconv"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/refdata"
)

// checkSubject gives the data codes of a filed subject that something is added to.
func (s *Server) checkSubject(f *filing) []int64 {
	switch {
	case f == nil:
		return []int64{dataNoSubject}
	case f.Cancelled:
		return []int64{dataSubjectCancelled}
	case f.Blacklisted || s.st.Black.hasSubject(f.Subject.Certificate):
		return []int64{dataSubjectBlacklisted}
	}
	var codes []int64
	if s.filedTwice(f) {
		codes = append(codes, dataSubjectConflict)
	}
	if !s.areaExists(f.Subject.Address) {
		codes = append(codes, dataArea)
	}
	return codes
}

// subjectData is what a first filing and a change say of a subject.
type subjectData struct {
	certificate wire.Certificate
	nature      int64
	address     wire.Address
	principal   wire.Principal
}

// checkSubjectData gives the data codes of a subject as it shall be filed; own is
// the filing that is changed, nil for a new one.
func (s *Server) checkSubjectData(d subjectData, own *filing) []int64 {
	var codes []int64
	add := func(bad bool, code int64) {
		if bad {
			codes = append(codes, code)
		}
	}
	add(slices.ContainsFunc(s.idx.holders[certificateOf(d.certificate)], func(f *filing) bool { return f != own && !f.Cancelled }), dataSubjectConflict)
	add(!s.areaExists(d.address), dataArea)
	add(d.nature != 0 && !s.hasCode("Dwxz_dms", d.nature), dataNature)
	add(!s.hasCode("Zjlx_dms", d.certificate.Type), dataCertificate)
	add(d.certificate.Type == certResidentID && !validResidentID(d.certificate.Number), dataResidentID)
	if d.principal.Name == "" { // a person is his own principal
		d.principal.Name = "本人"
	}
	return append(codes, s.checkPrincipal(&d.principal, false)...)
}

// filedTwice reports whether another filing in force has the same certificate.
func (s *Server) filedTwice(f *filing) bool {
	return slices.ContainsFunc(s.idx.holders[certificateOf(f.Subject.Certificate)], func(other *filing) bool { return other != f && !other.Cancelled })
}

// areaExists checks that the codes of an address are in force and lie in each other.
func (s *Server) areaExists(a wire.Address) bool {
	within := ""
	for _, code := range []int64{a.Province, a.City, a.County} {
		if code == 0 {
			continue
		}
		text := strconv.FormatInt(code, 10)
		path := s.cfg.Tables.RegionPath(text)
		if len(path) == 0 || within != "" && !slices.ContainsFunc(path, func(r refdata.Region) bool { return r.Code == within }) {
			return false
		}
		within = text
	}
	return true
}

// owns reports whether every attachment belongs to the filing or to one of the
// new websites. What is of the wrong kind altogether is told elsewhere.
func (f *filing) owns(attachments []wire.Attachment, websites []wire.Website) bool {
	return !slices.ContainsFunc(attachments, func(a wire.Attachment) bool {
		o := a.Info.Owner
		switch {
		case !ownerFits(a.Info):
			return false
		case o.Type == wire.OwnerSubject:
			return o.Ref.Licence != f.Subject.Licence && o.Ref.RecordID != f.Subject.AuthorityID
		}
		isNew := slices.ContainsFunc(websites, func(w wire.Website) bool { return w.ID == o.Ref.RecordID })
		return !isNew && !slices.ContainsFunc(f.Websites, func(w wire.FiledWebsite) bool {
			return w.AuthorityID == o.Ref.RecordID || w.Licence == o.Ref.Licence
		})
	})
}
