package smtp

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http/httptest"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	server "github.com/emersion/go-smtp"

	"github.com/openbeian/beian/internal/notify"
)

// postbox is a mail server that goes wrong at a chosen point.
type postbox struct {
	mu       sync.Mutex
	got      []string // whole messages that arrived
	to       []string
	user     string // logged in
	fail     string // the command that goes wrong: "mail", "rcpt", "data", "body"
	with     error  // the answer; errHangUp ends the connection instead
	password string // asked for when not empty
}

var errHangUp = errors.New("hang up")

type session struct {
	box  *postbox
	conn *server.Conn
}

func (s *session) at(command string) error {
	if s.box.fail != command {
		return nil
	}
	if errors.Is(s.box.with, errHangUp) {
		_ = s.conn.Conn().Close()
	}
	return s.box.with
}

func (s *session) AuthMechanisms() []string {
	if s.box.password == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if password != s.box.password {
			return server.ErrAuthFailed
		}
		s.box.user = user
		return nil
	}), nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func (s *session) Mail(string, *server.MailOptions) error { return s.at("mail") }

func (s *session) Rcpt(to string, _ *server.RcptOptions) error {
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	s.box.to = append(s.box.to, to)
	return s.at("rcpt")
}

func (s *session) Data(r io.Reader) error {
	if err := s.at("data"); err != nil {
		return err
	}
	body, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	if err := s.at("body"); err != nil {
		if errors.Is(err, errHangUp) { // taken, and not told
			s.box.got = append(s.box.got, string(body))
		}
		return err
	}
	s.box.got = append(s.box.got, string(body))
	return nil
}

// certificate gives a certificate for 127.0.0.1 and its roots.
func certificate(t *testing.T) (serverTLS, clientTLS *tls.Config) {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return &tls.Config{Certificates: s.TLS.Certificates, MinVersion: tls.VersionTLS12},
		&tls.Config{RootCAs: roots, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}
}

// start runs the server and gives options for it.
func start(t *testing.T, box *postbox, mode string, serverTLS *tls.Config) Options {
	t.Helper()
	s := server.NewServer(server.BackendFunc(func(c *server.Conn) (server.Session, error) { return &session{box, c}, nil }))
	s.Domain, s.ErrorLog = "localhost", log.New(io.Discard, "", 0)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	switch mode {
	case "starttls":
		s.TLSConfig = serverTLS
	case "tls":
		l = tls.NewListener(l, serverTLS)
	}
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	return Options{Host: "127.0.0.1", Port: port, From: "示例云 <beian@provider.example>", TLS: mode, Timeout: 5 * time.Second}
}

func message() notify.Message {
	return notify.Message{Ref: "01kb", Medium: notify.Mail, Kind: "returned", To: "zhang@example.com", Lang: "zh-CN",
		Subject: "备案订单 261124-7K3M9QXR 需要您修改", Text: "您好：\n\n去修改\n", HTML: "<p>您好：</p>",
		At: time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)}
}

func send(t *testing.T, o Options) error {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s.Send(t.Context(), message())
}

func TestAMailArrivesWhole(t *testing.T) {
	t.Parallel()
	box := &postbox{}
	if err := send(t, start(t, box, "none", nil)); err != nil {
		t.Fatal(err)
	}
	if len(box.got) != 1 || len(box.to) != 1 || box.to[0] != "zhang@example.com" {
		t.Fatalf("%d mails to %v", len(box.got), box.to)
	}
	m, err := netmail.ReadMessage(strings.NewReader(box.got[0]))
	if err != nil {
		t.Fatal(err)
	}
	words := new(mime.WordDecoder)
	subject, err := words.DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != message().Subject {
		t.Errorf("subject %q, %v", subject, err)
	}
	from, err := m.Header.AddressList("From")
	if err != nil || from[0].Name != "示例云" || from[0].Address != "beian@provider.example" {
		t.Errorf("from %v, %v", from, err)
	}
	if at, err := m.Header.Date(); err != nil || !at.Equal(message().At) {
		t.Errorf("date %v, %v", at, err)
	}
	for name, want := range map[string]string{"Message-ID": "<01kb@provider.example>", "Auto-Submitted": "auto-generated", "Content-Language": "zh-CN"} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("content %s, %v", kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, want := range []string{message().Text, message().HTML} {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil || strings.ReplaceAll(string(text), "\r\n", "\n") != want {
			t.Errorf("part %q, %v", text, err)
		}
	}
}

func TestEncryption(t *testing.T) {
	t.Parallel()
	serverTLS, clientTLS := certificate(t)
	for _, x := range []struct {
		rule         string
		server, mode string
		trusted      bool
		ok           bool
	}{
		{"STARTTLS", "starttls", "starttls", true, true},
		{"TLS from the first byte", "tls", "tls", true, true},
		{"STARTTLS that is not offered is not done without", "none", "starttls", true, false},
		{"an unknown certificate is not trusted", "starttls", "starttls", false, false},
	} {
		t.Run(x.rule, func(t *testing.T) {
			t.Parallel()
			box := &postbox{}
			o := start(t, box, x.server, serverTLS)
			o.TLS = x.mode
			if x.trusted {
				o.TLSConfig = clientTLS
			}
			err := send(t, o)
			if x.ok {
				if err != nil || len(box.got) != 1 {
					t.Errorf("%d mails, %v", len(box.got), err)
				}
				return
			}
			if f, ok := errors.AsType[*notify.Fault](err); !ok || f.Outcome != notify.Later || f.Code != "unreachable" || len(box.got) != 0 {
				t.Errorf("%d mails, %v", len(box.got), err)
			}
		})
	}
}

func TestLogIn(t *testing.T) {
	t.Parallel()
	serverTLS, clientTLS := certificate(t)
	for password, want := range map[string]string{"right": "", "wrong": "later unreachable 535"} {
		box := &postbox{password: "right"}
		o := start(t, box, "starttls", serverTLS)
		o.User, o.Password, o.TLSConfig = "beian", password, clientTLS
		err := send(t, o)
		if want == "" && (err != nil || box.user != "beian") {
			t.Errorf("%s: %v as %q", password, err, box.user)
		}
		if want != "" && (err == nil || err.Error() != want) {
			t.Errorf("%s: %v, want %s", password, err, want)
		}
	}
}

// Each point at which a mail can go wrong, as a pair: refused, and the
// connection lost.
func TestFaults(t *testing.T) {
	t.Parallel()
	no := &server.SMTPError{Code: 550, EnhancedCode: server.EnhancedCode{5, 1, 1}, Message: "no such zhang@example.com"}
	busy := &server.SMTPError{Code: 451, EnhancedCode: server.EnhancedCode{4, 3, 0}, Message: "later"}
	for _, x := range []struct {
		rule    string
		fail    string
		with    error
		want    string
		arrived int
	}{
		{"the sender is refused", "mail", no, "refused refused 550 5.1.1", 0},
		{"the sender is answered by the line going dead", "mail", errHangUp, "later later", 0},
		{"the recipient is refused", "rcpt", no, "refused refused 550 5.1.1", 0},
		{"the recipient is put off", "rcpt", busy, "later later 451 4.3.0", 0},
		{"the line goes dead before the message", "rcpt", errHangUp, "later later", 0},
		{"the message is refused", "body", no, "refused refused 550 5.1.1", 0},
		{"the message is put off", "body", busy, "later later 451 4.3.0", 0},
		{"the message is taken and the answer lost", "body", errHangUp, "lost lost", 1},
		{"the message is not taken and the answer lost", "data", errHangUp, "lost lost", 0},
	} {
		t.Run(x.rule, func(t *testing.T) {
			t.Parallel()
			box := &postbox{fail: x.fail, with: x.with}
			err := send(t, start(t, box, "none", nil))
			if err == nil || err.Error() != x.want {
				t.Errorf("%v, want %s", err, x.want)
			}
			box.mu.Lock()
			defer box.mu.Unlock()
			if len(box.got) != x.arrived {
				t.Errorf("%d mails arrived, want %d", len(box.got), x.arrived)
			}
		})
	}
}

func TestAServerThatIsNotThere(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	err = send(t, Options{Host: "127.0.0.1", Port: port, From: "a@example.com", TLS: "none"})
	if err == nil || err.Error() != "later unreachable" {
		t.Errorf("%v", err)
	}
}

func TestAWrongAddressIsFinal(t *testing.T) {
	t.Parallel()
	s, err := New(Options{Host: "127.0.0.1", Port: 1, From: "a@example.com", TLS: "none"})
	if err != nil {
		t.Fatal(err)
	}
	m := message()
	m.To = "not an address"
	if err := s.Send(t.Context(), m); err == nil || err.Error() != "refused address" {
		t.Errorf("%v", err)
	}
	if s.Deduplicates() {
		t.Error("servers do not drop repetitions")
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for rule, o := range map[string]Options{
		"a sender that is no address": {Host: "h", Port: 25, From: "somebody", TLS: "none"},
		"an unknown TLS mode":         {Host: "h", Port: 25, From: "a@example.com", TLS: "maybe"},
		"no server":                   {Port: 25, From: "a@example.com", TLS: "tls"},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s is accepted", rule)
		}
	}
}
