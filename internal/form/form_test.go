package form_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/form"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/rules"
)

var (
	noon   = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)
	limits = form.Limits{Websites: 10, UploadMinBytes: 200 << 10, UploadMaxBytes: 8 << 20}
)

// unit gives a complete order of an invented unit with two sites.
func unit() *icp.Order {
	p := icp.Principal{Name: "周明远", CertificateType: 2, CertificateNumber: "11010519491231002X", CertificateUntil: "2036-01-01",
		Role: icp.RoleLegal, Mobile: "13800138000", OfficePhone: "010-87654321", EmergencyPhone: "13900139000", Email: "zhou@example.com"}
	s := icp.Subject{Region: "110108", Nature: icp.NatureEnterprise, CertificateType: icp.CertBusinessLicence, CertificateNumber: "91110108551385082Q",
		Name: "北京云杉数字科技有限公司", CertificateAddress: "北京市海淀区学院路 1 号", Investor: "北京云杉数字科技有限公司", Address: "学院路 1 号 2 层", Principal: p}
	o := &icp.Order{ID: "o1", State: icp.StateDraft, Data: icp.OrderData{Subject: s,
		Filing: icp.ExistingFiling{LicenceNo: "京ICP备2024012345号", Check: icp.FilingMatches}}}
	for _, d := range []string{"yunshan.cn", "yunshan.com"} {
		o.Data.Websites = append(o.Data.Websites, icp.Website{ID: icp.WebsiteID(d), Name: "云杉数字", Domain: d, HomeURL: "www." + d,
			Resource: icp.Resource{Kind: icp.ResourceServer, Server: "s1", IP: "203.0.113.7"}, ServiceContent: other() - 1, Languages: []int{1},
			SameAsSubject: true, Principal: p})
	}
	return o
}

// other is the service content that asks for a remark.
func other() int {
	for _, c := range refdata.Builtin().ServiceContents() {
		if c.NeedsRemark {
			return c.ID
		}
	}
	return 0
}

func TestCheckFindsEachFault(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		change  func(o *icp.Order)
		pointer string
		code    string
	}{
		{"a complete order has no fault", func(*icp.Order) {}, "", ""},
		{"the unit's name is required", func(o *icp.Order) { o.Data.Subject.Name = " " }, "/subject/name", "form.required"},
		{"a name is at most 255 characters, not bytes", func(o *icp.Order) { o.Data.Subject.Name = strings.Repeat("云", 256) }, "/subject/name", "form.too_long"},
		{"255 characters are not too long", func(o *icp.Order) { o.Data.Subject.Name = strings.Repeat("云", 255) }, "", ""},
		{"the credit code's check character counts", func(o *icp.Order) { o.Data.Subject.CertificateNumber = "91110108551385083Q" }, "/subject/certificate_number", "id.credit_code.checksum"},
		{"the resident id's check character counts", func(o *icp.Order) {
			o.Data.Subject.Principal.CertificateNumber = "110105194912310021"
		}, "/subject/principal/certificate_number", "id.resident.checksum"},
		{"a unit does not show a personal certificate", func(o *icp.Order) { o.Data.Subject.CertificateType = icp.CertResidentID }, "/subject/certificate_type", "form.not_an_option"},
		{"a province is no place of filing", func(o *icp.Order) { o.Data.Subject.Region = "110000" }, "/subject/region", "form.region"},
		{"a unit names its investor", func(o *icp.Order) { o.Data.Subject.Investor = "" }, "/subject/investor", "form.required"},
		{"a mobile number has eleven digits", func(o *icp.Order) { o.Data.Subject.Principal.Mobile = "1380013800" }, "/subject/principal/mobile", "phone.mobile.form"},
		{"a unit says in what capacity its principal answers", func(o *icp.Order) { o.Data.Subject.Principal.Role = "" }, "/subject/principal/role", "form.required"},
		{"a capacity is one of two", func(o *icp.Order) { o.Data.Subject.Principal.Role = "owner" }, "/subject/principal/role", "form.not_an_option"},
		{"a site's own principal has a capacity too", func(o *icp.Order) {
			o.Data.Websites[1].SameAsSubject, o.Data.Websites[1].Principal.Role = false, ""
		}, "/websites/1/principal/role", "form.required"},
		{"a certificate has not expired", func(o *icp.Order) { o.Data.Subject.Principal.CertificateUntil = "2026-11-23" }, "/subject/principal/certificate_until", "form.certificate_expired"},
		{"30 February is no date", func(o *icp.Order) { o.Data.Subject.Principal.CertificateUntil = "2030-02-30" }, "/subject/principal/certificate_until", "form.date"},
		{"long term is a validity", func(o *icp.Order) { o.Data.Subject.Principal.CertificateUntil = form.LongTerm }, "", ""},
		{"the second site's name is required", func(o *icp.Order) { o.Data.Websites[1].Name = "" }, "/websites/1/name", "form.required"},
		{"content 其他 asks for a remark", func(o *icp.Order) { o.Data.Websites[0].ServiceContent = other() }, "/websites/0/remark", "form.remark_for_other"},
		{"content 其他 with a remark is fine", func(o *icp.Order) {
			o.Data.Websites[0].ServiceContent, o.Data.Websites[0].Remark = other(), "展示公司产品资料"
		}, "", ""},
		{"a site's own principal is checked", func(o *icp.Order) {
			o.Data.Websites[1].SameAsSubject, o.Data.Websites[1].Principal.Email = false, "zhou"
		}, "/websites/1/principal/email", "form.too_short"},
		{"a linked principal is checked once", func(o *icp.Order) { o.Data.Websites[1].Principal.Email = "" }, "", ""},
		{"an approval has a number", func(o *icp.Order) {
			o.Data.Websites[0].PreApprovals = []icp.PreApproval{{Type: 5}}
		}, "/websites/0/pre_approvals/0/number", "form.pre_approval_number"},
		{"one domain stands once", func(o *icp.Order) { o.Data.Websites[1].Domain = "yunshan.cn" }, "/websites/1/domain", "form.domain_twice"},
		{"an order has a site", func(o *icp.Order) { o.Data.Websites = nil }, "/websites", "form.no_website"},
		{"an individual has one site", func(o *icp.Order) { asIndividual(o) }, "/websites", "form.too_many_websites"},
		{"the existing filing is proven", func(o *icp.Order) { o.Data.Filing.Check = icp.FilingUnchecked }, "/filing/password", "filing.unchecked"},
		{"a wrong filing password is said", func(o *icp.Order) { o.Data.Filing.Check = icp.FilingMismatches }, "/filing/password", "filing.mismatch"},
		{"an unanswered check does not block", func(o *icp.Order) { o.Data.Filing.Check = icp.FilingUnknown }, "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := unit()
			c.change(o)
			got := form.Blocking(form.Check(refdata.Builtin(), o, limits, noon))
			if c.code == "" {
				if len(got) > 0 {
					t.Fatalf("found %+v", got)
				}
				return
			}
			if !slices.ContainsFunc(got, func(f icp.Finding) bool { return f.Pointer == c.pointer && f.Code == c.code }) {
				t.Fatalf("want %s at %s, got %+v", c.code, c.pointer, got)
			}
		})
	}
}

// asIndividual makes the order an individual's, whose principal is itself.
func asIndividual(o *icp.Order) {
	s := &o.Data.Subject
	s.Nature, s.CertificateType, s.CertificateNumber, s.Name, s.Investor = icp.NatureIndividual, icp.CertResidentID, "11010519491231002X", "林知夏", ""
	s.Principal.OfficePhone, s.Principal.Role = "", ""
}

func TestIndividualsAreNotAskedTwice(t *testing.T) {
	t.Parallel()
	d := form.Describe(refdata.Builtin(), keys{}, icp.NatureIndividual, limits)
	if d.Limits.Websites != 1 {
		t.Errorf("an individual may have %d sites", d.Limits.Websites)
	}
	for _, step := range d.Steps {
		for _, sec := range step.Sections {
			for _, f := range sec.Fields {
				if slices.Contains([]string{"/subject/principal/name", "/subject/principal/certificate_number", "/subject/investor",
					"/websites/*/principal/name", "/websites/*/same_as_subject", "/websites/*/pre_approvals"}, f.Path) {
					t.Errorf("an individual is asked for %s", f.Path)
				}
			}
		}
	}
}

func TestHintsAreForWhoReadsThem(t *testing.T) {
	t.Parallel()
	hint := func(nature int, path string) string {
		for _, step := range form.Describe(refdata.Builtin(), everyKey{}, nature, limits).Steps {
			for _, section := range step.Sections {
				for _, f := range section.Fields {
					if f.Path == path {
						return f.Hint
					}
				}
			}
		}
		return ""
	}
	const name, principal = "/websites/*/name", "/websites/*/principal/name"
	if got := hint(icp.NatureIndividual, name); got != "form.field.website.name.hint.individual" {
		t.Errorf("an individual reads %s", got)
	}
	if got := hint(icp.NatureEnterprise, principal); got != "form.field.principal.name.hint.website" {
		t.Errorf("of a website's principal: %s", got)
	}
}

func TestDescriptionHoldsWhatTheCheckAsks(t *testing.T) {
	t.Parallel()
	d := form.Describe(refdata.Builtin(), keys{}, icp.NatureEnterprise, limits)
	empty := &icp.Order{Data: icp.OrderData{Subject: icp.Subject{Nature: icp.NatureEnterprise}, Websites: []icp.Website{{}}}}
	required := map[string]bool{}
	for _, step := range d.Steps {
		for _, sec := range step.Sections {
			for _, f := range sec.Fields {
				if f.Required && f.VisibleWhen == nil {
					required[strings.Replace(f.Path, "*", "0", 1)] = true
				}
			}
		}
	}
	for _, f := range form.Check(refdata.Builtin(), empty, limits, noon) {
		if f.Code == "form.required" && f.Pointer != "/subject/nature" {
			if !required[f.Pointer] && !strings.Contains(f.Pointer, "/websites/0/principal/") {
				t.Errorf("%s is checked but not described as required", f.Pointer)
			}
			delete(required, f.Pointer)
		}
	}
	delete(required, "/subject/nature") // given above
	if len(required) > 0 {
		t.Errorf("described as required but not checked: %v", required)
	}
}

func TestMaterialsFollowTheCase(t *testing.T) {
	t.Parallel()
	pointers := func(o *icp.Order) []string {
		var out []string
		for _, n := range form.Needs(o, nil) {
			if n.Required {
				out = append(out, n.Pointer)
			}
		}
		return out
	}
	o := unit()
	want := []string{"/materials/subject_certificate", "/materials/principal_front", "/materials/principal_back"}
	if got := pointers(o); !slices.Equal(got, want) {
		t.Errorf("a unit with one principal needs %v", got)
	}
	o.Data.Websites[1].SameAsSubject = false
	o.Data.Websites[1].PreApprovals = []icp.PreApproval{{Type: 5, Number: "1"}}
	want = append(want, "/materials/website_principal_front/1", "/materials/website_principal_back/1", "/materials/pre_approval/1")
	if got := pointers(o); !slices.Equal(got, want) {
		t.Errorf("another principal and an approval need %v", got)
	}
	o = unit()
	asIndividual(o)
	if got := pointers(o); !slices.Equal(got, []string{"/materials/principal_front", "/materials/principal_back"}) {
		t.Errorf("an individual needs %v", got)
	}
}

func TestRulesAskForMaterialsToo(t *testing.T) {
	t.Parallel()
	o := unit()
	second := o.Data.Websites[1].ID
	asks := []rules.Ask{
		{Rule: "a.pledge", Kind: icp.MaterialPledge, Message: "why.a"},
		{Rule: "b.pledge", Kind: icp.MaterialPledge, Message: "why.b", Params: map[string]string{"x": "y"}, Required: true},
		{Rule: "c.letter", Kind: icp.MaterialWebsiteLetter, Website: second, Message: "why.c"},
		{Rule: "b.pledge", Kind: icp.MaterialPledge, Message: "why.b", Required: true},
		{Rule: "d.gone", Kind: icp.MaterialWebsiteLetter, Website: "removed", Message: "why.d", Required: true},
	}
	needs := form.Needs(o, asks)
	var got []string
	for _, n := range needs {
		got = append(got, n.Pointer)
	}
	want := []string{"/materials/subject_certificate", "/materials/principal_front", "/materials/principal_back", "/materials/pledge",
		"/materials/website_letter/1", "/materials/other"}
	if !slices.Equal(got, want) {
		t.Fatalf("asked for %v, want %v", got, want)
	}
	pledge, letter := needs[3], needs[4]
	if !pledge.Required || len(pledge.Reasons) != 2 || pledge.Reasons[0].Key != "why.a" || pledge.Reasons[1].Params["x"] != "y" || pledge.Most < 2 {
		t.Errorf("two rules for one paper: %+v", pledge)
	}
	if letter.Required || letter.Website != second {
		t.Errorf("a paper that is recommended: %+v", letter)
	}
	found := map[string]icp.Finding{}
	for _, f := range form.CheckMaterials(o, needs) {
		found[f.Pointer] = f
	}
	if f := found["/materials/pledge"]; f.Severity != icp.SeverityError || f.Rule != "b.pledge" || f.Code != "material.missing" {
		t.Errorf("a required paper is missing: %+v", f)
	}
	if f := found["/materials/website_letter/1"]; f.Severity != icp.SeverityWarning || f.Rule != "c.letter" || f.Code != "material.recommended" {
		t.Errorf("a recommended paper is missing: %+v", f)
	}
	if f := found["/materials/subject_certificate"]; f.Rule != "form" {
		t.Errorf("the form's own paper: %+v", f)
	}
	if _, ok := found["/materials/other"]; ok {
		t.Error("nobody has to add anything else")
	}
	o.Materials = []icp.Material{{Kind: icp.MaterialPledge, Hash: "h1"}, {Kind: icp.MaterialWebsiteLetter, Website: second, Hash: "h2"},
		{Kind: icp.MaterialWebsiteLetter, Website: o.Data.Websites[0].ID, Hash: "h3"}}
	for _, f := range form.CheckMaterials(o, needs) {
		if strings.Contains(f.Pointer, "pledge") || strings.Contains(f.Pointer, "letter") {
			t.Errorf("given, yet missing: %+v", f)
		}
	}
	for pointer, hash := range map[string]string{"/materials/pledge": "h1", "/materials/website_letter/1": "h2", "/materials/website_letter/0": "h3",
		"/materials/website_letter/2": "", "/materials/website_letter/x": "", "/materials/rename_letter": ""} {
		if got := form.Answer(o, pointer); got != hash {
			t.Errorf("%s is answered by %q, want %q", pointer, got, hash)
		}
	}
}

func TestChoicesAreAnsweredByTheirCode(t *testing.T) {
	t.Parallel()
	d := form.Describe(refdata.Builtin(), keys{}, icp.NatureEnterprise, limits)
	n := 0
	for _, step := range d.Steps {
		for _, sec := range step.Sections {
			for _, f := range sec.Fields {
				if f.Kind != form.Choice {
					continue
				}
				n++
				if !f.Required || len(f.Options) != 2 || f.Options[0].Code != string(icp.RoleLegal) || f.Options[0].Label == "" {
					t.Errorf("%s: %+v", f.Path, f)
				}
			}
		}
	}
	if n != 2 {
		t.Errorf("%d choices: the subject's principal and a website's own have one", n)
	}
}

func TestTasksTellWhereTheProblemIs(t *testing.T) {
	t.Parallel()
	o := unit()
	states := func() map[string]form.TaskState {
		m := map[string]form.TaskState{}
		for _, task := range form.Tasks(o, append(form.Check(refdata.Builtin(), o, limits, noon), form.CheckMaterials(o, form.Needs(o, nil))...)) {
			m[task.Step] = task.State
		}
		return m
	}
	if got := states(); got["subject"] != form.TaskDone || got["websites"] != form.TaskDone || got["materials"] != form.TaskNotStarted || got["confirm"] != form.TaskBlocked {
		t.Errorf("before the materials: %v", got)
	}
	o.State = icp.StateChangesRequested
	o.Data.Findings = []icp.Finding{{Pointer: "/websites/1/name", Reason: "too general", Was: o.Data.Websites[1].Name}}
	if got := states(); got["websites"] != form.TaskProblem {
		t.Errorf("with a reviewer's finding: %v", got)
	}
	o.Data.Websites[1].Name = "云杉数字产品资料"
	if got := states(); got["websites"] != form.TaskDone {
		t.Errorf("once the field is mended: %v", got)
	}
}

// keys are texts that show their keys.
type keys struct{}

func (keys) Text(key string) string { return key }
func (keys) Has(string) bool        { return false }
func (keys) Lang() string           { return "en" }

// everyKey has a text for every key.
type everyKey struct{ keys }

func (everyKey) Has(string) bool { return true }

func TestLabelsAreFoundByPointer(t *testing.T) {
	t.Parallel()
	for pointer, want := range map[string]string{"/subject/name": "form.field.subject.name", "/websites/3/name": "form.field.website.name",
		"/websites/0/pre_approvals/1/number": "form.field.website.pre_approvals", "/websites": "", "/materials/other": ""} {
		if got := form.LabelKey(pointer); got != want {
			t.Errorf("%s is labelled by %q", pointer, got)
		}
	}
}
