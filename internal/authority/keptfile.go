package authority

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
)

// Kept files may have tens of megabytes. Here they are read as streams: the
// envelope's text is cut out of what is kept without holding it.

// keptReader reads a kept file as a stream; the caller closes it.
func (g *Gateway) keptReader(ctx context.Context, blobKey string) (io.ReadCloser, error) {
	r, err := g.Blobs.Open(ctx, blobKey)
	if errors.Is(err, icp.ErrNotFound) {
		return nil, icp.E(icp.NotFound, "channel.bytes_gone").Because(err)
	}
	if err != nil {
		return nil, fmt.Errorf("open kept file: %w", err)
	}
	plain, err := g.unsealed(r, blobKey)
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{plain, r}, nil
}

func (g *Gateway) unsealed(r io.Reader, blobKey string) (io.Reader, error) {
	var size [2]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return nil, fmt.Errorf("read kept file: %w", err)
	}
	wrapped := make([]byte, binary.BigEndian.Uint16(size[:]))
	if _, err := io.ReadFull(r, wrapped); err != nil {
		return nil, fmt.Errorf("read kept file: %w", err)
	}
	key, err := g.Store.Box().Unwrap(wrapped)
	if err != nil {
		return nil, err
	}
	return key.OpenStream(r, []byte(blobKey))
}

// errNoFile says that a kept file holds no envelope.
var errNoFile = errors.New("no envelope in what is kept")

// aroundLimit bounds what stands around the text of an envelope.
const aroundLimit = 1 << 20

// cutText finds the text of an envelope in what is kept: the value of
// beian_info of an upload's JSON, or the element beianInfo of a download's
// reply, also as CDATA.
type cutText struct {
	in     *bufio.Reader
	before []byte
	end    byte // what follows the text; base64 has none of the candidates
	ended  bool
}

const (
	jsonStart  = `{"beian_info":"`
	cdataStart = "<![CDATA["
)

func newCutText(r io.Reader) (*cutText, error) {
	c := &cutText{in: bufio.NewReaderSize(r, 64<<10)}
	if head, _ := c.in.Peek(len(jsonStart)); string(head) == jsonStart {
		c.before, c.end = []byte(jsonStart), '"'
		_, err := c.in.Discard(len(jsonStart))
		return c, err
	}
	for tag := 0; len(c.before) < aroundLimit; {
		b, err := c.in.ReadByte()
		if errors.Is(err, io.EOF) {
			return nil, errNoFile
		}
		if err != nil {
			return nil, err
		}
		c.before = append(c.before, b)
		switch {
		case b == '<':
			tag = len(c.before)
		case b == '>' && localName(string(c.before[tag:len(c.before)-1])) == "beianInfo":
			c.end = '<'
			if cdata, _ := c.in.Peek(len(cdataStart)); string(cdata) == cdataStart {
				c.end = ']'
				_, err = c.in.Discard(len(cdataStart))
			}
			return c, err
		}
	}
	return nil, errNoFile
}

// Read gives the text of the envelope; see io.Reader.
func (c *cutText) Read(p []byte) (int, error) {
	if c.ended {
		return 0, io.EOF
	}
	for n := range p {
		b, err := c.in.ReadByte()
		if err != nil {
			return n, err
		}
		if b == c.end {
			c.ended = true
			return n, io.EOF
		}
		p[n] = b
	}
	return len(p), nil
}

// after reads what follows the text, which must have been read.
func (c *cutText) after() ([]byte, error) {
	if _, err := io.Copy(io.Discard, c); err != nil {
		return nil, err
	}
	rest, err := io.ReadAll(io.LimitReader(c.in, aroundLimit))
	if c.end == ']' {
		rest = []byte(strings.TrimPrefix(string(rest), "]>"))
		return rest, err
	}
	return append([]byte{c.end}, rest...), err
}

// keptEnvelope reads hash and algorithms of a kept file, without its text.
func (g *Gateway) keptEnvelope(ctx context.Context, blobKey string) (s wire.Sealed, err error) {
	r, err := g.keptReader(ctx, blobKey)
	if err != nil {
		return s, err
	}
	defer func() { _ = r.Close() }() // it was only read
	c, err := newCutText(r)
	if err != nil {
		return s, err
	}
	rest, err := c.after()
	if err != nil {
		return s, fmt.Errorf("read kept file: %w", err)
	}
	around := string(c.before) + string(rest)
	if c.end == '"' {
		if err := json.Unmarshal([]byte(around), &s); err != nil {
			return s, errNoFile
		}
		return s, nil
	}
	var reply wire.DownloadReply
	if err := wire.DecodeReply(around, &reply); err != nil || reply.File == nil {
		return s, errNoFile
	}
	return reply.File.Sealed(), nil
}

// keptText gives the text of a kept file's envelope as it was sent or received;
// the caller closes it.
func (g *Gateway) keptText(ctx context.Context, blobKey string) (io.ReadCloser, error) {
	r, err := g.keptReader(ctx, blobKey)
	if err != nil {
		return nil, err
	}
	c, err := newCutText(r)
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{c, r}, nil
}

// keptDocument gives the document in a kept file, byte by byte as it was put
// in; the caller closes it. A fault of the envelope comes as *wire.EnvelopeError
// or errNoFile, also while it is read.
func (g *Gateway) keptDocument(ctx context.Context, blobKey string) (io.ReadCloser, error) {
	s, err := g.keptEnvelope(ctx, blobKey)
	if err != nil {
		return nil, err
	}
	text, err := g.keptText(ctx, blobKey)
	if err != nil {
		return nil, err
	}
	document, err := g.build.profile.OpenStream(text, s)
	if err != nil {
		return nil, errors.Join(err, text.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{document, text}, nil
}
