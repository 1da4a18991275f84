package authority_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/store"
)

// deliver lets the authority give one document at the next download, in place
// of what the simulator would say.
func (b *bench) deliver(part wire.DownloadICP) {
	b.t.Helper()
	b.deliverAs("scripted.xml", wire.DownloadData{ICP: &part})
}

func (b *bench) deliverAs(name string, d wire.DownloadData) {
	b.t.Helper()
	p := wire.V30()
	d.Version = p.Version
	document, err := p.EncodeDownload(d)
	if err != nil {
		b.t.Fatal(err)
	}
	sealed, err := p.SealAs(name, document)
	if err != nil {
		b.t.Fatal(err)
	}
	r := wire.DownloadReply{Reply: wire.Reply{Version: p.Version}, File: &wire.File{Name: name, BeianInfo: sealed.BeianInfo, BeianInfoHash: sealed.BeianInfoHash}}
	text, err := wire.EncodeReply(&r)
	if err != nil {
		b.t.Fatal(err)
	}
	given := false
	b.behind = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			b.t.Error(err)
		}
		if given || !bytes.Contains(body, []byte("<m:isp_download>")) {
			r.Body = io.NopCloser(bytes.NewReader(body))
			b.sim.ServeHTTP(w, r)
			return
		}
		given = true
		var inner bytes.Buffer
		if err := xml.EscapeText(&inner, []byte(text)); err != nil {
			b.t.Error(err)
		}
		_, _ = fmt.Fprintf(w, `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><isp_downloadResponse><return>%s</return></isp_downloadResponse></S:Body></S:Envelope>`, inner.String())
	})
}

// websiteID is our id of the order's first website in its last file.
func (b *bench) websiteID() int64 {
	b.t.Helper()
	d, err := wire.DecodeUpload(b.lastDocument())
	if err != nil {
		b.t.Fatal(err)
	}
	return d.ICP.AddWebsites.Records[0].Websites[0].ID
}

func results(ops ...wire.OperationResult) wire.DownloadICP {
	return wire.DownloadICP{Results: &wire.Results{Operations: ops}}
}

func TestResultsInEveryShape(t *testing.T) {
	t.Parallel()
	op := func(action int64, ref string, codes ...wire.ResultCode) wire.OperationResult {
		return wire.OperationResult{Operation: action, Ref: ref, Codes: codes}
	}
	filed := func(ourID int64, domain string) wire.DownloadICP {
		return wire.DownloadICP{Filed: &wire.FiledData{Records: []wire.FiledRecord{{Subject: wire.FiledSubject{AuthorityID: 9, Licence: licence},
			Websites: []wire.FiledWebsite{{OurID: ourID, AuthorityID: 77, Licence: licence + "-2", Domains: []wire.FiledDomain{{Name: domain}}}}}}}}
	}
	const numbered = "results " + licence + " w1 true  " + licence + "-2"
	for name, c := range map[string]struct {
		part  func(id int64) wire.DownloadICP
		told  []string
		error string
	}{
		"success codes say nothing": {func(int64) wire.DownloadICP {
			return results(op(2, licence, wire.ResultCode{Code: 1001}, wire.ResultCode{Code: 1060}, wire.ResultCode{Code: 1062}))
		}, nil, ""},
		"another operation is not ours": {func(int64) wire.DownloadICP { return results(op(4, licence, wire.ResultCode{Code: 1017})) }, nil, ""},
		"a rejection without a review": {func(int64) wire.DownloadICP {
			return results(op(2, licence, wire.ResultCode{Code: 1002, Comment: "不符"}))
		}, []string{"results  w1 false 不符 "}, ""},
		"a result that names our website's id": {func(id int64) wire.DownloadICP { return results(op(2, fmt.Sprint(id), wire.ResultCode{Code: 1009})) }, []string{"bounced 1009 /websites/0/principal/email"}, ""},
		"a licence number in another spelling": {func(int64) wire.DownloadICP {
			return results(op(2, "京icp备2024012345号", wire.ResultCode{Code: 1009}))
		}, []string{"bounced 1009 /websites/0/principal/email"}, ""},
		"a subject that has nothing here":      {func(int64) wire.DownloadICP { return results(op(2, licenceOf(3), wire.ResultCode{Code: 1009})) }, nil, "unmatched"},
		"a reference that is nothing":          {func(int64) wire.DownloadICP { return results(op(2, "?", wire.ResultCode{Code: 1009})) }, nil, "unmatched"},
		"a file name, and one file is waiting": {func(int64) wire.DownloadICP { return results(op(2, "", wire.ResultCode{Code: 5001, Comment: "x.xml"})) }, []string{"bounced 5001 "}, ""},
		"a review of an id that is not ours": {func(int64) wire.DownloadICP {
			return wire.DownloadICP{Results: &wire.Results{Reviews: &wire.Reviews{Items: []wire.Review{{RecordID: 99999, Operation: 2}}}}}
		}, nil, "unmatched"},
		"a record before the review":                  {func(id int64) wire.DownloadICP { return filed(id, "CEDAR.example.cn") }, []string{numbered}, ""},
		"a record without our id":                     {func(int64) wire.DownloadICP { return filed(0, "cedar.example.cn") }, []string{numbered}, ""},
		"another provider's id with another domain":   {func(id int64) wire.DownloadICP { return filed(id, "stranger.example.cn") }, nil, "unmatched"},
		"another provider's id with our own domain":   {func(int64) wire.DownloadICP { return filed(99999, "cedar.example.cn") }, []string{numbered}, ""},
		"a record of a website that was filed before": {func(int64) wire.DownloadICP { return filed(0, "stranger.example.cn") }, nil, ""},
		"a part without a type here": {func(int64) wire.DownloadICP {
			return wire.DownloadICP{Other: []wire.Raw{{Name: "XGTZ", XML: "<XGTZ/>"}}}
		}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.sent("cedar.example.cn")
			b.deliver(c.part(b.websiteID()))
			b.down()
			b.want("told", b.cases.told[2:], c.told)
			if d := b.received(); len(d) != 1 || d[0].State != store.DownloadApplied || d[0].LastError != c.error || d[0].AckedAt.IsZero() {
				t.Errorf("download %+v", d)
			}
		})
	}
}

func TestLateRefusalDoesNotEndTheNextRequest(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	o := b.ready("cedar.example.cn")
	b.up()
	earlier := b.websiteID()
	if err := b.sim.ExpireSMS(b.sim.Records()[0].ID); err != nil {
		t.Fatal(err)
	}
	b.down()
	b.decide(o.ID, order.Resend, operator, order.Facts{})
	b.up()
	b.want("state", b.state(o.ID), icp.StateSMSPending)
	b.deliver(wire.DownloadICP{Results: &wire.Results{
		Operations: []wire.OperationResult{{Operation: 2, Ref: licence, Codes: []wire.ResultCode{{Code: 1002}}}},
		Reviews:    &wire.Reviews{Items: []wire.Review{{RecordID: earlier, Operation: 2, Result: wire.ReviewRejected, Opinion: "旧申请"}}}}})
	b.down()
	b.want("state", b.state(o.ID), icp.StateSMSPending)
	if now := b.websiteID(); now == earlier {
		t.Errorf("both requests have the id %d", now)
	}
}
