package wire

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/openbeian/beian/internal/icp"
)

const (
	// DefaultMaxRecord is the largest record in bytes that [Stream] hands out.
	DefaultMaxRecord = 16 << 20
	// progressStep is how many bytes are read between two calls of Progress.
	progressStep = 256 << 10
)

// StreamOptions are the settings of [Stream]; zero values have a meaning.
type StreamOptions struct {
	// Progress is told how many bytes have been read so far: every 256 KB, and
	// at the end. nil tells nobody.
	Progress func(read int64)
	// MaxRecord is the largest record in bytes of UTF-8 text; 0 means
	// [DefaultMaxRecord].
	MaxRecord int64
}

// Record is one record of a download.
type Record struct {
	// Path is the way down to it, such as ICP/BASJ/Baxx or SJTB/IP/Iply/Lyxx; the
	// same kind of record may stand in two places.
	Path string
	// Number counts the records from 1.
	Number int64
	// Value is the record, such as a *FiledRecord or, of base codes, a whole
	// *BaseCodeTable; a *Raw for an element without a type; nil for a record that
	// is too large.
	Value any
	// Faults lists numbers that could not be read and, with
	// "wire.record_too_large", that the record was left out.
	Faults []icp.FieldError
}

// StreamSummary says how far a stream was read, after an error too.
type StreamSummary struct {
	// Version is the version of the document.
	Version string
	// Records counts what was handed out, TooLarge what of it had no value.
	Records, TooLarge int64
	// Bytes counts what was read of the source.
	Bytes int64
}

// Stream reads a downloaded document of any size, as leniently as
// [DecodeDownload], and hands its records to each one by one; Value belongs to
// the callback. It holds one record at a time. An error of the callback ends it
// and is given back as it is, as are errors of the reader; ctx ends it too. A
// document that cannot be read any further is icp.Invalid: what came before has
// been handed out by then, so a caller that must have all or nothing keeps the
// effects in one transaction.
func Stream(ctx context.Context, r io.Reader, each func(Record) error, o StreamOptions) (StreamSummary, error) {
	source := &source{ctx: ctx, in: r, progress: o.Progress}
	text := textReader(source)
	s := &streamer{ctx: ctx, each: each, max: o.MaxRecord, in: newLenient(text, reflect.TypeFor[DownloadData](), true)}
	if s.max <= 0 {
		s.max = DefaultMaxRecord
	}
	err := s.document()
	if err == nil {
		_, err = io.Copy(io.Discard, text) // whoever feeds the source may have a last word
	}
	s.done.Bytes = source.read
	switch {
	case source.err != nil:
		return s.done, source.err
	case s.refused != nil:
		return s.done, s.refused
	case err != nil:
		return s.done, unreadable(err)
	}
	if o.Progress != nil {
		o.Progress(source.read)
	}
	return s.done, nil
}

// source counts bytes, and keeps its error, which may come up while somebody
// reads ahead.
type source struct {
	ctx      context.Context
	in       io.Reader
	progress func(int64)
	read     int64
	told     int64
	err      error // not io.EOF
}

// Read reads; see io.Reader.
func (s *source) Read(p []byte) (int, error) {
	if s.err == nil {
		s.err = s.ctx.Err()
	}
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.in.Read(p)
	s.read += int64(n)
	if s.progress != nil && s.read-s.told >= progressStep {
		s.told = s.read
		s.progress(s.read)
	}
	if err != nil && err != io.EOF { // not one that wraps it
		s.err = err
	}
	return n, err
}

type streamer struct {
	ctx     context.Context
	in      *lenient
	each    func(Record) error
	max     int64
	done    StreamSummary
	refused error // of the callback, or of the context
}

// document reads the root element and everything in it.
func (s *streamer) document() error {
	for {
		t, err := s.in.Token()
		if err != nil {
			return err
		}
		root, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		if root.Name.Local != "DownloadData" {
			return fmt.Errorf("root element is %s", root.Name.Local)
		}
		for _, a := range root.Attr {
			if a.Name.Local == "version" {
				s.done.Version = a.Value
			}
		}
		return s.container(reflect.TypeFor[DownloadData](), "")
	}
}

// container reads up to the end of the present element.
func (s *streamer) container(t reflect.Type, path string) error {
	for {
		token, err := s.in.Token()
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			at := path + token.Name.Local
			below, record := inContainer(t, token.Name.Local)
			if record {
				err = s.record(below, token, at)
			} else {
				err = s.container(below, at+"/")
			}
			if err != nil {
				return err
			}
		}
	}
}

// inContainer gives the type of an element directly inside a container, and
// whether it is a record; what has no type counts as one.
func inContainer(t reflect.Type, name string) (reflect.Type, bool) {
	for f := range t.Fields() {
		switch element := elementOf(f); {
		case element == name && isRecords(f):
			return f.Type.Elem(), true
		case element == name && f.Type.Kind() == reflect.Pointer:
			return f.Type.Elem(), false
		case element == name:
			return f.Type, false
		case element == "*" && isRecords(f):
			return f.Type.Elem(), true
		}
	}
	return reflect.TypeFor[Raw](), true
}

// record reads one record and hands it out.
func (s *streamer) record(t reflect.Type, start xml.StartElement, path string) error {
	if s.refused = s.ctx.Err(); s.refused != nil {
		return s.refused
	}
	s.in.faults = nil
	s.in.limit = s.in.in.InputOffset() + s.max
	depth := len(s.in.path)
	v := reflect.New(t)
	err := xml.NewTokenDecoder(&element{start: &start, in: s.in}).Decode(v.Interface())
	s.in.limit = 0
	r := Record{Path: path, Number: s.done.Records + 1, Value: v.Interface(), Faults: s.in.faults}
	if errors.Is(err, errLargeRecord) {
		err = s.skip(depth)
		s.done.TooLarge++
		r.Value, r.Faults = nil, []icp.FieldError{{Pointer: "/DownloadData/" + path, Code: "wire.record_too_large"}}
	}
	if err != nil {
		return err
	}
	s.done.Records++
	s.refused = s.each(r)
	return s.refused
}

// skip leaves out the rest of an element that stands at a depth.
func (s *streamer) skip(depth int) error {
	for len(s.in.path) >= depth {
		if _, err := s.in.Token(); err != nil {
			return err
		}
	}
	return nil
}

// element is the tokens of one element whose start has been read.
type element struct {
	start *xml.StartElement
	in    *lenient
}

// Token gives the next token; see xml.TokenReader.
func (e *element) Token() (xml.Token, error) {
	if t := e.start; t != nil {
		e.start = nil
		return *t, nil
	}
	return e.in.Token()
}

// Unknown gathers the elements of a record, at any depth, that have no type
// here; a record that has none itself is its own only one.
func (r Record) Unknown() []Unknown {
	switch v := r.Value.(type) {
	case nil:
		return nil
	case *Raw:
		return []Unknown{{Path: "/" + r.Path, Raw: *v}}
	default:
		return unknownIn(reflect.ValueOf(v), "/"+r.Path, nil)
	}
}
