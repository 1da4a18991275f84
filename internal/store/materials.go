package store

import (
	"context"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/seal"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// InsertMaterial adds the row of an uploaded file; its bytes are in the blob
// store already, so that a crash leaves at worst a blob without a row.
func (tx *Tx) InsertMaterial(ctx context.Context, m *icp.Material) error {
	key, err := tx.OrderKey(ctx, m.Order)
	if err != nil {
		return err
	}
	name, err := sealJSON(key, "materials.name_sealed", string(m.ID), m.FileName)
	if err != nil {
		return err
	}
	err = tx.q.InsertMaterial(ctx, sqlgen.InsertMaterialParams{ID: string(m.ID), OrderID: string(m.Order), Kind: string(m.Kind),
		WebsiteID: string(m.Website), BlobKey: m.BlobKey, Hash: m.Hash, MediaType: m.MediaType, Size: m.Size,
		Width: int64(m.Width), Height: int64(m.Height), NameSealed: name, CreatedAt: micros(m.At)})
	return tx.explain("insert material", err)
}

// DeleteMaterial removes a material's row; icp.NotFound when there is none.
// The blob is removed after the commit.
func (tx *Tx) DeleteMaterial(ctx context.Context, id icp.MaterialID) error {
	n, err := tx.q.DeleteMaterial(ctx, string(id))
	if err == nil && n == 0 {
		return icp.ErrNotFound
	}
	return tx.explain("delete material", err)
}

// Material reads one material; icp.NotFound when there is none.
func (tx *Tx) Material(ctx context.Context, id icp.MaterialID) (icp.Material, error) {
	row, err := tx.q.Material(ctx, string(id))
	if err != nil {
		return icp.Material{}, tx.explain("read material", err)
	}
	key, err := tx.OrderKey(ctx, icp.OrderID(row.OrderID))
	if err != nil {
		return icp.Material{}, err
	}
	return material(key, &row)
}

// Materials lists an order's materials, the oldest first.
func (tx *Tx) Materials(ctx context.Context, id icp.OrderID) ([]icp.Material, error) {
	rows, err := tx.q.Materials(ctx, string(id))
	if err != nil {
		return nil, tx.explain("read materials", err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	key, err := tx.OrderKey(ctx, id)
	if err != nil {
		return nil, err
	}
	out := make([]icp.Material, len(rows))
	for i := range rows {
		if out[i], err = material(key, &rows[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func material(key *seal.Key, row *sqlgen.Material) (icp.Material, error) {
	m := icp.Material{ID: icp.MaterialID(row.ID), Order: icp.OrderID(row.OrderID), Kind: icp.MaterialKind(row.Kind),
		Website: icp.WebsiteID(row.WebsiteID), BlobKey: row.BlobKey, Hash: row.Hash, MediaType: row.MediaType, Size: row.Size,
		Width: int(row.Width), Height: int(row.Height), At: instant(row.CreatedAt)}
	return m, openJSON(key, "materials.name_sealed", row.ID, row.NameSealed, &m.FileName)
}
