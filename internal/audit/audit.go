// Package audit has the record of who did what: the event, its canonical
// bytes, the hash chain over them, and the check of that chain.
//
// It promises that the same event always gives the same bytes, on every
// machine and from every database, and that two different events never do; so a
// changed, removed, added or moved row breaks the chain at that row. What a
// chain alone cannot show is that its newest rows were cut off: for that, keep
// a [Head] outside (an export, a printed anchor) and compare.
//
// The package does no input or output. Start at [Chain] and [Verify].
package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"io"
	"strconv"
	"time"
)

// Event is one act. It names people and things by id only; no field may hold
// personal data, because audit rows are kept and exported in the clear.
type Event struct {
	// Seq is the place in the chain; it rises from row to row, and may leave gaps.
	Seq int64
	// At is when it happened. The chain counts whole microseconds, which is
	// what both databases keep.
	At time.Time
	// Actor is the id of who did it: an account, an API key, or "system".
	Actor string
	// ActorRole is the role in which they did it.
	ActorRole string
	// Action is the past event, such as "order.returned".
	Action string
	// ObjectKind and Object name what it was done to, such as "order" and its id.
	ObjectKind string
	Object     string
	// Version is the version of the object after the act; 0 when it has none.
	Version int64
	// Detail is a JSON value without personal data, or empty. The order of its
	// keys and its white space do not count, since a database may change them.
	Detail json.RawMessage
}

// HashSize is the length of a chain hash in bytes.
const HashSize = sha256.Size

// canonicalName opens the canonical bytes; another layout gets another name.
const canonicalName = "openbeian-audit-1"

// Genesis is the hash before the first event: SHA-256 of "openbeian-audit-1".
func Genesis() []byte {
	sum := sha256.Sum256([]byte(canonicalName))
	return sum[:]
}

// Canonical gives the bytes that are hashed. They are netstrings (the length in
// decimal, a colon, the bytes, a comma) of, in order: the name
// "openbeian-audit-1", Seq, At in microseconds since 1970 (UTC), Actor,
// ActorRole, Action, ObjectKind, Object, Version, Detail. Numbers are decimal.
// Detail is compact JSON with sorted keys and its numbers as they were written;
// what is not JSON stands as it is, after an exclamation mark.
func Canonical(e Event) []byte {
	b := make([]byte, 0, 192+len(e.Detail))
	b = netstring(b, []byte(canonicalName))
	b = netnumber(b, e.Seq)
	b = netnumber(b, e.At.UnixMicro())
	for _, s := range [...]string{e.Actor, e.ActorRole, e.Action, e.ObjectKind, e.Object} {
		b = netstring(b, []byte(s))
	}
	b = netnumber(b, e.Version)
	return netstring(b, canonicalJSON(e.Detail))
}

// Chain gives the hash of an event that follows the row with hash prev:
// SHA-256 over the netstring of prev and the canonical bytes.
func Chain(prev []byte, e Event) []byte {
	h := sha256.New()
	h.Write(netstring(make([]byte, 0, HashSize+4), prev))
	h.Write(Canonical(e))
	return h.Sum(nil)
}

func netstring(b, s []byte) []byte {
	b = strconv.AppendInt(b, int64(len(s)), 10)
	b = append(b, ':')
	b = append(b, s...)
	return append(b, ',')
}

func netnumber(b []byte, n int64) []byte {
	var digits [20]byte
	return netstring(b, strconv.AppendInt(digits[:0], n, 10))
}

func canonicalJSON(raw json.RawMessage) []byte {
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return append([]byte{'!'}, raw...)
	}
	if _, err := d.Token(); err != io.EOF {
		return append([]byte{'!'}, raw...)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return append([]byte{'!'}, raw...)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}
