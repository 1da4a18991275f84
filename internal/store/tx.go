package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"github.com/openbeian/beian/internal/audit"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/seal"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// Tx is a transaction. It belongs to the goroutine that runs the function it
// was given to, and ends with it. Its methods stand in the files of their area.
type Tx struct {
	store  *Store
	sql    *sql.Tx
	q      *sqlgen.Queries
	keys   map[string]*seal.Key // data keys by the id of their order or subject
	events []audit.Event        // to be chained just before the commit
}

// Enqueue adds a job that runs after the commit, and never if there is none.
// At most one opts counts.
func (tx *Tx) Enqueue(ctx context.Context, args river.JobArgs, opts ...river.InsertOpts) error {
	var o *river.InsertOpts
	if len(opts) > 0 {
		o = &opts[0]
	}
	if _, err := tx.store.jobs.InsertTx(ctx, tx.sql, args, o); err != nil {
		return tx.explain("enqueue "+args.Kind(), err)
	}
	return nil
}

// micros is the database's form of an instant: microseconds since 1970, 0 for
// the zero time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// instant is the inverse of micros, in UTC.
func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// sealer seals small values: the box itself, or a data key.
type sealer interface {
	Seal(plain, context []byte) ([]byte, error)
	Open(sealed, context []byte) ([]byte, error)
}

// sealJSON seals a value for one place: the column and the id of its row.
func sealJSON(by sealer, place, id string, value any) ([]byte, error) {
	plain, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", place, err)
	}
	sealed, err := by.Seal(plain, []byte(place+":"+id))
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", place, err)
	}
	return sealed, nil
}

// openJSON is the inverse of sealJSON.
func openJSON(by sealer, place, id string, sealed []byte, into any) error {
	plain, err := by.Open(sealed, []byte(place+":"+id))
	if err != nil {
		return fmt.Errorf("open %s of %s: %w", place, id, err)
	}
	if err := json.Unmarshal(plain, into); err != nil {
		return fmt.Errorf("decode %s of %s: %w", place, id, err)
	}
	return nil
}

// remember keeps a data key for the rest of the transaction.
func (tx *Tx) remember(id string, key *seal.Key) {
	if tx.keys == nil {
		tx.keys = make(map[string]*seal.Key)
	}
	tx.keys[id] = key
}

// unwrap opens a data key, or takes the one opened before.
func (tx *Tx) unwrap(id string, wrapped []byte) (*seal.Key, error) {
	if key := tx.keys[id]; key != nil {
		return key, nil
	}
	key, err := tx.store.box.Unwrap(wrapped)
	if err != nil {
		return nil, fmt.Errorf("open key of %s: %w", id, err)
	}
	tx.remember(id, key)
	return key, nil
}

// Kinds of blind indexes. A value of one kind never meets one of another.
const (
	lookupMail        = "mail"
	lookupMobile      = "mobile"
	lookupCertificate = "certificate"
	lookupDomain      = "domain"
	lookupTarget      = "verification"
)

// index is the blind index of a value in its one spelling; icp's functions
// bring it there.
func (s *Store) index(kind, value string) []byte {
	switch kind {
	case lookupMail:
		value = icp.NormalizeEmail(value)
	case lookupMobile:
		value = icp.NormalizeMobile(value)
	case lookupCertificate:
		value = icp.NormalizeDocument(value)
	}
	return s.box.Index(kind, value)
}
