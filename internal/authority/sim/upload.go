package sim

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
)

// maxMissing bounds the list of missing numbers in a reply with code 14.
const maxMissing = 100

// upload takes a file in (isp_upload). What is wrong with its envelope or its
// number is answered at once, what is wrong inside comes back as a result.
func (s *Server) upload(c *call, m manners, now time.Time, r *wire.UploadReply) int64 {
	c.about = c.values[6]
	if code := s.admit(c.provider, now, r); code != 0 {
		return code
	}
	sequence, err := strconv.ParseInt(c.values[6], 10, 32)
	if err != nil || sequence < 1 {
		return codeOther
	}
	sealed, document, code := s.open(c)
	if code != 0 {
		return code
	}
	ch := s.st.channel(c.provider)
	if m.askAgain && ch.Last != nil {
		ch.AskedAgain = ch.Last.Sequence
	}
	if ch.AskedAgain != 0 {
		return ch.takeAgain(sequence, sealed, r)
	}
	if sequence <= ch.last() {
		r.Message = "数据序号已受理过" // the specification does not say what happens
		return codeOther
	}
	for n := ch.last() + 1; n < sequence && len(r.Missing) < maxMissing; n++ {
		r.Missing = append(r.Missing, n)
	}
	if len(r.Missing) > 0 {
		return codeMissing
	}
	if s.waiting(c.provider) >= s.set.QueueLimit {
		return codeQueueFull
	}
	ch.Last = &sent{Sequence: sequence, Name: s.fileName(now), Sealed: sealed}
	s.receive(c.provider, sequence, document, now)
	return 0
}

// admit gives the code of a provider that may not report, or not now.
func (s *Server) admit(provider int64, now time.Time, r *wire.UploadReply) int64 {
	may := s.permission(provider)
	switch {
	case may.Closed:
		return codeClosed
	case !may.openAt(now):
		r.Message = wire.MethodCodeOf(codeHours).ZH + "，允许时段为 " + may.Hours
		return codeHours
	}
	return 0
}

// open takes the document out of the envelope, or gives a method code.
func (s *Server) open(c *call) (wire.Sealed, []byte, int64) {
	sealed := wire.Sealed{BeianInfo: c.values[4], BeianInfoHash: c.values[5]}
	for i, to := range []*int{&sealed.EncryptAlgorithm, &sealed.HashAlgorithm, &sealed.CompressionFormat} {
		n, err := strconv.Atoi(c.values[7+i])
		if err != nil {
			return sealed, nil, int64(codeEncryptAlgorithm + i)
		}
		*to = n
	}
	p := s.cfg.Profile
	p.MaxOpened = wire.MaxUploadBytes
	document, err := p.Open(sealed)
	if err == nil && p.HashOf(sealed) != sealed.BeianInfoHash {
		return sealed, nil, codeHash // the right digest in the other spelling
	}
	if err != nil {
		return sealed, nil, envelopeCode(err)
	}
	return sealed, document, 0
}

// takeAgain takes only the file that was asked for once more; it is known
// already and changes nothing.
func (c *channel) takeAgain(sequence int64, sealed wire.Sealed, r *wire.UploadReply) int64 {
	if sequence != c.AskedAgain {
		r.Missing = []int64{c.AskedAgain}
		return codeMissing
	}
	if sealed.BeianInfoHash != c.Last.Sealed.BeianInfoHash {
		r.Message = "数据序号已受理过另一份文件"
		return codeOther
	}
	c.AskedAgain = 0
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
		return codeOther
	}
	code, ok := map[wire.Layer]int64{
		wire.LayerAlgorithmEncrypt: codeEncryptAlgorithm, wire.LayerAlgorithmHash: codeHashAlgorithm, wire.LayerAlgorithmCompress: codeCompression,
		wire.LayerBase64: codeDecrypt, wire.LayerCipher: codeDecrypt, wire.LayerHash: codeHash, wire.LayerZip: codeUnzip, wire.LayerEntries: codeFiles,
		wire.LayerSize: codeTooLarge,
	}[e.Layer]
	if !ok {
		return codeOther
	}
	return code
}

// receive makes records of a document, or answers that it is none.
func (s *Server) receive(provider, sequence int64, document []byte, now time.Time) {
	d, err := wire.DecodeUpload(document)
	if code := s.structure(provider, document, d, err); code != 0 {
		s.deliver(provider, now, wire.DownloadICP{Results: &wire.Results{Operations: []wire.OperationResult{{
			Codes: []wire.ResultCode{{Code: code, Comment: s.st.channel(provider).Last.Name}}, Operation: actionOf(d.Parts()),
		}}}})
		return
	}
	for _, op := range operations() {
		for _, t := range op.take(&d) {
			r := &Record{ID: s.st.newID(), ProviderID: provider, Sequence: sequence, Action: op.action, ReceivedAt: now, Codes: t.codes, Request: t.request}
			r.moveTo(Received, now)
			s.st.Records = append(s.st.Records, r)
			s.idx.addRecord(r)
		}
	}
	s.advance(now)
}

// beyondXSD are faults that the schema does not know; each record of an IP report
// has codes for them.
var beyondXSD = []string{"wire.ip_range_reversed", "wire.required_by_mode", "wire.source_kind"}

// structure gives the data code of a document that as a whole is wrong, or 0.
func (s *Server) structure(provider int64, document []byte, d wire.UploadData, err error) int64 {
	switch {
	case err != nil:
		return dataSchema
	case d.Version == "":
		return dataAttributeMissing
	case d.Version != s.cfg.Profile.Version:
		return dataVersion
	}
	shut := s.permission(provider).NotOpen
	for _, part := range d.Parts() {
		if strings.Contains(part, "/") && (!isOperation(part) || slices.Contains(shut, part)) {
			return dataOperationNotOpen
		}
	}
	p := s.cfg.Profile
	p.CodePage = wire.GB18030 // what came is encodable; the check is about the rest
	faults := p.Check(&d)
	beyond := len(faults)
	faults = slices.DeleteFunc(faults, func(f icp.FieldError) bool { return slices.Contains(beyondXSD, f.Code) })
	beyond -= len(faults)
	if len(faults) > 0 {
		if faults[0].Code == "wire.illegal_character" {
			return dataIllegalCharacter
		}
		return dataSchema
	}
	if d.ProviderID() != provider {
		return dataProviderDiffers
	}
	if beyond > 0 {
		return 0
	}
	// An element that the schema does not have gets lost in the types.
	again, err := p.Encode(d)
	if err != nil || wire.ElementCount(again) != wire.ElementCount(document) {
		return dataSchema
	}
	return 0
}
