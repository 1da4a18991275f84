package sim

import (
	"slices"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

// The three cancellations (注销备案, ZXBA) are operations of their own: results
// name them by different actions.
type (
	cancelSubject struct{ cancellation }
	cancelWebsite struct{ cancellation }
	cancelAccess  struct{ cancellation }
)

// cancellation is what they share.
type cancellation struct{ wire.Cancellation }

func (c *cancellation) ref() string       { return strconv.FormatInt(c.RecordID, 10) }
func (c *cancellation) reviewed() []int64 { return []int64{c.RecordID} }
func (c *cancellation) about() (websites, domains []string) {
	return []string{strconv.FormatInt(c.RecordID, 10)}, nil
}

// checkReason gives the codes of a wrong reason or filing password.
func (c *cancellation) checkReason(s *Server, f *filing) []int64 {
	codes := s.lacks("Zxly_dms", dataCancelReason, c.Reason)
	if h := c.FilingPasswordHash; h != "" && h != s.cfg.Profile.FilingPasswordHash(wire.Secret(f.Password)) {
		codes = append(codes, dataFilingPassword)
	}
	return codes
}

func takeCancellations(u *wire.UploadICP, kind int64, as func(cancellation) request) []taken {
	if u.Cancellations == nil {
		return nil
	}
	var out []taken
	for _, c := range u.Cancellations.Records {
		if c.Kind == kind {
			out = append(out, taken{request: as(cancellation{c})})
		}
	}
	return out
}

func takeCancelSubjects(u *wire.UploadICP) []taken {
	return takeCancellations(u, wire.CancelSubject, func(c cancellation) request { return &cancelSubject{c} })
}

func takeCancelWebsites(u *wire.UploadICP) []taken {
	return takeCancellations(u, wire.CancelWebsite, func(c cancellation) request { return &cancelWebsite{c} })
}

func takeCancelAccesses(u *wire.UploadICP) []taken {
	return takeCancellations(u, wire.CancelAccess, func(c cancellation) request { return &cancelAccess{c} })
}

func (c *cancelSubject) claims(int64) []claim {
	return []claim{claimByID(claimCancelSubject, c.RecordID)}
}

func (c *cancelSubject) check(s *Server, r *Record) []int64 {
	f := s.idx.subjects[c.RecordID]
	switch {
	case f == nil:
		return []int64{dataNoSubject}
	case f.Cancelled:
		return []int64{dataSubjectCancelled}
	case !f.isAccessedBy(r.ProviderID):
		return []int64{dataNotAccessed}
	}
	codes := append(s.idx.claimedBefore(r), c.checkReason(s, f)...)
	if slices.ContainsFunc(f.Websites, func(w wire.FiledWebsite) bool { return s.idx.isClaimed(claimCancelWebsite, w.AuthorityID) }) {
		codes = append(codes, dataWebsiteBeingCancelled)
	}
	if s.idx.isClaimed(claimChange, c.RecordID) {
		codes = append(codes, dataInProgress)
	}
	return codes
}

func (c *cancelSubject) approve(s *Server, r *Record, now time.Time) wire.DownloadICP {
	f := s.idx.subjects[c.RecordID]
	told := cancelled(wire.CancelledRecord{Kind: wire.CancelSubject, RecordID: c.RecordID})
	s.tellOthers(r.ProviderID, f.Websites, now, told)
	s.cancelSubject(f)
	return told
}

func (c *cancelWebsite) claims(int64) []claim {
	return []claim{claimByID(claimCancelWebsite, c.RecordID)}
}

func (c *cancelWebsite) check(s *Server, r *Record) []int64 {
	f, w, code := s.websiteOf("", c.RecordID)
	switch {
	case code != 0:
		return []int64{code}
	case !isAccessedBy(w, r.ProviderID):
		return []int64{dataNotAccessed}
	}
	codes := append(s.idx.claimedBefore(r), c.checkReason(s, f)...)
	if s.idx.isClaimed(claimCancelSubject, f.Subject.AuthorityID) {
		codes = append(codes, dataSubjectBeingCancelled)
	}
	return codes
}

func (c *cancelWebsite) approve(s *Server, r *Record, now time.Time) wire.DownloadICP {
	f, w, _ := s.websiteOf("", c.RecordID)
	told := cancelled(wire.CancelledRecord{Kind: wire.CancelWebsite, RecordID: c.RecordID})
	s.tellOthers(r.ProviderID, []wire.FiledWebsite{*w}, now, told)
	s.cancelWebsite(f, c.RecordID)
	return told
}

func (c *cancelAccess) claims(int64) []claim {
	return []claim{claimByID(claimCancelAccess, c.RecordID)}
}

func (c *cancelAccess) check(s *Server, r *Record) []int64 {
	f, w, at := s.accessOf(c.RecordID)
	switch {
	case f == nil:
		return []int64{dataNoRecord}
	case w.Accesses[at].ProviderID != r.ProviderID:
		return []int64{dataOthersAccess}
	case len(w.Accesses) == 1:
		return []int64{dataLastAccess}
	}
	return append(s.idx.claimedBefore(r), c.checkReason(s, f)...)
}

func (c *cancelAccess) approve(s *Server, _ *Record, now time.Time) wire.DownloadICP {
	_, w, at := s.accessOf(c.RecordID)
	w.Accesses = slices.Delete(w.Accesses, at, at+1)
	w.LastChanged = wire.FormatTime(now)
	return cancelled(wire.CancelledRecord{Kind: wire.CancelAccess, RecordID: c.RecordID})
}

// accessOf finds an access by the authority's id; the filing is nil for none.
func (s *Server) accessOf(id int64) (*filing, *wire.FiledWebsite, int) {
	for _, f := range s.st.Filings {
		if f.Cancelled {
			continue
		}
		for i := range f.Websites {
			if at := slices.IndexFunc(f.Websites[i].Accesses, func(a wire.FiledAccess) bool { return a.AuthorityID == id }); at >= 0 {
				return f, &f.Websites[i], at
			}
		}
	}
	return nil, nil, 0
}

func isAccessedBy(w *wire.FiledWebsite, provider int64) bool {
	return slices.ContainsFunc(w.Accesses, func(a wire.FiledAccess) bool { return a.ProviderID == provider })
}

func (f *filing) isAccessedBy(provider int64) bool {
	return slices.ContainsFunc(f.Websites, func(w wire.FiledWebsite) bool { return isAccessedBy(&w, provider) })
}

// tellOthers tells the other providers that connect a website.
func (s *Server) tellOthers(but int64, websites []wire.FiledWebsite, now time.Time, told wire.DownloadICP) {
	for _, a := range s.cfg.Accounts {
		if a.ProviderID != but && slices.ContainsFunc(websites, func(w wire.FiledWebsite) bool { return isAccessedBy(&w, a.ProviderID) }) {
			s.deliver(a.ProviderID, now, told)
		}
	}
}
