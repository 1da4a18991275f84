package authority_test

import (
	"context"
	"fmt"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/openbeian/beian/e2e/drive"
	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// photo is a picture of 200 KiB, the least that applicants may upload.
var photo = sync.OnceValue(func() []byte {
	b, err := drive.Photo(200<<10, 1)
	if err != nil {
		panic(err)
	}
	return b
})

// BenchmarkReadyToAccepted measures records per second from ready to accepted,
// at some records a file, against the simulator over loopback; beside it, in the
// same run, what the same bytes take to be zipped, hashed and written as base64
// alone, and what the same rows take to be inserted alone. An iteration is one
// file; more than some seventy records with photos do not fit into one. See
// docs/performance.md.
func BenchmarkReadyToAccepted(b *testing.B) {
	for _, c := range []struct {
		name    string
		picture func() []byte
		records int
		workers int // 0: as in production
	}{{"small", picture, 1, 0}, {"small", picture, 100, 0}, {"small", picture, 1000, 0}, {"photos", photo, 1, 0}, {"photos", photo, 50, 1}, {"photos", photo, 50, 0}} {
		b.Run(fmt.Sprintf("%s/records=%d/workers=%d", c.name, c.records, c.workers), func(b *testing.B) {
			w := newBench(b, func(s *sim.Config, a *authority.Config) {
				s.QueueLimit = 1 << 20
				a.Channel.MaxRecords, a.Workers = c.records, c.workers
			})
			var took, bare, rows time.Duration
			var busy, bareBusy, rowsBusy time.Duration // processor time, this process's, the simulator's share included
			for n := range b.N {
				b.StopTimer()
				w.fill(n*c.records, c.records, c.picture())
				b.StartTimer()
				took, busy = spent(took, busy, w.up)
				b.StopTimer()
				files := w.files()
				last := files[len(files)-1]
				if last.State != store.UploadAccepted || last.Records != c.records {
					b.Fatalf("file %+v", last)
				}
				document, orders := w.lastDocument(), w.ordersOf(last.ID)
				bare, bareBusy = spent(bare, bareBusy, func() { w.bare(document) })
				rows, rowsBusy = spent(rows, rowsBusy, func() { w.inserts(orders) })
			}
			total := float64(b.N * c.records)
			b.ReportMetric(total/took.Seconds(), "records/s")
			b.ReportMetric(total/bare.Seconds(), "bare-records/s")
			b.ReportMetric(total/rows.Seconds(), "insert-records/s")
			for unit, d := range map[string]time.Duration{"cpu-ms/record": busy, "bare-cpu-ms/record": bareBusy, "insert-cpu-ms/record": rowsBusy} {
				b.ReportMetric(float64(d)/float64(time.Millisecond)/total, unit)
			}
		})
	}
}

// fill makes orders of new subjects that are ready.
func (b *bench) fill(from, n int, content []byte) {
	b.t.Helper()
	var subjects []sim.Subject
	for i := from; i < from+n; i++ {
		subjects = append(subjects, sim.Subject{Licence: benchLicence(i), FilingPassword: password, Name: "北京云杉数字科技有限公司", Nature: 4, Province: 110000,
			CertificateType: 1, CertificateNumber: fmt.Sprintf("9111010855%08d", i), Websites: []sim.Website{{Name: "旧站", Domains: []string{fmt.Sprintf("old-b%d.example.cn", i)}}}})
	}
	if _, err := b.sim.Seed(subjects...); err != nil {
		b.t.Fatal(err)
	}
	b.content = content
	for i := from; i < from+n; i++ {
		account := store.Account{ID: icp.AccountID(fmt.Sprintf("bench%d", i)), Mail: fmt.Sprintf("b%d@example.com", i), PasswordHash: "x", Lang: "zh-CN", CreatedAt: tuesday}
		b.update(func(ctx context.Context, tx *store.Tx) error { return tx.InsertAccount(ctx, &account) })
		b.readyOf(account.ID, benchLicence(i), fmt.Sprintf("b%d.example.cn", i))
	}
}

func benchLicence(i int) string { return fmt.Sprintf("京ICP备2023%06d号", i) }

// spent adds what something takes, by the clock and of the processors.
func spent(took, busy time.Duration, do func()) (time.Duration, time.Duration) {
	processor := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			panic(err) // the call has no way to fail
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	began, before := clock.System{}.Now(), processor()
	do()
	return took + clock.System{}.Now().Sub(began), busy + processor() - before
}

// bare takes a document through zip, hash and base64 and nothing else.
func (b *bench) bare(document []byte) {
	b.t.Helper()
	if _, err := wire.V30().Seal(document); err != nil {
		b.t.Fatal(err)
	}
}

// inserts writes the plain rows of a file: its own with its links to orders, and
// four ids for each order. All in one transaction, which is taken back.
func (b *bench) inserts(orders []icp.OrderID) {
	b.t.Helper()
	err := b.store.Update(b.t.Context(), func(tx *store.Tx) error {
		ctx := b.t.Context()
		u := store.Upload{ID: icp.NewID(tuesday), Channel: channel, Sequence: 1 << 30, Operation: "XZWZ", State: store.UploadRefused, BlobKey: "x", Hash: "x",
			Records: len(orders), Size: 1, Code: -1, CreatedAt: tuesday}
		if err := tx.InsertUpload(ctx, &u, orders); err != nil {
			return err
		}
		for _, id := range orders {
			if _, err := tx.AllocateObjects(ctx, channel, id, "w1", []string{"website", "domain", "access", "ip"}); err != nil {
				return err
			}
		}
		return errDied
	})
	if err != errDied { //nolint:errorlint // it is this very value
		b.t.Fatal(err)
	}
}

func (b *bench) ordersOf(upload string) (orders []icp.OrderID) {
	b.t.Helper()
	if err := b.store.View(b.t.Context(), func(tx *store.Tx) (err error) {
		orders, err = tx.UploadOrders(b.t.Context(), upload)
		return err
	}); err != nil {
		b.t.Fatal(err)
	}
	return orders
}
