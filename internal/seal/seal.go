// Package seal keeps personal data unreadable at rest.
//
// It has a [Box], which is the key file of an installation, and a [Key], the
// data key of one order. A key is stored beside the data it seals, wrapped by
// the box; whoever copies the database without the key file has nothing.
// [Box.Index] gives a blind index, by which an exact value is found without
// being stored.
//
// Promises: sealed bytes open only with the same key and the same context, and
// not at all after any change; a rotated box still reads what older keys wrote;
// memory stays bounded for streams. Start at [Create], [Open] and [Box.NewKey].
//
// The wrapping keys are Tink AES-256-GCM keysets; the data key is 32 random
// bytes used with AES-256-GCM of the standard library, and with Tink's
// AES-GCM-HKDF for streams. Each sealed value begins with a byte that tells its
// format, so that another cipher suite can stand beside this one later.
package seal

import (
	"crypto/rand"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// ErrBroken says that sealed data do not open: they were changed, cut short,
// sealed under another key, or sealed for another context.
var ErrBroken = errors.New("sealed data do not open")

// The first byte of each sealed value. It is also authenticated, so a value of
// one format never opens as another.
const (
	formatField   byte = 0x01 // Box.Seal: Tink AEAD under the box's primary key
	formatWrapped byte = 0x02 // Box.NewKey: a data key under the box's primary key
	formatData    byte = 0x11 // Key.Seal: 12-byte nonce, AES-256-GCM
	formatStream  byte = 0x12 // Key.SealStream: Tink AES-GCM-HKDF, 64 KiB segments
)

// indexSize is the length of a blind index in bytes: 2^64 values before two
// are likely to meet, far beyond the number of applicants.
const indexSize = 16

// keyIDSize is the length of the key id that Tink puts before a cipher text:
// one version byte and the id itself.
const keyIDSize = 5

// Box has the keys of an installation. Safe for concurrent use, also while it
// is rotated. Printing it shows no key.
type Box struct{ keys atomic.Pointer[boxKeys] }

// boxKeys is one edition of the keys; rotation replaces it as a whole.
type boxKeys struct {
	wrap  *keyset.Handle
	index *keyset.Handle
	aead  tink.AEAD
	prf   *prf.Set
}

// New makes a box whose keys live in memory only. What it seals is lost with
// the process, so it is for tests.
func New() (*Box, error) {
	keys, err := generate()
	if err != nil {
		return nil, err
	}
	return boxOf(keys), nil
}

func boxOf(keys *boxKeys) *Box {
	b := &Box{}
	b.keys.Store(keys)
	return b
}

func generate() (*boxKeys, error) {
	wrap, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("make wrapping key: %w", err)
	}
	index, err := keyset.NewHandle(prf.HMACSHA256PRFKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("make index key: %w", err)
	}
	return keysOf(wrap, index)
}

func keysOf(wrap, index *keyset.Handle) (*boxKeys, error) {
	a, err := aead.New(wrap)
	if err != nil {
		return nil, fmt.Errorf("use wrapping keys: %w", err)
	}
	p, err := prf.NewPRFSet(index)
	if err != nil {
		return nil, fmt.Errorf("use index key: %w", err)
	}
	return &boxKeys{wrap: wrap, index: index, aead: a, prf: p}, nil
}

// primaryID is the id of the key that seals from now on.
func (k *boxKeys) primaryID() uint32 { return k.wrap.KeysetInfo().GetPrimaryKeyId() }

// String names the type and nothing else, so that keys stay out of logs.
func (*Box) String() string { return "seal.Box" }

// GoString is String, for %#v.
func (b *Box) GoString() string { return b.String() }

// NewKey makes a data key and its wrapped form, which is stored beside the data.
func (b *Box) NewKey() (*Key, []byte, error) {
	dek := make([]byte, dataKeySize)
	rand.Read(dek) // never returns an error; the runtime stops the program instead
	key, err := keyOf(dek)
	if err != nil {
		return nil, nil, err
	}
	wrapped, err := b.seal(formatWrapped, dek, nil)
	if err != nil {
		return nil, nil, err
	}
	return key, wrapped, nil
}

// Unwrap gives the data key back from its wrapped form. The error is ErrBroken
// when this box did not wrap it or it was changed.
func (b *Box) Unwrap(wrapped []byte) (*Key, error) {
	dek, err := b.open(formatWrapped, wrapped, nil)
	if err != nil {
		return nil, fmt.Errorf("unwrap data key: %w", err)
	}
	return keyOf(dek)
}

// Rewrap wraps a data key again under the primary key. changed is false, and
// the bytes are the same, when the primary key wrapped it already. The data
// key itself stays, so data need not be sealed again.
func (b *Box) Rewrap(wrapped []byte) (renewed []byte, changed bool, err error) {
	dek, err := b.open(formatWrapped, wrapped, nil)
	if err != nil {
		return nil, false, fmt.Errorf("unwrap data key: %w", err)
	}
	if b.current(wrapped) {
		return wrapped, false, nil
	}
	renewed, err = b.seal(formatWrapped, dek, nil)
	if err != nil {
		return nil, false, err
	}
	return renewed, true, nil
}

// Seal seals a single field under the box's own key, for data that belong to
// no order. context names the place, such as "account.phone:" and the account
// id; the same context opens it again.
func (b *Box) Seal(plain, context []byte) ([]byte, error) {
	return b.seal(formatField, plain, context)
}

// Open gives the field back; the error is ErrBroken for any change or another context.
func (b *Box) Open(sealed, context []byte) ([]byte, error) {
	return b.open(formatField, sealed, context)
}

// Index gives the 16-byte blind index of a value: equal for equal kind and
// value, and of no use without the key file. The caller brings the value to
// one form first (case, spaces). Rotation leaves it as it is.
func (b *Box) Index(kind, value string) []byte {
	input := make([]byte, 0, len(kind)+1+len(value))
	input = append(input, kind...)
	input = append(input, 0)
	input = append(input, value...)
	sum, err := b.keys.Load().prf.ComputePrimaryPRF(input, indexSize)
	if err != nil {
		// The size is a constant and the key was checked when it was read.
		panic("seal: index key computes nothing: " + err.Error())
	}
	return sum
}

func (b *Box) seal(format byte, plain, context []byte) ([]byte, error) {
	body, err := b.keys.Load().aead.Encrypt(plain, bind(format, context))
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return append([]byte{format}, body...), nil
}

func (b *Box) open(format byte, sealed, context []byte) ([]byte, error) {
	if len(sealed) == 0 || sealed[0] != format {
		return nil, ErrBroken
	}
	plain, err := b.keys.Load().aead.Decrypt(sealed[1:], bind(format, context))
	if err != nil {
		return nil, ErrBroken
	}
	return plain, nil
}

// current reports whether the primary key made the value.
func (b *Box) current(sealed []byte) bool {
	if len(sealed) < 1+keyIDSize {
		return false
	}
	id := sealed[2 : 1+keyIDSize]
	got := uint32(id[0])<<24 | uint32(id[1])<<16 | uint32(id[2])<<8 | uint32(id[3])
	return got == b.keys.Load().primaryID()
}

// bind is the data that is authenticated beside the plain text.
func bind(format byte, context []byte) []byte {
	return append([]byte{format}, context...)
}
