package wire

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"reflect"

	"github.com/openbeian/beian/internal/icp"
)

// DecodeDownload reads a downloaded document. It is lenient: any order, any
// prefix, unknown elements (kept as [Raw]), lengths and ranges beyond the
// schema, spaces around numbers, and the names that the specification spells
// in two ways. A number that cannot be read is left out, as if absent, and
// listed in Faults. An error means that this is no such document at all. A
// large document is better read by [Stream].
func DecodeDownload(b []byte) (DownloadData, error) {
	var d DownloadData
	faults, err := decode(b, &d, true)
	if err != nil {
		return DownloadData{}, err
	}
	d.Faults = faults
	return d, nil
}

// DecodeUpload reads an uploaded document, by the schema's names only; what an
// authority would refuse is found by [Profile.Check] and by comparing
// [ElementCount] of source and [Profile.Encode]. A number that cannot be read
// is an error.
func DecodeUpload(b []byte) (UploadData, error) {
	var d UploadData
	faults, err := decode(b, &d, false)
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
	d := newDecoder(textReader(bytes.NewReader(b)))
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

// newDecoder reads UTF-8 text, whatever its declaration says.
func newDecoder(r io.Reader) *xml.Decoder {
	d := xml.NewDecoder(r)
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	return d
}

// decode fills v from a document and gives the numbers it could not read.
func decode(b []byte, v any, downloaded bool) ([]icp.FieldError, error) {
	l := newLenient(textReader(bytes.NewReader(b)), reflect.TypeOf(v).Elem(), downloaded)
	if err := xml.NewTokenDecoder(l).Decode(v); err != nil {
		return nil, unreadable(err)
	}
	return l.faults, nil
}

func unreadable(err error) error { return icp.E(icp.Invalid, "wire.unreadable").Because(err) }
