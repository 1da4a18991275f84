package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"time"

	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/clock"
)

// simCommand is the name of the command.
const simCommand = "authority-sim"

// usualFaults is the share of calls that go wrong unless somebody says otherwise.
const usualFaults = 0.05

// simFlags are the flags of authority-sim.
type simFlags struct {
	addr, state, subjects, profile, hours string
	province                              int64
	provider                              int64
	user, password, key, iv               string
	encrypt                               bool
	faults                                float64
	seed                                  uint64
	noSMS, autoSMS, autoApprove           bool
	ipReports, ministry                   bool
	autoAfter                             time.Duration
}

func (f *simFlags) parse(c *call) error {
	flags := flag.NewFlagSet("beian authority-sim", flag.ContinueOnError)
	flags.SetOutput(c.errOut)
	flags.Usage = func() {
		say(c.errOut, `A provincial authority (省通信管理局) to develop and test against: the three SOAP 1.1 services of the
provider-side filing interface, with WSDL, a page for people and JSON knobs for tests. It keeps sequence
numbers, a registry, licence numbers and a queue of downloads, and misbehaves now and then as a real one
does. Never enter real data; its page has no sign-in.

  beian authority-sim                                        on 127.0.0.1:18080, everything in memory
  beian authority-sim --faults 0 --auto-sms --auto-approve   well-behaved, approves everything by itself
  beian authority-sim --state authority.json --hours 08:30-17:30

Flags:
`)
		flags.PrintDefaults()
	}
	flags.StringVar(&f.addr, "addr", "127.0.0.1:18080", "`address` to listen on; port 0 takes a free one")
	flags.StringVar(&f.state, "state", "", "`file` that keeps the state over restarts (default: memory only)")
	flags.StringVar(&f.subjects, "subjects", "", "JSON `file` with filed subjects to begin with, as POST /sim/api/subjects takes them (default: two samples)")
	flags.StringVar(&f.profile, "profile", "", "JSON `file` with a profile of the interface: version, namespace, style, parts … (default: V.3.0)")
	flags.Int64Var(&f.province, "province", 110000, "area `code` of the authority's province")
	flags.Int64Var(&f.provider, "provider", demoAccount.ProviderID, "the provider's `id` (ispId)")
	flags.StringVar(&f.user, "user", demoAccount.User, "the provider's user `name`")
	flags.StringVar(&f.password, "password", string(demoAccount.Password), "the provider's `password`")
	flags.StringVar(&f.key, "key", "", "AES `key` of 16, 24 or 32 characters")
	flags.StringVar(&f.iv, "iv", "", "AES initial `vector` of 16 characters")
	flags.BoolVar(&f.encrypt, "encrypt", false, "encrypt downloads; needs --key and --iv")
	flags.Float64Var(&f.faults, "faults", usualFaults, "`share` of calls that go wrong at random, 0 to 1; 0 switches faults off")
	flags.Uint64Var(&f.seed, "seed", 1, "`number` that the random faults are drawn from; the same calls meet the same faults")
	flags.BoolVar(&f.noSMS, "no-sms", false, "leave the SMS check out")
	flags.BoolVar(&f.autoSMS, "auto-sms", false, "pass SMS checks by itself")
	flags.BoolVar(&f.autoApprove, "auto-approve", false, "approve by itself")
	flags.DurationVar(&f.autoAfter, "auto-after", 0, "`time` that the automatic steps wait, such as 5s")
	flags.BoolVar(&f.ipReports, "ip-reports", false, "take accesses only at addresses that were reported (data code 1063)")
	flags.BoolVar(&f.ministry, "ministry", false, "take reports of domains, as the ministry does (else data code 3036)")
	flags.StringVar(&f.hours, "hours", "", "take uploads only at these `hours` (Beijing time), such as 08:30-17:30")
	if err := flags.Parse(c.args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return errUsage
	}
	if flags.NArg() > 0 {
		say(c.errOut, "beian authority-sim takes flags only, not %q\n", flags.Arg(0))
		return errUsage
	}
	return nil
}

func (f *simFlags) config(log *slog.Logger) (sim.Config, error) {
	profile := wire.V30()
	if f.profile != "" {
		b, err := os.ReadFile(f.profile)
		if err == nil {
			profile, err = wire.ParseProfile(b)
		}
		if err != nil {
			return sim.Config{}, fmt.Errorf("--profile: %w", err)
		}
	}
	if f.key != "" || f.iv != "" {
		profile.Key, profile.IV = wire.Secret(f.key), wire.Secret(f.iv)
		if err := profile.Validate(); err != nil {
			return sim.Config{}, fmt.Errorf("--key and --iv: %w", err)
		}
	}
	if f.encrypt && profile.Key == "" {
		return sim.Config{}, errors.New("--encrypt needs --key and --iv")
	}
	return sim.Config{Clock: clock.System{}, Profile: profile, Province: f.province, Snapshot: f.state, EncryptDownloads: f.encrypt, Log: log,
		Accounts: []sim.Account{{ProviderID: f.provider, User: f.user, Password: wire.Secret(f.password), Province: f.province, Hours: f.hours}},
		NoSMS:    f.noSMS, AutoSMS: f.autoSMS, AutoApprove: f.autoApprove, AutoAfter: f.autoAfter, Misbehave: f.faults, Seed: f.seed,
		IPReports: f.ipReports, Ministry: f.ministry}, nil
}

// fill gives the authority its first filings, unless it has some.
func (f *simFlags) fill(s *sim.Server) error {
	if len(s.Subjects()) > 0 {
		return nil
	}
	if f.subjects == "" {
		return seedAuthority(s)
	}
	b, err := os.ReadFile(f.subjects)
	if err != nil {
		return fmt.Errorf("--subjects: %w", err)
	}
	var list []sim.Subject
	if err := json.Unmarshal(b, &list); err != nil {
		return fmt.Errorf("--subjects: parse %s: %w", f.subjects, err)
	}
	if _, err := s.Seed(list...); err != nil {
		return fmt.Errorf("--subjects: %w", err)
	}
	return nil
}

// authoritySim runs the simulator until ctx ends.
func authoritySim(ctx context.Context, c *call) error {
	var f simFlags
	if err := f.parse(c); err != nil {
		return err
	}
	cfg, err := f.config(c.log)
	if err != nil {
		return err
	}
	s, err := sim.New(cfg)
	if err != nil {
		return fmt.Errorf("start authority simulator: %w", err)
	}
	if err := f.fill(s); err != nil {
		return err
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", f.addr)
	if err != nil {
		return fmt.Errorf("listen on %s (--addr chooses another): %w", f.addr, err)
	}
	f.announce(c, s, l.Addr().String())
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(c.log.Handler(), slog.LevelWarn)}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	return server.Shutdown(stopping)
}

// announce says where everything is.
func (f *simFlags) announce(c *call, s *sim.Server, addr string) {
	base := "http://" + addr
	say(c.out, "\nSimulated authority of province %d  (模拟通信管理局；请勿录入真实信息 / enter nothing real)\n\n", f.province)
	for i, at := range s.Paths() {
		say(c.out, "  %-9s %s%s?wsdl\n", []string{"WSDL", "", ""}[i%3], base, at)
	}
	say(c.out, "  account   ispId %d, user %s, password %s\n", f.provider, f.user, f.password)
	if f.key != "" {
		say(c.out, "  AES       key %s, IV %s\n", f.key, f.iv)
	}
	say(c.out, "  page      %s/sim/\n", base)
	for _, subject := range s.Subjects()[:min(2, len(s.Subjects()))] {
		say(c.out, "  filed     %s %s, filing password %s\n", subject.Licence, subject.Name, subject.FilingPassword)
	}
	if f.faults > 0 {
		say(c.out, "  faults    %g of 100 calls, seed %d (--faults 0 switches them off)\n", f.faults*100, f.seed)
	} else {
		say(c.out, "  faults    off\n")
	}
	if f.state != "" {
		say(c.out, "  state     in %s\n", f.state)
	} else {
		say(c.out, "  state     in memory, gone when it stops (--state FILE keeps it)\n")
	}
	if a, err := netip.ParseAddrPort(addr); err == nil && !a.Addr().IsLoopback() {
		say(c.out, "\n  %s can be reached from other machines, and the page has no sign-in.\n", addr)
	}
	say(c.out, "\nStop with Ctrl-C.\n")
}
