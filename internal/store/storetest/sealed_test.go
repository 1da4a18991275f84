package storetest

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/postgres"
	"github.com/openbeian/beian/internal/store/postgres/pgtest"
	"github.com/openbeian/beian/internal/store/sqlite"
)

// eachRaw is Each with a second way to the database, past the store.
func eachRaw(t *testing.T, test func(t *testing.T, s *store.Store, db *sql.DB)) {
	t.Helper()
	for name, open := range map[string]func(*testing.T) (*store.Store, *sql.DB){"sqlite": rawSQLite, "postgres": rawPostgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, db := open(t)
			t.Cleanup(func() {
				if err := db.Close(); err != nil {
					t.Error(err)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
			test(t, s, db)
		})
	}
}

func rawSQLite(t *testing.T) (*store.Store, *sql.DB) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "beian.db")
	s, err := sqlite.Open(t.Context(), path, Box(), sqlite.Options{Unsafe: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=query_only(1)&_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	return s, db
}

func rawPostgres(t *testing.T) (*store.Store, *sql.DB) {
	t.Helper()
	address := pgtest.URL(t)
	s, err := postgres.Open(t.Context(), address, Box())
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.RawQuery = "sslmode=disable" // the settings of the pool are the store's
	db, err := sql.Open("pgx", u.String())
	if err != nil {
		t.Fatal(err)
	}
	return s, db
}

// dump gives all columns of a table's one row, one after the other, and the
// sealed one alone.
func dump(t *testing.T, db *sql.DB, table string) (all, sealed []byte) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT * FROM "+table) //nolint:gosec // the test's own names
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for rows.Next() {
		count++
		cells, into := make([][]byte, len(names)), make([]any, len(names))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		for i, name := range names {
			all = append(append(all, cells[i]...), '\n')
			if name == "sealed" {
				sealed = cells[i]
			}
		}
	}
	if err := rows.Err(); err != nil || count != 1 {
		t.Fatalf("%s has %d rows, %v; want 1", table, count, err)
	}
	return all, sealed
}

func TestSealedColumnsDoNotHoldThePlainText(t *testing.T) {
	t.Parallel()
	eachRaw(t, func(t *testing.T, s *store.Store, db *sql.DB) {
		account := person(t, s, "a1")
		o := draft(t, s, account, "o1", noon)
		filedSubject(t, s, o, "p1", noon)
		filedSite(t, s, o, "w1", noon)
		domainCheck(t, s, account, "d1", noon)
		update(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.SaveRegistrationFacts(ctx, "qinghe.cn", json.RawMessage(`{"holder":"周若兰"}`), noon); err != nil {
				return err
			}
			_, err := tx.InsertNotice(ctx, &store.Notice{ID: "n1", Dedupe: "d", Account: account, Medium: "sms", State: store.NoticeQueued,
				Address: "13800571234", Params: map[string]string{"name": "周若兰"}, CreatedAt: noon})
			return err
		})
		for table, open := range map[string]string{ // and a value that lies open, to see that the row was read
			"filed_subjects": "浙ICP备2026p1号", "filed_websites": "o1.cn", "domain_checks": "qinghe.cn",
			"registration_facts": "qinghe.cn", "notices": "sms",
		} {
			all, sealed := dump(t, db, table)
			if !bytes.Contains(all, []byte(open)) || len(sealed) == 0 {
				t.Errorf("%s was not read: no %q, or %d sealed bytes", table, open, len(sealed))
			}
			for _, secret := range []string{"周若兰", "13800571234", "330106198803120028", "91330106MA27XL1Y4A", "杭州青禾", "holder"} {
				if bytes.Contains(all, []byte(secret)) {
					t.Errorf("%s holds %q", table, secret)
				}
			}
		}
	})
}
