// Package imaging checks and prepares the pictures that applicants upload as
// materials and that an authority receives.
//
// [Inspect] says whether a file is a whole JPEG, PNG or GIF within limits, and
// refuses anything else by name with a remedy. [Normalize] also takes away what
// a picture tells besides its content (place, device, comments) and turns it
// upright. [JPEGWithin] makes the small JPEG that the interface of the
// authority takes. [Rotate] turns a picture for a reviewer.
//
// It promises that pixels change only when they must: metadata go by rewriting
// the container, without loss. Memory is bounded: sizes are known before
// anything is decoded, and decoders share one budget over the whole process.
// Refusals are icp.Invalid errors whose code is the message key (material.file.…).
package imaging

import (
	"bytes"
	"context"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"

	"golang.org/x/sync/semaphore"

	"github.com/openbeian/beian/internal/icp"
)

// Format is a kind of picture that is accepted.
type Format string

// The accepted formats.
const (
	JPEG Format = "jpeg"
	PNG  Format = "png"
	GIF  Format = "gif"
)

// MIME gives the media type.
func (f Format) MIME() string { return "image/" + string(f) }

// Limits bound what is accepted.
type Limits struct {
	// MinBytes and MaxBytes bound the size of the file.
	MinBytes, MaxBytes int64
	// MaxPixels bounds width × height, MaxSide each of them.
	MaxPixels, MaxSide int
	// MinSide is the length of the longer side, in pixels, below which there
	// is a warning that the text may not be legible.
	MinSide int
	// SkipDecode leaves out the full decode, by far the dearest step. The
	// container is still walked to its end, so a file that was cut short is
	// found; damage inside the picture data is not.
	SkipDecode bool
}

// DefaultLimits are 200 KiB to 8 MiB (what providers commonly ask of filing
// materials), 50 megapixels, and 20,000 pixels a side.
func DefaultLimits() Limits {
	return Limits{MinBytes: 200 << 10, MaxBytes: 8 << 20, MaxPixels: 50_000_000, MaxSide: 20_000, MinSide: 800}
}

// Info tells about a picture.
type Info struct {
	Format Format
	// Bytes is the size of the file.
	Bytes int64
	// Width and Height are those of the stored pixels, before Orientation.
	Width, Height int
	// Orientation is that of EXIF (tag 0x0112): 1 upright to 8; 1 when there is none.
	Orientation int
	// Metadata reports whether the file holds something that Normalize drops.
	Metadata bool
	// Warnings are faults that do not forbid the picture.
	Warnings []icp.FieldError
}

// Inspect says what a file is and refuses, in this order: what is not a
// picture of an accepted format, a wrong size, too many pixels, and a picture
// that is not whole.
func Inspect(data []byte, limits Limits) (Info, error) {
	p, err := open(data, limits)
	if err != nil {
		return Info{}, err
	}
	if !limits.SkipDecode {
		if _, err := p.decode(); err != nil {
			return Info{}, err
		}
	}
	return p.info, nil
}

// Normalize inspects a file and gives it without metadata and upright; the Info
// is that of the result, which may be smaller than the limits ask. An upright
// picture is not re-encoded, and is data itself when there is nothing to drop.
// Another is re-encoded: JPEG at quality 92, PNG as PNG. The picture is
// decoded at most once.
func Normalize(data []byte, limits Limits) ([]byte, Info, error) {
	p, err := open(data, limits)
	if err != nil {
		return nil, Info{}, err
	}
	upright := p.info.Orientation == 1
	var img image.Image
	if !upright || !limits.SkipDecode {
		if img, err = p.decode(); err != nil {
			return nil, Info{}, err
		}
	}
	if upright {
		out := p.parts.rewrite(data)
		p.info.Bytes, p.info.Metadata = int64(len(out)), false
		return out, p.info, nil
	}
	out, err := p.encodeTurned(img, p.info.Orientation)
	if err != nil {
		return nil, Info{}, err
	}
	return out, p.info, nil
}

// Rotate turns a picture clockwise by quarter turns (negative: anticlockwise),
// after its EXIF orientation, and re-encodes it without metadata: JPEG at
// quality 92, others as PNG (of a moving GIF the first frame).
func Rotate(data []byte, quarterTurns int) ([]byte, Info, error) {
	limits := DefaultLimits()
	limits.MinBytes = 0
	p, err := open(data, limits)
	if err != nil {
		return nil, Info{}, err
	}
	img, err := p.decode()
	if err != nil {
		return nil, Info{}, err
	}
	turns := [4]int{1, 6, 3, 8} // as EXIF orientations
	img = turn(img, p.info.Orientation, p.info.Format != JPEG)
	out, err := p.encodeTurned(img, turns[((quarterTurns%4)+4)%4])
	if err != nil {
		return nil, Info{}, err
	}
	return out, p.info, nil
}

// picture is a file that passed all checks but the decode.
type picture struct {
	data   []byte
	info   Info
	parts  parts
	weight int64 // bytes of memory that decoding takes, roughly
}

func open(data []byte, limits Limits) (*picture, error) {
	format, err := sniff(data)
	if err != nil {
		return nil, err
	}
	size := int64(len(data))
	if size < limits.MinBytes {
		return nil, refuse("too_small").With("size", sizeText(size)).With("limit", sizeText(limits.MinBytes))
	}
	if size > limits.MaxBytes {
		return nil, refuse("too_large").With("size", sizeText(size)).With("limit", sizeText(limits.MaxBytes))
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, broken(format, err)
	}
	p := &picture{data: data, info: Info{
		Format: format, Bytes: size, Width: config.Width, Height: config.Height,
	}}
	if err := p.checkPixels(limits); err != nil {
		return nil, err
	}
	if p.parts, err = walk(format, data); err != nil {
		return nil, broken(format, err)
	}
	p.info.Orientation = p.parts.orientation
	p.info.Metadata = p.parts.dropped
	p.weight = int64(config.Width) * int64(config.Height) * p.parts.depth(format, config)
	return p, nil
}

// budget is the memory that all decoders together may take, in bytes. One
// picture that needs more waits until it is alone.
const budget = 256 << 20

var decoders = semaphore.NewWeighted(budget)

// hold waits for a share of the memory budget and gives it back by the result.
func hold(weight int64) (release func()) {
	weight = min(weight, budget)
	// The context never ends, so there is no error; a share is held for the
	// length of one decode, so the wait is short.
	_ = decoders.Acquire(context.Background(), weight)
	return func() { decoders.Release(weight) }
}

func (p *picture) decode() (image.Image, error) {
	defer hold(p.weight)()
	var img image.Image
	var err error
	r := bytes.NewReader(p.data)
	switch p.info.Format {
	case JPEG:
		img, err = jpeg.Decode(r)
	case PNG:
		img, err = png.Decode(r)
	case GIF:
		img, err = gif.Decode(r) // the first frame; the walk has seen the others
	}
	if err != nil {
		return nil, broken(p.info.Format, err)
	}
	return img, nil
}

// encodeTurned encodes img after a turn and tells so in p.info.
func (p *picture) encodeTurned(img image.Image, orientation int) ([]byte, error) {
	pixels := int64(img.Bounds().Dx()) * int64(img.Bounds().Dy())
	defer hold(8 * pixels)()
	if p.info.Format != JPEG {
		p.info.Format = PNG
	}
	img = turn(img, orientation, p.info.Format != JPEG)
	out, err := encode(img, p.info.Format, normalQuality)
	if err != nil {
		return nil, err
	}
	p.info.Bytes, p.info.Orientation, p.info.Metadata = int64(len(out)), 1, false
	p.info.Width, p.info.Height = img.Bounds().Dx(), img.Bounds().Dy()
	return out, nil
}
