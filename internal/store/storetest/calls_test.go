package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/store"
)

func callsOf(t *testing.T, s *store.Store, f store.CallFilter) string {
	t.Helper()
	ids := ""
	for cursor := store.Cursor(""); ; {
		var next store.Cursor
		list := read(t, s, func(ctx context.Context, tx *store.Tx) (out []store.AuthorityCall, err error) {
			out, next, err = tx.Calls(ctx, "c1", f, cursor, 2)
			return out, err
		})
		for _, c := range list {
			ids += c.ID
		}
		if next == "" {
			return ids
		}
		cursor = next
	}
}

func TestCallsAreListedByWhatIsLookedFor(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.EnsureChannel(ctx, "c1", "Zhejiang") })
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.EnsureChannel(ctx, "c2", "Beijing") })
		up := store.AuthorityCall{ID: "a", Channel: "c1", Operation: "isp_upload", Outcome: store.CallLost, Cause: "timeout", StartedAt: noon,
			Took: 1500 * time.Millisecond, Sent: 10, Received: 20, Status: 200, Code: -1, Sequence: 4, Upload: "u1", Node: "n"}
		down := store.AuthorityCall{ID: "b", Channel: "c1", Operation: "isp_download", Outcome: store.CallOK, StartedAt: noon.Add(time.Second), FileName: "f.zip", Code: 3}
		ask := store.AuthorityCall{ID: "c", Channel: "c1", Operation: "isp_querybeianstatus", Outcome: store.CallOK, About: "domain", StartedAt: noon.Add(time.Second)}
		other := store.AuthorityCall{ID: "d", Channel: "c2", Operation: "isp_upload", Outcome: store.CallOK, StartedAt: noon}
		for _, c := range []store.AuthorityCall{up, down, ask, other} {
			update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertCall(ctx, &c) })
		}
		d := store.Download{ID: "d1", Channel: "c1", FileName: "f.zip", Hash: "h", State: store.DownloadApplied, ReceivedAt: noon}
		update(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.InsertDownload(ctx, &d)
			return err
		})
		for name, c := range map[string]struct {
			filter store.CallFilter
			want   string
		}{
			"all, the newest first": {store.CallFilter{}, "cba"},
			"an operation":          {store.CallFilter{Operation: "isp_download"}, "b"},
			"an outcome":            {store.CallFilter{Outcome: store.CallOK}, "cb"},
			"what failed":           {store.CallFilter{Failed: true}, "a"},
			"what of it failed":     {store.CallFilter{Failed: true, Operation: "isp_download"}, ""},
			"an upload":             {store.CallFilter{Upload: "u1"}, "a"},
			"a download":            {store.CallFilter{FileName: "f.zip"}, "b"},
			"a time":                {store.CallFilter{Since: noon, Until: noon.Add(time.Second)}, "a"},
		} {
			if got := callsOf(t, s, c.filter); got != c.want {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		}
		list := read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.AuthorityCall, error) {
			out, _, err := tx.Calls(ctx, "c1", store.CallFilter{}, "", 10)
			return out, err
		})
		down.Download = "d1"
		if !slices.Equal(list, []store.AuthorityCall{ask, down, up}) {
			t.Errorf("calls %+v", list)
		}
	})
}

func TestOldCallsAreRemovedInParts(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.EnsureChannel(ctx, "c1", "Zhejiang") })
		for i, id := range []string{"a", "b", "c"} {
			c := store.AuthorityCall{ID: id, Channel: "c1", Operation: "isp_upload", Outcome: store.CallOK, StartedAt: noon.Add(time.Duration(i) * time.Hour)}
			update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertCall(ctx, &c) })
		}
		for _, want := range []int64{1, 1, 0} {
			update(t, s, func(ctx context.Context, tx *store.Tx) error {
				n, err := tx.DeleteCalls(ctx, noon.Add(2*time.Hour), 1)
				if n != want {
					t.Errorf("removed %d, want %d", n, want)
				}
				return err
			})
		}
		if got := callsOf(t, s, store.CallFilter{}); got != "c" {
			t.Errorf("left %q", got)
		}
	})
}

func TestPulseKeepsWhatLeavesNoRow(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.EnsureChannel(ctx, "c1", "Zhejiang") })
		pulse := func() store.Pulse {
			return read(t, s, func(ctx context.Context, tx *store.Tx) (store.Pulse, error) { return tx.Pulse(ctx, "c1") })
		}
		if p := pulse(); p != (store.Pulse{}) {
			t.Errorf("before the first call: %+v", p)
		}
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.NoteIdle(ctx, "c1", noon) })
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.NoteIdle(ctx, "c1", noon.Add(time.Minute)) })
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.NoteTold(ctx, "c1", 41, noon) })
		lead := func(node string, now time.Time) {
			update(t, s, func(ctx context.Context, tx *store.Tx) error {
				led, err := tx.AcquireLeader(ctx, "c1", node, now.Add(time.Minute), now)
				if !led {
					t.Errorf("%s does not lead", node)
				}
				return err
			})
		}
		lead("n1", noon)
		lead("n1", noon.Add(time.Second))   // kept
		lead("n2", noon.Add(5*time.Minute)) // ran out
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.ReleaseLeader(ctx, "c1", "n2") })
		lead("n1", noon.Add(6*time.Minute)) // given back
		lead("n2", noon.Add(9*time.Minute)) // ran out
		want := store.Pulse{IdlePolls: 2, IdleAt: noon.Add(time.Minute), ToldSequence: 41, ToldAt: noon, Takeovers: 2,
			TakenOverAt: noon.Add(9 * time.Minute), TakenOverBefore: noon.Add(5 * time.Minute)}
		if p := pulse(); p != want {
			t.Errorf("pulse %+v, want %+v", p, want)
		}
	})
}

func TestOpenFilesAreCounted(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.EnsureChannel(ctx, "c1", "Zhejiang") })
		for i, state := range []store.UploadState{store.UploadRefused, store.UploadAccepted, store.UploadUnknown} {
			u := &store.Upload{ID: "u" + string(state), Channel: "c1", Sequence: int64(1 + i/2), State: state, CreatedAt: noon.Add(time.Duration(i) * time.Minute)}
			update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertUpload(ctx, u, nil) })
		}
		for i, state := range []store.DownloadState{store.DownloadParked, store.DownloadApplied, store.DownloadParked} {
			d := &store.Download{ID: string('a' + rune(i)), Channel: "c1", FileName: string('a' + rune(i)), State: state, ReceivedAt: noon.Add(time.Duration(i) * time.Minute)}
			update(t, s, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.InsertDownload(ctx, d)
				return err
			})
		}
		ups := read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.Waiting, error) { return tx.OpenUploads(ctx, "c1") })
		if !slices.Equal(ups, []store.Waiting{{State: "unknown", Count: 1, Oldest: noon.Add(2 * time.Minute)}}) {
			t.Errorf("uploads %+v", ups)
		}
		downs := read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.Waiting, error) { return tx.OpenDownloads(ctx, "c1") })
		if !slices.Equal(downs, []store.Waiting{{State: "parked", Count: 2, Oldest: noon}}) {
			t.Errorf("downloads %+v", downs)
		}
		parked := read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.Download, error) {
			return tx.ParkedDownloads(ctx, "c1", 1)
		})
		if len(parked) != 1 || parked[0].ID != "a" {
			t.Errorf("parked %+v", parked)
		}
		newest := read(t, s, func(ctx context.Context, tx *store.Tx) (store.Upload, error) {
			return tx.NewestUploadOfNumber(ctx, "c1", 1)
		})
		if newest.State != store.UploadAccepted {
			t.Errorf("newest %+v", newest)
		}
		files := read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.Upload, error) {
			out, _, err := tx.Uploads(ctx, "c1", store.Before(noon.Add(time.Minute)), 10)
			return out, err
		})
		if len(files) != 1 || files[0].State != store.UploadRefused {
			t.Errorf("from before an instant: %+v", files)
		}
	})
}
