package refdata

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/openbeian/beian/internal/icp"
)

// BaseCodes are base-code tables of the authority (基础代码数据, JCDM) as one file
// brought them.
type BaseCodes struct {
	// File is the name of the authority's file.
	File string
	// Day is when it came; rows that it ends hold until the day before in China.
	Day time.Time
	// Tables maps a table of the interface, such as Dwxz_dms, to its rows.
	Tables map[string][]BaseCode
}

// BaseCode is a row of a base-code table. Columns that a table does not have
// are zero.
type BaseCode struct {
	ID    int64
	Name  string // Mc, or Nr or Ztmc where the table calls it so
	Valid bool   // Sfyx
	Ysid  int64
	// Parent is the row above (Pid, in tables of two levels).
	Parent int64
	// Level is that of a region (Lx), 1 to 3; 0 when it does not say.
	Level int
	// Nature is the kind of subject of a certificate type (Dwflid).
	Nature int64
	// NeedsApproval says that a content needs an approval document (Sfqzsp).
	NeedsApproval bool
	// Letters, Province and Licence belong to a bureau: Bm, Shengid, Shengjc.
	Letters  string
	Province int64
	Licence  string
}

// BaseCodesReport says what FromBaseCodes did.
type BaseCodesReport struct {
	Tables []TableReport `json:"tables"`
	// Unused are tables of the interface that this product has no table for.
	Unused []string `json:"unused,omitempty"`
}

// TableReport is what became of one file.
type TableReport struct {
	File    string `json:"file"`
	Changed bool   `json:"changed"`
	Added   int    `json:"added,omitempty"`
	Renamed int    `json:"renamed,omitempty"`
	Ended   int    `json:"ended,omitempty"`
	// Settled counts ids that were provisional before.
	Settled int `json:"settled,omitempty"`
	// Moved are rows whose id is another now. Answers given by the old id need
	// a look: it may mean another row now.
	Moved []MovedCode `json:"moved,omitempty"`
	// Extract says that the table brought less than half of the rows that hold
	// and ended none of the others.
	Extract bool `json:"extract,omitempty"`
	// Skipped names what could not be used, for the operator.
	Skipped []string `json:"skipped,omitempty"`
}

// MovedCode is a row with another id than before.
type MovedCode struct {
	Name string `json:"name"`
	From int    `json:"from"`
	To   int    `json:"to"`
}

// Changed reports whether any file changed.
func (r *BaseCodesReport) Changed() bool {
	return slices.ContainsFunc(r.Tables, func(t TableReport) bool { return t.Changed })
}

// FromBaseCodes carries the authority's tables into editions of our files and
// gives those that change, to set in place of the present ones. A row is the
// authority's when the name agrees, else the bit (Ysid), else an id that was not
// ours alone; it keeps what only we know, such as the English name. Unknown rows
// are added with the Chinese name for English. Rows that the authority has no
// more, or calls invalid, end the day before; none is deleted. Doing it again
// changes nothing. The error means that the result would not load.
func FromBaseCodes(t *Tables, codes BaseCodes) (map[string][]byte, BaseCodesReport, error) {
	m := &baseMerge{set: t.now(), codes: codes, ended: dayOf(codes.Day.AddDate(0, 0, -1)), files: map[string][]byte{}}
	m.natures()
	m.certificates()
	m.contents()
	m.approvals()
	m.access()
	mergePlain(m, "Yylb_dms", "languages.json", m.set.languages.rows, func(r *Coded) *Coded { return r })
	mergePlain(m, "Fjytlx_dms", "attachment_purposes.json", m.set.purposes.rows, func(r *Coded) *Coded { return r })
	mergePlain(m, "Zxly_dms", "cancel_reasons.json", m.set.reasons.rows, func(r *Coded) *Coded { return r })
	m.formats()
	m.bureaux()
	m.regions()
	for name := range codes.Tables {
		if !slices.Contains(m.used, name) {
			m.report.Unused = append(m.report.Unused, name)
		}
	}
	slices.Sort(m.report.Unused)
	if m.err != nil {
		return nil, m.report, m.err
	}
	if len(m.files) > 0 {
		if _, err := t.With(m.files); err != nil {
			return nil, m.report, err
		}
	}
	return m.files, m.report, nil
}

// baseMerge is one FromBaseCodes under way.
type baseMerge struct {
	set    *tableSet
	codes  BaseCodes
	ended  string // last day of rows that end
	used   []string
	files  map[string][]byte
	report BaseCodesReport
	err    error
}

// table gives the usable rows of a table of the interface; false when it did not
// come. An id that comes again counts once.
func (m *baseMerge) table(name string, r *TableReport) ([]BaseCode, bool) {
	m.used = append(m.used, name)
	rows := make([]BaseCode, 0, len(m.codes.Tables[name]))
	seen := map[int64]bool{}
	for _, c := range m.codes.Tables[name] {
		c.Name = plainName(c.Name)
		if c.ID < 1 || c.ID > 1<<31-1 || c.Name == "" {
			r.Skipped = append(r.Skipped, fmt.Sprintf("%s %d %q", name, c.ID, c.Name))
			continue
		}
		if !seen[c.ID] {
			seen[c.ID] = true
			rows = append(rows, c)
		}
	}
	return rows, len(rows) > 0
}

// plainName keeps what a name may hold in our files: no control characters,
// single spaces.
func plainName(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.Join(strings.Fields(s), " ")
}

// match tells whether a row of ours is one of the authority's.
type match[R any] func(*R, *BaseCode) bool

// merging is how one file with numeric ids takes a table over.
type merging[R any] struct {
	table, file string
	rows        []R
	coded       func(*R) *Coded
	matches     []match[R] // the first that finds a row counts
	fill        func(*R, *BaseCode)
	keepName    bool         // the authority's name is that of something else
	stays       func(R) bool // rows that never end; nil: none
}

// mergePlain takes a table over whose rows have nothing but id and name.
func mergePlain[R any](m *baseMerge, table, file string, rows []R, coded func(*R) *Coded) {
	runMerge(m, merging[R]{table: table, file: file, rows: rows, coded: coded, matches: usual(coded, nil)})
}

// usual matches by id and name, by name, by bit where there are bits, and by an id that is not
// provisional.
func usual[R any](coded func(*R) *Coded, ysid func(*R) int64) []match[R] {
	name := func(r *R, c *BaseCode) bool { return foldName(coded(r).ZH) == foldName(c.Name) }
	out := []match[R]{ // a name may stand in several places of a list of two levels
		func(r *R, c *BaseCode) bool { return int64(coded(r).ID) == c.ID && name(r, c) }, name}
	if ysid != nil {
		out = append(out, func(r *R, c *BaseCode) bool { return c.Ysid > 0 && ysid(r) == c.Ysid })
	}
	return append(out, func(r *R, c *BaseCode) bool { return !coded(r).Provisional && int64(coded(r).ID) == c.ID })
}

// foldName brings two spellings of a name together: width, brackets, spaces.
func foldName(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(s)), ""))
}

func runMerge[R any](m *baseMerge, how merging[R]) []R {
	report := TableReport{File: how.file}
	codes, ok := m.table(how.table, &report)
	if !ok {
		if len(report.Skipped) > 0 {
			m.report.Tables = append(m.report.Tables, report)
		}
		return how.rows
	}
	rows := slices.Clone(how.rows)
	found := pair(rows, codes, how.matches)
	report.Extract = isExtract(rows, codes, m.codes.Day, how.coded)
	taken := map[int]bool{}
	for i := range codes {
		taken[int(codes[i].ID)] = true
	}
	for i := range rows {
		if c := how.coded(&rows[i]); found[i] == nil && taken[c.ID] {
			// Its number is another row's now. A number of its own that nobody else
			// gives keeps the name known to the rules that speak of it.
			report.Moved = append(report.Moved, MovedCode{Name: c.ZH, From: c.ID, To: freeID(rows, how.coded)})
			c.ID = report.Moved[len(report.Moved)-1].To
			m.end(&c.Validity, &report)
		} else if found[i] == nil && !report.Extract && (how.stays == nil || !how.stays(rows[i])) {
			m.end(&c.Validity, &report)
		}
	}
	used := map[*BaseCode]bool{}
	for i := range rows {
		if code := found[i]; code != nil {
			used[code] = true
			how.take(m, &rows[i], code, &report)
		}
	}
	for i := range codes {
		if !used[&codes[i]] {
			var r R
			*how.coded(&r) = Coded{Text: Text{ZH: codes[i].Name, EN: codes[i].Name}}
			how.take(m, &r, &codes[i], nil)
			rows = append(rows, r)
			report.Added++
		}
	}
	m.write(&report, how.rows, rows)
	return rows
}

// take gives a row what the authority says of it.
func (how *merging[R]) take(m *baseMerge, r *R, code *BaseCode, report *TableReport) {
	c := how.coded(r)
	id := int(code.ID)
	if report != nil {
		if c.ID != id {
			report.Moved = append(report.Moved, MovedCode{Name: code.Name, From: c.ID, To: id})
		}
		if c.Provisional {
			report.Settled++
		}
		if c.ZH != code.Name && !how.keepName {
			report.Renamed++
		}
	} else {
		report = &TableReport{}
	}
	if c.ID, c.Provisional = id, false; !how.keepName {
		c.ZH = code.Name
	}
	if how.fill != nil {
		how.fill(r, code)
	}
	if !code.Valid {
		m.end(&c.Validity, report)
	} else if c.To != "" && c.To <= m.ended {
		c.To = ""
	}
}

// end makes a row hold no longer than the day before.
func (m *baseMerge) end(v *Validity, report *TableReport) {
	if v.To != "" && v.To <= m.ended {
		return
	}
	v.To = m.ended
	if v.From > v.To {
		v.From = v.To
	}
	report.Ended++
}

// pair finds for each of our rows the authority's, by one match after another,
// so that a better one is never taken by a worse.
func pair[R any](rows []R, codes []BaseCode, matches []match[R]) map[int]*BaseCode {
	found, used := map[int]*BaseCode{}, map[int]bool{}
	for _, same := range matches {
		for j := range codes {
			if used[j] {
				continue
			}
			for i := range rows {
				if found[i] == nil && same(&rows[i], &codes[j]) {
					found[i], used[j] = &codes[j], true
					break
				}
			}
		}
	}
	return found
}

// isExtract reports whether a table brings less than half as many valid rows as
// hold here.
func isExtract[R any](rows []R, codes []BaseCode, day time.Time, coded func(*R) *Coded) bool {
	hold, valid := 0, 0
	for i := range rows {
		if coded(&rows[i]).ValidOn(day) {
			hold++
		}
	}
	for i := range codes {
		if codes[i].Valid {
			valid++
		}
	}
	return valid*2 < hold
}

// freeID gives the greatest number below 0 that no row has: the authority's ids
// begin with 1.
func freeID[R any](rows []R, coded func(*R) *Coded) int {
	id := -1
	for i := range rows {
		id = min(id, coded(&rows[i]).ID-1)
	}
	return id
}

// write keeps a file whose rows changed.
func (m *baseMerge) write(report *TableReport, before, after any) {
	old, err := json.Marshal(before)
	if err == nil {
		var now []byte
		if now, err = json.Marshal(after); err == nil && !bytes.Equal(old, now) {
			report.Changed = true
			m.files[report.File], err = encodeRows(m.head(report.File), after)
		}
	}
	m.err = errors.Join(m.err, err)
	m.report.Tables = append(m.report.Tables, *report)
}

// head is what a file written from base codes tells of itself.
func (m *baseMerge) head(file string) Edition {
	i := slices.IndexFunc(m.set.files, func(f File) bool { return f.Name == file })
	e := m.set.files[i].Edition
	e.Origin, e.AsOf = FromAuthority, dayOf(m.codes.Day)
	const from = "Base-code tables of the authority"
	if _, before, ok := strings.Cut(e.Source, "; further columns: "); ok {
		e.Source = before // of the edition before this one
	}
	e.Source = from + " (file " + m.codes.File + "); further columns: " + e.Source
	return e
}

// encodeRows writes a file with one row on a line.
func encodeRows(head Edition, rows any) ([]byte, error) {
	h, err := json.MarshalIndent(head, "", "  ")
	if err != nil {
		return nil, err
	}
	var list []json.RawMessage
	var raw bytes.Buffer
	enc := json.NewEncoder(&raw)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(rows); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw.Bytes(), &list); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.Write(bytes.TrimSuffix(h, []byte("\n}")))
	out.WriteString(",\n  \"rows\": [\n")
	for i, r := range list {
		out.WriteString("    ")
		out.Write(r)
		if i < len(list)-1 {
			out.WriteByte(',')
		}
		out.WriteByte('\n')
	}
	out.WriteString("  ]\n}\n")
	return out.Bytes(), nil
}

func (m *baseMerge) natures() {
	coded := func(r *Nature) *Coded { return &r.Coded }
	rows := runMerge(m, merging[Nature]{table: "Dwxz_dms", file: "natures.json", rows: m.set.natures.rows, coded: coded, matches: usual(coded, nil)})
	// What comes after asks for natures of the same file.
	index := make(map[int]int, len(rows))
	for i, r := range rows {
		index[r.ID] = i
	}
	set := *m.set
	set.natures = codeTable[Nature]{rows: rows, index: index}
	m.set = &set
}

func (m *baseMerge) certificates() {
	coded := func(r *CertificateType) *Coded { return &r.Coded }
	natures := map[int64][]int{}
	for _, c := range m.codes.Tables["Zjlx_dms"] {
		id := int(c.Nature)
		if _, ok := m.set.natures.find(id); ok && c.Nature > 0 && !slices.Contains(natures[c.ID], id) {
			natures[c.ID] = append(natures[c.ID], id)
		}
	}
	runMerge(m, merging[CertificateType]{table: "Zjlx_dms", file: "certificate_types.json", rows: m.set.certificates.rows, coded: coded, matches: usual(coded, nil),
		fill: func(r *CertificateType, c *BaseCode) {
			if of := natures[c.ID]; len(of) > 0 {
				slices.Sort(of)
				r.Natures, r.Inferred = of, false
			}
			if r.Natures == nil {
				r.Natures, r.Inferred = []int{}, true // the table names no nature that there is
			}
		}})
}

func (m *baseMerge) contents() {
	coded := func(r *ServiceContent) *Coded { return &r.Coded }
	known := map[int64]bool{}
	for _, c := range m.codes.Tables["Wzfwlx_dms"] {
		known[c.ID] = true
	}
	runMerge(m, merging[ServiceContent]{table: "Wzfwlx_dms", file: "service_contents.json", rows: m.set.contents.rows, coded: coded,
		matches: usual(coded, func(r *ServiceContent) int64 { return r.Ysid }),
		fill: func(r *ServiceContent, c *BaseCode) {
			r.Ysid, r.Parent = cmp.Or(c.Ysid, r.Ysid), 0
			if known[c.Parent] && c.Parent != c.ID {
				r.Parent = int(c.Parent)
			}
		}})
}

func (m *baseMerge) approvals() {
	coded := func(r *PreApproval) *Coded { return &r.Coded }
	runMerge(m, merging[PreApproval]{table: "Wzjylx_dms", file: "pre_approvals.json", rows: m.set.preApprovals.rows, coded: coded,
		matches: usual(coded, func(r *PreApproval) int64 { return r.Ysid }),
		fill: func(r *PreApproval, c *BaseCode) {
			r.Ysid, r.DocumentRequired = cmp.Or(c.Ysid, r.Ysid), c.NeedsApproval
		},
		stays: func(r PreApproval) bool { return r.None }})
}

func (m *baseMerge) access() {
	coded := func(r *AccessMode) *Coded { return &r.Coded }
	runMerge(m, merging[AccessMode]{table: "Wzjrfs_dms", file: "access_modes.json", rows: m.set.accessModes.rows, coded: coded,
		matches: usual(coded, func(r *AccessMode) int64 { return r.Ysid }),
		fill:    func(r *AccessMode, c *BaseCode) { r.Ysid = cmp.Or(c.Ysid, r.Ysid) }})
}

// mediaTypes are those of formats that the authority may add.
var mediaTypes = map[string]string{"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "bmp": "image/bmp", "tif": "image/tiff", "tiff": "image/tiff", "pdf": "application/pdf"}

func (m *baseMerge) formats() {
	coded := func(r *AttachmentFormat) *Coded { return &r.Coded }
	runMerge(m, merging[AttachmentFormat]{table: "Fjwjgs_dms", file: "attachment_formats.json", rows: m.set.formats.rows, coded: coded, matches: usual(coded, nil),
		fill: func(r *AttachmentFormat, c *BaseCode) {
			name := strings.TrimPrefix(foldName(c.Name), ".")
			r.MediaType = cmp.Or(r.MediaType, mediaTypes[name], "application/octet-stream")
		}})
}

// bureaux takes the places of servers and what provinces are called from the
// table of bureaux (Gj_dms).
func (m *baseMerge) bureaux() {
	coded := func(r *ServerLocation) *Coded { return &r.Coded }
	runMerge(m, merging[ServerLocation]{table: "Gj_dms", file: "server_locations.json", rows: m.set.locations.rows, coded: coded, keepName: true,
		matches: []match[ServerLocation]{
			func(r *ServerLocation, c *BaseCode) bool { return r.Province == regionCode(c.Province) },
			func(r *ServerLocation, c *BaseCode) bool {
				return r.Letters != "" && strings.EqualFold(r.Letters, c.Letters)
			},
			func(r *ServerLocation, c *BaseCode) bool { return strings.HasPrefix(c.Name, r.ZH) },
			func(r *ServerLocation, c *BaseCode) bool { return !r.Provisional && int64(r.ID) == c.ID },
		},
		fill: func(r *ServerLocation, c *BaseCode) {
			if c.Ysid > 0 {
				r.Ysid, r.Inferred = c.Ysid, false
			}
			r.Province, r.Letters = cmp.Or(r.Province, regionCode(c.Province)), cmp.Or(r.Letters, plainName(c.Letters))
			if len(r.Province) != 6 { // a body without a province, such as the ministry
				r.Province = "000000"
			}
		}})
	m.provinces()
}

// provinces takes over the abbreviation that filing numbers carry and the name
// of the bureau. An abbreviation that no filing number can have is left.
func (m *baseMerge) provinces() {
	report := TableReport{File: "provinces.json"}
	rows := slices.Clone(m.set.provinces)
	bureaux := m.codes.Tables["Gj_dms"]
	for i := range bureaux {
		b := &bureaux[i]
		j := slices.IndexFunc(rows, func(p Province) bool { return p.Code == regionCode(b.Province) })
		if j < 0 || !b.Valid {
			continue
		}
		if name := plainName(b.Name); strings.HasSuffix(name, "通信管理局") && name != rows[j].Bureau.ZH {
			rows[j].Bureau.ZH = name
			report.Renamed++
		}
		short := plainName(b.Licence)
		if short == "" || short == rows[j].Licence {
			continue
		}
		n, err := icp.ParseLicenceNo(short + "ICP备05000000号")
		twice := slices.ContainsFunc(rows, func(p Province) bool { return p.Licence == short })
		if err != nil || n.Province != short || twice {
			report.Skipped = append(report.Skipped, fmt.Sprintf("Gj_dms %d Shengjc %q", b.ID, short))
			continue
		}
		rows[j].Licence = short
		report.Renamed++
	}
	if len(bureaux) > 0 {
		m.write(&report, m.set.provinces, rows)
	}
}

// regionCode writes a region's number as its code; "" when it is none.
func regionCode(id int64) string {
	if id < 100000 || id > 999999 {
		return ""
	}
	return fmt.Sprint(id)
}
