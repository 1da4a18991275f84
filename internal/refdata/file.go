package refdata

import (
	"bytes"
	"embed"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

//go:embed data
var embedded embed.FS

// Edition says where a table comes from.
type Edition struct {
	Table   string `json:"table"`
	Source  string `json:"source"`
	AsOf    string `json:"as_of"` // the day whose state the file shows, 2006-01-02
	Licence string `json:"licence,omitempty"`
	Note    string `json:"note,omitempty"`
	// Origin says whose edition it is. Only files that FromBaseCodes writes
	// state it; see [File].
	Origin Origin `json:"origin,omitempty"`
}

// Origin says who made an edition of a file.
type Origin string

// The origins of files.
const (
	FromProduct   Origin = "builtin"   // comes with the product
	FromOperator  Origin = "operator"  // the operator's own
	FromAuthority Origin = "authority" // written from the authority's base codes
)

func (e Edition) check(table string) error {
	if e.Table != table {
		return fmt.Errorf("table is %q", e.Table)
	}
	if e.Source == "" {
		return fmt.Errorf("source is missing")
	}
	if _, err := time.Parse(time.DateOnly, e.AsOf); err != nil {
		return fmt.Errorf("as_of: %w", err)
	}
	if e.Origin != "" && e.Origin != FromAuthority {
		return fmt.Errorf("origin %q is not for files to say", e.Origin)
	}
	return nil
}

// FileError is a fault of a reference file.
type FileError struct {
	File string
	// Row counts the rows from 1, Line the lines; 0 when the fault is not in one.
	Row, Line int
	Err       error
}

func (e *FileError) Error() string {
	at := ""
	switch {
	case e.Row > 0:
		at = fmt.Sprintf(", row %d", e.Row)
	case e.Line > 0:
		at = fmt.Sprintf(", line %d", e.Line)
	}
	return fmt.Sprintf("read %s%s: %v", e.File, at, e.Err)
}

func (e *FileError) Unwrap() error { return e.Err }

// loader reads files one after another and keeps the first error.
type loader struct {
	given map[string][]byte // in place of embedded ones
	files []File
	err   error
}

// file gives the bytes of a file; nil after an error.
func (l *loader) file(name string) []byte {
	if l.err != nil {
		return nil
	}
	if data, ok := l.given[name]; ok {
		return data
	}
	data, err := embedded.ReadFile("data/" + name)
	if err != nil {
		l.fail(name, err)
		return nil
	}
	return data
}

func (l *loader) fail(name string, err error) { l.failAt(name, 0, err) }

// failRow is fail for row i, counted from 0.
func (l *loader) failRow(name string, i int, err error) { l.failAt(name, i+1, err) }

func (l *loader) failAt(name string, row int, err error) {
	if l.err == nil && err != nil {
		l.err = &FileError{File: name, Row: row, Err: err}
	}
}

// head keeps what a file tells of itself and how many rows it has.
func (l *loader) head(name string, e Edition, rows, provisional int) {
	table, _, _ := strings.Cut(name, ".")
	if err := e.check(table); err != nil {
		l.fail(name, err)
		return
	}
	if _, given := l.given[name]; !given {
		e.Origin = FromProduct
	} else if e.Origin == "" {
		e.Origin = FromOperator
	}
	l.files = append(l.files, File{Name: name, Edition: e, Rows: rows, Provisional: provisional})
}

// readJSON fills into from a file, refusing what it does not know.
func (l *loader) readJSON(name string, into any) bool {
	data := l.file(name)
	if l.err != nil {
		return false
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			err = errors.New("text after the end")
		}
	}
	if err != nil {
		l.err = &FileError{File: name, Line: lineOf(data, offsetOf(err, d.InputOffset())), Err: err}
		return false
	}
	return true
}

// offsetOf gives the place of a decoding error, else where the decoder stands.
func offsetOf(err error, now int64) int64 {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return syntax.Offset
	case errors.As(err, &kind):
		return kind.Offset
	}
	return now
}

// lineOf gives the line of a place in a text, from 1.
func lineOf(data []byte, offset int64) int {
	return bytes.Count(data[:min(int64(len(data)), max(offset, 0))], []byte("\n")) + 1
}

// readCodes reads a table with numeric ids.
func readCodes[R interface{ coded() Coded }](l *loader, name string) codeTable[R] {
	var f struct {
		Edition
		Rows []R `json:"rows"`
	}
	if !l.readJSON(name, &f) {
		return codeTable[R]{}
	}
	t := codeTable[R]{rows: f.Rows, index: make(map[int]int, len(f.Rows))}
	provisional := 0
	for i, r := range f.Rows {
		c := r.coded()
		if _, twice := t.index[c.ID]; twice {
			l.failRow(name, i, fmt.Errorf("id %d stands twice", c.ID))
		}
		if c.ZH == "" || c.EN == "" {
			l.failRow(name, i, fmt.Errorf("id %d lacks a name", c.ID))
		}
		l.failRow(name, i, c.check())
		t.index[c.ID] = i
		if c.Provisional {
			provisional++
		}
	}
	l.head(name, f.Edition, len(f.Rows), provisional)
	return t
}

// readCSV reads a file whose head is lines "# key: value" and whose records
// have n fields.
func (l *loader) readCSV(name string, n int) [][]string {
	data := l.file(name)
	if l.err != nil {
		return nil
	}
	e := Edition{}
	keys := map[string]*string{"table": &e.Table, "source": &e.Source, "as_of": &e.AsOf, "licence": &e.Licence, "note": &e.Note, "origin": (*string)(&e.Origin)}
	for line := range strings.Lines(string(data)) {
		head, ok := strings.CutPrefix(line, "# ")
		if !ok {
			break
		}
		key, value, _ := strings.Cut(head, ": ")
		if p := keys[key]; p != nil {
			*p = strings.TrimSpace(value)
		}
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.Comment, r.FieldsPerRecord = '#', n
	records, err := r.ReadAll()
	l.fail(name, err) // it tells the line
	l.head(name, e, len(records), 0)
	return records
}
