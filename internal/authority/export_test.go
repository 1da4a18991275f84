package authority_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// personalValues are of the bench's orders that nobody may see unrevealed.
var personalValues = []string{"周明远", "13800138000", "010-87654321", "11010519491231002X"}

// exported writes an export and gives its entries.
func (b *bench) exported(e authority.Export) map[string]string {
	b.t.Helper()
	ticket, _, err := b.TicketForExport(b.t.Context(), operator, e, "support")
	if err != nil {
		b.t.Fatal(err)
	}
	if e, err = b.ExportOf(operator, ticket); err != nil {
		b.t.Fatal(err)
	}
	var out bytes.Buffer
	if err := b.WriteExport(b.t.Context(), e, &out); err != nil {
		b.t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		b.t.Fatal(err)
	}
	entries := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			b.t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			b.t.Fatal(err)
		}
		entries[f.Name] = string(content)
	}
	return entries
}

// conversation sends an order and fetches its decision.
func (b *bench) conversation() (store.Upload, store.Download) {
	b.t.Helper()
	b.ready("cedar.example.cn")
	b.up()
	r := b.sim.Records()[0]
	if err := errors.Join(b.sim.PassSMS(r.ID), b.sim.Reject(r.ID, "不符，电话13800138000")); err != nil {
		b.t.Fatal(err)
	}
	b.down()
	b.FlushCalls(b.t.Context())
	return b.files()[0], b.received()[0]
}

func TestAnExportIsMaskedUnlessAskedOtherwise(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	up, down := b.conversation()
	chosen := authority.Export{Uploads: []string{up.ID}, Downloads: []string{down.ID}}
	ranged := authority.Export{Since: tuesday.Add(-time.Hour), Until: tuesday.Add(48 * time.Hour)}
	for name, e := range map[string]authority.Export{"chosen": chosen, "a time": ranged} {
		entries := b.exported(e)
		for file, text := range entries {
			for _, v := range personalValues {
				if strings.Contains(text, v) {
					t.Errorf("%s: %s holds %q", name, file, v)
				}
			}
			if strings.HasSuffix(file, "request.xml") || strings.HasSuffix(file, "reply.xml") {
				t.Errorf("%s: %s is in a masked export", name, file)
			}
		}
		if !strings.Contains(entries["list.txt"], down.FileName) || !strings.Contains(entries["list.txt"], up.Hash) || !strings.Contains(entries["calls.jsonl"], `"operation":"isp_upload"`) {
			t.Errorf("%s: list\n%s\ncalls\n%s", name, entries["list.txt"], entries["calls.jsonl"])
		}
	}
	b.want("audit", strings.Count(b.events("channel", channel), "operator:channel.exported"), 2)
}

func TestAnUnmaskedExportHasTheExactBytesWithoutTheProof(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	up, down := b.conversation()
	entries := b.exported(authority.Export{Uploads: []string{up.ID}, Downloads: []string{down.ID}, Unmasked: true})
	var list struct {
		Masked bool
		Files  []struct {
			ID      string
			Entries []struct {
				Name, SHA256 string
				Size         int64
			}
		}
	}
	if err := json.Unmarshal([]byte(entries["list.json"]), &list); err != nil || list.Masked || len(list.Files) != 2 {
		t.Fatalf("list %+v, %v", list, err)
	}
	for _, f := range list.Files {
		if len(f.Entries) != 2 {
			t.Errorf("entries of %s: %+v", f.ID, f.Entries)
		}
		for _, e := range f.Entries {
			sum := sha256.Sum256([]byte(entries[e.Name]))
			if e.SHA256 != hex.EncodeToString(sum[:]) || e.Size != int64(len(entries[e.Name])) || e.Size == 0 {
				t.Errorf("%s: listed %d bytes %s", e.Name, e.Size, e.SHA256)
			}
		}
	}
	for name, text := range entries {
		switch {
		case strings.HasPrefix(name, "uploads/") && strings.HasSuffix(name, "document.xml"):
			if text != string(b.lastDocument()) {
				t.Error("the document is another than what was sent")
			}
		case strings.HasSuffix(name, "request.xml"):
			if !strings.Contains(text, "<pwdHash></pwdHash>") || !strings.Contains(text, "<randVal></randVal>") || !strings.Contains(text, up.Hash) {
				t.Errorf("request %.600s", text)
			}
		case strings.HasSuffix(name, "reply.xml"):
			var r wire.DownloadReply
			if err := wire.DecodeReply(text, &r); err != nil || r.File.Name != down.FileName {
				t.Errorf("reply %v", err)
			}
		}
	}
}

func TestExportsThatCannotBe(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for name, c := range map[string]struct {
		e      authority.Export
		reason string
		want   error
	}{
		"nothing":           {authority.Export{}, "r", icp.ErrInvalid},
		"a file and a time": {authority.Export{Uploads: []string{"x"}, Since: tuesday, Until: tuesday.Add(time.Hour)}, "r", icp.ErrInvalid},
		"an end before":     {authority.Export{Since: tuesday, Until: tuesday.Add(-time.Hour)}, "r", icp.ErrInvalid},
		"no beginning":      {authority.Export{Until: tuesday}, "r", icp.ErrInvalid},
		"a long time":       {authority.Export{Since: tuesday, Until: tuesday.Add(32 * 24 * time.Hour)}, "r", icp.ErrInvalid},
		"too many":          {authority.Export{Uploads: make([]string, 101)}, "r", icp.ErrInvalid},
		"an unknown file":   {authority.Export{Downloads: []string{"x"}}, "r", icp.ErrNotFound},
		"without a reason":  {authority.Export{Since: tuesday, Until: tuesday.Add(time.Hour), Unmasked: true}, " ", icp.ErrInvalid},
	} {
		if _, _, err := b.TicketForExport(t.Context(), operator, c.e, c.reason); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.want("audit", b.events("channel", channel), "")
}

func TestTicketsAreForOneAccountOneThingAndAMinute(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	up, _ := b.conversation()
	ticket, _, err := b.TicketForBytes(t.Context(), operator, authority.Up, up.ID, authority.PartDocument, "support")
	if err != nil {
		t.Fatal(err)
	}
	read := func(by icp.Actor) (string, error) {
		r, _, err := b.Bytes(t.Context(), by, ticket)
		if err != nil {
			return "", err
		}
		content, err := io.ReadAll(r)
		return string(content), errors.Join(err, r.Close())
	}
	if text, err := read(operator); err != nil || text != string(b.lastDocument()) {
		t.Errorf("%d bytes, %v", len(text), err)
	}
	if _, err := read(icp.Actor{Account: "other", Party: icp.Provider}); !errors.Is(err, icp.ErrInvalid) {
		t.Errorf("somebody else's ticket: %v", err)
	}
	if _, err := b.ExportOf(operator, ticket); !errors.Is(err, icp.ErrInvalid) {
		t.Errorf("a ticket for bytes exports: %v", err)
	}
	b.clock.Advance(2 * time.Minute)
	if _, err := read(operator); !errors.Is(err, icp.ErrInvalid) {
		t.Errorf("after its time: %v", err)
	}
	b.want("audit", b.events("upload", up.ID), "operator:upload.revealed")
}

func TestRevealingIsRecordedEachTimeAndNeedsAReason(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	up, _ := b.conversation()
	look := authority.Look{Side: authority.Up, File: up.ID, Part: authority.PartDecoded, Limit: authority.MaxText}
	hidden, err := b.Look(t.Context(), look)
	if err != nil || strings.Contains(hidden.Text, "周明远") {
		t.Errorf("masked: %v\n%s", err, hidden.Text)
	}
	if _, err := b.Reveal(t.Context(), operator, look, " "); !errors.Is(err, icp.ErrInvalid) {
		t.Errorf("without a reason: %v", err)
	}
	shown, err := b.Reveal(t.Context(), operator, look, "to compare")
	if err != nil || !strings.Contains(shown.Text, "周明远") {
		t.Errorf("revealed: %v\n%s", err, shown.Text)
	}
	look.Part = authority.PartEnvelope
	if _, err := b.Look(t.Context(), look); !errors.Is(err, icp.ErrInvalid) {
		t.Errorf("the envelope is shown unrevealed: %v", err)
	}
	envelope, err := b.Reveal(t.Context(), operator, look, "to compare")
	if err != nil || !strings.HasPrefix(envelope.Text, "UEsD") { // base64 of a zip's head
		t.Errorf("envelope: %v %.20s", err, envelope.Text)
	}
	picture, kind, err := b.RevealPicture(t.Context(), operator, authority.Up, up.ID, 0, "to compare")
	if err != nil || kind != "image/jpeg" || len(picture) < 500 {
		t.Errorf("picture of %d bytes, %s, %v", len(picture), kind, err)
	}
	if _, _, err := b.RevealPicture(t.Context(), operator, authority.Up, up.ID, 99, "to compare"); !errors.Is(err, icp.ErrNotFound) {
		t.Errorf("a picture that is not there: %v", err)
	}
	b.want("audit", strings.Count(b.events("upload", up.ID), "operator:upload.revealed"), 4)
}

func TestAFileThatCannotBeOpenedSaysWhy(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	up, _ := b.conversation()
	if err := b.blobs.Delete(t.Context(), up.BlobKey); err != nil {
		t.Fatal(err)
	}
	entries := b.exported(authority.Export{Uploads: []string{up.ID}})
	if !strings.Contains(entries["list.json"], `"fault": "missing"`) {
		t.Errorf("list %s", entries["list.json"])
	}
}

func TestResultsAreToldWithTheirOrders(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.conversation()
	var reviews []authority.FileResult
	for _, d := range b.received() {
		list, err := b.Results(t.Context(), d.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			if r.Kind == "review" {
				reviews = append(reviews, r)
			}
		}
	}
	if len(reviews) != 1 || reviews[0].Passed || reviews[0].Order == "" || reviews[0].Text != "不符，电话1********" {
		t.Errorf("reviews %+v", reviews)
	}
}
