package inventory

import (
	"context"
	"net/netip"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// ServerInput is what is told of a server. ExternalID says which one it is.
type ServerInput struct {
	ExternalID string `json:"external_id"` // the provider's own name for it, 1–128 characters
	// Account is the id, mail address or mobile number of who rents it.
	Account      string    `json:"account"`
	Name         string    `json:"name"`      // 1–128 characters
	Region       string    `json:"region"`    // 1–64 characters
	Mainland     bool      `json:"mainland"`  // whether the region lies in mainland China
	PublicIP     string    `json:"public_ip"` // IPv4; empty for none
	Billing      string    `json:"billing"`   // Prepaid or PayAsYouGo
	BoughtMonths int       `json:"bought_months"`
	ExpiresAt    time.Time `json:"expires_at"` // may be zero for PayAsYouGo only
}

// Change says what Put did.
type Change string

// The changes.
const (
	Added     Change = "added"
	Updated   Change = "updated"
	Unchanged Change = "unchanged"
)

// maxMonths bounds BoughtMonths: fifty years are a slip of the pen.
const maxMonths = 600

// check lists the faults of an input, by the names of its JSON fields.
func (in *ServerInput) check() []icp.FieldError {
	var faults []icp.FieldError
	fault := func(field, code string) {
		faults = append(faults, icp.FieldError{Pointer: "/" + field, Code: code})
	}
	if !plainText(in.ExternalID, 128) {
		fault("external_id", "server.external_id")
	}
	if strings.TrimSpace(in.Account) == "" {
		fault("account", "server.account.missing")
	}
	if !plainText(in.Name, 128) {
		fault("name", "server.name")
	}
	if !plainText(in.Region, 64) {
		fault("region", "server.region")
	}
	if in.PublicIP != "" {
		if code := checkPublicIP(in.PublicIP); code != "" {
			fault("public_ip", code)
		}
	}
	if in.Billing != Prepaid && in.Billing != PayAsYouGo {
		fault("billing", "server.billing")
	}
	if in.BoughtMonths < 0 || in.BoughtMonths > maxMonths {
		fault("bought_months", "server.bought_months")
	}
	if in.ExpiresAt.IsZero() && in.Billing == Prepaid {
		fault("expires_at", "server.expires_at.missing")
	}
	return faults
}

// plainText reports whether s has 1 to limit printable characters.
func plainText(s string, limit int) bool {
	return s != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= limit &&
		!strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

// notPublic are ranges that no site on the internet can have, besides those
// that package netip knows.
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),     // RFC 791: this network
	netip.MustParsePrefix("100.64.0.0/10"), // RFC 6598: shared by carriers
	netip.MustParsePrefix("192.0.0.0/24"),  // RFC 6890: protocol assignments
	netip.MustParsePrefix("198.18.0.0/15"), // RFC 2544: benchmarks
	netip.MustParsePrefix("240.0.0.0/4"),   // RFC 1112: reserved
}

// checkPublicIP gives the message key of what is wrong with an address.
func checkPublicIP(s string) string {
	ip, err := netip.ParseAddr(s)
	if err != nil || !ip.Is4() {
		return "server.public_ip.form"
	}
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return "server.public_ip.private"
	}
	for _, p := range notPublic {
		if p.Contains(ip) {
			return "server.public_ip.private"
		}
	}
	return ""
}

// Put adds the server, or brings the one with its ExternalID up to date; staff
// who manage the inventory only. A server that carries sites or codes stays
// with its account.
func (v *Inventory) Put(ctx context.Context, actor icp.Actor, in ServerInput) (store.Server, Change, error) {
	if err := access.Check(actor, access.InventoryManage); err != nil {
		return store.Server{}, "", err
	}
	var saved store.Server
	var change Change
	err := v.store.Update(ctx, func(tx *store.Tx) error {
		var err error
		saved, change, err = v.put(ctx, tx, actor, in)
		return err
	})
	return saved, change, err
}

func (v *Inventory) put(ctx context.Context, tx *store.Tx, actor icp.Actor, in ServerInput) (store.Server, Change, error) {
	if err := icp.InvalidFields(in.check()); err != nil {
		return store.Server{}, "", err
	}
	account, found, err := accountOf(ctx, tx, in.Account)
	if err != nil {
		return store.Server{}, "", err
	}
	if !found {
		return store.Server{}, "", icp.InvalidField("/account", "server.account.unknown")
	}
	at := v.clock.Now()
	old, err := tx.ServerByExternalID(ctx, in.ExternalID)
	if icp.KindOf(err) == icp.NotFound {
		s := in.onto(store.Server{ID: icp.ServerID(icp.NewID(at)), ExternalID: in.ExternalID, CreatedAt: at, UpdatedAt: at}, account)
		if err := tx.InsertServer(ctx, &s); err != nil {
			return store.Server{}, "", err
		}
		note(tx, actor, "server.added", "server", string(s.ID), s.Version, map[string]any{"account": account}, at)
		return s, Added, nil
	}
	if err != nil {
		return store.Server{}, "", err
	}
	if old.Account != account {
		if err := movable(ctx, tx, old.ID); err != nil {
			return store.Server{}, "", err
		}
	}
	s := in.onto(old, account)
	if s == old {
		return old, Unchanged, nil
	}
	s.UpdatedAt = at
	if err := tx.SaveServer(ctx, &s); err != nil {
		return store.Server{}, "", err
	}
	note(tx, actor, "server.updated", "server", string(s.ID), s.Version, map[string]any{"account": account}, at)
	return s, Updated, nil
}

// onto writes an input over a server.
func (in *ServerInput) onto(s store.Server, account icp.AccountID) store.Server {
	s.Account, s.Name, s.Region, s.Mainland, s.PublicIP = account, in.Name, in.Region, in.Mainland, in.PublicIP
	s.Billing, s.BoughtMonths = in.Billing, in.BoughtMonths
	s.ExpiresAt = time.Time{}
	if !in.ExpiresAt.IsZero() {
		s.ExpiresAt = in.ExpiresAt.UTC().Truncate(time.Microsecond)
	}
	return s
}

// movable refuses to give a server to another account while something hangs on it.
func movable(ctx context.Context, tx *store.Tx, id icp.ServerID) error {
	if _, err := tx.LockServer(ctx, id); err != nil {
		return err
	}
	uses, err := tx.UsesOfServer(ctx, id)
	if err != nil {
		return err
	}
	codes, err := liveCodes(ctx, tx, id)
	if err != nil {
		return err
	}
	if len(uses) > 0 || codes > 0 {
		return icp.E(icp.NotNow, "server.account.in_use")
	}
	return nil
}
