package casework

import (
	"context"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/rules"
	"github.com/openbeian/beian/internal/store"
)

// known is what was found out about an order beside its answers.
type known struct {
	rules rules.Facts
	types order.TypeFacts
	// listed are warnings about what is on the authority's blacklists.
	listed []icp.Finding
}

// Facts finds out what rules may ask about an order beside its answers, by the
// same few queries however many persons and websites it has. Nothing outside is
// asked: what the authority and the registries said is kept. What cannot be told
// stays unknown, and rules that need it judge nothing.
func (c *Cases) Facts(ctx context.Context, tx *store.Tx, o *icp.Order, at time.Time) (rules.Facts, error) {
	k, err := c.gather(ctx, tx, o, at)
	return k.rules, err
}

// gather finds out what is known of an order. Look-ups in other orders are
// known for the numbers that the order was saved with: for those typed since
// they are unknown until the next save, so that nobody tries numbers out.
func (c *Cases) gather(ctx context.Context, tx *store.Tx, o *icp.Order, at time.Time) (known, error) {
	a, err := tx.Account(ctx, o.Account)
	if err != nil {
		return known{}, err
	}
	s := &o.Data.Subject
	shared, err := tx.SharedOf(ctx, o)
	if err != nil {
		return known{}, err
	}
	here, err := tx.FiledHere(ctx, s.CertificateNumber, o.Account, o.ID)
	if err != nil {
		return known{}, err
	}
	domains, err := c.Domains.Known(ctx, tx, o.Account, domainsOf(o), DomainNames{Subject: s.Name, Principal: s.Principal.Name}, at)
	if err != nil {
		return known{}, err
	}
	own, saved := shared.Of(store.ByCertificate, s.CertificateNumber)
	k := known{rules: rules.Facts{FiledWebsites: filedWebsites(o, here), Principals: principalFacts(o, shared)}}
	if a.Name.Kind != "" {
		k.rules.RealNameSince = a.Name.At
	}
	k.rules.SubjectElsewhere = subjectElsewhereOf(here, own, saved)
	if k.listed, err = listed(ctx, tx, o, a.Name.CertificateNumber); err != nil {
		return known{}, err
	}
	k.types = order.TypeFacts{Here: here.Mine, OtherAccount: here.Others || own.OtherAccount, InProcess: own.InProcess,
		Proven: !here.Mine && o.Data.Filing.Check == icp.FilingMatches}
	k.types.Filed, k.types.Sites = standing(o)
	k.types.Sites = sitesHere(here, k.types.Sites)
	for i := range o.Data.Websites {
		w := &o.Data.Websites[i]
		d := domains[w.Domain]
		k.rules.Websites = append(k.rules.Websites, rules.WebsiteFacts{DomainExpires: d.Expires, Owner: d.Owner, Open: d.Open, RealNameTold: d.RealNameTold})
		facts := order.DomainFacts{}
		if w.LicenceNo == "" { // else its filing is this order's own
			if facts, err = domainFacts(ctx, tx, o, w.Domain, d); err != nil {
				return known{}, err
			}
		} else {
			facts.Filed = order.No
		}
		k.types.Domains = append(k.types.Domains, facts)
	}
	return k, nil
}

// subjectElsewhereOf tells whether the subject is in another account too.
func subjectElsewhereOf(here store.FiledHere, own store.SharedValue, saved bool) rules.Truth {
	switch {
	case here.Others && !here.Mine || own.OtherAccount:
		return rules.Yes
	case saved:
		return rules.No
	}
	return rules.Unknown
}

func domainsOf(o *icp.Order) []string {
	out := make([]string, len(o.Data.Websites))
	for i := range o.Data.Websites {
		out[i] = o.Data.Websites[i].Domain
	}
	return out
}

// standing reads what the authority said of the subject's certificate; an
// answer about another certificate says nothing.
func standing(o *icp.Order) (filed, sites order.Known) {
	said, s := &o.Data.Standing, &o.Data.Subject
	if said.CertificateNumber != s.CertificateNumber || said.CertificateType != s.CertificateType {
		return order.Unknown, order.Unknown
	}
	return Standing(said.Answer).Known()
}

// sitesHere tells whether a subject has websites left: the register of this
// provider is believed before the authority's answer, whose index is older.
func sitesHere(here store.FiledHere, said order.Known) order.Known {
	if here.Mine && here.Websites > 0 {
		return order.Yes
	}
	return said
}

// filedWebsites counts the subject's filed websites: those of our register for
// a subject that files here, none for one that the authority does not know. For
// others the number is not known; websites that a subject of ours has filed
// elsewhere are not counted either.
func filedWebsites(o *icp.Order, here store.FiledHere) *int {
	if here.Mine || here.Others {
		return &here.Websites
	}
	if filed, _ := standing(o); filed == order.No && o.Data.Filing.Check != icp.FilingMatches {
		return new(int)
	}
	return nil
}

// principalFacts tells of each person who answers for something whether others
// have the mobile or certificate number.
func principalFacts(o *icp.Order, shared store.Shared) map[string]rules.PrincipalFacts {
	out := map[string]rules.PrincipalFacts{}
	add := func(at string, p *icp.Principal) {
		out[at] = rules.PrincipalFacts{MobileElsewhere: elsewhere(shared, store.ByMobile, p.Mobile),
			CertificateElsewhere: elsewhere(shared, store.ByCertificate, p.CertificateNumber)}
	}
	add("/subject/principal", &o.Data.Subject.Principal)
	for i := range o.Data.Websites {
		if w := &o.Data.Websites[i]; !w.SameAsSubject {
			add("/websites/"+strconv.Itoa(i)+"/principal", &w.Principal)
		}
	}
	return out
}

func elsewhere(shared store.Shared, kind store.LookupKind, value string) rules.Truth {
	found, saved := shared.Of(kind, value)
	switch {
	case !saved:
		return rules.Unknown
	case found.OtherSubject:
		return rules.Yes
	}
	return rules.No
}

// domainFacts tells whether a domain is filed, and whose filing that is: the
// subject's where the licence numbers are the same, somebody else's where both
// are told and differ.
func domainFacts(ctx context.Context, tx *store.Tx, o *icp.Order, domain string, k DomainKnown) (order.DomainFacts, error) {
	switch k.Filed {
	case rules.No:
		return order.DomainFacts{Filed: order.No}, nil
	case rules.Unknown:
		return order.DomainFacts{}, nil
	case rules.Yes:
	}
	out := order.DomainFacts{Filed: order.Yes, By: order.HeldBy(k.SubjectLicence, licences(o)...)}
	linked, err := tx.FiledWebsitesWith(ctx, domain)
	out.LinkedHere = len(linked) > 0
	return out, err
}

// licences are the subject's licence numbers as far as they are sure: proven by
// the filing password, or told by the authority for the certificate.
func licences(o *icp.Order) []string {
	var out []string
	if o.Data.Filing.Check == icp.FilingMatches {
		out = append(out, o.Data.Filing.LicenceNo)
	}
	if filed, _ := standing(o); filed == order.Yes && o.Data.Standing.LicenceNo != "" {
		out = append(out, o.Data.Standing.LicenceNo)
	}
	return out
}
