package wire

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// Class says what to do about a code.
type Class string

// The classes.
const (
	ClassOK               Class = "ok"                // done
	ClassMore             Class = "more"              // done, call again at once
	ClassIdle             Class = "idle"              // done, nothing is waiting
	ClassRetry            Class = "retry"             // later, the same again
	ClassFixConfiguration Class = "fix_configuration" // stop and tell the operator
	ClassBackToProvider   Class = "back_to_provider"  // the provider's reviewer mends the data
	ClassBackToApplicant  Class = "back_to_applicant" // the applicant mends the data
	ClassFinal            Class = "final"             // nothing to mend; the request ends
)

// MethodCode is what msg_code of a reply means.
type MethodCode struct {
	Code  int64
	Class Class
	ZH    string // one sentence for staff, Chinese
	EN    string // the same in English
}

// DataCode is what Jgdm of a result means.
type DataCode struct {
	Code  int64
	Class Class
	// Field names what the code complains about, such as "website.domain" or
	// "principal.email"; empty when it names no field.
	Field string
	ZH    string
	EN    string
}

//go:embed codes.csv
var codesCSV []byte

type codeTables struct {
	method map[int64]MethodCode
	data   map[int64]DataCode
}

var tables = sync.OnceValue(func() codeTables {
	t, err := parseCodes(codesCSV)
	if err != nil {
		panic("wire: codes.csv: " + err.Error()) // the file is part of the program
	}
	return t
})

// MethodCodeOf looks up a method code. An unknown code is treated as 999: retry
// with growing pauses and tell the operator.
func MethodCodeOf(code int64) MethodCode {
	if c, ok := tables().method[code]; ok {
		return c
	}
	c := tables().method[999]
	c.Code = code
	return c
}

// DataCodeOf looks up a data code. An unknown code is treated as 1999: the
// provider's reviewer has to look at it.
func DataCodeOf(code int64) DataCode {
	if c, ok := tables().data[code]; ok {
		return c
	}
	c := tables().data[1999]
	c.Code = code
	return c
}

// parseCodes reads rows of kind, code or range, class, field, zh, en.
func parseCodes(b []byte) (codeTables, error) {
	r := csv.NewReader(bytes.NewReader(b))
	r.Comment, r.FieldsPerRecord = '#', 6
	rows, err := r.ReadAll()
	if err != nil {
		return codeTables{}, err
	}
	t := codeTables{method: map[int64]MethodCode{}, data: map[int64]DataCode{}}
	for _, row := range rows {
		from, to, ranged := strings.Cut(row[1], "-")
		if !ranged {
			to = from
		}
		lo, err1 := strconv.ParseInt(from, 10, 64)
		hi, err2 := strconv.ParseInt(to, 10, 64)
		if err1 != nil || err2 != nil || lo > hi {
			return codeTables{}, fmt.Errorf("bad code %q", row[1])
		}
		for code := lo; code <= hi; code++ {
			if err := t.add(row, code); err != nil {
				return codeTables{}, err
			}
		}
	}
	return t, nil
}

func (t codeTables) add(row []string, code int64) error {
	_, isMethod := t.method[code]
	_, isData := t.data[code]
	switch {
	case row[0] == "method" && !isMethod:
		t.method[code] = MethodCode{Code: code, Class: Class(row[2]), ZH: row[4], EN: row[5]}
	case row[0] == "data" && !isData:
		t.data[code] = DataCode{Code: code, Class: Class(row[2]), Field: row[3], ZH: row[4], EN: row[5]}
	default:
		return fmt.Errorf("%s code %d stands twice or is of no kind", row[0], code)
	}
	return nil
}
