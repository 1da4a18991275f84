package inventory

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// maxReported bounds the faults that a report lists.
const maxReported = 1000

// importBatch is how many rows share one transaction: few enough that nobody
// waits long for it, enough that a commit's cost is spread.
const importBatch = 100

// ImportReport says what became of each row.
type ImportReport struct {
	DryRun    bool       `json:"dry_run"`
	Rows      int        `json:"rows"`
	Added     int        `json:"added"`
	Updated   int        `json:"updated"`
	Unchanged int        `json:"unchanged"`
	Failed    int        `json:"failed"` // rows with faults
	Errors    []RowError `json:"errors"` // at most the first 1,000
}

// errDryRun rolls a trial back.
var errDryRun = errors.New("dry run")

// Import takes servers in from a CSV file; staff who manage the inventory
// only. The first line has the names of the columns, see [Columns]; the file is
// UTF-8, with or without a byte order mark, or GB18030. Good rows are taken in
// as by Put and bad ones reported. With dryRun nothing is kept, and the report
// says what would be done.
//
// Rows are kept in batches: after a crash the first batches are there, and the
// same file again does the rest. The error is icp.Invalid, with nothing kept,
// when the file as a whole cannot be read or is over the bounds.
func (v *Inventory) Import(ctx context.Context, actor icp.Actor, file io.Reader, dryRun bool) (ImportReport, error) {
	report := ImportReport{DryRun: dryRun, Errors: []RowError{}}
	if err := access.Check(actor, access.InventoryManage); err != nil {
		return report, err
	}
	in, err := open(file)
	if err != nil {
		return report, err
	}
	var good []row
	for {
		r, faults, err := in.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return report, err
		}
		report.Rows++
		if len(faults) > 0 {
			report.fail(faults...)
			continue
		}
		good = append(good, r)
	}
	for batch := range slices.Chunk(good, importBatch) {
		done, err := v.takeIn(ctx, actor, batch, dryRun)
		if err != nil {
			return report, err
		}
		report.add(done)
	}
	slices.SortStableFunc(report.Errors, func(a, b RowError) int { return a.Line - b.Line })
	return report, nil
}

func (r *ImportReport) fail(faults ...RowError) {
	r.Failed++
	r.Errors = append(r.Errors, faults[:min(len(faults), maxReported-len(r.Errors))]...)
}

func (r *ImportReport) add(o ImportReport) {
	r.Added, r.Updated, r.Unchanged = r.Added+o.Added, r.Updated+o.Updated, r.Unchanged+o.Unchanged
	r.Failed += o.Failed
	r.Errors = append(r.Errors, o.Errors[:min(len(o.Errors), maxReported-len(r.Errors))]...)
}

// takeIn keeps one batch.
func (v *Inventory) takeIn(ctx context.Context, actor icp.Actor, batch []row, dryRun bool) (ImportReport, error) {
	var done ImportReport
	err := v.store.Update(ctx, func(tx *store.Tx) error {
		done = ImportReport{}
		for i := range batch {
			_, change, err := v.put(ctx, tx, actor, batch[i].in)
			if faults := faultsOf(err, batch[i].line); faults != nil {
				done.fail(faults...)
				continue
			}
			if err != nil {
				return err
			}
			switch change {
			case Added:
				done.Added++
			case Updated:
				done.Updated++
			case Unchanged:
				done.Unchanged++
			}
		}
		if dryRun {
			return errDryRun
		}
		return nil
	})
	if dryRun && errors.Is(err, errDryRun) {
		err = nil
	}
	return done, err
}

// faultsOf turns the refusal of a row into its faults; nil for other errors. A
// refusal has written nothing, so the batch goes on.
func faultsOf(err error, line int) []RowError {
	var e *icp.Error
	if !errors.As(err, &e) {
		return nil
	}
	switch e.Kind {
	case icp.Invalid:
		if len(e.Fields) == 0 {
			return nil
		}
		out := make([]RowError, len(e.Fields))
		for i, f := range e.Fields {
			out[i] = RowError{Line: line, Column: f.Pointer[min(1, len(f.Pointer)):], Code: f.Code, Params: f.Params}
		}
		return out
	case icp.NotNow:
		return []RowError{{Line: line, Column: "account", Code: e.Code, Params: e.Params}}
	default: // no fault of the row
		return nil
	}
}
