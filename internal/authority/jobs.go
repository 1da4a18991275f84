package authority

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/openbeian/beian/internal/jobs"
	"github.com/openbeian/beian/internal/store"
)

// jobTimeout bounds one run; what is left the next run takes up.
const jobTimeout = 15 * time.Minute

// UploadArgs ask for [Gateway.Upload] of a channel.
type UploadArgs struct {
	Channel string `json:"channel"`
}

// Kind names the job.
func (UploadArgs) Kind() string { return "authority_upload" }

// InsertOpts puts it into the authority's queue, once for each channel.
func (UploadArgs) InsertOpts() river.InsertOpts { return once }

// PollArgs ask for [Gateway.Poll] of a channel.
type PollArgs struct {
	Channel string `json:"channel"`
}

// Kind names the job.
func (PollArgs) Kind() string { return "authority_poll" }

// InsertOpts puts it into the authority's queue, once for each channel.
func (PollArgs) InsertOpts() river.InsertOpts { return once }

// TickArgs ask for [Channels.Tick].
type TickArgs struct{}

// Kind names the job.
func (TickArgs) Kind() string { return "authority_tick" }

// InsertOpts puts it into the authority's queue, once.
func (TickArgs) InsertOpts() river.InsertOpts { return once }

// SweepArgs ask for [Channels.Sweep].
type SweepArgs struct{}

// Kind names the job.
func (SweepArgs) Kind() string { return "authority_sweep" }

// InsertOpts puts it into the authority's queue, once.
func (SweepArgs) InsertOpts() river.InsertOpts { return once }

// once lets one job of a kind and channel wait or run. The job asks the
// database what there is to do until nothing is left, and the periodic one
// takes what was made ready in the moment between. A job of a process that died
// counts as running until its time-out is over; each period allows another beside
// it, which does nothing as long as somebody leads the channel.
var once = river.InsertOpts{Queue: jobs.Authority, MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: time.Minute, ByState: []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateScheduled}}}

// Wake asks for an upload after the caller's commit: something is ready.
func (g *Gateway) Wake(ctx context.Context, tx *store.Tx) error {
	return tx.Enqueue(ctx, UploadArgs{Channel: g.Channel.ID})
}

// Workers registers what runs the channels' jobs. A job names its channel; one
// of a channel that is no more does nothing.
func Workers(c *Channels) func(*river.Workers) {
	return func(w *river.Workers) {
		river.AddWorker(w, &uploadWorker{channels: c})
		river.AddWorker(w, &pollWorker{channels: c})
		river.AddWorker(w, river.WorkFunc(func(ctx context.Context, _ *river.Job[TickArgs]) error { return c.Tick(ctx) }))
		river.AddWorker(w, &sweepWorker{channels: c})
	}
}

// Periodic are the jobs that look after all channels, also those added later.
func Periodic(c *Channels) []*river.PeriodicJob {
	return []*river.PeriodicJob{jobs.Every(c.tick(), func() river.JobArgs { return TickArgs{} }),
		jobs.Every(sweepAge, func() river.JobArgs { return SweepArgs{} })}
}

type uploadWorker struct {
	river.WorkerDefaults[UploadArgs]
	channels *Channels
}

func (*uploadWorker) Timeout(*river.Job[UploadArgs]) time.Duration { return jobTimeout }

func (w *uploadWorker) Work(ctx context.Context, job *river.Job[UploadArgs]) error {
	if g := w.channels.Gateway(job.Args.Channel); g != nil {
		return g.Upload(ctx)
	}
	return nil
}

type pollWorker struct {
	river.WorkerDefaults[PollArgs]
	channels *Channels
}

func (*pollWorker) Timeout(*river.Job[PollArgs]) time.Duration { return jobTimeout }

func (w *pollWorker) Work(ctx context.Context, job *river.Job[PollArgs]) error {
	if g := w.channels.Gateway(job.Args.Channel); g != nil {
		return g.Poll(ctx)
	}
	return nil
}

type sweepWorker struct {
	river.WorkerDefaults[SweepArgs]
	channels *Channels
}

func (*sweepWorker) Timeout(*river.Job[SweepArgs]) time.Duration { return jobTimeout }

func (w *sweepWorker) Work(ctx context.Context, _ *river.Job[SweepArgs]) error {
	return w.channels.Sweep(ctx)
}

// Tick looks at all channels and asks for the runs that are due. One channel's
// fault holds up no other.
func (c *Channels) Tick(ctx context.Context) error {
	var faults error
	for _, g := range c.All() {
		faults = errors.Join(faults, g.tick(ctx))
	}
	return faults
}

// tick asks for the channel's runs that are due.
func (g *Gateway) tick(ctx context.Context) error {
	row, err := g.channel(ctx)
	if err != nil || silent(&row) {
		return err
	}
	now := g.Clock.Now()
	open := g.Channel.Hours.Open(now)
	if err := g.noteHours(ctx, &row, open); err != nil || !open {
		return err
	}
	poll := !g.waits(&g.downloads) && !now.Before(row.PolledAt.Add(g.Channel.Poll))
	upload := !row.Paused && !g.waits(&g.uploads) && g.lookAgain(now)
	if upload {
		err = g.Store.View(ctx, func(tx *store.Tx) (err error) {
			upload, err = tx.ChannelHasWork(ctx, g.Channel.ID)
			return err
		})
	}
	if err != nil || !poll && !upload {
		return err
	}
	return g.Store.Update(ctx, func(tx *store.Tx) error {
		if upload {
			if err := g.Wake(ctx, tx); err != nil {
				return err
			}
		}
		if poll {
			return tx.Enqueue(ctx, PollArgs{Channel: g.Channel.ID})
		}
		return nil
	})
}

// looks is how often, within the time that an order waits for others, it is
// looked whether that is over.
const looks = 4

// lookAgain spaces the looks for orders: what cannot go yet, because its subject
// has another order at the authority, must not be read at each tick.
func (g *Gateway) lookAgain(now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	every := g.Channel.Poll
	if g.Channel.MaxAge > 0 {
		every = min(every, g.Channel.MaxAge/looks)
	}
	if now.Before(g.looked.Add(every)) {
		return false
	}
	g.looked = now
	return true
}
