package sim

import (
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/openbeian/beian/internal/authority/sim/webservice"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

// Account is a provider that may call.
type Account struct {
	ProviderID int64
	User       string
	Password   wire.Secret
	// Province is the area code of the provider's province, such as 330000;
	// one other than the server's is refused with method code 13.
	Province int64
	// Closed, Hours and Ranges are as in [Permission], until a knob changes them.
	Closed bool
	Hours  string
	Ranges []netip.Prefix
}

// Config sets a simulator up. Zero values are safe; Clock, Profile and Accounts
// are needed.
type Config struct {
	Clock   clock.Clock
	Profile wire.Profile
	// Accounts may call; Province is the server's own.
	Accounts []Account
	Province int64
	// Snapshot is the file that keeps the state over a restart; "" keeps none.
	Snapshot string
	// EncryptDownloads encrypts downloads even where the profile's uploads are not.
	EncryptDownloads bool
	// NoSMS leaves the SMS check out; SMSTerm is its deadline (24 hours).
	NoSMS   bool
	SMSTerm time.Duration
	// AutoSMS and AutoApprove decide by themselves, AutoAfter after the step began.
	AutoSMS, AutoApprove bool
	AutoAfter            time.Duration
	// ProcessAfter is how long an accepted file waits for its checks; as long it
	// counts against QueueLimit (20 files), beyond which uploads get method code 15.
	ProcessAfter time.Duration
	QueueLimit   int
	// VerifyLimit is how often a filing password may be checked for one licence
	// number within an hour (5); more gives method code 22.
	VerifyLimit int
	// IPReports and Ministry are as in [Settings].
	IPReports, Ministry bool
	// Misbehave is the share of calls (0–1) that go wrong at random, drawn from Seed.
	Misbehave float64
	Seed      uint64
	// Tables are the code tables that the checks go by until base codes are sent;
	// nil takes those of the product.
	Tables *refdata.Tables
	// Log gets what went wrong inside the simulator.
	Log *slog.Logger
}

// Server is the simulator. Safe for concurrent use.
type Server struct {
	cfg    Config
	mux    *http.ServeMux
	mu     sync.Mutex // guards all below
	set    Settings
	st     *state
	idx    index
	random *rand.Rand
	calls  []Call
	// downUntil is the end of a simulated restart.
	downUntil time.Time
	own       map[string]map[int64]bool // valid ids of the built-in code tables
	letters   string                    // of the province, for names of files
}

// New makes a simulator and reads its snapshot, where there is one.
func New(cfg Config) (*Server, error) {
	if cfg.Clock == nil || len(cfg.Accounts) == 0 {
		return nil, icp.E(icp.Invalid, "authority.sim_config")
	}
	if err := cfg.Profile.Validate(); err != nil {
		return nil, err
	}
	defaults(&cfg)
	s := &Server{cfg: cfg, set: settingsOf(cfg), own: validIDs(codeTables(cfg.Tables)), random: rand.New(rand.NewPCG(cfg.Seed, 0x5eed))}
	if err := s.set.check(); err != nil {
		return nil, err
	}
	for _, a := range cfg.Accounts {
		if err := a.permission().check(); err != nil {
			return nil, err
		}
	}
	home, ok := cfg.Tables.Province(strconv.FormatInt(cfg.Province, 10))
	if !ok {
		return nil, icp.InvalidField("/province", "authority.sim_config")
	}
	s.letters = lower(home.Letters)
	var err error
	if s.st, err = loadState(cfg.Snapshot); err != nil {
		return nil, err
	}
	if err := s.st.save(cfg.Snapshot); err != nil {
		return nil, err // better now than with the first call
	}
	s.idx = newIndex(s.st)
	s.routes()
	return s, nil
}

func defaults(c *Config) {
	if c.Province == 0 {
		c.Province = c.Accounts[0].Province
	}
	if c.SMSTerm == 0 {
		c.SMSTerm = 24 * time.Hour
	}
	if c.QueueLimit == 0 {
		c.QueueLimit = 20
	}
	if c.VerifyLimit == 0 {
		c.VerifyLimit = 5
	}
	if c.Tables == nil {
		c.Tables = refdata.Builtin()
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
}

// ServeHTTP answers the interface, the page and the knobs.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Paths are those of the interface's services, each with a WSDL at ?wsdl.
func (s *Server) Paths() []string { return webservice.Paths(s.cfg.Profile) }

func (s *Server) routes() {
	s.mux = http.NewServeMux()
	for _, at := range s.Paths() {
		s.mux.HandleFunc("POST "+at, s.serveSOAP)
		s.mux.HandleFunc("GET "+at, func(w http.ResponseWriter, r *http.Request) { webservice.ServeDescription(w, r, s.cfg.Profile) })
	}
	knobs := http.NewServeMux()
	s.routeKnobs(knobs)
	s.routePage(knobs)
	s.mux.Handle("/sim/", http.NewCrossOriginProtection().Handler(knobs))
}

// change runs f under the lock after everything that is due by now, and saves
// the state before anybody is told.
func (s *Server) change(f func(now time.Time) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cfg.Clock.Now()
	s.advance(now)
	err := f(now)
	s.save()
	return err
}

// look runs f under the lock after everything that is due by now; f changes nothing.
func (s *Server) look(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.advance(s.cfg.Clock.Now()) {
		s.save()
	}
	f()
}

func (s *Server) save() {
	if err := s.st.save(s.cfg.Snapshot); err != nil {
		s.cfg.Log.Error("snapshot of the simulator not written", "err", err)
	}
}

// advance does what is due: checks of received files, the end of SMS checks,
// and the automatic steps. It reports whether anything moved.
func (s *Server) advance(now time.Time) (moved bool) {
	open := s.idx.open
	s.idx.open = nil
	for _, r := range open {
		before := r.State
		s.step(r, now)
		moved = moved || r.State != before
		if r.State.isOpen() {
			s.idx.open = append(s.idx.open, r)
		}
	}
	return moved
}

func (s *Server) step(r *Record, now time.Time) {
	if r.State == Received && !now.Before(r.Since.Add(s.set.processAfter())) {
		s.process(r, now)
	}
	if r.State == AwaitingSMS && !now.Before(r.SMSDeadline) {
		s.expireSMS(r, now)
	}
	sms, review := s.decisions(r)
	due := !now.Before(r.Since.Add(s.set.autoAfter()))
	if r.State == AwaitingSMS && due {
		sms(r, now)
		due = s.set.autoAfter() == 0
	}
	if r.State == InReview && due {
		review(r, now)
	}
}

func (s *Server) account(provider int64) *Account {
	for i := range s.cfg.Accounts {
		if s.cfg.Accounts[i].ProviderID == provider {
			return &s.cfg.Accounts[i]
		}
	}
	return nil
}
