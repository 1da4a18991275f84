package wire_test

import (
	"archive/zip"
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
)

func TestPasswordProofOfTheSpecificationsExample(t *testing.T) {
	t.Parallel()
	for form, want := range map[wire.HashText]string{
		wire.RawHash: "9fq6VgG8bDFoWECeX62u2Q==",
		wire.HexHash: "ZjVmYWJhNTYwMWJjNmMzMTY4NTg0MDllNWZhZGFlZDk=",
	} {
		p := wire.V30()
		p.Hash = form
		if got := must[string](t)(p.PasswordProof("1234567890", "abcdefghij")); got != want {
			t.Errorf("%s: %s, want %s", form, got, want)
		}
	}
}

func TestSealAndOpen(t *testing.T) {
	t.Parallel()
	document := []byte("<UploadData/>")
	for _, key := range []string{"", "0123456789abcdef", "0123456789abcdef01234567", "0123456789abcdef0123456789abcdef"} {
		for _, form := range []wire.HashText{wire.RawHash, wire.HexHash} {
			p := wire.V30()
			p.Hash, p.Encrypt, p.Key, p.IV = form, key != "", wire.Secret(key), "fedcba9876543210"
			s := must[wire.Sealed](t)(p.Seal(document))
			if again := must[wire.Sealed](t)(p.Seal(document)); again != s {
				t.Errorf("sealing twice gave two envelopes")
			}
			p.Encrypt = !p.Encrypt // the ids in the envelope count, not the profile
			if got := must[[]byte](t)(p.Open(s)); !bytes.Equal(got, document) {
				t.Errorf("key %d bytes, %s: got %q", len(key), form, got)
			}
		}
	}
}

func TestSealHashesTheZipWithOneEntry(t *testing.T) {
	t.Parallel()
	s := must[wire.Sealed](t)(wire.V30().Seal([]byte("x")))
	packed := must[[]byte](t)(base64.StdEncoding.DecodeString(s.BeianInfo))
	sum := md5.Sum(packed)
	if s.BeianInfoHash != base64.StdEncoding.EncodeToString(sum[:]) {
		t.Errorf("hash is not over the zip")
	}
	z := must[*zip.Reader](t)(zip.NewReader(bytes.NewReader(packed), int64(len(packed))))
	if len(z.File) != 1 || z.File[0].Name != "beianinfo.xml" || z.File[0].Flags&8 != 0 {
		t.Errorf("entries = %+v", z.File)
	}
}

func TestOpenNamesTheLayerAtFault(t *testing.T) {
	t.Parallel()
	p := wire.V30()
	p.Key, p.IV, p.MaxOpened = "0123456789abcdef", "fedcba9876543210", 1000
	good := must[wire.Sealed](t)(p.Seal([]byte("document")))
	bomb := must[wire.Sealed](t)(p.Seal(make([]byte, 1001)))
	for name, c := range map[string]struct {
		spoil func(*wire.Sealed)
		layer wire.Layer
	}{
		"unknown cipher":       {func(s *wire.Sealed) { s.EncryptAlgorithm = 2 }, wire.LayerAlgorithmEncrypt},
		"unknown hash":         {func(s *wire.Sealed) { s.HashAlgorithm = 1 }, wire.LayerAlgorithmHash},
		"unknown compression":  {func(s *wire.Sealed) { s.CompressionFormat = 1 }, wire.LayerAlgorithmCompress},
		"garbled base64":       {func(s *wire.Sealed) { s.BeianInfo = s.BeianInfo[:len(s.BeianInfo)-3] }, wire.LayerBase64},
		"not encrypted at all": {func(s *wire.Sealed) { s.EncryptAlgorithm = 1 }, wire.LayerCipher},
		"wrong hash":           {func(s *wire.Sealed) { s.BeianInfoHash = bomb.BeianInfoHash }, wire.LayerHash},
		"no zip":               {func(s *wire.Sealed) { *s = sealBytes([]byte("no zip")) }, wire.LayerZip},
		"two entries":          {func(s *wire.Sealed) { *s = sealBytes(zipOf(t, "a.xml", "b.xml")) }, wire.LayerEntries},
		"a zip bomb":           {func(s *wire.Sealed) { *s = bomb }, wire.LayerSize},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := good
			c.spoil(&s)
			_, err := p.Open(s)
			var e *wire.EnvelopeError
			if !errors.As(err, &e) || e.Layer != c.layer {
				t.Errorf("err = %v, want layer %s", err, c.layer)
			}
		})
	}
}

func TestProfile(t *testing.T) {
	t.Parallel()
	if err := wire.V30().Validate(); err != nil {
		t.Errorf("V30: %v", err)
	}
	p := must[wire.Profile](t)(wire.ParseProfile([]byte(`{"version":"V.3.1","encrypt":true,"key":"0123456789abcdef","iv":"fedcba9876543210"}`)))
	if p.Version != "V.3.1" || p.CodePage != wire.GBK {
		t.Errorf("profile = %+v", p)
	}
	if s := fmt.Sprintf("%v %+v %#v", p, p, p); strings.Contains(s, "0123456789abcdef") {
		t.Errorf("the key shows in %s", s)
	}
	for name, text := range map[string]string{
		"a key of 5 bytes":   `{"key":"short","iv":"fedcba9876543210"}`,
		"no IV":              `{"encrypt":true,"key":"0123456789abcdef"}`,
		"an entry in a path": `{"entry_name":"../x.xml"}`,
		"too few parts":      `{"endpoints":{"isp_upload":{"path":"/x","parts":["a"]}}}`,
	} {
		if _, err := wire.ParseProfile([]byte(text)); !errors.Is(err, icp.ErrInvalid) {
			t.Errorf("%s: err = %v", name, err)
		}
	}
	if got, want := wire.V30().FilingPasswordHash("abc"), "900150983cd24fb0d6963f7d28e17f72"; got != want {
		t.Errorf("filing password hash = %s", got)
	}
}

func TestIPv4(t *testing.T) {
	t.Parallel()
	for text, n := range map[string]int64{"0.0.0.1": 1, "1.2.3.4": 16909060, "255.255.255.255": 4294967295} {
		if got := must[int64](t)(wire.IPv4Number(text)); got != n || wire.IPv4Text(n) != text {
			t.Errorf("%s: %d, back %s", text, got, wire.IPv4Text(n))
		}
	}
	for _, text := range []string{"", "1.2.3", "256.1.1.1", "0.0.0.0", "2001:db8::1", "1.2.3.4/24"} {
		if _, err := wire.IPv4Number(text); !errors.Is(err, icp.ErrInvalid) {
			t.Errorf("%q: err = %v", text, err)
		}
	}
	if wire.IPv4Text(-1) != "" || wire.IPv4Text(1<<32) != "" {
		t.Error("numbers beyond 32 bits have a text")
	}
}

func sealBytes(packed []byte) wire.Sealed {
	sum := md5.Sum(packed)
	return wire.Sealed{BeianInfo: base64.StdEncoding.EncodeToString(packed), BeianInfoHash: base64.StdEncoding.EncodeToString(sum[:])}
}

func zipOf(t *testing.T, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range names {
		if _, err := z.Create(n); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
