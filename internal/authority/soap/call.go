package soap

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

// Call is what can be told of a call without telling secrets or what was asked
// about: no password, no proof, no query condition, no bytes of files.
type Call struct {
	Operation wire.Operation
	Took      time.Duration
	// Sent and Received are the bytes of the bodies.
	Sent, Received int64
	// Status is of HTTP; 0 without an answer.
	Status int
	// Code is msg_code and Message the words beside it; -1 and "" without a
	// readable reply.
	Code    int64
	Message string
	// Sequence is the number of the file: sent with an upload, told by
	// [Client.QueryPreviousUpload]; 0 for none.
	Sequence int64
	// FileName is the downloaded or acknowledged file; "" for none.
	FileName string
	// Kind is the kind of the question of [Client.QueryBeianStatus].
	Kind wire.QueryKind
	// Err is what the caller got; nil with a reply.
	Err error
}

// Cause names why a call has no readable reply, "" when it has one: timeout,
// connection, http_status, soap_fault, too_large, unreadable, cancelled or
// not_sent.
func (c *Call) Cause() string {
	var lost *ReplyLostError
	var status *StatusError
	var fault *FaultError
	var dial net.Error
	switch {
	case c.Err == nil:
		return ""
	case errors.Is(c.Err, context.Canceled):
		return "cancelled"
	case errors.As(c.Err, &fault):
		return "soap_fault"
	case errors.As(c.Err, &status):
		return "http_status"
	case errors.As(c.Err, &dial) && dial.Timeout(), errors.Is(c.Err, context.DeadlineExceeded):
		return "timeout"
	case !errors.As(c.Err, &lost):
		return "not_sent"
	case errors.Is(c.Err, errTooLarge):
		return "too_large"
	case c.Status == 0 || c.Received == 0:
		return "connection"
	}
	return "unreadable"
}

// Refused reports whether the server did not take the request up.
func (c *Call) Refused() bool {
	var lost *ReplyLostError
	var status *StatusError
	return errors.As(c.Err, &status) && !errors.As(c.Err, &lost)
}

// Lost reports whether the call may have been done although no readable reply came.
func (c *Call) Lost() bool {
	var lost *ReplyLostError
	return errors.As(c.Err, &lost)
}

// run makes one call, reads its reply and tells the observer.
func run[R wire.AnyReply](ctx context.Context, c *Client, call *Call, values []string, into R) error {
	begun := time.Now() //nolint:forbidigo // how long it took is of the real clock
	text, err := c.exchange(ctx, call, values)
	err = read(text, err, call.Operation, into)
	if c.Observe == nil {
		return err
	}
	call.Took = time.Since(begun) //nolint:forbidigo // as above
	call.Code, call.Err = -1, err
	if err == nil {
		call.Code, call.Message = wire.HeadOf(into).Code, wire.HeadOf(into).Message
	}
	switch r := any(into).(type) {
	case *wire.DownloadReply:
		if r.File != nil {
			call.FileName = r.File.Name
		}
	case *wire.PreviousUploadReply:
		if r.File != nil {
			call.Sequence = r.File.Sequence
		}
	}
	c.Observe(ctx, call)
	return err
}

// authorized runs a call that begins with the five values of the account.
func authorized[R wire.AnyReply](ctx context.Context, c *Client, call *Call, into R, more ...string) error {
	values, err := c.auth()
	if err != nil {
		return err
	}
	return run(ctx, c, call, append(values, more...), into)
}

var errTooLarge = errors.New("answer is larger than allowed")

// fileHole stands for the file in a request that is written without it; it has
// characters that no base64 has.
const fileHole = "(file)"

// UploadAround gives the request of an upload before and after its file
// (beianInfo), as it is sent but for the proof of the account: randVal and
// pwdHash are empty. It is for showing a conversation to others.
func (c *Client) UploadAround(sequence int64, s wire.Sealed) (before, after []byte) {
	values := []string{strconv.FormatInt(c.Account.ProviderID, 10), c.Account.User, "", "", fileHole, s.BeianInfoHash,
		strconv.FormatInt(sequence, 10), strconv.Itoa(s.EncryptAlgorithm), strconv.Itoa(s.HashAlgorithm), strconv.Itoa(s.CompressionFormat)}
	before, after, _ = bytes.Cut(envelope(c.Profile, wire.OpUpload, values), []byte(fileHole))
	return before, after
}
