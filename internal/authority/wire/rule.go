package wire

import (
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// Rules stand in the tag `wire` beside each field, as the schema states them:
//
//	req        the element must be there (not zero)
//	opt        it need not (to take a "req" back, see below)
//	len=a..b   length of a text in characters
//	val=a..b   range of a number
//	code       the number is an id of a code table, see [Profile.WideCodes]
//	n=a..b     how often the element stands
//	max=n      bytes of a binary content before base64
//	oneof      exactly one of the struct's fields is set
//	phone      digits, dashes and ";" only
//	email      an "@" in each address
//	date       YYYY-MM-DD
//	-          not looked at here
//
// Zero means absent; where zero is a value of an optional element, the field is
// a pointer. Where the schema gives the elements of a shared struct other
// limits in one place, the field there says so: `Syurl.len=4..255` replaces the
// length of the element Syurl in the struct below.
type rule struct {
	name                 string // element name, "" when the field is no element
	embedded, unknown    bool
	required, oneof      bool
	phone, email, date   bool
	code                 bool
	minLen, maxLen       int
	minVal, maxVal       int64
	minCount, maxCount   int
	maxBytes             int
	hasLen, hasVal, hasN bool
	over                 string // rules for elements below, joined by ","
}

type ruleKey struct {
	of   reflect.Type
	over string
}

var ruleCache sync.Map // ruleKey → []rule

// rulesOf gives the rules of a struct's fields; over has those that its place
// replaces.
func rulesOf(t reflect.Type, over string) []rule {
	if r, ok := ruleCache.Load(ruleKey{t, over}); ok {
		return r.([]rule)
	}
	rules := make([]rule, t.NumField())
	for i := range rules {
		rules[i] = parseRule(t.Field(i), over)
	}
	ruleCache.Store(ruleKey{t, over}, rules)
	return rules
}

// parseRule reads the tags of a field. A tag it cannot read is a programmer
// error, found by the first test that touches the type.
func parseRule(f reflect.StructField, over string) rule {
	name, flags, _ := strings.Cut(f.Tag.Get("xml"), ",")
	switch {
	case f.Type == reflect.TypeFor[[]Raw]():
		return rule{unknown: true}
	case name == "-" || f.Name == "XMLName" || strings.Contains(flags, "attr") || f.Tag.Get("wire") == "-":
		return rule{}
	}
	r := rule{name: name, embedded: f.Anonymous}
	if strings.Contains(flags, "any") {
		r.name = "*"
	}
	for part := range strings.SplitSeq(f.Tag.Get("wire"), ",") {
		r.take(part, f.Name)
	}
	for part := range strings.SplitSeq(over, ",") {
		element, rest, _ := strings.Cut(part, ".")
		switch {
		case part == "":
		case r.embedded:
			r.over += "," + part
		case element == name:
			r.take(rest, f.Name)
		}
	}
	return r
}

// take reads one part of a field's tag.
func (r *rule) take(part, field string) {
	key, arg, _ := strings.Cut(part, "=")
	if strings.Contains(key, ".") {
		r.over += "," + part
		return
	}
	switch key {
	case "":
	case "req":
		r.required = true
	case "opt":
		r.required = false
	case "oneof":
		r.oneof = true
	case "phone":
		r.phone = true
	case "email":
		r.email = true
	case "date":
		r.date = true
	case "code":
		r.code = true
	default:
		r.limit(key, arg, field)
	}
}

// limit reads a part with an argument.
func (r *rule) limit(key, arg, field string) {
	lo, hi := span(arg)
	switch key {
	case "len":
		r.hasLen, r.minLen, r.maxLen = true, int(lo), int(hi)
	case "val":
		r.hasVal, r.minVal, r.maxVal = true, lo, hi
	case "n":
		r.hasN, r.minCount, r.maxCount = true, int(lo), 0
		if hi < 1<<31 {
			r.maxCount = int(hi)
		}
	case "max":
		r.maxBytes = int(lo)
	default:
		panic("wire: unknown rule " + key + " at " + field)
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
