package refdata_test

import (
	"bytes"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/idna"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

func ids[R any](rows []R, id func(R) int) []int {
	out := make([]int, len(rows))
	for i, r := range rows {
		out[i] = id(r)
	}
	return out
}

func TestEveryFileIsReadAndTellsItsSource(t *testing.T) {
	t.Parallel()
	tables := refdata.Builtin()
	files := tables.Files()
	names := refdata.FileNames()
	if len(files) != len(names) {
		t.Fatalf("%d files, %d read", len(names), len(files))
	}
	for i, e := range files {
		if e.Name != names[i] || e.Origin != refdata.FromProduct || e.Rows == 0 {
			t.Errorf("file %d: %+v", i, e)
		}
		if e.Source == "" || e.Note == "" || e.AsOf < "2016-01-01" {
			t.Errorf("%s: source %q, note %q, as of %q", e.Table, e.Source, e.Note, e.AsOf)
		}
		if !slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, e.Table+".") }) {
			t.Errorf("no file for %s", e.Table)
		}
	}
}

func TestCounts(t *testing.T) {
	t.Parallel()
	r := refdata.Builtin()
	for table, c := range map[string]struct{ got, want int }{
		"natures":           {len(r.Natures()), 18},
		"certificate types": {len(r.CertificateTypes()), 43},
		"service contents":  {len(r.ServiceContents()), 30},
		"pre-approvals":     {len(r.PreApprovals()), 13},
		"access modes":      {len(r.AccessModes()), 5},
		"server locations":  {len(r.ServerLocations()), 34},
		"languages":         {len(r.Languages()), 17},
		"service types":     {len(r.ServiceTypes()), 4},
		"purposes":          {len(r.AttachmentPurposes()), 5},
		"formats":           {len(r.AttachmentFormats()), 2},
		"cancel reasons":    {len(r.CancelReasons()), 7},
		"mobile segments":   {len(r.MobileSegments()), 12},
		"registrars":        {len(r.Registrars()), 25},
		"provinces":         {len(r.Provinces()), 31},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d rows, want %d", table, c.got, c.want)
		}
	}
}

func TestNaturesAndCertificates(t *testing.T) {
	t.Parallel()
	r := refdata.Builtin()
	n, ok := r.Nature(4)
	if !ok || n.ZH != "企业" || n.In("en") != "Enterprise" || n.In("zh-CN") != "企业" || n.Person {
		t.Errorf("nature 4 = %+v", n)
	}
	for _, n := range r.Natures() {
		if n.Person != (n.ID == 5) {
			t.Errorf("nature %d: person = %v", n.ID, n.Person)
		}
		if len(r.CertificateTypesFor(n.ID)) == 0 {
			t.Errorf("nature %d has no certificate", n.ID)
		}
	}
	if _, ok := r.Nature(7); ok {
		t.Error("nature 7 exists")
	}
	certID := func(c refdata.CertificateType) int { return c.ID }
	for _, c := range []struct {
		rule string
		got  []refdata.CertificateType
		want []int
	}{
		{"an enterprise files with its licence, organisation codes last", r.CertificateTypesFor(4), []int{1, 27, 12}},
		{"a person files with personal documents, the officer's card last", r.CertificateTypesFor(5), []int{2, 7, 11, 14, 30, 41, 42, 8}},
		{"persons in charge", r.PrincipalCertificateTypes(), []int{2, 7, 11, 14, 30, 41, 42}},
		{"no such nature", r.CertificateTypesFor(99), []int{}},
	} {
		if got := ids(c.got, certID); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.rule, got, c.want)
		}
	}
	for _, c := range r.PrincipalCertificateTypes() {
		if !slices.Contains(c.Natures, 5) {
			t.Errorf("certificate type %d is for principals but not for persons", c.ID)
		}
	}
}

func TestServiceContentsAndApprovals(t *testing.T) {
	t.Parallel()
	r := refdata.Builtin()
	bits, persons := map[int64]bool{}, 0
	for _, c := range r.ServiceContents() {
		if c.Ysid <= 0 || c.Ysid&(c.Ysid-1) != 0 || bits[c.Ysid] {
			t.Errorf("content %d: ysid %d is no bit of its own", c.ID, c.Ysid)
		}
		bits[c.Ysid] = true
		if !c.Provisional {
			t.Errorf("content %d claims to be the authority's id", c.ID)
		}
		if c.Person {
			persons++
			if blog, other := c.ZH == "博客/个人空间" && c.Ysid == 32, c.ZH == "其他" && c.NeedsRemark; !blog && !other {
				t.Errorf("content for persons: %+v", c)
			}
		}
	}
	if persons != 2 {
		t.Errorf("%d contents for persons", persons)
	}
	a, ok := r.PreApproval(11)
	if !ok || a.ZH != "网络预约车" || a.Ysid != 2048 || a.Document.EN == "" || a.Authority.ZH == "" {
		t.Errorf("approval 11 = %+v", a)
	}
	none := 0
	for _, a := range r.PreApprovals() {
		if a.None {
			none++
		} else if a.Authority.ZH == "" || a.DocumentRequired && a.Document.ZH == "" {
			t.Errorf("approval %d: %+v", a.ID, a)
		}
	}
	if none != 1 {
		t.Errorf("%d answers say that nothing applies", none)
	}
	l, ok := r.ServerLocationOf("440305")
	if !ok || l.Letters != "GD" || l.Ysid != 16 || !l.Provisional {
		t.Errorf("location of Shenzhen = %+v", l)
	}
}

func TestProvinces(t *testing.T) {
	t.Parallel()
	r := refdata.Builtin()
	for _, c := range []struct{ code, letters, licence, zh, bureau string }{
		{"110105", "BJ", "京", "北京市", "北京市通信管理局"},
		{"51", "SC", "蜀", "四川省", "四川省通信管理局"},
		{"520000", "GZ", "黔", "贵州省", "贵州省通信管理局"},
		{"610000", "SN", "陕", "陕西省", "陕西省通信管理局"},
		{"620000", "GS", "陇", "甘肃省", "甘肃省通信管理局"},
		{"6501", "XJ", "新", "新疆维吾尔自治区", "新疆维吾尔自治区通信管理局"},
	} {
		p, ok := r.Province(c.code)
		if !ok || p.Letters != c.letters || p.Licence != c.licence || p.ZH != c.zh || p.Bureau.ZH != c.bureau {
			t.Errorf("province of %s = %+v", c.code, p)
		}
	}
	for _, p := range r.Provinces() {
		n, err := icp.ParseLicenceNo(p.Licence + "ICP备05000000号")
		if err != nil || n.Province != p.Licence {
			t.Errorf("%s is not written %s in filing numbers: %+v, %v", p.ZH, p.Licence, n, err)
		}
		if q, ok := r.ProvinceByLicence(p.Licence); !ok || q.Code != p.Code {
			t.Errorf("%s finds %+v", p.Licence, q)
		}
		if q, ok := r.ProvinceByLetters(p.Letters); !ok || q.Code != p.Code {
			t.Errorf("%s finds %+v", p.Letters, q)
		}
		if reg, ok := r.Region(p.Code); !ok || reg.Name != p.ZH {
			t.Errorf("region %s = %+v", p.Code, reg)
		}
	}
	for _, code := range []string{"", "1", "71", "99", "1101051"} {
		if p, ok := r.Province(code); ok {
			t.Errorf("province of %q = %+v", code, p)
		}
	}
}

func TestTLDs(t *testing.T) {
	t.Parallel()
	r := refdata.Builtin()
	kinds := map[refdata.TLDKind]int{}
	for _, d := range r.TLDs() {
		kinds[d.Kind]++
		ace, err := idna.Lookup.ToASCII(d.Name)
		if err != nil {
			t.Errorf("%s: %v", d.Name, err)
		}
		if want := d.ACE; want != "" && ace != want || want == "" && ace != d.Name {
			t.Errorf("%s has the ACE form %s, the file says %q", d.Name, ace, want)
		}
	}
	if kinds[refdata.ASCIITLD] != 121 || kinds[refdata.ChineseTLD] != 32 || kinds[refdata.SecondLevel] != 43 {
		t.Errorf("counts = %v", kinds)
	}
	for _, name := range []string{"com", ".COM", "中国", "xn--fiqs8s", "com.cn", "bj.cn", "xn--55qw42g.cn"} {
		if _, ok := r.TLD(name); !ok {
			t.Errorf("%s is not approved", name)
		}
	}
	for _, name := range []string{"", "io", "org", "xn--nope", "co.uk"} {
		if d, ok := r.TLD(name); ok {
			t.Errorf("%s is approved: %+v", name, d)
		}
	}
	if d, _ := r.TLD("bj.cn"); d.Province != "110000" {
		t.Errorf("bj.cn belongs to %q", d.Province)
	}
	for _, c := range []struct {
		rule, tld, suffix, region string
		want                      refdata.Listing
	}{
		{"an approved TLD", "com", "com", "", refdata.Approved},
		{"a TLD that is not on the closed list", "io", "io", "", refdata.NotApproved},
		{"a category of .cn", "cn", "com.cn", "310000", refdata.Approved},
		{"a second level of .cn that the list does not name", "cn", "公司.cn", "", refdata.Unknown},
		{"a name right below .cn", "cn", "", "", refdata.Approved},
		{"Beijing refuses .me", "me", "", "110105", refdata.NotApproved},
		{"Shanghai does not", "me", "", "310000", refdata.Approved},
		{"Beijing takes .tel", "tel", "", "110000", refdata.Approved},
		{"Shanghai does not take .tel", "tel", "", "310000", refdata.NotApproved},
	} {
		if got := r.SuffixListing(c.tld, c.suffix, c.region); got != c.want {
			t.Errorf("%s: %s, want %s", c.rule, got, c.want)
		}
	}
	old := r.On(time.Date(2020, 7, 1, 0, 0, 0, 0, time.UTC))
	if got := old.SuffixListing("global", "", ""); got != refdata.NotApproved {
		t.Errorf(".global in July 2020: %s", got)
	}
	if got := r.On(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).SuffixListing("global", "", ""); got != refdata.Approved {
		t.Errorf(".global in 2026: %s", got)
	}
}

func TestRegistrars(t *testing.T) {
	t.Parallel()
	r := refdata.Builtin()
	for _, c := range []struct {
		rule, name, iana string
		want             refdata.Listing
	}{
		{"by IANA id", "", "1599", refdata.Approved},
		{"by name with other punctuation", "ALIBABA CLOUD COMPUTING (BEIJING) CO.,LTD", "", refdata.Approved},
		{"by Chinese alias", "阿里云计算有限公司", "", refdata.Approved},
		{"by full-width brackets and ordinary ones", "阿里云计算有限公司(万网)", "", refdata.Approved},
		{"a foreign registrar", "GoDaddy.com, LLC", "", refdata.NotApproved},
		{"the id outranks the name", "Xin Net Technology Corporation", "146", refdata.NotApproved},
		{"an id that is not listed leaves it to the name", "DNSPod, Inc.", "999999", refdata.Approved},
		{"nobody knows it", "Example Registrar Ltd.", "", refdata.Unknown},
		{"nothing is known", "", "", refdata.Unknown},
	} {
		if got := r.RegistrarListing(c.name, c.iana); got != c.want {
			t.Errorf("%s: %s, want %s", c.rule, got, c.want)
		}
	}
	for _, g := range r.Registrars() {
		if g.Checked {
			t.Errorf("the example %s claims to be checked", g.EN)
		}
		if _, l := r.Registrar(g.EN); l == refdata.Unknown {
			t.Errorf("%s is not found by name", g.EN)
		}
	}
}

// The tables that codes are looked up in by people: each row against the
// published lists, so that a slip of the hand is seen.
func TestKnownRows(t *testing.T) {
	t.Parallel()
	r := refdata.Builtin()
	texts := func(rows []refdata.Coded) string {
		var b strings.Builder
		for _, c := range rows {
			b.WriteString(strconv.Itoa(c.ID) + c.ZH + " ")
		}
		return strings.TrimSpace(b.String())
	}
	if got := texts(r.Languages()); got != "1中文简体 2中文繁体 3维吾尔语 4哈萨克语 5柯尔克孜语 6蒙古语 7藏语 8壮语 9朝鲜语 10彝文 11苗语 12英语 13日语 14法语 15俄罗斯语 16西班牙语 17阿拉伯语" {
		t.Errorf("languages %s", got)
	}
	if got := texts(r.AttachmentPurposes()); got != "1核验单 2单位证件 3主体负责人证件 4网站负责人证件 5现场照片" {
		t.Errorf("purposes %s", got)
	}
	if got := texts(r.ServiceTypes()); got != "1网站 6APP 7小程序 8快应用" {
		t.Errorf("service types %s", got)
	}
	bits := map[string]int64{}
	for _, m := range r.AccessModes() {
		bits[m.ZH] = m.Ysid
		if m.Provisional != (m.ID > 2) {
			t.Errorf("mode %+v: only 1 and 2 have been seen in use", m)
		}
	}
	if want := map[string]int64{"专线": 1, "主机托管": 2, "虚拟主机": 4, "其他": 8, "云接入": 16}; !maps.Equal(bits, want) {
		t.Errorf("modes %v", bits)
	}
	for _, l := range r.ServerLocations() {
		special := l.Letters == "HK" || l.Letters == "MO" || l.Letters == "TW"
		if !l.Provisional || l.Inferred != special || l.Ysid == 0 {
			t.Errorf("location %+v", l)
		}
		if p, ok := r.Province(l.Province); ok == special || ok && p.Letters != l.Letters {
			t.Errorf("location %s stands in %+v", l.Letters, p)
		}
	}
	for _, c := range r.CancelReasons() {
		if !c.Provisional {
			t.Errorf("reason %+v claims to be the authority's", c)
		}
	}
	// 64 bits of the newest contents are past 32 bits and past one another.
	if c, ok := r.ServiceContent(30); !ok || c.ZH != "网上非银行支付" || c.Ysid != 4294967296 {
		t.Errorf("content 30 = %+v", c)
	}
	for _, id := range []int{41, 42} {
		if c, _ := r.CertificateType(id); !c.Principal || !slices.Equal(c.Natures, []int{5}) {
			t.Errorf("certificate type %+v", c)
		}
	}
}

func TestTriggers(t *testing.T) {
	t.Parallel()
	finance, ok := refdata.Builtin().PreApproval(13)
	if !ok || !slices.Contains(finance.Triggers("110105"), "股权众筹") || slices.Contains(finance.Triggers("110105"), "信托") || !slices.Contains(finance.Triggers("310000"), "信托") ||
		slices.Contains(finance.Triggers(""), "信托") || len(finance.Triggers("")) != 16 {
		t.Errorf("finance %+v", finance)
	}
}

func TestMobileSegments(t *testing.T) {
	t.Parallel()
	day := at(t, "2026-11-24 12:00")
	r := refdata.Builtin()
	for number, want := range map[string]string{"17012345678": "170 virtual", "17401234567": "1740 no_messages", "17412345678": "", "13491234567": "1349 no_messages", "13481234567": "", "": ""} {
		s, ok := r.MobileSegmentAt(number, day)
		if got := strings.TrimSpace(s.Prefix + " " + string(s.Kind)); got != want || ok != (want != "") {
			t.Errorf("%s: %s, want %s", number, got, want)
		}
	}
	own, err := r.With(map[string][]byte{refdata.MobileSegmentsFile: []byte(`{"table":"mobile_segments","source":"x","as_of":"2026-01-01","rows":[
		{"prefix":"139","kind":"virtual","zh":"a","en":"b","checked":true,"valid_to":"2026-11-23"},{"prefix":"1391","kind":"no_messages","zh":"a","en":"b","checked":true}]}`)})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := own.MobileSegmentAt("13900000000", day); ok {
		t.Error("a segment that ended is found")
	}
	if s, ok := own.MobileSegmentAt("13900000000", at(t, "2026-11-23 12:00")); !ok || s.Prefix != "139" {
		t.Errorf("the day before: %+v", s)
	}
	if s, _ := own.MobileSegmentAt("13910000000", at(t, "2026-11-23 12:00")); s.Prefix != "1391" {
		t.Errorf("the longer one counts: %+v", s)
	}
	if n := len(own.On(day).MobileSegments()); n != 1 || own.IsProducts(refdata.MobileSegmentsFile) || !r.IsProducts(refdata.MobileSegmentsFile) {
		t.Errorf("%d segments", n)
	}
}

// Rows of every table leave the lists on the day after their last.
func TestValidityIsHonouredByEveryList(t *testing.T) {
	t.Parallel()
	ended := map[string][]byte{}
	for _, name := range refdata.FileNames() {
		text, _ := refdata.Builtin().FileText(name)
		switch {
		case name == "regions.csv":
			text = bytes.ReplaceAll(text, []byte("北京市,,,"), []byte("北京市,,,2026-06-30"))
			text = bytes.ReplaceAll(text, []byte("东城区,,,"), []byte("东城区,,,2026-06-30"))
		case name != "workdays.json":
			text = regexp.MustCompile(`(?m)^(    \{.*)\}(,?)$`).ReplaceAll(text, []byte(`$1, "valid_to": "2026-06-30"}$2`))
		}
		ended[name] = text
	}
	r, err := refdata.LoadFiles(ended)
	if err != nil {
		t.Fatal(err)
	}
	for day, full := range map[string]bool{"2026-06-30 12:00": true, "2026-07-01 00:00": false} {
		v := r.On(at(t, day))
		for list, n := range map[string]int{"natures": len(v.Natures()), "certificates": len(v.CertificateTypes()), "contents": len(v.ServiceContents()), "choices": len(v.ServiceChoices()),
			"approvals": len(v.PreApprovals()), "modes": len(v.AccessModes()), "places": len(v.ServerLocations()), "languages": len(v.Languages()), "service types": len(v.ServiceTypes()),
			"purposes": len(v.AttachmentPurposes()), "formats": len(v.AttachmentFormats()), "reasons": len(v.CancelReasons()), "provinces": len(v.Provinces()), "segments": len(v.MobileSegments()),
			"suffixes": len(v.TLDs()), "registrars": len(v.Registrars())} {
			if n > 0 != full {
				t.Errorf("%s on %s: %d rows", list, day, n)
			}
		}
		if got := slices.Contains(codes(v.Children("")), "110000"); got != full {
			t.Errorf("Beijing on %s: %v", day, got)
		}
		if got := slices.Contains(codes(v.Children("110100")), "110101"); got != full {
			t.Errorf("a district on %s: %v", day, got)
		}
		if got := v.SuffixListing("com", "", ""); (got == refdata.Approved) != full {
			t.Errorf(".com on %s: %s", day, got)
		}
		if _, l := v.Registrar("1599"); (l == refdata.Approved) != full {
			t.Errorf("registrar on %s: %s", day, l)
		}
		if _, ok := v.Nature(4); !ok {
			t.Errorf("a look-up on %s does not find what ended", day)
		}
	}
}

func TestLoadFilesTakesOtherEditions(t *testing.T) {
	t.Parallel()
	file := `{"table":"languages","source":"test","as_of":"2026-01-01","rows":[
		{"id":1,"zh":"中文简体","en":"Simplified Chinese","valid_to":"2026-06-30"},
		{"id":2,"zh":"世界语","en":"Esperanto","valid_from":"2026-07-01"}]}`
	r, err := refdata.LoadFiles(map[string][]byte{"languages.json": []byte(file)})
	if err != nil {
		t.Fatal(err)
	}
	id := func(c refdata.Coded) int { return c.ID }
	if got := ids(r.Languages(), id); !slices.Equal(got, []int{1, 2}) {
		t.Errorf("all rows: %v", got)
	}
	// 2026-06-30 16:00 UTC is already July in China.
	july := r.On(time.Date(2026, 6, 30, 16, 0, 0, 0, time.UTC))
	if got := ids(july.Languages(), id); !slices.Equal(got, []int{2}) {
		t.Errorf("in July: %v", got)
	}
	if l, ok := july.Language(1); !ok || l.ZH != "中文简体" {
		t.Errorf("an old code is not found: %+v", l)
	}
	if got := ids(r.On(time.Date(2026, 6, 30, 15, 59, 0, 0, time.UTC)).Languages(), id); !slices.Equal(got, []int{1}) {
		t.Errorf("in June: %v", got)
	}
}

func TestLoadFilesRefuses(t *testing.T) {
	t.Parallel()
	head := func(table string) string { return `{"table":"` + table + `","source":"x","as_of":"2026-01-01",` }
	csvHead := "# table: regions\n# source: x\n# as_of: 2026-01-01\n"
	for rule, c := range map[string]struct{ name, text, want string }{
		"an unknown file":           {"planets.json", "", "no such table"},
		"no JSON":                   {"natures.json", "x", "invalid character"},
		"text after the end":        {"languages.json", head("languages") + `"rows":[]} x`, "after the end"},
		"another table":             {"languages.json", head("natures") + `"rows":[]}`, `table is "natures"`},
		"no source":                 {"languages.json", `{"table":"languages","as_of":"2026-01-01","rows":[]}`, "source"},
		"no day":                    {"languages.json", `{"table":"languages","source":"x","rows":[]}`, "as_of"},
		"an unknown field":          {"languages.json", head("languages") + `"rows":[{"id":1,"zh":"a","en":"b","x":1}]}`, "unknown field"},
		"an id twice":               {"languages.json", head("languages") + `"rows":[{"id":1,"zh":"a","en":"b"},{"id":1,"zh":"a","en":"b"}]}`, "twice"},
		"no name":                   {"languages.json", head("languages") + `"rows":[{"id":1,"zh":"a"}]}`, "lacks a name"},
		"a bad day":                 {"languages.json", head("languages") + `"rows":[{"id":1,"zh":"a","en":"b","valid_to":"2026-02-30"}]}`, "validity"},
		"an end before the begin":   {"languages.json", head("languages") + `"rows":[{"id":1,"zh":"a","en":"b","valid_from":"2026-02-02","valid_to":"2026-02-01"}]}`, "before"},
		"a nature that is none":     {"certificate_types.json", head("certificate_types") + `"rows":[{"id":1,"zh":"a","en":"b","natures":[77]}]}`, "nature 77"},
		"a region without parent":   {"regions.csv", csvHead + "2,110100,市辖区,,,\n", "comes before"},
		"a region code of letters":  {"regions.csv", csvHead + "1,11000x,北京市,,,\n", "six digits"},
		"a region twice":            {"regions.csv", csvHead + "1,110000,北京市,,,\n1,110000,北京市,,,\n", "twice"},
		"a level 4":                 {"regions.csv", csvHead + "4,110000,北京市,,,\n", "no level"},
		"too few columns":           {"regions.csv", csvHead + "1,110000\n", "wrong number of fields"},
		"provinces without regions": {"regions.csv", csvHead + "1,110000,北京市,,,\n", "not among the regions"},
		"a suffix twice":            {"tlds.json", head("tlds") + `"rows":[{"name":"cn","kind":"ascii"},{"name":"cn","kind":"ascii"}]}`, "twice"},
		"a calendar without span":   {"workdays.json", head("workdays") + `"rows":[]}`, "missing"},
		"a day outside the span":    {"workdays.json", head("workdays") + `"from":"2026-01-01","until":"2026-12-31","rows":[{"date":"2027-01-01"}]}`, "outside"},
		"a segment of letters":      {"mobile_segments.json", head("mobile_segments") + `"rows":[{"prefix":"1x0","kind":"virtual","zh":"a","en":"b"}]}`, "row 1: segment"},
		"a segment twice":           {"mobile_segments.json", head("mobile_segments") + `"rows":[{"prefix":"170","kind":"virtual","zh":"a","en":"b"},{"prefix":"170","kind":"virtual","zh":"a","en":"b"}]}`, "row 2: segment 170 stands twice"},
		"a segment of no kind":      {"mobile_segments.json", head("mobile_segments") + `"rows":[{"prefix":"170","zh":"a","en":"b"}]}`, "unknown kind"},
		"a content below none":      {"service_contents.json", head("service_contents") + `"rows":[{"id":1,"zh":"a","en":"b","ysid":1,"parent":7}]}`, "row 1: content 1 is below 7"},
		"three levels of contents":  {"service_contents.json", head("service_contents") + `"rows":[{"id":1,"zh":"a","en":"b","ysid":1},{"id":2,"zh":"a","en":"b","ysid":0,"parent":1},{"id":3,"zh":"a","en":"b","ysid":0,"parent":2}]}`, "row 3"},
		"an origin of its own":      {"languages.json", head("languages") + `"origin":"builtin","rows":[]}`, "origin"},
		"a line":                    {"languages.json", head("languages") + "\n\"rows\":[{\"id\":\"x\"}]}", "line 2"},
		"an IANA id twice":          {"registrars.json", head("registrars") + `"rows":[{"en":"Alpha","iana":"1"},{"en":"Beta","iana":"1"}]}`, "twice"},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			_, err := refdata.LoadFiles(map[string][]byte{c.name: []byte(c.text)})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func FuzzLoadFiles(f *testing.F) {
	for i, n := range refdata.FileNames() {
		f.Add(i, []byte(`{"table":"`+strings.TrimSuffix(n, ".json")+`","source":"x","as_of":"2026-01-01","rows":[{"id":1}]}`))
	}
	f.Add(slices.Index(refdata.FileNames(), "regions.csv"), []byte("# table: regions\n# source: x\n# as_of: 2026-01-01\n1,110000,北京市,,,\n"))
	f.Fuzz(func(t *testing.T, which int, data []byte) {
		names := refdata.FileNames()
		if which < 0 || which >= len(names) {
			return
		}
		r, err := refdata.LoadFiles(map[string][]byte{names[which]: data})
		if (r == nil) == (err == nil) {
			t.Fatalf("tables %v with error %v", r != nil, err)
		}
		if err == nil && len(r.Files()) != len(names) {
			t.Errorf("%d of %d tables", len(r.Files()), len(names))
		}
	})
}
