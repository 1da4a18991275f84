package domaincheck

import (
	"context"
	"errors"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/openbeian/beian/internal/icp"
)

type sourceFunc func() (Facts, error)

func (f sourceFunc) Lookup(context.Context, Name) (Facts, error) { return f() }

func TestChainGoesOnOnlyWhenASourceIsSilent(t *testing.T) {
	t.Parallel()
	asked := 0
	silent := sourceFunc(func() (Facts, error) { return Facts{}, ErrNoAnswer.Because(errors.New("down")) })
	none := sourceFunc(func() (Facts, error) { return Facts{}, ErrNoDomain })
	knows := sourceFunc(func() (Facts, error) { asked++; return Facts{Registrar: "x"}, nil })

	if f, err := Chain(silent, knows).Lookup(t.Context(), Name{}); err != nil || f.Registrar != "x" {
		t.Errorf("after a silent source: %v, %v", f, err)
	}
	if _, err := Chain(none, knows).Lookup(t.Context(), Name{}); !errors.Is(err, icp.ErrNotFound) || asked != 1 {
		t.Errorf("after not found: %v, asked %d times", err, asked)
	}
	if _, err := Chain(silent, silent).Lookup(t.Context(), Name{}); !errors.Is(err, icp.ErrUnavailable) || !strings.Contains(err.Error(), "down") {
		t.Errorf("all silent: %v", err)
	}
	if _, err := Chain().Lookup(t.Context(), Name{}); !errors.Is(err, icp.ErrUnavailable) {
		t.Errorf("no source: %v", err)
	}
}

func TestEPPStatus(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"client transfer prohibited": "clientTransferProhibited",
		"server hold":                "serverHold",
		"Server Hold":                "serverHold",
		"serverHold https://icann.org/epp#serverHold": "serverHold",
		"clientHold (https://www.icann.org/epp)":      "clientHold",
		"active":                                      "ok",
		"ok":                                          "ok",
		"redemption period":                           "redemptionPeriod",
		"":                                            "",
		"https://icann.org/epp":                       "",
	} {
		if got := EPPStatus(in); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}

func TestDisclosed(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		" 林知夏 ": "林知夏", "": "", "REDACTED FOR PRIVACY": "-", "Data Protected": "-",
		"Privacy service provided by Withheld for Privacy ehf": "-", "未公开": "-",
	} {
		text, hidden := Disclosed(in)
		if hidden != (want == "-") || !hidden && text != want {
			t.Errorf("%q gives %q, %v", in, text, hidden)
		}
	}
}

func TestClipKeepsValidTextWithinTheLimit(t *testing.T) {
	t.Parallel()
	got := Clip(strings.Repeat("中", MaxRaw))
	if len(got) > MaxRaw || len(got) < MaxRaw-3 || !utf8.ValidString(got) {
		t.Errorf("%d bytes, valid %v", len(got), utf8.ValidString(got))
	}
	if got := Clip("a\xffb"); got != "a?b" {
		t.Errorf("got %q", got)
	}
}

func TestMemoryForgetsWhatWasUsedLeastRecently(t *testing.T) {
	t.Parallel()
	m := NewMemory(2)
	for i := range 2 {
		_ = m.Put(t.Context(), strconv.Itoa(i), Facts{FetchedAt: now})
	}
	if _, found, _ := m.Facts(t.Context(), "0"); !found {
		t.Fatal("0 is gone too early")
	}
	_ = m.Put(t.Context(), "2", Facts{FetchedAt: now})
	_, zero, _ := m.Facts(t.Context(), "0")
	_, one, _ := m.Facts(t.Context(), "1")
	if !zero || one || m.Len() != 2 {
		t.Errorf("0 kept %v, 1 kept %v, %d names", zero, one, m.Len())
	}
}

func TestMemoryDropsAnAnswerOlderThanTheOneItHas(t *testing.T) {
	t.Parallel()
	m := NewMemory(2)
	_ = m.Put(t.Context(), "a", Facts{Registrar: "new", FetchedAt: now})
	_ = m.Put(t.Context(), "a", Facts{Registrar: "old", FetchedAt: now.Add(-time.Second)})
	if f, _, _ := m.Facts(t.Context(), "a"); f.Registrar != "new" {
		t.Errorf("kept the %s one", f.Registrar)
	}
}

func TestPublicAddress(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]bool{
		"8.8.8.8": true, "223.5.5.5": true, "2400:3200::1": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false,
		"100.100.100.200": false, "0.0.0.0": false, "255.255.255.255": false, "224.0.0.1": false, "198.18.0.1": false,
		"::1": false, "::": false, "fe80::1": false, "fd00::1": false, "ff02::1": false, "::ffff:127.0.0.1": false,
		"64:ff9b::7f00:1": false, "2002:7f00:1::": false, "fec0::1": false, "2001:db8::1": false,
	} {
		if got := PublicAddress(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s: got %v, want %v", addr, got, want)
		}
	}
	if PublicAddress(netip.Addr{}) || PublicOnly("tcp", "localhost:80", nil) == nil || PublicOnly("tcp6", "[::1]:80", nil) == nil {
		t.Error("no address, a name or loopback was accepted")
	}
	if err := PublicOnly("tcp4", "8.8.8.8:443", nil); err != nil {
		t.Error(err)
	}
}
