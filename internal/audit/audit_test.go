package audit

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 123456000, time.UTC)

func sample() Event {
	return Event{
		Seq: 7, At: noon, Actor: "acc_1", ActorRole: "reviewer", Action: "order.returned",
		ObjectKind: "order", Object: "ord_1", Version: 3, Detail: json.RawMessage(`{"findings":2,"again":false}`),
	}
}

func TestCanonicalBytesStayAsTheyAre(t *testing.T) {
	t.Parallel()
	const want = `17:openbeian-audit-1,1:7,16:1772424000123456,5:acc_1,8:reviewer,14:order.returned,` +
		`5:order,5:ord_1,1:3,28:{"again":false,"findings":2},`
	if got := string(Canonical(sample())); got != want {
		t.Errorf("canonical bytes changed, which breaks every stored chain:\n got %s\nwant %s", got, want)
	}
	if got := hex.EncodeToString(Chain(Genesis(), sample())); got != wantChain {
		t.Errorf("chain hash changed: %s", got)
	}
}

func TestWhatADatabaseMayChangeDoesNotCount(t *testing.T) {
	t.Parallel()
	want := Canonical(sample())
	for name, change := range map[string]func(*Event){
		"zone of the time":        func(e *Event) { e.At = e.At.In(time.FixedZone("CST", 8*3600)) },
		"less than a microsecond": func(e *Event) { e.At = e.At.Add(999) },
		"order of the keys":       func(e *Event) { e.Detail = json.RawMessage(`{"again":false,"findings":2}`) },
		"white space":             func(e *Event) { e.Detail = json.RawMessage(" {\"findings\" : 2,\n\"again\":false}") },
	} {
		e := sample()
		change(&e)
		if got := Canonical(e); !bytes.Equal(got, want) {
			t.Errorf("%s counts: %s", name, got)
		}
	}
}

func TestEveryFieldCounts(t *testing.T) {
	t.Parallel()
	seen := map[string]string{string(Canonical(sample())): "unchanged"}
	for name, change := range map[string]func(*Event){
		"seq":                     func(e *Event) { e.Seq++ },
		"at":                      func(e *Event) { e.At = e.At.Add(time.Microsecond) },
		"actor":                   func(e *Event) { e.Actor = "acc_2" },
		"role":                    func(e *Event) { e.ActorRole = "operator" },
		"action":                  func(e *Event) { e.Action = "order.passed" },
		"kind":                    func(e *Event) { e.ObjectKind = "site" },
		"object":                  func(e *Event) { e.Object = "ord_2" },
		"version":                 func(e *Event) { e.Version++ },
		"detail":                  func(e *Event) { e.Detail = json.RawMessage(`{"findings":3,"again":false}`) },
		"no detail":               func(e *Event) { e.Detail = nil },
		"null detail":             func(e *Event) { e.Detail = json.RawMessage(`null`) },
		"big number":              func(e *Event) { e.Detail = json.RawMessage(`9007199254740993`) },
		"big number's neighbour":  func(e *Event) { e.Detail = json.RawMessage(`9007199254740992`) },
		"detail that is not JSON": func(e *Event) { e.Detail = json.RawMessage(`{"a":1`) },
		"two values":              func(e *Event) { e.Detail = json.RawMessage(`1 2`) },
		"that as a JSON string":   func(e *Event) { e.Detail = json.RawMessage(`"1 2"`) },
		"text moved over a field": func(e *Event) { e.Actor, e.ActorRole = "acc_1reviewer", "" },
	} {
		e := sample()
		change(&e)
		b := string(Canonical(e))
		if other, ok := seen[b]; ok {
			t.Errorf("%q has the same bytes as %q", name, other)
		}
		seen[b] = name
	}
}

// chain makes n good rows, with a gap in the numbers.
func chain(n int) []Row {
	rows, prev := make([]Row, 0, n), Genesis()
	for i := range n {
		e := sample()
		e.Seq = int64(10 + 2*i)
		prev = Chain(prev, e)
		rows = append(rows, Row{Event: e, Hash: prev})
	}
	return rows
}

func each(rows []Row) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func TestVerifyNamesTheFirstBrokenRow(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		damage func([]Row) []Row
		seq    int64
		reason Break
	}{
		"a field changed":         {func(r []Row) []Row { r[2].Event.Actor = "acc_9"; return r }, 14, Hash},
		"detail changed":          {func(r []Row) []Row { r[0].Event.Detail = nil; return r }, 10, Hash},
		"a hash changed":          {func(r []Row) []Row { r[3].Hash = Genesis(); return r }, 16, Hash},
		"a hash missing":          {func(r []Row) []Row { r[3].Hash = nil; return r }, 16, Hash},
		"a row removed":           {func(r []Row) []Row { return slices.Delete(r, 1, 2) }, 14, Hash},
		"the first row removed":   {func(r []Row) []Row { return r[1:] }, 12, Hash},
		"a row twice":             {func(r []Row) []Row { return slices.Insert(r, 2, r[1]) }, 12, Order},
		"two rows changed places": {func(r []Row) []Row { r[1], r[2] = r[2], r[1]; return r }, 14, Hash},
		"a row rehashed alone": {func(r []Row) []Row {
			r[1].Event.Version = 9
			r[1].Hash = Chain(r[0].Hash, r[1].Event)
			return r
		}, 14, Hash},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Verify(Start(), each(c.damage(chain(5))))
			var broken *BrokenError
			if !errors.As(err, &broken) {
				t.Fatalf("err = %v, want a break", err)
			}
			if broken.Seq != c.seq || broken.Reason != c.reason {
				t.Errorf("break at %d (%s), want %d (%s)", broken.Seq, broken.Reason, c.seq, c.reason)
			}
		})
	}
}

func TestVerifyGoesOnFromAHead(t *testing.T) {
	t.Parallel()
	rows := chain(6)
	half, err := Verify(Start(), each(rows[:3]))
	if err != nil || half.Seq != 14 || half.Rows != 3 {
		t.Fatalf("half = %v rows %d, %v", half, half.Rows, err)
	}
	end, err := Verify(half, each(rows[3:]))
	if err != nil || end.Seq != 20 || end.Rows != 6 || !bytes.Equal(end.Hash, rows[5].Hash) {
		t.Errorf("end = %v, %v", end, err)
	}
	if empty, err := Verify(Start(), each(nil)); err != nil || !bytes.Equal(empty.Hash, Genesis()) {
		t.Errorf("empty chain = %v, %v", empty, err)
	}
}

func TestVerifyPassesOnReadErrors(t *testing.T) {
	t.Parallel()
	gone := errors.New("database is gone")
	_, err := Verify(Start(), func(yield func(Row, error) bool) {
		_ = yield(chain(1)[0], nil) && yield(Row{}, gone)
	})
	if !errors.Is(err, gone) {
		t.Errorf("err = %v", err)
	}
}

func FuzzCanonicalDetail(f *testing.F) {
	f.Add([]byte(`{"b":1,"a":[1.0,"x<y"]}`))
	f.Add([]byte(`{"a`))
	f.Fuzz(func(t *testing.T, detail []byte) {
		e := sample()
		e.Detail = detail
		once := canonicalJSON(detail)
		if json.Valid(detail) && len(bytes.TrimSpace(detail)) > 0 && !bytes.Equal(once, canonicalJSON(once)) {
			t.Errorf("not stable: %q", once)
		}
		if !bytes.Equal(Canonical(e), Canonical(e)) {
			t.Error("not deterministic")
		}
	})
}

func BenchmarkChain(b *testing.B) {
	e, prev := sample(), Genesis()
	b.ReportAllocs()
	for b.Loop() {
		prev = Chain(prev, e)
	}
}
