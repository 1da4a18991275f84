package inventory

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
)

// Bounds of an imported file.
const (
	MaxImportBytes = 8 << 20
	MaxImportRows  = 10_000
)

// Columns are the header names of an imported file, in the order of the
// template. Each has a Chinese name too; order and unknown columns do not
// matter, and only public_ip, bought_months and expires_at may be left out.
func Columns() []string {
	return []string{"external_id", "account", "name", "region", "mainland", "public_ip", "billing", "bought_months", "expires_at"}
}

// columnNames are the spellings of a header, in lower case without spaces.
var columnNames = map[string]string{
	"资源编号": "external_id", "资源id": "external_id", "账号": "account", "名称": "name", "地域": "region",
	"中国内地": "mainland", "公网ip": "public_ip", "计费方式": "billing", "购买月数": "bought_months", "到期时间": "expires_at",
}

func init() {
	for _, c := range Columns() {
		columnNames[c] = c
	}
}

// optional columns may be missing from the header.
var optional = map[string]bool{"public_ip": true, "bought_months": true, "expires_at": true}

var yes = map[string]bool{"true": true, "yes": true, "1": true, "是": true, "false": false, "no": false, "0": false, "否": false}

var billings = map[string]string{Prepaid: Prepaid, "包年包月": Prepaid, PayAsYouGo: PayAsYouGo, "按量计费": PayAsYouGo}

// expiryForms are the forms of expires_at besides RFC 3339, in Beijing time.
var expiryForms = []string{"2006-01-02 15:04:05", "2006-01-02 15:04", "2006/1/2 15:04:05", "2006/1/2 15:04"}

// dayForms stand for the last moment of a day.
var dayForms = []string{"2006-01-02", "2006/1/2"}

// RowError is one fault of an imported file.
type RowError struct {
	Line   int               `json:"line"`             // 1 is the header
	Column string            `json:"column,omitempty"` // one of Columns; empty for the row as a whole
	Code   string            `json:"code"`             // message key
	Params map[string]string `json:"params,omitempty"`
}

// row is one line of the file that could be read.
type row struct {
	line int
	in   ServerInput
}

// rows reads a file row by row.
type rows struct {
	csv    *csv.Reader
	fields map[string]int // column → place
	count  int
	seen   map[string]int // external id → line
}

// errRows says that the file has more rows than MaxImportRows.
var errRows = icp.E(icp.Invalid, "server.import.too_many").With("max", strconv.Itoa(MaxImportRows))

// open reads the file, whatever its encoding, and its header. Its errors are
// icp.Invalid with a code under server.import.
func open(r io.Reader) (*rows, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxImportBytes+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > MaxImportBytes {
		return nil, icp.E(icp.Invalid, "server.import.too_large").With("max", strconv.Itoa(MaxImportBytes>>20))
	}
	text, err := decode(raw)
	if err != nil {
		return nil, err
	}
	out := &rows{csv: csv.NewReader(bytes.NewReader(text)), fields: map[string]int{}, seen: map[string]int{}}
	out.csv.FieldsPerRecord = -1
	out.csv.ReuseRecord = true
	header, err := out.csv.Read()
	if errors.Is(err, io.EOF) {
		return nil, icp.E(icp.Invalid, "server.import.empty")
	}
	if err != nil {
		return nil, icp.E(icp.Invalid, "server.import.form").Because(err)
	}
	for i, name := range header {
		if c := columnNames[strings.ToLower(strings.Join(strings.Fields(name), ""))]; c != "" {
			if _, twice := out.fields[c]; twice {
				return nil, icp.E(icp.Invalid, "server.import.column_twice").With("column", c)
			}
			out.fields[c] = i
		}
	}
	for _, c := range Columns() {
		if _, has := out.fields[c]; !has && !optional[c] {
			return nil, icp.E(icp.Invalid, "server.import.column_missing").With("column", c)
		}
	}
	return out, nil
}

// decode gives UTF-8 without a byte order mark. What is not UTF-8 is read as
// GB18030, which spreadsheet programs in China write.
func decode(raw []byte) ([]byte, error) {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if bytes.IndexByte(raw, 0) >= 0 {
		return nil, icp.E(icp.Invalid, "server.import.encoding") // UTF-16, a workbook, or no text at all
	}
	if utf8.Valid(raw) {
		return raw, nil
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return nil, icp.E(icp.Invalid, "server.import.encoding").Because(err)
	}
	return text, nil
}

// next gives the next row, or its faults; io.EOF at the end. Empty lines are
// passed over.
func (r *rows) next() (row, []RowError, error) {
	for {
		record, err := r.csv.Read()
		if errors.Is(err, io.EOF) {
			return row{}, nil, io.EOF
		}
		r.count++
		if r.count > MaxImportRows {
			return row{}, nil, errRows
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			return row{}, []RowError{{Line: broken.StartLine, Code: "server.import.quote"}}, nil
		}
		if err != nil {
			return row{}, nil, err
		}
		if blank(record) {
			r.count--
			continue
		}
		line, _ := r.csv.FieldPos(0)
		in, faults := r.read(record, line)
		return row{line: line, in: in}, faults, nil
	}
}

func blank(record []string) bool {
	for _, f := range record {
		if strings.TrimSpace(f) != "" {
			return false
		}
	}
	return true
}

// read turns a record into an input; texts are copied, since the record's
// memory is used again.
func (r *rows) read(record []string, line int) (ServerInput, []RowError) {
	var faults []RowError
	fault := func(column, code string) { faults = append(faults, RowError{Line: line, Column: column, Code: code}) }
	field := func(column string) string {
		i, has := r.fields[column]
		if !has || i >= len(record) {
			return ""
		}
		return strings.Clone(strings.TrimSpace(record[i]))
	}
	in := ServerInput{ExternalID: field("external_id"), Account: field("account"), Name: field("name"), Region: field("region"),
		PublicIP: field("public_ip"), Billing: billings[strings.ToLower(field("billing"))]}
	var ok bool
	if in.Mainland, ok = yes[strings.ToLower(field("mainland"))]; !ok {
		fault("mainland", "server.mainland")
	}
	if s := field("bought_months"); s != "" {
		var err error
		if in.BoughtMonths, err = strconv.Atoi(s); err != nil {
			fault("bought_months", "server.bought_months")
		}
	}
	expiryRead := true
	if s := field("expires_at"); s != "" {
		if in.ExpiresAt, expiryRead = expiry(s); !expiryRead {
			fault("expires_at", "server.expires_at.form")
		}
	}
	for _, f := range in.check() {
		if column := f.Pointer[1:]; column != "expires_at" || expiryRead {
			fault(column, f.Code)
		}
	}
	if first, twice := r.seen[in.ExternalID]; twice {
		faults = append(faults, RowError{Line: line, Column: "external_id", Code: "server.import.twice",
			Params: map[string]string{"line": strconv.Itoa(first)}})
	} else if in.ExternalID != "" {
		r.seen[in.ExternalID] = line
	}
	return in, faults
}

// expiry reads a date or time; a date alone means that the day is included.
func expiry(s string) (time.Time, bool) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return plausible(t)
	}
	for _, form := range expiryForms {
		if t, err := time.ParseInLocation(form, s, clock.Shanghai); err == nil {
			return plausible(t)
		}
	}
	for _, form := range dayForms {
		if t, err := time.ParseInLocation(form, s, clock.Shanghai); err == nil {
			return plausible(t.AddDate(0, 0, 1))
		}
	}
	return time.Time{}, false
}

// plausible refuses years that the database's microseconds cannot hold.
func plausible(t time.Time) (time.Time, bool) {
	return t.UTC(), t.Year() >= 2000 && t.Year() < 2200
}
