package icp

import (
	"crypto/rand"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"
)

// Typed ids. They are opaque text; only OrderID is made to be read aloud.
type (
	// OrderID names an order, such as "261124-7K3M9QXR": the day it was made
	// in China and eight characters without I, L, O and U, so that it can be
	// told over the phone.
	OrderID string
	// AccountID names an account of an applicant or of staff.
	AccountID string
	// WebsiteID names a website draft inside an order.
	WebsiteID string
	// MaterialID names an uploaded file of an order.
	MaterialID string
	// ServerID names a cloud resource of the inventory.
	ServerID string
	// CodeID names an authorization code (备案授权码).
	CodeID string
)

// crockford is the alphabet of Crockford's base 32.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// NewOrderID makes an order id for an order made at the instant now.
func NewOrderID(now time.Time) OrderID {
	var raw [8]byte
	if _, err := rand.Read(raw[:]); err != nil {
		panic("no randomness: " + err.Error())
	}
	var b strings.Builder
	b.WriteString(now.In(time.FixedZone("CST", 8*3600)).Format("060102-"))
	for _, c := range raw {
		b.WriteByte(crockford[c&31])
	}
	return OrderID(b.String())
}

// NewID makes an id for anything else: a ULID in lower case, so that ids sort
// by the time they were made.
func NewID(now time.Time) string {
	return strings.ToLower(ulid.MustNew(ulid.Timestamp(now), rand.Reader).String())
}
