package wire

import (
	"encoding/xml"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/authority/wire/wiretest"
	"github.com/openbeian/beian/internal/icp"
)

// beyondTheSchema are the faults that we find and a schema cannot: what its
// notes say in words.
var beyondTheSchema = map[string]bool{"wire.phone_characters": true, "wire.email_without_at": true, "wire.not_a_date": true, "wire.attachment_too_large": true,
	"wire.ip_range_reversed": true, "wire.required_of_unit": true, "wire.required_by_mode": true, "wire.source_kind": true}

// attempt is a document with one value at or beyond a limit.
type attempt struct {
	what     string
	document []byte
	faults   []icp.FieldError
}

// prober puts every value of a record at and beyond its limits, one at a time.
type prober struct {
	t        *testing.T
	document any
	check    func() []icp.FieldError
	out      []attempt
}

// try keeps the document as it now is.
func (p *prober) try(what string) {
	p.t.Helper()
	b, err := xml.Marshal(p.document)
	if err != nil {
		p.t.Fatal(err)
	}
	var faults []icp.FieldError
	for _, f := range p.check() {
		if !beyondTheSchema[f.Code] {
			faults = append(faults, f)
		}
	}
	p.out = append(p.out, attempt{what, b, faults})
}

func (p *prober) structure(v reflect.Value, over, path string) {
	for i, r := range rulesOf(v.Type(), over) {
		switch f := v.Field(i); {
		case r.embedded:
			p.structure(f, r.over, path)
		case r.name != "" && !r.unknown:
			p.field(f, r, path+"/"+r.name)
		}
	}
}

func (p *prober) field(v reflect.Value, r rule, path string) {
	kept := reflect.New(v.Type()).Elem()
	kept.Set(v)
	switch {
	case v.Type() == reflect.TypeFor[Base64]():
		v.Set(reflect.ValueOf(Base64{}))
		p.try(path + " empty")
	case v.Type() == reflect.TypeFor[[]BaseCodeTable]():
		p.tables(v.Interface().([]BaseCodeTable), path)
	case v.Kind() == reflect.Slice:
		p.list(v, r, path)
	case v.Kind() == reflect.Pointer:
		v.SetZero()
		p.try(path + " absent")
		v.Set(kept)
		if !v.IsNil() {
			p.field(v.Elem(), r, path)
		}
	case v.Kind() == reflect.Struct:
		p.structure(v, r.over, path)
		if r.oneof {
			v.SetZero()
			p.try(path + " with neither")
		}
	case v.Kind() == reflect.String:
		for _, n := range []int{r.minLen - 1, r.minLen, r.maxLen, r.maxLen + 1} {
			if r.hasLen && n >= 0 {
				v.SetString(strings.Repeat("茶", n))
				p.try(path + " of " + strconv.Itoa(n) + " characters")
			}
		}
	case v.Kind() == reflect.Int64:
		for _, n := range []int64{r.minVal - 1, r.minVal, r.maxVal, r.maxVal + 1} {
			if r.hasVal && n >= r.minVal-1 { // not beyond 64 bits
				v.SetInt(n)
				p.try(path + " of " + strconv.FormatInt(n, 10))
			}
		}
	}
	v.Set(kept)
}

func (p *prober) list(v reflect.Value, r rule, path string) {
	if v.Len() == 0 {
		return
	}
	first := v.Index(0)
	if r.maxCount > 0 {
		many := reflect.MakeSlice(v.Type(), 0, r.maxCount+1)
		for range r.maxCount + 1 {
			many = reflect.Append(many, first)
		}
		kept := reflect.ValueOf(v.Interface())
		v.Set(many)
		p.try(path + " too often")
		v.Set(many.Slice(0, r.maxCount))
		p.try(path + " as often as allowed")
		v.Set(kept)
	}
	p.field(v.Index(0), r, path)
	v.SetZero()
	p.try(path + " never")
}

func (p *prober) tables(tables []BaseCodeTable, path string) {
	for i := range tables {
		row := reflect.ValueOf(&tables[i].Rows[0]).Elem()
		for j := range row.NumField() {
			column := elementOf(row.Type().Field(j))
			if r, ok := tableRules()[tables[i].XMLName.Local][column]; ok {
				p.field(row.Field(j), r, path+"/"+tables[i].XMLName.Local+"/"+column)
			}
		}
	}
}

// stricter are the places where we refuse what the schema lets through, and why.
var stricter = map[string]string{
	"ICP/BGBA/Bgxx/Wz_xx/Wz_Bz": "the schema gives it no type; elsewhere it has 1024 characters",
}

func (p *prober) compare(schema string) {
	p.t.Helper()
	documents := make([][]byte, len(p.out))
	for i, a := range p.out {
		documents[i] = a.document
	}
	refused, used := 0, map[string]bool{}
	for i, valid := range wiretest.Verdicts(p.t, schema, documents) {
		a := p.out[i]
		switch ours := len(a.faults) == 0; {
		case ours && !valid:
			p.t.Errorf("%s: we let it through, the schema does not", a.what)
		case !ours && valid:
			place, _, _ := strings.Cut(a.what, " ")
			if used[place] = true; stricter[place] == "" {
				p.t.Errorf("%s: we refuse what the schema lets through: %v", a.what, a.faults)
			}
		case !valid:
			refused++
		}
	}
	if refused < len(p.out)/4 {
		p.t.Errorf("the schema refused %d of %d documents only: are they about limits?", refused, len(p.out))
	}
	for place := range stricter {
		if schema == wiretest.UploadSchema && !used[place] {
			p.t.Errorf("%s is said to be stricter and is not", place)
		}
	}
}

func TestLimitsOfUploadsAreThoseOfTheSchema(t *testing.T) {
	t.Parallel()
	p := &prober{t: t}
	for _, way := range lists(reflect.TypeFor[UploadData]()) {
		d := generate(maximal).uploadWith(way)
		profile := V30()
		p.document, p.check = d, func() []icp.FieldError { return profile.Check(d) }
		root := reflect.ValueOf(d).Elem()
		records := at(root, way)
		p.field(records, ruleAt(root, way), way)
		for _, part := range []string{"ICP", "IP", "YM"} {
			if strings.HasPrefix(way, part+"/") {
				number := at(root, part+"/Qqdwid")
				number.SetInt(0)
				p.try(part + "/Qqdwid of 0")
			}
		}
	}
	p.compare(wiretest.UploadSchema)
}

func TestLimitsOfDownloadsAreThoseOfTheSchema(t *testing.T) {
	t.Parallel()
	p := &prober{t: t}
	for _, way := range lists(reflect.TypeFor[DownloadData]()) {
		d := generate(maximal).downloadWith(way)
		profile := V30()
		p.document, p.check = d, func() []icp.FieldError { return profile.CheckDownload(d) }
		root := reflect.ValueOf(d).Elem()
		records := at(root, way)
		p.field(records, ruleAt(root, way), way)
	}
	p.compare(wiretest.DownloadSchema)
}

// ruleAt gives the rule of the list at the end of a way.
func ruleAt(v reflect.Value, way string) rule {
	name, rest, more := strings.Cut(way, "/")
	for i, r := range rulesOf(v.Type(), "") {
		if r.name != name {
			continue
		}
		if f, ok := container(v.Field(i)); ok && more {
			return ruleAt(f, rest)
		}
		return r
	}
	panic("no " + way)
}
