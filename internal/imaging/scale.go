package imaging

import (
	"image"
	"math"
)

// scalePlanes scales a picture to w × h, smaller or equal, plane by plane as
// JPEG keeps it, by the same kernel as draw.CatmullRom but in whole numbers and
// without the way over RGB: some four times as fast. The colours come at half
// the resolution (4:2:0), as every JPEG is written here.
func scalePlanes(img *image.YCbCr, w, h int) *image.YCbCr {
	b := img.Bounds()
	dst := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	y := plane{img.Y[img.YOffset(b.Min.X, b.Min.Y):], img.YStride, b.Dx(), b.Dy()}
	y.scale(plane{dst.Y, dst.YStride, w, h})
	// The colour planes cover every pixel, the last perhaps in part.
	first, last := img.COffset(b.Min.X, b.Min.Y), img.COffset(b.Max.X-1, b.Max.Y-1)
	cw, ch := (last-first)%img.CStride+1, (last-first)/img.CStride+1
	small := plane{dst.Cb, dst.CStride, (w + 1) / 2, (h + 1) / 2}
	plane{img.Cb[first:], img.CStride, cw, ch}.scale(small)
	small.pix = dst.Cr
	plane{img.Cr[first:], img.CStride, cw, ch}.scale(small)
	return dst
}

// plane is one channel of a picture.
type plane struct {
	pix    []byte
	stride int
	w, h   int
}

// Fixed-point positions of weights and of what stands between the two passes.
const (
	weightBits = 14
	midBits    = 4
)

// scale writes p into dst, first along the rows, then along the columns.
func (p plane) scale(dst plane) {
	across, down := tapsOf(p.w, dst.w), tapsOf(p.h, dst.h)
	mid := make([]int16, dst.w*p.h)
	for y := range p.h {
		row := p.pix[y*p.stride : y*p.stride+p.w]
		out := mid[y*dst.w : (y+1)*dst.w]
		for x := range out {
			t := &across[x]
			var sum int32 = 1 << (weightBits - midBits - 1)
			src := row[t.first : t.first+len(t.weights)]
			for i, weight := range t.weights {
				sum += weight * int32(src[i])
			}
			out[x] = int16(sum >> (weightBits - midBits)) //nolint:gosec // at most 1.3 × 255 × 16
		}
	}
	sums := make([]int32, dst.w)
	for y := range dst.h {
		for x := range sums {
			sums[x] = 1 << (weightBits + midBits - 1)
		}
		for i, weight := range down[y].weights {
			from := (down[y].first + i) * dst.w
			row := mid[from : from+dst.w]
			for x := range sums {
				sums[x] += weight * int32(row[x])
			}
		}
		out := dst.pix[y*dst.stride : y*dst.stride+dst.w]
		for x := range out {
			out[x] = byte(min(max(sums[x]>>(weightBits+midBits), 0), 255)) //nolint:gosec // bounded here
		}
	}
}

// taps are the pixels that one pixel of the result is made of.
type taps struct {
	first   int
	weights []int32 // their sum is 1 << weightBits
}

// tapsOf gives the taps of a line of to pixels made from one of from pixels.
func tapsOf(from, to int) []taps {
	scale := float64(from) / float64(to)
	width := max(scale, 1)
	reach := 2 * width
	out := make([]taps, to)
	for i := range out {
		centre := (float64(i)+0.5)*scale - 0.5
		first, last := max(0, int(math.Ceil(centre-reach))), min(from-1, int(math.Floor(centre+reach)))
		weights, sum := make([]float64, last-first+1), 0.0
		for j := range weights {
			weights[j] = catmullRom((float64(first+j) - centre) / width)
			sum += weights[j]
		}
		whole, left, best := make([]int32, len(weights)), int32(1<<weightBits), 0
		for j, v := range weights {
			whole[j] = int32(math.Round(v / sum * (1 << weightBits)))
			left -= whole[j]
			if whole[j] > whole[best] {
				best = j
			}
		}
		whole[best] += left // what rounding lost
		out[i] = taps{first, whole}
	}
	return out
}

// catmullRom is the kernel of that name (cubic, B = 0, C = ½).
func catmullRom(t float64) float64 {
	switch t = math.Abs(t); {
	case t < 1:
		return (1.5*t-2.5)*t*t + 1
	case t < 2:
		return ((-0.5*t+2.5)*t-4)*t + 2
	}
	return 0
}

// A sample is one tile of tileWidth × tileHeight pixels in each tilesOf: whole
// blocks of a JPEG, so that a sample costs what its tiles cost in their place.
const (
	tileWidth  = 64
	tileHeight = 16
	tilesOf    = 8
	fewTiles   = 16  // a smaller sample says too little
	jpegHeader = 623 // bytes that a JPEG of ours has without pixels
)

// estimate tells how large a picture becomes as a JPEG, mostly a few per cent
// off, at worst an eighth, from a sample; 0 when a sample would not be cheaper.
func estimate(img image.Image, quality int) (int, error) {
	tiles := sample(img)
	if tiles == nil {
		return 0, nil
	}
	out, err := encode(tiles, JPEG, quality)
	if err != nil {
		return 0, err
	}
	all, some := img.Bounds(), tiles.Bounds()
	share := float64(all.Dx()*all.Dy()) / float64(some.Dx()*some.Dy())
	return jpegHeader + int(float64(max(0, len(out)-jpegHeader))*share), nil
}

// sample puts tiles from all over a picture on top of each other; nil where
// that would not pay. Their distance varies, so that the lines of a page do not
// all fall between them.
func sample(img image.Image) image.Image {
	b := img.Bounds()
	planes, ok := img.(*image.YCbCr)
	if !ok || planes.SubsampleRatio != image.YCbCrSubsampleRatio420 || b.Min != (image.Point{}) {
		return nil
	}
	across, down := b.Dx()/tileWidth, b.Dy()/tileHeight
	n := across * down / tilesOf
	if n < fewTiles {
		return nil
	}
	dst := image.NewYCbCr(image.Rect(0, 0, tileWidth, n*tileHeight), image.YCbCrSubsampleRatio420)
	for i := range n {
		at := i*tilesOf + i*5%tilesOf
		x, y := at%across*tileWidth, at/across*tileHeight
		for row := range tileHeight {
			copy(dst.Y[(i*tileHeight+row)*dst.YStride:][:tileWidth], planes.Y[planes.YOffset(x, y+row):])
		}
		for row := range tileHeight / 2 {
			to, from := (i*tileHeight/2+row)*dst.CStride, planes.COffset(x, y+2*row)
			copy(dst.Cb[to:][:tileWidth/2], planes.Cb[from:])
			copy(dst.Cr[to:][:tileWidth/2], planes.Cr[from:])
		}
	}
	return dst
}
