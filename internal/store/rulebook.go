package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// RulePublication says that an edition of the rules came into force. The one
// with the greatest Seq is in force; an edition may come back later.
type RulePublication struct {
	Seq     int64
	Version string // names the contents, which RuleFiles gives
	Kind    string // what brought it
	Note    string
	By      icp.AccountID // empty for the system
	At      time.Time
}

// LatestRules gives the publication in force; found is false before the first.
func (tx *Tx) LatestRules(ctx context.Context) (p RulePublication, found bool, err error) {
	row, err := tx.q.LatestRulePublication(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return RulePublication{}, false, nil
	}
	if err != nil {
		return RulePublication{}, false, tx.explain("read latest rules", err)
	}
	p, err = rulePublication(&row)
	return p, true, err
}

// PublishRules adds a publication with the files of its edition. p.Seq must be
// one more than that of the publication that the files rest on, 1 for the
// first: icp.Conflict with "stale_version" when somebody else was first. Files
// of a version that is kept already are left as they are.
func (tx *Tx) PublishRules(ctx context.Context, p RulePublication, files []byte) error {
	err := tx.q.InsertRuleEdition(ctx, p.Version, files, micros(p.At))
	if err != nil {
		return tx.explain("insert rule edition", err)
	}
	n, err := tx.q.InsertRulePublication(ctx, sqlgen.InsertRulePublicationParams{Seq: p.Seq, Version: p.Version, Kind: p.Kind,
		Note: p.Note, PublishedBy: string(p.By), PublishedAt: micros(p.At)})
	return tx.changed("insert rule publication", n, err)
}

// RuleFiles gives the files of an edition as they were published; icp.NotFound
// when there is none of that version.
func (tx *Tx) RuleFiles(ctx context.Context, version string) ([]byte, error) {
	files, err := tx.q.RuleFiles(ctx, version)
	return files, tx.explain("read rule edition", err)
}

// RulePublications lists what was published, the newest first.
func (tx *Tx) RulePublications(ctx context.Context, cursor Cursor, limit int) ([]RulePublication, Cursor, error) {
	limit = clamp(limit)
	before := int64(math.MaxInt64)
	if cursor != "" {
		var err error
		if before, _, err = cursor.parse(); err != nil {
			return nil, "", err
		}
	}
	rows, err := tx.q.RulePublications(ctx, before, int32(limit)+1) //nolint:gosec // at most MaxPage
	if err != nil {
		return nil, "", tx.explain("list rule publications", err)
	}
	return page(rows, limit, rulePublication, func(r *sqlgen.RulePublication) (int64, string) { return r.Seq, "" })
}

func rulePublication(r *sqlgen.RulePublication) (RulePublication, error) {
	return RulePublication{Seq: r.Seq, Version: r.Version, Kind: r.Kind, Note: r.Note, By: icp.AccountID(r.PublishedBy),
		At: instant(r.PublishedAt)}, nil
}
