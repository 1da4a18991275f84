package rules

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"cel.dev/cel-go/cel"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

// section gives the part of README.md under a heading.
func section(t *testing.T, heading string) string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "\n"+heading+"\n")
	if !ok {
		t.Fatalf("README.md has no heading %s", heading)
	}
	level := heading[:strings.LastIndex(heading, "#")+1]
	part, _, _ := strings.Cut(rest, "\n"+level+" ")
	return part
}

// The variable by which expressions reach a value of a type.
var reachedBy = map[string]string{"Subject": "subject", "Filing": "filing", "Website": "website", "Person": "principal", "Facts": "facts"}

var modelRow = regexp.MustCompile("(?m)^\\| `(\\w+)\\.(\\w+)` \\| ([\\w()]+) \\| (.*?) ?\\| ?(.*?) ?\\|$")

// written is how README.md writes a type.
func written(t *cel.Type) string {
	return strings.NewReplacer("google.protobuf.Timestamp", "timestamp").Replace(t.String())
}

// README.md lists every property with its type and what stands where it is
// missing, which is tried on a case without answers.
func TestReadmeListsTheModel(t *testing.T) {
	t.Parallel()
	s := builtin(t)
	m := s.matter(&Case{Order: &icp.Order{Data: icp.OrderData{Websites: make([]icp.Website, 1)}}}, noon)
	defer s.free(m)
	m.site, m.person = &m.data.Websites[0], &m.persons[0]
	listed := map[string]bool{}
	for _, row := range modelRow.FindAllStringSubmatch(section(t, "### Expressions"), -1) {
		typ, name, wantType, missing := row[1], row[2], row[3], row[5]
		listed[typ+"."+name] = true
		p, ok := model[typ][name]
		if !ok {
			t.Errorf("%s.%s is listed, and there is none", typ, name)
			continue
		}
		if got := written(p.of); got != wantType {
			t.Errorf("%s.%s is %s, listed as %s", typ, name, got, wantType)
		}
		of, _ := m.ResolveName(reachedBy[typ])
		v, err := p.get(of.(*object).v)
		got := "unjudged"
		switch v := v.(type) {
		case string:
			got = fmt.Sprintf("`%q`", v)
		case []int, int:
			got = fmt.Sprintf("`%v`", v)
		case bool, *object:
			got = ""
		case nil:
		default:
			got = fmt.Sprintf("%T", v)
		}
		if got != missing || (err != nil) != (missing == "unjudged") {
			t.Errorf("%s.%s is %s where it is missing, listed as %s", typ, name, got, missing)
		}
		if missing != "" && p.isSet(of.(*object).v) {
			t.Errorf("has(%s.%s) is true where it is missing", typ, name)
		}
	}
	for typ, fields := range model {
		for name := range fields {
			if !listed[typ+"."+name] {
				t.Errorf("%s.%s is not listed", typ, name)
			}
		}
	}
}

var variableRow = regexp.MustCompile(`(?m)^\| (\w+) \| ([\w()]+) \|`)

func TestReadmeListsTheVariables(t *testing.T) {
	t.Parallel()
	envs, err := environment()
	if err != nil {
		t.Fatal(err)
	}
	got, want := map[string]string{}, map[string]string{}
	for _, row := range variableRow.FindAllStringSubmatch(section(t, "### Expressions"), -1) {
		if row[1] != "variable" && row[1] != "field" {
			got[row[1]] = row[2]
		}
	}
	for _, v := range envs.both.Variables() {
		want[v.Name()] = written(v.Type())
	}
	maps.DeleteFunc(want, func(name, _ string) bool { return got[name] == "" && strings.HasPrefix(want[name], "type") })
	if !maps.Equal(got, want) {
		t.Errorf("README.md lists %v, expressions see %v", got, want)
	}
}

// fullCase answers everything and knows every fact.
func fullCase(t *testing.T, s *Set) Case {
	t.Helper()
	c := tenSites(t, s, "110108", func(int) string { return "海棠树软件" })
	d := &c.Order.Data
	d.Subject.Remark, d.Subject.Principal.Remark = "主体备注", "负责人备注"
	w := &d.Websites[0]
	w.Principal.CertificateNumber = "110105199208164324"
	w.Principal.Remark, w.PreApprovals, w.Resource = "负责人备注", []icp.PreApproval{{Type: 3, Number: "x"}}, icp.Resource{Kind: icp.ResourceServer}
	d.Websites = d.Websites[:1]
	return c
}

// Every property can be read by an expression: it is what the case has.
func TestEveryPropertyIsReadable(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"Subject.region": `"110108"`, "Subject.nature": "4", "Subject.individual": "false", "Subject.certificate_type": "1",
		"Subject.certificate_number": `"91110108MA0HT17Q07"`, "Subject.name": `"北京海棠树软件有限公司"`, "Subject.certificate_address": `"北京市海淀区青禾路 8 号 2 层"`,
		"Subject.investor": `"海棠树投资（北京）有限公司"`, "Subject.address": `"青禾路 8 号 2 层 206 室"`, "Subject.remark": `"主体备注"`, "Subject.principal": "websites[0].principal",
		"Filing.licence_no": `"京ICP备2024099999号"`,
		"Website.name":      `"海棠树软件"`, "Website.domain": `"haitangshu0.example.com"`, "Website.home_url": `"www.haitangshu0.example.com"`,
		"Website.remark": `"介绍本单位的软件产品和使用方法，不含需要审批的内容"`, "Website.resource_kind": `"server"`, "Website.service_content": "8", "Website.languages": "[1]",
		"Website.pre_approvals": "[3]", "Website.same_as_subject": "false", "Website.principal": "principal",
		"Website.domain_expires": `timestamp("2027-06-15T04:00:00Z")`, "Website.owner": `"subject"`, "Website.open": "false",
		"Person.name": `"林初夏甲"`, "Person.certificate_type": "2", "Person.certificate_number": `"110105199208164324"`, "Person.certificate_until": `"2034-08-15"`,
		"Person.role": `"authorised"`, "Person.mobile": `"13800010000"`, "Person.office_phone": `"010-80000003"`, "Person.emergency_phone": `"13800020000"`,
		"Person.email": `"lin@example.com"`, "Person.remark": `"负责人备注"`, "Person.age": "33", "Person.mobile_elsewhere": "false", "Person.certificate_elsewhere": "false",
		"Facts.real_name_since": `timestamp("2026-05-15T04:00:00Z")`, "Facts.subject_elsewhere": "false", "Facts.filed_websites": "2",
	}
	var pack strings.Builder
	pack.WriteString("id: own.pack\nedition: \"2026-01-02\"\nscope: national\nsource: {zh: 自定}\nrules:\n")
	for typ, fields := range model {
		for name := range fields {
			op, wanted := "==", want[typ+"."+name]
			if wanted == "" {
				t.Errorf("the test does not know %s.%s", typ, name)
			}
			if typ == "Subject" && name == "principal" {
				op = "!="
			}
			at := reachedBy[typ] + "." + name
			fmt.Fprintf(&pack, "  - {id: own.%s.%s, severity: info, field: /websites/*/principal/mobile, text: {zh: x}, about: {zh: x}, expr: 'has(%s) && %s %s %s'}\n",
				strings.ToLower(typ), name, at, at, op, wanted)
		}
	}
	s := own(t, pack.String())
	for _, o := range s.Outcomes(fullCase(t, s), noon) {
		if strings.HasPrefix(o.Rule, "own.") && o.State != Failed {
			t.Errorf("%s is not as it should be (%s)", o.Rule, o.State)
		}
	}
}

var yamlFence = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// The example of README.md is a pack that works.
func TestReadmesOwnPackWorks(t *testing.T) {
	t.Parallel()
	text := yamlFence.FindStringSubmatch(section(t, "## An operator's packs"))[1]
	s, err := Load(refdata.Builtin(), Packs(), fstest.MapFS{"own.yaml": {Data: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.CheckExamples(); err != nil {
		t.Error(err)
	}
	var own []string
	for _, r := range s.Describe() {
		if r.Own || r.Off.ZH != "" || r.Changed.ZH != "" {
			own = append(own, r.ID)
		}
	}
	slices.Sort(own)
	if want := []string{"hubei.websites", "national.name.short", "own.name.test", "own.shop.remark"}; !slices.Equal(own, want) {
		t.Errorf("its rules are %v", own)
	}
}
