package wire_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/authority/wire/wiretest"
	"github.com/openbeian/beian/internal/icp"
)

const results = `<?xml version="1.0" encoding="GBK"?>
<x:DownloadData xmlns:x="urn:x" version="V.3.0"><x:ICP>
<BAJG>
 <Jg_xx><Jgxx><Dmms>审核通过</Dmms><Jgdm> 1001 </Jgdm></Jgxx><Czlx>35</Czlx><Bs>浙ICP备2024000001号</Bs></Jg_xx>
 <Jg_xx><Jgxx><Jgdm>十</Jgdm></Jgxx><Czlx>2</Czlx><Neu a="1">留<b>底</b></Neu></Jg_xx>
 <GJSHS><Gjsh><Shsj>2026-11-24</Shsj><Shjg>0</Shjg><Shyj>名称` + "\x01" + `不符</Shyj><Jlid>71</Jlid><Czlx>2</Czlx></Gjsh></GJSHS>
</BAJG>
<XGTZ><Tzxx><Tzlb>0</Tzlb></Tzxx></XGTZ><x:NEUES xmlns:x="urn:x"><x:Id>drei</x:Id></x:NEUES>
</x:ICP><DJTB/></x:DownloadData>`

func gbk(t *testing.T, s string) []byte {
	t.Helper()
	return []byte(must[string](t)(simplifiedchinese.GBK.NewEncoder().String(s)))
}

func TestDecodeDownloadToleratesKnownDefects(t *testing.T) {
	t.Parallel()
	for name, b := range map[string][]byte{
		"GBK as declared":                    gbk(t, results),
		"UTF-8 declared, GBK bytes":          gbk(t, strings.Replace(results, `"GBK"`, `"UTF-8"`, 1)),
		"UTF-8 with byte order mark":         []byte("\xEF\xBB\xBF" + strings.Replace(results, `"GBK"`, `"utf-8"`, 1)),
		"no declaration, GBK bytes":          gbk(t, strings.SplitN(results, "\n", 2)[1]),
		"no declaration, UTF-8 bytes":        []byte(strings.SplitN(results, "\n", 2)[1]),
		"GB2312 declared, quoted otherwise ": gbk(t, strings.Replace(results, `"GBK"`, `'gb2312'`, 1)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := must[wire.DownloadData](t)(wire.DecodeDownload(b))
			ops := d.ICP.Results.Operations
			if len(ops) != 2 || ops[0].Codes[0].Code != 1001 || ops[0].Codes[0].Comment != "审核通过" || ops[0].Operation != wire.ActionVerification {
				t.Fatalf("operations = %+v", ops)
			}
			if len(d.Faults) != 1 || d.Faults[0].Pointer != "/DownloadData/ICP/BAJG/Jg_xx/Jgxx/Jgdm" || ops[1].Codes[0].Code != 0 {
				t.Errorf("faults = %+v", d.Faults)
			}
			if o := ops[1].Other; len(o) != 1 || o[0].Name != "Neu" || o[0].XML != `<Neu a="1">留<b>底</b></Neu>` {
				t.Errorf("unknown element = %+v", o)
			}
			if o := d.ICP.Other; len(o) != 1 || o[0].Name != "NEUES" {
				t.Errorf("part without a type = %+v", o)
			}
			if u := d.Unknown(); len(u) != 2 || u[0].Path != "/ICP/BAJG/Jg_xx/1/Neu" || u[1].Path != "/ICP/NEUES" || u[1].XML != "<NEUES><Id>drei</Id></NEUES>" {
				t.Errorf("unknown = %+v", u)
			}
			if n := d.ICP.Notices; n == nil || len(n.Records) != 1 || n.Records[0].Kind != wire.NoticeSubject {
				t.Errorf("notices = %+v", n)
			}
			if d.Sync == nil || len(d.Other) != 0 {
				t.Errorf("synchronisation = %+v, %+v", d.Sync, d.Other)
			}
			r := d.ICP.Results.Reviews.Items[0]
			if r.Opinion != "名称\uFFFD不符" || r.RecordID != 71 || r.Result != wire.ReviewRejected {
				t.Errorf("review = %+v", r)
			}
		})
	}
}

func TestDecodeDownloadTakesBothSpellingsOfAProvider(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Ispid", "IspId"} {
		d := must[wire.DownloadData](t)(wire.DecodeDownload([]byte("<DownloadData><ICP><BASJ><Baxx><Wz_xx><Jr_xx><" + name + ">7</" + name + "></Jr_xx></Wz_xx></Baxx></BASJ></ICP></DownloadData>")))
		if a := d.ICP.Filed.Records[0].Websites[0].Accesses[0]; a.ProviderID != 7 || len(a.Other) != 0 {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing":              "",
		"another root":         "<html/>",
		"a truncated document": results[:len(results)-30],
		"mismatched tags":      "<DownloadData><ICP></DownloadData></ICP>",
	} {
		if _, err := wire.DecodeDownload([]byte(text)); !errors.Is(err, icp.ErrInvalid) {
			t.Errorf("%s: err = %v", name, err)
		}
	}
	if _, err := wire.DecodeUpload([]byte("<UploadData><ICP><Qqdwid>x</Qqdwid></ICP></UploadData>")); !errors.Is(err, icp.ErrInvalid) {
		t.Errorf("upload with a bad number: err = %v", err)
	}
}

func TestDownloadSurvivesTheRoundTripAndTheSchema(t *testing.T) {
	t.Parallel()
	at := wire.FormatTime(time.Date(2026, 11, 24, 1, 2, 3, 0, time.UTC))
	in := wire.DownloadData{Version: "V.3.0", ICP: &wire.DownloadICP{
		Filed: &wire.FiledData{Records: []wire.FiledRecord{{
			Subject: wire.FiledSubject{AuthorityID: 5, Name: "杭州钱塘茶叶有限公司", Address: wire.Address{Province: 330000},
				Certificate: wire.Certificate{Type: 1, Number: "91330100MA0000000C", Address: "杭州"}, Principal: wire.DownloadPrincipal{Email: "a@b.cn"},
				Licence: "浙ICP备2024000001号", FirstFiled: at, LastChanged: at},
			Websites: []wire.FiledWebsite{{OurID: 71, AuthorityID: 6, Name: "茶", Languages: wire.LanguageIDs{IDs: []int64{1}},
				Domains: []wire.FiledDomain{{OurID: 81, AuthorityID: 7, Name: "chaye.example.cn"}},
				Accesses: []wire.FiledAccess{{OurID: 91, AuthorityID: 8, ProviderID: 3, Places: wire.PlaceIDs{IDs: []int64{11}}, Modes: wire.ModeIDs{IDs: []int64{5}},
					IPs: []wire.FiledIP{{AuthorityID: 9, First: 1, Last: 2}}}},
				Principal: wire.DownloadPrincipal{Name: "沈知远", Email: "shen@b.cn"}, Licence: "浙ICP备2024000001号-1"}},
		}}},
		Results: &wire.Results{
			Operations: []wire.OperationResult{{Codes: []wire.ResultCode{{Code: 1001}}, Operation: 2}},
			Reviews:    &wire.Reviews{Items: []wire.Review{{At: at, Result: 1, RecordID: 71, Operation: 2}}},
		},
	}}
	b := must[[]byte](t)(wire.V30().EncodeDownload(in))
	out := must[wire.DownloadData](t)(wire.DecodeDownload(b))
	if w := out.ICP.Filed.Records[0].Websites[0]; w.Licence != "浙ICP备2024000001号-1" || w.Accesses[0].IPs[0].Last != 2 || w.OurID != 71 {
		t.Errorf("website = %+v", w)
	}
	if len(out.Faults) != 0 || len(out.ICP.Other) != 0 {
		t.Errorf("faults %v, other %v", out.Faults, out.ICP.Other)
	}
	wiretest.Validate(t, wiretest.DownloadSchema, b)
}

func TestParseTime(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2026-11-24": day, " 2026-11-24 00:00:00 ": day, "2026-11-24 08:30:00.5": day.Add(8*time.Hour + 30*time.Minute + 500*time.Millisecond),
	} {
		if got, ok := wire.ParseTime(text); !ok || !got.Equal(want) {
			t.Errorf("%q: %v %v", text, got, ok)
		}
	}
	if _, ok := wire.ParseTime("bald"); ok {
		t.Error("a word is a time")
	}
}

func TestReplies(t *testing.T) {
	t.Parallel()
	var up wire.UploadReply
	text := `<return version="V.3.0"><msg_code>14</msg_code><msg>缺</msg><dataSequences><dataSequence> 3 </dataSequence><dataSequence>4</dataSequence></dataSequences></return>`
	if err := wire.DecodeReply(text, &up); err != nil || up.Code != 14 || len(up.Missing) != 2 || up.Missing[0] != 3 || up.Text != text {
		t.Errorf("upload reply = %+v, %v", up, err)
	}
	var v wire.VerifyReply
	if err := wire.DecodeReply(`<?xml version="1.0" encoding="GBK"?><return><msg_code>0</msg_code><VerifyRes>0</VerifyRes></return>`, &v); err != nil || !v.Matches() {
		t.Errorf("verify reply = %+v, %v", v, err)
	}
	v = wire.VerifyReply{}
	if err := wire.DecodeReply(`<return><msg_code>0</msg_code></return>`, &v); err != nil || v.Matches() {
		t.Errorf("a reply without a result matches: %+v, %v", v, err)
	}
	for _, bad := range []string{"", "ok", "<return/>", "<return><msg_code>null</msg_code></return>"} {
		if err := wire.DecodeReply(bad, &wire.AckReply{}); !errors.Is(err, icp.ErrInvalid) {
			t.Errorf("%q: err = %v", bad, err)
		}
	}
	file := wire.DownloadReply{Reply: wire.Reply{Version: "V.3.0", Code: 3}, File: &wire.File{Name: "a.xml", BeianInfo: "AA==", EncryptAlgorithm: 1}}
	var back wire.DownloadReply
	if err := wire.DecodeReply(must[string](t)(wire.EncodeReply(&file)), &back); err != nil || back.File == nil || back.File.Sealed().EncryptAlgorithm != 1 || back.Code != 3 {
		t.Errorf("download reply = %+v, %v", back, err)
	}
}
