package form

import (
	"strconv"
	"strings"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

// Kind says how a field is asked.
type Kind string

// Kinds of fields.
const (
	Text         Kind = "text"
	TextArea     Kind = "textarea"
	Select       Kind = "select"
	MultiSelect  Kind = "multiselect"
	Choice       Kind = "choice" // one of a few options, answered by its code
	RegionField  Kind = "region" // a GB/T 2260 code, chosen level by level
	Date         Kind = "date"   // YYYY-MM-DD, or "long_term"
	CheckBox     Kind = "checkbox"
	Mobile       Kind = "mobile"
	Phone        Kind = "phone"
	Email        Kind = "email"
	Identifier   Kind = "identifier"    // a certificate number
	ReadOnly     Kind = "readonly"      // filled in by the system
	PreApprovals Kind = "pre_approvals" // a list of {type, number}
	ResourcePick Kind = "resource"      // one of the account's resources or a code
)

// Description is the form of an order type for a nature, in one language.
type Description struct {
	Type   icp.OrderType `json:"type"`
	Nature int           `json:"nature"`
	Steps  []Step        `json:"steps"`
	Limits Limits        `json:"limits"`
}

// Limits are the numbers that bound an order.
type Limits struct {
	Websites       int   `json:"websites" doc:"Most websites in one order; in an order's view what the province allows"`
	UploadMinBytes int64 `json:"upload_min_bytes"`
	UploadMaxBytes int64 `json:"upload_max_bytes"`
}

// Step is a page of the form.
type Step struct {
	ID       string    `json:"id"`
	Title    string    `json:"title"`
	Sections []Section `json:"sections"`
}

// Section is a group of fields under a heading.
type Section struct {
	ID     string  `json:"id"`
	Title  string  `json:"title"`
	Help   string  `json:"help,omitempty"`
	Fields []Field `json:"fields"`
}

// Field is one question.
type Field struct {
	Path    string `json:"path" doc:"Pointer into the order; * stands for the website's index"`
	Kind    Kind   `json:"kind"`
	Label   string `json:"label"`
	Hint    string `json:"hint,omitempty"`
	Example string `json:"example,omitempty"`
	// Required always; RequiredWhen under a condition.
	Required     bool       `json:"required"`
	RequiredWhen *Condition `json:"required_when,omitempty"`
	VisibleWhen  *Condition `json:"visible_when,omitempty"`
	MinLength    int        `json:"min_length,omitempty"`
	MaxLength    int        `json:"max_length,omitempty"`
	Options      []Option   `json:"options,omitempty"`
	OptionsFrom  string     `json:"options_from,omitempty" doc:"Path of the API that lists the options"`
	Fixed        bool       `json:"fixed,omitempty" doc:"Filled in by the system and not editable"`
}

// Condition holds when the field at Path equals the value.
type Condition struct {
	Path   string `json:"path"`
	Equals any    `json:"equals"`
}

// Option is a choice: by its code where it has one, else by its value.
type Option struct {
	Value int    `json:"value"`
	Code  string `json:"code,omitempty" doc:"The answer, for fields of kind choice"`
	Label string `json:"label"`
}

// answer is what chooses the option.
func (o Option) answer() string {
	if o.Code != "" {
		return o.Code
	}
	return strconv.Itoa(o.Value)
}

// Texts looks a message up in one language; the catalogues of package i18n do.
type Texts interface {
	// Text gives the message of a key, or the key itself when there is none.
	Text(key string) string
	// Has reports whether there is a message of the key.
	Has(key string) bool
	// Lang is the language for the names of reference data: "zh-CN" or "en".
	Lang() string
}

// Describe gives the form of adding a website (新增网站) for a nature.
func Describe(tables *refdata.Tables, texts Texts, nature int, limits Limits) Description {
	if nature == icp.NatureIndividual {
		limits.Websites = 1
	}
	d := Description{Type: icp.AddWebsite, Nature: nature, Limits: limits}
	for _, s := range steps {
		step := Step{ID: s.id, Title: texts.Text("form.step." + s.id)}
		for _, sec := range s.sections {
			if out := section(tables, texts, nature, sec); len(out.Fields) > 0 {
				step.Sections = append(step.Sections, out)
			}
		}
		d.Steps = append(d.Steps, step)
	}
	return d
}

func section(tables *refdata.Tables, texts Texts, nature int, sec sectionDef) Section {
	key := "form.section." + sec.id
	out := Section{ID: sec.id, Title: texts.Text(key)}
	if nature == icp.NatureIndividual && texts.Has(key+".individual") {
		out.Title = texts.Text(key + ".individual")
	}
	if texts.Has(key + ".help") {
		out.Help = texts.Text(key + ".help")
	}
	for _, f := range sec.fields {
		if f.asked(nature) {
			out.Fields = append(out.Fields, f.describe(tables, texts, nature))
		}
	}
	return out
}

func (f *fieldDef) describe(tables *refdata.Tables, texts Texts, nature int) Field {
	key := "form.field." + f.key
	out := Field{Path: f.path, Kind: f.kind, Label: texts.Text(key), Required: f.need.always(nature), MinLength: f.min,
		MaxLength: f.max, OptionsFrom: f.from, Fixed: f.fixed, VisibleWhen: f.visible}
	if nature == icp.NatureIndividual && texts.Has(key+".individual") {
		out.Label = texts.Text(key + ".individual")
	}
	for suffix, target := range map[string]*string{".hint": &out.Hint, ".example": &out.Example} {
		for _, own := range []string{"", f.whose(nature)} { // the closer text last
			if texts.Has(key + suffix + own) {
				*target = texts.Text(key + suffix + own)
			}
		}
	}
	if f.need == whenOther {
		out.RequiredWhen = &Condition{Path: "/websites/*/service_content", Equals: otherContent(tables)}
	}
	if f.options != nil {
		out.Options = f.options(tables, texts, nature)
	}
	return out
}

// whose ends the keys of texts that are only for individuals, or for the
// principals of websites.
func (f *fieldDef) whose(nature int) string {
	switch {
	case nature == icp.NatureIndividual:
		return ".individual"
	case strings.HasPrefix(f.path, "/websites/*/principal/"):
		return ".website"
	}
	return ""
}
