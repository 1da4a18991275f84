package sim

import (
	"slices"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

// addAccess adds an access to a filed website (新增接入, XZJR).
type addAccess struct{ wire.AddAccess }

func takeAddAccesses(u *wire.UploadICP) []taken {
	if u.AddAccesses == nil {
		return nil
	}
	var out []taken
	for _, a := range u.AddAccesses.Records {
		t := taken{codes: attachmentCodes(a.Attachments)}
		a.Attachments = withoutContents(a.Attachments)
		t.request = &addAccess{a}
		out = append(out, t)
	}
	return out
}

func (a *addAccess) claims(provider int64) []claim {
	out := []claim{{claimAccess, provider, strconv.FormatInt(a.ID, 10)}}
	for _, ip := range a.IPs {
		out = append(out, claim{claimIP, provider, strconv.FormatInt(ip.ID, 10)})
	}
	return out
}

// ref is the website's licence number, or our access id where the website was
// named by the authority's id.
func (a *addAccess) ref() string {
	if a.Website.Licence != "" {
		return a.Website.Licence
	}
	return strconv.FormatInt(a.ID, 10)
}

func (a *addAccess) reviewed() []int64 { return []int64{a.ID} }

func (a *addAccess) about() (websites, domains []string) {
	if a.Website.Licence != "" {
		return []string{a.Website.Licence}, nil
	}
	return []string{strconv.FormatInt(a.Website.AuthorityID, 10)}, nil
}

func (a *addAccess) check(s *Server, r *Record) []int64 {
	f, w, code := s.websiteOf(a.Website.Licence, a.Website.AuthorityID)
	if code != 0 {
		return []int64{code}
	}
	if codes := s.checkSubject(f); len(codes) > 0 {
		return codes
	}
	codes := s.idx.claimedBefore(r)
	if a.FilingPasswordHash != s.cfg.Profile.FilingPasswordHash(wire.Secret(f.Password)) {
		codes = append(codes, dataFilingPassword)
	}
	if !f.owns(a.Attachments, nil) {
		codes = append(codes, dataSheetOfOther)
	}
	seen := map[string]bool{}
	for _, have := range w.Accesses {
		if have.ProviderID == r.ProviderID {
			seen[addresses(reportedIPs(have.IPs))] = true
		}
	}
	return append(codes, s.checkAccess(r.ProviderID, a.Places, a.Modes, a.IPs, seen)...)
}

func (a *addAccess) approve(s *Server, r *Record, now time.Time) wire.DownloadICP {
	f, w, _ := s.websiteOf(a.Website.Licence, a.Website.AuthorityID)
	w.Accesses = append(w.Accesses, s.fileAccess(r.ProviderID, wire.Access{ID: a.ID, Places: a.Places, Modes: a.Modes, IPs: a.IPs}))
	w.LastChanged = wire.FormatTime(now)
	f.reviewed(now)
	r.Licences = []string{w.Licence}
	return filed(f, *w)
}

// websiteOf finds a filed website by one of its two keys, or gives the data code
// that says why there is none.
func (s *Server) websiteOf(licence string, id int64) (*filing, *wire.FiledWebsite, int64) {
	is := func(w wire.FiledWebsite) bool {
		return licence != "" && w.Licence == licence || licence == "" && w.AuthorityID == id
	}
	for _, f := range s.st.Filings {
		if at := slices.IndexFunc(f.Websites, is); at >= 0 {
			if f.Cancelled {
				return nil, nil, dataSubjectCancelled
			}
			return f, &f.Websites[at], 0
		}
		if slices.ContainsFunc(f.Gone, is) {
			return nil, nil, dataWebsiteCancelled
		}
	}
	return nil, nil, dataNoWebsite
}

func reportedIPs(in []wire.FiledIP) []wire.IPRange {
	out := make([]wire.IPRange, len(in))
	for i, ip := range in {
		out[i] = wire.IPRange{ID: ip.OurID, First: ip.First, Last: ip.Last}
	}
	return out
}
