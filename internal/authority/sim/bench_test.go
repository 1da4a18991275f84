package sim_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/soap"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/clock"
)

const (
	provider = 330011
	licence  = "浙ICP备2024000001号"
)

// bench is a simulator with a client, a filed subject and a clock.
type bench struct {
	t      *testing.T
	server *sim.Server
	client *soap.Client
	clock  *clock.Manual
	url    string
	next   int64
}

func start(t *testing.T, set ...func(*sim.Config)) *bench {
	t.Helper()
	b := &bench{t: t, clock: clock.NewManual(time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)), next: 100}
	cfg := sim.Config{Clock: b.clock, Profile: wire.V30(), Accounts: []sim.Account{{ProviderID: provider, User: "hz", Password: "s3cret", Province: 330000}}}
	for _, f := range set {
		f(&cfg)
	}
	b.run(cfg)
	if len(b.server.Subjects()) > 0 {
		return b
	}
	if _, err := b.server.Seed(sim.Subject{Licence: licence, FilingPassword: "tea12345", Name: "杭州钱塘茶叶有限公司", Nature: 4, Province: 330000, City: 330100,
		CertificateType: 1, CertificateNumber: "91330100MA27XF4W0B", Websites: []sim.Website{{Name: "钱塘茶叶", Domains: []string{"old.example.cn"}}}}); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) run(cfg sim.Config) {
	b.t.Helper()
	var err error
	if b.server, err = sim.New(cfg); err != nil {
		b.t.Fatal(err)
	}
	h := httptest.NewServer(b.server)
	b.t.Cleanup(h.Close)
	b.url = h.URL
	if b.client, err = soap.New(h.URL, soap.Account{ProviderID: provider, User: "hz", Password: "s3cret"}, cfg.Profile); err != nil {
		b.t.Fatal(err)
	}
}

// request is an upload of one website; each call uses new ids.
func (b *bench) request(domain string) wire.UploadData {
	b.next += 10
	n := b.next
	return wire.UploadData{ICP: &wire.UploadICP{ProviderID: provider, AddWebsites: &wire.AddWebsites{Records: []wire.AddWebsite{{
		Subject: wire.SubjectRef{Licence: licence},
		Websites: []wire.Website{{ID: n, Name: "茶园" + domain, Services: wire.ServiceIDs{IDs: []int64{1}}, Languages: wire.LanguageIDs{IDs: []int64{1}},
			Domains: []wire.Domain{{ID: n + 1, Name: domain}},
			Accesses: []wire.Access{{ID: n + 2, Places: wire.PlaceIDs{IDs: []int64{11}}, Modes: wire.ModeIDs{IDs: []int64{5}},
				IPs: []wire.IPRange{{ID: n + 3, First: 3405803783, Last: 3405803783}}}},
			Principal: wire.Principal{Name: "沈知远", OfficePhone: "0571-88880000", Mobile: "13900000000", Email: "shen@example.cn", CertificateType: 2, CertificateNumber: "11010519491231002X"},
			HomePage:  "www." + domain}},
		Attachments: []wire.Attachment{{Info: wire.AttachmentInfo{Format: wire.FormatJPEG, Purpose: wire.PurposeVerificationSheet, Content: []byte("\xff\xd8\xff"),
			Owner: wire.AttachmentOwner{Type: wire.OwnerWebsite, Ref: wire.RecordRef{RecordID: n}}}}},
		FilingPasswordHash: wire.V30().FilingPasswordHash("tea12345"),
	}}}}}
}

func (b *bench) seal(d wire.UploadData) wire.Sealed {
	b.t.Helper()
	document, err := b.client.Profile.Encode(d)
	if err != nil {
		b.t.Fatal(err)
	}
	s, err := b.client.Profile.Seal(document)
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

func (b *bench) upload(sequence int64, s wire.Sealed, want int64) wire.UploadReply {
	b.t.Helper()
	r, err := b.client.Upload(b.t.Context(), sequence, s)
	if err != nil || r.Code != want {
		b.t.Fatalf("upload %d: %+v, %v; want code %d", sequence, r, err, want)
	}
	return r
}

// fetch downloads, opens and acknowledges the next file.
func (b *bench) fetch(wantCode int64) wire.DownloadData {
	b.t.Helper()
	d, name := b.peek(wantCode)
	if a, err := b.client.DownloadAck(b.t.Context(), name); err != nil || a.Code != 0 {
		b.t.Fatalf("ack: %+v, %v", a, err)
	}
	return d
}

func (b *bench) peek(wantCode int64) (wire.DownloadData, string) {
	b.t.Helper()
	r, err := b.client.Download(b.t.Context())
	if err != nil || r.Code != wantCode || r.File == nil {
		b.t.Fatalf("download: %+v, %v; want code %d with a file", r, err, wantCode)
	}
	document, err := b.client.Profile.Open(r.File.Sealed())
	if err != nil {
		b.t.Fatal(err)
	}
	d, err := wire.DecodeDownload(document)
	if err != nil || len(d.Faults) > 0 || d.ICP == nil {
		b.t.Fatalf("decode: %v %v", err, d.Faults)
	}
	return d, r.File.Name
}

func (b *bench) empty(wantCode int64) {
	b.t.Helper()
	if r, err := b.client.Download(b.t.Context()); err != nil || r.Code != wantCode || r.File != nil {
		b.t.Fatalf("download: %+v, %v; want code %d without a file", r, err, wantCode)
	}
}

// failed fetches a result and gives its codes.
func (b *bench) failed() []int64 {
	b.t.Helper()
	d := b.fetch(0)
	if d.ICP.Results == nil || d.ICP.Results.Reviews != nil || len(d.ICP.Results.Operations) != 1 {
		b.t.Fatalf("results = %+v", d.ICP.Results)
	}
	var codes []int64
	for _, c := range d.ICP.Results.Operations[0].Codes {
		codes = append(codes, c.Code)
	}
	return codes
}

// post calls a knob.
func (b *bench) post(path, body string, want int) string {
	b.t.Helper()
	return b.send(http.MethodPost, path, body, want)
}

func (b *bench) send(method, path, body string, want int) string {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, _ := io.ReadAll(res.Body)
	if res.StatusCode != want {
		b.t.Fatalf("%s %s: %d %s, want %d", method, path, res.StatusCode, text, want)
	}
	return string(text)
}

func (b *bench) only() sim.Record {
	b.t.Helper()
	r := b.server.Records()
	if len(r) != 1 {
		b.t.Fatalf("%d records", len(r))
	}
	return r[0]
}

func (b *bench) misbehave(faults ...sim.Fault) {
	b.t.Helper()
	if err := b.server.Misbehave(faults...); err != nil {
		b.t.Fatal(err)
	}
}
