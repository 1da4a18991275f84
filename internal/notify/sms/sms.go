// Package sms sends notices as text messages through an HTTP gateway.
//
// The gateway takes POST requests with a JSON object:
//
//	request_id  the message's name; the same at each try
//	to          eleven digits
//	signature   the registered signature (短信签名), which the gateway puts first
//	template    the notice's kind, for gateways that know texts by name
//	text        the whole text
//
// with the token as Authorization: Bearer, and the request id once more as
// Idempotency-Key. It answers 2xx when it took the message, and must drop a
// second request with a request_id that it took, answering 2xx or 409. 408 and
// 429 ask to come again; any other 4xx is final; 5xx, and no answer at all,
// leave open what happened, so the request is repeated under its id. An
// adapter to a particular carrier is a small service of that form, or another
// [notify.Sender]. Start at [New].
package sms

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/notify"
)

// Options say how the gateway is reached.
type Options struct {
	Endpoint  string // a whole http or https address
	Token     string
	Signature string
	// Timeout bounds a request; 0 means 20 s.
	Timeout time.Duration
}

// Sender sends text messages. Safe for concurrent use.
type Sender struct {
	options Options
	client  *http.Client
}

// New makes a sender; it connects to nothing yet.
func New(o Options) (*Sender, error) {
	u, err := url.Parse(o.Endpoint)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, errors.New("the SMS gateway's endpoint is no web address")
	}
	if o.Timeout == 0 {
		o.Timeout = 20 * time.Second
	}
	client := &http.Client{Timeout: o.Timeout,
		// A redirection would carry numbers and the token to somewhere else.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &Sender{options: o, client: client}, nil
}

type request struct {
	RequestID string `json:"request_id"`
	To        string `json:"to"`
	Signature string `json:"signature"`
	Template  string `json:"template"`
	Text      string `json:"text"`
}

// Deduplicates is true: the gateway drops a second request with one id.
func (*Sender) Deduplicates() bool { return true }

// Send hands a message to the gateway.
func (s *Sender) Send(ctx context.Context, m notify.Message) error {
	body, err := json.Marshal(request{RequestID: m.Ref, To: m.To, Signature: s.options.Signature, Template: m.Kind, Text: m.Text})
	if err != nil {
		return &notify.Fault{Outcome: notify.Refused, Err: fmt.Errorf("encode text message: %w", err)}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.options.Endpoint, bytes.NewReader(body))
	if err != nil {
		return &notify.Fault{Outcome: notify.Refused, Err: fmt.Errorf("make request: %w", err)}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Idempotency-Key", m.Ref)
	if s.options.Token != "" {
		req.Header.Set("Authorization", "Bearer "+s.options.Token)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return unanswered(err)
	}
	defer func() { _ = resp.Body.Close() }()
	// Reading to the end lets the connection be used again; what the gateway
	// says beside its status is not needed.
	_, _ = io.CopyN(io.Discard, resp.Body, 64<<10)
	return judge(resp.StatusCode)
}

// unanswered tells a gateway that was never reached from one that may have
// taken the message.
func unanswered(err error) *notify.Fault {
	f := &notify.Fault{Outcome: notify.Lost, Err: err}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		f.Outcome, f.Code = notify.Later, "unreachable"
	}
	return f
}

func judge(code int) error {
	f := &notify.Fault{Status: strconv.Itoa(code)}
	switch {
	case code >= 200 && code < 300, code == http.StatusConflict:
		return nil
	case code == http.StatusRequestTimeout, code == http.StatusTooManyRequests:
		f.Outcome = notify.Later
	case code >= 500:
		f.Outcome = notify.Lost
	default:
		f.Outcome = notify.Refused
	}
	return f
}
