package wire

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	"github.com/openbeian/beian/internal/icp"
)

// maxDepth bounds how deep elements may stand in each other; the interface needs
// ten.
const maxDepth = 64

var (
	errTooDeep     = errors.New("elements stand too deep in each other")
	errLargeRecord = errors.New("a record is larger than allowed")
)

// lenient is a token stream without namespaces, with the schema's names, with
// nothing but numbers inside elements that hold numbers, and without such
// elements that are empty. What is inside an element without a type stays as it
// is.
type lenient struct {
	in         *xml.Decoder
	root       *shape
	downloaded bool // names may be spelled otherwise than in the schema
	held       []xml.Token
	path       []step
	faults     []icp.FieldError
	// limit is where in the text the present record has to end; 0 means
	// anywhere.
	limit int64
}

// step is an element on the way down to the present place.
type step struct {
	name  string
	shape *shape
}

// newLenient reads UTF-8 text whose root element is of a type. A download may
// have entities that nobody declared: they stay as they are.
func newLenient(text io.Reader, root reflect.Type, downloaded bool) *lenient {
	d := newDecoder(text)
	d.Strict = !downloaded
	return &lenient{in: d, root: shapeOf(root), downloaded: downloaded}
}

// Token gives the next token; see xml.TokenReader.
func (l *lenient) Token() (xml.Token, error) {
	for {
		t, err := l.next()
		if err != nil {
			return nil, err
		}
		if l.limit > 0 && l.in.InputOffset() > l.limit {
			l.held = append([]xml.Token{xml.CopyToken(t)}, l.held...)
			return nil, errLargeRecord
		}
		switch t := t.(type) {
		case xml.StartElement:
			if whole, err := l.start(&t); err != nil || whole {
				return t, err
			}
		case xml.EndElement:
			return l.end(t)
		case xml.CharData:
			return t, nil
		default: // comments, instructions, document types
		}
	}
}

func (l *lenient) next() (xml.Token, error) {
	if len(l.held) > 0 {
		t := l.held[0]
		l.held = l.held[1:]
		return t, nil
	}
	return l.in.RawToken()
}

// start takes an element in. It is false for one that should hold a number but
// does not: that is left out with its end.
func (l *lenient) start(t *xml.StartElement) (bool, error) {
	raw := t.Name
	if len(l.path) >= maxDepth {
		return false, errTooDeep
	}
	t.Name = l.name(raw)
	t.Attr = plainAttributes(t.Attr)
	at := step{t.Name.Local, l.root}
	if len(l.path) > 0 {
		at.shape = l.above().child(t.Name.Local)
	}
	l.path = append(l.path, at)
	if at.shape == nil || !at.shape.number {
		return true, nil
	}
	return l.number(raw)
}

// end leaves the present element.
func (l *lenient) end(t xml.EndElement) (xml.Token, error) {
	if len(l.path) == 0 {
		return nil, fmt.Errorf("nothing is there for %s to end", t.Name.Local)
	}
	open := l.path[len(l.path)-1].name
	l.path = l.path[:len(l.path)-1]
	if t.Name = l.name(t.Name); t.Name.Local != open {
		return nil, fmt.Errorf("%s is ended by %s", open, t.Name.Local)
	}
	return t, nil
}

// number takes in the content of an element that should hold a number; false
// when it does not.
func (l *lenient) number(raw xml.Name) (bool, error) {
	text, after, err := l.textOf()
	if err != nil {
		return false, err
	}
	text = strings.TrimSpace(text)
	if _, ok := after.(xml.StartElement); ok {
		text = "<"
		err = l.skip()
	} else if after.(xml.EndElement).Name != raw {
		l.held = append([]xml.Token{after}, l.held...) // whoever reads on will refuse it
		return true, nil
	}
	if _, bad := strconv.ParseInt(text, 10, 64); bad == nil {
		l.held = append([]xml.Token{xml.CharData(text), after}, l.held...)
		return true, nil
	}
	if text != "" {
		l.faults = append(l.faults, icp.FieldError{Pointer: l.pointer(), Code: "wire.not_a_number"})
	}
	l.path = l.path[:len(l.path)-1]
	return false, err
}

// skip leaves out the rest of two elements, one inside the other.
func (l *lenient) skip() error {
	for depth := 2; depth > 0; {
		t, err := l.next()
		if err != nil {
			return err
		}
		switch t.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
	}
	return nil
}

// textOf reads the text up to the next element or end, and that too.
func (l *lenient) textOf() (string, xml.Token, error) {
	var text strings.Builder
	for {
		t, err := l.next()
		if err != nil {
			return "", nil, err
		}
		switch t := t.(type) {
		case xml.CharData:
			text.Write(t)
		case xml.StartElement, xml.EndElement:
			return text.String(), xml.CopyToken(t), nil
		default: // comments and instructions
		}
	}
}

// above gives the shape of the element that the present place is in.
func (l *lenient) above() *shape {
	if len(l.path) == 0 {
		return nil
	}
	return l.path[len(l.path)-1].shape
}

// name gives the schema's name of a child of the present element.
func (l *lenient) name(n xml.Name) xml.Name {
	if !l.downloaded {
		return xml.Name{Local: n.Local}
	}
	return xml.Name{Local: l.above().spelled(n.Local)}
}

func (l *lenient) pointer() string {
	var b strings.Builder
	for _, s := range l.path {
		b.WriteString("/" + s.name)
	}
	return b.String()
}
