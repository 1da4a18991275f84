package sim

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/openbeian/beian/internal/authority/wire"
)

const (
	natureNaturalPerson = 5 // 单位性质: 个人
	maxFiledHomePage    = 255
)

var (
	domainForm   = regexp.MustCompile(`^([\pL\pN]([\pL\pN-]*[\pL\pN])?\.)+[\pL\pN-]{2,}$`)
	homePageForm = regexp.MustCompile(`^(https?://)?[\pL\pN][\pL\pN.-]*(:\d{1,5})?(/\S*)?$`)
)

func lower(s string) string { return strings.ToLower(s) }

// checkWebsite gives the data codes of a new website of a filing.
func (s *Server) checkWebsite(provider int64, w *wire.Website, f *filing) []int64 {
	var codes []int64
	add := func(bad bool, code int64) {
		if bad {
			codes = append(codes, code)
		}
	}
	add(s.st.Black.hasWebsite(w), dataWebsiteBlacklisted)
	add(slices.ContainsFunc(f.Websites, func(o wire.FiledWebsite) bool { return o.Name == w.Name }), dataWebsiteName)
	for _, d := range w.Domains {
		add(!domainForm.MatchString(lower(d.Name)), dataDomainForm)
		add(s.idx.domains[lower(d.Name)] != nil, dataDomainFiled)
	}
	codes = append(codes, s.checkHomePage(w)...)
	codes = append(codes, s.checkKinds(w)...)
	codes = append(codes, s.checkPrincipal(&w.Principal, f.Subject.Nature != natureNaturalPerson)...)
	return append(codes, s.checkAccesses(provider, w.Accesses)...)
}

func (s *Server) checkHomePage(w *wire.Website) []int64 {
	page := lower(w.HomePage)
	switch {
	case page == "":
		return nil
	case !homePageForm.MatchString(page) || len(page) > maxFiledHomePage:
		return []int64{dataHomePageForm}
	case !slices.ContainsFunc(w.Domains, func(d wire.Domain) bool { return strings.Contains(page, lower(d.Name)) }):
		return []int64{dataHomePageElsewhere}
	case s.idx.homePages[page]:
		return []int64{dataHomePageTaken}
	}
	return nil
}

// checkKinds looks ids up in the code tables in force.
func (s *Server) checkKinds(w *wire.Website) []int64 {
	var codes []int64
	look := func(table string, code int64, ids ...int64) {
		if slices.ContainsFunc(ids, func(id int64) bool { return !s.hasCode(table, id) }) {
			codes = append(codes, code)
		}
	}
	if w.Approvals != nil {
		for _, a := range w.Approvals.Items {
			look("Wzjylx_dms", dataApprovalType, a.Type)
		}
	}
	look("Wzfwlx_dms", dataService, w.Services.IDs...)
	look("Yylb_dms", dataLanguage, w.Languages.IDs...)
	for _, a := range w.Accesses {
		look("Wzjrfs_dms", dataAccessMode, a.Modes.IDs...)
		look("Gj_dms", dataPlace, a.Places.IDs...)
	}
	return codes
}

// checkAccesses looks at the addresses: public ones, the provider's own, each
// access another.
func (s *Server) checkAccesses(provider int64, accesses []wire.Access) []int64 {
	var codes []int64
	seen := map[string]bool{}
	own := s.permission(provider).Ranges
	for _, a := range accesses {
		key := ""
		for _, ip := range a.IPs {
			key += wire.IPv4Text(ip.First) + "-" + wire.IPv4Text(ip.Last) + " "
			switch {
			case !public(ip):
				codes = append(codes, dataIP)
			case s.isOfAnother(provider, ip):
				codes = append(codes, dataIPConflict)
			case len(own) > 0 && !within(ip, own):
				codes = append(codes, dataIPNotReported)
			}
		}
		if seen[key] {
			codes = append(codes, dataSameAccess)
		}
		seen[key] = true
	}
	return codes
}

// isOfAnother reports whether another provider has reported an address.
func (s *Server) isOfAnother(provider int64, ip wire.IPRange) bool {
	for _, a := range s.cfg.Accounts {
		if a.ProviderID != provider && within(ip, s.permission(a.ProviderID).Ranges) {
			return true
		}
	}
	return false
}

// public reports whether both ends of a range can be reached from the internet;
// addresses kept for documentation pass, since samples use them.
func public(ip wire.IPRange) bool {
	for _, n := range []int64{ip.First, ip.Last} {
		a, err := netip.ParseAddr(wire.IPv4Text(n))
		if err != nil || a.As4()[0] == 0 || a.As4()[0] >= 224 || a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() {
			return false
		}
	}
	return true
}

func within(ip wire.IPRange, ranges []netip.Prefix) bool {
	first, err1 := netip.ParseAddr(wire.IPv4Text(ip.First))
	last, err2 := netip.ParseAddr(wire.IPv4Text(ip.Last))
	return err1 == nil && err2 == nil && slices.ContainsFunc(ranges, func(p netip.Prefix) bool { return p.Contains(first) && p.Contains(last) })
}
