// Package smtp sends notices as mail through one SMTP server.
//
// It promises to tell apart what certainly was not taken (refused, or to be
// tried later) from what may have been: only a connection that is lost between
// the end of the message and the server's answer leaves that open. Start at [New].
package smtp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/mail"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/openbeian/beian/internal/notify"
)

// Options say how the server is reached.
type Options struct {
	Host     string
	Port     int
	User     string // empty: no log-in
	Password string
	From     string // "Name <address>"
	TLS      string // "starttls" (demanded, not tried), "tls" or "none"
	// Timeout bounds the connection and each wait for an answer; 0 means 20 s.
	Timeout time.Duration
	// TLSConfig replaces the machine's roots; nil in production.
	TLSConfig *tls.Config
}

// Sender sends mail. Safe for concurrent use; each mail has its own connection.
type Sender struct {
	client *gomail.Client
	from   *mail.Address
	domain string
}

// New makes a sender; it connects to nothing yet.
func New(o Options) (*Sender, error) {
	from, err := mail.ParseAddress(o.From)
	if err != nil {
		return nil, fmt.Errorf("read sender of mail: %w", err)
	}
	if o.Timeout == 0 {
		o.Timeout = 20 * time.Second
	}
	options := []gomail.Option{gomail.WithPort(o.Port), gomail.WithTimeout(o.Timeout)}
	switch o.TLS {
	case "starttls":
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case "tls":
		options = append(options, gomail.WithSSL())
	case "none":
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		return nil, fmt.Errorf("there is no TLS mode %q", o.TLS)
	}
	if o.TLSConfig != nil {
		options = append(options, gomail.WithTLSConfig(o.TLSConfig))
	}
	if o.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(o.User), gomail.WithPassword(o.Password))
	}
	client, err := gomail.NewClient(o.Host, options...)
	if err != nil {
		return nil, fmt.Errorf("set up mail: %w", err)
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	return &Sender{client: client, from: from, domain: domain}, nil
}

// Deduplicates is false: servers do not drop a second mail with one Message-ID.
func (*Sender) Deduplicates() bool { return false }

// Send sends a mail with text and HTML; its Message-ID is made of the Ref.
func (s *Sender) Send(ctx context.Context, m notify.Message) error {
	msg, err := s.compose(m)
	if err != nil {
		return &notify.Fault{Outcome: notify.Refused, Code: "address", Err: err}
	}
	conn, err := s.client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return &notify.Fault{Outcome: notify.Later, Code: "unreachable", Status: status(err), Err: err}
	}
	err = s.client.SendWithSMTPClient(conn, msg)
	// The mail's fate is settled: an error of parting changes nothing.
	_ = s.client.CloseWithSMTPClient(conn)
	if err == nil || msg.IsDelivered() {
		return nil
	}
	return judge(err)
}

func (s *Sender) compose(m notify.Message) (*gomail.Msg, error) {
	msg := gomail.NewMsg()
	if err := msg.FromFormat(s.from.Name, s.from.Address); err != nil {
		return nil, err
	}
	if err := msg.To(m.To); err != nil {
		return nil, err
	}
	msg.Subject(m.Subject)
	msg.SetMessageIDWithValue(m.Ref + "@" + s.domain)
	msg.SetDateWithValue(m.At)
	msg.SetGenHeader(gomail.HeaderContentLang, m.Lang)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no answer from an absent person
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	return msg, nil
}

// judge tells what an error of sending means. Before the dot that ends the
// message the server must not deliver; after it, silence is no answer.
func judge(err error) *notify.Fault {
	f := &notify.Fault{Outcome: notify.Later, Err: err}
	sendErr, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		f.Outcome = notify.Lost
		return f
	}
	code := sendErr.ErrorCode()
	if code != 0 {
		f.Status = strings.TrimSpace(strconv.Itoa(code) + " " + sendErr.EnhancedStatusCode())
	}
	switch {
	case code >= 500:
		f.Outcome = notify.Refused
	case code >= 400:
	case sendErr.Reason == gomail.ErrSMTPDataClose, sendErr.Reason == gomail.ErrAmbiguous:
		f.Outcome = notify.Lost
	case sendErr.Reason == gomail.ErrGetSender, sendErr.Reason == gomail.ErrGetRcpts:
		f.Outcome, f.Code = notify.Refused, "address"
	}
	return f
}

// status gives the server's code when one refused the connection or the log-in.
func status(err error) string {
	if reply, ok := errors.AsType[*textproto.Error](err); ok {
		return strconv.Itoa(reply.Code)
	}
	return ""
}
