package casework

import (
	"context"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// channelsKey is where the switches are kept among the settings.
const channelsKey = "channels"

// ChannelSwitch says whether new orders can be made by a channel. Everything
// else goes on when it is closed.
type ChannelSwitch struct {
	Channel icp.Channel `json:"channel" enum:"web,mobile,api"`
	Open    bool        `json:"open"`
	// NoticeZH and NoticeEN tell applicants why it is closed; Link is where to
	// go instead.
	NoticeZH string `json:"notice_zh,omitempty" maxLength:"2000" example:"系统升级，请改用电脑网页办理"`
	NoticeEN string `json:"notice_en,omitempty" maxLength:"2000" example:"Being improved; please use the web pages"`
	Link     string `json:"link,omitempty" maxLength:"2000" example:"https://www.example.com/notice"`
}

// Channels gives the switches of all channels with the version to change them
// under. A channel that was never switched is open.
func (c *Cases) Channels(ctx context.Context) ([]ChannelSwitch, int64, error) {
	var out []ChannelSwitch
	var version int64
	err := c.Store.View(ctx, func(tx *store.Tx) (err error) {
		out, version, err = channels(ctx, tx)
		return err
	})
	return out, version, err
}

func channels(ctx context.Context, tx *store.Tx) ([]ChannelSwitch, int64, error) {
	saved := map[icp.Channel]ChannelSwitch{}
	_, version, err := tx.Setting(ctx, channelsKey, &saved)
	if err != nil {
		return nil, 0, err
	}
	var out []ChannelSwitch
	for _, ch := range icp.Channels() {
		s, ok := saved[ch]
		if !ok {
			s = ChannelSwitch{Channel: ch, Open: true}
		}
		out = append(out, s)
	}
	return out, version, nil
}

// ChannelOpen reports whether new orders can be made by a channel.
func (c *Cases) ChannelOpen(ctx context.Context, tx *store.Tx, channel icp.Channel) (bool, error) {
	all, _, err := channels(ctx, tx)
	if err != nil {
		return false, err
	}
	for _, s := range all {
		if s.Channel == channel {
			return s.Open, nil
		}
	}
	return false, nil
}

// SwitchChannel opens or closes a channel; a closed one needs a notice.
func (c *Cases) SwitchChannel(ctx context.Context, actor icp.Actor, version int64, in ChannelSwitch) error {
	if !in.Open && in.NoticeZH == "" {
		return icp.InvalidField("/notice_zh", "channel.notice_missing")
	}
	return c.Store.Update(ctx, func(tx *store.Tx) error {
		all, now, err := channels(ctx, tx)
		if err != nil {
			return err
		}
		if now != version {
			return icp.E(icp.Conflict, "stale_version")
		}
		saved, known := map[icp.Channel]ChannelSwitch{}, false
		for _, s := range all {
			if s.Channel == in.Channel {
				s, known = in, true
			}
			saved[s.Channel] = s
		}
		if !known {
			return icp.ErrNotFound
		}
		at := c.Clock.Now()
		if err := tx.SaveSetting(ctx, channelsKey, saved, actor.Account, version, at); err != nil {
			return err
		}
		tx.AppendEvent(auditEvent(actor, "channel.switched", "channel", string(in.Channel), map[string]any{"open": in.Open}, at))
		return nil
	})
}
