package imaging

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/draw"
)

// Bounds of what JPEGWithin may do to a document before its print is lost.
const (
	legibleSide    = 800  // pixels of the longer side, unless the original is smaller
	usefulSide     = 2400 // more pixels do not help at 100–150 KB
	legibleQuality = 40
	plainQuality   = 55
)

// JPEGWithin gives a picture as a JPEG of at most maxBytes, upright and without
// metadata, as good as it can be: an authority takes 100 KB for certificates
// and 150 KB for the verification sheet. It lowers the quality first, then the
// size. Where print would be lost it refuses with material.file.illegible.
// A JPEG that fits already is kept as it is.
func JPEGWithin(data []byte, maxBytes int) ([]byte, error) {
	limits := DefaultLimits()
	limits.MinBytes, limits.MaxBytes = 0, math.MaxInt64
	p, err := open(data, limits)
	if err != nil {
		return nil, err
	}
	img, err := p.decode()
	if err != nil {
		return nil, err
	}
	if p.info.Format == JPEG && p.info.Orientation == 1 {
		if out := p.parts.rewrite(data); len(out) <= maxBytes {
			return out, nil
		}
	}
	defer hold(12 * int64(p.info.Width) * int64(p.info.Height))()
	longest := max(p.info.Width, p.info.Height)
	// Shrink before turning: fewer pixels to move.
	flat := turn(shrink(img, min(longest, usefulSide)), p.info.Orientation, false)
	out, err := squeeze(flat, min(longest, legibleSide), maxBytes)
	if err != nil {
		return nil, err
	}
	if out == nil {
		return nil, refuse("illegible").With("limit", sizeText(int64(maxBytes)))
	}
	return out, nil
}

// squeeze looks for the largest picture that fits at a plain quality, then for
// the best quality at that size; nil when none does down to the floor.
func squeeze(img image.Image, floor, maxBytes int) ([]byte, error) {
	side := max(img.Bounds().Dx(), img.Bounds().Dy())
	small := img
	for {
		out, size, err := encodeWithin(small, plainQuality, maxBytes)
		if err != nil {
			return nil, err
		}
		if out != nil {
			return better(small, out, maxBytes)
		}
		if side <= floor {
			break
		}
		// The size of a file goes roughly with the number of pixels.
		factor := math.Sqrt(float64(maxBytes) / float64(size))
		side = max(floor, int(float64(side)*min(0.9, max(0.5, factor))))
		small = shrink(img, side)
	}
	out, _, err := encodeWithin(small, legibleQuality, maxBytes)
	return out, err
}

// better raises the quality as far as the picture still fits.
func better(img image.Image, good []byte, maxBytes int) ([]byte, error) {
	for _, quality := range [...]int{70, 85} {
		out, _, err := encodeWithin(img, quality, maxBytes)
		if err != nil {
			return nil, err
		}
		if out == nil {
			break
		}
		good = out
	}
	return good, nil
}

// encodeWithin gives a JPEG of at most maxBytes, or nil and its size, roughly.
// What a sample shows to be far too large is not encoded whole.
func encodeWithin(img image.Image, quality, maxBytes int) (out []byte, size int, err error) {
	if size, err = estimate(img, quality); err != nil || size > maxBytes+maxBytes/8 {
		return nil, size, err
	}
	if out, err = encode(img, JPEG, quality); err != nil || len(out) > maxBytes {
		return nil, len(out), err
	}
	return out, len(out), nil
}

// shrink scales a picture so that its longer side is side pixels, on white.
func shrink(img image.Image, side int) image.Image {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if longest := max(w, h); side < longest {
		w = max(1, (w*side+longest/2)/longest)
		h = max(1, (h*side+longest/2)/longest)
	}
	if planes, ok := img.(*image.YCbCr); ok {
		if w == b.Dx() && h == b.Dy() {
			return planes
		}
		return scalePlanes(planes, w, h)
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	op := draw.Src
	if o, ok := img.(interface{ Opaque() bool }); !ok || !o.Opaque() {
		draw.Draw(dst, dst.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
		op = draw.Over
	}
	if w == b.Dx() && h == b.Dy() {
		draw.Draw(dst, dst.Rect, img, b.Min, op)
	} else {
		draw.CatmullRom.Scale(dst, dst.Rect, img, b, op, nil)
	}
	return dst
}
