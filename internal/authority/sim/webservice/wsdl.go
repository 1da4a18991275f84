package webservice

import (
	"bytes"
	_ "embed"
	"encoding/xml"
	"path"
	"slices"
	"strings"
	"text/template"

	"github.com/openbeian/beian/internal/authority/wire"
)

//go:embed wsdl.xml.tmpl
var descriptionText string

var description = template.Must(template.New("wsdl").Funcs(template.FuncMap{"x": escaped}).Parse(descriptionText))

// operations in the order in which a description lists them.
var operations = []wire.Operation{wire.OpUpload, wire.OpDownload, wire.OpDownloadAck, wire.OpQueryPreviousUpload, wire.OpQueryBeianStatus, wire.OpVerifyBamm}

// Schema types of the parameters by position, as the specification's prototypes
// have them.
const (
	text  = "xsd:string"
	long  = "xsd:long"
	whole = "xsd:int"
)

var authorized = []string{long, text, text, text, whole}

var partTypes = map[wire.Operation][]string{
	wire.OpUpload:              {long, text, text, text, text, text, long, whole, whole, whole},
	wire.OpDownload:            authorized,
	wire.OpDownloadAck:         slices.Concat(authorized, []string{text}),
	wire.OpQueryPreviousUpload: authorized,
	wire.OpQueryBeianStatus:    slices.Concat(authorized, []string{whole, text}),
	wire.OpVerifyBamm:          slices.Concat(authorized, []string{text, text}),
}

type described struct {
	Name, Namespace, Address string
	RPC, Qualified           bool
	Operations               []describedOperation
}

type describedOperation struct {
	Name, Action string
	Parts        []describedPart
}

type describedPart struct{ Name, Type string }

// Describe writes the WSDL of the service at a path of the profile; address is
// where calls go to, with host. ok is false when nothing is at the path.
func Describe(p wire.Profile, at, address string) (wsdl []byte, ok bool) {
	d := described{Name: path.Base(at), Address: address, RPC: p.Style == wire.RPCStyle, Qualified: p.QualifiedParts}
	for _, op := range operations {
		end := p.Endpoints[op]
		if end.Path != at {
			continue
		}
		d.Namespace = p.NamespaceOf(op)
		o := describedOperation{Name: string(op), Action: end.Action}
		for i, part := range end.Parts {
			o.Parts = append(o.Parts, describedPart{part, partTypes[op][i]})
		}
		d.Operations = append(d.Operations, o)
	}
	if len(d.Operations) == 0 {
		return nil, false
	}
	var b bytes.Buffer
	if err := description.Execute(&b, d); err != nil {
		panic("webservice: wsdl template: " + err.Error()) // it is part of the program
	}
	return b.Bytes(), true
}

// Paths are those of a profile's services, in the specification's order.
func Paths(p wire.Profile) []string {
	var out []string
	for _, op := range operations {
		if at := p.Endpoints[op].Path; !slices.Contains(out, at) {
			out = append(out, at)
		}
	}
	return out
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a builder never refuses a write
	return b.String()
}
