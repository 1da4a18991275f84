package wire

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"regexp"
	"strings"
)

// Ids of the algorithms that version 3.0 defines.
const (
	EncryptNone  = 0
	EncryptAES   = 1 // AES-CBC, PKCS5 padding
	HashMD5      = 0
	CompressZip  = 0
	RandomLength = 20 // characters of randVal; fewer give method code 16
)

var entryName = regexp.MustCompile(`^[0-9A-Za-z]+(\.[0-9A-Za-z]+)?$`)

// Sealed is a document in its envelope.
type Sealed struct {
	// BeianInfo is base64(AES?(zip(document))).
	BeianInfo string `json:"beian_info"`
	// BeianInfoHash is base64 of the MD5 of the zip, before encryption.
	BeianInfoHash     string `json:"beian_info_hash"`
	EncryptAlgorithm  int    `json:"encrypt_algorithm"`
	HashAlgorithm     int    `json:"hash_algorithm"`
	CompressionFormat int    `json:"compression_format"`
}

// Layer names the part of an envelope that is at fault.
type Layer string

// The layers from outside in.
const (
	LayerAlgorithmEncrypt  Layer = "encrypt_algorithm"  // unknown id, method code 9
	LayerAlgorithmHash     Layer = "hash_algorithm"     // unknown id, method code 10
	LayerAlgorithmCompress Layer = "compression_format" // unknown id, method code 11
	LayerBase64            Layer = "base64"
	LayerCipher            Layer = "cipher"  // method code 6
	LayerHash              Layer = "hash"    // method code 7
	LayerZip               Layer = "zip"     // method code 8
	LayerEntries           Layer = "entries" // not exactly one file, method code 17
	LayerSize              Layer = "size"    // larger than allowed, method code 18
)

// EnvelopeError says which layer of an envelope could not be opened.
type EnvelopeError struct {
	Layer Layer
	Err   error
}

// Error gives the text for logs.
func (e *EnvelopeError) Error() string {
	if e.Err == nil {
		return "open envelope at " + string(e.Layer)
	}
	return "open envelope at " + string(e.Layer) + ": " + e.Err.Error()
}

// Unwrap gives the cause.
func (e *EnvelopeError) Unwrap() error { return e.Err }

// PasswordProof gives pwdHash: base64 of the MD5 of password and randVal, in
// this order, in the profile's code page.
func (p Profile) PasswordProof(password Secret, random string) (string, error) {
	b, err := p.CodePage.encode(string(password) + random)
	if err != nil {
		return "", fmt.Errorf("encode password: %w", err)
	}
	return p.hashText(b), nil
}

// FilingPasswordHash gives ICPmm: the MD5 of the filing password as hex text.
func (p Profile) FilingPasswordHash(password Secret) string {
	sum := md5.Sum([]byte(password))
	s := hex.EncodeToString(sum[:])
	if p.UpperHex {
		return strings.ToUpper(s)
	}
	return s
}

func (p Profile) hashText(b []byte) string {
	sum := md5.Sum(b)
	if p.Hash == HexHash {
		return base64.StdEncoding.EncodeToString([]byte(hex.EncodeToString(sum[:])))
	}
	return base64.StdEncoding.EncodeToString(sum[:])
}

// Seal puts a document into its envelope under the profile's entry name. The
// same document gives the same bytes.
func (p Profile) Seal(document []byte) (Sealed, error) {
	return p.SealAs(p.EntryName, document)
}

// SealAs is Seal with another name inside the zip, as downloads have it.
func (p Profile) SealAs(name string, document []byte) (Sealed, error) {
	packed, err := pack(name, document)
	if err != nil {
		return Sealed{}, fmt.Errorf("zip document: %w", err)
	}
	s := Sealed{BeianInfoHash: p.hashText(packed), HashAlgorithm: HashMD5, CompressionFormat: CompressZip}
	if p.Encrypt {
		s.EncryptAlgorithm = EncryptAES
		if packed, err = p.encrypt(packed); err != nil {
			return Sealed{}, fmt.Errorf("encrypt document: %w", err)
		}
	}
	s.BeianInfo = base64.StdEncoding.EncodeToString(packed)
	return s, nil
}

// Open takes a document out of its envelope and follows the algorithm ids in
// it, not the profile's. It accepts either form of the hash. Errors are
// *EnvelopeError.
func (p Profile) Open(s Sealed) ([]byte, error) {
	if err := s.known(); err != nil {
		return nil, err
	}
	packed, err := decodeBase64(s.BeianInfo)
	if err != nil {
		return nil, &EnvelopeError{Layer: LayerBase64, Err: err}
	}
	if s.EncryptAlgorithm == EncryptAES {
		if packed, err = p.decrypt(packed); err != nil {
			return nil, &EnvelopeError{Layer: LayerCipher, Err: err}
		}
	}
	if !hashMatches(packed, s.BeianInfoHash) {
		return nil, &EnvelopeError{Layer: LayerHash}
	}
	return unpack(packed, p.MaxOpened)
}

// known refuses algorithms that version 3.0 does not have.
func (s Sealed) known() error {
	switch {
	case s.EncryptAlgorithm != EncryptNone && s.EncryptAlgorithm != EncryptAES:
		return &EnvelopeError{Layer: LayerAlgorithmEncrypt}
	case s.HashAlgorithm != HashMD5:
		return &EnvelopeError{Layer: LayerAlgorithmHash}
	case s.CompressionFormat != CompressZip:
		return &EnvelopeError{Layer: LayerAlgorithmCompress}
	}
	return nil
}

func hashMatches(packed []byte, text string) bool {
	sum := md5.Sum(packed)
	return sumMatches(sum[:], text)
}

// sumMatches takes either spelling of the hash.
func sumMatches(sum []byte, text string) bool {
	want, err := decodeBase64(text)
	if err != nil {
		return false
	}
	if len(want) == 2*len(sum) {
		return strings.EqualFold(string(want), hex.EncodeToString(sum))
	}
	return subtle.ConstantTimeCompare(want, sum) == 1
}

// pack makes a zip with one entry whose sizes stand in its header, since some
// readers of streams do not look for them behind the data. Nearly all of a
// document are pictures in base64: the least effort finds as much in them as
// the greatest, in a fraction of the time.
func pack(name string, document []byte) ([]byte, error) {
	var deflated, out bytes.Buffer
	f, err := flate.NewWriter(&deflated, flate.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := f.Write(document); err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	z := zip.NewWriter(&out)
	w, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(document),
		CompressedSize64: uint64(deflated.Len()), UncompressedSize64: uint64(len(document))})
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(deflated.Bytes()); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func unpack(packed []byte, limit int64) ([]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return nil, &EnvelopeError{Layer: LayerZip, Err: err}
	}
	if len(z.File) != 1 {
		return nil, &EnvelopeError{Layer: LayerEntries, Err: fmt.Errorf("%d entries", len(z.File))}
	}
	r, err := z.File[0].Open()
	if err != nil {
		return nil, &EnvelopeError{Layer: LayerZip, Err: err}
	}
	document, err := io.ReadAll(io.LimitReader(r, limit+1))
	if int64(len(document)) > limit {
		return nil, &EnvelopeError{Layer: LayerSize, Err: fmt.Errorf("more than %d bytes", limit)}
	}
	if err := errors.Join(err, r.Close()); err != nil {
		return nil, &EnvelopeError{Layer: LayerZip, Err: err}
	}
	return document, nil
}

func (p Profile) block() (cipher.Block, error) {
	if len(p.IV) != aes.BlockSize {
		return nil, fmt.Errorf("iv has %d bytes, want %d", len(p.IV), aes.BlockSize)
	}
	return aes.NewCipher([]byte(p.Key))
}

func (p Profile) encrypt(plain []byte) ([]byte, error) {
	b, err := p.block()
	if err != nil {
		return nil, err
	}
	pad := aes.BlockSize - len(plain)%aes.BlockSize
	out := append(bytes.Clone(plain), bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(b, []byte(p.IV)).CryptBlocks(out, out)
	return out, nil
}

func (p Profile) decrypt(sealed []byte) ([]byte, error) {
	b, err := p.block()
	if err != nil {
		return nil, err
	}
	if len(sealed) == 0 || len(sealed)%aes.BlockSize != 0 {
		return nil, fmt.Errorf("%d bytes are no whole blocks", len(sealed))
	}
	out := bytes.Clone(sealed)
	cipher.NewCBCDecrypter(b, []byte(p.IV)).CryptBlocks(out, out)
	return unpad(out)
}

// decodeBase64 reads base64 and overlooks white space.
func decodeBase64(s string) ([]byte, error) {
	return base64.StdEncoding.DecodeString(strings.Map(func(r rune) rune {
		if r == ' ' || r == '\n' || r == '\r' || r == '\t' {
			return -1
		}
		return r
	}, s))
}

// HashOf gives the hash that an envelope should carry, in the profile's
// spelling; "" when its layers cannot be taken off.
func (p Profile) HashOf(s Sealed) string {
	packed, err := decodeBase64(s.BeianInfo)
	if err == nil && s.EncryptAlgorithm == EncryptAES {
		packed, err = p.decrypt(packed)
	}
	if err != nil {
		return ""
	}
	return p.hashText(packed)
}
