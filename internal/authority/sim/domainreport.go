package sim

import (
	"slices"
	"strings"

	"github.com/openbeian/beian/internal/authority/wire"
)

// domainReport is a domain as a registry or registrar has reported it.
type domainReport struct {
	ID       int64             `json:"id"`
	OurID    int64             `json:"our_id"`
	Provider int64             `json:"provider_id"`
	Report   wire.DomainReport `json:"report"`
}

// domainAnswer makes a result (BAJG of YM) of a record's codes.
func domainAnswer(r *Record, id, ourID int64) wire.DownloadData {
	res := wire.DomainResult{Operation: r.operation().czlx(), AuthorityID: id, OurID: ourID}
	for _, code := range r.Codes {
		res.Codes = append(res.Codes, wire.DomainResultCode{Code: code, Comment: wire.DataCodeOf(code).ZH})
	}
	return wire.DownloadData{Domains: &wire.DownloadDomains{Results: &wire.DomainResults{Records: []wire.DomainResult{res}}}}
}

// domainReport finds a report by one of its two keys.
func (s *Server) domainReport(ref wire.DomainRef) *domainReport {
	at := slices.IndexFunc(s.st.Domains, func(r *domainReport) bool {
		return ref.AuthorityID != 0 && r.ID == ref.AuthorityID || ref.AuthorityID == 0 && strings.EqualFold(r.Report.Name, ref.Name)
	})
	if at < 0 {
		return nil
	}
	return s.st.Domains[at]
}

// checkDomain gives the codes of a report as it shall be; own is the id of the
// report that changes, 0 for a new one.
func (s *Server) checkDomain(own int64, d *wire.DomainReport) []int64 {
	if have := s.domainReport(wire.DomainRef{Name: d.Name}); have != nil && have.ID != own {
		return []int64{dataDomainOther}
	}
	person := func(province, city int64, email, phone string) bool {
		return s.areaExists(wire.Address{Province: province, City: city}) && (email == "" || every(email, emailForm)) && (phone == "" || every(phone, phoneForm))
	}
	if !domainForm.MatchString(lower(d.Name)) || d.Registered > d.Expires ||
		!person(d.RegistrantProvince, d.RegistrantCity, d.RegistrantEmail, d.RegistrantPhone) ||
		!person(d.AdminProvince, d.AdminCity, d.AdminEmail, d.AdminPhone) || !person(d.PayerProvince, d.PayerCity, d.PayerEmail, d.PayerPhone) {
		return []int64{dataDomainField}
	}
	return nil
}

// notMinistry gives the code of a province, which takes no reports of domains.
func (s *Server) notMinistry() []int64 {
	if s.set.Ministry {
		return nil
	}
	return []int64{dataDomainMinistry}
}

// mayTouchDomain gives the codes of a report that does not exist or is another's.
func (s *Server) mayTouchDomain(provider int64, ref wire.DomainRef) []int64 {
	if codes := s.notMinistry(); codes != nil {
		return codes
	}
	switch old := s.domainReport(ref); {
	case old == nil:
		return []int64{dataDomainOther}
	case old.Provider != provider:
		return []int64{dataDomainNotYours}
	}
	return nil
}
