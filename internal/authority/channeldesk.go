package authority

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/audit"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// What an operator may do about channels. The caller has checked the actor's
// permission.

// ChannelInfo is a channel as an operator sees it. Of its secrets it tells
// only which are set.
type ChannelInfo struct {
	ID       string
	Settings ChannelSettings
	Secrets  SecretsSet
	// FromFile is true for the channel of the configuration file, whose settings
	// are changed there only.
	FromFile bool
	// Default is true when orders of no channel's region go here.
	Default   bool
	Version   int64 // 0 for the file's
	UpdatedAt time.Time
	UpdatedBy icp.AccountID
	// Used is true once a file was sent or received, or an id given out: such a
	// channel cannot be removed, and its ISPID not be changed.
	Used  bool
	State store.AuthorityChannel
	// Opens is when the permitted hours begin; zero in them.
	Opens time.Time
}

// SecretsSet tells which secrets a channel has.
type SecretsSet struct{ Password, Key, IV bool }

func (s ChannelSecrets) set() SecretsSet {
	return SecretsSet{Password: s.Password != "", Key: s.Key != "", IV: s.IV != ""}
}

// Info reads a channel; icp.NotFound when there is none.
func (c *Channels) Info(ctx context.Context, id string) (info ChannelInfo, err error) {
	err = c.Store.View(ctx, func(tx *store.Tx) (err error) {
		info, err = c.infoIn(ctx, tx, id)
		return err
	})
	return info, err
}

func (c *Channels) infoIn(ctx context.Context, tx *store.Tx, id string) (ChannelInfo, error) {
	info := ChannelInfo{ID: id}
	if m := c.find(id); m != nil && m.file {
		info.Settings, info.Secrets, info.FromFile = m.settings.clone(), m.secrets.set(), true
	} else {
		settings, secrets, row, err := storedIn(ctx, tx, id)
		if err != nil {
			return info, err
		}
		info.Settings, info.Secrets = settings, secrets.set()
		info.Version, info.UpdatedAt, info.UpdatedBy = row.Version, row.UpdatedAt, row.UpdatedBy
	}
	var err error
	if info.State, err = tx.AuthorityChannel(ctx, id); err != nil {
		return info, err
	}
	if info.Used, err = tx.ChannelUsed(ctx, id); err != nil {
		return info, err
	}
	if g := c.Default(); g != nil {
		info.Default = g.Channel.ID == id
	}
	if now := c.Clock.Now(); !info.Settings.Hours.Open(now) {
		info.Opens = info.Settings.Hours.Next(now)
	}
	return info, nil
}

// Create adds a channel. Errors are icp.Invalid with the fields at fault, and
// icp.Conflict when the id is taken.
func (c *Channels) Create(ctx context.Context, by icp.Actor, id string, settings ChannelSettings, secrets ChannelSecrets) (ChannelInfo, error) {
	if !channelID.MatchString(id) || id == reservedID {
		return ChannelInfo{}, icp.InvalidField("/id", "channel.id")
	}
	if c.find(id) != nil {
		return ChannelInfo{}, icp.InvalidField("/id", "channel.id_taken")
	}
	err := c.Store.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.ChannelSettings(ctx, id); !errors.Is(err, icp.ErrNotFound) {
			if err == nil {
				err = icp.InvalidField("/id", "channel.id_taken")
			}
			return err
		}
		if err := c.fit(ctx, tx, id, &settings, secrets); err != nil {
			return err
		}
		if err := tx.EnsureChannel(ctx, id, settings.Name); err != nil {
			return err
		}
		row := store.ChannelSettings{Channel: id}
		if err := c.save(ctx, tx, by, &row, settings, secrets); err != nil {
			return err
		}
		c.auditChange(tx, by, "channel.created", id, ChannelSettings{}, settings, secrets)
		return nil
	})
	return c.saved(ctx, id, err)
}

// Change replaces the settings that were read at a version; of the secrets,
// those that are given. Errors are icp.Invalid with the fields at fault, and
// icp.Conflict with "stale_version" when somebody else was first. The file's
// channel is icp.NotNow.
func (c *Channels) Change(ctx context.Context, by icp.Actor, id string, version int64, settings ChannelSettings, secrets ChannelSecrets) (ChannelInfo, error) {
	if m := c.find(id); m != nil && m.file {
		return ChannelInfo{}, icp.E(icp.NotNow, "channel.from_file")
	}
	err := c.Store.Update(ctx, func(tx *store.Tx) error {
		before, kept, row, err := storedIn(ctx, tx, id)
		if err != nil {
			return err
		}
		if row.Version != version {
			return icp.E(icp.Conflict, "stale_version")
		}
		if err := c.mayChange(ctx, tx, id, &before, &settings, secrets); err != nil {
			return err
		}
		all := secrets.over(kept)
		if err := c.fit(ctx, tx, id, &settings, all); err != nil {
			return err
		}
		if err := c.save(ctx, tx, by, &row, settings, all); err != nil {
			return err
		}
		c.auditChange(tx, by, "channel.changed", id, before, settings, secrets)
		return nil
	})
	return c.saved(ctx, id, err)
}

// mayChange refuses what would turn a channel into another one. A password that
// is kept goes to no other server: whoever changes the address must know it.
func (c *Channels) mayChange(ctx context.Context, tx *store.Tx, id string, before, after *ChannelSettings, given ChannelSecrets) error {
	used, err := tx.ChannelUsed(ctx, id)
	if err != nil {
		return err
	}
	if used && before.ISPID != after.ISPID {
		return icp.InvalidField("/isp_id", "channel.isp_id_used")
	}
	return keptPassword(before, after, given)
}

func keptPassword(before, after *ChannelSettings, given ChannelSecrets) error {
	if before.host() != after.host() && given.Password == "" {
		return icp.InvalidField("/password", "channel.password_again")
	}
	return nil
}

// Remove takes a channel away that was never used. Errors are icp.NotNow for
// one that was and for the file's, and icp.Conflict.
func (c *Channels) Remove(ctx context.Context, by icp.Actor, id string, version int64) error {
	if m := c.find(id); m != nil && m.file {
		return icp.E(icp.NotNow, "channel.from_file")
	}
	err := c.Store.Update(ctx, func(tx *store.Tx) error {
		before, _, _, err := storedIn(ctx, tx, id)
		if err != nil {
			return err
		}
		used, err := tx.ChannelUsed(ctx, id)
		if err != nil {
			return err
		}
		if used {
			return icp.E(icp.NotNow, "channel.used")
		}
		if err := tx.DeleteChannel(ctx, id, version); err != nil {
			return err
		}
		c.auditChange(tx, by, "channel.removed", id, before, ChannelSettings{}, ChannelSecrets{})
		return nil
	})
	if err != nil {
		return err
	}
	return c.Sync(ctx)
}

// saved takes a change up on this node and reads it back.
func (c *Channels) saved(ctx context.Context, id string, err error) (ChannelInfo, error) {
	if err != nil {
		return ChannelInfo{}, err
	}
	if err := c.Sync(ctx); err != nil {
		return ChannelInfo{}, err
	}
	return c.Info(ctx, id)
}

func (c *Channels) save(ctx context.Context, tx *store.Tx, by icp.Actor, row *store.ChannelSettings, settings ChannelSettings, secrets ChannelSecrets) error {
	var err1, err2 error
	row.Settings, err1 = json.Marshal(settings)
	row.Secrets, err2 = json.Marshal(secrets)
	if err := errors.Join(err1, err2); err != nil {
		return fmt.Errorf("encode settings of channel: %w", err)
	}
	row.UpdatedAt, row.UpdatedBy = c.Clock.Now(), by.Account
	return tx.SaveChannelSettings(ctx, row)
}

// fit checks settings by themselves and beside the other channels. A new
// default takes the place of the old one.
func (c *Channels) fit(ctx context.Context, tx *store.Tx, id string, s *ChannelSettings, secrets ChannelSecrets) error {
	s.Name, s.User = strings.TrimSpace(s.Name), strings.TrimSpace(s.User)
	if err := icp.InvalidFields(s.check(secrets, c.Tables)); err != nil {
		return err
	}
	if f := c.File; f != nil {
		if err := beside(s, &f.Settings); err != nil {
			return err
		}
	}
	versions, err := tx.ChannelVersions(ctx)
	if err != nil {
		return err
	}
	for _, v := range versions {
		if v.Channel == id {
			continue
		}
		other, otherSecrets, row, err := storedIn(ctx, tx, v.Channel)
		if err != nil {
			return err
		}
		if err := beside(s, &other); err != nil {
			return err
		}
		if s.Default && other.Default {
			other.Default = false
			if err := c.save(ctx, tx, icp.Actor{Party: icp.System, Account: row.UpdatedBy}, &row, other, otherSecrets); err != nil {
				return err
			}
		}
	}
	return nil
}

// beside refuses two channels that would take each other's numbers or orders.
func beside(s, other *ChannelSettings) error {
	if s.ISPID == other.ISPID && s.host() == other.host() {
		return icp.InvalidField("/isp_id", "channel.account_taken")
	}
	for _, r := range s.Regions {
		if slices.Contains(other.Regions, r) {
			e := icp.InvalidField("/regions", "channel.region_taken")
			e.Fields[0].Params = map[string]string{"region": r, "channel": other.Name}
			return e
		}
	}
	return nil
}

// auditChange records what changed, before and after, and which secrets were
// replaced, never what they are.
func (c *Channels) auditChange(tx *store.Tx, by icp.Actor, action, id string, before, after ChannelSettings, given ChannelSecrets) {
	was, is := map[string]any{}, map[string]any{}
	b, a := fields(before), fields(after)
	for name, value := range a {
		if !reflect.DeepEqual(b[name], value) {
			was[name], is[name] = b[name], value
		}
	}
	set := given.set()
	var replaced []string
	for _, one := range []struct {
		name  string
		given bool
	}{{"password", set.Password}, {"key", set.Key}, {"iv", set.IV}} {
		if one.given {
			replaced = append(replaced, one.name)
		}
	}
	raw, err := json.Marshal(map[string]any{"before": was, "after": is, "secrets_replaced": replaced})
	if err != nil {
		panic("audit detail is not JSON: " + err.Error()) // made of our own plain values
	}
	tx.AppendEvent(audit.Event{At: c.Clock.Now(), Actor: string(by.Account), ActorRole: string(by.Party), Action: action, ObjectKind: "channel", Object: id, Detail: raw})
}

// fields gives settings by their names.
func fields(s ChannelSettings) map[string]any {
	raw, err := json.Marshal(s)
	out := map[string]any{}
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		panic("settings are not JSON: " + err.Error()) // plain values
	}
	return out
}
