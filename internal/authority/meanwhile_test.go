package authority_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/store"
)

// beforeKept runs something just before the bytes of the first file are kept.
func (b *bench) beforeKept(do func()) {
	ran := false
	b.blobs.when(func(op, key string) error {
		if op == "put" && strings.HasPrefix(key, "upload-") && !ran {
			ran = true
			do()
		}
		return nil
	})
}

func TestOrderGivenUpWhileItsFileIsMade(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	gone, other := b.ready("gone.example.cn"), b.ready("other.example.cn")
	b.beforeKept(func() {
		b.decide(gone.ID, order.Abandon, icp.Actor{Account: gone.Account, Party: icp.Applicant}, order.Facts{})
	})
	b.up()
	b.want("given up", b.state(gone.ID), icp.StateWithdrawn)
	b.want("the other", b.state(other.ID), icp.StateSMSPending)
	b.want("records", len(b.sim.Records()), 1)
	kept := 0
	for e, err := range b.blobs.List(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(e.Key, "upload-") {
			kept++
		}
	}
	b.want("files kept", kept, 1)
}

func TestNodeThatLostItsLeaseDoesNotSend(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	o := b.ready("cedar.example.cn")
	b.beforeKept(func() {
		b.clock.Advance(b.Channel.Lease)
		b.update(func(ctx context.Context, tx *store.Tx) error {
			won, err := tx.AcquireLeader(ctx, channel, "other", b.clock.Now().Add(b.Channel.Lease), b.clock.Now())
			if !won {
				b.t.Error("the lease did not run out")
			}
			return err
		})
	})
	b.up()
	b.want("records", len(b.sim.Records()), 0)
	b.want("file", b.files()[0].State, store.UploadStored)
	b.clock.Advance(b.Channel.Lease)
	b.up()
	b.want("state", b.state(o.ID), icp.StateSMSPending)
}

func TestAppliedCopyIsNotOverwrittenByABrokenOne(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.sent("cedar.example.cn")
	if err := b.sim.Reject(b.sim.Records()[0].ID, "不符"); err != nil {
		t.Fatal(err)
	}
	b.misbehave(sim.Fault{Kind: sim.FaultKeep, Operation: wire.OpDownloadAck})
	b.down()
	b.misbehave(sim.Fault{Kind: sim.FaultGarble, Operation: wire.OpDownload})
	b.pause()
	b.down()
	b.want("waiting", len(b.sim.Channels()[0].Waiting), 0)
	if text, err := b.DecodedDownload(t.Context(), b.received()[0].ID); err != nil || !strings.Contains(text, "不符") {
		t.Errorf("copy %q, %v", text, err)
	}
}

func TestFileThatComesForEverIsNotAskedForWithoutAPause(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.sent("cedar.example.cn")
	b.approve()
	b.misbehave(sim.Fault{Kind: sim.FaultKeep, Operation: wire.OpDownloadAck, Times: 1000})
	calls := 0
	b.behind = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			b.t.Error(err)
		}
		if bytes.Contains(body, []byte("<m:isp_download>")) {
			calls++
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		b.sim.ServeHTTP(w, r)
	})
	b.down()
	b.down()
	b.want("calls", calls, 2)
	b.want("told", len(b.cases.told), 3)
}

func TestStorageFaultWhileSendingLeavesTheFile(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	o := b.ready("cedar.example.cn")
	b.cases.failOnce("accepted", errors.Join(errDied, icp.ErrUnavailable))
	if err := b.Upload(t.Context()); !errors.Is(err, icp.ErrUnavailable) {
		t.Fatalf("err %v", err)
	}
	b.want("file", b.files()[0].State, store.UploadSending)
	b.up() // too soon
	b.want("file", b.files()[0].State, store.UploadSending)
	b.pause()
	b.up()
	b.want("state", b.state(o.ID), icp.StateSMSPending)
	b.want("records", len(b.sim.Records()), 1)
}

func TestSweepRemovesOnlyBytesWithoutARow(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ready("cedar.example.cn")
	b.cases.failOnce("batched", errDied)
	if err := b.Upload(t.Context()); !errors.Is(err, errDied) {
		t.Fatal(err)
	}
	b.pause()
	b.up()
	keys := func() (all, uploads int) {
		for e, err := range b.blobs.List(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			all++
			if strings.HasPrefix(e.Key, "upload-") {
				uploads++
			}
		}
		return all, uploads
	}
	all, uploads := keys()
	b.want("bytes kept", uploads, 2)
	b.clock.Advance(-time.Hour * 24 * 3650) // the folder has the machine's time: everything is young
	if err := b.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, uploads = keys()
	b.want("bytes kept while young", uploads, 2)
	b.clock.Advance(time.Hour * 24 * 7300)
	if err := b.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	left, uploads := keys()
	b.want("bytes kept", uploads, 1)
	b.want("all else", left, all-1)
	if _, err := b.Decoded(t.Context(), b.files()[0].ID); err != nil {
		t.Error(err)
	}
}
