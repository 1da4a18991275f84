package authority

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// Side is the direction of a file.
type Side string

// The sides.
const (
	Up   Side = "uploads"
	Down Side = "downloads"
)

// Part is what is looked at of a file.
type Part string

// The parts.
const (
	// PartDecoded is the document laid out on lines, with notes for pictures.
	PartDecoded Part = "decoded"
	// PartDocument is the document as it stands; its bytes may be of another
	// character set than the text that is shown.
	PartDocument Part = "document"
	// PartEnvelope is the base64 text as it was sent or received. It cannot be
	// masked.
	PartEnvelope Part = "envelope"
)

// Bounds of one page of a part, in bytes of text.
const (
	defaultText = 64 << 10
	MaxText     = 256 << 10
)

// Piece is a page of a part.
type Piece struct {
	Text string
	// Next is where the next page begins; 0 at the end.
	Next int64
}

// Look says what of a file is looked at.
type Look struct {
	Side   Side
	File   string
	Part   Part
	Offset int64 // of the text, where the page begins
	Limit  int   // bytes; 0 means 64 KiB, at most [MaxText]
}

// Look reads a page of a file, personal data masked. icp.NotAllowed for the
// envelope, which cannot be masked; icp.NotNow with "authority.file_broken"
// when the file cannot be opened.
func (g *Gateway) Look(ctx context.Context, l Look) (Piece, error) {
	if l.Part == PartEnvelope {
		return Piece{}, icp.InvalidField("/part", "authority.envelope_masked")
	}
	key, err := g.blobOf(ctx, l.Side, l.File)
	if err != nil {
		return Piece{}, err
	}
	return g.piece(ctx, key, l, false)
}

// Reveal reads a page of a file with personal data, for a reason; each call is
// an audit event.
func (g *Gateway) Reveal(ctx context.Context, by icp.Actor, l Look, reason string) (Piece, error) {
	key, err := g.revealed(ctx, by, l.Side, l.File, reason, map[string]any{"part": string(l.Part), "offset": l.Offset})
	if err != nil {
		return Piece{}, err
	}
	return g.piece(ctx, key, l, true)
}

// RevealPicture gives a picture of a file by its number in [Inside] and its
// media type, for a reason; each call is an audit event. icp.NotFound when there
// is none.
func (g *Gateway) RevealPicture(ctx context.Context, by icp.Actor, side Side, file string, number int, reason string) ([]byte, string, error) {
	key, err := g.revealed(ctx, by, side, file, reason, map[string]any{"part": "picture", "number": number})
	if err != nil {
		return nil, "", err
	}
	r := renderer{out: io.Discard, picture: number}
	if err := g.rendered(ctx, key, &r); err != nil {
		return nil, "", err
	}
	if number < 0 || number >= len(r.found.Pictures) {
		return nil, "", icp.ErrNotFound
	}
	content, err := r.bytesOf()
	if err != nil {
		return nil, "", broken("base64")
	}
	kind := http.DetectContentType(content)
	if !strings.HasPrefix(kind, "image/") {
		return nil, "", icp.E(icp.NotNow, "authority.no_picture")
	}
	return content, kind, nil
}

// revealed notes that somebody looks at personal data, before they do.
func (g *Gateway) revealed(ctx context.Context, by icp.Actor, side Side, file, reason string, detail map[string]any) (blobKey string, err error) {
	if blobKey, err = g.blobOf(ctx, side, file); err != nil {
		return "", err
	}
	detail["reason"] = reason
	return blobKey, g.decide(ctx, reason, func(tx *store.Tx) error {
		g.audit(tx, by, strings.TrimSuffix(string(side), "s")+".revealed", strings.TrimSuffix(string(side), "s"), file, detail)
		return nil
	})
}

// Inside tells what stands in a file.
func (g *Gateway) Inside(ctx context.Context, side Side, file string) (Inside, error) {
	key, err := g.blobOf(ctx, side, file)
	if err != nil {
		return Inside{}, err
	}
	r := renderer{out: io.Discard, picture: -1}
	err = g.rendered(ctx, key, &r)
	return r.found, err
}

// blobOf finds where a file of this channel is kept.
func (g *Gateway) blobOf(ctx context.Context, side Side, file string) (key string, err error) {
	err = g.Store.View(ctx, func(tx *store.Tx) error {
		if side == Up {
			u, err := g.upload(ctx, tx, file)
			key = u.BlobKey
			return err
		}
		d, err := g.download(ctx, tx, file)
		key = d.BlobKey
		return err
	})
	return key, err
}

// rendered runs a renderer over a kept document.
func (g *Gateway) rendered(ctx context.Context, blobKey string, r *renderer) error {
	document, err := g.keptDocument(ctx, blobKey)
	if err != nil {
		return broke(err)
	}
	defer func() { _ = document.Close() }() // it was only read
	return broke(r.render(document))
}

// piece reads a page of a kept file.
func (g *Gateway) piece(ctx context.Context, blobKey string, l Look, reveal bool) (Piece, error) {
	limit := l.Limit
	if limit <= 0 {
		limit = defaultText
	}
	w := &window{skip: max(l.Offset, 0), room: min(limit, MaxText)}
	err := g.writePart(ctx, blobKey, l.Part, reveal, w)
	if err != nil && !errors.Is(err, errFull) {
		return Piece{}, broke(err)
	}
	return w.piece(max(l.Offset, 0), errors.Is(err, errFull)), nil
}

// writePart writes a part of a kept file as text.
func (g *Gateway) writePart(ctx context.Context, blobKey string, part Part, reveal bool, out io.Writer) error {
	if part == PartEnvelope {
		text, err := g.keptText(ctx, blobKey)
		if err != nil {
			return err
		}
		defer func() { _ = text.Close() }() // it was only read
		_, err = io.Copy(out, text)
		return err
	}
	document, err := g.keptDocument(ctx, blobKey)
	if err != nil {
		return err
	}
	defer func() { _ = document.Close() }() // it was only read
	if part == PartDocument && reveal {
		_, err = io.Copy(out, wire.Text(document))
		return err
	}
	r := renderer{out: out, reveal: reveal, indent: part == PartDecoded, picture: -1}
	return r.render(document)
}

// broke turns a fault of a kept file into the refusal that people see.
func broke(err error) error {
	var e *wire.EnvelopeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &e):
		return broken(string(e.Layer))
	case errors.Is(err, errNoFile), errors.Is(err, errBroken):
		return broken(errorUnreadable)
	}
	return err
}

// FileFault names what is wrong with a kept file by the error of opening it:
// its layer, or missing when its bytes are gone; "" for another error or none.
func FileFault(err error) string {
	var e *icp.Error
	switch {
	case !errors.As(err, &e):
	case e.Code == "authority.file_broken":
		return e.Params["fault"]
	case e.Code == "channel.bytes_gone":
		return "missing"
	}
	return ""
}

func broken(fault string) error {
	return icp.E(icp.NotNow, "authority.file_broken").With("fault", fault)
}

// errFull ends the writing of what is not looked at any more.
var errFull = errors.New("page is full")

// window keeps a page of what is written to it.
type window struct {
	skip int64
	room int
	buf  bytes.Buffer
}

// Write keeps what lies in the page; see io.Writer.
func (w *window) Write(p []byte) (int, error) {
	n := len(p)
	if w.skip >= int64(n) {
		w.skip -= int64(n)
		return n, nil
	}
	p = p[w.skip:]
	w.skip = 0
	if len(p) > w.room-w.buf.Len() {
		w.buf.Write(p[:w.room-w.buf.Len()])
		return n, errFull
	}
	w.buf.Write(p)
	return n, nil
}

// piece gives the page; a character that it ends in the middle of belongs to
// the next.
func (w *window) piece(offset int64, more bool) Piece {
	b := w.buf.Bytes()
	if more {
		for cut := 1; cut < utf8.UTFMax && cut < len(b); cut++ {
			if c := b[len(b)-cut]; utf8.RuneStart(c) {
				if !utf8.FullRune(b[len(b)-cut:]) {
					b = b[:len(b)-cut]
				}
				break
			}
		}
	}
	p := Piece{Text: strings.ToValidUTF8(string(b), "\uFFFD")}
	if more {
		p.Next = offset + int64(len(b))
	}
	return p
}

// Decoded gives the first page of the document of an upload, laid out and masked.
func (g *Gateway) Decoded(ctx context.Context, upload string) (string, error) {
	p, err := g.Look(ctx, Look{Side: Up, File: upload, Part: PartDecoded, Limit: MaxText})
	return p.Text, err
}

// DecodedDownload does the same for a download. icp.NotNow with
// "authority.file_broken" when it cannot be opened.
func (g *Gateway) DecodedDownload(ctx context.Context, download string) (string, error) {
	p, err := g.Look(ctx, Look{Side: Down, File: download, Part: PartDecoded, Limit: MaxText})
	return p.Text, err
}
