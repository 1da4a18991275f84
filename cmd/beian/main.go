// Command beian is OpenBeian: the filing platform of an access provider in one
// binary. Run it without arguments for the list of commands.
//
// This package only puts the parts together: app.go builds them, serve.go runs
// them, outside.go, demo.go and sampleorders.go are the demonstration's world,
// people and orders.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/openbeian/beian/internal/config"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], surroundings{in: os.Stdin, out: os.Stdout, errOut: os.Stderr, env: os.Environ()})
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "beian:", err)
		os.Exit(1)
	}
}

// errUsage is a call that makes no sense; what is wrong was said already.
var errUsage = errors.New("usage")

// command is a subcommand.
type command struct {
	name, help string
	run        func(ctx context.Context, c *call) error
}

// surroundings are what a process is given from outside.
type surroundings struct {
	in          io.Reader
	out, errOut io.Writer
	env         []string
}

// variable gives the last value of an environment variable, "" for none.
func (s surroundings) variable(name string) string {
	for _, pair := range slices.Backward(s.env) {
		if value, ok := strings.CutPrefix(pair, name+"="); ok {
			return value
		}
	}
	return ""
}

// call is one use of a subcommand.
type call struct {
	surroundings
	command
	cfg  config.Config
	args []string
	log  *slog.Logger
	// sampleOrders fills the demo of serve.
	sampleOrders bool
}

// usage tells a command with its flags.
func (c *call) usage(flags *flag.FlagSet) {
	say(c.errOut, "beian %s — %s\n", c.name, c.help)
	flags.VisitAll(func(f *flag.Flag) {
		value, what := flag.UnquoteUsage(f)
		say(c.errOut, "  %-20s %s\n", "--"+f.Name+" "+value, what)
	})
}

func commands() []command {
	return append([]command{
		{"serve", "run the platform", serve},
		{simCommand, "run an authority to develop and test against; --help lists its flags", authoritySim},
		{"migrate", "bring the database to this program's edition", migrate},
		{"check-config", "say what is wrong with the settings and how to mend it", checkConfig},
		{"audit verify", "check that the audit trail is whole", auditVerify},
		{"user add", "make an account of staff: --login ADDRESS --roles reviewer,operator,admin; the password is read from standard input", userAdd},
		{"user reset-password", "set an account's password: --login ADDRESS; the password is read from standard input", userReset},
		{"key rotate", "add a new sealing key; old ones stay for reading", keyRotate},
		{"version", "print the version", version},
	}, append(rulesCommands(), referenceCommands()...)...)
}

// run finds the command and reads its settings.
func run(ctx context.Context, args []string, s surroundings) error {
	for _, c := range commands() {
		words := strings.Fields(c.name)
		if len(args) < len(words) || strings.Join(args[:len(words)], " ") != c.name {
			continue
		}
		return start(ctx, c, args[len(words):], s)
	}
	group := ""
	if len(args) > 0 {
		group = args[0] + " "
	}
	usage(s.errOut, group)
	if len(args) == 0 || isHelp(args[0]) || len(args) == 2 && isHelp(args[1]) {
		return flag.ErrHelp
	}
	say(s.errOut, "\nThere is no command %q.\n", strings.Join(args, " "))
	return errUsage
}

// say tells the person at the terminal something; where nobody listens, nothing
// can be done about it.
func say(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }

func isHelp(word string) bool { return word == "help" || word == "-h" || word == "--help" }

// usage lists the commands of a group, or all where there is no such group.
func usage(w io.Writer, group string) {
	list := commands()
	if one := slices.DeleteFunc(commands(), func(c command) bool { return !strings.HasPrefix(c.name, group) }); len(one) > 0 {
		list = one
	}
	say(w, "beian — the filing platform of an access provider\n\n")
	for _, c := range list {
		say(w, "  beian %-20s %s\n", c.name, c.help)
	}
	say(w, "\nSettings come from --config FILE (or BEIAN_CONFIG) and BEIAN_… variables; beian check-config lists faults.\n")
}

// start reads flags and settings that all commands share.
func start(ctx context.Context, c command, args []string, s surroundings) error {
	if c.name == simCommand { // it stands for itself and reads no settings
		log, err := newLog(config.Default().Log, s.errOut)
		if err != nil {
			return err
		}
		return c.run(ctx, &call{surroundings: s, args: args, log: log})
	}
	flags := flag.NewFlagSet("beian "+c.name, flag.ContinueOnError)
	flags.SetOutput(s.errOut)
	file := flags.String("config", "", "settings file (YAML)")
	demo := flags.Bool("demo", false, "sample accounts and data, simulators and an inbox; never with real data")
	roles := flags.String("roles", "", "what this process runs: api,worker,gateway")
	samples := false
	if c.name == "serve" {
		flags.BoolVar(&samples, "sample-orders", false, "with --demo: orders of invented applicants in every state, once per data folder")
	}
	if err := flags.Parse(ownArgs(c, args, true)); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return errUsage
	}
	base := config.Default()
	if *demo {
		base = config.Demo()
	}
	if *file == "" {
		*file = s.variable(config.FileVariable)
	}
	cfg, err := config.Load(base, *file, s.env)
	if err != nil {
		return err
	}
	if d := config.Default(); cfg.BaseURL == d.BaseURL && cfg.Addr != d.Addr {
		cfg.BaseURL = "http://" + cfg.Addr // nobody said how people reach it
	}
	if *roles != "" {
		cfg.Roles = strings.Split(*roles, ",")
	}
	log, err := newLog(cfg.Log, s.errOut)
	if err != nil {
		return err
	}
	return c.run(ctx, &call{surroundings: s, command: c, cfg: cfg, args: ownArgs(c, args, false), log: log, sampleOrders: samples})
}

// ownArgs splits a command's own flags and words (--login, --roles of user, the
// folder of rules) from the flags that all commands share.
func ownArgs(c command, args []string, shared bool) []string {
	if !strings.HasPrefix(c.name, "user ") && !strings.HasPrefix(c.name, "rules ") && !strings.HasPrefix(c.name, "reference ") {
		if shared {
			return args
		}
		return nil
	}
	var common, own []string
	for i := 0; i < len(args); i++ {
		name, _, joined := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		to := &own
		if name == "config" || name == "demo" {
			to = &common
		}
		*to = append(*to, args[i])
		if strings.HasPrefix(args[i], "-") && !joined && name != "demo" && i+1 < len(args) {
			i++
			*to = append(*to, args[i])
		}
	}
	if shared {
		return common
	}
	return own
}

// newLog makes the structured log.
func newLog(c config.Log, w io.Writer) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Level)); err != nil {
		return nil, fmt.Errorf("log.level: %w", err)
	}
	o := &slog.HandlerOptions{Level: level}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, o)), nil
	}
	return slog.New(slog.NewTextHandler(w, o)), nil
}

func version(_ context.Context, c *call) error {
	v := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		v = info.Main.Version
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				v += " " + s.Value
			}
		}
	}
	_, err := fmt.Fprintln(c.out, "beian", v)
	return err
}
