package demo

import (
	"bytes"
	"image"
	_ "image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/imaging"
)

// TestSpecimensAreTakenByThePlatform draws one of each kind of paper: the
// platform takes the file, and no two are the same.
func TestSpecimensAreTakenByThePlatform(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, s := range Samples() {
		papers := []icp.MaterialKind{icp.MaterialPrincipalFront}
		if !s.IsIndividual() {
			papers = append(papers, icp.MaterialSubjectCertificate)
		}
		if s.Story == "waiting" {
			papers = append(papers, icp.MaterialPrincipalBack, icp.MaterialTradeLicence)
		}
		for _, kind := range papers {
			picture, err := s.specimen(kind, 0).jpeg()
			if err != nil {
				t.Fatalf("%s %s: %v", s.Login, kind, err)
			}
			if info, err := imaging.Inspect(picture, imaging.DefaultLimits()); err != nil || len(info.Warnings) > 0 {
				t.Errorf("%s %s: %v %+v", s.Login, kind, err, info)
			}
			if other := seen[string(picture)]; other != "" {
				t.Errorf("%s shows the same %s as %s", s.Login, kind, other)
			}
			seen[string(picture)] = s.Login
			if folder := os.Getenv("DEMO_PICTURES"); folder != "" {
				_ = os.WriteFile(filepath.Join(folder, s.Login+"-"+string(kind)+".jpg"), picture, 0o600)
			}
		}
	}
}

// TestSpecimensAreMarked looks for the red of the word across a specimen, where
// nothing else is red.
func TestSpecimensAreMarked(t *testing.T) {
	t.Parallel()
	s := Samples()[0]
	picture, err := s.specimen(icp.MaterialSubjectCertificate, 0).jpeg()
	if err != nil {
		t.Fatal(err)
	}
	img, _, err := image.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	red, b := 0, img.Bounds()
	for y := range b.Dy() {
		for x := range b.Dx() {
			if r, g, _, _ := img.At(x, y).RGBA(); r > g+0x2000 {
				red++
			}
		}
	}
	if red < b.Dx()*b.Dy()/100 {
		t.Errorf("%d of %d pixels are red: too few for a word across", red, b.Dx()*b.Dy())
	}
}

// TestWithoutAChineseTypefaceSpecimensAreStillDrawn: a machine may have none.
func TestWithoutAChineseTypefaceSpecimensAreStillDrawn(t *testing.T) {
	t.Parallel()
	if f := openTypeface([]string{filepath.Join(t.TempDir(), "none.ttc")}); f != nil {
		t.Error("a typeface out of nothing")
	}
	broken := filepath.Join(t.TempDir(), "broken.ttc")
	if err := os.WriteFile(broken, []byte("no typeface"), 0o600); err != nil {
		t.Fatal(err)
	}
	if f := openTypeface([]string{broken}); f != nil {
		t.Error("a typeface out of a broken file")
	}
	latin, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	f := &face{font: latin, known: map[rune]*glyph{}}
	for _, r := range "S证9" {
		if g := f.glyph(r); g.advance <= 0 || len(g.segments) == 0 {
			t.Errorf("%q is not drawn", r)
		}
	}
}
