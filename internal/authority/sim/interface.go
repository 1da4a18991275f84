package sim

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

const maxRequest = 128 << 20

// call is a request of the interface, its values in the specification's order.
type call struct {
	op     wire.Operation
	values []string
	// provider is set by authorize.
	provider int64
}

// serveSOAP answers one call of the interface.
func (s *Server) serveSOAP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		return // the caller has gone, or sends more than anybody may
	}
	c, err := s.parseCall(body, r.URL.Path)
	if err != nil {
		soapFault(w, err)
		return
	}
	manners := s.manners(c.op)
	if manners.delay > 0 {
		select {
		case <-time.After(manners.delay):
		case <-r.Context().Done():
		}
	}
	if manners.drop {
		panic(http.ErrAbortHandler) // closes the connection without an answer
	}
	var text string
	err = s.change(func(now time.Time) (err error) {
		text, err = s.answer(c, manners, now)
		return err
	})
	if manners.loseReply {
		panic(http.ErrAbortHandler)
	}
	if err != nil {
		soapFault(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	_, _ = fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><ns2:%sResponse xmlns:ns2="%s"><return>%s</return></ns2:%sResponse></S:Body></S:Envelope>`,
		c.op, escaped(s.cfg.Profile.Namespace), escaped(text), c.op)
}

func soapFault(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = fmt.Fprintf(w, `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><S:Fault><faultcode>S:Client</faultcode><faultstring>%s</faultstring></S:Fault></S:Body></S:Envelope>`, escaped(err.Error()))
}

func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a bytes.Buffer never refuses a write
	return b.String()
}

// answer gives the reply text of a call.
func (s *Server) answer(c call, m manners, now time.Time) (string, error) {
	head := wire.Reply{Version: s.cfg.Profile.Version}
	if head.Code = s.authorize(&c); head.Code == 0 {
		head.Code = m.code
	}
	head.Message = wire.MethodCodeOf(head.Code).ZH
	switch c.op {
	case wire.OpUpload:
		r := wire.UploadReply{Reply: head}
		return reply(s, c, m, now, &r, (*Server).upload)
	case wire.OpDownload:
		r := wire.DownloadReply{Reply: head}
		return reply(s, c, m, now, &r, (*Server).download)
	case wire.OpDownloadAck:
		r := wire.AckReply{Reply: head}
		return reply(s, c, m, now, &r, (*Server).acknowledge)
	case wire.OpQueryPreviousUpload:
		r := wire.PreviousUploadReply{Reply: head}
		return reply(s, c, m, now, &r, (*Server).previousUpload)
	case wire.OpQueryBeianStatus:
		r := wire.StatusReply{Reply: head}
		return reply(s, c, m, now, &r, (*Server).status)
	case wire.OpVerifyBamm:
		r := wire.VerifyReply{Reply: head}
		return reply(s, c, m, now, &r, (*Server).verify)
	}
	return "", fmt.Errorf("no operation %s", c.op)
}

// reply fills a reply by its method unless a code stands already.
func reply[R wire.AnyReply](s *Server, c call, m manners, now time.Time, r R, method func(*Server, call, manners, time.Time, R) int64) (string, error) {
	head := wire.HeadOf(r)
	if head.Code == 0 {
		head.Code = method(s, c, m, now, r)
		head.Message = wire.MethodCodeOf(head.Code).ZH
	}
	return wire.EncodeReply(r)
}

// authorize checks the first values of every call and gives a method code.
func (s *Server) authorize(c *call) int64 {
	id, err := strconv.ParseInt(c.values[0], 10, 64)
	if err != nil {
		return 12
	}
	var a *Account
	for i := range s.cfg.Accounts {
		if s.cfg.Accounts[i].User == c.values[1] {
			a = &s.cfg.Accounts[i]
		}
	}
	if a == nil {
		return 4
	}
	if a.ProviderID != id {
		return 12
	}
	if len(c.values[2]) < wire.RandomLength {
		return 16
	}
	hash := c.values[4]
	if c.op == wire.OpUpload {
		hash = c.values[8]
	}
	if hash != strconv.Itoa(wire.HashMD5) {
		return 10
	}
	want, err := s.cfg.Profile.PasswordProof(a.Password, c.values[2])
	if err != nil || want != c.values[3] {
		return 5
	}
	if a.Province != 0 && a.Province != s.cfg.Province {
		return 13
	}
	c.provider = id
	return 0
}

// parseCall reads a SOAP request. Values are found by the part names of the
// profile, as a server's generated code does: a wrong name is a missing value.
func (s *Server) parseCall(body []byte, path string) (call, error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	if err := skipTo(d, "Body"); err != nil {
		return call{}, err
	}
	t, err := nextStart(d)
	if err != nil {
		return call{}, err
	}
	op := wire.Operation(t.Name.Local)
	end, ok := s.cfg.Profile.Endpoints[op]
	if !ok || end.Path != path || t.Name.Space != s.cfg.Profile.Namespace {
		return call{}, fmt.Errorf("no operation %s of %s at %s", op, t.Name.Space, path)
	}
	var in struct {
		Parts []struct {
			XMLName xml.Name
			Text    string `xml:",chardata"`
		} `xml:",any"`
	}
	if err := d.DecodeElement(&in, &t); err != nil {
		return call{}, fmt.Errorf("read parts: %w", err)
	}
	values := map[string]string{}
	for _, p := range in.Parts {
		values[p.XMLName.Local] = p.Text
	}
	c := call{op: op}
	for _, part := range end.Parts {
		v, ok := values[part]
		if !ok {
			return call{}, fmt.Errorf("part %s is missing", part)
		}
		c.values = append(c.values, v)
	}
	return c, nil
}

func skipTo(d *xml.Decoder, name string) error {
	for {
		t, err := nextStart(d)
		if err != nil {
			return err
		}
		if t.Name.Local == name {
			return nil
		}
	}
}

func nextStart(d *xml.Decoder) (xml.StartElement, error) {
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return xml.StartElement{}, errors.New("request ends early")
		}
		if err != nil {
			return xml.StartElement{}, fmt.Errorf("read request: %w", err)
		}
		if start, ok := t.(xml.StartElement); ok {
			return start, nil
		}
	}
}
