package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// DomainCheck is a saved domain check (域名检测). Result is JSON and sealed,
// for it can name a domain's holder.
type DomainCheck struct {
	ID        string
	Account   icp.AccountID
	Domain    string // registrable, ASCII
	Result    json.RawMessage
	CreatedAt time.Time
}

// InsertDomainCheck adds a check; it never changes.
func (tx *Tx) InsertDomainCheck(ctx context.Context, c DomainCheck) error {
	sealed, err := sealJSON(tx.store.box, "domain_checks.sealed", c.ID, c.Result)
	if err != nil {
		return err
	}
	return tx.explain("insert domain check", tx.q.InsertDomainCheck(ctx, sqlgen.InsertDomainCheckParams{ID: c.ID,
		AccountID: string(c.Account), Domain: c.Domain, Sealed: sealed, CreatedAt: micros(c.CreatedAt)}))
}

// DomainCheck reads a check; icp.NotFound when there is none.
func (tx *Tx) DomainCheck(ctx context.Context, id string) (DomainCheck, error) {
	row, err := tx.q.DomainCheck(ctx, id)
	if err != nil {
		return DomainCheck{}, tx.explain("read domain check", err)
	}
	return tx.domainCheck(&row)
}

// DomainChecksOf lists an account's checks, the newest first.
func (tx *Tx) DomainChecksOf(ctx context.Context, account icp.AccountID, cursor Cursor, limit int) ([]DomainCheck, Cursor, error) {
	p, err := newestFirst(cursor, limit)
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.q.DomainChecksOf(ctx, sqlgen.DomainChecksOfParams{AccountID: string(account), Before: p.before, BeforeID: p.beforeID, MaxRows: p.rows})
	if err != nil {
		return nil, "", tx.explain("list domain checks", err)
	}
	return page(rows, p.limit, tx.domainCheck, func(r *sqlgen.DomainCheck) (int64, string) { return r.CreatedAt, r.ID })
}

// LatestDomainChecks gives an account's newest check of each of some domains
// (registrable, ASCII) that it has checked, by domain.
func (tx *Tx) LatestDomainChecks(ctx context.Context, account icp.AccountID, domains []string) (map[string]DomainCheck, error) {
	out := make(map[string]DomainCheck, len(domains))
	if len(domains) == 0 {
		return out, nil
	}
	args := []any{string(account)}
	marks := make([]string, len(domains))
	for i, d := range domains {
		args = append(args, d)
		marks[i] = fmt.Sprintf("$%d", len(args))
	}
	rows, err := tx.sql.QueryContext(ctx, `SELECT id, account_id, domain, sealed, created_at FROM domain_checks c
		WHERE account_id = $1 AND domain IN (`+strings.Join(marks, ", ")+`) AND created_at =
		(SELECT max(x.created_at) FROM domain_checks x WHERE x.account_id = c.account_id AND x.domain = c.domain) ORDER BY id`, args...)
	if err != nil {
		return nil, tx.explain("read latest domain checks", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	for rows.Next() {
		var r sqlgen.DomainCheck
		if err := rows.Scan(&r.ID, &r.AccountID, &r.Domain, &r.Sealed, &r.CreatedAt); err != nil {
			return nil, tx.explain("read latest domain checks", err)
		}
		c, err := tx.domainCheck(&r)
		if err != nil {
			return nil, err
		}
		out[c.Domain] = c
	}
	return out, tx.explain("read latest domain checks", rows.Err())
}

func (tx *Tx) domainCheck(r *sqlgen.DomainCheck) (DomainCheck, error) {
	c := DomainCheck{ID: r.ID, Account: icp.AccountID(r.AccountID), Domain: r.Domain, CreatedAt: instant(r.CreatedAt)}
	err := openJSON(tx.store.box, "domain_checks.sealed", r.ID, r.Sealed, &c.Result)
	return c, err
}

// RegistrationFacts gives what is kept of a domain's registration, as JSON;
// found is false when nothing is.
func (tx *Tx) RegistrationFacts(ctx context.Context, domain string) (facts json.RawMessage, found bool, err error) {
	row, err := tx.q.RegistrationFacts(ctx, domain)
	if err := tx.explain("read registration facts", err); err != nil {
		if icp.KindOf(err) == icp.NotFound {
			return nil, false, nil
		}
		return nil, false, err
	}
	err = openJSON(tx.store.box, "registration_facts.sealed", domain, row.Sealed, &facts)
	return facts, err == nil, err
}

// SaveRegistrationFacts keeps a domain's registration facts, sealed, unless
// what is kept was fetched later.
func (tx *Tx) SaveRegistrationFacts(ctx context.Context, domain string, facts json.RawMessage, fetchedAt time.Time) error {
	sealed, err := sealJSON(tx.store.box, "registration_facts.sealed", domain, facts)
	if err != nil {
		return err
	}
	return tx.explain("save registration facts", tx.q.SaveRegistrationFacts(ctx, domain, sealed, micros(fetchedAt)))
}
