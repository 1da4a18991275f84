package webservice_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/authority/sim/webservice"
	"github.com/openbeian/beian/internal/authority/wire"
)

const (
	path  = "/ISPWebService/upDownLoad"
	begin = `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>`
	end   = `</s:Body></s:Envelope>`
	parts = `<ispID>1</ispID><userName>u</userName><randVal> r </randVal><pwdHash>h</pwdHash><hashAlgorithm>0</hashAlgorithm>`
)

func calling(parts string) string {
	return begin + `<m:isp_download xmlns:m="http://webservice.isp.beian.miit.gov.cn/">` + parts + `</m:isp_download>` + end
}

func TestCallsAreRead(t *testing.T) {
	t.Parallel()
	want := []string{"1", "u", " r ", "h", "0"}
	qualified := wire.V30()
	qualified.QualifiedParts = true
	for name, c := range map[string]struct {
		profile wire.Profile
		body    string
	}{
		"as our own client sends":           {wire.V30(), calling(parts)},
		"in another order":                  {wire.V30(), calling(`<hashAlgorithm>0</hashAlgorithm><ispID>1</ispID><userName>u</userName><pwdHash>h</pwdHash><randVal> r </randVal>`)},
		"with types and CDATA":              {wire.V30(), calling(strings.Replace(parts, "<userName>u", `<userName xmlns:x="urn:x" x:type="x:string"><![CDATA[u]]>`, 1))},
		"with space and comments between":   {wire.V30(), calling("\n  <!-- here -->" + strings.ReplaceAll(parts, "><", ">\n<"))},
		"with a parameter that nobody asks": {wire.V30(), calling(parts + "<more>1</more>")},
		"with a header":                     {wire.V30(), strings.Replace(calling(parts), "<s:Body>", `<s:Header><a xmlns="urn:a"><b>1</b></a></s:Header><s:Body>`, 1)},
		"qualified by a default namespace": {qualified, begin + `<isp_download xmlns="http://webservice.isp.beian.miit.gov.cn/">` + parts +
			`</isp_download>` + end},
		"in GBK": {wire.V30(), strings.Replace(calling(parts), "UTF-8", "GBK", 1)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := webservice.ReadCall(c.profile, path, []byte(c.body))
			if err != nil || got.Operation != wire.OpDownload || !slices.Equal(got.Values, want) {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

func TestWhatIsNoCallIsRefused(t *testing.T) {
	t.Parallel()
	good := calling(parts)
	swap := func(from, to string) string {
		if !strings.Contains(good, from) {
			t.Fatalf("nothing to swap for %s", from)
		}
		return strings.Replace(good, from, to, 1)
	}
	for name, c := range map[string]struct{ body, code, reason string }{
		"nothing":                  {"", "Client", "no operation"},
		"no XML":                   {"isp_download?ispID=1", "Client", "no operation"},
		"cut off":                  {good[:len(good)-20], "Client", "no XML"},
		"JSON":                     {`{"ispID":1}`, "Client", "no operation"},
		"another document":         {"<html><body/></html>", "Client", "no SOAP envelope but a html"},
		"SOAP 1.2":                 {swap("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"), "VersionMismatch", "SOAP 1.1"},
		"a header to understand":   {swap("<s:Body>", `<s:Header><a s:mustUnderstand="1"/></s:Header><s:Body>`), "MustUnderstand", "header a"},
		"no body":                  {`<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"/>`, "Client", "no operation"},
		"an empty body":            {begin + end, "Client", "no operation"},
		"two bodies":               {swap("</s:Body>", "</s:Body><s:Body/>"), "Client", "no operation"},
		"another operation":        {strings.ReplaceAll(good, "isp_download", "isp_getsn"), "Client", "no operation isp_getsn"},
		"one of another address":   {strings.ReplaceAll(good, "isp_download", "isp_verifybamm"), "Client", "no operation isp_verifybamm at"},
		"two operations":           {swap("</m:isp_download>", `</m:isp_download><m:isp_download xmlns:m="http://webservice.isp.beian.miit.gov.cn/"/>`), "Client", "two operations"},
		"another namespace":        {swap("http://webservice.isp.beian.miit.gov.cn/", "urn:other"), "Client", `not "urn:other"`},
		"qualified parameters":     {swap("<m:isp_download xmlns:m", "<isp_download xmlns"), "Client", "parameter ispID must be of namespace"},
		"a namespace too many":     {swap("<ispID>", `<ispID xmlns="urn:other">`), "Client", `parameter ispID must be of namespace "", not "urn:other"`},
		"a parameter missing":      {swap("<pwdHash>h</pwdHash>", ""), "Client", "pwdHash of isp_download is missing"},
		"a parameter misspelt":     {swap("<ispID>1</ispID>", "<ispId>1</ispId>"), "Client", "ispID of isp_download is missing"},
		"a parameter twice":        {swap("</m:isp_download>", "<ispID>2</ispID></m:isp_download>"), "Client", "ispID stands twice"},
		"elements in a parameter":  {swap("<userName>u", "<userName><u/>"), "Client", "userName must hold a text"},
		"text beside parameters":   {swap("<userName>", "x<userName>"), "Client", "text outside"},
		"something after the end":  {good + "<more/>", "Client", "after the envelope"},
		"a document type":          {strings.Replace(good, "<s:Env", `<!DOCTYPE x [<!ENTITY a "aa">]><s:Env`, 1), "Client", "document type"},
		"an entity of its own":     {swap(">u<", ">&a;<"), "Client", "no XML"},
		"a processing instruction": {swap("<userName>", "<?php echo 1 ?><userName>"), "Client", "processing instructions"},
		"a deep nest":              {begin + strings.Repeat("<a>", 100_000), "Client", "no operation"},
		"a deep nest of headers":   {strings.Replace(begin, "<s:Body>", "<s:Header>"+strings.Repeat("<a>", 100_000), 1), "Client", "deeper"},
		"broken characters":        {swap(">u<", ">\xff<"), "Client", "no XML"},
		"an unknown code page":     {strings.Replace(good, "UTF-8", "KLINGON", 1), "Client", "no XML"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := webservice.ReadCall(wire.V30(), path, []byte(c.body))
			var f *webservice.Fault
			if !errors.As(err, &f) || f.Code != c.code || !strings.Contains(f.Reason, c.reason) {
				t.Errorf("%v, want %s: %s", err, c.code, c.reason)
			}
		})
	}
}

// FuzzReadCall holds the parser to its word: a call with all its values, or a
// fault; never a panic, never more text than came in.
func FuzzReadCall(f *testing.F) {
	f.Add([]byte(calling(parts)))
	f.Add([]byte(`<!DOCTYPE x [<!ENTITY a "&a;&a;">]>` + calling("&a;")))
	f.Add([]byte(begin + strings.Repeat("<a>", 50)))
	f.Add([]byte(strings.Replace(calling(parts), "UTF-8", "UTF-16", 1)))
	f.Add([]byte(strings.Replace(calling(parts), "<s:Body>", `<s:Header><a s:mustUnderstand="1"/></s:Header><s:Body>`, 1)))
	f.Fuzz(func(t *testing.T, body []byte) {
		c, err := webservice.ReadCall(wire.V30(), path, body)
		var fault *webservice.Fault
		if err != nil {
			if !errors.As(err, &fault) || fault.Code == "" {
				t.Errorf("error %v is no fault", err)
			}
			return
		}
		size := 0
		for _, v := range c.Values {
			size += len(v)
		}
		if want := len(wire.V30().Endpoints[c.Operation].Parts); len(c.Values) != want || size > 4*len(body) {
			t.Errorf("%d values of %d bytes out of %d", len(c.Values), size, len(body))
		}
	})
}
