package wire

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/openbeian/beian/internal/icp"
)

// maxWideCode bounds ids of code tables under [Profile.WideCodes].
const maxWideCode = 1<<31 - 1

// more is implemented by records with rules that concern several fields.
type more interface{ checkMore(*checker) }

type checker struct {
	page             CodePage
	references, wide bool
	path             []string
	faults           []icp.FieldError
}

func (c *checker) fault(field, code string, params map[string]string) {
	p := "/" + strings.Join(c.path, "/")
	if field != "" {
		p = strings.TrimSuffix(p, "/") + "/" + field
	}
	c.faults = append(c.faults, icp.FieldError{Pointer: p, Code: code, Params: params})
}

// need faults the fields that are empty although other fields demand them.
func (c *checker) need(code string, fields map[string]bool) {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !fields[name] {
			c.fault(name, code, nil)
		}
	}
}

// ordered faults an address range whose ends are exchanged.
func (c *checker) ordered(first, last int64) {
	if first > last {
		c.fault("Zzip", "wire.ip_range_reversed", nil)
	}
}

// Check gives the faults of a document under the schema and the code page; a
// nil result means that [Profile.Encode] will take it. Pointers follow the
// element names, such as /ICP/XZWZ/Xzxx/0/Wz_xx/0/Wzmc. Rules that the schema
// states only in words are checked too: phones, e-mail addresses, dates, sizes
// of pictures, what a unit must give.
func (p Profile) Check(d *UploadData) []icp.FieldError {
	c := p.checker()
	switch n := rootParts(d.ICP != nil, d.IP != nil, d.Domains != nil); {
	case n == 0:
		c.fault("ICP", "wire.required", nil)
	case n > 1:
		c.fault("", "wire.exactly_one", nil)
	}
	c.structure(reflect.ValueOf(d).Elem(), "")
	if n := d.Records(); n > MaxUploadRecords {
		c.fault("", "wire.too_many_records", map[string]string{"max": strconv.Itoa(MaxUploadRecords)})
	} else if n == 0 {
		c.fault(d.part(), "wire.no_operation", nil)
	}
	return c.faults
}

// CheckDownload is Check for a downloaded document, for whoever writes one. What
// authorities send in spite of the schema is a fault here too: reading is
// lenient, see [DecodeDownload].
func (p Profile) CheckDownload(d *DownloadData) []icp.FieldError {
	c := p.checker()
	if rootParts(d.ICP != nil, d.IP != nil, d.Domains != nil, d.BaseCodes != nil, d.Sync != nil) != 1 {
		c.fault("", "wire.exactly_one", nil)
	}
	c.structure(reflect.ValueOf(d).Elem(), "")
	return c.faults
}

func (p Profile) checker() *checker {
	return &checker{page: p.CodePage, references: p.CharacterReferences, wide: p.WideCodes}
}

func rootParts(has ...bool) (n int) {
	for _, h := range has {
		if h {
			n++
		}
	}
	return n
}

func (c *checker) structure(v reflect.Value, over string) {
	c.elements(v, over)
	if m, ok := v.Addr().Interface().(more); ok {
		m.checkMore(c)
	}
}

// elements checks the fields one by one. The rules of an embedded struct that
// concern several fields are those of the struct around it.
func (c *checker) elements(v reflect.Value, over string) {
	for i, r := range rulesOf(v.Type(), over) {
		f := v.Field(i)
		switch {
		case r.embedded:
			c.elements(f, r.over)
			continue
		case r.unknown:
			for _, raw := range f.Interface().([]Raw) {
				c.fault(raw.Name, "wire.unknown_element", nil)
			}
			continue
		case r.name == "":
			continue
		}
		if r.name == "*" { // the elements below bring their own names
			c.field(f, r)
			continue
		}
		c.path = append(c.path, r.name)
		c.field(f, r)
		c.path = c.path[:len(c.path)-1]
	}
}

func (c *checker) field(v reflect.Value, r rule) {
	if v.Kind() == reflect.Slice && v.Type() != reflect.TypeFor[Base64]() {
		c.list(v, r)
		return
	}
	if r.required && absent(v) {
		c.fault("", "wire.required", nil)
		return
	}
	c.value(v, r)
}

// absent reports whether a field has nothing to write.
func absent(v reflect.Value) bool {
	if v.Kind() == reflect.Slice {
		return v.Len() == 0
	}
	return v.IsZero()
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
		if e := v.Index(i); e.Kind() != reflect.Struct && absent(e) {
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
		c.structure(v, r.over)
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
	hi := r.maxVal
	if r.code && c.wide {
		hi = max(hi, maxWideCode)
	}
	if r.hasVal && n != 0 && (n < r.minVal || n > hi) {
		c.fault("", "wire.out_of_range", map[string]string{"min": strconv.FormatInt(r.minVal, 10), "max": strconv.FormatInt(hi, 10)})
	}
}

func (c *checker) oneOf(v reflect.Value) {
	n := 0
	for i := range v.NumField() {
		if v.Type().Field(i).Type != reflect.TypeFor[[]Raw]() && !v.Field(i).IsZero() {
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
	c.characters(s)
	switch {
	case r.phone && strings.Trim(s, "0123456789-;") != "":
		c.fault("", "wire.phone_characters", nil)
	case r.email && !addressed(s):
		c.fault("", "wire.email_without_at", nil)
	case r.date && !isDate(s):
		c.fault("", "wire.not_a_date", nil)
	}
}

func (c *checker) characters(s string) {
	if bad, ok := illegalRune(s); ok {
		c.fault("", "wire.illegal_character", map[string]string{"codepoint": fmt.Sprintf("U+%04X", bad)})
		return
	}
	if c.references {
		return
	}
	if bad, ok := c.page.unencodable(s); ok {
		c.fault("", "wire.not_encodable", map[string]string{"codepoint": fmt.Sprintf("U+%04X", bad), "character": string(bad), "code_page": string(c.page)})
	}
}

// addressed reports whether each of the addresses joined by ";" has an "@".
func addressed(s string) bool {
	for one := range strings.SplitSeq(s, ";") {
		if !strings.Contains(one, "@") {
			return false
		}
	}
	return true
}

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
