package wire

import (
	"encoding/binary"
	"net/netip"

	"github.com/openbeian/beian/internal/icp"
)

// IPv4Number turns dotted text into the unsigned number that the interface
// uses (a.b.c.d → a·2²⁴+b·2¹⁶+c·2⁸+d). Version 3.0 has no IPv6; 0.0.0.0 is
// outside the schema's range. Errors are icp.Invalid.
func IPv4Number(dotted string) (int64, error) {
	a, err := netip.ParseAddr(dotted)
	if err != nil || !a.Unmap().Is4() {
		return 0, icp.E(icp.Invalid, "wire.not_ipv4")
	}
	b := a.Unmap().As4()
	n := int64(binary.BigEndian.Uint32(b[:]))
	if n == 0 {
		return 0, icp.E(icp.Invalid, "wire.not_ipv4")
	}
	return n, nil
}

// IPv4Text turns the interface's number into dotted text; "" when the number is
// no IPv4 address.
func IPv4Text(n int64) string {
	if n < 0 || n > 1<<32-1 {
		return ""
	}
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], uint32(n))
	return netip.AddrFrom4(b).String()
}
