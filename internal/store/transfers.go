package store

import (
	"context"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// UploadState is where a file for the authority stands.
type UploadState string

// The states. Accepted and refused end it; a refused file's number goes to the
// next one.
const (
	UploadStored   UploadState = "stored"  // kept, not yet sent
	UploadSending  UploadState = "sending" // on its way
	UploadUnknown  UploadState = "unknown" // sent, no answer: ask before anything else
	UploadAccepted UploadState = "accepted"
	UploadRefused  UploadState = "refused"
)

// Upload is a file for the authority.
type Upload struct {
	ID         string
	Channel    string
	Sequence   int64
	Operation  string // such as "XZWZ"
	State      UploadState
	BlobKey    string // the exact bytes, sealed
	Hash       string // beianInfoHash as sent
	Records    int
	Size       int64 // bytes
	Code       int   // msg_code of the reply, -1 before
	Message    string
	Tries      int
	CreatedAt  time.Time
	SentAt     time.Time
	AnsweredAt time.Time
	DeletedAt  time.Time // when the bytes were deleted
}

// InsertUpload adds a file with the orders in it. icp.Conflict when the
// channel has a file with the number that was not refused.
func (tx *Tx) InsertUpload(ctx context.Context, u *Upload, orders []icp.OrderID) error {
	err := tx.q.InsertUpload(ctx, sqlgen.InsertUploadParams{ID: u.ID, ChannelID: u.Channel, Sequence: u.Sequence,
		Operation: u.Operation, State: string(u.State), BlobKey: u.BlobKey, Hash: u.Hash, Records: int64(u.Records), Size: u.Size,
		Code: int64(u.Code), Message: u.Message, Tries: int64(u.Tries), CreatedAt: micros(u.CreatedAt), SentAt: micros(u.SentAt),
		AnsweredAt: micros(u.AnsweredAt)})
	if err != nil {
		return tx.explain("insert upload", err)
	}
	for _, id := range orders {
		if err := tx.q.InsertUploadOrder(ctx, u.ID, string(id)); err != nil {
			return tx.explain("insert order of upload", err)
		}
	}
	return nil
}

// SaveUpload writes State, Code, Message, Tries, SentAt and AnsweredAt of a
// file that is still in the state from; icp.Conflict with "stale_version" when
// it is not.
func (tx *Tx) SaveUpload(ctx context.Context, u *Upload, from UploadState) error {
	n, err := tx.q.UpdateUpload(ctx, sqlgen.UpdateUploadParams{State: string(u.State), Code: int64(u.Code), Message: u.Message,
		Tries: int64(u.Tries), SentAt: micros(u.SentAt), AnsweredAt: micros(u.AnsweredAt), ID: u.ID, FromState: string(from)})
	return tx.changed("save upload", n, err)
}

// Upload reads a file; icp.NotFound when there is none.
func (tx *Tx) Upload(ctx context.Context, id string) (Upload, error) {
	row, err := tx.q.Upload(ctx, id)
	return upload(&row), tx.explain("read upload", err)
}

// UnsettledUpload gives the channel's file that is neither accepted nor
// refused, the lowest number first; icp.NotFound when there is none.
func (tx *Tx) UnsettledUpload(ctx context.Context, channel string) (Upload, error) {
	row, err := tx.q.UnsettledUpload(ctx, channel)
	return upload(&row), tx.explain("read unsettled upload", err)
}

// Uploads lists a channel's files, the newest first.
func (tx *Tx) Uploads(ctx context.Context, channel string, cursor Cursor, limit int) ([]Upload, Cursor, error) {
	p, err := newestFirst(cursor, limit)
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.q.UploadsPage(ctx, sqlgen.UploadsPageParams{ChannelID: channel, Before: p.before, BeforeID: p.beforeID, MaxRows: p.rows})
	if err != nil {
		return nil, "", tx.explain("list uploads", err)
	}
	return page(rows, p.limit, func(r *sqlgen.AuthorityUpload) (Upload, error) { return upload(r), nil },
		func(r *sqlgen.AuthorityUpload) (int64, string) { return r.CreatedAt, r.ID })
}

// UploadOrders lists the orders in a file.
func (tx *Tx) UploadOrders(ctx context.Context, id string) ([]icp.OrderID, error) {
	rows, err := tx.q.UploadOrders(ctx, id)
	out := make([]icp.OrderID, len(rows))
	for i, r := range rows {
		out[i] = icp.OrderID(r)
	}
	return out, tx.explain("list orders of upload", err)
}

// UploadsOfOrder lists the files that an order was in, the newest first.
func (tx *Tx) UploadsOfOrder(ctx context.Context, id icp.OrderID) ([]Upload, error) {
	rows, err := tx.q.UploadsOfOrder(ctx, string(id))
	out := make([]Upload, len(rows))
	for i := range rows {
		out[i] = upload(&rows[i])
	}
	return out, tx.explain("list uploads of order", err)
}

func upload(r *sqlgen.AuthorityUpload) Upload {
	return Upload{ID: r.ID, Channel: r.ChannelID, Sequence: r.Sequence, Operation: r.Operation, State: UploadState(r.State),
		BlobKey: r.BlobKey, Hash: r.Hash, Records: int(r.Records), Size: r.Size, Code: int(r.Code), Message: r.Message,
		Tries: int(r.Tries), CreatedAt: instant(r.CreatedAt), SentAt: instant(r.SentAt), AnsweredAt: instant(r.AnsweredAt),
		DeletedAt: instant(r.DeletedAt)}
}

// DownloadState is where a file from the authority stands.
type DownloadState string

// The states.
const (
	DownloadReceived  DownloadState = "received" // kept, not yet applied
	DownloadApplied   DownloadState = "applied"
	DownloadParked    DownloadState = "parked"    // an operator must look at it
	DownloadDiscarded DownloadState = "discarded" // an operator has
)

// Download is a file from the authority.
type Download struct {
	ID         string
	Channel    string
	FileName   string
	Hash       string
	BlobKey    string // the exact bytes, sealed
	State      DownloadState
	Kinds      string // what was inside, such as "BAJG BASJ"
	Tries      int
	LastError  string // a code
	ReceivedAt time.Time
	AppliedAt  time.Time
	AckedAt    time.Time
	DeletedAt  time.Time // when the bytes were deleted
}

// InsertDownload adds a file; inserted is false, and nothing is changed, when
// the channel has one with this name and hash already.
func (tx *Tx) InsertDownload(ctx context.Context, d *Download) (inserted bool, err error) {
	n, err := tx.q.InsertDownload(ctx, sqlgen.InsertDownloadParams{ID: d.ID, ChannelID: d.Channel, FileName: d.FileName,
		Hash: d.Hash, BlobKey: d.BlobKey, State: string(d.State), Kinds: d.Kinds, Tries: int64(d.Tries), LastError: d.LastError,
		ReceivedAt: micros(d.ReceivedAt), AppliedAt: micros(d.AppliedAt), AckedAt: micros(d.AckedAt)})
	return n == 1, tx.explain("insert download", err)
}

// SaveDownload writes State, Kinds, Tries, LastError, AppliedAt and AckedAt of
// a file that is still in the state from; icp.Conflict with "stale_version"
// when it is not.
func (tx *Tx) SaveDownload(ctx context.Context, d *Download, from DownloadState) error {
	n, err := tx.q.UpdateDownload(ctx, sqlgen.UpdateDownloadParams{State: string(d.State), Kinds: d.Kinds, Tries: int64(d.Tries),
		LastError: d.LastError, AppliedAt: micros(d.AppliedAt), AckedAt: micros(d.AckedAt), ID: d.ID, FromState: string(from)})
	return tx.changed("save download", n, err)
}

// Download reads a file; icp.NotFound when there is none.
func (tx *Tx) Download(ctx context.Context, id string) (Download, error) {
	row, err := tx.q.Download(ctx, id)
	return download(&row), tx.explain("read download", err)
}

// DownloadByFile reads the file with this name and hash; icp.NotFound when
// there is none.
func (tx *Tx) DownloadByFile(ctx context.Context, channel, fileName, hash string) (Download, error) {
	row, err := tx.q.DownloadByFile(ctx, channel, fileName, hash)
	return download(&row), tx.explain("read download", err)
}

// UnfinishedDownloads lists up to limit files that are to be applied or
// acknowledged, the oldest first.
func (tx *Tx) UnfinishedDownloads(ctx context.Context, channel string, limit int) ([]Download, error) {
	rows, err := tx.q.UnfinishedDownloads(ctx, channel, int32(clamp(limit))) //nolint:gosec // at most MaxPage
	out := make([]Download, len(rows))
	for i := range rows {
		out[i] = download(&rows[i])
	}
	return out, tx.explain("list unfinished downloads", err)
}

// Downloads lists a channel's files, the newest first.
func (tx *Tx) Downloads(ctx context.Context, channel string, cursor Cursor, limit int) ([]Download, Cursor, error) {
	p, err := newestFirst(cursor, limit)
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.q.DownloadsPage(ctx, sqlgen.DownloadsPageParams{ChannelID: channel, Before: p.before, BeforeID: p.beforeID, MaxRows: p.rows})
	if err != nil {
		return nil, "", tx.explain("list downloads", err)
	}
	return page(rows, p.limit, func(r *sqlgen.AuthorityDownload) (Download, error) { return download(r), nil },
		func(r *sqlgen.AuthorityDownload) (int64, string) { return r.ReceivedAt, r.ID })
}

func download(r *sqlgen.AuthorityDownload) Download {
	return Download{ID: r.ID, Channel: r.ChannelID, FileName: r.FileName, Hash: r.Hash, BlobKey: r.BlobKey,
		State: DownloadState(r.State), Kinds: r.Kinds, Tries: int(r.Tries), LastError: r.LastError,
		ReceivedAt: instant(r.ReceivedAt), AppliedAt: instant(r.AppliedAt), AckedAt: instant(r.AckedAt),
		DeletedAt: instant(r.DeletedAt)}
}
