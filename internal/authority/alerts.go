package authority

import (
	"strconv"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/store"
)

// AlertCode names something that needs a person. Each has a section in
// docs/runbooks/authority.md under this name, and texts in the catalogue.
type AlertCode string

// The alerts.
const (
	AlertPaused        AlertCode = "paused"            // by a person
	AlertConfiguration AlertCode = "configuration"     // the authority refuses account or envelope
	AlertConflict      AlertCode = "sequence_conflict" // see [ReasonConflict]
	AlertGap           AlertCode = "sequence_gap"      // see [ReasonGap]
	AlertParked        AlertCode = "parked_file"       // a download waits for a decision
	AlertQueue         AlertCode = "queue_old"         // an order waits too long to be sent
	AlertUnsettled     AlertCode = "upload_unsettled"  // a file has no settled answer for long
	AlertPolls         AlertCode = "polls_stale"       // the authority was not asked for long
	AlertLease         AlertCode = "lease_flapping"    // nodes take the channel from each other
	AlertUpload        AlertCode = "upload_trouble"    // sending fails
	AlertDownload      AlertCode = "download_trouble"  // fetching fails
	AlertCalls         AlertCode = "calls_failing"     // for the rules only: many calls fail
	AlertLog           AlertCode = "call_log_failing"  // for the rules only: calls are not logged
)

// When waiting becomes an alert; docs/runbooks/alerts.yaml says the same.
const (
	QueueAge     = 30 * time.Minute
	UnsettledAge = 15 * time.Minute
	TroubleAge   = 10 * time.Minute
	StalePolls   = 15 * time.Minute
	FlapWindow   = time.Hour
)

// Alert is something that needs a person.
type Alert struct {
	Code  AlertCode
	Since time.Time
	// Params are what the text of the alert has in it.
	Params map[string]string
	// Trouble is a code of health or of a reply, such as "method_code_5"; "" for none.
	Trouble string
	// Upload and Download are ids of the files it is about; empty for none.
	Upload    string
	Downloads []store.Download
}

// Alerts tells what needs a person now, the gravest first.
func (o *Overview) Alerts(now time.Time) []Alert {
	var out []Alert
	add := func(when bool, a Alert) {
		if when {
			out = append(out, a)
		}
	}
	c, unsettled := &o.Channel, ""
	if o.Unsettled != nil {
		unsettled = o.Unsettled.ID
	}
	add(o.Cause() == PausedByConflict, Alert{Code: AlertConflict, Since: c.HealthAt, Upload: unsettled})
	add(o.Cause() == PausedByGap, Alert{Code: AlertGap, Since: c.HealthAt, Upload: unsettled})
	add(o.Cause() == PausedByConfiguration, Alert{Code: AlertConfiguration, Since: c.HealthAt, Trouble: c.PauseReason})
	add(o.Cause() == PausedByPerson, Alert{Code: AlertPaused, Since: c.HealthAt, Params: map[string]string{"reason": c.PauseReason}})
	if n := countOf(o.Downloads, string(store.DownloadParked)); n > 0 {
		a := Alert{Code: AlertParked, Params: countParam(n), Downloads: o.Parked}
		if len(o.Parked) > 0 {
			a.Since = o.Parked[0].ReceivedAt
		}
		out = append(out, a)
	}
	// What a pause explains is no alert of its own.
	add(!c.Paused && longAgo(o.UnsettledSince(), now, UnsettledAge), Alert{Code: AlertUnsettled, Since: o.UnsettledSince(), Upload: unsettled})
	add(!c.Paused && longAgo(o.Ready.Oldest, now, QueueAge), Alert{Code: AlertQueue, Since: o.Ready.Oldest, Params: countParam(o.Ready.Count)})
	add(!silent(c) && longAgo(c.PolledAt, now, max(StalePolls, 3*o.Poll)), Alert{Code: AlertPolls, Since: c.PolledAt})
	if !c.Paused && longAgo(c.HealthAt, now, TroubleAge) {
		side, trouble, _ := strings.Cut(c.Health, ".")
		add(side == sideUpload, Alert{Code: AlertUpload, Since: c.HealthAt, Trouble: trouble})
		add(side == sideDownload, Alert{Code: AlertDownload, Since: c.HealthAt, Trouble: trouble})
	}
	p := &o.Pulse
	add(!p.TakenOverBefore.IsZero() && now.Sub(p.TakenOverAt) < FlapWindow && p.TakenOverAt.Sub(p.TakenOverBefore) < FlapWindow,
		Alert{Code: AlertLease, Since: p.TakenOverBefore})
	return out
}

// longAgo reports whether an instant is longer ago than a time allows; no instant
// never is.
func longAgo(at, now time.Time, allowed time.Duration) bool {
	return !at.IsZero() && now.Sub(at) > allowed
}

func countParam(n int64) map[string]string {
	return map[string]string{"count": strconv.FormatInt(n, 10)}
}
