package authority

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/openbeian/beian/internal/authority/wire"
)

// EventRow is one value of an event's documents.
type EventRow struct {
	// Path is the way to it by the names of package wire, such as
	// Website.Domains.0.Name.
	Path          string
	Before, After string
	// Changed says that it differs; without a document before nothing does.
	Changed bool
	// Personal says that it is masked unless revealed.
	Personal bool
}

// eventRows puts two documents side by side, in the order of the later one.
func eventRows(before, after json.RawMessage, plain bool) []EventRow {
	was, is := flatten(before), flatten(after)
	old := map[string]string{}
	for _, v := range was {
		old[v.path] = v.text
	}
	var out []EventRow
	seen := map[string]bool{}
	for _, v := range is {
		seen[v.path] = true
		out = append(out, EventRow{Path: v.path, Before: old[v.path], After: v.text, Changed: len(was) > 0 && old[v.path] != v.text})
	}
	for n, v := range was {
		if seen[v.path] {
			continue
		}
		row := EventRow{Path: v.path, Before: v.text, Changed: len(is) > 0}
		if at := placeAmong(out, was[:n]); at >= 0 {
			out = slices.Insert(out, at+1, row)
		} else {
			out = append(out, row)
		}
		seen[v.path] = true
	}
	for i := range out {
		if out[i].Personal = isPersonal(out[i].Path); out[i].Personal && !plain {
			out[i].Before, out[i].After = hide(out[i].Before), hide(out[i].After)
		}
	}
	return out
}

// placeAmong is where the last of some values stands among the rows; -1 nowhere.
func placeAmong(rows []EventRow, values []flat) int {
	for _, v := range slices.Backward(values) {
		if at := slices.IndexFunc(rows, func(r EventRow) bool { return r.Path == v.path }); at >= 0 {
			return at
		}
	}
	return -1
}

// flat is one value of a document.
type flat struct{ path, text string }

// flatten lists the values of a document in its order. Pictures and elements
// without a type are left out, numbers of lists are joined, addresses are
// written as people write them.
func flatten(document json.RawMessage) []flat {
	if len(document) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(document))
	d.UseNumber()
	var out []flat
	if err := flattenValue(d, "", &out); err != nil && !errors.Is(err, io.EOF) {
		return nil
	}
	return out
}

func flattenValue(d *json.Decoder, path string, out *[]flat) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	switch t := t.(type) {
	case json.Delim:
		if t == '[' {
			return flattenList(d, path, out)
		}
		return flattenObject(d, path, out)
	case string:
		put(out, path, t)
	case json.Number:
		put(out, path, number(path, t))
	case bool:
		put(out, path, strconv.FormatBool(t))
	}
	return nil
}

func put(out *[]flat, path, text string) {
	if text != "" {
		*out = append(*out, flat{path, text})
	}
}

func number(path string, n json.Number) string {
	value, err := n.Int64()
	switch {
	case err != nil:
		return n.String()
	case slices.Contains([]string{"IP", "First", "Last", "OutsideFirst", "OutsideLast", "OtherFirst", "OtherLast"}, leaf(path)):
		return wire.IPv4Text(value)
	case value == 0 && !slices.Contains([]string{"Kind", "Change", "Result", "OnBehalf"}, leaf(path)):
		return "" // absent
	}
	return n.String()
}

func flattenObject(d *json.Decoder, path string, out *[]flat) error {
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		name := fmt.Sprint(t)
		var skipped []flat
		into := out
		if name == "Other" || name == "Scans" || name == "XMLName" {
			into = &skipped
		}
		if err := flattenValue(d, below(path, name), into); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

// flattenList joins numbers, and numbers the rest.
func flattenList(d *json.Decoder, path string, out *[]flat) error {
	var list []flat
	plain := true
	for i := 0; d.More(); i++ {
		at := below(path, strconv.Itoa(i))
		n := len(list)
		if err := flattenValue(d, at, &list); err != nil {
			return err
		}
		plain = plain && len(list) == n+1 && list[n].path == at
	}
	if _, err := d.Token(); err != nil {
		return err
	}
	if !plain {
		*out = append(*out, list...)
		return nil
	}
	texts := make([]string, len(list))
	for i := range list {
		texts[i] = list[i].text
	}
	put(out, strings.TrimSuffix(path, ".IDs"), strings.Join(texts, ", "))
	return nil
}

func leaf(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// personal are the values that name or reach a person, by the last part of
// their path.
var personal = []string{"Number", "Street", "Mobile", "Email", "OfficePhone", "MSN", "QQ", "CertificateNumber", "Reviewer", "Phone", "Investor"}

// isPersonal tells the values that are masked: those, names of subjects and
// persons (a person's filing bears the person's name), and the address on a
// certificate.
func isPersonal(path string) bool {
	last := leaf(path)
	if slices.Contains(personal, last) {
		return !strings.Contains(path, "Approvals.") // the number of an approval
	}
	parent := ""
	for part := range strings.SplitSeq(strings.TrimSuffix(path, "."+last), ".") {
		if strings.Trim(part, "0123456789") != "" {
			parent = part
		}
	}
	switch last {
	case "Name":
		return parent == "Subject" || parent == "Principal" || parent == "SubjectFinding"
	case "Address":
		return parent == "Certificate"
	}
	return false
}

// hide masks a text but for its first character.
func hide(text string) string { return mask("Dwmc", text) }

func sortUnknown(list []UntypedElement) {
	slices.SortFunc(list, func(a, b UntypedElement) int { return strings.Compare(a.Path, b.Path) })
}
