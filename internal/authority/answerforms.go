package authority

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// AnswerInput is what staff answer. Which fields count depends on the kind of
// the event: a check asks for Passed, Person, Opinion and Mistakes, an unfiled
// website for Result, Opinion, Province, Deadline and who reports.
type AnswerInput struct {
	Passed   bool
	Person   string // 核实人 or 上报人
	Opinion  string
	Mistakes string
	Date     string // of the check, YYYY-MM-DD
	Result   int64  // id of the table of handling states
	Province int64
	Deadline string // YYYY-MM-DD
	Phone    string
	Email    string
	// Fills replace values of the task that the answer may not have as they
	// came, by the paths of [AnswerForm.Missing].
	Fills map[string]string
}

// AnswerForm is what an answer starts from.
type AnswerForm struct {
	Operation string
	Date      string
	Province  int64
	Deadline  string
	// Missing are values of the task that have to be put right in the answer.
	Missing []AnswerGap
}

// AnswerGap is a value of the task that the interface does not take back as it
// came: missing, too short. Path is the way by element names.
type AnswerGap struct {
	Path, Code string
	Params     map[string]string
}

// answerForm prepares the form of an open event; nil when its document is not
// one that can be answered.
func (g *Gateway) answerForm(e *store.AuthorityEvent) *AnswerForm {
	now := g.Clock.Now()
	f := &AnswerForm{Operation: answerOf(EventKind(e.Kind)), Date: wire.FormatDate(now), Deadline: wire.FormatDate(now.AddDate(0, 0, 10))}
	if !e.DueAt.IsZero() {
		f.Deadline = wire.FormatDate(e.DueAt)
	}
	in := AnswerInput{Passed: true, Person: "-", Opinion: "-", Date: f.Date, Result: 1, Deadline: f.Deadline}
	record, err := g.answerRecord(e, &in)
	if err != nil {
		return nil
	}
	if r, ok := record.(*wire.UnfiledResult); ok {
		f.Province = r.Province
	}
	for _, fault := range g.checkAnswer(f.Operation, record) {
		if path, ok := strings.CutPrefix(fault.Pointer, "/fills/"); ok {
			f.Missing = append(f.Missing, AnswerGap{Path: path, Code: fault.Code, Params: fault.Params})
		}
	}
	return f
}

// Answer composes an answer to an open event and lets it wait for the next
// file. Errors are icp.Invalid with the fields at fault, and icp.NotNow with
// "authority.event_answered" while one is on its way or after the event ended.
func (g *Gateway) Answer(ctx context.Context, by icp.Actor, event string, in *AnswerInput) error {
	return g.Store.Update(ctx, func(tx *store.Tx) error {
		d, err := g.eventDetail(ctx, tx, event, false)
		switch {
		case err != nil:
			return err
		case d.Channel != g.Channel.ID:
			return icp.ErrNotFound
		case answerOf(EventKind(d.Kind)) == "":
			return icp.E(icp.NotNow, "authority.event_unanswerable")
		case !d.answerable():
			return icp.E(icp.NotNow, "authority.event_answered")
		}
		record, err := g.answerRecord(&d.AuthorityEvent, in)
		if err != nil {
			return err
		}
		operation := answerOf(EventKind(d.Kind))
		if err := icp.InvalidFields(g.checkAnswer(operation, record)); err != nil {
			return err
		}
		content, err := json.Marshal(record)
		if err != nil {
			return fmt.Errorf("write answer: %w", err)
		}
		now := g.Clock.Now()
		a := store.AuthorityAnswer{ID: icp.NewID(now), Event: d.ID, Channel: d.Channel, Operation: operation, State: store.AnswerWaiting, Record: content,
			CreatedBy: by.Account, CreatedAt: now, UpdatedAt: now}
		if err := tx.InsertAuthorityAnswer(ctx, &a); err != nil {
			return err
		}
		g.audit(tx, by, "authority_event.answered", "authority_event", d.ID, map[string]any{"answer": a.ID, "operation": operation})
		return g.Wake(ctx, tx)
	})
}

// answerRecord makes the record of an answer.
func (g *Gateway) answerRecord(e *store.AuthorityEvent, in *AnswerInput) (any, error) {
	var record any
	switch EventKind(e.Kind) {
	case EventCheckTask:
		var t toldTask
		if err := json.Unmarshal(e.Content.After, &t); err != nil {
			return nil, fmt.Errorf("read check task: %w", err)
		}
		r := &wire.CheckResult{Result: wire.CheckRefused, Checker: strings.TrimSpace(in.Person), Date: strings.TrimSpace(in.Date), Unit: g.Channel.ProviderID(),
			Opinion: strings.TrimSpace(in.Opinion), Mistakes: strings.TrimSpace(in.Mistakes), Filing: checkedFiling(&t.Task)}
		if in.Passed {
			r.Result = wire.CheckPassed
		}
		record = r
	case EventUnfiled:
		var t toldUnfiled
		if err := json.Unmarshal(e.Content.After, &t); err != nil {
			return nil, fmt.Errorf("read unfiled website: %w", err)
		}
		r := &wire.UnfiledResult{Domain: t.Unfiled.Domain, IP: t.Unfiled.IP, Carrier: t.Unfiled.Carrier, Provider: t.Unfiled.Provider, Province: t.Unfiled.Province,
			Result: in.Result, Opinion: strings.TrimSpace(in.Opinion), Recorded: recordedOn(t.Unfiled.SeenAt, e.CreatedAt), Deadline: strings.TrimSpace(in.Deadline),
			Reporter: strings.TrimSpace(in.Person), Phone: strings.TrimSpace(in.Phone), Email: strings.TrimSpace(in.Email)}
		if r.Provider == 0 {
			r.Provider = g.Channel.ProviderID()
		}
		if in.Province != 0 {
			r.Province = in.Province
		}
		record = r
	default:
		return nil, icp.E(icp.NotNow, "authority.event_unanswerable")
	}
	for path, text := range in.Fills {
		setElement(reflect.ValueOf(record).Elem(), strings.Split(path, "/"), strings.TrimSpace(text))
	}
	return record, nil
}

// recordedOn is the day on which a website came onto the list.
func recordedOn(seen string, told time.Time) string {
	if at, ok := wire.ParseTime(seen); ok {
		told = at
	}
	return wire.FormatDate(told)
}

// answerFields say which field of the form an element of a record is.
var answerFields = map[string]string{"Hsjg": "/passed", "Hsrxm": "/person", "Hssj": "/date", "Hsyj": "/opinion", "Cwxx": "/mistakes", "Cljg": "/result",
	"Clyj": "/opinion", "Shengid": "/province", "Clsx": "/deadline", "Sbrxm": "/person", "Sbrdh": "/phone", "Sbrdzyj": "/email"}

// checkAnswer gives the faults of a record with pointers to the form's fields;
// those of the task's own data begin with /fills/.
func (g *Gateway) checkAnswer(operation string, record any) []icp.FieldError {
	content, err := json.Marshal(record)
	if err != nil {
		return []icp.FieldError{{Pointer: "", Code: "wire.unreadable"}}
	}
	o := answerOperationOf(operation)
	d, err := o.part(g.Channel.ProviderID(), []json.RawMessage{content})
	if err != nil {
		return []icp.FieldError{{Pointer: "", Code: "wire.unreadable"}}
	}
	out := g.build.profile.Check(&d)
	for i := range out {
		parts := strings.Split(strings.TrimPrefix(out[i].Pointer, "/ICP/"+operation+"/"), "/")
		if len(parts) < 3 {
			continue
		}
		path := parts[2:] // after the record's element and its number
		if field, ok := answerFields[path[0]]; ok {
			out[i].Pointer = field
		} else {
			out[i].Pointer = "/fills/" + strings.Join(path, "/")
		}
	}
	return out
}

// setElement sets the text or number at the end of a way of element names. A
// way that leads nowhere changes nothing: the check that follows tells what is
// still at fault.
func setElement(v reflect.Value, path []string, text string) {
	if len(path) == 0 {
		setLeaf(v, text)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			setElement(v.Elem(), path, text)
		}
	case reflect.Slice:
		if n, err := strconv.Atoi(path[0]); err == nil && n >= 0 && n < v.Len() {
			setElement(v.Index(n), path[1:], text)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("xml"), ","); name == path[0] {
				setElement(v.Field(i), path[1:], text)
			}
		}
	default:
	}
}

// setLeaf sets a text, a number, or a list of numbers.
func setLeaf(v reflect.Value, text string) {
	switch {
	case v.Kind() == reflect.String:
		v.SetString(text)
	case v.Kind() == reflect.Int64:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			v.SetInt(n)
		}
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Int64:
		var list []int64
		for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(", ，、;；", r) }) {
			if n, err := strconv.ParseInt(part, 10, 64); err == nil && !slices.Contains(list, n) {
				list = append(list, n)
			}
		}
		v.Set(reflect.ValueOf(list))
	}
}
