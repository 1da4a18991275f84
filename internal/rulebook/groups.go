package rulebook

import (
	"slices"
	"strings"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/rules"
)

// Group is what a rule is about, as people look for it: about the steps of an
// order.
type Group string

// The groups, in the order in which an applicant meets them.
const (
	GroupOrder     Group = "order"     // who may file what, how many websites
	GroupSubject   Group = "subject"   // the organiser
	GroupPrincipal Group = "principal" // persons in charge
	GroupWebsite   Group = "website"   // names, contents, remarks
	GroupDomain    Group = "domain"    // domains and the servers behind them
	GroupMaterial  Group = "material"  // papers
	GroupChange    Group = "change"    // changes and cancellations only
)

// Groups lists all groups in their order.
func Groups() []Group {
	return []Group{GroupOrder, GroupSubject, GroupPrincipal, GroupWebsite, GroupDomain, GroupMaterial, GroupChange}
}

// later are the orders that come after a filing.
var later = []icp.OrderType{icp.Change, icp.CancelSubject, icp.CancelWebsite, icp.CancelAccess}

// GroupOf tells what a rule is about.
func GroupOf(r rules.RuleInfo) Group {
	isLater := func(t icp.OrderType) bool { return slices.Contains(later, t) }
	switch {
	case len(r.Types) > 0 && !slices.ContainsFunc(r.Types, func(t icp.OrderType) bool { return !isLater(t) }):
		return GroupChange
	case r.Material != "" || r.JudgedBy == "materials":
		return GroupMaterial
	case r.JudgedBy == "resources" || r.JudgedBy == "domains":
		return GroupDomain
	case r.JudgedBy == "accounts" || r.JudgedBy == "types" || r.JudgedBy == "lifecycle":
		return GroupOrder
	}
	return groupOfField(r.Field)
}

func groupOfField(field string) Group {
	is := func(prefixes ...string) bool {
		return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(field, p) })
	}
	switch {
	case is("/principals/", "/subject/principal/", "/websites/*/principal/"):
		return GroupPrincipal
	case is("/subject/"):
		return GroupSubject
	case is("/websites/*/domain", "/websites/*/home_url", "/websites/*/resource"):
		return GroupDomain
	case is("/websites/*/"):
		return GroupWebsite
	}
	return GroupOrder
}
