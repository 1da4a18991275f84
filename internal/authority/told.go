package authority

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// The documents of events, by the kind of record; the names are those that
// fields are shown under.
type (
	toldTask      struct{ Task wire.CheckTask }
	toldUnfiled   struct{ Unfiled wire.UnfiledWebsite }
	toldIllegal   struct{ Illegal wire.IllegalAccess }
	toldNotice    struct{ Notice wire.Notice }
	toldCancelled struct{ Cancelled wire.CancelledRecord }
	toldSubject   struct{ ListedSubject wire.BlacklistedSubject }
	toldWebsite   struct{ ListedWebsite wire.BlacklistedWebsite }
	toldRecord    struct{ Record any }
)

// record takes one record of a download over. What is about orders (BAJG) and
// base codes have ways of their own.
func (i *importing) record(ctx context.Context, tx *store.Tx, r *wire.Record) error {
	unknown := i.unknownOf(r)
	switch v := r.Value.(type) {
	case *wire.FiledRecord:
		return i.filedRecord(ctx, tx, v, unknown)
	case *wire.CancelledRecord:
		return i.cancelled(ctx, tx, v, unknown)
	case *wire.BlacklistedSubject:
		return i.listedSubject(ctx, tx, v, unknown)
	case *wire.BlacklistedWebsite:
		return i.listedWebsite(ctx, tx, v, unknown)
	case *wire.IllegalAccess:
		return i.illegal(ctx, tx, v, unknown)
	case *wire.UnfiledWebsite:
		return i.unfiled(ctx, tx, v, unknown)
	case *wire.CheckTask:
		return i.checkTask(ctx, tx, v, unknown)
	case *wire.Notice:
		return i.notice(ctx, tx, v, unknown)
	case *wire.SubjectFinding:
		return i.finding(ctx, tx, v, place{subject: v.AuthorityID}, v.Reason, unknown)
	case *wire.AccessFinding:
		return i.finding(ctx, tx, v, place{website: v.WebsiteID, licence: v.WebsiteLicence, domain: v.Domain}, "", unknown)
	case *wire.ShellFinding:
		return i.finding(ctx, tx, v, place{website: v.WebsiteID, licence: v.WebsiteLicence}, "", unknown)
	case *wire.LivenessFinding:
		return i.finding(ctx, tx, v, place{website: v.WebsiteID, licence: v.WebsiteLicence}, "", unknown)
	}
	return i.report(ctx, tx, r, unknown)
}

// report takes over what is about reports of addresses and domains, and what
// has no type here.
func (i *importing) report(ctx context.Context, tx *store.Tx, r *wire.Record, unknown map[string]string) error {
	h := happening{after: toldRecord{r.Value}, open: true, unknown: unknown}
	switch v := r.Value.(type) {
	case *wire.IPResult:
		h.kind, h.open = EventIPResult, false
		for _, c := range v.Codes {
			h.open = h.open || wire.DataCodeOf(c.Code).Class != wire.ClassOK
		}
	case *wire.DomainResult:
		h.kind, h.open = EventDomain, false
		for _, c := range v.Codes {
			h.open = h.open || wire.DataCodeOf(c.Code).Class != wire.ClassOK
		}
	case *wire.IPOutside, *wire.IPConflict, *wire.IPUnreported:
		h.kind = EventIPAudit
	case *wire.Raw:
		h.kind, h.after, h.same = EventUnknown, nil, unknown
	default:
		return nil // of a synchronisation of addresses or domains: counted
	}
	_, err := i.happen(ctx, tx, &h)
	return err
}

// place is what a record is about.
type place struct {
	subject, website int64
	licence, domain  string
}

// whose finds the holder of a place in our register and fills in what the
// authority's own data tell.
func (i *importing) whose(ctx context.Context, tx *store.Tx, p *place) (icp.AccountID, error) {
	if p.website != 0 {
		held, err := tx.Held(ctx, i.g.Channel.ID, store.HeldWebsite, p.website)
		if err != nil && !errors.Is(err, icp.ErrNotFound) {
			return "", err
		}
		if err == nil {
			p.subject = held.SubjectRef
			take(&p.licence, held.LicenceNo)
			if p.domain == "" {
				p.domain = domainOf(held.Content)
			}
		}
		site, known, err := siteOfRegister(ctx, tx, p.licence, p.website)
		if err != nil {
			return "", err
		}
		if known {
			take(&p.licence, site.Website.LicenceNo)
			if p.domain == "" {
				p.domain = site.Website.Domain
			}
		}
	}
	if p.licence == "" && p.subject != 0 {
		held, err := tx.HeldBrief(ctx, i.g.Channel.ID, store.HeldSubject, p.subject)
		if err != nil && !errors.Is(err, icp.ErrNotFound) {
			return "", err
		}
		p.licence = held.LicenceNo
	}
	own, err := i.ownerBySubject(ctx, tx, p.licence, p.subject)
	if own.known {
		take(&p.licence, cmpLicence(p.licence, own.subject.LicenceNo))
	}
	return own.account, err
}

// cmpLicence keeps a licence number that was told and else takes the register's.
func cmpLicence(told, ours string) string {
	if told != "" {
		return told
	}
	return ours
}

func (h *happening) at(p place) {
	h.subject, h.site, h.licence, h.domain = p.subject, p.website, p.licence, p.domain
}

// checkTask is HSRW.
func (i *importing) checkTask(ctx context.Context, tx *store.Tx, v *wire.CheckTask, unknown map[string]string) error {
	p := place{subject: v.Subject.AuthorityID}
	account, err := i.whose(ctx, tx, &p)
	if err != nil {
		return err
	}
	if len(v.Websites) > 0 && len(v.Websites[0].Domains) > 0 {
		p.website, p.domain = v.Websites[0].AuthorityID, v.Websites[0].Domains[0].Name
	}
	h := happening{kind: EventCheckTask, after: toldTask{*v}, account: account, open: true, unknown: unknown}
	h.at(p)
	_, err = i.happen(ctx, tx, &h)
	return err
}

// unfiled is WBAWZLB: with the server of ours that has the address.
func (i *importing) unfiled(ctx context.Context, tx *store.Tx, v *wire.UnfiledWebsite, unknown map[string]string) error {
	h := happening{kind: EventUnfiled, after: toldUnfiled{*v}, domain: v.Domain, open: true, unknown: unknown,
		// Being found once more, under another number, makes it no other website.
		same: []any{strings.ToLower(v.Domain), v.IP}}
	if err := i.onServer(ctx, tx, &h, v.IP); err != nil {
		return err
	}
	isNew, err := i.happen(ctx, tx, &h)
	if err != nil || !isNew {
		return err
	}
	return i.tell(ctx, tx, h.account, noticeUnfiled, strings.ToLower(v.Domain), "")
}

func (i *importing) onServer(ctx context.Context, tx *store.Tx, h *happening, ip int64) error {
	servers, err := tx.ServersWithIP(ctx, wire.IPv4Text(ip))
	if err == nil && len(servers) > 0 {
		h.server, h.account = servers[0].ID, servers[0].Account
	}
	return err
}

// illegal is FFJRHMD. The interface has no word for an entry that ends.
func (i *importing) illegal(ctx context.Context, tx *store.Tx, v *wire.IllegalAccess, unknown map[string]string) error {
	content, err := json.Marshal(toldIllegal{*v})
	if err != nil {
		return fmt.Errorf("write entry: %w", err)
	}
	domain := strings.ToLower(strings.TrimSpace(v.Domain))
	e := store.BlackEntry{Channel: i.g.Channel.ID, List: store.ListIllegal, Kind: store.ByDomain, Value: domain, Content: content, ToldAt: i.d.ReceivedAt, ToldBy: i.d.ID}
	if err := tx.PutBlackEntry(ctx, &e); err != nil {
		return err
	}
	h := happening{kind: EventIllegal, after: toldIllegal{*v}, domain: domain, unknown: unknown, same: []any{domain, v.IP, v.Provider}}
	if err := i.onServer(ctx, tx, &h, v.IP); err != nil {
		return err
	}
	h.open = h.server != "" || v.Provider == i.g.Channel.ProviderID()
	_, err = i.happen(ctx, tx, &h)
	return err
}

// notice is XGTZ: the holder is told word for word.
func (i *importing) notice(ctx context.Context, tx *store.Tx, v *wire.Notice, unknown map[string]string) error {
	p := place{licence: v.Licence}
	if v.Kind == wire.NoticeWebsite {
		p.website = v.RecordID
	} else {
		p.subject = v.RecordID
	}
	account, err := i.whose(ctx, tx, &p)
	if err != nil {
		return err
	}
	h := happening{kind: EventNotice, after: toldNotice{*v}, account: account, open: true, unknown: unknown}
	h.at(p)
	isNew, err := i.happen(ctx, tx, &h)
	if err != nil || !isNew {
		return err
	}
	return i.tell(ctx, tx, account, noticeCorrection, p.licence, v.Text)
}

// finding is HCJG.
func (i *importing) finding(ctx context.Context, tx *store.Tx, v any, p place, reason string, unknown map[string]string) error {
	account, err := i.whose(ctx, tx, &p)
	if err != nil {
		return err
	}
	h := happening{kind: EventAudit, after: auditDocument(v, false), same: auditDocument(v, true), account: account, open: true, unknown: unknown}
	if shell, ok := v.(*wire.ShellFinding); ok && shell.Result == wire.WebsiteAlive {
		h.open = false
	}
	h.at(p)
	isNew, err := i.happen(ctx, tx, &h)
	if err != nil || !isNew || !h.open {
		return err
	}
	kind := noticeCorrection
	if strings.TrimSpace(reason) == "" {
		kind = noticeAudit
	}
	return i.tell(ctx, tx, account, kind, p.licence, reason)
}

// auditDocument names a finding by its kind; undated leaves out when it was
// found, since the same found again is the same.
func auditDocument(v any, undated bool) any {
	switch v := v.(type) {
	case *wire.AccessFinding:
		one := *v
		if undated {
			one.At = ""
		}
		return struct{ AccessFinding wire.AccessFinding }{one}
	case *wire.ShellFinding:
		one := *v
		if undated {
			one.At = ""
		}
		return struct{ ShellFinding wire.ShellFinding }{one}
	case *wire.LivenessFinding:
		one := *v
		if undated {
			one.At = ""
		}
		return struct{ LivenessFinding wire.LivenessFinding }{one}
	case *wire.SubjectFinding:
		return struct{ SubjectFinding wire.SubjectFinding }{*v}
	}
	return toldRecord{v}
}

// maxUnknown bounds what is kept of elements without a type: in number for an
// event and for a file, and in bytes each.
const (
	maxUnknown      = 20
	maxUnknownBytes = 4 << 10
)

// unknownOf gathers the elements of a record that have no type, and notes their
// paths for the file.
func (i *importing) unknownOf(r *wire.Record) map[string]string {
	var out map[string]string
	for _, u := range r.Unknown() {
		if out == nil {
			out = map[string]string{}
		}
		if len(out) < maxUnknown {
			text := u.XML
			if len(text) > maxUnknownBytes {
				text = strings.ToValidUTF8(text[:maxUnknownBytes], "") + "…"
			}
			out[u.Path] = text
		}
		i.notePath(u.Path)
	}
	return out
}

// notePath notes where something unknown stood, without the numbers of records.
func (i *importing) notePath(path string) {
	var parts []string
	for part := range strings.SplitSeq(path, "/") {
		if strings.Trim(part, "0123456789") != "" || part == "" {
			parts = append(parts, part)
		}
	}
	path = clip(strings.ReplaceAll(strings.Join(parts, "/"), "\n", ""))
	for _, known := range i.imp.Unknown {
		if known == path {
			return
		}
	}
	if len(i.imp.Unknown) < maxUnknown {
		i.imp.Unknown = append(i.imp.Unknown[:len(i.imp.Unknown):len(i.imp.Unknown)], path)
	}
}

func hexOf(b []byte) string { return hex.EncodeToString(b) }
