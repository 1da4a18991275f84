package rules

import (
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/rules"
)

func engines(tb testing.TB) map[string]engine {
	tb.Helper()
	none := fstest.MapFS{}
	return map[string]engine{"packs": newPacks(tb, os.DirFS("pack"), none), "expr": newPacks(tb, none, os.DirFS("expr")), "cel": newCEL(tb), "opa": newOPA(tb)}
}

// All judge alike, or their times could not be compared.
func TestEnginesAgree(t *testing.T) {
	t.Parallel()
	all := engines(t)
	cases := []*rules.Case{tenWebsites(), faulty()}
	for seed := range uint64(200) {
		cases = append(cases, some(seed))
	}
	found := map[string]int{}
	for i, c := range cases {
		want := all["packs"].judge(all["packs"].prepare(c))
		for name, e := range all {
			if got := e.judge(e.prepare(c)); !slices.Equal(got, want) {
				t.Fatalf("case %d: %s finds\n%s\nthe packs\n%s", i, name, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
		for _, f := range want {
			rule, _, _ := strings.Cut(f, " ")
			found[rule]++
		}
	}
	if len(found) != 10 {
		t.Errorf("only these rules found something: %v", found)
	}
}

// BenchmarkTenRules measures one judgement of an order of ten websites:
// prepared, when the case stands ready in the engine's own form, and from the
// order itself.
func BenchmarkTenRules(b *testing.B) {
	all := engines(b)
	for _, x := range []struct {
		name string
		c    *rules.Case
	}{{"clean", tenWebsites()}, {"faulty", faulty()}} {
		for _, name := range []string{"packs", "expr", "cel", "opa"} {
			e := all[name]
			b.Run(x.name+"/"+name+"/prepared", func(b *testing.B) {
				ready := e.prepare(x.c)
				measure(b, func() { e.judge(ready) })
			})
			if _, reads := e.(packs); !reads { // they read orders
				b.Run(x.name+"/"+name+"/order", func(b *testing.B) {
					measure(b, func() { e.judge(e.prepare(x.c)) })
				})
			}
		}
	}
}

// inProvinces gives a case in some county of every province.
func inProvinces(of func() *rules.Case) map[string]*rules.Case {
	out := map[string]*rules.Case{}
	tables := refdata.Builtin()
	for _, p := range tables.Provinces() {
		c := of()
		city := tables.Children(p.Code)[0]
		c.Order.Data.Subject.Region = tables.Children(city.Code)[0].Code
		out[p.EN] = c
	}
	return out
}

// BenchmarkAllPacks judges an order of ten websites under all packs of the
// product, province by province: one operation is one judgement, the figure the
// mean of all provinces.
func BenchmarkAllPacks(b *testing.B) {
	set, err := rules.Builtin(refdata.Builtin())
	if err != nil {
		b.Fatal(err)
	}
	for name, of := range map[string]func() *rules.Case{"clean": tenWebsites, "faulty": faulty} {
		var cases []*rules.Case
		for _, c := range inProvinces(of) {
			cases = append(cases, c)
		}
		b.Run(name, func(b *testing.B) {
			i := 0
			measure(b, func() { set.Evaluate(*cases[i%len(cases)], at); i++ })
		})
	}
}

// BenchmarkProvinces tells the provinces of BenchmarkAllPacks one by one.
func BenchmarkProvinces(b *testing.B) {
	set, err := rules.Builtin(refdata.Builtin())
	if err != nil {
		b.Fatal(err)
	}
	for name, c := range inProvinces(tenWebsites) {
		b.Run(name, func(b *testing.B) { measure(b, func() { set.Evaluate(*c, at) }) })
	}
}

// measure tells the process's own time beside the clock's, which other work on
// the machine lengthens.
func measure(b *testing.B, f func()) {
	b.ReportAllocs()
	before := cpu(b)
	for b.Loop() {
		f()
	}
	b.ReportMetric(float64(cpu(b)-before)/float64(b.N), "cpu-ns/op")
}

func cpu(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
