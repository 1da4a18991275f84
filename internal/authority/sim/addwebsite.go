package sim

import (
	"slices"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

// addWebsite adds websites to a filed subject (新增网站, XZWZ).
type addWebsite struct{ wire.AddWebsite }

func takeAddWebsites(u *wire.UploadICP) []taken {
	if u.AddWebsites == nil {
		return nil
	}
	var out []taken
	for _, a := range u.AddWebsites.Records {
		t := taken{codes: attachmentCodes(a.Attachments)}
		a.Attachments, a.Websites = withoutContents(a.Attachments), withoutScans(a.Websites)
		t.request = &addWebsite{a}
		out = append(out, t)
	}
	return out
}

func (a *addWebsite) claims(provider int64) []claim { return websiteClaims(provider, a.Websites) }

func (a *addWebsite) ref() string {
	if a.Subject.Licence != "" {
		return a.Subject.Licence
	}
	return strconv.FormatInt(a.Subject.AuthorityID, 10)
}

func (a *addWebsite) reviewed() []int64 {
	var ids []int64
	for _, w := range a.Websites {
		ids = append(ids, w.ID)
	}
	return ids
}

func (a *addWebsite) about() (websites, domains []string) { return websiteNames(a.Websites) }

func (a *addWebsite) check(s *Server, r *Record) []int64 {
	f := s.subjectOf(a.Subject)
	if codes := s.checkSubject(f); len(codes) > 0 {
		return codes
	}
	codes := s.idx.claimedBefore(r)
	if h := a.FilingPasswordHash; h != "" && h != s.cfg.Profile.FilingPasswordHash(wire.Secret(f.Password)) {
		codes = append(codes, dataFilingPassword)
	}
	if !f.owns(a.Attachments, a.Websites) {
		codes = append(codes, dataSheetOfOther)
	}
	for i := range a.Websites {
		codes = append(codes, s.checkWebsite(r.ProviderID, &a.Websites[i], f.Subject.Nature, f.Websites)...)
	}
	return codes
}

func (a *addWebsite) approve(s *Server, r *Record, now time.Time) wire.DownloadICP {
	f := s.subjectOf(a.Subject)
	f.reviewed(now)
	return filed(f, s.fileWebsites(r, f, a.Websites, now)...)
}

// fileWebsites adds new websites to a filing and gives them.
func (s *Server) fileWebsites(r *Record, f *filing, websites []wire.Website, now time.Time) []wire.FiledWebsite {
	at := len(f.Websites)
	for i := range websites {
		w := s.fileWebsite(f, r.ProviderID, &websites[i], now)
		r.Licences = append(r.Licences, w.Licence)
		f.Websites = append(f.Websites, w)
	}
	s.idx.addWebsites(f)
	return f.Websites[at:]
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

// websiteClaims are what new websites ask for.
func websiteClaims(provider int64, websites []wire.Website) []claim {
	var out []claim
	own := func(kind claimKind, id int64) { out = append(out, claim{kind, provider, strconv.FormatInt(id, 10)}) }
	for _, w := range websites {
		own(claimWebsite, w.ID)
		for _, d := range w.Domains {
			own(claimDomainID, d.ID)
			out = append(out, claim{claimDomain, 0, lower(d.Name)})
		}
		for _, access := range w.Accesses {
			own(claimAccess, access.ID)
			for _, ip := range access.IPs {
				own(claimIP, ip.ID)
			}
		}
	}
	return out
}

func websiteNames(websites []wire.Website) (names, domains []string) {
	for _, w := range websites {
		names = append(names, w.Name)
		for _, d := range w.Domains {
			domains = append(domains, d.Name)
		}
	}
	return names, domains
}

// withoutContents drops the bytes of attachments.
func withoutContents(in []wire.Attachment) []wire.Attachment {
	out := slices.Clone(in)
	for i := range out {
		out[i].Info.Content = nil
	}
	return out
}

// withoutScans drops the bytes of approvals' papers.
func withoutScans(in []wire.Website) []wire.Website {
	out := slices.Clone(in)
	for i := range out {
		if out[i].Approvals == nil {
			continue
		}
		items := slices.Clone(out[i].Approvals.Items)
		for j := range items {
			items[j].Scans = nil
		}
		out[i].Approvals = &wire.Approvals{Items: items}
	}
	return out
}
