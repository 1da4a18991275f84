package order

import (
	"slices"
	"strconv"
	"strings"

	"github.com/openbeian/beian/internal/icp"
)

// SMSDuty says when the principal of a part of an order must pass the
// ministry's check by message (短信核验).
type SMSDuty int

// Duties.
const (
	SMSNever SMSDuty = iota
	SMSAlways
	SMSIfChanged // only where the order changes the part
)

// SMSRule tells for one filing type who verifies.
type SMSRule struct {
	Subject  SMSDuty // the subject's principal (主体负责人)
	Websites SMSDuty // the websites' principals (网站负责人)
	// OnFile: the message goes to the number that the ministry has on file, not
	// to one that the order brings; a stale number must be changed before.
	OnFile bool
}

// smsRules is the table. It follows 工信管函〔2017〕2322号 as access providers
// explain it. That cancellations are verified too is newer than the first lists
// of 2018, which knew a filing password instead; see docs/sms-check.md.
var smsRules = map[icp.OrderType]SMSRule{
	icp.FirstFiling:   {Subject: SMSAlways, Websites: SMSAlways},
	icp.AddWebsite:    {Subject: SMSIfChanged, Websites: SMSAlways},
	icp.AddAccess:     {Websites: SMSAlways, OnFile: true},
	icp.Change:        {Subject: SMSIfChanged, Websites: SMSIfChanged},
	icp.CancelSubject: {Subject: SMSAlways, OnFile: true},
	icp.CancelWebsite: {Websites: SMSAlways, OnFile: true},
	icp.CancelAccess:  {},
}

// SMSRuleOf tells who verifies in orders of a type; nobody where the type is
// not known.
func SMSRuleOf(t icp.OrderType) SMSRule { return smsRules[t] }

// SMSPerson is one person who gets one code.
type SMSPerson struct {
	Pointers     []string // of the principals that the person is, the subject's first
	Name, Mobile string
}

// SMSPersons lists who must verify an order: the subject's principal first, then
// those of the websites. The same person on the same number gets one code. A
// website that is filed already takes no part in a filing of websites. changed
// lists the parts that the order changes, such as /subject or /websites/0; only
// types with [SMSIfChanged] ask for it.
func SMSPersons(o *icp.Order, changed ...string) []SMSPerson {
	rule := smsRules[o.Type]
	var out []SMSPerson
	add := func(part string, duty SMSDuty, p *icp.Principal) {
		if duty == SMSAlways || duty == SMSIfChanged && slices.Contains(changed, part) {
			out = addPerson(out, o, part+"/principal", p)
		}
	}
	add("/subject", rule.Subject, &o.Data.Subject.Principal)
	files := o.Type == icp.FirstFiling || o.Type == icp.AddWebsite
	for i := range o.Data.Websites {
		w := &o.Data.Websites[i]
		if files && w.LicenceNo != "" {
			continue
		}
		add("/websites/"+strconv.Itoa(i), rule.Websites, &w.Principal)
	}
	return out
}

// addPerson adds a principal, to the person who it is where that one is listed.
func addPerson(list []SMSPerson, o *icp.Order, pointer string, p *icp.Principal) []SMSPerson {
	for i := range list {
		if sameMessage(principalAt(o, list[i].Pointers[0]), p) {
			list[i].Pointers = append(list[i].Pointers, pointer)
			return list
		}
	}
	return append(list, SMSPerson{Pointers: []string{pointer}, Name: p.Name, Mobile: icp.NormalizeMobile(p.Mobile)})
}

// sameMessage reports whether one code serves both: one number and one person.
// Two persons on one number get a code each.
func sameMessage(a, b *icp.Principal) bool {
	return icp.NormalizeMobile(a.Mobile) == icp.NormalizeMobile(b.Mobile) &&
		a.CertificateType == b.CertificateType && strings.EqualFold(a.CertificateNumber, b.CertificateNumber) && a.Name == b.Name
}

// principalAt gives the principal at a pointer of [SMSPersons].
func principalAt(o *icp.Order, pointer string) *icp.Principal {
	if i, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(pointer, "/websites/"), "/principal")); err == nil {
		return &o.Data.Websites[i].Principal
	}
	return &o.Data.Subject.Principal
}

// SMSFailed reports whether an order came back for nothing but the check by
// message: then it can be sent again as it is.
func SMSFailed(o *icp.Order) bool {
	if o.State != icp.StateReturnedToProvider {
		return false
	}
	failed := slices.ContainsFunc(o.SMSChecks(), func(c *icp.SMSCheck) bool { return c.State == icp.SMSTimedOut || c.State == icp.SMSUnknown })
	return failed && !slices.ContainsFunc(o.Data.Findings, func(f icp.Finding) bool { return !SMSFinding(f) })
}

// Codes of findings that tell why the check by message failed.
const (
	SMSCodeTimedOut = "sms.timed_out" // the person did not verify in time
	SMSCodeUnclear  = "sms.unclear"   // the person was said to have verified, but the authority sent the order back
)

// SMSFinding reports whether a finding tells of the check by message.
func SMSFinding(f icp.Finding) bool { return f.Code == SMSCodeTimedOut || f.Code == SMSCodeUnclear }
