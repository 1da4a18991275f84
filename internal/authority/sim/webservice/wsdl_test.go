package webservice_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/authority/sim/webservice"
	"github.com/openbeian/beian/internal/authority/wire"
)

func ask(t *testing.T, p wire.Profile, target string, set ...func(*http.Request)) (int, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
	for _, f := range set {
		f(r)
	}
	w := httptest.NewRecorder()
	webservice.ServeDescription(w, r, p)
	return w.Code, w.Body.String()
}

func TestDescriptionFollowsTheProfile(t *testing.T) {
	t.Parallel()
	rpc := wire.V30()
	rpc.Style = wire.RPCStyle
	own := wire.V30()
	own.QualifiedParts = true
	for op, e := range own.Endpoints {
		e.Action, e.Namespace = "urn:do:"+string(op), `urn:a"<b>&c`
		e.Parts = append([]string{"unit"}, e.Parts[1:]...)
		own.Endpoints[op] = e
	}
	for name, c := range map[string]struct {
		profile wire.Profile
		has     []string
		not     string
	}{
		"document": {wire.V30(), []string{`style="document"`, `<wsdl:part name="parameters" element="tns:isp_upload"/>`, `elementFormDefault="unqualified"`,
			`<xsd:element name="dataSequence" type="xsd:long"/>`, `<xsd:element name="ispId" type="xsd:long"/>`, `soapAction=""`}, "isp_verifybamm"},
		"rpc": {rpc, []string{`style="rpc"`, `<wsdl:part name="ispID" type="xsd:long"/>`, `<wsdl:part name="return" type="xsd:string"/>`,
			`parameterOrder="ispID userName randVal pwdHash hashAlgorithm fileName"`}, "wsdl:types"},
		"names of its own": {own, []string{`elementFormDefault="qualified"`, `<xsd:element name="unit" type="xsd:long"/>`, `soapAction="urn:do:isp_upload"`,
			`targetNamespace="urn:a&#34;&lt;b&gt;&amp;c"`}, "ispID"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, wsdl := ask(t, c.profile, "/ISPWebService/upDownLoad?wsdl")
			if status != http.StatusOK || strings.Contains(wsdl, c.not) {
				t.Errorf("%d, has %s or is\n%s", status, c.not, wsdl)
			}
			for _, want := range c.has {
				if !strings.Contains(wsdl, want) {
					t.Errorf("lacks %s:\n%s", want, wsdl)
				}
			}
			wellFormed(t, wsdl)
		})
	}
}

func wellFormed(t *testing.T, text string) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader([]byte(text)))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, text)
		}
	}
}

func TestAddressFollowsTheHost(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		target, address string
		set             func(*http.Request)
	}{
		"port":             {"/BeianStatusWebService/verifyBamm?wsdl", "http://sim.example.cn:18/BeianStatusWebService/verifyBamm", func(r *http.Request) { r.Host = "sim.example.cn:18" }},
		"capital letters":  {"/BeianStatusWebService/queryBeianStatus?WSDL", "http://h/BeianStatusWebService/queryBeianStatus", func(r *http.Request) { r.Host = "h" }},
		"behind TLS":       {"/BeianStatusWebService/verifyBamm?wsdl", "https://h/BeianStatusWebService/verifyBamm", func(r *http.Request) { r.Host = "h"; r.Header.Set("X-Forwarded-Proto", "https") }},
		"no such protocol": {"/BeianStatusWebService/verifyBamm?wsdl", "http://h/BeianStatusWebService/verifyBamm", func(r *http.Request) { r.Host = "h"; r.Header.Set("X-Forwarded-Proto", `"><x`) }},
		"a host of quotes": {"/BeianStatusWebService/verifyBamm?wsdl", "http://a&#34;&gt;/BeianStatusWebService/verifyBamm", func(r *http.Request) { r.Host = `a">` }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, wsdl := ask(t, wire.V30(), c.target, c.set)
			if status != http.StatusOK || !strings.Contains(wsdl, `<soap:address location="`+c.address+`"/>`) {
				t.Errorf("%d\n%s", status, wsdl)
			}
			wellFormed(t, wsdl)
		})
	}
}

func TestWithoutTheQuestionItTellsWhereTheDescriptionIs(t *testing.T) {
	t.Parallel()
	status, text := ask(t, wire.V30(), "http://h/ISPWebService/upDownLoad")
	if status != http.StatusMethodNotAllowed || !strings.Contains(text, "http://h/ISPWebService/upDownLoad?wsdl") {
		t.Errorf("%d %s", status, text)
	}
}
