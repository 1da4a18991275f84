package sim

import (
	"strconv"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

// status answers isp_querybeianstatus out of the registry.
func (s *Server) status(c *call, _ manners, _ time.Time, r *wire.StatusReply) int64 {
	kind, err := strconv.ParseInt(c.values[5], 10, 64)
	if err != nil || kind < 0 || kind > 98 || len(c.values[6]) < 4 {
		return codeOther
	}
	r.Status = &wire.Status{Kind: kind, Condition: c.values[6], NotFiled: 1}
	if kind == int64(wire.QueryDomain) {
		domain := strings.ToLower(c.values[6])
		if f := s.idx.domains[domain]; f != nil && !f.Cancelled {
			w := f.websiteOf(domain)
			r.Status.NotFiled, r.Status.SubjectLicence, r.Status.WebsiteLicence, r.Status.WebsiteName = 0, f.Subject.Licence, w.Licence, w.Name
		}
		return 0
	}
	for _, f := range s.idx.holders[certificate{kind, strings.ToUpper(c.values[6])}] {
		if !f.Cancelled {
			r.Status.NotFiled, r.Status.SubjectLicence = 0, f.Subject.Licence
			return 0
		}
	}
	return 0
}

func (f *filing) websiteOf(domain string) wire.FiledWebsite {
	for _, w := range f.Websites {
		for _, d := range w.Domains {
			if strings.ToLower(d.Name) == domain {
				return w
			}
		}
	}
	return wire.FiledWebsite{}
}

// verify answers isp_verifybamm and counts the attempts.
func (s *Server) verify(c *call, _ manners, now time.Time, r *wire.VerifyReply) int64 {
	licence, password := c.values[5], c.values[6]
	var recent []time.Time
	for _, at := range s.st.Attempts[licence] {
		if now.Sub(at) < time.Hour {
			recent = append(recent, at)
		}
	}
	if len(recent) >= s.set.VerifyLimit {
		s.st.Attempts[licence] = recent
		return codeTries
	}
	s.st.Attempts[licence] = append(recent, now)
	result := int64(1)
	if f := s.idx.licences[licence]; f != nil && !f.Cancelled && s.sentPassword(f) == password {
		result = 0
	}
	r.Result = &result
	return 0
}

// sentPassword is a filing's password as the profile sends it.
func (s *Server) sentPassword(f *filing) string {
	if s.cfg.Profile.PasswordForm == wire.MD5Password {
		return s.cfg.Profile.FilingPasswordHash(wire.Secret(f.Password))
	}
	return f.Password
}
