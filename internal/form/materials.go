package form

import (
	"slices"
	"strconv"
	"strings"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/rules"
)

// Need is a material that a case asks for.
type Need struct {
	Kind    icp.MaterialKind `json:"kind"`
	Website icp.WebsiteID    `json:"website,omitempty"`
	// Pointer names the need in findings, such as /materials/subject_certificate
	// or /materials/pre_approval/1 for the second website.
	Pointer  string `json:"pointer"`
	Required bool   `json:"required"`
	// Why is the message key of the first reason.
	Why string `json:"why"`
	// Most is how many files may be given.
	Most int `json:"most"`
	// Reasons are all reasons, the form's own first, then those of rules in the
	// order of their packs.
	Reasons []Reason `json:"-"`
}

// Reason is why a material is asked for.
type Reason struct {
	// Rule is the id of the rule that asks; empty for the form's own needs.
	Rule string
	// Key is the message, with its variables.
	Key      string
	Params   map[string]string
	Required bool
}

// mostPages is how many files answer a need of papers that may have pages.
const mostPages = 10

// Needs lists the materials of a case, in the order in which they are asked: of
// the subject, of each website, and what else the applicant wants to add.
// Units show their certificate; every principal shows both sides of theirs; a
// unit whose content needs an approval shows the approval. asks are what rules
// ask for beyond that; several rules that ask for the same are one need, which
// is required if any of them requires it.
func Needs(o *icp.Order, asks []rules.Ask) []Need {
	d := &o.Data
	n := needs{}
	if d.Subject.IsIndividual() {
		n.sides(d.Subject.CertificateType, icp.MaterialPrincipalFront, icp.MaterialPrincipalBack, "", "", "material.why.individual")
	} else {
		n.own(Need{Kind: icp.MaterialSubjectCertificate, Why: "material.why.unit_certificate", Most: 1}, "")
		n.sides(d.Subject.Principal.CertificateType, icp.MaterialPrincipalFront, icp.MaterialPrincipalBack, "", "", "material.why.principal")
	}
	n.asked(asks, "", "")
	for i := range d.Websites {
		w := &d.Websites[i]
		suffix := "/" + strconv.Itoa(i)
		if !w.SameAsSubject && !d.Subject.IsIndividual() {
			n.sides(w.Principal.CertificateType, icp.MaterialWebsitePrincipalFront, icp.MaterialWebsitePrincipalBack,
				w.ID, suffix, "material.why.website_principal")
		}
		if len(w.PreApprovals) > 0 && !d.Subject.IsIndividual() {
			n.own(Need{Kind: icp.MaterialPreApproval, Website: w.ID, Why: "material.why.pre_approval", Most: mostPages}, suffix)
		}
		n.asked(asks, w.ID, suffix)
	}
	return append(n, Need{Kind: icp.MaterialOther, Pointer: "/materials/other", Why: "material.why.other", Most: mostPages,
		Reasons: []Reason{{Key: "material.why.other"}}})
}

// needs grow while they are gathered.
type needs []Need

// own adds a need of the form itself.
func (n *needs) own(need Need, suffix string) {
	need.Pointer, need.Required = "/materials/"+string(need.Kind)+suffix, true
	need.Reasons = []Reason{{Key: need.Why, Required: true}}
	*n = append(*n, need)
}

// sides asks for the front and, unless the document is a booklet such as a
// passport, the back of a person's certificate.
func (n *needs) sides(certificate int, front, back icp.MaterialKind, site icp.WebsiteID, suffix, why string) {
	const passport = 7
	n.own(Need{Kind: front, Website: site, Why: why, Most: 1}, suffix)
	if certificate != passport {
		n.own(Need{Kind: back, Website: site, Why: why + "_back", Most: 1}, suffix)
	}
}

// asked adds what rules ask for of one website, or of the subject.
func (n *needs) asked(asks []rules.Ask, site icp.WebsiteID, suffix string) {
	for i := range asks {
		a := &asks[i]
		if a.Website != site {
			continue
		}
		because := Reason{Rule: a.Rule, Key: a.Message, Params: a.Params, Required: a.Required}
		at := slices.IndexFunc(*n, func(have Need) bool { return have.Kind == a.Kind && have.Website == site })
		if at < 0 {
			*n = append(*n, Need{Kind: a.Kind, Website: site, Pointer: "/materials/" + string(a.Kind) + suffix, Required: a.Required,
				Why: a.Message, Most: mostPages, Reasons: []Reason{because}})
			continue
		}
		have := &(*n)[at]
		have.Required = have.Required || a.Required
		if !slices.ContainsFunc(have.Reasons, func(r Reason) bool { return r.Rule == a.Rule }) {
			have.Reasons = append(have.Reasons, because)
		}
	}
}

// Given lists the materials that answer a need.
func Given(o *icp.Order, n Need) []icp.Material { return given(o, n.Kind, n.Website) }

func given(o *icp.Order, kind icp.MaterialKind, site icp.WebsiteID) []icp.Material {
	var out []icp.Material
	for _, m := range o.Materials {
		if m.Kind == kind && m.Website == site {
			out = append(out, m)
		}
	}
	return out
}

// CheckMaterials tells which of the needs are not answered: an error for what
// is required, a warning for what rules recommend.
func CheckMaterials(o *icp.Order, needs []Need) []icp.Finding {
	var out []icp.Finding
	for _, n := range needs {
		rule := n.asker()
		if !n.Required && rule == "form" || len(Given(o, n)) > 0 {
			continue
		}
		f := icp.Finding{Pointer: n.Pointer, Code: "material.missing", Severity: icp.SeverityError, Rule: rule,
			Params: map[string]string{"kind": string(n.Kind)}}
		if !n.Required {
			f.Code, f.Severity = "material.recommended", icp.SeverityWarning
		}
		out = append(out, f)
	}
	return out
}

// asker is the first rule that asks for a need as strictly as it stands, or
// "form" for the form's own.
func (n *Need) asker() string {
	for _, r := range n.Reasons {
		if r.Rule != "" && r.Required == n.Required && n.Reasons[0].Rule != "" {
			return r.Rule
		}
	}
	return "form"
}

// answered gives the materials at a pointer of materials.
func answered(o *icp.Order, pointer string) []icp.Material {
	kind, index, ofWebsite := strings.Cut(strings.TrimPrefix(pointer, "/materials/"), "/")
	site := icp.WebsiteID("")
	if ofWebsite {
		i, err := strconv.Atoi(index)
		if err != nil || i < 0 || i >= len(o.Data.Websites) {
			return nil
		}
		site = o.Data.Websites[i].ID
	}
	return given(o, icp.MaterialKind(kind), site)
}
