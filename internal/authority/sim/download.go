package sim

import (
	"fmt"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

// deliver puts a document about filings into a provider's download queue.
func (s *Server) deliver(provider int64, now time.Time, part wire.DownloadICP) {
	s.deliverData(provider, now, wire.DownloadData{ICP: &part})
}

// deliverData puts any document into a provider's download queue.
func (s *Server) deliverData(provider int64, now time.Time, data wire.DownloadData) {
	p := s.downloads()
	name := s.fileName(now)
	data.Version = p.Version
	document, err := p.EncodeDownload(data)
	if err != nil {
		p.CodePage = wire.GB18030 // a reason typed by a person may hold any character
		document, err = p.EncodeDownload(data)
	}
	var sealed wire.Sealed
	if err == nil {
		sealed, err = p.SealAs(name, document)
	}
	if err != nil {
		s.cfg.Log.Error("simulator could not write a download", "err", err)
		return
	}
	ch := s.st.channel(provider)
	ch.Queue = append(ch.Queue, &queued{Name: name, Sealed: sealed})
}

// downloads is the profile of what the authority sends.
func (s *Server) downloads() wire.Profile {
	p := s.cfg.Profile
	p.Encrypt = p.Encrypt || s.cfg.EncryptDownloads
	return p
}

// fileName gives a new name in the authority's pattern: time, province, number.
func (s *Server) fileName(now time.Time) string {
	s.st.NextFile++
	stamp := strings.NewReplacer("-", "", " ", "", ":", "").Replace(wire.FormatTime(now))
	return fmt.Sprintf("%s_%s_%d.xml", stamp, s.letters, s.st.NextFile)
}

// download hands the first waiting file out (isp_download).
func (s *Server) download(c *call, m manners, now time.Time, r *wire.DownloadReply) int64 {
	ch := s.st.channel(c.provider)
	if len(ch.Queue) == 0 {
		fetched := ch.Fetched
		ch.Fetched = false
		if fetched {
			return codeAllFetched
		}
		return codeNothing
	}
	f := ch.Queue[0]
	if m.is(FaultReorder) {
		f = ch.Queue[len(ch.Queue)-1]
	}
	if m.is(FaultDuplicate) {
		s.duplicate(ch, f, now)
	}
	f.Times++
	ch.Fetched = true
	c.about = f.Name
	r.File = &wire.File{HashAlgorithm: int64(f.Sealed.HashAlgorithm), CompressionFormat: int64(f.Sealed.CompressionFormat),
		EncryptAlgorithm: int64(f.Sealed.EncryptAlgorithm), Name: f.Name, BeianInfo: f.Sealed.BeianInfo, BeianInfoHash: f.Sealed.BeianInfoHash}
	if m.is(FaultGarble) {
		r.File.BeianInfo = r.File.BeianInfo[:len(r.File.BeianInfo)*2/3] + "*"
	}
	if m.is(FaultWrongHash) {
		r.File.BeianInfoHash = "AAAAAAAAAAAAAAAAAAAAAA=="
	}
	if len(ch.Queue) > 1 {
		return codeMore
	}
	return 0
}

// duplicate queues the document of a file once more under another name.
func (s *Server) duplicate(ch *channel, f *queued, now time.Time) {
	p := s.downloads()
	document, err := p.Open(f.Sealed)
	if err == nil {
		name := s.fileName(now)
		var sealed wire.Sealed
		if sealed, err = p.SealAs(name, document); err == nil {
			ch.Queue = append(ch.Queue, &queued{Name: name, Sealed: sealed})
		}
	}
	if err != nil {
		s.cfg.Log.Error("simulator could not repeat a download", "err", err)
	}
}

// acknowledge takes a file off the queue (isp_downloadack).
func (s *Server) acknowledge(c *call, m manners, _ time.Time, _ *wire.AckReply) int64 {
	name := c.values[5]
	c.about = name
	if name == "" {
		return codeNoFileName
	}
	ch := s.st.channel(c.provider)
	if m.is(FaultKeep) || ch.Acked[name] {
		return 0
	}
	for i, f := range ch.Queue {
		if f.Name == name && f.Times > 0 {
			ch.Queue = append(ch.Queue[:i], ch.Queue[i+1:]...)
			ch.Acked[name] = true
			return 0
		}
	}
	return codeOther
}

// previousUpload tells the last accepted upload (isp_querypreviousupload).
func (s *Server) previousUpload(c *call, _ manners, _ time.Time, r *wire.PreviousUploadReply) int64 {
	last := s.st.channel(c.provider).Last
	if last == nil {
		r.File = &wire.SentFile{}
		return 0
	}
	r.File = &wire.SentFile{HashAlgorithm: int64(last.Sealed.HashAlgorithm), CompressionFormat: int64(last.Sealed.CompressionFormat),
		EncryptAlgorithm: int64(last.Sealed.EncryptAlgorithm), Sequence: last.Sequence, Name: last.Name, BeianInfo: last.Sealed.BeianInfo, BeianInfoHash: last.Sealed.BeianInfoHash}
	return 0
}
