package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// Setting reads a setting's JSON into a value; found is false, and into stays
// as it is, when there is none. version goes back into SaveSetting.
func (tx *Tx) Setting(ctx context.Context, key string, into any) (found bool, version int64, err error) {
	row, err := tx.q.Setting(ctx, key)
	if errors.Is(err, sql.ErrNoRows) {
		return false, 0, nil
	}
	if err != nil {
		return false, 0, tx.explain("read setting", err)
	}
	if err := json.Unmarshal([]byte(row.Value), into); err != nil {
		return false, 0, fmt.Errorf("decode setting %s: %w", key, err)
	}
	return true, row.Version, nil
}

// SaveSetting writes a setting; version is the one that was read, 0 when there
// was none. icp.Conflict with "stale_version" when somebody else was first.
func (tx *Tx) SaveSetting(ctx context.Context, key string, value any, by icp.AccountID, version int64, now time.Time) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encode setting %s: %w", key, err)
	}
	var n int64
	if version == 0 {
		n, err = tx.q.InsertSetting(ctx, sqlgen.InsertSettingParams{Key: key, Value: string(text), UpdatedAt: micros(now), UpdatedBy: string(by)})
	} else {
		n, err = tx.q.UpdateSetting(ctx, sqlgen.UpdateSettingParams{Key: key, Value: string(text), UpdatedAt: micros(now),
			UpdatedBy: string(by), Version: version})
	}
	return tx.changed("save setting", n, err)
}
