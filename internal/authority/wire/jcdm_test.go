package wire_test

import (
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/authority/wire/wiretest"
)

const baseCodes = `<?xml version="1.0" encoding="GBK"?><y:DownloadData xmlns:y="http://example.cn" version="3.0"><JCDM>
<Bbdwlb><Bbdw><Id>7</Id><Dwmc>某公司</Dwmc><Sfyx>1</Sfyx></Bbdw></Bbdwlb>
<Jcdm_xx>
 <Wzfwlx_dms><Wzfwlx_xx><Sfyx> 1 </Sfyx><Mc>即时通信</Mc><Ysid>1</Ysid><Id> 33 </Id><Bz/></Wzfwlx_xx>
   <Wzfwlx_xx><Id>三</Id><Ysid></Ysid><Mc>坏行</Mc><Sfyx>0</Sfyx><Pid>500</Pid><Neu>1</Neu></Wzfwlx_xx></Wzfwlx_dms>
 <Zxly_dms><Zxly_xx><Id>1</Id><Nr>网站关闭</Nr><Sfyx>0</Sfyx></Zxly_xx></Zxly_dms>
 <Wbacl_dms><Wbacl_xx><Id>2</Id><Ztmc>已关闭</Ztmc></Wbacl_xx></Wbacl_dms>
 <Gj_dms><Gj_dm_xx><Id>2</Id><Ysid>2</Ysid><Bm>BJ</Bm><Mc>北京市通信管理局</Mc><Shengid>110000</Shengid><Shengjc>京</Shengjc><Sfyx>1</Sfyx><Dzyj>a@example.cn</Dzyj></Gj_dm_xx></Gj_dms>
 <Zjlx_dms><Zjlx_xx><Id>2</Id><Mc>身份证</Mc><Dwflid>5</Dwflid><Sfyx>1</Sfyx></Zjlx_xx></Zjlx_dms>
 <Wzjylx_dms><Wzjylx_xx><Id>1</Id><Ysid>1</Ysid><Mc>新闻</Mc><Sfqzsp>1</Sfqzsp><Sfyx>1</Sfyx></Wzjylx_xx></Wzjylx_dms>
 <Qy_dms><Qy_xx><Id>110105</Id><Mc>朝阳区</Mc><Lx>3</Lx><Sfyx>1</Sfyx></Qy_xx></Qy_dms>
 <Fjwjgs_dms><Fjwjgs><Id>1</Id><Mc>jpg</Mc><Sfyx>1</Sfyx></Fjwjgs></Fjwjgs_dms>
 <Yylb_dms><Yylb><Id>1</Id><Mc>中文简体</Mc><Sfyx>1</Sfyx></Yylb></Yylb_dms>
 <Neue_dms><Neu><Id>1</Id><Mc>新</Mc></Neu></Neue_dms>
</Jcdm_xx></JCDM></y:DownloadData>`

func TestDecodeBaseCodes(t *testing.T) {
	t.Parallel()
	for name, b := range map[string][]byte{"GBK": gbk(t, baseCodes), "UTF-8": []byte(strings.Replace(baseCodes, `"GBK"`, `"UTF-8"`, 1))} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := must[wire.DownloadData](t)(wire.DecodeDownload(b))
			if d.BaseCodes == nil || d.BaseCodes.Codes == nil || d.BaseCodes.Units == nil || len(d.Other) != 0 || len(d.BaseCodes.Other) != 0 {
				t.Fatalf("read %+v", d)
			}
			if u := d.BaseCodes.Units.Records; len(u) != 1 || u[0].ID != 7 || u[0].Name != "某公司" || u[0].Valid != 1 {
				t.Errorf("units %+v", u)
			}
			tables := map[string][]wire.BaseCodeRow{}
			for _, table := range d.BaseCodes.Codes.Tables {
				tables[table.XMLName.Local] = table.Rows
			}
			if len(tables) != 10 {
				t.Errorf("%d tables", len(tables))
			}
			first, second := tables["Wzfwlx_dms"][0], tables["Wzfwlx_dms"][1]
			if first.ID != 33 || first.Text() != "即时通信" || first.Ysid != 1 || !first.IsValid() {
				t.Errorf("first %+v", first)
			}
			if second.ID != 0 || second.IsValid() || second.Parent != 500 {
				t.Errorf("second %+v", second)
			}
			if len(d.Faults) != 1 || !strings.HasSuffix(d.Faults[0].Pointer, "/Wzfwlx_dms/Wzfwlx_xx/Id") {
				t.Errorf("faults %+v", d.Faults)
			}
			if r := tables["Zxly_dms"][0]; r.Text() != "网站关闭" || r.IsValid() {
				t.Errorf("reason %+v", r)
			}
			if r := tables["Wbacl_dms"][0]; r.Text() != "已关闭" || !r.IsValid() {
				t.Errorf("state without Sfyx %+v", r)
			}
			if r := tables["Gj_dms"][0]; r.Letters != "BJ" || r.Province != 110000 || r.Short != "京" {
				t.Errorf("bureau %+v", r)
			}
			if r := tables["Zjlx_dms"][0]; r.Nature != 5 {
				t.Errorf("certificate %+v", r)
			}
			if r := tables["Wzjylx_dms"][0]; r.NeedsApproval == nil || *r.NeedsApproval != 1 {
				t.Errorf("approval %+v", r)
			}
			if r := tables["Qy_dms"][0]; r.Level != 3 || r.ID != 110105 {
				t.Errorf("region %+v", r)
			}
			if r := tables["Fjwjgs_dms"][0]; r.ID != 1 || r.Text() != "jpg" {
				t.Errorf("format, whose name is also that of a number elsewhere: %+v", r)
			}
		})
	}
}

func TestWrittenBaseCodesAreReadBack(t *testing.T) {
	t.Parallel()
	in := wire.BaseCodeData{Codes: &wire.BaseCodeTables{}}
	names := []string{"Dwfl_dms", "Dwxz_dms", "Qy_dms", "Yjfk_Wtfls", "Gj_dms", "Hyfl_dms", "Xzjb_dms", "Zjlx_dms", "Wzjylx_dms", "Wzfwlx_dms", "Wzjrfs_dms",
		"Zxly_dms", "Wbacl_dms", "Hsyj_dms", "Ymlx_dms", "Fjwjgs_dms", "Fjytlx_dms", "Yylb_dms"}
	for _, name := range names {
		row := wire.BaseCodeRow{ID: 110000, Name: "名", Remark: "注"}
		switch name {
		case "Gj_dms":
			row.Ysid, row.Letters, row.Province, row.Short = 1, "BJ", 110000, "京"
		case "Hyfl_dms":
			row.Letters = "A"
		case "Zjlx_dms":
			row.Nature = 5
		case "Wzjylx_dms", "Wzfwlx_dms", "Wzjrfs_dms":
			row.Ysid = 2
		case "Qy_dms":
			row.Level = 1
		}
		table, ok := wire.NewBaseCodeTable(name, []wire.BaseCodeRow{row})
		if !ok {
			t.Fatalf("no table %s", name)
		}
		in.Codes.Tables = append(in.Codes.Tables, table)
	}
	if _, ok := wire.NewBaseCodeTable("Neu_dms", nil); ok {
		t.Error("a table that the interface does not have is made")
	}
	document := must[[]byte](t)(wire.V30().EncodeDownload(wire.DownloadData{Version: "3.0", BaseCodes: &in}))
	d := must[wire.DownloadData](t)(wire.DecodeDownload(document))
	for i, table := range d.BaseCodes.Codes.Tables {
		if r := table.Rows[0]; table.XMLName.Local != names[i] || len(table.Rows) != 1 || r.Text() != "名" || r.ID != 110000 || !r.IsValid() {
			t.Errorf("%s: %+v", names[i], table)
		}
	}
	wiretest.Validate(t, wiretest.DownloadSchema, document)
}
