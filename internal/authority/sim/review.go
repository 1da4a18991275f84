package sim

import (
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
	op := operationOf(r.Action)
	codes := append(r.Codes, op.check(s, r)...)
	if code := s.scripted(); code != 0 {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	r.Codes = slices.Compact(codes)
	switch {
	case len(r.Codes) > 0:
		s.finish(r, Failed, now)
		s.deliver(r.ProviderID, now, wire.DownloadICP{Results: &wire.Results{Operations: []wire.OperationResult{s.result(r)}}})
	case op.sms && !s.cfg.NoSMS:
		r.moveTo(AwaitingSMS, now)
		r.SMSDeadline = now.Add(s.cfg.SMSTerm)
	default:
		r.moveTo(InReview, now)
	}
}

// finish ends a record and frees what it held.
func (s *Server) finish(r *Record, state RecordState, now time.Time) {
	r.moveTo(state, now)
	s.idx.release(r)
}

// result is the machine's answer with the codes of a record.
func (s *Server) result(r *Record) wire.OperationResult {
	out := wire.OperationResult{Operation: r.Action, Ref: operationOf(r.Action).ref(s, r)}
	for _, code := range r.Codes {
		out.Codes = append(out.Codes, wire.ResultCode{Code: code, Comment: wire.DataCodeOf(code).ZH})
	}
	return out
}

// review is the reviewer's answer, one for each id that the operation names.
func (s *Server) review(r *Record, result int64, now time.Time) *wire.Reviews {
	var out wire.Reviews
	for _, id := range operationOf(r.Action).reviewed(r) {
		out.Items = append(out.Items, wire.Review{Reviewer: reviewer, Phone: reviewerPhone, At: wire.FormatTime(now),
			Opinion: r.Reason, Result: result, Operation: r.Action, RecordID: id})
	}
	return &out
}

// expireSMS returns a record whose code was not entered in time: a result
// without an opinion.
func (s *Server) expireSMS(r *Record, now time.Time) {
	r.Codes = []int64{1999}
	r.Reason = "短信核验超时"
	s.finish(r, SMSExpired, now)
	result := s.result(r)
	result.Codes[0].Comment = r.Reason
	s.deliver(r.ProviderID, now, wire.DownloadICP{Results: &wire.Results{Operations: []wire.OperationResult{result}}})
}

// approve files a record and delivers first the review, then the filed data.
// What the record adds to may have changed since it was checked.
func (s *Server) approve(r *Record, now time.Time) {
	op := operationOf(r.Action)
	if codes := op.check(s, r); len(codes) > 0 {
		r.Codes = codes
		s.finish(r, Failed, now)
		s.deliver(r.ProviderID, now, wire.DownloadICP{Results: &wire.Results{Operations: []wire.OperationResult{s.result(r)}}})
		return
	}
	r.Codes, r.Reason = []int64{1001}, ""
	filed := op.approve(s, r, now)
	s.finish(r, Approved, now)
	s.deliver(r.ProviderID, now, wire.DownloadICP{Results: &wire.Results{
		Operations: []wire.OperationResult{s.result(r)}, Reviews: s.review(r, wire.ReviewPassed, now)}})
	s.deliver(r.ProviderID, now, wire.DownloadICP{Filed: &wire.FiledData{Records: []wire.FiledRecord{filed}}})
}

// decide runs a knob on a record that must be in a state. Errors are
// icp.NotFound and icp.NotNow.
func (s *Server) decide(id int64, state RecordState, act func(*Record, time.Time)) error {
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
func (s *Server) Reject(id int64, reason string) error {
	return s.decide(id, InReview, func(r *Record, now time.Time) {
		if reason == "" {
			reason = "模拟驳回"
		}
		r.Codes, r.Reason = []int64{1002}, reason
		s.finish(r, Rejected, now)
		s.deliver(r.ProviderID, now, wire.DownloadICP{Results: &wire.Results{
			Operations: []wire.OperationResult{s.result(r)}, Reviews: s.review(r, wire.ReviewRejected, now)}})
	})
}

// PassSMS enters the SMS code in the filer's place.
func (s *Server) PassSMS(id int64) error {
	return s.decide(id, AwaitingSMS, func(r *Record, now time.Time) { r.moveTo(InReview, now) })
}

// ExpireSMS lets the SMS check run out at once.
func (s *Server) ExpireSMS(id int64) error { return s.decide(id, AwaitingSMS, s.expireSMS) }

// Records gives copies of all records, the newest first.
func (s *Server) Records() []Record {
	var out []Record
	_ = s.change(func(time.Time) error { // never fails
		for _, r := range slices.Backward(s.st.Records) {
			c := *r
			c.Codes, c.Licences = slices.Clone(r.Codes), slices.Clone(r.Licences)
			out = append(out, c)
		}
		return nil
	})
	return out
}
