package authority

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// FileChannel is the channel that the configuration file sets up, which nobody
// changes on the page.
type FileChannel struct {
	ID       string
	Settings ChannelSettings // as they are shown
	Secrets  ChannelSecrets
}

// ChannelsConfig is what the channels of an installation are made of.
type ChannelsConfig struct {
	// Config is what all gateways share; its Channel and Assign are not read.
	Config
	// File is the channel of the configuration file; nil for none.
	File *FileChannel
	// Every is the time between two looks for changed settings (5 s).
	Every time.Duration
	// Look is the time between two looks at what channels have to do (5 s, or
	// less where a channel polls faster).
	Look time.Duration
}

// Channels has a gateway for each channel of the installation: that of the
// configuration file and those that operators added. All nodes follow changes
// without a restart, as they do with editions of rules. Safe for concurrent use.
type Channels struct {
	ChannelsConfig
	mu      sync.RWMutex
	members map[string]*member
	syncing sync.Mutex
}

// member is a channel as this node has it.
type member struct {
	gateway  *Gateway
	settings ChannelSettings
	secrets  ChannelSecrets
	version  store.ChannelVersion // zero for the file's
	file     bool
}

// fixed is a gateway made elsewhere.
func fixed(g *Gateway) *member {
	return &member{gateway: g, file: true, settings: ChannelSettings{Name: g.Channel.Name, ISPID: g.Channel.ProviderID(), Hours: g.Channel.Hours}}
}

// Fixed gives channels out of gateways that were made with [New], as tests
// want them; the first one is the default.
func Fixed(gateways ...*Gateway) *Channels {
	c := &Channels{members: map[string]*member{}}
	for i, g := range gateways {
		m := fixed(g)
		m.settings.Default = i == 0
		c.members[g.Channel.ID] = m
		if i == 0 {
			c.Config = g.Config
		}
	}
	c.defaults()
	return c
}

// OpenChannels makes the gateways of all channels. Errors are icp.Invalid for
// the file's channel, or the store's. Stored settings that do not fit leave
// their channel out, with an error in the log.
func OpenChannels(ctx context.Context, config ChannelsConfig) (*Channels, error) {
	c := &Channels{ChannelsConfig: config, members: map[string]*member{}}
	c.defaults()
	if f := config.File; f != nil {
		m, err := c.member(f.ID, f.Settings, f.Secrets, nil)
		if err != nil {
			return nil, err
		}
		m.file = true
		if err := m.gateway.Start(ctx); err != nil {
			return nil, err
		}
		c.members[f.ID] = m
	}
	return c, c.Sync(ctx)
}

func (c *Channels) defaults() {
	c.Every, c.Node = cmp.Or(c.Every, defaultFollow), cmp.Or(c.Node, rand.Text())
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
}

// defaultFollow is how soon nodes follow when nothing else is said.
const defaultFollow = 5 * time.Second

// tick gives the time between two looks at all channels.
func (c *Channels) tick() time.Duration {
	every := cmp.Or(c.Look, defaultFollow)
	for _, g := range c.All() {
		every = min(every, g.Channel.Poll)
	}
	return every
}

// member makes a gateway of settings. One that takes another's place goes on
// with its runs.
func (c *Channels) member(id string, settings ChannelSettings, secrets ChannelSecrets, before *member) (*member, error) {
	channel, err := settings.channel(id, secrets)
	if err != nil {
		return nil, err
	}
	config := c.Config
	config.Channel, config.Assign = channel, c.assign
	r := &runs{}
	if before != nil {
		r = before.gateway.runs
	}
	g, err := newGateway(config, r)
	if err != nil {
		return nil, err
	}
	return &member{gateway: g, settings: settings, secrets: secrets}, nil
}

// Sync takes up the channels that were added, changed or removed since the last
// look. The error is the store's.
func (c *Channels) Sync(ctx context.Context) error {
	c.syncing.Lock()
	defer c.syncing.Unlock()
	var versions []store.ChannelVersion
	err := c.Store.View(ctx, func(tx *store.Tx) (err error) {
		versions, err = tx.ChannelVersions(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("look for channels: %w", err)
	}
	for _, v := range versions {
		if m := c.find(v.Channel); m != nil && (m.file || m.version == v) {
			continue
		}
		if err := c.take(ctx, v); err != nil && !errors.Is(err, icp.ErrNotFound) {
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, m := range c.members {
		if !m.file && !slices.ContainsFunc(versions, func(v store.ChannelVersion) bool { return v.Channel == id }) {
			delete(c.members, id)
			if c.Metrics != nil {
				c.Metrics.drop(id)
			}
			c.Log.Info("channel removed", "channel", id)
		}
	}
	return nil
}

// take makes the gateway of changed settings. Where they do not fit, the old
// ones stay; that they were checked before they were stored makes it rare.
func (c *Channels) take(ctx context.Context, v store.ChannelVersion) error {
	settings, secrets, stored, err := c.stored(ctx, v.Channel)
	if err != nil {
		return err
	}
	before := c.find(v.Channel)
	m, err := c.member(v.Channel, settings, secrets, before)
	if err == nil {
		m.version = store.ChannelVersion{Channel: stored.Channel, Version: stored.Version, At: stored.UpdatedAt}
		err = m.gateway.Start(ctx)
	}
	if err != nil {
		c.Log.Error("settings of a channel not taken up", "channel", v.Channel, "version", v.Version, "err", err)
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.members[v.Channel] = m
	c.Log.Info("channel taken up", "channel", v.Channel, "version", v.Version)
	return nil
}

// stored reads a channel's settings.
func (c *Channels) stored(ctx context.Context, id string) (settings ChannelSettings, secrets ChannelSecrets, row store.ChannelSettings, err error) {
	err = c.Store.View(ctx, func(tx *store.Tx) (err error) {
		settings, secrets, row, err = storedIn(ctx, tx, id)
		return err
	})
	return settings, secrets, row, err
}

func storedIn(ctx context.Context, tx *store.Tx, id string) (settings ChannelSettings, secrets ChannelSecrets, row store.ChannelSettings, err error) {
	if row, err = tx.ChannelSettings(ctx, id); err != nil {
		return settings, secrets, row, err
	}
	settings = DefaultSettings() // what an older program did not know of
	if err := json.Unmarshal(row.Settings, &settings); err != nil {
		return settings, secrets, row, fmt.Errorf("decode settings of channel %s: %w", id, err)
	}
	if err := json.Unmarshal(row.Secrets, &secrets); err != nil {
		return settings, secrets, row, fmt.Errorf("decode secrets of channel %s: %w", id, err)
	}
	return settings, secrets, row, nil
}

// Follow takes up changes until ctx ends.
func (c *Channels) Follow(ctx context.Context) {
	tick := time.NewTicker(c.Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := c.Sync(ctx); err != nil && ctx.Err() == nil {
			c.Log.Warn("look for changed channels", "err", err)
		}
	}
}

func (c *Channels) find(id string) *member {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.members[id]
}

// Gateway gives the gateway of a channel; nil when there is none. Settings that
// change later make another one: ask each time.
func (c *Channels) Gateway(id string) *Gateway {
	if m := c.find(id); m != nil {
		return m.gateway
	}
	return nil
}

// All gives the gateways of all channels, the default first, then by id.
func (c *Channels) All() []*Gateway {
	var out []*Gateway
	for _, m := range c.sorted() {
		out = append(out, m.gateway)
	}
	return out
}

// sorted lists the channels, the default first. That is the stored one that is
// marked so, else the file's, else the first.
func (c *Channels) sorted() []*member {
	c.mu.RLock()
	defer c.mu.RUnlock()
	rank := func(m *member) int {
		switch {
		case m.settings.Default && !m.file:
			return 0
		case m.settings.Default:
			return 1
		case m.file:
			return 2
		}
		return 3
	}
	out := make([]*member, 0, len(c.members))
	for _, m := range c.members {
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b *member) int {
		return cmp.Or(rank(a)-rank(b), cmp.Compare(a.gateway.Channel.ID, b.gateway.Channel.ID))
	})
	return out
}

// Default gives the gateway of the default channel; nil when there is no channel.
func (c *Channels) Default() *Gateway {
	if all := c.sorted(); len(all) > 0 {
		return all[0].gateway
	}
	return nil
}
