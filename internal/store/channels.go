package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// ChannelSettings are the settings of a channel that an operator added. What
// they hold is for package authority to know; here the secrets are told from
// the rest, because they lie sealed under a data key of their own.
type ChannelSettings struct {
	Channel   string
	Version   int64
	Settings  json.RawMessage // without secrets
	Secrets   json.RawMessage
	UpdatedAt time.Time
	UpdatedBy icp.AccountID
}

// ChannelVersion tells whether settings are still those that were read.
type ChannelVersion struct {
	Channel string
	Version int64
	At      time.Time // tells a channel from one of its id that was removed
}

// channelSecrets is the place of secrets, for their sealing.
const channelSecrets = "channel_settings.sealed"

// ChannelVersions lists the channels that have stored settings, by id.
func (tx *Tx) ChannelVersions(ctx context.Context) ([]ChannelVersion, error) {
	rows, err := tx.q.ChannelSettingsVersions(ctx)
	out := make([]ChannelVersion, len(rows))
	for i, r := range rows {
		out[i] = ChannelVersion{Channel: r.ChannelID, Version: r.Version, At: instant(r.UpdatedAt)}
	}
	return out, tx.explain("list channel settings", err)
}

// ChannelSettings reads a channel's settings; icp.NotFound when none are stored.
func (tx *Tx) ChannelSettings(ctx context.Context, channel string) (ChannelSettings, error) {
	row, err := tx.q.ChannelSettings(ctx, channel)
	if err != nil {
		return ChannelSettings{}, tx.explain("read channel settings", err)
	}
	key, err := tx.store.box.Unwrap(row.WrappedKey)
	if err != nil {
		return ChannelSettings{}, fmt.Errorf("open key of channel %s: %w", channel, err)
	}
	c := ChannelSettings{Channel: row.ChannelID, Version: row.Version, Settings: json.RawMessage(row.Settings),
		UpdatedAt: instant(row.UpdatedAt), UpdatedBy: icp.AccountID(row.UpdatedBy)}
	return c, openJSON(key, channelSecrets, channel, row.Sealed, &c.Secrets)
}

// SaveChannelSettings writes settings under a new data key and raises Version,
// which is the one that was read, 0 for a channel that is new. icp.Conflict with
// "stale_version" when somebody else was first. The channel's row must be there;
// see EnsureChannel.
func (tx *Tx) SaveChannelSettings(ctx context.Context, c *ChannelSettings) error {
	key, wrapped, err := tx.store.box.NewKey()
	if err != nil {
		return err
	}
	sealed, err := sealJSON(key, channelSecrets, c.Channel, c.Secrets)
	if err != nil {
		return err
	}
	var n int64
	if c.Version == 0 {
		n, err = tx.q.InsertChannelSettings(ctx, sqlgen.InsertChannelSettingsParams{ChannelID: c.Channel, Settings: string(c.Settings),
			WrappedKey: wrapped, Sealed: sealed, UpdatedAt: micros(c.UpdatedAt), UpdatedBy: string(c.UpdatedBy)})
	} else {
		n, err = tx.q.UpdateChannelSettings(ctx, sqlgen.UpdateChannelSettingsParams{Settings: string(c.Settings), WrappedKey: wrapped,
			Sealed: sealed, UpdatedAt: micros(c.UpdatedAt), UpdatedBy: string(c.UpdatedBy), ChannelID: c.Channel, FromVersion: c.Version})
	}
	if err := tx.changed("save channel settings", n, err); err != nil {
		return err
	}
	c.Version++
	return nil
}

// ChannelUsed reports whether a channel ever sent or received a file or gave
// out an id; icp.NotFound when there is no such channel.
func (tx *Tx) ChannelUsed(ctx context.Context, channel string) (bool, error) {
	used, err := tx.q.ChannelUsed(ctx, channel)
	return used.Bool, tx.explain("read use of channel", err)
}

// DeleteChannel removes a channel that was never used, with its settings; what
// is ready for it has no channel afterwards. icp.Conflict with "stale_version"
// when its settings were changed since they were read, or it was used.
func (tx *Tx) DeleteChannel(ctx context.Context, channel string, version int64) error {
	n, err := tx.q.DeleteChannelSettings(ctx, channel, version)
	if err := tx.changed("delete channel settings", n, err); err != nil {
		return err
	}
	if _, err := tx.q.ReleaseReadyOrders(ctx, channel); err != nil {
		return tx.explain("release orders of channel", err)
	}
	n, err = tx.q.DeleteUnusedChannel(ctx, channel)
	return tx.changed("delete channel", n, err)
}

// AssignOrder says which channel reports an order.
func (tx *Tx) AssignOrder(ctx context.Context, id icp.OrderID, channel string) error {
	return tx.explain("assign order to channel", tx.q.AssignOrder(ctx, channel, string(id)))
}

// CountReady counts the orders that wait for each channel's next file; "" is
// for those without a channel yet.
func (tx *Tx) CountReady(ctx context.Context) (map[string]int, error) {
	rows, err := tx.q.CountReady(ctx)
	out := make(map[string]int, len(rows))
	for _, r := range rows {
		out[r.AuthorityChannel] = int(r.Orders)
	}
	return out, tx.explain("count ready orders", err)
}

// ChannelHasWork reports whether a channel has a file that is not settled, an
// answer that waits, or orders wait for it or for any channel.
func (tx *Tx) ChannelHasWork(ctx context.Context, channel string) (bool, error) {
	work, err := tx.q.ChannelHasWork(ctx, channel)
	return work.Bool, tx.explain("look for work of channel", err)
}

// ChannelReady counts the orders that wait for a channel's next file and tells
// since when the longest does.
func (tx *Tx) ChannelReady(ctx context.Context, channel string) (orders int, oldest time.Time, err error) {
	row, err := tx.q.ChannelReady(ctx, channel)
	return int(row.Orders), instant(row.Oldest), tx.explain("count ready orders of channel", err)
}

// ReadyPictures sums the sizes in bytes of the pictures of each order that is
// ready for a channel, no picture counting for more than most. Orders without
// pictures are left out.
func (tx *Tx) ReadyPictures(ctx context.Context, channel string, most int64) (map[icp.OrderID]int64, error) {
	rows, err := tx.q.ReadyPictures(ctx, most, channel)
	out := make(map[icp.OrderID]int64, len(rows))
	for _, r := range rows {
		out[icp.OrderID(r.OrderID)] = r.Bytes
	}
	return out, tx.explain("sum sizes of ready orders", err)
}

// ExpiredUploads lists up to limit settled files, the oldest first, whose bytes
// are kept and which nothing happened to since before.
func (tx *Tx) ExpiredUploads(ctx context.Context, channel string, before time.Time, limit int) ([]Upload, error) {
	rows, err := tx.q.ExpiredUploads(ctx, channel, micros(before), int32(clamp(limit))) //nolint:gosec // at most MaxPage
	out := make([]Upload, len(rows))
	for i := range rows {
		out[i] = upload(&rows[i])
	}
	return out, tx.explain("list expired uploads", err)
}

// ExpiredDownloads is ExpiredUploads for files that were applied and
// acknowledged, or discarded.
func (tx *Tx) ExpiredDownloads(ctx context.Context, channel string, before time.Time, limit int) ([]Download, error) {
	rows, err := tx.q.ExpiredDownloads(ctx, channel, micros(before), int32(clamp(limit))) //nolint:gosec // at most MaxPage
	out := make([]Download, len(rows))
	for i := range rows {
		out[i] = download(&rows[i])
	}
	return out, tx.explain("list expired downloads", err)
}

// MarkUploadDeleted notes when the bytes of a file were deleted.
func (tx *Tx) MarkUploadDeleted(ctx context.Context, id string, at time.Time) error {
	return tx.explain("mark upload deleted", tx.q.MarkUploadDeleted(ctx, micros(at), id))
}

// MarkDownloadDeleted notes when the bytes of a file were deleted.
func (tx *Tx) MarkDownloadDeleted(ctx context.Context, id string, at time.Time) error {
	return tx.explain("mark download deleted", tx.q.MarkDownloadDeleted(ctx, micros(at), id))
}
