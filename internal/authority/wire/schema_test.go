package wire

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/openbeian/beian/internal/authority/wire/wiretest"
)

var levels = []level{minimal, maximal, bounds}

func TestEveryKindOfUploadIsValidAndReadBack(t *testing.T) {
	t.Parallel()
	p := V30()
	var names []string
	var documents [][]byte
	for _, way := range lists(reflect.TypeFor[UploadData]()) {
		for _, l := range levels {
			name := way + " " + l.String()
			want := generate(l).uploadWith(way)
			b, err := p.Encode(*want)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got, err := DecodeUpload(b)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if want.XMLName = got.XMLName; !reflect.DeepEqual(&got, want) {
				t.Errorf("%s: got %+v\nwant %+v", name, got, want)
			}
			if again, err := p.Encode(got); err != nil || !bytes.Equal(again, b) {
				t.Errorf("%s: written again it is another document, %v", name, err)
			}
			names, documents = append(names, name), append(documents, b)
		}
	}
	for i, valid := range wiretest.Verdicts(t, wiretest.UploadSchema, documents) {
		if !valid {
			t.Errorf("%s is not valid:\n%s", names[i], indented(t, documents[i]))
		}
	}
}

func TestEveryKindOfDownloadIsValidAndReadFieldByField(t *testing.T) {
	t.Parallel()
	p := V30()
	var names []string
	var documents [][]byte
	for _, way := range lists(reflect.TypeFor[DownloadData]()) {
		for _, l := range levels {
			name := way + " " + l.String()
			want := generate(l).downloadWith(way)
			if faults := p.CheckDownload(want); len(faults) > 0 {
				t.Errorf("%s: %v", name, faults)
			}
			b, err := p.EncodeDownload(*want)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got, err := DecodeDownload(b)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if want.XMLName = got.XMLName; !reflect.DeepEqual(&got, want) {
				t.Errorf("%s: got %+v\nwant %+v", name, got, want)
			}
			names, documents = append(names, name), append(documents, b)
		}
	}
	for i, valid := range wiretest.Verdicts(t, wiretest.DownloadSchema, documents) {
		if !valid {
			t.Errorf("%s is not valid:\n%s", names[i], indented(t, documents[i]))
		}
	}
}

// xsd is as much of a schema as the coverage needs.
type xsd struct {
	Elements []xsdElement `xml:"element"`
	Others   []xsdOther   `xml:",any"`
}

type xsdElement struct {
	Name     string `xml:"name,attr"`
	Sequence *xsd   `xml:"complexType>sequence"`
	All      *xsd   `xml:"complexType>all"`
	Choice   *xsd   `xml:"complexType>choice"`
}

type xsdOther struct{ XMLName xml.Name }

func readSchema(t *testing.T, name string) map[string]bool {
	t.Helper()
	b, err := os.ReadFile(wiretest.Schema(t, name))
	if err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(bytes.NewReader(b))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) {
		return simplifiedchinese.GB18030.NewDecoder().Reader(r), nil
	}
	var s xsd
	if err := d.Decode(&s); err != nil {
		t.Fatal(err)
	}
	paths := map[string]bool{}
	var walk func([]xsdElement, string)
	walk = func(list []xsdElement, path string) {
		for _, e := range list {
			at := path + "/" + e.Name
			paths[at] = true
			for _, g := range []*xsd{e.Sequence, e.All, e.Choice} {
				if g == nil {
					continue
				}
				if len(g.Others) > 0 {
					t.Errorf("%s has more than elements: %v", at, g.Others)
				}
				walk(g.Elements, at)
			}
		}
	}
	walk(s.Elements, "")
	return paths
}

// elementPaths gives the paths of all elements of a document.
func elementPaths(t *testing.T, document []byte, into map[string]bool) {
	t.Helper()
	d := newDecoder(textReader(bytes.NewReader(document)))
	var path []string
	for {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			path = append(path, token.Name.Local)
			into["/"+strings.Join(path, "/")] = true
		case xml.EndElement:
			path = path[:len(path)-1]
		}
	}
}

func TestTheTypesHaveEveryElementOfTheSchemas(t *testing.T) {
	t.Parallel()
	p := V30()
	up, down := map[string]bool{}, map[string]bool{}
	for _, way := range lists(reflect.TypeFor[UploadData]()) {
		b, err := p.Encode(*generate(maximal).uploadWith(way))
		if err != nil {
			t.Fatal(err)
		}
		elementPaths(t, b, up)
	}
	for _, way := range lists(reflect.TypeFor[DownloadData]()) {
		b, err := p.EncodeDownload(*generate(maximal).downloadWith(way))
		if err != nil {
			t.Fatal(err)
		}
		elementPaths(t, b, down)
	}
	for name, have := range map[string]map[string]bool{wiretest.UploadSchema: up, wiretest.DownloadSchema: down} {
		want := readSchema(t, name)
		if len(want) < 400 {
			t.Fatalf("%s has %d elements only: is it read right?", name, len(want))
		}
		for path := range want {
			if !have[path] {
				t.Errorf("%s has %s, the types have not", name, path)
			}
		}
		for path := range have {
			if !want[path] {
				t.Errorf("the types have %s, %s has not", path, name)
			}
		}
	}
}
