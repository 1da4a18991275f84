package storetest

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/store"
)

func ensured(t *testing.T, s *store.Store, channels ...string) {
	t.Helper()
	for _, id := range channels {
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.EnsureChannel(ctx, id, id) })
	}
}

func TestSettingsOfAChannelComeBackAndTheirSecretsLieSealed(t *testing.T) {
	t.Parallel()
	eachRaw(t, func(t *testing.T, s *store.Store, db *sql.DB) {
		ensured(t, s, "zj", "sh")
		c := store.ChannelSettings{Channel: "zj", Settings: json.RawMessage(`{"user":"cloud"}`), Secrets: json.RawMessage(`{"password":"hunter2"}`),
			UpdatedAt: noon, UpdatedBy: "op"}
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveChannelSettings(ctx, &c) })
		settings := func(ctx context.Context, tx *store.Tx) (store.ChannelSettings, error) {
			return tx.ChannelSettings(ctx, "zj")
		}
		got := read(t, s, settings)
		if string(got.Settings) != string(c.Settings) || string(got.Secrets) != string(c.Secrets) || got.Version != 1 || !got.UpdatedAt.Equal(noon) || got.UpdatedBy != "op" {
			t.Errorf("got %+v", got)
		}
		if all, sealed := dump(t, db, "channel_settings"); len(sealed) == 0 || bytes.Contains(all, []byte("hunter2")) || !bytes.Contains(all, []byte("cloud")) {
			t.Errorf("the password lies open in the table: %s", all)
		}
		stale := icp.E(icp.Conflict, "stale_version")
		first := c
		first.Version = 0 // as if it were new
		refused(t, s, stale, func(ctx context.Context, tx *store.Tx) error { return tx.SaveChannelSettings(ctx, &first) })
		got.Secrets, got.UpdatedAt = json.RawMessage(`{"password":"new"}`), noon.Add(time.Hour)
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveChannelSettings(ctx, &got) })
		refused(t, s, stale, func(ctx context.Context, tx *store.Tx) error { return tx.SaveChannelSettings(ctx, &c) })
		if again := read(t, s, settings); string(again.Secrets) != `{"password":"new"}` || again.Version != 2 {
			t.Errorf("after the second save %+v", again)
		}
		versions := read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.ChannelVersion, error) {
			return tx.ChannelVersions(ctx)
		})
		if len(versions) != 1 || versions[0].Channel != "zj" || versions[0].Version != 2 || !versions[0].At.Equal(noon.Add(time.Hour)) {
			t.Errorf("versions %+v", versions)
		}
		missing(t, s, func(ctx context.Context, tx *store.Tx) (store.ChannelSettings, error) {
			return tx.ChannelSettings(ctx, "sh")
		})
	})
}

// approved makes an order that is ready to be sent.
func approved(t *testing.T, s *store.Store, account icp.AccountID, id string, at time.Time) *icp.Order {
	t.Helper()
	o := submit(t, s, draft(t, s, account, id, at), at.Add(time.Second))
	o.Data.Calls = []icp.Call{{At: at, Round: o.Round, Outcome: icp.CallReached}}
	d := decide(t, *o, order.Approve, icp.Actor{Account: "r", Party: icp.Provider}, order.Facts{}, at.Add(time.Minute))
	update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveDecision(ctx, d) })
	return d.Order()
}

func TestOrdersBelongToAChannel(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		ensured(t, s, "zj", "sh")
		me := person(t, s, "p1")
		a := approved(t, s, me, "order-a", noon)
		b := approved(t, s, me, "order-b", noon.Add(time.Hour))
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AssignOrder(ctx, a.ID, "zj") })
		for channel, want := range map[string]icp.OrderID{"zj": a.ID, "": b.ID, "sh": ""} {
			var got []*icp.Order
			update(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
				got, _, err = tx.Queue(ctx, store.QueueFilter{States: []icp.State{icp.StateReady}, AuthorityChannel: &channel, OldestFirst: true}, "", 10)
				return err
			})
			if want == "" && len(got) != 0 || want != "" && (len(got) != 1 || got[0].ID != want) {
				t.Errorf("channel %q has %d orders, want %q", channel, len(got), want)
			}
		}
		ready := read(t, s, func(ctx context.Context, tx *store.Tx) (map[string]int, error) { return tx.CountReady(ctx) })
		if len(ready) != 2 || ready["zj"] != 1 || ready[""] != 1 {
			t.Errorf("ready %v", ready)
		}
		update(t, s, func(ctx context.Context, tx *store.Tx) error {
			for channel, want := range map[string]int{"zj": 1, "sh": 0} {
				n, since, err := tx.ChannelReady(ctx, channel)
				if err != nil || n != want || want == 1 && !since.Equal(a.StateSince) || want == 0 && !since.IsZero() {
					t.Errorf("%s: %d ready since %v, %v", channel, n, since, err)
				}
			}
			return nil
		})
		// What changes an order leaves its channel as it is.
		d := decide(t, *a, order.Batch, icp.Actor{Party: icp.System}, order.Facts{}, noon.Add(2*time.Hour))
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveDecision(ctx, d) })
		work := func(channel string) bool {
			return read(t, s, func(ctx context.Context, tx *store.Tx) (bool, error) { return tx.ChannelHasWork(ctx, channel) })
		}
		if !work("zj") {
			t.Error("an order without a channel is work for any")
		}
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AssignOrder(ctx, b.ID, "sh") })
		if work("zj") || !work("sh") {
			t.Error("only the order's channel has work")
		}
		u := store.Upload{ID: "u1", Channel: "zj", Sequence: 1, Operation: "XZWZ", State: store.UploadUnknown, CreatedAt: noon}
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertUpload(ctx, &u, []icp.OrderID{a.ID}) })
		if !work("zj") {
			t.Error("a file that is not settled is work")
		}
	})
}

func TestPicturesOfReadyOrdersAreSummed(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		ensured(t, s, "zj")
		o := approved(t, s, person(t, s, "p1"), "order-a", noon)
		for i, size := range []int64{40, 100, 5000} {
			m := icp.Material{ID: icp.MaterialID([]string{"m1", "m2", "m3"}[i]), Order: o.ID, Kind: icp.MaterialSubjectCertificate, Size: size, At: noon}
			update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertMaterial(ctx, &m) })
		}
		sum := func() map[icp.OrderID]int64 {
			return read(t, s, func(ctx context.Context, tx *store.Tx) (map[icp.OrderID]int64, error) {
				return tx.ReadyPictures(ctx, "zj", 100)
			})
		}
		if got := sum(); len(got) != 0 {
			t.Errorf("another channel's pictures count: %v", got)
		}
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AssignOrder(ctx, o.ID, "zj") })
		if got := sum(); len(got) != 1 || got[o.ID] != 240 {
			t.Errorf("sums %v, want 240", got)
		}
	})
}

func TestOnlyAChannelThatWasNeverUsedCanBeRemoved(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		ensured(t, s, "zj", "sh")
		stored := func(id string) {
			c := store.ChannelSettings{Channel: id, Settings: json.RawMessage(`{}`), Secrets: json.RawMessage(`{}`), UpdatedAt: noon}
			update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveChannelSettings(ctx, &c) })
		}
		stored("zj")
		stored("sh")
		o := approved(t, s, person(t, s, "p1"), "order-a", noon)
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AssignOrder(ctx, o.ID, "zj") })
		used := func(id string) bool {
			return read(t, s, func(ctx context.Context, tx *store.Tx) (bool, error) { return tx.ChannelUsed(ctx, id) })
		}
		file := &store.Download{ID: "d1", Channel: "sh", FileName: "a.xml", State: store.DownloadReceived, ReceivedAt: noon}
		update(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.InsertDownload(ctx, file)
			return err
		})
		if used("zj") || !used("sh") {
			t.Error("a file received is use, settings are not")
		}
		stale := icp.E(icp.Conflict, "stale_version")
		refused(t, s, stale, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteChannel(ctx, "sh", 1) })
		refused(t, s, stale, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteChannel(ctx, "zj", 7) })
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteChannel(ctx, "zj", 1) })
		missing(t, s, func(ctx context.Context, tx *store.Tx) (store.AuthorityChannel, error) {
			return tx.AuthorityChannel(ctx, "zj")
		})
		if ready := read(t, s, func(ctx context.Context, tx *store.Tx) (map[string]int, error) { return tx.CountReady(ctx) }); ready[""] != 1 {
			t.Errorf("the order is lost with the channel: %v", ready)
		}
		update(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.AllocateObjects(ctx, "sh", o.ID, "w", []string{"website"})
			return err
		})
		missing(t, s, func(ctx context.Context, tx *store.Tx) (bool, error) { return tx.ChannelUsed(ctx, "zj") })
	})
}

func TestBytesAreKeptUntilAFileIsSettledAndOld(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		ensured(t, s, "zj", "sh")
		month := 30 * 24 * time.Hour
		for i, u := range []store.Upload{
			{ID: "accepted", State: store.UploadAccepted, SentAt: noon, AnsweredAt: noon},
			{ID: "refused", State: store.UploadRefused},
			{ID: "young", State: store.UploadAccepted, SentAt: noon.Add(month)},
			{ID: "late", State: store.UploadAccepted, AnsweredAt: noon.Add(month)},
			{ID: "stored", State: store.UploadStored},
			{ID: "unknown", State: store.UploadUnknown},
			{ID: "other", State: store.UploadAccepted, Channel: "sh"},
		} {
			if u.Channel == "" {
				u.Channel = "zj"
			}
			u.Sequence, u.Operation, u.CreatedAt = int64(i+1), "XZWZ", noon.Add(time.Duration(i)*time.Second)
			update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertUpload(ctx, &u, nil) })
		}
		for i, d := range []store.Download{
			{ID: "applied", State: store.DownloadApplied, AppliedAt: noon, AckedAt: noon},
			{ID: "discarded", State: store.DownloadDiscarded},
			{ID: "not acknowledged", State: store.DownloadApplied, AppliedAt: noon},
			{ID: "parked", State: store.DownloadParked, AckedAt: noon},
			{ID: "received", State: store.DownloadReceived},
			{ID: "just acknowledged", State: store.DownloadApplied, AppliedAt: noon, AckedAt: noon.Add(month)},
		} {
			d.Channel, d.FileName, d.ReceivedAt = "zj", d.ID, noon.Add(time.Duration(i)*time.Second)
			update(t, s, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.InsertDownload(ctx, &d)
				return err
			})
		}
		before := noon.Add(month)
		want := func(uploads, downloads string) {
			t.Helper()
			var ups, downs []string
			for _, u := range read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.Upload, error) {
				return tx.ExpiredUploads(ctx, "zj", before, 10)
			}) {
				ups = append(ups, u.ID)
			}
			for _, d := range read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.Download, error) {
				return tx.ExpiredDownloads(ctx, "zj", before, 10)
			}) {
				downs = append(downs, d.ID)
			}
			if strings.Join(ups, ",") != uploads || strings.Join(downs, ",") != downloads {
				t.Errorf("expired %v %v, want %s and %s", ups, downs, uploads, downloads)
			}
		}
		want("accepted,refused", "applied,discarded")
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.MarkUploadDeleted(ctx, "accepted", noon) })
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.MarkDownloadDeleted(ctx, "applied", noon) })
		want("refused", "discarded")
		if u := read(t, s, func(ctx context.Context, tx *store.Tx) (store.Upload, error) { return tx.Upload(ctx, "accepted") }); !u.DeletedAt.Equal(noon) {
			t.Errorf("deleted at %v", u.DeletedAt)
		}
		if d := read(t, s, func(ctx context.Context, tx *store.Tx) (store.Download, error) { return tx.Download(ctx, "applied") }); !d.DeletedAt.Equal(noon) {
			t.Errorf("deleted at %v", d.DeletedAt)
		}
	})
}
