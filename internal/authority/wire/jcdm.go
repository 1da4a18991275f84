package wire

import (
	"cmp"
	"encoding/xml"
)

// BaseCodeData (系统基础代码数据, JCDM) holds the authority's base-code tables.
type BaseCodeData struct {
	Codes *BaseCodeTables `xml:"Jcdm_xx,omitempty"`
	// Other keeps the list of reporting units (Bbdwlb) and what is unknown.
	Other []Raw `xml:",any"`
}

// BaseCodeTables (基础代码, Jcdm_xx) are the tables that a file brings, each under
// its own name.
type BaseCodeTables struct {
	Tables []BaseCodeTable `xml:",any"`
}

// BaseCodeTable is one table, such as Dwxz_dms (单位性质代码信息).
type BaseCodeTable struct {
	XMLName xml.Name
	Rows    []BaseCodeRow `xml:",any"`
}

// BaseCodeRow is a row of any base-code table. Each table has some of the
// columns; the columns of persons at the bureaux (Dzyj, Sjhm) are not read.
type BaseCodeRow struct {
	XMLName xml.Name `json:"-"`
	ID      int64    `xml:"Id" json:"id"`
	// Ysid is 运算标识: the bit that stands for the row where the authority keeps
	// sets. No id follows from it.
	Ysid    int64  `xml:"Ysid,omitempty" json:"ysid,omitempty"`
	Letters string `xml:"Bm,omitempty" json:"letters,omitempty"` // 编码
	Name    string `xml:"Mc,omitempty" json:"name"`              // 名称
	// Reason, State, Class1 and Class2 are the name where a table calls it so:
	// 注销理由 (Nr), 未备案处理 (Ztmc), 意见反馈 (Fl1, Fl2).
	Reason string `xml:"Nr,omitempty" json:"-"`
	State  string `xml:"Ztmc,omitempty" json:"-"`
	Class1 string `xml:"Fl1,omitempty" json:"-"`
	Class2 string `xml:"Fl2,omitempty" json:"-"`
	// Nature is 单位分类标识 (Dwflid): whose certificate it is.
	Nature int64 `xml:"Dwflid,omitempty" json:"nature,omitempty"`
	// Level is 区域类型 (Lx): 1 province, 2 city, 3 county.
	Level int64 `xml:"Lx,omitempty" json:"level,omitempty"`
	// Province and Short belong to a bureau: 所属省 (Shengid), 省简称 (Shengjc).
	Province int64  `xml:"Shengid,omitempty" json:"province,omitempty"`
	Short    string `xml:"Shengjc,omitempty" json:"short,omitempty"`
	// NeedsApproval is 是否需要前置审批 (Sfqzsp): 0 or 1.
	NeedsApproval *int64 `xml:"Sfqzsp,omitempty" json:"needs_approval,omitempty"`
	// Owner is 所属对象类型 (Ssdxlx) of an attachment's purpose.
	Owner int64 `xml:"Ssdxlx,omitempty" json:"owner,omitempty"`
	// Parent is the row above (Pid), which editions after 3.0 have.
	Parent int64  `xml:"Pid,omitempty" json:"parent,omitempty"`
	Remark string `xml:"Bz,omitempty" json:"remark,omitempty"`
	// Valid is 是否有效 (Sfyx): 0 or 1; nil where a table has no such column.
	Valid *int64 `xml:"Sfyx,omitempty" json:"valid,omitempty"`
}

// Text gives the name of the row, whatever its table calls it.
func (r *BaseCodeRow) Text() string {
	return cmp.Or(r.Name, r.Reason, r.State, r.Class2, r.Class1)
}

// IsValid reports whether the row is in force.
func (r *BaseCodeRow) IsValid() bool { return r.Valid == nil || *r.Valid != 0 }

// rowNames are the names of the rows' elements by table, as the schema has them.
var rowNames = map[string]string{
	"Dwfl_dms": "Dwfl_xx", "Dwxz_dms": "Dwxz_xx", "Qy_dms": "Qy_xx", "Yjfk_Wtfls": "Yjfk_Wtfl_xx", "Gj_dms": "Gj_dm_xx", "Hyfl_dms": "Hyfl_xx",
	"Xzjb_dms": "Xzjb_xx", "Zjlx_dms": "Zjlx_xx", "Wzjylx_dms": "Wzjylx_xx", "Wzfwlx_dms": "Wzfwlx_xx", "Wzjrfs_dms": "Wzjrfs_xx", "Zxly_dms": "Zxly_xx",
	"Wbacl_dms": "Wbacl_xx", "Hsyj_dms": "Hsyj", "Ymlx_dms": "Ymlx", "Fjwjgs_dms": "Fjwjgs", "Fjytlx_dms": "Fjzjlx", "Yylb_dms": "Yylb",
}

// NewBaseCodeTable makes a table under its name with the rows' elements named as
// the schema wants and the columns that it demands; false for a name that the
// schema does not have.
func NewBaseCodeTable(name string, rows []BaseCodeRow) (BaseCodeTable, bool) {
	row, ok := rowNames[name]
	if !ok {
		return BaseCodeTable{}, false
	}
	out := BaseCodeTable{XMLName: xml.Name{Local: name}, Rows: make([]BaseCodeRow, len(rows))}
	for i, r := range rows {
		r.XMLName.Local = row
		if yes := int64(1); r.Valid == nil && name != "Wbacl_dms" {
			r.Valid = &yes
		}
		switch name {
		case "Zxly_dms":
			r.Name, r.Reason = "", r.Text()
		case "Wbacl_dms":
			r.Name, r.State = "", r.Text()
		case "Yjfk_Wtfls":
			r.Class1, r.Class2, r.Name = r.Text(), r.Text(), ""
		case "Wzjylx_dms":
			if no := int64(0); r.NeedsApproval == nil {
				r.NeedsApproval = &no
			}
		case "Fjytlx_dms":
			r.Owner = max(r.Owner, 1)
		}
		out.Rows[i] = r
	}
	return out, true
}
