package wire_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/authority/wire"
)

// addFiles takes the small golden files of a folder as seeds; mutations of large
// ones take too long.
func addFiles(f *testing.F, dir string) {
	f.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.xml"))
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds in %s, %v", dir, err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		if len(b) < 4<<10 {
			f.Add(b)
		}
	}
}

func FuzzDecodeDownload(f *testing.F) {
	addFiles(f, "testdata/download")
	f.Add([]byte(results))
	f.Add([]byte("<DownloadData><ICP><BAJG><Jg_xx><Jgxx>"))
	f.Add([]byte(baseCodes))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := wire.DecodeDownload(b)
		if err != nil {
			return
		}
		p := wire.V30()
		p.CodePage = wire.GB18030
		again, err := p.EncodeDownload(d)
		if err != nil {
			t.Skip() // unknown elements with names that only a reader takes
		}
		if _, err := wire.DecodeDownload(again); err != nil {
			t.Errorf("what was read and written cannot be read: %v\n%s", err, again)
		}
	})
}

func FuzzDecodeUpload(f *testing.F) {
	b, err := wire.V30().Encode(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	addFiles(f, "testdata/upload")
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := wire.DecodeUpload(b)
		if err != nil {
			return
		}
		p := wire.V30()
		p.CodePage = wire.GB18030
		document, err := p.Encode(d)
		if (err == nil) != (len(p.Check(&d)) == 0) {
			t.Fatalf("Check and Encode disagree: %v, %v", err, p.Check(&d))
		}
		if err != nil {
			return
		}
		got, err := wire.DecodeUpload(document)
		if d.Version = p.Version; err != nil || !reflect.DeepEqual(got, d) {
			t.Errorf("what was written is read as %+v, %v\nwant %+v", got, err, d)
		}
	})
}

func FuzzDecodeReply(f *testing.F) {
	f.Add(`<return><msg_code>14</msg_code><dataSequences><dataSequence>3</dataSequence></dataSequences></return>`)
	f.Fuzz(func(t *testing.T, s string) {
		var r wire.DownloadReply
		if err := wire.DecodeReply(s, &r); err == nil && !strings.Contains(s, "msg_code") {
			t.Errorf("a reply out of nothing: %+v", r)
		}
	})
}

func FuzzOpen(f *testing.F) {
	f.Add("UEsDBA==", "AA==", 0)
	f.Fuzz(func(t *testing.T, info, hash string, cipher int) {
		p := wire.V30()
		p.Key, p.IV, p.MaxOpened = "0123456789abcdef", "fedcba9876543210", 1<<16
		b, err := p.Open(wire.Sealed{BeianInfo: info, BeianInfoHash: hash, EncryptAlgorithm: cipher})
		if err == nil && int64(len(b)) > p.MaxOpened {
			t.Errorf("%d bytes came out", len(b))
		}
	})
}
