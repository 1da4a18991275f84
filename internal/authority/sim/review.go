package sim

import (
	"cmp"
	"slices"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
)

// The reviewer that reviews name.
const (
	reviewer      = "模拟审核员"
	reviewerPhone = "010-00000000"
)

// process checks a received record: faults go back at once, the rest waits for
// the SMS check or the review.
func (s *Server) process(r *Record, now time.Time) {
	op := r.operation()
	codes := append(r.Codes, s.standing(r)...)
	if len(codes) == 0 {
		codes = r.Request.check(s, r)
	}
	if code := s.scripted(); code != 0 {
		codes = append(codes, code)
	}
	if o := s.nextOutcome(len(codes) == 0); o != nil {
		codes = append(codes, o.Codes...)
		r.Script = o
	}
	slices.Sort(codes)
	r.Codes = slices.Compact(codes)
	switch {
	case len(r.Codes) > 0:
		s.fail(r, now)
	case op.unreviewed:
		s.store(r, op.done, now)
	case op.sms && s.set.SMS:
		s.beginSMS(r, now)
	default:
		r.moveTo(InReview, now)
	}
}

// store does at once what nobody reviews, and tells that it was done.
func (s *Server) store(r *Record, done int64, now time.Time) {
	r.Codes = []int64{cmp.Or(done, dataApproved)}
	r.Request.approve(s, r, now)
	s.finish(r, Approved, now)
	s.tell(r, now)
}

// tell delivers the codes of a record: in the part of the document that its
// operation is of.
func (s *Server) tell(r *Record, now time.Time) {
	if own, ok := r.Request.(ownResult); ok {
		s.deliverData(r.ProviderID, now, own.result(r))
		return
	}
	s.deliver(r.ProviderID, now, wire.DownloadICP{Results: &wire.Results{Operations: []wire.OperationResult{s.result(r)}}})
}

// standing gives the codes of a provider that may not report at all.
func (s *Server) standing(r *Record) []int64 {
	if code := unitCodes[s.permission(r.ProviderID).Unit]; code != 0 {
		return []int64{code}
	}
	return nil
}

// fail sends the codes of a record back.
func (s *Server) fail(r *Record, now time.Time) {
	s.finish(r, Failed, now)
	s.tell(r, now)
}

// decision is a step of a record that nobody has to take.
type decision func(*Record, time.Time)

// decisions gives what decides about a record by itself: its script, else the
// settings.
func (s *Server) decisions(r *Record) (sms, review decision) {
	wait := func(*Record, time.Time) {}
	sms, review = wait, wait
	if r.Script == nil {
		if s.set.AutoSMS {
			sms = s.passSMS
		}
		if s.set.AutoApprove {
			review = s.approve
		}
		return sms, review
	}
	switch r.Script.Fate {
	case FateApprove:
		return s.passSMS, s.approve
	case FateReject:
		return s.passSMS, func(r *Record, now time.Time) { s.reject(r, r.Script.Reason, now) }
	case FateSMSExpire:
		return s.expireSMS, wait
	case FateHold, FateFail:
	}
	return wait, wait
}

// finish ends a record and frees what it held.
func (s *Server) finish(r *Record, state RecordState, now time.Time) {
	r.moveTo(state, now)
	s.idx.release(r)
}

// result is the machine's answer with the codes of a record.
func (s *Server) result(r *Record) wire.OperationResult {
	out := wire.OperationResult{Operation: r.operation().czlx(), Ref: r.Request.ref()}
	for _, code := range r.Codes {
		out.Codes = append(out.Codes, wire.ResultCode{Code: code, Comment: wire.DataCodeOf(code).ZH})
	}
	return out
}

// review is the reviewer's answer, one for each id that the operation names.
func (s *Server) review(r *Record, result int64, now time.Time) *wire.Reviews {
	var out wire.Reviews
	for _, id := range r.Request.reviewed() {
		out.Items = append(out.Items, wire.Review{Reviewer: reviewer, Phone: reviewerPhone, At: wire.FormatTime(now),
			Opinion: r.Reason, Result: result, Operation: r.Action, RecordID: id})
	}
	return &out
}

// approve files a record and delivers first the review, then what was filed.
// What the record rests on may have changed since it was checked.
func (s *Server) approve(r *Record, now time.Time) {
	if codes := r.Request.check(s, r); len(codes) > 0 {
		r.Codes = codes
		s.fail(r, now)
		return
	}
	r.Codes, r.Reason = []int64{dataApproved}, ""
	filed := r.Request.approve(s, r, now)
	s.finish(r, Approved, now)
	s.deliver(r.ProviderID, now, wire.DownloadICP{Results: &wire.Results{
		Operations: []wire.OperationResult{s.result(r)}, Reviews: s.review(r, wire.ReviewPassed, now)}})
	s.deliver(r.ProviderID, now, filed)
}

// reject refuses a record with an opinion for the filer.
func (s *Server) reject(r *Record, opinion string, now time.Time) {
	r.Codes, r.Reason = []int64{dataRejected}, cmp.Or(opinion, "模拟驳回")
	s.finish(r, Rejected, now)
	s.deliver(r.ProviderID, now, wire.DownloadICP{Results: &wire.Results{
		Operations: []wire.OperationResult{s.result(r)}, Reviews: s.review(r, wire.ReviewRejected, now)}})
}

// decide runs a knob on a record that must be in a state. Errors are
// icp.NotFound and icp.NotNow.
func (s *Server) decide(id int64, state RecordState, act decision) error {
	return s.change(func(now time.Time) error {
		r := s.idx.records[id]
		switch {
		case r == nil:
			return icp.E(icp.NotFound, "authority.sim_record")
		case r.State != state:
			return icp.E(icp.NotNow, "authority.sim_state").With("state", string(r.State))
		}
		act(r, now)
		s.idx.open = slices.DeleteFunc(s.idx.open, func(r *Record) bool { return !r.State.isOpen() })
		return nil
	})
}

// Approve lets a record in review pass.
func (s *Server) Approve(id int64) error { return s.decide(id, InReview, s.approve) }

// Reject refuses a record in review with an opinion for the filer.
func (s *Server) Reject(id int64, opinion string) error {
	return s.decide(id, InReview, func(r *Record, now time.Time) { s.reject(r, opinion, now) })
}
