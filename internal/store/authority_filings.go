package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// HeldKind tells a subject from a website among what the authority holds.
type HeldKind string

// The kinds.
const (
	HeldSubject HeldKind = "subject"
	HeldWebsite HeldKind = "website"
)

// Standing is what became of a filing at the authority.
type Standing string

// The standings. A filing is gone when a full synchronisation had it no more
// though nothing told that it was cancelled.
const (
	StandingFiled     Standing = "filed"
	StandingCancelled Standing = "cancelled"
	StandingGone      Standing = "gone"
)

// Held is a subject or a website as the authority last told of it.
type Held struct {
	Channel    string
	Kind       HeldKind
	Ref        int64 // the authority's id: Ztid or Wzid
	SubjectRef int64 // Ztid
	LicenceNo  string
	Standing   Standing
	// Content is the record in its one form, sealed at rest; Hash is the blind
	// index of what counts of it, see [Store.Fingerprint].
	Content   json.RawMessage
	Hash      []byte
	ChangedAt time.Time // by the authority's word, zero when not told
	ToldAt    time.Time
	ToldBy    string // the download
	SeenBy    string // the last full synchronisation that had it
}

// HeldNames are by what a website is found, besides its id.
type HeldNames struct {
	Domains  []string // ASCII, lower case
	Accesses []int64  // Jrid
}

const (
	nameDomain = "domain"
	nameAccess = "access"
)

// Fingerprint is a blind index of a text of any length: equal texts of one
// kind have equal fingerprints, and the text cannot be guessed from it.
func (s *Store) Fingerprint(kind, text string) []byte { return s.box.Index("authority_"+kind, text) }

// Held reads a row; icp.NotFound when the authority never told of it.
func (tx *Tx) Held(ctx context.Context, channel string, kind HeldKind, ref int64) (Held, error) {
	row, err := tx.q.AuthorityFiling(ctx, channel, string(kind), ref)
	if err != nil {
		return Held{}, tx.explain("read held filing", err)
	}
	return tx.held(&row)
}

// HeldBrief is Held without the content, for comparing.
func (tx *Tx) HeldBrief(ctx context.Context, channel string, kind HeldKind, ref int64) (Held, error) {
	row, err := tx.q.AuthorityFiling(ctx, channel, string(kind), ref)
	if err != nil {
		return Held{}, tx.explain("read held filing", err)
	}
	return heldRow(&row), nil
}

// HeldOf lists a subject and its websites.
func (tx *Tx) HeldOf(ctx context.Context, channel string, subjectRef int64) ([]Held, error) {
	rows, err := tx.q.AuthorityFilingsOfSubject(ctx, channel, subjectRef)
	if err != nil {
		return nil, tx.explain("list held filings", err)
	}
	return tx.heldAll(rows)
}

// HeldByLicence finds what bears a licence number, at most 100 rows.
func (tx *Tx) HeldByLicence(ctx context.Context, licenceNo string) ([]Held, error) {
	rows, err := tx.q.AuthorityFilingsByLicence(ctx, licenceNo)
	if err != nil {
		return nil, tx.explain("find held filings", err)
	}
	return tx.heldAll(rows)
}

// HeldByDomain finds the websites of a domain, at most 100.
func (tx *Tx) HeldByDomain(ctx context.Context, domain string) ([]Held, error) {
	rows, err := tx.q.AuthorityFilingsNamed(ctx, tx.store.box.Index("held_"+nameDomain, domain), nameDomain)
	if err != nil {
		return nil, tx.explain("find held filings", err)
	}
	return tx.heldAll(rows)
}

// HeldByAccess finds the website of an access (Jrid) on a channel;
// icp.NotFound when there is none.
func (tx *Tx) HeldByAccess(ctx context.Context, channel string, access int64) (Held, error) {
	rows, err := tx.q.AuthorityFilingsNamed(ctx, tx.store.box.Index("held_"+nameAccess, strconv.FormatInt(access, 10)), nameAccess)
	if err != nil {
		return Held{}, tx.explain("find held filing", err)
	}
	for i := range rows {
		if rows[i].ChannelID == channel {
			return tx.held(&rows[i])
		}
	}
	return Held{}, icp.ErrNotFound
}

// PutHeld writes a row, replacing what was there. names is nil for a subject
// and for a website whose names are the same as before.
func (tx *Tx) PutHeld(ctx context.Context, h *Held, names *HeldNames) error {
	sealed, err := sealJSON(tx.store.box, "authority_filings.sealed", heldPlace(h.Channel, h.Kind, h.Ref), h.Content)
	if err != nil {
		return err
	}
	err = tx.q.PutAuthorityFiling(ctx, sqlgen.PutAuthorityFilingParams{ChannelID: h.Channel, Kind: string(h.Kind), Ref: h.Ref, SubjectRef: h.SubjectRef,
		LicenceNo: h.LicenceNo, Standing: string(h.Standing), Sealed: sealed, Hash: h.Hash, ChangedAt: micros(h.ChangedAt), ToldAt: micros(h.ToldAt),
		ToldBy: h.ToldBy, SeenBy: h.SeenBy})
	if err != nil || names == nil {
		return tx.explain("write held filing", err)
	}
	if err := tx.q.DeleteAuthorityFilingNames(ctx, h.Channel, h.Ref); err != nil {
		return tx.explain("write names of held filing", err)
	}
	for _, d := range names.Domains {
		if err := tx.insertHeldName(ctx, h, nameDomain, d); err != nil {
			return err
		}
	}
	for _, a := range names.Accesses {
		if err := tx.insertHeldName(ctx, h, nameAccess, strconv.FormatInt(a, 10)); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) insertHeldName(ctx context.Context, h *Held, kind, name string) error {
	err := tx.q.InsertAuthorityFilingName(ctx, sqlgen.InsertAuthorityFilingNameParams{ChannelID: h.Channel, Ref: h.Ref, Kind: kind,
		Lookup: tx.store.box.Index("held_"+kind, name)})
	return tx.explain("write name of held filing", err)
}

// TouchHeld notes that the same was told again: ToldAt, ToldBy and SeenBy.
func (tx *Tx) TouchHeld(ctx context.Context, h *Held) error {
	return tx.explain("touch held filing", tx.q.TouchAuthorityFiling(ctx, sqlgen.TouchAuthorityFilingParams{ToldAt: micros(h.ToldAt), ToldBy: h.ToldBy,
		SeenBy: h.SeenBy, ChannelID: h.Channel, Kind: string(h.Kind), Ref: h.Ref}))
}

// SetStanding notes what became of a filing: Standing, ToldAt and ToldBy.
func (tx *Tx) SetStanding(ctx context.Context, h *Held) error {
	return tx.explain("set standing", tx.q.SetAuthorityFilingStanding(ctx, sqlgen.SetAuthorityFilingStandingParams{Standing: string(h.Standing),
		ToldAt: micros(h.ToldAt), ToldBy: h.ToldBy, ChannelID: h.Channel, Kind: string(h.Kind), Ref: h.Ref}))
}

// HeldUnseen lists, by id, up to limit rows after an id that are filed, were
// last told before an instant, and that a full synchronisation has not had.
func (tx *Tx) HeldUnseen(ctx context.Context, channel string, kind HeldKind, after int64, sync string, before time.Time, limit int) ([]Held, error) {
	rows, err := tx.q.AuthorityFilingsUnseen(ctx, sqlgen.AuthorityFilingsUnseenParams{ChannelID: channel, Kind: string(kind), AfterRef: after,
		SeenBy: sync, Before: micros(before), MaxRows: int32(clamp(limit))}) //nolint:gosec // at most MaxPage
	if err != nil {
		return nil, tx.explain("list unseen filings", err)
	}
	return tx.heldAll(rows)
}

// CountHeld counts the rows of a channel that are filed, and how many of them
// HeldUnseen would list.
func (tx *Tx) CountHeld(ctx context.Context, channel, sync string, before time.Time) (filed, unseen int64, err error) {
	row, err := tx.q.CountAuthorityFilings(ctx, sync, micros(before), channel)
	return row.Filed, row.Unseen, tx.explain("count held filings", err)
}

// SyncedBefore reports whether a full synchronisation other than this one has
// ever been taken over.
func (tx *Tx) SyncedBefore(ctx context.Context, channel, sync string) (bool, error) {
	n, err := tx.q.AnyAuthorityFilingSeen(ctx, channel, sync)
	return n > 0, tx.explain("look for a synchronisation", err)
}

func (tx *Tx) heldAll(rows []sqlgen.AuthorityFiling) ([]Held, error) {
	out := make([]Held, len(rows))
	for i := range rows {
		h, err := tx.held(&rows[i])
		if err != nil {
			return nil, err
		}
		out[i] = h
	}
	return out, nil
}

func (tx *Tx) held(r *sqlgen.AuthorityFiling) (Held, error) {
	h := heldRow(r)
	err := openJSON(tx.store.box, "authority_filings.sealed", heldPlace(h.Channel, h.Kind, h.Ref), r.Sealed, &h.Content)
	return h, err
}

func heldRow(r *sqlgen.AuthorityFiling) Held {
	return Held{Channel: r.ChannelID, Kind: HeldKind(r.Kind), Ref: r.Ref, SubjectRef: r.SubjectRef, LicenceNo: r.LicenceNo,
		Standing: Standing(r.Standing), Hash: r.Hash, ChangedAt: instant(r.ChangedAt), ToldAt: instant(r.ToldAt), ToldBy: r.ToldBy, SeenBy: r.SeenBy}
}

func heldPlace(channel string, kind HeldKind, ref int64) string {
	return fmt.Sprintf("%s/%s/%d", channel, kind, ref)
}
