package wire

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
)

// bomb packs so many zeros under a name, which become next to nothing.
func bomb(zeros int, names ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	for _, name := range names {
		w := must(z.Create(name))
		must(w.Write(make([]byte, zeros)))
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// FuzzOpenPacked lets any archive come in an envelope whose hash is right, so
// that it gets as far as the zip: bombs, archives in archives, several entries,
// sizes that lie.
func FuzzOpenPacked(f *testing.F) {
	f.Add(must(pack("a.xml", []byte("<DownloadData/>"))))
	f.Add(bomb(1<<20, "a.xml"))
	f.Add(bomb(10, "a.xml", "b.xml"))
	f.Add(must(pack("a.zip", bomb(1<<20, "a.xml"))))
	lying := bomb(1<<20, "a.xml")
	for _, at := range []int{22, len(lying) - 22 - 46 - len("a.xml") + 24} { // the size before packing, at both places
		copy(lying[at:], []byte{10, 0, 0, 0})
	}
	f.Add(lying)
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, packed []byte) {
		p := sealing()
		p.MaxOpened = 1 << 16
		b, err := p.Open(sealPacked(t, sealing(), packed))
		if int64(len(b)) > p.MaxOpened || err != nil && len(b) > 0 {
			t.Errorf("%d bytes came out, %v", len(b), err)
		}
	})
}

// FuzzEntities puts any document type before any content, and any depth around
// it. What is read is never more than what came.
func FuzzEntities(f *testing.F) {
	f.Add(`<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">`, "&b;&b;", 1)
	f.Add(`<!ENTITY % p SYSTEM "file:///etc/hostname">%p;`, "&p;", 1)
	f.Add(`<!ENTITY x SYSTEM "http://127.0.0.1:1/">`, "&x;", 3)
	f.Add("", "&#65536;&#0;&lt;", 200)
	f.Fuzz(func(t *testing.T, dtd, content string, depth int) {
		depth = min(max(depth, 0), 500)
		document := fmt.Sprintf("<!DOCTYPE d [%s]><DownloadData><ICP><XGTZ><Tzxx>%s<Tznr>%s</Tznr>%s</Tzxx></XGTZ></ICP></DownloadData>",
			dtd, strings.Repeat("<a>", depth), content, strings.Repeat("</a>", depth))
		d, err := DecodeDownload([]byte(document))
		if err != nil {
			return
		}
		if n := textOf(reflect.ValueOf(d)); n > 4*len(document) { // a wrong byte becomes three, an element in Raw stands once more
			t.Errorf("%d bytes of text out of %d", n, len(document))
		}
	})
}

// textOf counts the bytes of all texts in a value.
func textOf(v reflect.Value) (n int) {
	switch v.Kind() { //nolint:exhaustive // the others hold no text
	case reflect.String:
		return v.Len()
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return textOf(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			n += textOf(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			n += textOf(v.Field(i))
		}
	}
	return n
}

// FuzzEveryReply reads any text as the reply of each method.
func FuzzEveryReply(f *testing.F) {
	f.Add(`<return><msg_code>0</msg_code><msg/><fileInfos><dataSequence>9223372036854775808</dataSequence><beianInfo>A</beianInfo></fileInfos></return>`)
	f.Add(`<return><msg_code>0</msg_code><StatusInfo><Cxtjlx>0</Cxtjlx><Bazt>0</Bazt></StatusInfo><VerifyRes>0</VerifyRes></return>`)
	f.Add(`<!DOCTYPE r [<!ENTITY a "0">]><return><msg_code>&a;</msg_code></return>`)
	f.Add(`<return><msg_code>14</msg_code><dataSequences>` + strings.Repeat("<dataSequence>1</dataSequence>", 50) + `</dataSequences></return>`)
	f.Fuzz(func(t *testing.T, s string) {
		readAs(t, s, &UploadReply{})
		readAs(t, s, &DownloadReply{})
		readAs(t, s, &AckReply{})
		readAs(t, s, &PreviousUploadReply{})
		readAs(t, s, &StatusReply{})
		readAs(t, s, &VerifyReply{})
	})
}

func readAs[R AnyReply](t *testing.T, s string, into R) {
	t.Helper()
	if err := DecodeReply(s, into); err != nil {
		return
	}
	if !strings.Contains(s, "msg_code") {
		t.Errorf("a reply out of nothing: %+v", into)
	}
	if n := textOf(reflect.ValueOf(into)); n > 8*len(s) { // Text keeps it whole, elements may stand in Raw once more
		t.Errorf("%d bytes of text out of %d", n, len(s))
	}
}
