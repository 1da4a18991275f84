package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

func ms(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond)) }

func mib(n int64) string { return fmt.Sprintf("%d", n>>20) }

// align writes lines of cells, which end with tabs, in columns.
func align(w io.Writer, text string, flags uint) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', flags)
	if _, err := io.WriteString(t, text); err != nil {
		return fmt.Errorf("print table: %w", err)
	}
	return t.Flush()
}

// print writes the limits of the machine.
func (m *machine) print(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\nLimits of this machine, %d clients\n", m.clients)
	fmt.Fprintf(&b, "bare net/http, small GET\t%.0f requests/s\t%.3f ms CPU each\n", m.gets, float64(m.getCPU)/float64(time.Millisecond))
	fmt.Fprintf(&b, "bare net/http, the bodies of a lifecycle\t%.0f lifecycles/s (%.0f requests/s)\t%.2f ms CPU each\n", m.cycles, m.cycles*requests,
		float64(m.cycleCPU)/float64(time.Millisecond))
	fmt.Fprintf(&b, "durable SQLite commits\t%.0f/s\tone writer, synchronous=FULL\n", m.commits)
	fmt.Fprintf(&b, "durable files of 200 KiB\t%.0f/s\twrite, fsync, rename\n", m.files)
	return align(w, b.String(), 0)
}

// name tells rows apart.
func (r *result) name() string {
	if r.skip {
		return r.engine + ", skip_decode"
	}
	return r.engine
}

// printResults writes the tables of all runs.
func printResults(w io.Writer, rows []*result, m *machine) error {
	var b strings.Builder
	b.WriteString("\n\tclients\tlifecycles\tlifecycles/s\trequests/s\tserver CPU/lifecycle ms\tdatabase CPU/lifecycle ms\tCPU ÷ bare\tprocessors busy\tidle ms/s\tpeak MiB\tend MiB\t\n")
	for _, r := range rows {
		rate, n := float64(r.lifecycles)/r.wall.Seconds(), time.Duration(r.lifecycles)
		database := "in the server"
		if r.engine == "postgres" {
			database = ms(r.dbCPU / n)
		}
		fmt.Fprintf(&b, "%s\t%d\t%d\t%.2f\t%.1f\t%s\t%s\t%.0f\t%.2f\t%s\t%s\t%s\t\n", r.name(), r.clients, r.lifecycles, rate, rate*requests, ms(r.cpu/n), database,
			float64(r.cpu/n)/float64(max(1, m.cycleCPU)), r.cpu.Seconds()/r.wall.Seconds(), ms(r.idle), mib(r.peak), mib(r.rss))
	}
	b.WriteString("\nms p50 / p95 / p99\t")
	for _, r := range rows {
		b.WriteString(r.name() + "\t")
	}
	b.WriteString("\n")
	for _, step := range steps {
		b.WriteString(step + "\t")
		for _, r := range rows {
			list := r.took[step]
			fmt.Fprintf(&b, "%s / %s / %s\t", ms(quantile(list, 0.50)), ms(quantile(list, 0.95)), ms(quantile(list, 0.99)))
		}
		b.WriteString("\n")
	}
	return align(w, b.String(), tabwriter.AlignRight)
}
