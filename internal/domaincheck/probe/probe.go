// Package probe asks whether a web site answers on a domain, as a new site must
// not before its filing (备案期间网站需关闭).
//
// Start at [New]. The address comes from an applicant, so the probe is written
// for hostile targets: it dials public addresses only, judged by the very
// address that is dialled; it follows redirects on the same site only, a few
// times; it reads little and not for long; it sends nothing about us but a name.
package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

	"github.com/openbeian/beian/internal/domaincheck"
)

// Options set up a Probe; every zero value is safe.
type Options struct {
	// Timeout bounds one probe of all its addresses; 0 means 6 s.
	Timeout time.Duration
	// AllowPrivate lets the probe dial addresses that are not public: for the
	// demo and for tests only.
	AllowPrivate bool
	// Resolve replaces the system's resolver. An unknown name is an error that
	// wraps a *net.DNSError with IsNotFound.
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error)
	// HTTPPort and HTTPSPort replace 80 and 443; for tests and the demo.
	HTTPPort, HTTPSPort int
}

const (
	defaultTimeout = 6 * time.Second
	maxBody        = 32 << 10
	maxHeader      = 16 << 10
	maxRedirects   = 3
	maxTitle       = 100
	maxAddresses   = 4
	userAgent      = "OpenBeian-siteprobe"
)

// Probe is a domaincheck.Prober. Safe for concurrent use.
type Probe struct {
	o       Options
	control func(string, string, syscall.RawConn) error
}

// New makes a probe.
func New(o Options) *Probe {
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.HTTPPort == 0 {
		o.HTTPPort = 80
	}
	if o.HTTPSPort == 0 {
		o.HTTPSPort = 443
	}
	if o.Resolve == nil {
		o.Resolve = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	p := &Probe{o: o, control: domaincheck.PublicOnly}
	if o.AllowPrivate {
		p.control = nil
	}
	return p
}

// Probe asks the domain and its www host by HTTP and HTTPS at once. Any HTTP
// answer counts as open, whatever its status: a server runs. An error means
// that nothing answered and at least one address could not be tried to its end.
func (p *Probe) Probe(ctx context.Context, name domaincheck.Name) (domaincheck.Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, p.o.Timeout)
	defer cancel()
	targets := p.targets(name.ASCII)
	type outcome struct {
		answer domaincheck.Answer
		err    error
	}
	done := make(chan outcome, len(targets))
	for _, t := range targets {
		go func() {
			a, err := p.ask(ctx, t)
			done <- outcome{a, err}
		}()
	}
	var doubts []error
	for range targets {
		o := <-done
		if o.err == nil && o.answer.Open {
			return o.answer, nil
		}
		if o.err != nil {
			doubts = append(doubts, o.err)
		}
	}
	if err := errors.Join(doubts...); err != nil {
		return domaincheck.Answer{}, fmt.Errorf("probe site: %w", err)
	}
	return domaincheck.Answer{}, nil
}

func (p *Probe) targets(domain string) []*url.URL {
	var list []*url.URL
	for _, host := range []string{domain, "www." + domain} {
		list = append(list,
			&url.URL{Scheme: "http", Host: hostPort(host, p.o.HTTPPort, 80), Path: "/"},
			&url.URL{Scheme: "https", Host: hostPort(host, p.o.HTTPSPort, 443), Path: "/"})
	}
	return list
}

func hostPort(host string, port, usual int) string {
	if port == usual {
		return host
	}
	return net.JoinHostPort(host, strconv.Itoa(port))
}

// ask makes one request. Not open and no error means: surely closed.
func (p *Probe) ask(ctx context.Context, target *url.URL) (domaincheck.Answer, error) {
	var remote string
	tr := &http.Transport{
		DialContext: p.dial,
		// Whether a server answers does not depend on its certificate, and
		// nothing secret is sent.
		TLSClientConfig:        &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10}, //nolint:gosec // see above
		DisableKeepAlives:      true,
		MaxResponseHeaderBytes: maxHeader,
	}
	site := target.Hostname()
	client := &http.Client{Transport: tr, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if len(via) > maxRedirects || !sameSite(r.URL.Hostname(), site) || !p.usualPort(r.URL) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) {
		remote, _, _ = net.SplitHostPort(i.Conn.RemoteAddr().String())
	}})
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), http.NoBody)
	if err != nil {
		return domaincheck.Answer{}, err
	}
	req.Header.Set("User-Agent", userAgent)
	resp, err := client.Do(req)
	if err != nil {
		if surelyClosed(err) {
			return domaincheck.Answer{}, nil
		}
		return domaincheck.Answer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxBody)) // a broken page is an answer too
	return domaincheck.Answer{
		Open: true, URL: target.String(), Status: resp.StatusCode, Address: remote, Title: title(body),
	}, nil
}

// dial resolves and connects; Control judges each address as it is dialled.
func (p *Probe) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	addrs, err := p.o.Resolve(ctx, host)
	if err != nil {
		return nil, err
	}
	if len(addrs) == 0 {
		return nil, &net.DNSError{Err: "no address", Name: host, IsNotFound: true}
	}
	d := &net.Dialer{Control: p.control, Timeout: p.o.Timeout / 2}
	var errs []error
	for _, a := range addrs[:min(len(addrs), maxAddresses)] {
		c, err := d.DialContext(ctx, network, net.JoinHostPort(a.Unmap().String(), port))
		if err == nil {
			return c, nil
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

// surelyClosed tells "there is no site" from "it could not be told": no such
// name, or every address refused the connection. An address that is not public
// serves nobody on the Internet, but is worth a reviewer's look.
func surelyClosed(err error) bool {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return dns.IsNotFound
	}
	return errors.Is(err, syscall.ECONNREFUSED) && allShut(err)
}

// allShut reports whether every leaf of err is a refused connection or an
// address that this machine has no way to, such as IPv6 where there is none.
func allShut(err error) bool {
	list, ok := joined(err)
	if !ok {
		return errors.Is(err, syscall.ECONNREFUSED) ||
			errors.Is(err, syscall.ENETUNREACH) || errors.Is(err, syscall.EADDRNOTAVAIL)
	}
	for _, e := range list {
		if !allShut(e) {
			return false
		}
	}
	return true
}

// joined finds the list of a joined error in err's chain.
func joined(err error) ([]error, bool) {
	for err != nil {
		if j, ok := err.(interface{ Unwrap() []error }); ok { //nolint:errorlint // walks the chain itself
			return j.Unwrap(), true
		}
		err = errors.Unwrap(err)
	}
	return nil, false
}

// sameSite reports whether two hosts are one site but for "www.".
func sameSite(a, b string) bool {
	return strings.TrimPrefix(strings.ToLower(a), "www.") == strings.TrimPrefix(strings.ToLower(b), "www.")
}

// usualPort keeps redirects from turning the probe into a port scanner.
func (p *Probe) usualPort(u *url.URL) bool {
	switch u.Port() {
	case "", strconv.Itoa(p.o.HTTPPort), strconv.Itoa(p.o.HTTPSPort):
		return u.Scheme == "http" || u.Scheme == "https"
	}
	return false
}

var titleTag = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// title gives the page's title in UTF-8 on one line; "" when there is none or
// it is in another encoding.
func title(body []byte) string {
	m := titleTag.FindSubmatch(body)
	if m == nil || !utf8.Valid(m[1]) {
		return ""
	}
	t := []rune(strings.Join(strings.Fields(html.UnescapeString(string(m[1]))), " "))
	return string(t[:min(len(t), maxTitle)])
}
