package domaincheck

import "slices"

// Codes of [Normalize]'s refusals: keys of the message catalogues.
const (
	CodeEmpty       = "domain.empty"        // nothing was entered
	CodeTooLong     = "domain.too_long"     // longer than any URL a person pastes
	CodeSeveral     = "domain.several"      // more than one name; one website has one domain
	CodeIP          = "domain.ip"           // an address: a site without a domain cannot be filed
	CodeForm        = "domain.form"         // not a host name
	CodeSingleLabel = "domain.single_label" // a word without a suffix
	CodeSuffixOnly  = "domain.suffix_only"  // a public suffix such as com.cn
	CodeUnknownTLD  = "domain.tld_unknown"  // no such top-level domain exists
)

// InvalidCodes lists the codes of Normalize's refusals, for the test that the
// message catalogues are complete.
func InvalidCodes() []string {
	return []string{
		CodeEmpty, CodeTooLong, CodeSeveral, CodeIP, CodeForm,
		CodeSingleLabel, CodeSuffixOnly, CodeUnknownTLD,
	}
}

// Outcomes of checks. The message key of a check is
// "domain.check.<id>.<outcome>"; the remedy key "domain.remedy.<remedy>".
const (
	outcomePassed        = "passed"
	outcomeFailed        = "failed"
	outcomeUnknown       = "unknown"        // the source did not answer, or did not say
	outcomeNotApplicable = "not_applicable" // does not matter for this order
	outcomeStale         = "stale"          // old facts speak against it; not confirmed
	outcomeSuspended     = "suspended"      // on hold at the registry
	outcomeWaiting       = "waiting"        // verified, but too short a time ago
	outcomeTooNew        = "too_new"        // registered too short a time ago
	outcomeTooSoon       = "too_soon"       // expires before the time the province wants
	outcomeRedacted      = "redacted"       // the registry hides the owner
	outcomeScript        = "other_script"   // the owner is written in another script
	outcomeNoAccountName = "no_account_name"
)

// Remedies: what a person can do about a check that did not pass.
const (
	remedyOtherDomain   = "use_other_domain"     // choose a domain under an approved TLD
	remedyTransfer      = "transfer_in"          // transfer to an approved registrar
	remedyRenew         = "renew"                // renew at the registrar
	remedyRegister      = "register_first"       // register it, or check the spelling
	remedyVerify        = "verify_real_name"     // do real-name verification at the registrar
	remedyWait          = "wait"                 // try again at RetryAt
	remedyScreenshot    = "upload_screenshot"    // real-name page of the registrar as a picture
	remedyChangeOwner   = "change_owner"         // change the registrant, or file for the owner
	remedyCertificate   = "upload_certificate"   // domain certificate naming the owner
	remedyAddAccess     = "add_access_or_cancel" // 接入备案 when it is yours, cancel the old filing else
	remedyFinishOther   = "finish_other_order"   // finish or withdraw the other order
	remedyCloseSite     = "close_site"           // switch the site off until the filing is done
	remedyTryAgain      = "try_again"            // the source did not answer: check again later
	remedyReviewerLooks = "reviewer_checks"      // nothing to do; the reviewer decides
	remedyRealName      = "finish_account_check" // verify the account's own real name first
	remedyContact       = "contact_registrar"    // ask the registrar to lift the hold
)

// remedies lists all that each check can say, by outcome, and the remedy that
// goes with it ("" for none).
var remedies = map[CheckID]map[string]string{
	Registered:  {outcomePassed: "", outcomeFailed: remedyRegister, outcomeUnknown: remedyTryAgain},
	TLDApproved: {outcomePassed: "", outcomeFailed: remedyOtherDomain, outcomeUnknown: remedyReviewerLooks},
	RegistrarApproved: {
		outcomePassed: "", outcomeFailed: remedyTransfer, outcomeUnknown: remedyReviewerLooks,
		outcomeStale: remedyTryAgain, outcomeNotApplicable: "",
	},
	NotExpired: {
		outcomePassed: "", outcomeFailed: remedyRenew, outcomeTooSoon: remedyRenew, outcomeUnknown: remedyReviewerLooks,
		outcomeStale: remedyTryAgain, outcomeNotApplicable: "",
	},
	RealName: {
		outcomePassed: "", outcomeFailed: remedyVerify, outcomeSuspended: remedyContact, outcomeWaiting: remedyWait,
		outcomeTooNew: remedyWait, outcomeUnknown: remedyScreenshot, outcomeStale: remedyTryAgain, outcomeNotApplicable: "",
	},
	OwnerMatches: {
		outcomePassed: "", outcomeFailed: remedyChangeOwner, outcomeRedacted: remedyCertificate,
		outcomeScript: remedyCertificate, outcomeNoAccountName: remedyRealName, outcomeUnknown: remedyCertificate,
		outcomeStale: remedyTryAgain, outcomeNotApplicable: "",
	},
	NotFiled: {
		outcomePassed: "", outcomeFailed: remedyAddAccess, outcomeUnknown: remedyTryAgain, outcomeNotApplicable: "",
	},
	NotInProcess: {outcomePassed: "", outcomeFailed: remedyFinishOther, outcomeUnknown: remedyTryAgain},
	SiteClosed: {
		outcomePassed: "", outcomeFailed: remedyCloseSite, outcomeUnknown: remedyReviewerLooks, outcomeNotApplicable: "",
	},
}

// stateOf says what an outcome means for the order.
func stateOf(outcome string) State {
	switch outcome {
	case outcomePassed:
		return Passed
	case outcomeNotApplicable:
		return NotApplicable
	case outcomeFailed, outcomeSuspended, outcomeWaiting, outcomeTooNew, outcomeTooSoon:
		return Failed
	}
	return Unknown
}

// MessageKeys lists, sorted, every message and remedy key that a check can
// carry, for the test that the message catalogues are complete.
func MessageKeys() []string {
	var keys []string
	for id, outcomes := range remedies {
		for outcome, remedy := range outcomes {
			keys = append(keys, messageKey(id, outcome))
			if remedy != "" {
				keys = append(keys, remedyKey(remedy))
			}
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

func messageKey(id CheckID, outcome string) string {
	return "domain.check." + string(id) + "." + outcome
}

func remedyKey(remedy string) string { return "domain.remedy." + remedy }
