package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"github.com/tink-crypto/tink-go/v2/streamingaead/subtle"
)

const (
	dataKeySize = 32 // bytes; AES-256

	// streamSegment is the size of one sealed piece of a stream in bytes: what
	// is held in memory, and what is checked before any of it is given out.
	streamSegment = 64 << 10
)

// Key is the data key of one order. Safe for concurrent use; printing it shows
// no key. One key may seal 2^32 values: nonces are random.
type Key struct {
	fields    cipher.AEAD
	streamKey []byte
}

// keyOf derives one key for values and one for streams, so that neither cipher
// ever sees the other's key.
func keyOf(dek []byte) (*Key, error) {
	if len(dek) != dataKeySize {
		return nil, ErrBroken
	}
	fieldKey, err := hkdf.Expand(sha256.New, dek, "openbeian field", dataKeySize)
	if err != nil {
		return nil, fmt.Errorf("derive field key: %w", err)
	}
	streamKey, err := hkdf.Expand(sha256.New, dek, "openbeian stream", dataKeySize)
	if err != nil {
		return nil, fmt.Errorf("derive stream key: %w", err)
	}
	block, err := aes.NewCipher(fieldKey)
	if err != nil {
		return nil, fmt.Errorf("use data key: %w", err)
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("use data key: %w", err)
	}
	return &Key{fields: gcm, streamKey: streamKey}, nil
}

// String names the type and nothing else, so that keys stay out of logs.
func (*Key) String() string { return "seal.Key" }

// GoString is String, for %#v.
func (k *Key) GoString() string { return k.String() }

// Seal seals a value. context names the place it belongs to, such as the order
// id and the column; the value opens in no other place. The result is 29 bytes
// longer than the value.
func (k *Key) Seal(plain, context []byte) ([]byte, error) {
	out := make([]byte, 1, 1+len(plain)+k.fields.Overhead())
	out[0] = formatData
	return k.fields.Seal(out, nil, plain, bind(formatData, context)), nil
}

// Open gives the value back; the error is ErrBroken for any change, another
// key or another context.
func (k *Key) Open(sealed, context []byte) ([]byte, error) {
	if len(sealed) == 0 || sealed[0] != formatData {
		return nil, ErrBroken
	}
	plain, err := k.fields.Open(nil, nil, sealed[1:], bind(formatData, context))
	if err != nil {
		return nil, ErrBroken
	}
	return plain, nil
}

// SealStream gives a writer that seals what is written to it into w. Close
// ends the stream and must be checked: without it the stream does not open. It
// does not close w.
func (k *Key) SealStream(w io.Writer, context []byte) (io.WriteCloser, error) {
	s, err := k.stream()
	if err != nil {
		return nil, err
	}
	if _, err := w.Write([]byte{formatStream}); err != nil {
		return nil, fmt.Errorf("write format of sealed stream: %w", err)
	}
	sealing, err := s.NewEncryptingWriter(w, bind(formatStream, context))
	if err != nil {
		return nil, fmt.Errorf("begin sealed stream: %w", err)
	}
	return sealing, nil
}

// OpenStream gives a reader of the plain bytes of a sealed stream. It gives
// out only pieces that were checked; a stream that was changed or cut short
// ends in ErrBroken, so whoever acts on the content must read to io.EOF first.
// Errors of r itself are passed on.
func (k *Key) OpenStream(r io.Reader, context []byte) (io.Reader, error) {
	s, err := k.stream()
	if err != nil {
		return nil, err
	}
	source := &watched{r: r}
	var format [1]byte
	if _, err := io.ReadFull(source, format[:]); err != nil || format[0] != formatStream {
		return nil, source.explain()
	}
	plain, err := s.NewDecryptingReader(source, bind(formatStream, context))
	if err != nil {
		return nil, source.explain()
	}
	return &opened{plain: plain, source: source}, nil
}

func (k *Key) stream() (*subtle.AESGCMHKDF, error) {
	s, err := subtle.NewAESGCMHKDF(k.streamKey, "SHA256", dataKeySize, streamSegment, 0)
	if err != nil {
		return nil, fmt.Errorf("use stream key: %w", err)
	}
	return s, nil
}

// watched remembers the error of the outside reader, to tell a broken disk
// from broken content.
type watched struct {
	r   io.Reader
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}

func (w *watched) explain() error {
	if w.err != nil {
		return fmt.Errorf("read sealed stream: %w", w.err)
	}
	return ErrBroken
}

// opened turns the cipher's errors into ours. An error is final.
type opened struct {
	plain  io.Reader
	source *watched
	err    error
}

func (o *opened) Read(p []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.plain.Read(p)
	switch {
	case err == nil:
	case errors.Is(err, io.EOF) && o.source.err == nil:
		o.err = io.EOF
	default:
		o.err = o.source.explain()
	}
	return n, o.err
}
