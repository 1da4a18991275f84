// Command bench takes many clients at once through the whole lifecycle of an
// order, over HTTP, against a beian server that is a process of its own, and
// prints what that cost, beside the limits of the machine in the same run. See
// docs/performance.md; `make bench` runs it.
//
// A run is: [prepare] fills a data folder through the packages of the program
// itself, the server starts on it, [refusals] checks that what must be refused
// is refused, and [load] drives the lifecycles ([lifecycle] is one).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"time"
)

// settings are what the flags say.
type settings struct {
	binary     string
	engine     string
	clients    int
	lifecycles int
	skipDecode bool
	dir        string
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == bareCommand {
		bareServer()
		return
	}
	var s settings
	flag.StringVar(&s.binary, "binary", "bin/beian", "the server to load")
	flag.StringVar(&s.engine, "engine", "both", "sqlite, postgres or both")
	flag.IntVar(&s.clients, "clients", 16, "clients at once")
	flag.IntVar(&s.lifecycles, "lifecycles", 192, "lifecycles to measure, after one of each client to warm up")
	flag.BoolVar(&s.skipDecode, "skip-decode", true, "run again without the whole decode of uploads, to show its share")
	flag.StringVar(&s.dir, "dir", "", "folder of the data, on the disk that is to be measured (a temporary one)")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, s); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures the machine, then each engine, and prints one table.
func run(ctx context.Context, s settings) (err error) {
	engines := map[string][]string{"sqlite": {"sqlite"}, "postgres": {"postgres"}, "both": {"sqlite", "postgres"}}[s.engine]
	if len(engines) == 0 || s.clients < 1 || s.lifecycles < 1 {
		return fmt.Errorf("engine %q, %d clients, %d lifecycles: see -help", s.engine, s.clients, s.lifecycles)
	}
	dir, err := os.MkdirTemp(s.dir, "beian-bench-")
	if err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	pictures, err := photos()
	if err != nil {
		return fmt.Errorf("make pictures: %w", err)
	}
	fmt.Printf("%d processors, %s, %s; load of the machine before: %s\n", runtime.NumCPU(), runtime.GOARCH, runtime.Version(), loadAverage())
	machine, err := measureMachine(ctx, dir, s.clients, pictures)
	if err != nil {
		return fmt.Errorf("measure machine: %w", err)
	}
	if err := machine.print(os.Stdout); err != nil {
		return err
	}
	var rows []*result
	for _, engine := range engines {
		for _, skip := range skips(s.skipDecode) {
			r, err := runEngine(ctx, s, engine, skip, filepath.Join(dir, fmt.Sprintf("%s-%t", engine, skip)), pictures)
			if err != nil {
				return fmt.Errorf("%s: %w", engine, err)
			}
			rows = append(rows, r)
		}
	}
	return printResults(os.Stdout, rows, machine)
}

func skips(both bool) []bool {
	if both {
		return []bool{false, true}
	}
	return []bool{false}
}

// runEngine prepares an installation on an engine and loads it.
func runEngine(ctx context.Context, s settings, engine string, skip bool, dir string, pictures [][]byte) (_ *result, err error) {
	began := time.Now()
	w, err := prepare(ctx, s, engine, skip, dir)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	defer func() { err = errors.Join(err, w.close()) }()
	w.pictures = pictures
	if err := w.startServer(ctx, s.binary); err != nil {
		return nil, err
	}
	if err := w.signIn(ctx, s.clients); err != nil {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	// Sessions live in the database. A fresh process has not hashed passwords,
	// so that its memory is that of the load.
	w.server.Stop()
	if err := w.startServer(ctx, s.binary); err != nil {
		return nil, err
	}
	if err := w.refusals(ctx); err != nil {
		return nil, fmt.Errorf("what must be refused: %w", err)
	}
	fmt.Fprintf(os.Stderr, "%s, skip_decode %t: ready after %s\n", engine, skip, time.Since(began).Round(time.Second))
	if _, err := w.load(ctx, s.clients, s.clients); err != nil { // warms up
		return nil, fmt.Errorf("warm up: %w", err)
	}
	r, err := w.load(ctx, s.clients, s.lifecycles)
	if err != nil {
		return nil, fmt.Errorf("load: %w; the server said:\n%s", err, w.server.Output())
	}
	r.engine, r.skip = engine, skip
	return r, nil
}
