package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/soap"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/config"
	"github.com/openbeian/beian/internal/demo"
	"github.com/openbeian/beian/internal/domaincheck/probe"
	registrysim "github.com/openbeian/beian/internal/domaincheck/sim"
)

// outside is the demo's world: an authority, a domain registry and the sample
// domains' websites, each a server of its own on this machine that is called
// as the real ones are.
type outside struct {
	authority     *sim.Server // also served by the demo itself; nil when another process has it
	authorityURL  string
	account       soap.Account
	rdapURL       string
	probe         probe.Options
	ownRegistrars []string
	servers       []*http.Server
}

// demoAccount is the provider's account at the simulated authority.
var demoAccount = soap.Account{ProviderID: 1001, User: "demo", Password: "demo-secret"}

// secondAccount is one to try a second channel with; nothing is set up for it.
var secondAccount = soap.Account{ProviderID: 1002, User: "demo2", Password: "demo2-secret"}

// startOutside starts the simulators on free ports of the loopback address.
// Several processes share one authority: all but one name the other's address
// in authority.upload_url and start none.
func startOutside(_ context.Context, cfg config.Config, c clock.Clock, log *slog.Logger) (_ *outside, err error) {
	o := &outside{account: demoAccount, ownRegistrars: []string{registrysim.OwnRegistrarID}}
	defer func() {
		if err != nil {
			err = errors.Join(err, o.close())
		}
	}()
	if o.authorityURL = cfg.Authority.UploadURL; o.authorityURL == "" {
		if err := o.startAuthority(cfg, c, log); err != nil {
			return nil, err
		}
	}
	registry, err := registrysim.NewRegistry(registrysim.Options{Clock: c, Samples: slices.Concat(registrysim.Samples(), demo.Domains())})
	if err != nil {
		return nil, fmt.Errorf("start registry simulator: %w", err)
	}
	rdap, err := o.serve(registry)
	if err != nil {
		return nil, err
	}
	sites, err := o.serve(registry.Sites())
	if err != nil {
		return nil, err
	}
	shut, err := closedPort()
	if err != nil {
		return nil, err
	}
	o.rdapURL = "http://" + rdap
	o.probe = probe.Options{AllowPrivate: true, Resolve: registry.Resolve, HTTPPort: port(sites), HTTPSPort: port(shut), Timeout: 2 * time.Second}
	return o, nil
}

// startAuthority starts the authority simulator of this process.
func (o *outside) startAuthority(cfg config.Config, c clock.Clock, log *slog.Logger) error {
	var err error
	o.authority, err = sim.New(sim.Config{Clock: c, Profile: wire.V30(), Province: 110000, Log: log.With("part", "authority simulator"),
		Accounts: []sim.Account{{ProviderID: demoAccount.ProviderID, User: demoAccount.User, Password: demoAccount.Password, Province: 110000},
			{ProviderID: secondAccount.ProviderID, User: secondAccount.User, Password: secondAccount.Password, Province: 110000}},
		Snapshot: filepath.Join(cfg.Data, "authority-simulator.json")})
	if err != nil {
		return fmt.Errorf("start authority simulator: %w", err)
	}
	if err := seedAuthority(o.authority); err != nil {
		return err
	}
	addr, err := o.serve(o.authority)
	o.authorityURL = "http://" + addr
	return err
}

// beside serves the simulated authority's page and interface beside the
// demo's own pages.
func (o *outside) beside(own http.Handler) http.Handler {
	if o == nil || o.authority == nil {
		return own
	}
	mux := http.NewServeMux()
	mux.Handle("/", own)
	paths := map[string]bool{"/sim/": true}
	for _, e := range wire.V30().Endpoints {
		paths[e.Path] = true
	}
	for path := range paths {
		mux.Handle(path, o.authority)
	}
	return mux
}

// serve starts a server and gives its address.
func (o *outside) serve(h http.Handler) (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("listen for a simulator: %w", err)
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	o.servers = append(o.servers, s)
	go func() { _ = s.Serve(l) }() // ends with close
	return l.Addr().String(), nil
}

// closedPort finds a port on which nobody listens.
func closedPort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a closed port: %w", err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String(), nil
}

func port(addr string) int {
	a, err := netip.ParseAddrPort(addr)
	if err != nil {
		panic("a listener's address is none: " + strconv.Quote(addr))
	}
	return int(a.Port())
}

func (o *outside) close() error {
	var err error
	for _, s := range o.servers {
		err = errors.Join(err, s.Close())
	}
	return err
}

// The subjects that the simulated authority knows: each sample applicant holds
// a filing through another provider, with this filing password. Names and
// numbers are invented.
const (
	demoFilingPassword    = demo.FilingPassword
	unitLicence           = "京ICP备2021000001号"
	individualLicence     = "京ICP备2022000002号"
	unitCertificate       = "91110108MA0YK7W261"
	individualCertificate = "110108199305160025"
)

// seedAuthority adds what is not there yet from an earlier start.
func seedAuthority(s *sim.Server) error {
	known := map[string]bool{}
	for _, subject := range s.Subjects() {
		known[subject.Licence] = true
	}
	for _, subject := range []sim.Subject{
		{Licence: unitLicence, FilingPassword: demoFilingPassword, Name: registrysim.Unit, Nature: 4, Province: 110000, City: 110100, County: 110108,
			CertificateType: 1, CertificateNumber: unitCertificate,
			Websites: []sim.Website{{Licence: unitLicence + "-1", Name: "云杉旧站", Domains: []string{"yunshan-jiuzhan.cn"}, ProviderID: 1}}},
		{Licence: individualLicence, FilingPassword: demoFilingPassword, Name: registrysim.Individual, Nature: 5, Province: 110000, City: 110100, County: 110108,
			CertificateType: 2, CertificateNumber: individualCertificate,
			Websites: []sim.Website{{Licence: individualLicence + "-1", Name: "知夏的旧书架", Domains: []string{"zhixia-jiushujia.cn"}, ProviderID: 1}}},
	} {
		if known[subject.Licence] {
			continue
		}
		if _, err := s.Seed(subject); err != nil {
			return fmt.Errorf("seed authority simulator: %w", err)
		}
	}
	return nil
}
