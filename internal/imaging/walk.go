package imaging

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
)

// parts is what a walk over a container finds: the ranges to keep, in order.
type parts struct {
	keep        []span
	dropped     bool // something lies outside keep
	orientation int
	progressive bool
}

type span struct{ from, to int }

var (
	errCut    = errors.New("the file ends too early")
	errLayout = errors.New("the container is damaged")
)

// walk goes over a container to its end without looking at pixels.
func walk(format Format, data []byte) (parts, error) {
	p := parts{orientation: 1}
	var err error
	switch format {
	case JPEG:
		err = p.walkJPEG(data)
	case PNG:
		err = p.walkPNG(data)
	case GIF:
		err = p.walkGIF(data)
	}
	if err != nil {
		return parts{}, err
	}
	kept := 0
	for _, s := range p.keep {
		kept += s.to - s.from
	}
	p.dropped = kept != len(data)
	return p, nil
}

func (p *parts) add(from, to int) {
	if n := len(p.keep); n > 0 && p.keep[n-1].to == from {
		p.keep[n-1].to = to
		return
	}
	p.keep = append(p.keep, span{from, to})
}

// rewrite gives the kept ranges; data itself when nothing is dropped.
func (p *parts) rewrite(data []byte) []byte {
	if !p.dropped {
		return data
	}
	out := make([]byte, 0, len(data))
	for _, s := range p.keep {
		out = append(out, data[s.from:s.to]...)
	}
	return out
}

// depth estimates the bytes per pixel that decoding takes.
func (p *parts) depth(format Format, config image.Config) int64 {
	switch {
	case format == GIF:
		return 1
	case format == JPEG && p.progressive:
		return 15 // three planes and their coefficients, four bytes each
	case format == JPEG:
		return 4
	case config.ColorModel == color.RGBA64Model || config.ColorModel == color.NRGBA64Model:
		return 8
	}
	return 4
}

// walkJPEG follows the segments of ITU-T T.81 annex B. Kept are those that a
// decoder needs: JFIF (APP0), the colour profile (APP2 ICC) and Adobe's colour
// transform (APP14); every other APPn and every comment is dropped, as is what
// stands after the end of the picture.
func (p *parts) walkJPEG(data []byte) error {
	if !bytes.HasPrefix(data, []byte{0xFF, 0xD8}) {
		return errLayout
	}
	p.add(0, 2)
	for at := 2; ; {
		marker, start, err := nextMarker(data, at)
		if err != nil {
			return err
		}
		if marker == 0xD9 {
			p.add(start, start+2)
			return nil
		}
		if at, err = p.jpegSegment(data, marker, start); err != nil {
			return err
		}
	}
}

// nextMarker finds the next marker that opens a segment or ends the picture.
// Fill bytes and markers that do not belong between segments are passed over,
// and so dropped.
func nextMarker(data []byte, at int) (marker byte, start int, err error) {
	for {
		next := bytes.IndexByte(data[at:], 0xFF)
		if next < 0 || at+next+1 >= len(data) {
			return 0, 0, errCut
		}
		at += next
		marker = data[at+1]
		switch {
		case marker == 0xFF:
			at++
		case marker == 0x00 || marker == 0x01 || marker >= 0xD0 && marker <= 0xD8:
			at += 2
		default:
			return marker, at, nil
		}
	}
}

// jpegSegment takes in the segment at start, with the scan data that follow
// it, and tells where it ends.
func (p *parts) jpegSegment(data []byte, marker byte, start int) (end int, err error) {
	if start+4 > len(data) {
		return 0, errCut
	}
	end = start + 2 + int(binary.BigEndian.Uint16(data[start+2:]))
	if end < start+4 {
		return 0, errLayout
	}
	if end > len(data) {
		return 0, errCut
	}
	body := data[start+4 : end]
	switch marker {
	case 0xC2:
		p.progressive = true
	case 0xE1:
		if tiff, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00")); ok && p.orientation == 1 {
			p.orientation = tiffOrientation(tiff)
		}
	case 0xDA:
		end = scanEnd(data, end)
	}
	if keepSegment(marker, body) {
		p.add(start, end)
	}
	return end, nil
}

// scanEnd finds the marker that ends a scan's entropy-coded data.
func scanEnd(data []byte, at int) int {
	for {
		next := bytes.IndexByte(data[at:], 0xFF)
		if next < 0 || at+next+1 >= len(data) {
			return len(data)
		}
		at += next
		m := data[at+1]
		if m != 0x00 && m != 0xFF && (m < 0xD0 || m > 0xD7) {
			return at
		}
		if m == 0xFF {
			at++
		} else {
			at += 2
		}
	}
}

func keepSegment(marker byte, body []byte) bool {
	switch {
	case marker == 0xE0:
		return bytes.HasPrefix(body, []byte("JFIF\x00"))
	case marker == 0xE2:
		return bytes.HasPrefix(body, []byte("ICC_PROFILE\x00"))
	case marker == 0xEE:
		return bytes.HasPrefix(body, []byte("Adobe"))
	case marker >= 0xE0 && marker <= 0xEF, marker == 0xFE:
		return false
	}
	return true
}

const pngSignature = "\x89PNG\r\n\x1a\n"

// keptChunks are the ancillary chunks of PNG that change how pixels look.
// Text, times, EXIF, private chunks and the frames of a moving PNG are dropped.
var keptChunks = map[string]bool{
	"tRNS": true, "gAMA": true, "cHRM": true, "sRGB": true, "iCCP": true,
	"sBIT": true, "pHYs": true, "bKGD": true, "cICP": true,
}

// walkPNG follows the chunks of the PNG specification and checks their CRCs.
func (p *parts) walkPNG(data []byte) error {
	if !bytes.HasPrefix(data, []byte(pngSignature)) {
		return errLayout
	}
	p.add(0, len(pngSignature))
	for at := len(pngSignature); ; {
		if at+12 > len(data) {
			return errCut
		}
		size := int64(binary.BigEndian.Uint32(data[at:]))
		if size > int64(len(data)-at-12) {
			return errCut
		}
		end := at + 12 + int(size)
		name := string(data[at+4 : at+8])
		if crc32.ChecksumIEEE(data[at+4:end-4]) != binary.BigEndian.Uint32(data[end-4:]) {
			return errLayout
		}
		if name == "eXIf" {
			p.orientation = tiffOrientation(data[at+8 : end-4])
		}
		critical := name[0] >= 'A' && name[0] <= 'Z'
		if critical || keptChunks[name] {
			p.add(at, end)
		}
		if name == "IEND" {
			return nil
		}
		at = end
	}
}

// walkGIF follows the blocks of GIF89a. Comments and application blocks other
// than the loop count are dropped.
func (p *parts) walkGIF(data []byte) error {
	if len(data) < 13 {
		return errCut
	}
	at := 13 + colorTable(data[10])
	if at > len(data) {
		return errCut
	}
	p.add(0, at)
	for {
		if at >= len(data) {
			return errCut
		}
		start, kept := at, true
		switch data[at] {
		case 0x3B:
			p.add(at, at+1)
			return nil
		case 0x21:
			if at+2 > len(data) {
				return errCut
			}
			kept = keepExtension(data[at+1:])
			at += 2
		case 0x2C:
			if at+10 > len(data) {
				return errCut
			}
			at += 10 + colorTable(data[at+9]) + 1 // the code size of LZW follows
		default:
			return errLayout
		}
		end, err := subBlocks(data, at)
		if err != nil {
			return err
		}
		if kept {
			p.add(start, end)
		}
		at = end
	}
}

// colorTable gives the size of the colour table that a flags byte announces.
func colorTable(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

func keepExtension(block []byte) bool {
	switch block[0] {
	case 0xF9: // graphic control
		return true
	case 0xFF: // application
		return bytes.HasPrefix(block[1:], []byte("\x0bNETSCAPE2.0"))
	}
	return false
}

func subBlocks(data []byte, at int) (int, error) {
	for at < len(data) {
		size := int(data[at])
		at += 1 + size
		if size == 0 {
			return at, nil
		}
	}
	return 0, errCut
}

// tiffOrientation reads tag 0x0112 of the first directory of a TIFF structure;
// 1 when there is none or it makes no sense.
func tiffOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	first := int64(order.Uint32(tiff[4:]))
	if first+2 > int64(len(tiff)) {
		return 1
	}
	entries := tiff[first+2:]
	for n := order.Uint16(tiff[first:]); n > 0 && len(entries) >= 12; n-- {
		if order.Uint16(entries) == 0x0112 {
			if v := int(order.Uint16(entries[8:])); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
		entries = entries[12:]
	}
	return 1
}
