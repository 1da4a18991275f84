package migrations

import (
	"io/fs"
	"regexp"
	"slices"
	"testing"
)

var (
	table  = regexp.MustCompile(`(?s)CREATE TABLE (\w+) \((.*?)\n\);`)
	column = regexp.MustCompile(`(?m)^ {4}([a-z]\w*)\s+(text|bytea|blob|bigint|integer|boolean)\b( PRIMARY KEY| NOT NULL)?( UNIQUE)?`)
	index  = regexp.MustCompile(`CREATE (?:UNIQUE )?INDEX [^;]*`)
)

// shape gives what both engines must have in common: tables, columns with
// their kind of type, and indexes.
func shape(t *testing.T, engine string) []string {
	t.Helper()
	same := map[string]string{"blob": "bytea", "integer": "bigint"}
	var out []string
	files, err := fs.Glob(Of(engine), "*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal("no migrations: ", err)
	}
	for _, f := range files {
		text, err := fs.ReadFile(Of(engine), f)
		if err != nil {
			t.Fatal(err)
		}
		for _, tab := range table.FindAllSubmatch(text, -1) {
			for _, c := range column.FindAllSubmatch(tab[2], -1) {
				kind := string(c[2])
				if s, ok := same[kind]; ok {
					kind = s
				}
				out = append(out, f+" "+string(tab[1])+"."+string(c[1])+" "+kind+string(c[3])+string(c[4]))
			}
		}
		for _, i := range index.FindAll(text, -1) {
			out = append(out, f+" "+string(i))
		}
	}
	slices.Sort(out)
	return out
}

func TestBothDatabasesHaveTheSameTables(t *testing.T) {
	t.Parallel()
	lite, pg := shape(t, "sqlite"), shape(t, "postgres")
	if len(pg) < 200 {
		t.Fatalf("only %d columns and indexes were recognised", len(pg))
	}
	for _, c := range pg {
		if !slices.Contains(lite, c) {
			t.Errorf("only PostgreSQL has %s", c)
		}
	}
	for _, c := range lite {
		if !slices.Contains(pg, c) {
			t.Errorf("only SQLite has %s", c)
		}
	}
}
