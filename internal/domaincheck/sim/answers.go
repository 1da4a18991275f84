package sim

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/idna"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/domaincheck"
)

// times gives a sample's instants; verified is zero when nothing is told.
func (r *Registry) times(s Sample) (created, expires, verified time.Time) {
	now := r.clock.Now().Truncate(time.Second)
	if s.RealName == domaincheck.RealNameVerified {
		verified = now.Add(-s.Verified)
	}
	return now.Add(-s.Age), now.Add(s.Left), verified
}

// rdap makes the answer of RFC 9083, with the real-name remark of package rdap.
func (r *Registry) rdap(ascii string, s Sample) map[string]any {
	created, expires, verified := r.times(s)
	statuses := make([]string, len(s.Statuses))
	for i, st := range s.Statuses {
		statuses[i] = spaced(st)
	}
	unicode, _ := idna.ToUnicode(ascii) // a sample's name was read before
	answer := map[string]any{
		"rdapConformance": []string{"rdap_level_0"},
		"objectClassName": "domain",
		"ldhName":         ascii,
		"unicodeName":     unicode,
		"status":          statuses,
		"events": []map[string]any{
			{"eventAction": "registration", "eventDate": created.Format(time.RFC3339)},
			{"eventAction": "expiration", "eventDate": expires.Format(time.RFC3339)},
		},
		"entities": []map[string]any{registrarEntity(s), registrantEntity(s)},
	}
	if s.RealName != domaincheck.RealNameUndisclosed {
		lines := []string{"state=" + string(s.RealName)}
		if !verified.IsZero() {
			lines = append(lines, "since="+verified.Format(time.RFC3339))
		}
		answer["remarks"] = []map[string]any{{"title": "real-name", "description": lines}}
	}
	return answer
}

func registrarEntity(s Sample) map[string]any {
	e := map[string]any{
		"objectClassName": "entity", "roles": []string{"registrar"}, "vcardArray": vcard(s.Registrar, ""),
	}
	if s.RegistrarID != "" {
		e["publicIds"] = []map[string]any{{"type": "IANA Registrar ID", "identifier": s.RegistrarID}}
	}
	return e
}

func registrantEntity(s Sample) map[string]any {
	e := map[string]any{"objectClassName": "entity", "roles": []string{"registrant"}}
	if s.Redacted {
		e["vcardArray"] = vcard("", "")
		e["remarks"] = []map[string]any{{
			"title": "REDACTED FOR PRIVACY", "type": "object redacted due to authorization", "description": []string{"hidden"},
		}}
		return e
	}
	e["vcardArray"] = vcard(s.Person, s.Org)
	return e
}

func vcard(name, org string) []any {
	props := []any{
		[]any{"version", map[string]any{}, "text", "4.0"},
		[]any{"fn", map[string]any{}, "text", name},
	}
	if org != "" {
		props = append(props, []any{"org", map[string]any{}, "text", org})
	}
	return []any{"vcard", props}
}

// spaced writes an EPP status as RDAP does: "serverHold" → "server hold".
func spaced(s string) string {
	var b strings.Builder
	for _, c := range s {
		if c >= 'A' && c <= 'Z' {
			b.WriteByte(' ')
			c += 'a' - 'A'
		}
		b.WriteRune(c)
	}
	return b.String()
}

// whois makes the text answer: CNNIC's form under .cn and .中国, ICANN's else.
func (r *Registry) whois(ascii string, s Sample) string {
	created, expires, _ := r.times(s)
	var b strings.Builder
	holder := s.Org
	if holder == "" {
		holder = s.Person
	}
	if strings.HasSuffix(ascii, ".cn") || strings.HasSuffix(ascii, ".xn--fiqs8s") {
		fmt.Fprintf(&b, "Domain Name: %s\nROID: 20250101s10001s%08d-cn\n", ascii, len(ascii))
		for _, st := range s.Statuses {
			fmt.Fprintf(&b, "Domain Status: %s\n", st)
		}
		fmt.Fprintf(&b, "Registrant: %s\nSponsoring Registrar: %s\nRegistration Time: %s\nExpiration Time: %s\nDNSSEC: unsigned\n",
			holder, s.Registrar, created.In(clock.Shanghai).Format(time.DateTime), expires.In(clock.Shanghai).Format(time.DateTime))
		return b.String()
	}
	fmt.Fprintf(&b, "Domain Name: %s\r\nCreation Date: %s\r\nRegistry Expiry Date: %s\r\nRegistrar: %s\r\nRegistrar IANA ID: %s\r\n",
		strings.ToUpper(ascii), created.Format(time.RFC3339), expires.Format(time.RFC3339), s.Registrar, s.RegistrarID)
	for _, st := range s.Statuses {
		fmt.Fprintf(&b, "Domain Status: %s https://icann.org/epp#%s\r\n", st, st)
	}
	org, person := s.Org, s.Person
	if s.Redacted {
		org, person = "REDACTED FOR PRIVACY", "REDACTED FOR PRIVACY"
	}
	fmt.Fprintf(&b, "Registrant Name: %s\r\nRegistrant Organization: %s\r\n>>> Last update of whois database <<<\r\n", person, org)
	return b.String()
}

// ServeWHOIS answers WHOIS questions on a listener until ctx ends, which it
// closes then; nil means that it ended so. It waits for open connections.
func (r *Registry) ServeWHOIS(ctx context.Context, ln net.Listener) error {
	stop := context.AfterFunc(ctx, func() { _ = ln.Close() })
	defer stop()
	var wg sync.WaitGroup
	defer wg.Wait()
	for {
		conn, err := ln.Accept()
		if err == nil && ctx.Err() != nil {
			_ = conn.Close()
		}
		if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("accept WHOIS connection: %w", err)
		}
		wg.Go(func() { r.answerWHOIS(ctx, conn) })
	}
}

func (r *Registry) answerWHOIS(ctx context.Context, conn net.Conn) {
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	_ = conn.SetDeadline(time.Now().Add(time.Minute)) //nolint:forbidigo // the wire's time, not the samples'
	line, err := bufio.NewReader(io.LimitReader(conn, 1024)).ReadString('\n')
	if err != nil {
		return
	}
	asked := strings.ToLower(strings.TrimSpace(line))
	f := r.fault(asked)
	if !f.wait(ctx) {
		return
	}
	s, known := r.samples[asked]
	text := "No matching record.\r\n"
	switch {
	case f.Status != 0:
		text = "Queried interval is too short.\r\n"
	case f.Garbled:
		text = garbage
	case known && !s.Absent && f.WrongDomain:
		text = r.whois("another.cn", s)
	case known && !s.Absent:
		text = r.whois(asked, s)
	}
	if f.HangUp {
		text = text[:len(text)/4]
	}
	_, _ = io.WriteString(conn, text)
}
