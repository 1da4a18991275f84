package soap

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html/charset"
)

// returned takes the inner document out of a SOAP answer: the text of the first
// leaf below the element whose name ends in Response, whether it came escaped or
// as CDATA. Where the inner document was put in as elements, they are written
// out again. A fault is a *[FaultError].
func returned(answer []byte) (string, error) {
	text, err := below(answer, nil)
	if err != nil || text != "" {
		return text, err
	}
	var inner bytes.Buffer
	e := xml.NewEncoder(&inner)
	if _, err := below(answer, e); err != nil {
		return "", err
	}
	if err := e.Flush(); err != nil {
		return "", fmt.Errorf("write inner elements: %w", err)
	}
	return plain(inner.String())
}

// below finds the response element and gives the text of its first leaf that
// is a document; without one it gives "" and has copied the elements to e.
func below(answer []byte, e *xml.Encoder) (string, error) {
	d := xml.NewDecoder(bytes.NewReader(answer))
	d.CharsetReader = charset.NewReaderLabel
	for {
		t, err := d.Token()
		if err != nil {
			return "", fmt.Errorf("find response: %w", noEOF(err))
		}
		start, ok := t.(xml.StartElement)
		switch {
		case !ok:
		case start.Name.Local == "Fault":
			return "", readFault(d, start)
		case strings.HasSuffix(start.Name.Local, "Response"):
			return leaf(d, e)
		}
	}
}

// leaf reads up to the end of the response element.
func leaf(d *xml.Decoder, e *xml.Encoder) (string, error) {
	var text bytes.Buffer
	for depth := 1; depth > 0; {
		t, err := d.Token()
		if err != nil {
			return "", fmt.Errorf("read response: %w", noEOF(err))
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth++
			text.Reset()
		case xml.EndElement:
			depth--
			if s := strings.TrimSpace(text.String()); strings.HasPrefix(s, "<") {
				return s, nil
			}
			text.Reset()
		case xml.CharData:
			text.Write(t)
		}
		if e == nil || depth == 0 {
			continue
		}
		if err := e.EncodeToken(unadorned(t)); err != nil {
			return "", fmt.Errorf("write inner elements: %w", err)
		}
	}
	return "", nil
}

// unadorned takes namespaces and attributes off a token.
func unadorned(t xml.Token) xml.Token {
	switch t := t.(type) {
	case xml.StartElement:
		return xml.StartElement{Name: xml.Name{Local: t.Name.Local}}
	case xml.EndElement:
		return xml.EndElement{Name: xml.Name{Local: t.Name.Local}}
	case xml.CharData:
		return t
	}
	return xml.CharData(nil) // comments and the like
}

// plain gives the elements of an inner document that was not a text: the
// innermost "return" that holds the code.
func plain(inner string) (string, error) {
	at := strings.Index(inner, "<msg_code>")
	if at < 0 {
		return "", errors.New("response holds no document")
	}
	start := strings.LastIndex(inner[:at], "<return>")
	end := strings.Index(inner[at:], "</return>")
	if start < 0 || end < 0 {
		return "<return>" + inner[at:] + "</return>", nil
	}
	return inner[start : at+end+len("</return>")], nil
}

func readFault(d *xml.Decoder, start xml.StartElement) error {
	var f struct {
		Code   string `xml:"faultcode"`
		Reason string `xml:"faultstring"`
	}
	if err := d.DecodeElement(&f, &start); err != nil {
		return fmt.Errorf("read fault: %w", err)
	}
	return &FaultError{Code: strings.TrimSpace(f.Code), Reason: strings.TrimSpace(f.Reason)}
}

// noEOF makes the end of the answer an error that nobody takes for success.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
