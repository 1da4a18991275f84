package sim

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"github.com/openbeian/beian/internal/authority/wire"
)

const (
	natureNaturalPerson = 5 // 单位性质: 个人
	certResidentID      = 2 // 证件类型: 居民身份证
)

var (
	domainForm = regexp.MustCompile(`^([\pL\pN]([\pL\pN-]*[\pL\pN])?\.)+[\pL\pN-]{2,}$`)
	mobileForm = regexp.MustCompile(`^1\d{10}$`)
	emailForm  = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	residentID = regexp.MustCompile(`^\d{17}[\dX]$`)
)

// checkWebsite gives the data codes of a new website of a filing.
func (s *Server) checkWebsite(r *Record, w *wire.Website, f *filing) []int64 {
	var codes []int64
	if holder := s.idx.websites[ourWebsite{r.ProviderID, w.ID}]; holder != r.ID {
		codes = append(codes, 1037)
	}
	for _, other := range f.Websites {
		if other.Name == w.Name {
			codes = append(codes, 1020)
		}
	}
	codes = append(codes, s.checkDomains(r, w)...)
	codes = append(codes, checkPrincipal(&w.Principal, f.Subject.Nature != natureNaturalPerson)...)
	return append(codes, s.checkAccess(r, w)...)
}

func (s *Server) checkDomains(r *Record, w *wire.Website) []int64 {
	var codes []int64
	inHomePage := w.HomePage == ""
	for _, d := range w.Domains {
		name := strings.ToLower(d.Name)
		inHomePage = inHomePage || strings.Contains(strings.ToLower(w.HomePage), name)
		switch {
		case !domainForm.MatchString(name):
			codes = append(codes, 1004)
		case s.idx.domains[name] != nil:
			codes = append(codes, 1005)
		case s.idx.pending[name] != r.ID:
			codes = append(codes, 1039)
		}
	}
	if !inHomePage {
		codes = append(codes, 1041)
	}
	return codes
}

func checkPrincipal(p *wire.Principal, ofUnit bool) []int64 {
	var codes []int64
	if ofUnit && p.OfficePhone == "" {
		codes = append(codes, 1031)
	}
	if !every(p.Mobile, mobileForm) {
		codes = append(codes, 1011)
	}
	if !every(p.Email, emailForm) {
		codes = append(codes, 1009)
	}
	if p.CertificateType == certResidentID && !validResidentID(p.CertificateNumber) {
		codes = append(codes, 1015)
	}
	return codes
}

func every(list string, form *regexp.Regexp) bool {
	for one := range strings.SplitSeq(list, ";") {
		if !form.MatchString(strings.TrimSpace(one)) {
			return false
		}
	}
	return true
}

// validResidentID checks form and check digit (GB 11643).
func validResidentID(id string) bool {
	if !residentID.MatchString(id) {
		return false
	}
	sum, weight := 0, 1 // weights are powers of two modulo 11, from the right
	for i := 16; i >= 0; i-- {
		weight = weight * 2 % 11
		digit, err := strconv.Atoi(id[i : i+1])
		if err != nil {
			return false
		}
		sum += digit * weight
	}
	return id[17] == "10X98765432"[sum%11]
}

func (s *Server) checkAccess(r *Record, w *wire.Website) []int64 {
	a := s.account(r.ProviderID)
	if a == nil || len(a.Ranges) == 0 {
		return nil
	}
	for _, access := range w.Accesses {
		for _, ip := range access.IPs {
			if !within(ip, a.Ranges) {
				return []int64{1063}
			}
		}
	}
	return nil
}

func within(ip wire.IPRange, ranges []netip.Prefix) bool {
	first, err1 := netip.ParseAddr(wire.IPv4Text(ip.First))
	last, err2 := netip.ParseAddr(wire.IPv4Text(ip.Last))
	for _, p := range ranges {
		if err1 == nil && err2 == nil && p.Contains(first) && p.Contains(last) {
			return true
		}
	}
	return false
}
