package storetest

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// sampleSubject is a filed subject; the licence number follows from the id.
func sampleSubject(o *icp.Order, id string, at time.Time) store.FiledSubject {
	return store.FiledSubject{ID: id, Account: o.Account, LicenceNo: "浙ICP备2026" + id + "号", AuthorityRef: 77, Subject: o.Data.Subject,
		CreatedAt: at, UpdatedAt: at}
}

func filedSubject(t testing.TB, s *store.Store, o *icp.Order, id string, at time.Time) store.FiledSubject {
	t.Helper()
	v := sampleSubject(o, id, at)
	update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertFiledSubject(ctx, &v) })
	return v
}

// sampleSite is a filed website of the subject "p1"; the licence number
// follows from the id.
func sampleSite(o *icp.Order, id string, at time.Time) store.FiledWebsite {
	w := store.FiledWebsite{ID: id, SubjectID: "p1", Order: o.ID, Website: o.Data.Websites[0], FiledAt: at}
	w.Website.LicenceNo, w.Website.AuthorityRef, w.Website.Principal = "浙ICP备2026p1号-"+id, 78, o.Data.Subject.Principal
	return w
}

func filedSite(t testing.TB, s *store.Store, o *icp.Order, id string, at time.Time) store.FiledWebsite {
	t.Helper()
	w := sampleSite(o, id, at)
	update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertFiledWebsite(ctx, &w) })
	return w
}

func subjectID(v store.FiledSubject) string { return v.ID }
func siteID(w store.FiledWebsite) string    { return w.ID }

func TestAFiledSubjectComesBackWhole(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		v := filedSubject(t, s, draft(t, s, person(t, s, "a1"), "o1", noon), "p1", noon)
		if v.Version != 1 {
			t.Errorf("version = %d", v.Version)
		}
		for name, find := range map[string]func(ctx context.Context, tx *store.Tx) (store.FiledSubject, error){
			"by id": func(ctx context.Context, tx *store.Tx) (store.FiledSubject, error) { return tx.FiledSubject(ctx, "p1") },
			"by licence": func(ctx context.Context, tx *store.Tx) (store.FiledSubject, error) {
				return tx.FiledSubjectByLicence(ctx, v.LicenceNo)
			},
		} {
			if got := read(t, s, find); !reflect.DeepEqual(got, v) {
				t.Errorf("%s: %+v, want %+v", name, got, v)
			}
		}
		missing(t, s, func(ctx context.Context, tx *store.Tx) (store.FiledSubject, error) { return tx.FiledSubject(ctx, "p2") })
		missing(t, s, func(ctx context.Context, tx *store.Tx) (store.FiledSubject, error) {
			return tx.FiledSubjectByLicence(ctx, "p1")
		})
	})
}

func TestALicenceNumberIsInTheRegisterOnce(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		o := draft(t, s, person(t, s, "a1"), "o1", noon)
		first := filedSubject(t, s, o, "p1", noon)
		second := sampleSubject(o, "p2", noon)
		second.LicenceNo = first.LicenceNo
		refused(t, s, icp.E(icp.Conflict, "registry.subject_taken"), func(ctx context.Context, tx *store.Tx) error {
			return tx.InsertFiledSubject(ctx, &second)
		})
		site := filedSite(t, s, o, "w1", noon)
		other := sampleSite(o, "w2", noon)
		other.Website.LicenceNo = site.Website.LicenceNo
		insert := func(ctx context.Context, tx *store.Tx) error { return tx.InsertFiledWebsite(ctx, &other) }
		refused(t, s, icp.E(icp.Conflict, "registry.website_taken"), insert)
		other.Website.LicenceNo, other.SubjectID = "另号", "p2"
		refused(t, s, icp.ErrNotFound, insert) // there is no key of such a subject
		if second.Version != 0 || other.Version != 0 {
			t.Errorf("refused ones have the versions %d and %d", second.Version, other.Version)
		}
	})
}

func TestAStaleFilingIsNotSaved(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		o := draft(t, s, person(t, s, "a1"), "o1", noon)
		stale := icp.E(icp.Conflict, "stale_version")
		v, w := filedSubject(t, s, o, "p1", noon), filedSite(t, s, o, "w1", noon)
		oldV, oldW := v, w
		v.AuthorityRef, v.UpdatedAt, v.Subject.Name, v.Subject.CertificateNumber = 99, noon.Add(time.Hour), "杭州新禾", "91330106MA2B0000XX"
		w.Website.Name, w.Website.Domain, w.Website.AuthorityRef = "新站", "xinhe.cn", 98
		update(t, s, func(ctx context.Context, tx *store.Tx) error {
			nextV, nextW := v, w
			nextV.LicenceNo, nextV.CreatedAt, nextW.FiledAt = "另号", noon.Add(time.Hour), noon.Add(time.Hour) // these stay
			if err := tx.SaveFiledSubject(ctx, &nextV); err != nil {
				return err
			}
			err := tx.SaveFiledWebsite(ctx, &nextW)
			if err == nil && (nextV.Version != 2 || nextW.Version != 2) {
				t.Errorf("versions = %d, %d", nextV.Version, nextW.Version)
			}
			return err
		})
		v.Version, w.Version = 2, 2
		refused(t, s, stale, func(ctx context.Context, tx *store.Tx) error { return tx.SaveFiledSubject(ctx, &oldV) })
		refused(t, s, stale, func(ctx context.Context, tx *store.Tx) error { return tx.SaveFiledWebsite(ctx, &oldW) })
		if got := read(t, s, func(ctx context.Context, tx *store.Tx) (store.FiledSubject, error) { return tx.FiledSubject(ctx, "p1") }); !reflect.DeepEqual(got, v) {
			t.Errorf("got %+v, want %+v", got, v)
		}
		got := read(t, s, func(ctx context.Context, tx *store.Tx) (store.FiledWebsite, error) {
			return tx.FiledWebsiteByLicence(ctx, w.Website.LicenceNo)
		})
		if !reflect.DeepEqual(got, w) {
			t.Errorf("got %+v, want %+v", got, w)
		}
		missing(t, s, func(ctx context.Context, tx *store.Tx) (store.FiledWebsite, error) {
			return tx.FiledWebsiteByLicence(ctx, "w1")
		})
		for number, want := range map[string]int{"91330106MA27XL1Y4A": 0, "91330106ma2b0000xx": 1} {
			if got := read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.FiledSubject, error) {
				return tx.FiledSubjectsWith(ctx, number)
			}); len(got) != want {
				t.Errorf("%s finds %d subjects, want %d", number, len(got), want)
			}
		}
		for domain, want := range map[string]int{"o1.cn": 0, "xinhe.cn": 1} {
			if got := read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.FiledWebsite, error) {
				return tx.FiledWebsitesWith(ctx, domain)
			}); len(got) != want {
				t.Errorf("%s finds %d websites, want %d", domain, len(got), want)
			}
		}
	})
}

func TestTheRegisterIsListedInPages(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		o := draft(t, s, person(t, s, "a1"), "o1", noon)
		other := *o
		other.Account = person(t, s, "a2")
		filedSubject(t, s, &other, "p1", noon)
		for _, x := range ages {
			filedSubject(t, s, o, x.id, x.at)
			filedSite(t, s, o, x.id, x.at)
		}
		for a, want := range map[icp.AccountID][]string{"a1": newest, "a2": {"p1"}} {
			listed(t, s, want, subjectID, func(ctx context.Context, tx *store.Tx, c store.Cursor, n int) ([]store.FiledSubject, store.Cursor, error) {
				return tx.FiledSubjectsOf(ctx, a, c, n)
			})
		}
		for subject, want := range map[string][]string{"p1": newest, "x1": nil} {
			listed(t, s, want, siteID, func(ctx context.Context, tx *store.Tx, c store.Cursor, n int) ([]store.FiledWebsite, store.Cursor, error) {
				return tx.FiledWebsitesOf(ctx, subject, c, n)
			})
		}
		var subjects, sites []string
		for _, v := range read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.FiledSubject, error) {
			return tx.FiledSubjectsWith(ctx, "91330106ma27xl1y4a")
		}) {
			subjects = append(subjects, v.ID)
		}
		for _, w := range read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.FiledWebsite, error) {
			return tx.FiledWebsitesWith(ctx, "o1.cn")
		}) {
			sites = append(sites, w.ID)
		}
		if want := []string{"x4", "p1", "x2", "x3", "x5", "x1"}; !reflect.DeepEqual(subjects, want) {
			t.Errorf("by certificate, the oldest first: %v, want %v", subjects, want)
		}
		if want := []string{"x4", "x2", "x3", "x5", "x1"}; !reflect.DeepEqual(sites, want) {
			t.Errorf("by domain, the oldest first: %v, want %v", sites, want)
		}
	})
}
