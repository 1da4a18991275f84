package store

import "context"

// UploadBySequence reads the channel's file with a number, refused ones left
// aside; icp.NotFound when there is none.
func (tx *Tx) UploadBySequence(ctx context.Context, channel string, sequence int64) (Upload, error) {
	row, err := tx.q.UploadBySequence(ctx, channel, sequence)
	return upload(&row), tx.explain("read upload by number", err)
}

// SetSequence sets the number of the last accepted file to what the authority
// says, where AdvanceSequence cannot: after the account was used by another
// system or this database came from an older copy. icp.Conflict with
// "stale_version" when the last number is no longer from.
func (tx *Tx) SetSequence(ctx context.Context, channel string, from, to int64) error {
	n, err := tx.q.SetSequence(ctx, to, channel, from)
	return tx.changed("set sequence", n, err)
}
