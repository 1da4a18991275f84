package storetest

import (
	"context"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

func TestAChannelHasOneLeader(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.EnsureChannel(ctx, "c1", "Zhejiang") })
		for i, c := range []struct {
			node string
			at   time.Time
			want bool
		}{
			{"n1", noon, true}, {"n2", noon.Add(time.Second), false}, {"n1", noon.Add(30 * time.Second), true},
			{"n2", noon.Add(89 * time.Second), false}, {"n2", noon.Add(90 * time.Second), true}, {"n1", noon.Add(91 * time.Second), false},
		} {
			update(t, s, func(ctx context.Context, tx *store.Tx) error {
				got, err := tx.AcquireLeader(ctx, "c1", c.node, c.at.Add(time.Minute), c.at)
				if got != c.want {
					t.Errorf("%d: %s leads: %v", i, c.node, got)
				}
				return err
			})
		}
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.ReleaseLeader(ctx, "c1", "n1") })
		c := read(t, s, func(ctx context.Context, tx *store.Tx) (store.AuthorityChannel, error) {
			return tx.AuthorityChannel(ctx, "c1")
		})
		if c.Leader != "n2" {
			t.Errorf("another's release ended the leadership of %q", c.Leader)
		}
	})
}

func TestNumbersOfAChannelHaveNoGaps(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		o := draft(t, s, person(t, s, "a1"), "o1", noon)
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.EnsureChannel(ctx, "c1", "Zhejiang") })
		stale := icp.E(icp.Conflict, "stale_version")
		advance := func(n int64) func(ctx context.Context, tx *store.Tx) error {
			return func(ctx context.Context, tx *store.Tx) error { return tx.AdvanceSequence(ctx, "c1", n) }
		}
		refused(t, s, stale, advance(2))
		update(t, s, advance(1))
		refused(t, s, stale, advance(1))

		allocate := func(fail error) func(ctx context.Context, tx *store.Tx) error {
			return func(ctx context.Context, tx *store.Tx) error {
				if _, err := tx.AllocateObjects(ctx, "c1", o.ID, "w1", []string{"website", "domain"}); err != nil {
					return err
				}
				return fail
			}
		}
		update(t, s, allocate(nil))
		refused(t, s, icp.ErrNotNow, allocate(icp.ErrNotNow))
		update(t, s, allocate(nil))
		var got []int64
		for _, x := range read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.AuthorityObject, error) {
			return tx.AuthorityObjectsOf(ctx, o.ID)
		}) {
			got = append(got, x.ID)
		}
		if want := []int64{1, 2, 3, 4}; !slices.Equal(got, want) {
			t.Errorf("ids = %v, want %v", got, want)
		}
		x := read(t, s, func(ctx context.Context, tx *store.Tx) (store.AuthorityObject, error) {
			return tx.AuthorityObject(ctx, "c1", 4)
		})
		if want := (store.AuthorityObject{ID: 4, Kind: "domain", Order: o.ID, Website: "w1"}); x != want {
			t.Errorf("object = %+v, want %+v", x, want)
		}
	})
}

func TestARefusedFileGivesItsNumberBack(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		o := draft(t, s, person(t, s, "a1"), "o1", noon)
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.EnsureChannel(ctx, "c1", "Zhejiang") })
		file := func(id string) *store.Upload {
			return &store.Upload{ID: id, Channel: "c1", Sequence: 1, Operation: "XZWZ", State: store.UploadStored, Code: -1, CreatedAt: noon}
		}
		insert := func(u *store.Upload) func(ctx context.Context, tx *store.Tx) error {
			return func(ctx context.Context, tx *store.Tx) error { return tx.InsertUpload(ctx, u, []icp.OrderID{o.ID}) }
		}
		u := file("u1")
		update(t, s, insert(u))
		refused(t, s, icp.ErrConflict, insert(file("u2")))
		pending := read(t, s, func(ctx context.Context, tx *store.Tx) (store.Upload, error) { return tx.UnsettledUpload(ctx, "c1") })
		if !reflect.DeepEqual(pending, *u) {
			t.Errorf("unsettled = %+v, want %+v", pending, *u)
		}
		u.State, u.Code, u.AnsweredAt = store.UploadRefused, 901, noon
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveUpload(ctx, u, store.UploadStored) })
		refused(t, s, icp.ErrConflict, func(ctx context.Context, tx *store.Tx) error { return tx.SaveUpload(ctx, u, store.UploadStored) })
		refused(t, s, icp.ErrNotFound, func(ctx context.Context, tx *store.Tx) error { _, err := tx.UnsettledUpload(ctx, "c1"); return err })
		update(t, s, insert(file("u2")))
		if of := read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.Upload, error) { return tx.UploadsOfOrder(ctx, o.ID) }); len(of) != 2 {
			t.Errorf("the order was in %d files", len(of))
		}
		list := pages(t, s, 1, func(u store.Upload) string { return u.ID }, func(ctx context.Context, tx *store.Tx, c store.Cursor, n int) ([]store.Upload, store.Cursor, error) {
			return tx.Uploads(ctx, "c1", c, n)
		})
		if want := []string{"u2", "u1"}; !slices.Equal(list, want) {
			t.Errorf("list = %v, want %v", list, want)
		}
	})
}

func TestADownloadIsKeptOnce(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.EnsureChannel(ctx, "c1", "Zhejiang") })
		insert := func(id, hash string, want bool) {
			update(t, s, func(ctx context.Context, tx *store.Tx) error {
				got, err := tx.InsertDownload(ctx, &store.Download{ID: id, Channel: "c1", FileName: "f", Hash: hash, State: store.DownloadReceived, ReceivedAt: noon})
				if got != want {
					t.Errorf("%s inserted: %v", id, got)
				}
				return err
			})
		}
		insert("d1", "x", true)
		insert("d2", "x", false)
		insert("d3", "y", true)
		d := read(t, s, func(ctx context.Context, tx *store.Tx) (store.Download, error) {
			return tx.DownloadByFile(ctx, "c1", "f", "x")
		})
		open := func() int {
			return len(read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.Download, error) {
				return tx.UnfinishedDownloads(ctx, "c1", 10)
			}))
		}
		d.State, d.AppliedAt = store.DownloadApplied, noon
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveDownload(ctx, &d, store.DownloadReceived) })
		if open() != 2 {
			t.Error("a file that is not acknowledged is not finished")
		}
		d.AckedAt = noon
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveDownload(ctx, &d, store.DownloadApplied) })
		if open() != 1 {
			t.Error("an acknowledged file is finished")
		}
	})
}

func TestANoticeIsKeptOnce(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		n := store.Notice{ID: "n1", Dedupe: "o1/returned/2", Account: person(t, s, "a1"), Order: "o1", Kind: "returned", Medium: "sms", Lang: "en",
			Address: "13800571234", Params: map[string]string{"order": "o1"}, State: store.NoticeQueued, CreatedAt: noon}
		insert := func(want bool) {
			update(t, s, func(ctx context.Context, tx *store.Tx) error {
				got, err := tx.InsertNotice(ctx, &n)
				if got != want {
					t.Errorf("inserted: %v, want %v", got, want)
				}
				return err
			})
		}
		insert(true)
		again := n
		n.ID = "n2"
		insert(false)
		n = again
		if got := read(t, s, func(ctx context.Context, tx *store.Tx) (store.Notice, error) { return tx.Notice(ctx, "n1") }); !reflect.DeepEqual(got, n) {
			t.Errorf("got %+v, want %+v", got, n)
		}
		n.State = store.NoticeSending
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveNotice(ctx, &n, store.NoticeQueued) })
		refused(t, s, icp.ErrConflict, func(ctx context.Context, tx *store.Tx) error { return tx.SaveNotice(ctx, &n, store.NoticeQueued) })
		update(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.MarkNoticeRead(ctx, "n1", "somebody else", noon)
		})
		unread := func() int {
			return read(t, s, func(ctx context.Context, tx *store.Tx) (int, error) { return tx.CountUnreadNotices(ctx, "a1") })
		}
		if unread() != 1 {
			t.Error("another account read the notice")
		}
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.MarkNoticeRead(ctx, "n1", "a1", noon) })
		if unread() != 0 {
			t.Error("the notice is not read")
		}
	})
}
