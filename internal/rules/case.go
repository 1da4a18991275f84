package rules

import (
	"time"

	"github.com/openbeian/beian/internal/icp"
)

// Case is what rules look at: an order, and what was found out beside its
// answers.
type Case struct {
	Order *icp.Order
	Facts Facts
}

// Truth is the answer to a question that may have none. The zero value is
// Unknown: a rule that needs the answer then cannot be judged.
type Truth int8

// The answers.
const (
	Unknown Truth = iota
	No
	Yes
)

// Facts is what was found out about a case besides the applicant's answers. A
// zero value means: not known.
type Facts struct {
	// RealNameSince is when the account's real name was verified.
	RealNameSince time.Time
	// SubjectElsewhere tells whether another account works with, or has filed,
	// the subject's certificate number.
	SubjectElsewhere Truth
	// FiledWebsites is how many websites of the subject are filed, through
	// whomever; nil when not known.
	FiledWebsites *int
	// Principals are by the pointer where each stands, such as
	// /subject/principal or /websites/0/principal.
	Principals map[string]PrincipalFacts
	// Websites are by the index of the order's websites; it may be shorter.
	Websites []WebsiteFacts
}

// PrincipalFacts is what was found out about a person in charge.
type PrincipalFacts struct {
	// MobileElsewhere and CertificateElsewhere tell whether another subject's
	// case uses the mobile number, or the certificate number.
	MobileElsewhere, CertificateElsewhere Truth
}

// WebsiteFacts is what was found out about a website's domain and server.
type WebsiteFacts struct {
	// DomainExpires is the end of the registration.
	DomainExpires time.Time
	// Owner is who holds the domain, as far as the registry tells.
	Owner Owner
	// Open tells whether the domain answers over HTTP now.
	Open Truth
	// RealNameTold is No when the registry does not tell that the domain's holder
	// is verified, and this provider is not the registrar either.
	RealNameTold Truth
}

// Owner is whose a domain is.
type Owner string

// The owners; the empty value means: not known.
const (
	OwnerSubject   Owner = "subject"   // the subject's name
	OwnerPrincipal Owner = "principal" // the subject's principal's name
	OwnerOther     Owner = "other"
)

// Result is the judgement of a case. The parameters of its messages may be
// those of a rule and are not to be changed.
type Result struct {
	// Findings are the faults, in the order of the packs.
	Findings []icp.Finding
	// Materials are the papers that rules ask for.
	Materials []Ask
}

// Ask is a paper that a rule asks for because of the case.
type Ask struct {
	Rule    string
	Kind    icp.MaterialKind
	Website icp.WebsiteID // empty for papers of the subject
	// Required is false where a paper is only recommended.
	Required bool
	// Message is the key of the reason, with its variables.
	Message string
	Params  map[string]string
}

// OutcomeState is what came of trying a rule at one place of a case.
type OutcomeState string

// The states.
const (
	Passed   OutcomeState = "passed"
	Failed   OutcomeState = "failed"
	Unjudged OutcomeState = "unjudged" // the answer or fact that it needs is missing
)

// Outcome is what came of one rule at one place of a case.
type Outcome struct {
	Rule    string
	Pointer string
	State   OutcomeState
	// Finding is set when the rule failed and asks for no paper.
	Finding *icp.Finding
	// Ask is set when it asks for a paper.
	Ask *Ask
}
