package form

import (
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

// optionsFunc lists the choices of a field; with nil texts the labels are left out.
type optionsFunc func(tables *refdata.Tables, texts Texts, nature int) []Option

func label(texts Texts, t refdata.Text) string {
	if texts == nil {
		return ""
	}
	return t.In(texts.Lang())
}

func natures(tables *refdata.Tables, texts Texts, nature int) []Option {
	var out []Option
	for _, n := range tables.Natures() {
		if n.Person == (nature == icp.NatureIndividual) {
			out = append(out, Option{Value: n.ID, Label: label(texts, n.Text)})
		}
	}
	return out
}

func subjectCertificates(tables *refdata.Tables, texts Texts, nature int) []Option {
	return certificates(tables.CertificateTypesFor(nature), texts)
}

func principalCertificates(tables *refdata.Tables, texts Texts, _ int) []Option {
	return certificates(tables.PrincipalCertificateTypes(), texts)
}

// roles are the capacities in which a unit's principal answers.
func roles(_ *refdata.Tables, texts Texts, _ int) []Option {
	var out []Option
	for _, r := range []icp.PrincipalRole{icp.RoleLegal, icp.RoleAuthorised} {
		o := Option{Code: string(r)}
		if texts != nil {
			o.Label = texts.Text("form.role." + string(r))
		}
		out = append(out, o)
	}
	return out
}

func certificates(types []refdata.CertificateType, texts Texts) []Option {
	var out []Option
	for _, c := range types {
		out = append(out, Option{Value: c.ID, Label: label(texts, c.Text)})
	}
	return out
}

// serviceContents offers individuals only what bureaux accept of them.
func serviceContents(tables *refdata.Tables, texts Texts, nature int) []Option {
	var out []Option
	for _, c := range tables.ServiceChoices() {
		if nature != icp.NatureIndividual || c.Person {
			out = append(out, Option{Value: c.ID, Label: label(texts, c.Text)})
		}
	}
	return out
}

func languages(tables *refdata.Tables, texts Texts, _ int) []Option {
	var out []Option
	for _, l := range tables.Languages() {
		out = append(out, Option{Value: l.ID, Label: label(texts, l.Text)})
	}
	return out
}

func preApprovals(tables *refdata.Tables, texts Texts, _ int) []Option {
	var out []Option
	for _, p := range tables.PreApprovals() {
		out = append(out, Option{Value: p.ID, Label: label(texts, p.Text)})
	}
	return out
}

// otherContent is the service content 其他, the one whose site must say in its
// remark what it offers.
func otherContent(tables *refdata.Tables) int {
	for _, c := range tables.ServiceContents() {
		if c.NeedsRemark {
			return c.ID
		}
	}
	return 0
}

// FilingRegion reports whether a code can be a place of filing (备案地域): a
// county, or a city without counties, in a province with a bureau.
func FilingRegion(tables *refdata.Tables, code string) bool {
	r, ok := tables.Region(code)
	if !ok || r.Level == refdata.ProvinceLevel || !tables.Holds(r.Validity) {
		return false
	}
	if _, ok := tables.Province(code); !ok {
		return false
	}
	return r.Level == refdata.CountyLevel || len(tables.Children(code)) == 0
}
