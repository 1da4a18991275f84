package sim

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/clock"
)

//go:embed page.html
var pageHTML string

var page = template.Must(template.New("page").Parse(pageHTML))

// row is a record as the page shows it.
type row struct {
	ID                    int64
	ActionZH, ActionEN    string
	StateZH, StateEN      string
	Icon, State           string
	Subject, SubjectName  string
	Names, Domains        string
	ReceivedAt, Deadline  string
	Sequence, ProviderID  int64
	Codes                 []wire.DataCode
	Reason, Licences      string
	AwaitingSMS, InReview bool
}

var stateWords = map[RecordState][3]string{
	Received:    {"已接收", "Received", "○"},
	Failed:      {"校验未通过", "Checks failed", "✕"},
	AwaitingSMS: {"等待短信核验", "Waiting for SMS check", "◔"},
	SMSExpired:  {"短信核验超时", "SMS check expired", "✕"},
	InReview:    {"等待审核", "Waiting for review", "◑"},
	Approved:    {"已通过", "Approved", "✓"},
	Rejected:    {"已驳回", "Rejected", "✕"},
}

func (s *Server) routePage(mux *http.ServeMux) {
	mux.HandleFunc("GET /sim/{$}", func(w http.ResponseWriter, _ *http.Request) { s.writePage(w, http.StatusOK, "") })
	mux.HandleFunc("POST /sim/records/{id}/{act}", func(w http.ResponseWriter, r *http.Request) {
		if err := s.act(r.PathValue("id"), r.PathValue("act"), strings.TrimSpace(r.PostFormValue("reason"))); err != nil {
			s.writePage(w, statusOf(err), r.PathValue("id"))
			return
		}
		http.Redirect(w, r, "/sim/#r"+r.PathValue("id"), http.StatusSeeOther)
	})
}

// writePage shows the records; refused names one whose state had moved on.
func (s *Server) writePage(w http.ResponseWriter, status int, refused string) {
	var rows []row
	todo := 0
	for _, r := range s.Records() {
		v := s.row(&r)
		if v.AwaitingSMS || v.InReview {
			todo++
		}
		rows = append(rows, v)
	}
	var b bytes.Buffer
	if err := page.Execute(&b, map[string]any{"Rows": rows, "Todo": todo, "Refused": refused, "Subjects": s.Subjects(), "Channels": s.Channels(), "Faults": s.faults()}); err != nil {
		s.cfg.Log.Error("page of the simulator not written", "err", err)
		http.Error(w, "page not written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // the caller may have gone
}

func (s *Server) row(r *Record) row {
	op, words := operationOf(r.Action), stateWords[r.State]
	v := row{ID: r.ID, ActionZH: op.zh, ActionEN: op.en, StateZH: words[0], StateEN: words[1], Icon: words[2], State: string(r.State),
		ReceivedAt: local(r.ReceivedAt), Sequence: r.Sequence, ProviderID: r.ProviderID, Reason: r.Reason, Licences: strings.Join(r.Licences, "、"),
		AwaitingSMS: r.State == AwaitingSMS, InReview: r.State == InReview}
	if v.AwaitingSMS {
		v.Deadline = local(r.SMSDeadline)
	}
	for _, code := range r.Codes {
		v.Codes = append(v.Codes, wire.DataCodeOf(code))
	}
	var names, domains []string
	for _, w := range r.websites() {
		names = append(names, w.Name)
		for _, d := range w.Domains {
			domains = append(domains, d.Name)
		}
	}
	v.Names, v.Domains = strings.Join(names, "、"), strings.Join(domains, "、")
	s.mu.Lock()
	defer s.mu.Unlock()
	v.Subject = op.ref(s, r)
	if f := s.idx.licences[v.Subject]; f != nil {
		v.SubjectName = f.Subject.Name
	}
	return v
}

func local(t time.Time) string { return t.In(clock.Shanghai).Format("2006-01-02 15:04") }
