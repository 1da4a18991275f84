package precheck

import (
	"slices"

	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/domaincheck/saved"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
)

// Basis is on whose word the filing type rests.
type Basis string

// The bases.
const (
	ByAuthority Basis = "authority" // it answered for the certificate
	BySilence   Basis = "silent"    // it was asked and did not answer
	ByVisitor   Basis = "told"      // the visitor said whether there is a filing
	ByNobody    Basis = "assumed"   // nobody was asked
)

// overseas is the nature of organisations abroad (境外机构). They file with the
// certificate of an office that is registered in the mainland, or not at all.
const overseas = 16

// Ways out that only a pre-check knows; the others are those of package order.
const (
	exitMainlandUnit   = "precheck.exit.mainland_unit"
	exitMainlandOffice = "precheck.exit.mainland_office"
)

// kindOf works out the filing type by the table of package order, from what the
// authority said, else from the visitor's word. Where the table's reason speaks
// for the authority, which was not asked, the reason is put otherwise. Whether
// another account here has filed the subject is nobody's business yet.
func kindOf(q *question, k saved.Known, said Standing) Kind {
	f, basis := order.TypeFacts{Filed: said.Filed, Sites: said.Sites}, ByAuthority
	if f.Filed == order.Unknown {
		f.Filed = q.SubjectFiled.known()
		switch {
		case q.CertificateNumber != "":
			basis = BySilence
		case f.Filed != order.Unknown:
			basis = ByVisitor
		default:
			basis = ByNobody
		}
	}
	domain := order.DomainFacts{Filed: filed(k)}
	if domain.Filed == order.Yes {
		domain.By = order.HeldBy(k.SubjectLicence, said.LicenceNo)
	}
	f.Domains = []order.DomainFacts{domain}
	d := order.DetectType(f)
	out := Kind{Type: d.Type, Basis: basis, Unsure: f.Filed == order.Unknown, Offered: d.Offered, DeadEnd: d.DeadEnd, Reason: say(d.Reason)}
	switch {
	case basis != ByAuthority && d.Type == icp.FirstFiling:
		out.Reason = say("precheck.kind.first_told")
	case basis == ByNobody && d.Type == icp.AddWebsite:
		out.Reason = say("precheck.kind.assumed")
	}
	for _, e := range d.Exits {
		out.Exits = append(out.Exits, e.Key())
	}
	return out
}

// abroad replaces the type of an organisation abroad without an office here:
// when it named no certificate, or one that the rules refuse for that. The
// finding is taken out, for the type tells the same and knows the ways out.
func (r *Report) abroad(q *question) {
	if q.Nature != overseas {
		return
	}
	refused := func(f Finding) bool { return f.stops() && f.Field == "certificate_type" }
	if q.CertificateType != 0 && !slices.ContainsFunc(r.Findings, refused) {
		return
	}
	r.Findings = slices.DeleteFunc(r.Findings, refused)
	r.Kind = Kind{DeadEnd: true, Reason: say("precheck.kind.overseas"), Exits: []string{exitMainlandUnit, exitMainlandOffice}}
}

func (a Answer) known() order.Known {
	switch a {
	case Yes:
		return order.Yes
	case No:
		return order.No
	case Unknown:
	}
	return order.Unknown
}

// filed tells whether the authority has a filing of the domain.
func filed(k saved.Known) order.Known {
	switch k.Filed { //nolint:exhaustive // the other states do not tell
	case domaincheck.Passed:
		return order.Yes
	case domaincheck.Failed:
		return order.No
	}
	return order.Unknown
}
