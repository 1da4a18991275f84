package authority

import (
	"bufio"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/openbeian/beian/internal/authority/wire"
)

// renderer copies a document to a writer, masked unless revealed. It reads the
// text as it comes, so that a document of any size and also a broken one can be
// looked at; it keeps one text of an element at a time, bounded by textLimit.
type renderer struct {
	in  *bufio.Reader
	out io.Writer
	// reveal shows everything but pictures and secrets.
	reveal bool
	// indent lays elements out on lines of their own.
	indent bool
	// picture is which picture to hand out, from 0; -1 for none.
	picture int
	image   strings.Builder

	path  []string
	after written
	found Inside
}

// written is what was written last.
type written int

const (
	atStart written = iota
	afterOpen
	afterText
	afterClose
)

// Bounds of what is rendered: a text, a tag, the depth of elements, and how
// much is listed.
const (
	textLimit   = 256 << 10
	tagLimit    = 64 << 10
	cdataLimit  = 4 << 20
	depthLimit  = 256
	listedLimit = 200
)

// Inside is what stands in a document.
type Inside struct {
	// Size is of the text in bytes of UTF-8.
	Size int64
	// Pictures are the first of them; a picture's number is its place here.
	Pictures []Picture
	// Unknown are the first elements that the interface does not have.
	Unknown []string
}

// Picture is a picture in a document.
type Picture struct {
	Path string // the way down to it by element names
	Size int    // bytes, about
}

// baseTables holds base-code tables, whose elements have the names of the tables.
const baseTables = "Jcdm_xx"

var (
	errBroken = errors.New("no XML that can be followed")
	attribute = regexp.MustCompile(`([\w:.-]+)\s*=\s*("[^"]*"|'[^']*')`)
)

// render reads a document to its end.
func (r *renderer) render(document io.Reader) error {
	counted := &counting{in: wire.Text(document)}
	r.in = bufio.NewReaderSize(counted, 64<<10)
	for {
		if err := r.text(); err != nil {
			return err
		}
		tag, err := r.tag()
		r.found.Size = counted.n
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = r.markup(tag)
		}
		if err != nil {
			return err
		}
	}
}

// counting counts what is read.
type counting struct {
	in io.Reader
	n  int64
}

// Read reads; see io.Reader.
func (c *counting) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.n += int64(n)
	return n, err
}

func (r *renderer) element() string {
	if len(r.path) == 0 {
		return ""
	}
	return r.path[len(r.path)-1]
}

// text copies what stands before the next tag.
func (r *renderer) text() error {
	var b strings.Builder
	length := 0
	image := imaged[r.element()]
	wanted := image && r.picture == len(r.found.Pictures)
	for {
		part, err := r.in.ReadSlice('<')
		if err == nil {
			_ = r.in.UnreadByte() // it was just read
			part = part[:len(part)-1]
		}
		length += len(part)
		if wanted {
			r.image.Write(part)
		}
		if !image && b.Len() < textLimit {
			b.Write(part[:min(len(part), textLimit-b.Len())])
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		break
	}
	if image && length > 0 {
		return r.pictureText(length)
	}
	return r.plainText(html.UnescapeString(b.String()), b.String(), length)
}

// pictureText writes a note in the place of a picture.
func (r *renderer) pictureText(length int) error {
	if len(r.found.Pictures) < listedLimit {
		r.found.Pictures = append(r.found.Pictures, Picture{Path: "/" + strings.Join(r.path, "/"), Size: length * 3 / 4})
	}
	return r.write(pictureNote(length), afterText)
}

func (r *renderer) plainText(text, raw string, length int) error {
	if strings.TrimSpace(text) == "" {
		if r.indent || text == "" {
			return nil
		}
		return r.write(raw, r.after)
	}
	hidden := !r.reveal && !shown[r.element()] || secret[r.element()]
	if hidden {
		raw = escaped(mask(r.element(), text))
	}
	if err := r.write(raw, afterText); err != nil || length <= textLimit {
		return err
	}
	return r.write("…", afterText)
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}

// tag reads a tag, comment, instruction or CDATA with its brackets.
func (r *renderer) tag() (string, error) {
	var b strings.Builder
	var scan tagScan
	for b.Len() < tagLimit || strings.HasPrefix(b.String(), cdataStart) && b.Len() < cdataLimit {
		c, err := r.in.ReadByte()
		if errors.Is(err, io.EOF) && b.Len() > 0 {
			return "", errBroken
		}
		if err != nil {
			return "", err
		}
		b.WriteByte(c)
		if scan.ends(c, b.String()) {
			return b.String(), nil
		}
	}
	return "", errBroken
}

// tagScan finds the end of a tag: brackets in quotes do not end it, nor those
// inside the square ones of a definition.
type tagScan struct {
	quote byte
	depth int
}

// ends reports whether a text, which goes on with each character c, is whole.
func (s *tagScan) ends(c byte, text string) bool {
	switch {
	case strings.HasPrefix(text, "<!--"):
		return len(text) >= len("<!---->") && strings.HasSuffix(text, "-->")
	case strings.HasPrefix(text, cdataStart):
		return strings.HasSuffix(text, "]]>")
	case s.quote != 0:
		if c == s.quote {
			s.quote = 0
		}
		return false
	}
	switch c {
	case '"', '\'':
		s.quote = c
	case '[':
		s.depth++
	case ']':
		s.depth--
	case '>':
		return s.depth <= 0
	}
	return false
}

// markup copies a tag as far as it may be seen.
func (r *renderer) markup(tag string) error {
	switch {
	case strings.HasPrefix(tag, "<?xml "):
		return r.write(tag, afterClose)
	case strings.HasPrefix(tag, cdataStart):
		text := tag[len(cdataStart) : len(tag)-len("]]>")]
		if imaged[r.element()] {
			return r.pictureText(len(text))
		}
		return r.plainText(text, escaped(text), len(text))
	case strings.HasPrefix(tag, "<!"), strings.HasPrefix(tag, "<?"):
		if r.reveal {
			return r.write(tag, afterClose)
		}
		return nil // nobody knows what a comment or a definition holds
	case strings.HasPrefix(tag, "</"):
		return r.close(tag)
	}
	return r.open(tag)
}

func (r *renderer) open(tag string) error {
	name := localName(strings.Trim(tag, "<>"))
	if name == "" || len(r.path) >= depthLimit {
		return errBroken
	}
	r.path = append(r.path, name)
	if !known(name) && !slices.Contains(r.path, baseTables) && len(r.found.Unknown) < listedLimit {
		r.found.Unknown = append(r.found.Unknown, "/"+strings.Join(r.path, "/"))
	}
	if !r.reveal {
		tag = attribute.ReplaceAllStringFunc(tag, maskAttribute)
	}
	if err := r.line(len(r.path) - 1); err != nil {
		return err
	}
	if strings.HasSuffix(tag, "/>") {
		r.path = r.path[:len(r.path)-1]
		return r.write(tag, afterClose)
	}
	return r.write(tag, afterOpen)
}

func (r *renderer) close(tag string) error {
	if len(r.path) == 0 {
		return errBroken
	}
	r.path = r.path[:len(r.path)-1]
	if r.after == afterClose {
		if err := r.line(len(r.path)); err != nil {
			return err
		}
	}
	return r.write(tag, afterClose)
}

// maskAttribute hides an attribute unless it is of the document itself.
func maskAttribute(a string) string {
	name, _, _ := strings.Cut(a, "=")
	name = strings.TrimSpace(name)
	if name == "version" || name == "xmlns" || strings.HasPrefix(name, "xmlns:") {
		return a
	}
	return name + `="***"`
}

// line begins a line where documents are laid out.
func (r *renderer) line(depth int) error {
	if !r.indent || r.after == atStart {
		return nil
	}
	return r.write("\n"+strings.Repeat("  ", depth), r.after)
}

func (r *renderer) write(s string, now written) error {
	r.after = now
	_, err := io.WriteString(r.out, s)
	return err
}

// localName is the name of an element without prefix, from what stands in its tag.
func localName(tag string) string {
	if at := strings.IndexAny(tag, " \t\r\n/"); at >= 0 {
		tag = tag[:at]
	}
	if at := strings.LastIndexByte(tag, ':'); at >= 0 {
		tag = tag[at+1:]
	}
	return tag
}

// bytesOf decodes the picture that was wanted.
func (r *renderer) bytesOf() ([]byte, error) {
	b, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, strings.NewReader(strings.Join(strings.Fields(r.image.String()), ""))))
	if err != nil {
		return nil, fmt.Errorf("decode picture: %w", err)
	}
	return b, nil
}
