// Package whois asks registries for registration facts over WHOIS (RFC 3912,
// port 43): the way to .cn and .中国, whose registry is not in the list of RDAP
// servers, and the fallback for other suffixes.
//
// Start at [New]. WHOIS has no format; [Parse] reads the two forms that matter
// here, CNNIC's and the one that ICANN prescribes for generic domains, and is
// open to be fuzzed. Where a registry is thin, the registrar that it names is
// asked once for the holder.
package whois

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/domaincheck"
)

// Options set up a Client; every zero value but Clock's is safe.
type Options struct {
	// Server is the host:port that is asked for every domain, such as a
	// simulator; referrals are then not followed and any address may be
	// dialled. Empty: the registry's own server, see Servers.
	Server string
	// Servers adds to or replaces the built-in servers: TLD in ASCII →
	// host or host:port.
	Servers map[string]string
	// Timeout bounds one look-up with its referral; 0 means 8 s.
	Timeout time.Duration
	// Clock stamps Facts.FetchedAt; it must be set.
	Clock clock.Clock
	// Dial replaces the dialling, as in tests; the refusal of addresses that
	// are not public is then the caller's care.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

const (
	defaultTimeout = 8 * time.Second
	maxAnswer      = domaincheck.MaxRaw
	port           = "43"
)

// registries are the servers that do not follow the habit whois.nic.<tld>,
// from the records of IANA's root zone database (whois.iana.org), 2025.
var registries = map[string]string{
	"cn":         "whois.cnnic.cn",
	"xn--fiqs8s": "cwhois.cnnic.cn", // .中国
	"xn--fiqz9s": "cwhois.cnnic.cn", // .中國
	"com":        "whois.verisign-grs.com",
	"net":        "whois.verisign-grs.com",
	"org":        "whois.publicinterestregistry.org",
	"cc":         "ccwhois.verisign-grs.com",
	"xn--55qx5d": "whois.ngtld.cn", // .公司
	"xn--io0a7i": "whois.ngtld.cn", // .网络
}

// Client is a domaincheck.Source. Safe for concurrent use.
type Client struct {
	o    Options
	dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// New makes a client.
func New(o Options) (*Client, error) {
	if o.Clock == nil {
		return nil, errors.New("whois client needs a clock")
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	c := &Client{o: o, dial: o.Dial}
	if c.dial == nil {
		var control func(string, string, syscall.RawConn) error
		if o.Server == "" {
			control = domaincheck.PublicOnly
		}
		c.dial = (&net.Dialer{Control: control}).DialContext
	}
	return c, nil
}

// Lookup asks the registry of a domain; see domaincheck.Source for errors.
func (c *Client) Lookup(ctx context.Context, name domaincheck.Name) (domaincheck.Facts, error) {
	ctx, cancel := context.WithTimeout(ctx, c.o.Timeout)
	defer cancel()
	text, err := c.ask(ctx, c.server(name.TLD), name.ASCII)
	if err != nil {
		return domaincheck.Facts{}, domaincheck.ErrNoAnswer.Because(err)
	}
	a, err := Parse(text, name)
	if err != nil {
		return domaincheck.Facts{}, err
	}
	f := a.Facts
	f.Raw = domaincheck.Clip(text)
	if c.wantsReferral(a) {
		f = c.refer(ctx, a.Referral, name, f)
	}
	f.FetchedAt = c.o.Clock.Now()
	return f, nil
}

// server gives host:port of the registry of a top-level domain.
func (c *Client) server(tld string) string {
	host := c.o.Server
	if host == "" {
		host = c.o.Servers[tld]
	}
	if host == "" {
		host = registries[tld]
	}
	if host == "" {
		host = "whois.nic." + tld
	}
	return withPort(host)
}

func withPort(host string) string {
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	return net.JoinHostPort(host, port)
}

// wantsReferral reports whether the registrar should be asked too: the
// registry is thin and says where.
func (c *Client) wantsReferral(a Answer) bool {
	return a.Referral != "" && c.o.Server == "" && a.RegistrantOrg == "" && a.RegistrantName == "" && !a.Redacted
}

// refer asks the registrar for the holder, once. What the registry said of
// everything else stands, and a registrar that does not answer changes nothing.
func (c *Client) refer(ctx context.Context, server string, name domaincheck.Name, f domaincheck.Facts) domaincheck.Facts {
	text, err := c.ask(ctx, net.JoinHostPort(server, port), name.ASCII)
	if err != nil {
		return f
	}
	a, err := Parse(text, name)
	if err != nil {
		return f
	}
	f.RegistrantOrg, f.RegistrantName, f.Redacted = a.RegistrantOrg, a.RegistrantName, a.Redacted
	f.Raw = domaincheck.Clip(f.Raw + "\n\n% " + server + "\n\n" + text)
	return f
}

// ask sends one question and reads the answer to its end as UTF-8.
func (c *Client) ask(ctx context.Context, server, query string) (string, error) {
	conn, err := c.dial(ctx, "tcp", server)
	if err != nil {
		return "", fmt.Errorf("dial WHOIS server: %w", err)
	}
	defer func() { _ = conn.Close() }()
	// Closing is what ends a read in progress when the caller gives up.
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if _, err := io.WriteString(conn, query+"\r\n"); err != nil {
		return "", ended(ctx, "ask WHOIS server", err)
	}
	raw, err := io.ReadAll(io.LimitReader(conn, maxAnswer+1))
	if err != nil {
		return "", ended(ctx, "read WHOIS answer", err)
	}
	if len(raw) > maxAnswer {
		return "", fmt.Errorf("read WHOIS answer: more than %d bytes", maxAnswer)
	}
	return decode(raw), nil
}

// ended gives the context's error where that is why the connection broke.
func ended(ctx context.Context, doing string, err error) error {
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// decode gives text: UTF-8 where it is valid, else GB 18030, which older
// servers of Chinese registrars send.
func decode(raw []byte) string {
	raw = []byte(strings.TrimPrefix(string(raw), "\ufeff"))
	if utf8.Valid(raw) {
		return string(raw)
	}
	if text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw); err == nil {
		return string(text)
	}
	return strings.ToValidUTF8(string(raw), "?")
}
