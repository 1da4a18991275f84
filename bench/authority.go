package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/clock"
)

// The provider's account at the simulated authority, and the filing password
// of all units.
const (
	providerID       = 110999
	providerUser     = "bench"
	providerPassword = "bench-authority"
	filingPassword   = "beian-2026"
)

// authority is the simulator. It runs in this process, so that what it costs
// is not counted as the server's.
type authority struct {
	*sim.Server
	http                           *http.Server
	uploadURL, queryURL, verifyURL string
}

func startAuthority(c clock.Clock) (*authority, error) {
	profile := wire.V30()
	s, err := sim.New(sim.Config{Clock: c, Profile: profile, Province: 110000, QueueLimit: 1 << 20,
		Accounts: []sim.Account{{ProviderID: providerID, User: providerUser, Password: providerPassword, Province: 110000}}})
	if err != nil {
		return nil, fmt.Errorf("make simulator: %w", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the simulator: %w", err)
	}
	base := "http://" + l.Addr().String()
	a := &authority{Server: s, http: &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second},
		uploadURL: base + profile.Endpoints[wire.OpUpload].Path, queryURL: base + profile.Endpoints[wire.OpQueryBeianStatus].Path,
		verifyURL: base + profile.Endpoints[wire.OpVerifyBamm].Path}
	go func() { _ = a.http.Serve(l) }() // ends with close
	return a, nil
}

func (a *authority) close() error { return a.http.Close() }

// file registers a unit's older filing, at another provider.
func (a *authority) file(u unit) error {
	_, err := a.Seed(sim.Subject{Licence: u.licence, FilingPassword: filingPassword, Name: u.name, Nature: 4, Province: 110000, City: 110100, County: 110108,
		CertificateType: 1, CertificateNumber: u.certificate,
		Websites: []sim.Website{{Licence: u.licence + "-1", Name: u.name + "旧站", Domains: []string{"old-" + u.domain}, ProviderID: 1}}})
	return err
}

// decide is the authority's desk: it passes the SMS check of everything that
// came in and approves it, until ctx ends.
func (a *authority) decide(ctx context.Context) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		for _, r := range a.Records() {
			switch r.State {
			case sim.AwaitingSMS:
				if err := a.PassSMS(r.ID); err != nil {
					return fmt.Errorf("pass SMS check: %w", err)
				}
				if err := a.Approve(r.ID); err != nil {
					return fmt.Errorf("approve: %w", err)
				}
			case sim.Failed:
				return fmt.Errorf("the authority refused record %d: %v", r.ID, r.Codes)
			default: // decided already
			}
		}
	}
}

// desk runs decide in the background; stop ends it and gives its error.
func (a *authority) desk(ctx context.Context) (stop func() error) {
	ctx, cancel := context.WithCancel(ctx)
	var err error
	var wg sync.WaitGroup
	wg.Go(func() { err = a.decide(ctx) })
	return func() error {
		cancel()
		wg.Wait()
		return err
	}
}
