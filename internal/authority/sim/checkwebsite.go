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

func contains(text, part string) bool { return strings.Contains(lower(text), lower(part)) }

// checkWebsite gives the data codes of a new website of a subject, which has
// others already.
func (s *Server) checkWebsite(provider int64, w *wire.Website, nature int64, others []wire.FiledWebsite) []int64 {
	var codes []int64
	add := func(bad bool, code int64) {
		if bad {
			codes = append(codes, code)
		}
	}
	add(s.st.Black.hasWebsite(w), dataWebsiteBlacklisted)
	add(slices.ContainsFunc(others, func(o wire.FiledWebsite) bool { return o.Name == w.Name }), dataWebsiteName)
	for _, d := range w.Domains {
		add(!domainForm.MatchString(lower(d.Name)), dataDomainForm)
		add(s.idx.domains[lower(d.Name)] != nil, dataDomainFiled)
	}
	codes = append(codes, s.checkHomePage(w.HomePage, w.Domains)...)
	codes = append(codes, s.checkKinds(w.Approvals, w.Services, w.Languages)...)
	codes = append(codes, s.checkPrincipal(&w.Principal, nature != natureNaturalPerson)...)
	seen := map[string]bool{}
	for _, a := range w.Accesses {
		codes = append(codes, s.checkAccess(provider, a.Places, a.Modes, a.IPs, seen)...)
	}
	return codes
}

func (s *Server) checkHomePage(homePage string, domains []wire.Domain) []int64 {
	page := lower(homePage)
	switch {
	case page == "":
		return nil
	case !homePageForm.MatchString(page) || len(page) > maxFiledHomePage:
		return []int64{dataHomePageForm}
	case !slices.ContainsFunc(domains, func(d wire.Domain) bool { return contains(page, d.Name) }):
		return []int64{dataHomePageElsewhere}
	case s.idx.homePages[page]:
		return []int64{dataHomePageTaken}
	}
	return nil
}

// checkKinds looks what a website is up in the code tables in force.
func (s *Server) checkKinds(approvals *wire.Approvals, services wire.ServiceIDs, languages wire.LanguageIDs) []int64 {
	var codes []int64
	if approvals != nil {
		for _, a := range approvals.Items {
			codes = append(codes, s.lacks("Wzjylx_dms", dataApprovalType, a.Type)...)
		}
	}
	codes = append(codes, s.lacks("Wzfwlx_dms", dataService, services.IDs...)...)
	return append(codes, s.lacks("Yylb_dms", dataLanguage, languages.IDs...)...)
}

// lacks gives a code when a table lacks one of the ids.
func (s *Server) lacks(table string, code int64, ids ...int64) []int64 {
	if slices.ContainsFunc(ids, func(id int64) bool { return !s.hasCode(table, id) }) {
		return []int64{code}
	}
	return nil
}

// checkAccess looks at one access: known kinds, and addresses that are public,
// the provider's own and not those of an access seen before.
func (s *Server) checkAccess(provider int64, places wire.PlaceIDs, modes wire.ModeIDs, ips []wire.IPRange, seen map[string]bool) []int64 {
	codes := append(s.lacks("Wzjrfs_dms", dataAccessMode, modes.IDs...), s.lacks("Gj_dms", dataPlace, places.IDs...)...)
	own := s.permission(provider).Ranges
	for _, ip := range ips {
		switch {
		case !public(ip):
			codes = append(codes, dataIP)
		case s.isOfAnother(provider, ip):
			codes = append(codes, dataIPConflict)
		case len(own) > 0 && !within(ip, own), s.set.IPReports && !s.inUse(provider, ip):
			codes = append(codes, dataIPNotReported)
		}
	}
	key := addresses(ips)
	if seen[key] {
		codes = append(codes, dataSameAccess)
	}
	seen[key] = true
	return codes
}

// addresses tells accesses apart.
func addresses(ips []wire.IPRange) string {
	var b strings.Builder
	for _, ip := range ips {
		b.WriteString(wire.IPv4Text(ip.First) + "-" + wire.IPv4Text(ip.Last) + " ")
	}
	return b.String()
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
