package authority

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// EventKind names what the authority started.
type EventKind string

// The kinds, with the parts of downloads that bring them.
const (
	EventFiled     EventKind = "filed_data"      // BASJ: the data of a filing are others than before
	EventCancelled EventKind = "cancelled"       // ZXSJ: a subject, website or access is filed no more
	EventBlacklist EventKind = "blacklist"       // HMDLB: on or off the blacklist
	EventIllegal   EventKind = "illegal_access"  // FFJRHMD: connected without being allowed to
	EventUnfiled   EventKind = "unfiled_website" // WBAWZLB: a website without a filing on our addresses
	EventCheckTask EventKind = "check_task"      // HSRW: a filing to check
	EventAudit     EventKind = "audit"           // HCJG: a mistake that the authority found
	EventNotice    EventKind = "notice"          // XGTZ: to be put right
	EventIPResult  EventKind = "ip_result"       // IP BAJG
	EventIPAudit   EventKind = "ip_audit"        // IP HCJG
	EventDomain    EventKind = "domain_result"   // YM BAJG
	EventSync      EventKind = "sync_difference" // SJTB: a filing is new, other or gone
	EventBaseCodes EventKind = "base_codes"      // JCDM: code tables changed
	EventUnknown   EventKind = "unknown"         // parts that have no type here
)

// EventKinds lists the kinds in the order of pages.
func EventKinds() []EventKind {
	return []EventKind{EventCheckTask, EventUnfiled, EventNotice, EventAudit, EventCancelled, EventIllegal, EventBlacklist, EventFiled, EventSync,
		EventIPResult, EventIPAudit, EventDomain, EventBaseCodes, EventUnknown}
}

// eventTerms are the working days in which we want to have dealt with a kind.
// The interface names none; an authority's own are to be asked for.
var eventTerms = map[EventKind]int{EventUnfiled: 3, EventIllegal: 3, EventCancelled: 3,
	EventCheckTask: 10, EventAudit: 10, EventNotice: 10, EventIPAudit: 10}

// answerOf is the operation by which a kind is answered; "" for none.
func answerOf(kind EventKind) string {
	for _, o := range answerOperations {
		if o.answers == kind {
			return o.name
		}
	}
	return ""
}

// happening is an event about to be written.
type happening struct {
	kind          EventKind
	before, after any // documents, nil for none
	changed       []string
	subject, site int64
	licence       string
	domain        string
	account       icp.AccountID
	order         icp.OrderID
	server        icp.ServerID
	// open says that somebody has to look; else it is only noted.
	open bool
	// same is what makes two the same; the document after when nil.
	same any
	// unknown are elements without a type.
	unknown map[string]string
}

// once makes a happening one of this download and place: it was found by
// comparing, so the same may happen again later.
func (i *importing) once(place string) any { return []string{i.d.ID, place} }

// happen writes an event, unless the same is there: in this file, in another,
// or waiting. What was dealt with and comes again later is a new event. Events
// of a file are a microsecond apart, so that they sort as they stood in it.
func (i *importing) happen(ctx context.Context, tx *store.Tx, h *happening) (isNew bool, err error) {
	e := store.AuthorityEvent{ID: icp.NewID(i.now), Channel: i.g.Channel.ID, Download: i.d.ID, Kind: string(h.kind), State: store.EventClosed,
		SubjectRef: h.subject, WebsiteRef: h.site, LicenceNo: icp.NormalizeLicenceNo(h.licence), Domain: strings.ToLower(h.domain), Account: h.account,
		Order: h.order, Server: h.server, Changed: h.changed, CreatedAt: i.now.Add(time.Duration(i.imp.Events) * time.Microsecond), ClosedAt: i.now, Asks: answerOf(h.kind) != ""}
	if h.open {
		e.State, e.ClosedAt = store.EventOpen, time.Time{}
		if days := eventTerms[h.kind]; days > 0 {
			e.DueAt = i.g.Tables.Calendar().AddWorkdays(i.now, days)
		}
	}
	if e.Content, err = h.content(); err != nil {
		return false, err
	}
	same := h.same
	if same == nil {
		same = e.Content.After
	}
	text, err := json.Marshal(same)
	if err != nil {
		return false, fmt.Errorf("write event: %w", err)
	}
	e.Fingerprint = i.g.Store.Fingerprint("event", e.Kind+"\x00"+string(text))
	old, err := tx.SameAuthorityEvent(ctx, e.Channel, e.Fingerprint)
	if err == nil && !i.dealtWith(&old) || err != nil && !errors.Is(err, icp.ErrNotFound) {
		return false, err
	}
	i.imp.Events++
	return true, tx.InsertAuthorityEvent(ctx, &e)
}

// dealtWith reports whether a person ended an event before this file came.
func (i *importing) dealtWith(e *store.AuthorityEvent) bool {
	ended := e.State == store.EventAnswered || e.State == store.EventClosed && e.ClosedBy != ""
	return ended && e.ClosedAt.Before(i.d.ReceivedAt)
}

func (h *happening) content() (out store.EventContent, err error) {
	if h.before != nil {
		if out.Before, err = json.Marshal(h.before); err != nil {
			return out, fmt.Errorf("write event: %w", err)
		}
	}
	if h.after != nil {
		if out.After, err = json.Marshal(h.after); err != nil {
			return out, fmt.Errorf("write event: %w", err)
		}
	}
	out.Unknown = h.unknown
	return out, nil
}
