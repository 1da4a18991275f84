package imaging

import (
	"bytes"
	"image"
	"image/jpeg"
	"testing"

	"golang.org/x/image/draw"
)

// decoded is a photo-like picture as a JPEG decoder gives it.
func decoded(t testing.TB, w, h, noise int) *image.YCbCr {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(jpegOf(t, scene(w, h, noise), 90)))
	if err != nil {
		t.Fatal(err)
	}
	return img.(*image.YCbCr)
}

func TestPlanesAreScaledAsCatmullRomDoes(t *testing.T) {
	t.Parallel()
	img := decoded(t, 333, 251, 60)
	for _, size := range []image.Point{{333, 251}, {300, 226}, {167, 126}, {80, 60}, {7, 5}, {1, 1}} {
		got := scalePlanes(img, size.X, size.Y)
		want := image.NewRGBA(got.Rect)
		gray := &image.Gray{Pix: img.Y, Stride: img.YStride, Rect: img.Rect}
		draw.CatmullRom.Scale(want, want.Rect, gray, gray.Rect, draw.Src, nil)
		worst := 0
		for y := range size.Y {
			for x := range size.X {
				d := int(got.Y[got.YOffset(x, y)]) - int(want.Pix[want.PixOffset(x, y)])
				worst = max(worst, d, -d)
			}
		}
		if worst > 2 {
			t.Errorf("%v: brightness differs by up to %d", size, worst)
		}
	}
}

func TestColoursStayWhereTheyAre(t *testing.T) {
	t.Parallel()
	for _, ratio := range []image.YCbCrSubsampleRatio{image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420,
		image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410} {
		src := image.NewYCbCr(image.Rect(0, 0, 161, 121), ratio)
		for y := range 121 { // the left half blue, the right half red
			for x := range 161 {
				src.Y[src.YOffset(x, y)] = 100
				c := src.COffset(x, y)
				src.Cb[c], src.Cr[c] = 200, 60
				if x > 80 {
					src.Cb[c], src.Cr[c] = 60, 200
				}
			}
		}
		dst := scalePlanes(src, 81, 61)
		for _, p := range []struct {
			x, y   int
			cb, cr byte
		}{{0, 0, 200, 60}, {20, 60, 200, 60}, {60, 0, 60, 200}, {80, 60, 60, 200}} {
			c := dst.YCbCrAt(p.x, p.y)
			if c.Y != 100 || c.Cb != p.cb || c.Cr != p.cr {
				t.Errorf("%v at %d,%d: %v, want 100 %d %d", ratio, p.x, p.y, c, p.cb, p.cr)
			}
		}
	}
}

func TestEstimateIsAtMostAnEighthOff(t *testing.T) {
	t.Parallel()
	for _, noise := range []int{0, 8, 40} {
		img := decoded(t, 900, 700, noise)
		page := decoded(t, 900, 700, 0)
		for y := range 700 { // lines of print
			for x := range 900 {
				if y%30 < 12 && (x/5+y/7)%3 != 0 {
					page.Y[page.YOffset(x, y)] = 30
				}
			}
		}
		for _, quality := range []int{40, 55, 85} {
			for _, img := range []image.Image{img, page} {
				guess, err := estimate(img, quality)
				if err != nil {
					t.Fatal(err)
				}
				out, err := encode(img, JPEG, quality)
				if err != nil {
					t.Fatal(err)
				}
				if off := float64(guess)/float64(len(out)) - 1; off < -0.125 || off > 0.125 {
					t.Errorf("noise %d, quality %d: %d guessed, %d true", noise, quality, guess, len(out))
				}
			}
		}
	}
	if guess, err := estimate(scene(900, 700, 9), 55); guess != 0 || err != nil {
		t.Errorf("a picture that is no JPEG's: %d, %v; want no guess", guess, err)
	}
}

func TestTapsAreWhole(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]int{{1, 1}, {2, 1}, {7, 7}, {100, 99}, {1000, 333}, {20_000, 800}, {5, 9}} {
		for i, tap := range tapsOf(c[0], c[1]) {
			sum := int32(0)
			for _, w := range tap.weights {
				sum += w
			}
			if sum != 1<<weightBits || tap.first < 0 || tap.first+len(tap.weights) > c[0] {
				t.Errorf("%d → %d, pixel %d: sum %d, %d taps from %d", c[0], c[1], i, sum, len(tap.weights), tap.first)
			}
		}
	}
}
