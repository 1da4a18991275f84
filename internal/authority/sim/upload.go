package sim

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

// maxMissing bounds the list of missing numbers in a reply with code 14.
const maxMissing = 100

// upload takes a file in (isp_upload). What is wrong with its envelope or its
// number is answered at once, what is wrong inside comes back as a result.
func (s *Server) upload(c call, _ manners, now time.Time, r *wire.UploadReply) int64 {
	sequence, err := strconv.ParseInt(c.values[6], 10, 32)
	if err != nil || sequence < 1 {
		return 999
	}
	sealed := wire.Sealed{BeianInfo: c.values[4], BeianInfoHash: c.values[5]}
	for i, to := range []*int{&sealed.EncryptAlgorithm, &sealed.HashAlgorithm, &sealed.CompressionFormat} {
		if *to, err = strconv.Atoi(c.values[7+i]); err != nil {
			return int64(9 + i)
		}
	}
	p := s.cfg.Profile
	p.MaxOpened = wire.MaxUploadBytes
	document, err := p.Open(sealed)
	if err == nil && p.HashOf(sealed) != sealed.BeianInfoHash {
		return 7 // the right digest in the other spelling
	}
	if err != nil {
		return envelopeCode(err)
	}
	ch := s.st.channel(c.provider)
	last := int64(0)
	if ch.Last != nil {
		last = ch.Last.Sequence
	}
	if sequence <= last {
		return 999 // the specification does not say; this number is taken
	}
	for n := last + 1; n < sequence && len(r.Missing) < maxMissing; n++ {
		r.Missing = append(r.Missing, n)
	}
	if len(r.Missing) > 0 {
		return 14
	}
	if s.waiting(c.provider) >= s.cfg.QueueLimit {
		return 15
	}
	ch.Last = &sent{Sequence: sequence, Name: s.fileName(now), Sealed: sealed}
	s.receive(c.provider, sequence, document, now)
	return 0
}

// waiting counts the files of a provider that have not been checked yet.
func (s *Server) waiting(provider int64) int {
	files := map[int64]bool{}
	for _, r := range s.idx.open {
		if r.ProviderID == provider && r.State == Received {
			files[r.Sequence] = true
		}
	}
	return len(files)
}

func envelopeCode(err error) int64 {
	var e *wire.EnvelopeError
	if !errors.As(err, &e) {
		return 999
	}
	code, ok := map[wire.Layer]int64{
		wire.LayerAlgorithmEncrypt: 9, wire.LayerAlgorithmHash: 10, wire.LayerAlgorithmCompress: 11, wire.LayerBase64: 6, wire.LayerCipher: 6,
		wire.LayerHash: 7, wire.LayerZip: 8, wire.LayerEntries: 17, wire.LayerSize: 18,
	}[e.Layer]
	if !ok {
		return 999
	}
	return code
}

// receive makes records of a document, or answers that it is none.
func (s *Server) receive(provider, sequence int64, document []byte, now time.Time) {
	d, err := wire.DecodeUpload(document)
	if code := s.structure(provider, document, d, err); code != 0 {
		s.deliver(provider, now, wire.DownloadICP{Results: &wire.Results{Operations: []wire.OperationResult{{
			Codes: []wire.ResultCode{{Code: code, Comment: s.st.channel(provider).Last.Name}}, Operation: wire.ActionAddWebsite,
		}}}})
		return
	}
	for _, op := range operations {
		for _, r := range op.records(d.ICP) {
			r.ID, r.ProviderID, r.Sequence, r.ReceivedAt = s.st.newID(), provider, sequence, now
			r.moveTo(Received, now)
			s.st.Records = append(s.st.Records, r)
			s.idx.addRecord(r)
		}
	}
	s.advance(now)
}

// structure gives the data code of a document that as a whole is wrong, or 0.
func (s *Server) structure(provider int64, document []byte, d wire.UploadData, err error) int64 {
	switch {
	case err != nil:
		return 5001
	case d.Version == "":
		return 5002
	case d.Version != s.cfg.Profile.Version:
		return 5004
	}
	for _, part := range d.Parts() {
		if part != "ICP/XZWZ" && part != "ICP" {
			return 5011 // an operation that is not open here
		}
	}
	p := s.cfg.Profile
	p.CodePage = wire.GB18030 // what came is encodable; the check is about the rest
	if faults := p.Check(&d); len(faults) > 0 {
		if faults[0].Code == "wire.illegal_character" {
			return 5008
		}
		return 5001
	}
	if d.ICP.ProviderID != provider {
		return 5003
	}
	// An element that the schema does not have gets lost in the types.
	again, err := p.Encode(d)
	if err != nil || wire.ElementCount(again) != wire.ElementCount(document) {
		return 5001
	}
	return 0
}

// operation is one kind of request in an upload document.
type operation struct {
	action int64
	zh, en string
	// records takes the operation's requests out of a document, stripped of the
	// contents of attachments after they were looked at.
	records func(*wire.UploadICP) []*Record
	// check gives the data codes of a record; none lets it pass.
	check func(*Server, *Record) []int64
	// ref is the Bs of its results.
	ref func(*Server, *Record) string
	// approve registers it and gives the ids for the reviews and the filed data.
	approve func(*Server, *Record, time.Time) wire.FiledRecord
	// reviewed are the record ids that a review names.
	reviewed func(*Record) []int64
	// sms says whether the filer must confirm it by SMS.
	sms bool
}

func operationOf(action int64) operation {
	for _, op := range operations {
		if op.action == action {
			return op
		}
	}
	return operation{zh: fmt.Sprint(action), en: fmt.Sprint(action)}
}
