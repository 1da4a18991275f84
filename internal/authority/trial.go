package authority

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/openbeian/beian/internal/audit"
	"github.com/openbeian/beian/internal/authority/soap"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// Trial is what a test of a channel found, one address after the other. It
// holds nothing that a server said but numbers of the interface, so that it
// cannot be used to read what stands behind an address.
type Trial struct {
	Steps []TrialStep
	// Sequence compares the last number; nil when the authority did not tell.
	Sequence *SequenceTrial
}

// OK reports whether everything answered as it should and the numbers agree.
func (t *Trial) OK() bool {
	for _, s := range t.Steps {
		if s.Outcome != TrialOK {
			return false
		}
	}
	return t.Sequence != nil && (t.Sequence.Verdict == SequenceSame || t.Sequence.Verdict == SequenceAdopted)
}

// TrialStep is what became of one address.
type TrialStep struct {
	Address   string         // "upload", "query" or "verify"
	Operation wire.Operation // what was asked; "" where only the address was looked at
	Outcome   TrialOutcome
	Status    int   // of HTTP, 0 without
	Code      int64 // msg_code, -1 without
	Took      time.Duration
}

// Meaning gives what to do about the step's code and what it means in Chinese
// and English; nothing without a code.
func (s *TrialStep) Meaning() (class, zh, en string) {
	if s.Code < 0 {
		return "", "", ""
	}
	c := wire.MethodCodeOf(s.Code)
	return string(c.Class), c.ZH, c.EN
}

// TrialOutcome is how far a call came.
type TrialOutcome string

// The outcomes, from the first that can go wrong to the last.
const (
	TrialForbidden    TrialOutcome = "forbidden"     // an address that no authority has
	TrialNotResolved  TrialOutcome = "not_resolved"  // the name is not known
	TrialNotConnected TrialOutcome = "not_connected" // nobody listens, or a firewall refuses
	TrialTLS          TrialOutcome = "tls"           // no encryption could be agreed
	TrialTimedOut     TrialOutcome = "timed_out"
	TrialStatus       TrialOutcome = "http_status" // another status than 200
	TrialFault        TrialOutcome = "soap_fault"
	TrialUnreadable   TrialOutcome = "unreadable" // no reply of the interface
	TrialCode         TrialOutcome = "code"       // the authority refused, with a code
	TrialOK           TrialOutcome = "ok"
)

// SequenceTrial compares the last accepted number at the authority with ours.
type SequenceTrial struct {
	Theirs, Ours int64
	Verdict      SequenceVerdict
}

// SequenceVerdict says what a comparison of numbers means.
type SequenceVerdict string

// The verdicts.
const (
	SequenceSame    SequenceVerdict = "same"
	SequenceAdopted SequenceVerdict = "adopted" // we begin after theirs
	SequenceAhead   SequenceVerdict = "ahead"   // theirs is higher: somebody else sends
	SequenceBehind  SequenceVerdict = "behind"  // theirs is lower
)

// Limits of tests.
const (
	trialTimeout = 15 * time.Second
	trialWindow  = 10 * time.Minute
	trialsIn     = 30 // of one operator in the window
	trialDomain  = "example.cn"
)

// Test asks the authority two questions that change nothing, with the settings
// of a channel or, where values are given, with those that are not yet saved;
// of the secrets, those that are not given are the saved ones. Errors are
// icp.Invalid with the fields at fault, icp.Limited, and icp.NotNow for values
// of the file's channel.
func (c *Channels) Test(ctx context.Context, by icp.Actor, id string, values *ChannelSettings, given ChannelSecrets) (Trial, error) {
	settings, secrets, ours, err := c.toTest(ctx, by, id, values, given)
	if err != nil {
		return Trial{}, err
	}
	if err := icp.InvalidFields(settings.checkConnection(secrets)); err != nil {
		return Trial{}, err
	}
	client, err := settings.client(secrets)
	if err != nil {
		return Trial{}, err
	}
	trial := (&trier{client: client, clock: c.Clock}).try(ctx, ours)
	outcomes := map[string]any{"server": settings.host(), "saved": values == nil}
	for _, s := range trial.Steps {
		outcomes[s.Address] = s.Outcome
	}
	detail, err := json.Marshal(outcomes)
	if err != nil {
		return Trial{}, fmt.Errorf("encode outcomes: %w", err)
	}
	return trial, c.Store.Update(ctx, func(tx *store.Tx) error {
		tx.AppendEvent(audit.Event{At: c.Clock.Now(), Actor: string(by.Account), ActorRole: string(by.Party), Action: "channel.tested", ObjectKind: "channel",
			Object: id, Detail: detail})
		return nil
	})
}

// toTest finds what to test with, and our last number.
func (c *Channels) toTest(ctx context.Context, by icp.Actor, id string, values *ChannelSettings, given ChannelSecrets) (s ChannelSettings, x ChannelSecrets, ours int64, err error) {
	err = c.Store.Update(ctx, func(tx *store.Tx) error {
		hits, err := tx.Hit(ctx, "channel_test:"+string(by.Account), trialWindow, c.Clock.Now())
		if err != nil {
			return err
		}
		if hits > trialsIn {
			e := *icp.E(icp.Limited, "channel.tests")
			e.RetryAfter = trialWindow
			return &e
		}
		return nil
	})
	if err != nil {
		return s, x, 0, err
	}
	err = c.Store.View(ctx, func(tx *store.Tx) error {
		if m := c.find(id); m != nil && m.file {
			s, x = m.settings, m.secrets
			if values != nil {
				return icp.E(icp.NotNow, "channel.from_file")
			}
		} else if s, x, _, err = storedIn(ctx, tx, id); err != nil {
			if values == nil || !errors.Is(err, icp.ErrNotFound) {
				return err
			}
			s, x = *values, ChannelSecrets{}
		}
		if values != nil {
			if err := keptPassword(&s, values, given); err != nil {
				return err
			}
			s, x = *values, given.over(x)
		}
		row, err := tx.AuthorityChannel(ctx, id)
		if errors.Is(err, icp.ErrNotFound) {
			return nil
		}
		ours = row.LastSequence
		return err
	})
	return s, x, ours, err
}

// trier runs the steps of a test.
type trier struct {
	client *soap.Client
	clock  clock.Clock
}

func (t *trier) try(ctx context.Context, ours int64) Trial {
	client := t.client
	client.HTTP.Timeout = min(client.HTTP.Timeout, trialTimeout)
	if own, ok := client.HTTP.Transport.(*http.Transport); ok {
		own.DialContext = (&net.Dialer{Timeout: trialTimeout, Control: allowed}).DialContext
	}
	var out Trial
	begun := t.clock.Now()
	reply, err := client.QueryPreviousUpload(ctx)
	out.Steps = append(out.Steps, t.step("upload", wire.OpQueryPreviousUpload, reply.Code, err, begun))
	if err == nil && out.Steps[0].Outcome == TrialOK {
		theirs := int64(0)
		if reply.File != nil {
			theirs = reply.File.Sequence
		}
		out.Sequence = &SequenceTrial{Theirs: theirs, Ours: ours, Verdict: numbersSay(theirs, ours)}
	}
	begun = t.clock.Now()
	status, err := client.QueryBeianStatus(ctx, wire.QueryDomain, trialDomain)
	out.Steps = append(out.Steps, t.step("query", wire.OpQueryBeianStatus, status.Code, err, begun))
	out.Steps = append(out.Steps, t.look(ctx))
	return out
}

func numbersSay(theirs, ours int64) SequenceVerdict {
	switch {
	case theirs == ours:
		return SequenceSame
	case ours == 0:
		return SequenceAdopted
	case theirs > ours:
		return SequenceAhead
	}
	return SequenceBehind
}

// look fetches the description at the address of the password check, which
// itself is not called: the authority counts its attempts.
func (t *trier) look(ctx context.Context) TrialStep {
	client := t.client
	begun := t.clock.Now()
	address := client.Base.JoinPath(client.Profile.Endpoints[wire.OpVerifyBamm].Path)
	address.RawQuery = "wsdl"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), http.NoBody)
	if err != nil {
		return t.step("verify", "", -1, err, begun)
	}
	res, err := client.HTTP.Do(req)
	if err != nil {
		return t.step("verify", "", -1, err, begun)
	}
	err = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		err = &soap.StatusError{Status: res.StatusCode}
	}
	s := t.step("verify", "", -1, err, begun)
	s.Status = res.StatusCode
	return s
}

// errForbidden refuses a connection.
var errForbidden = errors.New("address is not one of a server")

// allowed keeps tests from addresses at which no authority can be but a cloud
// has its own services: link-local, multicast, unspecified.
func allowed(_, address string, _ syscall.RawConn) error {
	host, _, err := net.SplitHostPort(address)
	ip := net.ParseIP(host)
	if err != nil || ip == nil || ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() {
		return errForbidden
	}
	return nil
}

// step classifies what a call came to.
func (t *trier) step(address string, op wire.Operation, code int64, err error, begun time.Time) TrialStep {
	s := TrialStep{Address: address, Operation: op, Code: -1, Took: t.clock.Now().Sub(begun)}
	var status *soap.StatusError
	if errors.As(err, &status) {
		s.Status = status.Status
	}
	if s.Outcome = outcome(err); s.Outcome != TrialOK || op == "" {
		return s
	}
	s.Status, s.Code = http.StatusOK, code
	if code != 0 {
		s.Outcome = TrialCode
	}
	return s
}

func outcome(err error) TrialOutcome {
	var (
		status  *soap.StatusError
		fault   *soap.FaultError
		unknown *net.DNSError
		dial    *net.OpError
		slow    net.Error
	)
	switch {
	case err == nil:
		return TrialOK
	case errors.Is(err, errForbidden):
		return TrialForbidden
	case errors.As(err, &fault):
		return TrialFault
	case errors.As(err, &status):
		return TrialStatus
	case errors.As(err, &unknown):
		return TrialNotResolved
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return TrialTimedOut
	case errors.As(err, &dial) && dial.Op == "dial":
		return TrialNotConnected
	case isTLS(err):
		return TrialTLS
	}
	return TrialUnreadable
}
