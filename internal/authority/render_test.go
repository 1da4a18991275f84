package authority

import (
	"bytes"
	"encoding/xml"
	"errors"
	"html"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/openbeian/beian/internal/authority/wire"
)

// personalNames has the elements of the interface that may tell something of a
// person. What is neither here nor shown must not exist.
var personalNames = nameSet(`Dwmc Tzr Xxdz Zjhm Zjzs Fzr_xm Fzr_dhhm Fzr_sjhm Fzr_dzyj Fzr_zjhm Msn Qq Shrxm Shr_dhhm sjhm Hsrxm Sbrxm Sbrdh
	Sbrdzyj Lxrxm Lxrdh Lxrdzyj Ly_dwmc Dzyj Sjhm Zcr_mc Zcr_zz Zcr_txdz Zcr_dzyj Zcr_dhhm Gly_mz Gly_zz Gly_dz Gly_dzyj Gly_dh
	Jfr_mz Jfr_zz Jfr_dz Jfr_dzyj Jfr_dh Wgdz Bz Wz_Bz Zxlybz Zslj`)

// golden gives the documents of the wire package by file.
func golden(t *testing.T) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := filepath.WalkDir("wire/testdata", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" {
			return err
		}
		out[path], err = os.ReadFile(path)
		return err
	})
	if err != nil || len(out) < 30 {
		t.Fatalf("%d documents, %v", len(out), err)
	}
	return out
}

// leaves lists the texts of a document by element.
func leaves(t *testing.T, document []byte) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	d := xml.NewDecoder(wire.Text(bytes.NewReader(document)))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	element := ""
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			element = tok.Name.Local
		case xml.CharData:
			if text := string(tok); strings.TrimSpace(text) != "" {
				out[element] = append(out[element], text)
			}
		}
	}
}

func rendered(t *testing.T, document []byte, r renderer) (string, Inside) {
	t.Helper()
	var b strings.Builder
	r.out = &b
	if err := r.render(iotest.HalfReader(bytes.NewReader(document))); err != nil {
		t.Fatal(err)
	}
	return b.String(), r.found
}

func TestNothingPersonalOfAnyDocumentIsShownUnrevealed(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for path, document := range golden(t) {
		for _, indent := range []bool{true, false} {
			text, found := rendered(t, document, renderer{indent: indent, picture: -1})
			if len(found.Unknown) > 0 {
				t.Errorf("%s: unknown %v", path, found.Unknown)
			}
			plain := html.UnescapeString(text)
			for element, values := range leaves(t, document) {
				seen[element] = true
				hidden := personalNames[element] || secret[element] || imaged[element]
				for _, v := range values {
					switch has := strings.Contains(plain, ">"+v+"<"); {
					case hidden && len([]rune(v)) > 3 && strings.Contains(plain, v):
						t.Errorf("%s shows %s %q", path, element, v)
					case hidden && has && strings.Contains(plain, "<"+element+">"+v+"</"):
						t.Errorf("%s shows %s %q", path, element, v)
					case !hidden && shown[element] && !has:
						t.Errorf("%s hides %s %q", path, element, v)
					}
				}
			}
		}
	}
	for _, element := range []string{"Fzr_zjhm", "ICPmm", "Fjnr", "Lxrdh", "Gly_mz"} {
		if !seen[element] {
			t.Errorf("no document has %s: nothing was tried", element)
		}
	}
}

func TestEveryElementIsEitherShownOrPersonal(t *testing.T) {
	t.Parallel()
	sets := map[string]map[string]bool{"shown": shown, "their words": theirWords, "secret": secret, "imaged": imaged, "personal": personalNames}
	for path, document := range golden(t) {
		for element := range leaves(t, document) {
			var in []string
			for _, name := range slices.Sorted(maps.Keys(sets)) {
				if sets[name][element] {
					in = append(in, name)
				}
			}
			if len(in) != 1 {
				t.Errorf("%s of %s is in %v, want one", element, path, in)
			}
		}
	}
	for name, set := range sets {
		for element := range set {
			if !known(element) {
				t.Errorf("%s is %s and no element of the interface", element, name)
			}
		}
	}
}

func TestRevealedDocumentsAreWholeButForPicturesAndSecrets(t *testing.T) {
	t.Parallel()
	for path, document := range golden(t) {
		text, _ := rendered(t, document, renderer{reveal: true, indent: true, picture: -1})
		plain := html.UnescapeString(text)
		for element, values := range leaves(t, document) {
			for _, v := range values {
				if has := strings.Contains(plain, ">"+v+"<"); has == (secret[element] || imaged[element]) && len(v) > 3 {
					t.Errorf("%s: %s %q shown %v", path, element, v, has)
				}
			}
		}
	}
}

func TestStrangeTextsAreMasked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"an unknown element":       {`<A><Neu>周明远 13800138000</Neu></A>`, `<A><Neu>周********</Neu></A>`},
		"a text between elements":  {`<ICP>周明远<Id>7</Id></ICP>`, `<ICP>周**<Id>7</Id></ICP>`},
		"a comment":                {`<ICP><!-- 周明远 > --><Id>7</Id></ICP>`, `<ICP><Id>7</Id></ICP>`},
		"a definition":             {`<!DOCTYPE x [<!ENTITY a "周明远">]><ICP><Id>7</Id></ICP>`, `<ICP><Id>7</Id></ICP>`},
		"an attribute":             {`<ICP version="V.3.0" name='周明远 > 1'><Id>7</Id></ICP>`, `<ICP version="V.3.0" name="***"><Id>7</Id></ICP>`},
		"a prefix":                 {`<n:ICP xmlns:n="u"><n:Fzr_xm>周明远</n:Fzr_xm></n:ICP>`, `<n:ICP xmlns:n="u"><n:Fzr_xm>周**</n:Fzr_xm></n:ICP>`},
		"CDATA":                    {`<Fzr_xm><![CDATA[周<明>远]]></Fzr_xm>`, `<Fzr_xm>周****</Fzr_xm>`},
		"references for letters":   {`<Fzr_xm>&#21608;明&amp;</Fzr_xm>`, `<Fzr_xm>周**</Fzr_xm>`},
		"a number in an opinion":   {`<Shyj>电话138 0013 8000打不通，邮箱zhou@example.cn也不对</Shyj>`, `<Shyj>电话1********打不通，邮箱z********也不对</Shyj>`},
		"a hidden number":          {`<Shyj>&#49;&#51;800138000 &lt;x&gt;</Shyj>`, `<Shyj>1******** &lt;x&gt;</Shyj>`},
		"a filing password's hash": {`<ICPmm>d41d8cd98f00b204e9800998ecf842</ICPmm>`, `<ICPmm>***</ICPmm>`},
		"a picture":                {`<Fjnr>/9hzaGVldA==</Fjnr>`, `<Fjnr>(9)</Fjnr>`},
		"an empty element":         {`<ICP><Fzr_xm/><Id></Id></ICP>`, `<ICP><Fzr_xm/><Id></Id></ICP>`},
	} {
		if got, _ := rendered(t, []byte(c.in), renderer{picture: -1}); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

func TestDocumentsAreLaidOut(t *testing.T) {
	t.Parallel()
	got, found := rendered(t, []byte(`<?xml version="1.0"?><ICP><Neu/><Id>7</Id><Fj><Fjnr>QUJD</Fjnr></Fj></ICP>`), renderer{indent: true, picture: -1})
	if want := "<?xml version=\"1.0\"?>\n<ICP>\n  <Neu/>\n  <Id>7</Id>\n  <Fj>\n    <Fjnr>(3)</Fjnr>\n  </Fj>\n</ICP>"; got != want {
		t.Errorf("laid out\n%s", got)
	}
	if !slices.Equal(found.Unknown, []string{"/ICP/Neu"}) || !slices.Equal(found.Pictures, []Picture{{"/ICP/Fj/Fjnr", 3}}) {
		t.Errorf("found %+v", found)
	}
}

func TestBrokenDocumentsAreRefusedNotShown(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"<ICP></ICP></ICP>", "<ICP><", "<>", strings.Repeat("<a>", depthLimit+1), "<a " + strings.Repeat("x", tagLimit)} {
		r := renderer{out: io.Discard, picture: -1}
		if err := r.render(strings.NewReader(text)); !errors.Is(err, errBroken) {
			t.Errorf("%.20s: %v", text, err)
		}
	}
}

func TestPagesOfATextFitTogether(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("备案abc", 50)
	for limit := 4; limit < 40; limit += 5 {
		whole := ""
		for offset := int64(0); ; {
			w := &window{skip: offset, room: limit}
			_, err := io.Copy(w, iotest.OneByteReader(strings.NewReader(text)))
			p := w.piece(offset, errors.Is(err, errFull))
			whole += p.Text
			if p.Next == 0 {
				break
			}
			offset = p.Next
		}
		if whole != text {
			t.Errorf("pages of %d give %q", limit, whole)
		}
	}
}

func FuzzRender(f *testing.F) {
	f.Add([]byte(`<ICP><Fzr_xm>周明远</Fzr_xm></ICP>`))
	f.Add([]byte(`<!DOCTYPE a [<!ENTITY x "y">]><a b='c>'><![CDATA[]]></a>`))
	f.Fuzz(func(t *testing.T, document []byte) {
		const mark = "机密机密机密"
		document = append([]byte("<Fzr_xm>"+mark+"</Fzr_xm>"), document...)
		var b strings.Builder
		r := renderer{out: &b, picture: -1, indent: true}
		if err := r.render(bytes.NewReader(document)); strings.Contains(b.String(), mark) {
			t.Errorf("shown: %s, %v", b.String(), err)
		}
	})
}
