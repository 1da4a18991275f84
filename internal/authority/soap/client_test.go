package soap_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/authority/soap"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
)

func client(t *testing.T, base string) *soap.Client {
	t.Helper()
	c, err := soap.New(base, soap.Account{ProviderID: 330011, User: "u<1>", Password: "p&w"}, wire.V30())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func answering(t *testing.T, status int, contentType, body string) *soap.Client {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(s.Close)
	return client(t, s.URL)
}

const soapStart = `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><ns2:isp_downloadackResponse xmlns:ns2="urn:x">`
const soapEnd = `</ns2:isp_downloadackResponse></S:Body></S:Envelope>`

func TestEveryShapeOfAnswerIsRead(t *testing.T) {
	t.Parallel()
	for name, inner := range map[string]string{
		"escaped":                 `<return>&lt;?xml version="1.0" encoding="GBK"?&gt;&lt;return version="V.3.0"&gt;&lt;msg_code&gt;3&lt;/msg_code&gt;&lt;msg&gt;好&lt;/msg&gt;&lt;/return&gt;</return>`,
		"CDATA":                   `<return><![CDATA[<return version="V.3.0"><msg_code>3</msg_code><msg>好</msg></return>]]></return>`,
		"another part name":       `<ns2:out xmlns:xsi="urn:y" xsi:type="xsd:string"> <![CDATA[<return><msg_code>3</msg_code><msg>好</msg></return>]]> </ns2:out>`,
		"elements, not a text":    `<return><return version="V.3.0"><msg_code>3</msg_code><msg>好</msg></return></return>`,
		"elements without a root": `<msg_code>3</msg_code><msg>好</msg>`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := answering(t, 200, "text/xml; charset=utf-8", soapStart+inner+soapEnd).DownloadAck(t.Context(), "a.xml")
			if err != nil || r.Code != 3 || r.Message != "好" || r.Text == "" {
				t.Errorf("reply %+v, %v", r, err)
			}
		})
	}
}

func TestWhatHappenedIsToldApart(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		body   string
		lost   bool
	}{
		"an answer cut off":                  {200, soapStart + "<return>", true},
		"an answer that is a web page":       {200, "<html><body>维护</body></html>", true},
		"an answer without a code":           {200, soapStart + "<return>&lt;return/&gt;</return>" + soapEnd, true},
		"a server error":                     {502, "bad gateway", true},
		"a redirect is not followed":         {302, "", false},
		"a refused address":                  {403, "", false},
		"no such path, nothing was taken up": {404, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := answering(t, c.status, "text/xml", c.body).Download(t.Context())
			var lost *soap.ReplyLostError
			if !errors.Is(err, icp.ErrUnavailable) || errors.As(err, &lost) != c.lost {
				t.Errorf("err = %v, want lost %v", err, c.lost)
			}
		})
	}
}

func TestFaultKeepsItsReason(t *testing.T) {
	t.Parallel()
	_, err := answering(t, 500, "text/xml", `<S:Envelope xmlns:S="urn:s"><S:Body><S:Fault><faultcode>S:Server</faultcode><faultstring>空指针</faultstring></S:Fault></S:Body></S:Envelope>`).Download(t.Context())
	var fault *soap.FaultError
	var lost *soap.ReplyLostError
	if !errors.As(err, &fault) || fault.Reason != "空指针" || !errors.As(err, &lost) || lost.Operation != wire.OpDownload {
		t.Errorf("err = %v", err)
	}
}

func TestNotSentWhenNobodyListens(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	base := "http://" + l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = client(t, base).Upload(t.Context(), 1, wire.Sealed{})
	var lost *soap.ReplyLostError
	if !errors.Is(err, icp.E(icp.Unavailable, "authority.not_sent")) || errors.As(err, &lost) {
		t.Errorf("err = %v, want not sent", err)
	}
}

func TestLostWhenTheConnectionBreaksAfterSending(t *testing.T) {
	t.Parallel()
	calls := 0
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		calls++
		_, _ = io.Copy(io.Discard, r.Body)
		panic(http.ErrAbortHandler)
	}))
	_, err := client(t, s.URL).Upload(t.Context(), 1, wire.Sealed{})
	s.Close()
	var lost *soap.ReplyLostError
	if !errors.As(err, &lost) || !errors.Is(err, icp.E(icp.Unavailable, "authority.reply_lost")) {
		t.Errorf("err = %v, want lost", err)
	}
	if calls != 1 {
		t.Errorf("sent %d times", calls)
	}
}

func TestLostWhenTheCallerGivesUpAfterSending(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		cancel()
		<-r.Context().Done()
	}))
	defer s.Close()
	_, err := client(t, s.URL).Download(ctx)
	var lost *soap.ReplyLostError
	if !errors.As(err, &lost) || !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
}

func TestRequestHasThePartsInOrder(t *testing.T) {
	t.Parallel()
	var body, action, path string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		body, action, path = string(b), r.Header.Get("SOAPAction"), r.URL.Path
		w.WriteHeader(http.StatusNotFound)
	}))
	c := client(t, s.URL)
	_, _ = c.Upload(t.Context(), 7, wire.Sealed{BeianInfo: "QUJD", BeianInfoHash: "aGFzaA==", EncryptAlgorithm: 1})
	s.Close()
	if action != `""` || path != "/ISPWebService/upDownLoad" {
		t.Errorf("action %s, path %s", action, path)
	}
	at := 0
	for _, part := range []string{`xmlns:m="http://webservice.isp.beian.miit.gov.cn/"`, "<m:isp_upload>", "<ispID>330011</ispID>", "<userName>u&lt;1&gt;</userName>", "<randVal>", "<pwdHash>",
		"<beianInfo>QUJD</beianInfo>", "<beianInfoHash>aGFzaA==</beianInfoHash>", "<dataSequence>7</dataSequence>", "<encryptAlgorithm>1</encryptAlgorithm>", "<hashAlgorithm>0</hashAlgorithm>", "<compressionFormat>0</compressionFormat></m:isp_upload>"} {
		i := strings.Index(body[at:], part)
		if i < 0 {
			t.Fatalf("%s is missing or out of order in\n%s", part, body)
		}
		at += i
	}
	if strings.Contains(body, "p&w") || strings.Contains(body, "p&amp;w") {
		t.Error("the password travels")
	}
	random := body[strings.Index(body, "<randVal>")+9 : strings.Index(body, "</randVal>")]
	if len(random) != 20 {
		t.Errorf("randVal %q", random)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"", "ftp://x", "localhost:80", "://"} {
		if _, err := soap.New(base, soap.Account{}, wire.V30()); !errors.Is(err, icp.ErrInvalid) {
			t.Errorf("%q: %v", base, err)
		}
	}
	if _, err := soap.New("http://x", soap.Account{}, wire.Profile{}); !errors.Is(err, icp.ErrInvalid) {
		t.Errorf("empty profile: %v", err)
	}
}
