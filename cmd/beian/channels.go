package main

import (
	"context"
	"fmt"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/blob"
	"github.com/openbeian/beian/internal/config"
)

// fileChannel is the id of the channel of the settings file.
const fileChannel = "main"

// authority sets up the channels: that of the settings, unless it is off, and
// those that operators added.
func (a *app) authority(ctx context.Context, blobs blob.Store) (err error) {
	c := authority.ChannelsConfig{Config: authority.Config{Store: a.store, Blobs: blobs, Clock: a.clock, Tables: a.tables, Cases: told{a.cases},
		BaseCodes: baseCodes{a.book}, Notices: notes{a.notify}, Node: a.node(), Metrics: authority.NewMetrics(), Log: a.log.With("part", "gateway")}}
	if a.cfg.Authority.Status != config.AuthorityOff {
		c.File = a.fileChannel()
	}
	if a.channels, err = authority.OpenChannels(ctx, c); err != nil {
		return fmt.Errorf("set up the authority's channels: %w", err)
	}
	a.cases.Authority = asks{a.channels}
	return nil
}

// node names this process to the others on its database. SQLite serves one process
// at a time, so that a new one goes on at once where a dead one led; on
// PostgreSQL it has to wait until the lease has run out.
func (a *app) node() string {
	if a.cfg.Postgres() {
		return "" // the channels make one up
	}
	return "alone"
}

// fileChannel gives the settings file's channel; in the demo its account is that
// at the simulator.
func (a *app) fileChannel() *authority.FileChannel {
	c, s := a.cfg.Authority, authority.DefaultSettings()
	s.Name, s.Province, s.Default = a.cfg.Provider.NameZH, c.Province, true
	s.UploadURL, s.QueryURL, s.VerifyURL = c.UploadURL, c.QueryURL, c.VerifyURL
	s.ISPID, s.User = int64(c.ISPID), c.User
	s.PollSeconds, s.TimeoutSeconds, s.MaxAgeSeconds = int(c.PollInterval.Seconds()), int(c.RequestTimeout.Seconds()), int(c.BatchAge.Seconds())
	s.KeepDays = c.KeepDays
	for _, w := range c.Windows() {
		s.Hours = append(s.Hours, authority.Window(w))
	}
	secrets := authority.ChannelSecrets{Password: wire.Secret(c.Password.Reveal()), Key: wire.Secret(c.Key.Reveal()), IV: wire.Secret(c.IV.Reveal())}
	s.Profile.Encrypt = c.Key.IsSet()
	if a.outside != nil && c.Status == config.AuthoritySimulator {
		s.UploadURL, s.QueryURL, s.VerifyURL = a.outside.authorityURL, "", ""
		s.ISPID, s.User, secrets = a.outside.account.ProviderID, a.outside.account.User, authority.ChannelSecrets{Password: a.outside.account.Password}
		s.Profile.Encrypt = false
		for _, t := range a.tables.CertificateTypes() { // the simulator can be asked about every type of certificate
			s.Profile.QueryKinds = append(s.Profile.QueryKinds, authority.QueryKindOf{CertificateType: t.ID, Kind: t.ID})
		}
	}
	return &authority.FileChannel{ID: fileChannel, Settings: s, Secrets: secrets}
}
