package imaging

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"slices"
	"testing"

	"github.com/openbeian/beian/internal/icp"
)

func codeOf(err error) string {
	var e *icp.Error
	if errors.As(err, &e) && e.Kind == icp.Invalid {
		return e.Code
	}
	return fmt.Sprint(err)
}

func TestInspectTellsWhatAPictureIs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		data []byte
		want Info
	}{
		"jpeg":               {jpegOf(t, scene(40, 30, 0), 80), Info{Format: JPEG, Width: 40, Height: 30, Orientation: 1}},
		"jpeg with exif":     {withSegments(jpegOf(t, scene(40, 30, 0), 80), exif(6)), Info{Format: JPEG, Width: 40, Height: 30, Orientation: 6, Metadata: true}},
		"png":                {pngOf(t, scene(40, 30, 0)), Info{Format: PNG, Width: 40, Height: 30, Orientation: 1}},
		"png with exif":      {withChunks(pngOf(t, scene(40, 30, 0)), chunk("eXIf", string(tiff(binary.BigEndian, 8)))), Info{Format: PNG, Width: 40, Height: 30, Orientation: 8, Metadata: true}},
		"gif":                {gifOf(t, 40, 30, 1), Info{Format: GIF, Width: 40, Height: 30, Orientation: 1}},
		"moving gif":         {gifOf(t, 40, 30, 3), Info{Format: GIF, Width: 40, Height: 30, Orientation: 1}},
		"bytes after a jpeg": {append(jpegOf(t, scene(40, 30, 0), 80), "a film"...), Info{Format: JPEG, Width: 40, Height: 30, Orientation: 1, Metadata: true}},
	} {
		for _, skip := range []bool{false, true} {
			limits := loose()
			limits.SkipDecode = skip
			got, err := Inspect(c.data, limits)
			c.want.Bytes = int64(len(c.data))
			if err != nil || fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("%s (skip %v) = %+v, %v; want %+v", name, skip, got, err, c.want)
			}
		}
	}
}

func TestInspectRefuses(t *testing.T) {
	t.Parallel()
	whole := jpegOf(t, scene(64, 64, 40), 90)
	bomb := bytes.Clone(pngOf(t, scene(4, 4, 0)))
	copy(bomb[8:], chunk("IHDR", "\x00\x00\x4e\x20\x00\x00\x4e\x20\x08\x02\x00\x00\x00"))
	badCRC := bytes.Clone(pngOf(t, scene(4, 4, 0)))
	badCRC[len(badCRC)-20] ^= 1
	ftyp := func(brand string) []byte {
		return []byte("\x00\x00\x00\x18ftyp" + brand + "\x00\x00\x00\x00" + brand + "mif1")
	}
	for name, c := range map[string]struct {
		data []byte
		code string
	}{
		"nothing":                        {nil, "empty"},
		"a PDF, by name":                 {[]byte("%PDF-1.7\n%...."), "type.pdf"},
		"a phone's HEIC, by name":        {ftyp("heic"), "type.heic"},
		"an AVIF, by name":               {ftyp("avif"), "type.avif"},
		"a WEBP, by name":                {[]byte("RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00\x00\x00"), "type.webp"},
		"a BMP, by name":                 {append([]byte("BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00"), make([]byte, 60)...), "type.bmp"},
		"a TIFF, by name":                {append([]byte("II*\x00\x08\x00\x00\x00"), make([]byte, 20)...), "type.tiff"},
		"an SVG, which can run scripts":  {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"></svg>`), "type.svg"},
		"a film":                         {ftyp("isom"), "type.video"},
		"a web page":                     {[]byte("<!DOCTYPE html><html>"), "type.web_page"},
		"an archive":                     {[]byte("PK\x03\x04\x14\x00\x00\x00\x08\x00"), "type.archive"},
		"plain text":                     {[]byte("hello"), "type"},
		"a cut JPEG":                     {whole[:len(whole)*2/3], "broken"},
		"a JPEG without its last marker": {whole[:len(whole)-2], "broken"},
		"a cut PNG":                      {pngOf(t, scene(64, 64, 40))[:2000], "broken"},
		"a PNG with a wrong checksum":    {badCRC, "broken"},
		"a cut GIF":                      {gifOf(t, 64, 64, 2)[:300], "broken"},
		"a pixel bomb":                   {bomb, "side"},
		"too many pixels":                {jpegOf(t, image.NewGray(image.Rect(0, 0, 2100, 2000)), 50), "pixels"},
	} {
		for _, skip := range []bool{false, true} {
			limits := loose()
			limits.SkipDecode = skip
			if _, err := Inspect(c.data, limits); codeOf(err) != "material.file."+c.code {
				t.Errorf("%s (skip %v): %v, want %s", name, skip, err, c.code)
			}
		}
	}
}

func TestSizeLimitsAreToldApart(t *testing.T) {
	t.Parallel()
	data := jpegOf(t, scene(64, 64, 0), 80)
	n := int64(len(data))
	for name, c := range map[string]struct {
		min, max int64
		code     string
	}{
		"too small": {n + 1, n + 2, "material.file.too_small"},
		"too large": {0, n - 1, "material.file.too_large"},
		"just fits": {n, n, "<nil>"},
	} {
		limits := loose()
		limits.MinBytes, limits.MaxBytes = c.min, c.max
		if _, err := Inspect(data, limits); codeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	for bytes, want := range map[int64]string{12: "12 B", 200 << 10: "200 KB", 150<<10 + 1000: "150 KB", 8 << 20: "8 MB", 9<<20 + 1<<19: "9.5 MB"} {
		if got := sizeText(bytes); got != want {
			t.Errorf("sizeText(%d) = %q, want %q", bytes, got, want)
		}
	}
}

func TestSmallPictureIsAWarning(t *testing.T) {
	t.Parallel()
	limits := loose()
	limits.MinSide = 41
	got, err := Inspect(jpegOf(t, scene(40, 30, 0), 80), limits)
	if err != nil || len(got.Warnings) != 1 || got.Warnings[0].Code != "material.file.small_picture" {
		t.Errorf("warnings = %v, %v", got.Warnings, err)
	}
}

func TestDamageInsideThePictureNeedsTheDecode(t *testing.T) {
	t.Parallel()
	data := jpegOf(t, scene(64, 64, 40), 90)
	damaged := slices.Concat(data[:len(data)/2], data[len(data)-2:]) // half the scan, then the end marker
	if _, err := Inspect(damaged, loose()); codeOf(err) != "material.file.broken" {
		t.Errorf("with decode: %v, want broken", err)
	}
	limits := loose()
	limits.SkipDecode = true
	if _, err := Inspect(damaged, limits); err != nil {
		t.Errorf("without decode: %v; the doc of SkipDecode says otherwise", err)
	}
}

func TestNormalizeDropsMetadataWithoutTouchingPixels(t *testing.T) {
	t.Parallel()
	jpg := jpegOf(t, scene(40, 30, 20), 80)
	icc := segment(0xE2, "ICC_PROFILE\x00\x01\x01profile")
	adobe := segment(0xEE, "Adobe\x00\x64\x00\x00\x00\x00\x01")
	pic := pngOf(t, scene(40, 30, 20))
	gama := chunk("gAMA", "\x00\x00\xb1\x8f")
	plain := gifOf(t, 40, 30, 2)
	head := 13 + colorTable(plain[10])
	for name, c := range map[string]struct{ in, want []byte }{
		"a clean JPEG stays as it is": {jpg, jpg},
		"JPEG": {
			append(withSegments(jpg, segment(0xE0, "JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"), exif(1),
				segment(0xE1, "http://ns.adobe.com/xap/1.0/\x00SECRET"), icc, segment(0xE2, "MPF\x00SECRET"), adobe,
				segment(0xED, "Photoshop 3.0\x00SECRET"), segment(0xFE, "SECRET")), "SECRET"...),
			withSegments(jpg, segment(0xE0, "JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"), icc, adobe),
		},
		"a clean PNG stays as it is": {pic, pic},
		"PNG": {
			append(withChunks(pic, gama, chunk("tEXt", "SECRET"), chunk("iTXt", "SECRET"), chunk("zTXt", "SECRET"),
				chunk("tIME", "SECRET1"), chunk("eXIf", string(tiff(binary.LittleEndian, 1))), chunk("prVt", "SECRET")), "SECRET"...),
			withChunks(pic, gama),
		},
		"a clean GIF stays as it is": {plain, plain},
		"GIF": {
			append(slices.Concat(plain[:head], []byte("\x21\xfe\x06SECRET\x00"), []byte("\x21\xff\x0bXMP DataXMP\x06SECRET\x00"), plain[head:]), "SECRET"...),
			plain,
		},
	} {
		for _, skip := range []bool{false, true} {
			limits := loose()
			limits.SkipDecode = skip
			got, info, err := Normalize(c.in, limits)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if bytes.Contains(got, []byte("SECRET")) || bytes.Contains(got, []byte("PLACE")) {
				t.Errorf("%s: metadata are left", name)
			}
			if !bytes.Equal(got, c.want) {
				t.Errorf("%s: %d bytes, want %d", name, len(got), len(c.want))
			}
			if info.Bytes != int64(len(got)) || info.Metadata {
				t.Errorf("%s: info %+v", name, info)
			}
		}
	}
}

func TestNormalizeTurnsUpright(t *testing.T) {
	t.Parallel()
	// Each camera stored the same 48 × 32 scene in another way; EXIF says how.
	upright := scene(48, 32, 0)
	undo := [9]int{0, 1, 2, 3, 4, 5, 8, 7, 6}
	for o := 1; o <= 8; o++ {
		stored := turn(upright, undo[o], true)
		in := withChunks(pngOf(t, stored), chunk("eXIf", string(tiff(binary.BigEndian, o))))
		out, info, err := Normalize(in, loose())
		if err != nil {
			t.Fatalf("orientation %d: %v", o, err)
		}
		if info.Width != 48 || info.Height != 32 || info.Orientation != 1 || info.Metadata {
			t.Errorf("orientation %d: info %+v", o, info)
		}
		if !samePixels(decodeAny(t, out), upright) {
			t.Errorf("orientation %d is not upright", o)
		}
	}
}

func TestTurnedJPEGKeepsFormatAndLook(t *testing.T) {
	t.Parallel()
	stored := turn(scene(64, 48, 0), 8, false)
	for order, body := range map[string][]byte{"little": tiff(binary.LittleEndian, 6), "big": tiff(binary.BigEndian, 6)} {
		in := withSegments(jpegOf(t, stored, 95), segment(0xE1, "Exif\x00\x00"+string(body)))
		out, info, err := Normalize(in, loose())
		if err != nil || info.Format != JPEG || info.Width != 64 || info.Height != 48 {
			t.Fatalf("%s endian: %+v, %v", order, info, err)
		}
		img := decodeAny(t, out)
		// Red grows to the right and green downwards in the scene.
		left, right := color.RGBAModel.Convert(img.At(4, 4)).(color.RGBA), color.RGBAModel.Convert(img.At(60, 4)).(color.RGBA)
		low := color.RGBAModel.Convert(img.At(4, 44)).(color.RGBA)
		if right.R < left.R+150 || low.G < left.G+150 {
			t.Errorf("%s endian: corners %v %v %v", order, left, right, low)
		}
	}
}

func TestRotateTurnsClockwise(t *testing.T) {
	t.Parallel()
	img := scene(30, 20, 0)
	in := pngOf(t, img)
	for turns, o := range map[int]int{0: 1, 1: 6, 2: 3, 3: 8, 4: 1, -1: 8, 5: 6} {
		out, info, err := Rotate(in, turns)
		if err != nil || info.Format != PNG {
			t.Fatalf("%d turns: %+v, %v", turns, info, err)
		}
		if !samePixels(decodeAny(t, out), turn(img, o, true)) {
			t.Errorf("%d turns look wrong", turns)
		}
	}
	out, _, err := Rotate(in, 1)
	if err != nil {
		t.Fatal(err)
	}
	// The upper left corner (no red, no green) goes to the upper right.
	if c := color.RGBAModel.Convert(decodeAny(t, out).At(19, 0)).(color.RGBA); c.R != 0 || c.G != 0 {
		t.Errorf("upper right corner after a clockwise turn is %v", c)
	}
	if _, info, err := Rotate(gifOf(t, 20, 10, 2), 1); err != nil || info.Format != PNG || info.Width != 10 {
		t.Errorf("gif: %+v, %v", info, err)
	}
}

func TestJPEGWithinFitsAndStaysLegible(t *testing.T) {
	t.Parallel()
	noisy := scene(1600, 1200, 60)
	see := image.NewNRGBA(image.Rect(0, 0, 900, 600)) // wholly transparent
	for name, c := range map[string]struct {
		in     []byte
		budget int
	}{
		"a large JPEG":      {jpegOf(t, noisy, 95), 100 << 10},
		"a sheet":           {jpegOf(t, noisy, 95), 150 << 10},
		"a PNG":             {pngOf(t, scene(1000, 700, 0)), 100 << 10},
		"a transparent PNG": {pngOf(t, see), 100 << 10},
		"a GIF":             {gifOf(t, 300, 200, 1), 100 << 10},
		"an EXIF turn":      {withSegments(jpegOf(t, noisy, 95), exif(6)), 100 << 10},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := JPEGWithin(c.in, c.budget)
			if err != nil {
				t.Fatal(err)
			}
			limits := loose()
			info, err := Inspect(out, limits)
			if err != nil || info.Format != JPEG || info.Orientation != 1 || info.Metadata {
				t.Fatalf("%+v, %v", info, err)
			}
			was, _ := Inspect(c.in, limits)
			if len(out) > c.budget {
				t.Errorf("%d bytes, budget %d", len(out), c.budget)
			}
			if got, floor := max(info.Width, info.Height), min(legibleSide, max(was.Width, was.Height)); got < floor {
				t.Errorf("longer side %d, below %d", got, floor)
			}
			if swapped := info.Width < info.Height; swapped != (was.Orientation == 6) {
				t.Errorf("%d × %d from orientation %d", info.Width, info.Height, was.Orientation)
			}
		})
	}
	out, err := JPEGWithin(pngOf(t, see), 100<<10)
	if err != nil {
		t.Fatal(err)
	}
	if c := color.GrayModel.Convert(decodeAny(t, out).At(450, 300)).(color.Gray); c.Y < 250 {
		t.Errorf("transparent parts became %v, want white", c)
	}
}

func TestJPEGWithinKeepsWhatFits(t *testing.T) {
	t.Parallel()
	data := jpegOf(t, scene(400, 300, 0), 80)
	out, err := JPEGWithin(withSegments(data, exif(1)), 100<<10)
	if err != nil || !bytes.Equal(out, data) {
		t.Errorf("%d bytes, %v; want the same picture without metadata", len(out), err)
	}
}

func TestJPEGWithinRefusesTheIllegible(t *testing.T) {
	t.Parallel()
	_, err := JPEGWithin(jpegOf(t, scene(1600, 1200, 60), 95), 4<<10)
	if codeOf(err) != "material.file.illegible" {
		t.Errorf("err = %v", err)
	}
}

func TestGIFMovesOnAfterNormalize(t *testing.T) {
	t.Parallel()
	out, _, err := Normalize(gifOf(t, 20, 20, 3), loose())
	if err != nil {
		t.Fatal(err)
	}
	if g, err := gif.DecodeAll(bytes.NewReader(out)); err != nil || len(g.Image) != 3 {
		t.Errorf("frames: %v", err)
	}
}

func FuzzNormalize(f *testing.F) {
	small := jpegOf(f, scene(16, 16, 9), 60)
	f.Add(small)
	f.Add(withSegments(small, exif(6), segment(0xFE, "note")))
	f.Add(pngOf(f, scene(9, 7, 9)))
	f.Add(withChunks(pngOf(f, scene(9, 7, 9)), chunk("eXIf", string(tiff(binary.BigEndian, 3)))))
	f.Add(gifOf(f, 8, 8, 2))
	f.Add([]byte("%PDF-1.4"))
	limits := Limits{MaxBytes: 1 << 20, MaxPixels: 1 << 16, MaxSide: 4096}
	f.Fuzz(func(t *testing.T, data []byte) {
		out, info, err := Normalize(data, limits)
		if err != nil {
			if !errors.Is(err, icp.ErrInvalid) {
				t.Fatalf("not a refusal: %v", err)
			}
			return
		}
		again, info2, err := Normalize(out, limits)
		if err != nil {
			t.Fatalf("a normalized picture is refused: %v", err)
		}
		if !bytes.Equal(again, out) || info2.Metadata || info2.Orientation != 1 || info2.Width != info.Width {
			t.Fatalf("a second time changes it: %+v, then %+v", info, info2)
		}
	})
}

func FuzzWalk(f *testing.F) {
	f.Add(jpegOf(f, scene(16, 16, 9), 60))
	f.Add(pngOf(f, scene(9, 7, 9)))
	f.Add(gifOf(f, 8, 8, 2))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, format := range []Format{JPEG, PNG, GIF} {
			p, err := walk(format, data)
			if err != nil {
				continue
			}
			last := 0
			for _, s := range p.keep {
				if s.from < last || s.to <= s.from || s.to > len(data) {
					t.Fatalf("%s: range %v after %d of %d", format, s, last, len(data))
				}
				last = s.to
			}
			if p.orientation < 1 || p.orientation > 8 {
				t.Fatalf("orientation %d", p.orientation)
			}
		}
	})
}

// photo is like a photographed page: 1.2 megapixels, about 200 KiB.
func photo(b *testing.B) []byte {
	b.Helper()
	data := withSegments(jpegOf(b, scene(1280, 960, 22), 82), exif(1))
	b.Logf("%d KiB", len(data)>>10)
	b.SetBytes(int64(len(data)))
	return data
}

func BenchmarkNormalize(b *testing.B) {
	for name, skip := range map[string]bool{"decode": false, "skip": true} {
		b.Run(name, func(b *testing.B) {
			data, limits := photo(b), DefaultLimits()
			limits.MinBytes, limits.SkipDecode = 0, skip
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := Normalize(data, limits); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkJPEGWithin(b *testing.B) {
	data := jpegOf(b, scene(4000, 3000, 30), 85)
	b.Logf("%d KiB", len(data)>>10)
	for b.Loop() {
		if _, err := JPEGWithin(data, 100<<10); err != nil {
			b.Fatal(err)
		}
	}
}
