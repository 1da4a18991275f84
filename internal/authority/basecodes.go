package authority

import (
	"context"
	"fmt"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/store"
)

// applyCodes hands base-code tables on. The report is nil when there were none
// or nobody takes them.
func (g *Gateway) applyCodes(ctx context.Context, data *wire.DownloadData, d *store.Download) (*refdata.BaseCodesReport, error) {
	if data.BaseCodes == nil || data.BaseCodes.Codes == nil || g.BaseCodes == nil {
		return nil, nil
	}
	codes := refdata.BaseCodes{File: d.FileName, Day: d.ReceivedAt, Tables: map[string][]refdata.BaseCode{}}
	for _, t := range data.BaseCodes.Codes.Tables {
		name := t.XMLName.Local
		for i := range t.Rows {
			codes.Tables[name] = append(codes.Tables[name], baseCode(&t.Rows[i]))
		}
	}
	report, err := g.BaseCodes.Apply(ctx, codes)
	if err != nil {
		return nil, fmt.Errorf("apply base codes: %w", err)
	}
	for _, t := range report.Tables {
		for _, m := range t.Moved {
			g.Log.Warn("a code means another row now", "file", t.File, "row", m.Name, "from", m.From, "to", m.To)
		}
		for _, s := range t.Skipped {
			g.Log.Warn("base code left out", "file", t.File, "row", s)
		}
	}
	return &report, nil
}

func baseCode(r *wire.BaseCodeRow) refdata.BaseCode {
	return refdata.BaseCode{ID: r.ID, Name: r.Text(), Valid: r.IsValid(), Ysid: r.Ysid, Parent: r.Parent, Level: int(r.Level), Nature: r.Nature,
		NeedsApproval: r.NeedsApproval != nil && *r.NeedsApproval != 0, Letters: r.Letters, Province: r.Province, Licence: r.Short}
}

// auditCodes records what base codes changed; the same file again changes
// nothing and records nothing.
func (g *Gateway) auditCodes(tx *store.Tx, d *store.Download, report *refdata.BaseCodesReport) {
	if report == nil || !report.Changed() {
		return
	}
	files := map[string]any{}
	for _, t := range report.Tables {
		if t.Changed {
			files[t.File] = map[string]int{"added": t.Added, "renamed": t.Renamed, "ended": t.Ended, "settled": t.Settled, "moved": len(t.Moved), "skipped": len(t.Skipped)}
		}
	}
	g.audit(tx, icp.Actor{Party: icp.System}, "reference.base_codes", "download", d.ID, map[string]any{"file": d.FileName, "files": files})
}
