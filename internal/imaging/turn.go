package imaging

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
)

// normalQuality is the JPEG quality of pictures that we keep: no visible loss.
const normalQuality = 92

// turn makes a picture upright that has an EXIF orientation. alpha keeps
// transparency, at a price.
func turn(img image.Image, orientation int, alpha bool) image.Image {
	if orientation <= 1 || orientation > 8 {
		return img
	}
	b := img.Bounds()
	if alpha {
		src := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
		draw.Draw(src, src.Rect, img, b.Min, draw.Src)
		dst := image.NewNRGBA(turned(src.Rect, orientation))
		movePixels(dst.Pix, src.Pix, b.Dx(), b.Dy(), orientation)
		return dst
	}
	src := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(src, src.Rect, img, b.Min, draw.Src)
	dst := image.NewRGBA(turned(src.Rect, orientation))
	movePixels(dst.Pix, src.Pix, b.Dx(), b.Dy(), orientation)
	return dst
}

// turned gives the bounds after a turn: orientations from 5 swap the sides.
func turned(r image.Rectangle, orientation int) image.Rectangle {
	if orientation >= 5 {
		return image.Rect(0, 0, r.Dy(), r.Dx())
	}
	return r
}

// movePixels copies pixels of four bytes from a w × h picture to their upright
// places. Each orientation is a start and two steps through dst.
func movePixels(dst, src []byte, w, h, orientation int) {
	var start, stepX, stepY int // in pixels of dst
	switch orientation {
	case 2: // mirrored
		start, stepX, stepY = w-1, -1, w
	case 3: // upside down
		start, stepX, stepY = w*h-1, -1, -w
	case 4: // upside down, mirrored
		start, stepX, stepY = w*(h-1), 1, -w
	case 5: // transposed
		start, stepX, stepY = 0, h, 1
	case 6: // needs a quarter turn clockwise
		start, stepX, stepY = h-1, h, -1
	case 7: // transposed over the other diagonal
		start, stepX, stepY = w*h-1, -h, -1
	case 8: // needs a quarter turn anticlockwise
		start, stepX, stepY = h*(w-1), -h, 1
	}
	for y := range h {
		to := start + y*stepY
		row := src[4*y*w : 4*(y+1)*w]
		for x := 0; x < len(row); x += 4 {
			copy(dst[4*to:4*to+4], row[x:x+4])
			to += stepX
		}
	}
}

func encode(img image.Image, format Format, quality int) ([]byte, error) {
	var out bytes.Buffer
	var err error
	if format == JPEG {
		err = jpeg.Encode(&out, img, &jpeg.Options{Quality: quality})
	} else {
		err = png.Encode(&out, img)
	}
	if err != nil {
		return nil, fmt.Errorf("encode picture: %w", err)
	}
	return out.Bytes(), nil
}
