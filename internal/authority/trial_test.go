package authority_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/icp"
)

// outcomes gives a trial in one line.
func outcomes(t authority.Trial) string {
	var out []string
	for _, s := range t.Steps {
		out = append(out, fmt.Sprintf("%s=%s/%d/%d", s.Address, s.Outcome, s.Status, s.Code))
	}
	if t.Sequence != nil {
		out = append(out, fmt.Sprintf("%d:%d=%s", t.Sequence.Theirs, t.Sequence.Ours, t.Sequence.Verdict))
	}
	return strings.Join(out, " ")
}

func TestAChannelIsTested(t *testing.T) {
	t.Parallel()
	b := newBench(t, secondAccount)
	c := b.installation()
	trial, err := c.Test(t.Context(), operator, channel, nil, authority.ChannelSecrets{})
	if err != nil {
		t.Fatal(err)
	}
	b.want("the file's channel", outcomes(trial), "upload=ok/200/0 query=ok/200/0 verify=ok/200/-1 0:0=same")
	b.want("all well", trial.OK(), true)
	values := b.second()
	trial, err = c.Test(t.Context(), operator, "sh", &values, secondSecrets)
	if err != nil {
		t.Fatal(err)
	}
	b.want("values that are not saved", outcomes(trial), "upload=ok/200/0 query=ok/200/0 verify=ok/200/-1 0:0=same")
	if c.Gateway("sh") != nil {
		t.Error("the test made a channel")
	}
	info, err := c.Create(t.Context(), operator, "sh", values, secondSecrets)
	if err != nil {
		t.Fatal(err)
	}
	trial, err = c.Test(t.Context(), operator, "sh", nil, authority.ChannelSecrets{Password: "not looked at"})
	if err != nil {
		t.Fatal(err)
	}
	b.want("the saved ones", trial.OK(), true)
	trial, err = c.Test(t.Context(), operator, "sh", &info.Settings, authority.ChannelSecrets{Password: "wrong"})
	if err != nil {
		t.Fatal(err)
	}
	b.want("a new password", outcomes(trial), "upload=code/200/5 query=code/200/5 verify=ok/200/-1")
	b.want("not well", trial.OK(), false)
	b.want("what was sent stays", len(b.files()), 0)
}

func TestATestTellsWhoseNumbersAreAhead(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c := b.installation()
	b.ready("cedar.example.cn")
	b.up()
	verdict := func() string {
		t.Helper()
		trial, err := c.Test(t.Context(), operator, channel, nil, authority.ChannelSecrets{})
		if err != nil || trial.Sequence == nil {
			t.Fatal(trial, err)
		}
		return fmt.Sprintf("%d:%d=%s", trial.Sequence.Theirs, trial.Sequence.Ours, trial.Sequence.Verdict)
	}
	b.want("agreed", verdict(), "1:1=same")
	b.newAuthority() // it forgot
	b.want("behind", verdict(), "0:1=behind")
}

func TestWhatATestFindsOfAServer(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c := b.installation()
	answer := func(status int, body string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.Header().Set("Location", "http://127.0.0.1:1/")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	fault := `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Server</faultcode><faultstring>SECRET OF THE INNER NET</faultstring></s:Fault></s:Body></s:Envelope>`
	for name, w := range map[string]struct{ url, want string }{
		"nobody listens":          {nobody, "upload=not_connected/0/-1 query=not_connected/0/-1 verify=not_connected/0/-1"},
		"no such name":            {"http://no-such-host.invalid/", "upload=not_resolved/0/-1 query=not_resolved/0/-1 verify=not_resolved/0/-1"},
		"another service":         {answer(404, "nothing here"), "upload=http_status/404/-1 query=http_status/404/-1 verify=http_status/404/-1"},
		"redirects not followed":  {answer(302, ""), "upload=http_status/302/-1 query=http_status/302/-1 verify=http_status/302/-1"},
		"a fault":                 {answer(500, fault), "upload=soap_fault/0/-1 query=soap_fault/0/-1 verify=http_status/500/-1"},
		"a page":                  {answer(200, "<html><body>SECRET OF THE INNER NET</body></html>"), "upload=unreadable/0/-1 query=unreadable/0/-1 verify=ok/200/-1"},
		"no encryption":           {strings.Replace(answer(200, ""), "http://", "https://", 1), "upload=tls/0/-1 query=tls/0/-1 verify=tls/0/-1"},
		"a cloud's own addresses": {"http://169.254.169.254/", "upload=forbidden/0/-1 query=forbidden/0/-1 verify=forbidden/0/-1"},
	} {
		t.Run(name, func(t *testing.T) {
			values := b.second()
			values.UploadURL = w.url
			trial, err := c.Test(t.Context(), operator, "new", &values, secondSecrets)
			if err != nil {
				t.Fatal(err)
			}
			if got := outcomes(trial); got != w.want {
				t.Errorf("got  %s\nwant %s", got, w.want)
			}
			if text := fmt.Sprintf("%+v", trial); strings.Contains(text, "SECRET") {
				t.Errorf("it tells what the server said: %s", text)
			}
		})
	}
}

func TestTestsAreBounded(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *sim.Config, _ *authority.Config) { c.Accounts[0].User = "cloud" })
	c := b.installation()
	values := b.second()
	values.UploadURL = "gopher://192.0.2.1/"
	_, err := c.Test(t.Context(), operator, "new", &values, secondSecrets)
	b.want("only http", errors.Is(err, icp.ErrInvalid), true)
	_, err = c.Test(t.Context(), operator, channel, &values, secondSecrets)
	b.want("values of the file's channel", errors.Is(err, icp.ErrNotNow), true)
	_, err = c.Test(t.Context(), operator, "nothing", nil, authority.ChannelSecrets{})
	b.want("no such channel", errors.Is(err, icp.ErrNotFound), true)
	stored := b.second()
	if _, err := c.Create(t.Context(), operator, "sh", stored, secondSecrets); err != nil {
		t.Fatal(err)
	}
	stored.UploadURL = "http://192.0.2.9/"
	_, err = c.Test(t.Context(), operator, "sh", &stored, authority.ChannelSecrets{})
	b.want("a kept password goes to no other server", fmt.Sprint(err), "invalid /password:channel.password_again")
	for range 26 {
		_, err = c.Test(t.Context(), operator, "nothing", nil, authority.ChannelSecrets{})
	}
	b.want("not yet", errors.Is(err, icp.ErrNotFound), true)
	_, err = c.Test(t.Context(), operator, "nothing", nil, authority.ChannelSecrets{})
	b.want("too many", errors.Is(err, icp.ErrLimited), true)
	_, err = c.Test(t.Context(), icp.Actor{Account: "another", Party: icp.Provider}, "nothing", nil, authority.ChannelSecrets{})
	b.want("another's count is another", errors.Is(err, icp.ErrNotFound), true)
}
