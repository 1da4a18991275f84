package archtest

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/openbeian/beian/"

// anything allows every import; it is for wiring and for tests of the whole.
const anything = "*"

// Groups of packages that the table names together.
var (
	words = []string{"internal/icp", "internal/refdata", "internal/clock"}
	pure  = []string{
		"internal/icp", "internal/refdata", "internal/order", "internal/rules",
		"internal/form", "internal/access", "internal/audit", "internal/imaging",
	}
	wordsAndStore = append([]string{"internal/store"}, words...)
	wordsAndRules = append([]string{"internal/clock"}, pure...)
	useCases      = append([]string{"internal/store", "internal/blob", "internal/seal"}, wordsAndRules...)
)

// mayImport is the table: package → packages of ours that it may import. Every
// package must find a row, either its own or that of the nearest parent; a
// package may always import its own parent and the packages below itself.
var mayImport = map[string][]string{
	// Words and rules: no input or output, even indirectly.
	"internal/icp":     {},
	"internal/refdata": {"internal/icp", "internal/clock"},
	"internal/order":   {"internal/icp", "internal/refdata", "internal/clock"},
	"internal/rules":   {"internal/icp", "internal/refdata", "internal/clock"},
	"internal/form":    {"internal/icp", "internal/refdata", "internal/rules", "internal/order", "internal/clock"},
	"internal/access":  {"internal/icp"},
	"internal/audit":   {"internal/icp"},
	"internal/imaging": {"internal/icp"},

	// What everything stands on.
	"internal/clock":  {},
	"internal/config": {"internal/icp"},
	"internal/i18n":   {"internal/icp"},

	// Ports and their adapters.
	"internal/store": append([]string{"internal/seal"}, wordsAndRules...),
	// The suite and the tests of what stands above open real databases with it.
	"internal/store/storetest": append([]string{"internal/seal", "internal/store/sqlite", "internal/store/postgres/pgtest"}, wordsAndStore...),
	"internal/blob":            {"internal/icp"},
	"internal/seal":            {"internal/icp"},
	"internal/jobs":            wordsAndStore,
	"internal/authority":       append([]string{"internal/jobs", "internal/blob", "internal/seal", "internal/imaging", "internal/audit"}, wordsAndStore...),
	"internal/inventory":       append([]string{"internal/access", "internal/audit"}, wordsAndStore...),
	"internal/domaincheck":     words,
	// Saved checks stand between the checker and the store.
	"internal/domaincheck/saved": append([]string{"internal/access"}, wordsAndStore...),
	"internal/identity":          {"internal/icp", "internal/clock"},
	"internal/notify":            append([]string{"internal/i18n", "internal/jobs", "internal/audit"}, wordsAndStore...),

	// Use.
	"internal/accounts": useCases,
	"internal/casework": useCases,
	"internal/registry": useCases,
	"internal/rulebook": append([]string{"internal/i18n"}, useCases...),
	// The pre-check judges by what orders are judged by.
	"internal/precheck": append([]string{"internal/i18n", "internal/domaincheck", "internal/domaincheck/saved", "internal/inventory", "internal/rulebook"}, useCases...),
	// Sample orders are made by use cases, and the simulators have the rest.
	"internal/demo": append([]string{"internal/casework", "internal/inventory", "internal/domaincheck", "internal/domaincheck/saved", "internal/domaincheck/sim",
		"internal/authority/sim", "internal/imaging"}, useCases...),

	// The edge.
	"internal/api": append([]string{
		"internal/accounts", "internal/casework", "internal/registry", "internal/i18n", "internal/config", "internal/authority",
		"internal/inventory", "internal/domaincheck", "internal/domaincheck/saved", "internal/identity", "internal/notify", "internal/notify/inbox", "internal/jobs", "internal/rulebook", "internal/precheck",
	}, useCases...),
	"web":               {},
	"cmd/beian":         {anything},
	"bench":             {anything},
	"e2e":               {anything},
	"internal/archtest": {},
}

// sideEffects are what words and rules must not reach.
var sideEffects = []string{"net/http", "database/sql", "os/exec"}

type goPackage struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

func TestEveryPackageImportsOnlyWhatItsRowAllows(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		row, ok := rowOf(name)
		if !ok {
			t.Errorf("%s has no row in mayImport: say what it may import", name)
			continue
		}
		for _, path := range p.Imports {
			used, ours := strings.CutPrefix(path, module)
			if ours && !allowed(name, used, mayImport[row]) {
				t.Errorf("%s imports %s, which the row %q does not allow", name, used, row)
			}
		}
	}
}

func TestWordsAndRulesReachNoInputOrOutput(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		row, _ := rowOf(name)
		if !slices.Contains(pure, row) {
			continue
		}
		for _, bad := range sideEffects {
			if slices.Contains(p.Deps, bad) {
				t.Errorf("%s reaches %s", name, bad)
			}
		}
	}
}

func TestTableRefuses(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		from, to string
		want     bool
	}{
		"rules on the store":              {"internal/rules", "internal/store", false},
		"words on the edge":               {"internal/icp", "internal/api", false},
		"a port's sibling adapter":        {"internal/store/sqlite", "internal/store/postgres", false},
		"the edge on an engine":           {"internal/api", "internal/store/sqlite", false},
		"the suite on an engine":          {"internal/store/storetest", "internal/store/sqlite", true},
		"an adapter on its own port":      {"internal/store/sqlite", "internal/store", true},
		"a port on what lies below it":    {"internal/authority", "internal/authority/wire", true},
		"an adapter with its port's row":  {"internal/store/sqlite", "internal/icp", true},
		"casework on the table of states": {"internal/casework", "internal/order", true},
		"wiring on an engine":             {"cmd/beian", "internal/store/sqlite", true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			row, ok := rowOf(c.from)
			if !ok {
				t.Fatalf("no row for %s", c.from)
			}
			if got := allowed(c.from, c.to, mayImport[row]); got != c.want {
				t.Errorf("%s → %s: allowed %t, want %t", c.from, c.to, got, c.want)
			}
		})
	}
	if row, ok := rowOf("internal/unheard"); ok {
		t.Errorf("a package without a row found %q", row)
	}
}

// rowOf finds the row of a package: its own or that of the nearest parent.
func rowOf(name string) (string, bool) {
	for row := name; ; {
		if _, ok := mayImport[row]; ok {
			return row, true
		}
		cut := strings.LastIndex(row, "/")
		if cut < 0 {
			return "", false
		}
		row = row[:cut]
	}
}

func allowed(from, to string, may []string) bool {
	if strings.HasPrefix(from, to+"/") || strings.HasPrefix(to, from+"/") {
		return true
	}
	if slices.Contains(may, anything) || slices.Contains(may, to) {
		return true
	}
	// Neighbours below the same port share its helpers for tests and its wire
	// forms, but an adapter never uses another adapter.
	return sameFamily(from, to) && slices.Contains(familyShared, to)
}

// familyShared are packages that their neighbours below one parent may import.
var familyShared = []string{
	"internal/store/sqlgen", "internal/store/migrations", "internal/store/storetest",
	"internal/blob/blobtest", "internal/authority/wire", "internal/authority/soap",
}

func sameFamily(a, b string) bool {
	ra, _ := rowOf(a)
	rb, _ := rowOf(b)
	return ra == rb
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,Deps", module+"...")
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %v\n%s", err, exit.Stderr)
		}
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("read go list: %v", err)
		}
		all = append(all, p)
	}
	if len(all) < 3 {
		t.Fatalf("go list found %d packages", len(all))
	}
	return all
}
