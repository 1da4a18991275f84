package refdata

import (
	"bytes"
	"embed"
	"encoding/csv"
	"encoding/json"
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
}

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
	return nil
}

// loader reads files one after another and keeps the first error.
type loader struct {
	files    map[string][]byte // in place of embedded ones
	editions []Edition
	err      error
}

// file gives the bytes of a file; nil after an error.
func (l *loader) file(name string) []byte {
	if l.err != nil {
		return nil
	}
	if data, ok := l.files[name]; ok {
		return data
	}
	data, err := embedded.ReadFile("data/" + name)
	if err != nil {
		l.fail(name, err)
		return nil
	}
	return data
}

func (l *loader) fail(name string, err error) {
	if l.err == nil && err != nil {
		l.err = fmt.Errorf("read %s: %w", name, err)
	}
}

func (l *loader) edition(name string, e Edition) {
	table, _, _ := strings.Cut(name, ".")
	if err := e.check(table); err != nil {
		l.fail(name, err)
		return
	}
	l.editions = append(l.editions, e)
}

// readJSON fills into from a file, refusing what it does not know.
func (l *loader) readJSON(name string, into any) bool {
	data := l.file(name)
	if l.err != nil {
		return false
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		l.fail(name, err)
		return false
	}
	if _, err := d.Token(); err != io.EOF {
		l.fail(name, fmt.Errorf("text after the end"))
		return false
	}
	return true
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
	l.edition(name, f.Edition)
	t := codeTable[R]{rows: f.Rows, index: make(map[int]int, len(f.Rows))}
	for i, r := range f.Rows {
		c := r.coded()
		if _, twice := t.index[c.ID]; twice {
			l.fail(name, fmt.Errorf("id %d stands twice", c.ID))
		}
		if c.ZH == "" || c.EN == "" {
			l.fail(name, fmt.Errorf("id %d lacks a name", c.ID))
		}
		l.fail(name, c.check())
		t.index[c.ID] = i
	}
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
	keys := map[string]*string{"table": &e.Table, "source": &e.Source, "as_of": &e.AsOf, "licence": &e.Licence, "note": &e.Note}
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
	l.edition(name, e)
	r := csv.NewReader(bytes.NewReader(data))
	r.Comment, r.FieldsPerRecord = '#', n
	records, err := r.ReadAll()
	l.fail(name, err)
	return records
}
