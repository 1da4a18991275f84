package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// AuthorityChannel is one account of the provider at one authority, as it
// stands; addresses and passwords are configuration.
type AuthorityChannel struct {
	ID           string
	Name         string
	LastSequence int64 // last accepted dataSequence; see AdvanceSequence
	Paused       bool
	PauseReason  string
	Health       string // code of the last trouble, "" when well
	HealthAt     time.Time
	HealthText   string // the authority's own words on it, where there are some
	PolledAt     time.Time
	Leader       string // the node that serves it; see AcquireLeader
	LeaderUntil  time.Time
	Version      int64
}

// AuthorityObject is one of our integer ids at the authority and what it names.
type AuthorityObject struct {
	ID      int64
	Kind    string // "subject", "website", "domain", "access" or "ip"
	Order   icp.OrderID
	Website icp.WebsiteID // empty for the subject
}

// EnsureChannel adds a channel if there is none; numbers begin at 1.
func (tx *Tx) EnsureChannel(ctx context.Context, id, name string) error {
	return tx.explain("ensure channel", tx.q.EnsureChannel(ctx, id, name))
}

// AuthorityChannel reads a channel; icp.NotFound when there is none.
func (tx *Tx) AuthorityChannel(ctx context.Context, id string) (AuthorityChannel, error) {
	row, err := tx.q.Channel(ctx, id)
	return authorityChannel(&row), tx.explain("read channel", err)
}

// AuthorityChannels lists all channels by id.
func (tx *Tx) AuthorityChannels(ctx context.Context) ([]AuthorityChannel, error) {
	rows, err := tx.q.Channels(ctx)
	out := make([]AuthorityChannel, len(rows))
	for i := range rows {
		out[i] = authorityChannel(&rows[i])
	}
	return out, tx.explain("list channels", err)
}

// SaveAuthorityChannel writes name, pause, health and the time of polling and
// raises Version; icp.Conflict with "stale_version" when they were changed
// since they were read.
func (tx *Tx) SaveAuthorityChannel(ctx context.Context, c *AuthorityChannel) error {
	n, err := tx.q.UpdateChannel(ctx, sqlgen.UpdateChannelParams{Name: c.Name, Paused: c.Paused, PauseReason: c.PauseReason,
		Health: c.Health, HealthText: c.HealthText, HealthAt: micros(c.HealthAt), PolledAt: micros(c.PolledAt), ID: c.ID, Version: c.Version})
	if err := tx.changed("save channel", n, err); err != nil {
		return err
	}
	c.Version++
	return nil
}

// AcquireLeader makes a node the leader of a channel, or keeps it so, until an
// instant; it is false while another node leads, or when there is no such
// channel. Nodes' clocks must agree to well within the lease. That a lease ran out
// and went to another node is counted; see [Pulse].
func (tx *Tx) AcquireLeader(ctx context.Context, channel, node string, until, now time.Time) (bool, error) {
	before, err := tx.q.Channel(ctx, channel)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, tx.explain("read channel", err)
	}
	n, err := tx.q.AcquireLeader(ctx, sqlgen.AcquireLeaderParams{Node: node, Until: micros(until), ID: channel, At: micros(now)})
	if n == 1 && before.Leader != "" && before.Leader != node {
		return true, tx.noteTakeover(ctx, channel, now)
	}
	return n == 1, tx.explain("acquire leadership", err)
}

// ReleaseLeader ends a node's leadership; it is no error when it had none.
func (tx *Tx) ReleaseLeader(ctx context.Context, channel, node string) error {
	return tx.explain("release leadership", tx.q.ReleaseLeader(ctx, channel, node))
}

// AdvanceSequence notes that the file with this number was accepted. Numbers
// have no gaps: icp.Conflict with "stale_version" unless it follows the last one.
func (tx *Tx) AdvanceSequence(ctx context.Context, channel string, sequence int64) error {
	n, err := tx.q.AdvanceSequence(ctx, sequence, channel)
	return tx.changed("advance sequence", n, err)
}

// AllocateObjects gives out the channel's next integer ids, one for each kind,
// in that order. An id is never given twice, and none is lost with a
// transaction that fails.
func (tx *Tx) AllocateObjects(ctx context.Context, channel string, id icp.OrderID, site icp.WebsiteID, kinds []string) ([]AuthorityObject, error) {
	if len(kinds) == 0 {
		return nil, nil
	}
	next, err := tx.q.TakeObjectNumbers(ctx, int64(len(kinds)), channel)
	if err != nil {
		return nil, tx.explain("take object numbers", err)
	}
	out := make([]AuthorityObject, len(kinds))
	for i, kind := range kinds {
		out[i] = AuthorityObject{ID: next - int64(len(kinds)) + int64(i), Kind: kind, Order: id, Website: site}
		err := tx.q.InsertObject(ctx, sqlgen.InsertObjectParams{ChannelID: channel, ID: out[i].ID, Kind: kind,
			OrderID: string(id), WebsiteID: string(site)})
		if err != nil {
			return nil, tx.explain("insert object", err)
		}
	}
	return out, nil
}

// AuthorityObject tells what an integer id names; icp.NotFound when nothing.
func (tx *Tx) AuthorityObject(ctx context.Context, channel string, id int64) (AuthorityObject, error) {
	row, err := tx.q.Object(ctx, channel, id)
	return authorityObject(&row), tx.explain("read object", err)
}

// AuthorityObjectsOf lists the integer ids of an order.
func (tx *Tx) AuthorityObjectsOf(ctx context.Context, id icp.OrderID) ([]AuthorityObject, error) {
	rows, err := tx.q.ObjectsOf(ctx, string(id))
	out := make([]AuthorityObject, len(rows))
	for i := range rows {
		out[i] = authorityObject(&rows[i])
	}
	return out, tx.explain("list objects", err)
}

func authorityObject(r *sqlgen.AuthorityObject) AuthorityObject {
	return AuthorityObject{ID: r.ID, Kind: r.Kind, Order: icp.OrderID(r.OrderID), Website: icp.WebsiteID(r.WebsiteID)}
}

func authorityChannel(r *sqlgen.AuthorityChannel) AuthorityChannel {
	return AuthorityChannel{ID: r.ID, Name: r.Name, LastSequence: r.LastSequence, Paused: r.Paused, PauseReason: r.PauseReason,
		Health: r.Health, HealthText: r.HealthText, HealthAt: instant(r.HealthAt), PolledAt: instant(r.PolledAt), Leader: r.Leader,
		LeaderUntil: instant(r.LeaderUntil), Version: r.Version}
}
