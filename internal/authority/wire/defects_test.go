package wire_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
)

// What authorities are known to send in spite of the schema, or where document
// and schema disagree; told in docs/authority-interface.md.

func download(t *testing.T, inside string) wire.DownloadData {
	t.Helper()
	d := must[wire.DownloadData](t)(wire.DecodeDownload([]byte(`<DownloadData version="V.3.0">` + inside + `</DownloadData>`)))
	if len(d.Faults) > 0 {
		t.Errorf("faults: %v", d.Faults)
	}
	if u := d.Unknown(); len(u) > 0 {
		t.Errorf("unknown: %v", u)
	}
	return d
}

func TestReplyMessagesMayHaveAnyLength(t *testing.T) {
	t.Parallel()
	for _, message := range []string{"", "好", strings.Repeat("长", 257), "长\x01长", "长&#2;长"} {
		var r wire.AckReply
		if err := wire.DecodeReply("<return><msg_code>4</msg_code><msg>"+message+"</msg></return>", &r); err != nil || r.Code != 4 {
			t.Errorf("%.20q: %+v, %v", message, r, err)
		}
	}
}

func TestNumbersAboveTheSchemasBoundsAreRead(t *testing.T) {
	t.Parallel()
	d := download(t, `<ICP>
<ZXSJ><Zxxx><Zxlb>2</Zxlb><Jlid>8</Jlid></Zxxx></ZXSJ>
<BAJG><Jg_xx><Jgxx><Jgdm>1060</Jgdm></Jgxx><Czlx>35</Czlx></Jg_xx><GJSHS><Gjsh><Czlx>35</Czlx></Gjsh></GJSHS></BAJG>
<BASJ><Baxx><Wz_xx><Nrlx><Nrlx_xx><Nrlx_id>65</Nrlx_id></Nrlx_xx></Nrlx><Fwnr><Fwnr_id>501</Fwnr_id></Fwnr><Yylb><Yylb_id>99</Yylb_id></Yylb>
<Jr_xx><Wzfb><Fbdd>70</Fbdd></Wzfb><Wzjrfs><Jrfs>71</Jrfs></Wzjrfs></Jr_xx></Wz_xx></Baxx></BASJ></ICP>`)
	if r := d.ICP.Cancelled.Records[0]; r.Kind != wire.CancelAccess || r.RecordID != 8 {
		t.Errorf("cancelled %+v", r)
	}
	if r := d.ICP.Results; r.Operations[0].Operation != wire.ActionVerification || r.Reviews.Items[0].Operation != wire.ActionVerification {
		t.Errorf("results %+v", r)
	}
	w := d.ICP.Filed.Records[0].Websites[0]
	if w.Approvals.Items[0].Type != 65 || w.Services.IDs[0] != 501 || w.Languages.IDs[0] != 99 || w.Accesses[0].Places.IDs[0] != 70 || w.Accesses[0].Modes.IDs[0] != 71 {
		t.Errorf("website %+v", w)
	}
}

func TestWideCodesAreWrittenByProfileOnly(t *testing.T) {
	t.Parallel()
	p, d := wire.V30(), sample()
	site(&d).Services.IDs = []int64{501}
	if _, err := p.Encode(d); !errors.Is(err, icp.ErrInvalid) {
		t.Errorf("501 under the schema of 2013: %v", err)
	}
	p.WideCodes = true
	b := must[[]byte](t)(p.Encode(d))
	if got := must[wire.UploadData](t)(wire.DecodeUpload(b)); site(&got).Services.IDs[0] != 501 {
		t.Errorf("read back %+v", site(&got).Services)
	}
	site(&d).Domains[0].Name = "a.b" // other limits stay
	if _, err := p.Encode(d); !errors.Is(err, icp.ErrInvalid) {
		t.Errorf("a domain of three characters: %v", err)
	}
}

func TestIdsAreReadInBothSpellings(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Ispid", "IspId", "ISPID"} {
		d := download(t, "<ICP><BASJ><Baxx><Wz_xx><Jr_xx><"+name+">7</"+name+"></Jr_xx></Wz_xx></Baxx></BASJ></ICP>"+
			"<IP><BAJG><Lyjg><"+name+">9</"+name+"></Lyjg></BAJG></IP>")
		if a := d.ICP.Filed.Records[0].Websites[0].Accesses[0]; a.ProviderID != 7 {
			t.Errorf("%s: %+v", name, a)
		}
		if r := d.IP.Results.Sources[0]; r.OurID != 9 {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestMobileNumbersAreReadInBothSpellings(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Fzr_sjhm", "sjhm"} {
		d := download(t, "<ICP><HSRW><Baxx><Zt_xx><Fzr><"+name+">13900000000</"+name+"></Fzr></Zt_xx><Wz_xx><Wz_Fzr><"+name+">13900000001</"+name+"></Wz_Fzr></Wz_xx></Baxx></HSRW></ICP>")
		r := d.ICP.CheckTasks.Records[0]
		if r.Subject.Principal.Mobile != "13900000000" || r.Websites[0].Principal.Mobile != "13900000001" {
			t.Errorf("%s: %+v", name, r)
		}
	}
	// The answer has the schema's own spelling and no other.
	d := must[wire.UploadData](t)(wire.DecodeUpload([]byte("<UploadData><ICP><HSJG><Hsjgxx><Baxx><Zt_xx><Fzr><sjhm>1</sjhm></Fzr></Zt_xx></Baxx></Hsjgxx></HSJG></ICP></UploadData>")))
	if m := d.ICP.CheckResults.Records[0].Filing.Subject.Principal.Mobile; m != "1" {
		t.Errorf("mobile of a check's result %q", m)
	}
}

func TestNamesOfTheTextAreReadAsThoseOfTheSchema(t *testing.T) {
	t.Parallel()
	d := download(t, "<DJTB><IP><Iply><Lyxx><Id>3</Id></Lyxx></Iply></IP></DJTB><IP><BAJG><Gbjg><Id>1</Id></Gbjg><Zdjg><Id>2</Id></Zdjg></BAJG></IP>")
	if d.Sync == nil || d.Sync.IP.Sources.Records[0].AuthorityID != 3 {
		t.Errorf("synchronisation %+v", d.Sync)
	}
	if r := d.IP.Results; len(r.Broadcasts) != 1 || len(r.Own) != 1 || r.Broadcasts[0].AuthorityID != 1 || r.Own[0].AuthorityID != 2 {
		t.Errorf("results %+v", r)
	}
}

func TestTimesAreReadInEveryForm(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2026-11-24": day, "2026-11-24 00:00:00": day, "2026-11-24 00:00:00.0": day, " 2026-11-24T08:30:00 ": day.Add(8*time.Hour + 30*time.Minute),
		"2026/11/24": day, "2026-11-24 8:5:0": day.Add(8*time.Hour + 5*time.Minute),
	} {
		d := download(t, "<ICP><BAJG><GJSHS><Gjsh><Shsj>"+text+"</Shsj></Gjsh></GJSHS></BAJG></ICP>")
		if at, ok := wire.ParseTime(d.ICP.Results.Reviews.Items[0].At); !ok || !at.Equal(want) {
			t.Errorf("%q: %v %v", text, at, ok)
		}
	}
	if got := wire.FormatDate(day); got != "2026-11-24" {
		t.Errorf("date of Beijing %s", got)
	}
}

func TestShortPhonesAreReadAndNotWritten(t *testing.T) {
	t.Parallel()
	d := download(t, "<ICP><BASJ><Baxx><Zt_xx><Fzr><Fzr_dhhm>8888</Fzr_dhhm></Fzr></Zt_xx></Baxx></BASJ></ICP>")
	if p := d.ICP.Filed.Records[0].Subject.Principal; p.OfficePhone != "8888" {
		t.Errorf("principal %+v", p)
	}
	for phone, want := range map[string]bool{"0571-88880000": true, "086-0571-88888888": true, "010-88880000;0571-88880000": true, "88880000": false, "0571-8888": false, "0571/88880000": false} {
		u := sample()
		site(&u).Principal.OfficePhone = phone
		if _, err := wire.V30().Encode(u); (err == nil) != want {
			t.Errorf("%s: %v", phone, err)
		}
	}
}

func TestElementsLeftEmptyCountAsAbsent(t *testing.T) {
	t.Parallel()
	d := download(t, `<JCDM xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Jcdm_xx><Qy_dms><Qy_xx><Id>1</Id><Lx xsi:nil="true"/><Bz xsi:nil="true"/><Sfyx> </Sfyx></Qy_xx></Qy_dms></Jcdm_xx></JCDM>
<ICP><BASJ><Baxx><Wz_xx><Yylb><Yylb_id/><Yylb_id>1</Yylb_id></Yylb></Wz_xx></Baxx></BASJ></ICP>`)
	if r := d.BaseCodes.Codes.Tables[0].Rows[0]; r.Level != 0 || r.Remark != "" || r.Valid != nil || !r.IsValid() {
		t.Errorf("row %+v", r)
	}
	if ids := d.ICP.Filed.Records[0].Websites[0].Languages.IDs; len(ids) != 1 || ids[0] != 1 {
		t.Errorf("languages %v", ids)
	}
}

func TestCharactersBeyondGBK(t *testing.T) {
	t.Parallel()
	d := sample()
	site(&d).Principal.Name = "王䶮"
	_, err := wire.V30().Encode(d)
	var e *icp.Error
	if !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Pointer != "/ICP/XZWZ/Xzxx/0/Wz_xx/0/Wz_Fzr/Fzr_xm" || e.Fields[0].Params["character"] != "䶮" || e.Fields[0].Params["codepoint"] != "U+4DAE" {
		t.Fatalf("err = %+v", e)
	}
	p := wire.V30()
	p.CharacterReferences = true
	site(&d).Remark = "𠮷 & <5€>"
	b := must[[]byte](t)(p.Encode(d))
	if !strings.Contains(string(b), "&#x4DAE;") || !strings.Contains(string(b), "&#x20BB7; &amp; &lt;5&#x20AC;&gt;") || !strings.Contains(string(b[:60]), `"GBK"`) {
		t.Errorf("document %.100q", b)
	}
	got := must[wire.UploadData](t)(wire.DecodeUpload(b))
	if site(&got).Principal.Name != "王䶮" || site(&got).Remark != "𠮷 & <5€>" {
		t.Errorf("read back %+v", site(&got))
	}
}

func TestForbiddenReferencesHideNothingElse(t *testing.T) {
	t.Parallel()
	d := download(t, "<ICP><XGTZ><Tzxx><Tznr>甲&#1;乙&#x1F;丙&#xFFFF;丁&#65;&nbsp;&amp;</Tznr></Tzxx><Tzxx><Tznr>后</Tznr></Tzxx></XGTZ></ICP>")
	r := d.ICP.Notices.Records
	if len(r) != 2 || r[0].Text != "甲\uFFFD乙\uFFFD丙\uFFFD丁A&nbsp;&" || r[1].Text != "后" {
		t.Errorf("notices %+v", r)
	}
}

func TestNumbersThatAreNone(t *testing.T) {
	t.Parallel()
	d := must[wire.DownloadData](t)(wire.DecodeDownload([]byte("<DownloadData><ICP><ZXSJ><Zxxx><Zxlb>1</Zxlb><Jlid><a>5</a>6</Jlid></Zxxx><Zxxx><Jlid>1.2.3.4</Jlid></Zxxx><Zxxx><Jlid>99999999999999999999</Jlid></Zxxx><Zxxx><Jlid>7</Jlid></Zxxx></ZXSJ></ICP></DownloadData>")))
	r := d.ICP.Cancelled.Records
	if len(r) != 4 || r[0].RecordID != 0 || r[0].Kind != 1 || r[1].RecordID != 0 || r[2].RecordID != 0 || r[3].RecordID != 7 {
		t.Errorf("records %+v", r)
	}
	if len(d.Faults) != 3 || d.Faults[2].Pointer != "/DownloadData/ICP/ZXSJ/Zxxx/Jlid" || d.Faults[2].Code != "wire.not_a_number" {
		t.Errorf("faults %+v", d.Faults)
	}
}
