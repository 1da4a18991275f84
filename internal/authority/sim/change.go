package sim

import (
	"slices"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

// change replaces what is filed about a subject and some of its websites (变更,
// BGBA). Accesses of other providers stay as they are.
type change struct{ wire.Change }

func takeChanges(u *wire.UploadICP) []taken {
	if u.Changes == nil {
		return nil
	}
	var out []taken
	for _, c := range u.Changes.Records {
		t := taken{codes: attachmentCodes(c.Attachments)}
		c.Attachments, c.Websites = withoutContents(c.Attachments), slices.Clone(c.Websites)
		for i := range c.Websites {
			c.Websites[i].Approvals = nil
		}
		t.request = &change{c}
		out = append(out, t)
	}
	return out
}

func (c *change) claims(int64) []claim {
	out := []claim{claimByID(claimChange, c.Subject.AuthorityID)}
	_, domains := c.about()
	for _, d := range domains {
		out = append(out, claim{claimDomain, 0, lower(d)})
	}
	return out
}

func (c *change) ref() string       { return strconv.FormatInt(c.Subject.AuthorityID, 10) }
func (c *change) reviewed() []int64 { return []int64{c.Subject.AuthorityID} }

func (c *change) about() (websites, domains []string) {
	for _, w := range c.Websites {
		websites = append(websites, w.Name)
		for _, d := range w.Domains {
			domains = append(domains, d.Name)
		}
	}
	return websites, domains
}

func (c *change) certificate() wire.Certificate {
	return wire.Certificate{Type: c.Subject.Certificate.Type, Number: c.Subject.Certificate.Number, Address: c.Subject.Certificate.Address}
}

func (c *change) check(s *Server, r *Record) []int64 {
	f := s.idx.subjects[c.Subject.AuthorityID]
	switch {
	case f == nil:
		return []int64{dataNoSubject}
	case f.Cancelled:
		return []int64{dataSubjectCancelled}
	case f.Blacklisted || s.st.Black.hasSubject(c.certificate()):
		return []int64{dataSubjectBlacklisted}
	case f.Subject.Licence != c.Subject.Licence:
		return []int64{dataNoRecord}
	case !f.isAccessedBy(r.ProviderID):
		return []int64{dataNotAccessed}
	}
	codes := append(s.idx.claimedBefore(r), s.checkSubjectData(subjectData{certificate: c.certificate(), nature: c.Subject.Nature,
		address: filedAddress(c.Subject.Address), principal: c.Subject.Principal}, f)...)
	if c.Subject.Address.Province != f.Subject.Address.Province {
		codes = append(codes, dataOtherProvince)
	}
	if h := c.FilingPasswordHash; h != "" && h != s.cfg.Profile.FilingPasswordHash(wire.Secret(f.Password)) {
		codes = append(codes, dataFilingPassword)
	}
	if s.idx.isClaimed(claimCancelSubject, c.Subject.AuthorityID) {
		codes = append(codes, dataInProgress)
	}
	if !f.owns(c.Attachments, nil) {
		codes = append(codes, dataSheetOfOther)
	}
	for i := range c.Websites {
		codes = append(codes, c.checkWebsite(s, r.ProviderID, &c.Websites[i], f)...)
	}
	return codes
}

func (c *change) checkWebsite(s *Server, provider int64, w *wire.ChangedWebsite, f *filing) []int64 {
	at := slices.IndexFunc(f.Websites, func(have wire.FiledWebsite) bool { return have.AuthorityID == w.AuthorityID })
	switch {
	case at < 0 && slices.ContainsFunc(f.Gone, func(gone wire.FiledWebsite) bool { return gone.AuthorityID == w.AuthorityID }):
		return []int64{dataWebsiteCancelled}
	case at < 0:
		return []int64{dataNoWebsite}
	case f.Websites[at].Licence != w.Licence:
		return []int64{dataNoRecord}
	}
	have := &f.Websites[at]
	others := slices.DeleteFunc(slices.Clone(f.Websites), func(o wire.FiledWebsite) bool { return o.AuthorityID == w.AuthorityID })
	// The website is looked at as a new one would be, but that its own name,
	// domains and home page are no conflict.
	as := wire.Website{Name: w.Name, Approvals: w.Approvals, Services: w.Services, Languages: w.Languages, Principal: w.Principal}
	if lower(w.HomePage) != lower(have.HomePage) {
		as.HomePage = w.HomePage
	}
	var codes []int64
	for _, d := range w.Domains {
		is := func(o wire.FiledDomain) bool { return lower(o.Name) == lower(d.Name) }
		switch own := slices.ContainsFunc(have.Domains, is); {
		case d.AuthorityID != 0 && !slices.ContainsFunc(have.Domains, func(o wire.FiledDomain) bool { return o.AuthorityID == d.AuthorityID }):
			codes = append(codes, dataNoRecord)
		case !own:
			as.Domains = append(as.Domains, wire.Domain{ID: d.ID, Name: d.Name})
		}
	}
	checked := s.checkWebsite(provider, &as, c.Subject.Nature, others)
	if as.HomePage != "" && slices.ContainsFunc(w.Domains, func(d wire.ChangedDomain) bool { return contains(as.HomePage, d.Name) }) {
		checked = slices.DeleteFunc(checked, func(code int64) bool { return code == dataHomePageElsewhere })
	}
	return append(append(codes, checked...), c.checkAccesses(s, provider, w, have)...)
}

func (c *change) checkAccesses(s *Server, provider int64, w *wire.ChangedWebsite, have *wire.FiledWebsite) []int64 {
	var codes []int64
	seen := map[string]bool{}
	for _, a := range w.Accesses {
		at := slices.IndexFunc(have.Accesses, func(o wire.FiledAccess) bool { return o.AuthorityID == a.AuthorityID })
		switch {
		case at < 0:
			codes = append(codes, dataNoRecord)
		case have.Accesses[at].ProviderID != provider:
			codes = append(codes, dataOthersAccess)
		default:
			codes = append(codes, s.checkAccess(provider, a.Places, a.Modes, changedIPs(a.IPs), seen)...)
		}
	}
	return codes
}

func changedIPs(in []wire.ChangedIP) []wire.IPRange {
	out := make([]wire.IPRange, len(in))
	for i, ip := range in {
		out[i] = wire.IPRange{ID: ip.ID, First: ip.First, Last: ip.Last}
	}
	return out
}

func (c *change) approve(s *Server, r *Record, now time.Time) wire.DownloadICP {
	f := s.idx.subjects[c.Subject.AuthorityID]
	s.idx.dropSubject(f)
	z := &f.Subject
	z.Name, z.Nature, z.Investor, z.Remark = c.Subject.Name, c.Subject.Nature, c.Subject.Investor, c.Subject.Remark
	z.Address, z.Certificate, z.Principal = filedAddress(c.Subject.Address), c.certificate(), filedPrincipal(c.Subject.Principal)
	f.reviewed(now)
	var changed []wire.FiledWebsite
	for i := range c.Websites {
		at := slices.IndexFunc(f.Websites, func(have wire.FiledWebsite) bool { return have.AuthorityID == c.Websites[i].AuthorityID })
		s.changeWebsite(&f.Websites[at], &c.Websites[i], r.ProviderID, now)
		changed = append(changed, f.Websites[at])
	}
	s.idx.addSubject(f)
	s.idx.addWebsites(f)
	r.Licences = []string{z.Licence}
	return filed(f, changed...)
}

// changeWebsite replaces a website but for its ids and other providers' accesses.
func (s *Server) changeWebsite(have *wire.FiledWebsite, w *wire.ChangedWebsite, provider int64, now time.Time) {
	have.Name, have.Services, have.Languages, have.HomePage, have.Remark = w.Name, &w.Services, w.Languages, w.HomePage, w.Remark
	have.Principal, have.LastChanged = filedPrincipal(w.Principal), wire.FormatTime(now)
	have.Domains = nil
	for _, d := range w.Domains {
		have.Domains = append(have.Domains, wire.FiledDomain{OurID: d.ID, AuthorityID: or(d.AuthorityID, s.st.newID()), Name: d.Name})
	}
	kept := slices.DeleteFunc(slices.Clone(have.Accesses), func(a wire.FiledAccess) bool { return a.ProviderID == provider })
	for _, a := range w.Accesses {
		access := wire.FiledAccess{AuthorityID: a.AuthorityID, ProviderID: provider, Places: a.Places, Modes: a.Modes}
		for _, ip := range a.IPs {
			access.IPs = append(access.IPs, wire.FiledIP{OurID: ip.ID, AuthorityID: or(ip.AuthorityID, s.st.newID()), First: ip.First, Last: ip.Last})
		}
		kept = append(kept, access)
	}
	have.Accesses = kept
}
