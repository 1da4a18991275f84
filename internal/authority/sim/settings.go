package sim

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
)

// Maintenance says which services are switched off.
type Maintenance string

// The values.
const (
	MaintenanceNone     Maintenance = ""
	MaintenanceReport   Maintenance = "report"   // everything but downloads answers 901
	MaintenanceDownload Maintenance = "download" // downloads and acknowledgements answer 902
	MaintenanceAll      Maintenance = "all"
)

// Settings are what can be changed while the simulator runs. A new start takes
// them from its [Config] again.
type Settings struct {
	// Faults is the share of calls (0–1) that go wrong at random.
	Faults      float64     `json:"faults"`
	Maintenance Maintenance `json:"maintenance"`
	// SMS says whether new records wait for the SMS check at all.
	SMS bool `json:"sms"`
	// AutoSMS and AutoApprove decide by themselves, AutoAfterSeconds after the
	// step began.
	AutoSMS          bool    `json:"auto_sms"`
	AutoApprove      bool    `json:"auto_approve"`
	AutoAfterSeconds float64 `json:"auto_after_seconds"`
	// ProcessAfterSeconds is how long an accepted file waits for its checks; as
	// long it counts against QueueLimit (method code 15).
	ProcessAfterSeconds float64 `json:"process_after_seconds"`
	QueueLimit          int     `json:"queue_limit"`
	// VerifyLimit is how often an hour a filing password may be checked (22).
	VerifyLimit int `json:"verify_limit"`
	// IPReports judges the addresses of accesses by what the provider has reported
	// of its addresses: outside of them is data code 1063.
	IPReports bool `json:"ip_reports"`
	// Ministry lets the server take reports of domains, as the ministry's does; a
	// province answers them with data code 3036.
	Ministry bool `json:"ministry"`
}

func settingsOf(c Config) Settings {
	return Settings{Faults: c.Misbehave, SMS: !c.NoSMS, AutoSMS: c.AutoSMS, AutoApprove: c.AutoApprove, AutoAfterSeconds: c.AutoAfter.Seconds(),
		ProcessAfterSeconds: c.ProcessAfter.Seconds(), QueueLimit: c.QueueLimit, VerifyLimit: c.VerifyLimit,
		IPReports: c.IPReports, Ministry: c.Ministry}
}

func (s Settings) autoAfter() time.Duration    { return seconds(s.AutoAfterSeconds) }
func (s Settings) processAfter() time.Duration { return seconds(s.ProcessAfterSeconds) }

func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }

func (s Settings) check() error {
	var faults []icp.FieldError
	need := func(ok bool, pointer string) {
		if !ok {
			faults = append(faults, icp.FieldError{Pointer: pointer, Code: "authority.sim_setting"})
		}
	}
	need(s.Faults >= 0 && s.Faults <= 1, "/faults")
	need(slices.Contains([]Maintenance{MaintenanceNone, MaintenanceReport, MaintenanceDownload, MaintenanceAll}, s.Maintenance), "/maintenance")
	need(s.AutoAfterSeconds >= 0, "/auto_after_seconds")
	need(s.ProcessAfterSeconds >= 0, "/process_after_seconds")
	need(s.QueueLimit > 0, "/queue_limit")
	need(s.VerifyLimit > 0, "/verify_limit")
	return icp.InvalidFields(faults)
}

// Settings gives the present ones.
func (s *Server) Settings() Settings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.set
}

// Set changes settings. The error is icp.Invalid with the fields at fault.
func (s *Server) Set(to Settings) error {
	if err := to.check(); err != nil {
		return err
	}
	return s.change(func(time.Time) error {
		s.set = to
		return nil
	})
}

// Unit is the standing of a provider in the authority's list of reporting units;
// each but the first makes its records fail.
type Unit string

// The values.
const (
	UnitGood      Unit = ""
	UnitDeleted   Unit = "deleted"   // 1053
	UnitInvalid   Unit = "invalid"   // 1054
	UnitElsewhere Unit = "elsewhere" // it belongs to another province: 1045
	UnitNoRight   Unit = "no_right"  // it may not do this business: 5009
)

var unitCodes = map[Unit]int64{UnitGood: 0, UnitDeleted: dataUnitDeleted, UnitInvalid: dataUnitInvalid, UnitElsewhere: dataOwnProvince, UnitNoRight: dataNoRight}

// Permission is what the authority lets a provider do.
type Permission struct {
	// Closed: reporting has not been opened; uploads get method code 19.
	Closed bool `json:"closed"`
	// Hours are when uploads are taken, such as "08:30-17:30" (Beijing time; the
	// second may be the earlier one); outside they get method code 20. "" is always.
	Hours string `json:"hours"`
	Unit  Unit   `json:"unit"`
	// Ranges are the addresses that the provider has reported; an access IP
	// outside gives data code 1063. None means that this is not checked.
	Ranges []netip.Prefix `json:"ranges"`
	// NotOpen are the operations that are not open to the provider, such as
	// ICP/HSJG or YM/XZBA; a file with one gets data code 5011.
	NotOpen []string `json:"not_open,omitempty"`
}

func (p Permission) check() error {
	if _, ok := unitCodes[p.Unit]; !ok {
		return icp.InvalidField("/unit", "authority.sim_setting")
	}
	if slices.ContainsFunc(p.NotOpen, func(path string) bool { return !isOperation(path) }) {
		return icp.InvalidField("/not_open", "authority.sim_setting")
	}
	if _, _, err := p.hours(); err != nil {
		return icp.InvalidField("/hours", "authority.sim_setting")
	}
	return nil
}

// hours gives minutes of the day; both are 0 for always.
func (p Permission) hours() (from, to int, err error) {
	if p.Hours == "" {
		return 0, 0, nil
	}
	var h1, m1, h2, m2 int
	if n, err := fmt.Sscanf(p.Hours, "%2d:%2d-%2d:%2d", &h1, &m1, &h2, &m2); err != nil || n != 4 {
		return 0, 0, icp.ErrInvalid
	}
	if max(h1, h2) > 24 || max(m1, m2) > 59 || min(h1, m1, h2, m2) < 0 {
		return 0, 0, icp.ErrInvalid
	}
	return h1*60 + m1, h2*60 + m2, nil
}

func (p Permission) openAt(now time.Time) bool {
	from, to, err := p.hours()
	if err != nil || from == to {
		return true
	}
	local := now.In(clock.Shanghai)
	at := local.Hour()*60 + local.Minute()
	if from < to {
		return at >= from && at < to
	}
	return at >= from || at < to
}

func (a *Account) permission() Permission {
	return Permission{Closed: a.Closed, Hours: a.Hours, Ranges: a.Ranges}
}

// permission gives what a provider may do now.
func (s *Server) permission(provider int64) Permission {
	if p := s.st.channel(provider).Permission; p != nil {
		return *p
	}
	if a := s.account(provider); a != nil {
		return a.permission()
	}
	return Permission{}
}

// Permit changes what a provider may do. Errors are icp.NotFound and icp.Invalid.
func (s *Server) Permit(provider int64, to Permission) error {
	if s.account(provider) == nil {
		return icp.E(icp.NotFound, "authority.sim_provider")
	}
	if err := to.check(); err != nil {
		return err
	}
	return s.change(func(time.Time) error {
		s.st.channel(provider).Permission = &to
		return nil
	})
}

// Permission gives what a provider may do.
func (s *Server) Permission(provider int64) Permission {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.permission(provider)
}
