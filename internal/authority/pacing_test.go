package authority_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// within puts a channel's hours on working days from 08:30 to 17:30.
func within(_ *sim.Config, c *authority.Config) {
	for day := 1; day <= 5; day++ {
		c.Channel.Hours = append(c.Channel.Hours, authority.Window{Day: day, From: "08:30", To: "17:30"})
	}
}

// until sets the clock to a later instant.
func (b *bench) until(at time.Time) { b.clock.Advance(at.Sub(b.clock.Now())) }

func (b *bench) tick() {
	b.t.Helper()
	if err := authority.Fixed(b.Gateway).Tick(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

func TestNothingIsCalledOutsideTheHours(t *testing.T) {
	t.Parallel()
	b := newBench(t, within)
	friday := time.Date(2026, 11, 27, 17, 29, 0, 0, time.FixedZone("", 8*3600))
	b.until(friday)
	b.down()
	b.want("a look in the hours", b.row().PolledAt.UTC(), friday.UTC())
	for _, step := range []struct {
		wait   time.Duration
		health string
	}{{time.Minute, authority.HealthOutsideHours}, {7 * time.Hour, authority.HealthOutsideHours}, {48 * time.Hour, authority.HealthOutsideHours}} {
		b.clock.Advance(step.wait)
		b.tick()
		b.up()
		b.down()
		b.want("health", b.row().Health, step.health)
	}
	b.want("since when", b.row().HealthAt.UTC(), friday.Add(time.Minute).UTC())
	b.want("not polled since", b.row().PolledAt.UTC(), friday.UTC())
	monday := time.Date(2026, 11, 30, 8, 30, 0, 0, time.FixedZone("", 8*3600))
	b.want("opens", b.Channel.Hours.Next(b.clock.Now()).UTC(), monday.UTC())
	o := b.ready("cedar.example.cn")
	b.up()
	b.want("waits", b.state(o.ID), icp.StateReady)
	b.until(monday)
	b.tick()
	b.want("health", b.row().Health, "")
	b.up()
	b.want("goes", b.state(o.ID), icp.StateSMSPending)
}

func TestHoursEndInTheMiddleOfARun(t *testing.T) {
	t.Parallel()
	b := newBench(t, within)
	b.until(time.Date(2026, 11, 27, 17, 29, 0, 0, time.FixedZone("", 8*3600)))
	o := b.ready("cedar.example.cn")
	b.blobs.when(func(op, key string) error {
		if op == "put" && strings.HasPrefix(key, "upload-") {
			b.clock.Advance(time.Hour)
		}
		return nil
	})
	b.up()
	b.want("stored, not sent", b.files()[0].State, store.UploadStored)
	b.blobs.when(nil)
	b.clock.Advance(64 * time.Hour)
	b.up()
	b.want("sent on Monday", b.state(o.ID), icp.StateSMSPending)
	b.want("under the same number", b.files()[0].Tries, 1)
}

func TestTheAuthoritysWordsOnItsHoursAreShown(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *sim.Config, _ *authority.Config) { c.Accounts[0].Hours = "09:00-10:00" })
	b.ready("cedar.example.cn")
	b.up()
	row := b.row()
	b.want("health", row.Health, "upload.method_code_20")
	if !strings.Contains(row.HealthText, "09:00") {
		t.Errorf("the authority's words are %q", row.HealthText)
	}
	b.want("the file waits", b.files()[0].State, store.UploadStored)
	b.until(time.Date(2026, 11, 25, 9, 30, 0, 0, time.FixedZone("", 8*3600)))
	b.up()
	row = b.row()
	b.want("afterwards", row.Health+row.HealthText, "")
}

func TestAFileWaitsForItsOrders(t *testing.T) {
	t.Parallel()
	aged := func(_ *sim.Config, c *authority.Config) { c.Channel.MaxAge = time.Hour }
	t.Run("until the first waited long enough", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, aged)
		first := b.ready("a.example.cn")
		b.ready("b.example.cn")
		b.up()
		b.want("too early", len(b.files()), 0)
		b.clock.Advance(time.Hour - 2*time.Second)
		b.up()
		b.want("still too early", len(b.files()), 0)
		b.until(first.StateSince.Add(time.Hour))
		b.up()
		b.want("one file", len(b.files()), 1)
		b.want("with both", b.files()[0].Records, 2)
	})
	t.Run("until it has all its records", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, aged, func(_ *sim.Config, c *authority.Config) { c.Channel.MaxRecords = 3 })
		for _, name := range []string{"a", "b"} {
			b.ready(name + ".example.cn")
			b.up()
			b.want("too early", len(b.files()), 0)
		}
		b.ready("c.example.cn")
		b.ready("d.example.cn")
		b.up()
		b.want("one file", len(b.files()), 1)
		b.want("full", b.files()[0].Records, 3)
	})
	t.Run("until it has all its bytes", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, aged, func(_ *sim.Config, c *authority.Config) { c.Channel.MaxBytes = 40 << 10 })
		b.ready("a.example.cn")
		b.ready("b.example.cn")
		b.up()
		b.want("too early", len(b.files()), 0)
		b.ready("c.example.cn")
		b.up()
		b.want("sent", len(b.files()) > 0, true)
	})
	t.Run("and what cannot go yet does not hurry the others", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, aged)
		sent := b.ready("a.example.cn")
		b.clock.Advance(time.Hour)
		b.up()
		b.want("sent", b.state(sent.ID), icp.StateSMSPending)
		held := b.readyOf(sent.Account, licenceOf(0), "a2.example.cn")
		b.clock.Advance(2 * time.Hour)
		b.ready("b.example.cn")
		b.up()
		b.want("held", b.state(held.ID), icp.StateReady)
		b.want("files", len(b.files()), 1)
	})
}

func TestOldBytesAreDeletedAndNothingElse(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(_ *sim.Config, c *authority.Config) { c.Channel.Keep = 92 * 24 * time.Hour })
	channels := authority.Fixed(b.Gateway)
	b.sent("a.example.cn")
	b.approve()
	b.down()
	b.clock.Advance(91 * 24 * time.Hour)
	b.misbehave(sim.Fault{Kind: sim.FaultLoseReply, Operation: wire.OpUpload}, sim.Fault{Kind: sim.FaultDrop, Operation: wire.OpQueryPreviousUpload})
	waiting := b.ready("b.example.cn")
	b.up()
	sweep := func() {
		t.Helper()
		if err := channels.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	sweep()
	b.want("within the time", b.files()[0].DeletedAt.IsZero(), true)
	b.clock.Advance(2 * 24 * time.Hour)
	sweep()
	first := b.files()[0]
	b.want("deleted", first.DeletedAt.UTC(), b.clock.Now().UTC())
	for _, d := range b.received() {
		b.want("download "+string(d.State), d.DeletedAt.UTC(), b.clock.Now().UTC())
	}
	b.want("downloads", len(b.received()) > 0, true)
	if _, err := b.blobs.Store.Open(t.Context(), first.BlobKey); !errors.Is(err, icp.ErrNotFound) {
		t.Errorf("its bytes: %v", err)
	}
	if _, err := b.Decoded(t.Context(), first.ID); !errors.Is(err, icp.E(icp.NotFound, "channel.bytes_gone")) {
		t.Errorf("looking at it: %v", err)
	}
	second := b.files()[1]
	r, err := b.blobs.Store.Open(t.Context(), second.BlobKey)
	if err != nil || !second.DeletedAt.IsZero() {
		t.Fatalf("the young file: %v, deleted at %v", err, second.DeletedAt)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	b.clock.Advance(200 * 24 * time.Hour)
	sweep()
	b.want("an unsettled file stays", b.files()[1].DeletedAt.IsZero() && b.files()[1].State == store.UploadUnknown, true)
	b.want("and its order waits", b.state(waiting.ID), icp.StateSubmitting)
}
