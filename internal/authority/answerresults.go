package authority

import (
	"context"
	"slices"
	"strings"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/store"
)

// recentAnswers is how many taken answers a result may be about.
const recentAnswers = 1000

// answerCodes are the data codes that a result about an answer has: of the
// whole file, not yours, reported already, wrong result, not open.
var answerCodes = []int64{5001, 5002, 5003, 5004, 5005, 5006, 5007, 5011}

// orderActions are the operations of orders in results; answers have none.
var orderActions = []int64{wire.ActionFirstFiling, wire.ActionAddWebsite, wire.ActionAddAccess, wire.ActionChange, wire.ActionCancelAccess,
	wire.ActionCancelSubject, wire.ActionCancelWebsite, wire.ActionVerification}

// mayBeAnswer gives the first bad code of a result that may be about an answer.
func mayBeAnswer(op *wire.OperationResult) (wire.ResultCode, bool) {
	for _, c := range op.Codes {
		if wire.DataCodeOf(c.Code).Class == wire.ClassOK {
			continue
		}
		return c, slices.Contains(answerCodes, c.Code) || op.Operation != 0 && !slices.Contains(orderActions, op.Operation)
	}
	return wire.ResultCode{}, false
}

// answerFiles finds the files with answers that a document names as faulty as a
// whole, by their names at the authority. Outside of transactions, since the
// authority is asked for the name of the last one.
func (g *Gateway) answerFiles(ctx context.Context, d *wire.DownloadData) (map[string]string, error) {
	names := answerNames(d)
	if len(names) == 0 {
		return nil, nil
	}
	var recent []store.AuthorityAnswer
	err := g.Store.View(ctx, func(tx *store.Tx) (err error) {
		recent, err = tx.RecentAnswers(ctx, g.Channel.ID, recentAnswers)
		return err
	})
	if err != nil || len(recent) == 0 {
		return nil, err
	}
	reply, err := g.Channel.Client.QueryPreviousUpload(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	if reply.File == nil || !slices.Contains(names, reply.File.Name) {
		return out, nil
	}
	err = g.Store.View(ctx, func(tx *store.Tx) error {
		u, err := tx.UploadBySequence(ctx, g.Channel.ID, reply.File.Sequence)
		if err == nil {
			out[reply.File.Name] = u.ID
		}
		return err
	})
	return out, err
}

func answerNames(d *wire.DownloadData) (names []string) {
	if d.ICP == nil || d.ICP.Results == nil {
		return nil
	}
	for i := range d.ICP.Results.Operations {
		op := &d.ICP.Results.Operations[i]
		if c, ok := mayBeAnswer(op); ok && op.Ref == "" && fileKey(c) != "" {
			names = append(names, fileKey(c))
		}
	}
	return names
}

// answersTold carries results of the authority's machines (BAJG) to answers that
// it took: by the name of their file, or by what they are about. It counts the
// results that were about answers.
func (g *Gateway) answersTold(ctx context.Context, tx *store.Tx, d *wire.DownloadData, files map[string]string) (matched int, err error) {
	if d.ICP == nil || d.ICP.Results == nil {
		return 0, nil
	}
	var recent []store.AuthorityAnswer
	for i := range d.ICP.Results.Operations {
		op := &d.ICP.Results.Operations[i]
		code, ok := mayBeAnswer(op)
		if !ok {
			continue
		}
		if recent == nil {
			if recent, err = tx.RecentAnswers(ctx, g.Channel.ID, recentAnswers); err != nil || len(recent) == 0 {
				return matched, err
			}
		}
		n, err := g.answersFaulty(ctx, tx, op, code, recent, files)
		if err != nil {
			return matched, err
		}
		if n > 0 {
			matched++
		}
	}
	return matched, nil
}

// answersFaulty marks the answers that one result is about and counts them.
func (g *Gateway) answersFaulty(ctx context.Context, tx *store.Tx, op *wire.OperationResult, code wire.ResultCode, recent []store.AuthorityAnswer, files map[string]string) (n int, err error) {
	text, ref := strings.TrimSpace(code.Comment), strings.ToLower(strings.TrimSpace(op.Ref))
	upload := files[fileKey(code)]
	if text == "" || wholeFile(code.Code) || upload != "" {
		text = wire.DataCodeOf(code.Code).ZH // the comment is the name of the file
	}
	for i := range recent {
		a := &recent[i]
		about := answerOperationOf(a.Operation)
		if a.State != store.AnswerAccepted || about == nil {
			continue
		}
		if ref == "" && (upload == "" || a.Upload != upload) || ref != "" && !slices.Contains(about.about(a.Record), ref) {
			continue
		}
		if err := g.settleAnswer(ctx, tx, a, store.AnswerFaulty, int(code.Code), text); err != nil {
			return n, err
		}
		if n++; ref != "" {
			return n, nil // the newest one about it
		}
	}
	return n, nil
}
