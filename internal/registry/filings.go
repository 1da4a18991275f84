package registry

import (
	"context"
	"reflect"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// Filing is a filed subject with its websites, for the page "my filings".
type Filing struct {
	store.FiledSubject
	Websites []FiledSite
	// More says that the subject has more websites than are listed here; Sites
	// lists them all.
	More bool
}

// FiledSite is a filed website with the servers by which it is reached.
type FiledSite struct {
	store.FiledWebsite
	Accesses []store.FiledAccess
	// Duties are message keys of what its owner must do.
	Duties []Duty
}

// Duty is something that the owner of a filed website must do.
type Duty struct {
	Code   string
	Params map[string]string
}

// duties tells the standing duties of a website: its number stands at the foot
// of the home page and links to the ministry's search. One that is filed no more
// has none.
func duties(s *store.FiledWebsite) []Duty {
	if !s.CancelledAt.IsZero() {
		return nil
	}
	w := &s.Website
	return []Duty{{Code: "registry.show_number", Params: map[string]string{"licence_no": w.LicenceNo, "url": QueryURL}}}
}

// Filings lists what an account has filed through us, the newest subject first.
func (r *Register) Filings(ctx context.Context, account icp.AccountID, cursor store.Cursor, limit int) ([]Filing, store.Cursor, error) {
	var out []Filing
	var next store.Cursor
	err := r.store.View(ctx, func(tx *store.Tx) error {
		out = []Filing{}
		subjects, after, err := tx.FiledSubjectsOf(ctx, account, cursor, limit)
		next = after
		if err != nil {
			return err
		}
		for i := range subjects {
			f, err := filing(ctx, tx, subjects[i])
			if err != nil {
				return err
			}
			out = append(out, f)
		}
		return nil
	})
	return out, next, err
}

// Filing reads one subject: the actor's own, or any for staff who may read the
// register. To others it is not there.
func (r *Register) Filing(ctx context.Context, actor icp.Actor, subjectID string) (Filing, error) {
	var out Filing
	err := r.store.View(ctx, func(tx *store.Tx) error {
		s, err := readable(ctx, tx, actor, subjectID)
		if err != nil {
			return err
		}
		out, err = filing(ctx, tx, s)
		return err
	})
	return out, err
}

// Sites lists a subject's websites, the newest first, to whom Filing shows it.
func (r *Register) Sites(ctx context.Context, actor icp.Actor, subjectID string, cursor store.Cursor, limit int) ([]FiledSite, store.Cursor, error) {
	var out []FiledSite
	var next store.Cursor
	err := r.store.View(ctx, func(tx *store.Tx) error {
		if _, err := readable(ctx, tx, actor, subjectID); err != nil {
			return err
		}
		var err error
		out, next, err = sites(ctx, tx, subjectID, cursor, limit)
		return err
	})
	return out, next, err
}

func readable(ctx context.Context, tx *store.Tx, actor icp.Actor, subjectID string) (store.FiledSubject, error) {
	s, err := tx.FiledSubject(ctx, subjectID)
	if err != nil {
		return store.FiledSubject{}, err
	}
	if s.Account != actor.Account && access.Check(actor, access.FilingRead) != nil {
		return store.FiledSubject{}, icp.ErrNotFound
	}
	return s, nil
}

func filing(ctx context.Context, tx *store.Tx, s store.FiledSubject) (Filing, error) {
	list, next, err := sites(ctx, tx, s.ID, "", store.MaxPage)
	return Filing{FiledSubject: s, Websites: list, More: next != ""}, err
}

func sites(ctx context.Context, tx *store.Tx, subjectID string, cursor store.Cursor, limit int) ([]FiledSite, store.Cursor, error) {
	websites, next, err := tx.FiledWebsitesOf(ctx, subjectID, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	out := make([]FiledSite, len(websites))
	for i := range websites {
		accesses, err := tx.FiledAccessesOf(ctx, websites[i].ID)
		if err != nil {
			return nil, "", err
		}
		out[i] = FiledSite{FiledWebsite: websites[i], Accesses: accesses, Duties: duties(&websites[i])}
	}
	return out, next, nil
}

// same reports whether two websites say the same; nil and empty lists do.
func same(a, b *icp.Website) bool {
	x, y := *a, *b
	for _, w := range []*icp.Website{&x, &y} {
		if len(w.Languages) == 0 {
			w.Languages = nil
		}
		if len(w.PreApprovals) == 0 {
			w.PreApprovals = nil
		}
	}
	return reflect.DeepEqual(x, y)
}
