package sim

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/openbeian/beian/internal/authority/wire"
)

type requestsPage struct {
	frame
	Rows []row
	Todo int
	// Before is where the page begins, Older where the next one does; 0 for none.
	Before, Older int64
}

// row is a record as the page shows it.
type row struct {
	ID                    int64
	Action                string
	Icon, State, Script   string
	Subject, SubjectName  string
	Names, Domains        string
	ReceivedAt, Deadline  string
	Sequence, ProviderID  int64
	Codes                 []codeText
	Reason, Licences      string
	AwaitingSMS, InReview bool
	SMS                   []smsRow
}

// smsRow is a person of an SMS check.
type smsRow struct {
	Number                 int
	Name, Mobile, Domains  string
	Passed, Open, Together bool // Together: others have to verify too
}

type codeText struct {
	Code int64
	Text string
}

var stateIcons = map[RecordState]string{Received: "○", Failed: "✕", AwaitingSMS: "◔", SMSExpired: "✕", InReview: "◑", Approved: "✓", Rejected: "✕"}

func (s *Server) requestsPage(f frame, r *http.Request) requestsPage {
	p := requestsPage{frame: f}
	p.Before, _ = strconv.ParseInt(r.URL.Query().Get("before"), 10, 64) // 0 is the newest page
	records := s.recordsBefore(p.Before, rowsPerPage+1)
	if len(records) > rowsPerPage {
		records = records[:rowsPerPage]
		p.Older = records[rowsPerPage-1].ID
	}
	for i := range records {
		p.Rows = append(p.Rows, s.row(&records[i], f.Lang))
	}
	s.look(func() {
		for _, r := range s.idx.open {
			if r.State != Received {
				p.Todo++
			}
		}
	})
	return p
}

func (s *Server) row(r *Record, lang string) row {
	op := r.operation()
	v := row{ID: r.ID, Action: op.zh, Icon: stateIcons[r.State], State: string(r.State), Subject: r.Request.ref(),
		ReceivedAt: local(r.ReceivedAt), Sequence: r.Sequence, ProviderID: r.ProviderID, Reason: r.Reason, Licences: strings.Join(r.Licences, " · "),
		AwaitingSMS: r.State == AwaitingSMS, InReview: r.State == InReview}
	if lang == english {
		v.Action = op.en
	}
	if v.AwaitingSMS {
		v.Deadline = local(r.SMSDeadline)
	}
	for i, p := range r.SMS {
		v.SMS = append(v.SMS, smsRow{Number: i + 1, Name: p.Name, Mobile: p.Mobile, Domains: strings.Join(p.Domains, " · "), Passed: p.Passed,
			Open: v.AwaitingSMS && !p.Passed, Together: len(r.SMS) > 1})
	}
	if r.Script != nil {
		v.Script = string(r.Script.Fate)
	}
	for _, code := range r.Codes {
		c := wire.DataCodeOf(code)
		text := c.ZH
		if lang == english {
			text = c.EN
		}
		v.Codes = append(v.Codes, codeText{code, text})
	}
	names, domains := r.Request.about()
	v.Names, v.Domains = strings.Join(names, " · "), strings.Join(domains, " · ")
	s.look(func() {
		if f := s.idx.licences[v.Subject]; f != nil {
			v.SubjectName = f.Subject.Name
		}
	})
	return v
}
