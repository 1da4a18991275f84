package sim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
)

// Subject is a filed subject as the knobs seed and show it.
type Subject struct {
	ID int64 `json:"id,omitempty"` // the authority's id; made when 0
	// Licence is the licence number; made when empty.
	Licence            string    `json:"licence,omitempty"`
	FilingPassword     string    `json:"filing_password"`
	Name               string    `json:"name"`
	Nature             int64     `json:"nature"`
	Province           int64     `json:"province"`
	City               int64     `json:"city,omitempty"`
	County             int64     `json:"county,omitempty"`
	Address            string    `json:"address,omitempty"`
	CertificateType    int64     `json:"certificate_type"`
	CertificateNumber  string    `json:"certificate_number"`
	CertificateAddress string    `json:"certificate_address,omitempty"`
	PrincipalName      string    `json:"principal_name,omitempty"`
	PrincipalMobile    string    `json:"principal_mobile,omitempty"`
	PrincipalEmail     string    `json:"principal_email,omitempty"`
	Websites           []Website `json:"websites,omitempty"`
	Cancelled          bool      `json:"cancelled,omitempty"`
	Blacklisted        bool      `json:"blacklisted,omitempty"`
}

// Website is a website of a seeded subject.
type Website struct {
	ID      int64    `json:"id,omitempty"`
	Licence string   `json:"licence,omitempty"`
	Name    string   `json:"name"`
	Domains []string `json:"domains"`
	// ProviderID gives the access; 1 stands for some other provider.
	ProviderID int64 `json:"provider_id,omitempty"`
}

// newLicence makes a subject licence number that nobody has: the province's
// abbreviation, the year and a number of six digits.
func (s *Server) newLicence(province int64, now time.Time) string {
	home, ok := s.cfg.Tables.Province(strconv.FormatInt(or(province, s.cfg.Province), 10))
	if !ok {
		home, _ = s.cfg.Tables.Province(strconv.FormatInt(s.cfg.Province, 10)) // New looked it up
	}
	series := fmt.Sprintf("%sICP备%d", home.Licence, now.In(clock.Shanghai).Year())
	for {
		s.st.Serials[series]++
		n := fmt.Sprintf("%s%06d号", series, s.st.Serials[series])
		if s.idx.licences[n] == nil {
			return n
		}
	}
}

// Seed registers filed subjects and gives them with their ids and licence
// numbers. Errors are icp.Invalid (no name or certificate) and icp.Conflict (the
// licence number or a domain is taken); then nothing of that subject is kept.
func (s *Server) Seed(subjects ...Subject) ([]Subject, error) {
	var out []Subject
	err := s.change(func(now time.Time) error {
		for _, in := range subjects {
			f, err := s.seed(in, now)
			if err != nil {
				return err
			}
			out = append(out, f.view())
		}
		return nil
	})
	return out, err
}

func (s *Server) seed(in Subject, now time.Time) (*filing, error) {
	if in.Name == "" || in.CertificateNumber == "" {
		return nil, icp.InvalidField("/name", "authority.sim_subject")
	}
	if s.idx.licences[in.Licence] != nil || s.idx.subjects[in.ID] != nil {
		return nil, icp.E(icp.Conflict, "authority.sim_licence_taken")
	}
	for _, w := range in.Websites {
		for _, d := range w.Domains {
			if s.idx.domains[strings.ToLower(d)] != nil {
				return nil, icp.E(icp.Conflict, "authority.sim_domain_taken").With("domain", d)
			}
		}
	}
	if in.ID == 0 {
		in.ID = s.st.newID()
	}
	if in.Licence == "" {
		in.Licence = s.newLicence(in.Province, now)
	}
	at := wire.FormatTime(now)
	f := &filing{Password: in.FilingPassword, Cancelled: in.Cancelled, Blacklisted: in.Blacklisted, Subject: wire.FiledSubject{
		AuthorityID: in.ID, Name: in.Name, Nature: in.Nature, Licence: in.Licence, FirstFiled: at, LastChanged: at,
		Address:     wire.Address{Province: or(in.Province, s.cfg.Province), City: in.City, County: in.County, Street: in.Address},
		Certificate: wire.Certificate{Type: or(in.CertificateType, 1), Number: in.CertificateNumber, Address: or(in.CertificateAddress, "不详")},
		Principal: wire.DownloadPrincipal{Name: or(in.PrincipalName, "未登记"), Mobile: or(in.PrincipalMobile, "00000000000"),
			Email: or(in.PrincipalEmail, "unknown@example.cn")},
	}}
	for _, w := range in.Websites {
		f.Websites = append(f.Websites, s.seedWebsite(f, w, at))
	}
	s.st.Filings = append(s.st.Filings, f)
	s.idx.addSubject(f)
	s.idx.addWebsites(f)
	return f, nil
}

func (s *Server) seedWebsite(f *filing, in Website, at string) wire.FiledWebsite {
	w := wire.FiledWebsite{AuthorityID: or(in.ID, s.st.newID()), Name: in.Name, FirstFiled: at, LastChanged: at,
		Languages: wire.LanguageIDs{IDs: []int64{1}}, Principal: f.Subject.Principal, Licence: in.Licence,
		Accesses: []wire.FiledAccess{{AuthorityID: s.st.newID(), ProviderID: or(in.ProviderID, 1), Places: wire.PlaceIDs{IDs: []int64{11}}, Modes: wire.ModeIDs{IDs: []int64{5}},
			IPs: []wire.FiledIP{{AuthorityID: s.st.newID(), First: 1, Last: 1}}}}}
	if w.Licence == "" {
		w.Licence = f.nextSite()
	}
	for _, d := range in.Domains {
		w.Domains = append(w.Domains, wire.FiledDomain{AuthorityID: s.st.newID(), Name: d})
	}
	return w
}

// nextSite makes the licence number of the next website; a number that was
// given once is never given again.
func (f *filing) nextSite() string {
	for {
		f.LastSite++
		n := fmt.Sprintf("%s-%d", f.Subject.Licence, f.LastSite)
		taken := false
		for _, w := range slices.Concat(f.Websites, f.Gone) {
			taken = taken || w.Licence == n
		}
		if !taken {
			return n
		}
	}
}

// fileWebsite turns a request into a filed website with the authority's ids.
func (s *Server) fileWebsite(f *filing, provider int64, w *wire.Website, now time.Time) wire.FiledWebsite {
	at := wire.FormatTime(now)
	out := wire.FiledWebsite{OurID: w.ID, AuthorityID: s.st.newID(), Name: w.Name, Services: &w.Services, Languages: w.Languages, HomePage: w.HomePage,
		Remark: w.Remark, FirstFiled: at, LastChanged: at, Licence: f.nextSite(), Principal: filedPrincipal(w.Principal)}
	for _, d := range w.Domains {
		out.Domains = append(out.Domains, wire.FiledDomain{OurID: d.ID, AuthorityID: s.st.newID(), Name: d.Name})
	}
	for _, a := range w.Accesses {
		out.Accesses = append(out.Accesses, s.fileAccess(provider, a))
	}
	return out
}

func (s *Server) fileAccess(provider int64, a wire.Access) wire.FiledAccess {
	out := wire.FiledAccess{OurID: a.ID, AuthorityID: s.st.newID(), ProviderID: provider, Places: a.Places, Modes: a.Modes}
	for _, ip := range a.IPs {
		out.IPs = append(out.IPs, wire.FiledIP{OurID: ip.ID, AuthorityID: s.st.newID(), First: ip.First, Last: ip.Last})
	}
	return out
}

// reviewed notes that the authority looked at the filing and changed it.
func (f *filing) reviewed(now time.Time) {
	at := wire.FormatTime(now)
	f.Subject.LastChanged, f.Subject.Reviewer, f.Subject.ReviewedAt = at, reviewer, at
}

// isWhole says that a filing is in force and has all that the interface demands
// of one; a seeded one may not.
func (f *filing) isWhole() bool {
	return !f.Cancelled && len(f.Websites) > 0 &&
		!slices.ContainsFunc(f.Websites, func(w wire.FiledWebsite) bool { return len(w.Domains) == 0 || len(w.Accesses) == 0 })
}

// cancelSubject takes a filing out of force, with all its websites.
func (s *Server) cancelSubject(f *filing) {
	f.Cancelled = true
	for i := range f.Websites {
		s.idx.dropWebsite(&f.Websites[i])
	}
}

// cancelWebsite takes one website of a filing out of force.
func (s *Server) cancelWebsite(f *filing, id int64) {
	at := slices.IndexFunc(f.Websites, func(w wire.FiledWebsite) bool { return w.AuthorityID == id })
	if at < 0 {
		return
	}
	s.idx.dropWebsite(&f.Websites[at])
	f.Gone = append(f.Gone, f.Websites[at])
	f.Websites = slices.Delete(f.Websites, at, at+1)
}

// view shows a filing as a knob does.
func (f *filing) view() Subject {
	z := f.Subject
	out := Subject{ID: z.AuthorityID, Licence: z.Licence, FilingPassword: f.Password, Name: z.Name, Nature: z.Nature,
		Province: z.Address.Province, City: z.Address.City, County: z.Address.County, Address: z.Address.Street,
		CertificateType: z.Certificate.Type, CertificateNumber: z.Certificate.Number, CertificateAddress: z.Certificate.Address,
		PrincipalName: z.Principal.Name, PrincipalMobile: z.Principal.Mobile, PrincipalEmail: z.Principal.Email,
		Cancelled: f.Cancelled, Blacklisted: f.Blacklisted}
	for _, w := range f.Websites {
		site := Website{ID: w.AuthorityID, Licence: w.Licence, Name: w.Name}
		for _, d := range w.Domains {
			site.Domains = append(site.Domains, d.Name)
		}
		if len(w.Accesses) > 0 {
			site.ProviderID = w.Accesses[0].ProviderID
		}
		out.Websites = append(out.Websites, site)
	}
	return out
}

// Subjects gives the registry.
func (s *Server) Subjects() []Subject {
	var out []Subject
	s.look(func() {
		for _, f := range s.st.Filings {
			out = append(out, f.view())
		}
	})
	return out
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}
