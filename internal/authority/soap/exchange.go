package soap

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync/atomic"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
)

// ReplyLostError says that a call was sent, at least in part, and that no
// readable reply came: the authority may have acted on it or not. It is an
// icp.ErrUnavailable with the code "authority.reply_lost".
type ReplyLostError struct {
	Operation wire.Operation
	Err       error
}

// Error gives the text for logs.
func (e *ReplyLostError) Error() string {
	return fmt.Sprintf("reply of %s lost: %v", e.Operation, e.Err)
}

// Unwrap gives the kind and the cause.
func (e *ReplyLostError) Unwrap() []error {
	return []error{icp.E(icp.Unavailable, "authority.reply_lost"), e.Err}
}

// FaultError is a SOAP fault: the server met an error of its own. It comes
// inside a [ReplyLostError], since what it did before is unknown.
type FaultError struct {
	Code   string
	Reason string
}

// Error gives the text for logs.
func (e *FaultError) Error() string { return "soap fault " + e.Code + ": " + e.Reason }

// StatusError is an answer with another HTTP status than 200.
type StatusError struct{ Status int }

// Error gives the text for logs.
func (e *StatusError) Error() string { return "http status " + strconv.Itoa(e.Status) }

// exchange sends one call and gives the text that the method returned.
func (c *Client) exchange(ctx context.Context, call *Call, values []string) (string, error) {
	op := call.Operation
	end := c.Profile.Endpoints[op]
	if len(end.Parts) != len(values) {
		return "", icp.InvalidField("/endpoints/"+string(op)+"/parts", "wire.profile_value")
	}
	var sent atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaderField: func(string, []string) { sent.Store(true) }})
	body := envelope(c.Profile, op, values)
	call.Sent = int64(len(body))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.Base.JoinPath(end.Path).String(), bytes.NewReader(body))
	if err != nil {
		return "", fmt.Errorf("make request of %s: %w", op, err)
	}
	req.GetBody = nil // never send it again by itself
	req.Header.Set("Content-Type", "text/xml; charset=utf-8")
	req.Header.Set("SOAPAction", strconv.Quote(end.Action))
	res, err := c.HTTP.Do(req)
	if err != nil && !sent.Load() {
		return "", icp.E(icp.Unavailable, "authority.not_sent").Because(err)
	}
	if err != nil {
		return "", &ReplyLostError{Operation: op, Err: err}
	}
	defer func() { _ = res.Body.Close() }() // the bytes are read; nothing hangs on it
	call.Status = res.StatusCode
	if refused(res.StatusCode) {
		return "", icp.E(icp.Unavailable, "authority.refused").Because(&StatusError{res.StatusCode})
	}
	answer, err := io.ReadAll(io.LimitReader(res.Body, c.MaxReply+1))
	call.Received = int64(len(answer))
	if err == nil && int64(len(answer)) > c.MaxReply {
		err = fmt.Errorf("%w: more than %d bytes", errTooLarge, c.MaxReply)
	}
	var text string
	if err == nil {
		text, err = returned(answer)
	}
	var fault *FaultError
	if res.StatusCode != http.StatusOK && !errors.As(err, &fault) {
		err = errors.Join(&StatusError{res.StatusCode}, err)
	}
	if err != nil {
		return "", &ReplyLostError{Operation: op, Err: err}
	}
	return text, nil
}

// refused tells the statuses by which a server says that it did not take the
// request up: redirects and faults of the request, but not a time-out.
func refused(status int) bool {
	return status >= 300 && status < 500 && status != http.StatusRequestTimeout
}

// read decodes the reply of a call that went through.
func read[R wire.AnyReply](text string, err error, op wire.Operation, into R) error {
	if err != nil {
		return err
	}
	if err := wire.DecodeReply(text, into); err != nil {
		return &ReplyLostError{Operation: op, Err: err}
	}
	return nil
}

// envelope writes a SOAP 1.1 request; values are escaped.
func envelope(p wire.Profile, op wire.Operation, values []string) []byte {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	b.WriteString(`<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="`)
	escape(&b, p.NamespaceOf(op))
	fmt.Fprintf(&b, `"><soapenv:Header/><soapenv:Body><m:%s>`, op)
	for i, part := range p.Endpoints[op].Parts {
		if p.QualifiedParts {
			part = "m:" + part
		}
		fmt.Fprintf(&b, "<%s>", part)
		escape(&b, values[i])
		fmt.Fprintf(&b, "</%s>", part)
	}
	fmt.Fprintf(&b, `</m:%s></soapenv:Body></soapenv:Envelope>`, op)
	return b.Bytes()
}

func escape(b *bytes.Buffer, s string) {
	// A bytes.Buffer never refuses a write.
	_ = xml.EscapeText(b, []byte(s))
}
