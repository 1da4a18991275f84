package sim

import (
	"slices"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
)

// SMSPerson is one person who was texted a code for a record.
type SMSPerson struct {
	Name   string `json:"name"`
	Mobile string `json:"mobile"`
	// Domains are those that the person answers for; none for a subject's
	// principal.
	Domains []string `json:"domains,omitempty"`
	Passed  bool     `json:"passed"`

	certificate string // with Name and Mobile tells persons apart
}

// texted is a request that says whom the ministry texts. Others wait for one
// check of nobody in particular.
type texted interface{ texted() []SMSPerson }

func (a *addWebsite) texted() []SMSPerson { return withPrincipals(nil, a.Websites) }

func (f *firstFiling) texted() []SMSPerson {
	return withPrincipals(withPerson(nil, &f.Subject.Principal, nil), f.Websites)
}

func withPrincipals(list []SMSPerson, websites []wire.Website) []SMSPerson {
	for i := range websites {
		var domains []string
		for _, d := range websites[i].Domains {
			domains = append(domains, d.Name)
		}
		list = withPerson(list, &websites[i].Principal, domains)
	}
	return list
}

// withPerson adds a principal, or its domains where the person is listed: one
// code serves one person on one number.
func withPerson(list []SMSPerson, p *wire.Principal, domains []string) []SMSPerson {
	for i := range list {
		if list[i].Name == p.Name && list[i].Mobile == p.Mobile && strings.EqualFold(list[i].certificate, p.CertificateNumber) {
			list[i].Domains = append(list[i].Domains, domains...)
			return list
		}
	}
	return append(list, SMSPerson{Name: p.Name, Mobile: p.Mobile, Domains: domains, certificate: p.CertificateNumber})
}

// beginSMS texts the codes.
func (s *Server) beginSMS(r *Record, now time.Time) {
	r.moveTo(AwaitingSMS, now)
	r.SMSDeadline, r.SMS = now.Add(s.cfg.SMSTerm), nil
	if t, ok := r.Request.(texted); ok {
		r.SMS = t.texted()
	}
}

// passSMS enters all codes in the filer's place.
func (s *Server) passSMS(r *Record, now time.Time) {
	r.SMS = slices.Clone(r.SMS)
	for i := range r.SMS {
		r.SMS[i].Passed = true
	}
	r.moveTo(InReview, now)
}

// expireSMS returns a record whose codes were not all entered in time: a result
// without an opinion.
func (s *Server) expireSMS(r *Record, now time.Time) {
	r.Codes = []int64{dataOther}
	r.Reason = "短信核验超时"
	s.finish(r, SMSExpired, now)
	result := s.result(r)
	result.Codes[0].Comment = r.Reason
	s.deliver(r.ProviderID, now, wire.DownloadICP{Results: &wire.Results{Operations: []wire.OperationResult{result}}})
}

// PassSMS enters the codes in place of everybody.
func (s *Server) PassSMS(id int64) error { return s.decide(id, AwaitingSMS, s.passSMS) }

// PassSMSOf enters the code of one person, counted from 1; after the last the
// record goes on to the review. Errors are icp.NotFound and icp.NotNow.
func (s *Server) PassSMSOf(id int64, person int) error {
	var unknown error
	err := s.decide(id, AwaitingSMS, func(r *Record, now time.Time) {
		if person < 1 || person > len(r.SMS) {
			unknown = icp.E(icp.NotFound, "authority.sim_person")
			return
		}
		r.SMS = slices.Clone(r.SMS)
		r.SMS[person-1].Passed = true
		if !slices.ContainsFunc(r.SMS, func(p SMSPerson) bool { return !p.Passed }) {
			r.moveTo(InReview, now)
		}
	})
	if err == nil {
		err = unknown
	}
	return err
}

// ExpireSMS lets the SMS check run out at once, whoever has passed.
func (s *Server) ExpireSMS(id int64) error { return s.decide(id, AwaitingSMS, s.expireSMS) }
