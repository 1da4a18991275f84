package rulebook

import (
	"errors"
	"testing"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/store/storetest"
)

// The authority's base codes reach all nodes as one edition, and the product's
// own packs, which name contents and approvals by their names, go with them.
func TestBaseCodesReachAllNodesAsOneEdition(t *testing.T) {
	t.Parallel()
	s, system := storetest.NewSQLite(t), icp.Actor{Party: icp.System}
	a, b := nodeOf(t, s, ""), nodeOf(t, s, "")
	codes := refdata.BaseCodes{File: "20261124_11_1.xml", Day: noon, Tables: map[string][]refdata.BaseCode{}}
	for _, c := range a.Tables.ServiceContents() {
		if c.ZH != "即时通信" { // it goes, and its number means another
			codes.Tables["Wzfwlx_dms"] = append(codes.Tables["Wzfwlx_dms"], refdata.BaseCode{ID: int64(c.ID) - 1, Name: c.ZH, Ysid: c.Ysid, Valid: true})
		}
	}
	for _, l := range a.Tables.ServerLocations() {
		codes.Tables["Gj_dms"] = append(codes.Tables["Gj_dms"], refdata.BaseCode{ID: int64(l.ID) + 1, Name: l.ZH, Ysid: l.Ysid, Letters: l.Letters, Valid: true})
	}
	texts, report, err := refdata.FromBaseCodes(a.Tables, codes)
	if err != nil || len(texts) != 2 {
		t.Fatalf("%d files, %v: %+v", len(texts), err, report)
	}
	before := a.Active()
	if err := a.SetReferences(t.Context(), system, texts, "base codes"); err != nil {
		t.Fatal(err)
	}
	b.sync()
	for name, n := range map[string]*node{"the node": a, "another node": b} {
		if got := n.Active(); got.Seq != before.Seq+1 || got.Kind != KindReference || got.Note != "server_locations.json, service_contents.json: base codes" {
			t.Errorf("%s: edition %+v", name, got)
		}
		if c, _ := n.Tables.ServiceContent(5); c.ZH != "博客/个人空间" || c.Provisional {
			t.Errorf("%s: content 5 = %+v", name, c)
		}
		if l, _ := n.Tables.ServerLocationOf("110000"); l.ID != 3 {
			t.Errorf("%s: Beijing = %+v", name, l)
		}
	}
	if err := a.SetReferences(t.Context(), system, texts, "again"); err != nil || a.Active().Seq != before.Seq+1 {
		t.Errorf("the same files again: edition %d, %v", a.Active().Seq, err)
	}
	if err := a.SetReferences(t.Context(), system, map[string][]byte{"../x": nil}, "x"); !errors.Is(err, icp.ErrNotFound) {
		t.Errorf("a path outside: %v", err)
	}
	broken := map[string][]byte{"languages.json": []byte(`{"table":"languages"}`), "natures.json": texts["natures.json"]}
	if err := a.SetReferences(t.Context(), system, broken, "x"); icp.KindOf(err) != icp.Invalid || a.Active().Seq != before.Seq+1 {
		t.Errorf("a broken file: %v", err)
	}
}
