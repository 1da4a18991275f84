package authority_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// events lists the audit of an object, the oldest first.
func (b *bench) events(kind, object string) string {
	b.t.Helper()
	out := ""
	b.update(func(ctx context.Context, tx *store.Tx) error {
		out = ""
		list, _, err := tx.EventsOf(ctx, kind, object, "", 100)
		for _, e := range list {
			out = e.Actor + ":" + e.Action + " " + out
		}
		return err
	})
	return strings.TrimSpace(out)
}

func TestDecisionsOfAPersonAreAudited(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	err := errors.Join(b.Pause(t.Context(), operator, "维护"), b.Resume(t.Context(), operator, "完成"), b.Retry(t.Context(), operator, "再试"))
	if err != nil {
		t.Fatal(err)
	}
	b.want("audit", b.events("channel", channel), "operator:channel.paused operator:channel.resumed operator:channel.retried")
	if _, err := b.Resync(t.Context(), operator, ""); !errors.Is(err, icp.ErrInvalid) {
		t.Errorf("numbers taken over without a reason: %v", err)
	}
}

func TestStrangeFilesAreNotFound(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ready("cedar.example.cn")
	b.up()
	id := b.files()[0].ID
	other := b.node(func(_ *sim.Config, c *authority.Config) { c.Channel.ID = "shanghai" })
	for name, err := range map[string]error{
		"decoded":  second(other.Decoded(t.Context(), id)),
		"orders":   second(other.UploadOrders(t.Context(), id)),
		"given up": other.GiveUp(t.Context(), operator, id, "x"),
		"unknown":  b.Discard(t.Context(), operator, "nothing", "x"),
	} {
		if !errors.Is(err, icp.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	orders, err := b.UploadOrders(t.Context(), id)
	if err != nil || len(orders) != 1 {
		t.Errorf("orders %v, %v", orders, err)
	}
}

func second[T any](_ T, err error) error { return err }

func TestGatewayNeedsItsParts(t *testing.T) {
	t.Parallel()
	if _, err := authority.New(authority.Config{}); !errors.Is(err, icp.ErrInvalid) {
		t.Errorf("err %v", err)
	}
	b := newBench(t)
	c := b.Config
	c.Channel.Lease = c.Channel.Client.HTTP.Timeout
	if _, err := authority.New(c); !errors.Is(err, icp.ErrInvalid) {
		t.Errorf("a lease no longer than a call: %v", err)
	}
}
