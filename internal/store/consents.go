package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// ConsentText is one edition of a text that applicants agree to.
type ConsentText struct {
	ID               string // such as "assist_terms"
	Edition          int    // 1 and up
	TitleZH, TitleEN string
	BodyZH, BodyEN   string
	PublishedAt      time.Time
	PublishedBy      icp.AccountID
}

// CurrentConsentTexts gives the newest edition of each text, by id.
func (tx *Tx) CurrentConsentTexts(ctx context.Context) ([]ConsentText, error) {
	rows, err := tx.q.CurrentConsentTexts(ctx)
	if err != nil {
		return nil, tx.explain("read consent texts", err)
	}
	out := make([]ConsentText, len(rows))
	for i := range rows {
		out[i] = consentText(&rows[i])
	}
	return out, nil
}

// ConsentText reads one edition; icp.NotFound when there is none.
func (tx *Tx) ConsentText(ctx context.Context, id string, edition int) (ConsentText, error) {
	row, err := tx.q.ConsentText(ctx, id, int64(edition))
	if err != nil {
		return ConsentText{}, tx.explain("read consent text", err)
	}
	return consentText(&row), nil
}

// PublishConsentText adds the next edition of a text and sets t.Edition to it.
// Editions never change. icp.Conflict with "stale_version" when another
// edition was published at the same time.
func (tx *Tx) PublishConsentText(ctx context.Context, t *ConsentText) error {
	last, err := tx.q.LatestConsentEdition(ctx, t.ID)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return tx.explain("read newest consent text", err)
	}
	n, err := tx.q.InsertConsentText(ctx, sqlgen.InsertConsentTextParams{ID: t.ID, Edition: last + 1, TitleZh: t.TitleZH,
		TitleEn: t.TitleEN, BodyZh: t.BodyZH, BodyEn: t.BodyEN, PublishedAt: micros(t.PublishedAt), PublishedBy: string(t.PublishedBy)})
	if err := tx.changed("publish consent text", n, err); err != nil {
		return err
	}
	t.Edition = int(last + 1)
	return nil
}

func consentText(r *sqlgen.ConsentText) ConsentText {
	return ConsentText{ID: r.ID, Edition: int(r.Edition), TitleZH: r.TitleZh, TitleEN: r.TitleEn, BodyZH: r.BodyZh,
		BodyEN: r.BodyEn, PublishedAt: instant(r.PublishedAt), PublishedBy: icp.AccountID(r.PublishedBy)}
}
