package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// event puts an unfiled website on the list of what the authority started.
func (s *service) event() store.AuthorityEvent {
	s.t.Helper()
	now := s.clock.Now()
	d := store.Download{ID: icp.NewID(now), Channel: "main", FileName: "20261124120000_bj_1.xml", Hash: "h", BlobKey: "k", State: store.DownloadApplied, ReceivedAt: now, AppliedAt: now, AckedAt: now}
	e := store.AuthorityEvent{ID: icp.NewID(now), Channel: "main", Download: d.ID, Kind: "unfiled_website", Fingerprint: s.store.Fingerprint("event", d.ID), State: store.EventOpen,
		Asks: true, DueAt: now.AddDate(0, 0, 3), Domain: "weibeian.example.cn", CreatedAt: now, Content: store.EventContent{
			After: json.RawMessage(`{"Unfiled":{"AuthorityID":7,"Domain":"weibeian.example.cn","IP":3405803786,"Carrier":1,"Province":110000,"SeenAt":"2026-11-24 12:00:00"}}`)}}
	err := s.store.Update(s.t.Context(), func(tx *store.Tx) error {
		if _, err := tx.InsertDownload(s.t.Context(), &d); err != nil {
			return err
		}
		if err := tx.PutImport(s.t.Context(), &store.Import{Download: d.ID, Records: 1, Events: 1, BegunAt: now, UpdatedAt: now, DoneAt: now}); err != nil {
			return err
		}
		return tx.InsertAuthorityEvent(s.t.Context(), &e)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return e
}

func TestAuthorityEventsAreListedAnsweredAndClosed(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.account("yun@example.com", access.Operator)
	c := s.signedIn("yun@example.com")
	e := s.event()
	path := prefix + "/authority/events/" + e.ID
	list := read[Page[AuthorityEventSummary]](t, c.do("GET", prefix+"/authority/events?kind=unfiled_website&sort=due", ""))
	if len(list.Items) != 1 || list.Items[0].ID != e.ID || list.Items[0].DueAt == nil || !list.Items[0].Asks {
		t.Fatalf("list %+v", list)
	}
	if none := read[Page[AuthorityEventSummary]](t, c.do("GET", prefix+"/authority/events?state=closed", "")); len(none.Items) != 0 {
		t.Errorf("closed ones %+v", none)
	}
	counts := read[struct {
		Open    map[string]int
		Overdue int
	}](t, c.do("GET", prefix+"/authority/event-counts", ""))
	if counts.Open["unfiled_website"] != 1 || counts.Overdue != 0 {
		t.Errorf("counts %+v", counts)
	}
	one := read[AuthorityEventView](t, c.do("GET", path, ""))
	if one.Form == nil || one.Form.Operation != "WBACLJG" || one.Form.Province != 110000 || one.FileName != "20261124120000_bj_1.xml" ||
		!slices.ContainsFunc(one.Rows, func(r EventRowView) bool { return r.Path == "Unfiled.IP" && r.After == "203.0.113.10" }) {
		t.Errorf("event %+v", one)
	}
	came := read[DownloadImportView](t, c.do("GET", mainChannel+"/downloads/"+e.Download+"/import", ""))
	if came.Records != 1 || came.Events != 1 || came.DoneAt == nil {
		t.Errorf("import %+v", came)
	}
	faulty(t, c.do("POST", path+"/answer", `{"opinion":"已关闭","deadline":"2026-11-30","phone":"1"}`), "/result", "wire.required")
	answer := c.do("POST", path+"/answer", `{"opinion":"已关闭","deadline":"2026-11-30","result":1}`)
	if got := read[AuthorityEventView](t, answer); answer.StatusCode != http.StatusOK || len(got.Answers) != 1 || got.Answers[0].State != "waiting" || got.Form != nil {
		t.Fatalf("answered: %d %+v", answer.StatusCode, got)
	}
	refused(t, c.do("POST", path+"/answer", `{"opinion":"已关闭","deadline":"2026-11-30","result":1}`), http.StatusConflict, "authority.event_answered")
	closed := c.do("POST", path+"/close", `{"reason":"已关闭网站"}`, "If-Match", etag(1))
	if got := read[AuthorityEventView](t, closed); got.State != "closed" || got.Reason != "已关闭网站" || got.ClosedAt == nil || closed.Header.Get("ETag") != etag(2) {
		t.Errorf("closed: %d %+v", closed.StatusCode, got)
	}
	revealed := read[AuthorityEventView](t, c.do("POST", path+"/reveal", `{"reason":"核对"}`))
	if !strings.Contains(text(t, revealed.Rows), "weibeian.example.cn") {
		t.Errorf("revealed %+v", revealed)
	}
}
