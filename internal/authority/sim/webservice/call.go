package webservice

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html/charset"

	"github.com/openbeian/beian/internal/authority/wire"
)

// soap11 is the namespace of SOAP 1.1 envelopes.
const soap11 = "http://schemas.xmlsoap.org/soap/envelope/"

// Levels of an envelope's elements.
const (
	levelEnvelope  = 1
	levelPart      = 2 // Header and Body
	levelOperation = 3 // the called operation, or a header's entry
	levelParameter = 4
	maxDepth       = 16 // headers of signing clients nest, but not deeper
)

// Call is a call of one method, its values in the specification's order.
type Call struct {
	Operation wire.Operation
	Values    []string
}

// Fault says why a call was not taken up (SOAP 1.1, section 4.4).
type Fault struct {
	// Code is Client, VersionMismatch, MustUnderstand or Server.
	Code   string
	Reason string
}

// Error gives the reason.
func (f *Fault) Error() string { return f.Reason }

func refuse(format string, args ...any) *Fault {
	return &Fault{Code: "Client", Reason: fmt.Sprintf(format, args...)}
}

// ReadCall reads a request that came to a path of the profile. Parameters are
// found by their names and namespaces, as a server's generated code finds them.
// Errors are *[Fault].
func ReadCall(p wire.Profile, path string, body []byte) (Call, error) {
	r := reader{profile: p, path: path, decoder: xml.NewDecoder(bytes.NewReader(body)), values: map[string]string{}}
	r.decoder.CharsetReader = charset.NewReaderLabel
	for {
		t, err := r.decoder.Token()
		if errors.Is(err, io.EOF) {
			return r.call()
		}
		if err != nil {
			return Call{}, refuse("the request is no XML: %v", err)
		}
		if err := r.take(t); err != nil {
			return Call{}, err
		}
	}
}

// reader takes an envelope apart token by token.
type reader struct {
	profile wire.Profile
	path    string
	decoder *xml.Decoder
	depth   int
	ended   bool // the envelope was closed
	inBody  bool
	bodies  int

	operation wire.Operation
	parameter string // whose text is read, "" between parameters
	text      strings.Builder
	values    map[string]string
}

func (r *reader) take(t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		if r.depth++; r.depth > maxDepth {
			return refuse("the request nests deeper than %d elements", maxDepth)
		}
		return r.open(t)
	case xml.EndElement:
		r.close()
	case xml.CharData:
		if r.inBody && r.depth == levelParameter {
			r.text.Write(t)
		} else if r.inBody && len(bytes.TrimSpace(t)) > 0 {
			return refuse("there is text outside the parameters")
		}
	case xml.Directive:
		return refuse("a SOAP message must not have a document type declaration")
	case xml.ProcInst:
		if t.Target != "xml" {
			return refuse("a SOAP message must not have processing instructions")
		}
	}
	return nil
}

func (r *reader) open(e xml.StartElement) error {
	switch {
	case r.ended:
		return refuse("there is something after the envelope")
	case r.depth == levelEnvelope:
		return openEnvelope(e)
	case r.depth == levelPart:
		r.inBody = e.Name == xml.Name{Space: soap11, Local: "Body"}
		if r.inBody {
			r.bodies++
		}
	case r.depth == levelOperation && !r.inBody:
		return openHeader(e)
	case r.depth == levelOperation:
		return r.openOperation(e)
	case r.inBody:
		return r.openParameter(e)
	}
	return nil
}

func openEnvelope(e xml.StartElement) error {
	switch {
	case e.Name.Local != "Envelope":
		return refuse("the request is no SOAP envelope but a %s", e.Name.Local)
	case e.Name.Space != soap11:
		return &Fault{Code: "VersionMismatch", Reason: "the envelope is not of SOAP 1.1 (" + soap11 + ")"}
	}
	return nil
}

func openHeader(e xml.StartElement) error {
	for _, a := range e.Attr {
		if a.Name.Local == "mustUnderstand" && a.Name.Space == soap11 && a.Value == "1" {
			return &Fault{Code: "MustUnderstand", Reason: "the header " + e.Name.Local + " is not understood here"}
		}
	}
	return nil
}

func (r *reader) openOperation(e xml.StartElement) error {
	if r.operation != "" {
		return refuse("the request calls two operations")
	}
	op := wire.Operation(e.Name.Local)
	end, ok := r.profile.Endpoints[op]
	if !ok || end.Path != r.path {
		return refuse("there is no operation %s at %s", e.Name.Local, r.path)
	}
	if want := r.profile.NamespaceOf(op); e.Name.Space != want {
		return refuse("operation %s must be of namespace %q, not %q", op, want, e.Name.Space)
	}
	r.operation = op
	return nil
}

func (r *reader) openParameter(e xml.StartElement) error {
	if r.depth > levelParameter {
		return refuse("parameter %s must hold a text, not the element %s", r.parameter, e.Name.Local)
	}
	want := ""
	if r.profile.QualifiedParts {
		want = r.profile.NamespaceOf(r.operation)
	}
	if e.Name.Space != want {
		return refuse("parameter %s must be of namespace %q, not %q", e.Name.Local, want, e.Name.Space)
	}
	if _, twice := r.values[e.Name.Local]; twice {
		return refuse("parameter %s stands twice", e.Name.Local)
	}
	r.parameter = e.Name.Local
	r.text.Reset()
	return nil
}

func (r *reader) close() {
	switch {
	case r.depth == levelParameter && r.inBody:
		r.values[r.parameter] = r.text.String()
		r.parameter = ""
	case r.depth == levelPart:
		r.inBody = false
	case r.depth == levelEnvelope:
		r.ended = true
	}
	r.depth--
}

// call puts the values in order.
func (r *reader) call() (Call, error) {
	if !r.ended || r.bodies != 1 || r.operation == "" {
		return Call{}, refuse("the request calls no operation")
	}
	c := Call{Operation: r.operation}
	for _, name := range r.profile.Endpoints[r.operation].Parts {
		v, ok := r.values[name]
		if !ok {
			return Call{}, refuse("parameter %s of %s is missing", name, r.operation)
		}
		c.Values = append(c.Values, v)
	}
	return c, nil
}
