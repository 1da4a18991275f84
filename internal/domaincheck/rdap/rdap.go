// Package rdap asks registries for registration facts over RDAP (RFC 7480 to
// 7484 and 9083) with the client of github.com/openrdap/rdap.
//
// Start at [New]. The registry's server is found in IANA's list, or named by
// [Options.Server]. .cn and .中国 are not in that list: chain this source with
// package whois.
//
// Around the library this package adds what it lacks: a limit on the size of
// answers, a refusal to dial anything but public addresses, safety for
// concurrent use (the library writes to the request's URL and to the bootstrap
// client), and a check that the answer is about the domain that was asked for.
//
// Real-name verification has no field in RDAP. A remark with the title
// "real-name" is read if there is one; its description holds lines such as
//
//	state=verified
//	since=2026-11-20T08:00:00Z
//
// where state is verified or unverified. The registry simulator writes it.
package rdap

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	openrdap "github.com/openrdap/rdap"
	"github.com/openrdap/rdap/bootstrap"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/domaincheck"
)

// Options set up a Client; every zero value but Clock's is safe.
type Options struct {
	// Server is the base URL of one RDAP server for all domains, such as a
	// simulator or an operator's own relay; empty: IANA's list decides. With
	// Server set, any address may be dialled.
	Server string
	// Timeout bounds one look-up; 0 means 8 s.
	Timeout time.Duration
	// MaxBody bounds an answer in bytes; 0 means 1 MiB. IANA's list of
	// servers is exempt up to 8 MiB.
	MaxBody int64
	// HTTP replaces the HTTP client, as for a proxy; its dialling is then the
	// caller's care. Size limits still hold.
	HTTP *http.Client
	// Clock stamps Facts.FetchedAt; it must be set.
	Clock clock.Clock
	// BootstrapURL is the folder of IANA's lists; empty: IANA's own.
	BootstrapURL string
}

const (
	defaultTimeout = 8 * time.Second
	defaultBody    = 1 << 20
	maxBootstrap   = 8 << 20
	userAgent      = "OpenBeian-domaincheck"
)

// Client is a domaincheck.Source. Safe for concurrent use.
type Client struct {
	server  *url.URL // nil: bootstrap
	timeout time.Duration
	http    *http.Client
	owned   bool // http is ours to close
	clock   clock.Clock
	boot    *bootstrap.Client
	turn    chan struct{} // one look-up in boot at a time: it is not safe for more
}

// New makes a client; an error means that an address in o is no URL.
func New(o Options) (*Client, error) {
	if o.Clock == nil {
		return nil, errors.New("rdap client needs a clock")
	}
	c := &Client{timeout: o.Timeout, clock: o.Clock, turn: make(chan struct{}, 1)}
	if c.timeout <= 0 {
		c.timeout = defaultTimeout
	}
	var err error
	if o.Server != "" {
		if c.server, err = parseBase(o.Server); err != nil {
			return nil, fmt.Errorf("read RDAP server address: %w", err)
		}
	}
	base := o.HTTP
	if base == nil {
		base, c.owned = newHTTP(c.server == nil), true
	}
	limit := o.MaxBody
	if limit <= 0 {
		limit = defaultBody
	}
	c.http = limited(base, limit)
	c.boot = &bootstrap.Client{HTTP: limited(base, maxBootstrap)}
	if o.BootstrapURL != "" {
		if c.boot.BaseURL, err = parseBase(o.BootstrapURL); err != nil {
			return nil, fmt.Errorf("read RDAP bootstrap address: %w", err)
		}
	}
	return c, nil
}

func parseBase(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, err
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, errors.New("not an http or https address")
	}
	return u, nil
}

// newHTTP makes the HTTP client; publicOnly keeps it from dialling into the
// provider's own network, for servers redirect where they like.
func newHTTP(publicOnly bool) *http.Client {
	var control func(string, string, syscall.RawConn) error
	if publicOnly {
		control = domaincheck.PublicOnly
	}
	d := &net.Dialer{Timeout: 5 * time.Second, Control: control}
	return &http.Client{Transport: &http.Transport{
		DialContext:           d.DialContext,
		ForceAttemptHTTP2:     true,
		TLSHandshakeTimeout:   5 * time.Second,
		ResponseHeaderTimeout: 10 * time.Second,
		MaxIdleConnsPerHost:   2,
		IdleConnTimeout:       time.Minute,
	}}
}

// Lookup asks the registry of a domain; see domaincheck.Source for errors.
func (c *Client) Lookup(ctx context.Context, name domaincheck.Name) (domaincheck.Facts, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	servers, err := c.servers(ctx, name)
	if err != nil {
		return domaincheck.Facts{}, silent(ctx, "find RDAP server", err)
	}
	var causes []error
	for _, s := range servers {
		f, err := c.ask(ctx, s, name)
		if err == nil || errors.Is(err, domaincheck.ErrNoDomain) {
			return f, err
		}
		causes = append(causes, err)
	}
	return domaincheck.Facts{}, silent(ctx, "ask RDAP server", errors.Join(causes...))
}

// silent makes an Unavailable error; a time-out keeps its own cause.
func silent(ctx context.Context, doing string, err error) error {
	if ctx.Err() != nil {
		err = errors.Join(ctx.Err(), err)
	}
	return domaincheck.ErrNoAnswer.Because(fmt.Errorf("%s: %w", doing, err))
}

// servers gives the servers to ask for a domain, best first, each its own copy.
func (c *Client) servers(ctx context.Context, name domaincheck.Name) ([]*url.URL, error) {
	if c.server != nil {
		u := *c.server
		return []*url.URL{&u}, nil
	}
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	q := (&bootstrap.Question{RegistryType: bootstrap.DNS, Query: name.ASCII}).WithContext(ctx)
	answer, err := c.boot.Lookup(q)
	if err != nil {
		return nil, err
	}
	if len(answer.URLs) == 0 {
		return nil, fmt.Errorf("no RDAP server for .%s", name.TLD)
	}
	urls := make([]*url.URL, len(answer.URLs))
	for i, u := range answer.URLs {
		copied := *u
		urls[i] = &copied
	}
	return urls, nil
}

func (c *Client) ask(ctx context.Context, server *url.URL, name domaincheck.Name) (domaincheck.Facts, error) {
	lib := &openrdap.Client{HTTP: c.http, Bootstrap: c.boot, UserAgent: userAgent, Verbose: func(string) {}}
	req := openrdap.NewDomainRequest(name.ASCII).WithServer(server).WithContext(ctx)
	resp, err := lib.Do(req)
	var ce *openrdap.ClientError
	if errors.As(err, &ce) && ce.Type == openrdap.ObjectDoesNotExist {
		return domaincheck.Facts{}, domaincheck.ErrNoDomain
	}
	if err != nil {
		return domaincheck.Facts{}, errors.Join(err, transportError(resp))
	}
	switch obj := resp.Object.(type) {
	case *openrdap.Domain:
		f, err := factsOf(obj, name)
		if err != nil {
			return domaincheck.Facts{}, err
		}
		f.FetchedAt = c.clock.Now()
		f.Raw = domaincheck.Clip(string(resp.HTTP[len(resp.HTTP)-1].Body))
		return f, nil
	case *openrdap.Error:
		if obj.ErrorCode != nil && *obj.ErrorCode == http.StatusNotFound {
			return domaincheck.Facts{}, domaincheck.ErrNoDomain
		}
		return domaincheck.Facts{}, fmt.Errorf("server answered with error %q", obj.Title)
	}
	return domaincheck.Facts{}, fmt.Errorf("server answered with a %T", resp.Object)
}

// transportError digs out why the library says only that no server worked.
func transportError(resp *openrdap.Response) error {
	if resp == nil || len(resp.HTTP) == 0 {
		return nil
	}
	last := resp.HTTP[len(resp.HTTP)-1]
	if last.Error != nil {
		return last.Error
	}
	if last.Response != nil {
		return fmt.Errorf("HTTP status %d", last.Response.StatusCode)
	}
	return nil
}

// limited copies a client so that no answer is longer than limit bytes: the
// library reads bodies to their end.
func limited(base *http.Client, limit int64) *http.Client {
	c := *base
	rt := base.Transport
	if rt == nil {
		rt = http.DefaultTransport
	}
	c.Transport = capped{rt, limit}
	return &c
}

type capped struct {
	base  http.RoundTripper
	limit int64
}

// CloseIdleConnections passes the call on, as http.Client expects.
func (t capped) CloseIdleConnections() {
	if c, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// RoundTrip asks the transport below and bounds the body of its answer.
func (t capped) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := t.base.RoundTrip(r)
	if err == nil {
		resp.Body = http.MaxBytesReader(nil, resp.Body, t.limit)
	}
	return resp, err
}

// Close lets go of idle connections.
func (c *Client) Close() error {
	if c.owned {
		c.http.CloseIdleConnections()
	}
	return nil
}

// lower is the form in which names are compared.
func lower(s string) string { return strings.ToLower(strings.TrimSuffix(strings.TrimSpace(s), ".")) }
