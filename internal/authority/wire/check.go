package wire

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/openbeian/beian/internal/icp"
)

// Rules stand in the tag `wire` beside each field, as the schema states them:
//
//	req        the element must be there (not zero)
//	len=a..b   length of a text in characters
//	val=a..b   range of a number
//	n=a..b     how often the element stands
//	max=n      bytes of a binary content before base64
//	oneof      exactly one of the struct's fields is set
//	phone      digits, dashes and ";" only
//	email      an "@" in each address
//
// Zero means absent; no optional element of the schema has zero or the empty
// text as a value.
type rule struct {
	name                 string // element name, "" when the field is no element
	required, oneof      bool
	phone, email         bool
	minLen, maxLen       int
	minVal, maxVal       int64
	minCount, maxCount   int
	maxBytes             int
	hasLen, hasVal, hasN bool
}

// more is implemented by records with rules that concern several fields.
type more interface{ checkMore(*checker) }

type checker struct {
	page   CodePage
	path   []string
	faults []icp.FieldError
}

func (c *checker) fault(field, code string, params map[string]string) {
	p := "/" + strings.Join(c.path, "/")
	if field != "" {
		p = strings.TrimSuffix(p, "/") + "/" + field
	}
	c.faults = append(c.faults, icp.FieldError{Pointer: p, Code: code, Params: params})
}

// Check gives the faults of a document under the schema and the code page; a
// nil result means that [Profile.Encode] will take it. Pointers follow the
// element names, such as /ICP/XZWZ/Xzxx/0/Wz_xx/0/Wzmc.
func (p Profile) Check(d *UploadData) []icp.FieldError {
	c := &checker{page: p.CodePage}
	c.structure(reflect.ValueOf(d).Elem())
	if n := d.Records(); n > MaxUploadRecords {
		c.fault("", "wire.too_many_records", map[string]string{"max": strconv.Itoa(MaxUploadRecords)})
	} else if n == 0 {
		c.fault("ICP", "wire.no_operation", nil)
	}
	return c.faults
}

func (c *checker) structure(v reflect.Value) {
	for i, r := range rulesOf(v.Type()) {
		if r.name == "" {
			continue
		}
		c.path = append(c.path, r.name)
		c.field(v.Field(i), r)
		c.path = c.path[:len(c.path)-1]
	}
	if m, ok := v.Addr().Interface().(more); ok {
		m.checkMore(c)
	}
}

func (c *checker) field(v reflect.Value, r rule) {
	if v.Kind() == reflect.Slice && v.Type() != reflect.TypeFor[Base64]() {
		c.list(v, r)
		return
	}
	if r.required && v.IsZero() {
		c.fault("", "wire.required", nil)
		return
	}
	c.value(v, r)
}

func (c *checker) list(v reflect.Value, r rule) {
	n := v.Len()
	if r.hasN && n < r.minCount {
		c.fault("", "wire.too_few", map[string]string{"min": strconv.Itoa(r.minCount)})
	}
	if r.hasN && r.maxCount > 0 && n > r.maxCount {
		c.fault("", "wire.too_many", map[string]string{"max": strconv.Itoa(r.maxCount)})
	}
	for i := range n {
		c.path = append(c.path, strconv.Itoa(i))
		if e := v.Index(i); e.Kind() != reflect.Struct && e.IsZero() {
			c.fault("", "wire.required", nil)
		} else {
			c.value(e, r)
		}
		c.path = c.path[:len(c.path)-1]
	}
}

func (c *checker) value(v reflect.Value, r rule) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			c.value(v.Elem(), r)
		}
	case reflect.Struct:
		if r.oneof {
			c.oneOf(v)
		}
		c.structure(v)
	case reflect.String:
		c.text(v.String(), r)
	case reflect.Int64:
		c.number(v.Int(), r)
	case reflect.Slice: // Base64
		if r.maxBytes > 0 && v.Len() > r.maxBytes {
			c.fault("", "wire.attachment_too_large", map[string]string{"max_kb": strconv.Itoa(r.maxBytes >> 10)})
		}
	default: // the records have no other kinds
	}
}

func (c *checker) number(n int64, r rule) {
	if r.hasVal && n != 0 && (n < r.minVal || n > r.maxVal) {
		c.fault("", "wire.out_of_range", map[string]string{"min": strconv.FormatInt(r.minVal, 10), "max": strconv.FormatInt(r.maxVal, 10)})
	}
}

func (c *checker) oneOf(v reflect.Value) {
	n := 0
	for i := range v.NumField() {
		if !v.Field(i).IsZero() {
			n++
		}
	}
	if n != 1 {
		c.fault("", "wire.exactly_one", nil)
	}
}

func (c *checker) text(s string, r rule) {
	if s == "" {
		return // absent; "req" has been seen to
	}
	n := utf8.RuneCountInString(s)
	if r.hasLen && n < r.minLen {
		c.fault("", "wire.too_short", map[string]string{"min": strconv.Itoa(r.minLen), "length": strconv.Itoa(n)})
	}
	if r.hasLen && n > r.maxLen {
		c.fault("", "wire.too_long", map[string]string{"max": strconv.Itoa(r.maxLen), "length": strconv.Itoa(n)})
	}
	if bad, ok := illegalRune(s); ok {
		c.fault("", "wire.illegal_character", map[string]string{"codepoint": fmt.Sprintf("U+%04X", bad)})
	} else if bad, ok := c.page.unencodable(s); ok {
		c.fault("", "wire.not_encodable", map[string]string{"codepoint": fmt.Sprintf("U+%04X", bad), "code_page": string(c.page)})
	}
	if r.phone && strings.Trim(s, "0123456789-;") != "" {
		c.fault("", "wire.phone_characters", nil)
	}
	if r.email {
		for _, one := range strings.Split(s, ";") {
			if !strings.Contains(one, "@") {
				c.fault("", "wire.email_without_at", nil)
				return
			}
		}
	}
}

var ruleCache sync.Map // reflect.Type → []rule

func rulesOf(t reflect.Type) []rule {
	if r, ok := ruleCache.Load(t); ok {
		return r.([]rule)
	}
	rules := make([]rule, t.NumField())
	for i := range rules {
		rules[i] = parseRule(t.Field(i))
	}
	ruleCache.Store(t, rules)
	return rules
}

// parseRule reads the tags of a field. A tag it cannot read is a programmer
// error, found by the first test that touches the type.
func parseRule(f reflect.StructField) rule {
	name, flags, _ := strings.Cut(f.Tag.Get("xml"), ",")
	if name == "-" || f.Name == "XMLName" || strings.Contains(flags, "any") {
		return rule{}
	}
	r := rule{name: name}
	for part := range strings.SplitSeq(f.Tag.Get("wire"), ",") {
		r.take(part, f.Name)
	}
	return r
}

// take reads one part of a field's tag.
func (r *rule) take(part, field string) {
	key, arg, _ := strings.Cut(part, "=")
	switch key {
	case "":
	case "req":
		r.required = true
	case "oneof":
		r.oneof = true
	case "phone":
		r.phone = true
	case "email":
		r.email = true
	case "len":
		a, b := span(arg)
		r.hasLen, r.minLen, r.maxLen = true, int(a), int(b)
	case "val":
		r.hasVal = true
		r.minVal, r.maxVal = span(arg)
	case "n":
		a, b := span(arg)
		r.hasN, r.minCount = true, int(a)
		if b < 1<<31 {
			r.maxCount = int(b)
		}
	case "max":
		_, n := span(".." + arg)
		r.maxBytes = int(n)
	default:
		panic("wire: unknown rule " + part + " at " + field)
	}
}

// span reads "a..b"; an end left out means none.
func span(s string) (lo, hi int64) {
	a, b, _ := strings.Cut(s, "..")
	lo, _ = strconv.ParseInt(a, 10, 64)
	if b == "" {
		return lo, 1<<63 - 1
	}
	hi, err := strconv.ParseInt(b, 10, 64)
	if err != nil {
		panic("wire: bad span " + s)
	}
	return lo, hi
}
