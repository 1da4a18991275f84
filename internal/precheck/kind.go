package precheck

import (
	"slices"

	"github.com/openbeian/beian/internal/icp"
)

// Ways out where the filing is not what the visitor may have hoped for.
const (
	exitTransferFirst  = "add_access_then_change" // add the access here, change the data afterwards
	exitCorrectFirst   = "correct_then_access"    // correct the record at the old provider first
	exitCancelAndFile  = "cancel_then_file"       // cancel the old filing, then file anew
	exitHolderCancels  = "cancel_by_holder"       // whoever filed it cancels
	exitAskBureau      = "cancel_by_bureau"       // the bureau cancels on application of the domain's owner
	exitOtherDomain    = "other_domain"           // take another domain
	exitMainlandEntity = "mainland_entity"        // overseas organisations need an entity here
	exitEmptySubject   = "empty_subject"          // a filing without websites is cancelled first
	exitTellSubject    = "look_up_subject"        // look up whether one is filed
)

// overseas is the nature of organisations abroad (境外机构), which cannot file:
// they need an entity with a certificate of the mainland.
const overseas = 16

// known is what the filing type is worked out from. Each is yes, no or unknown.
type known struct {
	subject Answer // the organiser holds a filing
	domain  Answer // the domain has a licence number
	nature  int
	// told says that subject is the visitor's word and not the authority's.
	told bool
}

// kindOf works out the type (备案类型) by the ministry's table: who has no filing
// makes a first one, who has one adds a website, and for a domain that is filed
// an access is added, which only its own subject can.
//
//	subject filed | domain filed | type
//	any           | yes          | add access, if it is the same subject
//	no            | yes          | none: the domain is in somebody else's filing
//	yes           | no           | add website
//	no            | no           | first filing
//	unknown       | no           | first filing, or add website
func kindOf(k known) Kind {
	switch {
	case k.nature == overseas:
		return deadEnd("precheck.kind.overseas", exitMainlandEntity)
	case k.domain == Yes && k.subject == No && !k.told:
		return deadEnd("precheck.kind.domain_of_other", exitHolderCancels, exitAskBureau, exitOtherDomain)
	case k.domain == Yes && k.subject == No:
		return kind(icp.AddAccess, false, "precheck.kind.access_contradiction", exitHolderCancels, exitAskBureau, exitOtherDomain)
	case k.domain == Yes && k.subject == Yes:
		return kind(icp.AddAccess, false, "precheck.kind.access_same", exitCorrectFirst, exitTransferFirst, exitCancelAndFile)
	case k.domain == Yes:
		return kind(icp.AddAccess, false, "precheck.kind.access_maybe", exitTellSubject, exitHolderCancels, exitAskBureau, exitOtherDomain)
	case k.subject == Yes && k.told:
		return kind(icp.AddWebsite, k.domain == No, "precheck.kind.website_told", exitEmptySubject)
	case k.subject == Yes:
		return kind(icp.AddWebsite, k.domain == No, "precheck.kind.website", exitEmptySubject)
	case k.subject == No && k.told:
		return kind(icp.FirstFiling, k.domain == No, "precheck.kind.first_told")
	case k.subject == No:
		return kind(icp.FirstFiling, k.domain == No, "precheck.kind.first")
	}
	return kind(icp.FirstFiling, false, "precheck.kind.first_assumed", exitTellSubject)
}

func kind(t icp.OrderType, certain bool, reason string, exits ...string) Kind {
	k := Kind{Type: t, Certain: certain, Reason: say(reason)}
	for _, id := range exits {
		k.Exits = append(k.Exits, Exit{ID: id})
	}
	return k
}

func deadEnd(reason string, exits ...string) Kind {
	k := kind("", true, reason, exits...)
	k.DeadEnd = true
	return k
}

// offered settles whether this platform takes orders of the type.
func (k *Kind) offered(types []icp.OrderType) { k.Offered = slices.Contains(types, k.Type) }
