package authority_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/soap"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/blob/dir"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/storetest"
)

// Importing a full synchronisation beside its two limits, in one run:
//
//	go test -run '^$' -bench Synchronisation -benchtime 1x ./internal/authority

const benchFilings = 1100

func benchSync(b *testing.B) (sealed wire.Sealed, document []byte) {
	b.Helper()
	p := wire.V30()
	d := synchronisation(benchFilings, nil)
	d.Version = p.Version
	document, err := p.EncodeDownload(d)
	if err != nil {
		b.Fatal(err)
	}
	if sealed, err = p.SealAs("sync.xml", document); err != nil {
		b.Fatal(err)
	}
	return sealed, document
}

func rates(b *testing.B, document []byte) {
	b.Helper()
	each := b.Elapsed().Seconds() / float64(b.N)
	b.ReportMetric(benchFilings/each, "records/s")
	b.ReportMetric(float64(len(document))/(1<<20)/each, "MB/s")
}

// authorityOf serves one file at the next download and takes every acknowledgement.
func authorityOf(sealed wire.Sealed, name *string) http.Handler {
	waiting := true
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		operation, text := "isp_downloadack", `<return version="V.3.0"><msg_code>0</msg_code><msg>ok</msg></return>`
		if bytes.Contains(body, []byte("<m:isp_download>")) {
			operation, text = "isp_download", `<return version="V.3.0"><msg_code>2</msg_code><msg>none</msg></return>`
			if waiting {
				reply := wire.DownloadReply{Reply: wire.Reply{Version: "V.3.0"}, File: &wire.File{Name: *name, BeianInfo: sealed.BeianInfo, BeianInfoHash: sealed.BeianInfoHash}}
				text, _ = wire.EncodeReply(&reply)
			}
			waiting = !waiting
		}
		var inner bytes.Buffer
		_ = xml.EscapeText(&inner, []byte(text))
		_, _ = fmt.Fprintf(w, `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><%[1]sResponse><return>%[2]s</return></%[1]sResponse></S:Body></S:Envelope>`, operation, inner.String())
	})
}

func benchGateway(b *testing.B, sealed wire.Sealed, name *string) *authority.Gateway {
	b.Helper()
	server := httptest.NewServer(authorityOf(sealed, name))
	b.Cleanup(server.Close)
	blobs, err := dir.Open(filepath.Join(b.TempDir(), "blobs"), tuesday)
	if err != nil {
		b.Fatal(err)
	}
	client, err := soap.New(server.URL, soap.Account{ProviderID: provider, User: "cloud", Password: "s3cret"}, wire.V30())
	if err != nil {
		b.Fatal(err)
	}
	c := clock.NewManual(tuesday)
	g, err := authority.New(authority.Config{Store: storetest.NewSQLite(b), Blobs: blobs, Clock: c, Tables: refdata.Builtin(), Cases: &cases{clock: c, fail: map[string]error{}},
		Channel: authority.Channel{ID: channel, Name: "北京", Client: client, Poll: time.Minute}})
	if err == nil {
		err = g.Start(b.Context())
	}
	if err != nil {
		b.Fatal(err)
	}
	return g
}

func poll(b *testing.B, g *authority.Gateway, name string) {
	b.Helper()
	if err := g.Poll(b.Context()); err != nil {
		b.Fatal(err)
	}
	list, _, err := g.Downloads(b.Context(), "", 1)
	if err != nil || len(list) != 1 || list[0].State != store.DownloadApplied || list[0].FileName != name {
		b.Fatalf("%v %+v", err, list)
	}
}

// BenchmarkSynchronisationFirst takes over a synchronisation of which nothing is known.
func BenchmarkSynchronisationFirst(b *testing.B) {
	sealed, document := benchSync(b)
	for b.Loop() {
		b.StopTimer()
		name := "first.xml"
		g := benchGateway(b, sealed, &name)
		b.StartTimer()
		poll(b, g, name)
	}
	rates(b, document)
}

// BenchmarkSynchronisationAgain takes the same over once more in another file:
// what every later one mostly is.
func BenchmarkSynchronisationAgain(b *testing.B) {
	sealed, document := benchSync(b)
	name := "first.xml"
	g := benchGateway(b, sealed, &name)
	poll(b, g, name)
	round := 0
	for b.Loop() {
		round++
		b.StopTimer()
		g.Clock.(*clock.Manual).Advance(time.Minute)
		name = fmt.Sprintf("again%d.xml", round)
		b.StartTimer()
		poll(b, g, name)
	}
	rates(b, document)
}

// BenchmarkSynchronisationRead is the limit of reading: the same bytes through
// base64 and zip alone, twice, since the hash is checked before anything is taken.
func BenchmarkSynchronisationRead(b *testing.B) {
	sealed, document := benchSync(b)
	p := wire.V30()
	for b.Loop() {
		if err := p.VerifyStream(strings.NewReader(sealed.BeianInfo), sealed); err != nil {
			b.Fatal(err)
		}
		r, err := p.OpenStream(strings.NewReader(sealed.BeianInfo), sealed)
		if err != nil {
			b.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, r); err != nil || n != int64(len(document)) {
			b.Fatal(n, err)
		}
	}
	rates(b, document)
}

// BenchmarkSynchronisationParse reads the records too.
func BenchmarkSynchronisationParse(b *testing.B) {
	sealed, document := benchSync(b)
	for b.Loop() {
		n := 0
		_, err := wire.V30().StreamSealed(b.Context(), strings.NewReader(sealed.BeianInfo), sealed, func(wire.Record) error { n++; return nil }, wire.StreamOptions{})
		if err != nil || n != benchFilings {
			b.Fatal(n, err)
		}
	}
	rates(b, document)
}

// BenchmarkSynchronisationInsert is the limit of writing: the same rows with
// their names sealed into the same kind of store, as many in a transaction.
func BenchmarkSynchronisationInsert(b *testing.B) {
	_, document := benchSync(b)
	all := synchronisation(benchFilings, nil).Sync.Filed.Records
	type row struct {
		held  store.Held
		names *store.HeldNames
	}
	for b.Loop() {
		b.StopTimer()
		s := storetest.NewSQLite(b)
		if err := s.Update(b.Context(), func(tx *store.Tx) error { return tx.EnsureChannel(b.Context(), channel, channel) }); err != nil {
			b.Fatal(err)
		}
		var rows []row
		for i := range all {
			r := &all[i]
			subject, _ := json.Marshal(r.Subject)
			website, _ := json.Marshal(r.Websites[0])
			base := store.Held{Channel: channel, SubjectRef: r.Subject.AuthorityID, Standing: store.StandingFiled, Hash: s.Fingerprint("held", fmt.Sprint(i)), ToldAt: tuesday, ToldBy: "d"}
			one, two := base, base
			one.Kind, one.Ref, one.LicenceNo, one.Content = store.HeldSubject, r.Subject.AuthorityID, r.Subject.Licence, subject
			two.Kind, two.Ref, two.LicenceNo, two.Content = store.HeldWebsite, r.Websites[0].AuthorityID, r.Websites[0].Licence, website
			rows = append(rows, row{one, nil}, row{two, &store.HeldNames{Domains: []string{r.Websites[0].Domains[0].Name}, Accesses: []int64{r.Websites[0].Accesses[0].AuthorityID}}})
		}
		b.StartTimer()
		for part := 0; part < len(rows); part += 400 {
			err := s.Update(b.Context(), func(tx *store.Tx) error {
				return putAll(b.Context(), tx, rows[part:min(part+400, len(rows))], func(r *row) (*store.Held, *store.HeldNames) { return &r.held, r.names })
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	rates(b, document)
}

func putAll[R any](ctx context.Context, tx *store.Tx, rows []R, of func(*R) (*store.Held, *store.HeldNames)) error {
	for i := range rows {
		held, names := of(&rows[i])
		if err := tx.PutHeld(ctx, held, names); err != nil {
			return err
		}
	}
	return nil
}
