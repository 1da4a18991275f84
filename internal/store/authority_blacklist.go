package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/store/sqlgen"
)

// BlackList names one of the authority's lists.
type BlackList string

// The lists.
const (
	ListBlack   BlackList = "blacklist"      // 黑名单: may not be filed
	ListIllegal BlackList = "illegal_access" // 非法接入黑名单: may not be connected
)

// BlackEntry is a certificate number or a domain on a list.
type BlackEntry struct {
	Channel string
	List    BlackList
	Kind    LookupKind // ByCertificate or ByDomain
	Value   string     // kept as a blind index only
	// Content is the entry as it was told, sealed at rest.
	Content json.RawMessage
	ToldAt  time.Time
	ToldBy  string
}

// PutBlackEntry writes an entry, replacing the one of the same value.
func (tx *Tx) PutBlackEntry(ctx context.Context, e *BlackEntry) error {
	lookup := tx.store.index(string(e.Kind), e.Value)
	sealed, err := sealJSON(tx.store.box, "authority_blacklist.sealed", e.Channel+"/"+string(e.List)+"/"+string(e.Kind), e.Content)
	if err != nil {
		return err
	}
	return tx.explain("write blacklist entry", tx.q.PutBlacklistEntry(ctx, sqlgen.PutBlacklistEntryParams{ChannelID: e.Channel, List: string(e.List),
		Kind: string(e.Kind), Lookup: lookup, Sealed: sealed, ToldAt: micros(e.ToldAt), ToldBy: e.ToldBy}))
}

// DropBlackEntry takes a value off a list; it is no error when it was not on it.
func (tx *Tx) DropBlackEntry(ctx context.Context, channel string, list BlackList, kind LookupKind, value string) error {
	_, err := tx.q.DeleteBlacklistEntry(ctx, sqlgen.DeleteBlacklistEntryParams{ChannelID: channel, List: string(list), Kind: string(kind),
		Lookup: tx.store.index(string(kind), value)})
	return tx.explain("drop blacklist entry", err)
}

// Listed tells, by one query, which of some values are on a list of any
// channel: value to lists. Values are compared in any spelling.
func (tx *Tx) Listed(ctx context.Context, kind LookupKind, values []string) (map[string][]BlackList, error) {
	out, byLookup := map[string][]BlackList{}, map[string][]string{}
	args := []any{string(kind)}
	var marks []string
	for _, v := range values {
		lookup := tx.store.index(string(kind), v)
		if v == "" || byLookup[string(lookup)] != nil {
			continue
		}
		byLookup[string(lookup)] = append(byLookup[string(lookup)], v)
		args = append(args, lookup)
		marks = append(marks, fmt.Sprintf("$%d", len(args)))
	}
	if len(marks) == 0 {
		return out, nil
	}
	rows, err := tx.sql.QueryContext(ctx, `SELECT DISTINCT lookup, list FROM authority_blacklist WHERE kind = $1 AND lookup IN (`+
		strings.Join(marks, ", ")+`) ORDER BY list`, args...)
	if err != nil {
		return nil, tx.explain("look values up in the blacklist", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	for rows.Next() {
		var lookup []byte
		var list string
		if err := rows.Scan(&lookup, &list); err != nil {
			return nil, tx.explain("look values up in the blacklist", err)
		}
		for _, v := range byLookup[string(lookup)] {
			out[v] = append(out[v], BlackList(list))
		}
	}
	return out, tx.explain("look values up in the blacklist", rows.Err())
}
