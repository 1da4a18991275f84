package authority_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/openbeian/beian/internal/audit"
	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/store"
)

// book stands for the reference data of all nodes.
type book struct {
	tables *refdata.Tables
	seen   []refdata.BaseCodes
	fails  error
}

func (b *book) Apply(_ context.Context, codes refdata.BaseCodes) (refdata.BaseCodesReport, error) {
	b.seen = append(b.seen, codes)
	if b.fails != nil {
		return refdata.BaseCodesReport{}, b.fails
	}
	files, report, err := refdata.FromBaseCodes(b.tables, codes)
	if err != nil || len(files) == 0 {
		return report, err
	}
	now, err := b.tables.With(files)
	if err == nil {
		b.tables.Replace(now)
	}
	return report, err
}

func newBook() *book { return &book{tables: refdata.Builtin().Copy()} }

func (b *book) on(_ *sim.Config, c *authority.Config) { c.BaseCodes, c.Tables = b, b.tables }

// eventsOf lists the audit events of an action.
func (b *bench) eventsOf(action string) []audit.Event {
	b.t.Helper()
	var out []audit.Event
	for e, err := range b.store.AllEvents(b.t.Context(), 0) {
		if err != nil {
			b.t.Fatal(err)
		}
		if e.Event.Action == action {
			out = append(out, e.Event)
		}
	}
	return out
}

func TestBaseCodesAreTakenOver(t *testing.T) {
	t.Parallel()
	known := newBook()
	b := newBench(t, known.on)
	if err := b.sim.SendBaseCodes(map[string][]wire.BaseCodeRow{
		"Gj_dms":     {{ID: 61, Ysid: 2, Letters: "BJ", Name: "北京市通信管理局", Province: 110000, Short: "京"}},
		"Wzjrfs_dms": {{ID: 1, Ysid: 1, Name: "专线"}, {ID: 2, Ysid: 2, Name: "主机托管"}, {ID: 3, Ysid: 16, Name: "云接入"}},
		"Hyfl_dms":   {{ID: 1, Letters: "A", Name: "农业"}},
	}); err != nil {
		t.Fatal(err)
	}
	b.down()
	b.want("state", b.received()[0].State, store.DownloadApplied)
	b.want("kinds", b.received()[0].Kinds, "JCDM")
	b.want("acknowledged", b.received()[0].AckedAt.IsZero(), false)
	if l, _ := known.tables.ServerLocationOf("110105"); l.ID != 61 || l.Provisional {
		t.Errorf("Beijing is %+v", l)
	}
	events := b.eventsOf("reference.base_codes")
	if len(events) != 1 || events[0].Object != b.received()[0].ID || events[0].Actor != string(icp.System) {
		t.Fatalf("events %+v", events)
	}
	want := fmt.Sprintf(`{"file":%q,"files":{"access_modes.json":{"added":0,"ended":2,"moved":2,"renamed":0,"settled":1,"skipped":0},`+
		`"server_locations.json":{"added":0,"ended":0,"moved":1,"renamed":0,"settled":1,"skipped":0}}}`, b.received()[0].FileName)
	b.want("detail", string(events[0].Detail), want)

	// What is sent from now on bears the authority's ids.
	b.ready("cedar.example.cn")
	b.up()
	d, err := wire.DecodeUpload(b.lastDocument())
	if err != nil {
		t.Fatal(err)
	}
	a := d.ICP.AddWebsites.Records[0].Websites[0].Accesses[0]
	b.want("place and mode", fmt.Sprint(a.Places.IDs, a.Modes.IDs), "[61] [3]")

	// The same tables in another file change nothing and are no event.
	if err := b.sim.SendBaseCodes(map[string][]wire.BaseCodeRow{"Gj_dms": {{ID: 61, Ysid: 2, Letters: "BJ", Name: "北京市通信管理局", Province: 110000, Short: "京"}}}); err != nil {
		t.Fatal(err)
	}
	b.down()
	b.want("handed on", len(known.seen), 2)
	b.want("events", len(b.eventsOf("reference.base_codes")), 1)
}

func TestBaseCodesThatDoNotGoInAreKeptAndParked(t *testing.T) {
	t.Parallel()
	known := newBook()
	known.fails = errors.New("a rule names a content that is no more")
	b := newBench(t, known.on)
	o := b.sent("cedar.example.cn")
	if err := b.sim.SendBaseCodes(nil); err != nil {
		t.Fatal(err)
	}
	b.approve()
	for range 8 {
		b.pause()
		b.down()
	}
	d := b.received()[0]
	b.want("file", fmt.Sprint(d.State, " ", d.LastError, " ", d.Kinds), "parked not_applied JCDM")
	b.want("waiting at the authority", len(b.sim.Channels()[0].Waiting), 0)
	b.want("the order behind it", b.state(o.ID), icp.StateFiled)
	b.want("events", len(b.eventsOf("reference.base_codes")), 0)

	known.fails = nil
	if err := b.RetryDownload(t.Context(), operator, d.ID, "the rules were mended"); err != nil {
		t.Fatal(err)
	}
	b.down()
	b.want("after the retry", b.received()[0].State, store.DownloadApplied)
	if c, _ := known.tables.ServiceContent(6); c.Provisional {
		t.Error("ids stay provisional")
	}
}

func TestBaseCodesAreOnlyKeptWhereNobodyTakesThem(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if err := b.sim.SendBaseCodes(nil); err != nil {
		t.Fatal(err)
	}
	b.down()
	b.want("file", fmt.Sprint(b.received()[0].State, " ", b.received()[0].Kinds), "applied JCDM")
	b.want("events", len(b.eventsOf("reference.base_codes")), 0)
}
