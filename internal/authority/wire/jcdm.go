package wire

import (
	"cmp"
	"encoding/xml"
)

// BaseCodeData (系统基础代码数据, JCDM) holds the authority's base-code tables.
type BaseCodeData struct {
	// Units is 报备单位列表 (Bbdwlb).
	Units *ReportingUnits `xml:"Bbdwlb,omitempty"`
	// Codes is 基础代码 (Jcdm_xx).
	Codes *BaseCodeTables `xml:"Jcdm_xx,omitempty"`
	Other []Raw           `xml:",any"`
}

// ReportingUnits (报备单位列表, Bbdwlb) are the units whose ids other records name
// as provider, carrier or source.
type ReportingUnits struct {
	// Records is the units (Bbdw), one or more.
	Records []ReportingUnit `xml:"Bbdw" wire:"n=1.."`
	Other   []Raw           `xml:",any"`
}

// ReportingUnit (Bbdw) is one of them.
type ReportingUnit struct {
	// ID is 单位标识 (Id): the ispId of a provider.
	ID int64 `xml:"Id" wire:"req,val=1.."`
	// Name is 单位名称 (Dwmc), 1–255 characters.
	Name string `xml:"Dwmc" wire:"req,len=1..255"`
	// Category is the id of 单位分类 (Dwfl), 1–999, optional.
	Category int64 `xml:"Dwfl,omitempty" wire:"val=1..999"`
	// Industry is the id of 单位行业分类 (Dwhyfl), 1–999, optional.
	Industry int64 `xml:"Dwhyfl,omitempty" wire:"val=1..999"`
	// Permit is 经营许可证编号 (Jyxkzbh), 1–128 characters, optional.
	Permit string `xml:"Jyxkzbh,omitempty" wire:"len=1..128"`
	// Province, City and County are area codes (Shengid, Shiid, Xianid), optional.
	Province int64 `xml:"Shengid,omitempty" wire:"val=100000.."`
	City     int64 `xml:"Shiid,omitempty" wire:"val=100000.."`
	County   int64 `xml:"Xianid,omitempty" wire:"val=100000.."`
	// Street is 单位详细地址 (Xxdz), 1–1024 characters, optional.
	Street string `xml:"Xxdz,omitempty" wire:"len=1..1024"`
	// Valid is 是否有效 (Sfyx): 0 or 1.
	Valid int64 `xml:"Sfyx" wire:"val=0..1"`
	// Remark is 备注 (Bz), at most 128 characters, optional.
	Remark string `xml:"Bz,omitempty" wire:"len=0..128"`
	Other  []Raw  `xml:",any"`
}

// BaseCodeTables (基础代码, Jcdm_xx) are the tables that a file brings, each under
// its own name.
type BaseCodeTables struct {
	Tables []BaseCodeTable `xml:",any"`
}

// BaseCodeTable is one table, such as Dwxz_dms (单位性质代码信息).
type BaseCodeTable struct {
	XMLName xml.Name
	Rows    []BaseCodeRow `xml:",any" wire:"-"`
}

// BaseCodeRow is a row of any base-code table. Each table has some of the
// columns.
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
	// Email and Mobile (Dzyj, Sjhm) are those of a person at a bureau; nothing
	// needs them, and nothing keeps them.
	Email  string `xml:"Dzyj,omitempty" json:"-"`
	Mobile string `xml:"Sjhm,omitempty" json:"-"`
	// Valid is 是否有效 (Sfyx): 0 or 1; nil where a table has no such column.
	Valid *int64 `xml:"Sfyx,omitempty" json:"valid,omitempty"`
	Other []Raw  `xml:",any" json:"-"`
}

// Text gives the name of the row, whatever its table calls it.
func (r *BaseCodeRow) Text() string {
	return cmp.Or(r.Name, r.Reason, r.State, r.Class2, r.Class1)
}

// IsValid reports whether the row is in force.
func (r *BaseCodeRow) IsValid() bool { return r.Valid == nil || *r.Valid != 0 }

// NewBaseCodeTable makes a table under its name with the rows' elements named as
// the schema wants and the columns that it demands; false for a name that the
// schema does not have.
func NewBaseCodeTable(name string, rows []BaseCodeRow) (BaseCodeTable, bool) {
	shape, ok := tableShapes[name]
	if !ok {
		return BaseCodeTable{}, false
	}
	out := BaseCodeTable{XMLName: xml.Name{Local: name}, Rows: make([]BaseCodeRow, len(rows))}
	for i, r := range rows {
		r.XMLName.Local = shape.row
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
