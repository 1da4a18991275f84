package authority

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/store"
)

// exporting is an export while it is written.
type exporting struct {
	g    *Gateway
	e    Export
	zip  *zip.Writer
	list exportList
}

// exportList is list.json of an export.
type exportList struct {
	Channel    string       `json:"channel"`
	Name       string       `json:"name"`
	ProviderID int64        `json:"provider_id"`
	MadeAt     time.Time    `json:"made_at"`
	Masked     bool         `json:"masked"`
	Since      time.Time    `json:"since,omitzero"`
	Until      time.Time    `json:"until,omitzero"`
	LeftOut    bool         `json:"left_out"` // there are more files than an export holds
	Files      []exportFile `json:"files"`
	Calls      int          `json:"calls"`
}

// exportFile is one file of the conversation.
type exportFile struct {
	Side       Side          `json:"side"`
	ID         string        `json:"id"`
	Sequence   int64         `json:"sequence,omitempty"`
	Operation  string        `json:"operation"`
	FileName   string        `json:"file_name,omitempty"`
	State      string        `json:"state"`
	Hash       string        `json:"hash"` // beianInfoHash
	Code       int           `json:"msg_code"`
	Message    string        `json:"msg,omitempty"`
	Tries      int           `json:"tries"`
	LastError  string        `json:"last_error,omitempty"`
	CreatedAt  time.Time     `json:"created_at"`
	SentAt     time.Time     `json:"sent_at,omitzero"`
	AnsweredAt time.Time     `json:"answered_at,omitzero"`
	AppliedAt  time.Time     `json:"applied_at,omitzero"`
	AckedAt    time.Time     `json:"acknowledged_at,omitzero"`
	Fault      string        `json:"fault,omitempty"` // why it could not be opened
	Entries    []exportEntry `json:"entries"`
}

// exportEntry is one entry of the zip.
type exportEntry struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

func (x *exporting) upload(ctx context.Context, u *store.Upload) error {
	f := exportFile{Side: Up, ID: u.ID, Sequence: u.Sequence, Operation: u.Operation, State: string(u.State), Hash: u.Hash, Code: u.Code, Message: u.Message,
		Tries: u.Tries, CreatedAt: u.CreatedAt, SentAt: u.SentAt, AnsweredAt: u.AnsweredAt}
	folder := fmt.Sprintf("uploads/%08d-%s/", u.Sequence, u.ID)
	if x.e.Unmasked {
		err := x.entry(&f, folder+"request.xml", func(w io.Writer) error { return x.request(ctx, u, w) })
		if err != nil {
			return err
		}
	}
	return x.document(ctx, &f, folder, u.BlobKey)
}

// request writes the call of an upload as it was sent, without the proof of the account.
func (x *exporting) request(ctx context.Context, u *store.Upload, w io.Writer) error {
	s, err := x.g.keptEnvelope(ctx, u.BlobKey)
	if err != nil {
		return err
	}
	text, err := x.g.keptText(ctx, u.BlobKey)
	if err != nil {
		return err
	}
	defer func() { _ = text.Close() }() // it was only read
	before, after := x.g.Channel.Client.UploadAround(u.Sequence, s)
	for _, part := range []io.Reader{strings.NewReader(string(before)), text, strings.NewReader(string(after))} {
		if _, err := io.Copy(w, part); err != nil {
			return err
		}
	}
	return nil
}

func (x *exporting) download(ctx context.Context, d *store.Download) error {
	f := exportFile{Side: Down, ID: d.ID, Operation: d.Kinds, FileName: d.FileName, State: string(d.State), Hash: d.Hash, Tries: d.Tries, LastError: d.LastError,
		CreatedAt: d.ReceivedAt, AppliedAt: d.AppliedAt, AckedAt: d.AckedAt}
	folder := "downloads/" + d.ReceivedAt.UTC().Format("20060102T150405Z") + "-" + d.ID + "/"
	if x.e.Unmasked {
		err := x.entry(&f, folder+"reply.xml", func(w io.Writer) error {
			reply, err := x.g.keptReader(ctx, d.BlobKey)
			if err != nil {
				return err
			}
			defer func() { _ = reply.Close() }() // it was only read
			_, err = io.Copy(w, reply)
			return err
		})
		if err != nil {
			return err
		}
	}
	return x.document(ctx, &f, folder, d.BlobKey)
}

// document writes the document of a file, exactly or masked, and lists the file.
func (x *exporting) document(ctx context.Context, f *exportFile, folder, blobKey string) error {
	name, write := folder+"document.masked.xml", func(w io.Writer) error { return x.g.writePart(ctx, blobKey, PartDecoded, false, w) }
	if x.e.Unmasked {
		name, write = folder+"document.xml", func(w io.Writer) error {
			document, err := x.g.keptDocument(ctx, blobKey)
			if err != nil {
				return err
			}
			defer func() { _ = document.Close() }() // it was only read
			_, err = io.Copy(w, document)
			return err
		}
	}
	err := x.entry(f, name, write)
	x.list.Files = append(x.list.Files, *f)
	return err
}

// entry writes one entry and notes its size and hash. What is wrong with the
// file itself is noted; other errors end the export.
func (x *exporting) entry(f *exportFile, name string, write func(io.Writer) error) error {
	w, err := x.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: f.CreatedAt.UTC()})
	if err != nil {
		return fmt.Errorf("begin entry of export: %w", err)
	}
	sum, size := sha256.New(), &counter{}
	err = broke(write(io.MultiWriter(w, sum, size)))
	if fault := FileFault(err); fault != "" {
		f.Fault, err = fault, nil
	}
	f.Entries = append(f.Entries, exportEntry{Name: name, Size: size.n, SHA256: hex.EncodeToString(sum.Sum(nil))})
	return err
}

// counter counts what is written to it.
type counter struct{ n int64 }

// Write counts; see io.Writer.
func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

// exportCall is a line of calls.jsonl.
type exportCall struct {
	Operation string    `json:"operation"`
	StartedAt time.Time `json:"started_at"`
	Millis    int64     `json:"milliseconds"`
	Outcome   string    `json:"outcome"`
	Cause     string    `json:"cause,omitempty"`
	Status    int       `json:"http_status"`
	Code      int       `json:"msg_code"`
	Sent      int64     `json:"bytes_sent"`
	Received  int64     `json:"bytes_received"`
	Sequence  int64     `json:"sequence,omitempty"`
	FileName  string    `json:"file_name,omitempty"`
}

// calls writes the calls about the chosen files, or those of the time.
func (x *exporting) calls(ctx context.Context) error {
	w, err := x.zip.Create("calls.jsonl")
	if err != nil {
		return fmt.Errorf("begin calls of export: %w", err)
	}
	lines := json.NewEncoder(w)
	if !x.e.Since.IsZero() {
		return x.callsOf(ctx, lines, store.CallFilter{Since: x.e.Since, Until: x.e.Until})
	}
	for _, f := range x.list.Files {
		filter := store.CallFilter{FileName: f.FileName}
		if f.Side == Up {
			filter = store.CallFilter{Upload: f.ID}
		}
		if err := x.callsOf(ctx, lines, filter); err != nil {
			return err
		}
	}
	return nil
}

func (x *exporting) callsOf(ctx context.Context, lines *json.Encoder, f store.CallFilter) error {
	for cursor := store.Cursor(""); ; {
		list, next, err := x.g.Calls(ctx, f, cursor, store.MaxPage)
		if err != nil {
			return err
		}
		for _, c := range list {
			x.list.Calls++
			err := lines.Encode(exportCall{Operation: c.Operation, StartedAt: c.StartedAt, Millis: c.Took.Milliseconds(), Outcome: string(c.Outcome), Cause: c.Cause,
				Status: c.Status, Code: c.Code, Sent: c.Sent, Received: c.Received, Sequence: c.Sequence, FileName: c.FileName})
			if err != nil {
				return fmt.Errorf("write calls of export: %w", err)
			}
		}
		if next == "" {
			return nil
		}
		cursor = next
	}
}

// lists writes what the zip holds, for programs and for people.
func (x *exporting) lists(context.Context) error {
	w, err := x.zip.Create("list.json")
	if err != nil {
		return fmt.Errorf("begin list of export: %w", err)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(x.list); err != nil {
		return fmt.Errorf("write list of export: %w", err)
	}
	if w, err = x.zip.Create("list.txt"); err != nil {
		return fmt.Errorf("begin list of export: %w", err)
	}
	_, err = io.WriteString(w, x.list.text())
	return err
}

// text is the list as people read it, in both languages.
func (l *exportList) text() string {
	var b strings.Builder
	line := func(format string, values ...any) { fmt.Fprintf(&b, format+"\r\n", values...) }
	line("备案接口往来 / Conversation over the filing interface")
	line("通道 / channel: %s %s, ispId %d", l.Channel, l.Name, l.ProviderID)
	line("导出时间 / made at: %s", wire.FormatTime(l.MadeAt))
	if !l.Since.IsZero() {
		line("时段 / time: %s – %s", wire.FormatTime(l.Since), wire.FormatTime(l.Until))
	}
	if l.Masked {
		line("个人信息已遮盖，故不含原始密文 / personal data are masked, so the envelopes themselves are left out")
	} else {
		line("含个人信息，请妥善保管；请求中的口令校验值已去除 / holds personal data, keep it safe; the account's proof is taken out of the requests")
	}
	if l.LeftOut {
		line("文件过多，只收入最近的 %d 个 / too many files: only the newest %d are here", len(l.Files), len(l.Files))
	}
	line("时间均为北京时间 / all times are Beijing time")
	for i := range l.Files {
		f := &l.Files[i]
		line("")
		name := f.FileName
		if f.Side == Up {
			line("上报 / sent %d: %s, %s, msg_code %d %s", f.Sequence, f.Operation, f.State, f.Code, f.Message)
			name = f.ID
		} else {
			line("下载 / received %s: %s, %s %s", f.FileName, f.Operation, f.State, f.LastError)
		}
		line("  %s  hash %s", name, f.Hash)
		for _, t := range []struct {
			word string
			at   time.Time
		}{{"生成 / made", f.CreatedAt}, {"发送 / sent", f.SentAt}, {"答复 / answered", f.AnsweredAt}, {"入库 / applied", f.AppliedAt}, {"确认 / acknowledged", f.AckedAt}} {
			if !t.at.IsZero() {
				line("  %s: %s", t.word, wire.FormatTime(t.at))
			}
		}
		if f.Fault != "" {
			line("  无法打开 / cannot be opened: %s", f.Fault)
		}
		for _, e := range f.Entries {
			line("  %s  %d bytes  sha256 %s", e.Name, e.Size, e.SHA256)
		}
	}
	return b.String()
}
