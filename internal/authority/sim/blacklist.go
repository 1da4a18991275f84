package sim

import (
	"slices"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
)

// BlackSubject is a subject on the blacklist.
type BlackSubject struct {
	Name              string `json:"name"`
	CertificateType   int64  `json:"certificate_type"`
	CertificateNumber string `json:"certificate_number"`
}

// BlackWebsite is a website on the blacklist.
type BlackWebsite struct {
	Name    string   `json:"name"`
	Domains []string `json:"domains"`
}

// blacklist is whom and what the authority refuses (1064, 1065).
type blacklist struct {
	Subjects []BlackSubject `json:"subjects"`
	Websites []BlackWebsite `json:"websites"`
}

func (b *blacklist) hasSubject(c wire.Certificate) bool {
	return slices.ContainsFunc(b.Subjects, func(e BlackSubject) bool {
		return e.CertificateType == c.Type && strings.EqualFold(e.CertificateNumber, c.Number)
	})
}

func (b *blacklist) hasWebsite(w *wire.Website) bool {
	return slices.ContainsFunc(b.Websites, func(e BlackWebsite) bool {
		return e.Name == w.Name || slices.ContainsFunc(w.Domains, func(d wire.Domain) bool { return containsFold(e.Domains, d.Name) })
	})
}

func containsFold(list []string, s string) bool {
	return slices.ContainsFunc(list, func(one string) bool { return strings.EqualFold(one, s) })
}

// Ban is a change of the blacklist: of one subject or of one website.
type Ban struct {
	Subject *BlackSubject `json:"subject,omitempty"`
	Website *BlackWebsite `json:"website,omitempty"`
	// Lift takes it off the list instead of putting it there.
	Lift bool `json:"lift,omitempty"`
}

func (b Ban) check() error {
	switch {
	case (b.Subject == nil) == (b.Website == nil):
		return icp.InvalidField("/subject", "authority.sim_ban")
	case b.Subject != nil && (b.Subject.Name == "" || b.Subject.CertificateNumber == "" || b.Subject.CertificateType < 1):
		return icp.InvalidField("/subject/name", "authority.sim_ban")
	case b.Website != nil && (b.Website.Name == "" || len(b.Website.Domains) == 0 || slices.ContainsFunc(b.Website.Domains, func(d string) bool { return len(d) < 4 })):
		return icp.InvalidField("/website/domains", "authority.sim_ban")
	}
	return nil
}

// apply changes the list.
func (b *blacklist) apply(by Ban) {
	if by.Subject != nil {
		b.Subjects = slices.DeleteFunc(b.Subjects, func(e BlackSubject) bool {
			return e.CertificateType == by.Subject.CertificateType && strings.EqualFold(e.CertificateNumber, by.Subject.CertificateNumber)
		})
		if !by.Lift {
			b.Subjects = append(b.Subjects, *by.Subject)
		}
		return
	}
	b.Websites = slices.DeleteFunc(b.Websites, func(e BlackWebsite) bool { return e.Name == by.Website.Name })
	if !by.Lift {
		b.Websites = append(b.Websites, *by.Website)
	}
}

// Bar changes the blacklist and tells every provider (HMDLB).
func (s *Server) Bar(bans ...Ban) error {
	for _, b := range bans {
		if err := b.check(); err != nil {
			return err
		}
	}
	if len(bans) == 0 {
		return icp.InvalidField("/subject", "authority.sim_ban")
	}
	return s.change(func(now time.Time) error {
		var told wire.Blacklist
		for _, b := range bans {
			s.st.Black.apply(b)
			b.tell(&told)
		}
		s.send(0, now, about(wire.DownloadICP{Blacklist: &told}))
		return nil
	})
}

// tell adds the change to what providers are told.
func (b Ban) tell(l *wire.Blacklist) {
	change := int64(wire.BlacklistAdded)
	if b.Lift {
		change = wire.BlacklistDeleted
	}
	if z := b.Subject; z != nil {
		l.Subjects = append(l.Subjects, wire.BlacklistedSubject{Change: change,
			Subject: &wire.ListedSubject{Name: z.Name, Certificate: wire.ListedCertificate{Type: z.CertificateType, Number: z.CertificateNumber}}})
		return
	}
	w := wire.ListedWebsite{Name: b.Website.Name}
	for _, d := range b.Website.Domains {
		w.Domains = append(w.Domains, wire.ListedDomain{Name: d})
	}
	l.Websites = append(l.Websites, wire.BlacklistedWebsite{Website: w, Change: change})
}

// blacklist gives a copy of the list.
func (s *Server) blacklist() blacklist {
	s.mu.Lock()
	defer s.mu.Unlock()
	return blacklist{Subjects: list(slices.Clone(s.st.Black.Subjects)), Websites: list(slices.Clone(s.st.Black.Websites))}
}
