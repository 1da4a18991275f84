package demo

import (
	"os"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// typefaces are where systems keep a typeface with Chinese characters. One of
// our own would be larger than the program; where there is none, Go's typeface
// serves and Chinese characters are boxes.
var typefaces = []string{
	"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
	"/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
	"/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
	"/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
	"/System/Library/Fonts/PingFang.ttc",
	"/System/Library/Fonts/Hiragino Sans GB.ttc",
	`C:\Windows\Fonts\msyh.ttc`,
}

// em is the height of the type in the outlines' units.
const em = 1000

// glyph is a character: how far it moves the pen and its outline, both in units
// of the em square, y down from the base line.
type glyph struct {
	advance  float32
	segments []sfnt.Segment
}

// face reads characters out of a typeface, each once. Safe for concurrent use.
type face struct {
	mu     sync.Mutex
	font   *sfnt.Font
	buffer sfnt.Buffer
	known  map[rune]*glyph
}

// machineFace is the typeface of this machine.
var machineFace = sync.OnceValue(func() *face {
	f := openTypeface(typefaces)
	if f == nil {
		var err error
		if f, err = sfnt.Parse(goregular.TTF); err != nil {
			panic("Go's typeface: " + err.Error()) // it is part of the program
		}
	}
	return &face{font: f, known: map[rune]*glyph{}}
})

// openTypeface gives the first typeface of a list that has Chinese characters;
// nil for none. The file stays open: characters are read when they are drawn.
func openTypeface(paths []string) *sfnt.Font {
	for _, path := range paths {
		file, err := os.Open(path) //nolint:gosec // one of our own list
		if err != nil {
			continue
		}
		if f := chineseOf(file); f != nil {
			return f
		}
		_ = file.Close() // it was only read
	}
	return nil
}

// chineseOf gives the first typeface of a collection that has simplified
// Chinese characters.
func chineseOf(file *os.File) *sfnt.Font {
	all, err := sfnt.ParseCollectionReaderAt(file)
	if err != nil {
		return nil
	}
	for i := range all.NumFonts() {
		f, err := all.Font(i)
		if err != nil {
			continue
		}
		if at, err := f.GlyphIndex(nil, '证'); err == nil && at != 0 {
			return f
		}
	}
	return nil
}

// glyph reads a character. One that cannot be read is as wide as the em square
// and empty.
func (f *face) glyph(r rune) *glyph {
	f.mu.Lock()
	defer f.mu.Unlock()
	if g, ok := f.known[r]; ok {
		return g
	}
	g := &glyph{advance: em}
	f.known[r] = g
	at, err := f.font.GlyphIndex(&f.buffer, r)
	if err != nil {
		return g
	}
	ppem := fixed.I(em)
	if advance, err := f.font.GlyphAdvance(&f.buffer, at, ppem, font.HintingNone); err == nil {
		g.advance = units(advance)
	}
	if segments, err := f.font.LoadGlyph(&f.buffer, at, ppem, nil); err == nil {
		g.segments = append(g.segments, segments...) // the buffer is used again
	}
	return g
}

func units(x fixed.Int26_6) float32 { return float32(x) / 64 }

// place turns a point of the em square into one of the picture.
type place func(x, y float32) (float32, float32)

// outline adds a glyph whose pen stands at x, in units of the em square.
func (g *glyph) outline(z *vector.Rasterizer, pen float32, to place) {
	for i := range g.segments {
		s := &g.segments[i]
		var p [3][2]float32
		for j, at := range s.Args {
			p[j][0], p[j][1] = to(pen+units(at.X), units(at.Y))
		}
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			z.ClosePath()
			z.MoveTo(p[0][0], p[0][1])
		case sfnt.SegmentOpLineTo:
			z.LineTo(p[0][0], p[0][1])
		case sfnt.SegmentOpQuadTo:
			z.QuadTo(p[0][0], p[0][1], p[1][0], p[1][1])
		case sfnt.SegmentOpCubeTo:
			z.CubeTo(p[0][0], p[0][1], p[1][0], p[1][1], p[2][0], p[2][1])
		}
	}
	z.ClosePath()
}

// width is how wide a text is, in units of the em square.
func width(text string) float32 {
	var w float32
	for _, r := range text {
		w += machineFace().glyph(r).advance
	}
	return w
}
