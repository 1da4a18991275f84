package refdata_test

import (
	"sync"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/refdata"
)

// later is an edition in which 25 November 2026 is a holiday, the calendar
// reaches into 2027, and the languages and regions are few.
func later(t testing.TB) *refdata.Tables {
	t.Helper()
	with, err := refdata.LoadFiles(map[string][]byte{
		"workdays.json": []byte(`{"table":"workdays","source":"test","as_of":"2026-11-24","from":"2025-01-01","until":"2027-12-31",
			"rows":[{"date":"2026-11-25","work":false,"zh":"试","en":"Test"}]}`),
		"languages.json": []byte(`{"table":"languages","source":"test","as_of":"2026-11-24","rows":[{"id":99,"zh":"世界语","en":"Esperanto"}]}`),
		"tlds.json":      []byte(`{"table":"tlds","source":"test","as_of":"2026-11-24","rows":[{"name":"io","kind":"ascii"}]}`),
		"registrars.json": []byte(`{"table":"registrars","source":"test","as_of":"2026-11-24","rows":[
			{"en":"Example Registrar","iana":"7","aliases":[],"approved":true,"checked":true}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	return with
}

func TestReplaceReachesEveryHolder(t *testing.T) {
	t.Parallel()
	tables := refdata.Builtin().Copy()
	tuesday := at(t, "2026-11-24 09:00")
	view, calendar, known := tables.On(tuesday), tables.Calendar(), tables.Calendar().Known()
	terms := order.DefaultTerms(view.Calendar())
	if got := terms.Calendar.AddWorkdays(tuesday, 1); !got.Equal(at(t, "2026-11-25 09:00")) {
		t.Fatalf("before: %s", got)
	}

	with := later(t)
	tables.Replace(with)

	for holder, got := range map[string]time.Time{
		"the calendar": calendar.AddWorkdays(tuesday, 1),
		"the terms":    terms.Calendar.AddWorkdays(tuesday, 1),
	} {
		if !got.Equal(at(t, "2026-11-26 09:00")) {
			t.Errorf("%s still counts the holiday: %s", holder, got)
		}
	}
	if got, err := known.AddWorkdays(at(t, "2026-12-30 09:00"), 5); err != nil || got.Year() != 2027 {
		t.Errorf("the strict calendar does not know 2027: %s, %v", got, err)
	}
	if calendar.IsWorkday(at(t, "2026-11-25 09:00")) || calendar.Until().Year() != 2027 {
		t.Error("the calendar shows the old days")
	}
	for name, v := range map[string]*refdata.Tables{"the tables": tables, "a view": view} {
		if l := v.Languages(); len(l) != 1 || l[0].ID != 99 {
			t.Errorf("%s lists %+v", name, l)
		}
		if got := v.SuffixListing("io", "", ""); got != refdata.Approved {
			t.Errorf("%s: .io is %s", name, got)
		}
		if got := v.RegistrarListing("", "7"); got != refdata.Approved {
			t.Errorf("%s: the registrar is %s", name, got)
		}
	}

	with.Replace(refdata.Builtin())
	if l := tables.Languages(); len(l) != 1 {
		t.Errorf("the tables follow what replaced them: %d languages", len(l))
	}
	if l := refdata.Builtin().Languages(); len(l) != 17 {
		t.Errorf("the built-in tables changed: %d languages", len(l))
	}
}

// Readers of one call never see two editions mixed: an index of one with the
// rows of another would panic or give a wrong row.
func TestReplaceWhileRead(t *testing.T) {
	t.Parallel()
	tables := refdata.Builtin().Copy()
	editions := []*refdata.Tables{later(t), refdata.Builtin()}
	day := at(t, "2026-11-24 09:00")
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			v, c := tables.On(day), tables.Calendar()
			for {
				select {
				case <-done:
					return
				default:
				}
				if n := len(v.Languages()); n != 1 && n != 17 {
					t.Errorf("%d languages", n)
				}
				if d, ok := v.TLD("io"); ok && d.Name != "io" {
					t.Errorf("io is %+v", d)
				}
				if r, _ := v.Registrar("1599"); r.IANA != "" && r.IANA != "1599" {
					t.Errorf("1599 is %+v", r)
				}
				if got := c.AddWorkdays(day, 1).Day(); got != 25 && got != 26 {
					t.Errorf("next working day is the %d", got)
				}
				if got := len(v.Children("440000")); got != 21 {
					t.Errorf("%d cities", got)
				}
			}
		})
	}
	for i := range 2000 {
		tables.Replace(editions[i%2])
	}
	close(done)
	readers.Wait()
}
