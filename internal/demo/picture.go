package demo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"math/rand/v2"

	"golang.org/x/image/vector"
)

// Sizes of the pictures in bytes, for the platform takes 200 KiB and more, and
// the JPEG quality that mostly gives them.
const (
	leastBytes   = 205_000
	mostBytes    = 300_000
	usualQuality = 70
)

var (
	ink    = color.RGBA{R: 38, G: 42, B: 54, A: 255}
	faded  = color.RGBA{R: 96, G: 104, B: 122, A: 255}
	frame  = color.RGBA{R: 150, G: 128, B: 92, A: 255}
	figure = color.RGBA{R: 176, G: 186, B: 200, A: 255}
	mark   = color.NRGBA{R: 200, G: 40, B: 48, A: 60}
)

// jpeg draws the specimen and gives it as a file of leastBytes to mostBytes.
func (p specimen) jpeg() ([]byte, error) {
	img := p.draw()
	for low, high, quality := 40, 100, usualQuality; low <= high; quality = (low + high) / 2 {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
			return nil, fmt.Errorf("encode specimen: %w", err)
		}
		switch {
		case b.Len() < leastBytes:
			low = quality + 1
		case b.Len() > mostBytes:
			high = quality - 1
		default:
			return b.Bytes(), nil
		}
	}
	return nil, fmt.Errorf("no quality makes the specimen %q a file of the right size", p.title)
}

// draw makes the picture: paper, frame, rows, figure, and SPECIMEN across.
func (p specimen) draw() *image.RGBA {
	w, h, size := 1360, 960, float32(40)
	if p.card {
		w, h, size = 1180, 745, 34
	}
	c := &canvas{RGBA: image.NewRGBA(image.Rect(0, 0, w, h))}
	c.paper(p.seed)
	c.frame(28)
	if p.card {
		c.text(p.title, 70, 110, 40, faded)
	} else {
		c.text(p.title, float32(w)/2-width(p.title)*58/em/2, 150, 58, ink)
	}
	right := float32(w - 80)
	if p.portrait {
		c.figure(w-330, 170)
		right = float32(w - 350)
	}
	c.rows(p.rows, 80, right, float32(h)*0.29, size)
	c.across("样例 SPECIMEN", 128)
	return c.RGBA
}

// canvas is a picture with what the specimens are drawn with.
type canvas struct{ *image.RGBA }

// paper fills the background: a tint with fine waves and some grain.
func (c *canvas) paper(seed uint64) {
	r := rand.New(rand.NewPCG(seed, 11)) //nolint:gosec // a picture, not a secret
	tint := [3]float64{236 + r.Float64()*14, 236 + r.Float64()*14, 232 + r.Float64()*16}
	phase, bend := r.Float64()*6, 40+r.Float64()*50
	b := c.Bounds()
	bends := make([]float64, b.Max.X)
	for x := range bends {
		bends[x] = 3 * math.Sin(float64(x)/bend+phase)
	}
	var grain uint64
	for y := range b.Max.Y {
		row := c.Pix[y*c.Stride:]
		for x := range b.Max.X {
			if x%8 == 0 {
				grain = r.Uint64() // a byte for each of eight pixels
			}
			v := 5*math.Sin(float64(y)/6+bends[x]) + float64(grain&0xff)*grainDepth/256 - grainDepth/2
			grain >>= 8
			p := row[4*x : 4*x+4]
			p[0], p[1], p[2], p[3] = level(tint[0]+v), level(tint[1]+v), level(tint[2]+0.6*v), 255
		}
	}
}

// grainDepth is how much the paper's brightness varies from pixel to pixel. It
// makes up most of a file's size.
const grainDepth = 13

func level(v float64) uint8 { return uint8(max(0, min(255, v))) }

// frame draws a double line at a distance from the edge.
func (c *canvas) frame(at int) {
	for _, line := range []struct{ inset, width int }{{at, 5}, {at + 11, 2}} {
		outer := c.Bounds().Inset(line.inset)
		inner := outer.Inset(line.width)
		for _, bar := range []image.Rectangle{{outer.Min, image.Pt(outer.Max.X, inner.Min.Y)}, {image.Pt(outer.Min.X, inner.Max.Y), outer.Max},
			{outer.Min, image.Pt(inner.Min.X, outer.Max.Y)}, {image.Pt(inner.Max.X, outer.Min.Y), outer.Max}} {
			draw.Draw(c.RGBA, bar, image.NewUniform(frame), image.Point{}, draw.Src)
		}
	}
}

// rows writes labels and texts below each other; long texts go on below.
func (c *canvas) rows(rows [][2]string, left, right, top, size float32) {
	column := float32(0)
	for _, r := range rows {
		column = max(column, width(r[0])*size/em)
	}
	column += left + size
	y := top
	for _, r := range rows {
		c.text(r[0], left, y, size, faded)
		for _, line := range wrap(r[1], (right-column)/size*em) {
			c.text(line, column, y, size, ink)
			y += size * 1.55
		}
		y += size * 0.45
	}
}

// wrap breaks a text into lines of at most most units of the em square.
func wrap(text string, most float32) []string {
	var out []string
	line, w := "", float32(0)
	for _, r := range text {
		advance := width(string(r))
		if w+advance > most && line != "" {
			out, line, w = append(out, line), "", 0
		}
		line, w = line+string(r), w+advance
	}
	return append(out, line)
}

// text writes a line from a point of its base line; size is the em in pixels.
func (c *canvas) text(text string, x, y, size float32, in color.Color) {
	const above, below = 1.1, 0.4 // of the base line, in ems
	area := image.Rect(int(x), int(y-above*size), int(x+width(text)*size/em+size), int(y+below*size)).Intersect(c.Bounds())
	left, top := float32(area.Min.X), float32(area.Min.Y)
	c.fill(area, in, func(z *vector.Rasterizer) {
		spell(z, text, func(gx, gy float32) (float32, float32) { return x - left + gx*size/em, y - top + gy*size/em })
	})
}

// across writes a text from the lower left to the upper right of the middle.
func (c *canvas) across(text string, size float32) {
	b := c.Bounds()
	half, slope := width(text)/2, float32(-0.38)
	sin, cos := float32(math.Sin(float64(slope))), float32(math.Cos(float64(slope)))
	c.fill(b, mark, func(z *vector.Rasterizer) {
		spell(z, text, func(gx, gy float32) (float32, float32) {
			dx, dy := (gx-half)*size/em, (gy+em*0.35)*size/em
			return float32(b.Dx())/2 + dx*cos - dy*sin, float32(b.Dy())/2 + dx*sin + dy*cos
		})
	})
}

// figure draws a head and shoulders where the photo would be.
func (c *canvas) figure(x, y int) {
	const w, h = 250, 320
	area := image.Rect(x, y, x+w, y+h)
	draw.Draw(c.RGBA, area, image.NewUniform(color.RGBA{R: 224, G: 229, B: 236, A: 255}), image.Point{}, draw.Src)
	c.fill(area, figure, func(z *vector.Rasterizer) {
		ellipse(z, w/2, 125, 62, 76)
		ellipse(z, w/2, h+20, 112, 105)
	})
}

// ellipse adds a closed round path.
func ellipse(z *vector.Rasterizer, x, y, rx, ry float32) {
	const k = 0.5523 // of a quarter circle by one curve
	z.MoveTo(x+rx, y)
	z.CubeTo(x+rx, y+k*ry, x+k*rx, y+ry, x, y+ry)
	z.CubeTo(x-k*rx, y+ry, x-rx, y+k*ry, x-rx, y)
	z.CubeTo(x-rx, y-k*ry, x-k*rx, y-ry, x, y-ry)
	z.CubeTo(x+k*rx, y-ry, x+rx, y-k*ry, x+rx, y)
	z.ClosePath()
}

// fill paints the paths, which are relative to the area, in one colour.
func (c *canvas) fill(area image.Rectangle, in color.Color, paths func(*vector.Rasterizer)) {
	if area.Empty() {
		return
	}
	z := vector.NewRasterizer(area.Dx(), area.Dy())
	paths(z)
	z.Draw(c.RGBA, area, image.NewUniform(in), image.Point{})
}

// spell adds the outlines of a text.
func spell(z *vector.Rasterizer, text string, to place) {
	pen := float32(0)
	for _, r := range text {
		g := machineFace().glyph(r)
		g.outline(z, pen, to)
		pen += g.advance
	}
}
