package wire

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/flate"
	"crypto/cipher"
	"crypto/md5"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
)

const (
	largeDocument = 50 << 20 // bytes, the size that the interface speaks of
	memoryLimit   = 64 << 20 // bytes above idle
)

// largeFile is a document of 50 MB, plain and in its envelope, on disk.
type largeFile struct {
	plain, sealed string
	records       int
	envelope      Sealed
}

// writeLarge writes records that do not repeat, each with scans that cannot be
// compressed, until the document has a size.
func writeLarge(t *testing.T, p Profile, size int, head, tail string, record func(r *rand.Rand, n int) []byte) largeFile {
	t.Helper()
	dir := t.TempDir()
	out := largeFile{plain: filepath.Join(dir, "plain.xml"), sealed: filepath.Join(dir, "sealed.txt")}
	packed := filepath.Join(dir, "packed.zip")
	f := must(os.Create(out.plain))
	w := bufio.NewWriter(f)
	r := rand.New(rand.NewPCG(1, 2))
	must(w.Write(must(p.CodePage.encode(head))))
	for n := 0; n < size; out.records++ {
		n += must(w.Write(record(r, out.records)))
	}
	must(w.WriteString(tail))
	check(t, w.Flush())
	check(t, f.Close())
	out.envelope = sealFile(t, p, out.plain, packed, out.sealed)
	return out
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// sealFile puts a file into an envelope piece by piece.
func sealFile(t *testing.T, p Profile, plain, packed, sealed string) Sealed {
	t.Helper()
	from, zipFile := must(os.Open(plain)), must(os.Create(packed))
	sum := md5.New()
	z := zip.NewWriter(io.MultiWriter(zipFile, sum))
	// What cannot be compressed need not be tried.
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.NoCompression) })
	must(io.Copy(must(z.Create("a.xml")), from))
	check(t, z.Close())
	check(t, zipFile.Close())
	check(t, from.Close())
	block := must(p.block())
	cbc := cipher.NewCBCEncrypter(block, []byte(p.IV))
	in, out := must(os.Open(packed)), must(os.Create(sealed))
	text := base64.NewEncoder(base64.StdEncoding, out)
	buf := make([]byte, 1<<20)
	for ended := false; !ended; {
		n, err := io.ReadFull(in, buf)
		b := buf[:n]
		if ended = err != nil; ended {
			pad := cbc.BlockSize() - n%cbc.BlockSize()
			b = append(bytes.Clone(b), bytes.Repeat([]byte{byte(pad)}, pad)...)
		}
		cbc.CryptBlocks(b, b)
		must(text.Write(b))
	}
	check(t, text.Close())
	check(t, out.Close())
	check(t, in.Close())
	return Sealed{BeianInfoHash: base64.StdEncoding.EncodeToString(sum.Sum(nil)), EncryptAlgorithm: EncryptAES}
}

// filedRecord gives a filed record of about 9 KB as bytes of the code page.
func filedRecord(p Profile) func(*rand.Rand, int) []byte {
	rec := generate(readable).downloadWith("ICP/BASJ/Baxx").ICP.Filed.Records[0]
	rec.Subject.AuthorityID, rec.Websites[0].Approvals.Items[0].Scans[0] = 4242424242, []byte("scan")
	b := must(p.marshal(struct {
		XMLName struct{} `xml:"x"`
		Record  FiledRecord
	}{Record: rec}))
	_, b, _ = bytes.Cut(b, []byte("<Record>"))
	b, _, _ = bytes.Cut(b, []byte("</Record>"))
	head, b, _ := bytes.Cut(b, []byte("4242424242"))
	middle, tail, _ := bytes.Cut(b, []byte(base64.StdEncoding.EncodeToString([]byte("scan"))))
	return func(r *rand.Rand, n int) []byte {
		scan := make([]byte, 6000)
		for i := 0; i < len(scan); i += 8 {
			binary.LittleEndian.PutUint64(scan[i:], r.Uint64())
		}
		return bytes.Join([][]byte{[]byte("<Baxx>"), head, strconv.AppendInt(nil, int64(n+1), 10), middle,
			base64.StdEncoding.AppendEncode(nil, scan), tail, []byte("</Baxx>")}, nil)
	}
}

// largeRecord gives a record just below the size that a stream takes.
func largeRecord(r *rand.Rand, n int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "<Baxx><Zt_xx><Ztid>%d</Ztid></Zt_xx><Wz_xx><Nrlx>", n+1)
	scan := make([]byte, 100<<10)
	for i := 0; i < len(scan); i += 8 {
		binary.LittleEndian.PutUint64(scan[i:], r.Uint64())
	}
	text := base64.StdEncoding.EncodeToString(scan)
	for b.Len() < DefaultMaxRecord-len(text)*11 {
		b.WriteString("<Nrlx_xx>")
		for range 10 {
			b.WriteString("<Spwj>" + text + "</Spwj>")
		}
		b.WriteString("</Nrlx_xx>")
	}
	b.WriteString("</Nrlx></Wz_xx></Baxx>")
	return b.Bytes()
}

// gauge measures how far the heap rises above what it is when idle.
type gauge struct{ idle, peak uint64 }

func newGauge() *gauge {
	runtime.GC()
	runtime.GC()
	return &gauge{idle: inUse()}
}

func inUse() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

func (g *gauge) look() { g.peak = max(g.peak, inUse()) }

func (g *gauge) above() int64 { return int64(g.peak) - int64(g.idle) }

// Not parallel: it measures the heap of the process.
func TestLargeDownloadsAreReadInBoundedMemory(t *testing.T) {
	p := sealing()
	p.MaxOpened = V30().MaxOpened
	head := `<?xml version="1.0" encoding="GBK"?><DownloadData version="V.3.0">`
	for name, c := range map[string]struct {
		size       int
		head, tail string
		record     func(*rand.Rand, int) []byte
		sealed     bool
	}{
		"a full synchronisation, plain":   {largeDocument, "<SJTB><ICP>", "</ICP></SJTB>", filedRecord(p), false},
		"filed records, sealed":           {largeDocument, "<ICP><BASJ>", "</BASJ></ICP>", filedRecord(p), true},
		"a record of the largest, sealed": {1, "<ICP><BASJ>", "</BASJ></ICP>", largeRecord, true},
	} {
		if raceDetector && !c.sealed {
			continue // the rest says the same, and the detector is slow
		}
		file := writeLarge(t, p, c.size, head+c.head, c.tail+"</DownloadData>", c.record)
		g := newGauge()
		n, last := 0, int64(0)
		each := func(r Record) error {
			if n++; n%100 == 0 || file.records < 1000 {
				g.look()
			}
			last = r.Value.(*FiledRecord).Subject.AuthorityID
			return nil
		}
		o := StreamOptions{Progress: func(int64) { g.look() }}
		from := file.plain
		if c.sealed {
			from = file.sealed
		}
		f := must(os.Open(from))
		var done StreamSummary
		var err error
		if c.sealed {
			done, err = p.StreamSealed(t.Context(), f, file.envelope, each, o)
		} else {
			done, err = Stream(t.Context(), f, each, o)
		}
		check(t, f.Close())
		if err != nil || n != file.records || last != int64(n) || done.TooLarge != 0 {
			t.Errorf("%s: %d of %d records, the last %d, %+v, %v", name, n, file.records, last, done, err)
		}
		if done.Bytes < max(int64(c.size), DefaultMaxRecord*3/4) {
			t.Errorf("%s: read %d bytes only", name, done.Bytes)
		}
		t.Logf("%s: %d records, %d bytes, %d KB above idle", name, n, done.Bytes, g.above()>>10)
		if g.above() > memoryLimit {
			t.Errorf("%s: %d KB above idle", name, g.above()>>10)
		}
	}
}
