package order

import "github.com/openbeian/beian/internal/icp"

// Known is the answer to a question that may have none. The zero value is
// [Unknown]: whoever was asked did not say.
type Known int8

// The answers.
const (
	Unknown Known = iota
	No
	Yes
)

// Owner is under whose subject a domain is filed.
type Owner string

// The holders; the empty value means: the authority did not say.
const (
	HeldByUnknown Owner = ""
	HeldBySame    Owner = "same"  // the subject of the order
	HeldByOther   Owner = "other" // somebody else
)

// TypeFacts are what the filing type (备案类型) is worked out from. The zero
// value says that nothing is known.
type TypeFacts struct {
	// Filed tells whether the authority knows the subject's certificate number.
	Filed Known
	// Sites tells whether the filed subject has a website or access left; a
	// subject without is an empty shell (空壳主体). The interface does not say,
	// so it is Unknown unless somebody found out; Unknown counts as Yes.
	Sites Known
	// Proven is true when the authority confirmed the filing password of the
	// licence number that the applicant named.
	Proven bool
	// Here is true when this account has filed the subject through us. Our
	// register is believed before the authority's answer, whose index is older.
	Here bool
	// OtherAccount is true when another account here has filed, or is filing,
	// the subject.
	OtherAccount bool
	// InProcess is true when another order of the subject is with the authority.
	InProcess bool
	// Domains are those of the new websites; may be empty.
	Domains []DomainFacts
}

// DomainFacts are what is known of the filing of one domain.
type DomainFacts struct {
	// Filed tells whether the authority has a filing of the domain. Unknown
	// counts as No, with a reason that says so: the review and the authority
	// still decide.
	Filed Known
	// By says whose filing it is. Unknown counts as the subject's own where the
	// subject has a filing, and as somebody else's where it has none.
	By Owner
	// LinkedHere is true when the domain is filed through this provider.
	LinkedHere bool
}

// HeldBy compares the licence number of a domain's filing with those that are
// known to be the subject's. Numbers that cannot be read say nothing.
func HeldBy(domain string, subject ...string) Owner {
	theirs, err := icp.ParseLicenceNo(icp.NormalizeLicenceNo(domain))
	if err != nil {
		return HeldByUnknown
	}
	found := HeldByUnknown
	for _, own := range subject {
		n, err := icp.ParseLicenceNo(icp.NormalizeLicenceNo(own))
		switch {
		case err != nil:
		case n.Subject().String() == theirs.Subject().String():
			return HeldBySame
		default:
			found = HeldByOther
		}
	}
	return found
}

// OfSubject is [Detected.Domain] where the reason is about the subject.
const OfSubject = -1

// Detected is the filing type that follows from facts.
type Detected struct {
	// Type is "" at a dead end.
	Type icp.OrderType
	// Reason is the message key of why.
	Reason string
	// Offered tells whether orders of the type can be filed here by now.
	Offered bool
	// DeadEnd says that something has to be settled before any filing.
	DeadEnd bool
	// Exits are the ways out, or what to do if the facts are not as told.
	Exits []Exit
	// Domain is the index of the domain that the reason is about, or OfSubject.
	Domain int
}

// Stops reports whether the order cannot be submitted as it is.
func (d Detected) Stops() bool { return d.DeadEnd || !d.Offered }

// Exit is a way out of a dead end.
type Exit string

// Key is the message key of the exit's title; its text has the same with ".text".
func (e Exit) Key() string { return "type.exit." + string(e) }

// The exits.
const (
	ExitRecoverAccount Exit = "recover_account" // 找回原备案账号
	ExitMoveFiling     Exit = "move_filing"     // 备案迁移 between two accounts
	ExitCancelSubject  Exit = "cancel_subject"  // 注销主体
	// ExitCancelAtAuthority: only the authority itself cancels an empty subject.
	ExitCancelAtAuthority Exit = "cancel_at_authority"
	ExitCorrectThenAccess Exit = "correct_then_access" // at the old provider, then 接入备案
	ExitAccessThenChange  Exit = "access_then_change"
	ExitCancelThenFile    Exit = "cancel_then_file"
	// ExitHolderCancels: the authority cancels a filing left by a former holder.
	ExitHolderCancels Exit = "holder_cancels"
	// ExitOldNumber: after a new licence, the number on record is the old one.
	ExitOldNumber   Exit = "old_number"
	ExitFileLater   Exit = "file_later" // this system does not offer the type yet
	ExitOldProvider Exit = "old_provider"
	ExitChange      Exit = "change" // 变更备案 instead
	ExitSeparate    Exit = "separate_orders"
	ExitWait        Exit = "wait"
)

// Exits lists all exits.
func Exits() []Exit {
	return []Exit{ExitRecoverAccount, ExitMoveFiling, ExitCancelSubject, ExitCancelAtAuthority, ExitCorrectThenAccess, ExitAccessThenChange,
		ExitCancelThenFile, ExitHolderCancels, ExitOldNumber, ExitFileLater, ExitOldProvider, ExitChange, ExitSeparate, ExitWait}
}

// offered are the types that can be filed by now.
var offered = map[icp.OrderType]bool{icp.AddWebsite: true}

// DetectType works the filing type out; nobody picks it. The sources are what
// access providers publish about the kinds of filings (2018 to 2022).
//
//	subject's certificate       | domain                    | result
//	in another account here     | any                       | stop: one subject, one account
//	known, without sites        | any                       | stop: cancel the empty subject first
//	known, here or proven       | another subject's         | stop: three ways
//	not known                   | somebody's                | stop: its former holder's filing goes first
//	any                         | linked here, subject here | change (not offered)
//	here                        | the subject's, not linked | add access, in one step (not offered)
//	any other                   | the subject's             | add access (not offered)
//	here                        | not filed                 | add website, filed here
//	known, or proven            | not filed                 | add website, filed elsewhere
//	not known, but proven       | not filed                 | add website; perhaps a re-issued licence
//	no answer                   | not filed                 | add website, to be confirmed
//	not known                   | not filed                 | first filing (not offered)
//	domains of several results  |                           | stop: types are not mixed
//	another order under way     |                           | stop: one order of a subject at a time
//
// The first line that fits holds. What an unknown answer counts as stands at
// the fields of [TypeFacts] and [DomainFacts]: never as a reason to stop.
func DetectType(f TypeFacts) Detected {
	switch {
	case f.OtherAccount && !f.Here:
		return deadEnd("type.other_account", ExitRecoverAccount, ExitMoveFiling, ExitCancelSubject)
	case f.Filed == Yes && f.Sites == No:
		return deadEnd("type.empty_subject", ExitCancelAtAuthority, ExitOldProvider)
	}
	found := ofDomains(f)
	if !found.Stops() && f.InProcess {
		return deadEnd("type.in_process", ExitWait)
	}
	return found
}

// ofDomains gives the type for all domains together: the first dead end, a stop
// where the types differ, or the type that all have.
func ofDomains(f TypeFacts) Detected {
	if len(f.Domains) == 0 {
		return unfiled(f, No)
	}
	var first Detected
	filed, mixed := OfSubject, false
	for i, domain := range f.Domains {
		d := ofDomain(f, domain)
		if domain.Filed == Yes {
			d.Domain = i
			if filed == OfSubject {
				filed = i
			}
		}
		switch {
		case d.DeadEnd:
			return d
		case i == 0:
			first = d
		case d.Type != first.Type:
			mixed = true
		}
	}
	if mixed { // told at a domain that is filed, for new ones fit together
		return Detected{Reason: "type.mixed", DeadEnd: true, Exits: []Exit{ExitSeparate}, Domain: filed}
	}
	return first
}

// ofDomain gives the type for one domain.
func ofDomain(f TypeFacts, d DomainFacts) Detected {
	if d.Filed != Yes {
		return unfiled(f, d.Filed)
	}
	has := f.Here || f.Proven || f.Filed == Yes // the subject has a filing
	switch {
	case d.By == HeldByOther && (has || f.Filed == Unknown):
		return deadEnd("type.domain_of_other_subject", ExitCorrectThenAccess, ExitAccessThenChange, ExitCancelThenFile)
	case d.By == HeldByOther, d.By == HeldByUnknown && f.Filed == No && !has:
		return deadEnd("type.domain_held", ExitHolderCancels, ExitOldNumber)
	case d.LinkedHere && f.Here:
		return notYet(icp.Change, "type.already_filed", ExitChange)
	case f.Here:
		return notYet(icp.AddAccess, "type.add_access_here_not_offered", ExitFileLater, ExitOldProvider)
	case d.By == HeldByUnknown:
		return notYet(icp.AddAccess, "type.add_access_unconfirmed", ExitFileLater, ExitOldProvider, ExitCorrectThenAccess, ExitCancelThenFile)
	}
	return notYet(icp.AddAccess, "type.add_access_not_offered", ExitFileLater, ExitOldProvider)
}

// unfiled gives the type for a domain without a filing, as far as is known.
func unfiled(f TypeFacts, domain Known) Detected {
	site := func(reason string, hints ...Exit) Detected {
		return Detected{Type: icp.AddWebsite, Reason: reason, Offered: offered[icp.AddWebsite], Exits: hints, Domain: OfSubject}
	}
	switch {
	case f.Filed == No && !f.Here && f.Proven:
		return site("type.add_website_reissued", ExitOldNumber)
	case f.Filed == No && !f.Here:
		return notYet(icp.FirstFiling, "type.first_filing_not_offered", ExitOldNumber, ExitFileLater)
	case f.Filed == Unknown && !f.Here && !f.Proven:
		return site("type.add_website_unconfirmed")
	case domain == Unknown:
		return site("type.add_website_domain_unconfirmed")
	case f.Here:
		return site("type.add_website_here")
	}
	return site("type.add_website_elsewhere")
}

func deadEnd(reason string, exits ...Exit) Detected {
	return Detected{Reason: reason, DeadEnd: true, Exits: exits, Domain: OfSubject}
}

// notYet is a type that this system may learn to file.
func notYet(t icp.OrderType, reason string, exits ...Exit) Detected {
	return Detected{Type: t, Reason: reason, Offered: offered[t], Exits: exits, Domain: OfSubject}
}
