package wire

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
)

// Raw is an element that has no type here, kept whole.
type Raw struct {
	// Name is the element's name without prefix.
	Name string
	// XML is the whole element as UTF-8 text, without namespaces.
	XML string
}

// UnmarshalXML keeps the element as text.
func (r *Raw) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	var b bytes.Buffer
	e := xml.NewEncoder(&b)
	if err := e.EncodeToken(start); err != nil {
		return err
	}
	for depth := 1; depth > 0; {
		t, err := d.Token()
		if err != nil {
			return err
		}
		switch t.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		case xml.ProcInst, xml.Directive, xml.Comment:
			continue
		}
		if err := e.EncodeToken(t); err != nil {
			return err
		}
	}
	if err := e.Flush(); err != nil {
		return err
	}
	r.Name, r.XML = start.Name.Local, b.String()
	return nil
}

// MarshalXML writes the element as it was kept.
func (r Raw) MarshalXML(e *xml.Encoder, _ xml.StartElement) error {
	d := xml.NewDecoder(bytes.NewReader([]byte(r.XML)))
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := e.EncodeToken(t); err != nil {
			return err
		}
	}
}
