package authority_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// synchronisation is a full one of n filings; change alters some.
func synchronisation(n int, change func(i int, r *wire.FiledRecord) (keep bool)) wire.DownloadData {
	var all wire.FiledData
	at := "2026-11-24 12:00:00"
	for i := range n {
		base := int64(1_000_000 + i*10)
		person := wire.DownloadPrincipal{Name: "周明远", OfficePhone: "010-87654321", Mobile: fmt.Sprintf("138%08d", i), Email: fmt.Sprintf("zhou%d@example.com", i),
			CertificateType: 2, CertificateNumber: fmt.Sprintf("1101051949%08d", i)}
		r := wire.FiledRecord{Subject: wire.FiledSubject{AuthorityID: base, Name: fmt.Sprintf("北京云杉数字科技有限公司第%d分公司", i), Nature: 4,
			Address:     wire.Address{Province: 110000, City: 110100, County: 110108, Street: fmt.Sprintf("中关村大街 %d 号", i)},
			Certificate: wire.Certificate{Type: 1, Number: fmt.Sprintf("91110108%09d", i), Address: fmt.Sprintf("北京市海淀区中关村大街 %d 号", i)},
			Principal:   person, Licence: fmt.Sprintf("京ICP备%08d号", 20300000+i), FirstFiled: at, LastChanged: at, Remark: remark},
			Websites: []wire.FiledWebsite{{AuthorityID: base + 1, Name: fmt.Sprintf("云杉%d", i), Languages: wire.LanguageIDs{IDs: []int64{1}},
				Services: &wire.ServiceIDs{IDs: []int64{1}}, Domains: []wire.FiledDomain{{AuthorityID: base + 2, Name: fmt.Sprintf("site%d.example.cn", i)}},
				Accesses: []wire.FiledAccess{{AuthorityID: base + 3, ProviderID: provider, Places: wire.PlaceIDs{IDs: []int64{1}}, Modes: wire.ModeIDs{IDs: []int64{3}},
					IPs: []wire.FiledIP{{AuthorityID: base + 4, First: 3405803776 + int64(i%200), Last: 3405803776 + int64(i%200)}}}},
				Principal: person, HomePage: fmt.Sprintf("www.site%d.example.cn", i), FirstFiled: at, LastChanged: at, Remark: remark, Licence: fmt.Sprintf("京ICP备%08d号-1", 20300000+i)}}}
		if change == nil || change(i, &r) {
			all.Records = append(all.Records, r)
		}
	}
	return wire.DownloadData{Sync: &wire.FullSync{Filed: &all}}
}

const manyFilings = 1200 // of more than 4 KB each

var remark = strings.Repeat("信息属实", 250)

func (b *bench) imported() store.Import {
	b.t.Helper()
	i, err := b.ImportOf(b.t.Context(), b.latest().ID)
	if err != nil {
		b.t.Fatal(err)
	}
	return i
}

func (b *bench) sync(name string, d wire.DownloadData) {
	b.t.Helper()
	b.clock.Advance(time.Minute)
	b.deliverAs(name, d)
	b.down()
}

// registeredFiling puts filing i of a synchronisation into our register.
func (b *bench) registeredFiling(i int) icp.AccountID {
	b.t.Helper()
	o := b.ready("cedar.example.cn")
	b.update(func(ctx context.Context, tx *store.Tx) error {
		s := store.FiledSubject{ID: "s1", Account: o.Account, LicenceNo: fmt.Sprintf("京ICP备%08d号", 20300000+i), Subject: o.Data.Subject, CreatedAt: tuesday, UpdatedAt: tuesday}
		return tx.InsertFiledSubject(ctx, &s)
	})
	return o.Account
}

func TestAFullSynchronisationIsComparedWithWhatIsHeld(t *testing.T) {
	t.Parallel()
	told := &toldNotices{}
	b := newBench(t, told.on)
	account := b.registeredFiling(7)
	b.sync("first.xml", synchronisation(manyFilings, nil))
	d, i := b.latest(), b.imported()
	if d.State != store.DownloadApplied || d.Kinds != "SJTB/ICP" || d.AckedAt.IsZero() || d.LastError != "" {
		t.Fatalf("download %+v", d)
	}
	if i.Records != manyFilings || i.Added != 2*manyFilings || i.Changed+i.Gone+i.LeftOut != 0 || i.DoneAt.IsZero() || i.Bytes != i.Total || i.Total == 0 {
		t.Errorf("import %+v", i)
	}
	all := b.happened() // the beginning: only the whole is told, and that our register was corrected
	if len(all) != 1 || all[0].Kind != string(authority.EventSync) || all[0].State != store.EventClosed {
		t.Errorf("events %+v", all)
	}
	b.want("told", strings.Join(told.kinds(), "; "), "authority_changed "+string(account)+" 京ICP备20300007号")

	b.sync("again.xml", synchronisation(manyFilings, nil))
	if i := b.imported(); i.Records != manyFilings || i.Added+i.Changed+i.Gone+i.Events != 0 {
		t.Errorf("the same again: %+v", i)
	}
	b.sync("other.xml", synchronisation(manyFilings+1, func(i int, r *wire.FiledRecord) bool {
		if i == 100 {
			r.Subject.Principal.Mobile = "13900000000"
		}
		return i != 200
	}))
	i = b.imported()
	if i.Added != 2 || i.Changed != 1 || i.Gone != 2 {
		t.Errorf("import %+v", i)
	}
	kinds := map[string]int{}
	for _, e := range b.happened()[1:] {
		kinds[fmt.Sprint(e.Kind, e.State, e.Changed)]++
	}
	want := map[string]int{"sync_differenceopen[Subject.Principal.Mobile]": 1, "sync_differenceopen[Standing]": 2, "sync_differenceclosed[]": 3}
	if fmt.Sprint(kinds) != fmt.Sprint(want) {
		t.Errorf("events %v, want %v", kinds, want)
	}
	b.want("standing", b.held(store.HeldSubject, 1_002_000).Standing, store.StandingGone)
}

func TestASynchronisationThatLacksMuchIsTakenForAPart(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.sync("first.xml", synchronisation(60, nil)) // small: in one transaction
	b.sync("half.xml", synchronisation(60, func(i int, _ *wire.FiledRecord) bool { return i < 30 }))
	i := b.imported()
	if i.Gone != 0 || i.Records != 30 {
		t.Errorf("import %+v", i)
	}
	last := b.happened()[len(b.happened())-1]
	if last.State != store.EventOpen || last.Kind != string(authority.EventSync) {
		t.Fatalf("event %+v", last)
	}
	e, err := b.Event(t.Context(), last.ID)
	if err != nil || !strings.Contains(fmt.Sprint(e.Rows), "Summary.Unseen  60") {
		t.Errorf("%v %v", err, e.Rows)
	}
	// A few less are gone.
	b.sync("few.xml", synchronisation(60, func(i int, _ *wire.FiledRecord) bool { return i != 3 }))
	b.want("gone", b.imported().Gone, int64(2))
}

// dying is a port that fails once.
type dying struct {
	toldNotices
	err error
}

func (d *dying) Notify(ctx context.Context, tx *store.Tx, n authority.Notice, at time.Time) error {
	if d.err != nil {
		return d.err
	}
	return d.toldNotices.Notify(ctx, tx, n, at)
}

func TestCrashInTheMiddleOfASynchronisation(t *testing.T) {
	t.Parallel()
	port := &dying{err: errors.Join(errDied, icp.ErrUnavailable)}
	option := func(_ *sim.Config, c *authority.Config) { c.Notices = port }
	b := newBench(t, option)
	b.registeredFiling(700)
	b.deliverAs("first.xml", synchronisation(manyFilings, nil))
	if err := b.Poll(t.Context()); !errors.Is(err, errDied) {
		t.Fatalf("err %v, want the crash", err)
	}
	d, i := b.latest(), b.imported()
	if d.State != store.DownloadReceived || !d.AckedAt.IsZero() || i.Records != 600 || i.Added != 1200 || i.Bytes >= i.Total {
		t.Fatalf("download %+v, import %+v", d, i)
	}
	port.err = nil
	b.Gateway = b.node(option)
	b.pause()
	b.down()
	d, i = b.latest(), b.imported()
	if d.State != store.DownloadApplied || i.Records != manyFilings || i.Added != 2*manyFilings || i.Changed+i.Gone != 0 {
		t.Errorf("download %+v, import %+v", d, i)
	}
	b.want("events", len(b.happened()), 1)
	b.want("told", len(port.list), 1)
}

// The memory that a synchronisation needs does not grow with it: 50 MB above
// what the reply itself takes would be the whole document.
func TestASynchronisationNeedsLittleMemory(t *testing.T) {
	b := newBench(t)
	b.deliverAs("first.xml", synchronisation(4*manyFilings, nil)) // 25 MB
	var most atomic.Uint64
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		var m runtime.MemStats
		for {
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
			runtime.ReadMemStats(&m)
			most.Store(max(most.Load(), m.HeapInuse))
		}
	}()
	b.down()
	close(stop)
	<-done
	b.want("state", b.latest().State, store.DownloadApplied)
	t.Logf("%d MB above idle", (int64(most.Load())-int64(before.HeapInuse))>>20)
	if grown := int64(most.Load()) - int64(before.HeapInuse); grown > 64<<20 {
		t.Errorf("%d MB above idle", grown>>20)
	}
}
