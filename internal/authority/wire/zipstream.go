package wire

import (
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
)

// Parts of a zip file (PKWARE APPNOTE 6.3, section 4.3) and what of their heads
// is read here.
const (
	zipLocal      = 0x04034b50 // 4.3.7
	zipDescriptor = 0x08074b50 // 4.3.9
	zipCentral    = 0x02014b50 // 4.3.12
	zip64End      = 0x06064b50 // 4.3.14
	zip64Locator  = 0x07064b50 // 4.3.15
	zipEnd        = 0x06054b50 // 4.3.16

	zipStored, zipDeflated           = 0, 8
	zipEncryptedFlag, zipStreamsFlag = 1, 8
)

// zipStream reads a zip of one entry from front to back, without the list at its
// end, which it holds against what it has read.
type zipStream struct {
	in      *bufio.Reader
	limit   int64
	entry   io.Reader
	head    zipHead
	crc     hash.Hash32
	n       int64
	counted *countingBytes
	err     error
}

type zipHead struct {
	flags, method uint16
	crc           uint32
	packed, size  uint64
}

func newZipStream(r io.Reader, limit int64) *zipStream {
	return &zipStream{in: bufio.NewReaderSize(r, 32<<10), limit: limit, crc: crc32.NewIEEE()}
}

// Read reads the entry; see io.Reader. Its io.EOF means that size, checksum and
// the list of entries are right.
func (z *zipStream) Read(p []byte) (int, error) {
	if z.err == nil && z.entry == nil {
		z.err = z.open()
	}
	if z.err != nil {
		return 0, z.err
	}
	n, err := z.entry.Read(p)
	z.crc.Write(p[:n])
	if z.n += int64(n); z.n > z.limit {
		z.err = &EnvelopeError{Layer: LayerSize, Err: fmt.Errorf("more than %d bytes", z.limit)}
		return 0, z.err
	}
	if err == io.EOF {
		z.err = z.close()
		if z.err == nil {
			z.err = io.EOF
		}
	} else if err != nil {
		z.err = zipError(err)
	}
	return n, z.err
}

// zipError marks an error that no layer further out has marked; errors of the
// reader at the bottom stay as they are.
func zipError(err error) error {
	var marked *EnvelopeError
	var corrupt flate.CorruptInputError
	switch {
	case errors.As(err, &marked):
		return err
	case err == io.EOF: // an end where there should be more
		return &EnvelopeError{Layer: LayerZip, Err: io.ErrUnexpectedEOF}
	case errors.As(err, &corrupt) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, errZip):
		return &EnvelopeError{Layer: LayerZip, Err: err}
	}
	return err
}

var errZip = errors.New("zip is wrong")

// open reads the head of the entry.
func (z *zipStream) open() error {
	kind, err := z.signature()
	if err != nil {
		return zipError(err)
	}
	if kind == zipEnd {
		return &EnvelopeError{Layer: LayerEntries, Err: errors.New("0 entries")}
	}
	if kind != zipLocal {
		return zipError(fmt.Errorf("%w: no entry at the beginning", errZip))
	}
	b, err := z.take(26)
	if err != nil {
		return zipError(err)
	}
	le := binary.LittleEndian
	z.head = zipHead{flags: le.Uint16(b[2:]), method: le.Uint16(b[4:]), crc: le.Uint32(b[10:]), packed: uint64(le.Uint32(b[14:])), size: uint64(le.Uint32(b[18:]))}
	name, extra := int(le.Uint16(b[22:])), int(le.Uint16(b[24:]))
	if _, err := z.in.Discard(name + extra); err != nil {
		return zipError(err)
	}
	return z.openEntry()
}

func (z *zipStream) openEntry() error {
	z.counted = &countingBytes{in: z.in}
	switch streamed := z.head.flags&zipStreamsFlag != 0; {
	case z.head.flags&zipEncryptedFlag != 0:
		return zipError(fmt.Errorf("%w: encrypted by a password of its own", errZip))
	case z.head.method == zipDeflated:
		z.entry = flate.NewReader(z.counted)
	case z.head.method == zipStored && !streamed:
		z.entry = io.LimitReader(z.counted, int64(z.head.packed))
	default:
		return zipError(fmt.Errorf("%w: method %d", errZip, z.head.method))
	}
	return nil
}

// close checks what follows the entry.
func (z *zipStream) close() error {
	if z.head.flags&zipStreamsFlag != 0 {
		if err := z.descriptor(); err != nil {
			return zipError(err)
		}
	}
	if z.head.crc != z.crc.Sum32() || uint32(z.head.size) != uint32(z.n) || uint32(z.head.packed) != uint32(z.counted.n) {
		return zipError(fmt.Errorf("%w: sizes or checksum", errZip))
	}
	return z.list()
}

// descriptor reads the sizes behind the entry: four bytes each, or eight.
func (z *zipStream) descriptor() error {
	if b, err := z.in.Peek(4); err == nil && binary.LittleEndian.Uint32(b) == zipDescriptor {
		z.in.Discard(4) //nolint:errcheck // they are in the buffer
	}
	b, err := z.take(12)
	if err != nil {
		return err
	}
	le := binary.LittleEndian
	z.head.crc, z.head.packed, z.head.size = le.Uint32(b), uint64(le.Uint32(b[4:])), uint64(le.Uint32(b[8:]))
	if next, err := z.in.Peek(4); err == nil && !isSignature(le.Uint32(next)) {
		more, err := z.take(8)
		if err != nil {
			return err
		}
		z.head.size = uint64(le.Uint32(more)) // what was taken for it is the upper half of the packed size
	}
	return nil
}

func isSignature(n uint32) bool {
	return n == zipCentral || n == zipLocal || n == zipEnd || n == zip64End
}

// list reads the list of entries to its end and counts them.
func (z *zipStream) list() error {
	entries := 0
	for {
		kind, err := z.signature()
		if err != nil {
			return zipError(err)
		}
		switch kind {
		case zipCentral:
			entries++
			err = z.skipTail(42, 24, 26, 28)
		case zipLocal:
			return &EnvelopeError{Layer: LayerEntries, Err: errors.New("more than one entry")}
		case zip64End:
			err = z.skip64()
		case zip64Locator:
			_, err = z.take(16)
		case zipEnd:
			if entries != 1 {
				return &EnvelopeError{Layer: LayerEntries, Err: fmt.Errorf("%d entries", entries)}
			}
			_, err = z.take(18)
			if err == nil {
				return nil
			}
		default:
			err = fmt.Errorf("%w: unknown part", errZip)
		}
		if err != nil {
			return zipError(err)
		}
	}
}

// skipTail reads the rest of a head and what it gives the lengths of, at these
// places.
func (z *zipStream) skipTail(head int, lengths ...int) error {
	b, err := z.take(head)
	if err != nil {
		return err
	}
	n := 0
	for _, at := range lengths {
		n += int(binary.LittleEndian.Uint16(b[at:]))
	}
	_, err = z.in.Discard(n)
	return err
}

func (z *zipStream) skip64() error {
	b, err := z.take(8)
	if err != nil {
		return err
	}
	n := binary.LittleEndian.Uint64(b)
	if n > 1<<16 {
		return fmt.Errorf("%w: end of 64 bits", errZip)
	}
	_, err = z.in.Discard(int(n))
	return err
}

func (z *zipStream) signature() (uint32, error) {
	b, err := z.take(4)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(b), nil
}

// take reads n bytes, and copies them.
func (z *zipStream) take(n int) ([]byte, error) {
	b, err := z.in.Peek(n)
	if err != nil {
		return nil, err
	}
	b = bytes.Clone(b)
	_, err = z.in.Discard(n)
	return b, err
}

// countingBytes counts what flate takes, which takes no byte too many.
type countingBytes struct {
	in *bufio.Reader
	n  int64
}

// Read reads; see io.Reader.
func (c *countingBytes) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.n += int64(n)
	return n, err
}

// ReadByte reads one byte; see io.ByteReader.
func (c *countingBytes) ReadByte() (byte, error) {
	b, err := c.in.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}
