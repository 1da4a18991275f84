package wire

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/openbeian/beian/internal/icp"
)

func sealing() Profile {
	p := V30()
	p.Key, p.IV, p.MaxOpened = "0123456789abcdef", "fedcba9876543210", 100_000
	return p
}

// sealPacked puts any zip into an envelope.
func sealPacked(t *testing.T, p Profile, packed []byte) Sealed {
	t.Helper()
	s := Sealed{BeianInfoHash: p.hashText(packed)}
	if p.Encrypt {
		var err error
		s.EncryptAlgorithm = EncryptAES
		if packed, err = p.encrypt(packed); err != nil {
			t.Fatal(err)
		}
	}
	s.BeianInfo = base64.StdEncoding.EncodeToString(packed)
	return s
}

// opened reads an envelope by stream.
func opened(p Profile, s Sealed, slow func(io.Reader) io.Reader) ([]byte, error) {
	r, err := p.OpenStream(slow(strings.NewReader(s.BeianInfo)), s)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func fast(r io.Reader) io.Reader { return r }

// zipped makes a zip by the library, one entry for each name.
func zipped(t *testing.T, content []byte, raw bool, method uint16, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range names {
		h := &zip.FileHeader{Name: n, Method: method, Comment: "a comment"}
		var w io.Writer
		var err error
		if raw {
			h.UncompressedSize64, h.CompressedSize64 = uint64(len(content)), uint64(len(content))
			h.CRC32 = crcOf(content)
			w, err = z.CreateRaw(h)
		} else {
			w, err = z.CreateHeader(h)
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.SetComment("the end"); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func crcOf(b []byte) uint32 {
	z := newZipStream(nil, 0)
	z.crc.Write(b)
	return z.crc.Sum32()
}

func TestOpenStreamGivesWhatOpenGives(t *testing.T) {
	t.Parallel()
	document := []byte(strings.Repeat("<DownloadData>文件</DownloadData>", 500))
	for name, packed := range map[string][]byte{
		"our own":              must(pack("a.xml", document)),
		"sizes behind":         zipped(t, document, false, zip.Deflate, "a.xml"),
		"stored, sizes before": zipped(t, document, true, zip.Store, "a.xml"),
		"an empty document":    must(pack("a.xml", nil)),
	} {
		for _, encrypt := range []bool{false, true} {
			p := sealing()
			p.Encrypt = encrypt
			s := sealPacked(t, p, packed)
			s.BeianInfo = " " + s.BeianInfo[:20] + "\r\n\t" + s.BeianInfo[20:] + "\n"
			want, err := p.Open(s)
			if err != nil {
				t.Fatal(name, err)
			}
			for how, slow := range map[string]func(io.Reader) io.Reader{"whole": fast, "by the byte": iotest.OneByteReader, "with its end": iotest.DataErrReader} {
				if got, err := opened(p, s, slow); err != nil || !bytes.Equal(got, want) {
					t.Errorf("%s, %s: %d bytes, %v, want %d", name, how, len(got), err, len(want))
				}
			}
			if err := p.VerifyStream(strings.NewReader(s.BeianInfo), s); err != nil {
				t.Errorf("%s: verified as %v", name, err)
			}
			s.BeianInfoHash = base64.StdEncoding.EncodeToString([]byte(strings.ToUpper(hex.EncodeToString(must(base64.StdEncoding.DecodeString(s.BeianInfoHash))))))
			if got, err := opened(p, s, fast); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s, hash in hex: %v", name, err)
			}
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestOpenStreamNamesTheLayerThatOpenNames(t *testing.T) {
	t.Parallel()
	big := bytes.Repeat([]byte("0123456789"), 10_001)
	good := must(pack("a.xml", []byte("<DownloadData/>")))
	cut := func(b []byte, n int) []byte { return b[:len(b)-n] }
	spoilt := func(at int) []byte {
		b := bytes.Clone(good)
		b[at] ^= 0x55
		return b
	}
	for name, c := range map[string]struct {
		packed []byte
		spoil  func(*Sealed, *Profile)
		layer  Layer
	}{
		"unknown cipher":          {good, func(s *Sealed, _ *Profile) { s.EncryptAlgorithm = 2 }, LayerAlgorithmEncrypt},
		"unknown hash":            {good, func(s *Sealed, _ *Profile) { s.HashAlgorithm = 1 }, LayerAlgorithmHash},
		"unknown compression":     {good, func(s *Sealed, _ *Profile) { s.CompressionFormat = 1 }, LayerAlgorithmCompress},
		"garbled base64":          {good, func(s *Sealed, _ *Profile) { s.BeianInfo = s.BeianInfo[:40] + "*" + s.BeianInfo[41:] }, LayerBase64},
		"base64 cut off":          {good, func(s *Sealed, _ *Profile) { s.BeianInfo = s.BeianInfo[:41] }, LayerBase64},
		"a wrong key":             {good, func(_ *Sealed, p *Profile) { p.Key = "0123456789abcdeF" }, LayerCipher},
		"no key":                  {good, func(_ *Sealed, p *Profile) { p.IV = "" }, LayerCipher},
		"no whole blocks":         {good, func(s *Sealed, _ *Profile) { s.BeianInfo = base64.StdEncoding.EncodeToString(make([]byte, 33)) }, LayerCipher},
		"nothing, enciphered":     {good, func(s *Sealed, _ *Profile) { s.BeianInfo = "" }, LayerCipher},
		"a wrong hash":            {good, func(s *Sealed, _ *Profile) { s.BeianInfoHash = "AAAAAAAAAAAAAAAAAAAAAA==" }, LayerHash},
		"a hash that is none":     {good, func(s *Sealed, _ *Profile) { s.BeianInfoHash = "?" }, LayerHash},
		"no zip":                  {[]byte("no zip at all, but long enough for a head"), nil, LayerZip},
		"an empty text":           {nil, nil, LayerZip},
		"a spoilt content":        {spoilt(38), nil, LayerZip},
		"cut off in the list":     {cut(good, 30), nil, LayerZip},
		"no entry":                {zipped(t, nil, false, zip.Deflate), nil, LayerEntries},
		"two entries":             {zipped(t, []byte("x"), false, zip.Deflate, "a.xml", "b.xml"), nil, LayerEntries},
		"a bomb":                  {must(pack("a.xml", big)), nil, LayerSize},
		"a bomb with sizes after": {zipped(t, big, false, zip.Deflate, "a.xml"), nil, LayerSize},
		"a bomb with a wrong hash": {must(pack("a.xml", big)), func(s *Sealed, _ *Profile) { s.BeianInfoHash = "AAAAAAAAAAAAAAAAAAAAAA==" },
			LayerHash},
	} {
		p := sealing()
		p.Encrypt = true
		s := sealPacked(t, p, c.packed)
		if c.spoil != nil {
			c.spoil(&s, &p)
		}
		_, plain := p.Open(s)
		_, streamed := opened(p, s, iotest.HalfReader)
		for how, err := range map[string]error{"Open": plain, "OpenStream": streamed} {
			var e *EnvelopeError
			if !errors.As(err, &e) || e.Layer != c.layer {
				t.Errorf("%s: %s: %v, want layer %s", name, how, err, c.layer)
			}
		}
	}
}

func TestOpenStreamRefusesWhatTheListDoesNotSay(t *testing.T) {
	t.Parallel()
	good := must(pack("a.xml", []byte("<DownloadData/>")))
	for name, packed := range map[string][]byte{
		"a stored entry of unknown size": {0x50, 0x4b, 3, 4, 20, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'x'},
		"a password of its own":          {0x50, 0x4b, 3, 4, 20, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'x'},
		"junk before the list":           append(bytes.Clone(good[:len(good)-60]), append([]byte("junk"), good[len(good)-60:]...)...),
	} {
		_, err := opened(sealing(), sealPacked(t, sealing(), packed), fast)
		var e *EnvelopeError
		if !errors.As(err, &e) || e.Layer != LayerZip {
			t.Errorf("%s: %v", name, err)
		}
	}
	disk := errors.New("disk")
	s := sealPacked(t, sealing(), good)
	r := must(sealing().OpenStream(io.MultiReader(strings.NewReader(s.BeianInfo[:60]), iotest.ErrReader(disk)), s))
	var e *EnvelopeError
	if _, err := io.ReadAll(r); !errors.Is(err, disk) || errors.As(err, &e) {
		t.Errorf("an error of the reader itself: %v", err)
	}
}

func TestStreamSealedChecksTheHashFirst(t *testing.T) {
	t.Parallel()
	document := []byte("<DownloadData><ICP><ZXSJ>" + strings.Repeat("<Zxxx><Jlid>7</Jlid></Zxxx>", 2000) + "</ZXSJ></ICP></DownloadData>")
	for _, encrypt := range []bool{false, true} {
		p := sealing()
		p.Encrypt = encrypt
		s := must(p.Seal(document))
		run := func(s Sealed, p Profile) (int, int64, error) {
			n, told := 0, int64(0)
			done, err := p.StreamSealed(t.Context(), strings.NewReader(s.BeianInfo), s, func(Record) error { n++; return nil }, StreamOptions{Progress: func(b int64) { told = b }})
			if done.Records != int64(n) {
				t.Errorf("%d records, told %+v", n, done)
			}
			return n, told, err
		}
		if n, told, err := run(s, p); err != nil || n != 2000 || told != int64(len(s.BeianInfo)) {
			t.Errorf("%d records, %d of %d bytes, %v", n, told, len(s.BeianInfo), err)
		}
		wrong := s
		wrong.BeianInfoHash = "AAAAAAAAAAAAAAAAAAAAAA=="
		var e *EnvelopeError
		if n, _, err := run(wrong, p); !errors.As(err, &e) || e.Layer != LayerHash || n != 0 {
			t.Errorf("a wrong hash: %d records, %v", n, err)
		}
		small := p
		small.MaxOpened = 20_000
		if n, _, err := run(s, small); !errors.As(err, &e) || e.Layer != LayerSize || n > 1000 {
			t.Errorf("a bomb: %d records, %v", n, err)
		}
		if n, _, err := run(must(p.Seal([]byte("<html/>"))), p); !errors.Is(err, icp.ErrInvalid) || n != 0 {
			t.Errorf("another document: %d records, %v", n, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := must(sealing().Seal(document))
	if _, err := sealing().StreamSealed(ctx, strings.NewReader(s.BeianInfo), s, func(Record) error { return nil }, StreamOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestDeflateTakesNoByteTooMany(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w := must(flate.NewWriter(&b, flate.BestCompression))
	must(w.Write(bytes.Repeat([]byte("茶叶"), 40_000)))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	n := int64(b.Len())
	b.WriteString("PK\x07\x08 and more")
	z := newZipStream(&b, 1<<20)
	c := &countingBytes{in: z.in}
	if _, err := io.Copy(io.Discard, flate.NewReader(c)); err != nil || c.n != n {
		t.Errorf("%d of %d bytes taken, %v", c.n, n, err)
	}
}
