package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// heldChannel adds the channel "c1" with a download "d1".
func heldChannel(t testing.TB, s *store.Store) {
	t.Helper()
	update(t, s, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.EnsureChannel(ctx, "c1", "北京"); err != nil {
			return err
		}
		d := store.Download{ID: "d1", Channel: "c1", FileName: "a.xml", Hash: "h", BlobKey: "k", State: store.DownloadReceived, ReceivedAt: noon}
		_, err := tx.InsertDownload(ctx, &d)
		return err
	})
}

func sampleHeld(s *store.Store, ref int64) store.Held {
	return store.Held{Channel: "c1", Kind: store.HeldWebsite, Ref: ref, SubjectRef: 7, LicenceNo: fmt.Sprintf("京ICP备2024012345号-%d", ref), Standing: store.StandingFiled,
		Content: json.RawMessage(`{"Name":"周明远"}`), Hash: s.Fingerprint("held", fmt.Sprint(ref)), ChangedAt: noon.Add(-time.Hour), ToldAt: noon, ToldBy: "d1"}
}

func putHeld(t testing.TB, s *store.Store, h *store.Held, names *store.HeldNames) {
	t.Helper()
	update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.PutHeld(ctx, h, names) })
}

func TestWhatTheAuthorityHoldsIsFoundByEveryName(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		heldChannel(t, s)
		h := sampleHeld(s, 11)
		putHeld(t, s, &h, &store.HeldNames{Domains: []string{"old.example.cn"}, Accesses: []int64{5}})
		h.Content, h.Hash = json.RawMessage(`{"Name":"周岚"}`), s.Fingerprint("held", "other")
		putHeld(t, s, &h, &store.HeldNames{Domains: []string{"yunshan.cn", "yunshan.net"}, Accesses: []int64{31, 32}})
		for name, find := range map[string]func(context.Context, *store.Tx) ([]store.Held, error){
			"id": func(ctx context.Context, tx *store.Tx) ([]store.Held, error) {
				one, err := tx.Held(ctx, "c1", store.HeldWebsite, 11)
				return []store.Held{one}, err
			},
			"subject": func(ctx context.Context, tx *store.Tx) ([]store.Held, error) { return tx.HeldOf(ctx, "c1", 7) },
			"licence": func(ctx context.Context, tx *store.Tx) ([]store.Held, error) {
				return tx.HeldByLicence(ctx, h.LicenceNo)
			},
			"domain": func(ctx context.Context, tx *store.Tx) ([]store.Held, error) {
				return tx.HeldByDomain(ctx, "yunshan.net")
			},
			"access": func(ctx context.Context, tx *store.Tx) ([]store.Held, error) {
				one, err := tx.HeldByAccess(ctx, "c1", 32)
				return []store.Held{one}, err
			},
		} {
			if got := read(t, s, find); !reflect.DeepEqual(got, []store.Held{h}) {
				t.Errorf("by %s: %+v, want %+v", name, got, h)
			}
		}
		if got := read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.Held, error) {
			return tx.HeldByDomain(ctx, "old.example.cn")
		}); len(got) != 0 {
			t.Errorf("a domain that it has no more: %+v", got)
		}
		missing(t, s, func(ctx context.Context, tx *store.Tx) (store.Held, error) { return tx.HeldByAccess(ctx, "c2", 32) })
		missing(t, s, func(ctx context.Context, tx *store.Tx) (store.Held, error) {
			return tx.HeldBrief(ctx, "c1", store.HeldSubject, 11)
		})
	})
}

func TestASynchronisationShowsWhatIsNoMore(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		heldChannel(t, s)
		for ref := range int64(5) {
			h := sampleHeld(s, ref+1)
			if ref == 4 {
				h.Standing = store.StandingCancelled
			}
			putHeld(t, s, &h, nil)
		}
		before := read(t, s, func(ctx context.Context, tx *store.Tx) (bool, error) { return tx.SyncedBefore(ctx, "c1", "sync") })
		later := noon.Add(time.Minute)
		update(t, s, func(ctx context.Context, tx *store.Tx) error {
			seen, gone := sampleHeld(s, 2), sampleHeld(s, 3)
			seen.ToldAt, seen.ToldBy, seen.SeenBy = later, "sync", "sync"
			gone.Standing, gone.ToldAt = store.StandingGone, later
			if err := tx.TouchHeld(ctx, &seen); err != nil {
				return err
			}
			return tx.SetStanding(ctx, &gone)
		})
		unseen := func(after int64, limit int) []int64 {
			list := read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.Held, error) {
				return tx.HeldUnseen(ctx, "c1", store.HeldWebsite, after, "sync", later, limit)
			})
			var out []int64
			for _, h := range list {
				out = append(out, h.Ref)
			}
			return out
		}
		if all, first, rest := unseen(0, 10), unseen(0, 1), unseen(1, 10); !slices.Equal(all, []int64{1, 4}) || !slices.Equal(first, []int64{1}) || !slices.Equal(rest, []int64{4}) {
			t.Errorf("unseen %v, first %v, rest %v", all, first, rest)
		}
		counts := read(t, s, func(ctx context.Context, tx *store.Tx) ([2]int64, error) {
			filed, left, err := tx.CountHeld(ctx, "c1", "sync", later)
			return [2]int64{filed, left}, err
		})
		if counts != [2]int64{3, 2} || before {
			t.Errorf("filed and unseen %v, synchronised before %v", counts, before)
		}
		if !read(t, s, func(ctx context.Context, tx *store.Tx) (bool, error) { return tx.SyncedBefore(ctx, "c1", "next") }) {
			t.Error("the synchronisation before the next one is forgotten")
		}
	})
}

func TestTheBlacklistIsAskedByOneQueryInAnySpelling(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		heldChannel(t, s)
		put := func(list store.BlackList, kind store.LookupKind, value string) {
			e := store.BlackEntry{Channel: "c1", List: list, Kind: kind, Value: value, Content: json.RawMessage(`{}`), ToldAt: noon, ToldBy: "d1"}
			update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.PutBlackEntry(ctx, &e) })
		}
		listed := func(kind store.LookupKind, values ...string) map[string][]store.BlackList {
			return read(t, s, func(ctx context.Context, tx *store.Tx) (map[string][]store.BlackList, error) {
				return tx.Listed(ctx, kind, values)
			})
		}
		put(store.ListBlack, store.ByCertificate, "11010519491231002x")
		put(store.ListBlack, store.ByDomain, "bad.example.cn")
		put(store.ListIllegal, store.ByDomain, "bad.example.cn")
		put(store.ListIllegal, store.ByDomain, "bad.example.cn")
		if got := listed(store.ByCertificate, "11010519491231002X", "", "91110108MA01ABCD3X"); !reflect.DeepEqual(got, map[string][]store.BlackList{"11010519491231002X": {store.ListBlack}}) {
			t.Errorf("certificates %v", got)
		}
		if got := listed(store.ByDomain, "bad.example.cn", "good.example.cn"); !reflect.DeepEqual(got, map[string][]store.BlackList{"bad.example.cn": {store.ListBlack, store.ListIllegal}}) {
			t.Errorf("domains %v", got)
		}
		update(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.DropBlackEntry(ctx, "c1", store.ListBlack, store.ByDomain, "bad.example.cn")
		})
		if got := listed(store.ByDomain, "bad.example.cn")["bad.example.cn"]; !slices.Equal(got, []store.BlackList{store.ListIllegal}) {
			t.Errorf("after it was taken off: %v", got)
		}
	})
}

func sampleEvent(s *store.Store, id string, at time.Time) store.AuthorityEvent {
	return store.AuthorityEvent{ID: id, Channel: "c1", Download: "d1", Kind: "check_task", Fingerprint: s.Fingerprint("event", id), State: store.EventOpen, Asks: true,
		SubjectRef: 7, WebsiteRef: 11, LicenceNo: "京ICP备2024012345号", Domain: "yunshan.cn", Account: "a1", Order: "o1", Server: "s1", Changed: []string{"Name", "Fzr"},
		Content: store.EventContent{Before: json.RawMessage(`{"a":1}`), After: json.RawMessage(`{"a":2}`), Unknown: map[string]string{"/x": "<x></x>"}}, CreatedAt: at}
}

func TestAnEventComesBackWholeAndIsClosedOnce(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		heldChannel(t, s)
		e := sampleEvent(s, "e1", noon)
		e.DueAt = noon.Add(time.Hour)
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertAuthorityEvent(ctx, &e) })
		got := read(t, s, func(ctx context.Context, tx *store.Tx) (store.AuthorityEvent, error) {
			return tx.AuthorityEvent(ctx, "e1")
		})
		if !reflect.DeepEqual(got, e) {
			t.Errorf("%+v, want %+v", got, e)
		}
		same := read(t, s, func(ctx context.Context, tx *store.Tx) (store.AuthorityEvent, error) {
			return tx.SameAuthorityEvent(ctx, "c1", e.Fingerprint)
		})
		if same.ID != "e1" || len(same.Content.After) != 0 {
			t.Errorf("found %+v", same)
		}
		stale := got
		got.State, got.ClosedAt, got.ClosedBy, got.Reason = store.EventClosed, noon, "a1", "已核实"
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveAuthorityEvent(ctx, &got) })
		refused(t, s, icp.E(icp.Conflict, "stale_version"), func(ctx context.Context, tx *store.Tx) error { return tx.SaveAuthorityEvent(ctx, &stale) })
		if again := read(t, s, func(ctx context.Context, tx *store.Tx) (store.AuthorityEvent, error) {
			return tx.AuthorityEvent(ctx, "e1")
		}); !reflect.DeepEqual(again, got) {
			t.Errorf("%+v, want %+v", again, got)
		}
		missing(t, s, func(ctx context.Context, tx *store.Tx) (store.AuthorityEvent, error) {
			return tx.AuthorityEvent(ctx, "e2")
		})
	})
}

func TestEventsAreListedByStateKindAndDate(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		heldChannel(t, s)
		update(t, s, func(ctx context.Context, tx *store.Tx) error {
			for i := range 6 {
				e := sampleEvent(s, fmt.Sprintf("e%d", i), noon.Add(time.Duration(i)*time.Minute))
				switch i % 3 {
				case 0:
					e.State = store.EventClosed
				case 1:
					e.Kind = "notice"
				}
				if i >= 4 {
					e.DueAt = noon.Add(time.Duration(10-i) * time.Hour)
				}
				if err := tx.InsertAuthorityEvent(ctx, &e); err != nil {
					return err
				}
			}
			return nil
		})
		open := []store.EventState{store.EventOpen}
		for name, c := range map[string]struct {
			f    store.EventFilter
			want []string
		}{
			"all":              {store.EventFilter{}, []string{"e5", "e4", "e3", "e2", "e1", "e0"}},
			"open":             {store.EventFilter{States: open}, []string{"e5", "e4", "e2", "e1"}},
			"of a kind":        {store.EventFilter{Kind: "notice"}, []string{"e4", "e1"}},
			"of a channel":     {store.EventFilter{Channel: "c2"}, nil},
			"of an account":    {store.EventFilter{States: open, Account: "a1", Kind: "check_task"}, []string{"e5", "e2"}},
			"the nearest date": {store.EventFilter{States: open, ByDue: true}, []string{"e5", "e4"}},
		} {
			var got []string
			for cursor := store.Cursor(""); ; {
				var next store.Cursor
				part := read(t, s, func(ctx context.Context, tx *store.Tx) (list []store.AuthorityEvent, err error) {
					list, next, err = tx.AuthorityEvents(ctx, c.f, cursor, 2)
					return list, err
				})
				for _, e := range part {
					got = append(got, e.ID)
				}
				if cursor = next; cursor == "" {
					break
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		}
		counts := read(t, s, func(ctx context.Context, tx *store.Tx) (map[string]int, error) {
			byKind, late, err := tx.CountAuthorityEvents(ctx, noon.Add(5*time.Hour+time.Minute))
			byKind["late"] = late
			return byKind, err
		})
		if !reflect.DeepEqual(counts, map[string]int{"check_task": 2, "notice": 2, "late": 1}) {
			t.Errorf("counts %v", counts)
		}
	})
}

func TestAnswersGoTheirWay(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		heldChannel(t, s)
		e := sampleEvent(s, "e1", noon)
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertAuthorityEvent(ctx, &e) })
		var all []store.AuthorityAnswer
		for i := range 2 {
			a := store.AuthorityAnswer{ID: fmt.Sprintf("w%d", i), Event: "e1", Channel: "c1", Operation: "HSJG", State: store.AnswerWaiting,
				Record: json.RawMessage(`{"Opinion":"属实"}`), CreatedBy: "a1", CreatedAt: noon.Add(time.Duration(i) * time.Second), UpdatedAt: noon}
			update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertAuthorityAnswer(ctx, &a) })
			all = append(all, a)
		}
		waiting := func() []store.AuthorityAnswer {
			return read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.AuthorityAnswer, error) {
				return tx.WaitingAnswers(ctx, "c1", 10)
			})
		}
		if got := waiting(); !reflect.DeepEqual(got, all) {
			t.Fatalf("waiting %+v, want %+v", got, all)
		}
		stale := all[0]
		all[0].State, all[0].Upload, all[0].Code, all[0].Message = store.AnswerAccepted, "u1", 0, "成功"
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveAuthorityAnswer(ctx, &all[0]) })
		refused(t, s, icp.E(icp.Conflict, "stale_version"), func(ctx context.Context, tx *store.Tx) error { return tx.SaveAuthorityAnswer(ctx, &stale) })
		for name, find := range map[string]func(context.Context, *store.Tx) ([]store.AuthorityAnswer, error){
			"of the file": func(ctx context.Context, tx *store.Tx) ([]store.AuthorityAnswer, error) {
				return tx.AnswersOfUpload(ctx, "u1")
			},
			"taken": func(ctx context.Context, tx *store.Tx) ([]store.AuthorityAnswer, error) {
				return tx.RecentAnswers(ctx, "c1", 10)
			},
		} {
			if got := read(t, s, find); !reflect.DeepEqual(got, all[:1]) {
				t.Errorf("%s: %+v", name, got)
			}
		}
		if got := read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.AuthorityAnswer, error) {
			return tx.AnswersOf(ctx, "e1")
		}); len(got) != 2 || got[0].ID != "w1" {
			t.Errorf("of the event: %+v", got)
		}
		if got := waiting(); len(got) != 1 || got[0].ID != "w1" {
			t.Errorf("still waiting: %+v", got)
		}
	})
}

func TestAnImportKeepsHowFarItIs(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		heldChannel(t, s)
		missing(t, s, func(ctx context.Context, tx *store.Tx) (store.Import, error) { return tx.Import(ctx, "d1") })
		i := store.Import{Download: "d1", Records: 200, Bytes: 10, Total: 100, Added: 1, Changed: 2, Gone: 3, Events: 4, LeftOut: 1,
			Unknown: []string{"/ICP/Neu", "/ICP/Alt"}, BegunAt: noon, UpdatedAt: noon}
		for range 2 {
			update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.PutImport(ctx, &i) })
			if got := read(t, s, func(ctx context.Context, tx *store.Tx) (store.Import, error) { return tx.Import(ctx, "d1") }); !reflect.DeepEqual(got, i) {
				t.Errorf("%+v, want %+v", got, i)
			}
			i.Records, i.Bytes, i.Unknown, i.DoneAt = 400, 100, nil, noon.Add(time.Minute)
		}
	})
}

func TestACancelledFilingIsNotFiledHereAnyMore(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		o := draft(t, s, person(t, s, "a1"), "o1", noon)
		p := filedSubject(t, s, o, "p1", noon)
		w := filedSite(t, s, o, "w1", noon)
		access := store.FiledAccess{ID: "x1", WebsiteID: "w1", Server: "s1", PublicIP: "203.0.113.7", CreatedAt: noon}
		update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.InsertFiledAccess(ctx, access) })
		for name, find := range map[string]func(context.Context, *store.Tx) (string, error){
			"subject": func(ctx context.Context, tx *store.Tx) (string, error) {
				v, err := tx.FiledSubjectByRef(ctx, 77)
				return v.ID, err
			},
			"website": func(ctx context.Context, tx *store.Tx) (string, error) {
				v, err := tx.FiledWebsiteByRef(ctx, 78)
				return v.ID, err
			},
		} {
			if got := read(t, s, find); got != map[string]string{"subject": "p1", "website": "w1"}[name] {
				t.Errorf("%s by the authority's id: %s", name, got)
			}
		}
		here := func() store.FiledHere {
			return read(t, s, func(ctx context.Context, tx *store.Tx) (store.FiledHere, error) {
				return tx.FiledHere(ctx, p.Subject.CertificateNumber, "a1", "")
			})
		}
		if got := here(); !got.Mine || got.Websites != 1 {
			t.Fatalf("before: %+v", got)
		}
		for i := range 2 { // a second time changes nothing
			at := noon.Add(time.Duration(i+1) * time.Hour)
			update(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.CancelFiledWebsite(ctx, "w1", at) })
		}
		if got := here(); !got.Mine || got.Websites != 0 {
			t.Errorf("after the website ended: %+v", got)
		}
		update(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.CancelFiledSubject(ctx, "p1", noon.Add(time.Hour))
		})
		if got := here(); got.Mine {
			t.Errorf("after the subject ended: %+v", got)
		}
		site := read(t, s, func(ctx context.Context, tx *store.Tx) (store.FiledWebsite, error) {
			return tx.FiledWebsiteByLicence(ctx, w.Website.LicenceNo)
		})
		reached := read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.FiledAccess, error) {
			return tx.FiledAccessesOf(ctx, "w1")
		})
		if want := noon.Add(time.Hour); !site.CancelledAt.Equal(want) || !reached[0].CancelledAt.Equal(want) {
			t.Errorf("website %v, access %v, want %v", site.CancelledAt, reached[0].CancelledAt, want)
		}
		if got := read(t, s, func(ctx context.Context, tx *store.Tx) ([]store.FiledWebsite, error) {
			return tx.FiledWebsitesWith(ctx, w.Website.Domain)
		}); len(got) != 0 {
			t.Errorf("still filed under its domain: %+v", got)
		}
	})
}
