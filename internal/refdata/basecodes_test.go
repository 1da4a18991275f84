package refdata_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/refdata"
)

// codesOf copies the rows of our own table as the authority would send them.
func codesOf[R any](rows []R, code func(R) refdata.BaseCode) []refdata.BaseCode {
	out := make([]refdata.BaseCode, len(rows))
	for i, r := range rows {
		out[i] = code(r)
		out[i].Valid = true
	}
	return out
}

func contentCodes(t *refdata.Tables) []refdata.BaseCode {
	return codesOf(t.ServiceContents(), func(c refdata.ServiceContent) refdata.BaseCode {
		return refdata.BaseCode{ID: int64(c.ID), Name: c.ZH, Ysid: c.Ysid}
	})
}

// apply carries tables over and gives ours with them.
func apply(t *testing.T, tables *refdata.Tables, day string, codes map[string][]refdata.BaseCode) (*refdata.Tables, refdata.BaseCodesReport) {
	t.Helper()
	files, report, err := refdata.FromBaseCodes(tables, refdata.BaseCodes{File: "20261124_11_7.xml", Day: at(t, day+" 10:00"), Tables: codes})
	if err != nil {
		t.Fatal(err)
	}
	out, err := tables.With(files)
	if err != nil {
		t.Fatal(err)
	}
	for name := range files {
		i := slices.IndexFunc(out.Files(), func(f refdata.File) bool { return f.Name == name })
		f := out.Files()[i]
		if f.Origin != refdata.FromAuthority || f.AsOf != day || !strings.Contains(f.Source, "20261124_11_7.xml") {
			t.Errorf("%s tells %+v", name, f.Edition)
		}
	}
	again, _, err := refdata.FromBaseCodes(out, refdata.BaseCodes{File: "again.xml", Day: at(t, day+" 12:00").AddDate(0, 0, 3), Tables: codes})
	if err != nil || len(again) != 0 {
		t.Errorf("the same tables change again %v, %v", slices.Collect(maps.Keys(again)), err)
	}
	return out, report
}

func tableReport(t *testing.T, r refdata.BaseCodesReport, file string) refdata.TableReport {
	t.Helper()
	i := slices.IndexFunc(r.Tables, func(t refdata.TableReport) bool { return t.File == file })
	if i < 0 {
		t.Fatalf("nothing is told of %s: %+v", file, r)
	}
	return r.Tables[i]
}

func TestBaseCodesSettleProvisionalIDs(t *testing.T) {
	t.Parallel()
	ours := refdata.Builtin()
	codes := contentCodes(ours)
	for i := range codes { // the authority counts otherwise, and calls one otherwise
		codes[i].ID += 100
		if codes[i].Name == "网络新闻" {
			codes[i].Name = "互联网新闻"
		}
	}
	now, report := apply(t, ours, "2026-11-24", map[string][]refdata.BaseCode{"Wzfwlx_dms": codes})
	r := tableReport(t, report, "service_contents.json")
	if !r.Changed || r.Settled != 30 || r.Renamed != 1 || len(r.Moved) != 30 || r.Added != 0 || r.Ended != 0 || r.Extract {
		t.Errorf("report %+v", r)
	}
	if c, ok := now.ServiceContent(106); !ok || c.ZH != "博客/个人空间" || c.EN != "Blog or personal space" || !c.Person || c.Provisional {
		t.Errorf("106 = %+v", c)
	}
	if c, ok := now.ServiceContent(105); !ok || c.ZH != "互联网新闻" || c.EN != "News" || c.Ysid != 16 {
		t.Errorf("the renamed row is known by its bit: %+v", c)
	}
	if _, ok := now.ServiceContent(6); ok {
		t.Error("the provisional id still means something")
	}
	if !report.Changed() {
		t.Error("the report denies the change")
	}
}

func TestBaseCodesThatReuseOurProvisionalNumbers(t *testing.T) {
	t.Parallel()
	codes := contentCodes(refdata.Builtin())
	// Number 1 was instant messaging here; there it is mini programs, and instant
	// messaging has gone. Numbers 2 and 3 have changed places.
	codes[0] = refdata.BaseCode{ID: 1, Name: "小程序", Ysid: 1 << 40, Valid: true}
	codes[1].ID, codes[2].ID = codes[2].ID, codes[1].ID
	now, report := apply(t, refdata.Builtin(), "2026-11-24", map[string][]refdata.BaseCode{"Wzfwlx_dms": codes})
	if c, _ := now.ServiceContent(1); c.ZH != "小程序" || c.EN != "小程序" || c.Person {
		t.Errorf("1 = %+v", c)
	}
	if c, _ := now.ServiceContent(2); c.ZH != "综合门户" {
		t.Errorf("2 = %+v", c)
	}
	gone, ok := now.ServiceContent(-1)
	if !ok || gone.ZH != "即时通信" || gone.To != "2026-11-23" {
		t.Errorf("the name that went is not known any more: %+v", gone)
	}
	today := now.On(at(t, "2026-11-24 12:00"))
	if slices.ContainsFunc(today.ServiceChoices(), func(c refdata.ServiceContent) bool { return c.ID < 1 }) {
		t.Error("a row that ended is offered")
	}
	r := tableReport(t, report, "service_contents.json")
	want := []refdata.MovedCode{{Name: "即时通信", From: 1, To: -1}, {Name: "搜索引擎", From: 2, To: 3}, {Name: "综合门户", From: 3, To: 2}}
	if !slices.Equal(r.Moved, want) || r.Added != 1 || r.Ended != 1 {
		t.Errorf("report %+v", r)
	}
}

func TestBaseCodesEndWhatVanished(t *testing.T) {
	t.Parallel()
	ours := refdata.Builtin()
	codes := codesOf(ours.Languages(), func(c refdata.Coded) refdata.BaseCode { return refdata.BaseCode{ID: int64(c.ID), Name: c.ZH} })
	whole := slices.Clone(codes)
	codes = append(codes[1:], refdata.BaseCode{ID: 18, Name: "德语", Valid: true}) // 中文简体 has gone
	codes[0].Valid = false                                                       // 中文繁体 is called invalid
	now, report := apply(t, ours, "2026-11-24", map[string][]refdata.BaseCode{"Yylb_dms": codes})
	r := tableReport(t, report, "languages.json")
	if r.Added != 1 || r.Ended != 2 || len(r.Moved) != 0 {
		t.Errorf("report %+v", r)
	}
	yesterday, today := now.On(at(t, "2026-11-23 23:59")), now.On(at(t, "2026-11-24 00:00"))
	if n := len(yesterday.Languages()); n != 18 {
		t.Errorf("yesterday %d", n) // the new row does not say since when it is good
	}
	if got := ids(today.Languages(), func(c refdata.Coded) int { return c.ID }); slices.Contains(got, 1) || slices.Contains(got, 2) || !slices.Contains(got, 18) {
		t.Errorf("today %v", got)
	}
	if l, ok := today.Language(1); !ok || l.ZH != "中文简体" {
		t.Errorf("an open order's answer has no name: %+v", l)
	}
	if l, _ := today.Language(18); l.EN != "德语" {
		t.Errorf("new row %+v", l)
	}
	// What comes back holds again.
	back, _ := apply(t, now, "2026-12-01", map[string][]refdata.BaseCode{"Yylb_dms": whole})
	if l, _ := back.Language(1); l.To != "" {
		t.Errorf("came back: %+v", l)
	}
	if l, _ := back.Language(18); l.To != "2026-11-30" {
		t.Errorf("went: %+v", l)
	}
}

func TestBaseCodesThatBringLittleEndNothing(t *testing.T) {
	t.Parallel()
	codes := contentCodes(refdata.Builtin())[5:7]
	codes[0].ID, codes[1].ID = 61, 62
	now, report := apply(t, refdata.Builtin(), "2026-11-24", map[string][]refdata.BaseCode{"Wzfwlx_dms": codes})
	r := tableReport(t, report, "service_contents.json")
	if !r.Extract || r.Ended != 0 || r.Settled != 2 {
		t.Errorf("report %+v", r)
	}
	if n := len(now.On(at(t, "2026-11-24 12:00")).ServiceContents()); n != 30 {
		t.Errorf("%d contents", n)
	}
	if _, report := apply(t, now, "2026-11-24", map[string][]refdata.BaseCode{"Wzfwlx_dms": nil, "Hyfl_dms": {{ID: 1, Name: "农业", Valid: true}}}); report.Changed() || !slices.Equal(report.Unused, []string{"Hyfl_dms"}) {
		t.Errorf("empty and unused tables: %+v", report)
	}
}

func TestBaseCodesOfTwoLevels(t *testing.T) {
	t.Parallel()
	codes := contentCodes(refdata.Builtin())
	codes = append(codes, refdata.BaseCode{ID: 500, Name: "生活服务", Valid: true}, refdata.BaseCode{ID: 501, Name: "生活缴费", Parent: 500, Valid: true},
		refdata.BaseCode{ID: 502, Name: "其他", Parent: 500, Valid: true})
	now, _ := apply(t, refdata.Builtin(), "2026-11-24", map[string][]refdata.BaseCode{"Wzfwlx_dms": codes})
	if c, _ := now.ServiceContent(501); c.Parent != 500 {
		t.Errorf("501 = %+v", c)
	}
	choices := ids(now.ServiceChoices(), func(c refdata.ServiceContent) int { return c.ID })
	if slices.Contains(choices, 500) || !slices.Contains(choices, 501) || !slices.Contains(choices, 24) || len(choices) != 32 {
		t.Errorf("choices %v", choices)
	}
	if c, _ := now.ServiceContent(24); !c.NeedsRemark {
		t.Errorf("the first of two rows of one name is another now: %+v", c)
	}
}

func TestBaseCodesOfCertificates(t *testing.T) {
	t.Parallel()
	ours := refdata.Builtin()
	codes := codesOf(ours.CertificateTypes(), func(c refdata.CertificateType) refdata.BaseCode {
		return refdata.BaseCode{ID: int64(c.ID), Name: c.ZH, Nature: int64(c.Natures[0])}
	})
	codes = append(codes, refdata.BaseCode{ID: 49, Name: "中华人民共和国社会信用代码证书", Nature: 21, Valid: true},
		refdata.BaseCode{ID: 50, Name: "新证件", Nature: 21, Valid: true}, refdata.BaseCode{ID: 51, Name: "无主证件", Nature: 77, Valid: true})
	natures := codesOf(ours.Natures(), func(n refdata.Nature) refdata.BaseCode { return refdata.BaseCode{ID: int64(n.ID), Name: n.ZH} })
	natures = append(natures, refdata.BaseCode{ID: 21, Name: "新性质", Valid: true})
	natures[0].Name = "军队"
	now, report := apply(t, ours, "2026-11-24", map[string][]refdata.BaseCode{"Zjlx_dms": codes, "Dwxz_dms": natures})
	if c, _ := now.CertificateType(2); !c.Principal || !slices.Equal(c.Natures, []int{5}) {
		t.Errorf("2 = %+v", c)
	}
	if c, _ := now.CertificateType(49); !slices.Equal(c.Natures, []int{2, 21}) || c.Inferred {
		t.Errorf("a type of two natures = %+v", c)
	}
	if c, _ := now.CertificateType(50); !slices.Equal(c.Natures, []int{21}) || c.Principal {
		t.Errorf("50 = %+v", c)
	}
	if c, ok := now.CertificateType(51); !ok || len(c.Natures) != 0 || !c.Inferred {
		t.Errorf("51 = %+v", c)
	}
	if n, _ := now.Nature(1); n.ZH != "军队" || n.EN != "Defence body" {
		t.Errorf("1 = %+v", n)
	}
	if r := tableReport(t, report, "natures.json"); r.Added != 1 || r.Renamed != 1 || r.Settled != 0 {
		t.Errorf("natures %+v", r)
	}
}

func TestBaseCodesOfApprovalsAccessAndFormats(t *testing.T) {
	t.Parallel()
	ours := refdata.Builtin()
	approvals := codesOf(ours.PreApprovals(), func(a refdata.PreApproval) refdata.BaseCode {
		return refdata.BaseCode{ID: int64(a.ID) + 1, Name: a.ZH, Ysid: a.Ysid, NeedsApproval: a.ZH == "教育"}
	})[1:] // it has no row for "none of these"
	now, report := apply(t, ours, "2026-11-24", map[string][]refdata.BaseCode{"Wzjylx_dms": approvals,
		"Wzjrfs_dms": {{ID: 9, Name: "云接入", Ysid: 16, Valid: true}, {ID: 1, Name: "专线接入", Ysid: 1, Valid: true}, {ID: 2, Name: "主机托管", Ysid: 2, Valid: true}},
		"Fjwjgs_dms": {{ID: 1, Name: "jpg", Valid: true}, {ID: 2, Name: "png", Valid: true}, {ID: 3, Name: ".PDF", Valid: true}, {ID: 4, Name: "other", Valid: true}},
		"Zxly_dms":   {{ID: 3, Name: "网站关闭", Valid: true}, {ID: 4, Name: "其他", Valid: true}, {ID: 5, Name: "域名过期", Valid: true}, {ID: 6, Name: "用户申请", Valid: true}},
		"Fjytlx_dms": {{ID: 1, Name: "真实性核验单", Valid: true}, {ID: 2, Name: "单位证件", Valid: true}, {ID: 3, Name: "主体负责人证件", Valid: true}},
	})
	today := now.On(at(t, "2026-11-24 12:00"))
	if a, ok := today.PreApproval(0); !ok || !a.None || a.To != "" {
		t.Errorf("the answer that nothing applies has gone: %+v", a)
	}
	if a, _ := now.PreApproval(4); a.ZH != "教育" || !a.DocumentRequired || a.Authority.ZH == "" {
		t.Errorf("approval 4 = %+v", a)
	}
	if m, _ := now.AccessMode(9); m.ZH != "云接入" || m.EN != "Cloud access" || m.Provisional {
		t.Errorf("mode 9 = %+v", m)
	}
	if n := len(today.AccessModes()); n != 3 {
		t.Errorf("%d modes", n)
	}
	formats := today.AttachmentFormats()
	if len(formats) != 4 || formats[0].ZH != "jpg" || formats[0].MediaType != "image/jpeg" || formats[2].MediaType != "application/pdf" || formats[3].MediaType == "" {
		t.Errorf("formats %+v", formats)
	}
	for _, r := range today.CancelReasons() {
		if r.Provisional || r.ID < 3 || r.ID > 6 {
			t.Errorf("reason %+v", r)
		}
	}
	if r, ok := now.CancelReason(4); !ok || r.EN != "Other" {
		t.Errorf("reason 4 = %+v", r)
	}
	if p := today.AttachmentPurposes(); len(p) != 3 || p[0].ZH != "真实性核验单" {
		t.Errorf("purposes %+v", p)
	}
	if r := tableReport(t, report, "cancel_reasons.json"); r.Settled != 1 {
		t.Errorf("reasons %+v", r)
	}
}

func TestBaseCodesOfBureaux(t *testing.T) {
	t.Parallel()
	ours := refdata.Builtin()
	codes := codesOf(ours.ServerLocations(), func(l refdata.ServerLocation) refdata.BaseCode {
		return refdata.BaseCode{ID: int64(l.ID) + 40, Name: l.ZH + "省管局", Ysid: l.Ysid << 1, Letters: l.Letters, Licence: "京"}
	})
	for i := range codes {
		codes[i].Licence = ""
		switch codes[i].Letters {
		case "BJ":
			codes[i].Province, codes[i].Licence, codes[i].Name = 110000, "京", "北京市通信管理局"
		case "SC":
			codes[i].Province, codes[i].Licence = 510000, "川" // no filing number has it
		case "SH":
			codes[i].Province, codes[i].Letters, codes[i].Name = 310000, "31", "上海通信管理局"
		}
	}
	codes = append(codes, refdata.BaseCode{ID: 99, Name: "部", Ysid: 1 << 50, Letters: "MIIT", Valid: true})
	now, report := apply(t, ours, "2026-11-24", map[string][]refdata.BaseCode{"Gj_dms": codes})
	if l, ok := now.ServerLocationOf("110105"); !ok || l.ID != 42 || l.ZH != "北京" || l.Provisional || l.Ysid != 4 {
		t.Errorf("Beijing = %+v", l)
	}
	if l, ok := now.ServerLocationOf("310000"); !ok || l.ZH != "上海" || l.Letters != "SH" {
		t.Errorf("Shanghai = %+v", l)
	}
	if p, _ := now.Province("310000"); p.Bureau.ZH != "上海通信管理局" || p.Licence != "沪" {
		t.Errorf("Shanghai = %+v", p)
	}
	if p, _ := now.Province("510000"); p.Licence != "蜀" {
		t.Errorf("Sichuan = %+v", p)
	}
	if r := tableReport(t, report, "provinces.json"); len(r.Skipped) != 1 || r.Renamed != 1 {
		t.Errorf("provinces %+v", r)
	}
}

// regionCodes are all regions but zones and headings, as a list of GB/T 2260 has
// them: without levels.
func regionCodes(t *refdata.Tables) []refdata.BaseCode {
	var out []refdata.BaseCode
	var walk func(string)
	walk = func(code string) {
		for _, r := range t.Children(code) {
			if r.Code == code {
				continue
			}
			if r.Kind == refdata.OrdinaryRegion {
				id := int64(0)
				for _, d := range r.Code {
					id = id*10 + int64(d-'0')
				}
				out = append(out, refdata.BaseCode{ID: id, Name: r.Name, Valid: true})
			}
			walk(r.Code)
		}
	}
	walk("")
	return out
}

func TestBaseCodesOfRegions(t *testing.T) {
	t.Parallel()
	ours := refdata.Builtin()
	all := regionCodes(ours)
	if same, report := apply(t, ours, "2026-11-24", map[string][]refdata.BaseCode{"Qy_dms": all}); report.Changed() || len(same.Children("110000")) != 1 {
		t.Fatalf("the same regions change something: %+v", report)
	}
	var changed []refdata.BaseCode
	for _, c := range all {
		switch c.ID {
		case 110105: // 朝阳区 goes
			continue
		case 330108:
			c.Name = "滨江新区"
		case 330106:
			c.Valid = false
		}
		changed = append(changed, c)
	}
	changed = append(changed, refdata.BaseCode{ID: 110120, Name: "新设区", Level: 3, Valid: true}, refdata.BaseCode{ID: 441999, Name: "莞城区", Level: 3, Valid: true},
		refdata.BaseCode{ID: 810000, Name: "香港特别行政区", Level: 1, Valid: true}, refdata.BaseCode{ID: 100000, Name: "中国", Valid: true},
		refdata.BaseCode{ID: 110100, Name: "北京", Level: 3, Valid: true})
	now, report := apply(t, ours, "2026-11-24", map[string][]refdata.BaseCode{"Qy_dms": changed})
	r := tableReport(t, report, "regions.csv")
	if r.Added != 2 || r.Renamed != 1 || r.Ended != 2 || r.Extract || len(r.Skipped) != 3 {
		t.Errorf("report %+v", r)
	}
	today := now.On(at(t, "2026-11-24 12:00"))
	beijing := codes(today.Children("110100"))
	if slices.Contains(beijing, "110105") || !slices.Contains(beijing, "110120") {
		t.Errorf("Beijing: %v", beijing)
	}
	if got := now.RegionName("110105"); got != "北京市朝阳区" {
		t.Errorf("what ended has no name: %q", got)
	}
	if g, _ := now.Region("330108"); g.Name != "滨江新区" {
		t.Errorf("330108 = %+v", g)
	}
	if got := codes(today.Children("441900")); !slices.Equal(got, []string{"441999"}) {
		t.Errorf("a city that got a county still is one itself: %v", got)
	}
	if got := today.Children(""); len(got) != 31 {
		t.Errorf("%d provinces", len(got))
	}
	if g, ok := now.Region("320576"); !ok || g.To != "" {
		t.Errorf("a zone ended: %+v", g)
	}
}

func TestFilesTellWhatIsInForce(t *testing.T) {
	t.Parallel()
	ours := refdata.Builtin()
	text := []byte(`{"table":"languages","source":"mine","as_of":"2026-01-01","rows":[{"id":1,"zh":"a","en":"b","provisional":true}]}`)
	now, err := ours.With(map[string][]byte{"languages.json": text})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(now.Files(), func(f refdata.File) bool { return f.Name == "languages.json" })
	if f := now.Files()[i]; f.Origin != refdata.FromOperator || f.Rows != 1 || f.Provisional != 1 || f.Source != "mine" {
		t.Errorf("file %+v", f)
	}
	if got, ok := now.FileText("languages.json"); !ok || string(got) != string(text) {
		t.Errorf("text %q", got)
	}
	if got, ok := now.FileText("natures.json"); !ok || !strings.Contains(string(got), "国防机构") {
		t.Errorf("built-in text %q, %v", got, ok)
	}
	if _, ok := now.FileText("../tables.go"); ok {
		t.Error("a file outside is given")
	}
	if got := now.Given(); len(got) != 1 {
		t.Errorf("given %v", got)
	}
	back, err := now.With(map[string][]byte{"languages.json": nil})
	if err != nil || len(back.Languages()) != 17 || len(back.Given()) != 0 {
		t.Errorf("back to the built-in file: %v", err)
	}
	if _, err := ours.With(map[string][]byte{"planets.json": text}); err == nil {
		t.Error("an unknown file is taken")
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	r := refdata.Builtin()
	for _, c := range []struct {
		rule, day string
		want      []refdata.Warning
	}{
		{"a year before the end only the suffixes are old", "2026-01-01", []refdata.Warning{{"reference.list_old", "tlds.json", "2022-08-30", 1220}}},
		{"61 days before the end of the calendar", "2026-10-31", []refdata.Warning{{"reference.list_old", "tlds.json", "2022-08-30", 1523}}},
		{"60 days before", "2026-11-01", []refdata.Warning{{"reference.calendar_ends", "workdays.json", "2026-12-31", 60}, {"reference.list_old", "tlds.json", "2022-08-30", 1524}}},
		{"its last day", "2026-12-31", []refdata.Warning{{"reference.calendar_ends", "workdays.json", "2026-12-31", 0}, {"reference.list_old", "tlds.json", "2022-08-30", 1584}}},
		{"the day after, and a year later the registrars too", "2027-11-25", []refdata.Warning{{"reference.calendar_ended", "workdays.json", "2026-12-31", 329},
			{"reference.list_old", "registrars.json", "2026-11-24", 366}, {"reference.list_old", "tlds.json", "2022-08-30", 1913}}},
	} {
		if got := r.Warnings(at(t, c.day+" 23:00")); !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.rule, got, c.want)
		}
	}
	if got := r.CalendarDaysLeft(time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC)); got != 36 { // the 25th in China
		t.Errorf("%d days left", got)
	}
}

func FuzzFromBaseCodes(f *testing.F) {
	f.Add("Wzfwlx_dms", int64(1), "小程序", int64(32), int64(500), true)
	f.Add("Qy_dms", int64(110199), "某区", int64(0), int64(3), false)
	f.Add("Gj_dms", int64(2), "北京市通信管理局", int64(2), int64(110000), true)
	f.Add("Zjlx_dms", int64(50), "证", int64(0), int64(4), true)
	f.Fuzz(func(t *testing.T, table string, id int64, name string, ysid, other int64, valid bool) {
		c := refdata.BaseCode{ID: id, Name: name, Ysid: ysid, Parent: other, Level: int(other % 5), Nature: other, Province: other, Licence: name, Letters: name, Valid: valid}
		in := refdata.BaseCodes{File: "f.xml", Day: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC), Tables: map[string][]refdata.BaseCode{table: {c}}}
		files, _, err := refdata.FromBaseCodes(refdata.Builtin(), in)
		if err != nil {
			t.Fatalf("the result does not load: %v", err)
		}
		now, err := refdata.Builtin().With(files)
		if err != nil {
			t.Fatal(err)
		}
		if again, _, err := refdata.FromBaseCodes(now, in); err != nil || len(again) > 0 {
			t.Errorf("again: %d files, %v", len(again), err)
		}
	})
}

func TestNamesAndNumbersOfTheProductAreFoundAmongTheAuthoritys(t *testing.T) {
	t.Parallel()
	codes := contentCodes(refdata.Builtin())
	for i := range codes {
		codes[i].ID += 100
		if codes[i].Name == "网络新闻" {
			codes[i].Name = "互联网新闻"
		}
	}
	codes = append(codes, refdata.BaseCode{ID: 300, Name: "生活服务", Valid: true}, refdata.BaseCode{ID: 301, Name: "其他", Parent: 300, Valid: true})
	now, _ := apply(t, refdata.Builtin(), "2026-11-24", map[string][]refdata.BaseCode{"Wzfwlx_dms": codes,
		"Wzjylx_dms": {{ID: 31, Name: "新闻类", Ysid: 1, Valid: true}, {ID: 32, Name: "宗教", Ysid: 16384, Valid: true}}})
	content := func(c refdata.ServiceContent) int { return c.ID }
	for name, want := range map[string][]int{"博客/个人空间": {106}, "网络新闻": {105}, "互联网新闻": {105}, "其他": {124, 301}, "没有": {}} {
		if got := ids(now.ServiceContentsNamed(name), content); !slices.Equal(got, want) {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	for id, want := range map[int]int{6: 106, 5: 105, 24: 124, 77: 77, 301: 301} {
		if got := now.ServiceContentID(id); got != want {
			t.Errorf("number %d is %d, want %d", id, got, want)
		}
	}
	if got := refdata.Builtin().ServiceContentID(6); got != 6 {
		t.Errorf("in the product's own table 6 is %d", got)
	}
	if got, named := now.PreApprovalID(1), now.PreApprovalsNamed("新闻"); got != 31 || len(named) != 1 || named[0].ID != 31 {
		t.Errorf("news is %d, %+v", got, named)
	}
}
