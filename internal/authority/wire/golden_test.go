package wire

import (
	"bytes"
	"encoding/xml"
	"flag"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares a document with testdata/NAME.xml, where it stands as indented
// UTF-8 for people to read; the real bytes are in the profile's code page and on
// one line.
func golden(t *testing.T, name string, document []byte) {
	t.Helper()
	file := filepath.Join("testdata", name+".xml")
	got := indented(t, document)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the document is not that of %s; read the difference after a run with -update", file)
	}
}

func indented(t *testing.T, document []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	e := xml.NewEncoder(&out)
	e.Indent("", "  ")
	d := newDecoder(textReader(bytes.NewReader(document)))
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := token.(xml.ProcInst); ok || isBlank(token) {
			continue
		}
		if err := e.EncodeToken(token); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Flush(); err != nil {
		t.Fatal(err)
	}
	return append(out.Bytes(), '\n')
}

func isBlank(t xml.Token) bool {
	text, ok := t.(xml.CharData)
	return ok && len(bytes.TrimSpace(text)) == 0
}

// operations groups the lists of records by the part and operation they are in.
func operations(t reflect.Type) []string {
	var out []string
	for _, way := range lists(t) {
		n := 2
		if strings.HasPrefix(way, "JCDM/") {
			n = 1
		}
		op := strings.Join(strings.SplitN(way, "/", n+1)[:n], "/")
		if len(out) == 0 || out[len(out)-1] != op {
			out = append(out, op)
		}
	}
	return out
}

// onePerList gives a document with one record in each list of an operation.
func onePerList(root reflect.Value, op string) {
	for _, way := range lists(root.Type()) {
		if !strings.HasPrefix(way, op+"/") {
			continue
		}
		g := generate(readable)
		g.along(root, strings.Split(way, "/"))
	}
}

func TestUploadsAreTheGoldenFiles(t *testing.T) {
	t.Parallel()
	for _, op := range operations(reflect.TypeFor[UploadData]()) {
		t.Run(op, func(t *testing.T) {
			t.Parallel()
			var d UploadData
			onePerList(reflect.ValueOf(&d).Elem(), op)
			b, err := V30().Encode(d)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "upload/"+strings.ToLower(strings.ReplaceAll(op, "/", "-")), b)
		})
	}
}

func TestDownloadsAreTheGoldenFiles(t *testing.T) {
	t.Parallel()
	for _, op := range operations(reflect.TypeFor[DownloadData]()) {
		t.Run(op, func(t *testing.T) {
			t.Parallel()
			d := DownloadData{Version: "V.3.0"}
			onePerList(reflect.ValueOf(&d).Elem(), op)
			b, err := V30().EncodeDownload(d)
			if err != nil {
				t.Fatal(err)
			}
			name := "download/" + strings.ToLower(strings.ReplaceAll(op, "/", "-"))
			golden(t, name, b)
			read, err := os.ReadFile("testdata/" + name + ".xml")
			if err != nil {
				t.Fatal(err)
			}
			got, err := DecodeDownload(read)
			if d.XMLName = got.XMLName; err != nil || !reflect.DeepEqual(got, d) {
				t.Errorf("the golden file is read as %+v, %v\nwant %+v", got, err, d)
			}
		})
	}
}
