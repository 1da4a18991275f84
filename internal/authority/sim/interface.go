package sim

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/authority/sim/webservice"
	"github.com/openbeian/beian/internal/authority/wire"
)

const maxRequest = 128 << 20 // bytes; base64 of the largest file and something

// call is a request of the interface, its values in the specification's order.
type call struct {
	op     wire.Operation
	values []string
	// provider is set by authorize, about and code are for the list of calls.
	provider int64
	about    string
	code     int64
}

// serveSOAP answers one call of the interface.
func (s *Server) serveSOAP(w http.ResponseWriter, r *http.Request) {
	if s.isDown() {
		w.Header().Set("Retry-After", "1")
		http.Error(w, "the simulated authority is restarting", http.StatusServiceUnavailable)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		return // the caller has gone, or sends more than anybody may
	}
	read, err := webservice.ReadCall(s.cfg.Profile, r.URL.Path, body)
	if err != nil {
		s.note(&call{about: err.Error()}, manners{})
		webservice.WriteFault(w, err)
		return
	}
	c := &call{op: read.Operation, values: read.Values}
	m := s.manners(c.op)
	if m.delay > 0 {
		select {
		case <-time.After(m.delay):
		case <-r.Context().Done():
		}
	}
	var text string
	if !m.drops() {
		err = s.change(func(now time.Time) (err error) {
			text, err = s.answer(c, m, now)
			return err
		})
	}
	s.note(c, m)
	if m.restarts() {
		s.restart(m.pause)
	}
	switch {
	case m.breaks():
		panic(http.ErrAbortHandler) // closes the connection without an answer
	case err != nil:
		webservice.WriteFault(w, err)
	default:
		webservice.WriteAnswer(w, s.cfg.Profile, c.op, text)
	}
}

// answer gives the reply text of a call.
func (s *Server) answer(c *call, m manners, now time.Time) (string, error) {
	head := wire.Reply{Version: s.cfg.Profile.Version}
	if head.Code = s.authorize(c); head.Code == 0 {
		head.Code = cmp.Or(m.code, s.maintenance(c.op))
	}
	switch c.op {
	case wire.OpUpload:
		r := wire.UploadReply{Reply: head}
		return reply(s, c, m, now, &r, (*Server).upload)
	case wire.OpDownload:
		r := wire.DownloadReply{Reply: head}
		return reply(s, c, m, now, &r, (*Server).download)
	case wire.OpDownloadAck:
		r := wire.AckReply{Reply: head}
		return reply(s, c, m, now, &r, (*Server).acknowledge)
	case wire.OpQueryPreviousUpload:
		r := wire.PreviousUploadReply{Reply: head}
		return reply(s, c, m, now, &r, (*Server).previousUpload)
	case wire.OpQueryBeianStatus:
		r := wire.StatusReply{Reply: head}
		return reply(s, c, m, now, &r, (*Server).status)
	case wire.OpVerifyBamm:
		r := wire.VerifyReply{Reply: head}
		return reply(s, c, m, now, &r, (*Server).verify)
	}
	return "", fmt.Errorf("no operation %s", c.op)
}

// reply fills a reply by its method unless a code stands already. A method may
// leave a message that says more than the code.
func reply[R wire.AnyReply](s *Server, c *call, m manners, now time.Time, r R, method func(*Server, *call, manners, time.Time, R) int64) (string, error) {
	head := wire.HeadOf(r)
	if head.Code == 0 {
		head.Code = method(s, c, m, now, r)
	}
	head.Message = cmp.Or(head.Message, wire.MethodCodeOf(head.Code).ZH)
	c.code = head.Code
	return wire.EncodeReply(r)
}

// maintenance gives the code of a service that is switched off, or 0.
func (s *Server) maintenance(op wire.Operation) int64 {
	download := op == wire.OpDownload || op == wire.OpDownloadAck
	switch off := s.set.Maintenance; {
	case download && (off == MaintenanceDownload || off == MaintenanceAll):
		return codeDownloadMaintenance
	case !download && (off == MaintenanceReport || off == MaintenanceAll):
		return codeReportMaintenance
	}
	return 0
}

// authorize checks the first values of every call and gives a method code.
func (s *Server) authorize(c *call) int64 {
	id, err := strconv.ParseInt(c.values[0], 10, 64)
	if err != nil {
		return codeRefused
	}
	var a *Account
	for i := range s.cfg.Accounts {
		if s.cfg.Accounts[i].User == c.values[1] {
			a = &s.cfg.Accounts[i]
		}
	}
	if a == nil {
		return codeUser
	}
	if a.ProviderID != id {
		return codeRefused
	}
	if len(c.values[2]) < wire.RandomLength {
		return codeShortRandom
	}
	hash := c.values[4]
	if c.op == wire.OpUpload {
		hash = c.values[8]
	}
	if hash != strconv.Itoa(wire.HashMD5) {
		return codeHashAlgorithm
	}
	want, err := s.cfg.Profile.PasswordProof(a.Password, c.values[2])
	if err != nil || want != c.values[3] {
		return codePassword
	}
	if a.Province != 0 && a.Province != s.cfg.Province {
		return codeProvince
	}
	c.provider = id
	return 0
}
