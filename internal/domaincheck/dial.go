package domaincheck

import (
	"fmt"
	"net/netip"
	"syscall"
)

// Ranges that the standard predicates of netip.Addr leave out but which no
// registry or public website uses (RFC 6890 and its updates).
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),   // carrier NAT; some clouds keep metadata here
	netip.MustParsePrefix("192.0.0.0/24"),    // protocol assignments
	netip.MustParsePrefix("192.0.2.0/24"),    // documentation
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks
	netip.MustParsePrefix("198.51.100.0/24"), // documentation
	netip.MustParsePrefix("203.0.113.0/24"),  // documentation
	netip.MustParsePrefix("240.0.0.0/4"),     // reserved and broadcast
	netip.MustParsePrefix("64:ff9b::/96"),    // NAT64 could lead to any IPv4 address
	netip.MustParsePrefix("64:ff9b:1::/48"),  // local NAT64
	netip.MustParsePrefix("100::/64"),        // discard
	netip.MustParsePrefix("2001::/23"),       // protocol assignments, Teredo
	netip.MustParsePrefix("2001:db8::/32"),   // documentation
	netip.MustParsePrefix("2002::/16"),       // 6to4 could lead to any IPv4 address
	netip.MustParsePrefix("fec0::/10"),       // site-local, deprecated
}

// PublicAddress reports whether an address can belong to a host on the public
// Internet: not loopback, private, link-local, multicast or set aside.
func PublicAddress(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsValid() || a.Zone() != "" || !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// PublicOnly is a net.Dialer.Control function that refuses any address but a
// public one. It sees the very address that is dialled, after resolution, so a
// name that resolves differently the second time (DNS rebinding) gains nothing.
func PublicOnly(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("read dialled address: %w", err)
	}
	if !PublicAddress(ap.Addr()) {
		return fmt.Errorf("dial %s: not a public address", ap.Addr())
	}
	return nil
}
