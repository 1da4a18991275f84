package wire

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"io"
)

// OpenStream takes a document out of its envelope as it is read: base64, cipher
// and zip in turn, in little memory. info is the text of BeianInfo; of s only the
// hash and the ids of the algorithms are used. More than MaxOpened bytes do not
// come out. Errors are *EnvelopeError, or those of info.
//
// The hash covers the whole file, so it is known to be right only when the
// reader has been read to io.EOF; [Profile.VerifyStream] tells before, at the
// price of reading info twice.
func (p Profile) OpenStream(info io.Reader, s Sealed) (io.Reader, error) {
	packed, err := p.packedStream(info, s)
	if err != nil {
		return nil, err
	}
	return &openedStream{packed: packed, zip: newZipStream(packed, p.MaxOpened)}, nil
}

// VerifyStream reads a whole envelope and checks everything but the zip.
func (p Profile) VerifyStream(info io.Reader, s Sealed) error {
	packed, err := p.packedStream(info, s)
	if err != nil {
		return err
	}
	return packed.settle()
}

// StreamSealed is [Stream] of a document in its envelope, whose hash is checked
// before the first record is handed out. Progress counts the bytes of info,
// beginning anew after the check. Errors are those of both.
func (p Profile) StreamSealed(ctx context.Context, info io.ReadSeeker, s Sealed, each func(Record) error, o StreamOptions) (StreamSummary, error) {
	if err := p.VerifyStream(&source{ctx: ctx, in: info}, s); err != nil {
		return StreamSummary{}, err
	}
	if _, err := info.Seek(0, io.SeekStart); err != nil {
		return StreamSummary{}, fmt.Errorf("go back to the beginning: %w", err)
	}
	text := &source{ctx: ctx, in: info, progress: o.Progress}
	document, err := p.OpenStream(text, s)
	if err != nil {
		return StreamSummary{}, err
	}
	told := o.Progress
	o.Progress = nil
	done, err := Stream(ctx, document, each, o)
	if done.Bytes = text.read; err == nil && told != nil {
		told(text.read)
	}
	return done, err
}

// packedStream gives the zip inside an envelope.
func (p Profile) packedStream(info io.Reader, s Sealed) (*packedStream, error) {
	if err := s.known(); err != nil {
		return nil, err
	}
	out := &packedStream{in: layered{base64.NewDecoder(base64.StdEncoding, &unspaced{info}), LayerBase64}, sum: md5.New(), want: s.BeianInfoHash}
	if s.EncryptAlgorithm == EncryptAES {
		b, err := p.block()
		if err != nil {
			return nil, &EnvelopeError{Layer: LayerCipher, Err: err}
		}
		out.in = layered{&cbcReader{in: out.in, mode: cipher.NewCBCDecrypter(b, []byte(p.IV))}, LayerCipher}
	}
	return out, nil
}

// packedStream is the zip, summed up as it is read.
type packedStream struct {
	in   io.Reader
	sum  hash.Hash
	want string
}

// Read reads; see io.Reader.
func (s *packedStream) Read(p []byte) (int, error) {
	n, err := s.in.Read(p)
	s.sum.Write(p[:n])
	return n, err
}

// settle reads the rest and compares the hash.
func (s *packedStream) settle() error {
	if _, err := io.Copy(io.Discard, s); err != nil {
		return err
	}
	if !sumMatches(s.sum.Sum(nil), s.want) {
		return &EnvelopeError{Layer: LayerHash}
	}
	return nil
}

// openedStream is the document. When its zip is at fault it looks at the layers
// further out first, for a wrong key too makes a zip unreadable.
type openedStream struct {
	packed *packedStream
	zip    *zipStream
	err    error
}

// Read reads; see io.Reader.
func (o *openedStream) Read(p []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.zip.Read(p)
	if err == nil {
		return n, nil
	}
	o.err = err
	var e *EnvelopeError
	if err == io.EOF || errors.As(err, &e) && e.Layer != LayerBase64 && e.Layer != LayerCipher {
		if outer := o.packed.settle(); outer != nil {
			o.err = outer
		}
	}
	return n, o.err
}

// layered marks the errors of a layer, except those that are marked already and
// those of the reader at the bottom.
type layered struct {
	in    io.Reader
	layer Layer
}

// Read reads; see io.Reader.
func (l layered) Read(p []byte) (int, error) {
	n, err := l.in.Read(p)
	var marked *EnvelopeError
	var corrupt base64.CorruptInputError
	if !errors.As(err, &marked) && (errors.As(err, &corrupt) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, errCipher)) {
		err = &EnvelopeError{Layer: l.layer, Err: err}
	}
	return n, err
}

// unspaced leaves out white space.
type unspaced struct{ in io.Reader }

// Read reads; see io.Reader.
func (u *unspaced) Read(p []byte) (int, error) {
	for {
		n, err := u.in.Read(p)
		kept := p[:0]
		for _, c := range p[:n] {
			if c != ' ' && c != '\n' && c != '\r' && c != '\t' {
				kept = append(kept, c)
			}
		}
		if len(kept) > 0 || err != nil || len(p) == 0 {
			return len(kept), err
		}
	}
}

var errCipher = errors.New("cipher text is wrong")

// cbcReader decrypts whole blocks and holds the last one back, which has the
// padding.
type cbcReader struct {
	in      io.Reader
	mode    cipher.BlockMode
	buf     [32 << 10]byte
	pending []byte // decrypted, part of buf
	last    [aes.BlockSize]byte
	hasLast bool
	err     error
}

// Read reads; see io.Reader.
func (c *cbcReader) Read(p []byte) (int, error) {
	for len(c.pending) == 0 && c.err == nil {
		c.fill()
	}
	if len(c.pending) == 0 {
		return 0, c.err
	}
	n := copy(p, c.pending)
	c.pending = c.pending[n:]
	return n, nil
}

// fill decrypts the next blocks; the held-back one goes before them.
func (c *cbcReader) fill() {
	room := c.buf[aes.BlockSize:]
	n, err := io.ReadFull(c.in, room)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF { // not those of a layer that wraps them
		c.err = err
		return
	}
	ended := err != nil
	if n%aes.BlockSize != 0 || ended && n == 0 && !c.hasLast {
		c.err = fmt.Errorf("%w: no whole blocks", errCipher)
		return
	}
	c.mode.CryptBlocks(room[:n], room[:n])
	from := aes.BlockSize
	if c.hasLast {
		from = 0
		copy(c.buf[:], c.last[:])
	}
	plain := c.buf[from : aes.BlockSize+n]
	if !ended {
		c.hasLast = true
		copy(c.last[:], plain[len(plain)-aes.BlockSize:])
		c.pending = plain[:len(plain)-aes.BlockSize]
		return
	}
	c.pending, c.err = unpad(plain)
	if c.err == nil {
		c.err = io.EOF
	}
}

// unpad takes the padding (PKCS5) off.
func unpad(plain []byte) ([]byte, error) {
	pad := int(plain[len(plain)-1])
	if pad == 0 || pad > aes.BlockSize || !bytes.Equal(plain[len(plain)-pad:], bytes.Repeat([]byte{byte(pad)}, pad)) {
		return nil, fmt.Errorf("%w: padding", errCipher)
	}
	return plain[:len(plain)-pad], nil
}
