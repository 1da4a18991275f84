package authority_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// fill sets the values that the simulator's seeded filings lack.
func fill(in *authority.AnswerInput, missing []authority.AnswerGap) {
	for _, gap := range missing {
		switch {
		case endsIn(gap.Path, "Fzr_dzyj"):
			in.Fills[gap.Path] = "zhou@example.com"
		case endsIn(gap.Path, "sjhm"):
			in.Fills[gap.Path] = "13800138000"
		case endsIn(gap.Path, "Fzr_xm"):
			in.Fills[gap.Path] = "周明远"
		case endsIn(gap.Path, "Shiid"):
			in.Fills[gap.Path] = "110100"
		case endsIn(gap.Path, "Zjzs"):
			in.Fills[gap.Path] = "中关村大街 1 号"
		case endsIn(gap.Path, "Fzr_dhhm"):
			in.Fills[gap.Path] = "010-87654321"
		default:
			in.Fills[gap.Path] = "1"
		}
	}
}

func endsIn(path, name string) bool {
	return len(path) >= len(name) && path[len(path)-len(name):] == name
}

func (b *bench) answerState(event string) store.AuthorityAnswer {
	b.t.Helper()
	d, err := b.Event(b.t.Context(), event)
	if err != nil || len(d.Answers) == 0 {
		b.t.Fatalf("%v, answers %+v", err, d.Answers)
	}
	return d.Answers[0]
}

func TestAnswerToACheckTaskGoesOutInAFileOfItsOwn(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.push("HSRW", sim.Push{Licence: licence})
	e := b.only(authority.EventCheckTask)
	if e.Form == nil || e.Form.Operation != "HSJG" || e.Form.Date != "2026-11-24" {
		t.Fatalf("form %+v", e.Form)
	}
	empty := authority.AnswerInput{Passed: true, Date: "morgen", Fills: map[string]string{}}
	fill(&empty, e.Form.Missing)
	err := b.Answer(t.Context(), operator, e.ID, &empty)
	var invalid *icp.Error
	if !errors.As(err, &invalid) {
		t.Fatalf("answered with nothing: %v", err)
	}
	fields := map[string]string{}
	for _, f := range invalid.Fields {
		fields[f.Pointer] = f.Code
	}
	if len(fields) != 3 || fields["/person"] != "wire.required" || fields["/opinion"] != "wire.required" || fields["/date"] == "" {
		t.Errorf("fields %v", fields)
	}
	in := authority.AnswerInput{Passed: true, Person: "陈静", Opinion: "经核实，信息属实", Date: e.Form.Date, Fills: map[string]string{}}
	if len(e.Form.Missing) > 0 {
		if err := b.Answer(t.Context(), operator, e.ID, &in); !errors.Is(err, icp.ErrInvalid) {
			t.Errorf("answered with gaps: %v", err)
		}
	}
	fill(&in, e.Form.Missing)
	if err := b.Answer(t.Context(), operator, e.ID, &in); err != nil {
		t.Fatalf("%v (missing %+v)", err, e.Form.Missing)
	}
	if err := b.Answer(t.Context(), operator, e.ID, &in); !errors.Is(err, icp.ErrNotNow) {
		t.Errorf("answered twice: %v", err)
	}
	o := b.ready("cedar.example.cn") // an order goes into another file
	b.up()
	files := b.bySequence()
	if len(files) != 2 || files[0].Operation != "HSJG" || files[0].Sequence != 1 || files[0].Records != 1 || files[1].Operation != "XZWZ" || files[1].Sequence != 2 {
		t.Fatalf("files %+v", files)
	}
	b.want("order", b.state(o.ID), icp.StateSMSPending)
	a := b.answerState(e.ID)
	b.want("answer", a.State, store.AnswerAccepted)
	b.want("event", b.only(authority.EventCheckTask).State, store.EventAnswered)
	b.want("audit", b.events("authority_event", e.ID), "operator:authority_event.answered")
}

func TestAnAnswerThatTheAuthorityRefusesOpensTheEventAgain(t *testing.T) {
	t.Parallel()
	for name, result := range map[string]func(b *bench) wire.OperationResult{
		"by what it is about": func(*bench) wire.OperationResult {
			return wire.OperationResult{Codes: []wire.ResultCode{{Code: 5005, Comment: "该网站不在贵单位接入"}}, Operation: 9, Ref: "weibeian.example.cn"}
		},
		"by the name of the file": func(b *bench) wire.OperationResult {
			return wire.OperationResult{Codes: []wire.ResultCode{{Code: 5001, Comment: b.lastName()}}, Operation: 1}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.push("WBAWZLB", sim.Push{})
			e := b.only(authority.EventUnfiled)
			in := authority.AnswerInput{Result: 1, Opinion: "已关闭", Deadline: e.Form.Deadline, Province: e.Form.Province, Person: "陈静", Phone: "010-87654321", Email: "icp@example.com"}
			if err := b.Answer(t.Context(), operator, e.ID, &in); err != nil {
				t.Fatal(err)
			}
			b.up()
			b.want("answer", b.answerState(e.ID).State, store.AnswerAccepted)
			b.valid()
			b.delivered(results(result(b)))
			a := b.answerState(e.ID)
			if a.State != store.AnswerFaulty || a.Code < 5001 || a.Message == "" {
				t.Errorf("answer %+v", a)
			}
			now := b.only(authority.EventUnfiled)
			if now.State != store.EventOpen || !now.ClosedAt.IsZero() || now.Form == nil {
				t.Errorf("event %+v", now.AuthorityEvent)
			}
			b.want("download", b.downloadNamed("scripted.xml").LastError, "")
			// A second answer goes out under the next number.
			if err := b.Answer(t.Context(), operator, e.ID, &in); err != nil {
				t.Fatal(err)
			}
			b.up()
			b.want("sequence", b.bySequence()[1].Sequence, int64(2))
		})
	}
}

func (b *bench) bySequence() []store.Upload {
	b.t.Helper()
	return slices.SortedFunc(slices.Values(b.files()), func(x, y store.Upload) int { return int(x.Sequence - y.Sequence) })
}

func (b *bench) downloadNamed(name string) store.Download {
	b.t.Helper()
	for _, d := range b.received() {
		if d.FileName == name {
			return d
		}
	}
	b.t.Fatalf("no file %s", name)
	return store.Download{}
}

// lastName is the authority's name of our last file.
func (b *bench) lastName() string {
	b.t.Helper()
	r, err := b.Channel.Client.QueryPreviousUpload(b.t.Context())
	if err != nil || r.File == nil {
		b.t.Fatalf("%v %+v", err, r)
	}
	return r.File.Name
}

func TestAnswersSurviveWhatGoesWrongWithTheirFile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault sim.Fault
		want  store.AnswerState
		event store.EventState
	}{
		"reply lost": {sim.Fault{Kind: sim.FaultLoseReply, Operation: wire.OpUpload}, store.AnswerAccepted, store.EventAnswered},
		"queue full": {sim.Fault{Kind: sim.FaultCode, Operation: wire.OpUpload, Code: 15}, store.AnswerAccepted, store.EventAnswered},
		"too large":  {sim.Fault{Kind: sim.FaultCode, Operation: wire.OpUpload, Code: 18}, store.AnswerFaulty, store.EventOpen},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.push("WBAWZLB", sim.Push{})
			e := b.only(authority.EventUnfiled)
			in := authority.AnswerInput{Result: 1, Opinion: "已关闭", Deadline: e.Form.Deadline, Province: e.Form.Province}
			if err := b.Answer(t.Context(), operator, e.ID, &in); err != nil {
				t.Fatal(err)
			}
			b.misbehave(c.fault)
			for range 3 {
				b.up()
				b.pause()
			}
			b.want("answer", b.answerState(e.ID).State, c.want)
			b.want("event", b.only(authority.EventUnfiled).State, c.event)
		})
	}
}

func TestAnEventThatAsksForNothingHasNoAnswer(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.push("XGTZ", sim.Push{Licence: licence, Text: "请更新"})
	e := b.only(authority.EventNotice)
	if e.Form != nil {
		t.Errorf("form %+v", e.Form)
	}
	if err := b.Answer(t.Context(), operator, e.ID, &authority.AnswerInput{}); !errors.Is(err, icp.ErrNotNow) {
		t.Errorf("answered: %v", err)
	}
	if err := b.Answer(t.Context(), operator, "strange", &authority.AnswerInput{}); !errors.Is(err, icp.ErrNotFound) {
		t.Errorf("answered what is not there: %v", err)
	}
	b.clock.Advance(time.Minute)
	b.up()
	b.want("files", len(b.files()), 0)
}
