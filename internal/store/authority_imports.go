package store

import (
	"context"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/store/sqlgen"
)

// Import is what came of a download beside results of orders, and how far one
// is that is applied in parts.
type Import struct {
	Download string
	Records  int64 // applied
	// Bytes of Total were read of the file's text.
	Bytes, Total int64
	// Added, Changed and Gone count filings of the authority.
	Added, Changed, Gone int64
	Events               int64 // that came of it
	LeftOut              int64 // records too large to be read
	// Unknown are the paths of elements without a type, some of them.
	Unknown                    []string
	BegunAt, UpdatedAt, DoneAt time.Time
}

// Import reads what came of a download; icp.NotFound when it has no row.
func (tx *Tx) Import(ctx context.Context, download string) (Import, error) {
	r, err := tx.q.AuthorityImport(ctx, download)
	if err != nil {
		return Import{}, tx.explain("read import", err)
	}
	i := Import{Download: r.DownloadID, Records: r.Records, Bytes: r.Bytes, Total: r.Total, Added: r.Added, Changed: r.Changed, Gone: r.Gone,
		Events: r.Events, LeftOut: r.LeftOut, BegunAt: instant(r.BegunAt), UpdatedAt: instant(r.UpdatedAt), DoneAt: instant(r.DoneAt)}
	if r.Unknown != "" {
		i.Unknown = strings.Split(r.Unknown, "\n")
	}
	return i, nil
}

// PutImport writes what came of a download so far.
func (tx *Tx) PutImport(ctx context.Context, i *Import) error {
	return tx.explain("write import", tx.q.PutAuthorityImport(ctx, sqlgen.PutAuthorityImportParams{DownloadID: i.Download, Records: i.Records, Bytes: i.Bytes,
		Total: i.Total, Added: i.Added, Changed: i.Changed, Gone: i.Gone, Events: i.Events, LeftOut: i.LeftOut, Unknown: strings.Join(i.Unknown, "\n"),
		BegunAt: micros(i.BegunAt), UpdatedAt: micros(i.UpdatedAt), DoneAt: micros(i.DoneAt)}))
}

// FiledSubjectByRef finds the subject of the register that bears the
// authority's id (Ztid); icp.NotFound when there is none.
func (tx *Tx) FiledSubjectByRef(ctx context.Context, ref int64) (FiledSubject, error) {
	row, err := tx.q.FiledSubjectByRef(ctx, ref)
	if err != nil {
		return FiledSubject{}, tx.explain("find filed subject", err)
	}
	return tx.filedSubject(&row)
}

// FiledWebsiteByRef finds the website of the register that bears the
// authority's id (Wzid); icp.NotFound when there is none.
func (tx *Tx) FiledWebsiteByRef(ctx context.Context, ref int64) (FiledWebsite, error) {
	row, err := tx.q.FiledWebsiteByRef(ctx, ref)
	if err != nil {
		return FiledWebsite{}, tx.explain("find filed website", err)
	}
	return tx.filedWebsite(ctx, &row)
}

// CancelFiledSubject notes that the authority ended a subject's filing, for
// the first time only; the websites have calls of their own.
func (tx *Tx) CancelFiledSubject(ctx context.Context, id string, at time.Time) error {
	_, err := tx.q.CancelFiledSubject(ctx, micros(at), id)
	return tx.explain("cancel filed subject", err)
}

// CancelFiledWebsite is CancelFiledSubject for a website and its accesses.
func (tx *Tx) CancelFiledWebsite(ctx context.Context, id string, at time.Time) error {
	if _, err := tx.q.CancelFiledWebsite(ctx, micros(at), id); err != nil {
		return tx.explain("cancel filed website", err)
	}
	return tx.CancelFiledAccesses(ctx, id, at)
}

// CancelFiledAccesses notes that a website is reached by us no more.
func (tx *Tx) CancelFiledAccesses(ctx context.Context, websiteID string, at time.Time) error {
	_, err := tx.q.CancelFiledAccesses(ctx, micros(at), websiteID)
	return tx.explain("cancel filed accesses", err)
}

// ServersWithIP lists the servers with a public address, at most 10, the one
// changed last first.
func (tx *Tx) ServersWithIP(ctx context.Context, ip string) ([]Server, error) {
	rows, err := tx.q.ServersWithIP(ctx, ip)
	if err != nil {
		return nil, tx.explain("find servers", err)
	}
	out, _, err := page(rows, len(rows), serverOf, func(r *sqlgen.Server) (int64, string) { return r.UpdatedAt, r.ID })
	return out, err
}
