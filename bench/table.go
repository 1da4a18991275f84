package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

func ms(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond)) }

func mib(n int64) string { return fmt.Sprintf("%d", n>>20) }

// print writes the limits of the machine.
func (m *machine) print(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "\nLimits of this machine, %d clients\n", m.clients)
	fmt.Fprintf(t, "bare net/http, small GET\t%.0f requests/s\t%.3f ms CPU each\n", m.gets, float64(m.getCPU)/float64(time.Millisecond))
	fmt.Fprintf(t, "bare net/http, the bodies of a lifecycle\t%.0f lifecycles/s (%.0f requests/s)\t%s ms CPU each\n", m.cycles, m.cycles*requests, ms(m.cycleCPU))
	fmt.Fprintf(t, "durable SQLite commits\t%.0f/s\tone writer, synchronous=FULL\n", m.commits)
	fmt.Fprintf(t, "durable files of 200 KiB\t%.0f/s\twrite, fsync, rename\n", m.files)
	_ = t.Flush() // the standard output
}

// name tells rows apart.
func (r *result) name() string {
	if r.skip {
		return r.engine + ", skip_decode"
	}
	return r.engine
}

// printResults writes the tables of all runs.
func printResults(w io.Writer, rows []*result, m *machine) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "\n\tclients\tlifecycles\tlifecycles/s\trequests/s\tserver CPU/lifecycle ms\tdatabase CPU/lifecycle ms\tCPU ÷ bare\tprocessors busy\tpeak MiB\tend MiB\t\n")
	for _, r := range rows {
		rate, n := float64(r.lifecycles)/r.wall.Seconds(), time.Duration(r.lifecycles)
		database := "in the server"
		if r.engine == "postgres" {
			database = ms(r.dbCPU / n)
		}
		fmt.Fprintf(t, "%s\t%d\t%d\t%.2f\t%.1f\t%s\t%s\t%.0f\t%.2f\t%s\t%s\t\n", r.name(), r.clients, r.lifecycles, rate, rate*requests, ms(r.cpu/n), database,
			float64(r.cpu/n)/float64(m.cycleCPU), r.cpu.Seconds()/r.wall.Seconds(), mib(r.peak), mib(r.rss))
	}
	_ = t.Flush()
	t = tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "\nms p50 / p95 / p99\t")
	for _, r := range rows {
		fmt.Fprintf(t, "%s\t", r.name())
	}
	fmt.Fprintln(t)
	for _, step := range steps {
		fmt.Fprintf(t, "%s\t", step)
		for _, r := range rows {
			list := r.took[step]
			fmt.Fprintf(t, "%s / %s / %s\t", ms(quantile(list, 0.50)), ms(quantile(list, 0.95)), ms(quantile(list, 0.99)))
		}
		fmt.Fprintln(t)
	}
	_ = t.Flush()
}
