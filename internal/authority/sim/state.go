package sim

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

// RecordState says how far a received record has come.
type RecordState string

// The states of a record.
const (
	Received    RecordState = "received"     // accepted, not yet checked
	Failed      RecordState = "failed"       // the checks found faults; final
	AwaitingSMS RecordState = "awaiting_sms" // the filer has to enter the code
	SMSExpired  RecordState = "sms_expired"  // he did not; final
	InReview    RecordState = "in_review"    // a reviewer has to decide
	Approved    RecordState = "approved"     // final
	Rejected    RecordState = "rejected"     // final
)

func (s RecordState) isOpen() bool { return s == Received || s == AwaitingSMS || s == InReview }

// Record is one request out of an uploaded file.
type Record struct {
	ID         int64       `json:"id"`
	ProviderID int64       `json:"provider_id"`
	Sequence   int64       `json:"sequence"`
	Action     int64       `json:"action"` // wire.Action…
	State      RecordState `json:"state"`
	ReceivedAt time.Time   `json:"received_at"`
	// Since is when the present state began.
	Since       time.Time `json:"since"`
	SMSDeadline time.Time `json:"sms_deadline,omitzero"`
	Codes       []int64   `json:"codes,omitempty"`
	Reason      string    `json:"reason,omitempty"`
	Licences    []string  `json:"licences,omitempty"`
	// AddWebsite is the request; the contents of attachments are left out.
	AddWebsite *wire.AddWebsite `json:"add_website,omitempty"`
}

func (r *Record) moveTo(state RecordState, now time.Time) { r.State, r.Since = state, now }

// filing is a filed subject with its websites in the authority's registry.
type filing struct {
	Subject     wire.FiledSubject   `json:"subject"`
	Websites    []wire.FiledWebsite `json:"websites"`
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
	Last    *sent           `json:"last,omitempty"`
	Queue   []*queued       `json:"queue"`
	Acked   map[string]bool `json:"acked"`
	Fetched bool            `json:"fetched"` // something was delivered since the queue was last empty
}

// state is all that a restart must keep.
type state struct {
	Channels   map[int64]*channel     `json:"channels"`
	Records    []*Record              `json:"records"`
	Filings    []*filing              `json:"filings"`
	Attempts   map[string][]time.Time `json:"attempts"` // password checks by licence
	NextID     int64                  `json:"next_id"`
	NextSerial int64                  `json:"next_serial"`
	NextFile   int64                  `json:"next_file"`
	Faults     []Fault                `json:"faults"`
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
	st := &state{Channels: map[int64]*channel{}, Attempts: map[string][]time.Time{}, NextID: 5_000_000}
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

// index finds things in the state quickly; it is built from the state.
type index struct {
	records  map[int64]*Record
	open     []*Record
	licences map[string]*filing // subject and website licence numbers
	subjects map[int64]*filing
	domains  map[string]*filing // filed domains
	pending  map[string]int64   // domains of open records → record
	websites map[ourWebsite]int64
}

// ourWebsite is a website id as a provider numbers them.
type ourWebsite struct{ provider, id int64 }

func newIndex(st *state) index {
	x := index{records: map[int64]*Record{}, licences: map[string]*filing{}, subjects: map[int64]*filing{}, domains: map[string]*filing{},
		pending: map[string]int64{}, websites: map[ourWebsite]int64{}}
	for _, f := range st.Filings {
		x.addFiling(f)
	}
	for _, r := range st.Records {
		x.addRecord(r)
	}
	return x
}

func (x *index) addFiling(f *filing) {
	x.subjects[f.Subject.AuthorityID] = f
	x.licences[f.Subject.Licence] = f
	for _, w := range f.Websites {
		x.licences[w.Licence] = f
		for _, d := range w.Domains {
			x.domains[strings.ToLower(d.Name)] = f
		}
	}
}

func (x *index) addRecord(r *Record) {
	x.records[r.ID] = r
	if r.State.isOpen() {
		x.open = append(x.open, r)
	}
	if r.State == Failed || r.State == SMSExpired || r.State == Rejected {
		return // these may be sent again
	}
	for _, w := range r.websites() {
		if _, taken := x.websites[ourWebsite{r.ProviderID, w.ID}]; !taken {
			x.websites[ourWebsite{r.ProviderID, w.ID}] = r.ID
		}
		for _, d := range w.Domains {
			if _, taken := x.pending[strings.ToLower(d.Name)]; !taken && r.State.isOpen() {
				x.pending[strings.ToLower(d.Name)] = r.ID
			}
		}
	}
}

// release forgets what a record held once it is decided.
func (x *index) release(r *Record) {
	for _, w := range r.websites() {
		if r.State != Approved && x.websites[ourWebsite{r.ProviderID, w.ID}] == r.ID {
			delete(x.websites, ourWebsite{r.ProviderID, w.ID})
		}
		for _, d := range w.Domains {
			if name := strings.ToLower(d.Name); x.pending[name] == r.ID {
				delete(x.pending, name)
			}
		}
	}
}

// websites are the new websites of a record.
func (r *Record) websites() []wire.Website {
	if r.AddWebsite != nil {
		return r.AddWebsite.Websites
	}
	return nil
}
