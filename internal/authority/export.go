package authority

import (
	"archive/zip"
	"context"
	"io"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// Export chooses a part of the conversation with the authority, for its
// support: files by id, or all files and calls of a time. Masked unless
// Unmasked.
type Export struct {
	Uploads   []string  `json:",omitempty"`
	Downloads []string  `json:",omitempty"`
	Since     time.Time `json:",omitzero"`
	Until     time.Time `json:",omitzero"`
	Unmasked  bool      `json:",omitempty"`
}

// Bounds of an export.
const (
	exportFiles = 100 // chosen by id
	exportMost  = 2000
	exportDays  = 31 * 24 * time.Hour
)

// check refuses what cannot be exported.
func (e *Export) check() error {
	ranged := !e.Since.IsZero() || !e.Until.IsZero()
	switch chosen := len(e.Uploads) + len(e.Downloads); {
	case ranged && (e.Since.IsZero() || !e.Until.After(e.Since)):
		return icp.InvalidField("/until", "authority.export_range")
	case ranged && e.Until.Sub(e.Since) > exportDays:
		return icp.InvalidField("/until", "authority.export_days")
	case ranged && chosen > 0, !ranged && chosen == 0:
		return icp.InvalidField("/uploads", "authority.export_what")
	case chosen > exportFiles:
		return icp.InvalidField("/uploads", "authority.export_many")
	}
	return nil
}

// TicketForExport lets an account fetch a part of the conversation; it is an
// audit event. A reason is needed for one that is not masked.
func (g *Gateway) TicketForExport(ctx context.Context, by icp.Actor, e Export, reason string) (string, time.Time, error) {
	if err := e.check(); err != nil {
		return "", time.Time{}, err
	}
	if e.Unmasked && strings.TrimSpace(reason) == "" {
		return "", time.Time{}, icp.InvalidField("/reason", "reason.required")
	}
	err := g.Store.Update(ctx, func(tx *store.Tx) error {
		for _, id := range e.Uploads {
			if _, err := g.upload(ctx, tx, id); err != nil {
				return err
			}
		}
		for _, id := range e.Downloads {
			if _, err := g.download(ctx, tx, id); err != nil {
				return err
			}
		}
		detail := map[string]any{"reason": reason, "unmasked": e.Unmasked, "uploads": e.Uploads, "downloads": e.Downloads}
		if !e.Since.IsZero() {
			detail["since"], detail["until"] = e.Since.UTC(), e.Until.UTC()
		}
		g.audit(tx, by, "channel.exported", "channel", g.Channel.ID, detail)
		return nil
	})
	if err != nil {
		return "", time.Time{}, err
	}
	return g.issue(by, ticket{Export: &e})
}

// ExportOf gives what a ticket exports.
func (g *Gateway) ExportOf(by icp.Actor, text string) (Export, error) {
	t, err := g.redeem(by, text)
	if err != nil {
		return Export{}, err
	}
	if t.Export == nil {
		return Export{}, icp.InvalidField("/ticket", "authority.ticket")
	}
	return *t.Export, nil
}

// WriteExport writes an export as a zip, file by file, in little memory. A file
// that cannot be opened is noted in the list and the others follow.
func (g *Gateway) WriteExport(ctx context.Context, e Export, out io.Writer) error {
	x := &exporting{g: g, e: e, zip: zip.NewWriter(out)}
	x.list = exportList{Channel: g.Channel.ID, Name: g.Channel.Name, ProviderID: g.Channel.ProviderID(), MadeAt: g.Clock.Now().UTC(), Masked: !e.Unmasked,
		Since: e.Since, Until: e.Until, Files: []exportFile{}}
	for _, step := range []func(context.Context) error{x.uploads, x.downloads, x.calls, x.lists} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return x.zip.Close()
}

// uploads writes the chosen files sent, or those of the time.
func (x *exporting) uploads(ctx context.Context) error {
	for _, id := range x.e.Uploads {
		u, err := x.g.UploadFile(ctx, id)
		if err == nil {
			err = x.upload(ctx, &u)
		}
		if err != nil {
			return err
		}
	}
	if x.e.Since.IsZero() {
		return nil
	}
	for cursor := store.Before(x.e.Until); ; {
		list, next, err := x.g.Uploads(ctx, cursor, store.MaxPage)
		if err != nil {
			return err
		}
		for i := range list {
			if list[i].CreatedAt.Before(x.e.Since) || x.full() {
				return nil
			}
			if err := x.upload(ctx, &list[i]); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		cursor = next
	}
}

// downloads does the same for files received.
func (x *exporting) downloads(ctx context.Context) error {
	for _, id := range x.e.Downloads {
		d, err := x.g.DownloadFile(ctx, id)
		if err == nil {
			err = x.download(ctx, &d)
		}
		if err != nil {
			return err
		}
	}
	if x.e.Since.IsZero() {
		return nil
	}
	for cursor := store.Before(x.e.Until); ; {
		list, next, err := x.g.Downloads(ctx, cursor, store.MaxPage)
		if err != nil {
			return err
		}
		for i := range list {
			if list[i].ReceivedAt.Before(x.e.Since) || x.full() {
				return nil
			}
			if err := x.download(ctx, &list[i]); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		cursor = next
	}
}

// full reports whether no more files go in, and notes that some are left out.
func (x *exporting) full() bool {
	x.list.LeftOut = len(x.list.Files) >= exportMost
	return x.list.LeftOut
}
