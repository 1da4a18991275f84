package soap_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/authority/soap"
	"github.com/openbeian/beian/internal/authority/wire"
)

// observed lets a client tell its calls.
func observed(c *soap.Client) *[]soap.Call {
	out := &[]soap.Call{}
	c.Observe = func(_ context.Context, call *soap.Call) { *out = append(*out, *call) }
	return out
}

func TestTheObserverIsToldOfEachCall(t *testing.T) {
	t.Parallel()
	inner := func(text string) string { return soapStart + "<return><![CDATA[" + text + "]]></return>" + soapEnd }
	for name, c := range map[string]struct {
		status       int
		body         string
		code         int64
		cause        string
		lost, refuse bool
	}{
		"a reply":           {200, inner(`<return><msg_code>15</msg_code><msg>full</msg></return>`), 15, "", false, false},
		"no document":       {200, "<html/>", -1, "unreadable", true, false},
		"a server error":    {502, "bad gateway", -1, "http_status", true, false},
		"a refusal":         {404, "no such page", -1, "http_status", false, true},
		"a fault":           {500, `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><S:Fault><faultcode>S:Server</faultcode><faultstring>x</faultstring></S:Fault></S:Body></S:Envelope>`, -1, "soap_fault", true, false},
		"an answer of none": {200, "", -1, "connection", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := answering(t, c.status, "text/xml; charset=utf-8", c.body)
			calls := observed(client)
			_, err := client.DownloadAck(t.Context(), "a.xml")
			if len(*calls) != 1 {
				t.Fatalf("%d calls told, want 1", len(*calls))
			}
			got, received := (*calls)[0], int64(len(c.body))
			if c.refuse {
				received = 0 // nobody reads on
			}
			if got.Operation != wire.OpDownloadAck || got.FileName != "a.xml" || got.Code != c.code || got.Cause() != c.cause || got.Lost() != c.lost ||
				got.Refused() != c.refuse || got.Status != c.status || got.Received != received || got.Sent < 300 || got.Took <= 0 || (got.Err == nil) != (err == nil) {
				t.Errorf("told %+v, cause %q", got, got.Cause())
			}
		})
	}
}

func TestTheObserverIsToldOfCallsThatNeverLeft(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	client := client(t, s.URL)
	calls := observed(client)
	if _, err := client.Download(t.Context()); err == nil {
		t.Fatal("a call to nobody went through")
	}
	if got := (*calls)[0]; got.Cause() != "not_sent" || got.Lost() || got.Refused() || got.Status != 0 {
		t.Errorf("told %+v, cause %q", got, got.Cause())
	}
}

func TestNothingToldHoldsSecretsOrConditions(t *testing.T) {
	t.Parallel()
	client := answering(t, 200, "text/xml; charset=utf-8", soapStart+"<return><![CDATA[<return><msg_code>0</msg_code><msg/></return>]]></return>"+soapEnd)
	calls := observed(client)
	if _, err := client.QueryBeianStatus(t.Context(), 2, "11010519491231002X"); err != nil {
		t.Fatal(err)
	}
	if _, err := client.VerifyBamm(t.Context(), "京ICP备2024012345号", "cedar12345"); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("%+v", *calls)
	for _, secret := range []string{"11010519491231002X", "cedar12345", "2024012345", "p&w", client.Profile.FilingPasswordHash("cedar12345")} {
		if strings.Contains(text, secret) {
			t.Errorf("told %q in %s", secret, text)
		}
	}
	if (*calls)[0].Kind != 2 {
		t.Errorf("the kind of the question is %d, want 2", (*calls)[0].Kind)
	}
}

func TestARequestIsShownWithoutTheProof(t *testing.T) {
	t.Parallel()
	var sent string
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b := make([]byte, r.ContentLength)
		_, _ = r.Body.Read(b)
		sent = string(b)
	}))
	t.Cleanup(s.Close)
	client := client(t, s.URL)
	file := wire.Sealed{BeianInfo: "QUJD", BeianInfoHash: "aGFzaA==", EncryptAlgorithm: 1}
	_, _ = client.Upload(t.Context(), 7, file) // nobody answers in words
	before, after := client.UploadAround(7, file)
	shown := string(before) + file.BeianInfo + string(after)
	for _, part := range []string{"randVal", "pwdHash"} {
		from, to := strings.Index(sent, "<"+part+">")+len(part)+2, strings.Index(sent, "</"+part+">")
		if from < len(part)+2 || to <= from {
			t.Fatalf("no %s in %s", part, sent)
		}
		sent = sent[:from] + sent[to:]
	}
	if shown != sent {
		t.Errorf("shown\n%s\nsent\n%s", shown, sent)
	}
}
