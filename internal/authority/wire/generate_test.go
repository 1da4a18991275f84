package wire

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// level says how much of a document a generator fills in.
type level int

const (
	minimal  level = iota // what must be there
	readable              // everything once, with values that a person can read
	maximal               // everything twice, with values that differ
	bounds                // everything, each text as long and each number as large as allowed
)

func (l level) String() string { return [...]string{"minimal", "readable", "maximal", "bounds"}[l] }

// generator fills documents by the rules beside the fields, which is what the
// types say of the schema; xmllint then says whether the schema agrees.
type generator struct {
	level level
	n     int // counts values, so that no two are alike
	times map[reflect.Type]int
}

func generate(l level) *generator { return &generator{level: l, times: map[reflect.Type]int{}} }

// uploadWith gives a document with the one list of records that a way of
// element names leads to, such as IP/XZBA/Xzly/Ly.
func (g *generator) uploadWith(way string) *UploadData {
	var d UploadData
	g.along(reflect.ValueOf(&d).Elem(), strings.Split(way, "/"))
	d.Version = V30().Version
	return &d
}

func (g *generator) downloadWith(way string) *DownloadData {
	var d DownloadData
	g.along(reflect.ValueOf(&d).Elem(), strings.Split(way, "/"))
	d.Version = V30().Version
	return &d
}

// along goes down containers and fills the list at the end.
func (g *generator) along(v reflect.Value, way []string) {
	for i, r := range rulesOf(v.Type(), "") {
		f := v.Field(i)
		switch {
		case r.name == "Qqdwid":
			f.SetInt(330011)
		case r.name != way[0]:
		case len(way) == 1:
			g.list(f, r)
		default:
			if f.Kind() == reflect.Pointer {
				if f.IsNil() {
					f.Set(reflect.New(f.Type().Elem()))
				}
				f = f.Elem()
			}
			g.along(f, way[1:])
		}
	}
}

// lists gives the ways to all lists of records of a document type.
func lists(t reflect.Type) []string {
	var out []string
	for f := range t.Fields() {
		name := elementOf(f)
		below := f.Type
		if below.Kind() == reflect.Pointer {
			below = below.Elem()
		}
		switch {
		case name == "" || f.Type == reflect.TypeFor[[]Raw]():
		case isRecords(f):
			out = append(out, name)
		case below.Kind() == reflect.Struct:
			for _, way := range lists(below) {
				out = append(out, name+"/"+way)
			}
		}
	}
	return out
}

func (g *generator) structure(v reflect.Value, over string) {
	for i, r := range rulesOf(v.Type(), over) {
		switch f := v.Field(i); {
		case r.embedded:
			g.structure(f, r.over)
		case r.name != "" && !r.unknown:
			g.field(f, r)
		}
	}
	g.agree(v.Addr().Interface())
}

func (g *generator) field(v reflect.Value, r rule) {
	switch {
	case v.Kind() == reflect.Slice && v.Type() != reflect.TypeFor[Base64]():
		if g.level != minimal || r.minCount > 0 {
			g.list(v, r)
		}
	case v.Kind() == reflect.Pointer:
		if g.level != minimal || r.required {
			v.Set(reflect.New(v.Type().Elem()))
			g.value(v.Elem(), r)
		}
	case v.Kind() == reflect.Struct || r.required || g.level != minimal:
		g.value(v, r)
	}
}

func (g *generator) list(v reflect.Value, r rule) {
	n := 1
	switch {
	case v.Type() == reflect.TypeFor[[]BaseCodeTable]():
		v.Set(reflect.ValueOf(g.tables()))
		return
	case g.level == maximal:
		n = 2
	case g.level == bounds && r.maxCount > 0:
		n = r.maxCount
	}
	v.Set(reflect.MakeSlice(v.Type(), n, n))
	for i := range n {
		g.value(v.Index(i), r)
	}
}

func (g *generator) value(v reflect.Value, r rule) {
	g.n++
	switch v.Kind() {
	case reflect.Struct:
		if r.oneof {
			g.oneOf(v, r.over)
			return
		}
		g.structure(v, r.over)
	case reflect.String:
		v.SetString(g.text(r))
	case reflect.Int64:
		v.SetInt(g.number(r))
	case reflect.Slice:
		v.SetBytes(fmt.Appendf(nil, "\xff\xd8picture %d", g.n))
	default:
		panic("no value for " + v.Type().String())
	}
}

// oneOf takes each of the fields in turn.
func (g *generator) oneOf(v reflect.Value, over string) {
	rules := rulesOf(v.Type(), over)
	i := g.times[v.Type()] % len(rules)
	g.times[v.Type()]++
	g.value(v.Field(i), rules[i])
}

// examples are values that a person can read; a number is put behind a text.
var examples = map[string]string{
	"Dwmc": "杭州钱塘茶叶有限公司", "Tzr": "钱塘投资有限公司", "Xxdz": "西湖区龙井路8号", "Zjzs": "浙江省杭州市西湖区龙井路8号", "Zjhm": "91330100MA0000000C",
	"Fzr_xm": "沈知远", "Wzmc": "钱塘茶叶", "Syurl": "www.chaye.example.cn", "Bz": "备注", "Wz_Bz": "网站备注", "Qzsph": "浙药网备字〔2026〕第00001号", "Msn": "shen@example.com",
	"Qq": "100001", "Fzr_zjhm": "11010519491231002X", "Baxh": "浙ICP备2026000001号-", "Ztbah": "浙ICP备2026000001号", "Wzbah": "浙ICP备2026000001号-", "Hsrxm": "陆明",
	"Hsyj": "信息属实", "Cwxx": "地址有误", "Clyj": "已关闭", "Sbrxm": "陆明", "Zxlybz": "网站停办", "ICPmm": "d41d8cd98f00b204e9800998ecf8427e", "Lxrxm": "周小舟", "Wgdz": "杭州滨江机房",
	"Zcr_mc": "钱塘茶叶", "Gly_mz": "周小舟", "Jfr_mz": "财务部", "Ym_zcs": "示例注册商", "Ym_fwq": "ns1.example.cn", "Shyj": "主体信息与证件不符", "Dmms": "结果描述", "Tznr": "请整改备案信息",
	"Cwyy": "证件号码无效", "Wzym_mc": "weibeian.example.cn", "Wz_Baxh": "浙ICP备2026000001号-", "Shrxm": "管局审核员", "Bs": "浙ICP备2026000001号",
}

// numbers are those that a person knows.
var numbers = map[string]int64{"Shengid": 330000, "Shiid": 330100, "Xianid": 330106, "Dwxz": 4, "Zjlx": 1, "Fzr_zjlx": 2, "Bbfs": 1, "Bbyhlx": 1, "Nrlx_id": 5,
	"Fwnr_id": 33, "Yylb_id": 1, "Fbdd": 34, "Jrfs": 5, "Qsip": 3405803783, "Zzip": 3405803784, "Wgip": 3405803777, "IP": 3405803783, "Ip": 3405803783, "Jxip": 3405803783,
	"Jgdm": 1005, "Czlx": 2, "Fjwjgs": 1, "Fjyt": 1, "Ssdxlx": 2, "Yys": 1, "Zcr_shengid": 330000, "Zcr_shiid": 330100, "Gly_shengid": 330000, "Gly_shiid": 330100,
	"Jfr_shengid": 330000, "Jfr_shiid": 330100, "Szs": 330000, "Sssh": 330000}

// text gives a text that keeps to the rules.
func (g *generator) text(r rule) string {
	suffix := fmt.Sprint(g.n)
	switch {
	case r.date:
		return fmt.Sprintf("2026-%02d-%02d", 1+g.n%12, 1+g.n%28)
	case strings.HasPrefix(r.name, "Zjxgsj") || strings.HasSuffix(r.name, "sj") && r.maxLen == 22:
		return fmt.Sprintf("2026-%02d-%02d 10:%02d:00", 1+g.n%12, 1+g.n%28, g.n%60)
	}
	s := examples[r.name]
	if g.level != readable || s == "" || strings.HasSuffix(s, "-") {
		s += suffix
	}
	switch {
	case r.phone || strings.HasSuffix(r.name, "dh") || strings.HasSuffix(r.name, "hhm") || strings.HasSuffix(r.name, "jhm") && r.minLen == 11:
		s = fmt.Sprintf("0571-8888%04d", g.n)
	case r.email || strings.HasSuffix(r.name, "dzyj"):
		s = fmt.Sprintf("p%d@example.cn", g.n)
	case r.name == "Ym":
		s = fmt.Sprintf("chaye%d.example.cn", g.n)
	case r.name == "Zsyxq" || r.name == "Shsj":
		return fmt.Sprintf("2026-%02d-%02d", 1+g.n%12, 1+g.n%28)
	}
	return fit(s, r, g.level == bounds)
}

// fit makes a text as long as the rule demands, or allows.
func fit(s string, r rule, longest bool) string {
	n := len([]rune(s))
	filler := "9"
	if !r.phone && !r.email {
		filler = "茶"
	}
	switch {
	case r.hasLen && n < r.minLen:
		s = strings.Repeat(filler, r.minLen-n) + s
	case r.hasLen && n > r.maxLen:
		s = string([]rune(s)[n-r.maxLen:])
	}
	if longest && r.hasLen {
		s = strings.Repeat(filler, r.maxLen-len([]rune(s))) + s
	}
	return s
}

// number gives a number in the rule's range; a different one each time where
// the range has room.
func (g *generator) number(r rule) int64 {
	switch {
	case r.hasVal && g.level == bounds:
		return r.maxVal
	case !r.hasVal:
		return int64(g.n)
	case g.level == minimal:
		return r.minVal
	case g.level == readable && numbers[r.name] != 0:
		return numbers[r.name]
	}
	room := r.maxVal - r.minVal + 1
	if room <= 0 || room > 1<<40 {
		return r.minVal + int64(g.n)
	}
	n := r.minVal + int64(g.n)%room
	if n == 0 {
		n = 1 // zero would be absent
	}
	return n
}

// agree makes fields agree that concern each other.
func (g *generator) agree(record any) {
	switch r := record.(type) {
	case *NewIPAllocation:
		g.agree(&r.IPAllocation)
	case *ChangedIPAllocation:
		g.agree(&r.IPAllocation)
	case *IPAllocation:
		r.Mode = map[level]int64{minimal: Reserved, readable: AllocatedAndUsed, maximal: AllocatedAndUsed, bounds: Reserved}[g.level]
	case *OwnIP:
		r.SourceKind = FromElsewhere
		if r.Source.Unit != 0 {
			r.SourceKind = FromReportingUnit
		}
	case *Cancellation:
		if g.level == minimal {
			r.Kind = CancelAccess
		}
	case *AttachmentInfo:
		r.Purpose = min(r.Purpose, 5)
		r.Owner.Type = min(r.Owner.Type, 10)
	}
}

// tables gives every table of base codes, with one row that has all columns of
// its table, or the columns that must be there.
func (g *generator) tables() []BaseCodeTable {
	var out []BaseCodeTable
	for _, name := range slices.Sorted(maps.Keys(tableShapes)) {
		n := 2
		if g.level == readable {
			n = 1
		}
		out = append(out, BaseCodeTable{Rows: make([]BaseCodeRow, n)})
		table := &out[len(out)-1]
		table.XMLName.Local = name
		for i := range table.Rows {
			row := reflect.ValueOf(&table.Rows[i]).Elem()
			table.Rows[i].XMLName.Local = tableShapes[name].row
			for j := range row.NumField() {
				if r, ok := tableRules()[name][elementOf(row.Type().Field(j))]; ok {
					g.field(row.Field(j), r)
				}
			}
		}
	}
	return out
}

// at goes down a document to the list at the end of a way.
func at(v reflect.Value, way string) reflect.Value {
	name, rest, more := strings.Cut(way, "/")
	for i, r := range rulesOf(v.Type(), "") {
		if r.name != name {
			continue
		}
		if f, ok := container(v.Field(i)); ok && more {
			return at(f, rest)
		}
		return v.Field(i)
	}
	panic("no " + way)
}

// unfilled names the fields of a record that are zero.
func unfilled(v reflect.Value, over, path string) []string {
	var out []string
	for i, r := range rulesOf(v.Type(), over) {
		f := v.Field(i)
		if f.Kind() == reflect.Pointer && !f.IsNil() {
			f = f.Elem()
		}
		switch {
		case r.embedded:
			out = append(out, unfilled(f, r.over, path)...)
		case r.name == "" || r.oneof:
		case f.IsZero() && r.name != "Ly_dwlx": // where it is 0 in turn
			out = append(out, path+"/"+r.name)
		case f.Kind() == reflect.Struct:
			out = append(out, unfilled(f, r.over, path+"/"+r.name)...)
		case f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.Struct:
			for j := range f.Len() {
				out = append(out, unfilled(f.Index(j), r.over, path+"/"+r.name)...)
			}
		}
	}
	return out
}

func TestTheGeneratorFillsEveryField(t *testing.T) {
	t.Parallel()
	g := generate(maximal)
	uploads, downloads := lists(reflect.TypeFor[UploadData]()), lists(reflect.TypeFor[DownloadData]())
	if len(uploads) != 8+12+3 || len(downloads) != 32 {
		t.Errorf("%d kinds of records in uploads: %v; %d in downloads: %v", len(uploads), uploads, len(downloads), downloads)
	}
	documents := map[string]reflect.Value{}
	for _, way := range uploads {
		documents[way] = at(reflect.ValueOf(g.uploadWith(way)).Elem(), way)
	}
	for _, way := range downloads {
		documents["of a download: "+way] = at(reflect.ValueOf(g.downloadWith(way)).Elem(), way)
	}
	delete(documents, "YM/SCBA/Scxx") // has one of two fields
	for way, records := range documents {
		for i := range records.Len() {
			if left := unfilled(records.Index(i), "", way); len(left) > 0 {
				t.Errorf("left empty: %v", left)
			}
		}
	}
}
