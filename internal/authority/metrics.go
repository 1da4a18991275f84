package authority

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/openbeian/beian/internal/store"
)

// Metrics are the figures of all gateways of a process, for /metrics. Names end
// in their unit. Counters are of this process; gauges are read from the database
// when they are asked for, at most once in figuresKept, and are the same on
// every node.
type Metrics struct {
	calls    *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	bytes    *prometheus.CounterVec
	records  *prometheus.CounterVec
	failures *prometheus.CounterVec

	mu       sync.Mutex
	gateways map[string]*Gateway
	figures  map[string]figures
}

// figures are what was read last of a channel.
type figures struct {
	at time.Time
	Overview
}

const (
	figuresKept    = 10 * time.Second
	figuresTimeout = 2 * time.Second
)

// gauge is a figure of a channel with a name that describes it.
type gauge struct {
	desc *prometheus.Desc
	kind prometheus.ValueType
	// of gives values by further labels.
	of func(*Overview, time.Time, func(value float64, labels ...string))
}

func newGauge(name, help string, kind prometheus.ValueType, labels []string, of func(*Overview, time.Time, func(float64, ...string))) gauge {
	return gauge{desc: prometheus.NewDesc(name, help, append([]string{"channel"}, labels...), nil), kind: kind, of: of}
}

// gauges has what is read from the database.
var gauges = []gauge{
	newGauge("beian_authority_paused", "1 while the channel is paused, by what paused it: a person, the configuration, a conflict of numbers, a gap in them.",
		prometheus.GaugeValue, []string{"cause"}, func(o *Overview, _ time.Time, tell func(float64, ...string)) {
			for _, cause := range PauseCauses() {
				tell(truth(o.Cause() == cause), string(cause))
			}
		}),
	newGauge("beian_authority_files", "Files that have not come to an end, by direction and state.", prometheus.GaugeValue, []string{"direction", "state"},
		func(o *Overview, _ time.Time, tell func(float64, ...string)) {
			for _, s := range []store.UploadState{store.UploadStored, store.UploadSending, store.UploadUnknown} {
				tell(float64(countOf(o.Uploads, string(s))), "up", string(s))
			}
			for _, s := range []store.DownloadState{store.DownloadReceived, store.DownloadParked} {
				tell(float64(countOf(o.Downloads, string(s))), "down", string(s))
			}
		}),
	newGauge("beian_authority_orders_ready", "Orders that wait to be sent.", prometheus.GaugeValue, nil,
		func(o *Overview, _ time.Time, tell func(float64, ...string)) { tell(float64(o.Ready.Count)) }),
	newGauge("beian_authority_oldest_ready_seconds", "How long the order that is ready the longest waits; 0 without one.", prometheus.GaugeValue, nil,
		func(o *Overview, now time.Time, tell func(float64, ...string)) { tell(age(o.Ready.Oldest, now)) }),
	newGauge("beian_authority_unsettled_seconds", "How long the oldest file waits for a settled answer; 0 without one.", prometheus.GaugeValue, nil,
		func(o *Overview, now time.Time, tell func(float64, ...string)) { tell(age(o.UnsettledSince(), now)) }),
	newGauge("beian_authority_last_sequence", "Number of the last accepted file.", prometheus.GaugeValue, nil,
		func(o *Overview, _ time.Time, tell func(float64, ...string)) { tell(float64(o.Channel.LastSequence)) }),
	newGauge("beian_authority_told_sequence", "Number of the last accepted file as the authority told it last.", prometheus.GaugeValue, nil,
		func(o *Overview, _ time.Time, tell func(float64, ...string)) { tell(float64(o.Pulse.ToldSequence)) }),
	newGauge("beian_authority_last_poll_timestamp_seconds", "When the authority was asked for files with success last; 0 for never.", prometheus.GaugeValue, nil,
		func(o *Overview, _ time.Time, tell func(float64, ...string)) { tell(unix(o.Channel.PolledAt)) }),
	newGauge("beian_authority_trouble_timestamp_seconds", "Since when something is in the way of a side; 0 when nothing is.", prometheus.GaugeValue, []string{"side"},
		func(o *Overview, _ time.Time, tell func(float64, ...string)) {
			for _, side := range []string{sideUpload, sideDownload} {
				at := time.Time{}
				if strings.HasPrefix(o.Channel.Health, side+".") {
					at = o.Channel.HealthAt
				}
				tell(unix(at), side)
			}
		}),
	newGauge("beian_authority_idle_polls_total", "Polls that found nothing waiting.", prometheus.CounterValue, nil,
		func(o *Overview, _ time.Time, tell func(float64, ...string)) { tell(float64(o.Pulse.IdlePolls)) }),
	newGauge("beian_authority_lease_takeovers_total", "Leases that ran out and went to another node.", prometheus.CounterValue, nil,
		func(o *Overview, _ time.Time, tell func(float64, ...string)) { tell(float64(o.Pulse.Takeovers)) }),
}

// NewMetrics makes the figures of a process. Register them once.
func NewMetrics() *Metrics {
	count := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, append([]string{"channel"}, labels...))
	}
	return &Metrics{
		calls: count("beian_authority_calls_total", "Calls to the authority, by operation, outcome and msg_code (-1 without a reply).", "operation", "outcome", "code"),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "beian_authority_call_seconds", Help: "Time of a call to the authority.",
			Buckets: []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120}}, []string{"channel", "operation"}),
		bytes:    count("beian_authority_call_bytes_total", "Bytes of the bodies of calls.", "operation", "direction"),
		records:  count("beian_authority_records_sent_total", "Records in files that the authority accepted."),
		failures: count("beian_authority_call_log_failures_total", "Calls that could not be written into the log."),
		gateways: map[string]*Gateway{}, figures: map[string]figures{},
	}
}

// add takes a gateway in; a later one of the same channel takes its place.
func (m *Metrics) add(g *Gateway) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.gateways[g.Channel.ID] = g
	delete(m.figures, g.Channel.ID)
}

// drop forgets a channel that is no more; what was counted stays.
func (m *Metrics) drop(channel string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.gateways, channel)
	delete(m.figures, channel)
}

func (m *Metrics) called(c *store.AuthorityCall) {
	m.calls.WithLabelValues(c.Channel, c.Operation, string(c.Outcome), strconv.Itoa(c.Code)).Inc()
	m.seconds.WithLabelValues(c.Channel, c.Operation).Observe(c.Took.Seconds())
	m.bytes.WithLabelValues(c.Channel, c.Operation, "sent").Add(float64(c.Sent))
	m.bytes.WithLabelValues(c.Channel, c.Operation, "received").Add(float64(c.Received))
}

func (m *Metrics) sent(channel string, records int) {
	m.records.WithLabelValues(channel).Add(float64(records))
}

func (m *Metrics) unlogged(channel string, calls int) {
	m.failures.WithLabelValues(channel).Add(float64(calls))
}

func (m *Metrics) counted() []prometheus.Collector {
	return []prometheus.Collector{m.calls, m.seconds, m.bytes, m.records, m.failures}
}

// Describe names the figures; see prometheus.Collector.
func (m *Metrics) Describe(out chan<- *prometheus.Desc) {
	for _, c := range m.counted() {
		c.Describe(out)
	}
	for _, g := range gauges {
		out <- g.desc
	}
}

// Collect gives the figures; those of a channel whose database does not answer
// in time are left out. See prometheus.Collector.
func (m *Metrics) Collect(out chan<- prometheus.Metric) {
	for _, c := range m.counted() {
		c.Collect(out)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(m.gateways)) {
		f, ok := m.read(m.gateways[id])
		if !ok {
			continue
		}
		for _, g := range gauges {
			g.of(&f.Overview, f.at, func(value float64, labels ...string) {
				out <- prometheus.MustNewConstMetric(g.desc, g.kind, value, append([]string{id}, labels...)...)
			})
		}
	}
}

// read gives a channel's figures, from memory while they are fresh.
func (m *Metrics) read(g *Gateway) (figures, bool) {
	now := g.Clock.Now()
	if f, ok := m.figures[g.Channel.ID]; ok && now.Sub(f.at) < figuresKept {
		return f, true
	}
	ctx, cancel := context.WithTimeout(context.Background(), figuresTimeout)
	defer cancel()
	o, err := g.Overview(ctx)
	if err != nil {
		g.Log.Warn("figures of the authority channel not read", "channel", g.Channel.ID, "err", err)
		return figures{}, false
	}
	f := figures{at: now, Overview: o}
	m.figures[g.Channel.ID] = f
	return f, true
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// age is how many seconds ago an instant was, 0 for none.
func age(at, now time.Time) float64 {
	if at.IsZero() {
		return 0
	}
	return max(now.Sub(at).Seconds(), 0)
}

func unix(at time.Time) float64 {
	if at.IsZero() {
		return 0
	}
	return float64(at.Unix())
}

func countOf(list []store.Waiting, state string) int64 {
	for _, w := range list {
		if w.State == state {
			return w.Count
		}
	}
	return 0
}
