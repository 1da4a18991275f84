package wire

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/openbeian/beian/internal/icp"
)

// collect streams a document and gives its records.
func collect(t *testing.T, r io.Reader, o StreamOptions) ([]Record, StreamSummary, error) {
	t.Helper()
	var out []Record
	done, err := Stream(t.Context(), r, func(r Record) error { out = append(out, r); return nil }, o)
	return out, done, err
}

func TestStreamGivesTheRecordsOfEveryKind(t *testing.T) {
	t.Parallel()
	p := V30()
	for _, way := range lists(reflect.TypeFor[DownloadData]()) {
		want := generate(maximal).downloadWith(way)
		b, err := p.EncodeDownload(*want)
		if err != nil {
			t.Fatal(err)
		}
		got, done, err := collect(t, iotest.HalfReader(bytes.NewReader(b)), StreamOptions{})
		if err != nil || done.Version != "V.3.0" || done.Records != int64(len(got)) || done.Bytes != int64(len(b)) {
			t.Errorf("%s: %+v, %v", way, done, err)
		}
		records := at(reflect.ValueOf(want).Elem(), way)
		if len(got) != records.Len() {
			t.Errorf("%s: %d records, want %d", way, len(got), records.Len())
			continue
		}
		for i, r := range got {
			path := way
			if table, ok := r.Value.(*BaseCodeTable); ok {
				path = strings.TrimSuffix(way, "*") + table.XMLName.Local
			}
			if r.Path != path || r.Number != int64(i+1) || len(r.Faults) != 0 {
				t.Errorf("%s: record %+v", way, r)
			}
			if !reflect.DeepEqual(r.Value, records.Index(i).Addr().Interface()) {
				t.Errorf("%s: got %+v\nwant %+v", way, r.Value, records.Index(i).Interface())
			}
		}
	}
}

const mixed = `<?xml version="1.0" encoding="UTF-8"?><!-- a --><x:DownloadData xmlns:x="urn:x" x:version="V.9">
<x:ICP><ZXSJ>text<Zxxx><Zxlb>1</Zxlb><Jlid>sieben</Jlid><Neu>1</Neu></Zxxx></ZXSJ><NEUES><a>1</a></NEUES><BASJ/></x:ICP>
<!-- b --><DJTB><YM><Ymxx><Ym>甲.example.cn</Ym></Ymxx></YM></DJTB><JCDM><Jcdm_xx><Neue_dms><Neu><Id>4</Id></Neu></Neue_dms></Jcdm_xx></JCDM></x:DownloadData>
<!-- c -->`

func TestStreamIsLenient(t *testing.T) {
	t.Parallel()
	b, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(mixed))
	if err != nil {
		t.Fatal(err)
	}
	for name, document := range map[string][]byte{"UTF-8": []byte(mixed), "GBK declared as UTF-8": b} {
		got, done, err := collect(t, iotest.OneByteReader(bytes.NewReader(document)), StreamOptions{})
		if err != nil || done.Version != "V.9" || len(got) != 4 {
			t.Fatalf("%s: %+v, %+v, %v", name, got, done, err)
		}
		if r := got[0].Value.(*CancelledRecord); r.Kind != 1 || r.RecordID != 0 || len(r.Other) != 1 || len(got[0].Faults) != 1 || got[0].Faults[0].Pointer != "/DownloadData/ICP/ZXSJ/Zxxx/Jlid" {
			t.Errorf("%s: first %+v, %+v", name, r, got[0].Faults)
		}
		if r, ok := got[1].Value.(*Raw); !ok || got[1].Path != "ICP/NEUES" || r.XML != "<NEUES><a>1</a></NEUES>" || len(got[1].Faults) != 0 {
			t.Errorf("%s: second %+v", name, got[1])
		}
		if r := got[2].Value.(*SyncedDomain); got[2].Path != "SJTB/YM/Ymxx" || r.Name != "甲.example.cn" {
			t.Errorf("%s: third %+v", name, r)
		}
		if r := got[3].Value.(*BaseCodeTable); got[3].Path != "JCDM/Jcdm_xx/Neue_dms" || len(r.Rows) != 1 || r.Rows[0].ID != 4 {
			t.Errorf("%s: fourth %+v", name, r)
		}
	}
}

func TestStreamRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	record := "<Zxxx><Zxlb>1</Zxlb><Jlid>7</Jlid></Zxxx>"
	open, end := "<DownloadData><ICP><ZXSJ>"+record, "</ZXSJ></ICP></DownloadData>"
	for name, c := range map[string]struct {
		text    string
		records int
	}{
		"nothing":                          {"", 0},
		"another root":                     {"<html/>", 0},
		"an end without a beginning":       {"</DownloadData>", 0},
		"the end is missing":               {open, 1},
		"cut off in a record":              {open + "<Zxxx><Jlid>7", 1},
		"ends crossed between containers":  {open + "</ICP></ZXSJ></DownloadData>", 1},
		"ends crossed in a record":         {open + "<Zxxx><Bz><a></Bz></a></Zxxx>" + end, 1},
		"elements too deep in each other":  {open + "<Zxxx>" + strings.Repeat("<a>", maxDepth) + strings.Repeat("</a>", maxDepth) + "</Zxxx>" + end, 1},
		"a text of more than 4 MiB":        {open + "<Zxxx><Bz>" + strings.Repeat("a", maxText+1) + "</Bz></Zxxx>" + end, 1},
		"an attribute of more than 4 MiB":  {open + `<Zxxx a="` + strings.Repeat("a", maxText+1) + `"></Zxxx>` + end, 1},
		"a text of more than 4 MiB behind": {open + end + strings.Repeat(" ", maxText+1), 1},
	} {
		got, done, err := collect(t, strings.NewReader(c.text), StreamOptions{})
		if !errors.Is(err, icp.ErrInvalid) || len(got) != c.records || done.Records != int64(c.records) {
			t.Errorf("%s: %d records, %+v, %v", name, len(got), done, err)
		}
	}
}

func TestStreamLeavesLargeRecordsOut(t *testing.T) {
	t.Parallel()
	small := "<Zxxx><Jlid>7</Jlid></Zxxx>"
	for name, large := range map[string]string{
		"a typed record":             "<Zxxx><Jlid>8</Jlid><Bz>" + strings.Repeat("长", 500) + "</Bz></Zxxx>",
		"an unknown element inside":  "<Zxxx><Jlid>8</Jlid><Neu>" + strings.Repeat("<a>x</a>", 200) + "</Neu></Zxxx>",
		"an unknown element outside": "<Neu>" + strings.Repeat("<a>x</a>", 200) + "</Neu>",
		"a number":                   "<Zxxx><Bz>" + strings.Repeat("<!-- long -->", 99) + "</Bz><Jlid>" + strings.Repeat("9", 900) + "</Jlid></Zxxx>",
	} {
		text := "<DownloadData><ICP><ZXSJ>" + small + large + small + "</ZXSJ></ICP></DownloadData>"
		got, done, err := collect(t, strings.NewReader(text), StreamOptions{MaxRecord: 1000})
		if err != nil || len(got) != 3 || done.Records != 3 || done.TooLarge != 1 {
			t.Fatalf("%s: %+v, %+v, %v", name, got, done, err)
		}
		if r := got[1]; r.Value != nil || len(r.Faults) != 1 || r.Faults[0].Code != "wire.record_too_large" || r.Number != 2 {
			t.Errorf("%s: large record %+v", name, r)
		}
		for _, i := range []int{0, 2} {
			if r, ok := got[i].Value.(*CancelledRecord); !ok || r.RecordID != 7 {
				t.Errorf("%s: small record %+v", name, got[i])
			}
		}
		if _, done, err := collect(t, strings.NewReader(text), StreamOptions{}); err != nil || done.TooLarge != 0 {
			t.Errorf("%s: without a limit %+v, %v", name, done, err)
		}
	}
}

// many gives a document of n records in parts.
func many(n int) io.Reader {
	parts := []io.Reader{strings.NewReader("<DownloadData><ICP><ZXSJ>")}
	for i := range n {
		parts = append(parts, strings.NewReader(fmt.Sprintf("<Zxxx><Jlid>%d</Jlid><Bz>%s</Bz></Zxxx>", i+1, strings.Repeat("x", 1000))))
	}
	return io.MultiReader(append(parts, strings.NewReader("</ZXSJ></ICP></DownloadData>"))...)
}

func TestStreamTellsItsProgress(t *testing.T) {
	t.Parallel()
	var told []int64
	_, done, err := collect(t, many(2000), StreamOptions{Progress: func(n int64) { told = append(told, n) }})
	if err != nil || done.Bytes < 2_000_000 {
		t.Fatal(done, err)
	}
	if want := int(done.Bytes / progressStep); len(told) < want || len(told) > want+1 || told[len(told)-1] != done.Bytes {
		t.Errorf("told %v of %d", told, done.Bytes)
	}
	for i := 1; i < len(told); i++ {
		if told[i] < told[i-1] {
			t.Errorf("progress went back: %v", told)
		}
	}
}

func TestStreamEndsWhenToldTo(t *testing.T) {
	t.Parallel()
	stop := errors.New("enough")
	n := 0
	done, err := Stream(t.Context(), many(50), func(Record) error {
		if n++; n == 3 {
			return stop
		}
		return nil
	}, StreamOptions{})
	if err != stop || n != 3 || done.Records != 3 {
		t.Errorf("by the callback: %v after %d, %+v", err, n, done)
	}
	ctx, cancel := context.WithCancel(t.Context())
	n = 0
	done, err = Stream(ctx, many(50), func(Record) error {
		if n++; n == 3 {
			cancel()
		}
		return nil
	}, StreamOptions{})
	if !errors.Is(err, context.Canceled) || n != 3 || done.Records != 3 {
		t.Errorf("by the context: %v after %d, %+v", err, n, done)
	}
	broken := errors.New("disk")
	_, err = Stream(t.Context(), io.MultiReader(strings.NewReader("<DownloadData><ICP>"), iotest.ErrReader(broken)), func(Record) error { return nil }, StreamOptions{})
	if !errors.Is(err, broken) {
		t.Errorf("by the reader: %v", err)
	}
	_, err = Stream(t.Context(), io.MultiReader(strings.NewReader("<DownloadData></DownloadData>"), iotest.ErrReader(broken)), func(Record) error { return nil }, StreamOptions{})
	if !errors.Is(err, broken) {
		t.Errorf("by the reader behind the document: %v", err)
	}
}

// spoil takes pieces of a document out, doubles them, or exchanges them.
func spoil(r *rand.Rand, document string) string {
	pieces := strings.SplitAfter(document, ">")
	for range 1 + r.IntN(4) {
		i, j := r.IntN(len(pieces)), r.IntN(len(pieces))
		switch r.IntN(5) {
		case 0:
			pieces[i] = ""
		case 1:
			pieces[i] += pieces[j]
		case 2:
			pieces[i], pieces[j] = pieces[j], pieces[i]
		case 3:
			pieces[i] = "<Neu><a/>7</Neu>" + pieces[i]
		default:
			pieces[i] = strings.Map(func(c rune) rune {
				if c >= '0' && c <= '9' {
					return 'x'
				}
				return c
			}, pieces[i])
		}
	}
	return strings.Join(pieces, "")
}

func TestStreamAgreesAboutSpoiltDocuments(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	ways := lists(reflect.TypeFor[DownloadData]())
	read := 0
	for range 3000 {
		whole := must(V30().EncodeDownload(*generate(readable).downloadWith(ways[r.IntN(len(ways))])))
		document := []byte(spoil(r, string(whole)))
		d, want := DecodeDownload(document)
		got, _, err := collect(t, bytes.NewReader(document), StreamOptions{})
		if (err == nil) != (want == nil) {
			t.Fatalf("streamed: %v, at once: %v\n%q", err, want, document)
		}
		if err != nil {
			continue
		}
		read++
		faults := 0
		for _, one := range got {
			faults += len(one.Faults)
		}
		if len(got) != handedOut(reflect.ValueOf(d)) || faults > len(d.Faults) {
			t.Fatalf("%d records with %d faults, at once %d with %d\n%q", len(got), faults, handedOut(reflect.ValueOf(d)), len(d.Faults), document)
		}
	}
	if read < 500 || read > 2500 {
		t.Errorf("%d of 3000 documents could be read: are they spoilt?", read)
	}
}
