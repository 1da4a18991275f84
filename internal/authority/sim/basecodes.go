package sim

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

// SendBaseCodes puts a file with base-code tables (JCDM) into the queue of every
// provider, and lets the checks go by them. Without tables it sends a whole set
// of its own: the rows that come with the product, under ids that the simulator
// gives. They are no more the ministry's than the rest of it. Errors:
// "authority.sim_table" for a table that the interface does not have.
func (s *Server) SendBaseCodes(tables map[string][]wire.BaseCodeRow) error {
	if len(tables) == 0 {
		tables = codeTables(s.cfg.Tables)
	}
	for name := range tables {
		if _, ok := wire.NewBaseCodeTable(name, nil); !ok {
			return icp.E(icp.Invalid, "authority.sim_table").With("table", name)
		}
	}
	data := baseCodeData(tables)
	return s.change(func(now time.Time) error {
		for name, ids := range validIDs(tables) {
			s.st.Codes[name] = slices.Sorted(maps.Keys(ids))
		}
		s.send(0, now, wire.DownloadData{BaseCodes: data})
		return nil
	})
}

// baseCodeData writes tables of the interface as a document has them.
func baseCodeData(tables map[string][]wire.BaseCodeRow) *wire.BaseCodeData {
	out := wire.BaseCodeData{Codes: &wire.BaseCodeTables{}}
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		t, _ := wire.NewBaseCodeTable(name, tables[name]) // every name is one
		out.Codes.Tables = append(out.Codes.Tables, t)
	}
	return &out
}

// validIDs gives the ids in force by table.
func validIDs(tables map[string][]wire.BaseCodeRow) map[string]map[int64]bool {
	out := map[string]map[int64]bool{}
	for name, rows := range tables {
		out[name] = map[int64]bool{}
		for _, r := range rows {
			if r.IsValid() {
				out[name][r.ID] = true
			}
		}
	}
	return out
}

// hasCode reports whether an id is valid in the table in force.
func (s *Server) hasCode(table string, id int64) bool {
	if sent, ok := s.st.Codes[table]; ok {
		return slices.Contains(sent, id)
	}
	return s.own[table][id]
}

// codeTables writes tables of the product as base codes.
func codeTables(t *refdata.Tables) map[string][]wire.BaseCodeRow {
	out := map[string][]wire.BaseCodeRow{}
	for _, n := range t.Natures() {
		out["Dwxz_dms"] = append(out["Dwxz_dms"], wire.BaseCodeRow{ID: int64(n.ID), Name: n.ZH})
	}
	for _, c := range t.CertificateTypes() {
		for _, n := range c.Natures { // a row has one: a type of several has several rows
			out["Zjlx_dms"] = append(out["Zjlx_dms"], wire.BaseCodeRow{ID: int64(c.ID), Name: c.ZH, Nature: int64(n)})
		}
	}
	for _, c := range t.ServiceContents() {
		out["Wzfwlx_dms"] = append(out["Wzfwlx_dms"], wire.BaseCodeRow{ID: int64(c.ID), Ysid: c.Ysid, Name: c.ZH})
	}
	for _, a := range t.PreApprovals() {
		if a.None {
			continue
		}
		needs := int64(0)
		if a.DocumentRequired {
			needs = 1
		}
		out["Wzjylx_dms"] = append(out["Wzjylx_dms"], wire.BaseCodeRow{ID: int64(a.ID), Ysid: a.Ysid, Name: a.ZH, NeedsApproval: &needs})
	}
	for _, m := range t.AccessModes() {
		out["Wzjrfs_dms"] = append(out["Wzjrfs_dms"], wire.BaseCodeRow{ID: int64(m.ID), Ysid: m.Ysid, Name: m.ZH})
	}
	for _, l := range t.ServerLocations() {
		row := wire.BaseCodeRow{ID: int64(l.ID), Ysid: l.Ysid, Letters: l.Letters, Name: l.ZH}
		if p, ok := t.Province(l.Province); ok {
			row.Name, row.Short = p.Bureau.ZH, p.Licence
		}
		row.Province, _ = strconv.ParseInt(l.Province, 10, 64) // six digits by the table's own check
		out["Gj_dms"] = append(out["Gj_dms"], row)
	}
	plain := func(table string, rows []refdata.Coded) {
		for _, r := range rows {
			out[table] = append(out[table], wire.BaseCodeRow{ID: int64(r.ID), Name: r.ZH})
		}
	}
	plain("Yylb_dms", t.Languages())
	plain("Fjytlx_dms", t.AttachmentPurposes())
	plain("Zxly_dms", t.CancelReasons())
	for _, f := range t.AttachmentFormats() {
		out["Fjwjgs_dms"] = append(out["Fjwjgs_dms"], wire.BaseCodeRow{ID: int64(f.ID), Name: f.ZH})
	}
	return out
}
