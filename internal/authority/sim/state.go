package sim

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

// filing is a filed subject with its websites in the authority's registry.
type filing struct {
	Subject  wire.FiledSubject   `json:"subject"`
	Websites []wire.FiledWebsite `json:"websites"`
	// Gone are the cancelled websites; their licence numbers are not given again.
	Gone        []wire.FiledWebsite `json:"gone,omitempty"`
	Password    string              `json:"password"`
	Cancelled   bool                `json:"cancelled,omitempty"`
	Blacklisted bool                `json:"blacklisted,omitempty"`
	LastSite    int                 `json:"last_site"` // the highest -n given so far
}

// sent is an accepted upload, kept for isp_querypreviousupload.
type sent struct {
	Sequence int64       `json:"sequence"`
	Name     string      `json:"name"`
	Sealed   wire.Sealed `json:"sealed"`
}

// queued is a file that waits for its acknowledgement.
type queued struct {
	Name   string      `json:"name"`
	Sealed wire.Sealed `json:"sealed"`
	Times  int         `json:"times"` // how often it was delivered
}

// channel is what the authority keeps for one provider.
type channel struct {
	Last *sent `json:"last,omitempty"`
	// AskedAgain is the number of an accepted file that the authority claims not
	// to have; until it comes again no other is taken.
	AskedAgain int64           `json:"asked_again,omitempty"`
	Queue      []*queued       `json:"queue"`
	Acked      map[string]bool `json:"acked"`
	Fetched    bool            `json:"fetched"` // something was delivered since the queue was last empty
	// Tasks are the checks that the provider was asked for (HSRW), by the subject's
	// id, and Unfiled the websites that it was told of (WBAWZLB), by domain and
	// address; true once it has answered.
	Tasks   map[int64]bool  `json:"tasks,omitempty"`
	Unfiled map[string]bool `json:"unfiled,omitempty"`
	// Permission is what was set by a knob; nil leaves that of the account.
	Permission *Permission `json:"permission,omitempty"`
}

// last is the number of the newest accepted file, 0 before the first.
func (c *channel) last() int64 {
	if c.Last == nil {
		return 0
	}
	return c.Last.Sequence
}

// state is all that a restart must keep.
type state struct {
	Channels map[int64]*channel     `json:"channels"`
	Records  []*Record              `json:"records"`
	Filings  []*filing              `json:"filings"`
	Attempts map[string][]time.Time `json:"attempts"` // password checks by licence number
	Faults   []Fault                `json:"faults,omitempty"`
	Outcomes []Outcome              `json:"outcomes,omitempty"`
	Black    blacklist              `json:"blacklist"`
	// IPs and Domains are what providers have reported of them.
	IPs     []*ipReport     `json:"ips,omitempty"`
	Domains []*domainReport `json:"domains,omitempty"`
	// Codes are the valid ids of the base-code tables that a knob replaced.
	Codes    map[string][]int64 `json:"codes,omitempty"`
	NextID   int64              `json:"next_id"`
	NextFile int64              `json:"next_file"`
	// Serials are the last licence numbers given, by province and year.
	Serials map[string]int `json:"serials"`
}

func newState() *state {
	return &state{Channels: map[int64]*channel{}, Attempts: map[string][]time.Time{}, Serials: map[string]int{}, Codes: map[string][]int64{}, NextID: 5_000_000}
}

func (st *state) channel(provider int64) *channel {
	c := st.Channels[provider]
	if c == nil {
		c = &channel{Acked: map[string]bool{}}
		st.Channels[provider] = c
	}
	return c
}

func (st *state) newID() int64 {
	st.NextID++
	return st.NextID
}

func loadState(path string) (*state, error) {
	st := newState()
	if path == "" {
		return st, nil
	}
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return st, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read snapshot: %w", err)
	}
	if err := json.Unmarshal(b, st); err != nil {
		return nil, fmt.Errorf("parse snapshot %s: %w", path, err)
	}
	return st, nil
}

// reloaded gives the state as a restart would find it.
func (st *state) reloaded() (*state, error) {
	b, err := json.Marshal(st)
	if err != nil {
		return nil, fmt.Errorf("write json: %w", err)
	}
	again := newState()
	if err := json.Unmarshal(b, again); err != nil {
		return nil, fmt.Errorf("parse snapshot: %w", err)
	}
	return again, nil
}

// save writes the snapshot beside the old one and then renames it, so that a
// crash at any point leaves a whole file.
func (st *state) save(path string) error {
	if path == "" {
		return nil
	}
	b, err := json.Marshal(st)
	if err != nil {
		return fmt.Errorf("write json: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("create snapshot: %w", err)
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write snapshot: %w", err), os.Remove(f.Name()))
	}
	return nil
}
