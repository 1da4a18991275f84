package wire

import (
	"bytes"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"testing/iotest"
)

// addGolden takes the small golden files of a folder as seeds.
func addGolden(f *testing.F, dir string) {
	f.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.xml"))
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds in %s, %v", dir, err)
	}
	for _, file := range files {
		if b := must(os.ReadFile(file)); len(b) < 4<<10 {
			f.Add(b)
		}
	}
}

// handedOut counts what a stream hands out of a document: records, and elements
// without a type in containers.
func handedOut(v reflect.Value) (n int) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		switch {
		case f.Type == reflect.TypeFor[[]Raw]() || elementOf(f) != "" && isRecords(f):
			n += v.Field(i).Len()
		case elementOf(f) != "":
			if below, ok := container(v.Field(i)); ok {
				n += handedOut(below)
			}
		}
	}
	return n
}

// FuzzStream holds the streaming reader against the other one.
func FuzzStream(f *testing.F) {
	addGolden(f, "testdata/download")
	f.Add([]byte(mixed))
	f.Add([]byte("<DownloadData><ICP><BASJ><Baxx>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, want := DecodeDownload(b)
		n := 0
		done, err := Stream(t.Context(), iotest.HalfReader(bytes.NewReader(b)), func(r Record) error {
			if n++; r.Value == nil || r.Number != int64(n) {
				t.Errorf("record %+v", r)
			}
			return nil
		}, StreamOptions{MaxRecord: math.MaxInt64 / 2})
		if done.Records != int64(n) || done.Bytes > int64(len(b)) {
			t.Errorf("%d records of %d bytes, told %+v", n, len(b), done)
		}
		if (err == nil) != (want == nil) {
			t.Fatalf("streamed: %v, at once: %v", err, want)
		}
		if err == nil && n != handedOut(reflect.ValueOf(d)) {
			t.Errorf("%d records, at once %d", n, handedOut(reflect.ValueOf(d)))
		}
	})
}

// FuzzOpenStream holds the streaming envelope against the other one.
func FuzzOpenStream(f *testing.F) {
	p := sealing()
	p.MaxOpened = 1 << 16
	for _, document := range []string{"", "<DownloadData/>"} {
		packed := must(pack("a.xml", []byte(document)))
		f.Add(packed, false)
		f.Add(must(p.encrypt(packed)), true)
	}
	f.Add([]byte("PK\x05\x06"), false)
	f.Fuzz(func(t *testing.T, packed []byte, encrypted bool) {
		s := sealPacked(t, sealing(), packed)
		if encrypted {
			s.EncryptAlgorithm = EncryptAES
			if plain, err := p.decrypt(packed); err == nil {
				s.BeianInfoHash = p.hashText(plain)
			}
		}
		got, err := opened(p, s, func(r io.Reader) io.Reader { return r })
		if int64(len(got)) > p.MaxOpened {
			t.Errorf("%d bytes came out", len(got))
		}
		if err != nil {
			return // one reads the list of entries first, the other the entry: they may refuse different files
		}
		want, err := p.Open(s)
		if err == nil && !bytes.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}
