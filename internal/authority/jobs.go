package authority

import (
	"context"
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

// SweepArgs ask for [Gateway.Sweep] of a channel.
type SweepArgs struct {
	Channel string `json:"channel"`
}

// Kind names the job.
func (SweepArgs) Kind() string { return "authority_sweep" }

// InsertOpts puts it into the authority's queue, once for each channel.
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

// Workers registers what runs the gateways' jobs, one gateway for each channel.
func Workers(gateways ...*Gateway) func(*river.Workers) {
	byChannel := map[string]*Gateway{}
	for _, g := range gateways {
		byChannel[g.Channel.ID] = g
	}
	return func(w *river.Workers) {
		river.AddWorker(w, &uploadWorker{byChannel: byChannel})
		river.AddWorker(w, &pollWorker{byChannel: byChannel})
		river.AddWorker(w, &sweepWorker{byChannel: byChannel})
	}
}

// Periodic are the jobs that look after each channel at its interval.
func Periodic(gateways ...*Gateway) []*river.PeriodicJob {
	var out []*river.PeriodicJob
	for _, g := range gateways {
		id := g.Channel.ID
		out = append(out, jobs.Every(g.Channel.Poll, func() river.JobArgs { return UploadArgs{Channel: id} }),
			jobs.Every(g.Channel.Poll, func() river.JobArgs { return PollArgs{Channel: id} }),
			jobs.Every(sweepAge, func() river.JobArgs { return SweepArgs{Channel: id} }))
	}
	return out
}

type uploadWorker struct {
	river.WorkerDefaults[UploadArgs]
	byChannel map[string]*Gateway
}

func (*uploadWorker) Timeout(*river.Job[UploadArgs]) time.Duration { return jobTimeout }

func (w *uploadWorker) Work(ctx context.Context, job *river.Job[UploadArgs]) error {
	if g := w.byChannel[job.Args.Channel]; g != nil {
		return g.Upload(ctx)
	}
	return nil // of a channel that is configured no more
}

type pollWorker struct {
	river.WorkerDefaults[PollArgs]
	byChannel map[string]*Gateway
}

func (*pollWorker) Timeout(*river.Job[PollArgs]) time.Duration { return jobTimeout }

func (w *pollWorker) Work(ctx context.Context, job *river.Job[PollArgs]) error {
	if g := w.byChannel[job.Args.Channel]; g != nil {
		return g.Poll(ctx)
	}
	return nil
}

type sweepWorker struct {
	river.WorkerDefaults[SweepArgs]
	byChannel map[string]*Gateway
}

func (*sweepWorker) Timeout(*river.Job[SweepArgs]) time.Duration { return jobTimeout }

func (w *sweepWorker) Work(ctx context.Context, job *river.Job[SweepArgs]) error {
	if g := w.byChannel[job.Args.Channel]; g != nil {
		return g.Sweep(ctx)
	}
	return nil
}
