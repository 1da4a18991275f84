package api

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/store"
)

const mainChannel = prefix + "/authority/channels/main"

// kept adds a file sent, one received and a call about each, without their bytes.
func (s *service) kept() (up store.Upload, down store.Download) {
	s.t.Helper()
	now := s.clock.Now()
	up = store.Upload{ID: "u1", Channel: "main", Sequence: 7, Operation: "XZWZ", State: store.UploadStored, BlobKey: "upload-u1", Hash: "h==", Records: 1,
		Code: 15, Message: "满", CreatedAt: now}
	down = store.Download{ID: "d1", Channel: "main", FileName: "BAJG_1.zip", Hash: "h==", BlobKey: "download-d1", State: store.DownloadParked, LastError: "cipher", Tries: 5, ReceivedAt: now}
	calls := []store.AuthorityCall{
		{ID: "c1", Channel: "main", Operation: "isp_upload", Outcome: store.CallDeclined, Code: 15, Sequence: 7, Upload: "u1", StartedAt: now, Took: time.Second, Node: "n"},
		{ID: "c2", Channel: "main", Operation: "isp_download", Outcome: store.CallOK, FileName: "BAJG_1.zip", StartedAt: now.Add(-time.Minute), Node: "n"},
	}
	err := s.store.Update(s.t.Context(), func(tx *store.Tx) error {
		if err := tx.InsertUpload(context.Background(), &up, nil); err != nil {
			return err
		}
		if _, err := tx.InsertDownload(context.Background(), &down); err != nil {
			return err
		}
		for i := range calls {
			if err := tx.InsertCall(context.Background(), &calls[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return up, down
}

func TestTheChannelTellsWhatNeedsAPerson(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.account("yun@example.com", access.Operator)
	s.kept()
	c := s.signedIn("yun@example.com")
	s.clock.Advance(time.Hour)
	v := read[AuthorityChannelView](t, c.do("GET", mainChannel, "", "Accept-Language", "en"))
	if len(v.Alerts) != 2 || v.Alerts[0].Code != "parked_file" || v.Alerts[1].Code != "upload_unsettled" || v.Alerts[1].Upload != "u1" || v.ParkedFiles != 1 || v.OpenUploads != 1 {
		t.Fatalf("channel %+v", v)
	}
	a := v.Alerts[0]
	if a.Title != "1 files from the authority wait for a decision" || a.Act == "" || a.Verify == "" || a.Runbook != "docs/runbooks/authority.md#parked_file" ||
		a.Downloads[0].ErrorText != "it cannot be decrypted" || v.Unsettled.CodeText != "The authority's inbound queue is full; send the same number again later" || v.Unsettled.Class != "retry" {
		t.Errorf("alert %+v, unsettled %+v", a, v.Unsettled)
	}
	refused(t, c.do("GET", prefix+"/authority/channels/other", ""), http.StatusNotFound, "authority.no_channel")
}

func TestCallsAreFiltered(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.account("yun@example.com", access.Operator)
	s.kept()
	c := s.signedIn("yun@example.com")
	for query, want := range map[string]string{"": "c1 c2", "?operation=isp_download": "c2", "?outcome=failed": "c1", "?outcome=declined": "c1", "?outcome=ok": "c2",
		"?upload=u1": "c1", "?download=d1": "c2", "?outcome=failed&operation=isp_download": ""} {
		got := ""
		for _, one := range read[Page[AuthorityCallView]](t, c.do("GET", mainChannel+"/calls"+query, "")).Items {
			got += one.ID + " "
			if one.ID == "c2" && one.Download != "d1" {
				t.Errorf("call %+v names no file", one)
			}
		}
		if strings.TrimSpace(got) != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	first := read[Page[AuthorityCallView]](t, c.do("GET", mainChannel+"/calls?limit=1", ""))
	second := read[Page[AuthorityCallView]](t, c.do("GET", mainChannel+"/calls?limit=1&cursor="+first.Next, ""))
	if len(first.Items) != 1 || len(second.Items) != 1 || second.Items[0].ID != "c2" || second.Next != "" {
		t.Errorf("pages %+v %+v", first, second)
	}
	faulty(t, c.do("GET", mainChannel+"/calls?outcome=failed&upload=u1", ""), "/outcome", "authority.calls_failed")
	refused(t, c.do("GET", mainChannel+"/calls?download=x", ""), http.StatusNotFound, "not_found")
}

func TestAFileWithoutItsBytesIsShownAllTheSame(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.account("yun@example.com", access.Operator)
	s.kept()
	c := s.signedIn("yun@example.com")
	up := read[UploadDetail](t, c.do("GET", mainChannel+"/uploads/u1", "", "Accept-Language", "en"))
	down := read[DownloadDetail](t, c.do("GET", mainChannel+"/downloads/d1", "", "Accept-Language", "en"))
	if up.Inside.Fault != "its bytes are not kept here" || down.Inside.Fault != up.Inside.Fault || up.Sequence != 7 || down.FileName != "BAJG_1.zip" {
		t.Errorf("upload %+v, download %+v", up, down)
	}
	refused(t, c.do("GET", mainChannel+"/uploads/u1/content", ""), http.StatusNotFound, "channel.bytes_gone")
	refused(t, c.do("GET", mainChannel+"/downloads/u1/content", ""), http.StatusNotFound, "not_found")
}

func TestRevealingNeedsBothPermissionsAndAReason(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.account("yun@example.com", access.Operator)
	s.account("shen@example.com", access.Reviewer)
	s.account("guan@example.com", access.Admin)
	s.kept()
	posts := map[string]string{
		"/uploads/u1/reveal":         `{"part":"decoded","reason":"REASON"}`,
		"/uploads/u1/reveal-picture": `{"number":0,"reason":"REASON"}`,
		"/uploads/u1/bytes":          `{"part":"document","reason":"REASON"}`,
		"/export":                    `{"uploads":["u1"],"unmasked":true,"reason":"REASON"}`,
	}
	for path, body := range posts {
		for _, login := range []string{"shen@example.com", "guan@example.com"} { // a reviewer may reveal, but not here
			refused(t, s.signedIn(login).do("POST", mainChannel+path, strings.Replace(body, "REASON", "r", 1)), http.StatusForbidden, "not_allowed")
		}
		faulty(t, s.signedIn("yun@example.com").do("POST", mainChannel+path, strings.Replace(body, "REASON", " ", 1)), "/reason", "reason.required")
	}
}

func TestAnExportIsFetchedByItsTicket(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.account("yun@example.com", access.Operator)
	s.account("other@example.com", access.Operator)
	s.kept()
	c := s.signedIn("yun@example.com")
	ticket := read[TicketView](t, c.do("POST", mainChannel+"/export", `{"uploads":["u1"],"downloads":["d1"]}`))
	got := c.do("GET", ticket.Path, "")
	raw, err := io.ReadAll(got.Body)
	if err != nil || got.StatusCode != http.StatusOK || got.Header.Get("Content-Type") != "application/zip" || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment; filename=authority-main-") {
		t.Fatalf("export: %d %v %v", got.StatusCode, got.Header, err)
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("list.json")
	if err != nil {
		t.Fatal(err)
	}
	var list struct {
		Masked bool
		Files  []struct{ ID, Fault string }
	}
	if err := json.NewDecoder(f).Decode(&list); err != nil || !list.Masked || len(list.Files) != 2 || list.Files[0].Fault != "missing" {
		t.Errorf("list %+v, %v", list, err)
	}
	faulty(t, s.signedIn("other@example.com").do("GET", ticket.Path, ""), "/ticket", "authority.ticket")
	faulty(t, c.do("GET", mainChannel+"/bytes?ticket="+ticket.Ticket, ""), "/ticket", "authority.ticket")
	s.clock.Advance(2 * time.Minute)
	faulty(t, c.do("GET", ticket.Path, ""), "/ticket", "authority.ticket")
	for body, want := range map[string][2]string{`{}`: {"/uploads", "authority.export_what"}, `{"since":"2026-11-24T00:00:00Z","until":"2026-11-23T00:00:00Z"}`: {"/until", "authority.export_range"},
		`{"since":"2026-09-24T00:00:00Z","until":"2026-11-23T00:00:00Z"}`: {"/until", "authority.export_days"}} {
		faulty(t, c.do("POST", mainChannel+"/export", body), want[0], want[1])
	}
}
