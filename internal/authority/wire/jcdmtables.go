package wire

import (
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// tableShape is what the schema has of one base-code table: the name of its
// rows' elements and its columns. A column is Name for one that must be there,
// Name? for one that need not, with =n the most characters of a text.
type tableShape struct{ row, columns string }

var tableShapes = map[string]tableShape{
	"Dwfl_dms":   {"Dwfl_xx", "Id Mc=64 Bz?=128 Sfyx"},
	"Dwxz_dms":   {"Dwxz_xx", "Id Mc=64 Bz?=128 Sfyx"},
	"Qy_dms":     {"Qy_xx", "Id Mc=32 Lx? Bz?=128 Sfyx"},
	"Yjfk_Wtfls": {"Yjfk_Wtfl_xx", "Id Fl1=128 Fl2=128 Bz?=128 Sfyx"},
	"Gj_dms":     {"Gj_dm_xx", "Id Ysid Bm=10 Mc=64 Shengid? Shengjc?=128 Bz?=128 Sfyx Dzyj?=255 Sjhm?=128"},
	"Hyfl_dms":   {"Hyfl_xx", "Id Bm=10 Mc=64 Bz?=128 Sfyx"},
	"Xzjb_dms":   {"Xzjb_xx", "Id Mc=64 Bz?=128 Sfyx"},
	"Zjlx_dms":   {"Zjlx_xx", "Id Mc=64 Dwflid Bz?=128 Sfyx"},
	"Wzjylx_dms": {"Wzjylx_xx", "Id Ysid Mc=32 Sfqzsp Bz?=128 Sfyx"},
	"Wzfwlx_dms": {"Wzfwlx_xx", "Id Ysid Mc=32 Bz?=128 Sfyx"},
	"Wzjrfs_dms": {"Wzjrfs_xx", "Id Ysid Mc=32 Bz?=128 Sfyx"},
	"Zxly_dms":   {"Zxly_xx", "Id Nr=128 Bz?=128 Sfyx"},
	"Wbacl_dms":  {"Wbacl_xx", "Id Ztmc=128 Bz?=128"},
	"Hsyj_dms":   {"Hsyj", "Id Mc=64 Bz?=128 Sfyx"},
	"Ymlx_dms":   {"Ymlx", "Id Mc=64 Bz?=128 Sfyx"},
	"Fjwjgs_dms": {"Fjwjgs", "Id Mc=64 Sfyx Bz?=128"},
	"Fjytlx_dms": {"Fjzjlx", "Id Mc=64 Ssdxlx Bz?=128 Sfyx"},
	"Yylb_dms":   {"Yylb", "Id Mc=64 Sfyx Bz?=128"},
}

// columnRules are the ranges and shortest lengths of columns, where they are not
// one character or any number from 1.
var columnRules = map[string]rule{
	"Lx": {hasVal: true, minVal: 1, maxVal: 3}, "Shengid": {hasVal: true, minVal: 100000, maxVal: 1<<63 - 1},
	"Sfqzsp": {hasVal: true, maxVal: 1}, "Sfyx": {hasVal: true, maxVal: 1}, "Dzyj": {minLen: 6}, "Sjhm": {minLen: 11},
}

// rules gives the rules of the columns by element name.
func (s tableShape) rules() map[string]rule {
	out := map[string]rule{}
	for column := range strings.FieldsSeq(s.columns) {
		name, most, _ := strings.Cut(column, "=")
		name, optional := strings.CutSuffix(name, "?")
		r := columnRules[name]
		r.name, r.required = name, !optional
		if most != "" {
			r.hasLen, r.minLen = true, max(1, r.minLen)
			r.maxLen, _ = strconv.Atoi(most)
		} else if !r.hasVal {
			r.hasVal, r.minVal, r.maxVal = true, 1, 1<<63-1
		}
		out[name] = r
	}
	return out
}

var tableRules = sync.OnceValue(func() map[string]map[string]rule {
	out := map[string]map[string]rule{}
	for name, shape := range tableShapes {
		out[name] = shape.rules()
	}
	return out
})

// checkMore holds the rows against the columns of their table.
func (t *BaseCodeTable) checkMore(c *checker) {
	rules, ok := tableRules()[t.XMLName.Local]
	if !ok {
		c.fault(t.XMLName.Local, "wire.unknown_element", nil)
		return
	}
	if len(t.Rows) == 0 {
		c.fault(tableShapes[t.XMLName.Local].row, "wire.too_few", map[string]string{"min": "1"})
	}
	c.path = append(c.path, t.XMLName.Local, "")
	for i := range t.Rows {
		c.path[len(c.path)-1] = strconv.Itoa(i)
		c.row(reflect.ValueOf(&t.Rows[i]).Elem(), rules, tableShapes[t.XMLName.Local].row)
	}
	c.path = c.path[:len(c.path)-2]
}

func (c *checker) row(v reflect.Value, rules map[string]rule, name string) {
	if v.FieldByName("XMLName").FieldByName("Local").String() != name {
		c.fault(name, "wire.required", nil)
	}
	for i := range v.NumField() {
		column := elementOf(v.Type().Field(i))
		r, known := rules[column]
		switch {
		case column == "*":
			for _, raw := range v.Field(i).Interface().([]Raw) {
				c.fault(raw.Name, "wire.unknown_element", nil)
			}
		case known:
			c.path = append(c.path, column)
			c.field(v.Field(i), r)
			c.path = c.path[:len(c.path)-1]
		case column != "" && !v.Field(i).IsZero():
			c.fault(column, "wire.unknown_element", nil)
		}
	}
}
