package form

import (
	"strconv"

	"github.com/openbeian/beian/internal/icp"
)

// Need is a material that a case asks for.
type Need struct {
	Kind    icp.MaterialKind `json:"kind"`
	Website icp.WebsiteID    `json:"website,omitempty"`
	// Pointer names the need in findings, such as /materials/subject_certificate
	// or /materials/pre_approval/1 for the second website.
	Pointer  string `json:"pointer"`
	Required bool   `json:"required"`
	// Why is the message key of the reason.
	Why string `json:"why"`
	// Most is how many files may be given.
	Most int `json:"most"`
}

// Needs lists the materials of a case, in the order in which they are asked.
// Units show their certificate; every principal shows both sides of theirs; a
// unit whose content needs an approval shows the approval.
func Needs(o *icp.Order) []Need {
	d := &o.Data
	var out []Need
	if d.Subject.IsIndividual() {
		out = append(out, sides(d.Subject.CertificateType, icp.MaterialPrincipalFront, icp.MaterialPrincipalBack, "", "", "material.why.individual")...)
	} else {
		out = append(out, Need{Kind: icp.MaterialSubjectCertificate, Pointer: "/materials/subject_certificate", Required: true,
			Why: "material.why.unit_certificate", Most: 1})
		out = append(out, sides(d.Subject.Principal.CertificateType, icp.MaterialPrincipalFront, icp.MaterialPrincipalBack, "", "", "material.why.principal")...)
	}
	for i := range d.Websites {
		w := &d.Websites[i]
		suffix := "/" + strconv.Itoa(i)
		if !w.SameAsSubject && !d.Subject.IsIndividual() {
			out = append(out, sides(w.Principal.CertificateType, icp.MaterialWebsitePrincipalFront, icp.MaterialWebsitePrincipalBack,
				w.ID, suffix, "material.why.website_principal")...)
		}
		if len(w.PreApprovals) > 0 && !d.Subject.IsIndividual() {
			out = append(out, Need{Kind: icp.MaterialPreApproval, Website: w.ID, Pointer: "/materials/pre_approval" + suffix,
				Required: true, Why: "material.why.pre_approval", Most: 10})
		}
	}
	return append(out, Need{Kind: icp.MaterialOther, Pointer: "/materials/other", Why: "material.why.other", Most: 10})
}

// sides asks for the front and, unless the document is a booklet such as a
// passport, the back of a person's certificate.
func sides(certificate int, front, back icp.MaterialKind, site icp.WebsiteID, suffix, why string) []Need {
	const passport = 7
	out := []Need{{Kind: front, Website: site, Pointer: "/materials/" + string(front) + suffix, Required: true, Why: why, Most: 1}}
	if certificate != passport {
		out = append(out, Need{Kind: back, Website: site, Pointer: "/materials/" + string(back) + suffix, Required: true, Why: why + "_back", Most: 1})
	}
	return out
}

// Given lists the materials that answer a need.
func Given(o *icp.Order, n Need) []icp.Material {
	var out []icp.Material
	for _, m := range o.Materials {
		if m.Kind == n.Kind && m.Website == n.Website {
			out = append(out, m)
		}
	}
	return out
}

// CheckMaterials tells which required materials are missing.
func CheckMaterials(o *icp.Order) []icp.Finding {
	var out []icp.Finding
	for _, n := range Needs(o) {
		if n.Required && len(Given(o, n)) == 0 {
			out = append(out, icp.Finding{Pointer: n.Pointer, Code: "material.missing", Severity: icp.SeverityError, Rule: "form",
				Params: map[string]string{"kind": string(n.Kind)}})
		}
	}
	return out
}
