package wire

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"

	"github.com/openbeian/beian/internal/icp"
)

// DecodeDownload reads a downloaded document. It is lenient: any order, any
// prefix, unknown elements (kept as [Raw]), lengths and ranges beyond the
// schema, spaces around numbers, and the names that the specification spells
// in two ways. A number that cannot be read becomes 0 and is listed in Faults.
// An error means that this is no such document at all.
func DecodeDownload(b []byte) (DownloadData, error) {
	var d DownloadData
	faults, err := decode(toUTF8(b), &d)
	if err != nil {
		return DownloadData{}, err
	}
	d.Faults = faults
	return d, nil
}

// DecodeUpload reads an uploaded document; what an authority would refuse is
// found by [Profile.Check] and by comparing [ElementCount] of source and
// [Profile.Encode]. A number that cannot be read is an error.
func DecodeUpload(b []byte) (UploadData, error) {
	var d UploadData
	faults, err := decode(toUTF8(b), &d)
	if err == nil {
		err = icp.InvalidFields(faults)
	}
	if err != nil {
		return UploadData{}, err
	}
	return d, nil
}

// ElementCount counts the elements of a document; -1 when it is not well-formed.
func ElementCount(b []byte) int {
	d := newDecoder(toUTF8(b))
	for n := 0; ; {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return n
		}
		if err != nil {
			return -1
		}
		if _, ok := t.(xml.StartElement); ok {
			n++
		}
	}
}

func newDecoder(b []byte) *xml.Decoder {
	d := xml.NewDecoder(bytes.NewReader(b))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // already UTF-8
	return d
}

// decode fills v from UTF-8 text and gives the numbers it could not read.
func decode(b []byte, v any) ([]icp.FieldError, error) {
	l := &lenient{in: newDecoder(b), numbers: numericNames}
	if err := xml.NewTokenDecoder(l).Decode(v); err != nil {
		return nil, icp.E(icp.Invalid, "wire.unreadable").Because(err)
	}
	return l.faults, nil
}

// aliases are names that the specification's text and schema spell differently.
var aliases = map[string]string{"DJTB": "SJTB", "Gbjg": "Gbjs", "Zdjg": "Zdip"}

// lenient is a token stream without namespaces, with the schema's names, and
// with nothing but numbers inside elements that hold numbers.
type lenient struct {
	in      *xml.Decoder
	numbers map[string]bool
	path    []string
	faults  []icp.FieldError
}

// Token gives the next token; see xml.TokenReader.
func (l *lenient) Token() (xml.Token, error) {
	t, err := l.in.RawToken()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case xml.StartElement:
		t.Name = l.plainName(t.Name)
		t.Attr = plainAttributes(t.Attr)
		l.path = append(l.path, t.Name.Local)
		return t, nil
	case xml.EndElement:
		if len(l.path) > 0 {
			l.path = l.path[:len(l.path)-1]
		}
		t.Name = l.plainName(t.Name)
		return t, nil
	case xml.CharData:
		return l.text(t), nil
	}
	return t, nil
}

func (l *lenient) text(t xml.CharData) xml.CharData {
	if len(l.path) == 0 || !l.numbers[l.path[len(l.path)-1]] {
		return t
	}
	s := strings.TrimSpace(string(t))
	if s == "" {
		return nil
	}
	if _, err := strconv.ParseInt(s, 10, 64); err != nil {
		l.faults = append(l.faults, icp.FieldError{Pointer: "/" + strings.Join(l.path, "/"), Code: "wire.not_a_number"})
		return nil
	}
	return xml.CharData(s)
}

// plainName gives the schema's name of a child of the present element.
func (l *lenient) plainName(n xml.Name) xml.Name {
	if a, ok := aliases[n.Local]; ok {
		n.Local = a
	}
	// The provider of an access is Ispid; elsewhere IspId is the provider's own id.
	if n.Local == "IspId" && len(l.path) > 0 && l.path[len(l.path)-1] == "Jr_xx" {
		n.Local = "Ispid"
	}
	return xml.Name{Local: n.Local}
}

func plainAttributes(in []xml.Attr) []xml.Attr {
	var out []xml.Attr
	for _, a := range in {
		if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
			out = append(out, xml.Attr{Name: xml.Name{Local: a.Name.Local}, Value: a.Value})
		}
	}
	return out
}

// numericNames are the elements that hold numbers, taken from the types.
var numericNames = collectNumeric(reflect.TypeFor[UploadData](), reflect.TypeFor[DownloadData](),
	reflect.TypeFor[DownloadReply](), reflect.TypeFor[PreviousUploadReply](), reflect.TypeFor[UploadReply](), reflect.TypeFor[StatusReply](), reflect.TypeFor[VerifyReply](),
	reflect.TypeFor[sequenceList]())

func collectNumeric(types ...reflect.Type) map[string]bool {
	names, seen := map[string]bool{}, map[reflect.Type]bool{}
	var walk func(reflect.Type, string)
	walk = func(t reflect.Type, name string) {
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice:
			walk(t.Elem(), name)
		case reflect.Int, reflect.Int64:
			names[name] = true
		case reflect.Struct:
			if seen[t] {
				return
			}
			seen[t] = true
			for f := range t.Fields() {
				n, _, _ := strings.Cut(f.Tag.Get("xml"), ",")
				if n != "-" {
					walk(f.Type, n)
				}
			}
		default: // texts need no name
		}
	}
	for _, t := range types {
		walk(t, "")
	}
	delete(names, "")
	return names
}
